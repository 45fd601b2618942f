/**
 * Which part of the plane is seen: the point in the middle of the picture and the zoom.
 *
 * @typedef {{x: number, y: number, zoom: number}} Camera
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 * @typedef {{width: number, height: number}} Size
 */
const FARTHEST = 0.004;
const NEAREST = 4;

/**
 * @param {number} zoom
 * @returns {number} the nearest zoom that is allowed
 */
function boundedZoom(zoom) {
  return Math.min(NEAREST, Math.max(FARTHEST, zoom));
}

/**
 * @param {Camera} camera
 * @param {Size} size of the picture
 * @param {{x: number, y: number}} point of the plane
 * @returns {{x: number, y: number}} where it is in the picture
 */
function toPicture(camera, { width, height }, { x, y }) {
  return { x: (x - camera.x) * camera.zoom + width / 2, y: (y - camera.y) * camera.zoom + height / 2 };
}

/**
 * @param {Camera} camera
 * @param {Size} size of the picture
 * @param {{x: number, y: number}} point of the picture
 * @returns {{x: number, y: number}} where it is in the plane
 */
function toPlane(camera, { width, height }, { x, y }) {
  return { x: (x - width / 2) / camera.zoom + camera.x, y: (y - height / 2) / camera.zoom + camera.y };
}

/**
 * @param {Camera} camera
 * @param {Size} size of the picture
 * @param {number} factor
 * @param {{x: number, y: number}} fixed point of the picture that stays where it is
 * @returns {Camera}
 */
function zoomed(camera, size, factor, fixed) {
  const zoom = boundedZoom(camera.zoom * factor);
  const before = toPlane(camera, size, fixed);
  const after = toPlane({ ...camera, zoom }, size, fixed);
  return { x: camera.x + before.x - after.x, y: camera.y + before.y - after.y, zoom };
}

/**
 * @param {{x: number, y: number}[]} points
 * @returns {Box}
 */
function around(points) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

/**
 * The camera that shows a box whole, with room for names, above what covers the foot of the picture.
 *
 * @param {Box} box
 * @param {Size} size of the picture
 * @param {{nearest?: number, covered?: number}} [how]
 * @returns {Camera}
 */
function fitting(box, { width, height }, { nearest = 1.3, covered = 0 } = {}) {
  const free = Math.max(80, height - covered);
  const zoom = Math.min(
    nearest,
    (width - Math.min(110, width / 6)) / (box.right - box.left + 30),
    (free - 70) / (box.bottom - box.top + 30),
  );
  const bounded = boundedZoom(zoom);
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 + (14 + covered / 2) / bounded, zoom: bounded };
}

/**
 * @param {Camera} from
 * @param {Camera} to
 * @param {number} share of the way, from 0 to 1
 * @returns {Camera}
 */
function between(from, to, share) {
  const eased = share * share * (3 - 2 * share);
  const mix = (/** @type {number} */ a, /** @type {number} */ b) => a + (b - a) * eased;
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), zoom: from.zoom * (to.zoom / from.zoom) ** eased };
}

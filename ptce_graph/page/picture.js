/** The drawing on the screen: the pointer, the fingers, the keys and the frames. */
const pictureBox = byId("picture");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const canvas = document.createElement("canvas");
const pen = /** @type {Pen} */ (canvas.getContext("2d", { alpha: false }));
const PAN = 80; // of one press of an arrow
const GRIP = 6; // how far from a line or a small symbol a click still hits it

/** @type {Camera} */
let camera = { x: 0, y: 0, zoom: 1 };
/** @type {Size} */
let size = { width: 0, height: 0 };
/** @type {Actor|null} actor under the pointer */
let hovered = null;
/** @type {Link|null} link under the pointer */
let hoveredLink = null;
/** @type {Box} the room of the buttons on it */
let buttons = { left: 0, top: 0, right: 0, bottom: 0 };
let frame = 0;
let moving = 0;
/** @type {ReturnType<typeof setTimeout>|undefined} */
let settling;

/** Paint with the next frame. */
function redraw() {
  frame ||= requestAnimationFrame(paintNow);
}

function paintNow() {
  cancelAnimationFrame(frame);
  frame = 0;
  if (size.width && size.height) paint(pen, camera, size, devicePixelRatio || 1);
}

/** Give the canvas as many pixels as its room on the screen has. */
function resize() {
  const { clientWidth: width, clientHeight: height } = pictureBox;
  const pixels = devicePixelRatio || 1;
  if (!width || !height) return;
  size = { width, height };
  const [{ left, top }, over] = [pictureBox.getBoundingClientRect(), byId("zoom").getBoundingClientRect()];
  buttons = { left: over.left - left, top: over.top - top, right: over.right - left, bottom: over.bottom - top };
  canvas.width = Math.round(width * pixels);
  canvas.height = Math.round(height * pixels);
  if (!state.camera) camera = wholeCamera();
  paintNow();
}

/** @returns {Camera} that shows everything that is kept */
function wholeCamera() {
  const points = (shown.actors.size ? [...shown.actors] : actors).filter((actor) => isUnfolded(actor, 0.5));
  return points.length ? fitting(around(points), size, { covered: coveredHeight() }) : { x: 0, y: 0, zoom: 1 };
}

/** @returns {number} how much of the picture the details lie on, on a small screen */
function coveredHeight() {
  if (getComputedStyle(panel).position !== "fixed") return 0;
  const covered = pictureBox.getBoundingClientRect().bottom - panel.getBoundingClientRect().top;
  return Math.min(Math.max(0, covered), pictureBox.clientHeight - 100);
}

/**
 * Look elsewhere.
 *
 * @param {Camera} target
 * @param {{animate?: boolean, whole?: boolean}} [how] whole: it is the view of everything
 */
function look(target, { animate = true, whole = false } = {}) {
  cancelAnimationFrame(moving);
  state.camera = whole ? null : target;
  remember();
  const from = camera;
  const start = performance.now();
  const step = () => {
    const share = Math.min(1, (performance.now() - start) / 350);
    camera = between(from, target, share);
    paintNow();
    if (share < 1) moving = requestAnimationFrame(step);
  };
  if (animate && !calm.matches) return step();
  camera = target;
  redraw();
}

/** @param {boolean} animate */
function showAll(animate) {
  look(wholeCamera(), { animate, whole: true });
}

/**
 * Move so that some actors fill the picture.
 *
 * @param {Iterable<Actor>} some
 */
function centreOn(some) {
  const points = [...some];
  if (points.length) look(fitting(around(points), size, { covered: coveredHeight() }));
}

/** @param {number} factor */
function zoomBy(factor) {
  look(zoomed(camera, size, factor, { x: size.width / 2, y: size.height / 2 }));
}

/**
 * @param {{x: number, y: number}} point of the picture
 * @returns {Actor|null}
 */
function actorAt(point) {
  const place = toPlane(camera, size, point);
  let best = null;
  let nearest = Infinity;
  for (const actor of scene.actors) {
    const reach = (radiusOf(actor, camera.zoom) + 3) / camera.zoom;
    const away = Math.hypot(actor.x - place.x, actor.y - place.y);
    if (away > reach || away >= nearest || !isUnfolded(actor, camera.zoom)) continue;
    [best, nearest] = [actor, away];
  }
  return best;
}

/**
 * @param {{x: number, y: number}} point of the picture
 * @returns {Link|null}
 */
function linkAt(point) {
  if (isAfar(camera.zoom) && !scene.lit) return null;
  const { x, y } = toPlane(camera, size, point);
  let best = null;
  let nearest = GRIP / camera.zoom;
  for (const link of scene.links) {
    if (!isUnfolded(link.source, camera.zoom) || !isUnfolded(link.target, camera.zoom)) continue;
    const middle = bend(link);
    const stops = [link.source, ...(middle ? curvePoints(link, middle) : []), link.target];
    for (let number = 1; number < stops.length; number++) {
      const away = distanceTo(x, y, stops[number - 1], stops[number]);
      if (away < nearest) [best, nearest] = [link, away];
    }
  }
  return best;
}

/**
 * @param {Link} link
 * @param {{x: number, y: number}} middle
 * @returns {{x: number, y: number}[]} some points of a curve
 */
function curvePoints({ source, target }, middle) {
  return [0.2, 0.4, 0.6, 0.8].map((share) => ({
    x: (1 - share) ** 2 * source.x + 2 * share * (1 - share) * middle.x + share ** 2 * target.x,
    y: (1 - share) ** 2 * source.y + 2 * share * (1 - share) * middle.y + share ** 2 * target.y,
  }));
}

/**
 * @param {number} x
 * @param {number} y
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 * @returns {number} how far a point is from a straight line between two others
 */
function distanceTo(x, y, from, to) {
  const [a, b] = [to.x - from.x, to.y - from.y];
  const share = Math.min(1, Math.max(0, ((x - from.x) * a + (y - from.y) * b) / (a * a + b * b || 1)));
  return Math.hypot(x - from.x - share * a, y - from.y - share * b);
}

/** @param {{x: number, y: number}|null} point */
function hover(point) {
  const actor = point && actorAt(point);
  const link = point && !actor ? linkAt(point) : null;
  if (actor === hovered && link === hoveredLink) return;
  [hovered, hoveredLink] = [actor, link];
  pictureBox.classList.toggle("over", Boolean(actor || link));
  redraw();
}

/** @param {{x: number, y: number}} point */
function click(point) {
  const actor = actorAt(point);
  const link = actor ? null : linkAt(point);
  choose(actor ? { actor: actor.id } : link ? { link: link.id } : null);
}

/**
 * Keys while the picture has the focus.
 *
 * @param {string} key
 * @returns {boolean} whether the key was used
 */
function pictureKey(key) {
  /** @type {Record<string, () => void>} */
  const acts = {
    ArrowLeft: () => look({ ...camera, x: camera.x - PAN / camera.zoom }, { animate: false }),
    ArrowRight: () => look({ ...camera, x: camera.x + PAN / camera.zoom }, { animate: false }),
    ArrowUp: () => look({ ...camera, y: camera.y - PAN / camera.zoom }, { animate: false }),
    ArrowDown: () => look({ ...camera, y: camera.y + PAN / camera.zoom }, { animate: false }),
    PageUp: () => zoomBy(1.4),
    PageDown: () => zoomBy(1 / 1.4),
    Home: () => showAll(true),
  };
  acts[key]?.();
  return key in acts;
}

/** After the wheel or the fingers have come to rest, the address says where. */
function settle() {
  clearTimeout(settling);
  settling = setTimeout(() => {
    state.camera = camera;
    remember();
  }, 250);
}

/** @param {MouseEvent} event */
function pointOf(event) {
  const box = pictureBox.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function startPointer() {
  /** @type {Map<number, {x: number, y: number}>} fingers, or the mouse, that are down */
  const down = new Map();
  let travelled = 0;
  pictureBox.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    cancelAnimationFrame(moving);
    if (!down.size) travelled = 0;
    down.set(event.pointerId, pointOf(event));
    pictureBox.setPointerCapture(event.pointerId);
  });
  pictureBox.addEventListener("pointermove", (event) => {
    const point = pointOf(event);
    const before = down.get(event.pointerId);
    if (!before) return hover(point);
    travelled += Math.hypot(point.x - before.x, point.y - before.y);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const factor = Math.hypot(point.x - other.x, point.y - other.y) / Math.hypot(before.x - other.x, before.y - other.y);
      camera = zoomed(camera, size, factor || 1, other);
    } else if (travelled > 4) {
      camera = { ...camera, x: camera.x - (point.x - before.x) / camera.zoom, y: camera.y - (point.y - before.y) / camera.zoom };
    }
    down.set(event.pointerId, point);
    if (travelled > 4) settle();
    redraw();
  });
  const up = (/** @type {PointerEvent} */ event) => {
    const held = down.delete(event.pointerId);
    if (held && travelled <= 4 && !down.size && event.type === "pointerup") click(pointOf(event));
  };
  pictureBox.addEventListener("pointerup", up);
  pictureBox.addEventListener("pointercancel", up);
  pictureBox.addEventListener("pointerleave", () => hover(null));
  const wheel = (/** @type {WheelEvent} */ event) => {
    event.preventDefault();
    cancelAnimationFrame(moving);
    const lines = event.deltaMode === 1 ? 16 : 1;
    camera = zoomed(camera, size, Math.exp(-event.deltaY * lines * 0.0015), pointOf(event));
    settle();
    redraw();
  };
  pictureBox.addEventListener("wheel", wheel, { passive: false });
}

function startPicture() {
  readPalette();
  stage();
  canvas.setAttribute("aria-hidden", "true");
  pictureBox.append(canvas);
  startPointer();
  resize();
  if (state.camera) camera = state.camera;
  paintNow();
  new ResizeObserver(resize).observe(pictureBox);
  byId("zoom-in").addEventListener("click", () => zoomBy(1.4));
  byId("zoom-out").addEventListener("click", () => zoomBy(1 / 1.4));
  byId("zoom-all").addEventListener("click", () => showAll(true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readPalette();
    redraw();
  });
}

function describePicture() {
  const values = { actors: plural("actors", shown.actors.size), links: plural("links", shown.links.size) };
  pictureBox.setAttribute("aria-label", text("picture_label", values));
}

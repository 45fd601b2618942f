/**
 * Names on the picture, always of a size that can be read: the most important first. A name stands
 * under its symbol, or else beside it; one that would cover another is shortened, or left out
 * until there is room.
 */
const SMALLEST = 11;
const LARGEST = 15;
const LABEL = 14; // in the unit of the positions, as in the layout
const NEAR = 0.85; // zoom from which actors that are no pole are named
const TOO_FAR = 0.3; // zoom below which nothing is counted beside the symbols
const POLES = actors.some(isPole);
const GATHERED = 300; // poles from which they stand around départements, as in the layout
const MANY_POLES = actors.some((actor) => isLandmark(actor) && !isPole(actor)) && actors.filter(isPole).length > GATHERED;
const MOST = 150; // names on one picture
const TRIED = 400; // names for which room is looked for

/**
 * @typedef {Box & {actor: Actor, lines: string[], font: string, size: number, align: CanvasTextAlign,
 *   x: number, side: Side}} Name
 * @typedef {"under"|"right"|"left"|"over"} Side
 */

/** @type {Side[]} */
const SIDES = ["under", "right", "left", "over"];

/** @type {Map<string, number>} */
const widths = new Map();

/** @type {Name[]} the names that were painted last */
let named = [];

/**
 * @param {Pen} pen
 * @param {Actor[]} drawn
 * @param {Camera} camera
 * @param {Size} size
 */
function paintLabels(pen, drawn, camera, size) {
  named = placeNames(pen, drawn, camera, size);
  pen.textBaseline = "top";
  pen.lineJoin = "round";
  for (const name of named) paintName(pen, name, isLit(name.actor) ? palette.ink : palette.quiet);
  paintCounts(pen, drawn, camera, size);
  if (hoveredLink) paintRole(pen, hoveredLink, camera, size);
}

/**
 * @param {Pen} pen
 * @param {Actor[]} drawn
 * @param {Camera} camera
 * @param {Size} size
 * @returns {Name[]}
 */
function placeNames(pen, drawn, camera, size) {
  const letters = Math.min(LARGEST, Math.max(SMALLEST, LABEL * camera.zoom));
  const symbols = new Boxes();
  const taken = new Boxes();
  taken.add(buttons);
  for (const actor of drawn) {
    const box = symbolBox(actor, camera, size);
    if (isLit(actor)) symbols.add(box);
    if (isLandmark(actor) && !(isPole(actor) && isGathered(camera.zoom))) taken.add(box);
    const written = countOf(actor, camera.zoom);
    if (written) taken.add({ left: box.right - 2, right: box.right + 6 * written.length, top: box.top - 5, bottom: box.top + 5 });
  }
  const names = [];
  for (const actor of nameable(drawn, camera.zoom)) {
    if (names.length === MOST) break;
    const name = placeName(pen, actor, symbolBox(actor, camera, size), letters, { taken, symbols, size });
    if (!name) continue;
    taken.add(name);
    names.push(name);
  }
  return names;
}

/**
 * @param {Actor[]} drawn
 * @param {number} zoom
 * @returns {Actor[]} the actors whose name may be drawn, the most important first
 */
function nameable(drawn, zoom) {
  const near = (zoom >= NEAR || !POLES) && !scene.lit;
  /** @type {Actor[][]} the chosen one, those that stand out, départements, the others; each as in the scene */
  const groups = [[], [], [], []];
  for (const actor of drawn) {
    const lit = scene.lit?.has(actor);
    if (isFirst(actor)) groups[0].push(actor);
    else if (lit) groups[1].push(actor);
    else if (isLandmark(actor) && !isPole(actor)) groups[2].push(actor);
    else if (near || (isPole(actor) && !isGathered(zoom))) groups[3].push(actor);
  }
  return groups.flat().slice(0, TRIED);
}

/**
 * @param {number} zoom
 * @returns {boolean} whether poles are too many and too near to be named, or to be kept clear of names
 */
function isGathered(zoom) {
  return MANY_POLES && zoom < NEAR / 2 && !scene.lit;
}

/** @param {Actor} actor */
function isFirst(actor) {
  return actor === hovered || actor.id === state.actor;
}

/**
 * @param {Actor} actor
 * @param {Camera} camera
 * @param {Size} size
 * @returns {Box} the room of its symbol: no name covers a pole
 */
function symbolBox(actor, camera, size) {
  const { x, y } = toPicture(camera, size, actor);
  const half = radiusOf(actor, camera.zoom);
  return { left: x - half, right: x + half, top: y - half, bottom: y + half };
}

/**
 * @param {Pen} pen
 * @param {Actor} actor
 * @param {Box} symbol
 * @param {number} letters
 * @param {{taken: Boxes, symbols: Boxes, size: Size}} room
 * @returns {Name|undefined} where a name has room: under its symbol, beside it, or shortened
 */
function placeName(pen, actor, symbol, letters, { taken, symbols, size }) {
  const lit = scene.lit?.has(actor);
  const shorter = actor.lines.length > 1 ? [[`${actor.lines[0]}…`]] : [];
  if (lit || isLandmark(actor)) shorter.push([`${actor.label.slice(0, 9).trim()}…`]);
  const places = [actor.lines, ...shorter].flatMap((lines) =>
    SIDES.map((side) => nameBox(pen, actor, lines, symbol, letters, side)),
  );
  if (isFirst(actor)) return places[0];
  const free = places.filter((box) => !taken.covers(box));
  const whole = (/** @type {Name} */ box) => box.left >= 0 && box.right <= size.width && box.top >= 0 && box.bottom <= size.height;
  const clear = (/** @type {Name} */ box) => whole(box) && !symbols.covers(box);
  if (lit) return free.find(clear) ?? free[0];
  return free.find((box) => whole(box) && (box.side === "under" || !symbols.covers(box)));
}

/**
 * @param {Pen} pen
 * @param {Actor} actor
 * @param {string[]} lines
 * @param {Box} symbol
 * @param {number} size of the letters
 * @param {Side} side
 * @returns {Name}
 */
function nameBox(pen, actor, lines, symbol, size, side) {
  const bold = isLandmark(actor) || isFirst(actor) ? 600 : 400;
  const font = `${bold} ${size}px ${FONT}`;
  const key = `${bold}\n${lines.join("\n")}`;
  let share = widths.get(key);
  if (share === undefined) {
    pen.font = font;
    share = Math.max(...lines.map((line) => pen.measureText(line).width)) / size;
    widths.set(key, share);
  }
  const width = share * size + 4;
  const height = lines.length * size * 1.2;
  const [middle, centre] = [(symbol.left + symbol.right) / 2, (symbol.top + symbol.bottom) / 2];
  const [left, top] = {
    under: [middle - width / 2, symbol.bottom + 2],
    over: [middle - width / 2, symbol.top - 2 - height],
    right: [symbol.right + 2, centre - height / 2],
    left: [symbol.left - 2 - width, centre - height / 2],
  }[side];
  const align = side === "right" ? "left" : side === "left" ? "right" : "center";
  const x = side === "right" ? left + 2 : side === "left" ? left + width - 2 : middle;
  return { actor, left, top, right: left + width, bottom: top + height, lines, font, size, align, x, side };
}

/**
 * @param {Pen} pen
 * @param {Name} name
 * @param {string} colour
 */
function paintName(pen, name, colour) {
  pen.font = name.font;
  pen.textAlign = name.align;
  pen.strokeStyle = palette.paper;
  pen.fillStyle = colour;
  pen.lineWidth = 4;
  name.lines.forEach((line, number) => {
    const y = name.top + number * name.size * 1.2;
    pen.strokeText(line, name.x, y);
    pen.fillText(line, name.x, y);
  });
}

/**
 * How many actors are folded into a pole, or how many links lead on from an actor that stands out.
 *
 * @param {Actor} actor
 * @param {number} zoom
 * @returns {string}
 */
function countOf(actor, zoom) {
  if (isAfar(zoom) || zoom < TOO_FAR) return "";
  if (scene.lit) return scene.beyond.has(actor) ? `+${scene.beyond.get(actor)}` : "";
  const folded = zoom < UNFOLDED && !state.everyone ? scene.folded.get(actor) : 0;
  return folded ? `+${folded}` : "";
}

/**
 * @param {Pen} pen
 * @param {Actor[]} drawn
 * @param {Camera} camera
 * @param {Size} size
 */
function paintCounts(pen, drawn, camera, size) {
  pen.font = `600 10px ${FONT}`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.lineWidth = 3;
  pen.strokeStyle = palette.paper;
  pen.fillStyle = palette.quiet;
  for (const actor of drawn) {
    const written = countOf(actor, camera.zoom);
    if (!written) continue;
    const { right, top } = symbolBox(actor, camera, size);
    pen.strokeText(written, right - 2, top);
    pen.fillText(written, right - 2, top);
  }
}

/**
 * Say the role of the link under the pointer in the middle of its line.
 *
 * @param {Pen} pen
 * @param {Link} link
 * @param {Camera} camera
 * @param {Size} size
 */
function paintRole(pen, link, camera, size) {
  const middle = bend(link) ?? { x: (link.source.x + link.target.x) / 2, y: (link.source.y + link.target.y) / 2 };
  const { x, y } = toPicture(camera, size, middle);
  pen.font = `600 13px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = 5;
  pen.strokeStyle = palette.paper;
  pen.fillStyle = palette.ink;
  const said = `${term(link.role_label)}, ${period(link)}`;
  pen.strokeText(said, x, y);
  pen.fillText(said, x, y);
}

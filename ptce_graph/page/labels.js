/**
 * Names on the picture, always of a size that can be read: the most important first. A name stands
 * under its symbol, or else beside it; one that would cover another is shortened, or left out
 * until there is room.
 */
const SMALLEST = 11;
const LARGEST = 15;
const LABEL = 14; // in the unit of the positions, as in the layout
const NEAR = 0.85; // zoom from which actors that are no pole are named

let ranked = [];
const widths = new Map();

/** @type {Set<string>} actors whose name was drawn last */
let named = new Set();

function rankLabels() {
  const weight = (actor) => (actor.kind === "Pole" ? 1000 : 0) + linksOf.get(actor.id).length;
  ranked = [...page.nodes].sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1));
}

/** Draw the names; called by the picture after the symbols. */
function drawLabels(context) {
  const zoom = network.getScale();
  const pixels = window.devicePixelRatio || 1;
  const size = Math.min(LARGEST, Math.max(SMALLEST, LABEL * zoom));
  const symbols = new Boxes();
  const taken = new Boxes();
  for (const actor of ranked) {
    const box = symbolBox(actor, zoom);
    if (isLit(actor.id)) symbols.add(box);
    if (actor.kind === "Pole") taken.add(box);
  }
  named = new Set();
  context.save();
  context.setTransform(pixels, 0, 0, pixels, 0, 0);
  context.textBaseline = "top";
  context.lineJoin = "round";
  for (const actor of labelled(zoom)) {
    const symbol = symbolBox(actor, zoom);
    const box = inSight(symbol) && labelPlace(context, actor, symbol, size, taken, symbols);
    if (!box) continue;
    taken.add(box);
    named.add(actor.id);
    context.globalAlpha = isLit(actor.id) ? 1 : 0.35;
    drawLabel(context, box);
  }
  context.restore();
}

function inSight({ left, right, top, bottom }) {
  const { clientWidth, clientHeight } = pictureBox;
  return right > -100 && bottom > -60 && left < clientWidth + 100 && top < clientHeight + 20;
}

/** Whether nothing of a name is cut off at the left or the right of the picture. */
function isWhole({ left, right }) {
  return left >= 0 && right <= pictureBox.clientWidth;
}

/** @returns {object|undefined} where a name has room: under its symbol, beside it, or shortened */
function labelPlace(context, actor, symbol, size, taken, symbols) {
  const shorter = actor.lines.length > 1 ? [[`${actor.lines[0]}…`]] : [];
  if (lit?.has(actor.id)) shorter.push([`${actor.label.slice(0, 9).trim()}…`]);
  const places = [actor.lines, ...shorter].flatMap((lines) =>
    SIDES.map((side) => labelBox(context, actor, lines, symbol, size, side)),
  );
  if (isFirst(actor)) return places[0];
  const free = places.filter((box) => !taken.covers(box));
  const clear = (box) => isWhole(box) && !symbols.covers(box);
  if (lit?.has(actor.id)) return free.find(clear) ?? free[0];
  return free.find((box) => box.side === "under" || clear(box));
}

/** @returns {Actor[]} the actors whose name may be drawn, the most important first */
function labelled(zoom) {
  const near = ranked.filter((actor) => actor.kind === "Pole" || zoom >= NEAR || lit?.has(actor.id));
  if (hovered && !near.includes(actors.get(hovered))) near.push(actors.get(hovered));
  const order = (actor) => (isFirst(actor) ? 0 : lit?.has(actor.id) ? 1 : 2);
  return near.sort((a, b) => order(a) - order(b));
}

function isFirst(actor) {
  return actor.id === hovered || actor.id === selection?.actor;
}

/** The room of a symbol: no name covers a pole. */
function symbolBox({ x, y, size }, zoom) {
  const place = network.canvasToDOM({ x, y });
  const half = size * zoom;
  return { left: place.x - half, right: place.x + half, top: place.y - half, bottom: place.y + half };
}

const SIDES = ["under", "right", "left", "over"];

function labelBox(context, actor, lines, symbol, size, side) {
  const weight = actor.kind === "Pole" || isFirst(actor) ? 600 : 400;
  const font = `${weight} ${size}px system-ui, "Liberation Sans", sans-serif`;
  const key = `${weight}\n${lines.join("\n")}`;
  if (!widths.has(key)) {
    context.font = font;
    widths.set(key, Math.max(...lines.map((line) => context.measureText(line).width)) / size);
  }
  const width = widths.get(key) * size + 4;
  const height = lines.length * size * 1.2;
  const [middle, centre] = [(symbol.left + symbol.right) / 2, (symbol.top + symbol.bottom) / 2];
  const [left, top] = {
    under: [middle - width / 2, symbol.bottom + 2],
    over: [middle - width / 2, symbol.top - 2 - height],
    right: [symbol.right + 2, centre - height / 2],
    left: [symbol.left - 2 - width, centre - height / 2],
  }[side];
  const align = { right: "left", left: "right" }[side] ?? "center";
  const x = { right: left + 2, left: left + width - 2 }[side] ?? middle;
  return { left, top, right: left + width, bottom: top + height, lines, font, size, align, x, side };
}

function drawLabel(context, box) {
  context.font = box.font;
  context.textAlign = box.align;
  context.strokeStyle = palette.paper;
  context.fillStyle = palette.ink;
  context.lineWidth = 4;
  box.lines.forEach((line, number) => {
    const y = box.top + number * box.size * 1.2;
    context.strokeText(line, box.x, y);
    context.fillText(line, box.x, y);
  });
}

/** Rectangles that are taken, in a coarse grid. */
class Boxes {
  static SIDE = 120;

  constructor() {
    this.cells = new Map();
  }

  *spots({ left, top, right, bottom }) {
    const cell = (value) => Math.floor(value / Boxes.SIDE);
    for (let column = cell(left); column <= cell(right); column++)
      for (let row = cell(top); row <= cell(bottom); row++) yield `${column} ${row}`;
  }

  add(box) {
    for (const spot of this.spots(box)) {
      if (!this.cells.has(spot)) this.cells.set(spot, []);
      this.cells.get(spot).push(box);
    }
  }

  covers(box) {
    for (const spot of this.spots(box))
      for (const other of this.cells.get(spot) ?? [])
        if (box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom)
          return true;
    return false;
  }
}

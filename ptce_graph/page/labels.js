/**
 * Names on the picture, always of a size that can be read: the most important first. A name that
 * would cover another is shortened, or left out until there is room.
 */
const SMALLEST = 11;
const LARGEST = 15;
const LABEL = 14; // in the unit of the positions, as in the layout
const NEAR = 0.85; // zoom from which actors that are no pole are named

let ranked = [];
const widths = new Map();

function rankLabels() {
  const weight = (actor) => (actor.kind === "Pole" ? 1000 : 0) + linksOf.get(actor.id).length;
  ranked = [...page.nodes].sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1));
}

/** Draw the names; called by the picture after the symbols. */
function drawLabels(context) {
  const zoom = network.getScale();
  const pixels = window.devicePixelRatio || 1;
  const { clientWidth, clientHeight } = pictureBox;
  const size = Math.min(LARGEST, Math.max(SMALLEST, LABEL * zoom));
  const taken = new Boxes();
  for (const actor of ranked) if (actor.kind === "Pole") taken.add(symbolBox(actor, zoom));
  context.save();
  context.setTransform(pixels, 0, 0, pixels, 0, 0);
  context.textAlign = "center";
  context.textBaseline = "top";
  context.lineJoin = "round";
  for (const actor of labelled(zoom)) {
    const { x, y } = network.canvasToDOM({ x: actor.x, y: actor.y });
    if (x < -100 || y < -60 || x > clientWidth + 100 || y > clientHeight + 20) continue;
    const fits = (lines) => {
      const box = labelBox(context, actor, lines, x, y + actor.size * zoom + 2, size);
      return (isFirst(actor) || !taken.covers(box)) && box;
    };
    const box = fits(actor.lines) || (actor.lines.length > 1 && fits([`${actor.lines[0]}…`]));
    if (!box) continue;
    taken.add(box);
    context.globalAlpha = isLit(actor.id) ? 1 : 0.35;
    drawLabel(context, box);
  }
  context.restore();
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

function labelBox(context, actor, lines, x, top, size) {
  const weight = actor.kind === "Pole" || isFirst(actor) ? 600 : 400;
  const font = `${weight} ${size}px system-ui, "Liberation Sans", sans-serif`;
  context.font = font;
  const key = `${weight}\n${lines.join("\n")}`;
  if (!widths.has(key)) {
    widths.set(key, Math.max(...lines.map((line) => context.measureText(line).width)) / size);
  }
  const half = (widths.get(key) * size) / 2 + 2;
  return { left: x - half, right: x + half, top, bottom: top + lines.length * size * 1.2, lines, font, size, x };
}

function drawLabel(context, box) {
  context.font = box.font;
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

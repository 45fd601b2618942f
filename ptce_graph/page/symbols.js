/** One shape for each kind of actor, in a square from -1 to 1; its colour is --<kind> in the style. */
/** @type {Record<string, string>} */
const SHAPES = {
  Pole: "M-.5-.87H.5L1 0 .5.87H-.5L-1 0Z",
  Association: "M-.9 0A.9.9 0 1 1 .9 0A.9.9 0 1 1-.9 0Z",
  Cooperative: "M0-.98 1 .8H-1Z",
  Mutual: "M0 .98 1-.8H-1Z",
  Foundation: "M0-1.1 1 0 0 1.1-1 0Z",
  CommercialCompany: "M-.82-.82H.82V.82H-.82Z",
  EmployerGroup: "M0-1 .95-.31 .59.81H-.59L-.95-.31Z",
  LocalAuthority: "M0-1 .9-.3V.9H-.9V-.3Z",
  StateBody: "M0-1.1 .28-.39 1.05-.34 .45.15 .65.89 0 .48-.65.89-.45.15-1.05-.34-.28-.39Z",
  PublicBody: "M-.36-1H.36V-.36H1V.36H.36V1H-.36V.36H-1V-.36H-.36Z",
  LegalPerson: "M-1-.55H1V.55H-1Z",
  Collaboration: "M-.4-1H.4L1-.4V.4L.4 1H-.4L-1 .4V-.4Z",
};
const KINDS = Object.keys(SHAPES);

/**
 * Each layer has a colour (--<layer> in the style) and an end of its own.
 *
 * @type {Record<string, {end: string|null}>}
 */
const LAYERS = {
  membership: { end: null },
  cooperation: { end: "circle" },
  funding: { end: "arrow" },
  grouping: { end: "bar" },
};
for (const link of links) LAYERS[link.layer] ??= { end: link.directed === false ? null : "arrow" };

/**
 * How a line says who backs it: its width, and its dashes.
 *
 * @type {Record<string, {width: number, dashes: number[]}>}
 */
const BACKINGS = {
  independent: { width: 3, dashes: [] },
  single: { width: 1.5, dashes: [] },
  own: { width: 1.5, dashes: [10, 3, 2, 3] },
  inferred: { width: 1.5, dashes: [5, 4] },
  none: { width: 1.5, dashes: [1.5, 4] },
};

/**
 * How a line says, when a year is chosen, whether it was there.
 *
 * @type {Record<string, {width: number, dashes: number[]}>}
 */
const TIMES = {
  certain: { width: 2.5, dashes: [] },
  possible: { width: 1.5, dashes: [6, 4] },
  unknown: { width: 1.5, dashes: [1.5, 4] },
};

const paths = new Map(KINDS.map((kind) => [kind, new Path2D(SHAPES[kind])]));

/** @param {string} kind */
function shapeOf(kind) {
  return SHAPES[kind] ?? SHAPES.LegalPerson;
}

/** @param {string} kind */
function pathOf(kind) {
  return /** @type {Path2D} */ (paths.get(kind) ?? paths.get("LegalPerson"));
}

/**
 * Colours of the style, light or dark as the reader likes.
 *
 * @type {Record<string, string>}
 */
const palette = {};

function readPalette() {
  const style = getComputedStyle(document.documentElement);
  for (const key of ["paper", "ground", "ink", "quiet", "mark", "dim", "rule", "chosen", ...KINDS, ...Object.keys(LAYERS)]) {
    palette[key] = style.getPropertyValue(`--${key}`).trim();
  }
  for (const layer of Object.keys(LAYERS)) palette[layer] ||= palette.membership;
}

/** @param {string} kind */
function colourOf(kind) {
  return palette[kind] || palette.LegalPerson;
}

/**
 * The symbol of a kind, for the legend and the details.
 *
 * @param {string} kind
 */
function symbol(kind) {
  const path = svg("path", { d: shapeOf(kind), class: `kind-${kind}` });
  return svg("svg", { viewBox: "-1.2 -1.2 2.4 2.4", class: "symbol", "aria-hidden": "true" }, path);
}

/** @type {Record<string, string>} */
const ENDS = {
  arrow: "M44 6 34 1V11Z",
  bar: "M42 1V11",
  circle: "M45 6A4 4 0 1 1 37 6A4 4 0 1 1 45 6Z",
};

/**
 * A sample of a line.
 *
 * @param {string} layer
 * @param {{width: number, dashes: number[]}} style
 */
function lineSample(layer, { width, dashes }) {
  const line = svg("path", { d: "M2 6H44", "stroke-width": width, "stroke-dasharray": dashes.join(" ") });
  const sample = svg("svg", { viewBox: "0 0 46 12", class: `line layer-${layer}`, "aria-hidden": "true" }, line);
  const end = LAYERS[layer]?.end;
  if (end) sample.append(svg("path", { d: ENDS[end], class: "end", "stroke-width": 2 }));
  return sample;
}

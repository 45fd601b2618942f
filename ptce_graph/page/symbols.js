/** One shape for each kind of actor, in a square from -1 to 1; its colour is --<kind> in the style. */
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

/** Each layer has a colour (--<layer> in the style), a width and an end of its own. */
const LAYERS = {
  membership: { width: 1.5, end: null },
  cooperation: { width: 2.5, end: "circle" },
  funding: { width: 1.5, end: "arrow" },
  grouping: { width: 1.5, end: "bar" },
};

/** A stated link is a solid line, an inferred one is dashed. */
const DASHES = { stated: false, inferred: [7, 5] };

const paths = new Map(KINDS.map((kind) => [kind, new Path2D(SHAPES[kind])]));

function shapeOf(kind) {
  return paths.get(kind) ?? paths.get("LegalPerson");
}

/** @returns {string} a colour of the style, light or dark as the reader likes */
function colour(name) {
  const style = getComputedStyle(document.documentElement);
  return style.getPropertyValue(`--${name}`).trim() || style.getPropertyValue("--LegalPerson").trim();
}

function svg(name, settings, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(settings)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The symbol of a kind, for the legend and the details. */
function symbol(kind) {
  const path = svg("path", { d: SHAPES[kind] ?? SHAPES.LegalPerson, class: `kind-${kind}` });
  return svg("svg", { viewBox: "-1.2 -1.2 2.4 2.4", class: "symbol", "aria-hidden": "true" }, path);
}

const ENDS = {
  arrow: "M44 6 34 1V11Z",
  bar: "M42 1V11",
  circle: "M45 6A4 4 0 1 1 37 6A4 4 0 1 1 45 6Z",
};

/** A sample of the line of a layer and a certainty. */
function lineSample(layer, certainty) {
  const { width, end } = LAYERS[layer] ?? LAYERS.membership;
  const dashes = (DASHES[certainty] || []).join(" ");
  const line = svg("path", { d: "M2 6H44", "stroke-width": width, "stroke-dasharray": dashes });
  const sample = svg("svg", { viewBox: "0 0 46 12", class: `line layer-${layer}`, "aria-hidden": "true" }, line);
  if (end) sample.append(svg("path", { d: ENDS[end], class: "end", "stroke-width": 2 }));
  return sample;
}

/** Fill the legend: the kinds that there are, the layers to switch, the two certainties. */
function showLegend() {
  const counted = tally(page.nodes, "kind");
  const kinds = [...new Set([...KINDS, ...counted.keys()])].filter((kind) => counted.get(kind));
  document.getElementById("kinds").replaceChildren(
    ...kinds.map((kind) => {
      const label = term(page.nodes.find((actor) => actor.kind === kind).kind_label);
      return element("li", {}, symbol(kind), `${capital(label)} (${counted.get(kind).toLocaleString(language)})`);
    }),
  );
  document.getElementById("layers").replaceChildren(...layerItems(), ...certaintyItems());
}

function layerItems() {
  const counted = tally(page.edges, "layer");
  return Object.keys(LAYERS).filter((layer) => counted.get(layer)).map((layer) => {
    const box = element("input", {
      type: "checkbox",
      value: layer,
      checked: shownLayers.has(layer),
      change: (event) => showLayer(layer, event.target.checked),
    });
    const label = `${text(layer)} (${counted.get(layer).toLocaleString(language)})`;
    return element("li", {}, element("label", {}, box, lineSample(layer, "stated"), label));
  });
}

function certaintyItems() {
  return Object.keys(DASHES).map((certainty) =>
    element("li", {}, lineSample("membership", certainty), text(certainty)),
  );
}

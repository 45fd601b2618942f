/** The drawing: vis-network with fixed positions, our symbols, our names. */
const pictureBox = document.getElementById("picture");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const palette = {};

/** @type {Set<string>|null} ids of the actors and links that stand out; null: all */
let lit = null;
/** @type {string|null} actor under the pointer */
let hovered = null;
/** @type {string|null} link under the pointer */
let hoveredLink = null;
let network;
let nodes;
let edges;

function readPalette() {
  for (const key of ["paper", "ink", "mark", ...KINDS, ...Object.keys(LAYERS)]) palette[key] = colour(key);
}

function isLit(id) {
  return !lit || lit.has(id);
}

/** Draw one actor; vis-network gives the place. */
function drawActor({ ctx, id, x, y }) {
  const { kind, size } = actors.get(id);
  const chosen = id === selection?.actor;
  return {
    nodeDimensions: { width: 2 * size, height: 2 * size },
    drawNode() {
      ctx.translate(x, y);
      ctx.scale(size, size);
      ctx.globalAlpha = isLit(id) ? 1 : 0.15;
      ctx.fillStyle = palette[kind] || palette.LegalPerson;
      ctx.strokeStyle = chosen || id === hovered ? palette.mark : palette.paper;
      ctx.lineWidth = (chosen ? 7 : id === hovered ? 5 : 2.5) / size;
      ctx.stroke(shapeOf(kind));
      ctx.fill(shapeOf(kind));
    },
  };
}

/** @returns {object} what vis-network has to know of a link */
function edgeOf(link) {
  const { width, end } = LAYERS[link.layer] ?? LAYERS.membership;
  const chosen = link.id === selection?.link;
  const edge = {
    id: link.id,
    from: link.from,
    to: link.to,
    color: { color: palette[link.layer] || palette.membership, inherit: false, opacity: isLit(link.id) ? 1 : 0.12 },
    width: chosen ? width + 3 : width,
    dashes: DASHES[link.certainty] ?? false,
    hidden: !shownLayers.has(link.layer),
    smooth: false,
  };
  for (const key of ["hover", "highlight"]) edge.color[key] = edge.color.color;
  if (end) edge.arrows = { to: { enabled: true, type: end, scaleFactor: end === "circle" ? 0.3 : 0.6 } };
  if (link.curve) {
    const clockwise = (link.curve % 2 === 1) === (link.from < link.to);
    edge.smooth = {
      enabled: true,
      type: clockwise ? "curvedCW" : "curvedCCW",
      roundness: 0.16 * Math.ceil(link.curve / 2),
    };
  }
  return edge;
}

function startPicture() {
  readPalette();
  rankLabels();
  nodes = new vis.DataSet(page.nodes.map(({ id, x, y, size }) => ({ id, x, y, size })));
  edges = new vis.DataSet(page.edges.map(edgeOf));
  const options = { ...page.options, autoResize: true };
  options.nodes = { ...options.nodes, ctxRenderer: drawActor };
  network = new vis.Network(pictureBox, { nodes, edges }, options);
  pictureBox.firstChild.removeAttribute("tabindex"); // the drawing is an image; the table has its keys
  network.on("afterDrawing", drawOver);
  network.on("click", clicked);
  network.on("hoverNode", ({ node }) => hover(node, null));
  network.on("hoverEdge", ({ edge }) => hover(null, edge));
  network.on("blurNode", () => hover(null, null));
  network.on("blurEdge", () => hover(null, null));
  network.once("afterDrawing", () => showAll(false));
  document.getElementById("zoom-in").addEventListener("click", () => zoomBy(1.4));
  document.getElementById("zoom-out").addEventListener("click", () => zoomBy(1 / 1.4));
  document.getElementById("zoom-all").addEventListener("click", () => showAll(true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

function clicked({ nodes: [actor], edges: [link] }) {
  network.unselectAll();
  if (actor) select({ actor });
  else if (link) select({ link });
  else select(null);
}

function hover(actor, link) {
  hovered = actor;
  hoveredLink = link;
  pictureBox.classList.toggle("over", Boolean(actor || link));
  network.redraw();
}

function drawOver(context) {
  drawLabels(context);
  if (hoveredLink) drawRole(context, links.get(hoveredLink));
}

/** Say the role of the link under the pointer in the middle of its line. */
function drawRole(context, link) {
  const { from, to } = { from: actors.get(link.from), to: actors.get(link.to) };
  const zoom = network.getScale();
  const size = 13 / zoom;
  context.save();
  context.font = `600 ${size}px system-ui, "Liberation Sans", sans-serif`;
  context.textAlign = "center";
  context.lineWidth = 5 / zoom;
  context.strokeStyle = palette.paper;
  context.fillStyle = palette.ink;
  const place = [`${term(link.role_label)}, ${period(link)}`, (from.x + to.x) / 2, (from.y + to.y) / 2];
  context.strokeText(...place);
  context.fillText(...place);
  context.restore();
}

/** Draw again after the choice, the layers or the colours have changed. */
function redraw() {
  readPalette();
  edges.update(page.edges.map(edgeOf));
  network.redraw();
}

/** Let an actor and its neighbours, or a link and its two ends, stand out. */
function highlight() {
  const shown = (link) => shownLayers.has(link.layer);
  if (selection?.actor) {
    const around = linksOf.get(selection.actor).filter(shown);
    lit = new Set([selection.actor, ...around.flatMap(({ id, from, to }) => [id, from, to])]);
  } else if (selection?.link) {
    const { id, from, to } = links.get(selection.link);
    lit = new Set([id, from, to]);
  } else lit = null;
  redraw();
}

/** Move so that the actors that stand out fill the picture. */
function centreOn(ids, animate = true) {
  const shown = ids.map((id) => actors.get(id)).filter(Boolean);
  const hidden = coveredHeight();
  const [width, height] = [pictureBox.clientWidth, pictureBox.clientHeight - hidden];
  if (!shown.length || width < 120 || height < 80) return;
  const span = (values) => [Math.min(...values), Math.max(...values)];
  const [left, right] = span(shown.map(({ x }) => x));
  const [top, bottom] = span(shown.map(({ y }) => y));
  const scale = Math.min(
    1.3,
    (width - Math.min(110, width / 6)) / (right - left + 30),
    (height - 70) / (bottom - top + 30),
  );
  network.moveTo({
    position: { x: (left + right) / 2, y: (top + bottom) / 2 + (14 + hidden / 2) / scale },
    scale,
    animation: animate && !calm.matches ? { duration: 350 } : false,
  });
}

/** @returns {number} how much of the picture the details lie on, on a small screen */
function coveredHeight() {
  if (getComputedStyle(panel).position !== "fixed") return 0;
  const covered = pictureBox.getBoundingClientRect().bottom - panel.getBoundingClientRect().top;
  return Math.min(Math.max(0, covered), pictureBox.clientHeight - 100);
}

function showAll(animate) {
  centreOn([...actors.keys()], animate);
}

function zoomBy(factor) {
  const scale = Math.min(4, Math.max(0.05, network.getScale() * factor));
  network.moveTo({ scale, animation: calm.matches ? false : { duration: 150 } });
}

function describePicture() {
  const values = { actors: plural("actors", actors.size), links: plural("links", links.size) };
  pictureBox.setAttribute("aria-label", text("picture_label", values));
}

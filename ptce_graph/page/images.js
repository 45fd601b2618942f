/** The picture to take away, with its title, its legend and where it is from. */
const MARGIN = 24;
const LEGEND_LINE = 20;

/** @returns {string[]} where the picture is from */
function imprint() {
  const { title, licence } = page.graph;
  const drawn = [plural("actors_around", shown.actors.size), plural("links", shown.links.size)].join(", ");
  return [title[language], [drawn, dataDate(), licenceName(licence)].filter(Boolean).join(" · ")];
}

/** @typedef {{kind?: string, layer?: string, style?: {width: number, dashes: number[]}, label: string}} Key */

/** @returns {Key[]} */
function keysOfLegend() {
  return [
    ...kindsThere().map((kind) => ({ kind, label: kindLabel(kind) })),
    ...layersThere()
      .filter((layer) => !state.hidden.has(layer))
      .map((layer) => ({ layer, style: BACKINGS.single, label: layerLabel(layer) })),
    ...stylesThere().map(([key, style]) => ({ layer: "membership", style, label: text(key) })),
  ];
}

/**
 * Where the keys of the legend stand, in as many lines as they need.
 *
 * @param {Key[]} keys
 * @param {number} width
 * @param {(label: string) => number} measure
 * @returns {{places: {x: number, y: number}[], height: number}}
 */
function legendPlaces(keys, width, measure) {
  let [x, y] = [MARGIN, 0];
  const places = keys.map(({ label, kind }) => {
    const room = measure(label) + (kind ? 24 : 56) + 18;
    if (x + room > width - MARGIN && x > MARGIN) [x, y] = [MARGIN, y + LEGEND_LINE];
    const place = { x, y };
    x += room;
    return place;
  });
  return { places, height: y + LEGEND_LINE };
}

/** @param {Key} key */
function keySvg({ kind, layer = "membership", style }) {
  if (kind) return `<path d="${shapeOf(kind)}" transform="translate(8 -5) scale(7)" fill="${colourOf(kind)}"/>`;
  const end = LAYERS[layer].end;
  const mark = end ? `<path d="${ENDS[end]}" fill="${palette[layer]}" stroke="${palette[layer]}" transform="translate(0 -11)"/>` : "";
  const dashes = style?.dashes.length ? ` stroke-dasharray="${style.dashes.join(" ")}"` : "";
  return `<path d="M2 -5H44" stroke="${palette[layer]}" stroke-width="${style?.width}"${dashes}/>${mark}`;
}

/** @returns {string} what is seen now, as SVG */
function sheet() {
  return state.view === "map" ? mapSheet() : svgSheet();
}

/** @returns {string} the network as it is seen now, as SVG: lines, symbols, names, legend and imprint */
function svgSheet() {
  const view = inView(camera, size);
  const at = (/** @type {{x: number, y: number}} */ point) => {
    const { x, y } = toPicture(camera, size, point);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  const lines = [...view.dim.map((link) => ({ link, dim: true })), ...view.links.map((link) => ({ link, dim: false }))];
  const drawnLines = lines.map(({ link, dim }) => {
    const look = dim ? { colour: palette.rule, width: 1, dashes: [] } : lookOf(link);
    const middle = bend(link);
    const d = `M${at(link.source)}${middle ? `Q${at(middle)} ` : "L"}${at(link.target)}`;
    const dashes = look.dashes.length ? ` stroke-dasharray="${look.dashes.join(" ")}"` : "";
    const line = `<path d="${d}" stroke="${look.colour}" stroke-width="${look.width}"${dashes}/>`;
    return line + (dim ? "" : endSvg(link, look.colour, at));
  });
  const symbols = view.actors.map((actor) => {
    const lit = isLit(actor);
    const radius = radiusOf(actor, camera.zoom);
    const fill = lit ? colourOf(actor.kind) : palette.paper;
    const stroke = actor.id === state.actor ? palette.mark : lit ? palette.paper : palette.dim;
    return (
      `<path d="${shapeOf(actor.kind)}" transform="translate(${at(actor)}) scale(${radius.toFixed(1)})" fill="${fill}"` +
      ` stroke="${stroke}" stroke-width="${(2 / radius).toFixed(3)}"><title>${xml(actor.label)}</title></path>`
    );
  });
  return withLegend(`<svg width="${size.width}" height="${size.height}">
<g>${drawnLines.join("\n")}</g>
<g>${symbols.join("\n")}</g>
<g>${named.map(nameSvg).join("\n")}</g>
</svg>`);
}

/**
 * @param {string} picture as SVG, as large as the picture on the screen
 * @returns {string} with its legend and where it is from
 */
function withLegend(picture) {
  const keys = keysOfLegend();
  pen.font = `13px ${FONT}`;
  const legend = legendPlaces(keys, size.width, (label) => pen.measureText(label).width);
  const [title, rest] = imprint();
  const height = size.height + legend.height + 3 * LEGEND_LINE;
  const keysDrawn = keys.map((key, place) => {
    const { x, y } = legend.places[place];
    const words = `<text x="${key.kind ? 24 : 54}" fill="${palette.ink}">${xml(key.label)}</text>`;
    return `<g transform="translate(${x} ${size.height + LEGEND_LINE + y})">${keySvg(key)}${words}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" width="${size.width}" height="${height}" font-family="sans-serif" font-size="13" fill="none">
<title>${xml(title)}</title><desc>${xml(rest)}</desc>
<rect width="${size.width}" height="${height}" fill="${palette.paper}"/>
${picture}
<g>${keysDrawn.join("\n")}</g>
<text x="${MARGIN}" y="${height - 1.6 * LEGEND_LINE}" fill="${palette.ink}" font-weight="600">${xml(title)}</text>
<text x="${MARGIN}" y="${height - 0.7 * LEGEND_LINE}" fill="${palette.quiet}">${xml(rest)}</text>
</svg>
`;
}

/**
 * @param {Link} link
 * @param {string} colour
 * @param {(point: {x: number, y: number}) => string} at
 */
function endSvg(link, colour, at) {
  const end = LAYERS[link.layer].end;
  if (!end) return "";
  const { x, y, a, b } = landing(link, camera.zoom);
  const angle = ((Math.atan2(b, a) * 180) / Math.PI).toFixed(1);
  return `<path d="${ENDS[end]}" transform="translate(${at({ x, y })}) rotate(${angle}) scale(.8) translate(-44 -6)" fill="${colour}" stroke="${colour}"/>`;
}

/** @param {Name} name */
function nameSvg({ actor, lines, x, top, size: letters, align, font }) {
  const anchor = align === "center" ? "middle" : align === "left" ? "start" : "end";
  const spans = lines.map((line, number) => `<tspan x="${x.toFixed(1)}" y="${(top + (number * 1.2 + 0.9) * letters).toFixed(1)}">${xml(line)}</tspan>`);
  return (
    `<text text-anchor="${anchor}" font-size="${letters}" font-weight="${font.slice(0, 3)}" fill="${isLit(actor) ? palette.ink : palette.quiet}"` +
    ` stroke="${palette.paper}" stroke-width="3" paint-order="stroke">${spans.join("")}</text>`
  );
}

/** @returns {Promise<Blob>} the same sheet as PNG, twice as fine as the screen */
async function pngSheet() {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(sheet())}`;
  await image.decode();
  const paper = document.createElement("canvas");
  [paper.width, paper.height] = [image.width * 2, image.height * 2];
  /** @type {Pen} */ (paper.getContext("2d")).drawImage(image, 0, 0, paper.width, paper.height);
  return new Promise((done, fail) => paper.toBlob((blob) => (blob ? done(blob) : fail(new Error("PNG"))), "image/png"));
}

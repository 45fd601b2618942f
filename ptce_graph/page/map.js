/**
 * The map: each actor in its département, as SVG; what is known by its region only, or has no place, is listed.
 *
 * @typedef {{code: string, name: string, x: number, y: number, room: number, path: string}} Departement
 * @typedef {{source: string, author: string, licence: string, width: number, height: number,
 *   departements: Departement[], overseas: Record<string, string>, regions: {now: Record<string, string>, before: Record<string, string>}}} France
 */
/** @type {France} */
const france = page.france;
const mapBox = byId("map");
const TILE = 62;
/** The small départements around Paris are drawn once more, larger. */
const INSET = { codes: ["75", "92", "93", "94"], x: 628, y: 8, scale: 5.2, left: 303, top: 133, side: 21.8 };
const VIEW = { left: -82, top: 0, width: 828, height: 585 };
const CLOSEST = 2.6; // half the distance of two symbols
const SMALLEST_MAP = 500; // width in pixels below which the discs have no number: nobody could read it
const SYMBOLS = 60; // actors beyond which a département has one disc for all

/** @type {Map<string, Departement>} */
const departements = new Map(france.departements.map((one) => [one.code, one]));
for (const [row, [code, name]] of Object.entries(france.overseas).entries()) {
  const [x, y] = [VIEW.left + TILE / 2 + 4, 222 + row * (TILE + 6) + TILE / 2];
  const path = `M${x - TILE / 2} ${y - TILE / 2}h${TILE}v${TILE}h${-TILE}z`;
  departements.set(code, { code, name, x, y, room: TILE / 2 - 6, path });
}

/** @param {string} code */
function departementName(code) {
  return departements.get(code)?.name ?? code;
}

/**
 * @param {Departement} departement
 * @returns {{x: number, y: number, room: number}} the middle of it, in the inset when it is there
 */
function middleOf({ code, x, y, room }) {
  if (!INSET.codes.includes(code)) return { x, y, room };
  const { scale, left, top } = INSET;
  return { x: INSET.x + (x - left) * scale, y: INSET.y + (y - top) * scale, room: room * scale };
}

/** @returns {{byCode: Map<string, Actor[]>, byRegion: Actor[], nowhere: Actor[]}} where those that are kept are */
function located() {
  /** @type {Map<string, Actor[]>} */
  const byCode = new Map();
  /** @type {Actor[]} */
  const byRegion = [];
  /** @type {Actor[]} */
  const nowhere = [];
  for (const actor of actors) {
    if (!shown.actors.has(actor)) continue;
    const code = actor.departement ?? "";
    if (departements.has(code)) /** @type {Actor[]} */ (byCode.get(code) ?? byCode.set(code, []).get(code)).push(actor);
    else (actor.region || actor.place ? byRegion : nowhere).push(actor);
  }
  for (const there of byCode.values()) {
    there.sort((a, b) => Number(isPole(b)) - Number(isPole(a)) || (a.place ?? "").localeCompare(b.place ?? "", "fr"));
  }
  return { byCode, byRegion, nowhere };
}

/**
 * Where the actors of a département stand: in a spiral around its middle, those of a commune together.
 *
 * @param {Departement} departement
 * @param {number} many
 * @returns {{x: number, y: number}[]}
 */
function spiral(departement, many) {
  const { x, y, room } = middleOf(departement);
  const step = Math.min(2 * CLOSEST, Math.max(CLOSEST, room / Math.sqrt(many)));
  return Array.from({ length: many }, (_, number) => {
    const [away, angle] = [step * Math.sqrt(number), number * 2.39996];
    return { x: x + away * Math.cos(angle), y: y + away * Math.sin(angle) };
  });
}

/** Draw the map again. */
function showMap() {
  byId("picture").hidden = state.view === "map";
  byId("zoom").hidden = state.view === "map";
  mapBox.hidden = byId("map-note").hidden = state.view !== "map";
  if (state.view !== "map") return;
  mapBox.replaceChildren(mapSvg());
  byId("map-note").replaceChildren(text("map_source"), " ", outside(france.source, france.author), ", ", outside(france.licence, licenceName(france.licence)));
}

/** @returns {SVGElement} */
function mapSvg() {
  const { byCode } = located();
  const { left, top, width, height } = VIEW;
  const label = text("map_label", { n: count([...byCode.values()].flat().length) });
  const drawn = svg("svg", { viewBox: `${left} ${top} ${width} ${height}`, role: "img", "aria-label": label });
  const ground = svg("g", { fill: palette.ground, stroke: palette.rule, "stroke-width": 0.6 });
  for (const { code, path } of departements.values()) ground.append(land(code, path));
  const borders = svg("g", { fill: "none", stroke: palette.quiet, "stroke-width": 1.3, "stroke-linejoin": "round" });
  for (const [name, d] of Object.entries(france.regions[state.regions])) {
    borders.append(svg("path", { d }, svg("title", {}, name)));
  }
  const names = Object.keys(france.overseas).map((code) => {
    const { x, y, name } = /** @type {Departement} */ (departements.get(code));
    return svg("text", { x, y: y + TILE / 2 - 4, "text-anchor": "middle", "font-size": 9, fill: palette.ink }, name);
  });
  drawn.append(ground, borders, inset(), ...names, ...people(byCode));
  return drawn;
}

/**
 * @param {string} code
 * @param {string} d
 */
function land(code, d) {
  const area = svg("path", { d, class: "land" }, svg("title", {}, `${departementName(code)} (${code})`));
  if (code === state.place) area.setAttribute("fill", palette.chosen);
  area.addEventListener("click", () => choosePlace(code));
  return area;
}

/** @returns {SVGElement} Paris and around, larger */
function inset() {
  const { codes, x, y, scale, left, top, side } = INSET;
  const group = svg("g", { fill: palette.ground, stroke: palette.rule, "stroke-width": 1.3 / scale, transform: `translate(${x} ${y}) scale(${scale}) translate(${-left} ${-top})` });
  for (const code of codes) group.append(land(code, departements.get(code)?.path ?? ""));
  const frame = svg("rect", { x, y, width: side * scale, height: side * scale, fill: palette.paper, stroke: palette.quiet });
  return svg("g", {}, frame, group);
}

/**
 * @param {Map<string, Actor[]>} byCode
 * @returns {SVGElement[]} links, then actors or, where there are many, a disc with their number
 */
function people(byCode) {
  /** @type {Map<Actor, {x: number, y: number}>} */
  const places = new Map();
  const symbols = svg("g", { stroke: palette.paper, "stroke-width": 0.25 });
  const discs = svg("g", { "font-size": 10, "font-weight": 600, "text-anchor": "middle" });
  for (const [code, there] of byCode) {
    const departement = /** @type {Departement} */ (departements.get(code));
    if (there.length > SYMBOLS) {
      const middle = middleOf(departement);
      for (const actor of there) places.set(actor, middle);
      discs.append(disc(code, middle, there.length));
      continue;
    }
    for (const [number, place] of spiral(departement, there.length).entries()) {
      places.set(there[number], place);
      symbols.append(mapSymbol(there[number], place));
    }
  }
  return [mapLinks(places), symbols, discs];
}

/**
 * @param {string} code
 * @param {{x: number, y: number}} middle
 * @param {number} many
 */
function disc(code, { x, y }, many) {
  const group = svg("g", {}, svg("title", {}, `${departementName(code)} (${count(many)})`), svg("circle", { cx: x, cy: y, r: Math.min(24, 5 + Math.sqrt(many) / 2), fill: palette.Pole, "fill-opacity": 0.85 }));
  const number = svg("text", { x, y: y + 3.5, fill: palette.paper }, count(many));
  if (mapBox.clientWidth >= SMALLEST_MAP || mapBox.hidden) group.append(number);
  group.addEventListener("click", () => choosePlace(code));
  return group;
}

/**
 * @param {Actor} actor
 * @param {{x: number, y: number}} place
 */
function mapSymbol(actor, { x, y }) {
  const radius = isPole(actor) ? 4.4 : 2.6;
  const lit = isLit(actor);
  /** @type {Record<string, string>} */
  const look = lit ? { fill: colourOf(actor.kind) } : { fill: palette.paper, stroke: palette.dim };
  const path = svg("path", { d: shapeOf(actor.kind), transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${radius})`, ...look });
  if (actor.id === state.actor) path.setAttribute("stroke", palette.mark);
  path.append(svg("title", {}, [actor.label, actor.place].filter(Boolean).join(", ")));
  path.addEventListener("click", () => choose({ actor: actor.id }));
  return path;
}

/** @param {Map<Actor, {x: number, y: number}>} places */
function mapLinks(places) {
  const group = svg("g", { fill: "none", "stroke-opacity": 0.75 });
  const drawn = links.filter((link) => isOpen(link) && isLitLink(link));
  if (drawn.length > CROWD) return group;
  for (const link of drawn) {
    const [from, to] = [places.get(link.source), places.get(link.target)];
    if (!from || !to) continue;
    const { colour, width, dashes } = lookOf(link);
    const d = `M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}`;
    group.append(svg("path", { d, stroke: colour, "stroke-width": width * 0.5, "stroke-dasharray": dashes.map((part) => part / 2).join(" ") }));
  }
  return group;
}

/** @returns {string} the map as SVG to take away */
function mapSheet() {
  const drawn = mapSvg();
  drawn.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return withLegend(drawn.outerHTML.replace("<svg ", `<svg width="${size.width}" height="${size.height}" `));
}

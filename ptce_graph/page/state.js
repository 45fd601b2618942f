/**
 * Everything that a reader can change, and how it stands in the address after #.
 *
 * @typedef {object} State
 * @property {Language} language
 * @property {string} actor IRI of the chosen one, or ""
 * @property {string} link id of the chosen one, or ""
 * @property {number} steps around the chosen actor
 * @property {Set<string>} hidden layers
 * @property {Map<string, Set<string>>} filters the values kept, by facet
 * @property {number|null} year
 * @property {"network"|"map"} view
 * @property {"now"|"before"} regions on the map
 * @property {string} place code of the chosen département, or ""
 * @property {boolean} everyone whether actors with one link are drawn from afar too
 * @property {Camera|null} camera null: all of it
 * @property {""|"links"|"actors"|"outline"} twin which table is open
 * @property {string} sort column of the table, "-" before it when descending
 * @property {string} words that the rows of the table hold
 */
const BASE = "https://w3id.org/ptce/id/";
const STEPS = 9;

/**
 * @param {Language} spoken
 * @returns {State} of a page that was just opened
 */
function freshState(spoken) {
  return {
    language: spoken,
    actor: "",
    link: "",
    steps: 1,
    hidden: new Set(),
    filters: new Map(),
    year: null,
    view: "network",
    regions: "now",
    place: "",
    everyone: false,
    camera: null,
    twin: "",
    sort: "",
    words: "",
  };
}

/** @param {string} iri */
function shortened(iri) {
  return iri.startsWith(BASE) ? iri.slice(BASE.length) : iri;
}

/** @param {string|null} written */
function lengthened(written) {
  return !written || /^\w+:/.test(written) ? (written ?? "") : BASE + written;
}

/**
 * @param {State} state
 * @param {Language} usual language, which is not written
 * @returns {string} what stands after #, the same for the same state
 */
function encode(state, usual) {
  const written = new URLSearchParams();
  const add = (/** @type {string} */ key, /** @type {string|number|false|null} */ value) => {
    if (value) written.append(key, String(value));
  };
  add("lang", state.language !== usual && state.language);
  add("actor", shortened(state.actor));
  add("link", shortened(state.link));
  add("steps", state.steps !== 1 && state.steps);
  for (const layer of [...state.hidden].sort()) add("hide", layer);
  for (const facet of [...state.filters.keys()].sort()) {
    for (const value of [...(state.filters.get(facet) ?? [])].sort()) add(`only-${facet}`, value);
  }
  add("year", state.year);
  add("view", state.view !== "network" && state.view);
  add("regions", state.regions !== "now" && state.regions);
  add("place", state.place);
  add("everyone", state.everyone && "yes");
  if (state.camera) {
    const { x, y, zoom } = state.camera;
    add("at", `${Math.round(x)},${Math.round(y)},${Number(zoom.toPrecision(3))}`);
  }
  add("table", state.twin);
  add("sort", state.sort);
  add("words", state.words);
  return written.toString().replace(/%2F/g, "/").replace(/%2C/g, ",");
}

/**
 * @param {string} written what stands after #
 * @param {Language} usual language
 * @returns {State} what is not understood is left out
 */
function decode(written, usual) {
  const read = new URLSearchParams(written);
  const state = freshState(usual);
  const one = (/** @type {string} */ key, /** @type {string[]} */ allowed) => {
    const value = read.get(key) ?? "";
    return allowed.includes(value) ? value : "";
  };
  state.language = /** @type {Language} */ (one("lang", ["fr", "en"])) || usual;
  state.actor = lengthened(read.get("actor"));
  state.link = lengthened(read.get("link"));
  state.steps = Math.min(STEPS, Math.max(1, Math.trunc(Number(read.get("steps"))) || 1));
  state.hidden = new Set(read.getAll("hide"));
  for (const key of new Set(read.keys())) {
    if (key.startsWith("only-")) state.filters.set(key.slice(5), new Set(read.getAll(key)));
  }
  state.year = /^\d{4}$/.test(read.get("year") ?? "") ? Number(read.get("year")) : null;
  state.view = one("view", ["map"]) === "map" ? "map" : "network";
  state.regions = one("regions", ["before"]) === "before" ? "before" : "now";
  state.place = /^\w{2,3}$/.test(read.get("place") ?? "") ? (read.get("place") ?? "") : "";
  state.everyone = read.get("everyone") === "yes";
  const [x, y, zoom] = (read.get("at") ?? "").split(",").map(Number);
  if ([x, y, zoom].every(Number.isFinite) && zoom > 0) state.camera = { x, y, zoom: boundedZoom(zoom) };
  state.twin = /** @type {State["twin"]} */ (one("table", ["links", "actors", "outline"]));
  state.sort = /^-?\w+$/.test(read.get("sort") ?? "") ? (read.get("sort") ?? "") : "";
  state.words = read.get("words") ?? "";
  return state;
}

let state = decode(location.hash.slice(1), page.language);

/**
 * Write the state into the address; a choice is a step that the reader's "back" undoes.
 *
 * @param {boolean} step
 */
function remember(step = false) {
  const written = `#${encode(state, page.language)}`;
  if (written === (location.hash || "#")) return;
  try {
    history[step ? "pushState" : "replaceState"](null, "", written);
  } catch {
    // a page inside another may not be allowed to have an address: it works without
  }
}

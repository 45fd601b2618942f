/**
 * What is to be drawn, before anybody asks where: computed when the state changes, not in each frame.
 *
 * An actor that is linked to one other only, its hub, is folded into it from afar: first one sees the
 * poles and the actors that they share.
 */
const UNFOLDED = 0.8; // zoom from which the actors around a hub are drawn
const CROWD = 3000; // actors beyond which, from afar, only poles are drawn
const AFAR = 0.16; // what afar means then
/** @type {Presence[]} */
const SURE = ["unknown", "possible", "certain"];
const MANY = 12; // poles beyond which an actor says nothing of what they share

/**
 * @typedef {object} Scene
 * @property {Set<Actor>|null} lit actors that stand out; null: all
 * @property {Set<Link>|null} litLinks
 * @property {Actor[]} actors that may be drawn, the most important first
 * @property {Link[]} links that may be drawn
 * @property {Map<Actor, number>} folded how many actors are folded into each hub
 * @property {Map<Actor, number>} beyond how many links of each lit actor lead out of what is lit
 * @property {Map<string, Bundle>} bundles between poles, of a crowd seen from afar
 *
 * @typedef {{source: Actor, target: Actor, shared: number, sure: number}} Bundle actors that two poles share, and
 *   how sure it is of the surest of them that they share it in the year chosen: its place in SURE
 */

/** Landmarks first, then the more links the sooner: who is painted on top and named first. */
const ranked = [...actors].sort((a, b) => weight(b) - weight(a) || a.index - b.index);

/** @param {Actor} actor */
function weight(actor) {
  return (isLandmark(actor) ? 1e6 : 0) + actor.links.length;
}

/** @type {Scene} */
let scene = { lit: null, litLinks: null, actors: [], links: [], folded: new Map(), beyond: new Map(), bundles: new Map() };

/**
 * @param {Link} link
 * @returns {boolean} whether a link is drawn
 */
function isOpen(link) {
  return shown.links.has(link);
}

/** Compute what stands out and what is drawn, after the choice or the filters have changed. */
function stage() {
  const { lit, litLinks } = lighting();
  const shownActors = ranked.filter((actor) => shown.actors.has(actor));
  scene = {
    lit,
    litLinks,
    actors: shownActors,
    links: links.filter(isOpen),
    folded: new Map(),
    beyond: new Map(),
    bundles: actors.length > CROWD ? bundles(shownActors) : new Map(),
  };
  for (const { hub } of shownActors) {
    if (hub !== undefined) scene.folded.set(actors[hub], (scene.folded.get(actors[hub]) ?? 0) + 1);
  }
  for (const actor of lit ?? []) {
    const more = actor.links.filter((link) => isOpen(link) && !lit?.has(otherEnd(link, actor))).length;
    if (more) scene.beyond.set(actor, more);
  }
}

/**
 * @param {Actor[]} among
 * @returns {Map<string, Bundle>}
 */
function bundles(among) {
  /** @type {Map<string, Bundle>} */
  const found = new Map();
  for (const actor of among) {
    if (isPole(actor) || actor.hub !== undefined) continue;
    const poles = [...surely(actor)];
    if (poles.length > MANY) continue;
    for (const [place, [source, sure]] of poles.entries()) {
      for (const [target, surer] of poles.slice(place + 1)) {
        const key = `${Math.min(source.index, target.index)} ${Math.max(source.index, target.index)}`;
        const bundle = found.get(key) ?? { source, target, shared: 0, sure: 0 };
        bundle.shared++;
        bundle.sure = Math.max(bundle.sure, Math.min(sure, surer));
        found.set(key, bundle);
      }
    }
  }
  return found;
}

/**
 * @param {Actor} actor
 * @returns {Map<Actor, number>} the poles that it is linked to, and how sure that is of the year chosen
 */
function surely(actor) {
  /** @type {Map<Actor, number>} */
  const poles = new Map();
  for (const link of actor.links) {
    const pole = otherEnd(link, actor);
    if (!isPole(pole) || !isOpen(link)) continue;
    const sure = SURE.indexOf(state.year === null ? "certain" : presence(link, state.year));
    poles.set(pole, Math.max(sure, poles.get(pole) ?? 0));
  }
  return poles;
}

/** @returns {{lit: Set<Actor>|null, litLinks: Set<Link>|null}} */
function lighting() {
  const actor = actorsById.get(state.actor);
  if (actor) {
    const near = within(actor, state.steps, isOpen);
    /** @type {Set<Link>} */
    const litLinks = new Set();
    for (const [one, away] of near) {
      for (const link of one.links) {
        const other = near.get(otherEnd(link, one));
        // at one step: the links of the chosen actor, not those between its neighbours
        if (isOpen(link) && other !== undefined && Math.min(away, other) < state.steps) litLinks.add(link);
      }
    }
    return { lit: new Set(near.keys()), litLinks };
  }
  const link = linksById.get(state.link);
  return link
    ? { lit: new Set([link.source, link.target]), litLinks: new Set([link]) }
    : { lit: null, litLinks: null };
}

/** @param {Actor} actor */
function isLit(actor) {
  return !scene.lit || scene.lit.has(actor);
}

/** @param {Link} link */
function isLitLink(link) {
  return !scene.litLinks || scene.litLinks.has(link);
}

/**
 * @param {number} zoom
 * @returns {boolean} whether only the poles of a crowd are drawn
 */
function isAfar(zoom) {
  return actors.length > CROWD && zoom < AFAR;
}

/**
 * @param {Actor} actor
 * @param {number} zoom
 * @returns {boolean} whether it is drawn by itself at this zoom, rather than folded into another
 */
function isUnfolded(actor, zoom) {
  if (scene.lit?.has(actor) || actor === hovered) return true;
  if (isLandmark(actor)) return true;
  if (isAfar(zoom)) return false;
  return actor.hub === undefined || zoom >= UNFOLDED || (state.everyone && actors.length <= CROWD);
}

/**
 * What is within the picture at this zoom: computed once a frame, for the painter and the pointer.
 *
 * @param {Camera} camera
 * @param {Size} size
 * @returns {{actors: Actor[], links: Link[], dim: Link[]}}
 */
function inView(camera, size) {
  const { x: left, y: top } = toPlane(camera, size, { x: 0, y: 0 });
  const { x: right, y: bottom } = toPlane(camera, size, { x: size.width, y: size.height });
  const margin = 30 / camera.zoom;
  const seen = scene.actors.filter(
    (actor) =>
      actor.x > left - margin && actor.x < right + margin && actor.y > top - margin && actor.y < bottom + margin &&
      isUnfolded(actor, camera.zoom),
  );
  const crosses = (/** @type {Link} */ { source, target }) =>
    Math.max(source.x, target.x) > left && Math.min(source.x, target.x) < right &&
    Math.max(source.y, target.y) > top && Math.min(source.y, target.y) < bottom;
  const unfolded = (/** @type {Link} */ { source, target }) =>
    isUnfolded(source, camera.zoom) && isUnfolded(target, camera.zoom);
  const crossing = scene.links.filter((link) => crosses(link) && unfolded(link));
  if (!scene.litLinks) return { actors: seen, links: crossing, dim: [] };
  return { actors: seen, links: crossing.filter(isLitLink), dim: crossing.filter((link) => !isLitLink(link)) };
}

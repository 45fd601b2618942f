/**
 * What is kept of the actors and links, and how many each other choice would keep.
 *
 * An actor is kept when it has one of the chosen values of every facet, and a link that is kept when
 * links are chosen too. A link is kept when it has the values chosen for links, its layer is drawn, it
 * may have been there in the chosen year, and one of its ends is kept; its other end is then shown.
 *
 * @typedef {{key: string, of: "actor", values: (actor: Actor) => string[]}} ActorFacet
 * @typedef {{key: string, of: "link", values: (link: Link) => string[]}} LinkFacet
 * @typedef {ActorFacet|LinkFacet} Facet
 * @typedef {{actors: Set<Actor>, matched: Set<Actor>, links: Set<Link>, counts: Map<string, Map<string, number>>}} Shown
 */

/** @param {number[]|undefined} numbers */
function frenchOf(numbers) {
  return (numbers ?? []).map((number) => page.terms[number].fr);
}

/** @type {ActorFacet[]} */
const ACTOR_FACETS = [
  { key: "kind", of: "actor", values: (actor) => [actor.kind] },
  { key: "legal_form", of: "actor", values: (actor) => frenchOf(actor.legal_forms) },
  { key: "status", of: "actor", values: (actor) => frenchOf(actor.statuses) },
  { key: "function", of: "actor", values: (actor) => frenchOf(actor.functions) },
  { key: "sector", of: "actor", values: (actor) => frenchOf(actor.sectors) },
  { key: "region", of: "actor", values: (actor) => actor.region ? [actor.region] : [] },
  { key: "region_before_2016", of: "actor", values: (actor) => actor.region_before_2016 ? [actor.region_before_2016] : [] },
  { key: "call", of: "actor", values: (actor) => frenchOf(actor.calls) },
];

/** @type {LinkFacet[]} */
const LINK_FACETS = [
  { key: "role", of: "link", values: (link) => [link.role] },
  { key: "backing", of: "link", values: (link) => [link.backing] },
  { key: "certainty", of: "link", values: (link) => [link.certainty] },
  { key: "source", of: "link", values: (link) => sourcesOf(link).map((source) => source.iri) },
];

/** @type {Facet[]} */
const FACETS = [...ACTOR_FACETS, ...LINK_FACETS];

/**
 * @template T
 * @param {T} thing
 * @param {{key: string, values: (thing: T) => string[]}[]} facets
 * @param {Map<string, Set<string>>} filters
 * @returns {string[]} the facets that would leave it out
 */
function failing(thing, facets, filters) {
  const failed = [];
  for (const facet of facets) {
    const kept = filters.get(facet.key);
    if (kept?.size && !facet.values(thing).some((value) => kept.has(value))) failed.push(facet.key);
  }
  return failed;
}

/**
 * @param {{filters: Map<string, Set<string>>, hidden: Set<string>, year: number|null}} state
 * @returns {Shown}
 */
function filtered({ filters, hidden, year }) {
  const asked = (/** @type {Facet[]} */ facets) => facets.some(({ key }) => filters.get(key)?.size);
  const [actorsAsked, linksAsked] = [asked(ACTOR_FACETS), asked(LINK_FACETS)];
  const drawn = links.filter(
    (link) => !hidden.has(link.layer) && (year === null || presence(link, year) !== "absent"),
  );
  const linkFails = new Map(drawn.map((link) => [link, failing(link, LINK_FACETS, filters)]));
  const held = (/** @type {Actor} */ actor) =>
    !linksAsked || actor.links.some((link) => linkFails.get(link)?.length === 0);
  /** @type {Set<Actor>} */
  const matched = new Set();
  const tallies = new Tallies();
  for (const actor of actors) {
    const failed = failing(actor, ACTOR_FACETS, filters);
    if (failed.length > 1 || !held(actor)) continue;
    tallies.add(actor, ACTOR_FACETS, failed);
    if (!failed.length) matched.add(actor);
  }
  // links are judged by the facets of actors alone: their own do not count twice
  const ends = actorsAsked
    ? new Set(actors.filter((actor) => !failing(actor, ACTOR_FACETS, filters).length))
    : null;
  /** @type {Set<Link>} */
  const kept = new Set();
  const shownActors = new Set(matched);
  for (const [link, failed] of linkFails) {
    if (failed.length > 1 || (ends && !ends.has(link.source) && !ends.has(link.target))) continue;
    tallies.add(link, LINK_FACETS, failed);
    if (failed.length) continue;
    kept.add(link);
    shownActors.add(link.source).add(link.target);
  }
  return { actors: shownActors, matched, links: kept, counts: tallies.counts };
}

/** How many things have each value of each facet, whatever is chosen in that facet itself. */
class Tallies {
  constructor() {
    /** @type {Map<string, Map<string, number>>} */
    this.counts = new Map(FACETS.map(({ key }) => [key, new Map()]));
  }

  /**
   * @template T
   * @param {T} thing
   * @param {{key: string, values: (thing: T) => string[]}[]} facets
   * @param {string[]} failed at most one
   */
  add(thing, facets, failed) {
    for (const { key, values } of facets) {
      if (failed.length && failed[0] !== key) continue;
      const counted = /** @type {Map<string, number>} */ (this.counts.get(key));
      for (const value of values(thing)) counted.set(value, (counted.get(value) ?? 0) + 1);
    }
  }
}

/** @type {Shown} what the state keeps now */
let shown = filtered(state);

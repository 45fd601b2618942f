"use strict";

/**
 * What the page shows, read once from its JSON block. Fields that say nothing are left out of it.
 *
 * @typedef {{fr: string, en: string}} Term
 * @typedef {{iri: string, title?: string, publisher?: string, date?: string, url?: string}} Source
 * @typedef {{id: string, label: string, lines: string[], x: number, y: number, size: number,
 *   kind: string, kind_label: number, functions?: number[], statuses?: number[],
 *   aliases?: string[], place?: string, territories?: string[], homepages?: string[], note?: string, sources?: number[]}} Actor
 * @typedef {{id: string, iri: string, from: string, to: string, layer: string, role: string,
 *   role_label: number, certainty: string, curve: number, valid_from?: string,
 *   valid_until?: string, observed_in?: string, note?: string, amount?: string,
 *   sources?: number[]}} Link
 */
const page = JSON.parse(document.getElementById("data").textContent);

/** @type {Map<string, Actor>} */
const actors = new Map(page.nodes.map((actor) => [actor.id, actor]));

/** @type {Map<string, Link>} */
const links = new Map(page.edges.map((link) => [link.id, link]));

/** @type {Map<string, Link[]>} links of each actor */
const linksOf = new Map(page.nodes.map((actor) => [actor.id, []]));
for (const link of links.values()) {
  linksOf.get(link.from).push(link);
  if (link.to !== link.from) linksOf.get(link.to).push(link);
}

/** @returns {Actor} the actor at the other end */
function otherEnd(link, id) {
  return actors.get(link.from === id ? link.to : link.from);
}

/** @returns {Source[]} */
function sourcesOf(thing) {
  return (thing.sources ?? []).map((number) => page.sources[number]);
}

/** @returns {Map<string, number>} how many there are of each, by a field */
function tally(things, field) {
  const counts = new Map();
  for (const thing of things) counts.set(thing[field], (counts.get(thing[field]) ?? 0) + 1);
  return counts;
}

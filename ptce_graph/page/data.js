"use strict";

/**
 * What the page shows, read once from its JSON block. Fields that say nothing are left out of it.
 *
 * @typedef {"fr"|"en"} Language
 * @typedef {{fr: string, en: string}} Term
 * @typedef {{iri: string, title?: string, publisher?: string, date?: string, url?: string, version?: string}} Source
 *
 * @typedef {object} Actor
 * @property {string} id its IRI
 * @property {string} label
 * @property {string[]} lines its name on the picture
 * @property {number} x
 * @property {number} y
 * @property {number} size half the width of its symbol, in the unit of x and y
 * @property {string} kind
 * @property {number} kind_label
 * @property {number} [hub] the only actor that it is linked to, when it stands around it
 * @property {number[]} [functions]
 * @property {number[]} [statuses]
 * @property {number[]} [legal_forms]
 * @property {number[]} [sectors]
 * @property {number[]} [calls]
 * @property {string[]} [themes]
 * @property {string[]} [aliases]
 * @property {string[]} [identifiers]
 * @property {string} [place]
 * @property {string[]} [territories]
 * @property {string} [departement] its code
 * @property {string} [region] of today
 * @property {string} [region_before_2016]
 * @property {string[]} [homepages]
 * @property {number} [note]
 * @property {number[]} [sources]
 * @property {number[]} [measures] in the order of those of the page
 * @property {number} [broker] what it joins, and what falls apart without it
 * @property {number} index set here: its place in `actors`
 * @property {Link[]} links set here: those of which it is an end
 *
 * @typedef {object} Link
 * @property {string} id
 * @property {string} [iri] of what states it, when it is not the id
 * @property {number} from
 * @property {number} to
 * @property {string} layer
 * @property {false} [directed] when its two ends are alike
 * @property {string} role
 * @property {number} role_label
 * @property {string} certainty
 * @property {number} [curve] which one of several between the same two
 * @property {string} backing how well it is corroborated
 * @property {string} [valid_from]
 * @property {string} [valid_until]
 * @property {string} [observed_in]
 * @property {number} [note]
 * @property {string} [amount]
 * @property {number[]} [sources]
 * @property {Actor} source set here: the actor at its start
 * @property {Actor} target set here: the actor at its end
 *
 * @typedef {object} Page
 * @property {Language} language
 * @property {{title: Term, description: Term, date: string, licence: string}} graph
 * @property {Record<Language, Record<string, any>>} texts
 * @property {Term[]} terms
 * @property {Source[]} sources
 * @property {Actor[]} nodes
 * @property {Link[]} edges
 * @property {Record<string, {label: Term, definition: Term}>} measures
 * @property {any} france outlines for the map
 * @property {Record<string, Term>} layers names of the kinds of relation
 * @property {{base: string, home: Term, version: string, released: string}} [site] that the page is part of
 */

/** @type {Page} */
const page = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("data")).textContent ?? "");
const { nodes: actors, edges: links } = page;

/** @type {Map<string, Actor>} */
const actorsById = new Map();
/** @type {Map<string, Link>} */
const linksById = new Map();

for (const [index, actor] of actors.entries()) {
  Object.assign(actor, { index, links: [] });
  actorsById.set(actor.id, actor);
}
for (const link of links) {
  link.source = actors[link.from];
  link.target = actors[link.to];
  link.source.links.push(link);
  if (link.to !== link.from) link.target.links.push(link);
  linksById.set(link.id, link);
}

/** @param {Actor} actor */
function isPole(actor) {
  return actor.kind === "Pole";
}

/**
 * @param {Actor} actor
 * @returns {boolean} whether it is always drawn and named early: a pole, or a département of the country
 */
function isLandmark(actor) {
  return isPole(actor) || actor.kind === "Department";
}

/**
 * @param {Link} link
 * @param {Actor} actor
 * @returns {Actor} the actor at the other end
 */
function otherEnd(link, actor) {
  return link.source === actor ? link.target : link.source;
}

/**
 * @param {{sources?: number[]}} thing
 * @returns {Source[]}
 */
function sourcesOf(thing) {
  return (thing.sources ?? []).map((number) => page.sources[number]);
}

/**
 * @template T
 * @param {T[]} things
 * @param {(thing: T) => string} field
 * @returns {Map<string, number>} how many there are of each
 */
function tally(things, field) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const thing of things) counts.set(field(thing), (counts.get(field(thing)) ?? 0) + 1);
  return counts;
}

/**
 * @param {string} id
 * @returns {HTMLElement} an element of the template
 */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

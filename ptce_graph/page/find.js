/** Finding by names, other names, identifiers, places and, for poles, by who is linked to them, whatever the case, the accents, the apostrophe. */

/**
 * @param {string} written
 * @returns {string} letters and digits without case or accent, words kept apart by one space
 */
function fold(written) {
  return written
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/œ/g, "oe")
    .replace(/æ/g, "ae")
    .replace(/ß/g, "ss")
    .replace(/ø/g, "o")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * What is searched of an actor; "Clus'Ter" is also found as "cluster", a SIREN with or without spaces.
 *
 * @typedef {{actor: Actor, names: string[], closed: string[], all: string}} Entry
 * @typedef {{actor: Actor, rank: number, alias: string, through?: Link}} Finding
 */

/**
 * @param {Actor} actor
 * @returns {Entry}
 */
function entryOf(actor) {
  const names = [actor.label, ...(actor.aliases ?? [])].map(fold);
  const codes = actor.identifiers ?? [];
  const closed = [...names, ...codes].map((written) => written.replace(/ /g, ""));
  const places = [actor.place ?? "", ...(actor.territories ?? []), ...(actor.themes ?? [])].map(fold);
  return { actor, names, closed, all: [...names, ...codes, fold(shortened(actor.id)), ...places].join(" ") };
}

/** @type {Entry[]|undefined} */
let entries;

/**
 * @param {string} written
 * @returns {Finding[]} the best first
 */
function find(written) {
  const wanted = fold(written);
  if (!wanted) return [];
  entries ??= actors.map(entryOf);
  const words = wanted.split(" ");
  const close = wanted.replace(/ /g, "");
  /** @type {Map<Actor, Finding>} */
  const found = new Map();
  for (const entry of entries) {
    const first = rankOf(entry, wanted, words, close);
    const rank = first === 3 && isPole(entry.actor) ? 2 : first;
    if (rank < 9) found.set(entry.actor, { actor: entry.actor, rank, alias: aliasFor(entry, words) });
  }
  addPoles(found);
  const { compare } = new Intl.Collator("fr");
  return [...found.values()].sort(
    (a, b) =>
      a.rank - b.rank ||
      Number(isPole(b.actor)) - Number(isPole(a.actor)) ||
      b.actor.links.length - a.actor.links.length ||
      compare(a.actor.label, b.actor.label),
  );
}

/**
 * Find the poles of those that are called so too, the poles that they coordinate first.
 *
 * @param {Map<Actor, Finding>} found
 */
function addPoles(found) {
  for (const { actor, rank } of [...found.values()]) {
    if (rank > 2 || isPole(actor)) continue;
    for (const link of actor.links) {
      const pole = otherEnd(link, actor);
      const near = link.role === "coordinator" ? 2 : 3;
      if (!isPole(pole) || (found.get(pole)?.rank ?? 9) <= near) continue;
      found.set(pole, { actor: pole, rank: near, alias: "", through: link });
    }
  }
}

/**
 * @param {Entry} entry
 * @param {string} wanted
 * @param {string[]} words
 * @param {string} close what is wanted, without spaces
 * @returns {number} 0 is best, 9 is not found
 */
function rankOf({ names, closed, all }, wanted, words, close) {
  const starts = (/** @type {string} */ written) => words.every((word) => ` ${written}`.includes(` ${word}`));
  if (names[0].startsWith(wanted)) return 0;
  if (starts(names[0])) return 1;
  if (names.slice(1).some(starts)) return 2;
  if (starts(all)) return 3;
  if (words.every((word) => all.includes(word))) return 4;
  return close.length > 2 && closed.some((written) => written.includes(close)) ? 5 : 9;
}

/**
 * @param {Entry} entry
 * @param {string[]} words
 * @returns {string} the other name that was meant, when the name itself does not say it
 */
function aliasFor({ actor, names }, words) {
  const says = (/** @type {string} */ written) => words.every((word) => written.includes(word));
  if (says(names[0])) return "";
  const number = names.findIndex((written, place) => place > 0 && says(written));
  return number > 0 ? (actor.aliases?.[number - 1] ?? "") : "";
}

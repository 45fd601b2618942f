// @ts-check
/* What answers a search: `ptceFind.find(query, language)` ranks the entries of `ptceIndex` with
   MiniSearch, as soon as `ptceFind.ready`. Words are found whatever their case and accents, by their beginning, and with a typing
   error or two; an entry that has more of the words comes first, and says which it has not. */
"use strict";

/** @typedef {[path: string, fr: string, en: string, kind: number, also: string, links?: (number | string)[]]} Entry */
/** @typedef {{path: string, name: string, about: string, missing: string[]}} Found */
/** @typedef {{found: Found[], mean: string, parts: boolean}} Answer */

(() => {
  const { entries, kinds, ways, ignored } = /** @type {any} */ (window).ptceIndex;
  const WEIGHTS = { "id/pole/": 4, "id/org/": 1.6, "id/call/": 1.4, "questions/": 1.2, "id/doc/": 0.7, "scheme/": 0.6, "ontology/": 0.4 };
  const ASKING = /\?|^\s*(qui|que|quel|combien|o[uù]|quand|comment|pourquoi|who|what|which|how|where|when|why)/i;
  const dull = new Set(fold(ignored).split(" "));
  /** How a word is written, by the word as it is compared. @type {Map<string, string>} */
  const spelt = new Map();
  /** The word as it is compared, by how it is written. @type {Map<string, string>} */
  const compared = new Map();

  /** @param {string} text */
  function fold(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
      .replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  }

  /** The words of a text; what an apostrophe or a point divides is a word as a whole too.
   * @param {string} text */
  function words(text) {
    return text.split(/\s+/).flatMap((part) => {
      const found = part.split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean);
      return found.length > 1 && found.length < 4 ? [...found, found.join("")] : found;
    });
  }

  /** @param {Entry} entry @param {string} language */
  function nameOf(entry, language) {
    return language === "en" && entry[2] ? entry[2] : entry[1];
  }

  /** All names of an entry. @param {Entry} entry */
  function texts(entry) {
    return `${entry[1]} ${entry[2]} ${entry[4]}`;
  }

  /** @param {Entry} entry */
  function tokens(entry) {
    return new Set(words(texts(entry)).map(fold));
  }

  /** @param {Entry} entry */
  function linked(entry) {
    /** @type {{way: Record<string, string>, entry: Entry}[]} */
    const found = [];
    const pairs = entry[5] || [];
    for (let place = 0; place < pairs.length; place += 2) {
      const to = pairs[place + 1];
      found.push({ way: ways[pairs[place]], entry: typeof to === "number" ? entries[to] : ["", to, "", 0, ""] });
    }
    return found;
  }

  const mini = new (/** @type {any} */ (window).MiniSearch)({
    fields: ["name", "also", "kind", "links"],
    tokenize: words,
    processTerm: (/** @type {string} */ term) => {
      let folded = compared.get(term);
      if (folded === undefined) {
        compared.set(term, (folded = fold(term)));
        if (!spelt.has(folded)) spelt.set(folded, term.toLowerCase());
      }
      return folded;
    },
  });
  const ready = mini.addAllAsync(entries.map((/** @type {Entry} */ entry, /** @type {number} */ id) => ({
    id,
    name: `${entry[1]} ${entry[2]}`,
    also: entry[4],
    kind: `${kinds[entry[3]].fr} ${kinds[entry[3]].en}`,
    links: linked(entry).map((link) => texts(link.entry)).join(" "),
  })), { chunkSize: 100 });
  const names = entries.map((/** @type {Entry} */ entry) => [entry[1], entry[2], ...entry[4].split(", ")].filter(Boolean).map(fold));
  const options = {
    prefix: true,
    fuzzy: (/** @type {string} */ term) => (term.length > 7 ? 2 : term.length > 3 ? 1 : 0),
    bm25: { k: 1.2, b: 0.2, d: 0.5 }, // a pole with many members is not less found by one
    boost: { name: 4, also: 3, links: 2 },
    processTerm: fold,
    boostDocument: (/** @type {number} */ id) => {
      const kind = Object.entries(WEIGHTS).find(([start]) => entries[id][0].startsWith(start));
      return kind ? kind[1] : 1;
    },
  };

  /** How near a name is to the query as a whole. @param {string[]} known @param {string} query */
  function nearness(known, query) {
    if (known.includes(query)) return 8;
    if (known.some((name) => name.startsWith(query))) return 4;
    return known.some((name) => ` ${name}`.includes(` ${query}`)) ? 3 : 1;
  }

  /** What the score of a hit is multiplied by: a pole is also as near as whom it is linked to,
   * but never nearer than what is called so. @param {number} id @param {string} query */
  function weight(id, query) {
    const own = nearness(names[id], query);
    if (own >= 3 || !entries[id][0].startsWith("id/pole/")) return own;
    return Math.max(own, ...linked(entries[id]).map((link) => Math.min(3, nearness([fold(nameOf(link.entry, "fr"))], query))));
  }

  /** By which link an entry was found, where its own names do not say it.
   * @param {any} hit @param {string} language */
  function reason(hit, language) {
    /** @param {string} word @param {boolean} own */
    const terms = (word, own) => Object.keys(hit.match).filter((term) =>
      hit.match[term].some((/** @type {string} */ field) => (field !== "links") === own) && (!own || term.startsWith(word)));
    const sought = hit.queryTerms.filter((/** @type {string} */ word) => !terms(word, true).length)
      .flatMap((/** @type {string} */ word) => terms(word, false));
    const [found] = linked(entries[hit.id])
      .map((link) => ({ ...link, count: sought.filter((/** @type {string} */ term) => tokens(link.entry).has(term)).length }))
      .sort((a, b) => b.count - a.count);
    return found && found.count ? `${found.way[language]}${language === "fr" ? "\u202f:" : ":"} ${nameOf(found.entry, language)}` : "";
  }

  /** @param {string} query @param {"fr" | "en"} language @returns {Answer} */
  function find(query, language) {
    const all = fold(query).split(" ").filter(Boolean);
    const telling = all.filter((word) => !dull.has(word));
    const sought = telling.length ? telling : all;
    if (!sought.length) return { found: [], mean: "", parts: false };
    const whole = fold(query);
    const hits = mini.search(sought.join(" "), { ...options, tokenize: (/** @type {string} */ text) => text.split(" ") });
    for (const hit of hits) {
      hit.count = new Set(hit.queryTerms).size;
      hit.score *= weight(hit.id, whole);
    }
    hits.sort((/** @type {any} */ a, /** @type {any} */ b) => b.count - a.count || b.score - a.score);
    if (ASKING.test(query)) {
      const place = hits.findIndex((/** @type {any} */ hit) => entries[hit.id][0].startsWith("questions/"));
      if (place > 1) hits.splice(1, 0, ...hits.splice(place, 1));
    }
    const distinct = new Set(sought);
    return {
      found: hits.map((/** @type {any} */ hit) => {
        const entry = entries[hit.id];
        const has = new Set(hit.queryTerms);
        return {
          path: `${entry[0]}.${language}.html`,
          name: nameOf(entry, language),
          get about() {
            return [kinds[entry[3]][language], reason(hit, language) || entry[4]].filter(Boolean).join(" · ");
          },
          missing: [...distinct].filter((word) => !has.has(word)),
        };
      }),
      mean: corrected(all, sought),
      parts: hits.length > 0 && hits[0].count < distinct.size,
    };
  }

  /** The most frequent of the words that differ by one letter, or by two. @param {string} word */
  function nearest(word) {
    for (const fuzzy of [1, 2].slice(0, options.fuzzy(word))) {
      /** @type {Map<string, number>} */
      const counts = new Map();
      for (const hit of mini.search(word, { fuzzy, processTerm: fold, boost: options.boost })) {
        for (const term of hit.terms) counts.set(term, (counts.get(term) || 0) + 1);
      }
      const [best] = [...counts].sort((a, b) => b[1] - a[1]);
      if (best) return best[0];
    }
    return "";
  }

  /** The query with words that are in the index in place of those that are not, or "".
   * @param {string[]} all @param {string[]} sought */
  function corrected(all, sought) {
    let changed = false;
    const said = all.map((word) => {
      if (!sought.includes(word) || mini.search(word, { prefix: true, processTerm: fold }).length) return word;
      const near = nearest(word);
      changed ||= near !== "";
      return near ? spelt.get(near) : word;
    });
    return changed ? said.join(" ") : "";
  }

  /** @type {any} */ (window).ptceFind = { find, ready };
})();

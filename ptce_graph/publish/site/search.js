// @ts-check
/* Search over everything, without a server: the index is a script beside this one.
   Words are found whatever their case and accents; each word of the query must be found. */
"use strict";

/** @typedef {[path: string, fr: string, en: string, kind: number, also: string]} Entry */
/** @type {{kinds: {fr: string, en: string}[], entries: Entry[]}} */
const index = /** @type {any} */ (window).ptceIndex;
const SHOWN = 100;

/** @param {string} text */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/** How well an entry answers: 0 not at all.
 * @param {string} name @param {string} rest @param {string[]} words */
function score(name, rest, words) {
  const all = ` ${name} ${rest}`;
  if (!words.every((word) => all.includes(word))) return 0;
  const query = words.join(" ");
  if (name === query) return 5;
  if (name.startsWith(query)) return 4;
  if (` ${name}`.includes(` ${query}`)) return 3;
  return words.every((word) => ` ${name}`.includes(word)) ? 2 : 1;
}

/** @param {string} query @param {"fr" | "en"} language */
function find(query, language) {
  const words = fold(query).split(" ").filter(Boolean);
  if (!words.length) return [];
  return index.entries
    .map((entry) => {
      const name = fold(language === "fr" ? entry[1] : entry[2] || entry[1]);
      const kind = index.kinds[entry[3]];
      const rest = fold(`${entry[1]} ${entry[2]} ${entry[4]} ${kind[language]}`);
      return { entry, score: score(name, rest, words) };
    })
    .filter((found) => found.score)
    .sort((a, b) => b.score - a.score || a.entry[3] - b.entry[3] || a.entry[1].localeCompare(b.entry[1]))
    .map((found) => found.entry);
}

function show() {
  const language = document.documentElement.lang === "en" ? "en" : "fr";
  const query = new URLSearchParams(location.search).get("q") || "";
  const input = /** @type {HTMLInputElement} */ (document.getElementById("q"));
  const status = /** @type {HTMLElement} */ (document.getElementById("status"));
  const results = /** @type {HTMLElement} */ (document.getElementById("results"));
  input.value = query;
  const other = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a.language"));
  if (other && query) other.search = location.search;
  if (!query.trim()) {
    input.focus();
    return;
  }
  const found = find(query, language);
  const say = found.length > SHOWN ? "cut" : found.length > 1 ? "some" : found.length ? "one" : "none";
  status.textContent = (status.dataset[say] || "")
    .replace("%d", String(found.length)).replace("%n", String(SHOWN));
  results.replaceChildren(...found.slice(0, SHOWN).map((entry) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `${entry[0]}.${language}.html`;
    link.textContent = language === "fr" ? entry[1] : entry[2] || entry[1];
    const about = document.createElement("small");
    about.textContent = [index.kinds[entry[3]][language], entry[4]].filter(Boolean).join(" · ");
    item.append(link, about);
    return item;
  }));
}

show();

/** The scripts of the page that need no browser, in a context of their own, over data that a test gives. */
import { readFileSync } from "node:fs";
import vm from "node:vm";

const FOLDER = new URL("../../ptce_graph/page/", import.meta.url);
const TEXTS = JSON.parse(readFileSync(new URL("texts.json", FOLDER), "utf-8"));

/**
 * @param {string[]} scripts names of files, without .js, in the order of the page
 * @param {object} data what differs from an empty page
 * @param {string} hash what stands after # in the address
 * @returns {(code: string) => any} evaluates an expression where the scripts have run
 */
export function load(scripts, data = {}, hash = "") {
  const page = {
    language: "fr",
    graph: { title: { fr: "Titre", en: "Title" }, description: { fr: "", en: "" }, date: "2024-11-21", licence: "" },
    texts: TEXTS,
    terms: [],
    sources: [],
    nodes: [],
    edges: [],
    layers: {},
    ...data,
  };
  const context = vm.createContext({
    document: { getElementById: () => ({ textContent: JSON.stringify(page) }) },
    location: { hash },
    history: {},
    URLSearchParams,
    Path2D: class {},
    hovered: null,
    TextEncoder,
    console,
  });
  for (const script of scripts) {
    const file = new URL(`${script}.js`, FOLDER);
    vm.runInContext(readFileSync(file, "utf-8"), context, { filename: file.pathname });
  }
  return (code) => {
    const found = vm.runInContext(`(${code})`, context);
    return typeof found === "object" && found ? structuredClone(found) : found;
  };
}

/** @returns {object} an actor with what every one has */
export function actor(id, more = {}) {
  return { id: `https://w3id.org/ptce/id/${id}`, label: id, lines: [id], x: 0, y: 0, size: 9, kind: "Association", kind_label: 0, ...more };
}

/** @returns {object} a link with what every one has */
export function link(id, from, to, more = {}) {
  return { id, from, to, layer: "membership", role: "member", role_label: 0, certainty: "stated", backing: "single", ...more };
}

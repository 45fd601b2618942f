// @ts-check
/* The search box of every page, with suggestions (the combobox of the ARIA practices guide), and the
   page of all results. The index is read when the box is first used: a script, so that it works from
   a folder, below any address and without a server. */
"use strict";

/** @typedef {{path: string, name: string, about: string, missing: string[]}} Found */

(() => {
  const own = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const root = new URL("../", own).href;
  const language = document.documentElement.lang === "en" ? "en" : "fr";
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById("q"));
  const form = input && input.form;
  if (!input || !form) return;
  const SUGGESTED = 8;
  const SHOWN = 100;
  let active = -1;

  const list = document.createElement("ul");
  list.id = "suggestions";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  form.append(list, told);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) input.setAttribute(name, value);

  /** @type {Promise<void> | undefined} */
  let ready;
  /** Read the index, once. */
  function load() {
    ready ??= ["minisearch.min.js", "index.js", "find.js"].reduce(
      (before, name) => before.then(() => new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = new URL(name, own).href;
        script.onload = () => done();
        script.onerror = failed;
        document.head.append(script);
      })),
      /** @type {Promise<void>} */ (Promise.resolve()),
    ).then(async () => {
      await /** @type {any} */ (window).ptceFind.ready;
      list.setAttribute("aria-label", said("results"));
    });
    return ready;
  }

  /** @param {string} key */
  function said(key) {
    return /** @type {string} */ (/** @type {any} */ (window).ptceIndex.say[language][key]);
  }

  /** @param {string} query */
  function find(query) {
    return /** @type {{found: Found[], mean: string, parts: boolean}} */ (
      /** @type {any} */ (window).ptceFind.find(query, language));
  }

  /** @param {{found: Found[], parts: boolean}} answer */
  function summary({ found, parts }) {
    if (found.length && parts) return said("parts");
    const key = found.length > SHOWN ? "cut" : found.length > 1 ? "some" : found.length ? "one" : "none";
    return said(key).replace("%d", String(found.length)).replace("%n", String(SHOWN));
  }

  /** What an entry is and why it was found. @param {Found} one */
  function about(one) {
    const line = document.createElement("small");
    line.textContent = one.about;
    if (one.missing.length) {
      line.append(" · ", said("without").replace("%s", one.missing.join(", ")));
    }
    return line;
  }

  /** @param {string} query */
  function address(query) {
    const page = new URL(/** @type {HTMLFormElement} */ (form).action);
    page.search = String(new URLSearchParams({ q: query }));
    return page.href;
  }

  function close() {
    list.hidden = true;
    active = -1;
    input?.setAttribute("aria-expanded", "false");
    input?.removeAttribute("aria-activedescendant");
  }

  /** @param {number} place */
  function activate(place) {
    const options = /** @type {HTMLElement[]} */ ([...list.children]);
    active = (place + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    options[active].scrollIntoView({ block: "nearest" });
    input?.setAttribute("aria-activedescendant", options[active].id);
  }

  /** @param {string} text @param {string} href @param {HTMLElement} [line] */
  function option(text, href, line) {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.id = `suggestion-${list.children.length}`;
    item.dataset.href = href;
    const name = document.createElement("span");
    name.textContent = text;
    item.append(name);
    if (line) item.append(line);
    list.append(item);
  }

  async function suggest() {
    const box = /** @type {HTMLInputElement} */ (input);
    await load();
    const query = box.value;
    if (!query.trim()) return close();
    const answer = find(query);
    list.replaceChildren();
    active = -1;
    box.removeAttribute("aria-activedescendant");
    if (answer.mean) option(`${said("mean")} «\u202f${answer.mean}\u202f»`.replace(/«\u202f|\u202f»/g, language === "en" ? '"' : "$&"), address(answer.mean));
    for (const one of answer.found.slice(0, SUGGESTED)) option(one.name, root + one.path, about(one));
    if (answer.found.length > SUGGESTED) option(`${said("all")} (${answer.found.length})`, address(query));
    told.textContent = summary(answer);
    list.hidden = !list.children.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
  }

  input.addEventListener("focus", load, { once: true });
  input.addEventListener("input", suggest);
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && list.hidden && input.value.trim()) void suggest().then(() => list.hidden || activate(0));
    else if (list.hidden) return;
    else if (event.key === "ArrowDown") activate(active + 1);
    else if (event.key === "ArrowUp") activate(active < 0 ? -1 : active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) location.href = String(/** @type {HTMLElement} */ (list.children[active]).dataset.href);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const chosen = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("[role=option]"));
    if (chosen) location.href = String(chosen.dataset.href);
  });

  /** Fill the page of results. @param {HTMLElement} results */
  async function show(results) {
    const box = /** @type {HTMLInputElement} */ (input);
    const status = /** @type {HTMLElement} */ (document.getElementById("status"));
    const query = new URLSearchParams(location.search).get("q") || "";
    box.value = query;
    const other = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a.language"));
    if (other && query) other.search = location.search;
    await load();
    if (!query.trim()) {
      status.textContent = said("start");
      return box.focus();
    }
    const answer = find(query);
    status.textContent = summary(answer);
    if (answer.mean) {
      const link = document.createElement("a");
      link.href = address(answer.mean);
      link.textContent = answer.mean;
      document.getElementById("mean")?.append(said("mean"), language === "fr" ? "\u202f: " : ": ", link, "\u202f?");
    }
    results.replaceChildren(...answer.found.slice(0, SHOWN).map((one) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = root + one.path;
      link.textContent = one.name;
      item.append(link, about(one));
      return item;
    }));
  }

  const results = document.getElementById("found");
  if (results) void show(results);
})();

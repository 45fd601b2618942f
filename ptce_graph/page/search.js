/** The search box: names, other names and places, whatever the case, the accents, the apostrophe. */
const SHOWN = 12;
const searchBox = document.getElementById("search");
const resultList = document.getElementById("results");
let results = [];
let active = -1;

/** @returns {string} letters and digits without case or accent, words kept apart by one space */
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

/** What is searched of each actor; "Clus'Ter" is also found as "cluster". */
const index = page.nodes.map((actor) => {
  const names = [actor.label, ...(actor.aliases ?? [])].map(fold);
  const closed = names.map((written) => written.replace(/ /g, ""));
  const places = [actor.place ?? "", ...(actor.territories ?? [])].map(fold);
  return { actor, names, closed, all: [...names, ...places].join(" ") };
});

/** @returns {{actor: Actor, rank: number, alias: string}[]} the best first */
function find(written) {
  const wanted = fold(written);
  if (!wanted) return [];
  const words = wanted.split(" ");
  const close = wanted.replace(/ /g, "");
  const found = [];
  for (const entry of index) {
    const first = rankOf(entry, wanted, words, close);
    const rank = first === 3 && entry.actor.kind === "Pole" ? 2 : first;
    if (rank < 9) found.push({ actor: entry.actor, rank, alias: aliasFor(entry, wanted, words) });
  }
  return found.sort(
    (a, b) =>
      a.rank - b.rank ||
      (b.actor.kind === "Pole") - (a.actor.kind === "Pole") ||
      linksOf.get(b.actor.id).length - linksOf.get(a.actor.id).length ||
      a.actor.label.localeCompare(b.actor.label, "fr"),
  );
}

function rankOf({ names, closed, all }, wanted, words, close) {
  const starts = (written) => words.every((word) => ` ${written}`.includes(` ${word}`));
  if (names[0].startsWith(wanted)) return 0;
  if (starts(names[0])) return 1;
  if (names.slice(1).some(starts)) return 2;
  if (starts(all)) return 3;
  if (words.every((word) => all.includes(word))) return 4;
  return close.length > 2 && closed.some((written) => written.includes(close)) ? 5 : 9;
}

/** @returns {string} the other name that was meant, when the name itself does not say it */
function aliasFor({ actor, names }, wanted, words) {
  const says = (written) => words.every((word) => written.includes(word));
  if (says(names[0])) return "";
  const number = names.findIndex((written, place) => place && says(written));
  return number > 0 ? actor.aliases[number - 1] : "";
}

function showResults() {
  const all = find(searchBox.value);
  results = all.slice(0, SHOWN);
  resultList.replaceChildren(...results.map(resultOption));
  if (all.length > results.length) {
    const said = text("results_cut", { n: all.length, shown: results.length });
    resultList.append(element("li", { class: "more", role: "presentation" }, said));
  }
  const nothing = !all.length && fold(searchBox.value) !== "";
  if (nothing) {
    resultList.append(element("li", { class: "more", role: "presentation" }, text("no_result")));
  }
  openResults(results.length > 0);
  if (nothing) resultList.hidden = false;
  activate(results.length ? 0 : -1);
  document.getElementById("search-count").textContent = !fold(searchBox.value)
    ? ""
    : all.length
      ? plural("results", all.length)
      : text("no_result");
  searchBox.classList.toggle("nothing", nothing);
}

function resultOption({ actor, alias }, number) {
  const where = [term(actor.kind_label), actor.place].filter(Boolean).join(", ");
  const option = element(
    "li",
    { id: `result-${number}`, role: "option", "aria-selected": "false" },
    symbol(actor.kind),
    element("span", { class: "found" }, name(actor.label), element("small", {}, where)),
  );
  if (alias) option.lastChild.append(element("small", {}, text("also", { name: alias })));
  option.addEventListener("pointerdown", (event) => event.preventDefault());
  option.addEventListener("click", () => choose(number));
  return option;
}

function openResults(open) {
  resultList.hidden = !open;
  searchBox.setAttribute("aria-expanded", String(open));
  if (!open) activate(-1);
}

function activate(number) {
  active = number;
  for (const [place, option] of [...resultList.querySelectorAll("[role=option]")].entries()) {
    option.setAttribute("aria-selected", String(place === number));
    if (place === number) option.scrollIntoView({ block: "nearest" });
  }
  if (number < 0) searchBox.removeAttribute("aria-activedescendant");
  else searchBox.setAttribute("aria-activedescendant", `result-${number}`);
}

function choose(number) {
  const { actor } = results[number];
  searchBox.value = actor.label;
  openResults(false);
  select({ actor: actor.id }, { focus: true, centre: true });
}

/** Keys in the search box. @returns {boolean} whether the key was used */
function searchKey(key) {
  const open = !resultList.hidden;
  if (key === "Escape" && open) openResults(false);
  else if (key === "Enter" && open && active >= 0) choose(active);
  else if (key === "ArrowDown" && !open) showResults();
  else if (key === "ArrowDown") activate((active + 1) % results.length);
  else if (key === "ArrowUp" && open) activate((active + results.length - 1) % results.length);
  else return false;
  return true;
}

function startSearch() {
  searchBox.addEventListener("input", showResults);
  searchBox.addEventListener("blur", () => openResults(false));
  searchBox.addEventListener("focus", () => searchBox.select());
  searchBox.addEventListener("keydown", (event) => {
    if (event.isComposing || !searchKey(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** The search box and its list of results. */
const SHOWN = 12;
const searchBox = /** @type {HTMLInputElement} */ (byId("search"));
const resultList = byId("results");
/** @type {Finding[]} */
let results = [];
let active = -1;

function showResults() {
  const all = find(searchBox.value);
  results = all.slice(0, SHOWN);
  resultList.replaceChildren(...results.map(resultOption));
  const asked = fold(searchBox.value) !== "";
  const nothing = asked && !all.length;
  if (all.length > results.length) addRemark(text("results_cut", { n: count(all.length), shown: results.length }));
  if (nothing) addRemark(text("no_result"));
  openResults(results.length > 0);
  if (nothing) resultList.hidden = false;
  activate(results.length ? 0 : -1);
  byId("search-count").textContent = !asked ? "" : nothing ? text("no_result") : plural("results", all.length);
  searchBox.classList.toggle("nothing", nothing);
}

/** @param {string} said */
function addRemark(said) {
  resultList.append(element("li", { class: "more", role: "presentation" }, said));
}

/**
 * @param {Finding} finding
 * @param {number} number
 */
function resultOption({ actor, alias, through }, number) {
  const where = [term(actor.kind_label), actor.place].filter(Boolean).join(", ");
  const found = element("span", { class: "found" }, bdi(actor.label), element("small", {}, where));
  if (through) found.append(element("small", {}, `${term(through.role_label)} – `, bdi(otherEnd(through, actor).label)));
  if (alias) found.append(element("small", {}, text("also", { name: alias })));
  return element(
    "li",
    {
      id: `result-${number}`,
      role: "option",
      "aria-selected": "false",
      pointerdown: (event) => event.preventDefault(),
      click: () => take(number),
    },
    symbol(actor.kind),
    found,
  );
}

/** @param {boolean} open */
function openResults(open) {
  resultList.hidden = !open;
  searchBox.setAttribute("aria-expanded", String(open));
  if (!open) activate(-1);
}

/** @param {number} number */
function activate(number) {
  active = number;
  for (const [place, option] of [...resultList.querySelectorAll("[role=option]")].entries()) {
    option.setAttribute("aria-selected", String(place === number));
    if (place === number) option.scrollIntoView({ block: "nearest" });
  }
  if (number < 0) searchBox.removeAttribute("aria-activedescendant");
  else searchBox.setAttribute("aria-activedescendant", `result-${number}`);
}

/** @param {number} number */
function take(number) {
  const { actor } = results[number];
  searchBox.value = actor.label;
  openResults(false);
  choose({ actor: actor.id }, { focus: true, centre: true });
}

/**
 * Keys in the search box.
 *
 * @param {string} key
 * @returns {boolean} whether the key was used
 */
function searchKey(key) {
  const open = !resultList.hidden;
  if (key === "Escape" && open) openResults(false);
  else if (key === "Enter" && open && active >= 0) take(active);
  else if (key === "ArrowDown" && !open) showResults();
  else if (key === "ArrowDown" && results.length) activate((active + 1) % results.length);
  else if (key === "ArrowUp" && open && results.length) activate((active + results.length - 1) % results.length);
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

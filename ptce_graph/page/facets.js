/** The choices that narrow the picture, each with what it would keep; a choice of nothing is hidden. */
const filtersBox = /** @type {HTMLDetailsElement} */ (byId("filters"));
const FIRST = 10; // values of a facet that are shown before one asks for all

/** @type {Set<string>} facets of which all values are shown */
const unrolled = new Set();

/** @type {Map<string, number>} numbers of terms by their French text */
const termNumbers = new Map(page.terms.map(({ fr }, number) => [fr, number]));
/** @type {Map<string, number>} */
const roleNumbers = new Map(links.map((link) => [link.role, link.role_label]));
/** @type {Map<string, Source>} */
const sourcesByIri = new Map(page.sources.map((source) => [source.iri, source]));

/**
 * @param {string} facet
 * @param {string} value
 * @returns {string} what a value is called
 */
function valueLabel(facet, value) {
  if (facet === "kind") return kindLabel(value);
  if (facet === "role") return capital(term(roleNumbers.get(value) ?? -1) || value);
  if (facet === "backing" || facet === "certainty") return capital(hasText(value) ? text(value) : value);
  const source = facet === "source" && sourcesByIri.get(value);
  if (source) return [source.publisher, source.title].filter(Boolean).join(" — ") || value;
  const number = termNumbers.get(value);
  return capital(number === undefined ? value : term(number));
}

function chosenCount() {
  return [...state.filters.values()].reduce((sum, values) => sum + values.size, 0);
}

function showFilters() {
  const chosen = chosenCount();
  byId("filters-title").textContent = text("filters") + (chosen ? ` (${chosen})` : "");
  byId("kept").textContent = keptText();
  if (!filtersBox.open) return;
  const open = new Set(
    [.../** @type {NodeListOf<HTMLDetailsElement>} */ (filtersBox.querySelectorAll("details[open]"))].map(
      (facet) => facet.dataset.facet,
    ),
  );
  const reset = button(text("clear"), () => {
    state.filters.clear();
    change();
    filtersBox.querySelector("summary")?.focus();
  });
  if (!chosen) reset.setAttribute("disabled", "");
  byId("facets").replaceChildren(reset, ...FACETS.flatMap((facet) => facetBox(facet, open.has(facet.key))));
}

/** @returns {string} how much is kept, when something is left out */
function keptText() {
  const all = shown.matched.size === actors.length && shown.links.size === links.length;
  if (all) return "";
  return text("kept", { actors: plural("actors_around", shown.matched.size), links: plural("links", shown.links.size) });
}

/**
 * @param {Facet} facet
 * @param {boolean} open
 * @returns {HTMLElement[]}
 */
function facetBox({ key }, open) {
  const kept = state.filters.get(key) ?? new Set();
  const counted = new Map(shown.counts.get(key));
  for (const value of kept) if (!counted.has(value)) counted.set(value, 0);
  if (!counted.size) return [];
  const { compare } = new Intl.Collator(language);
  const values = [...counted]
    .map(([value, number]) => ({ value, number, label: valueLabel(key, value) }))
    .sort((a, b) => Number(kept.has(b.value)) - Number(kept.has(a.value)) || b.number - a.number || compare(a.label, b.label));
  const first = unrolled.has(key) ? values : values.slice(0, FIRST);
  const list = element("ul", {}, ...first.map((value) => valueItem(key, value, kept.has(value.value))));
  const box = element("details", { "data-facet": key }, element("summary", {}, `${text(key)} (${count(values.length)})`), list);
  if (open || kept.size) box.setAttribute("open", "");
  if (values.length > first.length) {
    const all = button(text("all_values", { n: count(values.length) }), () => {
      unrolled.add(key);
      showFilters();
      /** @type {HTMLElement|null} */ (byId("facets").querySelector(`[data-facet=${key}] li:nth-child(${FIRST + 1}) input`))?.focus();
    });
    box.append(all);
  }
  return [box];
}

/**
 * @param {string} facet
 * @param {{value: string, number: number, label: string}} value
 * @param {boolean} checked
 */
function valueItem(facet, { value, number, label }, checked) {
  const box = element("input", { type: "checkbox", value, checked, change: (event) => keep(facet, value, event.target.checked) });
  return element("li", {}, element("label", {}, box, element("span", {}, bdi(label), ` (${count(number)})`)));
}

/**
 * Keep, or no longer keep, what has a value.
 *
 * @param {string} facet
 * @param {string} value
 * @param {boolean} kept
 */
function keep(facet, value, kept) {
  const values = state.filters.get(facet) ?? new Set();
  if (kept) values.add(value);
  else values.delete(value);
  if (values.size) state.filters.set(facet, values);
  else state.filters.delete(facet);
  change();
  showAll(true);
  const box = [.../** @type {NodeListOf<HTMLInputElement>} */ (byId("facets").querySelectorAll(`[data-facet=${facet}] input`))];
  box.find((input) => input.value === value)?.focus();
  say(keptText() || text("cleared"));
}

function startFilters() {
  filtersBox.addEventListener("toggle", showFilters);
}

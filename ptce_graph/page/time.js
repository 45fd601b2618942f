/** The slider over the years. */
const yearBox = /** @type {HTMLInputElement} */ (byId("year"));
const datedBox = /** @type {HTMLInputElement} */ (byId("dated"));
const years = span(links);

function showYears() {
  byId("years").hidden = !years;
  if (!years) return;
  datedBox.checked = state.year !== null;
  yearBox.disabled = state.year === null;
  yearBox.value = String(state.year ?? years[1]);
  byId("year-said").textContent = state.year === null ? text("all_years") : yearText(state.year);
}

/**
 * @param {number} year
 * @returns {string} what is known of that year
 */
function yearText(year) {
  const found = tally([...shown.links], (link) => presence(link, year));
  const names = { certain: "n_certain", possible: "n_possible", unknown: "n_unknown" };
  const parts = Object.entries(names).map(([key, name]) => `${count(found.get(key) ?? 0)} ${text(name)}`);
  return `${year} : ${parts.join(", ")}`;
}

/** @param {number|null} year */
function showYear(year) {
  state.year = year;
  change();
  if (year !== null) say(yearText(year));
}

function startYears() {
  if (!years) return;
  [yearBox.min, yearBox.max] = years.map(String);
  yearBox.addEventListener("input", () => showYear(Number(yearBox.value)));
  datedBox.addEventListener("change", () => showYear(datedBox.checked ? Number(yearBox.value) : null));
}

/** The language of the page, and what is said in it. */
let language = page.language;

/** @typedef {Record<string, string|number>} Values */

/**
 * @param {string} key
 * @param {Values} [values]
 * @returns {string} a text of the catalogue, {names} replaced
 */
function text(key, values = {}) {
  return fill(page.texts[language][key], values);
}

/** @param {string} key */
function hasText(key) {
  return key in page.texts[language];
}

/**
 * @param {string} written
 * @returns {string} a text with a capital first letter
 */
function capital(written) {
  return written.charAt(0).toLocaleUpperCase(language) + written.slice(1);
}

/**
 * @param {string} key
 * @param {number} n
 * @param {Values} [values]
 * @returns {string} a text that depends on a number
 */
function plural(key, n, values = {}) {
  const forms = page.texts[language][key];
  const form = forms[new Intl.PluralRules(language).select(n)] ?? forms.other;
  return fill(form, { n: count(n), ...values });
}

/** @param {number} n */
function count(n) {
  return n.toLocaleString(language);
}

/**
 * @param {string} form
 * @param {Values} values
 */
function fill(form, values) {
  return form.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {boolean} whether two names say the same, capitals aside
 */
function same(one, other) {
  return one.toLocaleLowerCase() === other.toLocaleLowerCase();
}

/** @param {string} [amount] a number as the data have it, or any text */
function euros(amount = "") {
  if (!amount || !Number.isFinite(Number(amount))) return amount;
  return Number(amount).toLocaleString(language, { style: "currency", currency: "EUR", minimumFractionDigits: 0 });
}

/**
 * @param {number} [number]
 * @returns {string} a text of the data, by its number; nothing without one
 */
function term(number = -1) {
  return page.terms[number]?.[language] ?? "";
}

/**
 * @param {string} written
 * @returns {string} a date of the data in words; what is no date stays as it is
 */
function date(written) {
  const parts = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(written);
  if (!parts || !parts[2]) return written;
  const day = new Date(Date.UTC(+parts[1], +parts[2] - 1, +(parts[3] ?? 1)));
  /** @type {Intl.DateTimeFormatOptions} */
  const form = { year: "numeric", month: "long", timeZone: "UTC" };
  if (parts[3]) form.day = "numeric";
  const locale = language === "en" ? "en-GB" : language;
  return new Intl.DateTimeFormat(locale, form).format(day).replace(/^1 /, language === "fr" ? "1er " : "1 ");
}

/**
 * @param {Link} link
 * @returns {string} since when, until when, or when a link was seen
 */
function period(link) {
  const said = [];
  for (const [key, written] of [
    ["since", link.valid_from],
    ["until", link.valid_until],
    ["observed", link.observed_in],
  ]) {
    if (!written) continue;
    const day = /^\d{4}-\d\d-\d\d$/.test(written) ? "_day" : "";
    said.push(text(key + day, { date: date(written) }));
  }
  return said.join(" ") || text("undated");
}

/**
 * @param {Source} source
 * @returns {string} who says it and when, short
 */
function shortSource(source) {
  const name = source.publisher || source.title || source.iri;
  return source.date ? `${name}, ${date(source.date)}` : name;
}

/**
 * @param {string} iri
 * @returns {string} "CC BY 4.0" for the address of a licence that is well known
 */
function licenceName(iri) {
  const creative = /creativecommons\.org\/licenses\/([a-z-]+)\/([\d.]+)/.exec(iri);
  if (creative) return `CC ${creative[1].toUpperCase()} ${creative[2]}`;
  if (/creativecommons\.org\/publicdomain\/zero/.test(iri)) return "CC0 1.0";
  if (/opendatacommons\.org\/licenses\/odbl/.test(iri)) return "ODbL 1.0";
  return /etalab/.test(iri) ? "Licence Ouverte 2.0" : iri;
}

/** Put the texts of the template in the language of the page. */
function translateTemplate() {
  document.documentElement.lang = language;
  document.title = page.graph.title[language];
  byId("title").textContent = page.graph.title[language];
  /** @type {(attribute: string) => [HTMLElement, string][]} */
  const marked = (attribute) =>
    [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-${attribute}]`))].map((place) => [
      place,
      text(place.getAttribute(`data-${attribute}`) ?? ""),
    ]);
  for (const [place, said] of marked("text")) place.textContent = said;
  for (const [place, said] of marked("hint")) place.setAttribute("placeholder", said);
  for (const [place, said] of marked("label")) {
    place.setAttribute("aria-label", said);
    if (place.tagName === "BUTTON") place.title = said;
  }
  for (const place of document.querySelectorAll("[data-language]")) {
    place.setAttribute("aria-pressed", String(place.getAttribute("data-language") === language));
  }
}

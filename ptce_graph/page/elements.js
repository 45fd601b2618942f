/**
 * Elements are made here. Texts of the data only ever become text nodes.
 *
 * @param {string} name of the element
 * @param {Record<string, string|number|boolean|((event: any) => void)>} settings attributes; a function listens
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
function element(name, settings = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(settings)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false) made.setAttribute(key, String(value));
  }
  made.append(...children);
  return made;
}

/**
 * @param {string} name of an SVG element
 * @param {Record<string, string|number>} settings
 * @param {...(Node|string)} children
 */
function svg(name, settings, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(settings)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/**
 * A name of the data: kept apart from the direction of the text around it.
 *
 * @param {string} label
 */
function bdi(label) {
  return element("bdi", {}, label);
}

/**
 * @param {Node|string} label
 * @param {(event: Event) => void} click
 * @param {Record<string, string|boolean>} settings
 */
function button(label, click, settings = {}) {
  return element("button", { type: "button", click, ...settings }, label);
}

/**
 * A way out of the page; nothing is fetched before somebody follows it.
 *
 * @param {string|undefined} address
 * @param {string} label
 */
function outside(address, label) {
  if (!/^https?:\/\//i.test(address ?? "")) return bdi(label);
  return element("a", { href: address ?? "", rel: "noopener noreferrer" }, bdi(label));
}

/**
 * Where a thing is described: its page in the site that this page is part of, or its lasting address.
 *
 * @param {string} iri
 */
function described(iri) {
  const { site } = page;
  if (!site || !iri.startsWith(`${site.base}id/`)) return outside(iri, iri);
  return element("a", { href: `${iri.slice(site.base.length)}.${language}.html` }, bdi(iri));
}

/**
 * A name that shows the actor's details.
 *
 * @param {Actor} actor
 */
function actorButton(actor) {
  return button(bdi(actor.label), () => choose({ actor: actor.id }, { focus: true, centre: true }), { class: "actor" });
}

/**
 * Title, publisher and date of a document.
 *
 * @param {Source} source
 */
function sourceLine(source) {
  const line = element("li", {}, outside(source.url, source.title || source.iri));
  const rest = [source.publisher, source.date && date(source.date)].filter(Boolean).join(", ");
  if (rest) line.append(" — ", bdi(rest));
  if (source.version) line.append(` (${text("other_version")})`);
  return line;
}

/** The key of a document in a note: a word with a hyphen, or what stands in parentheses, between commas. */
const DOCUMENT = /((?<=\((?:[a-z0-9-]+, )*)[a-z0-9-]+(?=(?:, [a-z0-9-]+)*\))|\b[a-z0-9]+(?:-[a-z0-9]+)+\b)/;
/** @type {Map<string, Source>} */
const documentsByKey = new Map(page.sources.map((source) => [source.iri.split("/").pop() ?? "", source]));

/**
 * A note, in which documents are called by their titles.
 *
 * @param {string} written
 * @returns {Node|string}
 */
function noteText(written) {
  const parts = written.split(DOCUMENT).map((part, number) => {
    const source = number % 2 ? documentsByKey.get(part) : undefined;
    return source?.title ? outside(source.url, source.title) : part;
  });
  return parts.length > 1 ? element("bdi", {}, ...parts) : written;
}

/** @param {{sources?: number[]}} thing */
function sourceList(thing) {
  return element("ul", { class: "sources" }, ...sourcesOf(thing).map(sourceLine));
}

/**
 * Names and values, one under the other; empty values are left out.
 *
 * @param {[string, string|Node|Node[]|undefined][]} pairs
 */
function facts(pairs) {
  const list = element("dl");
  for (const [key, value] of pairs) {
    if (!value || (Array.isArray(value) && !value.length)) continue;
    list.append(element("dt", {}, key));
    for (const part of Array.isArray(value) ? value : [value])
      list.append(element("dd", {}, typeof part === "string" ? bdi(part) : part));
  }
  return list;
}

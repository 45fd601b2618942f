/** Every link in a table: what the picture shows, for a keyboard, a screen reader and paper. */
const tableBox = /** @type {HTMLDetailsElement} */ (byId("table"));
/** @type {Record<string, (link: Link) => string>} */
const COLUMNS = {
  who: (link) => link.source.label,
  role: (link) => term(link.role_label),
  with: (link) => link.target.label,
  layer: (link) => layerLabel(link.layer),
  period: (link) => period(link),
  certainty: (link) => text(link.certainty),
  sources: (link) => sourcesOf(link).map(shortSource).join(" "),
};
let sortedBy = "with";
let descending = false;

/** Fill the table, when it is open, with the links of the layers that are drawn. */
function showTable() {
  if (!tableBox.open) return;
  const compare = new Intl.Collator("fr", { numeric: true }).compare;
  const rows = links
    .filter(isOpen)
    .map((link) => ({ link, key: COLUMNS[sortedBy](link) }))
    .sort((a, b) => (descending ? -1 : 1) * compare(a.key, b.key) || (a.link.id < b.link.id ? -1 : 1));
  const caption = element("caption", {}, plural("table_caption", rows.length));
  const head = element("thead", {}, element("tr", {}, ...Object.keys(COLUMNS).map(columnHead)));
  const body = element("tbody", {}, ...rows.map(({ link }) => row(link)));
  tableBox.querySelector(".scroll")?.replaceChildren(element("table", {}, caption, head, body));
}

/** @param {string} column */
function columnHead(column) {
  const sort = column !== sortedBy ? "none" : descending ? "descending" : "ascending";
  const mark = { ascending: " ▲", descending: " ▼", none: "" }[sort];
  const label = column === "sources" ? text("saying_documents") : text(column);
  const sorter = button(label + mark, () => sortBy(column), { "aria-label": text("sort", { column: label }) });
  return element("th", { scope: "col", "aria-sort": sort, "data-column": column, "data-title": label }, sorter);
}

/** @param {string} column */
function sortBy(column) {
  descending = sortedBy === column && !descending;
  sortedBy = column;
  showTable();
  /** @type {HTMLElement|null} */ (tableBox.querySelector(`[data-column=${column}] button`))?.focus();
}

/** @param {Link} link */
function row(link) {
  const { source, target } = link;
  const open = button(term(link.role_label), () => choose({ link: link.id }, { focus: true, centre: true }), {
    class: "actor",
    "aria-label": `${term(link.role_label)}. ${text("dossier_of", { source: source.label, target: target.label })}`,
  });
  const documents = element("ul", {}, ...sourcesOf(link).map(sourceLine));
  const cells = [layerLabel(link.layer), period(link), text(link.certainty)];
  return element(
    "tr",
    {},
    element("td", {}, actorButton(source)),
    element("td", {}, open),
    element("td", {}, actorButton(target)),
    ...cells.map((cell) => element("td", {}, cell)),
    element("td", {}, link.sources ? documents : text("no_source")),
  );
}

function startTable() {
  tableBox.addEventListener("toggle", showTable);
  addEventListener("beforeprint", () => {
    tableBox.open = true;
    showTable();
  });
}

/** Every link in a table: what the picture shows, for a keyboard, a screen reader and paper. */
const tableBox = document.getElementById("table");
const COLUMNS = {
  who: (link) => actors.get(link.from).label,
  role: (link) => term(link.role_label),
  with: (link) => actors.get(link.to).label,
  layer: (link) => text(link.layer),
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
  const rows = page.edges
    .filter((link) => shownLayers.has(link.layer))
    .map((link) => ({ link, key: COLUMNS[sortedBy](link) }))
    .sort((a, b) => compare(a.key, b.key) * (descending ? -1 : 1) || (a.link.id < b.link.id ? -1 : 1));
  const table = element(
    "table",
    {},
    element("caption", {}, plural("table_caption", rows.length)),
    element("thead", {}, element("tr", {}, ...Object.keys(COLUMNS).map(columnHead))),
    element("tbody", {}, ...rows.map(({ link }) => row(link))),
  );
  tableBox.querySelector(".scroll").replaceChildren(table);
}

function columnHead(column) {
  const sort = sortedBy === column ? (descending ? "descending" : "ascending") : "none";
  const mark = { ascending: " ▲", descending: " ▼", none: "" }[sort];
  const label = column === "sources" ? text("saying_documents") : text(column);
  const sorter = button(label + mark, () => sortBy(column), {
    "aria-label": text("sort", { column: label }),
  });
  const settings = { scope: "col", "aria-sort": sort, "data-column": column, "data-title": label };
  return element("th", settings, sorter);
}

function sortBy(column) {
  descending = sortedBy === column && !descending;
  sortedBy = column;
  showTable();
  tableBox.querySelector(`[data-column=${column}] button`).focus();
}

function row(link) {
  const [source, target] = [actors.get(link.from), actors.get(link.to)];
  const open = button(term(link.role_label), () => select({ link: link.id }, { focus: true, centre: true }), {
    class: "actor",
    "aria-label": `${term(link.role_label)}. ${text("dossier_of", { source: source.label, target: target.label })}`,
  });
  const documents = element("ul", {}, ...sourcesOf(link).map(sourceLine));
  return element(
    "tr",
    {},
    element("td", {}, actorButton(source)),
    element("td", {}, open),
    element("td", {}, actorButton(target)),
    ...[text(link.layer), period(link), text(link.certainty)].map((cell) => element("td", {}, cell)),
    element("td", {}, link.sources ? documents : text("no_source")),
  );
}

function startTable() {
  tableBox.addEventListener("toggle", showTable);
  window.addEventListener("beforeprint", () => {
    tableBox.open = true;
    showTable();
  });
}

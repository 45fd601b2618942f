/** The twin of the picture: its links and its actors as tables, and an outline; in step with it. */
const twinBox = /** @type {HTMLDetailsElement} */ (byId("table"));
const twinBody = byId("twin-body");
const wordsBox = /** @type {HTMLInputElement} */ (byId("words"));
const ROWS = 500; // shown before one asks for more; all of them on paper

let paper = false;

/** @type {Record<string, (link: Link) => string>} */
const LINK_COLUMNS = {
  who: (link) => link.source.label,
  role: (link) => term(link.role_label),
  with: (link) => link.target.label,
  layer: (link) => layerLabel(link.layer),
  period: (link) => period(link),
  certainty: (link) => certaintyText(link),
  documents: (link) => sourcesOf(link).map(shortSource).join(" "),
};

/** @type {Record<string, (actor: Actor) => string>} */
const ACTOR_COLUMNS = {
  name: (actor) => actor.label,
  kind: (actor) => capital(term(actor.kind_label)),
  place: (actor) => actor.place ?? "",
  region: (actor) => actor.region ?? "",
  n_poles: (actor) => String(polesOf(actor)),
  n_links: (actor) => String(actor.links.filter(isOpen).length),
};

/** @param {Link} link */
function certaintyText(link) {
  const certainty = hasText(link.certainty) ? text(link.certainty) : link.certainty;
  return state.year === null ? certainty : `${certainty}, ${text(presence(link, state.year))}`;
}

/** @param {Actor} actor */
function polesOf(actor) {
  return new Set(actor.links.filter(isOpen).map((link) => otherEnd(link, actor)).filter(isPole)).size;
}

/** Fill what is open of the twin with what is drawn. */
function showTwin() {
  twinBox.open = state.twin !== "" || paper;
  for (const tab of twinBox.querySelectorAll("[data-twin]")) {
    tab.setAttribute("aria-pressed", String(tab.getAttribute("data-twin") === (state.twin || "links")));
  }
  if (wordsBox.value !== state.words) wordsBox.value = state.words;
  if (!twinBox.open) return;
  if (state.twin === "outline" && !paper) twinBody.replaceChildren(...outline());
  else if (state.twin === "actors" && !paper) twinBody.replaceChildren(actorTable());
  else twinBody.replaceChildren(linkTable());
}

/** @returns {(written: string) => boolean} whether a row holds all the words that were written */
function holdsWords() {
  const words = fold(state.words).split(" ").filter(Boolean);
  return (written) => {
    const folded = words.length ? fold(written) : "";
    return words.every((word) => folded.includes(word));
  };
}

/**
 * @template T
 * @param {T[]} things
 * @param {Record<string, (thing: T) => string>} columns
 * @returns {T[]} those whose cells hold the words, sorted by the column that was chosen
 */
function sortedRows(things, columns) {
  const [column, descending] = sorting(columns);
  const compare = new Intl.Collator("fr", { numeric: true }).compare;
  const holds = holdsWords();
  return things
    .map((thing) => ({ thing, key: columns[column](thing) }))
    .filter(({ thing }) => !state.words || holds(Object.values(columns).map((cell) => cell(thing)).join(" ")))
    .sort((a, b) => (descending ? -1 : 1) * compare(a.key, b.key))
    .map(({ thing }) => thing);
}

/**
 * @param {Record<string, unknown>} columns
 * @returns {[string, boolean]} the column to sort by, and whether downwards
 */
function sorting(columns) {
  const column = state.sort.replace("-", "");
  const usual = "with" in columns ? "with" : "name";
  return column in columns ? [column, state.sort.startsWith("-")] : [usual, false];
}

function linkTable() {
  const rows = sortedRows(links.filter(isOpen), LINK_COLUMNS);
  return table(plural("table_caption", rows.length), LINK_COLUMNS, rows, linkRow);
}

function actorTable() {
  const rows = sortedRows(actors.filter((actor) => shown.actors.has(actor)), ACTOR_COLUMNS);
  return table(plural("actors_around", rows.length), ACTOR_COLUMNS, rows, actorRow);
}

/**
 * @template T
 * @param {string} caption
 * @param {Record<string, (thing: T) => string>} columns
 * @param {T[]} things
 * @param {(thing: T) => HTMLElement} row
 */
function table(caption, columns, things, row) {
  const head = element("tr", {}, ...Object.keys(columns).map((column) => columnHead(column, columns)));
  const body = element("tbody");
  const made = element("table", {}, element("caption", {}, caption), element("thead", {}, head), body);
  const more = (/** @type {number} */ from) => {
    const until = paper ? things.length : from + ROWS;
    body.append(...things.slice(from, until).map(row));
    if (things.length <= until) return;
    const next = element("tr", { class: "more" }, element("td", { colspan: Object.keys(columns).length }));
    next.firstChild?.appendChild(
      button(text("more_rows", { n: count(things.length - until) }), () => {
        next.remove();
        more(until);
      }),
    );
    body.append(next);
  };
  more(0);
  return made;
}

/**
 * @param {string} column
 * @param {Record<string, unknown>} columns
 */
function columnHead(column, columns) {
  const [sorted, descending] = sorting(columns);
  const sort = column !== sorted ? "none" : descending ? "descending" : "ascending";
  const mark = { ascending: " ▲", descending: " ▼", none: "" }[sort];
  const label = text(column === "documents" ? "saying_documents" : column);
  const sorter = button(label + mark, () => sortBy(column, sort === "ascending"), { "aria-label": text("sort", { column: label }) });
  return element("th", { scope: "col", "aria-sort": sort, "data-column": column, "data-title": label }, sorter);
}

/**
 * @param {string} column
 * @param {boolean} descending
 */
function sortBy(column, descending) {
  state.sort = (descending ? "-" : "") + column;
  remember();
  showTwin();
  /** @type {HTMLElement|null} */ (twinBody.querySelector(`[data-column=${column}] button`))?.focus();
}

/** @param {Link} link */
function linkRow(link) {
  const { source, target } = link;
  const open = button(term(link.role_label), () => choose({ link: link.id }, { focus: true, centre: true }), {
    class: "actor",
    "aria-label": `${term(link.role_label)}. ${text("dossier_of", { source: source.label, target: target.label })}`,
  });
  const cells = [layerLabel(link.layer), period(link), certaintyText(link)];
  return element(
    "tr",
    link.id === state.link ? { "aria-current": "true" } : {},
    element("td", {}, actorButton(source)),
    element("td", {}, open),
    element("td", {}, actorButton(target)),
    ...cells.map((cell) => element("td", {}, cell)),
    element("td", {}, link.sources ? element("ul", {}, ...sourcesOf(link).map(sourceLine)) : text("no_source")),
  );
}

/** @param {Actor} actor */
function actorRow(actor) {
  const cells = Object.entries(ACTOR_COLUMNS).slice(1).map(([, cell]) => element("td", {}, bdi(cell(actor))));
  return element("tr", actor.id === state.actor ? { "aria-current": "true" } : {}, element("td", {}, actorButton(actor)), ...cells);
}

function startTwin() {
  twinBox.addEventListener("toggle", () => {
    if (paper || twinBox.open === (state.twin !== "")) return;
    state.twin = twinBox.open ? "links" : "";
    remember();
    showTwin();
  });
  for (const tab of twinBox.querySelectorAll("[data-twin]")) {
    tab.addEventListener("click", () => {
      state.twin = /** @type {State["twin"]} */ (tab.getAttribute("data-twin"));
      state.sort = "";
      remember();
      showTwin();
    });
  }
  wordsBox.addEventListener("input", () => {
    state.words = wordsBox.value;
    remember();
    showTwin();
    say(twinBody.querySelector("caption, p")?.textContent ?? "");
  });
  const print = (/** @type {boolean} */ on) => () => {
    paper = on;
    document.documentElement.classList.toggle("paper", on); // in light colours, whatever the screen has
    readPalette();
    showTwin();
    showMap();
    paintNow();
  };
  addEventListener("beforeprint", print(true));
  addEventListener("afterprint", print(false));
}

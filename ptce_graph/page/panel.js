/** The details of an actor, the dossier of a link, or what the page is. */
const panel = document.getElementById("panel");
const LEADING = ["coordinator", "co-coordinator", "successor-coordinator", "founder", "member"];

/** @type {string|null} the actor from which a dossier was opened */
let cameFrom = null;

function showPanel() {
  if (selection?.actor) {
    cameFrom = selection.actor;
    panel.replaceChildren(...actorDetails(actors.get(selection.actor)));
  } else if (selection?.link) panel.replaceChildren(...dossier(links.get(selection.link)));
  else {
    cameFrom = null;
    panel.replaceChildren(...introduction());
  }
  panel.classList.toggle("open", Boolean(selection));
  panel.scrollTop = 0;
}

function heading(...parts) {
  return element("h2", { id: "panel-title", tabindex: "-1" }, ...parts);
}

function closeButton() {
  return button("×", () => select(null, { focus: true }), {
    class: "close",
    "aria-label": text("close"),
    title: text("close"),
  });
}

function actorDetails(actor) {
  const terms = (numbers) => (numbers ?? []).map(term).join(", ");
  const parts = [
    closeButton(),
    heading(symbol(actor.kind), name(actor.label)),
    facts([
      [text("kind"), capital(term(actor.kind_label))],
      [text("place"), actor.place],
      [text("functions"), terms(actor.functions)],
      [text("statuses"), terms(actor.statuses)],
      [text("aliases"), (actor.aliases ?? []).join(" ; ")],
      [text("homepage"), (actor.homepages ?? []).map((address) => outside(address, address))],
    ]),
    ...linkGroups(actor),
  ];
  if (actor.sources) parts.push(element("h3", {}, text("sources")), sourceList(actor));
  const more = [
    [text("note"), actor.note],
    [text("identifier"), outside(actor.id, actor.id)],
  ];
  parts.push(facts(more));
  return parts;
}

/** The links of an actor, grouped by role, those who lead first. */
function linkGroups(actor) {
  const groups = new Map();
  const order = (link) => [
    Object.keys(LAYERS).indexOf(link.layer),
    (LEADING.indexOf(link.role) + LEADING.length + 1) % (LEADING.length + 1),
  ];
  for (const link of linksOf.get(actor.id)) {
    const title = groupTitle(link, link.from === actor.id);
    if (!groups.has(title)) groups.set(title, { order: order(link), links: [] });
    groups.get(title).links.push(link);
  }
  if (!groups.size) return [element("p", { class: "quiet" }, text("no_link"))];
  const sorted = [...groups].sort(
    ([one, a], [other, b]) =>
      a.order[0] - b.order[0] || a.order[1] - b.order[1] || one.localeCompare(other, language),
  );
  return sorted.flatMap(([title, group]) => [
    element("h3", {}, `${title} (${group.links.length.toLocaleString(language)})`),
    element("ul", { class: "links" }, ...sortedByName(group.links, actor).map((link) => linkItem(link, actor))),
  ]);
}

function groupTitle(link, outgoing) {
  const role = term(link.role_label);
  if (link.layer !== "membership") return text("layer_role", { layer: text(link.layer), role });
  return outgoing ? text("own_role", { role }) : capital(role);
}

function sortedByName(group, actor) {
  const label = (link) => otherEnd(link, actor.id).label;
  return [...group].sort((a, b) => label(a).localeCompare(label(b), "fr"));
}

function linkItem(link, actor) {
  const other = otherEnd(link, actor.id);
  const about = element("p", { class: "about" }, `${period(link)} · ${text(link.certainty)} · ${text("says")} `);
  const sources = sourcesOf(link);
  sources.forEach((source, number) => {
    const shown = outside(source.url, shortSource(source));
    if (source.title) shown.title = source.title;
    about.append(number ? " ; " : "", shown);
  });
  if (!sources.length) about.append(text("no_source"));
  const open = button(text("dossier"), () => select({ link: link.id }, { focus: true }), {
    class: "dossier",
    "aria-label": text("dossier_of", { source: actors.get(link.from).label, target: actors.get(link.to).label }),
  });
  return element("li", {}, symbol(other.kind), element("div", {}, actorButton(other), about, open));
}

function sourceList(thing) {
  return element("ul", { class: "sources" }, ...sourcesOf(thing).map(sourceLine));
}

/** Everything that is known of one link, and which documents say it. */
function dossier(link) {
  const [source, target] = [actors.get(link.from), actors.get(link.to)];
  const parts = [closeButton()];
  if (cameFrom) {
    const back = text("back", { name: actors.get(cameFrom).label });
    parts.push(button(`← ${back}`, () => select({ actor: cameFrom }, { focus: true }), { class: "back" }));
  }
  parts.push(heading(text("dossier")));
  if (!shownLayers.has(link.layer)) parts.push(element("p", { class: "quiet" }, text("hidden_layer")));
  parts.push(
    facts([
      [text("who"), withSymbol(source)],
      [text("role"), term(link.role_label)],
      [text("with"), withSymbol(target)],
      [text("period"), period(link)],
      [text("layer"), element("span", {}, lineSample(link.layer, link.certainty), text(link.layer))],
      [text("certainty"), text(link.certainty)],
      [text("amount"), link.amount],
      [text("note"), link.note],
    ]),
    element("h3", {}, `${text("saying_documents")} (${sourcesOf(link).length})`),
    link.sources ? sourceList(link) : element("p", { class: "quiet" }, text("no_source")),
    facts([[text("identifier"), outside(link.iri, link.iri)]]),
  );
  return parts;
}

function withSymbol(actor) {
  return element("span", { class: "end" }, symbol(actor.kind), actorButton(actor));
}

/** What the page is, how to read it, how to cite it, and all poles by name. */
function introduction() {
  const { title, description } = page.graph;
  const poles = page.nodes
    .filter((actor) => actor.kind === "Pole")
    .sort((a, b) => a.label.localeCompare(b.label, "fr"));
  const cited = { title: title[language], date: said(dataDate(), "."), counts: counts() };
  const documents = plural("documents", page.sources.length);
  return [
    heading(text("about")),
    element("p", {}, description[language]),
    element("h3", {}, text("reading")),
    element("p", {}, text("reading_text")),
    element("p", {}, text("search_help")),
    element("h3", {}, text("saying")),
    element("p", {}, text("saying_text", { documents })),
    element("h3", {}, text("citing")),
    element("p", { class: "cite" }, text("citing_text", cited)),
    element("h3", {}, `${text("all_poles")} (${poles.length.toLocaleString(language)})`),
    element("ul", { class: "poles" }, ...poles.map((pole) => element("li", {}, actorButton(pole)))),
  ];
}

/** @returns {string} a text that begins with a capital and ends with a mark, or nothing */
function said(written, mark) {
  return written && capital(written) + mark;
}

/** The details of an actor. */
const panel = byId("panel");
const LEADING = ["coordinator", "co-coordinator", "successor-coordinator", "founder", "member"];

/** @type {string} the actor from which a dossier was opened, or "" */
let cameFrom = "";

function showPanel() {
  const [actor, link] = [actorsById.get(state.actor), linksById.get(state.link)];
  cameFrom = actor ? actor.id : link ? cameFrom : "";
  panel.replaceChildren(
    ...(actor
      ? actorDetails(actor)
      : link
        ? dossier(link)
        : state.place
          ? placeDetails(state.place)
          : state.view === "map"
            ? placeLists()
            : introduction()),
  );
  panel.classList.toggle("open", Boolean(actor || link || state.place));
  panel.scrollTop = 0;
}

/** @param {(Node|string)[]} parts */
function heading(...parts) {
  return element("h2", { id: "panel-title", tabindex: "-1" }, ...parts);
}

function closeButton() {
  const settings = { class: "close", "aria-label": text("close"), title: text("close") };
  return button("×", () => choose(null, { focus: true }), settings);
}

/** @param {Actor} actor */
function actorDetails(actor) {
  const terms = (/** @type {number[]|undefined} */ numbers) => (numbers ?? []).map(term).join(", ");
  const parts = [
    closeButton(),
    heading(symbol(actor.kind), bdi(actor.label)),
    ...ownPage(actor.id),
    ...(shown.actors.has(actor) ? [stepControls(actor)] : [element("p", { class: "quiet" }, text("hidden_actor"))]),
    facts([
      [text("kind"), capital(term(actor.kind_label))],
      [text("legal_form"), terms(actor.legal_forms)],
      [text("place"), actor.place],
      [text("sector"), terms(actor.sectors)],
      [text("themes"), (actor.themes ?? []).join(", ")],
      [text("call"), terms(actor.calls)],
      [text("functions"), terms(actor.functions)],
      [text("statuses"), terms(actor.statuses)],
      [text("aliases"), (actor.aliases ?? []).join(" ; ")],
      [text("homepage"), (actor.homepages ?? []).map((address) => outside(address, address))],
    ]),
    ...(actor.broker === undefined ? [] : [element("p", { class: "broker" }, bdi(term(actor.broker)))]),
    ...linkGroups(actor),
    ...measureList(actor),
  ];
  if (actor.sources) parts.push(element("h3", {}, text("sources")), sourceList(actor));
  parts.push(
    facts([
      [text("note"), noteText(term(actor.note))],
      [text("codes"), (actor.identifiers ?? []).join(", ")],
      [text("identifier"), described(actor.id)],
    ]),
  );
  return parts;
}

/**
 * @param {string} iri of a thing
 * @returns {Node[]} the way to its page, when this page is part of a site
 */
function ownPage(iri) {
  if (!page.site) return [];
  const link = described(iri);
  link.textContent = text("own_page");
  return [element("p", { class: "own" }, link)];
}

/**
 * The measures of an actor, what each means, and the place that it gives it.
 *
 * @param {Actor} actor
 */
function measureList(actor) {
  if (!actor.measures) return [];
  const list = element("dl");
  for (const [place, { label, definition }] of Object.values(page.measures).entries()) {
    const value = actor.measures[place];
    const better = actors.filter((other) => (other.measures?.[place] ?? 0) > value).length;
    const written = value.toLocaleString(language, { maximumSignificantDigits: 3 });
    list.append(
      element("dt", {}, capital(label[language])),
      element("dd", {}, text("measure", { value: written, rank: count(better + 1), all: count(actors.length) }), element("small", {}, definition[language])),
    );
  }
  return [element("details", { class: "measures" }, element("summary", {}, text("measures")), list)];
}

/**
 * How far around the actor one looks, and what one more step would add.
 *
 * @param {Actor} actor
 */
function stepControls(actor) {
  const more = moreLinks(new Map([...(scene.lit ?? [])].map((lit) => [lit, 0])), isOpen);
  const sizes = { "aria-label": text("fewer_steps"), title: text("fewer_steps"), disabled: state.steps === 1 };
  const larger = { "aria-label": text("more_steps"), title: text("more_steps"), disabled: !more || state.steps === STEPS };
  const said = more ? plural("more_links", more) : text("no_more_links");
  const around = plural("steps", state.steps, { actors: plural("actors_around", (scene.lit?.size ?? 1) - 1) });
  return element(
    "div",
    { class: "steps", role: "group", "aria-label": text("around", { name: actor.label }) },
    button("−", () => walk(state.steps - 1, "fewer"), { ...sizes, "data-step": "fewer" }),
    button("+", () => walk(state.steps + 1, "more"), { ...larger, "data-step": "more" }),
    element("span", {}, `${around} ${said}`),
  );
}

/**
 * @param {number} steps
 * @param {string} [pressed] the button that keeps the focus
 */
function walk(steps, pressed) {
  if (!state.actor || steps < 1 || steps > STEPS || steps === state.steps) return;
  state.steps = steps;
  change();
  centreOn(scene.lit ?? []);
  if (pressed) /** @type {HTMLElement|null} */ (panel.querySelector(`[data-step=${pressed}]`))?.focus();
  say(panel.querySelector(".steps span")?.textContent ?? "");
}

/**
 * The links of an actor, grouped by role, those who lead first.
 *
 * @param {Actor} actor
 */
function linkGroups(actor) {
  /** @type {Map<string, {order: number[], links: Link[]}>} */
  const groups = new Map();
  for (const link of actor.links) {
    const title = groupTitle(link, link.source === actor);
    const leading = (LEADING.indexOf(link.role) + LEADING.length + 1) % (LEADING.length + 1);
    const group = groups.get(title) ?? { order: [Object.keys(LAYERS).indexOf(link.layer), leading], links: [] };
    group.links.push(link);
    groups.set(title, group);
  }
  if (!groups.size) return [element("p", { class: "quiet" }, text("no_link"))];
  const sorted = [...groups].sort(
    ([one, a], [other, b]) =>
      a.order[0] - b.order[0] || a.order[1] - b.order[1] || one.localeCompare(other, language),
  );
  return sorted.flatMap(([title, group]) => [
    element("h3", {}, `${title} (${count(group.links.length)})`),
    element("ul", { class: "links" }, ...sortedByName(group.links, actor).map((link) => linkItem(link, actor))),
  ]);
}

/**
 * @param {Link} link
 * @param {boolean} outgoing
 */
function groupTitle(link, outgoing) {
  const role = term(link.role_label);
  const layer = layerLabel(link.layer);
  if (link.layer !== "membership") return same(layer, role) ? layer : text("layer_role", { layer, role });
  return outgoing ? text("own_role", { role }) : capital(role);
}

/**
 * @param {Link[]} group
 * @param {Actor} actor
 */
function sortedByName(group, actor) {
  const { compare } = new Intl.Collator("fr");
  return [...group].sort((a, b) => compare(otherEnd(a, actor).label, otherEnd(b, actor).label));
}

/**
 * @param {Link} link
 * @param {Actor} actor
 */
function linkItem(link, actor) {
  const other = otherEnd(link, actor);
  const about = element("p", { class: "about" }, `${period(link)} · ${text(link.certainty)} · ${text("says")} `);
  const sources = sourcesOf(link);
  sources.forEach((source, number) => {
    const shownSource = outside(source.url, shortSource(source));
    if (source.title) shownSource.title = source.title;
    about.append(number ? " ; " : "", shownSource);
  });
  if (!sources.length) about.append(text("no_source"));
  const open = button(text("dossier"), () => choose({ link: link.id }, { focus: true }), {
    class: "dossier",
    "aria-label": text("dossier_of", { source: link.source.label, target: link.target.label }),
  });
  return element("li", {}, symbol(other.kind), element("div", {}, actorButton(other), about, open));
}

/** The dossier of a link: what is said of it, by whom, and what else is said of the same two. */

/** @param {Link} link */
function dossier(link) {
  const { source, target } = link;
  const parts = [closeButton()];
  const from = actorsById.get(cameFrom);
  if (from) {
    const back = text("back", { name: from.label });
    parts.push(button(`← ${back}`, () => choose({ actor: from.id }, { focus: true }), { class: "back" }));
  }
  parts.push(heading(text("dossier")));
  if (!isOpen(link)) parts.push(element("p", { class: "quiet" }, text("hidden_link")));
  const line = element("span", {}, lineSample(link.layer, BACKINGS[link.backing]), text(link.backing));
  parts.push(
    facts([
      [text("who"), withSymbol(source)],
      [text("role"), same(layerLabel(link.layer), term(link.role_label)) ? "" : term(link.role_label)],
      [text("with"), withSymbol(target)],
      [text("period"), period(link)],
      [text("layer"), layerLabel(link.layer)],
      [text("certainty"), text(link.certainty)],
      [text("backing"), line],
      [text("amount"), euros(link.amount)],
      [text("note"), noteText(term(link.note))],
    ]),
    element("h3", {}, `${text("saying_documents")} (${sourcesOf(link).length})`),
    link.sources ? sourceList(link) : element("p", { class: "quiet" }, text("no_source")),
    ...otherStatements(link),
    facts([[text("identifier"), described(link.iri ?? link.id)]]),
  );
  return parts;
}

/** @param {Actor} actor */
function withSymbol(actor) {
  return element("span", { class: "end" }, symbol(actor.kind), actorButton(actor));
}

/**
 * Whether another statement on the same two speaks for a link, says something else, or cannot be true
 * with it: the same role at a time that the link excludes.
 *
 * @param {Link} link
 * @param {Link} other
 * @returns {"for"|"against"|"beside"}
 */
function bearing(link, other) {
  const same = link.layer === other.layer && link.role === other.role && link.from === other.from;
  if (!same) return "beside";
  const years = [other.valid_from, other.valid_until, other.observed_in].map(yearOf).filter((year) => year === year);
  return years.some((year) => presence(link, year) === "absent") ? "against" : "for";
}

/** @param {Link} link */
function otherStatements(link) {
  const others = link.source.links.filter((other) => other !== link && otherEnd(other, link.source) === link.target);
  const titles = { for: "statements_for", against: "statements_against", beside: "statements_beside" };
  return Object.entries(titles).flatMap(([kind, title]) => {
    const found = others.filter((other) => bearing(link, other) === kind);
    if (!found.length) return [];
    return [
      element("h3", {}, `${text(title)} (${found.length})`),
      element("ul", { class: "links" }, ...found.map(statement)),
    ];
  });
}

/** @param {Link} link */
function statement(link) {
  const said = text("statement", { source: link.source.label, role: term(link.role_label), target: link.target.label });
  const open = button(bdi(said), () => choose({ link: link.id }, { focus: true }), { class: "actor" });
  const about = element("p", { class: "about" }, `${period(link)} · ${text(link.certainty)}`);
  return element("li", {}, element("div", {}, open, about, sourceList(link)));
}

/** The network as an outline: regions, their poles, and who has which role there. */

/** @returns {HTMLElement[]} */
function outline() {
  const { compare } = new Intl.Collator("fr");
  const holds = holdsWords();
  const poles = actors
    .filter((actor) => isPole(actor) && shown.actors.has(actor) && holds(`${actor.label} ${actor.region ?? ""} ${actor.place ?? ""}`))
    .sort((a, b) => compare(a.label, b.label));
  /** @type {Map<string, Actor[]>} */
  const regions = new Map();
  for (const pole of poles) {
    const region = pole.region ?? "";
    const there = regions.get(region);
    if (there) there.push(pole);
    else regions.set(region, [pole]);
  }
  const sorted = [...regions].sort(([one], [other]) => Number(!one) - Number(!other) || compare(one, other));
  return [
    element("p", { class: "quiet" }, plural("poles", poles.length)),
    ...sorted.map(([region, there]) =>
      element(
        "section",
        {},
        element("h3", {}, bdi(region || text("no_region")), ` (${count(there.length)})`),
        element("ul", { class: "outline" }, ...there.map((pole) => element("li", {}, poleOutline(pole)))),
      ),
    ),
  ];
}

/**
 * A pole that opens on its links; they are listed when it is opened.
 *
 * @param {Actor} pole
 */
function poleOutline(pole) {
  const open = pole.links.filter(isOpen);
  const box = element("details", {}, element("summary", {}, bdi(pole.label), ` (${plural("links", open.length)})`));
  const fillIn = () => {
    if (box.childElementCount > 1) return;
    const items = sortedByName(open, pole).map((link) => {
      const role = button(term(link.role_label), () => choose({ link: link.id }, { focus: true, centre: true }), {
        class: "actor",
        "aria-label": `${term(link.role_label)}. ${text("dossier_of", { source: link.source.label, target: link.target.label })}`,
      });
      return element("li", {}, actorButton(otherEnd(link, pole)), " — ", role, `, ${period(link)}`);
    });
    box.append(element("p", {}, actorButton(pole)), element("ul", {}, ...items));
  };
  box.addEventListener("toggle", fillIn);
  if (pole.id === state.actor) {
    box.setAttribute("open", "");
    fillIn();
  }
  return box;
}

/** Who is where, in words: for the map, and for those who do not see it. */

/** @param {string} code of a département */
function choosePlace(code) {
  state.actor = state.link = "";
  state.place = code;
  change(true);
  byId("panel-title").focus({ preventScroll: true });
  say(text("selected", { name: departementName(code) }));
}

/**
 * The actors of a département.
 *
 * @param {string} code
 */
function placeDetails(code) {
  const there = located().byCode.get(code) ?? [];
  return [
    closeButton(),
    heading(`${departementName(code)} (${code})`),
    element("p", { class: "quiet" }, plural("actors_around", there.length)),
    actorList(there),
  ];
}

/** Every département that has someone, who is known by a region only, and who has no place. */
function placeLists() {
  const { byCode, byRegion, nowhere } = located();
  const { compare } = new Intl.Collator("fr");
  const names = [...byCode].map(([code, there]) => ({ code, name: departementName(code), many: there.length }));
  const items = names
    .sort((a, b) => compare(a.name, b.name))
    .map(({ code, name, many }) =>
      element("li", {}, button(bdi(name), () => choosePlace(code), { class: "actor" }), ` (${count(many)})`),
    );
  return [
    heading(text("where")),
    element("p", {}, text("where_text")),
    element("h3", {}, `${text("departements")} (${count(items.length)})`),
    element("ul", { class: "poles" }, ...items),
    element("h3", {}, `${text("by_region")} (${count(byRegion.length)})`),
    actorList(byRegion),
    element("h3", {}, `${text("nowhere")} (${count(nowhere.length)})`),
    actorList(nowhere),
  ];
}

const LISTED = 500;

/** @param {Actor[]} some */
function actorList(some) {
  const { compare } = new Intl.Collator("fr");
  const sorted = [...some].sort((a, b) => compare(a.place ?? "", b.place ?? "") || compare(a.label, b.label));
  const list = element("ul", { class: "links" });
  const more = (/** @type {number} */ from) => {
    list.append(
      ...sorted.slice(from, from + LISTED).map((actor) =>
        element("li", {}, symbol(actor.kind), element("div", {}, actorButton(actor), element("p", { class: "about" }, actor.place ?? ""))),
      ),
    );
    if (sorted.length <= from + LISTED) return;
    const item = element("li", {}, button(text("more_rows", { n: count(sorted.length - from - LISTED) }), () => {
      item.remove();
      more(from + LISTED);
    }));
    list.append(item);
  };
  more(0);
  return list;
}

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

const LISTED = 200; // actors of a list that are shown before one asks for more

/**
 * @param {Actor[]} some
 * @param {(actor: Actor) => string} [order] what they are sorted by: their place, or else
 * @param {string} [style]
 */
function actorList(some, order = ({ place, label }) => `${place ?? ""} ${label}`, style = "links") {
  const { compare } = new Intl.Collator("fr", { numeric: true });
  const sorted = some.map((actor) => ({ actor, key: order(actor) })).sort((a, b) => compare(a.key, b.key));
  const list = element("ul", { class: style });
  const item = (/** @type {Actor} */ actor) =>
    style === "poles"
      ? element("li", {}, actorButton(actor))
      : element("li", {}, symbol(actor.kind), element("div", {}, actorButton(actor), element("p", { class: "about" }, actor.place ?? "")));
  const more = (/** @type {number} */ from) => {
    list.append(...sorted.slice(from, from + LISTED).map(({ actor }) => item(actor)));
    if (sorted.length <= from + LISTED) return;
    const next = element("li", {}, button(text("more_rows", { n: count(sorted.length - from - LISTED) }), () => {
      next.remove();
      more(from + LISTED);
    }));
    list.append(next);
  };
  more(0);
  return list;
}

/** The legend: the kinds that are drawn, the layers to switch, and what the lines say. */

/** @returns {string[]} the kinds of actor there are, in the order of the legend */
function kindsThere() {
  const counted = tally([...shown.actors], (actor) => actor.kind);
  return [...new Set([...KINDS, ...counted.keys()])].filter((kind) => counted.get(kind));
}

/** @param {string} kind */
function kindLabel(kind) {
  const example = actors.find((actor) => actor.kind === kind);
  return capital(example ? term(example.kind_label) : kind);
}

/** @param {string} layer */
function layerLabel(layer) {
  return hasText(layer) ? text(layer) : capital(page.layers[layer]?.[language] ?? layer);
}

/** @returns {string[]} the layers there are, in the order of the legend */
function layersThere() {
  const counted = tally(links, (link) => link.layer);
  return Object.keys(LAYERS).filter((layer) => counted.get(layer));
}

/** @returns {[string, {width: number, dashes: number[]}][]} what lines say now, and how */
function stylesThere() {
  if (state.year !== null) return Object.entries(TIMES);
  const there = tally(links, (link) => link.backing);
  return Object.entries(BACKINGS).filter(([backing]) => there.get(backing));
}

function showLegend() {
  const counted = tally([...shown.actors], (actor) => actor.kind);
  byId("kinds").replaceChildren(
    ...kindsThere().map((kind) =>
      element("li", {}, symbol(kind), `${kindLabel(kind)} (${count(counted.get(kind) ?? 0)})`),
    ),
  );
  byId("layers").replaceChildren(...layersThere().map(layerItem));
  byId("styles-title").textContent = text(state.year === null ? "backings" : "times", { year: String(state.year) });
  byId("styles").replaceChildren(
    ...stylesThere().map(([key, style]) => element("li", {}, lineSample("membership", style), text(key))),
  );
}

/** @param {string} layer */
function layerItem(layer) {
  const drawn = [...shown.links].filter((link) => link.layer === layer).length;
  const box = element("input", {
    type: "checkbox",
    value: layer,
    checked: !state.hidden.has(layer),
    change: (event) => {
      if (event.target.checked) state.hidden.delete(layer);
      else state.hidden.add(layer);
      change();
      /** @type {HTMLElement|null} */ (byId("layers").querySelector(`input[value="${CSS.escape(layer)}"]`))?.focus();
    },
  });
  const all = links.filter((link) => link.layer === layer).length;
  const number = state.hidden.has(layer) ? all : drawn;
  return element("li", {}, element("label", {}, box, lineSample(layer, BACKINGS.single), `${layerLabel(layer)} (${count(number)})`));
}

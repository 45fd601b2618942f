/** What is chosen, which layers are drawn, and what happens when that changes. */

/** @type {{actor: string}|{link: string}|null} */
let selection = null;
const shownLayers = new Set(Object.keys(LAYERS));

/**
 * Choose an actor, a link, or nothing.
 *
 * @param {{actor: string}|{link: string}|null} chosen
 * @param {{focus?: boolean, centre?: boolean}} how focus: go and read it; centre: move the picture
 */
function select(chosen, { focus = false, centre = false } = {}) {
  selection = chosen;
  highlight();
  showPanel();
  if (centre && chosen) centreOn([...lit]);
  if (focus && chosen) document.getElementById("panel-title").focus({ preventScroll: false });
  if (focus && !chosen) searchBox.focus();
  const label = chosen?.actor ? actors.get(chosen.actor).label : chosen && text("dossier");
  say(label ? text("selected", { name: label }) : text("cleared"));
}

/** Tell those who do not see the picture. */
function say(sentence) {
  document.getElementById("said").textContent = sentence;
}

function showLayer(layer, shown) {
  if (shown) shownLayers.add(layer);
  else shownLayers.delete(layer);
  highlight();
  showTable();
  if (selection) showPanel();
}

/** @returns {string} how much there is */
function counts() {
  const poles = page.nodes.filter((actor) => actor.kind === "Pole").length;
  return [
    plural("poles", poles),
    plural("actors", page.nodes.length - poles),
    plural("links", page.edges.length),
    plural("documents", page.sources.length),
  ].join(", ");
}

function dataDate() {
  return page.graph.date ? text("data_of", { date: date(page.graph.date) }) : "";
}

/** Say everything in the language that was chosen. */
function speak(chosen) {
  language = chosen;
  translateTemplate();
  document.getElementById("counts").textContent = [counts(), dataDate()].filter(Boolean).join(" · ");
  document.getElementById("date").textContent = said(dataDate(), ".");
  const licence = document.getElementById("licence");
  licence.textContent = licenceName(page.graph.licence);
  if (/^https?:\/\//.test(page.graph.licence)) licence.href = page.graph.licence;
  describePicture();
  showLegend();
  showPanel();
  showTable();
  network.redraw();
}

function typing(target) {
  return target.closest?.("input:not([type=checkbox]), textarea, select") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && selection) select(null, { focus: panel.contains(event.target) });
  else if (event.key === "/" && !typing(event.target)) searchBox.focus();
  else return;
  event.preventDefault();
});
for (const choice of document.querySelectorAll("[data-language]")) {
  choice.addEventListener("click", () => speak(choice.dataset.language));
}
startPicture();
startSearch();
startTable();
speak(language);
document.documentElement.dataset.ready = "true";

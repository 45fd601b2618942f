/** What happens when the reader chooses, filters, speaks another language, or goes back. */

const someAreFolded = actors.some(({ hub }) => hub !== undefined);
const everyoneBox = /** @type {HTMLInputElement} */ (byId("everyone"));
const regionsBox = /** @type {HTMLInputElement} */ (byId("regions"));

/**
 * Choose an actor, a link, or nothing.
 *
 * @param {{actor?: string, link?: string}|null} chosen
 * @param {{focus?: boolean, centre?: boolean}} [how] focus: go and read it; centre: move the picture
 */
function choose(chosen, { focus = false, centre = false } = {}) {
  state.actor = chosen?.actor ?? "";
  state.link = chosen?.link ?? "";
  state.place = "";
  state.steps = 1;
  change(true);
  if (centre && scene.lit) centreOn(scene.lit);
  if (focus && chosen) byId("panel-title").focus({ preventScroll: false });
  if (focus && !chosen) searchBox.focus();
  const label = actorsById.get(state.actor)?.label ?? (state.link && text("dossier"));
  say(label ? text("selected", { name: label }) : text("cleared"));
}

/**
 * Bring everything in step with the state.
 *
 * @param {boolean} [step] whether "back" comes back here
 */
function change(step = false) {
  shown = filtered(state);
  stage();
  remember(step);
  describePicture();
  showTools();
  showFilters();
  showYears();
  showLegend();
  showPanel();
  showTwin();
  showMap();
  redraw();
}

/** Bring the switches in step with the state. */
function showTools() {
  for (const choice of document.querySelectorAll("[data-view]")) {
    choice.setAttribute("aria-pressed", String(choice.getAttribute("data-view") === state.view));
  }
  everyoneBox.checked = state.everyone;
  regionsBox.checked = state.regions === "before";
  byId("everyone-label").hidden = state.view === "map" || actors.length > CROWD || !someAreFolded;
  byId("regions-label").hidden = state.view !== "map";
}

function startTools() {
  everyoneBox.addEventListener("change", () => {
    state.everyone = everyoneBox.checked;
    change();
    if (!state.camera) showAll(true);
  });
  regionsBox.addEventListener("change", () => {
    state.regions = regionsBox.checked ? "before" : "now";
    change();
  });
  for (const choice of document.querySelectorAll("[data-view]")) {
    choice.addEventListener("click", () => {
      state.view = choice.getAttribute("data-view") === "map" ? "map" : "network";
      if (state.view === "network") state.place = "";
      change(true);
      if (state.view === "network") resize();
    });
  }
  for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll(".menu"))) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary")?.focus();
      event.stopPropagation();
    });
  }
}

/**
 * Tell those who do not see the picture.
 *
 * @param {string} sentence
 */
function say(sentence) {
  byId("said").textContent = sentence;
}

/**
 * Say everything in the language that was chosen.
 *
 * @param {Language} spoken
 */
function speak(spoken) {
  language = state.language = spoken;
  translateTemplate();
  byId("counts").textContent = [counts(), dataDate()].filter(Boolean).join(" · ");
  byId("date").textContent = said(dataDate(), ".");
  if (page.site) byId("home").setAttribute("href", page.site.home[language]);
  const licence = byId("licence");
  licence.textContent = licenceName(page.graph.licence);
  if (/^https?:\/\//.test(page.graph.licence)) licence.setAttribute("href", page.graph.licence);
  change();
}

/** Take the state from the address, as after "back". */
function recall() {
  state = decode(location.hash.slice(1), page.language);
  speak(state.language);
  camera = state.camera ?? wholeCamera();
  redraw();
}

/** @param {EventTarget|null} target */
function typing(target) {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]):not([type=range]), textarea, select");
}

/**
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key was used
 */
function pageKey({ key, target }) {
  if (key === "Escape" && (state.actor || state.link || state.place)) {
    choose(null, { focus: target instanceof Node && panel.contains(target) });
    return true;
  }
  if (typing(target)) return false;
  if (key === "/") searchBox.focus();
  else if (state.actor && key === "+") walk(state.steps + 1);
  else if (state.actor && key === "-") walk(state.steps - 1);
  else if (state.actor && /^[1-9]$/.test(key)) walk(Number(key));
  else return target === pictureBox && pictureKey(key);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!event.ctrlKey && !event.metaKey && !event.altKey && pageKey(event)) event.preventDefault();
});
for (const choice of document.querySelectorAll("[data-language]")) {
  choice.addEventListener("click", () => speak(choice.getAttribute("data-language") === "en" ? "en" : "fr"));
}
addEventListener("popstate", recall);
startPicture();
startSearch();
startTwin();
startFilters();
startYears();
startDownloads();
startTools();
speak(state.language);
if (new URLSearchParams(location.hash.slice(1)).has("actor") && !state.camera) centreOn(scene.lit ?? []);
if (top === self) searchBox.focus({ preventScroll: true });
document.documentElement.dataset.ready = "true";

/** What the page is, how to read it, to cite it, to correct it, and all poles by name. */

/** @returns {string} how much there is in all */
function counts() {
  const poles = actors.filter(isPole).length;
  const places = actors.filter(isLandmark).length - poles;
  const others = actors.length - poles - places;
  return [
    plural("poles", poles),
    ...(places ? [plural("departements_counted", places)] : []),
    ...(others || !places ? [plural("actors", others)] : []),
    plural("links", links.length),
    plural("documents", page.sources.length),
  ].join(", ");
}

function dataDate() {
  const { graph, site } = page;
  const parts = [];
  if (site) parts.push(text("release", { version: site.version, date: date(site.released) }));
  if (graph.date) parts.push(text("data_of", { date: date(graph.date) }));
  return parts.join(", ");
}

/**
 * @param {string} written
 * @param {string} mark
 * @returns {string} a text that begins with a capital and ends with a mark, or nothing
 */
function said(written, mark) {
  return written && capital(written) + mark;
}

function introduction() {
  const { title, description } = page.graph;
  const poles = actors.filter(isPole);
  const cited = { title: title[language], date: said(dataDate(), "."), counts: counts() };
  const documents = plural("documents", page.sources.length);
  return [
    heading(text("about")),
    element("p", {}, description[language]),
    element("h3", {}, text("reading")),
    element("p", {}, text("reading_text")),
    element("p", {}, text("keys_help")),
    element("h3", {}, text("saying")),
    element("p", {}, text("saying_text", { documents })),
    element("h3", {}, text("citing")),
    element("p", { class: "cite" }, text("citing_text", cited)),
    element("h3", {}, text("correcting")),
    element("p", {}, text("correcting_text")),
    element("h3", {}, `${text("all_poles")} (${count(poles.length)})`),
    actorList(poles, (pole) => pole.label, "poles"),
  ];
}

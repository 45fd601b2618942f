/** Files to take away, made here of what is drawn. */
const downloadsBox = /** @type {HTMLDetailsElement} */ (byId("downloads"));

/** @type {Record<string, {type: string, label: string, make: () => string|Promise<Blob>}>} */
const FILES = {
  ttl: { type: "text/turtle", label: "file_ttl", make: () => turtle(selected()) },
  csv: { type: "text/csv", label: "file_csv", make: () => csv(selected()) },
  gexf: { type: "application/gexf+xml", label: "file_gexf", make: () => gexf(selected()) },
  png: { type: "image/png", label: "file_png", make: pngSheet },
  svg: { type: "image/svg+xml", label: "file_svg", make: sheet },
};

/** @param {string} ending */
async function download(ending) {
  const { type, make } = FILES[ending];
  const made = await make();
  const blob = typeof made === "string" ? new Blob([made], { type: `${type};charset=utf-8` }) : made;
  const address = URL.createObjectURL(blob);
  const name = `${fold(page.graph.title[language]).replace(/ /g, "-") || "network"}.${ending}`;
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  downloadsBox.open = false;
  downloadsBox.querySelector("summary")?.focus();
  say(text("downloaded", { name }));
}

function showDownloads() {
  const { actors: some, links: drawn } = selected();
  const what = text("file_of", { actors: plural("actors_around", some.length), links: plural("links", drawn.length) });
  byId("files").replaceChildren(
    element("p", {}, what),
    ...Object.entries(FILES).map(([ending, { label }]) =>
      button(text(label), () => void download(ending), { "data-file": ending }),
    ),
  );
}

function startDownloads() {
  downloadsBox.addEventListener("toggle", showDownloads);
}

/**
 * What is drawn, as files for other tools: Turtle, CSV, GEXF.
 *
 * @typedef {{actors: Actor[], links: Link[]}} Taken
 */

/** @returns {Taken} what stands out, else everything that is kept */
function selected() {
  const chosen = scene.lit ? links.filter((link) => scene.litLinks?.has(link)) : links.filter(isOpen);
  const some = scene.lit ?? shown.actors;
  return { actors: actors.filter((actor) => some.has(actor)), links: chosen };
}

const PREFIXES = {
  dcterms: "http://purl.org/dc/terms/",
  org: "http://www.w3.org/ns/org#",
  prov: "http://www.w3.org/ns/prov#",
  ptce: "https://w3id.org/ptce/ontology#",
  skos: "http://www.w3.org/2004/02/skos/core#",
  xsd: "http://www.w3.org/2001/XMLSchema#",
};
const SCHEME = "https://w3id.org/ptce/scheme/";

/**
 * How a link of a layer is stated: its class, and the properties of its two ends and of its role.
 *
 * @type {Record<string, {type: string, from: string, to: string, role?: [string, string]}>}
 */
const STATEMENTS = {
  membership: { type: "ptce:Membership", from: "org:member", to: "org:organization", role: ["org:role", "role"] },
  grouping: { type: "ptce:Membership", from: "org:member", to: "org:organization", role: ["org:role", "role"] },
  cooperation: {
    type: "ptce:CooperationLink",
    from: "ptce:linkSource",
    to: "ptce:linkTarget",
    role: ["ptce:cooperationType", "cooperation-type"],
  },
  funding: { type: "ptce:Funding", from: "ptce:fundedBy", to: "ptce:funds" },
};

/** @param {string} iri */
function iriRef(iri) {
  return `<${encodeURI(iri).replace(/%25/g, "%").replace(/[<>"{}|\\^`\s]/g, encodeURIComponent)}>`;
}

/** @param {string} written */
function literal(written) {
  /** @type {Record<string, string>} */
  const escapes = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return `"${written.replace(/["\\\n\r\t]/g, (character) => escapes[character])}"`;
}

/** @param {string} written */
function dateLiteral(written) {
  const type = ["gYear", "gYearMonth", "date"][written.split("-").length - 1] ?? "string";
  return `${literal(written)}^^xsd:${type}`;
}

/**
 * @param {string} subject
 * @param {[string, string|string[]|undefined][]} pairs
 */
function turtleBlock(subject, pairs) {
  const lines = pairs.flatMap(([property, values]) =>
    (Array.isArray(values) ? values : [values]).filter(Boolean).map((value) => `    ${property} ${value}`),
  );
  return `${iriRef(subject)}\n${lines.join(" ;\n")} .\n`;
}

/** @param {{sources?: number[]}} thing */
function sourceRefs(thing) {
  return sourcesOf(thing).map(({ iri }) => iriRef(iri));
}

/**
 * @param {Taken} selection
 * @returns {string} Turtle: the same nodes as in the graph; layers that it does not state are left out, and said
 */
function turtle(selection) {
  const unstated = selection.links.filter((link) => !STATEMENTS[link.layer]);
  const head = [
    ...Object.entries(PREFIXES).map(([prefix, iri]) => `@prefix ${prefix}: <${iri}> .`),
    "",
    `# ${page.graph.title[language].replace(/\s/g, " ")} ${page.graph.date} ${page.graph.licence}`,
  ];
  if (unstated.length) head.push(`# ${text("unstated", { n: unstated.length })}`);
  const nodes = selection.actors.map((actor) =>
    turtleBlock(actor.id, [
      ["a", `ptce:${actor.kind}`],
      ["skos:prefLabel", `${literal(actor.label)}@fr`],
      ["skos:altLabel", (actor.aliases ?? []).map((alias) => `${literal(alias)}@fr`)],
      ["prov:hadPrimarySource", sourceRefs(actor)],
    ]),
  );
  const statements = selection.links.filter((link) => STATEMENTS[link.layer]).map((link) => {
    const { type, from, to, role } = STATEMENTS[link.layer];
    return turtleBlock(link.iri ?? link.id, [
      ["a", type],
      [from, iriRef(link.source.id)],
      [to, iriRef(link.target.id)],
      [role?.[0] ?? "", role && iriRef(`${SCHEME}${role[1]}/${link.role}`)],
      ["ptce:validFrom", link.valid_from && dateLiteral(link.valid_from)],
      ["ptce:validUntil", link.valid_until && dateLiteral(link.valid_until)],
      ["ptce:observedIn", link.observed_in && dateLiteral(link.observed_in)],
      ["ptce:certainty", iriRef(`${SCHEME}certainty/${link.certainty}`)],
      ["prov:hadPrimarySource", sourceRefs(link)],
    ]);
  });
  const used = new Set([...selection.actors, ...selection.links].flatMap((thing) => thing.sources ?? []));
  const documents = [...used].sort((a, b) => a - b).map((number) => {
    const { iri, title } = page.sources[number];
    return turtleBlock(iri, [["a", "ptce:SourceDocument"], ["dcterms:title", title && literal(title)]]);
  });
  return [...head, "", ...nodes, ...statements, ...documents].join("\n");
}

/**
 * @param {string} value
 * @returns {string} a cell that a spreadsheet takes for no formula
 */
function cell(value) {
  const guarded = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replace(/"/g, '""')}"` : guarded;
}

/**
 * @param {Taken} selection
 * @returns {string} CSV: one link a row, then the actors that have none
 */
function csv(selection) {
  const header = ["source", "target", "source_label", "target_label", "statement", "layer", "role"];
  header.push("role_label", "valid_from", "valid_until", "observed_in", "certainty", "backing", "amount", "documents");
  const rows = selection.links.map((link) => [
    ...[link.source.id, link.target.id, link.source.label, link.target.label, link.iri ?? link.id],
    ...[link.layer, link.role, term(link.role_label), link.valid_from, link.valid_until, link.observed_in],
    ...[link.certainty, link.backing, link.amount, sourcesOf(link).map(({ iri, url }) => url ?? iri).join(" ")],
  ]);
  const linked = new Set(selection.links.flatMap(({ source, target }) => [source, target]));
  for (const actor of selection.actors) if (!linked.has(actor)) rows.push([actor.id, "", actor.label]);
  const lines = [header, ...rows].map((row) => header.map((_, place) => cell(String(row[place] ?? ""))).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

/** @param {string} value */
function xml(value) {
  // eslint-disable-next-line no-control-regex
  const allowed = value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
  return allowed.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * @param {Taken} selection
 * @returns {string} GEXF 1.2, with the places of the picture
 */
function gexf(selection) {
  const nodes = selection.actors.map(
    (actor) =>
      `<node id="${xml(actor.id)}" label="${xml(actor.label)}"><attvalues><attvalue for="kind" value="${xml(actor.kind)}"/>` +
      `<attvalue for="place" value="${xml(actor.place ?? "")}"/></attvalues>` +
      `<viz:position x="${actor.x}" y="${-actor.y}" z="0"/></node>`,
  );
  /** @type {(keyof Link)[]} */
  const fields = ["layer", "role", "certainty", "backing", "valid_from", "valid_until", "observed_in"];
  const values = (/** @type {Link} */ link) =>
    fields.map((field) => `<attvalue for="${field}" value="${xml(String(link[field] ?? ""))}"/>`).join("");
  const edges = selection.links.map(
    (link) =>
      `<edge id="${xml(link.id)}" source="${xml(link.source.id)}" target="${xml(link.target.id)}"` +
      ` label="${xml(term(link.role_label))}"><attvalues>${values(link)}</attvalues></edge>`,
  );
  const declared = (/** @type {string[]} */ names) =>
    names.map((name) => `<attribute id="${name}" title="${name}" type="string"/>`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">
<graph mode="static" defaultedgetype="directed">
<attributes class="node">${declared(["kind", "place"])}</attributes>
<attributes class="edge">${declared(fields)}</attributes>
<nodes>
${nodes.join("\n")}
</nodes>
<edges>
${edges.join("\n")}
</edges>
</graph>
</gexf>
`;
}

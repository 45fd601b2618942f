import assert from "node:assert/strict";
import { test } from "node:test";
import { actor, link, load } from "./context.mjs";

const SCRIPTS = ["data", "words", "elements", "symbols", "camera", "state", "steps", "years", "filters", "scene", "files"];
const HOSTILE = [
  '<img src=x onerror="alert(1)">',
  '=HYPERLINK("https://example.org")',
  'one "two"\nthree\\',
  "\u202eesrever\u0000",
  "]]>&amp;",
];
const nodes = [
  actor("pole/a", { kind: "Pole", label: "Pôle", sources: [0] }),
  ...HOSTILE.map((label, row) => actor(`org/${row}`, { label, aliases: [label] })),
];
const edges = HOSTILE.map((_, row) =>
  link(`https://w3id.org/ptce/id/membership/${row}`, row + 1, 0, {
    sources: [0],
    layer: ["membership", "funding", "cooperation", "grouping", "co-membership"][row],
    valid_from: ["2014", "2014-05", "2014-05-06", "", ""][row],
  }),
);
const data = { terms: [{ fr: 'membre "x"', en: "member" }], sources: [{ iri: "https://w3id.org/ptce/id/doc/a b", title: HOSTILE[2] }], nodes, edges };
const run = load(SCRIPTS, data);
const made = (format) => run(`(stage(), ${format}(selected()))`);

test("CSV keeps every cell in its place and is no formula", () => {
  const text = made("csv");
  const rows = [];
  let [row, cell, quoted] = [[], "", false];
  for (let place = 0; place < text.length; place++) {
    const character = text[place];
    if (quoted && character === '"' && text[place + 1] === '"') (cell += '"'), place++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ",") row.push(cell), (cell = "");
    else if (!quoted && character === "\n") rows.push([...row, cell.replace(/\r$/, "")]), ([row, cell] = [[], ""]);
    else cell += character;
  }
  assert.equal(rows.length, edges.length + 1);
  assert.ok(rows.every((one) => one.length === rows[0].length));
  assert.equal(rows[2][2], `'${HOSTILE[1]}`);
  assert.equal(rows[3][2], HOSTILE[2]);
  assert.ok(!rows.flat().some((one) => one.startsWith("=")));
});

test("GEXF holds no character that XML forbids and no markup of the data", () => {
  const text = made("gexf");
  assert.ok(!text.includes("<img"));
  assert.ok(!text.includes("\u0000"));
  assert.equal(text.match(/<node /g).length, nodes.length);
  assert.equal(text.match(/<edge /g).length, edges.length);
});

test("Turtle escapes texts and addresses, types dates by their length, and says what it leaves out", () => {
  const text = made("turtle");
  assert.ok(text.includes('"one \\"two\\"\\nthree\\\\"'));
  assert.ok(text.includes("<https://w3id.org/ptce/id/doc/a%20b>"));
  for (const type of ['"2014"^^xsd:gYear ', '"2014-05"^^xsd:gYearMonth ', '"2014-05-06"^^xsd:date ']) assert.ok(text.includes(type), type);
  assert.match(text, /# 1 liens de cette vue/);
  assert.equal(text.match(/a ptce:(Membership|Funding|CooperationLink)/g).length, 4);
});

test("what stands out is what is taken", () => {
  const one = load(SCRIPTS, data, "#actor=org/1");
  assert.deepEqual(one("(stage(), selected().actors.map(({ index }) => index))"), [0, 2]);
  assert.equal(one("selected().links.length"), 1);
});

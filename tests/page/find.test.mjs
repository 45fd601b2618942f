import assert from "node:assert/strict";
import { test } from "node:test";
import { actor, link, load } from "./context.mjs";

const nodes = [
  actor("pole/seignanx", { kind: "Pole", label: "Pôle Sud Aquitaine", aliases: ["PTCE du Seignanx"], place: "Tarnos (Landes)" }),
  actor("org/oeuvre", { label: "L'Œuvre éolienne", identifiers: ["005720784"], themes: ["énergie"] }),
  actor("org/cluster", { label: "Clus'Ter Jura" }),
  actor("org/landes", { label: "Conseil général", place: "Landes", territories: ["Nouvelle-Aquitaine"] }),
];
const edges = [link("m1", 1, 0), link("m2", 3, 0, { role: "coordinator" })];
const run = load(["data", "words", "camera", "state", "find"], { nodes, edges });
const found = (written) => run(`find(${JSON.stringify(written)}).map(({ actor, alias }) => actor.label + (alias && " = " + alias))`);

test("a pole is found by who is linked to it, and through which link", () => {
  assert.deepEqual(found("général"), ["Conseil général", "Pôle Sud Aquitaine"]);
  assert.equal(run(`find("général")[1].through.id`), "m2");
});

test("neither case nor accents nor ligatures matter, in both directions", () => {
  for (const written of ["oeuvre", "ŒUVRE", "œuvre EOLIENNE", "éolienne"]) assert.equal(found(written)[0], "L'Œuvre éolienne");
});

test("other names are found and said", () => {
  assert.deepEqual(found("seignanx")[0], "Pôle Sud Aquitaine = PTCE du Seignanx");
});

test("places find poles first, then the others", () => {
  assert.deepEqual(found("landes"), ["Pôle Sud Aquitaine", "Conseil général"]);
});

test("identifiers are found, with or without spaces", () => {
  assert.deepEqual(found("005720784"), ["L'Œuvre éolienne"]);
  assert.deepEqual(found("005 720 784"), ["L'Œuvre éolienne"]);
  assert.deepEqual(found("org/landes"), ["Conseil général"]);
});

test("a name with an apostrophe inside is found as one word", () => {
  assert.deepEqual(found("cluster"), ["Clus'Ter Jura"]);
});

test("what is nowhere is not found, and nothing is found by nothing", () => {
  assert.deepEqual([found("zzz"), found(""), found(" '-. ")], [[], [], []]);
});

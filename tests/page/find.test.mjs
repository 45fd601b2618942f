import assert from "node:assert/strict";
import { test } from "node:test";
import { actor, load } from "./context.mjs";

const nodes = [
  actor("pole/seignanx", { kind: "Pole", label: "Pôle Sud Aquitaine", aliases: ["PTCE du Seignanx"], place: "Tarnos (Landes)" }),
  actor("org/oeuvre", { label: "L'Œuvre éolienne", identifiers: ["005720784"], themes: ["énergie"] }),
  actor("org/cluster", { label: "Clus'Ter Jura" }),
  actor("org/landes", { label: "Conseil général", place: "Landes", territories: ["Nouvelle-Aquitaine"] }),
];
const run = load(["data", "words", "camera", "state", "find"], { nodes });
const found = (written) => run(`find(${JSON.stringify(written)}).map(({ actor, alias }) => actor.label + (alias && " = " + alias))`);

test("neither case nor accents nor ligatures matter, in both directions", () => {
  for (const written of ["oeuvre", "ŒUVRE", "œuvre EOLIENNE", "éolienne"]) assert.deepEqual(found(written), ["L'Œuvre éolienne"]);
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

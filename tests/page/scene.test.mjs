import assert from "node:assert/strict";
import { test } from "node:test";
import { actor, link, load } from "./context.mjs";

const SCRIPTS = ["data", "words", "elements", "symbols", "camera", "state", "steps", "years", "filters", "scene"];
const nodes = [
  actor("pole/one", { kind: "Pole" }),
  actor("pole/two", { kind: "Pole" }),
  actor("pole/three", { kind: "Pole" }),
  actor("org/both"),
  actor("org/others"),
];
const edges = [
  link("m1", 3, 0, { valid_from: "2010", valid_until: "2020" }),
  link("m2", 3, 1, { valid_from: "2014" }),
  link("m3", 4, 1),
  link("m4", 4, 2, { observed_in: "2014" }),
];
const run = load(SCRIPTS, { nodes, edges });
const said = (year) =>
  run(`(() => { state.year = ${year}; shown = filtered(state); return [...bundles(actors).values()]
    .map(({ source, target, shared, sure }) => [source.index, target.index, shared, SURE[sure]]); })()`);

test("what two poles share is as sure in a year as the less sure of its two links", () => {
  assert.deepEqual(said(2014), [[0, 1, 1, "certain"], [1, 2, 1, "unknown"]]);
  assert.deepEqual(said(2018), [[0, 1, 1, "possible"], [1, 2, 1, "unknown"]]);
  assert.deepEqual(said(2012), [[1, 2, 1, "unknown"]]);
  assert.deepEqual(said("null").map((one) => one[3]), ["certain", "certain"]);
});

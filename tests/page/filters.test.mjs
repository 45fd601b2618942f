import assert from "node:assert/strict";
import { test } from "node:test";
import { actor, link, load } from "./context.mjs";

const SCRIPTS = ["data", "words", "camera", "state", "years", "filters", "steps"];
const data = {
  terms: [{ fr: "membre", en: "member" }],
  sources: [{ iri: "doc/a" }, { iri: "doc/b" }],
  nodes: [
    actor("pole/a", { kind: "Pole", region: "Bretagne" }),
    actor("pole/b", { kind: "Pole", region: "Corse" }),
    actor("org/shared", { region: "Corse" }),
    actor("org/alone", { kind: "Cooperative" }),
  ],
  edges: [
    link("1", 2, 0, { sources: [0], valid_from: "2014" }),
    link("2", 2, 1, { role: "coordinator", sources: [0, 1], valid_from: "2008", valid_until: "2010" }),
    link("3", 0, 1, { layer: "cooperation", sources: [1] }),
  ],
};
const kept = (hash) => {
  const run = load(SCRIPTS, data, hash);
  const ids = (set) => run(`[...${set}].map(({ id }) => id.replace(BASE, ""))`).sort();
  const counts = (key) => Object.fromEntries(run(`[...shown.counts.get("${key}")]`));
  return { matched: ids("shown.matched"), actors: ids("shown.actors"), links: ids("shown.links"), counts };
};

test("without filters everything is kept, what has no link too", () => {
  const all = kept("");
  assert.equal(all.matched.length, 4);
  assert.deepEqual(all.links, ["1", "2", "3"]);
  assert.deepEqual(all.counts("kind"), { Pole: 2, Association: 1, Cooperative: 1 });
});

test("an actor that is kept brings its links and their other ends", () => {
  const found = kept("#only-region=Bretagne");
  assert.deepEqual(found.matched, ["pole/a"]);
  assert.deepEqual(found.links, ["1", "3"]);
  assert.deepEqual(found.actors, ["org/shared", "pole/a", "pole/b"]);
});

test("counts follow the other filters, not their own, and leave zeros out", () => {
  const found = kept("#only-kind=Pole");
  assert.deepEqual(found.counts("kind"), { Pole: 2, Association: 1, Cooperative: 1 });
  assert.deepEqual(found.counts("region"), { Bretagne: 1, Corse: 1 });
  assert.deepEqual(kept("#only-kind=Cooperative").counts("region"), {});
});

test("two values of one facet widen, two facets narrow", () => {
  assert.equal(kept("#only-region=Bretagne&only-region=Corse").matched.length, 3);
  assert.deepEqual(kept("#only-region=Corse&only-kind=Pole").matched, ["pole/b"]);
});

test("a filter of links keeps the actors that have such a link", () => {
  const found = kept("#only-role=coordinator");
  assert.deepEqual(found.links, ["2"]);
  assert.deepEqual(found.matched, ["org/shared", "pole/b"]);
  assert.deepEqual(found.counts("role"), { member: 2, coordinator: 1 });
  assert.deepEqual(found.counts("source"), { "doc/a": 1, "doc/b": 1 });
});

test("a hidden layer and another year take links away", () => {
  assert.deepEqual(kept("#hide=cooperation").links, ["1", "2"]);
  assert.deepEqual(kept("#year=2009").links, ["2", "3"]);
  assert.deepEqual(kept("#year=2020").links, ["1", "3"]);
});

test("a filter that nothing passes keeps nothing", () => {
  const none = kept("#only-region=Nulle+part");
  assert.deepEqual([none.matched, none.links], [[], []]);
});

test("steps follow the links that are open, and count what lies beyond", () => {
  const run = load(SCRIPTS, data);
  const near = (steps, open) => run(`[...within(actors[1], ${steps}, ${open})].map(([a, n]) => a.id.replace(BASE, "") + n)`).sort();
  assert.deepEqual(near(1, "() => true"), ["org/shared1", "pole/a1", "pole/b0"]);
  assert.deepEqual(near(1, "(link) => link.layer === 'cooperation'"), ["pole/a1", "pole/b0"]);
  assert.deepEqual(near(2, "(link) => link.layer === 'membership'"), ["org/shared1", "pole/a2", "pole/b0"]);
  assert.equal(run("moreLinks(within(actors[3], 1, () => true), () => true)"), 0);
  assert.equal(run("moreLinks(within(actors[1], 0, () => true), () => true)"), 2);
});

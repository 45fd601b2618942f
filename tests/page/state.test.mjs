import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./context.mjs";

const run = load(["data", "words", "camera", "state"]);

test("a page that was just opened has an empty address", () => {
  assert.equal(run('encode(freshState("fr"), "fr")'), "");
});

test("everything that can be changed comes back from the address", () => {
  const changes = {
    language: "en",
    actor: "https://w3id.org/ptce/id/pole/sud-aquitaine",
    steps: 3,
    year: 2014,
    view: "map",
    regions: "before",
    place: "2A",
    everyone: true,
    camera: { x: -12, y: 40, zoom: 0.75 },
    twin: "actors",
    sort: "-kind",
    words: "éco & co=1",
  };
  const code = `(() => {
    const one = Object.assign(freshState("fr"), ${JSON.stringify(changes)});
    one.hidden = new Set(["funding", "grouping"]);
    one.filters = new Map([["region", new Set(["Bretagne", "Île-de-France"])], ["kind", new Set(["Pole"])]]);
    return { one, other: decode(encode(one, "fr"), "fr"), written: encode(one, "fr") };
  })()`;
  const { one, other, written } = run(code);
  assert.deepEqual(other, one);
  assert.match(written, /actor=pole\/sud-aquitaine&steps=3/);
});

test("an IRI from elsewhere stays whole", () => {
  const code = `decode(encode(Object.assign(freshState("fr"), { link: "https://example.org/x#1" }), "fr"), "fr").link`;
  assert.equal(run(code), "https://example.org/x#1");
});

test("what an address says wrongly is left out", () => {
  const bad = "lang=xx&steps=99&year=20145&view=moon&at=1,2,-3&table=x&sort=<b>&actor=";
  const found = run(`decode(${JSON.stringify(bad)}, "fr")`);
  assert.deepEqual(found, { ...run('freshState("fr")'), steps: 9 });
  assert.equal(run('decode("steps=abc&at=1,2", "fr").steps'), 1);
});

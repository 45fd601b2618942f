import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./context.mjs";

const run = load(["data", "years"]);
const presence = (dates, year) => run(`presence(${JSON.stringify(dates)}, ${year})`);

test("what lies between two known dates is certain, their years included", () => {
  const dates = { valid_from: "2008", valid_until: "2014-03-01" };
  for (const year of [2008, 2011, 2014]) assert.equal(presence(dates, year), "certain");
  for (const year of [2007, 2015]) assert.equal(presence(dates, year), "absent");
});

test("an observation is certain in its year only, and says nothing of others", () => {
  assert.equal(presence({ observed_in: "2014" }, 2014), "certain");
  for (const year of [1990, 2013, 2015, 2030]) assert.equal(presence({ observed_in: "2014" }, year), "possible");
});

test("a start without an end: certain in its year, possible later, absent before", () => {
  assert.equal(presence({ valid_from: "2008" }, 2008), "certain");
  assert.equal(presence({ valid_from: "2008" }, 2009), "possible");
  assert.equal(presence({ valid_from: "2008" }, 2007), "absent");
});

test("an observation after a start makes the time between certain", () => {
  const dates = { valid_from: "2008", observed_in: "2014" };
  assert.equal(presence(dates, 2011), "certain");
  assert.equal(presence(dates, 2015), "possible");
});

test("without any date nothing is known, whatever the year", () => {
  for (const year of [1900, 2014, 2100]) assert.equal(presence({}, year), "unknown");
});

test("the span goes from the first to the last year named", () => {
  assert.deepEqual(run('span([{valid_from: "2008-01"}, {}, {observed_in: "2014"}, {valid_until: "2012-05-06"}])'), [2008, 2014]);
  assert.equal(run("span([{}])"), null);
});

/**
 * Whether a link was there in a year, as far as its dates tell.
 *
 * "Since 2008" says nothing of later years, "observed in 2014" nothing of other years: what lies
 * between two dates is certain, what lies beyond an open end is possible.
 *
 * @typedef {"certain"|"possible"|"unknown"|"absent"} Presence
 */

/**
 * @param {string|undefined} written
 * @returns {number} the year of a date, or NaN
 */
function yearOf(written) {
  return written ? Number(written.slice(0, 4)) : NaN;
}

/**
 * @param {{valid_from?: string, valid_until?: string, observed_in?: string}} link
 * @param {number} year
 * @returns {Presence}
 */
function presence({ valid_from, valid_until, observed_in }, year) {
  const [from, until, observed] = [yearOf(valid_from), yearOf(valid_until), yearOf(observed_in)];
  const known = [from, until, observed].filter((one) => !Number.isNaN(one));
  if (!known.length) return "unknown";
  if (year < from || year > until) return "absent";
  return year >= Math.min(...known) && year <= Math.max(...known) ? "certain" : "possible";
}

/**
 * @param {{valid_from?: string, valid_until?: string, observed_in?: string}[]} dated
 * @returns {[number, number]|null} the first and the last year that are known
 */
function span(dated) {
  const years = dated
    .flatMap((link) => [link.valid_from, link.valid_until, link.observed_in].map(yearOf))
    .filter((year) => !Number.isNaN(year));
  if (!years.length) return null;
  return years.reduce(([first, last], year) => [Math.min(first, year), Math.max(last, year)], [Infinity, -Infinity]);
}

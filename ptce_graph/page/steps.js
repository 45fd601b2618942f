/**
 * The actors within some links of one.
 *
 * @param {Actor} start
 * @param {number} steps
 * @param {(link: Link) => boolean} open which links may be walked
 * @returns {Map<Actor, number>} how many links each is away, the nearest first
 */
function within(start, steps, open) {
  const distance = new Map([[start, 0]]);
  for (const [actor, away] of distance) {
    if (away === steps) break;
    for (const link of actor.links) {
      const other = otherEnd(link, actor);
      if (open(link) && !distance.has(other)) distance.set(other, away + 1);
    }
  }
  return distance;
}

/**
 * @param {Map<Actor, number>} near
 * @param {(link: Link) => boolean} open
 * @returns {number} how many links one more step would add
 */
function moreLinks(near, open) {
  let more = 0;
  for (const actor of near.keys()) {
    for (const link of actor.links) if (open(link) && !near.has(otherEnd(link, actor))) more++;
  }
  return more;
}

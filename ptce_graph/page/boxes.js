const FONT = 'system-ui, "Liberation Sans", sans-serif';

/** Rectangles that are taken, in a coarse grid. */
class Boxes {
  static SIDE = 120;

  constructor() {
    /** @type {Map<number, Box[]>} */
    this.cells = new Map();
  }

  /**
   * @param {Box} box
   * @returns {number[]} the cells that it touches
   */
  spots({ left, top, right, bottom }) {
    const cell = (/** @type {number} */ value) => Math.floor(value / Boxes.SIDE);
    const spots = [];
    for (let column = cell(left); column <= cell(right); column++)
      for (let row = cell(top); row <= cell(bottom); row++) spots.push(column * 100_000 + row);
    return spots;
  }

  /** @param {Box} box */
  add(box) {
    for (const spot of this.spots(box)) {
      const there = this.cells.get(spot);
      if (there) there.push(box);
      else this.cells.set(spot, [box]);
    }
  }

  /** @param {Box} box */
  covers(box) {
    for (const spot of this.spots(box))
      for (const other of this.cells.get(spot) ?? [])
        if (box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom)
          return true;
    return false;
  }
}

/**
 * The picture is painted here, on the screen or on a sheet to take away.
 *
 * Links of one look are one path, symbols are stamps that are painted once for each size: without a
 * graphics card, that is what makes a large network move.
 */
const RESTING = 1500; // links or actors beyond which hairlines, plain ends and plain dots are painted

/** @typedef {CanvasRenderingContext2D} Pen */

/**
 * @param {Pen} pen
 * @param {Camera} camera
 * @param {Size} size
 * @param {number} pixels of the screen for each of the picture's
 */
function paint(pen, camera, size, pixels) {
  const view = inView(camera, size);
  pen.setTransform(pixels, 0, 0, pixels, 0, 0);
  pen.fillStyle = palette.paper;
  pen.fillRect(0, 0, size.width, size.height);
  const { x, y } = toPicture(camera, size, { x: 0, y: 0 });
  pen.setTransform(pixels * camera.zoom, 0, 0, pixels * camera.zoom, pixels * x, pixels * y);
  if (isAfar(camera.zoom) && !scene.lit) paintBundles(pen, camera.zoom);
  paintDim(pen, view.dim, camera.zoom);
  paintLinks(pen, view.links, camera.zoom);
  pen.setTransform(pixels, 0, 0, pixels, 0, 0);
  paintActors(pen, view.actors, camera, size, pixels);
  paintLabels(pen, view.actors, camera, size);
}

/**
 * @param {Pen} pen
 * @param {number} zoom
 */
function paintBundles(pen, zoom) {
  pen.strokeStyle = palette.membership;
  // without a graphics card a line wider than one pixel costs five times a thin one
  for (const [place, name] of SURE.entries()) {
    pen.setLineDash(TIMES[name].dashes.map((length) => length / zoom));
    for (const wide of [false, true]) {
      pen.beginPath();
      for (const { source, target, shared: many, sure } of scene.bundles.values()) {
        if (many > 2 !== wide || sure !== place) continue;
        pen.moveTo(source.x, source.y);
        pen.lineTo(target.x, target.y);
      }
      pen.lineWidth = (wide ? 1 : 0.6) / zoom;
      pen.stroke();
    }
  }
  pen.setLineDash([]);
}

/**
 * Links that do not stand out.
 *
 * @param {Pen} pen
 * @param {Link[]} drawn
 * @param {number} zoom
 */
function paintDim(pen, drawn, zoom) {
  if (!drawn.length) return;
  pen.beginPath();
  for (const link of drawn) trace(pen, link);
  pen.strokeStyle = palette.rule;
  pen.lineWidth = 1 / zoom;
  pen.setLineDash([]);
  pen.stroke();
}

/** @typedef {{colour: string, width: number, dashes: number[]}} Look */

/**
 * @param {Link} link
 * @returns {Look} how its line looks: by its year when one is chosen, else by who backs it
 */
function lookOf(link) {
  const { width, dashes } = state.year === null ? BACKINGS[link.backing] : TIMES[presence(link, state.year)];
  const chosen = link.id === state.link || link === hoveredLink;
  return { colour: palette[link.layer], width: chosen ? width + 3 : width, dashes };
}

/**
 * @param {Pen} pen
 * @param {Link[]} drawn
 * @param {number} zoom
 */
function paintLinks(pen, drawn, zoom) {
  /** @type {Map<string, {look: Look, links: Link[]}>} */
  const looks = new Map();
  for (const link of drawn) {
    const look = lookOf(link);
    const key = `${look.colour} ${look.width} ${look.dashes}`;
    const group = looks.get(key);
    if (group) group.links.push(link);
    else looks.set(key, { look, links: [link] });
  }
  const thin = Math.min(1, Math.max(0.5, zoom * 1.6)); // from afar all lines are thinner
  for (const { look, links: alike } of looks.values()) {
    pen.beginPath();
    for (const link of alike) trace(pen, link);
    pen.strokeStyle = look.colour;
    pen.lineWidth = (drawn.length > RESTING ? Math.min(1, look.width * thin) : look.width * thin) / zoom;
    pen.setLineDash(look.dashes.map((length) => length / zoom));
    pen.stroke();
  }
  pen.setLineDash([]);
  if (drawn.length > RESTING) return;
  for (const { look, links: alike } of looks.values()) {
    pen.strokeStyle = pen.fillStyle = look.colour;
    for (const link of alike) if (LAYERS[link.layer].end) paintEnd(pen, link, zoom, thin);
  }
}

/**
 * @param {Link} link
 * @returns {{x: number, y: number}|null} the point that bends it, when there are several between the same two
 */
function bend({ source, target, curve = 0 }) {
  if (!curve) return null;
  const side = (curve % 2 === 1) === source.index < target.index ? 1 : -1;
  const much = side * 0.18 * Math.ceil(curve / 2);
  return {
    x: (source.x + target.x) / 2 - much * (target.y - source.y),
    y: (source.y + target.y) / 2 + much * (target.x - source.x),
  };
}

/**
 * @param {Pen|Path2D} pen
 * @param {Link} link
 */
function trace(pen, link) {
  const { source, target } = link;
  const middle = link.curve ? bend(link) : null;
  pen.moveTo(source.x, source.y);
  if (middle) pen.quadraticCurveTo(middle.x, middle.y, target.x, target.y);
  else pen.lineTo(target.x, target.y);
}

/**
 * Where a line meets the symbol at its end, and in which direction.
 *
 * @param {Link} link
 * @param {number} zoom
 * @returns {{x: number, y: number, a: number, b: number}} a point and a vector of length one
 */
function landing(link, zoom) {
  const from = bend(link) ?? link.source;
  const [a, b] = [link.target.x - from.x, link.target.y - from.y];
  const length = Math.hypot(a, b) || 1;
  const back = radiusOf(link.target, zoom) / zoom + 1 / zoom;
  return {
    x: link.target.x - (a / length) * back,
    y: link.target.y - (b / length) * back,
    a: a / length,
    b: b / length,
  };
}

/**
 * @param {Pen} pen
 * @param {Link} link
 * @param {number} zoom
 * @param {number} thin
 */
function paintEnd(pen, link, zoom, thin) {
  const { x, y, a, b } = landing(link, zoom);
  const unit = thin / zoom;
  pen.beginPath();
  if (LAYERS[link.layer].end === "arrow") {
    pen.moveTo(x, y);
    pen.lineTo(x - (9 * a - 4 * b) * unit, y - (9 * b + 4 * a) * unit);
    pen.lineTo(x - (9 * a + 4 * b) * unit, y - (9 * b - 4 * a) * unit);
    pen.fill();
  } else if (LAYERS[link.layer].end === "circle") {
    pen.arc(x - 4 * a * unit, y - 4 * b * unit, 4 * unit, 0, 7);
    pen.fill();
  } else {
    pen.moveTo(x - (2 * a - 6 * b) * unit, y - (2 * b + 6 * a) * unit);
    pen.lineTo(x - (2 * a + 6 * b) * unit, y - (2 * b - 6 * a) * unit);
    pen.lineWidth = 2 * unit;
    pen.stroke();
  }
}

/**
 * @param {Actor} actor
 * @param {number} zoom
 * @returns {number} half the width of its symbol in the picture: never too small to be seen
 */
function radiusOf(actor, zoom) {
  const small = isAfar(zoom) || (isPole(actor) && isGathered(zoom));
  const smallest = isLandmark(actor) ? (small ? 3 : 5) : actors.length > CROWD ? 2.5 : 3.5;
  return Math.max(smallest, actor.size * Math.min(zoom, 2));
}

/** @type {Map<string, HTMLCanvasElement>} */
const stamps = new Map();

/**
 * @param {string} kind
 * @param {number} radius
 * @param {boolean} dim
 * @param {number} pixels
 * @returns {HTMLCanvasElement} a symbol, painted once
 */
function stamp(kind, radius, dim, pixels) {
  const colour = dim ? palette.dim : colourOf(kind);
  const key = `${kind} ${radius} ${colour} ${palette.paper} ${pixels}`;
  const kept = stamps.get(key);
  if (kept) return kept;
  const made = document.createElement("canvas");
  made.width = made.height = Math.ceil((2.4 * radius + 4) * pixels);
  const pen = /** @type {Pen} */ (made.getContext("2d"));
  pen.translate(made.width / 2, made.height / 2);
  pen.scale(radius * pixels, radius * pixels);
  pen.lineWidth = 2.5 / radius;
  pen.strokeStyle = palette.paper;
  pen.fillStyle = dim ? palette.paper : colour;
  pen.stroke(pathOf(kind));
  pen.fill(pathOf(kind));
  if (dim) {
    pen.lineWidth = 1.5 / radius;
    pen.strokeStyle = colour;
    pen.stroke(pathOf(kind));
  }
  if (stamps.size > 400) stamps.clear();
  stamps.set(key, made);
  return made;
}

/**
 * @param {Pen} pen
 * @param {Actor[]} drawn
 * @param {Camera} camera
 * @param {Size} size
 * @param {number} pixels
 */
function paintActors(pen, drawn, camera, size, pixels) {
  const outlined = drawn.filter((actor) => actor.id === state.actor || actor === hovered);
  const dots = drawn.length > RESTING && camera.zoom < AFAR;
  for (const dim of scene.lit ? [true, false] : [false]) {
    for (let place = drawn.length - 1; place >= 0; place--) {
      const actor = drawn[place];
      if (isLit(actor) === dim) continue;
      const radius = Math.round(radiusOf(actor, camera.zoom) * 2) / 2;
      const { x, y } = toPicture(camera, size, actor);
      if (dots) {
        pen.fillStyle = dim ? palette.dim : colourOf(actor.kind);
        pen.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
        continue;
      }
      const image = stamp(actor.kind, radius, dim, pixels);
      const half = image.width / pixels / 2;
      const whole = (/** @type {number} */ value) => Math.round((value - half) * pixels) / pixels; // others are slow
      pen.drawImage(image, whole(x), whole(y), 2 * half, 2 * half);
    }
  }
  for (const actor of outlined) {
    const radius = radiusOf(actor, camera.zoom);
    const { x, y } = toPicture(camera, size, actor);
    pen.save();
    pen.translate(x, y);
    pen.scale(radius, radius);
    pen.lineWidth = (actor.id === state.actor ? 7 : 5) / radius;
    pen.strokeStyle = palette.mark;
    pen.stroke(pathOf(actor.kind));
    pen.fillStyle = colourOf(actor.kind);
    pen.fill(pathOf(actor.kind));
    pen.restore();
  }
}

/**
 * Elements are made here. Texts of the data only ever become text nodes.
 *
 * @param {string} name of the element
 * @param {Object<string, string|boolean|Function>} settings attributes; a function listens
 * @param {...(Node|string)} children
 */
function element(name, settings = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(settings)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** A name of the data: kept apart from the direction of the text around it. */
function name(label) {
  return element("bdi", {}, label);
}

function button(label, click, settings = {}) {
  return element("button", { type: "button", click, ...settings }, label);
}

/** A way out of the page; nothing is fetched before somebody follows it. */
function outside(address, label) {
  if (!/^https?:\/\//i.test(address ?? "")) return name(label);
  return element("a", { href: address, rel: "noopener noreferrer" }, name(label));
}

/** A name that shows the actor's details. */
function actorButton(actor) {
  return button(name(actor.label), () => select({ actor: actor.id }, { focus: true, centre: true }), {
    class: "actor",
  });
}

/** Title, publisher and date of a document. */
function sourceLine(source) {
  const line = element("li", {}, outside(source.url, source.title || source.iri));
  const rest = [source.publisher, source.date && date(source.date)].filter(Boolean).join(", ");
  if (rest) line.append(" — ", name(rest));
  return line;
}

/** Names and values, one under the other; empty values are left out. */
function facts(pairs) {
  const list = element("dl");
  for (const [key, value] of pairs) {
    if (!value || (Array.isArray(value) && !value.length)) continue;
    const parts = Array.isArray(value) ? value : [value];
    list.append(element("dt", {}, key));
    for (const part of parts) list.append(element("dd", {}, typeof part === "string" ? name(part) : part));
  }
  return list;
}

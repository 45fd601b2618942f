// The SPARQL editor: YASQE, completing from what this graph uses; answers as a table of links.
(async () => {
  const form = document.querySelector("form.editor");
  const said = form.dataset;
  const field = document.getElementById("query");
  const terms = await (await fetch(said.terms)).json();
  const Yasqe = window.Yasqe.default || window.Yasqe.Yasqe || window.Yasqe;

  const complete = (kind, key) => {
    const original = Yasqe.Autocompleters[kind];
    Yasqe.registerAutocompleter(
      { ...original, name: `graph-${kind}`, bulk: true, persistenceId: null, get: () => terms[key] },
      false,
    );
    return `graph-${kind}`;
  };
  const place = document.createElement("div");
  field.after(place);
  field.hidden = true;
  const editor = new Yasqe(place, {
    value: field.value || terms.start,
    autocompleters: [
      complete("prefixes", "declarations"),
      complete("class", "classes"),
      complete("property", "properties"),
      "variables",
    ],
    persistenceId: null,
    prefixCcApi: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "22rem",
    createShareableLink: null,
    consumeShareLink: null,
    requestConfig: { endpoint: form.action },
  });
  editor.showNotification = () => {}; // it says in English what stands above
  const run = () => ask(editor.getValue());
  editor.setOption("extraKeys", {
    ...editor.getOption("extraKeys"),
    "Ctrl-Enter": run,
    "Cmd-Enter": run,
    Tab: false,
    "Shift-Tab": false,
  });
  editor.getInputField().setAttribute("aria-label", said.label);
  window.editor = editor;

  document.getElementById("start").addEventListener("change", (event) => {
    const found = terms.questions.find((one) => one.name === event.target.value);
    if (found) editor.setValue(found.sparql);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (asking) asking.abort();
    else run();
  });

  const count = document.getElementById("count");
  const result = document.getElementById("result");
  const forms = document.getElementById("forms");
  const rest = document.getElementById("rest");
  const button = document.getElementById("run");
  const start = button.textContent;
  const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.1";
  const SHOWN = 1000;
  let asking = null; // what stops the query that runs; the server stops it when nobody waits

  async function ask(query) {
    if (asking) asking.abort();
    const mine = new AbortController();
    asking = mine;
    button.textContent = said.stop;
    count.textContent = said.running;
    result.replaceChildren();
    forms.hidden = rest.hidden = true;
    try {
      await answered(query, mine.signal);
    } catch (error) {
      if (asking === mine) fail(mine.signal.aborted ? said.stopped : String(error));
    } finally {
      if (asking === mine) {
        asking = null;
        button.textContent = start;
      }
    }
  }

  async function answered(query, signal) {
    const started = performance.now();
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { accept: ACCEPT, "content-type": "application/sparql-query" },
      body: query,
      signal,
    });
    const text = await answer.text();
    const seconds = ((performance.now() - started) / 1000).toLocaleString(said.language, { maximumFractionDigits: 2 });
    const kind = answer.headers.get("content-type") || "";
    if (!answer.ok) return fail(kind.includes("json") ? JSON.parse(text).detail : text);
    const address = `?query=${encodeURIComponent(query)}`;
    history.replaceState(null, "", address);
    offer(kind.includes("turtle") ? "graph" : "rows", address);
    const took = said.took.replace("%s", seconds);
    if (kind.includes("turtle")) {
      count.textContent = took;
      return show(Object.assign(document.createElement("pre"), { textContent: text }));
    }
    const found = JSON.parse(text);
    if ("boolean" in found) {
      count.textContent = took;
      return show(Object.assign(document.createElement("p"), { textContent: String(found.boolean) }));
    }
    const rows = found.results.bindings;
    count.textContent = `${rows.length === 1 ? said.one : said.rows.replace("%d", rows.length)} ${took}`;
    show(rows.length ? table(found.head.vars, rows) : Object.assign(document.createElement("p"), { textContent: said.none }));
    rest.hidden = rows.length <= SHOWN;
    rest.textContent = said.first.replace("%d", SHOWN);
  }

  // The answer in each format, and the page with this query in it: links to keep or to send.
  function offer(kind, address) {
    for (const group of forms.querySelectorAll("[data-kind]")) {
      group.hidden = group.dataset.kind !== kind;
      for (const link of group.children) {
        link.href = `${form.action}${address}&format=${link.dataset.format}`;
        link.download = `answer.${link.dataset.format}`;
      }
    }
    document.getElementById("link").href = address;
    forms.hidden = false;
  }

  function show(element) {
    result.replaceChildren(element);
  }

  function fail(text) {
    count.textContent = "";
    show(Object.assign(document.createElement("p"), { className: "problem", textContent: text }));
    result.firstChild.setAttribute("role", "alert");
  }

  function table(names, rows) {
    const made = document.createElement("table");
    const head = made.createTHead().insertRow();
    for (const name of names) {
      head.append(Object.assign(document.createElement("th"), { scope: "col", textContent: name }));
    }
    const body = made.createTBody();
    for (const row of rows.slice(0, SHOWN)) {
      const line = body.insertRow();
      for (const name of names) {
        const cell = line.insertCell();
        cell.dataset.label = name;
        const value = row[name];
        if (!value) continue;
        if (value.type === "uri" && /^https?:/.test(value.value)) {
          const link = document.createElement("a");
          link.textContent = short(value.value);
          link.href = local(value.value);
          cell.append(link);
        } else {
          cell.textContent = value.value;
          if (value["xml:lang"]) cell.lang = value["xml:lang"];
        }
      }
    }
    return made;
  }

  // An IRI of ours is described here, wherever this server stands.
  function local(iri) {
    return iri.startsWith(terms.base) ? new URL(iri.slice(terms.base.length).replace("#", "/"), form.action) : iri;
  }

  function short(iri) {
    const prefix = Object.keys(terms.prefixes).find((one) => iri.startsWith(terms.prefixes[one]));
    return prefix ? `${prefix}:${iri.slice(terms.prefixes[prefix].length)}` : iri;
  }

  document.body.dataset.ready = "true";
})();

"""What a worker can be asked: a SPARQL query, and what else needs the graph."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any, cast

import pyoxigraph
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat

from ptce_graph import results
from ptce_graph.errors import QueryError
from ptce_graph.namespaces import BASE, ONTOLOGY, PREFIXES, THING_PREFIXES
from ptce_graph.publish.site import Site
from ptce_graph.query import run
from ptce_graph.serve import construct, media, questions, things
from ptce_graph.serve.held import Held, texts
from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.worker import PAIR, Reply, Verb

_ROWS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
_RDF = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}
UTF8 = "; charset=utf-8"


def query(held: Held, request: dict[str, Any], reply: Reply) -> None:
    """Answer a SPARQL query.

    Args:
        held: the graph.
        request: `query`; `default` and `named` graphs, or None; `rows` and `rdf`, each a media
            type and a format, or None where the client accepts none.
        reply: where the answer goes.

    Raises:
        QueryError: it is no SPARQL query.
        Refusal: nothing of what the client accepts suits this answer.
    """
    text, graphs = request["query"], _dataset(request)
    answer = run(held.store, text, base_iri=BASE, **graphs)
    is_graph = isinstance(answer, pyoxigraph.QueryTriples)
    chosen = request["rdf" if is_graph else "rows"]
    if chosen is None:
        raise Refusal(
            406,
            f"the answer is {'a graph' if is_graph else 'no graph'}: accept a type for that",
            f"la réponse {'est' if is_graph else 'n’est pas'} un graphe : acceptez un type adapté",
        )
    media_type, form = chosen
    reply.begin(media_type + UTF8 if media_type.startswith("text/") else media_type)
    file = cast(IO[bytes], reply)
    if isinstance(answer, pyoxigraph.QueryTriples):
        triples = _stream(held.store, text, graphs) or answer
        pyoxigraph.serialize(triples, file, format=_RDF[form])
    elif form == "csv" and isinstance(answer, pyoxigraph.QuerySolutions):
        reply.write(results.to_csv(answer))
    else:
        answer.serialize(file, format=_ROWS[form])


def _dataset(request: dict[str, Any]) -> dict[str, Any]:
    if not (request.get("default") or request.get("named")):
        return {}
    return {
        "default_graph": _graphs(request["default"]),
        "named_graphs": _graphs(request["named"]),
    }


def _stream(
    store: pyoxigraph.Store, text: str, graphs: dict[str, Any]
) -> Iterator[pyoxigraph.Triple] | None:
    """Return the triples of a CONSTRUCT as they come, or None where the engine must make them."""
    if not (parts := construct.split(text)):
        return None
    rows = run(store, parts[0], base_iri=BASE, **graphs)
    return construct.fill(parts[1], cast(pyoxigraph.QuerySolutions, rows))


def _graphs(names: list[str]) -> list[NamedNode]:
    try:
        return [NamedNode(name) for name in names]
    except ValueError as error:
        raise QueryError(f"no IRI of a graph: {error}") from error


def editor(held: Held, message: dict[str, Any], reply: Reply) -> None:
    """Write the page of the SPARQL editor, with a query in it: `query` and `language`."""
    language = message["language"]
    values = {"themes": questions.themes(held, language), "query": message["query"]}
    reply.begin(media.HTML + UTF8)
    reply.write(held.page("editor.html", f"sparql.{language}.html", language, **values))


def terms(held: Held, _: dict[str, Any], reply: Reply) -> None:
    """Write what the editor completes, and the questions that it offers, as JSON."""
    prefixes = dict(sorted((PREFIXES | THING_PREFIXES).items()))
    asked = {
        "classes": "SELECT DISTINCT ?x { { ?s a ?x } UNION { ?x a owl:Class } } ORDER BY ?x",
        "properties": "SELECT DISTINCT ?x { ?s ?x ?o } ORDER BY ?x",
    }
    found: dict[str, Any] = {
        "base": BASE,
        "prefixes": prefixes,
        "declarations": [f"{prefix}: <{space}>" for prefix, space in prefixes.items()],
        "start": _START,
        "questions": [{"name": q.name, "sparql": _code(q.text)} for q in held.questions.values()],
    }
    for key, text in asked.items():
        rows = held.store.query(text, prefixes=PREFIXES)
        assert isinstance(rows, pyoxigraph.QuerySolutions)  # noqa: S101
        found[key] = [row["x"].value for row in rows if isinstance(row["x"], NamedNode)]
    reply.begin("application/json")
    reply.write(json.dumps(found, ensure_ascii=False).encode())


def _code(text: str) -> str:
    """Return a question without its front matter."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+"))


_START = f"""PREFIX ptce: <{ONTOLOGY}>
PREFIX skos: <{PREFIXES["skos"]}>

SELECT ?pole ?name {{
  ?pole a ptce:Pole ; skos:prefLabel ?name .
}}
ORDER BY ?name
LIMIT 20
"""


def missing(held: Held, message: dict[str, Any], reply: Reply) -> None:
    """Write the page that says why there is no other: path, status, detail, suggestions."""
    language = message["language"]
    close = message["suggestions"]
    key = "missing" if message["status"] == 404 else "refused"
    title = texts()[key][language]
    names = {"title": title, "detail": message["detail"], "suggestions": close}
    reply.begin(media.HTML + UTF8, message["status"])
    reply.write(held.page("missing.html", message["path"], language, **names))


def network(held: Held, message: dict[str, Any], reply: Reply) -> None:
    """Draw the whole network: `language`."""
    from ptce_graph.network import network as read_network

    questions.draw(
        read_network(held.project, held.store), message["language"], reply, held.pages.site()
    )


def site(held: Held, _: dict[str, Any], reply: Reply) -> None:
    """Write the parts of the site that are the same for everybody, one after another.

    Each is two lengths of four bytes, that of its path and that of the file, then both.
    """
    reply.begin("application/octet-stream")
    release = Site(held.project, held.pages.publication, None)
    for path, data in release.files(lambda name, number: None, alive=True):
        name = path.encode()
        reply.write(PAIR.pack(len(name), len(data)) + name + data)


VERBS: dict[str, Verb] = {
    "catalogue": questions.catalogue,
    "editor": editor,
    "missing": missing,
    "network": network,
    "query": query,
    "question": questions.question,
    "site": site,
    "terms": terms,
    "thing": things.thing,
}
"""What a message may ask in its `do`."""

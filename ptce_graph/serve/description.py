"""The SPARQL 1.1 Service Description: what the endpoint is and can do, in RDF."""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from ptce_graph.namespaces import PREFIXES, RDF_TYPE, XSD

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_VOID = "http://rdfs.org/ns/void#"
_SERVED = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
)
_WRITERS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}


@lru_cache(64)
def describe(
    endpoint: str, form: str, triples: int | None, graphs: tuple[str, ...], title: str
) -> bytes:
    """Return the description of an endpoint in a format of `media.GRAPHS`.

    Args:
        endpoint: its address.
        form: name of the format.
        triples: number of triples of the default graph, None if they are not counted.
        graphs: names of the named graphs.
        title: what is served.
    """
    service, dataset, default = BlankNode("service"), BlankNode("dataset"), BlankNode("default")
    found = [
        Triple(service, _a(), _sd("Service")),
        Triple(service, _sd("endpoint"), NamedNode(endpoint)),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(service, NamedNode(PREFIXES["dcterms"] + "title"), Literal(title)),
        *(Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + name)) for name in _SERVED),
        Triple(dataset, _a(), _sd("Dataset")),
        Triple(dataset, _sd("defaultGraph"), default),
        Triple(default, _a(), _sd("Graph")),
    ]
    if triples is not None:
        found.append(Triple(default, NamedNode(_VOID + "triples"), _number(triples)))
    for number, name in enumerate(graphs):
        graph = BlankNode(f"graph{number}")
        found += [
            Triple(dataset, _sd("namedGraph"), graph),
            Triple(graph, _a(), _sd("NamedGraph")),
            Triple(graph, _sd("name"), NamedNode(name)),
        ]
    prefixes = {"sd": _SD, "void": _VOID, "formats": _FORMATS, "dcterms": PREFIXES["dcterms"]}
    return pyoxigraph.serialize(found, format=_WRITERS[form], prefixes=prefixes) or b""


def _a() -> NamedNode:
    return NamedNode(RDF_TYPE)


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))

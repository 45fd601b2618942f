"""What the gates read: the terms that are ours, and the IRIs that our files name."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, SKOS

from conftest import ROOT
from ptce_graph.namespaces import BASE, ONTOLOGY, PREFIXES, RDF_TYPE, XSD

FOLDER = ROOT / "ontology"
SCHEMES = sorted((FOLDER / "schemes").glob("*.ttl"))
ALIGNMENTS = FOLDER / "alignments.ttl"
QUERIES = sorted((ROOT / "queries").rglob("*.rq"))
METADATA = sorted((ROOT / "graph" / "sources").rglob("*-metadata.json"))
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
HEADER = URIRef(ONTOLOGY.removesuffix("#"))

_CSVW_PREFIXES = PREFIXES | {"dc": PREFIXES["dcterms"]}
_SPARQL = ("http://www.w3.org/ns/shacl#select", "http://www.w3.org/ns/shacl#ask")
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
_TOKEN = re.compile(
    r"""(?x)
    "{3}.*?"{3} | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'     # strings say nothing
    | <(?P<iri>[^<>"{}|^`\\\s]*)>
    | \#[^\n]*                                                  # nor do comments
    | (?P<prefix>(?<![\w?$:])[A-Za-z][\w-]*):(?P<local>[\w-]+(?:\.[\w-]+)*)
    """,
    re.DOTALL,
)


def read(*paths: Path) -> Graph:
    """Return the triples of Turtle files."""
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


def core() -> Graph:
    """Return the ontology and its schemes."""
    return read(FOLDER / "ptce.ttl", *SCHEMES)


def classes(graph: Graph) -> list[URIRef]:
    """Return our classes."""
    return _ours(graph, OWL.Class)


def properties(graph: Graph, *kinds: URIRef) -> list[URIRef]:
    """Return our properties, of these kinds or of any."""
    return sorted({term for kind in kinds or PROPERTIES for term in _ours(graph, kind)})


def concepts(graph: Graph) -> list[URIRef]:
    """Return the concepts of our schemes."""
    return _ours(graph, SKOS.Concept)


def _ours(graph: Graph, kind: URIRef) -> list[URIRef]:
    found = graph.subjects(RDF.type, kind)
    return sorted(s for s in found if isinstance(s, URIRef) and s.startswith(BASE))


def name(term: str) -> str:
    """Return the end of an IRI, for people."""
    return re.split(r"[/#]", term)[-1]


def turtle_iris(path: Path, *, terms_only: bool = False) -> Iterator[str]:
    """Yield the IRIs of a Turtle file: all, or only classes, properties and datatypes."""
    for triple in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE):
        yield triple.predicate.value
        nodes = [triple.subject, triple.object]
        if terms_only:
            nodes = [triple.object] if triple.predicate.value == RDF_TYPE else []
        yield from (node.value for node in nodes if isinstance(node, pyoxigraph.NamedNode))
        if isinstance(triple.object, pyoxigraph.Literal):
            yield triple.object.datatype.value
            if triple.predicate.value in _SPARQL:
                yield from query_iris(triple.object.value)


def query_iris(text: str) -> set[str]:
    """Return the IRIs that a query names, those of its prefixes left out."""
    prefixes = PREFIXES | namespaces(text)
    body = _PREFIX.sub("", text)
    found = set()
    for match in _TOKEN.finditer(body):
        if match["iri"]:
            found.add(match["iri"])
        elif match["prefix"] in prefixes:
            found.add(prefixes[match["prefix"]] + match["local"])
    return found


def namespaces(text: str) -> dict[str, str]:
    """Return the prefixes that a query declares."""
    return dict(_PREFIX.findall(text))


def metadata_iris(path: Path) -> Iterator[str]:
    """Yield the IRIs that the metadata of a table name, templates left out."""
    for key, value in _members(json.loads(path.read_text("utf-8"))):
        if ":" in key:
            yield _expanded(key)
        if key in ("propertyUrl", "valueUrl") and "{" not in value:
            yield _expanded(value)
        elif key in ("datatype", "base") and isinstance(value, str):
            yield XSD + value


def _members(node: object) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str):
                yield key, value
            else:
                yield from _members(value)
                if ":" in key:
                    yield key, ""
    elif isinstance(node, list):
        for item in node:
            yield from _members(item)


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return _CSVW_PREFIXES[prefix] + local if prefix in _CSVW_PREFIXES else name


def named_iris() -> dict[str, set[str]]:
    """Return every IRI that our files name, with the files that name it.

    Examples of what is wrong may name what does not exist.
    """
    found: dict[str, set[str]] = {}
    valid = (path for path in sorted(FOLDER.rglob("*.ttl")) if "invalid" not in path.parts)
    for path in valid:
        for iri in turtle_iris(path, terms_only="examples" in path.parts):
            found.setdefault(iri, set()).add(str(path.relative_to(ROOT)))
    for path in QUERIES:
        for iri in query_iris(path.read_text("utf-8")):
            found.setdefault(iri, set()).add(str(path.relative_to(ROOT)))
    for path in METADATA:
        for iri in metadata_iris(path):
            found.setdefault(iri, set()).add(str(path.relative_to(ROOT)))
    return found


def lock() -> dict[str, dict[str, object]]:
    """Return the lock of the IRIs from outside."""
    found: dict[str, dict[str, object]] = json.loads(
        (FOLDER / "terms-lock.json").read_text("utf-8")
    )
    return found

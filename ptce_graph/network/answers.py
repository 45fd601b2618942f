"""The answer of a question as a network: any SELECT with two columns of things, any CONSTRUCT."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import NamedNode

from ptce_graph.errors import QueryError
from ptce_graph.namespaces import ID, RDF_TYPE
from ptce_graph.network import reading, selection
from ptce_graph.network.names import Labels, Names
from ptce_graph.network.tables import Tables
from ptce_graph.query import Answer

if TYPE_CHECKING:
    import networkx as nx

LAYER = {"fr": "réponse", "en": "answer"}
"""Name of the layer of the links that a question gives."""

_GIVEN = re.compile(r"VALUES\s+\?\w+\s*\{([^{}]*)\}", re.IGNORECASE)
_DOCUMENT = ID + "doc/"


def read(tables: Tables, sparql: str) -> nx.MultiDiGraph[str]:
    """Return the network that a query answers with.

    Of a CONSTRUCT each triple between two things is a link. Of a SELECT each row is a link between
    the things of its first two columns that hold nothing but things; documents are its sources.
    Where one column of things is left, they are the actors, with those that the query names, and
    their links are those of the network.

    Raises:
        QueryError: the answer has no things.
    """
    answer = tables.ask(sparql)
    if isinstance(answer, pyoxigraph.QueryTriples):
        return _linked(tables, [(*link, []) for link in _triples(answer)])
    columns, documents, rows = _columns(answer)
    if len(columns) >= 2:
        return _linked(tables, _pairs(columns[:2], documents, rows))
    if not columns:
        raise QueryError(
            "the answer has no things to draw (a SELECT needs columns of IRIs, or use CONSTRUCT)",
            "la réponse n'a rien à tracer (un SELECT doit avoir des colonnes d'IRI, ou CONSTRUCT)",
        )
    given = {iri for block in _GIVEN.findall(sparql) for iri in re.findall("<([^<>]*)>", block)}
    actors = {row[columns[0]].value for row in rows if row[columns[0]]} | given
    return reading.read(tables, selection.among(tables, actors), actors)


Link = tuple[str, str, str, list[str]]
"""From, what the link is called by its IRI or "", to, and the documents that state it."""


def _triples(answer: pyoxigraph.QueryTriples) -> list[tuple[str, str, str]]:
    found = {
        (t.subject.value, t.predicate.value, t.object.value)
        for t in answer
        if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode)
    }
    return sorted(triple for triple in found if triple[1] != RDF_TYPE)


def _columns(answer: Answer) -> tuple[list[int], list[int], list[list[Any]]]:
    """Return which columns hold things, which hold documents, and the rows."""
    if not isinstance(answer, pyoxigraph.QuerySolutions):
        return [], [], []
    width = len(answer.variables)
    rows = [[row[column] for column in range(width)] for row in answer]
    things: list[int] = []
    documents: list[int] = []
    for column in range(width):
        values = [row[column] for row in rows if row[column] is not None]
        if values and all(isinstance(value, NamedNode) for value in values):
            stated = all(value.value.startswith(_DOCUMENT) for value in values)
            (documents if stated else things).append(column)
    return things, documents, rows


def _pairs(ends: list[int], documents: list[int], rows: list[list[Any]]) -> list[Link]:
    found: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        source, target = (row[end] for end in ends)
        if source and target:
            stated = {row[column].value for column in documents if row[column]}
            found.setdefault((source.value, target.value), set()).update(stated)
    return [(*pair[:1], "", *pair[1:], sorted(stated)) for pair, stated in sorted(found.items())]


def _linked(tables: Tables, links: list[Link]) -> nx.MultiDiGraph[str]:
    ends = {end for source, _, target, _ in links for end in (source, target)}
    graph = reading.read(tables, [], ends)
    names = Names(tables)
    names.read(link[1] for link in links)
    for number, (source, name, target, sources) in enumerate(links, 1):
        label = names.labels(name) if name else LAYER
        facts = link_facts("answer", label, sources)
        graph.add_edge(source, target, key=f"answer-{number}", **facts)
    graph.graph["layers"] = {"answer": LAYER}
    reading.describe(graph, tables)
    return graph


def link_facts(layer: str, label: Labels, sources: list[str]) -> dict[str, Any]:
    """Return the attributes of a link that no node of the graph states."""
    empty = ("valid_from", "valid_until", "observed_in", "certainty", "amount")
    return {
        "layer": layer,
        "role": layer,
        "role_label": label,
        "verb_label": {language: f"– {text} –" for language, text in label.items()},
        "member": False,
        "directed": True,
        **dict.fromkeys(empty, ""),
        "note": {},
        "sources": sources,
    }

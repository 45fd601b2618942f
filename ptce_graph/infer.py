"""What follows from the facts: rules as SPARQL CONSTRUCT, kept apart from what is asserted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from ptce_graph import query
from ptce_graph.errors import QueryError
from ptce_graph.namespaces import INFERRED
from ptce_graph.project import Project


def infer(project: Project, nquads: Path) -> Iterator[str]:
    """Yield the N-Quads lines that the rules of a project add to a file of N-Quads.

    Rules are applied once each, in the order of their names; a rule sees what the earlier ones
    added. Each triple is yielded for the default graph, so that questions find it, and for the
    graph `https://w3id.org/ptce/graph/inferred/RULE`, so that it can be told from a fact.

    Raises:
        QueryError: a rule is no CONSTRUCT query.
    """
    rules = sorted((project.queries / "rules").glob("*.rq"))
    if not rules:
        return
    store = pyoxigraph.Store()
    store.bulk_load(path=str(nquads), format=RdfFormat.N_QUADS)
    for path in rules:
        graph = NamedNode(INFERRED + path.stem)
        triples = sorted(set(_apply(store, path)), key=str)
        store.bulk_extend(
            Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())
            for triple in triples
        )
        for triple in triples:
            yield f"{triple} .\n"
            yield f"{triple} {graph} .\n"


def _apply(store: pyoxigraph.Store, path: Path) -> Iterator[pyoxigraph.Triple]:
    try:
        answer = query.run(store, path.read_text("utf-8"))
    except QueryError as error:
        raise QueryError(f"{path.name}: {error}") from error
    if not isinstance(answer, pyoxigraph.QueryTriples):
        raise QueryError(f"{path.name}: a rule must be a CONSTRUCT query")
    return answer

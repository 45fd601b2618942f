"""The dataset in the RDF formats that portals and tools read; same graph, same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from ptce_graph import dataset
from ptce_graph.namespaces import PREFIXES, RDF_TYPE, THING_PREFIXES
from ptce_graph.project import Project

FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
"""Name of a format on the command line → the format."""

_TYPE = f" <{RDF_TYPE}> "
_ALL_PREFIXES = PREFIXES | THING_PREFIXES
_GROUPED = (RdfFormat.TURTLE, RdfFormat.TRIG)


def export(project: Project, name: str) -> bytes:
    """Return the dataset in a format, grouped by thing, sorted, without a line twice.

    Args:
        project: where the graph is built.
        name: a key of FORMATS.

    Raises:
        ProjectError: no graph has been built.
    """
    return serialize(dataset.built(project), name)


def serialize(nquads: Path, name: str) -> bytes:
    """Return a file of N-Quads in a format; only TriG and N-Quads keep named graphs.

    Literals stay as they are written: nothing passes through a store.

    Raises:
        SyntaxError: the file is no N-Quads.
    """
    with nquads.open(encoding="utf-8", newline="\n") as file:
        lines = sorted(set(file), key=lambda line: line.replace(_TYPE, " \t", 1))
    kind = FORMATS[name]
    if kind == RdfFormat.N_QUADS:
        return "".join(lines).encode()
    quads: Iterable[pyoxigraph.Quad] = pyoxigraph.parse(
        "".join(lines).encode(), format=RdfFormat.N_QUADS
    )
    if kind != RdfFormat.TRIG:
        return _triples(
            [q.triple for q in quads if q.graph_name == pyoxigraph.DefaultGraph()], kind
        )
    return _spaced(pyoxigraph.serialize(quads, format=kind, prefixes=_ALL_PREFIXES) or b"")


def _triples(triples: Iterable[pyoxigraph.Triple], kind: RdfFormat) -> bytes:
    if kind in _GROUPED:
        return _spaced(pyoxigraph.serialize(triples, format=kind, prefixes=_ALL_PREFIXES) or b"")
    return pyoxigraph.serialize(triples, format=kind, prefixes=PREFIXES) or b""


def _spaced(text: bytes) -> bytes:
    """Sort the prefixes and put an empty line after each thing, for people and for `git diff`."""
    lines = text.split(b"\n")
    prefixes = sorted(line for line in lines if line.startswith(b"@prefix "))
    body = b"\n".join(lines[len(prefixes) :]).replace(b" .\n", b" .\n\n")
    return b"\n".join(prefixes) + b"\n\n" + body.strip(b"\n") + b"\n"

"""The dataset in the RDF formats that portals and tools read; same graph, same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from ptce_graph import dataset
from ptce_graph.namespaces import INFERRED, ONTOLOGY, PREFIXES, RDF_TYPE, THING_PREFIXES
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
_INFERRED = f" <{INFERRED}"
_PRIVATE = f'<{ONTOLOGY}visibility> "private" .\n'
_WITH_GRAPHS = (RdfFormat.TRIG, RdfFormat.N_QUADS)
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
    """Return what a file of N-Quads publishes, in a format.

    Facts stand in the default graph. What is inferred stands in the graphs of the rules alone:
    only TriG and N-Quads have it. Properties that the ontology marks private are left out.
    Literals stay as they are written: nothing passes through a store.

    Raises:
        SyntaxError: the file is no N-Quads.
    """
    with nquads.open(encoding="utf-8", newline="\n") as file:
        return write(published(file), name)


def write(
    lines: Iterable[str], name: str, prefixes: Mapping[str, str] = PREFIXES | THING_PREFIXES
) -> bytes:
    """Return lines of N-Quads in a format, grouped by thing and sorted.

    Formats that have no named graphs get the lines of the default graph alone. Of the prefixes,
    those that are used are declared.
    """
    kind = FORMATS[name]
    if kind not in _WITH_GRAPHS:
        lines = (line for line in lines if not is_inferred(line))
    text = "".join(sorted(lines, key=lambda line: line.replace(_TYPE, " \t", 1))).encode()
    if kind == RdfFormat.N_QUADS:
        return text
    quads = pyoxigraph.parse(text, format=RdfFormat.N_QUADS)
    rows = quads if kind == RdfFormat.TRIG else (quad.triple for quad in quads)
    if kind not in _GROUPED:
        prefixes = {key: space for key, space in prefixes.items() if key in PREFIXES}
    used = {key: space for key, space in prefixes.items() if b"<" + space.encode() in text}
    result = pyoxigraph.serialize(rows, format=kind, prefixes=used) or b""
    return _spaced(result) if kind in _GROUPED else result


def published(lines: Iterable[str]) -> set[str]:
    """Return the lines of a built graph that anyone may read.

    These are all but those of properties that the ontology marks private. Facts stand in the
    default graph; what is inferred stands in the graphs of the rules alone.
    """
    lines = set(lines)
    inferred = {as_fact(line) for line in lines if is_inferred(line)}
    hidden = private(lines)
    return {line for line in lines - inferred if line.split(" ", 2)[1] not in hidden}


def private(lines: Iterable[str]) -> frozenset[str]:
    """Return the properties that lines of N-Quads mark private, as they stand in lines."""
    found = (line.split(" ", 1) for line in lines)
    return frozenset(subject for subject, rest in found if rest == _PRIVATE)


def as_fact(line: str) -> str:
    """Return a line in the graph of a rule as it stands in the default graph."""
    return f"{line.rpartition(_INFERRED)[0]} .\n"


def is_inferred(line: str) -> bool:
    """Return whether a line is in the graph of a rule; a text may hold the name of one."""
    before, _, name = line.rpartition(_INFERRED)
    return before.count(" ") > 1 and name[-4:] == "> .\n" and not set(name[:-4]) & set(' <>"')


def _spaced(text: bytes) -> bytes:
    """Sort the prefixes and put an empty line after each thing, for people and for `git diff`."""
    lines = text.split(b"\n")
    prefixes = sorted(line for line in lines if line.startswith(b"@prefix "))
    body = b"\n".join(lines[len(prefixes) :]).replace(b" .\n", b" .\n\n")
    return b"\n".join(prefixes) + b"\n\n" + body.strip(b"\n") + b"\n"

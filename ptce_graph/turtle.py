"""The facts as one Turtle file, for people and for `git diff`, with little memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

import pyoxigraph
from pyoxigraph import RdfFormat

from ptce_graph.lines import sort_lines
from ptce_graph.namespaces import ONTOLOGY, PREFIXES, RDF_TYPE, THING_PREFIXES

_BLOCK = 100_000
_BYTES = 1 << 24
_TYPE = f" <{RDF_TYPE}> ".encode()
_PRIVATE = f' <{ONTOLOGY}visibility> "private" .\n'.encode()


def write_turtle(nquads: Path, file: IO[bytes]) -> None:
    """Write what a file of facts publishes as Turtle: the bytes that `export.serialize` makes.

    Args:
        nquads: N-Quads of facts alone, all in the default graph.
        file: what to write to.
    """
    private, prefixes = _look_through(nquads)
    with nquads.open("rb") as lines, tempfile.TemporaryFile() as close:
        public = (line for line in lines if line.split(b" ", 2)[1] not in private)
        ordered = sort_lines(public, lambda line: line.replace(_TYPE, b" \t", 1))
        triples = _triples(ordered)
        pyoxigraph.serialize(triples, close, format=RdfFormat.TURTLE, prefixes=prefixes)
        close.seek(0)
        file.writelines(_spaced(close))


def _look_through(nquads: Path) -> tuple[set[bytes], dict[str, str]]:
    """Return the properties that are private, and the prefixes that are used."""
    private: set[bytes] = set()
    unused = PREFIXES | THING_PREFIXES
    used: dict[str, str] = {}
    with nquads.open("rb") as file:
        while lines := file.readlines(_BYTES):
            private |= {line.split(b" ", 1)[0] for line in lines if line.endswith(_PRIVATE)}
            text = b"".join(lines)
            used |= {key: space for key, space in unused.items() if b"<" + space.encode() in text}
            unused = {key: space for key, space in unused.items() if key not in used}
    return private, used


def _triples(lines: Iterator[bytes]) -> Iterator[pyoxigraph.Triple]:
    while block := b"".join(islice(lines, _BLOCK)):
        for quad in pyoxigraph.parse(block, format=RdfFormat.N_QUADS):
            yield quad.triple


def _spaced(lines: IO[bytes]) -> Iterator[bytes]:
    """Sort the prefixes and put an empty line before each thing."""
    prefixes: list[bytes] = []
    begins = True
    for line in lines:
        if line.startswith(b"@prefix "):
            prefixes.append(line)
            continue
        yield from sorted(prefixes)
        prefixes = []
        if begins:
            yield b"\n"
        yield line
        begins = line.endswith(b" .\n")

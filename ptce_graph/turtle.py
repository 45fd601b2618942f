"""The facts as one Turtle file, for people and for `git diff`, with little memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import IO

import pyoxigraph
from pyoxigraph import RdfFormat

from ptce_graph.lines import sort_lines
from ptce_graph.namespaces import ONTOLOGY, PREFIXES, RDF_TYPE, THING_PREFIXES

_BLOCK = 100_000
_BYTES = 1 << 24
_TYPE = f" <{RDF_TYPE}> ".encode()
_MARK = b" \x01"  # no cell holds it
_PRIVATE = f' <{ONTOLOGY}visibility> "private" .\n'.encode()


def write_turtle(nquads: Path, file: IO[bytes]) -> None:
    """Write what a file of facts publishes as Turtle: the bytes that `export.serialize` makes.

    Args:
        nquads: N-Quads of facts alone, all in the default graph.
        file: what to write to.
    """
    private: set[bytes] = set()
    prefixes: dict[str, str] = {}
    with nquads.open("rb") as lines, tempfile.TemporaryFile() as close:
        ordered = sort_lines(_marked(lines, private, prefixes))
        first = list(islice(ordered, 1))  # now all lines have been looked at
        public: Iterator[bytes] = chain(first, ordered)
        if private:
            public = (line for line in public if line.split(b" ", 2)[1] not in private)
        pyoxigraph.serialize(_quads(public), close, format=RdfFormat.TURTLE, prefixes=prefixes)
        close.seek(0)
        file.writelines(_spaced(close))


def _marked(file: IO[bytes], private: set[bytes], prefixes: dict[str, str]) -> Iterator[bytes]:
    """Yield lines with a mark for the type, so that it comes first.

    Note the properties that are private, and the prefixes that are used.
    """
    unused = {f"<{space}".encode(): key for key, space in (PREFIXES | THING_PREFIXES).items()}
    while lines := file.readlines(_BYTES):
        text = b"".join(lines)
        if _PRIVATE in text:
            private |= {line.split(b" ", 1)[0] for line in lines if line.endswith(_PRIVATE)}
        for start in [start for start in unused if start in text]:
            prefixes[unused.pop(start)] = start[1:].decode()
        yield from BytesIO(text.replace(_TYPE, _MARK))


def _quads(lines: Iterator[bytes]) -> Iterator[pyoxigraph.Quad]:
    blocks = iter(lambda: b"".join(islice(lines, _BLOCK)).replace(_MARK, _TYPE), b"")
    parsed = (pyoxigraph.parse(block, format=RdfFormat.N_QUADS) for block in blocks)
    return chain.from_iterable(parsed)


def _spaced(file: IO[bytes]) -> Iterator[bytes]:
    """Sort the prefixes and put an empty line before each thing."""
    prefixes: list[bytes] = []
    for line in file:
        if not line.startswith(b"@prefix "):
            break
        prefixes.append(line)
    else:
        line = b""
    yield b"".join(sorted(prefixes))
    gap = b"\n"
    while text := line + b"".join(file.readlines(_BYTES)):
        text = text.replace(b" .\n", b" .\n\n")
        ended = text.endswith(b" .\n\n")
        yield gap + (text[:-1] if ended else text)
        line, gap = b"", b"\n" if ended else b""

"""What a release changes since the one before: for people, and as an RDF patch for machines."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from ptce_graph import export
from ptce_graph.errors import ProjectError
from ptce_graph.namespaces import ID
from ptce_graph.publish.description import DATASET
from ptce_graph.publish.release import Release
from ptce_graph.publish.thing import Name, Reader

_FORMATS = {".nq": RdfFormat.N_QUADS, ".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between two releases.

    Attributes:
        added: lines of N-Triples that only the later one has.
        removed: lines that only the earlier one has.
        new: things that only the later one describes.
        gone: things that only the earlier one describes.
        changed: things of which both say something, and not the same.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    new: tuple[Name, ...]
    gone: tuple[Name, ...]
    changed: tuple[Name, ...]


def compare(path: Path, release: Release, reader: Reader) -> Changes:
    """Compare a release with the dump of an earlier one.

    Args:
        path: a dump, `.nq`, `.trig` or `.ttl`, packed with gzip (`.gz`) or not.
        release: the later release.
        reader: names its things.

    Raises:
        ProjectError: the dump cannot be read, or is no RDF.
    """
    before, now = _read(path), _facts(release.facts)
    old_store = pyoxigraph.Store()
    old_store.bulk_load("".join(before), format=RdfFormat.N_TRIPLES)
    old = Reader(old_store)
    had, has = _subjects(before), _subjects(now)
    touched = _subjects(before ^ now)
    return Changes(
        added=tuple(sorted(now - before)),
        removed=tuple(sorted(before - now)),
        new=_names(reader, has - had),
        gone=_names(old, had - has),
        changed=_names(reader, touched & had & has),
    )


def patch(changes: Changes) -> bytes:
    """Return the changes as an RDF patch (https://afs.github.io/rdf-delta/rdf-patch.html)."""
    rows = [
        "TX .",
        *(f"D {line.rstrip()}" for line in changes.removed),
        *(f"A {line.rstrip()}" for line in changes.added),
        "TC .",
    ]
    return ("\n".join(rows) + "\n").encode()


def _read(path: Path) -> set[str]:
    packed = path.suffix == ".gz"
    kind = _FORMATS.get(path.with_suffix("").suffix if packed else path.suffix)
    try:
        if kind is None:
            raise ValueError("its name must end in " + ", ".join(_FORMATS) + " or that and .gz")
        data = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
        quads = pyoxigraph.parse(data, format=kind)
        default = pyoxigraph.DefaultGraph()
        return _facts({f"{q.triple} .\n" for q in quads if q.graph_name == default})
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        why = getattr(error, "strerror", None) or error
        raise ProjectError(
            f"{path}: cannot be compared ({why})", f"{path} : comparaison impossible ({why})"
        ) from error


def _facts(lines: set[str] | frozenset[str]) -> set[str]:
    """Return the lines without what a release says of itself, and without what is inferred."""
    facts = {line for line in lines if not line.startswith(f"<{DATASET}>")}
    return export.published(facts)


def _subjects(lines: set[str]) -> set[str]:
    return {line[1 : line.index(">")] for line in lines if line.startswith(f"<{ID}")}


def _names(reader: Reader, iris: set[str]) -> tuple[Name, ...]:
    return tuple(sorted((reader.name(iri) for iri in iris), key=lambda name: name.key))

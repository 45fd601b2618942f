"""What follows from the facts: rules as SPARQL CONSTRUCT, kept apart from what is asserted."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from ptce_graph import query
from ptce_graph.errors import QueryError
from ptce_graph.lines import sort_lines
from ptce_graph.namespaces import INFERRED, XSD
from ptce_graph.project import Project

_BLOCK = 10_000
_WHOLE = re.compile(rf'( "-?[0-9]+)("\^\^<{XSD}decimal> )'.encode())
"""A decimal without a point, as engines write it; those of tables have one."""


def find_rules(project: Project) -> list[Path]:
    """Return the files of the rules of a project, in the order in which they are applied."""
    return sorted((project.queries / "rules").glob("*.rq"))


def infer(
    project: Project,
    store: pyoxigraph.Store,
    progress: Callable[[str, int], None] = lambda name, lines: None,
) -> Iterator[bytes]:
    """Add to a store what the rules of a project say, and yield its N-Quads, some at a time.

    Rules are applied once each, in the order of their names; a rule sees what the earlier ones
    added. Each triple stands in the default graph, so that questions find it, and in the graph
    `https://w3id.org/ptce/graph/inferred/RULE`, so that it can be told from a fact. An answer goes
    through files: it may be larger than the memory.

    Args:
        project: where the rules are.
        store: the facts; the rules add to it.
        progress: called with the name of a rule and the number of its triples written so far.

    Raises:
        QueryError: a rule is no CONSTRUCT query.
    """
    with tempfile.TemporaryDirectory() as name:
        answer, added = Path(name, "answer.nt"), Path(name, "added.nq")
        for path in find_rules(project):
            progress(path.name, 0)
            _apply(store, path, answer)
            with answer.open("rb") as lines, added.open("wb") as file:
                for count, text in _in_order(lines, path.stem):
                    file.write(text)
                    yield text
                    progress(path.name, count)
            store.bulk_load(path=str(added), format=RdfFormat.N_QUADS)


def _in_order(lines: Iterable[bytes], rule: str) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of an answer for both graphs, with the number of triples so far."""
    end = f" <{INFERRED}{rule}> .\n".encode()
    ordered, count = sort_lines(lines), 0
    while block := list(islice(ordered, _BLOCK)):
        count += len(block)
        text = b"".join(line + line[:-3] + end for line in block)
        yield count, _WHOLE.sub(rb"\1.0\2", text)


def _apply(store: pyoxigraph.Store, path: Path, target: Path) -> None:
    """Write the answer of a rule as N-Triples."""
    try:
        answer = query.run(store, path.read_text("utf-8"))
        if not isinstance(answer, pyoxigraph.QueryTriples):
            raise QueryError("a rule must be a CONSTRUCT query")
        answer.serialize(str(target), format=RdfFormat.N_TRIPLES)
    except QueryError as error:
        raise QueryError(f"{path.name}: {error}") from error

"""What follows from the facts: rules as SPARQL CONSTRUCT, kept apart from what is asserted."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as people read it: its name and what it says, by language, and its SPARQL."""

    label: dict[str, str]
    description: dict[str, str]
    text: str


def read_rules(project: Project) -> dict[str, Rule]:
    """Return the rules of a project by name; one without front matter has its name for label.

    Raises:
        QueryError: front matter that is no YAML, or that lacks a language.
    """
    found = {}
    for path in find_rules(project):
        text = path.read_text("utf-8")
        front = query.read_front(path.name, text) or {}
        said = {
            key: front.get(key, dict.fromkeys(query.LANGUAGES, default))
            for key, default in (("rule", path.stem), ("description", ""))
        }
        for key, texts in said.items():
            if not isinstance(texts, dict) or set(texts) != set(query.LANGUAGES):
                raise QueryError(f"{path.name}: front matter: {key} must have fr and en")
        found[path.stem] = Rule(said["rule"], said["description"], text)
    return found


def find_rules(project: Project) -> list[Path]:
    """Return the files of the rules of a project, in the order in which they are applied."""
    return sorted((project.queries / "rules").glob("*.rq"))


def read_properties(project: Project) -> frozenset[str]:
    """Return the properties that the rules of a project look at.

    Raises:
        QueryError: a rule is no SPARQL, or has a variable in the place of a property.
    """
    from rdflib.plugins.sparql import algebra, parser

    found: set[str] = set()
    for path in find_rules(project):
        try:
            query = algebra.translateQuery(parser.parseQuery(path.read_text("utf-8"))).algebra
        except Exception as error:  # the parser's errors have no class in common
            raise QueryError(f"{path.name}: no SPARQL query: {error}") from error
        try:
            found.update(*map(_properties, _steps(query.p)))
        except TypeError as error:
            raise QueryError(f"{path.name}: a rule must name its properties: {error}") from error
    return frozenset(found)


def _steps(node: Any) -> Iterator[Any]:
    """Yield the property or the path of each triple in an algebra."""
    if isinstance(node, dict):
        for triples in dict(node).get("triples", ()):
            yield from triples[1::3]  # one triple; within EXISTS several in a row
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from _steps(part)


def _properties(step: Any) -> set[str]:
    """Return the properties of a path."""
    from rdflib import URIRef
    from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath

    if isinstance(step, URIRef):
        return {str(step)}
    if isinstance(step, MulPath):
        return _properties(step.path)
    if isinstance(step, InvPath):
        return _properties(step.arg)
    if isinstance(step, AlternativePath | SequencePath):
        return set().union(*map(_properties, step.args))
    raise TypeError(step)


def add(store: pyoxigraph.Store, ntriples: Path, properties: frozenset[str] | None = None) -> None:
    """Add to a store the triples of a file, or those alone that have one of some properties."""
    if properties is None:
        store.bulk_load(path=str(ntriples), format=RdfFormat.N_TRIPLES)
        return
    keys = {f"<{name}>".encode() for name in properties}
    with ntriples.open("rb") as lines:
        while block := list(islice(lines, _BLOCK)):
            chosen = b"".join(line for line in block if line.split(b" ", 2)[1] in keys)
            store.bulk_load(chosen, RdfFormat.N_TRIPLES)


def infer(
    project: Project,
    store: pyoxigraph.Store,
    progress: Callable[[str, int], None] = lambda name, lines: None,
    properties: frozenset[str] | None = None,
) -> Iterator[bytes]:
    """Yield what the rules of a project say about facts as N-Quads, some at a time.

    Rules are applied once each, in the order of their names; a rule sees what the earlier ones
    added. Each triple stands in the default graph, so that questions find it, and in the graph
    `https://w3id.org/ptce/graph/inferred/RULE`, so that it can be told from a fact. An answer goes
    through files: it may be larger than the memory.

    Args:
        project: where the rules are.
        store: the facts; what a rule says is added to its default graph, for the later ones.
        progress: called with the name of a rule and the number of its triples written so far.
        properties: those that rules look at: of what they say, no other is added to the store.

    Raises:
        QueryError: a rule is no CONSTRUCT query.
    """
    with tempfile.TemporaryDirectory() as name:
        answer = Path(name, "answer.nt")
        for path in find_rules(project):
            progress(path.name, 0)
            _apply(store, path, answer)
            with answer.open("rb") as lines:
                for count, text in _in_order(lines, path.stem):
                    yield text
                    progress(path.name, count)
            add(store, answer, properties)


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

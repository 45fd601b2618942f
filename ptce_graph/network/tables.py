"""The queries of `queries/network/`, and their answers as texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import QueryResultsFormat

from ptce_graph import query
from ptce_graph.query import Answer

Row = dict[str, str]

_BATCH = 2_000
_ESCAPED = re.compile(r"\\(.)")
_PLAIN = {"t": "\t", "n": "\n", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Tables:
    """The queries of the network, and the graph that they are put to.

    Attributes:
        folder: the folder of the `.rq` files.
        store: the graph.
    """

    folder: Path
    store: pyoxigraph.Store

    def ask(self, sparql: str) -> Answer:
        """Return the answer of a query."""
        return query.run(self.store, sparql)

    def rows(
        self, name: str, variable: str = "", values: Iterable[str] | None = None
    ) -> Iterator[Row]:
        """Yield the rows of a query, as texts.

        Args:
            name: of the file, without its ending.
            variable: whose `VALUES ?variable { … }` is replaced.
            values: the IRIs that are put there, a few thousand at a time; None for the query as
                it stands.
        """
        text = (self.folder / f"{name}.rq").read_text("utf-8")
        if values is None:
            yield from rows(self.ask(text))
            return
        before, after = re.split(rf"VALUES \?{variable} \{{[^}}]*\}}", text)
        iris = [f"<{value}>" for value in sorted(values)]
        for start in range(0, len(iris), _BATCH):
            block = f"VALUES ?{variable} {{ {' '.join(iris[start : start + _BATCH])} }}"
            yield from rows(self.ask(before + block + after))


def rows(answer: Answer) -> Iterator[Row]:
    """Yield the rows of a SELECT as texts by name.

    They are read from the TSV that the engine writes, three times as fast as term by term.
    """
    if not isinstance(answer, pyoxigraph.QuerySolutions):
        raise TypeError("a SELECT has rows")
    names = [variable.value for variable in answer.variables]
    data = answer.serialize(format=QueryResultsFormat.TSV)
    known = _Known()
    for line in (data or b"").decode("utf-8").split("\n")[1:-1]:
        yield dict(zip(names, map(known.__getitem__, line.split("\t")), strict=True))


class _Known(dict[str, str]):
    """The texts of terms, each read once."""

    def __missing__(self, term: str) -> str:
        text = self[term] = plain(term)
        return text


def plain(term: str) -> str:
    """Return what a term of SPARQL's TSV says, without its datatype and language.

    >>> [plain(term) for term in ('<a:b>', '"l\\'\\\\"eau\\\\""@fr', '"2014"^^<a:year>', "5", "")]
    ['a:b', 'l\\'"eau"', '2014', '5', '']
    """
    if term.startswith("<"):
        return term[1:-1]
    if not term.startswith('"'):
        return term
    text = term[1 : term.rindex('"')]
    return _ESCAPED.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    return _PLAIN.get(match[1], match[1])

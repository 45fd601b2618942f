"""The queries of `queries/network/`, and their answers as texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph

from ptce_graph import query, tsv
from ptce_graph.namespaces import RDF_TYPE
from ptce_graph.query import Answer

Row = dict[str, str]
Stated = dict[str, list[str]]
"""Thing → its values of a property, in order."""

_BATCH = 2_000
_LANGUAGE = {"": "", "fr": 'FILTER (LANG(?value) = "fr")', "en": 'FILTER (LANG(?value) != "fr")'}


@dataclass(frozen=True, slots=True)
class Tables:
    """The queries of the network, and the graph that they are put to.

    Attributes:
        folder: the folder of the `.rq` files.
        store: the graph.
    """

    folder: Path
    store: pyoxigraph.Store
    _whole: dict[str, Future[Stated]] = field(default_factory=dict, compare=False, repr=False)
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(2), compare=False, repr=False
    )

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

    def stated(
        self, properties: Iterable[str], things: Sequence[str] | None = None
    ) -> dict[str, Stated]:
        """Return what is stated by each of these properties, of these things or of all.

        An IRI followed by @fr stands for its values in French, by @en for the others. Each is read
        by a query of one pattern: on a store on disk these are together four times as fast as one
        query that joins them. The engine lets other threads work meanwhile.
        """
        names = sorted({*properties})
        if things is None or self._are_many(things):
            self.expect(names)
            whole = {name: self._whole[name].result() for name in names}
            return whole if things is None else _cut(whole, things)
        read = self._pool.map(lambda name: self._stated(name, things), names)
        return dict(zip(names, read, strict=True))

    def _are_many(self, things: Sequence[str]) -> bool:
        """Whether things are so many of all, if it is known how many there are, that all are read.

        What is asked of one thing takes five times as long as what is read of all in their order.
        """
        known = self._whole.get(RDF_TYPE)
        return known is not None and len(things) * 5 > len(known.result())

    def expect(self, properties: Iterable[str]) -> None:
        """Begin to read what is stated of all things by these properties, in this order."""
        for name in properties:
            if name not in self._whole:
                self._whole[name] = self._pool.submit(self._stated, name, None)

    def _stated(self, name: str, things: Sequence[str] | None) -> Stated:
        iri, _, language = name.partition("@")
        kept = _LANGUAGE[language]
        blocks = [""]
        if things is not None:
            batches = (things[n : n + _BATCH] for n in range(0, len(things), _BATCH))
            blocks = [f"VALUES ?thing {{ <{'> <'.join(batch)}> }}" for batch in batches]
        found: Stated = {}
        known = _Known()
        for block in blocks:
            answer = self.ask(f"SELECT ?thing ?value {{ {block} ?thing <{iri}> ?value {kept} }}")
            for line in tsv.lines(answer)[1:]:
                thing, _, value = line.partition("\t")
                found.setdefault(thing[1:-1], []).append(known[value])
        for values in found.values():
            if len(values) > 1:
                values.sort()
        return found


def _cut(whole: dict[str, Stated], things: Sequence[str]) -> dict[str, Stated]:
    return {
        name: {thing: values[thing] for thing in things if thing in values}
        for name, values in whole.items()
    }


def rows(answer: Answer) -> Iterator[Row]:
    """Yield the rows of a SELECT as texts by name."""
    header, *lines = tsv.lines(answer)
    names = [name[1:] for name in header.split("\t")]
    known = _Known()
    for line in lines:
        yield dict(zip(names, map(known.__getitem__, line.split("\t")), strict=True))


class _Known(dict[str, str]):
    """The texts of terms, each read once."""

    def __missing__(self, term: str) -> str:
        text = self[term] = tsv.plain(term)
        return text

"""Some rows of one table to N-Quads: a pure function, for this process, for others, for a cluster.

A Job says all that is needed of the table, and can be pickled. What a partition cannot know is
whether its keys are unique and its references met: a Mapped tells both to whoever gathers it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from ptce_graph import identifiers
from ptce_graph.columns import Cells, Columns, Names, Unclean, octets, text_of
from ptce_graph.errors import Problem
from ptce_graph.mapping import Fault, RowMapping, compile_mapping
from ptce_graph.namespaces import DATATYPE, ONTOLOGY, SCHEME

if TYPE_CHECKING:
    from ptce_graph.tables import Table

_FEW = 16


@dataclass(frozen=True)
class Job:
    """A table whose rows are mapped: all that a process needs to know of it.

    Attributes:
        name: its path in the folder of the sources, for messages.
        table: its metadata.
        vocabulary: IRIs that the ontology and its schemes declare.
        offered: columns of it that other tables refer to.
    """

    name: str
    table: Table
    vocabulary: frozenset[str] = frozenset()
    offered: tuple[Names, ...] = ()

    @cached_property
    def mapping(self) -> RowMapping:
        """The metadata, compiled."""
        readers = {DATATYPE + name: read for name, read in identifiers.DATATYPES.items()}
        return compile_mapping(self.table, readers, self.vocabulary, (SCHEME, ONTOLOGY))

    @cached_property
    def keys(self) -> dict[Names, list[int]]:
        """Columns of each key, own, foreign or offered, and their positions."""
        foreign = [key.columns for key in self.table.foreign_keys]
        every = {self.table.primary_key, *foreign, *self.offered} - {()}
        return {names: [self.table.header.index(name) for name in names] for names in every}

    @cached_property
    def columns(self) -> Columns:
        """The metadata, compiled for many rows at a time."""
        return Columns(self.mapping)

    def __reduce__(self) -> tuple[type[Job], tuple[object, ...]]:
        """Pickle what it was made of."""
        return Job, (self.name, self.table, self.vocabulary, self.offered)


@dataclass(slots=True)
class Mapped:
    """What became of some rows, before their keys and references are compared with others.

    Attributes:
        lines: for each row, its line in the file.
        texts: for each row, its N-Quads; "" where it has a fault.
        keys: for the columns of each key of the job, the key of each row; a key of several
            columns is joined with NUL, and one without any text refers to nothing.
        problems: what is wrong with rows in themselves, by their place in the lists; a row all
            of whose problems are warnings is used.
    """

    lines: Sequence[int]
    texts: list[str]
    keys: dict[Names, list[str]]
    problems: dict[int, list[Problem]] = field(default_factory=dict)


def map_rows(job: Job, rows: Iterable[tuple[int, Sequence[str]]]) -> Mapped:
    """Map some rows of a table, each with its line in the file."""
    pairs = list(rows)
    columns = list(zip(*(map(octets, cells) for _, cells in pairs), strict=True))
    return map_columns(job, [line for line, _ in pairs], columns)


def map_columns(job: Job, lines: Sequence[int], columns: Sequence[Cells]) -> Mapped:
    """Map some rows of a table, given the octets of each of its columns.

    Rows of which nothing is wrong are mapped together; where one is not, the rows are halved
    until few are left, which are then mapped one by one.
    """
    if not lines:
        return Mapped([], [], {names: [] for names in job.keys})
    try:
        pieces, _ = job.columns.read(columns)
        texts = map("".join, zip(*pieces)) if pieces else [""] * len(lines)  # noqa: B905
        keys = {names: [*found] for names, found in job.columns.keys(columns, job.keys).items()}
        return Mapped(lines, list(map(text_of, texts)), keys)
    except Unclean:
        if len(lines) <= _FEW:
            return _map_one_by_one(job, lines, columns)
    middle = len(lines) // 2
    first = map_columns(job, lines[:middle], [cells[:middle] for cells in columns])
    second = map_columns(job, lines[middle:], [cells[middle:] for cells in columns])
    shifted = {middle + place: problems for place, problems in second.problems.items()}
    return Mapped(
        lines,
        first.texts + second.texts,
        {names: keys + second.keys[names] for names, keys in first.keys.items()},
        first.problems | shifted,
    )


def map_together(
    job: Job, lines: Sequence[int], columns: Sequence[Cells]
) -> tuple[bytes, int, dict[Names, set[str]]] | None:
    """Return the N-Quads, their number and the keys of some rows; None if anything is wrong."""
    if not lines:
        return b"", 0, {names: set() for names in job.keys}
    try:
        pieces, count = job.columns.read(columns)
        keys = job.columns.keys(columns, job.keys)
    except Unclean:
        return None
    text = "".join(chain.from_iterable(zip(*pieces)))  # noqa: B905 (constants have no end)
    return text.encode("latin-1"), count, {names: set(found) for names, found in keys.items()}


def _map_one_by_one(job: Job, lines: Sequence[int], columns: Sequence[Cells]) -> Mapped:
    mapped = Mapped(lines, [], {names: [] for names in job.keys})
    for place, read in enumerate(zip(*columns, strict=True)):
        cells = tuple(map(text_of, read))
        quads, values, faults = job.mapping(cells)
        mapped.texts.append("".join(quads))
        for names, positions in job.keys.items():
            mapped.keys[names].append("\0".join(values[i] or "" for i in positions))
        if faults:
            mapped.problems[place] = [_problem(job, lines[place], fault) for fault in faults]
    return mapped


def _problem(job: Job, line: int, fault: Fault) -> Problem:
    name, rule, detail = job.table.header[fault.column], fault.rule, fault.detail
    if rule == "unknown-code":
        template = next(c.value or "" for c in job.table.columns if c.name == name)
        rule, detail = _find_codes(fault.value, template.partition("{")[0], job.vocabulary)
    return Problem(job.name, line, name, fault.value, rule, detail)


@lru_cache(maxsize=1000)
def _find_codes(value: str, base: str, vocabulary: frozenset[str]) -> tuple[str, str]:
    """Return the codes that look most like one that is unknown, or else the first ones."""
    codes = sorted(iri.removeprefix(base) for iri in vocabulary if iri.startswith(base))
    codes = [code for code in codes if code and "/" not in code]
    if close := difflib.get_close_matches(value, codes, 3, 0.5):
        return "unknown-code", ", ".join(close)
    return "no-such-code", ", ".join(codes[:8]) + (" …" if codes[8:] else "")

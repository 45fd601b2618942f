"""Some rows of one table to N-Quads: a pure function, for this process, for others, for a cluster.

A Job says all that is needed of the table, and can be pickled. What a partition cannot know is
whether its keys are unique and its references met: a Mapped tells both to whoever gathers it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, repeat
from typing import TYPE_CHECKING

from ptce_graph import identifiers
from ptce_graph.errors import Invalid, Problem
from ptce_graph.mapping import (
    CONTROL,
    SUBJECT,
    BadIri,
    Fault,
    Output,
    RowMapping,
    Terms,
    Values,
    compile_mapping,
    literal,
    read_cell,
)
from ptce_graph.namespaces import DATATYPE, ONTOLOGY, SCHEME

if TYPE_CHECKING:
    from ptce_graph.csvw import Table

Names = tuple[str, ...]
_REMEMBERED = 4096
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
    def columns(self) -> _Columns:
        """The metadata, compiled for many rows at a time."""
        return _Columns(self.mapping, self.table.primary_key)

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
    columns = list(zip(*(cells for _, cells in pairs), strict=True))
    return map_columns(job, [line for line, _ in pairs], columns)


def map_columns(job: Job, lines: Sequence[int], columns: Sequence[Sequence[str]]) -> Mapped:
    """Map some rows of a table, given the cells of each of its columns.

    Rows of which nothing is wrong are mapped together; where one is not, the rows are halved
    until few are left, which are then mapped one by one.
    """
    if not lines:
        return Mapped([], [], {names: [] for names in job.keys})
    try:
        return Mapped(lines, job.columns.texts(columns), job.columns.keys(columns, job.keys))
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


def _map_one_by_one(job: Job, lines: Sequence[int], columns: Sequence[Sequence[str]]) -> Mapped:
    mapped = Mapped(lines, [], {names: [] for names in job.keys})
    for place, cells in enumerate(zip(*columns, strict=True)):
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


class Unclean(ValueError):
    """One of many rows has a fault or a warning."""


class _Memory(dict[str, str]):
    """What texts become; each is made once, and all are forgotten when they are too many."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, text: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        made = self[text] = self.make(text)
        return made


class _Columns:
    """The metadata of a table, compiled for many rows: column by column, each text once."""

    def __init__(self, mapping: RowMapping, primary: Names) -> None:
        self.mapping = mapping
        unique = mapping.table.header.index(primary[0]) if len(primary) == 1 else -1
        self.values = [
            self._remembered(self._value_reader(position), position != unique)
            for position in range(len(mapping.readers))
        ]
        self.makers = [(output.needs, self._maker(output)) for output in mapping.outputs]
        self.subject: tuple[tuple[int, ...], Callable[..., str]] | None = None
        if mapping.subject:
            self.subject = self._subject(mapping.subject, unique)
        looked_at = set(chain.from_iterable(needs for needs, _ in self.makers))
        looked_at |= set(self.subject[0] if self.subject else ())
        self.unseen = [i for i in range(len(mapping.readers)) if i not in looked_at]

    def texts(self, columns: Sequence[Sequence[str]]) -> list[str]:
        """Return the N-Quads of each row.

        Raises:
            Unclean: one of the rows has a fault or a warning.
        """
        if CONTROL.search("".join(map("".join, columns))):
            raise Unclean
        size = len(columns[0])
        try:
            for position in self.unseen:
                list(map(self.values[position], columns[position]))
            parts = [
                map(make, *(columns[i] for i in needs)) if needs else repeat(make(), size)
                for needs, make in self.makers
            ]
            texts = map("".join, zip(*parts, strict=True)) if parts else repeat("", size)
            if self.subject is None:
                return list(texts)
            needs, make = self.subject
            subjects = map(make, *(columns[i] for i in needs)) if needs else repeat(make(), size)
            return list(map(str.replace, texts, repeat(SUBJECT), subjects))
        except (Invalid, BadIri) as error:
            raise Unclean from error

    def keys(
        self, columns: Sequence[Sequence[str]], wanted: dict[Names, list[int]]
    ) -> dict[Names, list[str]]:
        """Return the keys of each row, for the columns of each key."""
        values = {i: list(map(self.values[i], columns[i])) for i in {*chain(*wanted.values())}}
        return {
            names: values[positions[0]]
            if len(positions) == 1
            else list(map("\0".join, zip(*(values[i] for i in positions), strict=True)))
            for names, positions in wanted.items()
        }

    @staticmethod
    def _remembered(make: Callable[[str], str], memory: bool) -> Callable[[str], str]:
        return _Memory(make).__getitem__ if memory else make

    def _read(self, position: int, text: str, values: Values, terms: Terms) -> None:
        """Fill the value and the terms of a cell of which nothing is wrong."""
        index, column, read = self.mapping.readers[position]
        if read_cell(index, text, column, read, values, terms):
            raise Unclean
        code = self.mapping.codes.get(position)
        if code and values[position] is not None and code(values) not in self.mapping.vocabulary:
            raise Unclean

    def _value_reader(self, position: int) -> Callable[[str], str]:
        _, column, read = self.mapping.readers[position]
        size = len(self.mapping.readers)
        plain = not column.separator and position not in self.mapping.codes

        def value(text: str) -> str:
            if plain and text and text not in column.nulls:
                found, _, warning = read(text)
                if warning:
                    raise Unclean
                return found
            values: Values = [None] * size
            self._read(position, text, values, [[] for _ in range(size)])
            return values[position] or ""

        return value

    def _subject(
        self, subject: Callable[[Values], str], unique: int
    ) -> tuple[tuple[int, ...], Callable[..., str]]:
        """Return the positions of the cells in the subject of a row, and what makes it of them."""
        needs = self.mapping.subject_needs
        size = len(self.mapping.readers)
        readers = [self.values[i] for i in needs]

        def make(*texts: str) -> str:
            values: Values = [None] * size
            for position, read, text in zip(needs, readers, texts, strict=True):
                values[position] = read(text)
            return subject(values)

        if len(needs) == 1:
            return needs, self._remembered(make, needs[0] != unique)
        return needs, make

    def _maker(self, output: Output) -> Callable[..., str]:
        """Return the function from the cells that a column looks at to its N-Quads."""
        size = len(self.mapping.readers)

        def make(*texts: str) -> str:
            values: Values = [None] * size
            terms: Terms = [[] for _ in range(size)]
            for position, text in zip(output.needs, texts, strict=True):
                self._read(position, text, values, terms)
            return "".join(output.lines(SUBJECT, values, terms))

        if len(output.needs) != 1:
            return make
        _, column, read = self.mapping.readers[output.needs[0]]
        if not output.start or output.needs[0] in self.mapping.codes:
            return _Memory(make).__getitem__

        def make_literal(text: str) -> str:
            if not text or text in column.nulls:
                return make(text)
            value, datatype, warning = read(text)
            if warning:
                raise Unclean
            return f"{output.start}{literal(value, datatype, column.lang)} .\n"

        return _Memory(make_literal).__getitem__

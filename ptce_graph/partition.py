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
from ptce_graph.datatypes import Datatype
from ptce_graph.errors import Invalid, Problem
from ptce_graph.mapping import (
    SUBJECT,
    BadIri,
    Fault,
    Output,
    RowMapping,
    Terms,
    Values,
    compile_mapping,
    escape,
    literal,
    read_cell,
)
from ptce_graph.namespaces import DATATYPE, ONTOLOGY, SCHEME

if TYPE_CHECKING:
    from ptce_graph.tables import Table

Names = tuple[str, ...]
Cells = Sequence[str]
_REMEMBERED = 4096
_SAMPLE = 256
_FEW = 16
_PLACE = f"<{SUBJECT}>"
_CONTROL = bytes(code for code in (*range(32), 127) if code not in b"\t\n\r")
_NO_CHARACTER = ("\ufffe".encode(), "\uffff".encode())


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
        return _Columns(self.mapping)

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


def map_columns(job: Job, lines: Sequence[int], columns: Sequence[Cells]) -> Mapped:
    """Map some rows of a table, given the cells of each of its columns.

    Rows of which nothing is wrong are mapped together; where one is not, the rows are halved
    until few are left, which are then mapped one by one.
    """
    if not lines:
        return Mapped([], [], {names: [] for names in job.keys})
    try:
        pieces, _ = job.columns.pieces(columns)
        texts = list(map("".join, zip(*pieces, strict=True))) if pieces else [""] * len(lines)
        return Mapped(lines, texts, job.columns.keys(columns, job.keys))
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
) -> tuple[bytes, int, dict[Names, list[str]]] | None:
    """Return the N-Quads, their number and the keys of some rows; None if anything is wrong."""
    if not lines:
        return b"", 0, {names: [] for names in job.keys}
    try:
        pieces, count = job.columns.pieces(columns)
        keys = job.columns.keys(columns, job.keys)
    except Unclean:
        return None
    return "".join(chain.from_iterable(zip(*pieces, strict=True))).encode(), count, keys


def _map_one_by_one(job: Job, lines: Sequence[int], columns: Sequence[Cells]) -> Mapped:
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
    """The metadata of a table, compiled for many rows: column by column.

    Where texts are repeated, each is looked at once; where they vary and are their own values,
    they are checked and written together; else they are looked at one by one.
    """

    def __init__(self, mapping: RowMapping) -> None:
        self.mapping = mapping
        self.size = len(mapping.readers)
        positions = range(self.size)
        self.plain = [self._plain(i) for i in positions]
        self.values = [_Memory(self._value(i)) for i in positions]
        self.makers = [(output, self._maker(output)) for output in mapping.outputs]
        self.memories = [_Memory(make) for _, make in self.makers]
        looked_at = {i for output in mapping.outputs for i in output.needs}
        self.unseen = set(positions) - looked_at - set(mapping.subject_needs)

    def pieces(self, columns: Sequence[Cells]) -> tuple[list[Iterable[str]], int]:
        """Return texts for each row, which are its N-Quads when joined, and how many those are.

        Raises:
            Unclean: one of the rows has a fault or a warning.
        """
        try:
            _refuse_control_characters("".join(map("".join, columns)))
            varied = [len(set(cells[:_SAMPLE])) > _SAMPLE // 2 for cells in columns]
            for position in self.unseen:
                self._read_column(position, columns[position], varied[position])
            subjects = self._subjects(columns, varied)
            pieces: list[Iterable[str]] = []
            count = 0
            for number, (output, _) in enumerate(self.makers):
                texts = self._texts(number, columns, varied)
                count += len(texts) - texts.count("")
                if not output.single:
                    count += sum(text.count("\n") - 1 for text in texts if text)
                    pieces.append(map(str.replace, texts, repeat(_PLACE), subjects))
                elif "" in texts:
                    pairs = zip(subjects, texts, strict=True)
                    pieces.append([f"{s}{t}" if t else "" for s, t in pairs])
                else:
                    pieces += subjects, texts
            return pieces, count
        except (Invalid, BadIri) as error:
            raise Unclean from error

    def keys(
        self, columns: Sequence[Cells], wanted: dict[Names, list[int]]
    ) -> dict[Names, list[str]]:
        """Return the keys of each row, for the columns of each key; they have been looked at."""
        values = {
            i: columns[i]
            if self._are_values(i, columns[i])
            else self._read_one_by_one(i, columns[i])
            for i in {*chain(*wanted.values())}
        }
        return {
            names: list(
                values[positions[0]]
                if len(positions) == 1
                else map("\0".join, zip(*(values[i] for i in positions), strict=True))
            )
            for names, positions in wanted.items()
        }

    def _plain(self, position: int) -> Callable[[str], object] | None:
        """Return what says of the texts of a column that they are their own values, if any do."""
        _, column, _ = self.mapping.readers[position]
        kind = column.datatype
        if column.default or column.separator or column.nulls != {""}:
            return None
        if position in self.mapping.codes:
            return None
        if kind.name:
            return identifiers.IS_PLAIN.get(kind.name.removeprefix(DATATYPE))
        return bool if kind == Datatype() else None

    def _read_column(self, position: int, cells: Cells, varied: bool) -> Cells:
        """Return the values of the cells of a column."""
        plain = self.plain[position]
        if plain and (varied or plain is bool):
            _, column, _ = self.mapping.readers[position]
            if column.required and not all(cells):
                raise Unclean
            if plain is not bool and not all(map(plain, filter(None, cells))):
                raise Unclean
            return cells
        return self._read_one_by_one(position, cells)

    def _read_one_by_one(self, position: int, cells: Cells) -> Cells:
        return list(map(self.values[position].__getitem__, cells))

    def _are_values(self, position: int, cells: Cells) -> bool:
        """Return whether texts of which nothing is wrong are their own values."""
        if self.plain[position]:
            return True
        _, column, _ = self.mapping.readers[position]
        changed = column.default or column.separator or column.nulls != {""}
        return column.datatype == Datatype("anyURI") and not changed and " " not in "".join(cells)

    def _subjects(self, columns: Sequence[Cells], varied: list[bool]) -> list[str]:
        """Return the subject of each row, between angle brackets."""
        mapping, needs = self.mapping, self.mapping.subject_needs
        if mapping.subject is None:
            return [""] * len(columns[0])
        read = {i: self._read_column(i, columns[i], varied[i]) for i in needs}
        if mapping.subject_ends and self.plain[needs[0]] not in (None, bool):
            first, last = mapping.subject_ends
            return [f"<{first}{text}{last}>" for text in read[needs[0]]]
        values: Values = [None] * self.size
        subjects = []
        for texts in zip(*read.values(), strict=True) if needs else repeat((), len(columns[0])):
            for position, text in zip(needs, texts, strict=True):
                values[position] = text
            subjects.append(f"<{mapping.subject(values)}>")
        return subjects

    def _texts(self, number: int, columns: Sequence[Cells], varied: list[bool]) -> list[str]:
        """Return what a column says of each row, without its subject if it is a single line."""
        output, make = self.makers[number]
        needs = output.needs
        if len(needs) != 1:
            size = len(columns[0])
            return list(map(make, *(columns[i] for i in needs))) if needs else [make()] * size
        cells, plain = columns[needs[0]], self.plain[needs[0]]
        if not varied[needs[0]]:
            return list(map(self.memories[number].__getitem__, cells))
        if not plain or not output.ends or (plain is bool and output.value):
            return list(map(make, cells))
        cells = self._read_column(needs[0], cells, varied=True)
        first, last = output.ends
        if plain is bool:
            cells = escape("\0".join(cells)).split("\0")
        return [f"{first}{text}{last}" if text else "" for text in cells]

    def _maker(self, output: Output) -> Callable[..., str]:
        """Return the function from the cells that a column looks at to what it says."""
        skipped = len(_PLACE) if output.single else 0

        def make(*texts: str) -> str:
            values: Values = [None] * self.size
            terms: Terms = [[] for _ in range(self.size)]
            for position, text in zip(output.needs, texts, strict=True):
                self._read(position, text, values, terms)
            return "".join(output.lines(SUBJECT, values, terms))[skipped:]

        if len(output.needs) != 1 or not output.start or output.needs[0] in self.mapping.codes:
            return make
        (position,) = output.needs
        _, column, read = self.mapping.readers[position]
        start = output.start[skipped:]

        def make_link(text: str) -> str:
            if not text or text in column.nulls or not output.value:
                return make(text)
            value, _, warning = read(text)
            if warning:
                raise Unclean
            values: Values = [None] * self.size
            values[position] = value
            return f"{start}<{output.value(values)}> .\n"

        unread = column.datatype == Datatype()
        tail = f'"@{column.lang} .\n' if column.lang else '" .\n'

        def make_literals(text: str) -> str:
            items = text.split(column.separator) if column.separator else [text]
            if not text or not column.nulls.isdisjoint((text, *items)):
                return make(text)
            if unread:
                return "".join([f'{start}"{item}{tail}' for item in map(escape, items)])
            found = []
            for value, datatype, warning in map(read, items):
                if warning:
                    raise Unclean
                found.append(f"{start}{literal(value, datatype, column.lang)} .\n")
            return "".join(found)

        return make_link if output.value else make_literals

    def _value(self, position: int) -> Callable[[str], str]:
        """Return the function from the text of a cell to its value, "" for none."""

        def value(text: str) -> str:
            values: Values = [None] * self.size
            self._read(position, text, values, [[] for _ in range(self.size)])
            return values[position] or ""

        return value

    def _read(self, position: int, text: str, values: Values, terms: Terms) -> None:
        """Fill the value and the terms of a cell of which nothing is wrong."""
        index, column, read = self.mapping.readers[position]
        if read_cell(index, text, column, read, values, terms):
            raise Unclean
        code = self.mapping.codes.get(position)
        if code and values[position] is not None and code(values) not in self.mapping.vocabulary:
            raise Unclean


def _refuse_control_characters(text: str) -> None:
    try:
        raw = text.encode()
    except UnicodeEncodeError as error:
        raise Unclean from error
    if len(raw.translate(None, _CONTROL)) < len(raw) or any(mark in raw for mark in _NO_CHARACTER):
        raise Unclean

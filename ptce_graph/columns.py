"""The metadata of a table, compiled for many rows at a time: whole columns to N-Quads.

Texts stand here as octets, a character for each byte of their UTF-8, as if they were Latin-1: they
are joined and written without being encoded again. Each different text of a column is looked at
once; the texts of codes and keys then stand in the lines as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain, repeat
from typing import NamedTuple

from ptce_graph import identifiers
from ptce_graph.datatypes import Datatype
from ptce_graph.errors import Invalid
from ptce_graph.mapping import (
    CONTROL,
    SUBJECT,
    BadIri,
    Output,
    RowMapping,
    Terms,
    Values,
    escape,
    literal,
    read_cell,
)
from ptce_graph.namespaces import DATATYPE
from ptce_graph.tables import Column

Names = tuple[str, ...]
Cells = Sequence[str]
_REMEMBERED = 4096
_SEVERAL = 4
"""How many times a text of a column stands in it, at least, for it to be remembered."""

_PLACE = f"<{SUBJECT}>"
_CONTROL = bytes(code for code in (*range(1, 32), 127) if code not in b"\t\n\r")
_ASCII = bytes(range(128))
_NO_CHARACTER = re.compile("\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf]")
_KEPT = "[A-Za-z0-9._~:/?@!$&'()*+,;=-]*"
_SAFE = rf"{_KEPT}(?:(?:%[0-9A-Fa-f]{{2}}|[\xc3-\xdf][\x80-\xbf]){_KEPT})*"
_ADDRESS = re.compile(rf"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?:[/?]{_SAFE})?(?:#{_SAFE})?")
"""An address that is an IRI for certain, as octets; others are looked at one by one."""


class Unclean(ValueError):
    """One of many rows has a fault or a warning."""


def octets(text: str) -> str:
    """Return a text with a character for each byte of its UTF-8.

    >>> octets("é"), text_of(octets("é"))
    ('Ã©', 'é')
    """
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("latin-1")


def text_of(read: str) -> str:
    """Return the text of some octets."""
    return read if read.isascii() else read.encode("latin-1").decode("utf-8", "surrogatepass")


class _Memory(dict[str, str]):
    """What texts become; each is made once, and all are forgotten when they are too many."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, read: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        made = self[read] = octets(self.make(text_of(read)))
        return made


class _Subject(NamedTuple):
    """The subjects of some rows: what stands before, in and after each of them."""

    first: str
    names: Cells
    last: str


class _Lines:
    """The lines of some rows while they are put together: constants and columns in turn."""

    def __init__(self, subject: _Subject) -> None:
        self.subject = subject
        self.pieces: list[Iterable[str]] = []
        self.constant = ""
        self.count = 0

    def add(self, *pieces: str | Iterable[str]) -> None:
        """Add what stands in each row: the same text, or a text for each."""
        for piece in pieces:
            if isinstance(piece, str):
                self.constant += piece
            else:
                if self.constant:
                    self.pieces.append(repeat(self.constant))
                    self.constant = ""
                self.pieces.append(piece)

    def add_line(self, first: str, last: str, cells: Cells, *, filled: bool) -> None:
        """Add a line for each cell that is not empty: what stands before it, in it and after it."""
        begin, names, end = self.subject
        self.count += len(cells)
        if filled:
            self.add(begin, names, end + first, cells, last)
            return
        first = end + first
        pairs = zip(names, cells, strict=True)
        self.add([f"{begin}{name}{first}{cell}{last}" if cell else "" for name, cell in pairs])
        self.count -= cells.count("")

    def add_items(self, first: str, last: str, cells: Cells, separator: str) -> None:
        """Add a line for each item of the list that a cell is."""
        begin, names, end = self.subject
        first = end + first
        turn = last + begin
        self.add(
            [
                f"{begin}{name}{first}{cell.replace(separator, turn + name + first)}{last}"
                if cell
                else ""
                for name, cell in zip(names, cells, strict=True)
            ]
        )
        self.count += sum(map(str.count, cells, repeat(separator))) + len(cells) - cells.count("")

    def end(self) -> tuple[list[Iterable[str]], int]:
        """Return the pieces of each row, and the number of all lines."""
        if self.constant:
            self.pieces.append(repeat(self.constant))
            self.constant = ""
        return self.pieces, self.count


class _Text(NamedTuple):
    """A column of strings in one, with NUL between them, and whether none is empty."""

    joined: str
    filled: bool


class Columns:
    """The metadata of a table, compiled for whole columns."""

    def __init__(self, mapping: RowMapping) -> None:
        self.mapping = mapping
        self.size = len(mapping.readers)
        positions = range(self.size)
        self.tests = [self._test(i) for i in positions]
        self.strings = [self._is_string(i) for i in positions]
        self.known: list[set[str]] = [set() for _ in positions]
        self.values = [_Memory(self._value(i)) for i in positions]
        self.makers = [self._maker(output) for output in mapping.outputs]
        self.memories = [_Memory(make) for make in self.makers]
        self.ends = [self._ends(output) for output in mapping.outputs]
        self.links = [self._links(output) for output in mapping.outputs]
        looked_at = {i for output in mapping.outputs for i in output.needs}
        self.unseen = set(positions) - looked_at - set(mapping.subject_needs)

    def read(self, columns: Sequence[Cells]) -> tuple[list[Iterable[str]], int]:
        """Return texts for each row, which are its N-Quads when joined, and how many those are.

        Raises:
            Unclean: one of the rows has a fault or a warning.
        """
        try:
            texts = [self._check(i, cells) for i, cells in enumerate(columns)]
            lines = _Lines(self._subjects(columns))
            for number, output in enumerate(self.mapping.outputs):
                if len(output.needs) == 1:
                    (position,) = output.needs
                    self._add(lines, number, columns[position], texts[position])
                else:
                    self._add_texts(lines, output, self._made(number, columns))
            return lines.end()
        except (Invalid, BadIri) as error:
            raise Unclean from error

    def keys(
        self, columns: Sequence[Cells], wanted: dict[Names, list[int]]
    ) -> dict[Names, Sequence[str]]:
        """Return the keys of each row, for the columns of each key; they have been looked at."""
        read = {i: self._values(i, columns[i]) for i in {*chain(*wanted.values())}}
        return {
            names: read[positions[0]]
            if len(positions) == 1
            else list(map("\0".join, zip(*(read[i] for i in positions), strict=True)))
            for names, positions in wanted.items()
        }

    def _values(self, position: int, cells: Cells) -> Cells:
        if self.tests[position]:
            return cells
        if not self.strings[position]:
            address = self._is_address(self._column(position))
            if not (address and are_addresses(cells)):
                cells = list(map(self.values[position].__getitem__, cells))
        return cells if "".join(cells).isascii() else list(map(text_of, cells))

    def _column(self, position: int) -> Column:
        return self.mapping.readers[position][1]

    def _is_changed(self, column: Column) -> bool:
        """Return whether metadata may give a cell another value than its own text."""
        return bool(column.default) or column.nulls != {""}

    def _test(self, position: int) -> Callable[[Collection[str]], bool] | None:
        """Return what says of texts of a column that they are values of unreserved characters."""
        column = self._column(position)
        if not column.datatype.name or column.separator or self._is_changed(column):
            return None
        return identifiers.ARE_PLAIN.get(column.datatype.name.removeprefix(DATATYPE))

    def _is_string(self, position: int) -> bool:
        """Return whether the texts of a column are strings, or lists of them, as they stand."""
        column = self._column(position)
        plain = column.datatype == Datatype() and position not in self.mapping.codes
        return plain and not self._is_changed(column)

    def _ends(self, output: Output) -> tuple[str, str] | None:
        """Return what stands in a line before and after a text that is its own value."""
        if len(output.needs) != 1 or not output.start:
            return None
        column = self._column(output.needs[0])
        start = octets(output.start.removeprefix(_PLACE))
        if output.ends:
            return octets(output.ends[0]), octets(output.ends[1])
        if column.separator and not output.value:
            return f'{start}"', f'"@{column.lang} .\n' if column.lang else '" .\n'
        return None

    def _is_address(self, column: Column) -> bool:
        """Return whether a column holds addresses and nothing else."""
        return column.datatype == Datatype("anyURI") and not self._is_changed(column)

    def _links(self, output: Output) -> bool:
        """Return whether a column links to the addresses that stand in it."""
        column = output.column
        plain = output.single and output.start and column.value == f"{{+{column.name}}}"
        return bool(plain) and self._is_address(column)

    def _check(self, position: int, cells: Cells) -> _Text | None:
        """Check the cells of a column, as far as that can be done for all at once.

        Raises:
            Unclean: one of them is not what the column holds.
        """
        column = self._column(position)
        required = column.required and not column.default
        if self.strings[position]:
            text = _joined(cells)
            if required and not text.filled:
                raise Unclean
            return text
        if self.tests[position]:
            self._check_plain(position, cells)
        elif position in self.unseen:
            for read in set(cells):
                self.values[position][read]
        elif required and "" in cells:
            raise Unclean
        return None

    def _check_plain(self, position: int, cells: Cells) -> None:
        test, known = self.tests[position], self.known[position]
        different = set(cells)
        fresh = different - known
        if "" in fresh:
            if self._column(position).required:
                raise Unclean
            fresh.remove("")
        if not fresh:
            return
        if not test or not test(fresh):
            raise Unclean
        if code := self.mapping.codes.get(position):
            values: Values = [None] * self.size
            for values[position] in fresh:
                if code(values) not in self.mapping.vocabulary:
                    raise Unclean
        if len(different) * _SEVERAL < len(cells) and len(known) < _REMEMBERED:
            known |= fresh

    def _subjects(self, columns: Sequence[Cells]) -> _Subject:
        mapping, needs = self.mapping, self.mapping.subject_needs
        size = len(columns[0])
        if mapping.subject is None:
            return _Subject("", [""] * size, "")
        if mapping.subject_ends and self.tests[needs[0]]:
            first, last = map(octets, mapping.subject_ends)
            return _Subject(f"<{first}", columns[needs[0]], f"{last}>")
        read = [self._values(i, columns[i]) for i in needs]
        values: Values = [None] * self.size
        names = []
        for texts in zip(*read, strict=True) if needs else repeat((), size):
            for position, text in zip(needs, texts, strict=True):
                values[position] = text
            names.append(octets(mapping.subject(values)))
        return _Subject("<", names, ">")

    def _add(self, lines: _Lines, number: int, cells: Cells, text: _Text | None) -> None:
        """Add what the texts of one column say of each row."""
        output, ends = self.mapping.outputs[number], self.ends[number]
        position = output.needs[0]
        separator = octets(self._column(position).separator or "")
        if ends and self.tests[position]:
            lines.add_line(*ends, cells, filled="" not in cells)
        elif ends and text and not output.value and not separator:
            if len(text.joined) >= len(cells):  # one of them is not empty
                lines.add_line(*ends, _escaped(text, cells), filled=text.filled)
        elif ends and text and separator and _are_lists(text.joined, separator):
            lines.add_items(*ends, _escaped(text, cells), separator)
        elif self.links[number] and are_addresses(cells):
            start = octets(output.start.removeprefix(_PLACE))
            lines.add_line(f"{start}<", "> .\n", quoted_addresses(cells), filled="" not in cells)
        else:
            made = {read: self.memories[number][read] for read in set(cells)}
            self._add_texts(lines, output, list(map(made.__getitem__, cells)))

    def _made(self, number: int, columns: Sequence[Cells]) -> Cells:
        """Return what several columns together, or none, say of each row."""
        make, needs = self.makers[number], self.mapping.outputs[number].needs
        if not needs:
            return [octets(make())] * len(columns[0])
        rows = zip(*(columns[i] for i in needs), strict=True)
        return [octets(make(*map(text_of, cells))) for cells in rows]

    def _add_texts(self, lines: _Lines, output: Output, texts: Cells) -> None:
        """Add lines, without their subject if each is a single one about that of the row."""
        if output.single:
            if output.needs:
                lines.add_line("", "", texts, filled="" not in texts)
            else:
                lines.add(lines.subject.first, lines.subject.names, lines.subject.last + texts[0])
                lines.count += len(texts)
            return
        first, names, last = lines.subject
        subjects = [f"{first}{name}{last}" for name in names]
        lines.add(map(str.replace, texts, repeat(_PLACE), subjects))
        lines.count += sum(text.count("\n") for text in texts)

    def _maker(self, output: Output) -> Callable[..., str]:
        """Return the function from the cells that a column looks at to what it says."""
        skipped = len(_PLACE) if output.single else 0

        def make(*texts: str) -> str:
            values: Values = [None] * self.size
            terms: Terms = [[] for _ in range(self.size)]
            for position, text in zip(output.needs, texts, strict=True):
                self._read(position, text, values, terms)
            return "".join(output.lines(SUBJECT, values, terms))[skipped:]

        if not (output.ends and output.single) or output.value:
            return make
        ((_, column, read),) = [self.mapping.readers[i] for i in output.needs]
        start = output.start[skipped:]

        def make_literal(text: str) -> str:
            if text in column.nulls or CONTROL.search(text):
                return make(text)
            value, datatype, warning = read(text)
            if warning:
                raise Unclean
            return f"{start}{literal(value, datatype, column.lang)} .\n"

        return make_literal

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
        if CONTROL.search(text) or read_cell(index, text, column, read, values, terms):
            raise Unclean
        code = self.mapping.codes.get(position)
        if code and values[position] is not None and code(values) not in self.mapping.vocabulary:
            raise Unclean


def _joined(cells: Cells) -> _Text:
    """Return a column as one text.

    Raises:
        Unclean: it holds what neither XML nor a reader can show.
    """
    joined = "\0".join(cells)
    raw = joined.encode("latin-1")
    if len(raw.translate(None, _CONTROL)) < len(raw) or raw.count(0) >= len(cells):
        raise Unclean
    if not joined.isascii() and _NO_CHARACTER.search(joined):
        raise Unclean
    return _Text(joined, all(cells))


def _escaped(text: _Text, cells: Cells) -> Cells:
    escaped = escape(text.joined)
    return cells if escaped is text.joined else escaped.split("\0")


def _are_lists(joined: str, separator: str) -> bool:
    """Return whether no item of lists is empty, and the separator stands in no escape."""
    marks = (separator * 2, f"\0{separator}", f"{separator}\0")
    return escape(separator) == separator and not any(mark in f"\0{joined}\0" for mark in marks)


def are_addresses(cells: Cells) -> bool:
    """Return whether all cells that are not empty are IRIs for certain."""
    return all(map(_ADDRESS.fullmatch, filter(None, cells)))


def quoted_addresses(cells: Cells) -> Cells:
    """Return addresses as they stand in an IRI: ASCII alone."""
    joined = "\0".join(cells)
    if joined.isascii():
        return cells
    for octet in set(joined.encode("latin-1").translate(None, _ASCII)):
        joined = joined.replace(chr(octet), f"%{octet:02X}")
    return joined.split("\0")

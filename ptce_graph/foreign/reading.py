"""A file becomes a header and rows: what is decided on the way is said, and can be overridden."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from ptce_graph.foreign import delimited, packed, records, sheets
from ptce_graph.foreign.columns import GROUP
from ptce_graph.foreign.delimited import NONE, Record
from ptce_graph.foreign.recognise import SUFFIXES, find_encoding, find_format
from ptce_graph.foreign.texts import FORMATS, ForeignError
from ptce_graph.foreign.totals import DATA, why_no_data

_LOOKED_AT = 40
_SHEETS = 6
Recogniser = Callable[[list[str]], int]
"""Names of columns → how many of them are known."""
Notice = tuple[str, tuple[object, ...]]
Progress = Callable[[str, int], None]
"""Told the name of a file and how many of its rows were read."""
STEP = 5_000
"""Rows after which it is told."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a person says of a file, against what would be decided.

    Attributes:
        header: first and last line of the names of the columns; (0, 0) if there are none.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: tuple[int, int] | None = None

    def over(self, other: Overrides) -> Overrides:
        """Return what this says, and where it says nothing, the other."""
        return Overrides(
            self.encoding or other.encoding,
            self.delimiter or other.delimiter,
            self.sheet or other.sheet,
            self.header or other.header,
        )


class Row(NamedTuple):
    """A row of a foreign table.

    Attributes:
        line: line of the file, from 1.
        cells: as many texts as the header has names.
        extra: cells beyond the header.
        fault: key of REASONS when the row cannot be read, and its details.
        left_out: key of RULES when it is no row of data: empty, total.
    """

    line: int
    cells: list[str]
    extra: list[str] = []  # noqa: RUF012 (never changed)
    fault: tuple[str, ...] = ()
    left_out: str = ""


@dataclass(slots=True)
class ForeignTable:
    """A file that was recognised: what it is, its header, and its rows, which can be read again.

    Attributes:
        notices: what was decided, keys of NOTICES with their details.
        decided: the same as values of `[read]` in a mapping file.
        own: we wrote it for people, who may have corrected it.
        unmet: condition that no row of a joined file met, and what one has there.
    """

    path: Path
    form: str
    header: list[str]
    notices: list[Notice] = field(default_factory=list)
    decided: dict[str, object] = field(default_factory=dict)
    skipped: int = 0
    own: bool = False
    unmet: tuple[object, str] | None = None

    def rows(self, used: Iterable[int] | None = None) -> Iterator[Row]:
        """Yield the rows below the header; `used` says which columns have to be read."""
        width = len(self.header)
        if self.form == "parquet":
            positions = list(range(width)) if used is None else sorted(set(used)) or [0]
            found = records.read_parquet(self.path, self.header, positions)
            for record in found:
                yield _row(record, width, self.path)
            return
        again: list[str] = []
        for record in self._records():
            if record.line > self.skipped:
                row = _row(record, width, self.path)
                if self.own:
                    row = row._replace(cells=list(map(delimited.unguarded, row.cells)))
                yield row._replace(left_out="header-again") if record.cells == again else row
            elif record.line == self.skipped:
                again = record.cells

    def _records(self) -> Iterable[Record]:
        if self.form == "json":
            return records.read_json(self.path, str(self.decided["encoding"]))[1]
        if self.form == "csv":
            encoding, mark = str(self.decided["encoding"]), str(self.decided["delimiter"])
            return delimited.read_delimited(self.path, encoding, mark)
        return sheets.read_sheet(self.path, self.form, str(self.decided["sheet"]))[1]


def _row(record: Record, width: int, path: Path) -> Row:
    cells = record.cells
    extra: list[str] = []
    if record.fault:
        blank = [""] * (width - len(cells))
        return Row(record.line, (cells + blank)[:width], cells[width:], (record.fault,))
    if not any(map(str.strip, cells)):
        return Row(record.line, [""] * width, left_out="empty")
    if len(cells) > width:
        cells, extra = cells[:width], cells[width:]
        while extra and not extra[-1].strip():
            extra = extra[:-1]
    if extra or len(cells) < width:
        if record.lines > 1:
            raise ForeignError(path, "unclosed-quote", record.line)
        detail = ("ragged-row", str(len(record.cells)), str(width))
        return Row(record.line, cells + [""] * (width - len(cells)), extra, detail)
    return Row(record.line, cells, left_out=why_no_data(cells))


def read(path: Path, asked: Overrides, known: Recogniser, *, own: bool = False) -> ForeignTable:
    """Recognise a file and find its header.

    Args:
        path: the file.
        asked: what a person says of it.
        known: how many names of a candidate header are known.
        own: we wrote it for people, who may have corrected it.

    Raises:
        ForeignError: it cannot be read rightly.
    """
    form = find_format(path)
    table = ForeignTable(path, form, [], own=own)
    table.notices.append(("format", (FORMATS[form],)))
    if form == "csv" and (names := packed.tables(path)):
        table.notices.append(("packed", (len(names), f"{names[0]} …" if names[1:] else names[0])))
    named = SUFFIXES.get(path.suffix.lower())
    if named and named != form:
        table.notices.append(("not-its-name", (FORMATS[named], FORMATS[form])))
    if form == "parquet":
        table.header = records.parquet_header(path)
    elif form == "json":
        encoding = find_encoding(path, asked.encoding)
        table.decided["encoding"] = encoding
        table.header = records.read_json(path, encoding)[0]
    else:
        if form == "csv":
            _decide(table, asked)
        else:
            _choose_sheet(table, asked, known)
        _find_header(table, asked.header, known)
    if own:
        table.header = list(map(delimited.unguarded, table.header))
    _name_twins(table)
    return table


def _decide(table: ForeignTable, asked: Overrides) -> None:
    encoding = find_encoding(table.path, asked.encoding)
    mark = asked.delimiter or delimited.find_delimiter(table.path, encoding)
    table.decided.update(encoding=encoding, delimiter=mark)
    shown = {"\t": ("TAB", "TAB"), NONE: ("none", "aucun")}.get(mark, mark)
    table.notices += [("encoding", (encoding,)), ("delimiter", (shown,))]


def _choose_sheet(table: ForeignTable, asked: Overrides, known: Recogniser) -> None:
    """Choose the first sheet that has two known names of columns, else the one that has most."""
    found, rows = sheets.read_sheet(table.path, table.form, asked.sheet)
    del rows
    chosen, most = found.chosen, 0
    others = [name for name in found.names if name != chosen]
    for name in [] if asked.sheet or not others else [chosen, *others[:_SHEETS]]:
        trial = ForeignTable(table.path, table.form, [], decided={"sheet": name})
        try:
            _find_header(trial, asked.header, known)
        except ForeignError:
            continue
        if (number := known(trial.header)) > most:
            chosen, most = name, number
        if most > 1:
            break
    table.decided["sheet"] = chosen
    if found.errors:
        table.notices.append(("cell-errors", (found.errors,)))
    table.notices.append(("sheet", (chosen,)))
    if others := [name for name in found.names if name != chosen]:
        table.notices.append(("other-sheets", (", ".join(others),)))


def _find_header(table: ForeignTable, asked: tuple[int, int] | None, known: Recogniser) -> None:
    found = iter(table._records())
    if asked == (0, 0):
        width = max((len(record.cells) for record in islice(found, _LOOKED_AT)), default=0)
        table.header = [str(number) for number in range(1, width + 1)]
        first = last = 0
    else:
        until = asked[1] if asked else 0
        looked = []
        for record in found:
            looked.append(record)
            if record.line >= until and len(looked) >= _LOOKED_AT:
                break
        first, last = asked or _guess_header(table.path, looked, known)
        lines = [r.cells for r in looked if first <= r.line <= last]
        if not lines:
            raise ForeignError(table.path, "short-header", last)
        table.header = _join_lines(lines)
    table.skipped = last
    table.decided["header"] = str(first) if first == last else f"{first}-{last}"
    table.notices.append(("header", (table.decided["header"],)))
    while table.header and not table.header[-1]:
        table.header.pop()
    if not table.header:
        raise ForeignError(table.path, "no-header")
    table.header = [name or f"({number})" for number, name in enumerate(table.header, 1)]


def _guess_header(path: Path, looked: list[Record], known: Recogniser) -> tuple[int, int]:
    """Return the lines of the names of the columns: where most names are known, all of them texts.

    A line above with several texts and gaps belongs to it: it says what groups of columns are.
    """
    filled = [r for r in looked if any(c.strip() for c in r.cells)]
    if not filled:
        raise ForeignError(path, "empty")
    width = max(sum(1 for c in r.cells if c.strip()) for r in filled)
    candidates = []
    for position, record in enumerate(filled):
        cells = [c.strip() for c in record.cells if c.strip()]
        texts = sum(1 for c in cells if not DATA.fullmatch(c) and len(c) < 120)
        if texts == len(cells) and (known(record.cells) or 2 * len(cells) > width):
            candidates.append((known(record.cells), len(cells), -position, record))
    if not candidates:
        raise ForeignError(path, "no-header")
    best = max(candidates)[3]
    position = filled.index(best)
    first = best.line
    if position:
        above = filled[position - 1]
        groups = {c.strip() for c in above.cells if c.strip()}
        gaps = len(groups) < sum(1 for c in best.cells if c.strip())
        grouped = len(groups) >= 2 and gaps and not any(map(DATA.fullmatch, groups))
        if grouped and above.line == best.line - 1 and not above.fault:
            joined = _join_lines([above.cells, best.cells])
            if known(joined) >= known(best.cells) and len(above.cells) == len(best.cells):
                first = above.line
    return first, best.line


def _join_lines(lines: list[list[str]]) -> list[str]:
    """Return one name a column; in the upper lines a text holds for the gaps on its right.

    It holds only where the last line has a name: beyond it, there are no columns.
    """
    width = max(map(len, lines))
    names = [""] * width
    named = [
        position < len(lines[-1]) and bool(lines[-1][position].strip()) for position in range(width)
    ]
    for number, cells in enumerate(lines, 1):
        before = ""
        for position in range(width):
            text = " ".join(cells[position].split()) if position < len(cells) else ""
            before = text or (before if number < len(lines) and named[position] else "")
            if before and before not in names[position]:
                names[position] += (GROUP if names[position] else "") + before
    return names


def _name_twins(table: ForeignTable) -> None:
    """Give the second of two columns of the same name a name of its own."""
    seen: dict[str, int] = {}
    for position, name in enumerate(table.header):
        number = seen[name] = seen.get(name, 0) + 1
        if number > 1:
            new = next(
                n
                for n in (f"{name} ({i})" for i in chain(range(number, number + 10_000)))
                if n not in table.header
            )
            table.header[position] = new
            table.notices.append(("duplicate", (f"“{name}”", new)))

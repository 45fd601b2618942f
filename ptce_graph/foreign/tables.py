"""The folder that an import writes: its tables as they are, what is added, and one replacement."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from ptce_graph.foreign.delimited import DELIMITERS, guarded
from ptce_graph.foreign.reading import Overrides, read
from ptce_graph.foreign.recognise import find_encoding, find_format
from ptce_graph.foreign.texts import ForeignError
from ptce_graph.project import installed_sources
from ptce_graph.tables import read_table

Values = dict[str, str]
REJECTED, ORIGINALS, CANDIDATES = "rejected.csv", "originals.csv", "candidates.csv"
LEDGERS: dict[str, tuple[list[str], int]] = {
    ORIGINALS: (["table", "id", "column", "original", "value"], 5),
    CANDIDATES: (
        [
            *("organisation", "name", "place", "candidate", "candidate_name", "candidate_place"),
            *("score", "decision", "decided_by", "decided_on", "why"),
        ],
        0,
    ),
}
"""Files that are no tables of the graph: their columns, how many of them are their key."""


def columns_of(name: str) -> tuple[list[str], list[str]]:
    """Return the columns and the primary key of a table of ours.

    >>> columns_of("communes.csv")
    (['code', 'name', 'departement'], ['code'])
    """
    if name in LEDGERS:
        header, width = LEDGERS[name]
        return header, header[:width] or ["organisation", "candidate"]
    (path,) = installed_sources().rglob(f"{name}-metadata.json")
    table = read_table(path)
    return table.header, list(table.primary_key)


def read_csv(path: Path) -> Iterator[Values]:
    """Yield the rows of a table of ours, as texts by column.

    Raises:
        ForeignError: it is no CSV in UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, strict=True):
                if any(value for value in row.values()):
                    yield {name: value or "" for name, value in row.items() if name}
    except (csv.Error, UnicodeDecodeError) as error:
        raise ForeignError(path, "damaged", error) from error


def own_form(path: Path) -> Overrides:
    """Return how a file that we wrote for people is read, whatever spreadsheet saved it since."""
    if find_format(path) != "csv":
        return Overrides(header=(1, 1))
    encoding = find_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(100_000)
    marks = [m for m in DELIMITERS if set(next(csv.reader([first], delimiter=m), [])) & _OWN]
    return Overrides(encoding, marks[0] if marks else "", "", (1, 1))


_OWN = {"reason", "candidate", "original"}


def read_own(path: Path) -> tuple[list[str], Iterator[Values]]:
    """Return the header and the rows of a file that we wrote for people."""
    table = read(path, own_form(path), len, own=True)
    rows = (row for row in table.rows() if not row.left_out)
    return table.header, (dict(zip(table.header, row.cells, strict=True)) for row in rows)


class Table:
    """One table of the folder: rows by key, kept in a file beside, of which only keys are held."""

    def __init__(self, path: Path, *, keep: bool = True) -> None:
        self.path, self.name = path, path.name
        self.header, self.key = columns_of(path.name)
        self.places: dict[tuple[str, ...], int] = {}
        self.changed: dict[tuple[str, ...], Values] = {}
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._since: list[tuple[tuple[str, ...], Values | None]] = []
        self._end = 0
        if keep and path.is_file():
            for row in read_own(path)[1] if self.name in LEDGERS else read_csv(path):
                if set(row) - set(self.header):
                    raise ForeignError(path, "changed-table")
                self.put(row)
        self.before = len(self.places)
        self.mark()

    def mark(self) -> None:
        """Remember the table as it is, to come back to it."""
        self._since.clear()

    def undo(self) -> None:
        """Take back what was put or changed since the last mark."""
        for key, before in reversed(self._since):
            if before is None:
                self.remove(key)
            else:
                self.changed[key] = before
        self._since.clear()

    def remove(self, key: tuple[str, ...]) -> None:
        """Take a row out."""
        self.places.pop(key, None)
        self.changed.pop(key, None)

    def key_of(self, row: Values) -> tuple[str, ...]:
        """Return the key of a row."""
        return tuple(row.get(name, "") for name in self.key)

    def get(self, key: tuple[str, ...]) -> Values | None:
        """Return the row of a key."""
        if key in self.changed:
            return self.changed[key]
        place = self.places.get(key)
        if place is None:
            return None
        self._file.seek(place)
        return dict(zip(self.header, json.loads(self._file.readline()), strict=True))

    def put(self, row: Values) -> bool:
        """Add a row unless its key is there; return whether it was added."""
        key = self.key_of(row)
        if key in self.places:
            return False
        self.places[key] = self._end
        self._since.append((key, None))
        self._file.seek(self._end)
        line = json.dumps([row.get(name, "") for name in self.header]).encode() + b"\n"
        self._end += self._file.write(line)
        return True

    def change(self, row: Values) -> None:
        """Put a row in the place of that of its key."""
        key = self.key_of(row)
        self._since.append((key, self.get(key)))
        self.changed[key] = row

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[list[str]]:
        offset = 0
        for key, place in self.places.items():
            while True:  # rows that were taken out are still in the file
                self._file.seek(offset)
                line = self._file.readline()
                at, offset = offset, offset + len(line)
                if at == place:
                    break
            changed = self.changed.get(key)
            yield [changed.get(n, "") for n in self.header] if changed else json.loads(line)

    def rows(self) -> Iterator[Values]:
        """Yield the rows, as texts by column."""
        for cells in self:
            yield dict(zip(self.header, cells, strict=True))

    def close(self) -> None:
        """Give the file beside back."""
        self._file.close()


class Folder:
    """A source set that is written by imports: nothing in it changes before `save`."""

    def __init__(self, path: Path, *, replace: bool = False) -> None:
        self.path = path
        self.replace = replace
        self.tables: dict[str, Table] = {}

    def table(self, name: str) -> Table:
        """Return a table of the folder, with the rows that it has."""
        if name not in self.tables:
            self.tables[name] = Table(self.path / name, keep=not self.replace)
        return self.tables[name]

    def mark(self) -> None:
        """Remember all tables as they are."""
        for table in self.tables.values():
            table.mark()

    def undo(self) -> None:
        """Take back what was put into the tables since the last mark."""
        for table in self.tables.values():
            table.undo()

    def save(self, rejected_header: list[str], rejected: Iterable[list[str]] | None) -> list[str]:
        """Write what has rows, each file at once, and return the names of the files that changed.

        Without rejected rows, rejected.csv stays as it is if they are None, and goes otherwise.
        Columns that no row fills are left out, except those that must be there.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        changed = []
        for name in sorted(self.tables):
            table = self.tables[name]
            mark = ";" if name in LEDGERS else ","
            if len(table) and _put(self.path / name, _without_empty(table), mark):
                changed.append(name)
            elif not len(table) and name in LEDGERS and (self.path / name).is_file():
                (self.path / name).unlink()
                changed.append(name)
        if rejected is None:
            return changed
        path = self.path / REJECTED
        rows = iter(rejected)
        first = next(rows, None)
        if first is None:
            if path.is_file():
                path.unlink()
                changed.append(REJECTED)
        elif _put(path, chain([rejected_header, first], rows), ";"):
            changed.append(REJECTED)
        return changed

    def close(self) -> None:
        """Give back the files beside."""
        for table in self.tables.values():
            table.close()


def _without_empty(table: Table) -> Iterator[list[str]]:
    filled = [name in table.key or table.name in LEDGERS for name in table.header]
    for row in table:
        filled = [known or bool(cell) for known, cell in zip(filled, row, strict=True)]
    if table.name not in LEDGERS:
        filled = [known or n in _ALWAYS for known, n in zip(filled, table.header, strict=True)]
    positions = [position for position, known in enumerate(filled) if known]
    yield [table.header[position] for position in positions]
    for row in table:
        yield [row[position] for position in positions]


_ALWAYS = {"id", "name", "kind", "kind_certainty", "certainty", "source", "title", "publisher"}


def _put(path: Path, rows: Iterable[list[str]], mark: str) -> bool:
    """Write a table aside and put it in its place at once, unless it says the same already.

    What people open in a spreadsheet has semicolons, a byte order mark, and no cell that is taken
    for a formula or a number that would lose figures: it opens rightly in one that speaks French.
    """
    from ptce_graph.dataset import writing

    with tempfile.TemporaryFile() as raw:
        aside = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        aside.write("\ufeff" if mark == ";" else "")
        end = "\r\n" if mark == ";" else "\n"
        shown = (map(guarded, row) for row in rows) if mark == ";" else rows
        csv.writer(aside, delimiter=mark, lineterminator=end).writerows(shown)
        aside.flush()
        raw.seek(0)
        if path.is_file() and path.stat().st_size == os.fstat(raw.fileno()).st_size:
            with path.open("rb") as old:
                if all(a == b for a, b in zip(_blocks(old), _blocks(raw), strict=True)):
                    return False
            raw.seek(0)
        with writing(path) as file:
            for block in _blocks(raw):
                file.write(block)
    return True


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(1 << 20):
        yield block

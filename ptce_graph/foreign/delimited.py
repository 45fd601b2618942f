"""Delimited text of any French kind: one record at a time, and never a line without end."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

from ptce_graph.foreign import packed
from ptce_graph.foreign.texts import ForeignError

LINE_LIMIT = 1_000_000
COLUMN_LIMIT = 2_000
DELIMITERS = ";,\t|"
NONE = "\x1f"
"""Separator of a file of one column: a character that no text holds."""
_SAMPLE = 60
_EVEN = 0.6


class Record(NamedTuple):
    """One record of a file.

    Attributes:
        line: line of the file where it starts, from 1.
        cells: its cells as texts.
        fault: key of REASONS when it is doubtful how it is cut into cells.
        lines: number of lines that it takes.
    """

    line: int
    cells: list[str]
    fault: str = ""
    lines: int = 1


def read_delimited(path: Path, encoding: str, delimiter: str) -> Iterator[Record]:
    """Yield the records of a text file; a line `sep=` is none.

    Raises:
        ForeignError: a line has no end, a quotation mark is not closed, there are too many columns.
    """
    with packed.open_text(path, encoding) as file:
        lines = _Lines(path, file)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            start = lines.number + 1
            lines.kept.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "expected after" not in str(error) or lines.number > start:
                    raise ForeignError(path, "unclosed-quote", start) from error
                cells = lines.kept[0].rstrip("\r\n").split(delimiter)
                yield Record(start, cells, "stray-quote")
                continue
            if len(cells) > COLUMN_LIMIT:
                if len(list(filter(None, cells))) > COLUMN_LIMIT:
                    raise ForeignError(path, "many-columns", COLUMN_LIMIT)
                del cells[max(i for i, c in enumerate(cells) if c or not i) + 1 :]
            if start == 1 and is_sep(lines.kept[0]):
                continue
            yield Record(start, cells, "", lines.number - start + 1)


class _Lines:
    """The lines of a file, each bounded; those of the record that is read are kept."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self.path, self.file, self.number = path, file, 0
        self.kept: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.file.readline(LINE_LIMIT + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > LINE_LIMIT:
            raise ForeignError(self.path, "long-line", self.number, f"{LINE_LIMIT:,}")
        if "\0" in line:
            raise ForeignError(self.path, "nul")
        if len(self.kept) < 2:
            self.kept.append(line)
        return line


_SPOILT = re.compile(r"'*([=+\-@\t\r]|0\d+$|\d{12,}$)", re.ASCII)
_NUMBER = re.compile(r"[+-]\d{1,11}([.,]\d+)?", re.ASCII)


def guarded(text: str) -> str:
    """Return a text as a spreadsheet keeps it: no formula, no zero lost, no number rounded.

    >>> guarded("=1+1"), guarded("01000"), guarded("-5"), unguarded("'01000")
    ("'=1+1", "'01000", '-5', '01000')
    """
    return f"'{text}" if _SPOILT.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Return a text without what `guarded` has added."""
    return text[1:] if text.startswith("'") and _SPOILT.match(text) else text


def is_sep(line: str) -> bool:
    """Return whether a first line is that of Excel, which says the separator.

    >>> is_sep("sep=;")
    True
    """
    text = line.strip().strip('"').lower()
    return text.startswith("sep=") and len(text) <= 5


def find_delimiter(path: Path, encoding: str) -> str:
    """Return the separator: that of `sep=`, else the one that cuts all lines most evenly."""
    with packed.open_text(path, encoding) as file:
        sample = list(islice(_Lines(path, file), _SAMPLE))
    if sample and is_sep(sample[0]):
        text = sample[0].strip("\r\n").strip('"')
        return text[4:5] or "\t"
    scores = {mark: _evenness(sample, mark) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: scores[mark])
    first = next((line for line in sample if line.strip()), "")
    if scores[best][0] < _EVEN and not any(mark in first for mark in DELIMITERS):
        return NONE
    return best


def _evenness(sample: list[str], mark: str) -> tuple[float, int]:
    """Return the share of records of the most common width above one, and that width."""
    widths: Counter[int] = Counter()
    try:
        for cells in csv.reader(sample, delimiter=mark):
            if any(cells):
                widths[len(cells)] += 1
    except csv.Error:
        return 0.0, 1
    wide = [(number, width) for width, number in widths.items() if width > 1]
    if not wide:
        return 0.0, 1
    number, width = max(wide)
    return round(number / widths.total(), 1), width

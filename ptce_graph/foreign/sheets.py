"""Spreadsheets: XLSX, XLS and ODS, read by python-calamine in a process of its own.

A spreadsheet is a program's file that strangers made: what it unpacks to is bounded before, and
the process that reads it has a limit of memory and of time. What it prints are lines of JSON:
the names of the sheets first, then one line a row.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ptce_graph.foreign.delimited import COLUMN_LIMIT, Record
from ptce_graph.foreign.texts import ForeignError

UNPACKED_LIMIT = 400 << 20
MEMORY_LIMIT = 1_500 << 20
SECONDS = 300
_ENTRIES = 10_000


class Sheets(NamedTuple):
    """The sheets of a workbook, the one that is read, and the cells that hold an error."""

    names: list[str]
    chosen: str
    errors: int = 0


def check_archive(path: Path) -> int:
    """Refuse a workbook that is too large, or whose values are not in it; count its error cells.

    Raises:
        ForeignError: its parts say that they unpack to more than UNPACKED_LIMIT, it is no archive,
            is under a password, or holds formulas that no spreadsheet has calculated.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise ForeignError(path, "damaged", error) from error
    if len(parts) > _ENTRIES or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise ForeignError(path, "too-large", UNPACKED_LIMIT >> 20)
    if any(part.flag_bits & 1 for part in parts):
        raise ForeignError(path, "password")
    errors = 0
    for part in parts:
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            errors += _count_errors(path, part)
    return errors


_ERROR = b't="e"'
_UNCALCULATED = re.compile(
    rb'<c (?![^>]*t="str")[^>]*><f[^>]*>[^<]*</f>(?:<v></v>|<v ?/>)?</c>', re.ASCII
)
"""A formula without a value; where its value is an empty text, the cell says `t="str"`."""


def _count_errors(path: Path, part: zipfile.ZipInfo) -> int:
    """Count the cells of a sheet that hold an error; refuse formulas without their values."""
    errors, before = 0, b""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(part) as file:
            while chunk := file.read(1 << 20):
                text = before[-4096:] + chunk
                errors += chunk.count(_ERROR)
                if b"</f>" in chunk and _UNCALCULATED.search(text):
                    raise ForeignError(path, "uncalculated")
                before = chunk
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise ForeignError(path, "damaged", error) from error
    return errors


def read_sheet(path: Path, form: str, sheet: str = "") -> tuple[Sheets, Iterator[Record]]:
    """Return the sheets of a workbook and the rows of one: by default the first that holds rows.

    Raises:
        ForeignError: it is damaged, too large, under a password, or has no such sheet.
    """
    errors = 0
    if form != "xls":
        errors = check_archive(path)
    elif path.stat().st_size > UNPACKED_LIMIT:
        raise ForeignError(path, "too-large", UNPACKED_LIMIT >> 20)
    lines = _read_apart(path, sheet)
    names, chosen = json.loads(next(lines))
    if not chosen:
        lines.close()
        rule, details = ("no-sheet", (sheet, ", ".join(names))) if sheet else ("empty", ())
        raise ForeignError(path, rule, *details)
    return Sheets(names, chosen, errors), _records(path, lines)


def _records(path: Path, lines: Iterator[str]) -> Iterator[Record]:
    for text in lines:
        number, cells = json.loads(text)
        if len(cells) > COLUMN_LIMIT:
            raise ForeignError(path, "many-columns", COLUMN_LIMIT)
        yield Record(number, cells)


def _read_apart(path: Path, sheet: str) -> Any:
    """Yield the lines that the reading process prints; refuse the file where it fails."""
    command = [sys.executable, "-m", "ptce_graph.foreign.sheets", os.fspath(path.resolve()), sheet]
    root = os.fspath(Path(__file__).resolve().parents[2])
    known = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    with subprocess.Popen(  # noqa: S603 (this interpreter, this module)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": os.pathsep.join(known)},
    ) as process:
        try:
            assert process.stdout and process.stderr  # noqa: S101 (both are pipes)
            seen = False
            for line in process.stdout:
                seen = True
                yield line
            said = process.stderr.read()
            status = process.wait()
            if status or not seen:
                raise _refusal(path, status, said)
        finally:
            process.kill()


def _refusal(path: Path, status: int, said: str) -> ForeignError:
    kind, _, text = said.strip().rpartition("\n")[2].partition(": ")
    if kind == "PasswordError":
        return ForeignError(path, "password")
    if status < 0 or kind == "MemoryError" or "memory" in said.lower():
        return ForeignError(path, "too-large", MEMORY_LIMIT >> 20)
    return ForeignError(path, "damaged", text or "—")


def as_text(value: Any) -> str:
    """Return the value of a cell as a person would type it.

    >>> as_text(552032534.0), as_text(0.1), as_text(date(2014, 1, 10))
    ('552032534', '0.1', '2014-01-10')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta | int) else "" if value is None else value


def _print_rows(path: str, wanted: str) -> None:
    """Print the sheets of a workbook, and the rows of one; run as a process of its own."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_path(path)
    sheets = [s for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    visible = [s.name for s in sheets if s.visible == SheetVisibleEnum.Visible]
    order = visible + [s.name for s in sheets if s.name not in visible]
    loaded = None
    for name in [wanted] if wanted else order:
        if name in order:
            loaded = workbook.get_sheet_by_name(name)
            if loaded.height > 0:
                break
    found = loaded is not None and loaded.height > 0
    print(json.dumps([order, loaded.name if loaded and found else ""]))  # noqa: T201
    if not loaded or not found:
        return
    first = loaded.start or (0, 0)
    spans = _merged(loaded)
    for number, row in enumerate(loaded.iter_rows()):
        cells = list(map(as_text, row))
        for left, right, top, bottom, value in spans:
            if top <= number <= bottom:
                cells[left : right + 1] = [value] * (right + 1 - left)
        if number + 1 > first[0] or any(cells):
            print(json.dumps([number + 1, cells]))  # noqa: T201


def _merged(sheet: Any) -> list[tuple[int, int, int, int, str]]:
    """Return the merged cells, each with the value that holds for all of it."""
    spans = []
    ranges = sheet.merged_cell_ranges or []
    if ranges:
        rows = sheet.to_python(skip_empty_area=False)
        for (top, left), (bottom, right) in ranges[:5_000]:
            if top < len(rows) and left < len(rows[top]) and bottom - top < 10_000:
                right = min(right, len(rows[top]) - 1)
                spans.append((left, right, top, bottom, as_text(rows[top][left])))
    return spans


def _bound_process() -> None:
    """Bound the memory and the time of this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _bound_process()
    try:
        _print_rows(sys.argv[1], sys.argv[2])
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {' '.join(str(error).split())}")

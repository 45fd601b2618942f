"""The tables of a project: where they are, and their rows as they stand in the files."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO, TextIOWrapper
from itertools import accumulate, compress
from pathlib import Path
from typing import IO, Any, TextIO

from ptce_graph.errors import Problem, ProjectError
from ptce_graph.mapping import is_iri
from ptce_graph.namespaces import ID
from ptce_graph.project import Project, installed_sources
from ptce_graph.tables import Table, read_table

METADATA = "-metadata.json"
PART = 1 << 17
"""Bytes of a part of a file, about."""

_LONGEST = 1 << 24
BESIDE = ("rejected.csv", "originals.csv", "candidates.csv")
"""What an import writes beside its tables, for people: no tables of the graph."""
Report = Callable[[Problem], None]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One CSV file of a project, and what its metadata say.

    Attributes:
        path: the file.
        name: its path in the folder of the sources, for messages.
        table: its metadata.
    """

    path: Path
    name: str
    table: Table

    @property
    def file_name(self) -> str:
        """Name by which foreign keys refer to the table."""
        return self.path.name


def find_tables(project: Project, report: Report) -> list[SourceTable]:
    """Return the tables of a project, in the order of their names.

    The metadata of `x.csv` stand beside it in `x.csv-metadata.json`, or else are those of the
    table of that name that is installed with the package.

    Raises:
        ProjectError: there is no table at all, or metadata cannot be read.
    """
    found = []
    folder = project.sources
    installed = {path.name: path for path in installed_sources().rglob(f"*.csv{METADATA}")}
    described = {Path(str(p).removesuffix(METADATA)) for p in folder.rglob(f"*.csv{METADATA}")}
    paths = sorted(described | set(folder.rglob("*.[cC][sS][vV]")))
    if not paths:
        raise ProjectError(
            f"{folder}: no table is here (add files whose names end in .csv)",
            f"{folder} : aucune table ici (ajoutez des fichiers dont le nom finit par .csv)",
        )
    for path in paths:
        if path.name in BESIDE:
            continue
        name = path.relative_to(folder).as_posix()
        beside = path.with_name(path.name + METADATA)
        metadata = beside if beside.is_file() else installed.get(beside.name)
        if not path.is_file():
            report(Problem(name, 0, "", "", "missing-file"))
        elif metadata is None:
            report(Problem(name, 0, "", "", "no-metadata", beside.name))
        else:
            found.append(SourceTable(path, name, read_table(metadata)))
    return found


def read_suppressed(project: Project) -> frozenset[str]:
    """Return the IRIs of what must not be published, whatever the tables say.

    Raises:
        ProjectError: the list cannot be read, or names something that is no thing of the graph.
    """
    path = project.suppressed
    if not path.is_file():
        return frozenset()
    try:
        with path.open(encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            if "iri" not in (reader.fieldnames or ()):
                raise KeyError("iri")
            rows = [(row["iri"] or "").strip() for row in reader]
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise ProjectError(
            f"{path}: cannot be read (its first column must be iri)",
            f"{path} : illisible (sa première colonne doit être iri)",
        ) from error
    for iri in rows:
        if iri and not (iri.startswith(ID) and is_iri(iri)):
            raise ProjectError(
                f'{path}: "{iri}" names nothing (write the whole address, {ID}…)',
                f"{path} : « {iri} » ne nomme rien (écrivez l'adresse entière, {ID}…)",
            )
    return frozenset(filter(None, rows))


@dataclass(frozen=True, slots=True)
class Part:
    """Some whole records of a file: their bytes, and the line on which the first one starts.

    A part without a size goes on to the end of the file.
    """

    start: int
    size: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file of a table stands.

    Attributes:
        line: line of the header.
        width: number of cells of the header.
        order: for each column of the metadata, its place in the file; -1 where it is absent.
        parts: the file, cut between records, so that each part can be read by itself.
    """

    line: int
    width: int
    order: tuple[int, ...]
    parts: tuple[Part, ...]


Rows = tuple[Sequence[int], list[Sequence[str]]]
"""Lines of rows in the file, and for each column of the metadata the cells of these rows."""


class Irregular(ValueError):
    """Rows of a part cannot be read together: `read_rows` tells which, and yields the others.

    Attributes:
        to_the_end: its quotation marks do not match, so that the next parts may be cut wrongly.
    """

    def __init__(self, *, to_the_end: bool) -> None:
        super().__init__()
        self.to_the_end = to_the_end


def find_layout(source: SourceTable, report: Report, part_size: int = PART) -> Layout | None:
    """Return how the file of a table stands; None, with a report, if nothing can be read of it."""
    parts = _find_parts(source, part_size)
    if not parts:
        report(_find_damage(source))
        return None
    with source.path.open("rb") as file:
        records = _read_records(source, _text(file, parts[0]), parts[0].line, report)
        line, header = next(records, (0, []))
    order = _column_order(source, line, header, report) if header else None
    return Layout(line, len(header), tuple(order), parts) if order is not None else None


def read_part(source: SourceTable, layout: Layout, part: Part) -> Rows:
    """Return the rows of a part, those without any text left out, as octets (`columns`).

    Raises:
        Irregular: a row is not like the others, or the part has no size.
    """
    if part.size is None:
        raise Irregular(to_the_end=True)
    with source.path.open("rb") as file:
        file.seek(part.start)
        raw = file.read(part.size)
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    with_header = part.line <= layout.line
    columns = None if with_header or b'"' in raw else _split(raw, layout.width)
    if columns:
        lines: Sequence[int] = range(part.line, part.line + len(columns[0]))
    else:
        lines, columns = _read_quoted(raw.decode("latin-1"), layout, part)
    absent = ("",) * len(lines)
    return lines, [columns[place] if place >= 0 else absent for place in layout.order]


def _split(raw: bytes, width: int) -> list[Sequence[str]] | None:
    """Return the columns of lines without quotation marks, if all are alike and none is empty."""
    end = b"" if raw.endswith(b"\n") else b"\n"
    cells = (raw + end).replace(b"\n", b",\n,").decode("latin-1").split(",")
    count = len(cells) // (width + 1)
    columns = [cells[place : -1 : width + 1] for place in range(width + 1)]
    if columns.pop().count("\n") != count or raw.count(b"\n") + len(end) != count:
        return None
    if "" in columns[0] and not all(map(any, zip(*columns, strict=True))):
        return None
    return [*columns]


def _read_quoted(text: str, layout: Layout, part: Part) -> tuple[Sequence[int], list[Any]]:
    reader = csv.reader(StringIO(text, newline="\n"), strict=True)
    try:
        records = list(reader)
    except csv.Error as error:
        raise Irregular(to_the_end=True) from error
    lines: Sequence[int] = range(part.line, part.line + len(records))
    if reader.line_num != len(records):
        heights = (1 + sum(cell.count("\n") for cell in record) for record in records)
        lines = list(accumulate(heights, initial=part.line))[:-1]
    if part.line <= layout.line or not all(map(any, records)):
        kept = [any(r) and line > layout.line for line, r in zip(lines, records, strict=True)]
        lines, records = list(compress(lines, kept)), list(compress(records, kept))
    if set(map(len, records)) - {layout.width}:
        raise Irregular(to_the_end=False)
    return lines, list(zip(*records, strict=True)) or [()] * layout.width


def read_rows(
    source: SourceTable, report: Report, layout: Layout | None = None, part: Part | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table: line in the file, and cells in the order of the metadata.

    Optional columns that the file does not have are empty, and rows without any text are left
    out. What cannot be read is reported, and nothing is yielded from a file that is damaged as a
    whole. Line ends within a cell are the same whatever the system that wrote them.

    Args:
        source: the table.
        report: called with each problem.
        layout: what `find_layout` returned, if it is known.
        part: read this part alone.
    """
    layout = layout or find_layout(source, report)
    if layout is None:
        return
    part = part or Part(layout.parts[0].start, None, layout.parts[0].line)
    with source.path.open("rb") as file:
        for line, row in _read_records(source, _text(file, part), part.line, report):
            if line <= layout.line:
                continue
            if len(row) == layout.width:
                yield line, [row[place] if place >= 0 else "" for place in layout.order]
            else:
                detail = f"{len(row)} ≠ {layout.width}"
                report(Problem(source.name, line, "", ",".join(row), "ragged-row", detail))


def _text(file: IO[bytes], part: Part) -> TextIO:
    file.seek(part.start)
    raw = file if part.size is None else BytesIO(file.read(part.size))
    return TextIOWrapper(raw, "utf-8")


def _read_records(
    source: SourceTable, file: TextIO, first: int, report: Report
) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a CSV that hold any text, with the line where each starts."""
    reader = csv.reader(file, strict=True)
    while True:
        line = first + reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            stray = "expected after" in str(error) and first + reader.line_num == line + 1
            report(Problem(source.name, line, "", "", "stray-quote" if stray else "unclosed-quote"))
            if not stray or line == 1:
                return
        else:
            if any(row):
                yield line, row


def _find_parts(source: SourceTable, part_size: int) -> tuple[Part, ...]:
    """Cut a file into parts of whole records; into none if it is damaged or empty.

    A line end outside quotation marks ends a record. Where a mark that stands alone in a cell
    makes their number odd, no such end is found, and the rest of the file is one part.
    """
    parts, line, pending, decoder = [], 1, b"", getincrementaldecoder("utf-8")()
    has_text = whole = False
    try:
        with source.path.open("rb") as file:
            start = len(BOM_UTF8) if file.read(len(BOM_UTF8)) == BOM_UTF8 else 0
            file.seek(start)
            while block := file.read(part_size):
                decoder.decode(block)
                has_text = has_text or not block.isspace()
                if 0 in block:
                    return ()
                if whole:
                    continue
                pending += block
                end = pending.rfind(b"\n") + 1
                if end and pending.count(b'"', 0, end) % 2 == 0:
                    parts.append(Part(start, end, line))
                    line += _line_ends(pending[:end])
                    start, pending = start + end, pending[end:]
                elif len(pending) > _LONGEST:
                    parts.append(Part(start, None, line))
                    whole, pending = True, b""
        decoder.decode(b"", final=True)
    except (OSError, UnicodeDecodeError):
        return ()
    if pending:
        parts.append(Part(start, len(pending), line))
    return tuple(parts) if has_text else ()


def _line_ends(text: bytes) -> int:
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.count(b"\n")


def _find_damage(source: SourceTable) -> Problem:
    """Return what is wrong with the bytes of a file that are no text."""
    line = 0
    try:
        with source.path.open("rb") as file:
            for line, raw in enumerate(file, 1):
                if line == 1 and (raw[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) or 0 in raw[:2]):
                    return Problem(source.name, line, "", "", "wrong-encoding", "UTF-16")
                if 0 in raw:
                    return Problem(source.name, line, "", "", "nul")
                raw.decode("utf-8")
    except UnicodeDecodeError as error:
        text = error.object[max(0, error.start - 10) : error.end + 10].decode("cp1252", "replace")
        guess = "Windows (cp1252)"
        return Problem(source.name, line, "", text.strip(), "wrong-encoding", guess)
    except OSError as error:
        detail = error.strerror or str(error)
        return Problem(source.name, 0, "", "", "unreadable-file", detail)
    columns = ", ".join(source.table.header)
    return Problem(source.name, 0, "", "", "empty-file", columns)


def _column_order(
    source: SourceTable, line: int, header: list[str], report: Report
) -> list[int] | None:
    """Return, for each column of the metadata, its place in the file (-1: absent)."""
    if len(header) == 1 and (mark := next((m for m in ";\t" if m in header[0]), "")):
        detail = mark if mark == ";" else "TAB"
        report(Problem(source.name, line, "", header[0], "wrong-separator", detail))
        return None
    columns = [column for column in source.table.columns if not column.virtual]
    known = {name: c.name for c in columns for name in (c.name, *c.titles)}
    names = [known.get(text.strip(), "") for text in header]
    good = True
    for position, (name, text) in enumerate(zip(names, header, strict=True)):
        if not name:
            detail = ", ".join(source.table.header)
            report(Problem(source.name, line, text, "", "unknown-column", detail))
        elif name in names[:position]:
            report(Problem(source.name, line, text, "", "duplicate-column"))
        else:
            continue
        good = False
    for column in columns:
        if column.required and column.name not in names:
            report(Problem(source.name, line, column.name, "", "missing-column"))
            good = False
    return [names.index(c.name) if c.name in names else -1 for c in columns] if good else None

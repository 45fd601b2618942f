"""The tables of a project: where they are, and their rows as they stand in the files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ptce_graph.csvw import Table, read_table
from ptce_graph.errors import Problem
from ptce_graph.project import Project, installed_sources

METADATA = "-metadata.json"
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
    """
    found = []
    folder = project.sources
    installed = {path.name: path for path in installed_sources().rglob(f"*.csv{METADATA}")}
    described = {Path(str(p).removesuffix(METADATA)) for p in folder.rglob(f"*.csv{METADATA}")}
    for path in sorted(described | set(folder.rglob("*.csv"))):
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


def read_rows(source: SourceTable, report: Report) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table: line in the file, and cells in the order of the metadata.

    Optional columns that the file does not have are empty. What cannot be read is reported, and
    nothing is yielded from a file that is damaged as a whole.
    """
    if not _is_text(source, report):
        return
    with source.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        start = 1
        try:
            header = next(reader, [])
            order = _column_order(source, header, report)
            if order is None:
                return
            width = len(header)
            in_order = order == list(range(width))
            start = reader.line_num + 1
            for row in reader:
                if len(row) == width:
                    yield start, row if in_order else [row[i] if i >= 0 else "" for i in order]
                elif row:
                    detail = f"{len(row)} ≠ {width}"
                    report(Problem(source.name, start, "", ",".join(row), "ragged-row", detail))
                start = reader.line_num + 1
        except csv.Error as error:
            stray = "expected after" in str(error)
            rule = "stray-quote" if stray else "unclosed-quote"
            report(Problem(source.name, start, "", "", rule))


def _is_text(source: SourceTable, report: Report) -> bool:
    try:
        with source.path.open("rb") as file:
            line = 0
            for line, raw in enumerate(file, 1):
                if b"\x00" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                    report(Problem(source.name, line, "", "", "nul"))
                    return False
                raw.decode("utf-8")
    except UnicodeDecodeError as error:
        value = error.object[max(0, error.start - 10) : error.end + 10].decode("cp1252", "replace")
        guess = "UTF-16" if error.object[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"
        report(Problem(source.name, line + 1, "", value.strip(), "wrong-encoding", f"{guess} ?"))
        return False
    except OSError as error:
        detail = error.strerror or str(error)
        report(Problem(source.name, 0, "", "", "unreadable-file", detail))
        return False
    if not line:
        columns = ", ".join(source.table.header)
        report(Problem(source.name, 0, "", "", "empty-file", columns))
    return line > 0


def _column_order(source: SourceTable, header: list[str], report: Report) -> list[int] | None:
    """Return, for each column of the metadata, its place in the file (-1: absent)."""
    columns = [column for column in source.table.columns if not column.virtual]
    known = {name: c.name for c in columns for name in (c.name, *c.titles)}
    names = [known.get(text.strip(), "") for text in header]
    good = True
    for position, (name, text) in enumerate(zip(names, header, strict=True)):
        if not name:
            detail = ", ".join(source.table.header)
            report(Problem(source.name, 1, text, "", "unknown-column", detail))
        elif name in names[:position]:
            report(Problem(source.name, 1, text, "", "duplicate-column"))
        else:
            continue
        good = False
    for column in columns:
        if column.required and column.name not in names:
            report(Problem(source.name, 1, column.name, "", "missing-column"))
            good = False
    return [names.index(c.name) if c.name in names else -1 for c in columns] if good else None

"""The tables of a project: where they are, and their rows as they stand in the files."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ptce_graph.csvw import Table, read_table
from ptce_graph.datatypes import is_iri
from ptce_graph.errors import Problem, ProjectError
from ptce_graph.namespaces import ID
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


def read_rows(source: SourceTable, report: Report) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table: line in the file, and cells in the order of the metadata.

    Optional columns that the file does not have are empty, and rows without any text are left
    out. What cannot be read is reported, and nothing is yielded from a file that is damaged as a
    whole. Line ends within a cell are the same whatever the system that wrote them.
    """
    damage = _find_damage(source)
    if damage:
        report(damage)
        return
    with source.path.open(encoding="utf-8-sig") as file:
        records = _read_records(source, file, report)
        line, header = next(records, (0, []))
        order = _column_order(source, line, header, report) if header else None
        if order is None:
            return
        width = len(header)
        in_order = order == list(range(width))
        for line, row in records:
            if len(row) == width:
                yield line, row if in_order else [row[i] if i >= 0 else "" for i in order]
            else:
                detail = f"{len(row)} ≠ {width}"
                report(Problem(source.name, line, "", ",".join(row), "ragged-row", detail))


def _read_records(
    source: SourceTable, file: TextIO, report: Report
) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a CSV that hold any text, with the line where each starts."""
    reader = csv.reader(file, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            stray = "expected after" in str(error) and reader.line_num == line
            report(Problem(source.name, line, "", "", "stray-quote" if stray else "unclosed-quote"))
            if not stray or line == 1:
                return
        else:
            if any(row):
                yield line, row


def _find_damage(source: SourceTable) -> Problem | None:
    """Return what is wrong with the bytes of a file, if they are no text."""
    line, has_text = 0, False
    try:
        with source.path.open("rb") as file:
            for line, raw in enumerate(file, 1):
                if line == 1 and (raw[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) or 0 in raw[:2]):
                    return Problem(source.name, line, "", "", "wrong-encoding", "UTF-16")
                if 0 in raw:
                    return Problem(source.name, line, "", "", "nul")
                has_text = bool(raw.removeprefix(BOM_UTF8).strip()) or has_text
                raw.decode("utf-8")
    except UnicodeDecodeError as error:
        text = error.object[max(0, error.start - 10) : error.end + 10].decode("cp1252", "replace")
        guess = "Windows (cp1252)"
        return Problem(source.name, line, "", text.strip(), "wrong-encoding", guess)
    except OSError as error:
        detail = error.strerror or str(error)
        return Problem(source.name, 0, "", "", "unreadable-file", detail)
    columns = ", ".join(source.table.header)
    return None if has_text else Problem(source.name, 0, "", "", "empty-file", columns)


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

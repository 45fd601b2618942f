"""Tables for a spreadsheet: what people sort and count, with headings in their language.

Each file of `queries/tables/` is a question whose answer is one flat table. A CSV opens by a double
click in a French or an English spreadsheet, and has its CSV on the Web metadata beside it; one
workbook has all tables of a language, after a sheet that says what each column means.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import pyoxigraph

from ptce_graph import query, results
from ptce_graph.catalogue import heading
from ptce_graph.project import Project
from ptce_graph.publish.description import LICENCE, Dump
from ptce_graph.publish.pages import read
from ptce_graph.publish.publication import Publication, Texts

FOLDER = "tables/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEETS = {
    "poles": {"fr": "pôles", "en": "poles"},
    "members": {"fr": "membres", "en": "members"},
    "applications": {"fr": "candidatures", "en": "applications"},
    "fundings": {"fr": "financements", "en": "fundings"},
    "sources": {"fr": "sources", "en": "sources"},
}
"""Table → the name of its sheet, in the order of the workbook."""

_SAY = {
    "read": {"fr": "lisez-moi", "en": "read me"},
    "all": {"fr": "Toutes les tables en un classeur", "en": "All tables in one workbook"},
    "sheet": {"fr": "feuille", "en": "sheet"},
    "column": {"fr": "colonne", "en": "column"},
    "means": {"fr": "ce qu'elle dit", "en": "what it says"},
    "licence": {"fr": "licence", "en": "licence"},
    "version": {"fr": "version", "en": "version"},
    "date": {"fr": "date", "en": "date"},
    "cite": {"fr": "citer", "en": "cite"},
    "site": {"fr": "site", "en": "site"},
    "empty": {
        "fr": "Une case vide veut dire que rien n'est connu, pas qu'il n'y a rien.",
        "en": "An empty cell means that nothing is known, not that there is nothing.",
    },
}
Cells = list[str | Decimal]


@dataclass(frozen=True, slots=True)
class Table:
    """One table in one language.

    Attributes:
        name: of the file of its question.
        title: what it holds.
        columns: names of variables.
        rows: cells, texts or numbers.
    """

    name: str
    title: str
    language: str
    columns: tuple[str, ...]
    rows: list[Cells]

    @property
    def header(self) -> list[str]:
        """What stands above the columns."""
        return [_column(name, self.language)[0] for name in self.columns]

    @property
    def sheet(self) -> str:
        """Name of its sheet in the workbook."""
        return _SHEETS.get(self.name, {}).get(self.language, self.name)

    @property
    def path(self) -> str:
        """Where its CSV stands in the site."""
        return f"{FOLDER}{self.name}.{self.language}.csv"


@lru_cache
def _columns() -> dict[str, dict[str, list[str]]]:
    """Return heading and meaning of the columns, by variable and language."""
    found: dict[str, dict[str, list[str]]] = json.loads(read("columns.json"))
    return found


def _column(name: str, language: str) -> list[str]:
    """Return heading and meaning of a column; of one that is not ours, only a heading."""
    return _columns().get(name, {}).get(language) or [heading(name, language), ""]


def tables(project: Project, store: pyoxigraph.Store, language: str) -> list[Table]:
    """Return the tables of a language, in the order of the workbook.

    Args:
        project: whose `queries/tables/` are asked.
        store: what is published.
        language: fr or en.

    Raises:
        QueryError: a question is badly written.
    """
    order = {name: place for place, name in enumerate(_SHEETS)}
    paths = (project.queries / "tables").glob("*.rq")
    found = []
    for path in sorted(paths, key=lambda path: (order.get(path.stem, len(order)), path.stem)):
        question = query.read_question(path)
        answer = query.run(store, query.bind(question, {}, store, language))
        columns, rows = results.typed_rows(answer)
        title = question.question[language]
        found.append(Table(path.stem, title, language, tuple(columns), rows))
    return found


def labelled_csv(answer: query.Answer, language: str) -> bytes:
    """Return an answer as CSV with headings in a language, as its spreadsheets open it rightly."""
    columns, rows = results.typed_rows(answer)
    return results.spreadsheet_csv([heading(c, language) for c in columns], rows, language)


def files(found: list[Table], publication: Publication) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the tables of a language: CSV, their metadata, the workbook."""
    for table in found:
        yield table.path, results.spreadsheet_csv(table.header, table.rows, table.language)
        yield f"{table.path}-metadata.json", _metadata(table)
    if found:
        sheets = [(t.sheet, t.header, t.rows) for t in found]
        language = found[0].language
        first: tuple[str, list[str], list[Cells]] = (
            _SAY["read"][language],
            [],
            _about(found, publication),
        )
        yield f"{FOLDER}ptce.{language}.xlsx", results.workbook([first, *sheets])


def dumps(written: dict[str, bytes], found: list[Table]) -> list[Dump]:
    """Return what portals are told of the files that `files` yields."""
    titles = {table.path: table.title for table in found}
    described = []
    for path, data in written.items():
        if path.endswith(".json"):
            continue
        language = path.split(".")[-2]
        form, media = ("XLSX", XLSX) if path.endswith("xlsx") else ("CSV", "text/csv")
        title = titles.get(path) or _SAY["all"][language]
        label: Texts = {language: title}
        digest = hashlib.sha256(data).hexdigest()
        described.append(Dump(path, form, media, label, len(data), digest, rdf=False))
    return described


def _metadata(table: Table) -> bytes:
    """Return the description of a CSV (https://www.w3.org/TR/tabular-metadata/)."""
    numbers = {
        place for row in table.rows for place, cell in enumerate(row) if isinstance(cell, Decimal)
    }
    mark = "," if table.language == "fr" else "."
    columns = []
    for place, name in enumerate(table.columns):
        title, says = _column(name, table.language)
        column = {"name": name, "titles": title, "dc:description": says}
        number = {"base": "decimal", "format": {"decimalChar": mark}}
        columns.append(column | ({"datatype": number} if place in numbers else {}))
    found = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": table.language}],
        "url": table.path.rpartition("/")[2],
        "dc:title": table.title,
        "dc:license": {"@id": LICENCE},
        "dialect": {"delimiter": results.DELIMITERS[table.language]},
        "tableSchema": {"columns": columns},
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"


def _about(found: list[Table], publication: Publication) -> list[Cells]:
    """Return the rows of the sheet that says what the others are."""
    language = found[0].language
    says = {key: texts[language] for key, texts in _SAY.items()}
    rows: list[Cells] = [
        [publication.title[language]],
        [publication.description[language]],
        [],
        [says["version"], publication.version],
        [says["date"], publication.released.isoformat()],
        [says["licence"], LICENCE],
        [says["cite"], publication.citation[language]],
        [says["site"], publication.base],
        [],
        [says["empty"]],
        [],
        [says["sheet"], says["column"], says["means"]],
    ]
    for table in found:
        rows += [[], [table.sheet, "", table.title]]
        columns = (_column(name, language) for name in table.columns)
        rows += [["", title, meaning] for title, meaning in columns]
    return rows


def links(language: str, found: list[Table]) -> list[tuple[str, str, str]]:
    """Return what pages link: the path, what it is, its ending."""
    workbook = (f"{FOLDER}ptce.{language}.xlsx", _SAY["all"][language], "XLSX")
    return [workbook, *((table.path, table.title, "CSV") for table in found)]

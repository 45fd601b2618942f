"""Answers in the formats that people and tools read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat

from ptce_graph.errors import QueryError
from ptce_graph.namespaces import BASE, ID, ONTOLOGY, PREFIXES, XSD
from ptce_graph.query import Answer

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?", re.ASCII)
_WIDEST = 400  # pixels of a column
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # same bytes on any day
_NUMERIC = {XSD + name for name in ("integer", "decimal", "double", "float")}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(answer: Answer) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of an answer, as texts.

    A yes/no answer is one cell; a graph is one row per triple.
    """
    if isinstance(answer, pyoxigraph.QueryBoolean):
        return ["answer"], [["yes" if answer else "no"]]
    if isinstance(answer, pyoxigraph.QueryTriples):
        triples = sorted([_text(t.subject), _text(t.predicate), _text(t.object)] for t in answer)
        return ["subject", "predicate", "object"], triples
    names = [variable.value for variable in answer.variables]
    return names, [[_text(term) for term in solution] for solution in answer]


def _text(term: object) -> str:
    if isinstance(term, NamedNode | Literal):
        return term.value
    return "" if term is None else str(term)


def shorten(text: str) -> str:
    """Return an IRI of ours without what they all have in common.

    >>> shorten("https://w3id.org/ptce/id/pole/sud-aquitaine")
    'pole/sud-aquitaine'
    """
    return text.removeprefix(ID).removeprefix(BASE)


def is_thing(text: str) -> bool:
    """Return whether a text is the IRI of a thing of the graph, or of a term of the ontology."""
    return text.startswith((ID, ONTOLOGY))


def guard(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; numbers stay as they are.

    >>> guard("=1+1"), guard("-5")
    ("'=1+1", '-5')
    """
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def to_csv(answer: Answer) -> bytes:
    """Return an answer as CSV: comma, UTF-8, CRLF (RFC 4180), no cell that starts a formula."""
    return _csv(*rows(answer), ",").encode()


def to_excel_csv(answer: Answer) -> bytes:
    """Return an answer as the CSV that a French Excel opens rightly: semicolon, comma, BOM."""
    return spreadsheet_csv(*typed_rows(answer), "fr")


DELIMITERS = {"fr": ";", "en": ","}
"""What divides the cells that a spreadsheet in a language opens by a double click."""


def spreadsheet_csv(header: list[str], body: list[list[str | Decimal]], language: str) -> bytes:
    """Return rows as the CSV that a spreadsheet in a language opens rightly, with a BOM."""
    mark = "," if language == "fr" else "."
    said = [[str(c).replace(".", mark) if _is_number(c) else str(c) for c in row] for row in body]
    return b"\xef\xbb\xbf" + _csv(header, said, DELIMITERS[language]).encode()


def _csv(header: list[str], body: list[list[str]], delimiter: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(
        [guard(cell) if cell.startswith(_FORMULA) else cell for cell in row] for row in body
    )
    return text.getvalue()


def typed_rows(answer: Answer) -> tuple[list[str], list[list[str | Decimal]]]:
    """Return the rows of an answer, in which literals of a numeric type are numbers."""
    if not isinstance(answer, pyoxigraph.QuerySolutions):
        header, body = rows(answer)
        return header, [list(row) for row in body]
    names = [variable.value for variable in answer.variables]
    return names, [[_typed(solution[name]) for name in names] for solution in answer]


def _typed(term: object) -> str | Decimal:
    if isinstance(term, Literal) and term.datatype.value in _NUMERIC:
        return Decimal(term.value)
    return _text(term)


def _is_number(cell: str | Decimal) -> bool:
    return isinstance(cell, Decimal)


def to_xlsx(answer: Answer) -> bytes:
    """Return an answer as a workbook of one sheet, in which cells are numbers or texts."""
    return workbook([("Sheet1", *typed_rows(answer))])


def workbook(sheets: Iterable[tuple[str, list[str], list[list[str | Decimal]]]]) -> bytes:
    """Return a workbook: for each sheet its name, its header (or none) and its rows."""
    import xlsxwriter

    data = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    workbook = xlsxwriter.Workbook(data, options)
    workbook.set_properties({"created": _EPOCH})
    bold = workbook.add_format({"bold": True})
    for name, header, body in sheets:
        sheet = workbook.add_worksheet(name)
        for column, title in enumerate(header):
            sheet.write_string(0, column, title, bold)
        for line, row in enumerate(body, bool(header)):
            for column, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(line, column, cell)
                else:
                    sheet.write_string(line, column, cell[:32_767])
        if header:
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(body), len(header) - 1)
        sheet.autofit(_WIDEST)
    workbook.close()
    return data.getvalue()


def _solutions(kind: QueryResultsFormat) -> Callable[[Answer], bytes]:
    def write(answer: Answer) -> bytes:
        if isinstance(answer, pyoxigraph.QueryTriples):
            raise QueryError(
                "the answer is a graph: choose ttl or jsonld",
                "la réponse est un graphe : choisissez ttl ou jsonld",
            )
        return answer.serialize(format=kind) or b""

    return write


def _graph(kind: RdfFormat) -> Callable[[Answer], bytes]:
    def write(answer: Answer) -> bytes:
        if not isinstance(answer, pyoxigraph.QueryTriples):
            raise QueryError(
                "the answer is rows, not a graph: choose table, csv, json or xlsx",
                "la réponse est un tableau, pas un graphe : choisissez table, csv, json ou xlsx",
            )
        triples = sorted(set(answer), key=str)
        prefixes = PREFIXES if kind == RdfFormat.TURTLE else None
        return pyoxigraph.serialize(triples, format=kind, prefixes=prefixes) or b""

    return write


FORMATS: dict[str, Callable[[Answer], bytes]] = {
    "csv": to_csv,
    "tsv": _solutions(QueryResultsFormat.TSV),
    "json": _solutions(QueryResultsFormat.JSON),
    "xml": _solutions(QueryResultsFormat.XML),
    "ttl": _graph(RdfFormat.TURTLE),
    "jsonld": _graph(RdfFormat.JSON_LD),
    "xlsx": to_xlsx,
}
"""Name of a format on the command line → writer."""

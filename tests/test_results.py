"""Answers as files: what opens in a spreadsheet, and what a program reads back."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import openpyxl
import pyoxigraph
import pytest
import rdflib

from ptce_graph import query, results
from ptce_graph.errors import QueryError

ROWS = """SELECT ?a ?b WHERE {
  VALUES (?a ?b) { ("=1+1" "x;y") ("-5" "é\\"q\\"") ("@SUM(A1)" UNDEF) ("+33 1" 3) }
}"""
GRAPH = "CONSTRUCT { <http://example.org/a> <http://example.org/b> ?x } WHERE { VALUES ?x { 1 2 } }"


def ask(text: str) -> query.Answer:
    """Return the answer of a query that needs no data."""
    return query.run(pyoxigraph.Store(), text)


def test_csv_has_no_formula() -> None:
    """No cell of a CSV starts a formula; numbers stay numbers."""
    rows = list(csv.reader(io.StringIO(results.to_csv(ask(ROWS)).decode())))
    assert rows == [
        ["a", "b"],
        ["'=1+1", "x;y"],
        ["-5", 'é"q"'],
        ["'@SUM(A1)", ""],
        ["'+33 1", "3"],
    ]


def test_excel_csv_opens_in_a_french_excel() -> None:
    """The CSV for Excel has a byte order mark and semicolons."""
    data = results.to_excel_csv(ask(ROWS))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == ["'=1+1", "x;y"]


def test_workbook_holds_numbers_and_texts_only() -> None:
    """In a workbook nothing is a formula or a link, and what is a number can be summed."""
    data = results.to_xlsx(ask(ROWS))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n"] == [3]
    assert cells[0].value == "=1+1"
    assert data == results.to_xlsx(ask(ROWS))


def test_french_excel_sums_amounts() -> None:
    """In the CSV for Excel a number has a decimal comma; a text keeps its points."""
    data = results.to_excel_csv(ask('SELECT ?a ?b { VALUES (?a ?b) { (1.5 "v1.5") } }'))
    assert data.decode("utf-8-sig") == "a;b\r\n1,5;v1.5\r\n"


def test_json_xml_and_tsv_are_those_of_the_w3c() -> None:
    """Programs read the standard forms back, values unchanged."""
    data = json.loads(results.FORMATS["json"](ask(ROWS)))
    assert data["results"]["bindings"][0]["a"] == {"type": "literal", "value": "=1+1"}
    root = ET.fromstring(results.FORMATS["xml"](ask(ROWS)))
    assert root.tag == "{http://www.w3.org/2005/sparql-results#}sparql"
    tsv = rdflib.query.Result.parse(io.BytesIO(results.FORMATS["tsv"](ask(ROWS))), format="tsv")
    assert [str(row[0]) for row in tsv] == ["=1+1", "-5", "@SUM(A1)", "+33 1"]


@pytest.mark.parametrize(("form", "parser"), [("ttl", "turtle"), ("jsonld", "json-ld")])
def test_graph_is_read_back(form: str, parser: str) -> None:
    """The answer of a CONSTRUCT is a graph."""
    graph = rdflib.Graph().parse(data=results.FORMATS[form](ask(GRAPH)), format=parser)
    assert len(graph) == 2


def test_form_that_does_not_fit_is_refused() -> None:
    """Rows are no graph and a graph is no rows: the message says what to choose."""
    with pytest.raises(QueryError, match="choose table, csv"):
        results.FORMATS["ttl"](ask(ROWS))
    with pytest.raises(QueryError, match="choose ttl"):
        results.FORMATS["json"](ask(GRAPH))


def test_yes_or_no_is_a_row() -> None:
    """The answer of an ASK is yes or no."""
    assert results.rows(ask("ASK {}")) == (["answer"], [["yes"]])

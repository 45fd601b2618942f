"""From cells to lines: what each keyword of the metadata makes of a row."""

# ruff: noqa: E501 (tables of cases, one a line)

import json
import random
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_graph import identifiers
from ptce_graph.mapping import RowMapping, compile_mapping
from ptce_graph.metadata import CONTEXT
from ptce_graph.namespaces import DATATYPE, XSD
from ptce_graph.tables import read_table

EX = "https://example.org/"
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))
LINES = st.text(st.sampled_from('"\\\n\r\t\x85\u2028 .<>{}é€😀') | st.characters(codec="ascii"))
READERS = {DATATYPE + name: read for name, read in identifiers.DATATYPES.items()}


def compiled(folder: Path, *columns: dict[str, Any], **options: Any) -> RowMapping:
    """Compile the metadata of a table with a key `id` and other columns."""
    path = folder / "t.csv-metadata.json"
    key = {"name": "id", "required": True, "suppressOutput": True}
    schema = {"aboutUrl": EX + "{id}", "columns": [key, *columns]}
    metadata = {"@context": CONTEXT, "url": "t.csv", "tableSchema": schema}
    path.write_text(json.dumps(metadata), "utf-8")
    return compile_mapping(read_table(path), READERS, **options)


def x(**keywords: Any) -> dict[str, Any]:
    """Return a column called x."""
    return {"name": "x", "propertyUrl": EX + "p", **keywords}


def objects(mapping: RowMapping, *cells: str) -> list[str]:
    """Return the objects of the lines of a row whose key is `a`."""
    lines, _, faults = mapping(["a", *cells])
    assert not faults, faults
    start = f"<{EX}a> <{EX}p> "
    assert all(line.startswith(start) and line.endswith(" .\n") for line in lines)
    return [line[len(start) : -3] for line in lines]


def rule(mapping: RowMapping, *cells: str) -> tuple[str, str]:
    """Return the rule that the row breaks, and the detail of its hint."""
    lines, _, (fault,) = mapping(["a", *cells])
    assert not lines
    return fault.rule, fault.detail


def parsed(line: str) -> pyoxigraph.Quad:
    """Return the one quad of a line, as an independent parser reads it."""
    (quad,) = pyoxigraph.parse(line.encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    return quad


def typed(text: str, name: str) -> list[str]:
    """Return a literal of XML Schema."""
    return [f'"{text}"^^<{XSD}{name}>']


NARROW = "\u202f"
GOOD = [
    (x(), "é", ['"é"']),
    (x(), "", []),
    (x(lang="fr"), 'dit "oui"', ['"dit \\"oui\\""@fr']),
    (x(lang="fr-FR"), "a\\b\nc", ['"a\\\\b\\nc"@fr-FR']),
    (x(null=["NC", "-"]), "NC", []),
    (x(null=["NC", "-"]), "", []),
    (x(default="?"), "", ['"?"']),
    (x(separator=";", lang="fr"), "b;a;;c", ['"b"@fr', '"a"@fr', '"c"@fr']),
    (x(separator=";", null="-", datatype="integer"), "1;-;3", typed("1", "integer") + typed("3", "integer")),
    (x(separator=";"), "", []),
    (x(datatype="integer"), " 007 ", typed("007", "integer")),
    (x(datatype="nonNegativeInteger"), "0", typed("0", "nonNegativeInteger")),
    (x(datatype="decimal"), "45.79730", typed("45.79730", "decimal")),
    (x(datatype="decimal"), "290000", typed("290000.0", "decimal")),
    (x(datatype="double"), "1e3", typed("1e3", "double")),
    (
        x(datatype={"base": "decimal", "format": {"decimalChar": ",", "groupChar": NARROW}}),
        f"1{NARROW}234{NARROW}567,50",
        typed("1234567.50", "decimal"),
    ),
    (x(datatype={"base": "date", "format": "dd/MM/yyyy"}), "10/01/2014", typed("2014-01-10", "date")),
    (x(datatype={"base": "date", "format": "dd.MM.yyyy"}), "10.01.2014", typed("2014-01-10", "date")),
    (x(datatype="date"), "2014-01-10", typed("2014-01-10", "date")),
    (x(datatype="gYear"), "2014", typed("2014", "gYear")),
    (x(datatype={"base": "boolean", "format": "oui|non"}), "non", typed("false", "boolean")),
    (x(datatype="boolean"), "1", typed("true", "boolean")),
    (x(datatype={"base": "string", "format": "[A-Z]{2}"}), "AB", ['"AB"']),
    (x(datatype={"base": "string", "length": 2}), "é€", ['"é€"']),
    (x(datatype="token"), " a \t b\u00a0c ", typed("a b\u00a0c", "token")),
    (x(datatype="anyURI"), EX + "é?q=1#f", typed(EX + "é?q=1#f", "anyURI")),
    (x(datatype={"@id": DATATYPE + "partialDate", "base": "string"}), "2014-01", typed("2014-01", "gYearMonth")),
    (x(datatype={"@id": DATATYPE + "siren", "base": "string"}), "005720784", ['"005720784"']),
    (x(datatype={"@id": EX + "wkt"}), "POINT(0 0)", [f'"POINT(0 0)"^^<{EX}wkt>']),
    (x(valueUrl=EX + "v/{x}"), "l'œuvre à/2 100%", [f"<{EX}v/l%27%C5%93uvre%20%C3%A0%2F2%20100%25>"]),
    (x(valueUrl="{+x}"), "https://e.org/a?b=c#%C3%A9", ["<https://e.org/a?b=c#%C3%A9>"]),
    (x(valueUrl="{+x}"), "https://e.org/é 100%", ["<https://e.org/%C3%A9%20100%25>"]),
    (x(valueUrl="skos:{x}"), "Concept", ["<http://www.w3.org/2004/02/skos/core#Concept>"]),
    (x(suppressOutput=True), "a", []),
]  # fmt: skip


@pytest.mark.parametrize(("column", "text", "expected"), GOOD)
def test_cell_becomes(
    tmp_path: Path, column: dict[str, Any], text: str, expected: list[str]
) -> None:
    """A cell becomes the terms that CSV on the Web says, and nothing when it is empty."""
    assert objects(compiled(tmp_path, column), text) == expected


BAD = [
    (x(required=True), "", "missing-value", ""),
    (x(required=True, null="NC"), "NC", "missing-value", ""),
    (x(required=True, null="NC"), "", "missing-value", ""),
    (x(required=True, separator=";"), ";", "missing-value", ""),
    (x(datatype="integer"), "12.5", "invalid-number", "12"),
    (x(datatype="integer"), "١٢", "invalid-number", "12"),
    (x(datatype="positiveInteger"), "0", "invalid-number", "12"),
    (x(datatype="decimal"), "12,5", "invalid-number", "12.5"),
    (x(datatype="decimal"), "NaN", "invalid-number", "12.5"),
    (x(datatype="decimal"), "1 234", "invalid-number", "12.5"),
    (x(datatype={"base": "decimal", "format": {"decimalChar": ","}}), "1.234", "invalid-number", "12,5"),
    (x(datatype={"base": "decimal", "minimum": "0"}), "-0.1", "invalid-number", "12.5, ≥ 0"),
    (x(datatype={"base": "integer", "minimum": 1, "maximum": 5}), "6", "invalid-number", "12, ≥ 1, ≤ 5"),
    (x(datatype="double"), "1e99999999999999999999", "invalid-number", "1.25e3"),
    (x(datatype="date"), "2014-02-30", "invalid-date", "2014-01-10"),
    (x(datatype="date"), "20140110", "invalid-date", "2014-01-10"),
    (x(datatype={"base": "date", "format": "dd/MM/yyyy"}), "31/04/2014", "invalid-date", "10/01/2014"),
    (x(datatype={"base": "date", "format": "dd.MM.yyyy"}), "10-01-2014", "invalid-date", "10.01.2014"),
    (x(datatype="gYear"), "0000", "invalid-date", "2014"),
    (x(datatype="gYearMonth"), "2014-13", "invalid-date", "2014-01"),
    (x(datatype={"base": "boolean", "format": "oui|non"}), "true", "invalid-format", "oui / non"),
    (x(datatype={"base": "string", "format": "[A-Z]{2}"}), "ABC", "invalid-format", "[A-Z]{2}"),
    (x(datatype={"format": "[A-Z]", "dc:title": "a capital"}), "a", "invalid-format", "a capital"),
    (x(datatype={"base": "string", "length": 2}), "abc", "invalid-length", "2"),
    (x(datatype={"minLength": 2}), "a", "invalid-length", "≥ 2"),
    (x(datatype={"maxLength": 2}), "abc", "invalid-length", "≤ 2"),
    (x(datatype="anyURI"), "www.example.org", "invalid-iri", ""),
    (x(datatype="anyURI"), "https://exa mple.org", "invalid-iri", ""),
    (x(datatype="anyURI"), "https://", "invalid-iri", ""),
    (x(datatype="anyURI"), "https://e.org/100%", "invalid-iri", ""),
    (x(datatype="anyURI"), "https://e.org/<b>", "invalid-iri", ""),
    (x(valueUrl="{+x}"), "pas une adresse", "invalid-iri", ""),
    (x(separator=";", datatype="integer"), "1;b", "invalid-number", "12"),
    (x(), "a\x0bb", "control-character", "U+000B"),
    (x(lang="fr"), "a\x1b[31m", "control-character", "U+001B"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "text", "broken", "detail"), BAD)
def test_cell_is_refused(
    tmp_path: Path, column: dict[str, Any], text: str, broken: str, detail: str
) -> None:
    """A cell that does not fit gives no line, and says which rule, with an example to follow."""
    assert rule(compiled(tmp_path, column), text) == (broken, detail)


def test_faults_of_a_row_are_all_told(tmp_path: Path) -> None:
    """Each wrong cell of a row is told, not only the first."""
    columns = [{**x(datatype="integer"), "name": name} for name in ("y", "z")]
    lines, values, faults = compiled(tmp_path, *columns)(["", "a", "b"])
    assert [(f.column, f.rule) for f in faults] == [
        (0, "missing-value"),
        (1, "invalid-number"),
        (2, "invalid-number"),
    ]
    assert (lines, values) == ([], [None, None, None])


def test_warning_keeps_the_row(tmp_path: Path) -> None:
    """A SIREN with a wrong check digit is in the graph, with a warning, in a list too."""
    siren = {"@id": DATATYPE + "siren", "base": "string"}
    lines, _, faults = compiled(tmp_path, x(datatype=siren, separator=";"))(
        ["a", "123456789;552032534"]
    )
    assert len(lines) == 2
    assert [fault.rule for fault in faults] == ["check-digit"]


def test_columns_may_speak_of_other_things(tmp_path: Path) -> None:
    """A column has a subject of its own, and a virtual column says what no cell holds."""
    mapping = compiled(
        tmp_path,
        x(aboutUrl=EX + "other/{id}"),
        {"name": "c", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": EX + "C"},
    )
    assert mapping(["a", "1"])[0] == [
        f'<{EX}other/a> <{EX}p> "1" .\n',
        f"<{EX}a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{EX}C> .\n",
    ]


def test_bad_address_is_told_where_it_comes_from(tmp_path: Path) -> None:
    """When a template gives no address, the column that its text comes from is named."""
    lines, _, (fault,) = compiled(tmp_path, x(aboutUrl="{+id}"))(["not one", "1"])
    assert (lines, fault.column, fault.value, fault.rule) == ([], 0, "not one", "invalid-iri")


def test_code_must_be_declared(tmp_path: Path) -> None:
    """A code of our schemes that no scheme declares is refused."""
    options = {"vocabulary": {EX + "role/member"}, "vocabulary_bases": (EX + "role/",)}
    mapping = compiled(tmp_path, x(valueUrl=EX + "role/{x}"), **options)
    assert objects(mapping, "member") == [f"<{EX}role/member>"]
    assert rule(mapping, "membre") == ("unknown-code", "")


@given(text=TEXTS | LINES, lang=st.sampled_from(["", "fr"]))
def test_any_text_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, lang: str
) -> None:
    """Whatever a cell holds, the line says exactly that, on one line, or the cell is refused."""
    mapping = compiled(tmp_path_factory.getbasetemp(), x(lang=lang) if lang else x())
    lines, _, faults = mapping(["a", text])
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        assert [fault.rule for fault in faults] == ["control-character"]
    elif text:
        assert lines[0].count("\n") == 1
        value = parsed(lines[0]).object
        assert (value.value, value.language or "") == (text, lang)


@given(text=(TEXTS | LINES).filter(lambda t: not re.search("[\x00-\x08\x0b-\x1f\x7f]", t)))
def test_any_text_in_a_template_makes_an_address(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Whatever a cell holds, a template makes an address of it that says the same, or refuses."""
    mapping = compiled(tmp_path_factory.getbasetemp(), x(valueUrl=EX + "{x}"))
    for line in mapping([text or "a", text])[0]:
        quad = parsed(line)
        assert unquote(quad.object.value) == EX + text
        assert quad.subject == quad.object
    reserved = compiled(tmp_path_factory.getbasetemp(), x(valueUrl=EX + "{+x}"))
    lines, _, faults = reserved(["a", text])
    assert all(parsed(line) for line in lines)
    assert {fault.rule for fault in faults} <= {"invalid-iri"}


@given(st.lists(st.tuples(st.text("ab1é ", min_size=1), st.text("0123456789-.", max_size=4))))
def test_mapping_is_a_pure_function(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    """Rows give the same lines in any order, as often as one likes."""
    mapping = compiled(tmp_path_factory.getbasetemp(), x(datatype="decimal"))
    expected = {row: mapping(row) for row in rows}
    random.Random(0).shuffle(rows)
    assert all(mapping(row) == expected[row] for row in rows)

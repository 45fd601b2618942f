"""Rows mapped together, apart, on one core or several: the same lines and the same faults."""

from __future__ import annotations

import json
import pickle
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_graph import dataset, loader, sources
from ptce_graph.columns import are_addresses, octets, quoted_addresses
from ptce_graph.mapping import is_iri
from ptce_graph.metadata import CONTEXT
from ptce_graph.namespaces import DATATYPE, SCHEME
from ptce_graph.partition import Job, map_columns, map_rows
from ptce_graph.project import Project
from ptce_graph.receipt import Receipt
from ptce_graph.tables import Table, read_table
from ptce_graph.templates import quoted
from tests.bench.generate import generate

EX = "https://example.org/"
VOCABULARY = frozenset({SCHEME + "role/member", SCHEME + "role/founder"})


def job() -> Job:
    """Return the job of a table that has a column of each kind."""
    return Job("t.csv", table(), VOCABULARY, (("id",), ("role", "year")))


def table() -> Table:
    """Return metadata with literals, lists, links, codes, virtual columns and keys."""
    columns: list[dict[str, Any]] = [
        {"name": "id", "required": True, "datatype": {"@id": DATATYPE + "key"}},
        {"name": "names", "lang": "fr", "separator": ";", "propertyUrl": EX + "name"},
        {"name": "role", "valueUrl": SCHEME + "role/{role}", "propertyUrl": EX + "role"},
        {"name": "siren", "datatype": {"@id": DATATYPE + "siren"}, "propertyUrl": EX + "siren"},
        {"name": "year", "datatype": "integer", "default": "7", "propertyUrl": EX + "year"},
        {"name": "page", "valueUrl": "{+page}", "propertyUrl": EX + "page"},
        {"name": "part", "valueUrl": EX + "{id}/{part}", "propertyUrl": EX + "part"},
        {"name": "about", "aboutUrl": EX + "a/{about}", "propertyUrl": EX + "p-{about}"},
        {"name": "kind", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": EX + "Kind"},
    ]
    columns[0]["suppressOutput"] = True
    schema = {
        "aboutUrl": EX + "{id}",
        "primaryKey": "id",
        "columns": columns,
        "foreignKeys": [
            {
                "columnReference": ["role", "part"],
                "reference": {"resource": "u.csv", "columnReference": ["a", "b"]},
            }
        ],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv-metadata.json"
        metadata = {"@context": CONTEXT, "url": "t.csv", "tableSchema": schema}
        path.write_text(json.dumps(metadata), "utf-8")
        return read_table(path)


JOB = job()
ODD = st.sampled_from(
    ["", "é", 'dit "oui"', "a\\b\nc", "x\x00", "\x07", " ", "\ud800", "%41", "{}"]
)
ROW = st.tuples(
    st.sampled_from(["a", "b", "c-1", "a_b", ""]),
    st.sampled_from(["un;deux", ";", "l'un"]) | ODD,
    st.sampled_from(["member", "founder", "membre", ""]),
    st.sampled_from(["552032534", "552032535", "55203253", ""]),
    st.sampled_from(["2014", " 14 ", "x", ""]),
    st.sampled_from([EX + "é?q=1", "ftp", "https://", ""]) | ODD,
    st.text(max_size=3),
    st.sampled_from(["", "z", "é"]),
)


@settings(max_examples=200)
@given(st.lists(ROW, max_size=40), st.integers(0, 40))
def test_rows_mapped_together_are_those_mapped_one_by_one(
    rows: list[tuple[str, ...]], cut: int
) -> None:
    """Whatever rows stand together, each has its own lines, keys and faults."""
    numbered = list(enumerate(rows, 2))
    together = map_rows(JOB, numbered)
    texts, problems = [], []
    for line, cells in numbered:
        quads, _, faults = JOB.mapping(cells)
        texts.append("".join(quads))
        problems.append([(line, fault.value, fault.column) for fault in faults])
    assert together.texts == texts
    header = JOB.table.header
    found = [
        [(p.line, p.value, header.index(p.column)) for p in together.problems.get(place, [])]
        for place in range(len(rows))
    ]
    assert found == problems
    first, second = map_rows(JOB, numbered[:cut]), map_rows(JOB, numbered[cut:])
    assert first.texts + second.texts == together.texts
    assert {n: k + second.keys[n] for n, k in first.keys.items()} == together.keys


def test_clean_rows_are_mapped_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of which nothing is wrong never take the slow way."""
    monkeypatch.setattr(type(JOB.mapping), "__call__", None)
    columns = [[cell] * 50 for cell in ("a", "x", "member", "", "", "", "", "")]
    columns[0] = [f"a{n}" for n in range(50)]
    mapped = map_columns(JOB, range(2, 52), columns)
    assert mapped.problems == {}
    assert mapped.keys[("role", "part")] == ["member\0"] * 50
    assert mapped.keys[("role", "year")] == ["member\x007"] * 50
    assert len(set(mapped.texts)) == 50


@settings(max_examples=200)
@given(st.text('abZ09.:/?#[]@%41C3é€\u0080\u07ff\U000e0001 "<>-~', max_size=12))
def test_addresses_taken_together_are_iris(rest: str) -> None:
    """An address that is not looked at by itself is an IRI, and stays one when it is quoted."""
    for start in ("http://", "https://a", "https://a.b/", "https://a?"):
        text = start + rest
        if are_addresses([octets(text)]):
            assert is_iri(text)
            (found,) = quoted_addresses([octets(text)])
            assert found == quoted(text, "+")
            assert is_iri(found)


def test_job_can_be_sent_to_another_process() -> None:
    """A job that has been used is pickled without what it compiled, and does the same."""
    rows = [(2, ["a", "x", "member", "", "", "", "", ""]), (3, ["?", "", "", "", "", "", "", ""])]
    before = map_rows(JOB, rows)
    assert map_rows(pickle.loads(pickle.dumps(JOB)), rows) == before


def result(project: Project, cores: int, part_size: int) -> tuple[bytes, dict[str, object]]:
    """Return the lines and the receipt of a project, made by so many processes."""
    receipt = Receipt()
    words = frozenset({SCHEME + "certainty/stated"})
    vocabulary = words | frozenset(line.strip() for line in VOCABULARY)
    text = b"".join(loader.load(project, receipt, vocabulary, cores=cores, part_size=part_size))
    return text, receipt.as_dict()


METADATA = """{
  "@context": "http://www.w3.org/ns/csvw", "url": "many.csv", "tableSchema": {
    "aboutUrl": "https://example.org/{id}", "primaryKey": "id",
    "foreignKeys": [{"columnReference": "place",
                     "reference": {"resource": "places.csv", "columnReference": "id"}}],
    "columns": [
      {"name": "id", "required": true, "suppressOutput": true},
      {"name": "place", "propertyUrl": "dcterms:spatial", "valueUrl": "https://e.org/{place}"},
      {"name": "year", "propertyUrl": "dcterms:date", "datatype": "gYear"},
      {"name": "note", "propertyUrl": "skos:note"}]}}"""
PLACES = """{
  "@context": "http://www.w3.org/ns/csvw", "url": "places.csv", "tableSchema": {
    "aboutUrl": "https://e.org/{id}", "primaryKey": "id",
    "columns": [{"name": "id", "required": true, "propertyUrl": "rdfs:label"}]}}"""


DAMAGES = ("none", "rows", "ragged", "stray quote", "odd quote", "unclosed")


def damaged(folder: Path, damage: str) -> Project:
    """Return a project with a table of 9,000 rows, some of which are wrong."""
    project = Project(folder, folder / "build")
    project.sources.mkdir(parents=True)
    (project.sources / "many.csv-metadata.json").write_text(METADATA, "utf-8")
    (project.sources / "places.csv-metadata.json").write_text(PLACES, "utf-8")
    (project.sources / "places.csv").write_text("id\n" + "".join(f"p{i}\n" for i in range(9)))
    rows = [f'm{i},p{i % 9},20{i % 90 + 10},"note ""{i}""\nof two lines, œ"\n' for i in range(9000)]
    changes = {
        "rows": {10: "m3,p3,2013,other\n", 700: rows[4], 5000: "m_,p77,x,\n", 8000: "n,p9,,\n"},
        "ragged": {3000: "m3000,p1\n", 6000: ",,,\n"},
        "stray quote": {3000: 'm3000,p1,2014,"a" b\n'},
        "odd quote": {3000: 'm3000,p1,2014,5" pipe\n'},
        "unclosed": {6000: 'm6000,p1,2014,"never closed\n'},
    }
    for number, row in changes.get(damage, {}).items():
        rows[number] = row
    text = "id,place,year,note\n" + "".join(rows)
    (project.sources / "many.csv").write_text(text, "utf-8", newline="")
    return project


@pytest.mark.parametrize("damage", DAMAGES)
def test_result_does_not_depend_on_the_number_of_cores(tmp_path: Path, damage: str) -> None:
    """Lines and receipt are the same from one process and from three, whatever is wrong."""
    project = damaged(tmp_path, damage)
    layout = sources.find_layout(find(project, "many.csv"), print, 1 << 13)
    assert layout
    assert len(layout.parts) > 1
    alone, together = result(project, 1, 1 << 13), result(project, 3, 1 << 13)
    assert alone[0] == together[0]
    assert alone[1] == together[1]
    assert result(project, 1, 1 << 22) == alone
    count = 9009 - {"rows": 0, "ragged": 1}.get(damage, 0)
    if damage in ("none", "odd quote"):
        assert alone[1]["problems"] == []
    if damage != "unclosed":
        assert sum(t["rows"] for t in alone[1]["tables"]) == count  # type: ignore[attr-defined, index]


def find(project: Project, name: str) -> sources.SourceTable:
    """Return a table of a project by the name of its file."""
    return next(t for t in sources.find_tables(project, print) if t.file_name == name)


def test_generated_project_has_no_problem(tmp_path: Path) -> None:
    """The project that the benchmarks build is whole, and the same each time."""
    for name in ("one", "two"):
        generate(120, tmp_path / name)
    one, two = (
        {p.name: p.read_bytes() for p in (tmp_path / n).rglob("*.csv")} for n in ("one", "two")
    )
    assert one == two
    project = Project(tmp_path / "one", tmp_path / "build")
    vocabulary = frozenset(line[1 : line.index(">")] for line in dataset.ontology_lines(project))
    receipt = Receipt()
    lines = b"".join(loader.load(project, receipt, vocabulary)).splitlines()
    assert not receipt.problems
    assert len(lines) == receipt.total().triples > 120 * 15

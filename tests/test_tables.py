"""Metadata of tables: what is outside our profile of CSV on the Web is told, never ignored."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from ptce_graph.errors import ProjectError
from ptce_graph.mapping import compile_mapping
from ptce_graph.metadata import CONTEXT
from ptce_graph.namespaces import PREFIXES
from ptce_graph.tables import Table, read_table

Metadata = dict[str, Any]
Read = Callable[[Metadata], Table]
NAME = "things.csv-metadata.json"
REAL = sorted((Path(__file__).parents[1] / "graph" / "sources").rglob("*.csv-metadata.json"))


def things(*columns: Metadata, **schema: Any) -> Metadata:
    """Return metadata of a table of things: a key, and other columns."""
    key = {"name": "id", "required": True, "suppressOutput": True}
    return {
        "@context": CONTEXT,
        "url": "things.csv",
        "tableSchema": {
            "aboutUrl": "https://example.org/thing/{id}",
            "primaryKey": "id",
            "columns": [key, *columns],
            **schema,
        },
    }


def column(**keywords: Any) -> Metadata:
    """Return the description of one more column."""
    return {"name": "x", "propertyUrl": "https://example.org/x", **keywords}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A function that writes metadata to a file and reads it."""

    def write_and_read(metadata: Metadata) -> Table:
        path = tmp_path / NAME
        path.write_text(json.dumps(metadata), "utf-8")
        return read_table(path)

    return write_and_read


def test_metadata_are_read(read: Read) -> None:
    """What the profile supports is read: keys, templates, datatypes, titles in languages."""
    table = read(
        things(
            column(titles={"fr": "Âge", "en": ["Age", "Years"]}, datatype="integer", null=["NC"]),
            {**column(name="class", virtual=True, valueUrl="https://example.org/C"), "@id": "#c"},
            foreignKeys=[
                {
                    "columnReference": "x",
                    "reference": {"resource": "ages.csv", "columnReference": ["n"]},
                }
            ],
        )
    )
    assert table.header == ["id", "x"]
    assert table.primary_key == ("id",)
    assert table.columns[1].titles == ("Âge", "Age", "Years")
    assert table.columns[1].nulls == {"NC", ""}
    assert table.foreign_keys[0].resource == "ages.csv"
    assert table.columns[2].virtual


def test_what_columns_have_in_common_may_stand_once(read: Read) -> None:
    """Keywords of the table or its schema hold for each column that does not say otherwise."""
    table = read({**things(column(), column(name="y", lang="en"), null="-"), "lang": "fr"})
    assert [c.lang for c in table.columns] == ["fr", "fr", "en"]
    assert {c.nulls for c in table.columns} == {frozenset({"-", ""})}


def test_notes_of_other_vocabularies_are_let_through(read: Read) -> None:
    """Annotations with a prefix, such as dc:description, are not of the profile's concern."""
    table = read({**things(column(**{"dc:description": "What it is."})), "dc:description": "All."})
    assert (table.description, table.columns[1].description) == ("All.", "What it is.")


DATATYPES_OUTSIDE = (
    *("NCName", "Name", "QName", "language", "html", "xml", "json", "hexBinary", "base64Binary"),
    *("binary", "duration", "dayTimeDuration", "yearMonthDuration", "gDay", "gMonth", "gMonthDay"),
)
KEY = {"columnReference": "id"}
SCHEMA_REFERENCE = {"schemaReference": "s.json", "columnReference": "id"}
OUTSIDE = [
    ("notes", {**things(), "notes": []}),
    ("transformations", {**things(), "transformations": []}),
    ("tableDirection", {**things(), "tableDirection": "rtl"}),
    ("suppressOutput", {**things(), "suppressOutput": True}),
    ("tables", {"@context": CONTEXT, "tables": [things()]}),
    ("dialect", {**things(), "dialect": {"delimiter": ";"}}),
    ("dialect", {**things(), "dialect": "https://example.org/dialect"}),
    ("rowTitles", things(rowTitles="id")),
    ("@base", {**things(), "@context": [CONTEXT, {"@base": "https://example.org/"}]}),
    ("tableSchema", {**things(), "tableSchema": "https://example.org/schema.json"}),
    ("lineTerminators", {**things(), "dialect": {"lineTerminators": ["\n"]}}),
    ("schemaReference", things(foreignKeys=[{**KEY, "reference": SCHEMA_REFERENCE}])),
    ("resource", things(foreignKeys=[{**KEY, "reference": {"columnReference": "id"}}])),
    ("dc:title", things(foreignKeys=[{**KEY, "dc:title": "x", "reference": {}}])),
    ("minExclusive", things(column(datatype={"base": "string", "minExclusive": "a"}))),
    (
        "minInclusive",
        things(column(datatype={"base": "decimal", "minInclusive": 0, "minExclusive": 0})),
    ),
    ("maximum", things(column(datatype={"base": "decimal", "minimum": 2, "maximum": 1}))),
    ("format", things(column(datatype={"base": "decimal", "format": "1.0"}))),
    ("format", things(column(datatype={"base": "time", "format": "yyyy"}))),
    ("format", things(column(datatype={"base": "decimal", "format": "0.000,0"}))),
    *((f'"{name}"', things(column(datatype=name))) for name in DATATYPES_OUTSIDE),
    ("textDirection", things(column(textDirection="rtl"))),
    ("ordered", things(column(ordered=True))),
    ("maximum", things(column(datatype={"base": "string", "maximum": "z"}))),
    ("length", things(column(datatype={"base": "integer", "length": 4}))),
    ("format", things(column(datatype={"base": "date", "format": "dd MMM yyyy"}))),
    ("format", things(column(datatype={"base": "gYear", "format": "yyyy"}))),
    ("format", things(column(datatype={"base": "boolean", "format": "oui"}))),
    ("format", things(column(datatype={"base": "boolean", "format": "oui|non|-"}))),
    ("format", things(column(datatype={"base": "string", "format": "[a-z"}))),
    ("format", things(column(datatype={"base": "string", "format": "\\p{L}+"}))),
    ("separator", things(column(separator=";", valueUrl="https://example.org/{x}"))),
]


@pytest.mark.parametrize(("keyword", "metadata"), OUTSIDE)
def test_keyword_outside_the_profile_is_an_error(
    read: Read, keyword: str, metadata: Metadata
) -> None:
    """A keyword that is not supported is refused, and the message names the file and it."""
    with pytest.raises(ProjectError) as error:
        read(metadata)
    assert NAME in str(error.value)
    assert keyword in str(error.value)


WRONG = {
    "no @context": ({k: v for k, v in things().items() if k != "@context"}, "@context"),
    "other @context": ({**things(), "@context": "https://schema.org"}, "@context"),
    "@base": ({**things(), "@context": [CONTEXT, {"@base": "https://example.org/"}]}, "@context"),
    "list": ([], "the metadata must be an object"),
    "no schema": ({"@context": CONTEXT, "url": "things.csv"}, "tableSchema"),
    "other file": ({**things(), "url": "poles.csv"}, '"url" must be "things.csv"'),
    "no url": ({k: v for k, v in things().items() if k != "url"}, '"url"'),
    "column without name": (things({"titles": "x"}), '"name" of column 2'),
    "one name twice": (things(column(), column()), 'two columns are called "x"'),
    "primary key unknown": (things(primaryKey="code"), "no column is called code"),
    "primary key may be empty": (things(column(), primaryKey=["id", "x"]), "primary key x"),
    "foreign key unknown": (
        things(
            foreignKeys=[
                {"columnReference": "y", "reference": {"resource": "a", "columnReference": "b"}}
            ]
        ),
        "no column is called y",
    ),
    "foreign key of two widths": (
        things(
            foreignKeys=[
                {
                    "columnReference": "id",
                    "reference": {"resource": "a", "columnReference": ["b", "c"]},
                }
            ]
        ),
        "as many columns",
    ),
    "template on an unknown column": (things(column(valueUrl="https://e.org/{y}")), "called so"),
    "operator": (things(column(valueUrl="https://e.org/{?x}")), "only {name} and {+name}"),
    "two names": (things(column(valueUrl="https://e.org/{x,id}")), "only {name} and {+name}"),
    "prefix": (things(column(valueUrl="https://e.org/{x:3}")), "only {name} and {+name}"),
    "row number": (things(aboutUrl="https://e.org/{_row}"), "no column is called"),
    "relative address": (things(aboutUrl="#row-{id}"), "no whole address"),
    "unknown prefix": (things(column(propertyUrl="ptec:name")), "no known prefix"),
    "no property": (things({"name": "x"}), "column x needs propertyUrl or suppressOutput"),
    "virtual on an empty cell": (
        things(column(), column(name="v", virtual=True, valueUrl="https://e.org/{x}")),
        "virtual column v depends on x, which may be empty",
    ),
    "virtual about an empty cell": (
        things(
            column(),
            column(name="v", virtual=True, aboutUrl="https://e.org/{x}", valueUrl="https://e.org"),
        ),
        "virtual column v depends on x, which may be empty",
    ),
    "subject on an empty cell": (
        things(aboutUrl="https://e.org/{x}", primaryKey=[], columns=[column(), column(name="y")]),
        "column y depends on x, which may be empty",
    ),
    "virtual without value": (things(column(name="v", virtual=True)), "needs propertyUrl and val"),
    "virtual before others": (
        things(column(name="v", virtual=True, valueUrl="https://e.org/v"), column()),
        "virtual columns come after the others",
    ),
    "required that is no boolean": (
        things(column(required="no")),
        'keyword "required" of Column x must be true or false',
    ),
    "separator empty": (things(column(separator="")), "separator is empty"),
    "lang of none": (things(column(lang="le français")), "must be a language tag"),
    "null of numbers": (things(column(null=[1])), "list of texts"),
    "columns of texts": (things(columns=["id"]), "what is no Column in a Schema"),
    "limit that is no number": (
        things(column(datatype={"base": "decimal", "minimum": "zéro"})),
        '"minimum" of column x: zéro is no decimal',
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_metadata_are_an_error(read: Read, case: str) -> None:
    """Metadata that cannot mean what their author thinks are refused, and the message says why."""
    metadata, message = WRONG[case]
    with pytest.raises(ProjectError) as error:
        read(metadata)
    assert NAME in str(error.value)
    assert message in str(error.value)


@pytest.mark.parametrize("number", [0, 1])
def test_examples_of_the_documentation_are_in_the_profile(tmp_path: Path, number: int) -> None:
    """What docs/tables.md shows is read, and gives the triples that it says."""
    page = (Path(__file__).parents[1] / "docs" / "tables.md").read_text("utf-8")
    text = re.findall(r"```json\n(.*?)```", page, re.DOTALL)[number]
    path = tmp_path / f"{json.loads(text)['url']}-metadata.json"
    path.write_text(text, "utf-8")
    table = read_table(path)
    if number == 0:
        (row,) = re.findall("The row `(.*?)` becomes", page)
        turtle = re.findall(r"```turtle\n(.*?)```", page, re.DOTALL)[0]
        prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
        lines, _, faults = compile_mapping(table)(row.split(","))
        assert not faults
        nodes = [
            set(pyoxigraph.parse(t.encode(), format=pyoxigraph.RdfFormat.TURTLE))
            for t in (prefixes + turtle, "".join(lines))
        ]
        assert nodes[0] == nodes[1]
    else:
        cells = [
            "g-1",
            "1 234,50",
            "12,5%",
            "oui",
            "1/12/2014",
            "2014-12-31 09:30",
            "https://e.org/",
        ]
        lines, _, faults = compile_mapping(table)(cells)
        assert not faults
        assert [re.findall('"(.*?)"', line)[0] for line in lines] == [
            *("g-1", "1234.50", "0.125", "true", "2014-12-01", "2014-12-31T09:30:00"),
            "https://e.org/",
        ]


def test_column_without_subject_is_an_error(read: Read) -> None:
    """A column says something of nothing when neither it nor its table has an aboutUrl."""
    metadata = things(column())
    del metadata["tableSchema"]["aboutUrl"]
    with pytest.raises(ProjectError, match="column x has no aboutUrl"):
        read(metadata)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b'{"@context": ', "no JSON"),
        (b"{'a': 1}", ":1: no JSON"),
        (b"", "no JSON"),
        (b'{\n\n"a": }', ":3: no JSON"),
        (b'{"dc:title": "\xe9"}', "cannot be read"),
    ],
)
def test_what_is_no_json_is_an_error(tmp_path: Path, text: bytes, message: str) -> None:
    """A file that is no JSON in UTF-8 is named, with the line."""
    path = tmp_path / NAME
    path.write_bytes(text)
    with pytest.raises(ProjectError) as error:
        read_table(path)
    assert str(path) in str(error.value)
    assert message in str(error.value)


def test_metadata_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    """The mark that some editors put first does no harm."""
    path = tmp_path / NAME
    path.write_text(json.dumps(things(column())), "utf-8-sig")
    assert read_table(path).header == ["id", "x"]


def test_absent_metadata_are_an_error(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(ProjectError, match=NAME):
        read_table(tmp_path / NAME)


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        (things(column(datatype={"@id": "https://example.org/datatype#siern"})), "siern is not kn"),
        (things(column(datatype={"@id": "no address"})), "no address is not known"),
        (things(column(propertyUrl="https://example.org/own#nmae")), "nmae is not in the ontology"),
        (
            things(column(name="c", virtual=True, valueUrl="https://example.org/own#Poel")),
            "Poel is not in the ontology",
        ),
        (things(column(propertyUrl="https://exa mple.org/x")), "is no address"),
    ],
)
def test_name_that_is_declared_nowhere_is_an_error(
    read: Read, metadata: Metadata, message: str
) -> None:
    """A misspelt datatype, property or class of ours is refused before any row is read."""
    own = "https://example.org/own#"
    readers = {"https://example.org/datatype#siren": lambda text: (text, "", "")}
    with pytest.raises(ProjectError, match=message):
        compile_mapping(read(metadata), readers, {own + "name"}, (own,))


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_metadata_of_the_real_tables_are_in_the_profile(path: Path) -> None:
    """Each table of the project is described by what we support."""
    assert read_table(path).columns

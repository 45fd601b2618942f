"""The engine of CSV on the Web, on tables of a project and on tables as people save them."""

from __future__ import annotations

import calendar
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_graph import csvw, dataset, loader
from ptce_graph.csvw import TableError
from ptce_graph.datatypes import Datatype, MetadataError, reader
from ptce_graph.errors import Invalid
from ptce_graph.namespaces import DATATYPE, XSD
from ptce_graph.project import Project
from ptce_graph.receipt import Receipt

ROOT = Path(__file__).parents[1]
DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def our_types(line: str) -> str:
    """Return a line with the datatypes that the project gives to its own and to decimals."""
    line = re.sub(
        rf'"([0-9-]+)"\^\^<{DATATYPE}partialDate>',
        lambda m: f'"{m[1]}"^^<{XSD}{DATES[len(m[1])]}>',
        line,
    )
    line = re.sub(rf'"(-?[0-9]+)"\^\^<{XSD}decimal>', rf'"\1.0"^^<{XSD}decimal>', line)
    return re.sub(rf"\^\^<{DATATYPE}[a-z]+>", "", line)


@pytest.mark.parametrize("root", [ROOT / "tests" / "tiny", ROOT], ids=["tiny", "real"])
def test_engine_makes_the_graph_that_the_loader_makes(root: Path, tmp_path: Path) -> None:
    """What the compiled mapping makes of the tables is what the W3C's way makes of them."""
    project = Project(root, tmp_path)
    installed = {p.name: p for p in (ROOT / "graph" / "sources").rglob("*.csv-metadata.json")}

    def fetch(url: str) -> tuple[bytes, dict[str, str]]:
        path = project.sources / url.removeprefix("https://example.org/")
        if url.endswith(".json"):
            metadata = json.loads(installed[path.name].read_text("utf-8"))
            with path.with_name(metadata["url"]).open(encoding="utf-8") as file:
                header = file.readline().strip().split(",")
            schema = metadata["tableSchema"]
            schema.pop("foreignKeys", None)
            real = {c["name"]: c for c in schema["columns"]}
            virtual = [c for c in schema["columns"] if c.get("virtual")]
            schema["columns"] = [real[name] for name in header] + virtual
            return json.dumps(metadata).encode(), {}
        return path.read_bytes(), {}

    theirs = set()
    for path in project.sources.rglob("*.csv"):
        url = f"https://example.org/{path.relative_to(project.sources).as_posix()}"
        metadata = f"{url}-metadata.json"
        text, warnings = csvw.convert(url, mode="minimal", metadata=metadata, fetch=fetch)
        assert not warnings
        theirs |= {our_types(line) for line in text.splitlines()}
    vocabulary = frozenset(line[1 : line.index(">")] for line in dataset.ontology_lines(project))
    ours = b"".join(loader.load(project, Receipt(), vocabulary)).decode().splitlines()
    assert theirs == set(ours)
    assert len(theirs) > 500


def converted(table: str, metadata: dict[str, object], **options: str) -> tuple[str, list[str]]:
    """Convert a table of one file with its metadata."""
    context = {"@context": "http://www.w3.org/ns/csvw", "url": "t.csv"}
    files = {
        "https://example.org/t.csv": table.encode(),
        "https://example.org/t.csv-metadata.json": json.dumps(context | metadata).encode(),
    }

    def fetch(url: str) -> tuple[bytes, dict[str, str]]:
        if url not in files:
            raise FileNotFoundError(url)
        return files[url], {}

    settings = {"mode": "minimal"} | options
    return csvw.convert("https://example.org/t.csv", fetch=fetch, **settings)


def test_table_of_a_french_spreadsheet_is_converted() -> None:
    """Semicolons, decimal commas and days first are read as the dialect and formats say."""
    columns = [
        {"titles": "Nom", "name": "nom", "propertyUrl": "schema:name"},
        {
            "titles": "Montant",
            "propertyUrl": "schema:amount",
            "datatype": {"base": "decimal", "format": {"decimalChar": ",", "groupChar": " "}},
        },
        {
            "titles": "Date",
            "propertyUrl": "schema:date",
            "datatype": {"base": "date", "format": "dd/MM/yyyy"},
        },
    ]
    text, warnings = converted(
        "# exporté\nNom;Montant;Date\nL'Œuvre;1 234,50;31/12/2014\n",
        {
            "dialect": {"delimiter": ";", "commentPrefix": "#"},
            "tableSchema": {"aboutUrl": "#{nom}", "columns": columns},
        },
    )
    assert not warnings
    assert text.splitlines() == [
        f"<https://example.org/t.csv#L%27%C5%92uvre> <http://schema.org/{name}> {term} ."
        for name, term in (
            ("name", '"L\'Œuvre"'),
            ("amount", f'"1234.50"^^<{XSD}decimal>'),
            ("date", f'"2014-12-31"^^<{XSD}date>'),
        )
    ]


def test_what_is_not_as_the_metadata_say_is_a_warning() -> None:
    """A cell of another datatype is kept as a text, and told."""
    columns = [{"titles": "n", "datatype": "integer"}]
    text, (warning,) = converted("n\nbeaucoup\n", {"tableSchema": {"columns": columns}})
    assert '"beaucoup" .' in text
    assert "beaucoup" in warning
    assert "row 2" in warning


def test_damaged_table_is_an_error() -> None:
    """A quotation mark that is not closed is never read as the rest of the file."""
    with pytest.raises(TableError, match="line 2"):
        converted('n\n"never closed\n1\n', {})


def test_metadata_that_mean_nothing_are_an_error() -> None:
    """Metadata without a table are refused."""
    with pytest.raises(MetadataError, match="url"):
        converted("n\n", {"url": 1})


TOLD = {
    "notes": {"notes": []},
    "transformations": {"transformations": []},
    "tableDirection": {"tableDirection": "rtl"},
    "textDirection": {"textDirection": "rtl"},
    "rowTitles": {"tableSchema": {"rowTitles": "n"}},
    "lineTerminators": {"dialect": {"lineTerminators": ["\n"]}},
    "delimiter": {"dialect": {"delimiter": "||"}},
    "duration": {"tableSchema": {"columns": [{"titles": "n", "datatype": "duration"}]}},
}


@pytest.mark.parametrize("keyword", TOLD)
def test_keyword_that_is_not_supported_is_told(keyword: str) -> None:
    """What the engine leaves out it names, and the rest of the table is converted."""
    text, warnings = converted("n\nx\n", TOLD[keyword])
    assert any(keyword in warning for warning in warnings)
    assert '"x" .' in text


REFUSED = {
    "tableSchema": {"tableSchema": "schema.json"},
    "dialect": {"dialect": "dialect.json"},
    "schemaReference": {
        "tableSchema": {
            "columns": [{"name": "n"}],
            "foreignKeys": [
                {
                    "columnReference": "n",
                    "reference": {"schemaReference": "s.json", "columnReference": "n"},
                }
            ],
        }
    },
}


@pytest.mark.parametrize("keyword", REFUSED)
def test_keyword_without_which_nothing_can_be_read_is_an_error(keyword: str) -> None:
    """A description that stands in another file is not fetched: the error names its keyword."""
    with pytest.raises(MetadataError, match=keyword):
        converted("n\nx\n", REFUSED[keyword])


@pytest.mark.parametrize(
    "metadata",
    [
        {"@context": ["http://www.w3.org/ns/csvw", {"@base": 1}]},
        {"dc:title": {"@type": [{}]}},
        {"dc:title": {"@value": "x", "@type": "date", "@language": "fr"}},
        {"dc:title": {"@value": [1]}},
        {"dc:title": {"@list": []}},
    ],
)
def test_metadata_of_the_wrong_kind_are_told_as_metadata(metadata: dict[str, object]) -> None:
    """Whatever stands in a file of metadata, the error is one of metadata."""
    with pytest.raises(MetadataError):
        converted("n\nx\n", metadata, mode="standard")


def test_encoding_that_is_no_text_is_an_error() -> None:
    """What Python calls an encoding and is none of texts is told as the table's."""
    with pytest.raises(TableError, match="zlib"):
        converted("n\n", {"dialect": {"encoding": "zlib"}})


def test_address_that_is_none_is_told() -> None:
    """A template that makes no address loses its link with a word, not without."""
    columns = [{"titles": "n", "valueUrl": "http://exa mple.org/{n}"}]
    text, (warning,) = converted("n\nx\n", {"tableSchema": {"columns": columns}})
    assert "http://exa mple.org/x is no address" in warning
    assert text == ""


def test_cell_with_a_line_separator_of_unicode_is_one_cell() -> None:
    """Only line feeds and carriage returns end a row."""
    text, warnings = converted("n\na\u2028b\n", {})
    assert not warnings
    assert text.count("\n") == 1
    assert "a\u2028b" in text


@given(st.integers(-10000, 99999), st.integers(0, 13), st.integers(0, 32))
def test_dates_are_those_of_the_calendar(year: int, month: int, day: int) -> None:
    """A date is read if and only if its month has such a day, in leap years and others."""
    text = f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{day:02}"
    exists = year != 0 and 1 <= month <= 12
    exists = exists and 1 <= day <= calendar.monthrange(2000 + abs(year) % 400, month)[1]
    try:
        assert reader(Datatype("date"))(text) == (text, XSD + "date", "")
        read = True
    except Invalid:
        read = False
    assert read == exists

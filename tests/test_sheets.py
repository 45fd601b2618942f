"""The tables for spreadsheets: what they hold, that they open, that their metadata fit."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest

from ptce_graph import csvw
from ptce_graph.namespaces import ID, ONTOLOGY
from ptce_graph.project import Project
from ptce_graph.publish import publication, release, sheets

calamine = pytest.importorskip("python_calamine", reason="python-calamine is not installed")

FRENCH = {
    "poles": ("pôle", "région"),
    "members": ("pôle", "acteur", "genre", "rôle", "depuis", "jusqu'à", "commune", "département"),
    "applications": ("pôle", "appel", "issue"),
    "fundings": ("bénéficiaire", "financeur", "montant (€)"),
    "sources": ("source", "éditeur", "adresse de la source"),
}


@pytest.fixture(scope="module")
def store(real: Project) -> pyoxigraph.Store:
    """What is published of the real graph."""
    return release.read_release(real, publication.read(real)).store()


@pytest.fixture(scope="module")
def folder(
    real: Project, store: pyoxigraph.Store, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The files of the tables in both languages."""
    folder = tmp_path_factory.mktemp("sheets")
    for language in ("fr", "en"):
        found = sheets.tables(real, store, language)
        for path, data in sheets.files(found, publication.read(real)):
            (folder / path.removeprefix("tables/")).write_bytes(data)
    return folder


def rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    """Return the rows of a CSV as a spreadsheet reads them."""
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "a French Excel reads UTF-8 only behind a BOM"
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))


def test_french_tables_have_french_headings(folder: Path) -> None:
    """Each table has its columns in the reader's language, divided as the reader's country does."""
    for name, headings in FRENCH.items():
        found = rows(folder / f"{name}.fr.csv", ";")
        assert set(headings) <= set(found[0]), name
        english = rows(folder / f"{name}.en.csv", ",")
        assert len(english) == len(found)
        assert set(english[0]) != set(found[0])


def test_cells_are_in_one_language(folder: Path) -> None:
    """A territory that has a name in both languages is named in that of the table."""
    french, english = rows(folder / "poles.fr.csv", ";"), rows(folder / "poles.en.csv", ",")
    (area,) = (row["territoire couvert"] for row in french if row["pôle"] == "Ardaines")
    assert area == "Parc naturel régional des Ardennes"
    (area,) = (row["territory covered"] for row in english if row["pole"] == "Ardaines")
    assert area == "Ardennes regional nature park"


def test_one_row_a_membership(folder: Path, store: pyoxigraph.Store) -> None:
    """Each membership of a pole is one row, with its source and the address of the source."""
    found = rows(folder / "members.fr.csv", ";")
    known = {
        solution["m"].value
        for solution in store.query(
            "PREFIX org: <http://www.w3.org/ns/org#>"
            f"SELECT ?m {{ ?m a <{ONTOLOGY}Membership> ; org:organization/a <{ONTOLOGY}Pole> }}"
        )
    }
    assert len(found) == len(known) > 300
    assert {row["identifiant de la ligne"] for row in found} == known
    assert all(row["source"] and row["rôle"] and row["genre"] for row in found)
    (row,) = (
        row
        for row in found
        if row["identifiant du pôle"] == f"{ID}pole/sud-aquitaine" and row["rôle"] == "coordinateur"
    )
    assert row["acteur"] == "Comité de bassin d'emploi du Seignanx"
    assert (row["commune"], row["département"]) == ("Tarnos", "Landes")
    assert row["région"] == "Nouvelle-Aquitaine"
    titles, addresses = row["source"].split(" | "), row["adresse de la source"].split(" | ")
    assert len(titles) == len(addresses)


def test_unknown_is_empty_and_sums_are_exact(folder: Path) -> None:
    """An amount that no source gives is an empty cell; those given add up as in the graph."""
    found = rows(folder / "fundings.fr.csv", ";")
    amounts = [row["montant (€)"] for row in found]
    assert amounts.count("") == 11
    assert sum(Decimal(amount.replace(",", ".")) for amount in amounts if amount) == 3_221_555
    poles = rows(folder / "poles.fr.csv", ";")
    assert len(poles) == 102
    assert {row["membres connus"] for row in poles} >= {"", "1"}
    assert "0" not in {row["membres connus"] for row in poles}


def test_metadata_fit_their_tables(folder: Path) -> None:
    """The W3C's reading of each CSV by its metadata finds every row, numbers as numbers."""
    for path in sorted(folder.glob("*.csv")):
        metadata = json.loads(path.with_name(path.name + "-metadata.json").read_text("utf-8"))
        delimiter = metadata["dialect"]["delimiter"]
        found = rows(path, delimiter)
        assert [c["titles"] for c in metadata["tableSchema"]["columns"]] == list(found[0])
        assert all(c["dc:description"] for c in metadata["tableSchema"]["columns"])
        lines = read_by_metadata(path)
        assert len({line.split(" ", 1)[0] for line in lines}) == len(found), path.name
        numbers = [c["name"] for c in metadata["tableSchema"]["columns"] if "datatype" in c]
        for name in numbers:
            said = [line for line in lines if f"#{name}>" in line]
            assert said and all("XMLSchema#decimal" in line for line in said)
    assert numbers == ["facts"]


def read_by_metadata(path: Path) -> list[str]:
    """Return the triples of a CSV, read by its metadata, none of which may be wrong."""
    base = "https://example.org/"

    def fetch(url: str) -> tuple[bytes, dict[str, str]]:
        return (path.parent / url.removeprefix(base)).read_bytes(), {}

    metadata = f"{base}{path.name}-metadata.json"
    csvw.convert(metadata, mode="validate", fetch=fetch)
    text, warnings = csvw.convert(metadata, mode="minimal", fetch=fetch)
    assert not warnings
    return text.splitlines()


def test_workbook_opens_with_all_tables(folder: Path) -> None:
    """The workbook says first what it is, and has each table on its sheet, numbers as numbers."""
    book = calamine.CalamineWorkbook.from_path(str(folder / "ptce.fr.xlsx"))
    assert book.sheet_names == [
        *("lisez-moi", "pôles", "membres", "candidatures", "financements", "sources")
    ]
    said = {str(cell) for row in book.get_sheet_by_name("lisez-moi").to_python() for cell in row}
    assert any("Licence" in cell or "licence" in cell for cell in said)
    assert {"2026-11-23", "0.1.0"} <= said
    for name, sheet in zip(FRENCH, book.sheet_names[1:], strict=True):
        found = book.get_sheet_by_name(sheet).to_python()
        written = rows(folder / f"{name}.fr.csv", ";")
        assert (len(found) - 1, found[0]) == (len(written), list(written[0]))
        assert set(found[0]) <= said
    fundings = book.get_sheet_by_name("financements").to_python()
    amounts = [row[fundings[0].index("montant (€)")] for row in fundings[1:]]
    assert sum(amount for amount in amounts if amount != "") == 3_221_555

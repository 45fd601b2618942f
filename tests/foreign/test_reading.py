"""Files as people save them: what they are is found out, said, and can be overridden."""

import datetime
import io
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner

from ptce_graph import cli
from ptce_graph.foreign.reading import Overrides
from tests.foreign.conftest import Desk

PLAIN = "Nom;SIRET;Commune;Code postal\n"
PLAIN += "Éole à Tarnos;55203253400646;Tarnos;40220\nDeuxième;;Dax;40100\n"
NAMES = ["Éole à Tarnos", "Deuxième"]


def names(desk: Desk) -> list[str]:
    """Return the names of the organisations that were imported."""
    return [row["name"] for row in desk.rows("organisations.csv")]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
        ("cp850", "cp850"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_encoding_is_recognised_and_said(desk: Desk, encoding: str, said: str) -> None:
    """Whatever the program that saved it, the letters are right."""
    receipt = desk.take(desk.file(PLAIN, encoding=encoding))
    assert names(desk) == NAMES
    assert ("encoding", (said,)) in receipt.notices
    assert desk.rows("organisations.csv")[0]["commune"] == "40312"


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_recognised(desk: Desk, mark: str, end: str) -> None:
    """Every separator of the field, with every line end."""
    desk.take(PLAIN.replace(";", mark).replace("\n", end))
    assert names(desk) == NAMES


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\n" + PLAIN,
        '"sep=;"\n' + PLAIN,
        PLAIN.replace("\n", "\r\n", 1),
        "\n\n" + PLAIN,
        PLAIN.replace("\n", "\n;;;\n"),
        PLAIN + "Total;2;;\n",
        PLAIN + "TOTAL GÉNÉRAL;2;;\n\n",
        "Liste des adhérents;;;\nau 31/12/2014;;;\n" + PLAIN,
        PLAIN.replace("Nom;SIRET;Commune", "NOM;N° SIRET;VILLE"),
        PLAIN.replace("Nom;SIRET;Commune", "dénomination (obligatoire);Numéro de SIRET;ville"),
        PLAIN.replace("Éole à Tarnos", '"Éole\nà Tarnos"'),
        PLAIN.replace("Éole à Tarnos", "\u00a0Éole\u202fà Tarnos \u200b"),
        PLAIN.replace("\n", ";\n"),
        "Structure;;Siège;\n" + PLAIN,
    ],
)
def test_ugly_text_is_read_rightly(desk: Desk, text: str) -> None:
    """Titles above, empty lines, totals, breaks in cells, several lines of names: the same rows."""
    receipt = desk.take(text)
    assert names(desk) == NAMES
    assert (receipt.accepted, receipt.rejected) == (2, 0)


@pytest.mark.parametrize(
    "line",
    [
        "Sous-total Landes;12;;",
        "TOTAL DÉPARTEMENT 40;;;",
        "Total : 45 structures;;;",
        "Nombre d'adhérents : 45;;;",
        "45 membres;;;",
    ],
)
def test_sum_in_words_is_a_total(desk: Desk, line: str) -> None:
    """A line that counts or sums up what stands above is no organisation."""
    assert desk.take(PLAIN + line + "\n").outcomes["total"] == 1


def test_department_called_somme_is_no_total(desk: Desk) -> None:
    """Nor is an association called Nombre d'Or."""
    receipt = desk.take("Nom;Département\nSomme;80\nNombre d'Or;\n")
    assert (receipt.accepted, receipt.left_out) == (2, 0)


def test_lines_of_names_that_end_early(desk: Desk) -> None:
    """A group of columns does not go on over columns that have no name."""
    receipt = desk.take(
        "X;Identité;;Lieu;;\n;Nom;;Code;Nom;\n;complet;court;INSEE;commune;\n1;É;;;;\n"
    )
    assert ("matched", ("name", "Nom / complet")) in receipt.notices
    assert names(desk) == ["É"]


def test_line_whose_quotation_marks_are_doubtful(desk: Desk) -> None:
    """It is rejected as it was cut, and taken when it comes back: a person has looked at it."""
    receipt = desk.take('Nom;Ville\n"Les Pins" foyer;Dax\n')
    assert receipt.reasons == {"stray-quote": 1}
    (row,) = desk.rows("rejected.csv")
    assert (row["Nom"], row["Ville"]) == ('"Les Pins" foyer', "Dax")
    assert desk.take(desk.target / "rejected.csv").accepted == 1


def test_mixture_of_two_encodings_is_refused(refused: Callable[..., str]) -> None:
    """Two files pasted together are not half read, however few letters there are."""
    for mixed in ("Éole".encode() + b"\nNo\xebl\n", b"No\xebl\xebl\nC\xf4te\n" + "é\n".encode()):
        assert refused(b"Nom\n" + mixed) == "wrong-encoding"


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("text", ["Nom\nÉole à l'Été\n", "NOM\nULTÉRÏA\nRÉSEAU RHÔNE\n"])
def test_few_letters_tell_encodings_apart(desk: Desk, encoding: str, text: str) -> None:
    """A short list with one or two accents, capitals among them."""
    desk.take(desk.file(text, encoding=encoding))
    assert names(desk) == text.splitlines()[1:]


def test_names_of_columns_as_programs_write_them(desk: Desk) -> None:
    """Words that are run together, and values inside of values."""
    seat = {"codePostal": "40220", "libelleCommune": "Tarnos"}
    records = [{"raisonSociale": "Éole", "siege": seat}, {"raisonSociale": "Deux", "siege": None}]
    desk.take(desk.file(json.dumps(records), "a.json"))
    assert names(desk) == ["Éole", "Deux"]
    assert desk.rows("organisations.csv")[0]["commune"] == "40312"


def test_totals_and_empty_lines_are_counted(desk: Desk) -> None:
    """What is no row of data is told, and is no rejection."""
    receipt = desk.take(PLAIN + ";;;\nSous-total;2;;\nTotal : ;3;;\n")
    assert (receipt.outcomes["total"], receipt.outcomes["empty"]) == (2, 1)
    assert receipt.left_out == 3


def test_organisation_called_total_is_no_total(desk: Desk) -> None:
    """A total has only figures beside it."""
    desk.take("Nom;Ville\nTotal Énergies;Dax\nSomme toute;Dax\n")
    assert names(desk) == ["Total Énergies", "Somme toute"]


def test_twins_of_a_header_are_kept_apart(desk: Desk) -> None:
    """The second column of a name is told, and its values do not overwrite the first."""
    receipt = desk.take("Nom;Nom;SIREN\nÉole;Autre;552032534\n")
    assert names(desk) == ["Éole"]
    assert ("duplicate", ("“Nom”", "Nom (2)")) in receipt.notices


def test_decisions_can_be_overridden(desk: Desk) -> None:
    """Each thing that is decided has an option."""
    path = desk.file("a|b;c\nÉole|1;2\nx|3;4\n", encoding="latin-1")
    asked = Overrides("latin-1", ";", "", (2, 2))
    receipt = desk.take(path, overrides=asked, columns={"name": "Éole|1"})
    assert names(desk) == ["x|3"]
    assert receipt.rows == 1


def test_table_without_names_of_columns(desk: Desk, refused: Callable[..., str]) -> None:
    """Numbers stand for the names, when a person says that there are none."""
    text = "1;552032534;40312\n2;005720784;40088\n"
    assert refused(text) == "no-header"
    columns = {"name": "1", "siren": "2", "commune": "3"}
    desk.take(text, overrides=Overrides(header=(0, 0)), columns=columns)
    assert names(desk) == ["1", "2"]


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """Return an XLSX file."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


MEMBERS: list[list[object]] = [
    ["Liste des membres"],
    [],
    ["Nom", "SIREN", "Code commune", "Date d'entrée"],
    ["Éole", 5720784, 40312, datetime.date(2014, 12, 31)],
    ["Deux", "552 032 534", "01427", "mars 2015"],
]


def test_spreadsheet_is_read(desk: Desk) -> None:
    """Zeros that a spreadsheet ate come back, dates are dates, sheets are said."""
    path = desk.file(workbook({"Membres": MEMBERS, "Notes": [["x"]]}), "m.xlsx")
    receipt = desk.take(path, "memberships", constants={"pole": "alpha"})
    assert [r["siren"] for r in desk.rows("organisations.csv")] == ["005720784", "552032534"]
    assert [r["valid_from"] for r in desk.rows("memberships.csv")] == ["2014-12-31", "2015-03"]
    assert ("other-sheets", ("Notes",)) in receipt.notices


def test_sheet_is_chosen(desk: Desk, refused: Callable[..., str]) -> None:
    """A sheet that is not there is refused, with the names of those that are."""
    path = desk.file(workbook({"A": [["x"]], "Membres": MEMBERS}), "m.xlsx")
    assert refused(path, overrides=Overrides(sheet="B")) == "no-sheet"
    desk.take(path, overrides=Overrides(sheet="Membres"))
    assert names(desk) == ["Éole", "Deux"]


def test_merged_cells_hold_for_all_of_them(desk: Desk) -> None:
    """A commune written once for three rows is that of three rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for row in (
        ["Structure", None, "Lieu"],
        ["Nom", "SIREN", "Code commune"],
        ["Un", None, "40312"],
        ["Deux", None, None],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("C3:C4")
    file = io.BytesIO()
    book.save(file)
    receipt = desk.take(desk.file(file.getvalue(), "m.xlsx"))
    assert [r["commune"] for r in desk.rows("organisations.csv")] == ["40312", "40312"]
    assert ("header", ("1-2",)) in receipt.notices


def test_json_geojson_and_json_lines_are_read(desk: Desk) -> None:
    """Records are found where they are, and nested ones are flattened."""
    record = {"nom": "Éole", "siren": "552032534", "siege": {"code_insee": "40312"}, "n": 1.50}
    feature = {"type": "Feature", "properties": record, "geometry": None}
    for text in (
        json.dumps([record]),
        json.dumps({"total": 1, "results": [record]}),
        json.dumps({"type": "FeatureCollection", "features": [feature]}),
        json.dumps(record) + "\n" + json.dumps(record | {"nom": "Deux", "siren": ""}),
    ):
        target = desk.project.sources / "json"
        desk.target = target
        desk.take(
            desk.file(text, "x.json"),
            target=target,
            replace=True,
            columns={"commune": "siege.code_insee"},
        )
        assert desk.rows("organisations.csv")[0]["commune"] == "40312"


def test_parquet_is_read(desk: Desk) -> None:
    """Parquet comes through DuckDB; numbers and dates are texts."""
    path = desk.folder / "x.parquet"
    duckdb.sql(
        "SELECT 'Éole' AS nom, '552032534' AS siren, 40312 AS insee, NULL AS site"
    ).write_parquet(str(path))
    desk.take(path)
    (row,) = desk.rows("organisations.csv")
    assert (row["name"], row["siren"], row["commune"]) == ("Éole", "552032534", "40312")


def test_file_that_is_not_what_its_name_says(desk: Desk) -> None:
    """Text called .xls is read as text, a spreadsheet called .csv as a spreadsheet, and told."""
    receipt = desk.take(desk.file(PLAIN, "m.xls", "cp1252"))
    assert names(desk) == NAMES
    assert any(key == "not-its-name" for key, _ in receipt.notices)
    receipt = desk.take(desk.file(workbook({"A": MEMBERS}), "m.csv"), replace=True)
    assert any(key == "not-its-name" for key, _ in receipt.notices)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 x", "foreign-format"),
        (b"<html><table><tr><td>Nom</td></tr></table>", "foreign-format"),
        (b"PK\x03\x04 cut", "damaged"),
        (b"PAR1 cut", "damaged"),
        (b'{"a": ', "bad-json"),
        (b"[1, 2]", "no-records"),
        (b"{}", "no-records"),
        (PLAIN.encode() + "é".encode() * 9 + b"\xe9;;;\n", "wrong-encoding"),
        ((PLAIN.encode() * 3).decode("cp1252", "replace").encode(), "twice-encoded"),
        (PLAIN.encode("utf-16")[:-1], "wrong-encoding"),
        (b"Nom;SIREN\n\xc9ole;\x001\n", "nul"),
        (b'Nom;SIREN\n"Eole;552032534\nDeux;552032534\n', "unclosed-quote"),
        (b'Nom;SIREN\n"Eole;552032534\n"Deux";552032534\n', "unclosed-quote"),
        (b'Nom;SIREN\n"Eole;5\nDeux";5;5\n', "unclosed-quote"),
        (b"Couleur;Prix\nrouge;1\n", "missing-field"),
        (b"12;13\n14;15\n", "no-header"),
    ],
)
def test_file_that_cannot_be_read_rightly_is_refused(
    content: bytes, rule: str, refused: Callable[..., str]
) -> None:
    """One sentence, in French and English, and nothing is written: never half read."""
    assert refused(content) == rule


@pytest.mark.parametrize("name", ["absent.csv", "."])
def test_what_is_no_file_is_refused(desk: Desk, name: str, refused: Callable[..., str]) -> None:
    """A missing file and a folder are told as such."""
    assert refused(desk.folder / name) in ("no-file", "no-regular-file")


def test_command_says_what_it_decides_before(desk: Desk, tmp_path: Path) -> None:
    """--dry-run shows what is matched, ignored and left out, writes the mapping, nothing else."""
    path = desk.file("Nom;Courriel;Couleur\nÉole;a@b.fr;bleu\n")
    mapping = tmp_path / "m.toml"
    words = [
        "--project",
        str(desk.project.root),
        "--lang",
        "en",
        "import",
        str(path),
        "--as",
        "organisations",
        "-o",
        str(desk.target),
        "--dry-run",
        "--write-mapping",
        str(mapping),
    ]
    result = CliRunner().invoke(cli.ptce, words, obj=cli.Settings())
    assert result.exit_code == 0, result.output
    for text in (
        "name <- Nom",
        "personal: Courriel",
        "not used: Couleur",
        "nothing was written",
        "1 row = 1 accepted + 0 merged + 0 rejected",
    ):
        assert text in result.output
    assert not desk.target.exists()
    assert "name" in mapping.read_text("utf-8")


def test_formulas_without_values_are_refused(desk: Desk, refused: Callable[..., str]) -> None:
    """What no spreadsheet has calculated is not in the file; an empty text is a value."""
    path = desk.file(workbook({"A": [["Nom", "SIREN"], ["=1+1", None]]}), "m.xlsx")
    assert refused(path) == "uncalculated"


def test_cells_in_error_are_told(desk: Desk) -> None:
    """A cell #N/A has no value, and the receipt says how many there are."""
    rows: list[list[object]] = [["Nom", "Ville"], ["Éole", "#N/A"]]
    receipt = desk.take(desk.file(workbook({"A": rows}), "m.xlsx"))
    assert names(desk) == ["Éole"]
    assert ("cell-errors", (1,)) in receipt.notices


def test_sheet_of_explanations_is_passed_over(desk: Desk) -> None:
    """The sheet that is read is the first whose columns are known, not the first of all."""
    sheets = {"Lisez-moi": [["Mis à jour chaque année"], ["Voir Membres"]], "Membres": MEMBERS}
    receipt = desk.take(desk.file(workbook(sheets), "m.xlsx"))
    assert ("sheet", ("Membres",)) in receipt.notices
    assert receipt.accepted


def test_one_column_needs_no_separator(desk: Desk) -> None:
    """A list of names is a table of one column, commas and all."""
    desk.take("Nom\nÉole, la belle\nDeux, l'autre\nTrois\n")
    assert names(desk) == ["Éole, la belle", "Deux, l'autre", "Trois"]


def test_what_stands_below_a_table_is_no_row(desk: Desk) -> None:
    """Names of columns that come again with each page, and notes, are left out and counted."""
    receipt = desk.take(PLAIN + PLAIN.splitlines()[0] + "\nSource : enquête 2024;;;\n")
    assert names(desk) == NAMES
    assert (receipt.outcomes["header-again"], receipt.outcomes["note"]) == (1, 1)


def test_capitals_tell_encodings_apart(desk: Desk) -> None:
    """Names in capitals only are read rightly too."""
    for encoding in ("cp1252", "mac_roman"):
        path = desk.file("NOM;VILLE\nÉOLE DE L'ÉTÉ;DAX\n", encoding=encoding)
        desk.take(path, replace=True)
        assert names(desk) == ["ÉOLE DE L'ÉTÉ"]


@pytest.mark.parametrize("name", ["members.xls", "members.ods"])
def test_old_and_open_spreadsheets_are_read(desk: Desk, name: str) -> None:
    """XLS and ODS give the same rows as XLSX: dates, numbers, a title above."""
    path = Path(__file__).parent / "data" / name
    receipt = desk.take(path, "memberships", constants={"pole": "alpha"})
    assert ("header", ("3",)) in receipt.notices
    assert [r["siren"] for r in desk.rows("organisations.csv")] == ["005720784", "552032534"]
    assert [r["valid_from"] for r in desk.rows("memberships.csv")] == ["2014-12-31", "2015-03"]
    renamed = desk.file(path.read_bytes(), "members.csv")
    assert desk.take(renamed, "memberships", constants={"pole": "alpha"}).merged == 2

"""Files made to do harm: one clear sentence, memory flat, and nothing is written."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_graph.foreign.delimited import guarded, unguarded
from ptce_graph.foreign.reading import Overrides
from ptce_graph.foreign.texts import ForeignError
from tests.foreign.conftest import Desk

BASE_MB = 150
"""What the import of any file may take, libraries included."""
SCRIPT = """
import sys
from pathlib import Path
from ptce_graph import Graph, PtceError
try:
    Graph(sys.argv[1]).import_(sys.argv[2], Path(sys.argv[1]) / "graph/sources/list",
                               kind="organisations")
    print("taken")
except PtceError as error:
    print(error)
(peak,) = (line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


def import_apart(desk: Desk, path: Path) -> tuple[str, int]:
    """Import a file in a process of its own; return what it said and its peak of memory in MB."""
    if not Path("/proc/self/status").is_file():
        pytest.skip("no measure of memory on this system")
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(desk.project.root), str(path)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    said, peak = run.stdout.splitlines()
    return said, int(peak)


@pytest.fixture
def bounded(desk: Desk) -> Callable[[Path, str], None]:
    """A function that checks that a file is refused for a reason, within BASE_MB."""

    def check(path: Path, reason: str) -> None:
        said, peak = import_apart(desk, path)
        assert reason in said
        assert peak < BASE_MB
        assert not desk.target.exists()

    return check


def write_line(path: Path, start: bytes, megabytes: int) -> Path:
    """Write a file that is one line."""
    with path.open("wb") as file:
        file.write(start)
        for _ in range(megabytes):
            file.write(b"a" * (1 << 20))
    return path


def test_line_without_end(desk: Desk, bounded: Callable[[Path, str], None]) -> None:
    """A line of 200 MB, in the header or in a row, is not read into memory."""
    bounded(write_line(desk.folder / "a.csv", b"", 200), "line 1 has more than")
    bounded(write_line(desk.folder / "b.csv", b"Nom;SIREN\nx;\n", 200), "line 3 has more than")
    bounded(write_line(desk.folder / "c.csv", b'Nom;SIREN\n"', 200), "line 2 has more than")


@pytest.mark.slow
def test_line_of_a_gigabyte(desk: Desk, bounded: Callable[[Path, str], None]) -> None:
    """Memory does not depend on the size of the line."""
    bounded(write_line(desk.folder / "a.csv", b"Nom;SIREN\n", 1024), "line 2 has more than")


def test_quote_that_is_never_closed(desk: Desk, bounded: Callable[[Path, str], None]) -> None:
    """What follows an open quotation mark is not gathered for ever."""
    path = desk.folder / "a.csv"
    path.write_bytes(b'Nom;SIREN\n"' + b"x;1\n" * 20_000_000)
    bounded(path, "opens on line 2")


@pytest.mark.parametrize("cell", ["", "a", '"a"'])
def test_million_columns(desk: Desk, bounded: Callable[[Path, str], None], cell: str) -> None:
    """A header or a row of a million cells is refused, or has only empty ones."""
    wide = ";".join([cell or "b"] * 3 + [cell] * 1_000_000)
    bounded(desk.file(f"{wide}\n{wide}\n"), "line 1 has more than" if cell else "column")


def test_many_columns_below_the_limit_of_a_line(
    desk: Desk, bounded: Callable[[Path, str], None]
) -> None:
    """Three thousand columns are no table of people."""
    bounded(desk.file(";".join(f"c{i}" for i in range(3_000)) + "\n"), "more than 2000 columns")


def book(sheet: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook, with the XML of its sheet replaced."""
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return parts | {"xl/worksheets/sheet1.xml": sheet}


def pack(path: Path, parts: dict[str, bytes]) -> Path:
    """Write the parts as an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def test_zip_bomb(desk: Desk, bounded: Callable[[Path, str], None]) -> None:
    """A workbook that unpacks to half a gigabyte is refused before it is unpacked."""
    bomb = pack(desk.folder / "a.xlsx", book(HEAD + b" " * (500 << 20)))
    assert bomb.stat().st_size < 5 << 20
    bounded(bomb, "more than 400 MB of memory")


def test_zip_bomb_that_lies_about_its_size(
    desk: Desk, bounded: Callable[[Path, str], None]
) -> None:
    """What says that it is small and is not is read in a process whose memory is bounded."""
    size = 300 << 20
    sheet = HEAD + b"<row r='1'><c t='inlineStr'><is><t>" + b"a" * size
    path = pack(desk.folder / "a.xlsx", book(sheet))
    lie = path.read_bytes().replace(len(sheet).to_bytes(4, "little"), (99).to_bytes(4, "little"))
    assert lie != path.read_bytes()
    path.write_bytes(lie)
    bounded(path, "a.xlsx: ")


def test_cell_at_the_far_end(desk: Desk, bounded: Callable[[Path, str], None]) -> None:
    """Two cells that are 17 thousand million cells apart do not fill the memory."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet
    sheet["A1"] = "Nom"
    sheet["XFD1048576"] = "x"
    workbook.save(desk.folder / "a.xlsx")
    bounded(desk.folder / "a.xlsx", "MB of memory")


def test_entities_in_a_workbook(desk: Desk, bounded: Callable[[Path, str], None]) -> None:
    """Entities that multiply, or that name a file, are not expanded."""
    declared = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    start = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{declared}]>'
    text = '<row r="1"><c r="A1" t="inlineStr"><is><t>Nom &e11;</t></is></c></row>'
    sheet = start.encode() + HEAD + text.encode() + b"</sheetData></worksheet>"
    said, peak = import_apart(desk, pack(desk.folder / "a.xlsx", book(sheet)))
    assert "lollol" not in said
    assert peak < BASE_MB


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 1_000_000, "nested"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested"),
        (
            json.dumps([{"a": {"b": {"c": 1}}}]).replace("1", '{"x":' * 30 + "1" + "}" * 30),
            "nested",
        ),
        (json.dumps([{f"c{i}": i for i in range(5_000)}]), "columns"),
        (json.dumps([{"nom": [[i] for i in range(5_000)]}]), "columns"),
        ('[{"nom": ' + "9" * 100_000 + "}]", ""),
    ],
)
def test_deep_or_wide_json(
    desk: Desk, bounded: Callable[[Path, str], None], text: str, reason: str
) -> None:
    """Values in values, without end, are refused before they are walked through."""
    path = desk.file(text, "a.json")
    if reason:
        bounded(path, reason)
    else:
        assert import_apart(desk, path)[0].strip()


def test_formula_is_none_in_what_people_open(desk: Desk) -> None:
    """Files for a spreadsheet start no cell with a formula, and come back as what was sent."""
    desk.take(desk.file("Nom;SIREN\n=cmd|' /C calc'!A0;12\n@SUM(A1);-5\n-5;+\n"))
    path = desk.target / "rejected.csv"
    cells = [cell for line in path.read_text("utf-8-sig").splitlines() for cell in line.split(";")]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]
    before = path.read_bytes()
    desk.take(path)
    assert path.read_bytes() == before
    path.write_text(path.read_text("utf-8").replace(";12;", ";;").replace(";-5;", ";;"), "utf-8")
    desk.take(path)
    assert [r["name"] for r in desk.rows("organisations.csv")] == ["=cmd|' /C calc'!A0", "@SUM(A1)"]


def test_spreadsheet_does_not_round_what_is_to_be_corrected(desk: Desk) -> None:
    """A number of fourteen figures, and zeros at the front, are texts for a spreadsheet."""
    desk.take("Nom;SIRET;CP;Date\nÉole;55203253400646;01000;hier\n", "memberships",
              constants={"pole": "alpha"}, columns={"valid_from": "Date"})  # fmt: skip
    path = desk.target / "rejected.csv"
    text = path.read_text("utf-8-sig")
    assert "Éole;'55203253400646;'01000;hier" in text
    path.write_text(text.replace("hier", "2014"), "utf-8")
    desk.take(path, "memberships", constants={"pole": "alpha"}, columns={"valid_from": "Date"})
    assert [row["siret"] for row in desk.rows("organisations.csv")] == ["55203253400646"]


@given(st.text("'=+-@0123456789.,a\t", max_size=16))
def test_guard_is_taken_off_again(text: str) -> None:
    """Whatever a cell holds, it comes back as it was."""
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("name", ["undefined", "hex", "rot13", "\0"])
def test_encoding_that_is_none(refused: Callable[..., str], name: str) -> None:
    """What the language calls an encoding and is none of text is refused."""
    assert refused("Nom\nÉole\n", overrides=Overrides(encoding=name)) == "unknown-encoding"


def test_folder_of_the_graph_itself_is_not_written(desk: Desk) -> None:
    """Tables that people edit are not mixed with those of a list."""
    path = desk.project.sources / "facts"
    (path / "poles.csv-metadata.json").write_text("{}", "utf-8")
    before = {file.name: file.read_bytes() for file in path.iterdir()}
    with pytest.raises(ForeignError) as caught:
        desk.graph.import_(desk.file("Nom\nÉole\n"), path, kind="organisations")
    assert caught.value.rule == "own-folder"
    assert {file.name: file.read_bytes() for file in path.iterdir()} == before


def test_parquet_whose_columns_are_called_as_queries(desk: Desk) -> None:
    """The name of a column is a name, whatever it says."""
    import duckdb

    path = desk.folder / "x.parquet"
    hostile = "x\") FROM read_csv('/etc/passwd') --"
    quoted = '"' + hostile.replace('"', '""') + '"'
    duckdb.sql(f"SELECT 1 AS {quoted}, 2 AS \"{{table}}\", 'Éole' AS nom").write_parquet(str(path))
    desk.take(path, columns={"alt_names": hostile, "id": "{table}"})
    (row,) = desk.rows("organisations.csv")
    assert (row["name"], row["alt_names"], row["id"]) == ("Éole", "1", "list-2")

"""Files as people save them: what is read all the same, and how damage is told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ptce_graph.build import FailedBuild, build
from ptce_graph.dataset import built
from ptce_graph.errors import ProjectError
from ptce_graph.project import Project

Edit = Callable[[str, str, str], Path]
POLES = "facts/poles.csv"


def problems(project: Project, language: str = "en") -> list[str]:
    """Return the problems of a build that fails, without those that are consequences."""
    with pytest.raises(FailedBuild) as error:
        build(project)
    assert not project.nquads.exists()
    found = [p for p in error.value.receipt.problems if p.rule != "rejected-reference"]
    return [problem.describe(language) for problem in found]


def graph(project: Project) -> bytes:
    """Build a project and return its master file."""
    assert not build(project).receipt.problems
    return built(project).read_bytes()


def damage(project: Project, change: Callable[[bytes], bytes], table: str = POLES) -> None:
    """Change the bytes of a table."""
    path = project.sources / table
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: data.rstrip(b"\n"),
        lambda data: b"\n\n" + data.replace(b"\n", b"\n\n"),
        lambda data: data + b",,,,,,,,,,,\n,,\n\n",
        lambda data: data.replace(b"id,name", b'"id" , name ', 1).replace(b'"id" ,', b'"id",'),
    ],
    ids=["byte order mark", "CRLF", "CR", "no last end", "empty lines", "empty cells", "quotes"],
)
def test_file_saved_otherwise_gives_the_same_graph(
    tiny: Project, change: Callable[[bytes], bytes]
) -> None:
    """What spreadsheets and systems do to a file changes nothing in the graph."""
    before = graph(tiny)
    damage(tiny, change)
    assert graph(tiny) == before


def test_line_ends_in_a_cell_are_those_of_every_system(tiny: Project, edit: Edit) -> None:
    """A cell of two lines says the same whether it was saved on Windows or elsewhere."""
    edit("facts/memberships.csv", "named as coordinator", '"named as\ncoordinator"')
    before = graph(tiny)
    assert b'"named as\\ncoordinator"@en' in before
    damage(tiny, lambda data: data.replace(b"\n", b"\r\n"), "facts/memberships.csv")
    assert graph(tiny) == before


def test_columns_may_stand_in_any_order(tiny: Project) -> None:
    """Columns are known by their names, not by their places."""
    before = graph(tiny)
    path = tiny.sources / "territories" / "communes.csv"
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    path.write_text("".join(",".join(reversed(row)) + "\n" for row in rows), "utf-8")
    assert graph(tiny) == before


def test_optional_columns_may_be_absent(tiny: Project) -> None:
    """A table without its optional columns is read as if they were empty."""
    path = tiny.sources / POLES
    path.write_text("id,name,certainty,source\nalpha,Pôle Alpha,stated,gazette\n", "utf-8")
    made = build(tiny, keep_good=True)
    assert [(t.accepted, t.rejected) for t in made.receipt.tables if t.name == POLES] == [(1, 0)]


def test_table_with_a_header_alone_is_empty(tiny: Project) -> None:
    """A table without rows is no error."""
    damage(tiny, lambda data: data.partition(b"\n")[0], "facts/links.csv")
    build(tiny)


WRONG_FILES = [
    (lambda d: b"", f"{POLES}: empty file: the first line must hold the names of the columns: id"),
    (lambda d: b"\xef\xbb\xbf\n \n", f"{POLES}: empty file"),
    (
        lambda d: d.decode().encode("cp1252"),
        f'{POLES}:2: "alpha,Pôle Alpha,P": not UTF-8: it looks like Windows (cp1252)',
    ),
    (
        lambda d: d.replace(b",commune not found", b",\xff"),
        f'{POLES}:3: ",official,ÿ": not UTF-8',
    ),
    (lambda d: d.decode().encode("utf-16"), f"{POLES}:1: not UTF-8: it looks like UTF-16"),
    (lambda d: d.decode().encode("utf-16-le"), f"{POLES}:1: not UTF-8: it looks like UTF-16"),
    (lambda d: d.decode().encode("utf-16-be"), f"{POLES}:1: not UTF-8: it looks like UTF-16"),
    (lambda d: d.replace(b"gamma", b"gam\x00ma"), f"{POLES}:4: NUL character"),
    (
        lambda d: d.replace(b",", b";"),
        f'{POLES}:1: "id;name;alt_names;commune;departement;region;location_cer…": '
        "wrong separator: cells are separated by ;: save the file with commas",
    ),
    (lambda d: d.replace(b",", b"\t"), "wrong separator: cells are separated by TAB"),
    (
        lambda d: d.replace(b"id,name", b"id,nom", 1),
        f"{POLES}:1: nom: unknown column: the columns are: id, name, alt_names",
    ),
    (lambda d: d.replace(b"id,name", b"id,nom", 1), f"{POLES}:1: name: missing column"),
    (lambda d: d.replace(b",note", b",name", 1), f"{POLES}:1: name: duplicate column"),
]


@pytest.mark.parametrize(("change", "message"), WRONG_FILES)
def test_damaged_file_is_told(
    tiny: Project, change: Callable[[bytes], bytes], message: str
) -> None:
    """A file that cannot be read as a whole is told with its line, and nothing is built."""
    damage(tiny, change)
    found = problems(tiny)
    assert message in "\n".join(found)
    assert len(found) <= 2


WRONG_ROWS = [
    ("gamma,Pôle Gamma,", "gamma,", ':4: "gamma,,,,72,stated,,,inferred,gazette,": wrong number '),
    ("Pôle Gamma", "Pôle, Gamma", "wrong number of cells: 13 ≠ 12; put quotation marks around a"),
    ("Pôle Gamma", '"Pôle" Gamma', ":4: stray quote: put the whole cell in quotation marks"),
    ("Pôle Gamma", '"Pôle Gamma', ":4: unclosed quote: close or double the quotation mark"),
    ("Pôle Alpha", '"Pôle Alpha', ":2: unclosed quote"),
    ("id,name", '"id,name', ":1: unclosed quote"),
    ("id,name", '"id"x,name', ":1: stray quote"),
    ("Pôle Gamma", "Pôle\x0bGamma", ':4: name: "Pôle␣Gamma": invisible character: delete it and'),
]


@pytest.mark.parametrize(("old", "new", "message"), WRONG_ROWS)
def test_damaged_row_is_told(tiny: Project, edit: Edit, old: str, new: str, message: str) -> None:
    """A row that cannot be read is told once, with the line where it starts."""
    edit(POLES, old, new)
    (found,) = problems(tiny)
    assert POLES + message in found or message in found


def test_lines_are_those_of_the_file(tiny: Project, edit: Edit) -> None:
    """After a cell of several lines, rows are told by the line where they start in the file."""
    edit(POLES, ",gazette,\n", ',gazette,"a note\nof three\nlines"\n')
    edit(POLES, "culture", "cultur")
    assert problems(tiny) == [
        f'{POLES}:5: sector: "cultur": unknown code: did you mean culture, culture-and-crafts?'
    ]


def test_rows_after_a_stray_quote_are_read(tiny: Project, edit: Edit) -> None:
    """One badly quoted row does not hide the faults of the next ones."""
    edit(POLES, "Pôle Alpha", '"Pôle" Alpha')
    edit(POLES, "culture", "cultur")
    assert [text.split(": ")[0] for text in problems(tiny)] == [f"{POLES}:2", f"{POLES}:3"]


def test_missing_table_is_told(tiny: Project) -> None:
    """A table whose metadata are there, but not itself, is told."""
    (tiny.sources / "facts" / "ghosts.csv-metadata.json").write_text("{}", "utf-8")
    assert problems(tiny) == [
        "facts/ghosts.csv: missing file: its metadata is there: "
        "add the table or remove the metadata"
    ]


def test_table_without_metadata_is_told(tiny: Project) -> None:
    """A table that nobody described is told, whatever the case of its name."""
    (tiny.sources / "facts" / "people.csv").write_text("id\n", "utf-8")
    (tiny.sources / "facts" / "GHOSTS.CSV").write_text("id\n", "utf-8")
    assert problems(tiny) == [
        f"facts/{name}: table without metadata: write {name}-metadata.json beside it"
        for name in ("GHOSTS.CSV", "people.csv")
    ]


def test_metadata_beside_a_table_come_first(tiny: Project) -> None:
    """A project describes its tables itself when it wants to."""
    metadata = {"@context": "http://www.w3.org/ns/csvw", "url": "links.csv", "notes": []}
    path = tiny.sources / "facts" / "links.csv-metadata.json"
    path.write_text(json.dumps(metadata), "utf-8")
    with pytest.raises(ProjectError, match="notes"):
        build(tiny)


def test_file_that_cannot_be_opened_is_told(tiny: Project) -> None:
    """A table that is a folder or a broken link is told, not a traceback."""
    path = tiny.sources / POLES
    path.unlink()
    path.symlink_to("nowhere")
    assert problems(tiny)[0].startswith(f"{POLES}: missing file")


def test_project_without_tables_is_an_error(tiny: Project) -> None:
    """A folder where the tables are not is told, and the graph is not emptied."""
    before = graph(tiny)
    for path in tiny.sources.rglob("*.csv"):
        path.unlink()
    with pytest.raises(ProjectError, match="no table is here"):
        build(tiny)
    assert built(tiny).read_bytes() == before


def test_problems_are_told_in_french(tiny: Project, edit: Edit) -> None:
    """A French reader is told in French."""
    edit(POLES, "Pôle Gamma", '"Pôle" Gamma')
    damage(tiny, lambda data: data.decode().encode("cp1252"), "facts/sources.csv")
    assert problems(tiny, "fr") == [
        f"{POLES}:4: guillemet isolé: entourez la cellule de guillemets et doublez ceux du texte",
        'facts/sources.csv:3: "arrete,Arrêté d\'essai": pas en UTF-8: cela ressemble à '
        "Windows (cp1252) : enregistrez à nouveau en CSV UTF-8",
    ]

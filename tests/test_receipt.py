"""Every row is counted once, whatever the tables hold; what must not be published is not."""

import shutil
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_graph import loader
from ptce_graph.build import FailedBuild, build
from ptce_graph.dataset import built
from ptce_graph.errors import ProjectError, PtceError
from ptce_graph.project import Project
from ptce_graph.receipt import Receipt, TableReceipt

ID = "https://w3id.org/ptce/id/"
TINY = Path(__file__).parent / "tiny"
MEMBERS, SOURCES = "facts/memberships.csv", "facts/sources.csv"


def table(receipt: Receipt, name: str) -> TableReceipt:
    """Return what became of the rows of a table."""
    return next(table for table in receipt.tables if table.name == name)


def adds_up(receipt: Receipt) -> bool:
    """Return whether every row is accepted, merged or rejected."""
    return all(t.rows == t.accepted + t.merged + t.rejected for t in receipt.tables)


@pytest.mark.parametrize(
    ("iri", "gone", "kept"),
    [
        ("org/labo", {"org/labo", "membership/beta-labo-coordinator"}, {"pole/beta"}),
        ("org/etat", {"org/etat", "funding/f1"}, {"pole/alpha", "call/appel-1"}),
        ("pole/gamma", {"pole/gamma", "application/appel-1-gamma"}, {"call/appel-1"}),
        ("doc/gazette", {"doc/gazette", "doc/copy", "pole/alpha", "link/l2"}, {"pole/beta"}),
    ],
)
def test_suppressed_things_are_left_out(
    tiny: Project, iri: str, gone: set[str], kept: set[str]
) -> None:
    """What the list names is nowhere, nor are the rows that mention it or refer to those rows."""
    build(tiny)
    text = built(tiny).read_text("utf-8")
    assert all(f"<{ID}{name}>" in text for name in gone | kept)
    tiny.suppressed.write_text(f"iri,date,reason\n {ID}{iri} ,2026-01-01,asked\n", "utf-8-sig")
    made = build(tiny)
    for _ in range(2):
        text = built(tiny).read_text("utf-8")
        assert not [name for name in gone if f"<{ID}{name}>" in text]
        assert [name for name in kept if f"<{ID}{name}>" in text]
        build(tiny)
    total = made.receipt.total()
    assert total.suppressed == total.rejected >= len(gone)
    assert adds_up(made.receipt)
    assert made.receipt.problems == []


def test_suppression_that_meets_nothing_is_told(tiny: Project) -> None:
    """An address that no row has or mentions is a warning: it may be misspelt."""
    tiny.suppressed.write_text(f"iri\n{ID}org/labot\n{ID}org/labo\n", "utf-8")
    (problem,) = build(tiny).receipt.problems
    assert problem.is_warning
    assert (problem.rule, problem.value) == ("nothing-suppressed", f"{ID}org/labot")


def test_suppressed_row_is_left_out_before_what_refers_to_it(tiny: Project) -> None:
    """In a table that refers to itself, rows above the suppressed one are left out as well."""
    path = tiny.sources / SOURCES
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], lines[3], lines[1], lines[2]]), "utf-8")
    tiny.suppressed.write_text(f"iri\n{ID}doc/gazette\n", "utf-8")
    made = build(tiny)
    assert (table(made.receipt, SOURCES).suppressed, table(made.receipt, SOURCES).accepted) == (
        2,
        1,
    )
    assert f"{ID}doc/copy" not in built(tiny).read_text("utf-8")


@pytest.mark.parametrize(
    "text", ["org\nlabo\n", "iri\norg/labo\n", "iri\nhttps://w3id.org/\n", "", 'iri\n"a"b\n']
)
def test_list_of_suppressions_that_names_nothing_is_an_error(tiny: Project, text: str) -> None:
    """A list that would suppress nothing by mistake stops the build and keeps the previous one."""
    build(tiny)
    before = built(tiny).read_bytes()
    tiny.suppressed.write_text(text, "utf-8")
    with pytest.raises(ProjectError, match=r"suppressed\.csv"):
        build(tiny)
    assert built(tiny).read_bytes() == before


CELLS = st.sampled_from(
    [
        "",
        " ",
        "alpha",
        "gazette",
        "é",
        '"',
        '"x',
        "2014",
        "2014-13",
        "x\x00y",
        "a;b",
        "😀",
        "\ufeff",
    ]
) | st.text(max_size=4)
MUTATIONS = st.lists(
    st.tuples(st.integers(0, 99), st.sampled_from(["cell", "row", "drop", "cut"]), CELLS),
    max_size=4,
)


@settings(max_examples=60)
@given(mutations=MUTATIONS, keep_good=st.booleans())
def test_any_change_of_the_tables_adds_up(
    mutations: list[tuple[int, str, str]], keep_good: bool
) -> None:
    """Whatever becomes of the tables, every row is counted once, and nothing breaks."""
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder), Path(folder) / "build")
        shutil.copytree(TINY / "graph" / "sources", project.sources)
        paths = sorted(project.sources.rglob("*.csv"))
        for seed, kind, text in mutations:
            mutate(paths[seed % len(paths)], seed, kind, text)
        try:
            made = build(project, keep_good=keep_good)
        except FailedBuild as error:
            assert error.receipt.errors
            assert not keep_good
            receipt = error.receipt
        except PtceError as error:
            raise AssertionError(error) from error
        else:
            receipt = made.receipt
            assert keep_good or not receipt.errors
        assert adds_up(receipt)
        assert all(problem.describe("fr") for problem in receipt.problems)
        rejected = sum(table.rejected for table in receipt.tables)
        assert bool(rejected) <= bool(receipt.errors)


def mutate(path: Path, seed: int, kind: str, text: str) -> None:
    """Change a table: a cell, a row said twice, a row dropped, or its end cut."""
    lines = path.read_bytes().splitlines(keepends=True) or [b"\n"]
    place = seed % len(lines)
    if kind == "cell":
        cells = lines[place].rstrip(b"\n").split(b",")
        cells[seed % len(cells)] = text.encode("utf-8", "replace")
        lines[place] = b",".join(cells) + b"\n"
    elif kind == "row":
        lines.append(lines[place])
    elif kind == "drop":
        del lines[place]
    else:
        lines[-1] = lines[-1][: seed % len(lines[-1]) + 1]
    path.write_bytes(b"".join(lines))


METADATA = """{
  "@context": "http://www.w3.org/ns/csvw", "url": "many.csv", "tableSchema": {
    "aboutUrl": "https://example.org/{id}", "primaryKey": "id",
    "foreignKeys": [{"columnReference": "part_of",
                     "reference": {"resource": "many.csv", "columnReference": "id"}}],
    "columns": [
      {"name": "id", "required": true, "suppressOutput": true},
      {"name": "part_of", "propertyUrl": "dcterms:isPartOf", "valueUrl": "https://e.org/{part_of}"},
      {"name": "note", "propertyUrl": "skos:note"}]}}"""


def test_memory_does_not_grow_with_rows(tmp_path: Path) -> None:
    """Ten times as many rows take ten times the keys at most, and no row is kept."""
    project = Project(tmp_path, tmp_path / "build")
    project.sources.mkdir(parents=True)
    (project.sources / "many.csv-metadata.json").write_text(METADATA, "utf-8")

    def peak(count: int) -> int:
        rows = (f"m{i},m0,{'x' * 1000}\n" for i in range(count))
        (project.sources / "many.csv").write_text("id,part_of,note\n" + "".join(rows), "utf-8")
        receipt = Receipt()
        tracemalloc.start()
        written = sum(map(len, loader.load(project, receipt, frozenset())))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert table(receipt, "many.csv").accepted == count, receipt.problems[:3]
        assert written > 1000 * count
        return most

    small, large = peak(2_000), peak(20_000)
    assert (large - small) / 18_000 < 1_000  # bytes a row: less than the text of the row itself

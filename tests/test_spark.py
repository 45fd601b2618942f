"""The build on Spark: the same lines and the same receipt as here, whatever the tables hold."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from ptce_graph import cli, dataset, loader
from ptce_graph.build import FailedBuild
from ptce_graph.errors import ProjectError
from ptce_graph.project import Project, find
from ptce_graph.receipt import Receipt
from tests.bench.generate import generate
from tests.test_partition import DAMAGES, damaged

pytest.importorskip("pyspark", reason="no pyspark (the extra [spark])")
if not shutil.which("java"):
    pytest.skip("no java (17 or later)", allow_module_level=True)
from ptce_graph import spark

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Spark has two workers here, and tables are cut into small parts."""
    settings = {"spark.master": "local[2]", "spark.driver.host": "127.0.0.1"}
    monkeypatch.setattr(spark, "_SETTINGS", spark._SETTINGS | settings)
    monkeypatch.setattr(spark, "PART", 1 << 14)
    yield


def local(project: Project) -> tuple[list[bytes], dict[str, object]]:
    """Return the sorted lines of the ontology and the tables, and the receipt, as made here."""
    receipt, lines = Receipt(), [line.encode() for line in dataset.ontology_lines(project)]
    vocabulary = frozenset(line.decode()[1:].partition(">")[0] for line in lines)
    text = b"".join(loader.load(project, receipt, vocabulary))
    return sorted(lines + text.splitlines(keepends=True)), receipt.as_dict()


def there(project: Project) -> tuple[list[bytes], dict[str, object]]:
    """Return the sorted union of the partitions, and the receipt, as Spark makes them."""
    made = spark.build(project, keep_good=True)
    files = sorted(project.partitions.iterdir())
    lines = sorted(line for path in files for line in path.read_bytes().splitlines(keepends=True))
    assert len(lines) == made.triples
    return lines, made.receipt.as_dict()


def test_real_graph_is_the_same(real: Project) -> None:
    """The sorted union equals what is built here, before the rules, byte for byte."""
    lines, receipt = there(real)
    with real.nquads.open("rb") as file:
        whole = set(file)
    assert set(lines) <= whole
    assert (lines, receipt) == local(real)


def test_many_parts_are_the_same(tmp_path: Path) -> None:
    """Uniqueness and references are checked across parts; each part is a file of its own."""
    generate(2_000, tmp_path / "made")
    project = Project(tmp_path / "made", tmp_path / "build")
    assert there(project) == local(project)
    assert len(list(project.partitions.iterdir())) > 50


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_tables_are_the_same(tmp_path: Path, damage: str) -> None:
    """What is merged, rejected or cannot be read is that of the build here, and so is each line."""
    project = damaged(tmp_path, damage)
    assert there(project) == local(project)


def test_what_is_suppressed_is_left_out(tiny: Project) -> None:
    """A thing that must not be published, and what mentions it, is in no partition."""
    iri = "https://w3id.org/ptce/id/pole/alpha"
    tiny.suppressed.write_text(f"iri,since,reason\n{iri},2026-01-01,asked\n", "utf-8")
    lines, receipt = there(tiny)
    assert (lines, receipt) == local(tiny)
    assert not any(iri.encode() in line for line in lines)


def test_parquet_is_read_as_the_table(tiny: Project) -> None:
    """A table in Parquet gives what the same table in CSV gives."""
    import duckdb

    expected = local(tiny)
    path = tiny.sources / "facts" / "organisations.csv"
    table = duckdb.read_csv(str(path), all_varchar=True)
    table.write_parquet(str(path.with_suffix(".parquet")))
    path.unlink()
    assert there(tiny) == expected
    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [("organisations.parquet", "organisations.csv is there too"), ("x.parquet", "no Parquet")],
)
def test_parquet_that_cannot_be_used_is_told(tiny: Project, name: str, message: str) -> None:
    """A table that stands there twice, or is no Parquet, is refused; nothing of it is changed."""
    before = (tiny.sources / "facts" / "organisations.csv").read_bytes()
    (tiny.sources / "facts" / name).write_bytes(b"id,name")
    with pytest.raises(ProjectError, match=message):
        spark.build(tiny)
    assert (tiny.sources / "facts" / "organisations.csv").read_bytes() == before


def test_errors_leave_what_was_built(tiny: Project) -> None:
    """With errors nothing is put in the place of the former partitions."""
    spark.build(tiny)
    before = {path.name: path.read_bytes() for path in tiny.partitions.iterdir()}
    with (tiny.sources / "facts" / "memberships.csv").open("a") as file:
        file.write("new,nowhere,cbe,member,2015,,,stated,gazette,\n")
    with pytest.raises(FailedBuild) as caught:
        spark.build(tiny)
    assert [problem.rule for problem in caught.value.problems] == ["dangling-reference"]
    assert {path.name: path.read_bytes() for path in tiny.partitions.iterdir()} == before
    assert not list(tiny.build.glob(f"*{dataset.NEW}*"))


def test_command_says_where_the_partitions_are(tiny: Project) -> None:
    """`ptce build --engine spark` tells the folder; it does not go with --to."""
    words = ("--project", str(tiny.root), "build", "--engine", "spark")
    result = CliRunner().invoke(cli.ptce, words, obj=cli.Settings())
    assert result.exit_code == 0, result.output
    assert str(find(tiny.root).partitions) in result.stdout
    result = CliRunner().invoke(cli.ptce, [*words, "--to", "http://a.b/"], obj=cli.Settings())
    assert result.exit_code == 2


def test_task_that_fails_is_one_sentence(tiny: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong on a machine of Spark is told without a traceback."""

    def gone(*_: object) -> None:
        raise OSError("this machine does not see the folder")

    monkeypatch.setattr(spark, "_write", gone)
    with pytest.raises(ProjectError, match=r"a task failed: OSError: this machine does not see"):
        spark.build(tiny)

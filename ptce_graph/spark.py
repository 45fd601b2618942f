"""The build on Apache Spark: the loader's own function on parts of the tables, on many machines.

Each task maps a part of a table and writes its N-Quads to a file of its own, in a folder that all
machines see; what comes back are its keys and references. The loader compares these across parts
as it does here: what is accepted, merged and rejected, and each line, is the same.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ptce_graph import dataset, loader, sources
from ptce_graph.build import Build, FailedBuild, unwritten
from ptce_graph.errors import ProjectError
from ptce_graph.loader import Described, Packed, Progress, mentioned_in, pack
from ptce_graph.partition import Mapped
from ptce_graph.project import Project
from ptce_graph.receipt import Receipt
from ptce_graph.sources import Part

if TYPE_CHECKING:
    from pyspark import SparkContext

_SETTINGS = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
PART = 1 << 23
"""Bytes of a table that one task maps: some 40 MB of N-Quads."""


class Written(bytes):
    """What stands for the N-Quads of a part: the name of the file that holds them."""


def build(
    project: Project, *, keep_good: bool = False, progress: Progress = lambda name, rows: None
) -> Build:
    """Make the folder `nquads` of a project from its tables: what these and the ontology state.

    The files `*.nq` of the folder, sorted together, are what a build here writes before the rules.
    The folder is put in its place when it is whole; the previous one stays until then.

    Args:
        project: where the tables are, in CSV or in Parquet, and the graph goes.
        keep_good: build from the good rows although others are rejected.
        progress: called with the name of a table and the number of its rows read so far.

    Raises:
        FailedBuild: tables hold errors, and keep_good is not set.
        ProjectError: pyspark or Java is missing, or a folder cannot be written.
    """
    project = Project(project.root.resolve(), project.build.resolve())  # the same for all tasks
    folder = project.partitions
    new = folder.with_name(f"{folder.name}{dataset.NEW}{os.getpid()}")
    tables = folder.with_name(f"tables{dataset.NEW}{os.getpid()}")
    dataset.remove_stale(project)
    try:
        new.mkdir(parents=True)
        made = _fill(new, _in_csv(project, tables), keep_good, progress)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    except OSError as error:
        raise unwritten(error, project) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(tables, ignore_errors=True)
    return replace(made, project=project)


def _fill(folder: Path, project: Project, keep_good: bool, progress: Progress) -> Build:
    receipt, ontology = Receipt(), dataset.ontology_lines(project)
    vocabulary = frozenset(line[1 : line.index(">")] for line in ontology)
    suppressed = sources.read_suppressed(project)
    with _context() as context, (folder / "others.nq").open("wb") as others:
        others.write("".join(ontology).encode())
        taken = {others.name}
        engine = partial(_pack_there, context, folder, suppressed)
        texts = loader.load(project, receipt, vocabulary, progress, engine=engine, part_size=PART)
        for text in texts:
            if isinstance(text, Written):
                taken.add(text.decode())
            else:
                others.write(text)
    if receipt.errors and not keep_good:
        raise FailedBuild(receipt)
    for path in folder.iterdir():
        if str(path) not in taken:  # a part not taken whole: its good rows are among the others
            path.unlink()
    return Build(project, receipt, len(ontology) + receipt.total().triples, 0)


def _in_csv(project: Project, folder: Path) -> Project:
    """Return the project with each table `x.parquet` written out as `x.csv`, in a folder."""
    parquet = sorted(project.sources.rglob("*.parquet"))
    if not parquet:
        return project
    import duckdb

    graph = folder / "graph"
    graph.mkdir(parents=True)
    copied = Project(folder, project.build)
    for path in (project.ontology, project.queries, project.suppressed):
        (graph if path == project.suppressed else folder).joinpath(path.name).symlink_to(path)
    hidden = shutil.ignore_patterns("*.parquet")
    shutil.copytree(project.sources, copied.sources, ignore=hidden, copy_function=_link)
    for path in parquet:
        target = copied.sources / path.relative_to(project.sources).with_suffix(".csv")
        if target.exists():
            raise ProjectError(
                f"{path}: {target.name} is there too (keep one of the two)",
                f"{path} : {target.name} est là aussi (gardez l'un des deux)",
            )
        try:
            texts = duckdb.read_parquet(str(path)).project("COLUMNS(*)::VARCHAR")
            texts.write_csv(str(target))
        except duckdb.Error as error:
            what = _sentence(error)
            english, french = f"no Parquet ({what})", f"pas du Parquet ({what})"
            raise ProjectError(f"{path}: {english}", f"{path} : {french}") from error
    return copied


def _link(source: str, target: str) -> None:
    Path(target).symlink_to(Path(source).resolve())


@contextmanager
def _context() -> Iterator[SparkContext]:
    """Start Spark, on the machines that its own settings name, or else on the cores of this one."""
    try:
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkException
    except ImportError as error:
        raise ProjectError(
            "pyspark is not installed (python -m pip install 'pyspark>=4,<5')",
            "pyspark n'est pas installé (python -m pip install 'pyspark>=4,<5')",
        ) from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = SparkConf().setAppName("ptce").setIfMissing("spark.master", "local[*]")
    for name, value in _SETTINGS.items():
        settings.setIfMissing(name, value)
    try:
        context = SparkContext.getOrCreate(settings)
    except (PySparkException, OSError, RuntimeError) as error:
        raise ProjectError(
            f"Spark does not start (it needs Java 17 or later): {_sentence(error)}",
            f"Spark ne démarre pas (il lui faut Java 17 ou plus) : {_sentence(error)}",
        ) from error
    context.setLogLevel("FATAL")  # what fails is told, without a traceback
    try:
        yield context
    finally:
        context.stop()


def _sentence(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _pack_there(
    context: SparkContext, folder: Path, suppressed: frozenset[str], tables: list[Described]
) -> Iterator[Packed | Mapped | Part]:
    """Yield what becomes of each part of each table, in order, made by the machines of Spark."""
    shared = context.broadcast(tables)

    def write(job: tuple[int, int, Part]) -> Packed | Mapped | Part:
        number, place, part = job
        target = folder / f"{number:04}-{place:06}.nq"
        return _write(shared.value[number], part, target, suppressed)

    for number, table in enumerate(tables):
        jobs = [(number, place, part) for place, part in enumerate(table.parts)]
        if jobs:
            yield from _collect(context.parallelize(jobs, len(jobs)).map(write))


def _collect(rdd: Any) -> list[Packed | Mapped | Part]:
    from py4j.protocol import Py4JJavaError

    try:
        return list(rdd.collect())
    except Py4JJavaError as error:
        said = re.findall(r"^\w[\w.]*: .+", str(error.java_exception), re.MULTILINE)
        what = (said or [_sentence(error)])[-1]  # the last line of a traceback
        raise ProjectError(
            f"Spark: a task failed: {what} (do all machines see the folders of the project?)",
            f"Spark : une tâche a échoué : {what} (toutes les machines voient-elles les dossiers "
            "du projet ?)",
        ) from error


def _write(
    table: Described, part: Part, target: Path, suppressed: frozenset[str]
) -> Packed | Mapped | Part:
    """Pack a part; leave its lines in a file, at once, since a task may be run again."""
    made = pack(table, part)
    if not isinstance(made, Packed):
        return made
    if suppressed and mentioned_in(made.text, suppressed):
        return part
    with dataset.writing(target) as file:
        file.write(made.text)
    return replace(made, text=Written(str(target).encode()))

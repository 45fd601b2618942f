"""The build: from the tables and the ontology to the dataset, whole or not at all."""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyoxigraph

from ptce_graph import dataset, loader
from ptce_graph.errors import ProjectError, SourceError
from ptce_graph.infer import add, find_rules, infer, read_properties
from ptce_graph.loader import Progress
from ptce_graph.project import Project
from ptce_graph.receipt import Receipt
from ptce_graph.turtle import write_turtle

_SUBJECT_END = ">"
_WORTH = 200_000


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made.

    Attributes:
        project: where it is.
        receipt: what became of every row.
        triples: number of triples that tables, ontology and schemes state.
        inferred: number of triples that the rules add.
    """

    project: Project
    receipt: Receipt
    triples: int
    inferred: int


class FailedBuild(SourceError):
    """A build that was not made because tables hold errors; `receipt` says which."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.errors)
        self.receipt = receipt


def build(
    project: Project, *, keep_good: bool = False, progress: Progress = lambda name, rows: None
) -> Build:
    """Make `ptce.nq` and `ptce.ttl` from the tables of a project.

    Each file is put in its place at once, when it is whole; the previous ones stay until then.

    Args:
        project: where the tables are and the graph goes.
        keep_good: build from the good rows although others are rejected.
        progress: called with the name of a table and the number of its rows read so far.

    Raises:
        FailedBuild: tables hold errors, and keep_good is not set.
        ProjectError: a folder cannot be written, or metadata cannot be read.
        GraphError: the ontology cannot be read.
    """
    try:
        return _build(project, keep_good, progress)
    except OSError as error:
        raise unwritten(error, project) from error


def unwritten(error: OSError, project: Project) -> ProjectError:
    """Return the sentence for a folder that cannot be written."""
    where = error.filename or project.build
    why = error.strerror or error
    english, french = f"cannot be written ({why})", f"écriture impossible ({why})"
    return ProjectError(f"{where}: {english}", f"{where} : {french}")


def _build(project: Project, keep_good: bool, progress: Progress) -> Build:
    receipt = Receipt()
    ontology = dataset.ontology_lines(project)
    vocabulary = frozenset(line[1 : line.index(_SUBJECT_END)] for line in ontology)
    dataset.remove_stale(project)
    with dataset.writing(project.nquads) as file, dataset.writing(project.turtle) as turtle:
        triples = _write(file, (line.encode() for line in ontology))
        _write(file, loader.load(project, receipt, vocabulary, progress))
        triples += receipt.total().triples
        if receipt.errors and not keep_good:
            raise FailedBuild(receipt)
        file.flush()
        new = Path(file.name)
        finish = _aside(triples, lambda: write_turtle(new, turtle), turtle)
        inferred, name = _enrich(project, file, triples, finish, progress)
    dataset.point_to_store(project, name)
    return Build(project, receipt, triples, inferred)


def _enrich(
    project: Project,
    file: IO[bytes],
    triples: int,
    finish: Callable[[], None],
    progress: Progress,
) -> tuple[int, str | None]:
    """Add to a file of facts what rules say of them, and keep a store where there are many.

    The rules run in memory, on what they look at, while the facts go to the store on disk.

    Returns:
        how many triples the rules add, and the name of the store.
    """
    facts, many = Path(file.name), triples > dataset.IN_MEMORY
    with (
        tempfile.TemporaryDirectory(prefix=f"inferred{dataset.NEW}", dir=project.build) as name,
        dataset.new_store(project) as folder,
        ThreadPoolExecutor(1) as thread,
    ):
        added = Path(name, "inferred.nq")
        stored = thread.submit(dataset.fill_store, folder, facts, last=False) if many else None
        inferred = _infer(project, facts, added, many, progress)
        finish()
        if stored:
            stored.result()
            progress("store", triples + inferred)
            dataset.fill_store(folder, added)
        with added.open("rb") as lines:
            shutil.copyfileobj(lines, file)
        file.flush()
        return inferred, dataset.keep_store(project, folder, _digest(facts)) if many else None


def _infer(project: Project, facts: Path, added: Path, many: bool, progress: Progress) -> int:
    """Write what rules say of facts to a file of its own, and return how many triples that is."""
    properties = read_properties(project) if many else None
    store = pyoxigraph.Store()
    if find_rules(project):
        add(store, facts, properties)
    with added.open("wb") as file:
        return _write(file, infer(project, store, progress, properties)) // 2


def _aside(triples: int, work: Callable[[], None], file: IO[bytes]) -> Callable[[], None]:
    """Start work on a file in a process of its own, where it pays; return what waits for it."""
    if triples < _WORTH or loader.usable_cores() < 2:
        return work

    def work_and_flush() -> None:
        work()
        file.flush()

    process = multiprocessing.get_context("fork").Process(target=work_and_flush, daemon=True)
    process.start()

    def wait() -> None:
        process.join()
        if process.exitcode:  # its error is told by trying again here
            file.seek(0)
            file.truncate()
            work()

    return wait


def _write(file: IO[bytes], texts: Iterable[bytes]) -> int:
    """Write texts and return the number of their lines."""
    count = 0
    for text in texts:
        file.write(text)
        count += text.count(b"\n")
    return count


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

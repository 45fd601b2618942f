"""The build: from the tables and the ontology to the dataset, whole or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ptce_graph import dataset, export, loader
from ptce_graph.errors import ProjectError, SourceError
from ptce_graph.loader import Progress, Receipt
from ptce_graph.project import Project

_SUBJECT_END = ">"


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made.

    Attributes:
        project: where it is.
        receipt: what became of every row.
        lines: number of lines of `ptce.nq`.
    """

    project: Project
    receipt: Receipt
    lines: int


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
    except PermissionError as error:
        raise ProjectError(f"{error.filename}: cannot be written ({error.strerror})") from error


def _build(project: Project, keep_good: bool, progress: Progress) -> Build:
    receipt = Receipt()
    ontology = dataset.ontology_lines(project)
    vocabulary = frozenset(line[1 : line.index(_SUBJECT_END)] for line in ontology)
    digest = hashlib.sha256()
    count = 0
    dataset.remove_stale(project)
    with dataset.writing(project.nquads) as file:
        for lines in (ontology, loader.load(project, receipt, vocabulary, progress)):
            for line in lines:
                data = line.encode()
                digest.update(data)
                file.write(data)
                count += 1
        if receipt.errors and not keep_good:
            raise FailedBuild(receipt)
        file.close()
        new = Path(file.name)
        store = None
        if count > dataset.IN_MEMORY:
            store = dataset.write_store(project, new, digest.hexdigest())
        with dataset.writing(project.turtle) as turtle:
            turtle.write(export.serialize(new, "turtle"))
    dataset.point_to_store(project, store)
    return Build(project, receipt, count)

"""What a server serves: the graph of a project, or one file of RDF."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from ptce_graph import dataset, project
from ptce_graph.errors import GraphError, ProjectError
from ptce_graph.project import Project

FORMATS = {
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
}
"""Ending of a file → its format."""

Stamp = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The graph of a project, or one file.

    Attributes:
        project: where the questions and the ontology are, and the graph if there is no file.
        file: a file of RDF, else None.
    """

    project: Project
    file: Path | None = None

    @property
    def path(self) -> Path:
        """The file that holds the graph."""
        return self.file or dataset.built(self.project)

    def stamp(self) -> Stamp:
        """Return what changes as soon as another build is in place."""
        found = []
        for path in (self.path, self.project.build / "current"):
            try:
                stat = path.stat()
                found.append((stat.st_ino, stat.st_size, stat.st_mtime_ns))
            except OSError:
                found.append((0, 0, 0))
        return tuple(found)

    def digest(self) -> str:
        """Return the name of the build: the same graph always has the same."""
        if self.on_disk:
            name = (self.project.build / "current").read_text("utf-8").strip()
            return name.removeprefix("store-")
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:16]

    @property
    def on_disk(self) -> bool:
        """Whether the graph is a store on disk, not to be held in memory."""
        return not self.file and (self.project.build / "current").is_file()

    def open(self) -> pyoxigraph.Store:
        """Return a store of the graph, only to be read, without what the ontology marks private.

        Raises:
            ProjectError: there is no graph, or the file cannot be read.
            GraphError: it is damaged.
        """
        if self.on_disk:
            return dataset.open_public(self.project)
        store = self._load() if self.file else dataset.open_store(self.project)
        dataset.remove_private(store)
        return store

    def _load(self) -> pyoxigraph.Store:
        assert self.file  # noqa: S101
        store = pyoxigraph.Store()
        kind = FORMATS[self.file.suffix.lower()]
        try:
            store.bulk_load(path=str(self.file), format=kind, base_iri=self.file.as_uri())
        except SyntaxError as error:
            raise GraphError(f"{self.file}: cannot be read: {error}") from error
        except OSError as error:
            raise ProjectError(f"{self.file}: cannot be read ({error.strerror})") from error
        return store


def find(target: str | os.PathLike[str] | None, default: Project) -> Source:
    """Return what a path names: a file of RDF, a project, or the folder of a build.

    Raises:
        ProjectError: it is none of these.
    """
    if target is None:
        return Source(default)
    path = Path(target).absolute()
    if path.is_file() and path.suffix.lower() in FORMATS:
        return Source(default, path)
    if (path / "graph" / "sources").is_dir():
        return Source(project.find(path))
    if (path / "ptce.nq").is_file():
        return Source(Project(default.root, path))
    endings = ", ".join(FORMATS)
    raise ProjectError(
        f"{target}: no graph (give a file {endings}, the folder of a project, or graph/build)",
        f"{target} : aucun graphe (donnez un fichier {endings}, le dossier d'un projet, "
        "ou graph/build)",
    )

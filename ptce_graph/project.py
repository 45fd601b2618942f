"""Where things are: the folders of a project, or those installed with the package."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ptce_graph.errors import ProjectError

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "data" if (_PACKAGE / "data").is_dir() else _PACKAGE.parent


@dataclass(frozen=True, slots=True)
class Project:
    """The folders of one graph.

    A project needs only `graph/sources/`; `ontology/`, `queries/` and the metadata of tables that
    it does not have are those installed with the package.

    Attributes:
        root: folder that holds `graph/`.
        build: folder of everything derived.
    """

    root: Path
    build: Path

    @property
    def sources(self) -> Path:
        """Folder of the tables."""
        return self.root / "graph" / "sources"

    @property
    def suppressed(self) -> Path:
        """List of the things that must not be published, whatever the tables say."""
        return self.root / "graph" / "suppressed.csv"

    @property
    def publication(self) -> Path:
        """Who publishes the graph, and what its release is called."""
        own = self.root / "graph" / "publication.toml"
        return own if own.is_file() else _INSTALLED / "graph" / "publication.toml"

    @property
    def ontology(self) -> Path:
        """Folder of the ontology and its schemes."""
        return self._own_or_installed("ontology")

    @property
    def queries(self) -> Path:
        """Folder of the questions and of the queries of the network."""
        return self._own_or_installed("queries")

    def _own_or_installed(self, name: str) -> Path:
        own = self.root / name
        return own if own.is_dir() else _INSTALLED / name

    @property
    def nquads(self) -> Path:
        """The master of what is derived."""
        return self.build / "ptce.nq"

    @property
    def partitions(self) -> Path:
        """The folder of what the engine spark writes in place of the master."""
        return self.build / "nquads"

    @property
    def turtle(self) -> Path:
        """The same graph in Turtle, for people and portals."""
        return self.build / "ptce.ttl"


def installed_sources() -> Path:
    """Return the folder of the tables installed with the package."""
    return _INSTALLED / "graph" / "sources"


def installed_mappings() -> Path:
    """Return the folder of the mappings of registers installed with the package."""
    return _INSTALLED / "graph" / "mappings"


def find(path: str | Path | None = None) -> Project:
    """Return the project in a folder: by default the current one, else the installed data.

    The graph is built in `graph/build/` of the project; for the installed data, and for a
    project that cannot be written, in `ptce-build/` of the current folder.

    Raises:
        ProjectError: the folder given has no `graph/sources/`.
    """
    here = Path.cwd()
    root = here if path is None else Path(path)
    if (root / "graph" / "sources").is_dir():
        folder = root / "graph"
        nearest = folder / "build" if (folder / "build").is_dir() else folder
        writable = os.access(nearest, os.W_OK)
        return Project(root, folder / "build" if writable else here / "ptce-build")
    if path is None:
        return Project(_INSTALLED, here / "ptce-build")
    raise ProjectError(
        f"{root}: no folder graph/sources (give the folder that holds graph/)",
        f"{root} : aucun dossier graph/sources (donnez le dossier qui contient graph/)",
    )

"""The dataset: one N-Quads file that is the master, and the stores that are caches of it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyoxigraph
from pyoxigraph import Literal, NamedNode

from ptce_graph.errors import GraphError, ProjectError
from ptce_graph.namespaces import ONTOLOGY
from ptce_graph.project import Project

if TYPE_CHECKING:
    import rdflib

IN_MEMORY = 200_000
"""Number of triples of facts up to which stores are held in memory: some 1.5 kB for each quad."""

PUBLIC = "public"
"""Folder in a store on disk: the same store without what is private, if there is something."""

_STALE = 3600.0
_DAMAGED = (OSError, RuntimeError)
_VISIBILITY = NamedNode(ONTOLOGY + "visibility")
_PRIVATE = f' <{ONTOLOGY}visibility> "private" .\n'.encode()
NEW = ".new-"
"""Stands in the names of what is not yet in its place."""


def ontology_lines(project: Project) -> list[str]:
    """Return the ontology and its schemes as sorted N-Quads lines.

    Raises:
        GraphError: a file is no Turtle.
    """
    files = [project.ontology / "ptce.ttl", *sorted(project.ontology.glob("schemes/*.ttl"))]
    lines: set[str] = set()
    for path in files:
        try:
            for quad in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE):
                lines.add(f"{quad.triple} .\n")
        except SyntaxError as error:
            raise GraphError(f"{path}: no Turtle: {error}") from error
        except OSError as error:
            raise ProjectError(f"{path}: cannot be read ({error.strerror})") from error
    return sorted(lines)


def read_quads(project: Project) -> Iterator[pyoxigraph.Quad]:
    """Yield the quads of the dataset as they stand in the master.

    Raises:
        ProjectError: no graph has been built.
    """
    return pyoxigraph.parse(path=str(built(project)), format=pyoxigraph.RdfFormat.N_QUADS)


def open_store(project: Project) -> pyoxigraph.Store:
    """Return a store of the dataset, in memory or, above IN_MEMORY facts, read-only on disk.

    Raises:
        ProjectError: no graph has been built.
        GraphError: the file is damaged.
    """
    if name := _current(project):
        with suppress(*_DAMAGED):  # a store is a cache: without it, the master is read
            return pyoxigraph.Store.read_only(str(project.build / name))
    store = pyoxigraph.Store()
    path = built(project)
    try:
        store.bulk_load(path=str(path), format=pyoxigraph.RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise GraphError(f"{path}: damaged, build it again with `ptce build` ({error})") from error
    return store


def _current(project: Project) -> str:
    """Return the name of the store that readers open, "" if there is none."""
    try:
        name = (project.build / "current").read_text("utf-8", "replace").strip()
    except OSError:
        return ""
    return name if name.startswith("store-") else ""


def private_properties(nquads: Path) -> frozenset[bytes]:
    """Return the properties that a file of N-Quads marks private, as they stand in lines."""
    with nquads.open("rb") as lines:
        return frozenset(line.split(b" ", 1)[0] for line in lines if line.endswith(_PRIVATE))


def private(store: pyoxigraph.Store) -> Iterator[pyoxigraph.Quad]:
    """Yield the statements of a store whose property the ontology marks private."""
    for mark in store.quads_for_pattern(None, _VISIBILITY, Literal("private"), None):
        if isinstance(mark.subject, NamedNode):
            yield from store.quads_for_pattern(None, mark.subject, None, None)


def remove_private(store: pyoxigraph.Store) -> None:
    """Take from a store what the ontology marks private."""
    for quad in private(store):
        store.remove(quad)


def open_public(project: Project) -> pyoxigraph.Store:
    """Return the store on disk that `current` names, read-only, without what is private.

    Raises:
        GraphError: it cannot be read, or it holds what is private.
    """
    name = _current(project)
    folder = project.build / name
    try:
        public = folder / PUBLIC
        store = pyoxigraph.Store.read_only(str(public if public.is_dir() else folder))
    except _DAMAGED as error:
        if _current(project) != name:
            return open_public(project)  # a new build took the place of this one meanwhile
        raise GraphError(
            f"{folder}: the store cannot be read, build the graph again with `ptce build`",
            f"{folder} : la base est illisible, reconstruisez le graphe avec `ptce build`",
        ) from error
    if any(True for _ in private(store)):
        raise GraphError(
            f"{folder}: private statements are in it, build the graph again with `ptce build`",
            f"{folder} : des énoncés privés s'y trouvent, reconstruisez le graphe "
            "avec `ptce build`",
        )
    return store


def open_rdflib(project: Project) -> rdflib.Dataset:
    """Return the dataset under the rdflib API; queries given as text are answered by Oxigraph.

    Raises:
        ProjectError: no graph has been built.
    """
    import rdflib
    from oxrdflib import OxigraphStore

    return rdflib.Dataset(store=OxigraphStore(store=open_store(project)))


def built(project: Project) -> Path:
    """Return the master file.

    Raises:
        ProjectError: no graph has been built.
    """
    if not project.nquads.is_file():
        raise ProjectError(
            f"{project.build}: no graph is built here (run `ptce build` first)",
            f"{project.build} : aucun graphe n'est construit ici (lancez d'abord `ptce build`)",
        )
    return project.nquads


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to be put in the place of `path` at once, when the block ends without error.

    A link stays a link, and what is no file (a device, a pipe) is written to, never replaced.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}{NEW}{os.getpid()}")
    try:
        with new.open("wb") as file:
            yield file
        os.replace(new, path)  # noqa: PTH105 (the point of the function)
    finally:
        new.unlink(missing_ok=True)


def remove_stale(project: Project) -> None:
    """Remove what builds that were killed more than an hour ago left behind."""
    for path in project.build.glob(f"*{NEW}*"):
        if time.time() - path.stat().st_mtime > _STALE:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


@contextmanager
def new_store(project: Project) -> Iterator[Path]:
    """Yield the folder of a store to fill.

    The folder is removed when the block ends, unless `keep_store` has made it the project's.
    """
    folder = project.build / f"store{NEW}{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fill_store(folder: Path, nquads: Path, *, last: bool = True) -> None:
    """Add a file of N-Quads to the store of a folder, and leave it closed.

    Args:
        folder: where the store is, or will be.
        nquads: what to add.
        last: put the store in order for readers, who are then twice as fast.
    """
    store = pyoxigraph.Store(str(folder))
    store.bulk_load(path=str(nquads), format=pyoxigraph.RdfFormat.N_QUADS)
    if last:
        store.optimize()


def keep_store(project: Project, folder: Path, digest: str) -> str:
    """Give a store that nothing has open the name that its dataset has, and return it."""
    name = f"store-{digest[:16]}"
    place = project.build / name
    _write_public(folder)
    if not place.is_dir():
        folder.rename(place)
    elif (folder / PUBLIC).is_dir() and not (place / PUBLIC).is_dir():
        (folder / PUBLIC).rename(place / PUBLIC)
    return name


def _write_public(folder: Path) -> None:
    """Put beside a store that has private statements one without; they share their files."""
    store = pyoxigraph.Store.read_only(str(folder))
    if any(True for _ in private(store)):
        store.backup(str(folder / PUBLIC))
        remove_private(pyoxigraph.Store(str(folder / PUBLIC)))


def point_to_store(project: Project, name: str | None) -> None:
    """Make a store the one that readers open, or none, and remove the others."""
    current = project.build / "current"
    if name:
        with writing(current) as file:
            file.write(name.encode() + b"\n")
    else:
        current.unlink(missing_ok=True)
    for folder in project.build.glob("store-*"):
        if folder.name != name and NEW not in folder.name:
            shutil.rmtree(folder, ignore_errors=True)

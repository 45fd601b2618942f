"""What several tests share: the small project, the real graph, and a folder away from both."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ptce_graph.build import build
from ptce_graph.project import Project, find

settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")

ROOT = Path(__file__).parent
TINY = ROOT / "tests" / "tiny"


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """A copy of the small project that a test may change."""
    shutil.copytree(TINY, tmp_path / "tiny", ignore=shutil.ignore_patterns("build"))
    return find(tmp_path / "tiny")


@pytest.fixture
def edit(tiny: Project) -> Callable[[str, str, str], Path]:
    """A function that replaces a text, once, in a table of the copy, and returns its path."""

    def replace(table: str, old: str, new: str) -> Path:
        path = tiny.sources / table
        text = path.read_text("utf-8")
        assert old in text, f"{table} holds no {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8", newline="")
        return path

    return replace


@pytest.fixture(scope="session")
def tiny_built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small project, built; only to be read."""
    project = Project(TINY, tmp_path_factory.mktemp("tiny-built"))
    build(project)
    return project


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The real graph, built; only to be read."""
    project = Project(ROOT, tmp_path_factory.mktemp("real"))
    build(project)
    return project


@pytest.fixture(scope="session")
def away(real: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder without a project, in which `ptce build` has been run."""
    folder = tmp_path_factory.mktemp("away")
    shutil.copytree(real.build, folder / "ptce-build")
    return folder


@pytest.fixture(autouse=True)
def _doctest_folder(request: pytest.FixtureRequest) -> Iterator[None]:
    """Doctests run where the graph is built, away from the project."""
    if not isinstance(request.node, pytest.DoctestItem):
        yield
        return
    before = Path.cwd()
    os.chdir(request.getfixturevalue("away"))
    yield
    os.chdir(before)

"""The build: whole or not at all, the same bytes every time, and readers that never see halves."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from ptce_graph import dataset
from ptce_graph.build import build
from ptce_graph.errors import GraphError, ProjectError
from ptce_graph.export import export
from ptce_graph.project import Project, find

Edit = Callable[[str, str, str], Path]
PTCE = [sys.executable, "-m", "ptce_graph"]
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
windows = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals, pipes and links")


def start(project: Project, *words: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start `ptce` on a project in a process of its own."""
    return subprocess.Popen(
        [*PTCE, "--project", str(project.root), "--lang", "en", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        cwd=project.root,
    )


def digest(path: Path) -> str:
    """Return what identifies the bytes of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def count(store: pyoxigraph.Store) -> int:
    """Return the number of triples that a question sees."""
    (row,) = store.query(COUNT)
    return int(row["n"].value)


def test_turtle_and_master_are_the_same_graph(tiny_built: Project) -> None:
    """`ptce.ttl` says what `ptce.nq` says and the rules did not infer, for rdflib too."""
    quads = list(pyoxigraph.parse(path=str(tiny_built.nquads)))
    default = pyoxigraph.DefaultGraph()
    inferred = {quad.triple for quad in quads if quad.graph_name != default}
    facts = {quad.triple for quad in quads if quad.graph_name == default} - inferred
    assert {quad.triple for quad in pyoxigraph.parse(path=str(tiny_built.turtle))} == facts
    lines = "".join(f"{triple} .\n" for triple in facts)
    assert tiny_built.turtle.read_bytes() == export(tiny_built, "turtle")
    expected = rdflib.Graph().parse(data=lines, format="nt")
    assert set(rdflib.Graph().parse(tiny_built.turtle, format="turtle")) == set(expected)
    assert len(expected) == len(facts) > 2500


def test_same_sources_give_the_same_bytes(tiny: Project, tmp_path: Path) -> None:
    """Neither the seed of hashes, nor the folder, nor a second build changes a byte."""
    found = set()
    for seed in range(4):
        folder = tmp_path / f"copy {seed}"
        shutil.copytree(tiny.sources, folder / "graph" / "sources")
        project = find(folder)
        process = start(project, "build", PYTHONHASHSEED=str(seed))
        assert process.wait() == 0, process.communicate()
        found.add((digest(project.nquads), digest(project.turtle)))
    for _ in range(2):
        build(tiny)
        found.add((digest(tiny.nquads), digest(tiny.turtle)))
    assert len(found) == 1


def test_real_graph_has_the_same_bytes_twice(real: Project, tmp_path: Path) -> None:
    """The real tables give the same bytes in another folder and with other hashes."""
    again = Project(real.root, tmp_path)
    code = "import sys; from pathlib import Path; from ptce_graph.build import build; "
    code += "from ptce_graph.project import Project; build(Project(*map(Path, sys.argv[1:])))"
    words = [sys.executable, "-c", code, str(real.root), str(tmp_path)]
    subprocess.run(words, check=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    assert digest(again.nquads) == digest(real.nquads)
    assert digest(again.turtle) == digest(real.turtle)


@windows
def test_killed_build_leaves_a_whole_one(tiny: Project, edit: Edit) -> None:
    """A build that is killed at any moment leaves the previous graph, or the new one, whole."""
    build(tiny)
    versions = {digest(tiny.nquads)}
    edit("facts/poles.csv", "Pôle Gamma", "Pôle Delta")
    elsewhere = Project(tiny.root, tiny.root / "elsewhere")
    began = time.monotonic()
    assert start(tiny, "--help").wait() == 0
    build(elsewhere)
    length = time.monotonic() - began + 0.1
    versions.add(digest(elsewhere.nquads))
    turtles = {digest(tiny.turtle), digest(elsewhere.turtle)}
    assert len(versions) == len(turtles) == 2
    moments = random.Random(0)
    for _ in range(20):
        process = start(tiny, "build")
        try:
            process.wait(moments.uniform(0.3, 1.0) * length)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        assert digest(tiny.nquads) in versions
        assert digest(tiny.turtle) in turtles
        assert count(dataset.open_store(tiny)) > 2500
    build(tiny)
    assert digest(tiny.nquads) == digest(elsewhere.nquads)


@windows
def test_build_killed_at_each_step_leaves_a_whole_one(tiny: Project, edit: Edit) -> None:
    """Killed just before or after any file is put in place, a build leaves whole files."""
    build(tiny)
    before = digest(tiny.nquads)
    edit("facts/poles.csv", "Pôle Gamma", "Pôle Delta")
    code = (
        "import os, sys; from pathlib import Path; from ptce_graph import build, dataset, project\n"
        "dataset.IN_MEMORY = 10\nsteps = [0]\n"
        "def kill(event, words):\n"
        "    if event in ('os.rename', 'os.remove', 'shutil.rmtree', 'os.mkdir', 'os.rmdir')"
        " and words[-1] in (None, -1):\n"  # not each file of a folder that is being removed
        "        steps[0] += 1\n"
        "        if steps[0] == int(sys.argv[2]): os.kill(os.getpid(), 9)\n"
        "sys.addaudithook(kill)\nbuild.build(project.find(sys.argv[1]))\n"
    )
    seen = set()
    for step in range(1, 40):
        words = [sys.executable, "-c", code, str(tiny.root), str(step)]
        killed = subprocess.run(words, check=False, capture_output=True).returncode == -9
        seen.add(digest(tiny.nquads))
        assert count(dataset.open_store(tiny)) > 2500
        assert list(pyoxigraph.parse(path=str(tiny.turtle)))
        if not killed:
            break
    assert not killed
    assert step > 4
    assert len(seen) == 2
    assert before in seen


def test_two_questions_at_once_are_answered(tiny: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two readers at the same time get the same answer, from memory and from a store on disk."""
    for limit in (dataset.IN_MEMORY, 10):
        monkeypatch.setattr(dataset, "IN_MEMORY", limit)
        build(tiny)
        words = ("ask", "coordinators", "--pole", "alpha", "--format", "csv")
        readers = [start(tiny, *words) for _ in range(2)]
        answers = [(reader.communicate(), reader.returncode) for reader in readers]
        assert answers[0] == answers[1]
        assert "Comité de bassin" in answers[0][0][0].decode()
        assert answers[0][1] == 0


def test_large_graph_is_read_from_a_store(
    tiny: Project, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above a number of quads readers open the store that `current` names; below, none is left."""
    build(tiny)
    expected = count(dataset.open_store(tiny))
    current = tiny.build / "current"
    assert not current.exists()
    monkeypatch.setattr(dataset, "IN_MEMORY", 10)
    build(tiny)
    first = current.read_text("utf-8").strip()
    store, other = dataset.open_store(tiny), dataset.open_store(tiny)
    assert count(store) == count(other) == expected
    with pytest.raises(RuntimeError, match="read-write"):
        store.add(pyoxigraph.Quad(*[pyoxigraph.NamedNode("urn:x")] * 3))
    edit("facts/poles.csv", "Pôle Gamma", "Pôle Delta")
    build(tiny)
    second = current.read_text("utf-8").strip()
    assert first != second
    assert [path.name for path in tiny.build.glob("store-*")] == [second]
    monkeypatch.undo()
    build(tiny)
    assert sorted(path.name for path in tiny.build.iterdir()) == ["ptce.nq", "ptce.ttl"]
    assert count(dataset.open_store(tiny)) == expected


@pytest.mark.parametrize("text", ["store-0123456789abcdef\n", "", "../..\n", "\x00\n"])
def test_store_that_is_not_there_is_not_needed(tiny: Project, text: str) -> None:
    """A store is a cache: when it is lost or damaged, the master is read."""
    build(tiny)
    (tiny.build / "current").write_text(text, "utf-8")
    (tiny.build / "store-0123456789abcdef").write_text("no store", "utf-8")
    assert count(dataset.open_store(tiny)) > 2500


def test_damaged_master_is_told(tiny: Project) -> None:
    """A master that is no N-Quads is an error that says what to do."""
    build(tiny)
    tiny.nquads.write_bytes(tiny.nquads.read_bytes()[:-20])
    with pytest.raises(GraphError, match="ptce build"):
        dataset.open_store(tiny)


def test_graph_that_was_not_built_is_told(tiny: Project) -> None:
    """Without a build, readers say which command makes one."""
    with pytest.raises(ProjectError, match="ptce build"):
        dataset.open_store(tiny)


def test_stale_files_of_killed_builds_are_removed(tiny: Project) -> None:
    """What a build that was killed left goes with the next build, unless it may still be used."""
    build(tiny)
    old, young = tiny.build / "ptce.nq.new-1", tiny.build / "ptce.nq.new-2"
    folder = tiny.build / "store-0123456789abcdef.new-3"
    folder.mkdir()
    for path in (old, young, folder / "x"):
        path.write_text("half", "utf-8")
    for path in (old, folder):
        os.utime(path, (0, 0))
    build(tiny)
    assert sorted(path.name for path in tiny.build.iterdir()) == [
        "ptce.nq",
        "ptce.nq.new-2",
        "ptce.ttl",
    ]


def test_project_that_cannot_be_written_is_built_here(
    tiny: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the folder of the project cannot be written, the graph is built in ./ptce-build."""
    monkeypatch.chdir(tmp_path)
    assert find(tiny.root).build == tiny.root / "graph" / "build"
    monkeypatch.setattr(os, "access", lambda path, mode: tiny.root not in Path(path).parents)
    project = find(tiny.root)
    assert project.build == tmp_path / "ptce-build"
    build(project)
    assert project.nquads.is_file()
    assert not (tiny.root / "graph" / "build").exists()


def test_build_folder_that_is_a_file_is_told(tiny: Project) -> None:
    """When something stands where the graph goes, the message names it."""
    tiny.build.write_text("", "utf-8")
    with pytest.raises(ProjectError, match=r"build: cannot be written"):
        build(tiny)


def test_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    """A file that could not be written to its end does not take the place of the old one."""
    path = tmp_path / "new" / "x"
    with dataset.writing(path) as file:
        file.write(b"old")
    with pytest.raises(ZeroDivisionError), dataset.writing(path) as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


@windows
def test_link_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    """Writing through a link changes its target; a pipe or a device is written to, not replaced."""
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    (tmp_path / "target").write_bytes(b"old")
    link.symlink_to("target")
    with dataset.writing(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    with dataset.writing(pipe) as file:
        file.write(b"new")
    reader.join(10)
    assert read == [b"new"]
    assert pipe.is_fifo()

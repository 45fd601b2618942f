"""The loader: tables to N-Quads beside loops by hand, morph-kgc and rdflib; triples compared.

`python -m tests.bench.loader ORGANISATIONS` measures another size than `make bench`. Each engine
runs in a process of its own; the processor's time is that of all its processes.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ptce_graph import project as projects
from ptce_graph.project import Project
from tests.bench import with_morph_kgc
from tests.bench.generate import generate
from tests.bench.measure import ROOT
from tests.bench.table import number, print_table, seconds

SIZE = 100_000
FEW = 10
"""How many times fewer organisations the second project has, to see how memory grows."""


@dataclass(slots=True)
class Run:
    """What an engine took: seconds of the clock, of the processor, MB at the most, triples."""

    clock: float
    processor: float
    memory: float
    triples: tuple[int, str] | None = None


def by_hand(project: Project, target: Path) -> None:
    """Write the lines with loops that check nothing."""
    from tests.bench import by_hand

    by_hand.write(project.sources, target)


def ptce(project: Project, target: Path) -> None:
    """Write the lines with the loader, all checks on."""
    from ptce_graph import dataset, loader
    from ptce_graph.receipt import Receipt

    lines = dataset.ontology_lines(project)
    vocabulary = frozenset(line[1 : line.index(">")] for line in lines)
    receipt = Receipt()
    with target.open("wb") as file:
        file.writelines(loader.load(project, receipt, vocabulary))
    assert not receipt.problems


def rdflib(project: Project, target: Path) -> None:
    """Add the triples to rdflib's own store, and serialise them."""
    from tests.bench import with_rdflib

    with_rdflib.write(project, target)


def build(project: Project, target: Path) -> None:
    """Build the project, whose rules and checks have been taken away."""
    import ptce_graph.build

    made = ptce_graph.build.build(project)
    target.with_suffix(".count").write_text(str(made.triples))


def bulk_load(project: Project, target: Path) -> None:
    """Load the built file into a store as readers have it: in memory, or on disk if it is large."""
    import pyoxigraph

    from ptce_graph import dataset

    count = int(target.with_suffix(".count").read_text())
    if count > dataset.IN_MEMORY:
        with dataset.new_store(project) as folder:
            dataset.fill_store(folder, project.nquads)
    else:
        pyoxigraph.Store().bulk_load(path=str(project.nquads))


def keys_alone(project: Project, target: Path) -> None:
    """Hold the keys of all tables and nothing else: what the memory of the loader may grow by."""
    from ptce_graph import sources

    held = []
    for source in sources.find_tables(project, print):
        header, primary = source.table.header, source.table.primary_key
        positions = [header.index(name) for name in primary]
        rows = sources.read_rows(source, print)
        held.append({"\0".join(cells[i] for i in positions): line for line, cells in rows})
    target.write_text(str(sum(map(len, held))))


ENGINES: dict[str, Callable[[Project, Path], None]] = {
    function.__name__: function
    for function in (by_hand, ptce, rdflib, build, bulk_load, keys_alone)
}


IMPORTS = {
    "by_hand": ["tests.bench.by_hand"],
    "ptce": ["ptce_graph.dataset", "ptce_graph.loader"],
    "rdflib": ["tests.bench.with_rdflib"],
    "build": ["ptce_graph.build"],
    "bulk_load": ["ptce_graph.dataset"],
    "keys_alone": ["ptce_graph.dataset", "ptce_graph.loader"],
}
"""Engine → what it imports before the clock starts."""


def measure(engine: str, folder: Path, target: Path, cores: int | None = None) -> Run:
    """Run an engine in a process of its own, on so many cores."""
    command = [sys.executable, "-m", "tests.bench.loader", engine, str(folder), str(target)]
    cpus = sorted(os.sched_getaffinity(0))[:cores]
    return _measured(command, {**os.environ, "CPUS": ",".join(map(str, cpus))})


def measure_morph_kgc(project: Project, folder: Path) -> tuple[Run, Path]:
    """Run morph-kgc on the same tables, prepared for it; its start does not count."""
    config = with_morph_kgc.prepare(project, folder)
    python = with_morph_kgc.install()
    code = "import json, runpy, sys, time, morph_kgc; sys.argv = ['morph_kgc', sys.argv[1]]; "
    code += "start = time.perf_counter(); runpy.run_module('morph_kgc', run_name='__main__'); "
    code += "print(json.dumps(time.perf_counter() - start))"
    return _measured([str(python), "-c", code, str(config)], None), folder / "morph-kgc.nt"


def _measured(command: list[str], environment: dict[str, str] | None) -> Run:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE
    ).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    clock, *memory = json.loads(f"[{output.decode().strip().splitlines()[-1]}]")
    return Run(clock, spent, memory[0] if memory else 0)


def triples(path: Path) -> tuple[int, str]:
    """Return the number of the lines of a file, and a digest of them in any order."""
    count, total = 0, 0
    with path.open("rb") as file:
        for line in file:
            count += 1
            total += int.from_bytes(hashlib.blake2b(line, digest_size=8).digest())
    return count, f"{total % 2**64:x}"


def run(size: int = SIZE) -> None:
    """Measure everything and print it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in (size, size // FEW):
            generate(count, folder / str(count))
            queries = folder / str(count) / "queries"
            shutil.copytree(ROOT / "queries", queries, ignore=shutil.ignore_patterns("rules"))
        runs = _run_all(folder, folder / str(size))
        memory = {
            f"{count:,}": [
                number(measure(engine, folder / str(count), folder / "other", 1).memory)
                for engine in ("ptce", "keys_alone")
            ]
            for count in (size // FEW, size)
        }
    cores = len(os.sched_getaffinity(0))
    asked = [
        ("one core: ptce / loops by hand", "ptce, one core", "by hand", "at most 2, aim 1.5"),
        (f"{cores} cores: morph-kgc / ptce", "morph-kgc", "ptce", "at least 4, aim 6"),
        (f"{cores} cores: rdflib / ptce", "rdflib", "ptce", "at least 20, aim 30"),
        ("ptce build / bulk_load", "build", "bulk_load", "at most 1.7, aim 1.3"),
    ]
    rows = [["engine", "seconds", "of processor", "MB"]]
    rows += [[n, seconds(r.clock), seconds(r.processor), number(r.memory)] for n, r in runs.items()]
    print_table(f"loader: {size:,} organisations, {runs['ptce'].triples[0]:,} triples", rows)  # type: ignore[index]
    rows = [["figure", "clock", "processor", "asked"]]
    for title, one, other, figure in asked:
        if one in runs:
            clock = runs[one].clock / runs[other].clock
            rows.append(
                [
                    title,
                    f"{clock:.2f}",
                    f"{runs[one].processor / runs[other].processor:.2f}",
                    figure,
                ]
            )
    print_table("loader: beside others", rows)
    rows = [["organisations", "MB", "of a process that holds their keys alone"]]
    rows += [[count, *sizes] for count, sizes in memory.items()]
    print_table("loader: memory of the mapping", rows)


def _run_all(folder: Path, path: Path) -> dict[str, Run]:
    """Run all engines on a project, and compare what they make."""
    project = projects.find(path)
    target = folder / "lines"
    runs: dict[str, Run] = {}
    for name, engine, cores in (
        ("by hand", "by_hand", 1),
        ("ptce, one core", "ptce", 1),
        ("ptce", "ptce", None),
        ("rdflib", "rdflib", None),
    ):
        runs[name] = measure(engine, path, target, cores)
        runs[name].triples = triples(target)
    try:
        runs["morph-kgc"], made = measure_morph_kgc(project, folder / "morph-kgc")
        runs["morph-kgc"].triples = triples(made)
    except subprocess.CalledProcessError as error:
        print(f"morph-kgc could not be installed: {error}")
    different = {
        name: run.triples for name, run in runs.items() if run.triples != runs["ptce"].triples
    }
    assert not different, different
    runs["build"] = measure("build", path, target)
    runs["bulk_load"] = measure("bulk_load", path, target)
    return runs


def main(engine: str, folder: str, target: str) -> None:
    """Run an engine, and print how long it took and how much memory."""
    cpus = os.environ.get("CPUS")
    if cpus:
        os.sched_setaffinity(0, {int(cpu) for cpu in cpus.split(",")})
    project = projects.find(folder)
    function = ENGINES[engine]
    for module in IMPORTS[engine]:
        importlib.import_module(module)
    start = time.perf_counter()
    function(project, Path(target))
    clock = time.perf_counter() - start
    status = Path("/proc/self/status").read_text().split()
    print(f"{clock}, {int(status[status.index('VmHWM:') + 1]) / 1000}")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(*sys.argv[1:])
    else:
        run(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE)

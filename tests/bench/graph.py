"""The graph: tables to RDF, questions, the page, the start of commands, beside rdflib and PyVis.

On the real graph, and on made-up ones of 1,000 and 10,000 organisations.
"""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.generate import generate
from tests.bench.measure import LIMIT, ROOT, Run, measure, time_process
from tests.bench.table import number, print_table, seconds
from tests.bench.tasks import TASKS

REAL = "real graph"
SIZES = (1_000, 10_000)
TITLES = {
    "build": "build: tables to N-Quads and Turtle; ours with all checks, rdflib without any",
    "ask": "ask: load the graph, then answer eight questions as they stand, rows compared",
    "draw": "draw: the network as one page; ours with its layout, PyVis leaves that to the browser",
}
COMMANDS = {"ptce --help": 0.15, "ptce ask coordinators": 0.5}
"""Command → seconds that it should take at most, as a whole process on the real graph."""


def run() -> None:
    """Measure everything and print it."""
    sizes = SIZES
    with tempfile.TemporaryDirectory() as name:
        projects = prepare(Path(name), sizes)
        show_growth(projects, compare("build", projects), sizes)
        add_rules(projects)
        compare("ask", projects)
        compare("draw", projects)
        show_processes(projects[REAL])


def prepare(folder: Path, sizes: tuple[int, ...]) -> dict[str, Path]:
    """Make the projects, at first without rules, and return their folders by name."""
    projects = {REAL: folder / "real"} | {f"{size:,}": folder / str(size) for size in sizes}
    shutil.copytree(ROOT / "graph" / "sources", folder / "real" / "graph" / "sources")
    for size in sizes:
        generate(size, folder / str(size))
    for project in projects.values():
        shutil.copytree(
            ROOT / "queries", project / "queries", ignore=shutil.ignore_patterns("rules")
        )
    return projects


def add_rules(projects: dict[str, Path]) -> None:
    """Give the projects the rules, and build each again."""
    for project in projects.values():
        shutil.copytree(ROOT / "queries" / "rules", project / "queries" / "rules")
        command = [sys.executable, "-m", "ptce_graph", "--project", str(project), "build"]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def compare(task: str, projects: dict[str, Path]) -> dict[str, dict[str, Run]]:
    """Measure a task by all its engines, print the table, and return the runs by project."""
    ours, theirs = TASKS[task]
    header = [task, f"{ours} s", f"{theirs} s", "ratio", f"{ours} MB", f"{theirs} MB"]
    runs, rows = {}, []
    for name, project in projects.items():
        runs[name] = measure(task, [ours, theirs], project)
        one, other = runs[name].values()
        rows.append([name, *_times(one, other), number(one.memory), number(other.memory)])
        if one.size and other.size:
            rows[-1] += [f"{one.size / 1000:,.0f}", f"{other.size / 1000:,.0f}"]
        if len(one.parts) > 1 and project == list(projects.values())[-1]:
            rows += [[f"  {part}", *_part_times(one, other, part)] for part in one.parts]
    if one.size:
        header += [f"{ours} kB", f"{theirs} kB"]
    print_table(TITLES[task], [header, *rows])
    return runs


def _times(one: Run, other: Run) -> list[str]:
    if not other.finished:
        return [seconds(one.seconds), f"more than {LIMIT}", f"more than {LIMIT / one.seconds:.1f}"]
    return [seconds(one.seconds), seconds(other.seconds), f"{other.seconds / one.seconds:.1f}"]


def _part_times(one: Run, other: Run, part: str) -> list[str]:
    mine, yours = one.parts[part], other.parts.get(part)
    return [seconds(mine), seconds(yours), f"{yours / mine:.1f}" if yours else "—"]


def show_processes(project: Path) -> None:
    """Print how long commands take as whole processes, on the real graph with what is inferred."""
    program = shutil.which("ptce", path=str(Path(sys.executable).parent))
    command = [program] if program else [sys.executable, "-m", "ptce_graph"]
    shutil.rmtree(project / "queries")
    time_process([*command, "build"], project)
    rows = [["whole process", "seconds", "target"]]
    empty = time_process([sys.executable, "-c", ""], project)
    rows.append(["python, nothing else", seconds(empty), ""])
    for text, target in COMMANDS.items():
        spent = time_process([*command, *text.split()[1:]], project)
        rows.append([text, seconds(spent), f"{target}"])
    print_table("start: commands as whole processes", rows)


def show_growth(
    projects: dict[str, Path], builds: dict[str, dict[str, Run]], sizes: tuple[int, ...]
) -> None:
    """Print what the build costs at the first and at the last size, and how fast that grows."""
    small, large = (f"{size:,}" for size in (sizes[0], sizes[-1]))
    curves = {
        f"{engine}: build": (builds[small][engine], builds[large][engine])
        for engine in TASKS["build"]
    }
    for task, label in (("map", "tables to lines alone"), ("infer", "rules alone")):
        few, many = (measure(task, ["ptce"], projects[name])["ptce"] for name in (small, large))
        curves[f"ptce: {label}"] = few, many
    rows = [["organisations", f"{small} s", f"{large} s", "exponent", f"{small} MB", f"{large} MB"]]
    for name, (few, many) in curves.items():
        exponent = "—"
        if few.finished and many.finished:
            growth = math.log(many.seconds / few.seconds) / math.log(sizes[-1] / sizes[0])
            exponent = f"{growth:.2f}"
        times = [seconds(run.seconds if run.finished else None) for run in (few, many)]
        rows.append([name, *times, exponent, number(few.memory), number(many.memory)])
    print_table("growth: seconds ~ organisations ^ exponent", rows)

"""A whole country: `python -m tests.bench.national [ORGANISATIONS …]`, or `make bench-national`.

Generated sets of 100,000, 300,000 and 1,000,000 organisations are built, checked and asked, each
step in a process of its own; the questions of 10,000 are put to rdflib's own store too. Seconds are
those of the processor, of all processes of a step: other work on the machine disturbs them least.
Memory is that of all processes of a step together. Figures are printed as they come; folders are
removed. A million takes some 25 GB of disk; all of it 40 minutes on two quiet cores.
"""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.generate import generate
from tests.bench.measure import ROOT
from tests.bench.table import number, print_table, seconds
from tests.bench.tasks import load_rdflib

SIZES = (1_000_000, 300_000, 100_000)
SMALL = 10_000
"""Size at which rdflib still answers."""
LIMIT = 300
"""Seconds of processor after which a question is stopped."""
PATIENCE = 20
"""The same for rdflib."""
CORES = 2
"""How many questions over the whole graph are asked at once."""
ROWS = "SELECT ?organisation ?name { ?organisation skos:prefLabel ?name . ?organisation a ?kind }"
TICK = 1e-4
"""Seconds below which the clock of a process says nothing."""
THINGS = {
    "pole": ("sud-aquitaine", "Pôle « Bêta 0 »"),
    "org": ("cbe-seignanx", "L'Œuvre 0"),
    "territory": ("region-75", "Région 75"),
}
"""Kind of thing that a question may name → key and name of one."""
Step = dict[str, Any]


def main(sizes: tuple[int, ...]) -> None:
    """Measure the sizes, and print each as soon as it is known."""
    with tempfile.TemporaryDirectory(prefix="ptce-national-") as name:
        show_rdflib(Path(name))
    runs: dict[int, dict[str, Step]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="ptce-national-") as name:
            runs[size] = measure(size, Path(name))
        show_size(size, runs[size])
        show_growth(runs)


def measure(size: int, folder: Path) -> dict[str, Step]:
    """Make a project of a size, do each step, and return what each took."""
    generate(size, folder)
    steps = {}
    for name, command in {
        "map": [sys.executable, "-m", "tests.bench.tasks", "map", "ptce", str(folder)],
        "build": [sys.executable, "-m", "ptce_graph", "--project", str(folder), "build"],
        "check": [sys.executable, "-m", "ptce_graph", "--project", str(folder), "check"],
        "ask": [sys.executable, "-m", "tests.bench.national", "ask", str(folder)],
    }.items():
        steps[name] = run(command)
        tell(f"{size:,}: {name} {steps[name]['seconds']:.1f} s")
        if name == "build":
            steps[name] |= disk(folder / "graph" / "build")
    return steps


def tell(text: str) -> None:
    """Say how far the work is."""
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def run(command: list[str]) -> Step:
    """Run a command and return its processor time, clock time, peak of memory and last line."""
    start, peak = time.perf_counter(), 0
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out)
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            peak = max(peak, memory_of(process.pid))
            time.sleep(0.3)
        _, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        lines = out.read().decode().splitlines()
    assert process.returncode in (0, 3), f"{command}: status {process.returncode}"
    return {
        "seconds": usage.ru_utime + usage.ru_stime,
        "clock": time.perf_counter() - start,
        "memory": peak / 1e6,
        "last": lines[-1] if lines else "",
    }


def memory_of(process: int) -> int:
    """Return the bytes that a process and those it started hold, what they share counted once."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except OSError:  # it has ended
        return 0
    held = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0").split()
    return int(held[1]) * 1024 + sum(memory_of(int(child)) for child in children)


def disk(build: Path) -> Step:
    """Return the bytes of what a build leaves, and the number of its quads."""
    store = sum(path.stat().st_size for path in build.glob("store-*/*"))
    files = {path.suffix: path.stat().st_size for path in build.glob("ptce.*")}
    with (build / "ptce.nq").open("rb") as lines:
        quads = sum(1 for _ in lines)
    return {"store": store, "disk": store + sum(files.values()), "quads": quads}


def ask(folder: Path) -> None:
    """Answer every question as it stands, and print as JSON what each took and gave."""
    from ptce_graph import dataset, ordering, project, query

    found = project.find(folder)
    start = time.process_time()
    store = dataset.open_store(found)
    took: dict[str, Any] = {"(opening the graph)": [time.process_time() - start, 0]}
    texts: dict[str, Callable[[], str]] = {}
    named: dict[str, Callable[[], str]] = {}
    for name, question in query.read_questions(found).items():
        texts[name] = lambda text=question.text: text
        for parameter in question.parameters:
            if parameter.type == "iri" and parameter.kind in THINGS:
                for how, value in zip(("key", "name"), THINGS[parameter.kind], strict=True):
                    bind = partial(query.bind, question, {parameter.name: value}, store)
                    named[f"{name} of a {parameter.kind}, by {how}"] = bind

    def answer(label: str, text: Callable[[], str]) -> None:
        took[label] = limited(lambda: len(list(ordering.ask(store, text()))))
        tell(f"{label} {took[label][0]:.2f} s")

    for label, text in named.items():
        answer(label, text)
    rows = rows_out(store)
    with ThreadPoolExecutor(CORES) as threads:
        list(threads.map(answer, texts, texts.values()))
    print(json.dumps({"questions": took, "rows out": rows}))


def limited(task: Callable[[], int], limit: int = LIMIT) -> list[float]:
    """Return the processor time of a task and the number it gives, -1 where it took too long."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        spent = math.ceil(time.process_time()) + limit
        resource.setrlimit(resource.RLIMIT_CPU, (spent, spent))
        start = time.process_time()
        count = task()
        os.write(writer, json.dumps([time.process_time() - start, count]).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        text = file.read()
    os.waitpid(child, 0)
    answer: list[float] = json.loads(text) if text else [limit, -1]
    return answer


def rows_out(store: Any) -> dict[str, float]:
    """Return the seconds of each format for the same large answer, and those of the engine."""
    import pyoxigraph

    from ptce_graph import query, results
    from ptce_graph.namespaces import PREFIXES

    text = f"PREFIX skos: <{PREFIXES['skos']}> {ROWS}"
    native = pyoxigraph.QueryResultsFormat
    writers: dict[str, Callable[[Any], object]] = {
        "engine csv": lambda answer: answer.serialize(format=native.CSV),
        "engine tsv": lambda answer: answer.serialize(format=native.TSV),
        "engine json": lambda answer: answer.serialize(format=native.JSON),
        "csv": results.FORMATS["csv"],
        "tsv": results.FORMATS["tsv"],
        "json": results.FORMATS["json"],
    }
    took = {}
    for name, write in writers.items():
        times: list[float] = []
        while len(times) < 3 and sum(times) < 3:
            start = time.process_time()
            write(query.run(store, text))
            times.append(time.process_time() - start)
        took[name] = min(times)
    return took


def show_size(size: int, steps: dict[str, Step]) -> None:
    """Print what a size took."""
    rows = [["step", "processor s", "clock s", "peak MB"]]
    rows += [
        [name, seconds(step["seconds"]), seconds(step["clock"]), number(step["memory"])]
        for name, step in steps.items()
    ]
    print_table(f"{size:,} organisations", rows)
    build, answers = steps["build"], json.loads(steps["ask"]["last"])
    print(f"\nbuild: {build['last'] or build['quads']}")
    print(f"disk: {build['disk'] / 1e9:.2f} GB, of which the store {build['store'] / 1e9:.2f} GB")
    print(f"check / build: {steps['check']['seconds'] / build['seconds']:.2f}")
    slowest = sorted(answers["questions"].items(), key=lambda item: -item[1][0])
    print_table(
        "questions as they stand, the slowest first",
        [
            ["question", "s", "rows"],
            *([k, seconds(s), f"{n:,}" if n >= 0 else "stopped"] for k, (s, n) in slowest),
        ],
    )
    took = answers["rows out"]
    forms = ("csv", "tsv", "json")
    rows = [["rows out", "ptce s", "engine s", "ratio"]]
    for form in forms:
        mine, theirs = took[form], took[f"engine {form}"]
        rows.append([form, seconds(mine), seconds(theirs), f"{mine / theirs:.2f}"])
    print_table("an answer of a row per organisation and kind", rows)


def show_growth(runs: dict[int, dict[str, Step]]) -> None:
    """Print how each step grows from the first size to the last one that is known."""
    few, many = min(runs), max(runs)
    if few == many:
        return
    rows = [["growth", f"{few:,}", f"{many:,}", "exponent", "× linear"]]
    for label, step, key in (
        ("mapping s", "map", "seconds"),
        ("build s", "build", "seconds"),
        ("check s", "check", "seconds"),
        ("quads", "build", "quads"),
        ("store bytes", "build", "store"),
        ("build peak MB", "build", "memory"),
    ):
        one, other = (runs[size][step][key] for size in (few, many))
        exponent = math.log(other / one) / math.log(many / few)
        linear = other / one / (many / few)
        rows.append([label, f"{one:,.0f}", f"{other:,.0f}", f"{exponent:.2f}", f"{linear:.2f}"])
    print_table("growth with the number of organisations", rows)


def show_rdflib(folder: Path) -> None:
    """Print the time of each question at SMALL beside that of rdflib's own store."""
    generate(SMALL, folder)
    run([sys.executable, "-m", "ptce_graph", "--project", str(folder), "build"])
    command = [sys.executable, "-m", "tests.bench.national"]
    ours = json.loads(run([*command, "ask", str(folder)])["last"])["questions"]
    theirs = json.loads(run([*command, "rdflib", str(folder)])["last"])
    rows = [["question", "ptce s", "rdflib s", "ratio"]]
    ratios = []
    for name, (other, count) in theirs.items():
        mine, found = ours[name]
        assert count in (-1, found), f"{name}: {found} rows, rdflib {count}"
        ratios.append(max(other, TICK) / max(mine, TICK))
        sign = "> " if count < 0 else ""
        rows.append([name, seconds(mine), sign + seconds(other), f"{sign}{ratios[-1]:.1f}"])
    print_table(f"questions at {SMALL:,}, beside rdflib's own store", rows)
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(f"\ngeometric mean of {len(ratios)}: {mean:.1f}")


def ask_rdflib(folder: Path) -> None:
    """Answer every question with rdflib's own store, and print as JSON what each took and gave."""
    from ptce_graph import project, query

    found = project.find(folder)
    graph = load_rdflib(found)
    took = {}

    def answer(question: query.Question) -> None:
        took[question.name] = limited(lambda: len(graph.query(question.text)), PATIENCE)

    with ThreadPoolExecutor(CORES) as threads:
        list(threads.map(answer, query.read_questions(found).values()))
    print(json.dumps(took))


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["ask"]:
        ask(Path(words[1]))
    elif words[:1] == ["rdflib"]:
        ask_rdflib(Path(words[1]))
    else:
        main(tuple(map(int, words)) or SIZES)

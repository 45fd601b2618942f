"""The server beside rdflib-endpoint and Oxigraph's: same graph, same queries, one after another.

Two sets of queries over the real graph: the questions with a comment that makes each new, and the
same again and again. The client is a process of its own (`tests.bench.load`). Then a CONSTRUCT of
a million triples, and the memory of the process that passes it on.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ptce_graph.build import build
from ptce_graph.project import Project, find
from ptce_graph.query import bind, read_questions
from tests.bench.measure import ROOT
from tests.bench.table import print_table

HOME = ROOT / ".venv" / "rdflib-endpoint"
SECONDS = 6
CLIENTS = 50
NAMES = (
    *("members-of-pole", "coordinators", "poles-of-region", "laureates-of-call"),
    *("envelope-of-call", "cooperations-of-organisation", "sources-of-fact", "axes-and-actions"),
)
LONG = (
    "CONSTRUCT { ?s ?p ?z } { { SELECT DISTINCT ?s ?p { ?s ?p ?o } LIMIT 2000 } "
    "{ SELECT DISTINCT ?z { ?x ?y ?z } LIMIT 500 } }"
)
Served = tuple[int, str, int]
"""Port, path of the endpoint, process."""


def run() -> None:
    """Measure the three servers and print it."""
    with tempfile.TemporaryDirectory() as name:
        project = Project(ROOT, Path(name))
        build(project)
        queries = texts(project)
        new = [f"{text}\n# {number}" for number in range(6000) for text in queries]
        rows = [["50 clients", "queries", "requests/s", "p50 ms", "p99 ms", "to ours", "failed"]]
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for engine, start in SERVERS.items():
            with start(project) as (port, path, _):
                clients = 1 if engine == "rdflib-endpoint" else CLIENTS
                load(port, path, clients, 1, queries * 20)
                found[engine, "new"] = load(port, path, clients, SECONDS, new)
                found[engine, "again"] = load(port, path, clients, SECONDS, queries * 20_000)
        for (engine, kind), figures in found.items():
            ratio = found["ptce", kind]["rate"] / figures["rate"]
            label = engine + (" (1 client)" if engine == "rdflib-endpoint" else "")
            times = (f"{figures[key] * 1000:.1f}" for key in ("median", "p99"))
            shown = [label, kind, f"{figures['rate']:,.0f}", *times, f"{ratio:.2f}"]
            rows.append([*shown, str(figures["failures"])])
        print_table("serve: SPARQL over HTTP, requests that were answered", rows)
        stream(project)


def texts(project: Project) -> list[str]:
    """Return the SPARQL of the questions, as they stand in their files."""
    questions = read_questions(find(ROOT))
    known = [questions[name] for name in NAMES if name in questions]
    from ptce_graph.dataset import open_store

    store = open_store(project)
    return [re.sub(r"^#.*\n", "", bind(q, {}, store, "fr"), flags=re.MULTILINE) for q in known]


def load(port: int, path: str, clients: int, seconds: int, queries: list[str]) -> dict[str, Any]:
    """Ask a server for some seconds, from another process, and return the figures."""
    arguments = [str(port), path, str(clients), str(seconds)]
    client = subprocess.run(
        [sys.executable, "-m", "tests.bench.load", *arguments],
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    figures: dict[str, Any] = json.loads(client.stdout)
    return figures


def stream(project: Project) -> None:
    """Print how fast a long answer comes, and what it costs the server that passes it on."""
    with ours(project) as (port, path, pid):
        before = memory(pid)
        url = f"http://127.0.0.1:{port}{path}?query={quote(LONG)}"
        request = urllib.request.Request(url, headers={"Accept": "application/n-triples"})
        started, triples, peak = time.perf_counter(), 0, 0
        with urllib.request.urlopen(request) as answer:
            while piece := answer.read(1 << 20):
                triples += piece.count(b"\n")
                peak = max(peak, memory(pid))
        spent = time.perf_counter() - started
    rows = [["triples", "seconds", "MB before", "MB at most", "growth"]]
    rows.append(
        [f"{triples:,}", f"{spent:.1f}", f"{before:.0f}", f"{peak:.0f}", f"{peak - before:.0f}"]
    )
    print_table("serve: a long CONSTRUCT, memory of all processes (proportional share)", rows)


def memory(pid: int) -> float:
    """Return the memory of a process and of all below it in MB, each page counted once."""
    found, total = [pid], 0
    for one in found:
        found += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        text = Path(f"/proc/{one}/smaps_rollup").read_text()
        total += int(text.partition("\nPss:")[2].split()[0])
    return total / 1024


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def process(command: list[str], port: int, path: str) -> Iterator[Served]:
    """Run a server as long as the block, from the moment when it answers."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, path, server.pid
    finally:
        server.terminate()
        server.wait()


@contextmanager
def ours(project: Project) -> Iterator[Served]:
    """Run `ptce serve`, without its limit on the rate."""
    port = free_port()
    options = ["--port", str(port), "--rate", "0"]
    command = [sys.executable, "-m", "ptce_graph", "serve", str(project.build), *options]
    with process(command, port, "/sparql") as served:
        yield served


@contextmanager
def oxigraph(project: Project) -> Iterator[Served]:
    """Run the server of Oxigraph over a store on disk that holds the same graph."""
    port = free_port()
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
    store = project.build / "oxigraph"
    load = ["load", "--location", str(store), "--file", str(project.nquads)]
    subprocess.run([program, *load], check=True, capture_output=True)
    address = f"127.0.0.1:{port}"
    command = [program, "serve-read-only", "--location", str(store), "--bind", address]
    with process(command, port, "/query") as served:
        yield served


@contextmanager
def rdflib_endpoint(project: Project) -> Iterator[Served]:
    """Run rdflib-endpoint over the default graph, in an environment that is made once."""
    python = HOME / "bin" / "python"
    if not python.is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "rdflib-endpoint>=0.6", "uvicorn"]
        subprocess.run(pip, check=True)
    triples = project.build / "default.nt"
    with project.nquads.open("rb") as file, triples.open("wb") as new:
        graph = re.compile(rb" <[^<>]*/graph/inferred/[^<>]*> \.\n$")
        new.writelines(line for line in file if not graph.search(line))
    port = free_port()
    script = str(Path(__file__).with_name("with_rdflib_endpoint.py"))
    command = [str(python), script, str(triples), str(port)]
    with process(command, port, "/") as served:
        yield served


SERVERS = {"ptce": ours, "oxigraph": oxigraph, "rdflib-endpoint": rdflib_endpoint}

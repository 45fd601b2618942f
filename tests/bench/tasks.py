"""One task by one engine in a process of its own: `python -m tests.bench.tasks TASK ENGINE FOLDER`.

Prints a line of JSON for each part of the task, as soon as it is done, and a last one with the
peak of memory and what the engines must agree on. Libraries are imported before any clock starts.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ptce_graph import project as projects
from ptce_graph.project import Project

if TYPE_CHECKING:
    import rdflib

QUESTIONS = (
    *("coordinators", "counts-at-least", "laureates-of-call", "members-by-kind"),
    *("members-of-pole", "organisations-in-several-poles", "calls", "sources-of-fact"),
)
"""What is asked; always the same, so that the figures of two versions can be compared."""

Check = Callable[[], object]
"""What the engines must agree on, computed after the clocks have stopped."""


@contextmanager
def clock(part: str) -> Iterator[None]:
    """Print how long a part of a task takes."""
    start = time.perf_counter()
    yield
    print(json.dumps({"part": part, "seconds": time.perf_counter() - start}), flush=True)


def build_ours(project: Project) -> Check:
    """Make N-Quads and Turtle from the tables, all checks on."""
    import ptce_graph.build

    with clock("all"):
        ptce_graph.build.build(project)
    return lambda: graph_digest(project.nquads)


def build_rdflib(project: Project) -> Check:
    """Make N-Triples and Turtle from the tables in rdflib's own store, without checks."""
    from tests.bench import with_rdflib

    project.build.mkdir(exist_ok=True)
    ntriples, turtle = project.build / "rdflib.nt", project.build / "rdflib.ttl"
    with clock("all"):
        with_rdflib.build(project, ntriples, turtle)
    return lambda: graph_digest(ntriples)


def map_ours(project: Project) -> Check:
    """Make N-Quads lines from the tables, all checks on, and keep none: what must stay flat."""
    from ptce_graph import dataset, loader
    from ptce_graph.receipt import Receipt

    with clock("all"):
        ontology = dataset.ontology_lines(project)
        vocabulary = frozenset(line[1 : line.index(">")] for line in ontology)
        texts = loader.load(project, Receipt(), vocabulary)
        count = sum(text.count(b"\n") for text in texts)
    return lambda: count


def infer_ours(project: Project) -> Check:
    """Apply the rules of the repository to a graph that is built without them."""
    import pyoxigraph

    from ptce_graph.infer import infer

    with clock("all"):
        store = pyoxigraph.Store()
        store.bulk_load(path=str(project.nquads), format=pyoxigraph.RdfFormat.N_QUADS)
        count = sum(text.count(b"\n") for text in infer(projects.find(), store))
    return lambda: count


def ask_ours(project: Project) -> Check:
    """Load the graph and answer the questions as they stand."""
    import pyoxigraph

    from ptce_graph import dataset, query

    with clock("load"):
        store = dataset.open_store(project)
    counts = {}
    for name, text in questions(project).items():
        with clock(name):
            answer = query.run(store, text)
            assert isinstance(answer, pyoxigraph.QuerySolutions)
            counts[name] = sum(1 for _ in answer)
    return lambda: counts


def ask_rdflib(project: Project) -> Check:
    """Load the same file into rdflib's own store and answer the same texts."""
    import rdflib.plugins.sparql  # noqa: F401

    with clock("load"):
        graph = load_rdflib(project)
    counts = {}
    for name, text in questions(project).items():
        with clock(name):
            counts[name] = sum(1 for _ in graph.query(text))
    return lambda: counts


def load_rdflib(project: Project) -> rdflib.Graph:
    """Return the default graph of a build in rdflib's own store."""
    import rdflib

    with project.nquads.open("rb") as lines:
        facts = b"".join(line for line in lines if b"/graph/inferred/" not in line)
    return rdflib.Graph().parse(data=facts, format="nt11")


def draw_ours(project: Project) -> Check:
    """Write our page of the network, layout included."""
    import pyvis.network  # noqa: F401

    from ptce_graph import network, view

    graph = network.network(project)
    with clock("all"):
        page = view.page(graph)
    print(json.dumps({"bytes": len(page.encode())}))
    return lambda: actors(page)


def draw_pyvis(project: Project) -> Check:
    """Write the page that PyVis makes by itself; the browser computes the layout."""
    from pyvis.network import Network

    from ptce_graph import network

    graph = network.network(project)
    for *_, facts in graph.edges(data=True):
        del facts["directed"]  # an argument of PyVis has the same name
    with clock("all"):
        drawing = Network(directed=True, cdn_resources="in_line")
        drawing.from_nx(graph)
        page = drawing.generate_html()
    print(json.dumps({"bytes": len(page.encode())}))
    return lambda: actors(page)


TASKS: dict[str, dict[str, Callable[[Project], Check]]] = {
    "build": {"ptce": build_ours, "rdflib": build_rdflib},
    "infer": {"ptce": infer_ours},
    "map": {"ptce": map_ours},
    "ask": {"ptce": ask_ours, "rdflib": ask_rdflib},
    "draw": {"ptce": draw_ours, "PyVis": draw_pyvis},
}
"""Task → engine → function; the first engine is ours."""


def questions(project: Project) -> dict[str, str]:
    """Return the text of each of QUESTIONS by its name."""
    folder = project.queries / "questions"
    return {name: (folder / f"{name}.rq").read_text("utf-8") for name in QUESTIONS}


def graph_digest(path: Path) -> tuple[int, str]:
    """Return the number of triples of a file of N-Quads, and a digest of them in any order."""
    import pyoxigraph

    quads = pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.N_QUADS)
    lines = sorted({str(quad) for quad in quads})
    return len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()


def actors(page: str) -> int:
    """Return how many actors a page names by their IRI."""
    return len(set(re.findall(r'"id": ?"(https://w3id.org/ptce/id/(?:org|pole)/[^"]+)"', page)))


def peak() -> float | None:
    """Return the most memory that this process has held, in MB, where the system says so."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main(task: str, engine: str, folder: str) -> None:
    """Do a task, and print what it took."""
    check = TASKS[task][engine](projects.find(folder))
    memory = peak()
    print(json.dumps({"memory": memory, "result": check()}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

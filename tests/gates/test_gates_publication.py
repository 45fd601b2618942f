"""G11: what is published comes back the same, in every format, byte for byte."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import DefaultGraph, RdfFormat
from rdflib import Graph, Literal
from rdflib.compare import isomorphic

from ptce_graph.export import FORMATS, export
from ptce_graph.project import Project
from tests.gates import context
from tests.gates.vocabulary import FOLDER, SCHEMES, core, read

Record = Callable[[str, object], None]
FILES = [FOLDER / "ptce.ttl", FOLDER / "alignments.ttl", FOLDER / "style.ttl", *SCHEMES]


def triples(data: bytes, kind: RdfFormat) -> set[str]:
    """Return the triples of the default graph, as pyoxigraph reads them."""
    return {
        str(quad.triple)
        for quad in pyoxigraph.parse(data, format=kind)
        if quad.graph_name == DefaultGraph()
    }


def test_g11_every_format_gives_the_same_graph(real: Project, record_property: Record) -> None:
    """The real graph, written in each format and read again, has the same triples and bytes."""
    written = {key: export(real, key) for key in FORMATS}
    again = {key: export(real, key) for key in FORMATS}
    read_back = {key: triples(data, FORMATS[key]) for key, data in written.items()}
    first = read_back["ntriples"]
    record_property(
        "gate",
        f"G11  {len(FORMATS)} formats of the real graph ({', '.join(FORMATS)}): the same "
        f"{len(first)} triples, the same bytes twice; {len(FILES)} files isomorphic in rdflib",
    )
    assert written == again
    for key, found in read_back.items():
        assert found == first, key
    assert not any("_:" in line.split('"')[0] for line in first), "a blank node"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("kind", ["turtle", "nt", "json-ld", "xml"])
def test_g11_the_ontology_survives_each_format(path: Path, kind: str) -> None:
    """Each file of the ontology, written by rdflib and read again, is isomorphic."""
    graph = read(path)
    assert isomorphic(graph, Graph().parse(data=graph.serialize(format=kind), format=kind))


def test_context_is_that_of_the_ontology() -> None:
    """context.jsonld has every property, with the type of its range."""
    if os.environ.get("UPDATE_EXPECTED"):
        context.FILE.write_text(context.text(), "utf-8")
    assert context.FILE.read_text("utf-8") == context.text(), "run with UPDATE_EXPECTED=1"


def test_context_keeps_both_languages() -> None:
    """Compacted with the context and read again, the ontology has its French and its English."""
    graph = core()
    shared = json.loads(context.FILE.read_text("utf-8"))
    text = graph.serialize(format="json-ld", context=shared["@context"], auto_compact=False)
    assert isomorphic(graph, Graph().parse(data=text, format="json-ld"))
    nodes = json.loads(text)["@graph"]
    [pole] = [node for node in nodes if node["id"] == "ptce:Pole"]
    assert pole["label"]["fr"] == "pôle territorial de coopération économique (PTCE)"
    assert set(pole["comment"]) == {"fr", "en"}
    languages = {o.language for o in graph.objects() if isinstance(o, Literal)}
    assert languages == {"fr", "en", None}

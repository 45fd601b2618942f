"""The graph in six formats: each is read back as the same graph, whoever reads it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from ptce_graph.build import build
from ptce_graph.errors import ProjectError
from ptce_graph.export import FORMATS, export, serialize
from ptce_graph.namespaces import INFERRED, ONTOLOGY
from ptce_graph.project import Project

Edit = Callable[[str, str, str], Path]
CHECK = Path(__file__).parents[1].parent / "shared" / "checks" / "publish_check.py"
RDFLIB = dict(zip(FORMATS, ("turtle", "nt", "nquads", "trig", "json-ld", "xml"), strict=True))
GRAPHS = ("nquads", "trig")
TEXT = 'a "b" \\ .\n\n<x> a ; é € 😀 \u2028 \u0085 \ufeff\t@prefix x: <y> .\n .'
FORGED = f"see <{INFERRED}co-members> ."


def facts(project: Project, *, inferred: bool) -> set[pyoxigraph.Quad]:
    """Return the quads that a format publishes, from the master."""
    quads = set(pyoxigraph.parse(path=str(project.nquads)))
    default = pyoxigraph.DefaultGraph()
    named = {quad for quad in quads if quad.graph_name != default}
    triples = {quad.triple for quad in named}
    asserted = {q for q in quads - named if q.triple not in triples}
    return asserted | (named if inferred else set())


def by_rdflib(data: bytes, form: str) -> set[tuple[object, ...]]:
    """Return the quads that rdflib reads, with None for the default graph."""
    dataset = rdflib.Dataset()
    default = dataset.default_graph.identifier
    dataset.default_graph.parse(data=data, format=form) if form not in GRAPHS else dataset.parse(
        data=data, format=form
    )
    quads = dataset.quads((None, None, None, None))
    return {(s, p, o, None if g in (None, default) else str(g)) for s, p, o, g in quads}


@pytest.fixture
def odd(tiny: Project, edit: Edit) -> Project:
    """The small project, with texts that formats could trip over, built."""
    edit("facts/poles.csv", ",commune not found", ',"' + TEXT.replace('"', '""') + '"')
    edit("facts/memberships.csv", "named as coordinator", FORGED)
    build(tiny)
    return tiny


@pytest.mark.parametrize("name", FORMATS)
def test_format_is_read_back(odd: Project, name: str) -> None:
    """What is exported is read back by Oxigraph and by rdflib as the graph that was built."""
    data = export(odd, name)
    expected = facts(odd, inferred=name in GRAPHS)
    assert set(pyoxigraph.parse(data, format=FORMATS[name])) == expected
    lines = "".join(f"{quad} .\n" for quad in expected)
    assert by_rdflib(data, RDFLIB[name]) == by_rdflib(lines.encode(), "nquads")
    texts = {q.object.value for q in expected if isinstance(q.object, pyoxigraph.Literal)}
    assert {TEXT, FORGED} <= texts
    graphs = {str(quad.graph_name) for quad in expected}
    assert any(INFERRED in graph for graph in graphs) == (name in GRAPHS)


@pytest.mark.parametrize("name", FORMATS)
def test_format_has_the_same_bytes_twice(tiny_built: Project, tmp_path: Path, name: str) -> None:
    """The order of the lines of the master changes nothing, nor does a line said twice."""
    lines = tiny_built.nquads.read_text("utf-8").splitlines(keepends=True)
    other = tmp_path / "other.nq"
    other.write_text("".join([*reversed(lines), lines[0]]), "utf-8", newline="\n")
    assert serialize(other, name) == export(tiny_built, name)


@pytest.mark.parametrize("name", ["turtle", "trig"])
def test_things_stand_together(tiny_built: Project, name: str) -> None:
    """For people, each thing is said once, its type first, after an empty line."""
    text = export(tiny_built, name).decode()
    assert text.count("\npole:alpha a ptce:Pole ;\n") == 1
    assert "\n\npole:alpha " in text
    assert '\tskos:prefLabel "Pôle Alpha"@fr' in text
    prefixes = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes)


def test_decimals_stay_as_they_are_written(tiny_built: Project) -> None:
    """A figure keeps its zeros in every format that has room for them."""
    for name in FORMATS:
        assert b"121555.50" in export(tiny_built, name)


def test_private_properties_are_not_exported(tmp_path: Path) -> None:
    """What the ontology marks private is in no export; a text that says so changes nothing."""
    prefix, visibility = "https://example.org/", f"<{ONTOLOGY}visibility>"
    path = tmp_path / "x.nq"
    path.write_text(
        f'<{prefix}secret> {visibility} "private" .\n'
        f'<{prefix}open> {visibility} "public" .\n'
        f'<{prefix}open> <{prefix}note> "{visibility} \\"private\\" ." .\n'
        f'<{prefix}a> <{prefix}secret> "hidden" .\n<{prefix}a> <{prefix}open> "shown" .\n',
        "utf-8",
    )
    for name in FORMATS:
        data = serialize(path, name)
        assert b"hidden" not in data
        assert b"shown" in data
        assert b"note" in data


def test_graph_that_was_not_built_is_not_exported(tiny: Project) -> None:
    """Without a build, export says which command makes one."""
    with pytest.raises(ProjectError, match="ptce build"):
        export(tiny, "turtle")


@pytest.mark.skipif(not CHECK.is_file(), reason="../shared/checks is not there")
@pytest.mark.parametrize(
    ("name", "ending"), zip(FORMATS, ("ttl", "nt", "nq", "trig", "jsonld", "rdf"), strict=True)
)
def test_real_graph_is_fit_to_publish(
    real: Project, tmp_path: Path, name: str, ending: str
) -> None:
    """Independent parsers read each format alike, and it holds no bad address or literal."""
    path = tmp_path / f"ptce.{ending}"
    path.write_bytes(export(real, name))
    done = subprocess.run(
        [sys.executable, str(CHECK), str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""Shapes as SPARQL: they say what the W3C's cases and pyshacl say, or refuse by name."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad
from rdflib.namespace import RDF, SH

from ptce_graph import validate
from ptce_graph.build import build
from ptce_graph.errors import GraphError
from ptce_graph.namespaces import ID, SCHEME, XSD
from ptce_graph.project import Project
from ptce_graph.shapes import compile_shapes
from tests import pyshacl_oracle
from tests.bench.generate import generate

ROOT = Path(__file__).parents[1]
SHAPES = validate.read_shapes(Project(ROOT, ROOT))
SUITE = ROOT.parent / "shared" / "suites" / "shacl"
CASES = sorted(path for path in SUITE.rglob("*.ttl") if "sht:Validate" in path.read_text("utf-8"))
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")

REFUSED = {
    "sh:closed": "closed-001 closed-002 personexample shacl-shacl",
    "sh:qualifiedValueShapesDisjoint": "qualified-001 qualifiedMinCountDisjoint-001 "
    "qualifiedValueShapesDisjoint-001",
    "sh:datatype xsd:byte": "datatype-ill-formed",
    "sh:parameter": "nodeValidator-001 optional-001 propertyValidator-select-001 validator-001 "
    "unsupported-sparql-006",
    "sh:select": "sparql-002 sparql-003",
    "in a group without a triple": "pre-binding-001 pre-binding-002 pre-binding-003 "
    "pre-binding-005 pre-binding-006 pre-binding-007",
    "from no triple": "pre-binding-004 shapesGraph-001",
    "MINUS": "unsupported-sparql-001",
    "VALUES": "unsupported-sparql-002",
    "SERVICE": "unsupported-sparql-003",
    "a SELECT without": "unsupported-sparql-004",
    "AS ?this": "unsupported-sparql-005",
}
"""What is not supported → the W3C's cases that use it."""

WHY = {case: why for why, cases in REFUSED.items() for case in cases.split()}

Result = tuple[str, str, str, str]


def plain(term: object) -> str:
    """Return a term as both sides of a comparison write it; Oxigraph writes 4.0 as 4."""
    if term is None:
        return ""
    if isinstance(term, BlankNode | rdflib.BNode):
        return "_"
    text = term.value if isinstance(term, NamedNode | Literal) else str(term)
    return text.removesuffix(".0")


def read(case: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, rdflib.Graph, set[Result]]:
    """Return the data, the shapes and the expected results of a case."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    manifest = rdflib.Graph().parse(case)
    (test,) = manifest.subjects(RDF.type, SHT.Validate)
    action = manifest.value(test, MF.action)
    paths = {
        key: Path(str(manifest.value(action, key)).removeprefix("file://"))
        for key in (SHT.dataGraph, SHT.shapesGraph)
    }
    expected = set()
    for result in manifest.objects(manifest.value(test, MF.result), SH.result):
        focus, value = (manifest.value(result, key) for key in (SH.focusNode, SH.value))
        shape = manifest.value(result, SH.sourceShape)
        component = str(manifest.value(result, SH.sourceConstraintComponent))
        found = "" if value == focus else plain(value)
        expected.add((plain(focus), plain(shape), component, found))
    return paths[SHT.dataGraph], rdflib.Graph().parse(paths[SHT.shapesGraph]), expected


def results(data: Path, shapes: rdflib.Graph) -> set[Result]:
    """Return what the queries of shapes find in a file."""
    store = pyoxigraph.Store()
    text = data.read_bytes()
    store.load(text, format=pyoxigraph.RdfFormat.TURTLE, base_iri=data.as_uri())
    return {
        (plain(this), name, query.component, "" if this == value else plain(value))
        for query in compile_shapes(shapes)
        for this, value in validate.ask(store, query)
        for name in [query.shape if ":" in query.shape else "_"]
    }


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_w3c_case(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each case of the W3C gives the results that it expects, or is refused for what it uses."""
    data, shapes, expected = read(case, monkeypatch)
    if case.stem in WHY:
        with pytest.raises(GraphError, match=re.escape(WHY[case.stem])):
            compile_shapes(shapes)
    else:
        assert results(data, shapes) == expected


@pytest.mark.skipif(not CASES, reason="the W3C's cases are in ../shared/suites/shacl")
def test_constraints_in_use_have_cases() -> None:
    """Every constraint of our shapes is one that the W3C's cases try, and that they pass."""
    tried = {
        key
        for case in CASES
        if case.stem not in WHY
        for key in rdflib.Graph().parse(case).predicates(unique=True)
    }
    used = {key for key in SHAPES.predicates(unique=True) if key.startswith(SH)}
    untried = {key.removeprefix(str(SH)) for key in used - tried}
    assert untried == {"target"}, "SPARQL targets are of SHACL-AF, which has no cases"
    assert len(CASES) == 121


CONTAINER = """
    @prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
    ex:S a sh:NodeShape ; sh:targetClass ex:C ; """


@pytest.mark.parametrize(
    ("shape", "what"),
    [
        ("sh:property [ sh:path ex:p ; sh:minCount 1 , 2 ] .", "sh:minCount more than once"),
        ("sh:js [ ] .", "sh:js"),
        ("sh:nodeKind sh:IRI ; sh:target [ a ex:Target ] .", "sh:target without sh:select"),
        ("sh:node [ sh:sparql [ sh:select 'SELECT $this { $this a ex:D }' ] ] .", "sh:sparql in"),
        ("sh:sparql [ sh:select 'SELECT $this { ?x a ex:D }' ] .", "no SPARQL"),
        ("sh:sparql [ sh:ask 'ASK { $this a ex:D }' ] .", "sh:sparql without sh:select"),
        ("sh:sparql [ sh:select 'SELECT $this { OPTIONAL { $this ?p ?o } }' ] .", "from no triple"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(shape: str, what: str) -> None:
    """What would not be checked rightly is said, with the shape that says it."""
    with pytest.raises(GraphError, match=rf"^shapes\.ttl: .*{what}"):
        compile_shapes(rdflib.Graph().parse(data=CONTAINER + shape))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> pyoxigraph.Store:
    """A thousand organisations and what is said of them, of which one triple in seven is spoilt.

    The invalid examples of the ontology are beside them, so that every check has something to say.
    """
    folder = tmp_path_factory.mktemp("broken")
    generate(1_000, folder)
    project = Project(folder, folder / "build")
    build(project)
    quads = pyoxigraph.parse(path=str(project.nquads), format=pyoxigraph.RdfFormat.N_QUADS)
    kept = [quad for quad in quads if isinstance(quad.graph_name, DefaultGraph)]
    store = pyoxigraph.Store()
    store.bulk_extend(spoil(kept, random.Random(1_000)))
    for path in sorted((ROOT / "ontology" / "examples" / "invalid").glob("*.ttl")):
        text = path.read_text("utf-8").replace("ptce/dataset", f"ptce/dataset/{path.stem}")
        text = re.sub(rf"({ID}\w+/)", rf"\g<1>{path.stem}-", text)
        store.load(text.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    return store


def spoil(quads: list[Quad], chance: random.Random) -> list[Quad]:
    """Return quads of which some are lost, doubled, or have lost what they say."""
    spoilt = []
    for quad in quads:
        other = chance.choice(quads).object
        acts = {0: [], 1: [quad, with_object(quad, other)], 2: [with_object(quad, other)]}
        acts[3] = [with_object(quad, Literal("-7", datatype=NamedNode(XSD + "decimal")))]
        acts[4] = [quad, with_object(quad, quad.subject)]
        ours = quad.subject.value.startswith((ID, SCHEME))
        spoilt += acts[chance.randrange(5)] if ours and not chance.randrange(7) else [quad]
    return spoilt


def with_object(quad: Quad, term: object) -> Quad:
    """Return a quad that says something else of the same thing."""
    return Quad(quad.subject, quad.predicate, term, quad.graph_name)


def test_findings_are_those_of_pyshacl(broken: pyoxigraph.Store) -> None:
    """On 1,000 organisations that break every check, each finding is one of pyshacl, and back."""
    found = validate.run(broken, SHAPES)
    assert {check for _, check, _ in found} == set(validate.read_checks(SHAPES))
    assert found == pyshacl_oracle.run(broken, SHAPES)

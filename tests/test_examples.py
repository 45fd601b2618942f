"""The examples of the ontology: each valid one conforms, each invalid one breaks just its check."""

import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode
from rdflib.namespace import OWL, RDF, SH

from ptce_graph import validate
from ptce_graph.namespaces import ONTOLOGY, PREFIXES
from ptce_graph.project import Project

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "ontology" / "examples"
PROJECT = Project(ROOT, ROOT / "graph" / "build")
SHAPES = validate.read_shapes(PROJECT)
CHECKS = validate.read_checks(SHAPES)
VALID = sorted(EXAMPLES.glob("*.ttl"))
INVALID = sorted(EXAMPLES.glob("invalid/*.ttl"))


JARGON = ("shape", "SHACL", "IRI", "RDF", "triple", "node", "literal", "violation", "property")


def name(path: Path) -> str:
    """Return what an example is an example of."""
    return path.stem


@pytest.fixture(scope="module")
def background() -> list[pyoxigraph.Quad]:
    """The ontology and its codes, on which examples rest; the checks of codes run elsewhere."""
    files = [ROOT / "ontology" / "ptce.ttl", *sorted(ROOT.glob("ontology/schemes/*.ttl"))]
    quads = [quad for path in files for quad in parse(path)]
    return [
        quad for quad in quads if not str(quad.object).startswith(f"<{PREFIXES['skos']}Concept")
    ]


def parse(path: Path) -> list[pyoxigraph.Quad]:
    """Return what a Turtle file says."""
    return list(pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE))


def store_of(path: Path, background: list[pyoxigraph.Quad]) -> pyoxigraph.Store:
    """Return an example with the ontology."""
    store = pyoxigraph.Store()
    store.bulk_extend(background + parse(path))
    return store


BROKEN: dict[Path, set[str]] = {}


def broken(path: Path, background: list[pyoxigraph.Quad]) -> set[str]:
    """Return the names of the checks that an example breaks."""
    if path not in BROKEN:
        found = validate.run(store_of(path, background), SHAPES)
        BROKEN[path] = {check for _, check, _ in found}
    return BROKEN[path]


@pytest.mark.parametrize("path", VALID, ids=name)
def test_valid_example_conforms(path: Path, background: list[pyoxigraph.Quad]) -> None:
    """A valid example breaks no check."""
    assert not broken(path, background)


@pytest.mark.parametrize("path", INVALID, ids=name)
def test_invalid_example_breaks_just_its_check(
    path: Path, background: list[pyoxigraph.Quad]
) -> None:
    """An invalid example breaks the check that it is called after, and no other."""
    assert broken(path, background) == {path.stem}


def test_every_class_has_a_valid_example() -> None:
    """Each class of the ontology, lists of codes and the dataset have an example of that name."""
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "ptce.ttl")
    ours = {str(c) for c in ontology.subjects(RDF.type, OWL.Class) if str(c).startswith(ONTOLOGY)}
    classes = {iri.removeprefix(ONTOLOGY): iri for iri in ours}
    classes["Concept"] = PREFIXES["skos"] + "Concept"
    classes["Dataset"] = "http://www.w3.org/ns/dcat#Dataset"
    assert {path.stem for path in VALID} == set(classes)
    for path in VALID:
        kind = NamedNode(classes[path.stem])
        assert any(quad.object == kind for quad in parse(path)), path.stem


def test_every_check_has_both_examples(
    background: list[pyoxigraph.Quad], record_property: Callable[[str, object], None]
) -> None:
    """Each check has an invalid example that it alone catches, and a valid one that it looks at."""
    assert {path.stem for path in INVALID} == set(CHECKS)
    looked = set().union(*(looked_at(store_of(path, background)) for path in VALID))
    assert looked == set(CHECKS)
    killed = sum(broken(path, background) == {path.stem} for path in INVALID)
    share = 100 * killed // len(CHECKS)
    record_property("gate", f"G9  {killed} of {len(CHECKS)} checks removed are noticed ({share} %)")
    assert killed == len(CHECKS)


def looked_at(store: pyoxigraph.Store) -> set[str]:
    """Return the checks whose targets a graph holds things of."""
    found: set[str] = set()
    for shape in SHAPES.subjects(RDF.type, SH.NodeShape):
        if isinstance(shape, rdflib.URIRef) and has_target(store, shape):
            found |= {str(part) for part in (shape, *SHAPES.objects(shape, SH.property))}
    return {iri.removeprefix(validate.SHAPES) for iri in found} & set(CHECKS)


def has_target(store: pyoxigraph.Store, shape: rdflib.URIRef) -> bool:
    """Return whether a graph holds a thing that a shape looks at."""
    patterns = [
        *(f"?s a/rdfs:subClassOf* <{c}>" for c in SHAPES.objects(shape, SH.targetClass)),
        *(f"?s <{p}> ?o" for p in SHAPES.objects(shape, SH.targetSubjectsOf)),
    ]
    queries = [f"ASK {{ {pattern} }}" for pattern in patterns]
    for target in SHAPES.objects(shape, SH.target):
        text = str(SHAPES.value(target, SH.select))
        queries.append(re.sub(r"SELECT DISTINCT \?this WHERE", "ASK", text))
    prefixes = {"rdfs": str(rdflib.RDFS), "ptce": ONTOLOGY}
    return any(bool(store.query(query, prefixes=prefixes)) for query in queries)


def test_examples_are_about_nobody() -> None:
    """What examples name is plainly invented: each name says that it is an example."""
    for path in VALID + INVALID:
        for quad in parse(path):
            if quad.predicate.value.endswith("prefLabel") and "/id/" in quad.subject.value:
                text = quad.object.value.lower()
                role = text in ("présidente", "chair")
                assert "exemple" in text or "example" in text or role, (path.name, text)


def test_shapes_speak_both_languages() -> None:
    """Each check has a title and a text in French and English: what is wrong, and what to do."""
    assert len(CHECKS) >= 40
    for check in CHECKS.values():
        for language in validate.LANGUAGES:
            what, mend = check.split(language)
            assert 20 < len(what) < 220, check.name
            assert 15 < len(mend) < 300, check.name
            assert mend.endswith(".")
            assert len(check.title[language]) < 70, check.name
            for word in JARGON:
                assert not re.search(rf"\b{word}\b", what + mend, re.IGNORECASE), check.name


def test_shapes_name_what_there_is(background: list[pyoxigraph.Quad]) -> None:
    """The tables and the terms that shapes name are there."""
    tables = {path.name for path in (ROOT / "graph" / "sources").rglob("*.csv")}
    for check in CHECKS.values():
        for text in check.message.values():
            assert set(re.findall(r"\w+\.csv", text)) <= tables, check.name
    declared = {quad.subject.value for quad in background}
    text = (ROOT / "ontology" / "shapes.ttl").read_text("utf-8")
    used = {ONTOLOGY + term for term in re.findall(r"\bptce:(\w+)", text)}
    for prefix, base in re.findall(
        r'sh:prefix "([\w-]+)" ; sh:namespace "([^"]*/scheme/[^"]*)"', text
    ):
        used |= {base + code for code in re.findall(rf"\b{prefix}:([\w-]+)", text)}
    assert used <= declared, used - declared


def test_shapes_are_written_as_shacl_wants() -> None:
    """The shapes conform to the shapes of SHACL itself."""
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=SHAPES, meta_shacl=True)
    assert conforms, text


def test_no_shape_is_closed() -> None:
    """More may always be said of a thing: no shape is closed."""
    assert not list(SHAPES.subject_objects(SH.closed))


def test_default_graph_alone_is_looked_at() -> None:
    """What stands in a named graph is said again in the default graph, or is not ours to judge."""
    pole = NamedNode("https://w3id.org/ptce/id/pole/exemple")
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    store = pyoxigraph.Store()
    for graph, count in ((NamedNode("https://exemple.invalid/g"), 0), (DefaultGraph(), 2)):
        store.add(pyoxigraph.Quad(pole, kind, NamedNode(ONTOLOGY + "Pole"), graph))
        assert len(validate.run(store, SHAPES)) == count

"""The ontology keeps its own style, says how it compares with others, and its lock is exact."""

import re
from collections.abc import Callable
from datetime import date

import pyoxigraph
import pytest
from pyshacl import validate
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import OWL, SKOS

from ptce_graph import dataset
from ptce_graph.namespaces import ONTOLOGY
from ptce_graph.network import links
from ptce_graph.network.tables import Tables
from ptce_graph.project import Project
from tests.gates import vocabulary
from tests.gates.vocabulary import ALIGNMENTS, FOLDER, core, name, read

PTCE = Namespace(ONTOLOGY)
SH = Namespace("http://www.w3.org/ns/shacl#")
SSSOM = Namespace("https://w3id.org/sssom/")
STYLE = Namespace("https://w3id.org/ptce/shapes/style#")

MISTAKES = {
    "label": "DELETE { ?s rdfs:label ?l } WHERE { BIND (ptce:Pole AS ?s) ?s rdfs:label ?l "
    'FILTER (LANG(?l) = "fr") }',
    "definition": "DELETE { ?s rdfs:comment ?l } WHERE { BIND (ptce:Pole AS ?s) "
    '?s rdfs:comment ?l FILTER (LANG(?l) = "en") }',
    "definition-stop": "DELETE { ?s rdfs:comment ?l } INSERT { ?s rdfs:comment ?new } WHERE { "
    "BIND (ptce:funds AS ?s) ?s rdfs:comment ?l "
    'FILTER (LANG(?l) = "en") BIND (STRLANG(CONCAT(STR(?l), " and so on"), "en") AS ?new) }',
    "definition-length": "DELETE { ?s rdfs:comment ?l } INSERT { ?s rdfs:comment ?new } WHERE { "
    'BIND (ptce:Pole AS ?s) ?s rdfs:comment ?l FILTER (LANG(?l) = "en") '
    'BIND ("A pole."@en AS ?new) }',
    "defined-by": "DELETE WHERE { ptce:Pole rdfs:isDefinedBy ?o }",
    "superclass": "DELETE WHERE { ptce:Pole rdfs:subClassOf ?o }",
    "visibility": 'INSERT DATA { ptce:funds ptce:visibility "private" }',
    "DomainRange": "DELETE WHERE { ptce:certainty ptce:waiver ?o }",
    "Deprecated": "INSERT DATA { ptce:funds owl:deprecated true }",
    "drawn-from": "INSERT DATA { ptce:Funding ptce:drawnFrom ptce:underCall }",
    "drawn-to": "DELETE WHERE { ptce:Membership ptce:drawnTo ?o }",
    "drawn-directed": 'INSERT DATA { ptce:Funding ptce:drawnDirected "yes" }',
    "Class": "DELETE { ptce:Pole ?p ?o } INSERT { ptce:pole ?p ?o } WHERE { ptce:Pole ?p ?o }",
    "Property": "DELETE { ptce:funds ?p ?o } INSERT { ptce:Funds ?p ?o } "
    "WHERE { ptce:funds ?p ?o }",
    "header-licence": "DELETE WHERE { ?o dcterms:license ?l }",
    "header-creator": "DELETE WHERE { ?o dcterms:creator ?l }",
    "header-version-iri": "DELETE WHERE { ?o owl:versionIRI ?l }",
    "header-version": 'INSERT DATA { <https://w3id.org/ptce/ontology> owl:versionInfo "one" }',
    "header-title": "DELETE { ?s dcterms:title ?l } WHERE { ?s dcterms:title ?l "
    'FILTER (LANG(?l) = "fr") }',
    "header-namespace": "DELETE WHERE { ?o vann:preferredNamespaceUri ?l }",
    "header-prefix": "DELETE WHERE { ?o vann:preferredNamespacePrefix ?l }",
    "header-citation": "DELETE WHERE { ?o dcterms:bibliographicCitation ?l }",
    "header-description": "DELETE WHERE { ?o dcterms:description ?l }",
    "header-abstract": "DELETE WHERE { ?o dcterms:abstract ?l }",
    "header-publisher": "DELETE WHERE { ?o dcterms:publisher ?l }",
    "header-created": "DELETE WHERE { ?o dcterms:created ?l }",
    "header-issued": "DELETE WHERE { ?o dcterms:issued ?l }",
    "header-modified": "DELETE WHERE { ?o dcterms:modified ?l }",
}
"""Shape of style.ttl → an update that breaks it."""


def findings(graph: Graph) -> set[tuple[str, str, str]]:
    """Return what style.ttl says of an ontology: shape, term, message in English."""
    _, report, _ = validate(graph, shacl_graph=read(FOLDER / "style.ttl"))
    assert isinstance(report, Graph)
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        shape = report.value(result, SH.sourceShape)
        messages = report.objects(result, SH.resultMessage)
        [message] = [str(m) for m in messages if isinstance(m, Literal) and m.language == "en"]
        found.add((name(str(shape)), name(str(report.value(result, SH.focusNode))), message))
    return found


def test_the_ontology_keeps_its_style(record_property: Callable[[str, object], None]) -> None:
    """style.ttl finds nothing to say."""
    graph = read(FOLDER / "ptce.ttl")
    found = findings(graph)
    rules = len(MISTAKES)
    record_property("gate", f"style  {rules} rules of style.ttl, {len(found)} findings")
    assert not found, "\n".join(f"{term}: {message}" for _, term, message in sorted(found))


@pytest.mark.parametrize("shape", MISTAKES)
def test_each_rule_of_style_finds_its_mistake(shape: str) -> None:
    """A mistake made on purpose is found by the shape that is there for it."""
    graph = read(FOLDER / "ptce.ttl")
    graph.update(MISTAKES[shape])
    assert shape in {found for found, _, _ in findings(graph)}


def test_every_rule_of_style_has_a_mistake() -> None:
    """Each shape of style.ttl has a case that fails, and messages in both languages."""
    shapes = read(FOLDER / "style.ttl")
    speaking = {s for s in shapes.subjects(SH.message) if isinstance(s, URIRef)}
    assert {name(shape) for shape in speaking} == set(MISTAKES)
    for shape in speaking:
        languages = [
            m.language for m in shapes.objects(shape, SH.message) if isinstance(m, Literal)
        ]
        assert sorted(filter(None, languages)) == ["en", "fr"], shape


def test_drawn_relations_name_properties_that_exist() -> None:
    """What says how a relation is drawn leads to declared properties, and to both languages."""
    graph = core()
    drawn = [p for p in vocabulary.properties(graph) if name(p).startswith("drawn")]
    outside = vocabulary.lock()["terms"]
    for predicate in drawn:
        for subject, target in graph.subject_objects(predicate):
            if isinstance(target, URIRef):
                declared = (target, RDF.type, None) in graph or str(target) in outside
                assert declared, f"{name(str(subject))}: {target}"
    assert {name(str(s)) for s in graph.subjects(PTCE.drawnFrom)} >= {
        "CooperationLink",
        "Funding",
        "Membership",
    }


def test_drawn_relations_are_those_of_the_network(real: Project) -> None:
    """Memberships, fundings and links of cooperation, said one by one, are the network's links."""
    store = dataset.open_store(real)
    said = """PREFIX org: <http://www.w3.org/ns/org#>
        PREFIX ptce: <https://w3id.org/ptce/ontology#>
        SELECT ?link ?from ?to WHERE {
          { ?link a ptce:Membership ; org:member ?from ; org:organization ?to }
          UNION { ?link a ptce:Funding ; ptce:fundedBy ?from ; ptce:funds ?to }
          UNION { ?link a ptce:CooperationLink ; ptce:linkSource ?from ; ptce:linkTarget ?to } }"""
    rows = store.query(said)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    ends = ("link", "from", "to")
    drawn = links.read(Tables(real.queries / "network", store))
    found = sorted(tuple(row[end] for end in ends) for row in drawn)
    assert found == sorted(tuple(row[end].value for end in ends) for row in rows) != []


def test_alignments_are_sourced() -> None:
    """Each match is said once as a triple and once as a node with its SSSOM metadata."""
    graph = read(ALIGNMENTS)
    own = read(FOLDER / "ptce.ttl")
    plain = {
        (s, p, o)
        for s, p, o in graph
        if isinstance(p, URIRef) and p.startswith(str(SKOS)) and p.endswith("Match")
    }
    said = set()
    for node in graph.subjects(RDF.type, OWL.Axiom):
        parts = (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)
        match = tuple(graph.value(node, part) for part in parts)
        said.add(match)
        assert isinstance(node, URIRef), f"{match}: a blank node"
        assert graph.value(node, SSSOM.author_label), node
        assert graph.value(node, SSSOM.mapping_justification), node
        day = graph.value(node, URIRef("http://purl.org/pav/authoredOn"))
        assert isinstance(day, Literal), node
        assert isinstance(day.toPython(), date), node
        comments = [c.language for c in graph.objects(node, RDFS.comment) if isinstance(c, Literal)]
        assert sorted(filter(None, comments)) in ([], ["en", "fr"]), node
    assert plain == said
    undeclared = {name(str(s)) for s, _, _ in plain if (s, RDF.type, None) not in own}
    assert not undeclared, f"ontology/alignments.ttl names {sorted(undeclared)}, not in ptce.ttl"


def test_no_class_is_said_equivalent_to_an_outside_one() -> None:
    """An equivalence would import the axioms and the errors of the other vocabulary."""
    graph = read(FOLDER / "ptce.ttl", ALIGNMENTS)
    for predicate in (OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs):
        assert not list(graph.subject_objects(predicate))


def test_terms_stand_in_order() -> None:
    """In each part of ptce.ttl the terms are in alphabetical order, without regard to case."""
    parts = re.split(r"(?m)^# .*$", (FOLDER / "ptce.ttl").read_text("utf-8"))
    for part in parts:
        names = re.findall(r"(?m)^ptce:(\w+) a ", part)
        assert names == sorted(names, key=str.lower)

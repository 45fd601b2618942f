"""G4 and G5: the ontology is consistent, and contradictions planted in it are found."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import owlrl  # type: ignore[import-untyped, unused-ignore]
import pytest
from rdflib import Graph, Literal, URIRef

from ptce_graph.project import Project
from tests.gates.vocabulary import core, name, read

Record = Callable[[str, object], None]
AXIOMS = Path(__file__).with_name("outside-axioms.ttl")
PLANTED = "https://example.org/planted#"
PREFIXES = """\
@prefix : <https://example.org/planted#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix ptce: <https://w3id.org/ptce/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CONTRADICTIONS: dict[str, tuple[str | tuple[str, str], ...]] = {
    "cooperative-and-association": ("ptce:Cooperative", "ptce:Association"),
    "mutual-and-foundation": ("ptce:Mutual", "ptce:Foundation"),
    "company-and-ministry": ("ptce:CommercialCompany", "ptce:StateBody"),
    "commune-and-its-council": ("ptce:Commune", "ptce:LocalAuthority"),
    "pole-and-membership": ("ptce:Pole", "ptce:Membership"),
    "pole-and-event": ("ptce:Pole", "ptce:ChangeEvent"),
    "person-and-association": ("ptce:Person", "ptce:Association"),
    "document-and-its-publisher": ("ptce:SourceDocument", "ptce:LegalPerson"),
    "decision-and-application": ("ptce:AwardDecision", "ptce:Application"),
    "call-and-funding": ("ptce:CallForProjects", "ptce:Funding"),
    "call-as-an-entity": ("ptce:CallForProjects", ("prov:hadPrimarySource", "owl:Thing")),
    "application-that-decides": ("ptce:Application", ("ptce:decides", "owl:Thing")),
    "cooperative-that-administers": ("ptce:Cooperative", ("ptce:administers", "owl:Thing")),
    "membership-whose-role-is-a-pole": ("ptce:Membership", ("org:role", "ptce:Pole")),
    "commune-and-department": ("ptce:Commune", "ptce:Department"),
    "priority-area-and-employment-zone": ("ptce:PriorityArea", "ptce:EmploymentZone"),
    "intercommunality-and-its-council": ("ptce:Intercommunality", "ptce:LocalAuthority"),
    "extraction-and-its-document": ("ptce:ExtractionActivity", "ptce:SourceDocument"),
    "label-and-decision": ("ptce:LabelAttribution", "ptce:AwardDecision"),
    "decision-generated-by-extraction": (
        "ptce:AwardDecision",
        ("prov:wasGeneratedBy", "ptce:ExtractionActivity"),
    ),
    "person-that-leads-a-pole": ("ptce:Pole", ("ptce:leadOrganisation", "ptce:Person")),
    "amount-in-words": ("ptce:Funding", ("ptce:amount", "xsd:string")),
}
"""Name → what nothing can be at once: a class, or something with a property to a class."""

INDIVIDUALS = {
    "cooperative and association": ":x a ptce:Cooperative , ptce:Association .",
    "pole as a role": ":m a ptce:Membership ; org:role :p . :p a ptce:Pole .",
    "call with a primary source": ":c a ptce:CallForProjects ; prov:hadPrimarySource :d .",
    "territory that is an authority": ":t a ptce:Commune , ptce:LocalAuthority .",
    "decision that is decided": ":d ptce:decides :e . :e ptce:decides :f .",
    "person that is an association": ":p a ptce:Person , ptce:Association .",
    "pole with a legal form that is a pole": ":p a ptce:Pole ; ptce:legalForm :s . "
    ":s a skos:ConceptScheme .",
}
"""Name → a few triples that contradict the ontology."""


def ontology() -> Graph:
    """Return the ontology, its schemes and the axioms on which they rest."""
    return core() + read(AXIOMS)


def _expression(part: str | tuple[str, str]) -> str:
    if isinstance(part, str):
        return part
    path, target = part
    return f"[ a owl:Restriction ; owl:onProperty {path} ; owl:someValuesFrom {target} ]"


def planted() -> Graph:
    """Return one class for each contradiction."""
    text = PREFIXES
    for key, parts in CONTRADICTIONS.items():
        both = " ".join(_expression(part) for part in parts)
        wider = f"[ a owl:Class ; owl:intersectionOf ({both}) ]"
        text += f":{key} a owl:Class ; rdfs:subClassOf {wider} .\n"
    return Graph().parse(data=text, format="turtle")


@pytest.fixture(scope="module")
def hermit() -> Any:
    """The package that runs HermiT, where it and Java 11 or later are."""
    owlready2 = pytest.importorskip("owlready2", reason="owlready2 is not installed")
    java = shutil.which("java")
    said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr if java else ""
    version = re.search(r'version "(\d+)', said)
    if not version or int(version[1]) < 11:
        pytest.skip("HermiT needs Java 11 or later")
    return owlready2


def unsatisfiable(owlready2: Any, graph: Graph, folder: Path) -> set[str]:
    """Return the classes in which HermiT finds that nothing can be."""
    path = folder / "ontology.nt"
    path.write_bytes(graph.serialize(format="nt", encoding="utf-8"))
    world = owlready2.World()
    loaded = world.get_ontology(path.as_uri()).load()
    with loaded:
        owlready2.sync_reasoner_hermit(world, debug=0)
    found = {found.iri for found in world.inconsistent_classes() if hasattr(found, "iri")}
    return found - {"http://www.w3.org/2002/07/owl#Nothing"}


def test_g4_hermit_finds_the_ontology_consistent(
    hermit: Any, tmp_path: Path, record_property: Record
) -> None:
    """With the axioms of ORG, PROV-O and FOAF, no class is empty; each planted one is."""
    found = unsatisfiable(hermit, ontology(), tmp_path)
    caught = unsatisfiable(hermit, ontology() + planted(), tmp_path)
    record_property(
        "gate",
        f"G4   HermiT with the axioms of ORG, PROV-O and FOAF: consistent, {len(found)} "
        f"unsatisfiable; {len(caught)} of {len(CONTRADICTIONS)} planted contradictions caught",
    )
    assert not found
    assert {name(iri) for iri in caught} == set(CONTRADICTIONS)


def test_g4_hermit_refuses_contradictory_data(hermit: Any, tmp_path: Path) -> None:
    """One thing that is a cooperative and an association makes the whole inconsistent."""
    text = PREFIXES + INDIVIDUALS["cooperative and association"]
    graph = ontology() + Graph().parse(data=text, format="turtle")
    with pytest.raises(hermit.OwlReadyInconsistentOntologyError):
        unsatisfiable(hermit, graph, tmp_path)


def errors(graph: Graph) -> list[str]:
    """Close a graph under the rules of OWL RL and return the contradictions that they find."""
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    error = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
    return sorted(str(text) for text in graph.objects(None, error) if isinstance(text, Literal))


def test_g5_closure_has_no_error(real: Project, record_property: Record) -> None:
    """Under OWL RL, the ontology with the real graph contradicts itself nowhere."""
    graph = ontology()
    graph.parse(real.turtle)
    before = len(graph)
    found = errors(graph)
    record_property(
        "gate",
        f"G5   OWL RL closure of the ontology and the real graph: {before} triples, "
        f"{len(graph)} after, {len(found)} errors; {len(INDIVIDUALS)} planted ones all found",
    )
    assert not found


@pytest.mark.parametrize("case", INDIVIDUALS)
def test_g5_closure_finds_what_contradicts(case: str) -> None:
    """Data that contradict the ontology are found by the same rules."""
    graph = read(AXIOMS)
    graph.parse(Path(__file__).parents[2] / "ontology" / "ptce.ttl")
    graph.parse(data=PREFIXES + INDIVIDUALS[case], format="turtle")
    assert errors(graph)

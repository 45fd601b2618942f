"""G1, G2, G3, G8 and G13: terms that exist, that speak both languages, are used, and stay."""

import re
from collections.abc import Callable

import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, SKOS

from conftest import ROOT
from ptce_graph.namespaces import BASE, ONTOLOGY, PREFIXES
from tests.gates import vocabulary
from tests.gates.vocabulary import FOLDER, QUERIES, SCHEMES, core, name

Record = Callable[[str, object], None]
WAIVED = ROOT / "tests" / "gates" / "unasked.txt"
RELEASED = FOLDER / "terms-released.txt"
SAME_IN_BOTH = ROOT / "tests" / "gates" / "same-in-both.txt"
EXAMPLES = ("http://example", "https://example")


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The ontology and its schemes."""
    return core()


def lines(path: object) -> list[str]:
    """Return the lines of a list, comments left out."""
    text = path.read_text("utf-8") if hasattr(path, "read_text") else ""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_g1_every_outside_iri_is_in_the_lock(graph: Graph, record_property: Record) -> None:
    """No file names an IRI of another vocabulary that nobody has seen in that vocabulary."""
    lock = vocabulary.lock()
    allowed = set(lock["terms"]) | set(lock["documents"])
    named = vocabulary.named_iris()
    outside = {iri for iri in named if not iri.startswith((BASE, *EXAMPLES))}
    files = [v for v in lock["vocabularies"].values() if isinstance(v, dict) and "sha256" in v]
    record_property(
        "gate",
        f"G1   {len(outside)} outside IRIs named, {len(outside - allowed)} not in the lock; "
        f"{len(files)} of {len(lock['vocabularies'])} vocabularies with a file and its hash",
    )
    wrong = [f"{iri} in {', '.join(sorted(named[iri]))}" for iri in sorted(outside - allowed)]
    assert not wrong, "see it in its vocabulary, then add it to ontology/terms-lock.json:\n" + (
        "\n".join(wrong)
    )


def test_g1_every_name_of_ours_is_declared(graph: Graph) -> None:
    """No file names a term or a concept of ours that the ontology does not declare."""
    declared = {str(subject) for subject in graph.subjects(RDF.type)}
    ours = (ONTOLOGY, BASE + "scheme/")
    named = vocabulary.named_iris()
    wrong = {
        iri: files
        for iri, files in named.items()
        if iri.startswith(ours) and iri not in declared and not iri.endswith(("#", "/"))
    }
    assert not wrong


def test_g1_lock_names_each_vocabulary_and_why() -> None:
    """Each term has a vocabulary whose namespace it starts with, and a file or a reason."""
    lock = vocabulary.lock()
    for iri, key in lock["terms"].items():
        source = lock["vocabularies"][str(key)]
        assert isinstance(source, dict)
        assert iri.startswith(source["namespace"]), iri
    for key, source in lock["vocabularies"].items():
        assert isinstance(source, dict)
        assert ("sha256" in source and "file" in source) or source.get("why"), key


def test_g1_prefixes_are_spelled_as_in_the_lock() -> None:
    """A prefix stands for the same namespace in the code, the queries and the ontology."""
    known = {str(v["namespace"]) for v in vocabulary.lock()["vocabularies"].values()}  # type: ignore[index]
    for key, namespace in PREFIXES.items():
        assert namespace in known or namespace.startswith(BASE), key
    for path in QUERIES:
        for key, namespace in vocabulary.namespaces(path.read_text("utf-8")).items():
            assert namespace in known or namespace.startswith(BASE), f"{path.name}: {key}"


WRONG = {
    "LOCN as examples spell it": "PREFIX l: <http://w3.org/ns/locn#> SELECT ?x { ?x l:address ?y }",
    "RegOrg under https": "SELECT ?x { ?x <https://www.w3.org/ns/regorg#orgType> ?y }",
    "a term that ORG has not": "SELECT ?x { ?x org:hasMemberSince ?y } # org:member",
    "a term that CPOV dropped": "SELECT ?x { ?x <http://data.europa.eu/m8g/openingHours> ?y }",
}


@pytest.mark.parametrize("case", WRONG)
def test_g1_sees_what_others_let_through(case: str) -> None:
    """Mistakes found in published data and old lists are not in the lock."""
    allowed = set(vocabulary.lock()["terms"])
    assert len({i for i in vocabulary.query_iris(WRONG[case]) if i not in allowed}) == 1


def test_g1_reads_queries_as_a_parser_does() -> None:
    """Comments, strings, variables and comparisons name nothing; paths and datatypes do."""
    text = """
    PREFIX ex: <http://example.org/ns#>
    # ex:comment <http://example.org/comment>
    SELECT ?ex WHERE { ?ex ex:path/ex:other "ex:string" ; ^ex:back 'ex:s' .
      FILTER (?a <?b && ?c> 3 && ?d = "1"^^ex:type && ?e != <http://example.org/iri#part>) }
    """
    names = {"ns#path", "ns#other", "ns#back", "ns#type", "iri#part"}
    assert vocabulary.query_iris(text) == {"http://example.org/" + key for key in names}


def _languages(graph: Graph, term: URIRef, predicate: URIRef) -> dict[str | None, str]:
    return {o.language: str(o) for o in graph.objects(term, predicate) if isinstance(o, Literal)}


def test_g2_both_languages_everywhere(graph: Graph, record_property: Record) -> None:
    """Each term, concept and scheme has its name and definition in French and in English."""
    terms = [*vocabulary.classes(graph), *vocabulary.properties(graph)]
    wanted = [(term, RDFS.label, RDFS.comment) for term in terms]
    wanted += [(c, SKOS.prefLabel, SKOS.definition) for c in vocabulary.concepts(graph)]
    schemes = graph.subjects(RDF.type, SKOS.ConceptScheme)
    wanted += [(URIRef(str(s)), DCTERMS.title, DCTERMS.description) for s in schemes]
    same_allowed = set(lines(SAME_IN_BOTH))
    bad, same = [], []
    for term, label, definition in wanted:
        labels, texts = _languages(graph, term, label), _languages(graph, term, definition)
        good = set(labels) == set(texts) == {"fr", "en"} and all(
            [*labels.values(), *texts.values()]
        )
        if not good or texts["fr"] == texts["en"]:
            bad.append(str(term))
        elif labels["fr"] == labels["en"]:
            same.append(str(term).removeprefix(BASE))
    record_property(
        "gate",
        f"G2   {len(wanted) - len(bad)} of {len(wanted)} terms, concepts and schemes named and "
        f"defined in fr and en; {len(same)} with one name for both, all listed",
    )
    assert not bad
    assert sorted(same) == sorted(same_allowed), f"list them in {SAME_IN_BOTH.name}"


def test_g2_language_tags_are_lower_case() -> None:
    """Parsers forgive `@FR`; readers that compare tags do not."""
    for path in [FOLDER / "ptce.ttl", *SCHEMES, FOLDER / "alignments.ttl", FOLDER / "style.ttl"]:
        tags = set(re.findall(r'"@([A-Za-z-]+)', path.read_text("utf-8")))
        assert tags <= {"fr", "en"}, path.name


def test_g3_domain_and_range_or_a_waiver(graph: Graph, record_property: Record) -> None:
    """Each property has a domain and a range, or the written reason for having none."""
    properties = vocabulary.properties(graph, OWL.ObjectProperty, OWL.DatatypeProperty)
    waiver = URIRef(ONTOLOGY + "waiver")
    full = {
        p for p in properties if (p, RDFS.domain, None) in graph and (p, RDFS.range, None) in graph
    }
    waived = {p for p in properties if (p, waiver, None) in graph}
    record_property(
        "gate",
        f"G3   {len(full)} of {len(properties)} properties with domain and range, "
        f"{len(waived - full)} waived in writing, {len(set(properties) - full - waived)} neither",
    )
    assert not set(properties) - full - waived
    assert not waived & full, "a waiver that is no longer needed"


def test_g8_each_term_is_asked_or_waived(graph: Graph, record_property: Record) -> None:
    """Each class and property is named by a question or a rule, or waived in writing."""
    declared = {str(t) for t in (*vocabulary.classes(graph), *vocabulary.properties(graph))}
    asked = {i for p in QUERIES for i in vocabulary.query_iris(p.read_text("utf-8"))} & declared
    filled = {i for p in vocabulary.METADATA for i in vocabulary.metadata_iris(p)} & declared
    waivers = dict(re.split(r"\s+", line, maxsplit=1) for line in lines(WAIVED))
    waived = {ONTOLOGY + key for key in waivers}
    record_property(
        "gate",
        f"G8   {len(asked)} of {len(declared)} classes and properties touched by a query, "
        f"{len((waived & declared) - asked)} waived in writing, "
        f"{len(declared - asked - waived)} neither; the tables fill {len(filled)}",
    )
    assert waived <= declared, "waived, but not declared"
    left = sorted(name(t) for t in declared - asked - waived)
    assert not left, f"ask about them in queries/ or give a reason in {WAIVED.name}: {left}"


def gone(graph: Graph, released: set[str]) -> set[str]:
    """Return the released terms that the ontology no longer declares."""
    declared = {str(s).removeprefix(BASE) for s in graph.subjects(RDF.type)}
    return released - declared


def test_g13_no_released_term_is_removed(graph: Graph, record_property: Record) -> None:
    """A term that was released stays, deprecated where need be (owl:deprecated)."""
    released = set(lines(RELEASED))
    deprecated = list(graph.subjects(OWL.deprecated))
    record_property(
        "gate",
        f"G13  {len(released)} terms and concepts released, {len(gone(graph, released))} removed, "
        f"{len(deprecated)} deprecated",
    )
    assert not gone(graph, released), "deprecate (owl:deprecated true), never delete"


def test_g13_a_removal_is_seen(graph: Graph) -> None:
    """Taking a term out, or a concept, is seen."""
    changed = Graph() + graph
    changed.remove((URIRef(ONTOLOGY + "Pole"), None, None))
    changed.remove((URIRef(BASE + "scheme/role/partner"), None, None))
    found = gone(changed, set(lines(RELEASED)))
    assert found == {"ontology#Pole", "scheme/role/partner"}

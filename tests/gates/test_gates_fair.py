"""G7: the checks of FOOPS! that need no network, made again under their own names.

After the descriptions of the catalogue of FOOPS! (oeg-upm/fair_ontologies, testCatalogue). Nine
others ask the network: CN1, DOC1, FIND2, FIND3, FIND_3_BIS, OM4.2, RDF1, URI1 and VER2.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, OWL, SKOS, VANN

from ptce_graph.namespaces import BASE
from tests.gates import vocabulary
from tests.gates.vocabulary import FOLDER, HEADER, read

BIBO = Namespace("http://purl.org/ontology/bibo/")
PERSISTENT = ("w3id.org", "doi.org", "purl.org", "www.w3.org", "perma.cc", "data.europa.eu")
RECOMMENDED = {
    "prefix": VANN.preferredNamespacePrefix,
    "version": OWL.versionInfo,
    "created": DCTERMS.created,
    "citation": DCTERMS.bibliographicCitation,
}
MINIMUM = {
    "title": DCTERMS.title,
    "description": DCTERMS.description,
    "licence": DCTERMS.license,
    "version IRI": OWL.versionIRI,
    "creator": DCTERMS.creator,
    "namespace": VANN.preferredNamespaceUri,
}
DETAILED = {
    "DOI": BIBO.doi,
    "publisher": DCTERMS.publisher,
    "logo": FOAF.logo,
    "status": BIBO.status,
    "source": DCTERMS.source,
    "issued": DCTERMS.issued,
}
AWAITED = {"OM3": {"DOI"}}
"""What only an act outside this repository can give: a DOI comes with the first deposit."""

Check = Callable[[Graph], set[str]]


def _missing(fields: dict[str, URIRef]) -> Check:
    return lambda graph: {k for k, p in fields.items() if (HEADER, p, None) not in graph}


def _find_ids(graph: Graph) -> set[str]:
    return {str(s) for s in graph.subjects(RDF.type, OWL.Ontology)} ^ {str(HEADER)}


def _find_version(graph: Graph) -> set[str]:
    version = graph.value(HEADER, OWL.versionIRI)
    return set() if version and version != HEADER else {"version IRI"}


def _find_undocumented(*predicates: URIRef) -> Check:
    def check(graph: Graph) -> set[str]:
        terms = [*vocabulary.classes(graph), *vocabulary.properties(graph)]
        return {str(t) for t in terms if not any((t, p, None) in graph for p in predicates)}

    return check


def _find_no_reuse(graph: Graph) -> set[str]:
    wider = graph.objects(None, RDFS.subClassOf)
    return set() if any(not str(term).startswith(BASE) for term in wider) else {"reuse"}


def _find_no_metadata_vocabulary(graph: Graph) -> set[str]:
    used = {str(p) for p in graph.predicates(HEADER)}
    return set() if any(p.startswith(str(DCTERMS)) for p in used) else {"Dublin Core"}


CHECKS: dict[str, Check] = {
    "FIND1": _missing({"prefix": VANN.preferredNamespacePrefix}),
    "HTTP1": lambda _: set() if urlsplit(HEADER).scheme in ("http", "https") else {"protocol"},
    "OM1": _missing(MINIMUM),
    "OM2": _missing(RECOMMENDED),
    "OM3": _missing(DETAILED),
    "OM4.1": _missing({"licence": DCTERMS.license}),
    "OM5.1": _missing({"creator": DCTERMS.creator, "created": DCTERMS.created}),
    "OM5.2": _missing({"issued": DCTERMS.issued, "publisher": DCTERMS.publisher}),
    "PURL1": lambda _: set() if urlsplit(HEADER).hostname in PERSISTENT else {"persistent address"},
    "URI2": _find_ids,
    "VER1": _find_version,
    "VOC1": _find_no_metadata_vocabulary,
    "VOC2": _find_no_reuse,
    "VOC3": _find_undocumented(RDFS.label, SKOS.prefLabel),
    "VOC4": _find_undocumented(RDFS.comment, SKOS.definition),
}
"""Check of FOOPS! → what it finds wrong."""


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The ontology."""
    return read(FOLDER / "ptce.ttl")


@pytest.mark.parametrize("check", CHECKS)
def test_g7_check_finds_nothing_but_what_is_awaited(graph: Graph, check: str) -> None:
    """Each check finds nothing wrong, but for what is written down as awaited."""
    assert CHECKS[check](graph) == AWAITED.get(check, set())


@pytest.mark.parametrize("check", sorted(set(CHECKS) - {"HTTP1", "PURL1", "VOC3", "VOC4"}))
def test_g7_check_sees_an_ontology_without_header(check: str) -> None:
    """An ontology that says nothing of itself and reuses nothing fails each check."""
    assert CHECKS[check](Graph())


def test_g7_figures(graph: Graph, record_property: Callable[[str, object], None]) -> None:
    """Print how many pass."""
    passed = [key for key, check in CHECKS.items() if not check(graph)]
    awaited = "; ".join(f"{key} awaits a {', '.join(sorted(v))}" for key, v in AWAITED.items())
    record_property(
        "gate", f"G7   {len(passed)} of {len(CHECKS)} offline checks of FOOPS! ({awaited})"
    )
    assert set(CHECKS) - set(passed) == set(AWAITED)


def test_the_logo_is_there() -> None:
    """The logo that the header names is a file of the ontology."""
    logo = read(FOLDER / "ptce.ttl").value(HEADER, FOAF.logo)
    assert (FOLDER / str(logo).rpartition("/")[2]).is_file()

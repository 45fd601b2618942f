"""The JSON-LD context of the ontology, made from its properties and their ranges."""

import json

from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.namespace import OWL, XSD

from ptce_graph.namespaces import ONTOLOGY, PREFIXES
from tests.gates.vocabulary import FOLDER, core, name, properties

FILE = FOLDER / "context.jsonld"
_TEXTS = {
    "altLabel": "skos:altLabel",
    "comment": "rdfs:comment",
    "definition": "skos:definition",
    "description": "dcterms:description",
    "label": "rdfs:label",
    "note": "skos:note",
    "prefLabel": "skos:prefLabel",
    "title": "dcterms:title",
}
_LINKS = {
    "broader": "skos:broader",
    "hadPrimarySource": "prov:hadPrimarySource",
    "inScheme": "skos:inScheme",
    "isDefinedBy": "rdfs:isDefinedBy",
    "member": "org:member",
    "organization": "org:organization",
    "role": "org:role",
    "subClassOf": "rdfs:subClassOf",
    "subPropertyOf": "rdfs:subPropertyOf",
}
_LANG_STRING = URIRef(str(RDF) + "langString")


def text() -> str:
    """Return the context as the file has it."""
    terms: dict[str, object] = {"@version": 1.1, "id": "@id", "type": "@type"}
    terms |= dict(sorted(PREFIXES.items()))
    terms |= {key: {"@id": iri, "@container": "@language"} for key, iri in _TEXTS.items()}
    terms |= {key: {"@id": iri, "@type": "@id"} for key, iri in _LINKS.items()}
    graph = core()
    terms |= {name(p): _term(graph, p) for p in properties(graph) if name(p) not in terms}
    return json.dumps({"@context": terms}, indent=1, ensure_ascii=False) + "\n"


def _term(graph: Graph, term: URIRef) -> dict[str, str]:
    iri = term.replace(ONTOLOGY, "ptce:")
    if (term, RDF.type, OWL.ObjectProperty) in graph:
        return {"@id": iri, "@type": "@id"}
    target = graph.value(term, RDFS.range)
    if target == _LANG_STRING:
        return {"@id": iri, "@container": "@language"}
    if target and str(target).startswith(str(XSD)):
        return {"@id": iri, "@type": f"xsd:{name(str(target))}"}
    return {"@id": iri}

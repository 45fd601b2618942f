"""The namespaces of the project and of the vocabularies it uses, in one place."""

BASE = "https://w3id.org/ptce/"
ID = BASE + "id/"
ONTOLOGY = BASE + "ontology#"
SCHEME = BASE + "scheme/"
DATATYPE = BASE + "datatype#"
INFERRED = BASE + "graph/inferred/"
PASSAGE = BASE + "graph/passage/"

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES = {
    "dc11": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "igeo": "http://rdf.insee.fr/def/geo#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "ptce": ONTOLOGY,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": XSD,
}
"""Prefix → namespace, for what we write; `schema` is the https form that schema.org prefers."""

_THINGS = (
    *("action", "application", "axis", "call", "count", "decision", "doc", "envelope", "event"),
    *("funding", "link", "membership", "model", "objective", "office", "participation", "person"),
    *("pole", "rule", "territory", "text"),
)
_SCHEMES = (
    *("bound", "certainty", "cooperation-type", "event-type", "function", "measure", "outcome"),
    *("role", "sector", "status"),
)
THING_PREFIXES = (
    {"organisation": ID + "org/"}
    | {name: f"{ID}{name}/" for name in _THINGS}
    | {name: f"{SCHEME}{name}/" for name in _SCHEMES}
    | {"outcome": SCHEME + "decision-outcome/"}
)
"""Prefix → namespace, for the things and the codes of the graph."""

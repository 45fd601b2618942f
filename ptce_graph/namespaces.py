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

CSVW_PREFIXES = {
    **{name: PREFIXES[name] for name in ("dc11", "dcterms", "foaf", "org", "owl")},
    **{name: PREFIXES[name] for name in ("prov", "rdf", "rdfs", "skos", "xsd")},
    "as": "https://www.w3.org/ns/activitystreams#",
    "cc": "http://creativecommons.org/ns#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "ctag": "http://commontag.org/ns#",
    "dc": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dctypes": "http://purl.org/dc/dcmitype/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "duv": "https://www.w3.org/TR/vocab-duv#",
    "gr": "http://purl.org/goodrelations/v1#",
    "grddl": "http://www.w3.org/2003/g/data-view#",
    "ical": "http://www.w3.org/2002/12/cal/icaltzd#",
    "ldp": "http://www.w3.org/ns/ldp#",
    "ma": "http://www.w3.org/ns/ma-ont#",
    "oa": "http://www.w3.org/ns/oa#",
    "og": "http://ogp.me/ns#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdfa": "http://www.w3.org/ns/rdfa#",
    "rev": "http://purl.org/stuff/rev#",
    "rif": "http://www.w3.org/2007/rif#",
    "rr": "http://www.w3.org/ns/r2rml#",
    "schema": "http://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sioc": "http://rdfs.org/sioc/ns#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "v": "http://rdf.data-vocabulary.org/#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "wdr": "http://www.w3.org/2007/05/powder#",
    "wrds": "http://www.w3.org/2007/05/powder-s#",
    "xhv": "http://www.w3.org/1999/xhtml/vocab#",
}
"""Prefixes that metadata of tables may use: the RDFa initial context (tabular-metadata, 5.1.2)."""

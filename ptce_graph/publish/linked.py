"""The RDF of one thing: what is asserted of it, and the statements that it is an end of.

What rules infer is left out: it can be had from the dumps, in its own graphs. JSON-LD has its
context inside, and says beside our classes which types of schema.org come closest, for search
engines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, Triple

from ptce_graph import export
from ptce_graph.namespaces import ID, INFERRED, ONTOLOGY, PREFIXES, RDF_TYPE
from ptce_graph.publish.thing import MOST, SOURCES, STATEMENTS

SCHEMA = PREFIXES["schema"]
_SKOS = PREFIXES["skos"]
_DECIMAL = PREFIXES["xsd"] + "decimal"
_STATEMENTS = {ONTOLOGY + name for name in STATEMENTS}
TYPES = {
    **dict.fromkeys(
        ("LegalPerson", "Association", "Mutual", "Foundation", "EmployerGroup", "Collaboration"),
        "Organization",
    ),
    **dict.fromkeys(("PublicBody", "LocalAuthority", "StateBody"), "GovernmentOrganization"),
    **dict.fromkeys(
        ("Commune", "Department", "Region", "Intercommunality", "TerritoryGroup"),
        "AdministrativeArea",
    ),
    **dict.fromkeys(("LegalText", "LegalArticle"), "Legislation"),
    "CallForProjects": "FundingScheme",
    "ChangeEvent": "Event",
    "CommercialCompany": "Corporation",
    "Cooperative": "Organization",
    "CooperativeAction": "Action",
    "Funding": "MonetaryGrant",
    "Membership": "OrganizationRole",
    "Person": "Person",
    "Pole": "Consortium",
    "SourceDocument": "CreativeWork",
}
"""Our class → the closest type of schema.org."""

ALSO = {
    _SKOS + "prefLabel": "name",
    PREFIXES["dcterms"] + "title": "name",
    _SKOS + "altLabel": "alternateName",
    PREFIXES["foaf"] + "homepage": "url",
    ONTOLOGY + "siren": "identifier",
    ONTOLOGY + "siret": "identifier",
}
"""Property → the property of schema.org that search engines read."""


def triples(store: pyoxigraph.Store, iri: str) -> list[Triple]:
    """Return what a store asserts of a thing and in the statements that it is an end of, sorted."""
    node = NamedNode(iri)
    found = set(_asserted(store.quads_for_pattern(node, None, None, None)))
    if iri.startswith(ID):
        for quad in islice(store.quads_for_pattern(None, None, node, None), MOST):
            is_end = isinstance(quad.subject, NamedNode) and quad.predicate.value not in SOURCES
            if is_end and _is_statement(store, quad):
                found.update(_asserted(store.quads_for_pattern(quad.subject, None, None, None)))
    return sorted(found, key=lambda triple: (_iri(triple.subject) != iri, str(triple)))


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _asserted(quads: Iterable[Quad]) -> set[Triple]:
    found = list(quads)
    inferred = {
        quad.triple
        for quad in found
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(INFERRED)
    }
    return {_written(triple) for triple in {quad.triple for quad in found} - inferred}


def _written(triple: Triple) -> Triple:
    """Return a triple as the tables write it: a decimal has a point, which stores take away."""
    value = triple.object
    if isinstance(value, Literal) and value.datatype.value == _DECIMAL and "." not in value.value:
        return Triple(
            triple.subject, triple.predicate, Literal(value.value + ".0", datatype=value.datatype)
        )
    return triple


def _is_statement(store: pyoxigraph.Store, quad: Quad) -> bool:
    kinds = store.quads_for_pattern(quad.subject, NamedNode(RDF_TYPE), None, None)
    return any(_iri(kind.object) in _STATEMENTS for kind in kinds)


def turtle(found: Iterable[Triple]) -> bytes:
    """Return triples in Turtle."""
    return export.write({f"{triple} .\n" for triple in found}, "turtle")


def jsonld(found: Iterable[Triple], iri: str, context: Context) -> bytes:
    """Return triples in JSON-LD, with the context that they need inside.

    Args:
        found: what `triples` gives.
        iri: the thing, which also gets its types and names of schema.org.
        context: that of the ontology, read once.
    """
    nodes: dict[str, list[Triple]] = {iri: []}
    for triple in [*found, *_for_search_engines(found, iri)]:
        nodes.setdefault(_iri(triple.subject), []).append(triple)
    writer = _Writer(context)
    graph = [writer.node(subject, rows) for subject, rows in nodes.items() if rows]
    document = {"@context": writer.used(), "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _for_search_engines(found: Iterable[Triple], iri: str) -> Iterator[Triple]:
    node = NamedNode(iri)
    for triple in found:
        if triple.subject == node:
            value, predicate = triple.object, triple.predicate.value
            kind = TYPES.get(_iri(value).removeprefix(ONTOLOGY)) if predicate == RDF_TYPE else None
            if kind:
                yield Triple(node, NamedNode(RDF_TYPE), NamedNode(SCHEMA + kind))
            elif predicate in ALSO:
                yield Triple(node, NamedNode(SCHEMA + ALSO[predicate]), value)


class Context:
    """The JSON-LD context of the ontology, read once.

    Attributes:
        entries: what it says of each term and prefix.
        terms: its terms, by the whole IRI of a property.
    """

    def __init__(self, path: Path) -> None:
        self.entries: dict[str, Any] = json.loads(path.read_text("utf-8"))["@context"]
        self.terms = {
            self.expand(entry["@id"]): key
            for key, entry in self.entries.items()
            if isinstance(entry, dict)
        }

    def expand(self, name: str) -> str:
        """Return the whole IRI of a prefixed name."""
        prefix, _, local = name.partition(":")
        space = self.entries.get(prefix)
        return space + local if isinstance(space, str) else name


class _Writer:
    """Writes nodes with the terms of a context, and remembers which of them it needed."""

    def __init__(self, context: Context) -> None:
        self.context = context.entries
        self.terms = context.terms
        self.expand = context.expand
        self.needed: set[str] = set()

    def used(self) -> dict[str, Any]:
        """Return the part of the context that was needed."""
        always = ("@version", "id", "type")
        for key in [key for key in self.needed if isinstance(self.context[key], dict)]:
            entry = self.context[key]
            for name in (entry["@id"], entry.get("@type", "")):
                self.needed.add(name.partition(":")[0])
        return {k: v for k, v in self.context.items() if k in always or k in self.needed}

    def node(self, iri: str, rows: list[Triple]) -> dict[str, Any]:
        """Return the object of a node."""
        found: dict[str, Any] = {"id": iri}
        kinds = [_iri(r.object) for r in rows if r.predicate.value == RDF_TYPE]
        if kinds:
            found["type"] = _one([self._short(kind) for kind in kinds])
        properties: dict[str, list[Any]] = {}
        for row in rows:
            if row.predicate.value != RDF_TYPE:
                properties.setdefault(row.predicate.value, []).append(row.object)
        for predicate, values in properties.items():
            key = self.terms.get(predicate, "")
            written = self._coerced(key, values) if key else None
            if written is None:
                key, written = self._short(predicate), _one([self._plain(v) for v in values])
            else:
                self.needed.add(key)
            found[key] = written
        return found

    def _coerced(self, key: str, values: list[Any]) -> Any:
        """Return values as a term of the context has them, or None when they are otherwise."""
        entry = self.context[key]
        if entry.get("@container") == "@language":
            if not all(isinstance(v, Literal) and v.language for v in values):
                return None
            texts: dict[str, list[str]] = {}
            for value in values:
                texts.setdefault(value.language, []).append(value.value)
            return {language: _one(found) for language, found in texts.items()}
        kind = entry.get("@type")
        if kind == "@id":
            return _one([v.value for v in values]) if _all(values, NamedNode) else None
        wanted = self.expand(kind) if kind else PREFIXES["xsd"] + "string"
        if _all(values, Literal) and all(
            not v.language and v.datatype.value == wanted for v in values
        ):
            return _one([v.value for v in values])
        return None

    def _plain(self, value: Any) -> Any:
        if isinstance(value, NamedNode):
            return {"id": value.value}
        if value.language:
            return {"@value": value.value, "@language": value.language}
        if value.datatype.value == PREFIXES["xsd"] + "string":
            return value.value
        return {"@value": value.value, "@type": self._short(value.datatype.value)}

    def _short(self, iri: str) -> str:
        for prefix, space in PREFIXES.items():
            if iri.startswith(space) and prefix in self.context:
                self.needed.add(prefix)
                return f"{prefix}:{iri.removeprefix(space)}"
        return iri


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _all(values: list[Any], kind: type) -> bool:
    return all(isinstance(value, kind) for value in values)


def in_html(document: bytes) -> str:
    """Return JSON so that it may stand in a script element: no text can end the element."""
    return re.sub("[<>&]", lambda found: f"\\u{ord(found[0]):04x}", document.decode())

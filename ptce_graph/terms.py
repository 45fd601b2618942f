"""What the ontology says of its terms, its codes and their likes elsewhere, for people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, SKOS, VANN
from rdflib.term import Node

from ptce_graph.errors import GraphError, ProjectError
from ptce_graph.namespaces import BASE, ONTOLOGY, PREFIXES

Facts = dict[str, Any]
Texts = dict[str, str]

_HEADER = URIRef(ONTOLOGY.removesuffix("#"))
_KINDS = {
    OWL.ObjectProperty: {"fr": "vers une chose", "en": "to a thing"},
    OWL.DatatypeProperty: {"fr": "vers une valeur", "en": "to a value"},
    OWL.AnnotationProperty: {"fr": "annotation", "en": "annotation"},
    OWL.SymmetricProperty: {"fr": "symétrique", "en": "symmetric"},
    OWL.TransitiveProperty: {"fr": "transitive", "en": "transitive"},
}
_MATCHES = {
    SKOS.exactMatch: {"fr": "est la même chose que", "en": "is the same as"},
    SKOS.closeMatch: {"fr": "est proche de", "en": "is close to"},
    SKOS.broadMatch: {"fr": "est plus étroit que", "en": "is narrower than"},
    SKOS.narrowMatch: {"fr": "est plus large que", "en": "is wider than"},
    SKOS.relatedMatch: {"fr": "a un rapport avec", "en": "is related to"},
}


def read(folder: Path) -> Facts:
    """Return what a folder of the ontology holds, by the names that the template uses.

    Raises:
        GraphError: a file is no Turtle.
        ProjectError: a file cannot be read.
    """
    schemes = sorted((folder / "schemes").glob("*.ttl"))
    reader = _Reader(_graph([folder / "ptce.ttl", *schemes]), _graph([folder / "alignments.ttl"]))
    classes = {name: fact | {"example": _example(folder, name)} for name, fact in reader.classes()}
    return {
        "header": reader.header(),
        "topics": _topics(classes),
        "properties": list(reader.properties()),
        "schemes": list(reader.schemes()),
        "alignments": reader.alignments(),
        "changes": _changes(folder / "changes.md"),
        "logo": _text(folder / "logo.svg"),
    }


def _graph(paths: Iterable[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        if path.name == "alignments.ttl" and not path.exists():
            continue
        try:
            graph.parse(path, format="turtle")
        except OSError as error:
            raise ProjectError(f"{path}: cannot be read ({error.strerror})") from error
        except SyntaxError as error:
            raise GraphError(f"{path}: no Turtle: {error}") from error
    return graph


class _Reader:
    """Reads facts from the ontology and its alignments."""

    def __init__(self, graph: Graph, alignments: Graph) -> None:
        self.graph = graph
        self.matches = alignments
        self._matches_of: dict[str, list[Facts]] = {}
        names = [*graph.namespaces(), *alignments.namespaces(), *PREFIXES.items()]
        self.prefixes = {str(iri): prefix for prefix, iri in names if prefix}
        for row in self.alignments():
            self._matches_of.setdefault(row["source"]["iri"], []).append(row)

    def header(self) -> Facts:
        """Return what the ontology says of itself."""
        one = {
            "version": OWL.versionInfo,
            "version_iri": OWL.versionIRI,
            "licence": DCTERMS.license,
            "date": DCTERMS.modified,
            "creator": DCTERMS.creator,
            "prefix": VANN.preferredNamespacePrefix,
            "namespace": VANN.preferredNamespaceUri,
        }
        both = {
            "title": DCTERMS.title,
            "abstract": DCTERMS.abstract,
            "description": DCTERMS.description,
            "citation": DCTERMS.bibliographicCitation,
        }
        facts: Facts = {key: str(self.graph.value(_HEADER, p) or "") for key, p in one.items()}
        return facts | {"iri": str(_HEADER)} | {k: self.texts(_HEADER, p) for k, p in both.items()}

    def classes(self) -> Iterator[tuple[str, Facts]]:
        """Yield our classes by name."""
        for term in self._declared(OWL.Class):
            wider = self._ancestors(term)
            facts = {
                "wider": self.links(self.graph.objects(term, RDFS.subClassOf)),
                "narrower": self.links(self.graph.subjects(RDFS.subClassOf, term)),
                "apart": self.links(self._either(term, OWL.disjointWith)),
                "own": self.links(self.graph.subjects(RDFS.domain, term)),
                "inherited": self.links(
                    p for each in wider for p in self.graph.subjects(RDFS.domain, each)
                ),
                "pointing": self.links(self.graph.subjects(RDFS.range, term)),
                "drawn": self._drawn(term),
            }
            yield _local(term), self._term(term) | facts

    def properties(self) -> Iterator[Facts]:
        """Yield our properties."""
        kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
        for term in sorted({t for k in kinds for t in self._declared(k)}, key=str.lower):
            types = set(self.graph.objects(term, RDF.type))
            yield self._term(term) | {
                "kinds": [texts for kind, texts in _KINDS.items() if kind in types],
                "domain": self.links(self.graph.objects(term, RDFS.domain)),
                "range": self.links(self.graph.objects(term, RDFS.range)),
                "wider": self.links(self.graph.objects(term, RDFS.subPropertyOf)),
                "visibility": str(self.graph.value(term, URIRef(ONTOLOGY + "visibility")) or ""),
                "waiver": self.texts(term, URIRef(ONTOLOGY + "waiver")),
            }

    def schemes(self) -> Iterator[Facts]:
        """Yield the schemes with their concepts, each below the one that is wider."""
        for scheme in sorted(self.graph.subjects(RDF.type, SKOS.ConceptScheme), key=str):
            members = sorted(self.graph.subjects(SKOS.inScheme, scheme), key=str)
            yield {
                "id": f"scheme-{_local(scheme)}",
                "iri": str(scheme),
                "title": self.texts(scheme, DCTERMS.title),
                "description": self.texts(scheme, DCTERMS.description),
                "concepts": [self._concept(concept) for concept in members],
            }

    def alignments(self) -> list[Facts]:
        """Return how our terms compare with those of others."""
        rows = []
        for node in sorted(self.matches.subjects(RDF.type, OWL.Axiom), key=str):
            source, how, target = (
                self.matches.value(node, part)
                for part in (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)
            )
            if isinstance(source, URIRef) and isinstance(target, URIRef) and how in _MATCHES:
                rows.append(
                    {
                        "source": self.link(source),
                        "how": _MATCHES[URIRef(str(how))],
                        "target": self.link(target),
                        "note": self.texts(node, RDFS.comment, self.matches),
                    }
                )
        return rows

    def texts(self, subject: Node, predicate: URIRef, graph: Graph | None = None) -> Texts:
        """Return the texts of a property by language."""
        found = (self.graph if graph is None else graph).objects(subject, predicate)
        return {o.language: str(o) for o in found if isinstance(o, Literal) and o.language}

    def links(self, terms: Iterable[Node]) -> list[Facts]:
        """Return links to terms, without repetition, in order."""
        found = {term for term in terms if isinstance(term, URIRef)}
        return [self.link(term) for term in sorted(found, key=lambda t: _local(t).lower())]

    def link(self, term: URIRef) -> Facts:
        """Return the short name of a term, and where it is explained."""
        iri = str(term)
        if iri.startswith(ONTOLOGY):
            return {"name": _local(term), "iri": iri, "href": f"#{_local(term)}"}
        space = max((s for s in self.prefixes if iri.startswith(s)), key=len, default="")
        short = f"{self.prefixes[space]}:{iri[len(space) :]}" if space else iri
        return {"name": short, "iri": iri, "href": iri}

    def _term(self, term: URIRef) -> Facts:
        return {
            "name": _local(term),
            "iri": str(term),
            "label": self.texts(term, RDFS.label),
            "definition": self.texts(term, RDFS.comment),
            "matches": self._matches_of.get(str(term), []),
            "deprecated": (term, OWL.deprecated, None) in self.graph,
        }

    def _concept(self, concept: Node) -> Facts:
        return {
            "iri": str(concept),
            "notation": str(self.graph.value(concept, SKOS.notation) or _local(concept)),
            "label": self.texts(concept, SKOS.prefLabel),
            "definition": self.texts(concept, SKOS.definition),
            "broader": [_local(b) for b in self.graph.objects(concept, SKOS.broader)],
        }

    def _drawn(self, term: URIRef) -> Facts:
        ends = {}
        for key in ("drawnFrom", "drawnTo", "drawnLabel"):
            target = self.graph.value(term, URIRef(ONTOLOGY + key))
            if isinstance(target, URIRef):
                ends[key] = self.link(target)
        return ends

    def _declared(self, kind: URIRef) -> list[URIRef]:
        found = self.graph.subjects(RDF.type, kind)
        return sorted(s for s in found if isinstance(s, URIRef) and s.startswith(ONTOLOGY))

    def _ancestors(self, term: URIRef) -> set[Node]:
        found = self.graph.transitive_objects(term, RDFS.subClassOf)
        return {wider for wider in found if wider and wider != term}

    def _either(self, term: URIRef, predicate: URIRef) -> set[Node]:
        return {*self.graph.objects(term, predicate), *self.graph.subjects(predicate, term)}


def _local(term: object) -> str:
    return str(term).removeprefix(BASE).replace("#", "/").rpartition("/")[2]


def _topics(classes: dict[str, Facts]) -> list[Facts]:
    """Put the classes under their topics; those of no topic come last."""
    source = files("ptce_graph") / "ontology_page" / "topics.json"
    topics = json.loads(source.read_text("utf-8"))
    placed = {name for topic in topics for name in topic["classes"]}
    other = {"id": "other", "title": {"fr": "Autres classes", "en": "Other classes"}}
    topics.append(other | {"classes": sorted(set(classes) - placed)})
    found = []
    for topic in topics:
        members = [classes[name] for name in topic["classes"] if name in classes]
        if members:
            found.append(topic | {"classes": members, "size": len(members)})
    return found


def _example(folder: Path, name: str) -> str:
    """Return what the example of a class says of things of that class, and its first comment."""
    blocks = re.split(r"\n\s*\n", _text(folder / "examples" / f"{name}.ttl"))
    comments = [block for block in blocks if block.startswith("#")][:1]
    things = [block for block in blocks if re.search(rf"\ba ptce:{name}\b", block)]
    return "\n\n".join([*comments, *things]).strip() if things else ""


def _changes(path: Path) -> list[Facts]:
    """Return the versions of the release notes: title, and what changed in each language."""
    languages = {"### Français": "fr", "### English": "en"}
    versions: list[Facts] = []
    items: list[str] = []
    for line in _text(path).splitlines():
        if line.startswith("## "):
            versions.append({"title": line.removeprefix("## "), "fr": [], "en": []})
        elif line in languages and versions:
            items = versions[-1][languages[line]]
        elif line.startswith("- "):
            items.append(line.removeprefix("- ").replace("`", ""))
        elif line.startswith("  ") and items:
            items[-1] += " " + line.strip().replace("`", "")
    return versions


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""

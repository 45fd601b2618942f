"""What a graph says of one thing, put in order for people: `describe`.

A statement (a membership, a funding, a figure) is a thing of its own, with a role, a period and a
source: on the page of whom it is about, it is a row of the dossier. What rules infer stands apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ptce_graph.namespaces import BASE, ID, INFERRED, ONTOLOGY, PREFIXES, RDF_TYPE, SCHEME

Texts = dict[str, str]
Term = NamedNode | BlankNode | Literal | Triple

LANGUAGES = ("fr", "en")
MOST = 2_000
"""Number of statements about a thing that are read; what is left out is said."""

STATEMENTS = (
    *("Membership", "CooperationLink", "Funding", "FundingEnvelope", "Application"),
    *("AwardDecision", "LabelAttribution", "Participation", "OfficeHolding", "CooperativeAction"),
    *("ChangeEvent", "CountObservation", "Objective", "LegalRule"),
)
"""The classes of what is a row of a dossier, in the order in which dossiers have them."""

_LABELS = tuple(
    NamedNode(iri)
    for iri in (
        PREFIXES["skos"] + "prefLabel",
        PREFIXES["dcterms"] + "title",
        PREFIXES["rdfs"] + "label",
        PREFIXES["foaf"] + "name",
    )
)
SOURCES = (PREFIXES["prov"] + "hadPrimarySource", PREFIXES["dcterms"] + "source")
"""Properties that lead to the documents that say so."""

_CERTAINTIES = tuple(ONTOLOGY + n for n in ("certainty", "kindCertainty", "locationCertainty"))
_NOTES = (
    ONTOLOGY + "evidenceNote",
    PREFIXES["dcterms"] + "description",
    PREFIXES["skos"] + "note",
)
_TEXTS = (
    *(PREFIXES["skos"] + name for name in ("definition", "scopeNote", "note")),
    PREFIXES["dcterms"] + "description",
    PREFIXES["rdfs"] + "comment",
)
_WHEN = (
    *(ONTOLOGY + name for name in ("validFrom", "validUntil", "observedIn", "asOf")),
    PREFIXES["dcterms"] + "date",
)
_MEASURE = ONTOLOGY + "measure"
_BOUND = ONTOLOGY + "bound"
_EXACT = SCHEME + "bound/exact"
"""That a figure is what it says needs no word."""

_VERSION = NamedNode(PREFIXES["dcterms"] + "isVersionOf")
_PUBLISHER = NamedNode(PREFIXES["dc11"] + "publisher")
_ISSUED = NamedNode(PREFIXES["dcterms"] + "issued")
_TOP = PREFIXES["skos"] + "topConceptOf"
"""What `skos:inScheme` says already."""

_HIDDEN = (RDF_TYPE, PREFIXES["rdfs"] + "isDefinedBy")


@dataclass(frozen=True, slots=True)
class Name:
    """Something that a page may link: its IRI, its name and its kind, by language.

    Of a document also who published it and when, which tell it from others of the same title.
    """

    iri: str
    label: Texts
    kind: Texts = field(default_factory=dict)
    group: str = ""
    publisher: str = ""
    date: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What names are sorted by."""
        return (sorted_as(self.label["fr"]), self.iri)


def sorted_as(text: str) -> str:
    """Return what a text is sorted by: accents and capitals count for nothing.

    >>> sorted(["Ardennes", "Éole", "Ardèche", "eau"], key=sorted_as)
    ['Ardèche', 'Ardennes', 'eau', 'Éole']
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


@dataclass(frozen=True, slots=True)
class Text:
    """A value that is no thing: a text, its language or none, its datatype."""

    text: str
    language: str = ""
    datatype: str = ""


Value = Name | Text


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values, or with `inverse` what has it for value.

    What is inferred has the name of the rule that says so.
    """

    name: Name
    values: tuple[Value, ...]
    inverse: bool = False
    more: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A row of a dossier.

    Attributes:
        node: the statement itself.
        named: whether it has a name of its own.
        ends: whom it is about, but for the thing whose dossier it is in.
        codes: role, type, outcome.
        facts: anything else that it says, such as an amount.
        measure: what a figure counts.
        bound: whether a figure is about, at least or at most what it says.
        when: values of start, end, observation and date, by the last part of the property.
        certainty: whether the source states it, or it was inferred from it.
        notes: what the source says, in brief.
        sources: the documents that say so.
    """

    node: Name
    named: bool
    ends: tuple[Name, ...]
    codes: tuple[Name, ...]
    facts: tuple[Fact, ...]
    measure: Name | None
    bound: Name | None
    when: dict[str, str]
    certainty: Name | None
    notes: tuple[Text, ...]
    sources: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The statements of one class about a thing."""

    name: Name
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """What a page says.

    Attributes:
        name: of the thing, with its kind.
        classes: its classes.
        texts: definitions and notes.
        facts: its properties.
        groups: its dossier.
        pointing: what has it for value.
        inferred: what rules infer, both ways.
        sources: the documents that facts and dossier rest on.
        more: whether more than MOST statements point to it.
    """

    name: Name
    classes: tuple[Name, ...]
    texts: tuple[Text, ...]
    facts: tuple[Fact, ...]
    groups: tuple[Group, ...]
    pointing: tuple[Fact, ...]
    inferred: tuple[Fact, ...]
    sources: tuple[Name, ...]
    more: bool = False


def describe(store: pyoxigraph.Store, iri: str) -> Thing | None:
    """Return what a store says of a thing, or None when it says nothing.

    Args:
        store: a built graph; it is read by pattern, never as a whole.
        iri: the thing: anything below the base of the project's IRIs.
    """
    return Reader(store).describe(iri)


class Reader:
    """Describes things of one store; names are looked up once."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        self.store = store
        self._names: dict[str, Name] = {}
        self._rules: dict[str, str] = {}

    def describe(self, iri: str) -> Thing | None:
        """Return what the store says of a thing, or None when it says nothing."""
        facts, inferred = self._outgoing(iri)
        if not facts:
            return None
        incoming, more = self._incoming(iri)
        groups: dict[str, list[Statement]] = {}
        pointing: dict[str, list[Name]] = {}
        inferred_back: dict[str, list[Name]] = {}
        for subject, predicate, by_rule in incoming:
            if (subject == iri and by_rule) or predicate == _TOP:
                continue
            kind = "" if by_rule else self._statement_class(subject)
            if kind:
                groups.setdefault(kind, []).append(self.statement(subject, iri))
            elif predicate not in _HIDDEN or predicate == RDF_TYPE:
                found = inferred_back if by_rule else pointing
                found.setdefault(predicate, []).append(self.name(subject))
        dossier = tuple(
            Group(self.name(ONTOLOGY + kind), tuple(sorted(groups[kind], key=_order)))
            for kind in STATEMENTS
            if kind in groups
        )
        sources = self._links(facts, SOURCES)
        sources += [name for group in dossier for row in group.statements for name in row.sources]
        itself = NamedNode(iri)
        one_way = {
            predicate: others
            for predicate, values in inferred.items()
            if predicate not in _SYMMETRIC
            and (others := [value for value in values if value != itself])
        }
        return Thing(
            name=self.name(iri),
            classes=tuple(self._links(facts, (RDF_TYPE,))),
            texts=tuple(self._texts(facts, _TEXTS)),
            facts=tuple(self._facts(facts, (*_HIDDEN, *_TEXTS, *SOURCES))),
            groups=dossier,
            pointing=self._inverse(pointing),
            inferred=tuple(
                replace(fact, rule=self._rules[fact.name.iri])
                for fact in (*self._facts(one_way, ()), *self._inverse(inferred_back))
            ),
            sources=self._documents(sources),
            more=more,
        )

    def statement(self, node: str, subject: str) -> Statement:
        """Return a statement as a row of the dossier of a thing."""
        facts, _ = self._outgoing(node)
        for nested in self._nested(node):
            for predicate, values in self._outgoing(nested)[0].items():
                if predicate != RDF_TYPE:
                    facts.setdefault(predicate, [])
                    facts[predicate] += [v for v in values if v not in facts[predicate]]
        special = (*_HIDDEN, *SOURCES, *_CERTAINTIES, *_NOTES, *_WHEN, *(n.value for n in _LABELS))
        special += (_MEASURE, _BOUND)
        ends: dict[str, Name] = {}
        codes: dict[str, Name] = {}
        rest: dict[str, list[Term]] = {}
        for predicate, values in sorted(facts.items()):
            if predicate in special:
                continue
            for value in values:
                if isinstance(value, NamedNode) and value.value.startswith(SCHEME):
                    codes[value.value] = self.name(value.value)
                elif isinstance(value, NamedNode) and value.value.startswith(ID):
                    if value.value not in (subject, node):
                        ends[value.value] = self.name(value.value)
                else:
                    rest.setdefault(predicate, []).append(value)
        certainty = self._links(facts, _CERTAINTIES)
        measure = self._links(facts, (_MEASURE,))
        bound = [name for name in self._links(facts, (_BOUND,)) if name.iri != _EXACT]
        return Statement(
            node=self.name(node),
            named=any(label.value in facts for label in _LABELS),
            ends=tuple(ends.values()),
            codes=tuple(codes.values()),
            facts=tuple(self._facts(rest, ())),
            measure=measure[0] if measure else None,
            bound=bound[0] if bound else None,
            when={
                predicate.replace("#", "/").rpartition("/")[2]: value.value
                for predicate in _WHEN
                for value in facts.get(predicate, [])
                if isinstance(value, Literal)
            },
            certainty=certainty[0] if certainty else None,
            notes=tuple(self._texts(facts, _NOTES)),
            sources=self._documents(self._links(facts, SOURCES)),
        )

    def _documents(self, found: Iterable[Name]) -> tuple[Name, ...]:
        """Return documents once each, without those of which another one is the original."""
        names = {name.iri: name for name in found}
        copies = {
            iri
            for iri in names
            for quad in self.store.quads_for_pattern(NamedNode(iri), _VERSION, None, None)
            if isinstance(quad.object, NamedNode) and quad.object.value in names
        }
        kept = (name for iri, name in names.items() if iri not in copies)
        return tuple(sorted(kept, key=lambda name: name.key))

    def name(self, iri: str) -> Name:
        """Return the name of anything, looked up once."""
        if iri not in self._names:
            kind = self._class(iri)
            group = iri.removeprefix(ID).partition("/")[0] if iri.startswith(ID) else ""
            label = self._label(kind, 0) if kind else {}
            said = (self._value(iri, p) for p in (_PUBLISHER, _ISSUED) if group == "doc")
            self._names[iri] = Name(iri, self._label(iri), label, group, *said)
        return self._names[iri]

    def _value(self, iri: str, predicate: NamedNode) -> str:
        quads = self.store.quads_for_pattern(NamedNode(iri), predicate, None, None)
        return min((q.object.value for q in quads if isinstance(q.object, Literal)), default="")

    def _label(self, iri: str, depth: int = 2) -> Texts:
        if iri in _KINDS:
            return _KINDS[iri]
        node = NamedNode(iri)
        for predicate in _LABELS:
            found = {
                quad.object.language or "": quad.object.value
                for quad in self.store.quads_for_pattern(node, predicate, None, None)
                if isinstance(quad.object, Literal)
            }
            if found:
                first = found.get("fr") or found.get("") or next(iter(found.values()))
                return {language: found.get(language, first) for language in LANGUAGES}
        if depth and iri.startswith(ID):
            ends = [
                self._label(quad.object.value, depth - 1)
                for quad in self.store.quads_for_pattern(node, None, None, None)
                if isinstance(quad.object, NamedNode)
                and quad.object.value.startswith(ID)
                and quad.predicate.value not in SOURCES
            ]
            texts = {
                language: " – ".join(sorted({end[language] for end in ends}))
                for language in LANGUAGES
            }
            if texts["fr"]:
                return texts
        return dict.fromkeys(LANGUAGES, _short(iri))

    def _class(self, iri: str) -> str:
        found = [
            quad.object.value
            for quad in self.store.quads_for_pattern(
                NamedNode(iri), NamedNode(RDF_TYPE), None, None
            )
            if isinstance(quad.object, NamedNode)
        ]
        ours = [kind for kind in found if kind.startswith(ONTOLOGY)]
        return min(ours or found, default="")

    def _statement_class(self, iri: str) -> str:
        kind = self._class(iri)
        local = kind.removeprefix(ONTOLOGY)
        return local if kind.startswith(ONTOLOGY) and local in STATEMENTS else ""

    def _outgoing(self, iri: str) -> tuple[dict[str, list[Term]], dict[str, list[Term]]]:
        """Return what is asserted of a thing, and what is inferred, by property."""
        quads = sorted(self.store.quads_for_pattern(NamedNode(iri), None, None, None), key=str)
        by_rule = self._inferred(quads)
        asserted: dict[str, list[Term]] = {}
        inferred: dict[str, list[Term]] = {}
        for triple in dict.fromkeys(quad.triple for quad in quads):
            found = inferred if triple in by_rule else asserted
            found.setdefault(triple.predicate.value, []).append(triple.object)
        return asserted, inferred

    def _inferred(self, quads: Iterable[pyoxigraph.Quad]) -> set[Triple]:
        """Return what rules say, and remember which rule says what."""
        found = set()
        for quad in filter(_in_rule, quads):
            graph = str(quad.graph_name).strip("<>")
            self._rules.setdefault(quad.predicate.value, graph.removeprefix(INFERRED))
            found.add(quad.triple)
        return found

    def _incoming(self, iri: str) -> tuple[list[tuple[str, str, bool]], bool]:
        """Return what points to a thing: subject, property, whether a rule says so."""
        quads = list(
            islice(self.store.quads_for_pattern(None, None, NamedNode(iri), None), MOST + 1)
        )
        by_rule = self._inferred(quads)
        triples = sorted({quad.triple for quad in quads[:MOST]}, key=str)
        found = [
            (triple.subject.value, triple.predicate.value, triple in by_rule)
            for triple in triples
            if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(BASE)
        ]
        return found, len(quads) > MOST

    def _nested(self, node: str) -> Iterator[str]:
        """Yield the statements about a statement, such as the decision on an application."""
        quads = islice(self.store.quads_for_pattern(None, None, NamedNode(node), None), MOST)
        for quad in sorted(quads, key=str):
            if isinstance(quad.subject, NamedNode) and self._statement_class(quad.subject.value):
                yield quad.subject.value

    def _links(self, facts: dict[str, list[Term]], predicates: tuple[str, ...]) -> list[Name]:
        values = (value for predicate in predicates for value in facts.get(predicate, []))
        return [self.name(v.value) for v in values if isinstance(v, NamedNode)]

    def _texts(self, facts: dict[str, list[Term]], predicates: tuple[str, ...]) -> list[Text]:
        values = (value for predicate in predicates for value in facts.get(predicate, []))
        return [Text(v.value, v.language or "") for v in values if isinstance(v, Literal)]

    def _facts(self, facts: dict[str, list[Term]], left_out: tuple[str, ...]) -> Iterator[Fact]:
        for predicate, values in sorted(facts.items()):
            if predicate not in left_out:
                names = [self.name(v.value) for v in values if isinstance(v, NamedNode)]
                texts = [_text(value) for value in values if not isinstance(value, NamedNode)]
                yield Fact(self.name(predicate), (*texts, *sorted(names, key=lambda n: n.key)))

    def _inverse(self, found: dict[str, list[Name]]) -> tuple[Fact, ...]:
        return tuple(
            Fact(self.name(predicate), (*sorted(names, key=_poles_first),), inverse=True)
            for predicate, names in sorted(found.items())
        )


_SYMMETRIC = tuple(
    ONTOLOGY + name for name in ("coMemberWith", "possibleCoMemberWith", "cooperatesWith")
)
"""Properties that rules write both ways: one is enough on a page."""

_KINDS: dict[str, Texts] = {
    PREFIXES["skos"] + "Concept": {"fr": "code", "en": "code"},
    PREFIXES["skos"] + "ConceptScheme": {"fr": "liste de codes", "en": "code list"},
    PREFIXES["org"] + "Role": {"fr": "rôle", "en": "role"},
    PREFIXES["prov"] + "Role": {"fr": "rôle", "en": "role"},
    PREFIXES["owl"] + "Class": {"fr": "classe de l'ontologie", "en": "class of the ontology"},
    PREFIXES["owl"] + "Ontology": {"fr": "ontologie", "en": "ontology"},
    **{
        PREFIXES["owl"] + kind: {
            "fr": "propriété de l'ontologie",
            "en": "property of the ontology",
        }
        for kind in (
            *("ObjectProperty", "DatatypeProperty", "AnnotationProperty"),
            *("SymmetricProperty", "TransitiveProperty"),
        )
    },
}


def _poles_first(name: Name) -> tuple[bool, tuple[str, str]]:
    return (name.group != "pole", name.key)


def _text(value: Term) -> Text:
    if isinstance(value, Literal):
        return Text(value.value, value.language or "", value.datatype.value)
    return Text(str(value))


def _in_rule(quad: pyoxigraph.Quad) -> bool:
    graph = quad.graph_name
    return isinstance(graph, NamedNode) and graph.value.startswith(INFERRED)


def _order(row: Statement) -> tuple[str, str]:
    codes = row.codes[0].iri if row.codes else ""
    ends = sorted_as(row.ends[0].label["fr"]) if row.ends else ""
    return (codes + ends, row.node.iri)


def _short(iri: str) -> str:
    """Return an IRI with its prefix, or its end."""
    space, prefix = max(
        ((s, p) for p, s in PREFIXES.items() if iri.startswith(s)), key=len, default=("", "")
    )
    if space and space != ONTOLOGY:
        return f"{prefix}:{iri.removeprefix(space)}"
    return iri.removeprefix(ID).removeprefix(ONTOLOGY).removeprefix(BASE)

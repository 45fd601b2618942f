"""What a dataset holds, counted line by line: triples, things, classes and properties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ptce_graph.namespaces import ID, ONTOLOGY, PREFIXES, RDF_TYPE, XSD

_DATES = tuple(f'"^^<{XSD}{name}>' for name in ("gYear", "gYearMonth", "date"))
_PERIODS = tuple(
    f"<{iri}>"
    for iri in (
        *(ONTOLOGY + name for name in ("validFrom", "validUntil", "observedIn", "asOf")),
        *(ONTOLOGY + name for name in ("launched", "announced", "opened", "closed")),
        PREFIXES["dcterms"] + "date",
    )
)
_LINKS = tuple(
    PREFIXES["owl"] + "sameAs" if name == "sameAs" else PREFIXES["skos"] + name
    for name in ("sameAs", "exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
)
_HOST = re.compile(r"<(https?://[^/>]+/)")
_ENDS = ("-01-01", "-12-31")


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of a dataset, as VoID has them.

    Attributes:
        classes: number of things by class.
        properties: number of triples by property.
        links: number of statements that a thing is that of another dataset, by its address and
            the property.
        first: earliest day that a fact is dated to, or "".
        last: latest such day, or "".
        example: the thing that most statements are about.
    """

    triples: int
    entities: int
    subjects: int
    objects: int
    classes: dict[str, int]
    properties: dict[str, int]
    links: dict[tuple[str, str], int]
    first: str
    last: str
    example: str


def count(lines: Iterable[str]) -> Counts:
    """Count the lines of N-Triples of a dataset; each line is one triple, said once.

    >>> line = '<https://w3id.org/ptce/id/a> <http://xmlns.com/foaf/0.1/name> "A" .\\n'
    >>> count([line]).triples
    1
    """
    subjects: set[str] = set()
    objects: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    links: Counter[tuple[str, str]] = Counter()
    days: set[str] = set()
    for line in lines:
        subject, predicate, value = line.rstrip(" .\n").split(" ", 2)
        subjects.add(subject)
        objects[value] += 1
        properties[predicate[1:-1]] += 1
        if predicate == f"<{RDF_TYPE}>":
            classes[value[1:-1]] += 1
        elif predicate in _PERIODS and value.endswith(_DATES):
            days.add(value[1 : value.index('"', 1)])
        elif predicate[1:-1] in _LINKS and (host := _HOST.match(value)):
            links[host[1], predicate[1:-1]] += 1
    return Counts(
        triples=properties.total(),
        entities=sum(subject.startswith(f"<{ID}") for subject in subjects),
        subjects=len(subjects),
        objects=len(objects),
        classes=dict(sorted(classes.items())),
        properties=dict(sorted(properties.items())),
        links=dict(sorted(links.items())),
        first=min((day + _ENDS[0][len(day) - 4 :] for day in days), default=""),
        last=max((day + _ENDS[1][len(day) - 4 :] for day in days), default=""),
        example=_most_stated(objects),
    )


def _most_stated(objects: Counter[str]) -> str:
    poles = ((-n, iri[1:-1]) for iri, n in objects.items() if iri.startswith(f"<{ID}pole/"))
    return min(poles, default=(0, ID))[1]

"""Who is in the graph already, and who might be the same.

An actor is the same by an identifier, or because a person said so; never by its name alone. Names
that are alike make candidates, scored on name, place and kind, for a person to decide.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ptce_graph.foreign.columns import fold
from ptce_graph.foreign.places import departement_of

Values = dict[str, str]
THRESHOLD = 85.0
_COMMON = 60
"""Words that more names than this hold do not make two actors candidates."""
_NOISE = re.compile(
    r"\b(association|asso|scic|scop|sarl|sas|sa|eurl|cooperative|societe|le|la|les|l|de|du|des|d|"
    r"et|en|pour|the|of)\b"
)


class Candidate(NamedTuple):
    """An actor that may be the same as another, with a score from 0 to 100."""

    key: str
    name: str
    place: str
    score: float


class Actors:
    """The organisations of the tables of a project, by identifier and by words of their names."""

    def __init__(self, rows: Iterable[Values]) -> None:
        self.rows: dict[str, Values] = {}
        self.by_identifier: dict[str, str] = {}
        self.by_word: dict[str, list[str]] = defaultdict(list)
        self._frequency: Counter[str] = Counter()
        for row in rows:
            self.add(row)

    def add(self, row: Values) -> None:
        """Note an organisation."""
        key = row["id"]
        if key in self.rows:
            return
        self.rows[key] = row
        for identifier in _identifiers(row):
            self.by_identifier.setdefault(identifier, key)
        for word in {w for name in _names(row) for w in _words(name)}:
            self._frequency[word] += 1
            if self._frequency[word] <= _COMMON:
                self.by_word[word].append(key)

    def find(self, values: Values) -> str:
        """Return the key of the actor that has an identifier of these values, or ""."""
        if (given := values.get("organisation", "")) in self.rows:
            return given
        return next(
            (self.by_identifier[i] for i in _identifiers(values) if i in self.by_identifier), ""
        )

    def candidates(self, row: Values, decided: set[frozenset[str]]) -> Iterator[Candidate]:
        """Yield the actors that may be the same as one, the best first; no pair decided before."""
        from rapidfuzz import fuzz

        near: Counter[str] = Counter()
        names = [_short(name) for name in _names(row)]
        for word in {w for name in _names(row) for w in _words(name)}:
            near.update(self.by_word.get(word, []))
        found = []
        for key, _ in near.most_common(200):
            other = self.rows[key]
            if key == row["id"] or frozenset((key, row["id"])) in decided:
                continue
            if _contradict(row, other):
                continue
            likeness = max(
                max(fuzz.token_sort_ratio(a, b), _weight(a, b) * fuzz.token_set_ratio(a, b))
                for a in names
                for b in map(_short, _names(other))
            )
            score = min(100.0, likeness + _place_score(row, other) + _kind_score(row, other))
            if score >= THRESHOLD:
                found.append(Candidate(key, other["name"], _place(other), round(score, 1)))
        yield from sorted(found, key=lambda c: (-c.score, c.key))[:3]


def _identifiers(row: Values) -> Iterator[str]:
    siren = row.get("siren") or row.get("siret", "")[:9]
    if siren:
        yield f"siren {siren}"
    if row.get("rna"):
        yield f"rna {row['rna']}"


def _names(row: Values) -> list[str]:
    return [row["name"], *filter(None, row.get("alt_names", "").split(";"))]


def _short(name: str) -> str:
    folded = fold(name)
    return " ".join(_NOISE.sub(" ", folded).split()) or folded


def _weight(one: str, other: str) -> float:
    """Return what it weighs that the words of a name are among those of another: one word, less."""
    return 0.95 if min(one.count(" "), other.count(" ")) else 0.8


def _words(name: str) -> list[str]:
    short = _short(name)
    return [word for word in short.split() if len(word) > 2] or [short]


def _contradict(row: Values, other: Values) -> bool:
    one, two = (dict(i.split(" ", 1) for i in _identifiers(each)) for each in (row, other))
    return any(one[scheme] != two[scheme] for scheme in one.keys() & two.keys())


def _place_score(row: Values, other: Values) -> float:
    here, there = row.get("commune", ""), other.get("commune", "")
    if here and here == there:
        return 10.0
    near = departement_of(here) if here else row.get("departement", "")
    far = departement_of(there) if there else other.get("departement", "")
    return 0.0 if not near or not far else 3.0 if near == far else -15.0


def _kind_score(row: Values, other: Values) -> float:
    kinds = {row.get("kind", ""), other.get("kind", "")} - {"", "LegalPerson"}
    return 0.0 if len(kinds) != 1 else 2.0 if row.get("kind") == other.get("kind") else 0.0


def _place(row: Values) -> str:
    return row.get("commune") or row.get("departement") or row.get("region") or ""


def place(row: Values) -> str:
    """Return the most precise place of an organisation, as its code."""
    return _place(row)

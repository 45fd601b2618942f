"""The names of things: found whatever case, accents and punctuation they are written with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode

from ptce_graph.namespaces import PREFIXES

_LABELS = [NamedNode(PREFIXES["skos"] + name) for name in ("prefLabel", "altLabel")]
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_WORD = re.compile(r"\w+")
_NAMES = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing ?name {
  VALUES ?label { skos:prefLabel skos:altLabel }
  ?thing ?label ?name
  FILTER (STRSTARTS(STR(?thing), "%s"))
}"""


def fold(text: str) -> str:
    """Return the words of a text without case, accents and ligatures, for comparing names.

    >>> fold("Pôle « d’Économie », à cœur")
    'pole d economie a coeur'
    """
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    plain = unicodedata.normalize("NFKD", plain)
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_WORD.findall(letters))


def _names(store: pyoxigraph.Store, base: str) -> dict[str, list[str]]:
    """Return the names of the things whose IRI starts with `base`, by IRI."""
    names: dict[str, list[str]] = {}
    for thing, name in store.query(_NAMES % base):  # type: ignore[union-attr]
        at = 0 if name.language == "fr" else len(names.get(thing.value, ()))
        names.setdefault(thing.value, []).insert(at, name.value)
    return names


def find(store: pyoxigraph.Store, base: str, text: str) -> list[str]:
    """Return the IRIs that start with `base` and of which a name is this text.

    Those that are called exactly so come alone: they are found without reading all names.
    """
    if exact := {iri for iri in _called(store, text) if iri.startswith(base)}:
        return sorted(exact)
    wanted = fold(text)
    return sorted(iri for iri, names in _names(store, base).items() if wanted in map(fold, names))


def _called(store: pyoxigraph.Store, text: str) -> Iterator[str]:
    """Yield the IRIs of what has a name that is this text to the letter."""
    for name in (Literal(text), *(Literal(text, language=code) for code in ("fr", "en"))):
        for label in _LABELS:
            for quad in store.quads_for_pattern(None, label, name, DefaultGraph()):
                if isinstance(quad.subject, NamedNode):
                    yield quad.subject.value


def closest(store: pyoxigraph.Store, base: str, text: str) -> list[str]:
    """Return the three things whose IRI starts with `base` and whose names look most like a text.

    Each is its key, with its French name in brackets.
    """
    from rapidfuzz import fuzz

    wanted = fold(text)
    scores: list[tuple[float, str]] = []
    for iri, names in _names(store, base).items():
        key = iri.removeprefix(base)
        folded = map(fold, (key, *names))
        score = max(100 * (wanted in name) + fuzz.ratio(wanted, name) for name in folded)
        scores.append((-score, f"{key} ({names[0]})"))
    return [shown for _, shown in sorted(scores)[:3]]

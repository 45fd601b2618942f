"""How everything of a site is found: the rows of its lists, what the search reads, its map."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from ptce_graph.namespaces import ID, ONTOLOGY, PREFIXES, SCHEME
from ptce_graph.publish import addresses
from ptce_graph.publish.pages import LANGUAGES, LISTS
from ptce_graph.publish.publication import Publication
from ptce_graph.publish.thing import Name, Text, Texts, Thing
from ptce_graph.query import Question

_OTHER_NAMES = (PREFIXES["skos"] + "altLabel", "siren", "siret", "rna", "newName")
_IN_LISTS = {kind for kinds in LISTS.values() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list.

    Attributes:
        place: of the thing, or who published it.
        statements: number of statements about it.
        also: other names, identifiers and the place, for the search.
    """

    name: Name
    place: Texts
    statements: int
    also: str


def listed(thing: Thing) -> Listed:
    """Return what lists and the search say of a thing."""
    place = dict.fromkeys(LANGUAGES, "")
    also: list[str] = []
    for fact in thing.facts:
        local = fact.name.iri.removeprefix(ONTOLOGY)
        if local == "locatedIn" and isinstance(fact.values[0], Name):
            place = fact.values[0].label
        elif local == PREFIXES["dc11"] + "publisher" and isinstance(fact.values[0], Text):
            place = dict.fromkeys(LANGUAGES, fact.values[0].text)
        if local in _OTHER_NAMES:
            also += [value.text for value in fact.values if isinstance(value, Text)]
    also += [place["fr"]] if place["fr"] else []
    rows = sum(len(group.statements) for group in thing.groups)
    pointing = sum(len(fact.values) for fact in thing.pointing)
    return Listed(thing.name, place, rows + pointing, ", ".join(also))


def of_section(rows: Iterable[Listed], key: str) -> list[Listed]:
    """Return the rows that a section of the site lists, by name."""

    def belongs(iri: str) -> bool:
        if key == "codes":
            return iri.startswith(SCHEME) and "/" not in iri.removeprefix(SCHEME)
        if key == "terms":
            return iri.startswith(ONTOLOGY)
        return iri.startswith(tuple(f"{ID}{kind}/" for kind in LISTS.get(key, ("\0",))))

    return sorted((row for row in rows if belongs(row.name.iri)), key=lambda row: row.name.key)


def search(rows: Iterable[Listed], questions: Iterable[Question]) -> bytes:
    """Return what the search reads: a script, so that it works from a folder too.

    Memberships, figures and the like have no name: they are found on the pages of their ends.
    """
    kinds: dict[str, int] = {}
    entries = []
    for row in sorted(rows, key=lambda row: row.name.key):
        if row.name.group and row.name.group not in _IN_LISTS:
            continue
        kind = json.dumps(row.name.kind or dict.fromkeys(LANGUAGES, ""), ensure_ascii=False)
        french, english = row.name.label["fr"], row.name.label["en"]
        names = [french, "" if english == french else english]
        place = kinds.setdefault(kind, len(kinds))
        entries.append([addresses.path(row.name.iri), *names, place, row.also])
    kind = json.dumps(dict.fromkeys(LANGUAGES, "question"))
    for question in questions:
        texts = question.question
        place = kinds.setdefault(kind, len(kinds))
        entries.append([f"questions/{question.name}", texts["fr"], texts["en"], place, ""])
    found = {"kinds": [json.loads(kind) for kind in kinds], "entries": entries}
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return f"window.ptceIndex = {text};\n".encode()


def sitemap(publication: Publication, paths: Iterable[str]) -> bytes:
    """Return the addresses of pages, for search engines (https://www.sitemaps.org/)."""
    day = publication.released.isoformat()
    urls = (
        f"<url><loc>{escape(publication.base + path)}</loc><lastmod>{day}</lastmod></url>\n"
        for path in paths
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{''.join(urls)}</urlset>\n"
    ).encode()

"""How everything of a site is found: the rows of its lists, its map for search engines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from ptce_graph.namespaces import ID, ONTOLOGY, PREFIXES, SCHEME
from ptce_graph.publish.pages import LANGUAGES, LISTS
from ptce_graph.publish.publication import Publication
from ptce_graph.publish.thing import Name, Text, Texts, Thing

_OTHER_NAMES = (PREFIXES["skos"] + "altLabel", "siren", "siret", "rna", "newName")
_WITHIN = ONTOLOGY + "locatedWithin"
_SITUATED = {"fr": "situé dans", "en": "located in"}
_LINKS = tuple(
    ONTOLOGY + name
    for name in ("locatedIn", "coversTerritory", "locatedWithin", "theme", "inSector", "laureateOf")
)
"""What a thing is also found by; the statements about a pole come before."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list.

    Attributes:
        place: of the thing, or who published it.
        statements: number of statements about it.
        also: other names, identifiers and the place, for the search.
        links: what it is also found by: how it is linked, to which IRI or text.
    """

    name: Name
    place: Texts
    statements: int
    also: str
    links: tuple[tuple[Texts, str], ...] = ()


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
    return Listed(thing.name, place, rows + pointing, ", ".join(also), _links(thing))


def _links(thing: Thing) -> tuple[tuple[Texts, str], ...]:
    """Return what a thing is found by besides its names: how it is linked, to which IRI or text."""
    found: dict[str, Texts] = {}
    for group in thing.groups if thing.name.iri.startswith(ID + "pole/") else ():
        for row in group.statements:
            for end in row.ends:
                found.setdefault(end.iri, (row.codes[0] if row.codes else group.name).label)
    for fact in (*thing.facts, *thing.inferred):
        if fact.name.iri in _LINKS and not fact.inverse:
            for value in fact.values:
                within = fact.name.iri == _WITHIN
                key = value.iri if isinstance(value, Name) else value.text
                found.setdefault(key, _SITUATED if within else fact.name.label)
    return tuple((how, iri) for iri, how in found.items())


def of_section(rows: Iterable[Listed], key: str) -> list[Listed]:
    """Return the rows that a section of the site lists, by name."""

    def belongs(iri: str) -> bool:
        if key == "codes":
            return iri.startswith(SCHEME) and "/" not in iri.removeprefix(SCHEME)
        if key == "terms":
            return iri.startswith(ONTOLOGY)
        return iri.startswith(tuple(f"{ID}{kind}/" for kind in LISTS.get(key, ("\0",))))

    return sorted((row for row in rows if belongs(row.name.iri)), key=lambda row: row.name.key)


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

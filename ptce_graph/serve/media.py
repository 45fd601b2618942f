"""Media types: what is offered, and what a client prefers of it (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from functools import lru_cache

HTML = "text/html"
PROBLEM = "application/problem+json"

SOLUTIONS = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
"""Media type of rows and yes/no answers → format, the preferred one first."""

GRAPHS = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
    "text/n3": "ttl",
    "application/trig": "trig",
    "application/n-quads": "nq",
    "application/x-turtle": "ttl",
    "application/json": "jsonld",
    "application/xml": "rdf",
    "text/xml": "rdf",
    "text/plain": "nt",
}
"""Media type of RDF → format, the preferred one first."""

FORMATS = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv", ""),
    "tsv": ("text/tab-separated-values", ""),
    "ttl": ("", "text/turtle"),
    "nt": ("", "application/n-triples"),
    "jsonld": ("", "application/ld+json"),
    "rdf": ("", "application/rdf+xml"),
}
"""Value of the parameter `format`, and ending of an address → media types of rows and of RDF."""

_ITEM = re.compile(r"\s*([\w!#$&^.+*-]+/[\w!#$&^.+*-]+)\s*((?:;[^,]*)?)", re.ASCII)
_QUALITY = re.compile(r";\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:^|,)\s*(fr|en)(?:-[\w-]*)?\s*(?:;\s*q=([01](?:\.[0-9]*)?))?")
_MALFORMED = re.compile(r";\s*q\s*=", re.IGNORECASE)


@lru_cache(1024)
def choose(accept: str, offers: tuple[str, ...]) -> str:
    """Return the media type that an Accept header prefers, "" if it accepts none.

    Of types that are liked as much, the first offered. No header, or none that can be read,
    accepts all.

    >>> choose("text/turtle;q=0.5, application/*", ("text/turtle", "application/json"))
    'application/json'
    """
    ranges = _ranges(accept)
    if not ranges:
        return offers[0]
    best, chosen = 0.0, ""
    for offer in offers:
        kind = offer.partition("/")[0]
        liked = next((ranges[r] for r in (offer, f"{kind}/*", "*/*") if r in ranges), 0.0)
        if liked > best:
            best, chosen = liked, offer
    return chosen


@lru_cache(1024)
def _ranges(accept: str) -> dict[str, float]:
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        item = _ITEM.fullmatch(part)
        if not item:
            continue
        quality = _QUALITY.search(item[2])
        if not quality and _MALFORMED.search(item[2]):
            continue
        name = item[1].lower()
        ranges[name] = max(ranges.get(name, 0.0), float(quality[1]) if quality else 1.0)
    return ranges


@lru_cache(1024)
def prefers_html(accept: str) -> bool:
    """Return whether a client is a browser: it likes HTML at least as much as anything else."""
    ranges = _ranges(accept)
    return HTML in ranges and ranges[HTML] >= max(ranges.values())


@lru_cache(1024)
def accepts_gzip(header: str) -> bool:
    """Return whether an Accept-Encoding header takes gzip.

    >>> accepts_gzip("br, gzip;q=0.5"), accepts_gzip("gzip;q=0")
    (True, False)
    """
    for part in header.lower().split(","):
        name, _, quality = part.partition(";")
        if name.strip() in ("gzip", "x-gzip"):
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", quality)
    return False


@lru_cache(1024)
def language(header: str) -> str:
    """Return fr or en, whichever an Accept-Language header prefers; fr if neither.

    >>> language("de, en-GB;q=0.8, fr;q=0.5"), language("")
    ('en', 'fr')
    """
    best, chosen = 0.0, "fr"
    for name, quality in _LANGUAGE.findall(header.lower()):
        if float(quality or 1) > best:
            best, chosen = float(quality or 1), name
    return chosen

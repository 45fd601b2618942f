"""Where the document of a thing stands in the site: one path for each IRI, whatever serves it.

`https://w3id.org/ptce/id/pole/x` is described at `id/pole/x.fr.html`, `.en.html`, `.ttl` and
`.jsonld`, below the address of the site. A term of the ontology, whose IRI ends behind a hash, is
described at `ontology/TERM.fr.html` and so on.
"""

from __future__ import annotations

import re

from ptce_graph.namespaces import BASE, INFERRED, ONTOLOGY

_SEGMENTS = re.compile(r"(?!\.)[\w.~%!$&'()*+,;=:@-]+(/(?!\.)[\w.~%!$&'()*+,;=:@-]+)*")
_DOCUMENTS = ("id/", "scheme/", "ontology/")


def path(iri: str) -> str | None:
    """Return the path of the document about an IRI, without its ending; None for one of others.

    >>> from ptce_graph.namespaces import ID, ONTOLOGY
    >>> path(ID + "pole/sud-aquitaine")
    'id/pole/sud-aquitaine'
    >>> path(ONTOLOGY + "Pole")
    'ontology/Pole'
    """
    if iri.startswith(ONTOLOGY):
        iri = BASE + "ontology/" + iri.removeprefix(ONTOLOGY)
    local = iri.removeprefix(BASE)
    known = iri.startswith(BASE) and local.startswith(_DOCUMENTS)
    return local if known and _SEGMENTS.fullmatch(local) else None


def iri(path: str) -> str:
    """Return the IRI that a path without ending is about; the inverse of `path`."""
    if path.startswith("ontology/"):
        return ONTOLOGY + path.removeprefix("ontology/")
    return BASE + path


def page(iri: str, language: str) -> str | None:
    """Return the path of the page about an IRI in a language; None for one of others."""
    if iri.startswith(INFERRED):
        return f"rules.{language}.html#{iri.removeprefix(INFERRED)}"
    if iri == ONTOLOGY.removesuffix("#"):
        return f"ontology.{language}.html"
    found = path(iri)
    return f"{found}.{language}.html" if found else None


def relative(target: str, page: str) -> str:
    """Return the address of a path as it is written on a page, so that a folder is enough.

    >>> relative("id/org/b.fr.html", "id/pole/a.fr.html")
    '../org/b.fr.html'
    >>> relative("index.html", "id/pole/a.fr.html")
    '../../index.html'
    """
    here, there = page.split("/")[:-1], target.split("/")
    while here and len(there) > 1 and here[0] == there[0]:
        here, there = here[1:], there[1:]
    return "../" * len(here) + "/".join(there)

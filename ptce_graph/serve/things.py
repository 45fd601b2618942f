"""A thing at its address: as a page or as RDF, or what it may have been if there is none."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat
from rapidfuzz import fuzz, process

from ptce_graph import labels
from ptce_graph.namespaces import BASE, ID, INFERRED, PREFIXES
from ptce_graph.publish import addresses, linked
from ptce_graph.serve import media
from ptce_graph.serve.held import Held
from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.worker import Reply

TYPES = {
    "html": media.HTML + "; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "nt": "application/n-triples",
}
"""Ending of the address of a document → its media type."""

_RULE = re.compile(re.escape(INFERRED) + r"[a-z0-9-]+")
_PLAIN = {"rdf": RdfFormat.RDF_XML, "nt": RdfFormat.N_TRIPLES}
_NAMES = 50_000  # names that a suggestion is looked for in
_LIKE = 70  # out of a hundred
_MOST = 5


def thing(held: Held, message: dict[str, Any], reply: Reply) -> None:
    """Describe a thing.

    Args:
        held: the graph.
        message: `path` of the document, without its ending; `form`, a key of TYPES; `language`.
        reply: where the document goes.

    Raises:
        Refusal: the graph says nothing of it; it names what is called like it.
    """
    path, form, language = message["path"], message["form"], message["language"]
    iri = addresses.iri(path)
    known = addresses.path(iri) == path or _RULE.fullmatch(iri)
    body = _document(held, iri, form, language) if known else b""
    if not body:
        raise missing(held, path)
    links = [f'<{iri}>; rel="describes"']
    for other, kind in TYPES.items():
        ending = f"{language}.html" if other == "html" else other
        links.append(f'</{path}.{ending}>; rel="alternate"; type="{kind.partition(";")[0]}"')
    reply.begin(TYPES[form], headers=[("link", ", ".join(links))])
    reply.write(body)


def _document(held: Held, iri: str, form: str, language: str) -> bytes:
    if form == "html":
        return (held.pages.thing(iri, language) or "").encode()
    if iri.startswith(INFERRED):
        found = [quad.triple for quad in _graph(held.store, iri)]
    else:
        found = linked.triples(held.store, iri)
    if not found:
        return b""
    if form == "ttl":
        return linked.turtle(found)
    if form == "jsonld":
        return linked.jsonld(found, iri, held.pages.context)
    return pyoxigraph.serialize(found, format=_PLAIN[form], prefixes=PREFIXES) or b""


def _graph(store: pyoxigraph.Store, iri: str) -> list[pyoxigraph.Quad]:
    return list(store.quads_for_pattern(None, None, None, NamedNode(iri)))


def missing(held: Held, path: str) -> Refusal:
    """Return the refusal of an address at which there is nothing, with what is called like it."""
    found = suggestions(held.store, path)
    close = [{"iri": iri, "label": label, "path": addresses.path(iri)} for iri, label in found]
    english, french = f"nothing is at {path}", f"rien ne se trouve à {path}"
    return Refusal(404, english, french, more={"suggestions": close})


@lru_cache(1)
def _names(store: pyoxigraph.Store) -> dict[str, tuple[str, str]]:
    """Return folded names and keys → the IRI and the name of what is called so."""
    names: dict[str, tuple[str, str]] = {}
    label = NamedNode(PREFIXES["skos"] + "prefLabel")
    for quad in store.quads_for_pattern(None, label, None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            iri, name = quad.subject.value, quad.object.value
            if iri.startswith(ID):
                names[labels.fold(name)] = iri, name
                names[labels.fold(iri.removeprefix(BASE))] = iri, name
                if len(names) > _NAMES:
                    break
    return names


def suggestions(store: pyoxigraph.Store, path: str) -> list[tuple[str, str]]:
    """Return the IRIs and names of at most five things that are called like a path."""
    names = _names(store)
    wanted = labels.fold(path.replace("-", " "))[:100]
    close = process.extract(
        wanted, names.keys(), scorer=fuzz.token_set_ratio, limit=4 * _MOST, score_cutoff=_LIKE
    )
    ranked = sorted(close, key=lambda c: (-fuzz.ratio(wanted, c[0]), c[0]))
    return list(dict.fromkeys(names[name] for name, _, _ in ranked))[:_MOST]

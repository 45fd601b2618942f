"""What can be seen of a SPARQL query before an engine reads it.

The engine has the last word on the syntax. This is what must be known earlier: how deep the
brackets go, which services would be asked, whether the same query may be answered from a cache.
"""

from __future__ import annotations

import re

from ptce_graph.serve.limits import Limits
from ptce_graph.serve.refusals import Refusal

TOKEN = re.compile(
    r"""
    (?P<text> \"{3} (?: [^"\\] | \\. | \"{1,2}(?!\") )* \"{3}
            | '{3} (?: [^'\\] | \\. | '{1,2}(?!') )* '{3}
            | " (?: [^"\\\n\r] | \\. )* "
            | ' (?: [^'\\\n\r] | \\. )* ' )
  | (?P<iri> < (?: [^<>"{}|^`\\\x00-\x20] | \\[uU][0-9A-Fa-f]+ )* > )
  | (?P<comment> \# [^\n\r]* )
  | (?P<name> [?$@] \w+ | [\w.-]* : (?: [\w.:%-] | \\. )* | \\. )
  | (?P<word> \w+ )
  | (?P<open> [({[] )
  | (?P<close> [)}\]] )
    """,
    re.VERBOSE | re.DOTALL,
)
"""What a query is made of, but for numbers and punctuation."""

_HIDDEN = re.compile(r"\).*service", re.DOTALL | re.IGNORECASE)
_VOLATILE = re.compile(r"\b(?:rand|now|uuid|struuid|bnode)\s*\(", re.IGNORECASE)


def check(query: str, limits: Limits) -> None:
    """Refuse a query that is too long, too deep, or that asks a service that is not allowed.

    Raises:
        Refusal: it names the limit.
    """
    if len(query) > limits.query:
        raise too_long(limits)
    if sum(map(query.count, "({[")) > limits.nesting and depth(query) > limits.nesting:
        raise Refusal(
            400,
            f"the brackets of the query are nested more than {limits.nesting} deep",
            f"les parenthèses de la requête s'emboîtent sur plus de {limits.nesting} niveaux",
            limit="nesting",
        )
    if "service" in query.casefold():
        for service in services(query):
            if service not in limits.services:
                raise Refusal(
                    403,
                    f"SERVICE {service or '?'} is not allowed: this server asks no other one",
                    f"SERVICE {service or '?'} n'est pas permis : ce serveur n'en interroge aucun",
                    limit="service",
                )


def too_long(limits: Limits) -> Refusal:
    """Return the refusal of a query that has too many bytes."""
    return Refusal(
        413,
        f"the query has more than {limits.query} bytes",
        f"la requête a plus de {limits.query} octets",
        limit="query",
    )


def depth(query: str) -> int:
    """Return how deep the brackets of a query are nested; those of texts do not count.

    >>> depth("SELECT * { ?s ?p '((((' }")
    1
    """
    level = deepest = 0
    for token in TOKEN.finditer(query):
        if token.lastgroup == "open":
            level += 1
            deepest = max(deepest, level)
        elif token.lastgroup == "close":
            level -= 1
    return deepest


def services(query: str) -> list[str]:
    """Return the addresses that a query would ask, "" where that is not known before.

    An IRI in which a bracket closes before the word SERVICE counts as one: read as a comparison
    (`1<a:b)SERVICE#>`), it is one.

    >>> services("SELECT * { SERVICE SILENT <http://example.org/> { ?s ?p 'SERVICE' } } # SERVICE")
    ['http://example.org/']
    """
    found: list[str] = []
    waiting = False
    for token in TOKEN.finditer(query):
        kind, text = token.lastgroup, token[0]
        if kind == "iri" and _HIDDEN.search(text):
            found.append("")
        if kind == "comment" or (waiting and text.casefold() == "silent"):
            continue
        if waiting:
            found.append(text[1:-1] if kind == "iri" else "")
        waiting = kind == "word" and text.casefold() == "service"
    return found + [""] * waiting


def is_volatile(query: str) -> bool:
    """Return whether two answers to the same query may differ, as with RAND() and NOW()."""
    return bool(_VOLATILE.search(query))

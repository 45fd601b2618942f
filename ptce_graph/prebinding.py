"""Whether a SPARQL constraint can be asked once for all that a shape is about.

SHACL puts each focus in the place of ?this before it asks (https://www.w3.org/TR/shacl/#pre-binding).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from rdflib import Variable
from rdflib.plugins.sparql import algebra, parser
from rdflib.plugins.sparql.parserutils import CompValue

_FORBIDDEN = {"Minus": "MINUS", "ServiceGraphPattern": "SERVICE", "values": "VALUES"}
_THIS = Variable("this")


@cache
def unaskable(text: str) -> str:
    """Return why a query cannot be asked once for all that a shape is about, or "".

    Where every row has ?this from a triple, and nothing is used that SHACL forbids, the query says
    the same when it is asked once.
    """
    try:
        query = algebra.translateQuery(parser.parseQuery(text)).algebra
    except Exception as error:  # the parser's errors have no class in common
        return f"what is no SPARQL ({' '.join(str(error).split())[:150]})"
    for node in _walk(query.p):
        if what := _FORBIDDEN.get(node.name):
            return what
        if node.name == "Extend" and node.var == _THIS and not str(node.expr).startswith("__agg"):
            return "AS ?this"
        if node.name == "Project" and _THIS not in node.PV:
            return "a SELECT without ?this"
    for node in _walk(query.p, correlated=False):
        free = node.name in ("Filter", "Extend") and not _binds_this(node.p)
        if free and any(_THIS in part.values() for part in _walk(node.expr, correlated=False)):
            return "?this in a group without a triple that has it"
    return "" if _binds_this(query) else "a row that has ?this from no triple"


def _walk(node: object, *, correlated: bool = True) -> Iterator[CompValue]:
    """Yield a node of an algebra and all that is in it, by wish also the patterns of filters."""
    if isinstance(node, CompValue):
        yield node
        if not correlated and node.name.endswith("EXISTS"):
            return
        node = list(node.values())
    if isinstance(node, list | tuple):
        for part in node:
            yield from _walk(part, correlated=correlated)


def _binds_this(node: CompValue) -> bool:
    """Return whether every row of a pattern has ?this from a triple."""
    if node.name == "BGP":
        return any(_THIS in triple for triple in node.triples)
    if node.name == "Join":
        return _binds_this(node.p1) or _binds_this(node.p2)
    if node.name == "Union":
        return _binds_this(node.p1) and _binds_this(node.p2)
    if node.name == "LeftJoin":
        return _binds_this(node.p1)
    if node.name == "Group" and _THIS not in (node.expr or []):
        return False
    return "p" in node and _binds_this(node.p)

"""A CONSTRUCT as a stream: its pattern is asked as a SELECT, its template is filled row by row.

The engine remembers each triple that it has sent, so as to send none twice: half a gigabyte for a
million. Here only the latest are remembered; a triple that comes again is the same graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from ptce_graph.namespaces import BASE
from ptce_graph.serve.syntax import TOKEN

_SPACE = r"(?:\s|\#[^\n\r]*+)"
_IRI = r"<[^<>]*+>"
_HEAD = re.compile(
    rf"((?:{_SPACE}|PREFIX{_SPACE}++[^\s:<>\#]*+:{_SPACE}*+{_IRI}|BASE{_SPACE}*+{_IRI})*+)"
    rf"CONSTRUCT{_SPACE}*+\{{",
    re.IGNORECASE,
)
_VARIABLE = "urn:x-variable:"
_REMEMBERED = 10_000

Term = NamedNode | BlankNode | Literal | Triple
Template = list[tuple[Term, ...]]


def split(query: str) -> tuple[str, Template] | None:
    """Return a CONSTRUCT query as a SELECT of what its template needs, and the template.

    The engine must have read the query as a CONSTRUCT before. A variable stands in the template
    as the IRI `urn:x-variable:NAME`. None where the two cannot be told apart with certainty, as
    with `CONSTRUCT WHERE`.

    >>> split("CONSTRUCT { ?s a <a:b> } WHERE { ?s ?p ?o } LIMIT 2")[0]
    'SELECT ?s WHERE { ?s ?p ?o } LIMIT 2'
    """
    head = _HEAD.match(query)
    if not head or _VARIABLE in query:
        return None
    names: set[str] = set()
    parts: list[str] = []
    after = head.end()
    for token in TOKEN.finditer(query, after):
        text = token[0]
        if text in "{}":
            break
        parts.append(query[after : token.start()])
        if token.lastgroup == "name" and text[0] in "?$":
            names.add(text[1:])
            text = f"<{_VARIABLE}{text[1:]}>"
        parts.append(" " if token.lastgroup == "comment" else text)
        after = token.end()
    else:
        return None
    if text == "{" or not names:
        return None
    turtle = f"{head[1]}\n{''.join(parts)}{query[after : token.start()]}".rstrip()
    turtle += "" if turtle.endswith(".") else " ."
    try:
        quads = pyoxigraph.parse(turtle, format=RdfFormat.TURTLE, base_iri=BASE)
        template: Template = [(q.subject, q.predicate, q.object) for q in quads]
    except (SyntaxError, ValueError):
        return None
    if any(isinstance(term, Triple) for row in template for term in row):
        return None
    variables = " ".join(f"?{name}" for name in sorted(names))
    return f"{head[1]}SELECT {variables} {query[token.end() :].lstrip()}", template


def fill(template: Template, rows: pyoxigraph.QuerySolutions) -> Iterator[Triple]:
    """Yield the triples of a template for each row: those whose terms are all bound and lawful."""
    columns = {f"{_VARIABLE}{name.value}": at for at, name in enumerate(rows.variables)}
    places = [
        [(columns.get(term.value) if isinstance(term, NamedNode) else None, term) for term in row]
        for row in template
    ]
    sent: set[Triple] = set()
    for row in rows:
        own: dict[Term, BlankNode] = {}
        for place in places:
            subject, predicate, found = (
                row[column]
                if column is not None
                else own.setdefault(term, BlankNode())
                if isinstance(term, BlankNode)
                else term
                for column, term in place
            )
            if found is None or not isinstance(predicate, NamedNode):
                continue
            if not isinstance(subject, NamedNode | BlankNode):
                continue
            triple = Triple(subject, predicate, found)
            if triple in sent:
                continue
            if len(sent) == _REMEMBERED:
                sent.clear()
            sent.add(triple)
            yield triple

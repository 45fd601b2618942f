"""What a SPARQL service sent back, read as the answer that a store would give."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import pyoxigraph
from pyoxigraph import QueryResultsFormat, RdfFormat

from ptce_graph.address import printable
from ptce_graph.query import Answer

ROW_CAP = 10_000
"""Number of rows at which services commonly cut their answers without a word."""

_ROWS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/javascript": QueryResultsFormat.JSON,
    "text/javascript": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/xml": QueryResultsFormat.XML,
}
_GRAPHS = {  # no RDF/XML: its entities make a few lines endless
    "text/turtle": RdfFormat.TURTLE,
    "application/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A response that has been received whole.

    Attributes:
        headers: by name, in lower case.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """The type of the body, without its parameters."""
        return printable(self.headers.get("content-type", "").partition(";")[0]).lower()

    @property
    def text(self) -> str:
        """What the service says, as one short line."""
        text = self.body[:65_536].decode("utf-8", "replace")
        if "html" in self.media_type:
            text = re.sub(r"(?s)<(script|style)\b.*?</\1>|<[^>]*>", " ", text)
            text = html.unescape(text)
        text = printable(text)
        return text if len(text) <= 200 else text[:199] + "…"

    def retry_after(self, now: datetime) -> float | None:
        """Return the seconds for which the service asks to be left alone, None if it does not.

        >>> Reply(503, {"retry-after": "120"}, b"").retry_after(datetime.now(UTC))
        120.0
        """
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return float(text)
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())


def read_answer(reply: Reply, form: str) -> tuple[Answer, int]:
    """Return an answer, read once to its end, and how many rows or triples it has.

    >>> body = b'{"head": {}, "boolean": true}'
    >>> answer, _ = read_answer(Reply(200, {"content-type": "application/json"}, body), "ASK")
    >>> bool(answer)
    True

    Args:
        form: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        ValueError: the body is not what was asked for; its arguments say what is wrong with it, in
            English and in French.
    """
    kinds: Mapping[str, object] = _ROWS if form in ("SELECT", "ASK") else _GRAPHS
    kind = kinds.get(reply.media_type)
    if "html" in reply.media_type:
        raise ValueError(
            "answers with a web page, not with data "
            "(is this the address of the service itself? It often ends in /sparql)",
            "répond par une page web, pas par des données "
            "(est-ce l'adresse du service même ? Elle finit souvent par /sparql)",
        )
    if kind is None:
        given, needed = reply.media_type, next(iter(kinds))
        raise ValueError(
            f"answers with {given or 'something without a type'} where {needed} is needed",
            f"répond par {given or 'quelque chose sans type'} où il faut {needed}",
        )
    if not reply.body.strip() and form in ("SELECT", "ASK"):
        raise ValueError(
            "the answer is empty (try again later)", "la réponse est vide (réessayez plus tard)"
        )
    try:
        if isinstance(kind, RdfFormat):
            return _triples(reply.body, kind)
        assert isinstance(kind, QueryResultsFormat)  # noqa: S101 (for mypy)
        return _rows(reply.body, kind, form)
    except SyntaxError as error:
        why = printable(str(error))[:200]
        raise ValueError(
            f"the answer cannot be read, it may be cut ({why})",
            f"la réponse est illisible, peut-être coupée ({why})",
        ) from error


def _rows(body: bytes, kind: QueryResultsFormat, form: str) -> tuple[Answer, int]:
    if form == "ASK" and b'"vars": ["__ASK_RETVAL"]' in body[:200]:  # Virtuoso: a row, or none
        yes = b"true" if b'"value"' in body else b"false"
        body = b'{"head": {}, "boolean": %s}' % yes
    # No answer may be left in the frame of an error: pyoxigraph wants it freed by its own thread.
    parse: Callable[[], Any] = partial(pyoxigraph.parse_query_results, body, format=kind)
    is_boolean = isinstance(parse(), pyoxigraph.QueryBoolean)
    if is_boolean != (form == "ASK"):
        raise ValueError(
            f"the answer is not that of a query of the form {form}",
            f"la réponse n'est pas celle d'une requête de la forme {form}",
        )
    count = 1 if is_boolean else sum(map(lambda _: 1, parse()))  # noqa: C417
    return parse(), count


def _triples(body: bytes, kind: RdfFormat) -> tuple[Answer, int]:
    store = pyoxigraph.Store()
    store.load(input=body, format=kind)
    return store.query("CONSTRUCT WHERE { ?subject ?predicate ?object }"), len(store)


def is_partial(reply: Reply) -> bool:
    """Return whether the service says that it ran out of time (Virtuoso's S1TAT)."""
    return reply.status == 206 or reply.headers.get("x-sql-state", "").startswith("S1TAT")


def may_be_cut(reply: Reply, count: int, sparql: str) -> bool:
    """Return whether an answer has as many rows as the service gives, and not as were asked for.

    >>> may_be_cut(Reply(200, {}, b""), 10_000, "SELECT * { ?s ?p ?o }")
    True
    """
    if re.search(rf"\bLIMIT\s+{count}\b", sparql, re.IGNORECASE):
        return False
    cap = re.fullmatch(r"\s*0*([1-9][0-9]{0,9})\s*", reply.headers.get("x-sparql-maxrows", ""))
    return count == ROW_CAP or (cap is not None and int(cap[1]) <= count)

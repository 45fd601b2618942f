"""The SPARQL 1.1 Protocol: a request in, the answer of a worker out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from ptce_graph.serve import media, syntax
from ptce_graph.serve.exchange import ask, header
from ptce_graph.serve.limits import Limits
from ptce_graph.serve.pool import Pool
from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.response import Response

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_SPARE = 1 << 14  # bytes of a form beyond its query: names of graphs

Pairs = list[tuple[str, str]]
Receive = Callable[[], Awaitable[Any]]


async def read(receive: Receive, limit: int, refusal: Refusal) -> bytes:
    """Return the body of a request.

    Raises:
        Refusal: it has more bytes than allowed, or it was never sent whole.
    """
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal(408, "the request did not come whole", "la requête n'est pas arrivée")
        body += bytes(message.get("body", b""))
        if len(body) > limit:
            raise refusal
        if not message.get("more_body"):
            return body


async def parameters(scope: Any, receive: Receive, limits: Limits) -> Pairs:
    """Return the parameters of a request, the query among them whichever way it came.

    Raises:
        Refusal: they cannot be read, or this is no way to send a query.
    """
    found = pairs(scope["query_string"])
    if scope["method"] != "POST":
        return found
    kind = header(scope, b"content-type").partition(";")[0].strip().lower()
    if kind == _UPDATE:
        raise _READ_ONLY
    if kind not in (_FORM, _QUERY):
        raise Refusal(
            415,
            f"send a query as {_QUERY} or {_FORM}",
            f"envoyez une requête en {_QUERY} ou {_FORM}",
        )
    most = limits.query if kind == _QUERY else 3 * limits.query + _SPARE
    body = await read(receive, most, syntax.too_long(limits))
    if kind == _FORM:
        return found + pairs(body)
    try:
        return [*found, ("query", body.decode("utf-8"))]
    except UnicodeDecodeError as error:
        raise Refusal(400, "the query is no UTF-8", "la requête n'est pas en UTF-8") from error


def pairs(text: bytes) -> Pairs:
    """Return the parameters of a form or of an address.

    Raises:
        Refusal: they cannot be read.
    """
    try:
        found = parse_qsl(
            text.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=200
        )
    except ValueError as error:  # no UTF-8, or too many
        raise Refusal(
            400, "the parameters cannot be read", "les paramètres sont illisibles"
        ) from error
    return found


_READ_ONLY = Refusal(
    403,
    "nothing is written here: the graph is built from tables",
    "rien ne s'écrit ici : le graphe est construit à partir de tables",
    limit="read-only",
)


@lru_cache(1024)
def _types(accept: str, form: str) -> tuple[Any, Any]:
    """Return the media type and format of rows and of RDF that a client is given."""
    if form:
        rows, rdf = media.FORMATS[form]
    else:
        rows = media.choose(accept, tuple(media.SOLUTIONS))
        rdf = media.choose(accept, tuple(media.GRAPHS))
    return (
        (rows, media.SOLUTIONS[rows]) if rows else None,
        (rdf, media.GRAPHS[rdf]) if rdf else None,
    )


async def answer(scope: Any, pairs: Pairs, pool: Pool, client: str) -> Response:
    """Answer the query of a request.

    Raises:
        Refusal: it cannot be answered, or a limit was met.
    """
    message = _message(scope, pairs, pool.limits)
    volatile = syntax.is_volatile(message["query"])
    return await ask(scope, message, pool, client, volatile=volatile)


def _message(scope: Any, pairs: Pairs, limits: Limits) -> dict[str, Any]:
    queries = [value for name, value in pairs if name == "query"]
    if any(name == "update" for name, _ in pairs):
        raise _READ_ONLY
    if len(queries) != 1:
        raise Refusal(
            400,
            f"one query is needed, not {len(queries)}",
            f"il faut une requête, et non {len(queries)}",
        )
    syntax.check(queries[0], limits)
    forms = [value for name, value in pairs if name in ("format", "output")]
    form = forms[0] if forms and forms[0] in media.FORMATS else ""
    named = [value for value in forms if "/" in value]  # a media type, as Virtuoso takes it
    rows, rdf = _types(named[0] if named else header(scope, b"accept"), form)
    return {
        "do": "query",
        "query": queries[0],
        "default": [value for name, value in pairs if name == "default-graph-uri"],
        "named": [value for name, value in pairs if name == "named-graph-uri"],
        "rows": rows,
        "rdf": rdf,
    }

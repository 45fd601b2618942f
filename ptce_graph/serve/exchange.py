"""What is asked of the workers and what they answer, from the cache where that is the same."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ptce_graph.serve import media
from ptce_graph.serve.pool import Pool
from ptce_graph.serve.response import PAGE, Response

_VARY = (b"vary", b"accept, accept-encoding, accept-language")
_CHECK = (b"cache-control", b"no-cache")
_NEVER = (b"cache-control", b"no-store")


def header(scope: Any, name: bytes) -> str:
    """Return a header of a request, "" if there is none; several are joined by commas."""
    found = [value for key, value in scope["headers"] if key == name]
    return b",".join(found).decode("latin-1") if found else ""


async def ask(
    scope: Any, message: dict[str, Any], pool: Pool, client: str, *, volatile: bool = False
) -> Response:
    """Return the answer to a message that a worker understands.

    Args:
        scope: the request.
        message: what `answers.VERBS` documents.
        pool: who answers.
        client: who asks.
        volatile: two answers may differ: nothing is kept.

    Raises:
        Refusal: it cannot be answered, or a limit was met.
    """
    message["gzip"] = media.accepts_gzip(header(scope, b"accept-encoding"))
    key = json.dumps(message)
    etag = _etag(pool.digest, key)
    if not volatile and etag in header(scope, b"if-none-match").encode():
        return Response(304, headers=[(b"etag", etag), _CHECK, _VARY])
    found = pool.cache.get(key)
    if found is None:
        found = await pool.ask(key, message, client, scope.get("connection"))
        if not volatile:
            pool.cache.put(key, found)
    headers = [_NEVER] if volatile else [(b"etag", etag), _CHECK, _VARY]
    if "encoding" in found.header:
        headers.append((b"content-encoding", b"gzip"))
    headers += [(n.encode(), v.encode()) for n, v in found.header.get("headers", ())]
    response = Response(
        found.header["status"], found.header["type"], found.body, headers, found.pieces
    )
    if found.header["type"].startswith(media.HTML):
        response.policy = found.header.get("policy", "").encode() or PAGE
    return response


def _etag(digest: str, key: str) -> bytes:
    name = hashlib.blake2b(key.encode(), digest_size=8).hexdigest()
    return f'"{digest}-{name}"'.encode()

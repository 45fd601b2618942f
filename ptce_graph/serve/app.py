"""The server as an ASGI application: every request goes through here, every answer leaves here."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import Any

from ptce_graph.serve import media, routes
from ptce_graph.serve.connection import Rate, client_of
from ptce_graph.serve.limits import Limits
from ptce_graph.serve.pool import Pool
from ptce_graph.serve.process import Broken
from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.request import Request
from ptce_graph.serve.response import Response

READ = ("GET", "HEAD", "OPTIONS")
_KEPT = (b"content-encoding", b"vary")
_SHOWN = (400, 404, 406)
_FREE = ("/health", "/ready")  # a supervisor is always answered


class Application:
    """All that is served, over the pool of the newest build.

    Attributes:
        pool: who answers; another build is another pool.
        limits: what a query and a client may take.
        log: where the line of each request goes, None for nowhere.
    """

    def __init__(self, pool: Pool, limits: Limits, log: Any = sys.stderr) -> None:
        self.pool = pool
        self.limits = limits
        self.log = log
        self._rate = Rate(limits.rate, time.monotonic)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        started = time.perf_counter()
        path = scope["path"]
        if path.startswith("/ptce/"):  # as in https://w3id.org/ptce/…
            path = path[5:]
        address = scope["client"][0] if scope["client"] else ""
        request = Request(scope, receive, path, client_of(address), self.pool)
        try:
            response = await self._answer(request)
        except Refusal as refusal:
            response = await self._refuse(request, refusal)
        except Exception as error:  # the last line of defence: no traceback leaves
            self._note(f"failed: {type(error).__name__}: {error}")
            failure = Refusal(500, "the server failed to answer", "le serveur n'a pas su répondre")
            response = await self._refuse(request, failure)
        sent = await self._send(scope, response, send)
        if self.log:
            milliseconds = 1000 * (time.perf_counter() - started)
            where = "/".join(path.split("/")[:2])
            self._note(
                f"{scope['method']} {where} {response.status} {sent} B {milliseconds:.1f} ms"
            )

    def _note(self, line: str) -> None:
        if self.log:
            printable = line.encode("ascii", "backslashreplace").decode()
            self.log.write("".join(c if c.isprintable() else "?" for c in printable) + "\n")

    async def _answer(self, request: Request) -> Response:
        path, method = request.path, request.scope["method"]
        if path not in _FREE and (seconds := self._rate.take(request.client)):
            raise Refusal(
                429,
                f"more than {self.limits.rate:g} requests a second",
                f"plus de {self.limits.rate:g} requêtes par seconde",
                limit="rate",
                headers=((b"retry-after", b"%d" % max(1, round(seconds))),),
            )
        handler = routes.find(path)
        allowed = (*READ, "POST") if path == "/sparql" else READ
        if method == "OPTIONS":
            return _options(allowed)
        if method not in allowed:
            allow = (b"allow", ", ".join(allowed).encode())
            raise Refusal(
                405, f"{method} is not for this", f"pas de {method} ici", headers=(allow,)
            )
        return await handler(request)

    async def _refuse(self, request: Request, refusal: Refusal) -> Response:
        """Return why there is no answer, to a browser as a page."""
        headers = [*refusal.headers, (b"cache-control", b"no-store")]
        if refusal.status in (408, 413):  # what else was sent is not read
            headers.append((b"connection", b"close"))
        if refusal.status in _SHOWN and media.prefers_html(request.accept):
            with contextlib.suppress(Refusal):
                page = await routes.problem(request, refusal)
                page.headers = [*headers, *(h for h in page.headers if h[0] in _KEPT)]
                return page
        body = refusal.body(request.language)
        return Response(refusal.status, media.PROBLEM, body, headers)

    async def _send(self, scope: Any, response: Response, send: Any) -> int:
        start = {
            "type": "http.response.start",
            "status": response.status,
            "headers": response.head(),
        }
        await send(start)
        bare = scope["method"] == "HEAD"
        body = b"" if bare else response.body
        sent = len(body)
        if response.pieces is not None:
            try:
                async for piece in response.pieces:
                    if bare:
                        break
                    sent += len(piece)
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except Broken as error:
                self._note(f"broken off: {error}")
                scope["connection"].transport.abort()
                return sent
        await send({"type": "http.response.body", "body": body})
        return sent


def _options(allowed: tuple[str, ...]) -> Response:
    methods = ", ".join(allowed).encode()
    return Response(
        204,
        headers=[
            (b"allow", methods),
            (b"access-control-allow-methods", methods),
            (b"access-control-allow-headers", b"accept, content-type, if-none-match"),
            (b"access-control-max-age", b"86400"),
        ],
    )

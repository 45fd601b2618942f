"""The server as an ASGI application: every request goes through here, every answer leaves here."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from ptce_graph.serve import media, sparql
from ptce_graph.serve.connection import Rate, client_of
from ptce_graph.serve.description import describe
from ptce_graph.serve.exchange import header
from ptce_graph.serve.limits import Limits
from ptce_graph.serve.pool import Broken, Pool
from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.response import Response

READ = ("GET", "HEAD", "OPTIONS")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
_FREE = ("/health", "/ready")  # a supervisor is always answered


@dataclass(slots=True)
class Request:
    """One request, as those who answer it see it."""

    scope: Any
    receive: sparql.Receive
    path: str
    client: str
    pool: Pool

    @property
    def accept(self) -> str:
        """The Accept header."""
        return header(self.scope, b"accept")

    @property
    def language(self) -> str:
        """The language that the client prefers, fr or en."""
        return media.language(header(self.scope, b"accept-language"))

    @property
    def origin(self) -> str:
        """Where this server is for the client: scheme and host.

        Raises:
            Refusal: the Host header is none.
        """
        host = header(self.scope, b"host")
        if not _HOST.fullmatch(host):
            raise Refusal(400, "the Host header is no host", "l'en-tête Host n'est pas un hôte")
        return f"{self.scope['scheme']}://{host}"


Handler = Callable[[Request], Awaitable[Response]]


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
            response = self._refuse(request, refusal)
        except Exception as error:  # the last line of defence: no traceback leaves
            self._note(f"failed: {type(error).__name__}: {error}")
            failure = Refusal(500, "the server failed to answer", "le serveur n'a pas su répondre")
            response = self._refuse(request, failure)
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
        handler = self._handler(path)
        allowed = (*READ, "POST") if path == "/sparql" else READ
        if method == "OPTIONS":
            return _options(allowed)
        if method not in allowed:
            allow = (b"allow", ", ".join(allowed).encode())
            raise Refusal(
                405, f"{method} is not for this", f"pas de {method} ici", headers=(allow,)
            )
        return await handler(request)

    def _handler(self, path: str) -> Handler:
        if path in ROUTES:
            return ROUTES[path]
        raise Refusal(404, f"nothing is at {path}", f"rien ne se trouve à {path}")

    def _refuse(self, request: Request, refusal: Refusal) -> Response:
        headers = [*refusal.headers, (b"cache-control", b"no-store")]
        if refusal.status in (408, 413):  # what else was sent is not read
            headers.append((b"connection", b"close"))
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


async def _sparql(request: Request) -> Response:
    scope, pool = request.scope, request.pool
    pairs = await sparql.parameters(scope, request.receive, pool.limits)
    if scope["method"] != "POST" and not any(name in ("query", "update") for name, _ in pairs):
        return _description(request)
    return await sparql.answer(scope, pairs, pool, request.client)


def _description(request: Request) -> Response:
    offers = tuple(media.GRAPHS)
    chosen = media.choose(request.accept, offers)
    if not chosen:
        raise Refusal(406, "the description of this service is RDF", "la description est en RDF")
    pool = request.pool
    endpoint = request.origin + "/sparql"
    body = describe(endpoint, media.GRAPHS[chosen], pool.triples, pool.graphs, "ptce_graph")
    return Response(200, chosen, body, [(b"vary", b"accept"), (b"cache-control", b"no-cache")])


async def _health(_: Request) -> Response:
    return Response(200, "application/json", b'{"status":"alive"}', [_FRESH])


async def _ready(request: Request) -> Response:
    pool = request.pool
    if not pool.alive:
        raise Refusal(503, "the graph is being loaded", "le graphe est en cours de chargement")
    body = b'{"status":"ready","build":"%s"}' % pool.digest.encode()
    return Response(200, "application/json", body, [_FRESH])


_FRESH = (b"cache-control", b"no-store")

ROUTES: dict[str, Handler] = {"/sparql": _sparql, "/health": _health, "/ready": _ready}
"""Path → who answers there."""

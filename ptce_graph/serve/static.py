"""What is the same for everybody: the parts of the static site, scripts and styles of the pages."""

from __future__ import annotations

import asyncio
import re
import zlib
from functools import lru_cache
from importlib.resources import files

from ptce_graph.serve import media
from ptce_graph.serve.exchange import header
from ptce_graph.serve.refusals import nothing
from ptce_graph.serve.request import Request
from ptce_graph.serve.response import PAGE, Response


async def part(request: Request) -> Response:
    """Answer with a part of the static site, made once for each build."""
    path = request.path.lstrip("/")
    found = (await request.pool.site()).get(path)
    if found is None:
        raise nothing(request.path)
    kind = _KINDS.get(path.rpartition(".")[2], "application/octet-stream")
    packed = kind.startswith(_PACKED) and media.accepts_gzip(
        header(request.scope, b"accept-encoding")
    )
    etag = f'"{request.pool.digest}-{zlib.crc32(path.encode()):x}{"-gzip" * packed}"'.encode()
    headers = [(b"etag", etag), (b"cache-control", b"no-cache"), _VARY]
    if etag in header(request.scope, b"if-none-match").encode():
        return Response(304, headers=headers)
    response = Response(200, kind, found, headers)
    if kind.startswith(media.HTML):
        policy = _POLICY.search(found)
        response.policy = policy[1].replace(b"&#39;", b"'") if policy else PAGE
    if packed:
        response.body = await asyncio.to_thread(_pack, found)
        headers.append((b"content-encoding", b"gzip"))
    return response


@lru_cache(64)
def _pack(data: bytes) -> bytes:
    return zlib.compress(data, 6, 31)


_VARY = (b"vary", b"accept-encoding, accept-language")
_PACKED = ("text/", "application/ld+json", "application/xml", "image/svg+xml")
_POLICY = re.compile(rb'http-equiv="Content-Security-Policy" content="([^"]*)"')
PART = re.compile(
    r"/(?:[a-z-]+(?:\.(?:fr|en))?\.html|(?:dumps|tables)/[\w.-]+|assets/[a-z]+\.(?:js|css|svg)"
    r"|[a-z]+\.(?:ttl|jsonld|xml|txt|ico)|\.well-known/void)"
)
"""The paths of the static site that the server does not answer alive."""


_FOLDERS = ("publish", "serve")
_KINDS = {
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "ico": "image/x-icon",
    "js": "text/javascript; charset=utf-8",
    "gz": "application/gzip",
    "html": media.HTML + "; charset=utf-8",
    "jsonld": "application/ld+json",
    "svg": "image/svg+xml",
    "ttl": "text/turtle; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "well-known/void": "text/turtle; charset=utf-8",
    "xml": "application/xml",
}


@lru_cache(64)
def _asset(name: str) -> tuple[bytes, bytes]:
    """Return a file of the pages, plain and compressed; b"" if there is none."""
    for folder in _FOLDERS:
        path = files("ptce_graph") / folder / "site" / name
        if path.is_file():
            plain = path.read_bytes()
            return plain, zlib.compress(plain, 9, 31)
    return b"", b""


async def asset(request: Request) -> Response:
    """Answer with a script or a style of the pages, or of the site."""
    name = request.path.removeprefix("/assets/")
    kind = _KINDS.get(name.rpartition(".")[2], "")
    known = re.fullmatch(r"[a-z]+(\.min)?\.(css|js|svg)", name)
    plain, packed = _asset(name) if known else (b"", b"")
    if not plain:
        return await part(request)
    etag = b'"%x"' % zlib.crc32(plain)
    headers = [(b"etag", etag), (b"cache-control", b"max-age=3600"), (b"vary", b"accept-encoding")]
    if etag in header(request.scope, b"if-none-match").encode():
        return Response(304, headers=headers)
    if media.accepts_gzip(header(request.scope, b"accept-encoding")):
        return Response(200, kind, packed, [*headers, (b"content-encoding", b"gzip")])
    return Response(200, kind, plain, headers)

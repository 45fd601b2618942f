"""One HTTP request within a time and a size: no redirection, no file, no error for a status."""

from __future__ import annotations

import http.client
import io
import socket
import time
import urllib.request
from typing import Any

from ptce_graph.errors import EndpointError
from ptce_graph.reply import Reply

MOST_BYTES = 256_000_000
"""Size above which an answer is given up."""

_CHUNK = 65_536


def fetch(request: urllib.request.Request, shown: str, timeout: float) -> Reply:
    """Return what a service answers, whatever its status.

    Args:
        request: to an address on the web.
        shown: that address, for messages.
        timeout: seconds to wait for the connection, and then for the whole answer.

    Raises:
        EndpointError: the answer is too large, or cut.
        OSError: the service cannot be reached, the connection breaks, or time is over.
        http.client.HTTPException: it does not speak HTTP.
    """
    opener = urllib.request.OpenerDirector()  # the usual one would read files, and follow
    for handler in (urllib.request.ProxyHandler(), _Web(), _SecureWeb()):
        opener.add_handler(handler)
    with opener.open(request, timeout=timeout) as response:
        body, status = bytearray(), response.status
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > MOST_BYTES:
                what = f"the answer is larger than {MOST_BYTES / 1e6:g} MB (ask for less)"
                raise EndpointError(f"{shown}: {what}", shown, status)
        headers = {name.lower(): value for name, value in response.headers.items()}
    length = headers.get("content-length", "")
    if length.isdigit() and len(body) < int(length):
        what = f"the answer is cut ({len(body):,} bytes of {int(length):,}; try again later)"
        raise EndpointError(f"{shown}: {what}", shown, status)
    return Reply(status, headers, bytes(body))


class _Timed(io.RawIOBase):
    """What comes from a socket until a moment, however few bytes come at a time."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw, self._socket = raw, sock
        self._deadline = time.monotonic() + (sock.gettimeout() or 0)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what comes, if it comes in time."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close the socket's side too."""
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock))


class _Connection(http.client.HTTPConnection):
    response_class = _Response


class _SecureConnection(http.client.HTTPSConnection):
    response_class = _Response


class _Web(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Send a request."""
        return self.do_open(_Connection, req)


class _SecureWeb(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Send a request over TLS."""
        return self.do_open(_SecureConnection, req)

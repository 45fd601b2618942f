"""One connection of a client, bounded: how many, how large the head, how slow it may be."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ptce_graph.serve.media import PROBLEM
from ptce_graph.serve.refusals import TITLES, Refusal

_HEAD = 1 << 17
_ADDRESS = (1 << 16) - 1  # more bytes the parser of addresses cannot count
_LEAST = 1 << 14  # bytes that a reader takes while the server is patient, or it reads no more


@lru_cache(4096)
def client_of(address: str) -> str:
    """Return who an address is: the whole network of an IPv6 subscriber is one client.

    >>> client_of("2001:db8::1") == client_of("2001:db8::2")
    True
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or int(parsed) >> 64)
    return address


class Connection(HttpToolsProtocol):
    """A connection; `abandon` is called if its client goes away during an answer.

    Attributes:
        limit: connections of one client.
        trusted: addresses of proxies, which hold those of many.
        patience: seconds for a request to come in, and for a reader to take something.
        open_now: connections of each client.
    """

    limit = 0
    trusted: frozenset[str] = frozenset()
    patience = 0.0
    open_now: ClassVar[Counter[str]] = Counter()
    abandon: Callable[[], None] | None = None
    _counted = ""
    _head = 0
    _coming: asyncio.TimerHandle | None = None  # runs while a request comes in
    _leaving: asyncio.TimerHandle | None = None  # runs while an answer goes out
    _unsent = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count it, and close it if it is one too many."""
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        if address in self.trusted:
            return
        self._counted = client_of(address)
        self.open_now[self._counted] += 1
        if self.open_now[self._counted] > self.limit:
            transport.abort()
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop what was being done for it."""
        for clock in (self._coming, self._leaving):
            if clock is not None:
                clock.cancel()
        if self._counted:
            self.open_now[self._counted] -= 1
            if not self.open_now[self._counted]:
                del self.open_now[self._counted]
            self._counted = ""
        if self.abandon:
            self.abandon()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request whose head is not too large."""
        if self._head >= 0:
            self._head += len(data)
            if self._coming is None:
                self._expect()
        super().data_received(data)
        if self._head > _HEAD and not self.transport.is_closing():
            self.send_400_response("")

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (it names the class of the parser)
        """Refuse a request that cannot be read; say so if it is too long."""
        if len(self.url) > _ADDRESS:
            refusal = Refusal(
                414, "the address is too long: send the query by POST", limit="address"
            )
        elif self._head > _HEAD:
            refusal = Refusal(431, f"the head has more than {_HEAD} bytes", limit="head")
        else:
            refusal = Refusal(400, "this is no HTTP request")
        body = refusal.body()
        head = (
            f"HTTP/1.1 {refusal.status} {TITLES[refusal.status]}\r\nconnection: close\r\n"
            f"content-type: {PROBLEM}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def on_message_begin(self) -> None:
        """Begin a request, which knows its connection."""
        super().on_message_begin()
        self.scope["connection"] = self  # type: ignore[typeddict-unknown-key]

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._head = -1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The whole request is there."""
        if self._coming is not None:
            self._coming.cancel()
            self._coming = None
        self._head = 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Watch a reader that does not keep up."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """It has taken something."""
        super().resume_writing()
        self._unsent = math.inf

    def on_response_complete(self) -> None:
        """The whole answer is on its way."""
        super().on_response_complete()
        if self.transport.get_write_buffer_size():
            self._watch()

    def _expect(self) -> None:
        self._coming = self.loop.call_later(self.patience, self.transport.abort)

    def _watch(self) -> None:
        if self._leaving is None:
            self._unsent = self.transport.get_write_buffer_size()
            self._leaving = self.loop.call_later(self.patience, self._look)

    def _look(self) -> None:
        """Break off with a reader that has taken next to nothing since the last look."""
        self._leaving = None
        left = self.transport.get_write_buffer_size()
        if left and self._unsent - left < _LEAST:
            self.transport.abort()
        elif left:
            self._watch()


def bounded(limit: int, patience: float, trusted: frozenset[str]) -> type[Connection]:
    """Return the connections of a server of which each client holds at most `limit`."""
    bounds = {"limit": limit, "patience": patience, "trusted": trusted, "open_now": Counter()}
    return type("Bounded", (Connection,), bounds)


class Rate:
    """How many requests each client may still make: a bucket that fills again."""

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = rate * 10
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, client: str) -> float:
        """Take one request; return 0, or the seconds to wait if there is none left."""
        if not self._rate:
            return 0.0
        now = self._clock()
        left, then = self._buckets.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._rate)
        taken = left >= 1
        self._buckets[client] = (left - taken, now)
        if len(self._buckets) > 10_000:
            del self._buckets[next(iter(self._buckets))]
        return 0.0 if taken else (1 - left) / self._rate

"""One connection of a client, bounded: how many, how large the head, how long it may take."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD = 1 << 17  # a query of the largest size fits into the address of a GET, percent-encoded
_PATIENCE = 20.0  # seconds for a request to come in, and for a reader to take something


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
        open_now: connections of each client.
    """

    limit = 0
    trusted: frozenset[str] = frozenset()
    open_now: ClassVar[Counter[str]] = Counter()
    abandon: Callable[[], None] | None = None
    _counted = ""
    _head = 0
    _clock: asyncio.TimerHandle | None = None

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
        self._wind()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop what was being done for it."""
        self._unwind()
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
            if self._clock is None:
                self._wind()
        super().data_received(data)
        if self._head > _HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

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
        self._unwind()
        self._head = 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Give a reader that takes nothing some time."""
        super().pause_writing()
        self._wind()

    def resume_writing(self) -> None:
        """It has taken something."""
        super().resume_writing()
        self._unwind()

    def _wind(self) -> None:
        self._unwind()
        self._clock = self.loop.call_later(_PATIENCE, self.transport.abort)

    def _unwind(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None


def bounded(limit: int, trusted: frozenset[str]) -> type[Connection]:
    """Return the connections of a server of which each client holds at most `limit`."""
    bounds = {"limit": limit, "trusted": trusted, "open_now": Counter()}
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

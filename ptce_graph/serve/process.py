"""One worker process, seen from the server: what it is asked, what it answers, how it is killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.worker import (
    BROKEN,
    DATA,
    END,
    HEAD,
    HELLO,
    REQUEST,
    START,
    WHOLE,
    out_of_memory,
)

_QUEUED = 8  # pieces of an answer that wait for a slow reader


@dataclass(slots=True)
class Answer:
    """What a worker answered: whole, or as pieces that come.

    Attributes:
        header: status, type and encoding.
        body: the whole answer, or its beginning.
        pieces: the rest of an answer that is too long to be held.
    """

    header: dict[str, Any]
    body: bytes
    pieces: AsyncIterator[bytes] | None = None


class Broken(Exception):
    """An answer that has begun cannot be ended: the connection must be broken off."""


class Worker(asyncio.Protocol):
    """One process, seen from the server.

    Attributes:
        pid: its number, 0 as long as it has not said it and when it is gone.
        confined: it has run what a stranger wrote, and does nothing else any more.
        stopped: why it is stopped, or None.
    """

    def __init__(self, memory: int, forget: Callable[[Worker], None]) -> None:
        self.pid = 0
        self.confined = False
        self.stopped: Refusal | None = None
        self._memory = memory
        self._forget = forget
        self._buffer = bytearray()
        self._waiter: asyncio.Future[tuple[bytes, bytes]] | None = None
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what leads to the process."""
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Cut what comes into frames."""
        self._buffer += data
        while len(self._buffer) >= HEAD.size:
            kind, length = HEAD.unpack_from(self._buffer)
            end = HEAD.size + length
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[HEAD.size : end])
            del self._buffer[:end]
            if kind == HELLO:
                self.pid = int(body)
            elif self._waiter and not self._waiter.done():
                self._waiter.set_result((kind, body))
            else:
                self._frames.append((kind, body))
                if len(self._frames) > _QUEUED and not self._paused:
                    self._paused = True
                    self.transport.pause_reading()

    def connection_lost(self, _: Exception | None) -> None:
        """Tell whoever waits that the process is gone."""
        self.stopped = self.stopped or out_of_memory(self._memory)
        self.pid = 0
        self._forget(self)
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(self.stopped)

    def kill(self, why: Refusal) -> None:
        """Stop the process; whoever waits for it is told why."""
        if self.stopped:
            return
        self.stopped = why
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.transport.abort()

    async def _frame(self) -> tuple[bytes, bytes]:
        if self._frames:
            frame = self._frames.popleft()
            if self._paused and not self._frames:
                self._paused = False
                self.transport.resume_reading()
            return frame
        if self.stopped:
            raise self.stopped
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            return await self._waiter
        finally:
            self._waiter = None

    async def ask(self, request: bytes) -> Answer:
        """Put a request to the process.

        Raises:
            Refusal: the process refuses, or has been stopped.
        """
        self.transport.write(HEAD.pack(REQUEST, len(request)) + request)
        kind, body = await self._frame()
        if kind == START:
            return Answer(json.loads(body), b"", self._pieces())
        header, _, rest = body.partition(b"\n")
        return Answer(json.loads(header), rest)

    async def _pieces(self) -> AsyncIterator[bytes]:
        while True:
            try:
                kind, body = await self._frame()
            except Refusal as refusal:
                raise Broken(str(refusal)) from refusal
            if kind == DATA:
                yield body
            elif kind == END:
                return
            else:
                assert kind in (BROKEN, WHOLE)  # noqa: S101
                raise Broken(body.decode("utf-8", "replace"))

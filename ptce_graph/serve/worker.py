"""A process that answers one request after another, and can be killed at any moment.

From its first query on it can open no file and no connection: the system gives it no descriptor
any more.

Frames on a socket, both ways: kind (one byte), length (four bytes), then that many bytes.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import struct
import sys
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptce_graph.errors import QueryError
from ptce_graph.project import Project
from ptce_graph.serve.limits import MEGABYTE
from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.source import Source

CONFINED = "query"
"""The verb that runs what strangers write: a worker that has done it does nothing else."""

HEAD = struct.Struct(">cI")
PAIR = struct.Struct(">II")
"""The lengths of a path and of a file, where several files come in one answer."""

HELLO, REQUEST, WHOLE, START, DATA, END, BROKEN = (b"H", b"Q", b"W", b"S", b"D", b"E", b"X")

STACK = 512 * MEGABYTE
"""Room for the recursion of the engine; only what is used is taken."""

_HOLD = MEGABYTE  # a shorter answer goes in one piece, and can still become a refusal
_CHUNK = 1 << 16
_COMPRESS = 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What the keeper is told when it starts, as JSON."""

    root: str
    build: str
    file: str
    memory: int
    result: int
    network: bool

    @property
    def source(self) -> Source:
        """The graph to be served."""
        file = Path(self.file) if self.file else None
        return Source(Project(Path(self.root), Path(self.build)), file)


class Reply:
    """The answer to one request, sent as it is written: a file for those who serialise."""

    def __init__(self, connection: socket.socket, limit: int, *, gzip: bool) -> None:
        self._socket = connection
        self._limit = limit
        self._left = limit * MEGABYTE
        self._gzip = gzip
        self._zip: Any = None
        self._plain = bytearray()
        self._held = bytearray()
        self._header: dict[str, object] = {}
        self.started = False

    def begin(self, media_type: str, status: int = 200, **more: object) -> None:
        """Say what the answer is, before it is written."""
        self._header = {"status": status, "type": media_type, **more}

    def write(self, data: bytes) -> int:
        """Take a piece of the answer.

        Raises:
            Refusal: the answer is larger than allowed.
        """
        self._left -= len(data)
        if self._left < 0:
            raise Refusal(
                507,
                f"the answer has more than {self._limit} MB (ask for less with LIMIT)",
                f"la réponse dépasse {self._limit} Mo (demandez moins avec LIMIT)",
                limit="result",
            )
        self._plain += data
        if len(self._plain) >= _CHUNK:
            self._pass_on()
        return len(data)

    def flush(self) -> None:
        """Do nothing: pieces are sent when they are worth it."""

    def _pass_on(self) -> None:
        data: bytes | bytearray = self._plain
        if self._gzip:
            if self._zip is None:
                self._zip = zlib.compressobj(4, zlib.DEFLATED, 31)
                self._header["encoding"] = "gzip"
            data = self._zip.compress(data)
        self._held += data
        self._plain = bytearray()
        if len(self._held) < (_CHUNK if self.started else _HOLD):
            return
        if not self.started:
            self.started = True
            _send(self._socket, START, json.dumps(self._header).encode())
        _send(self._socket, DATA, self._held)
        self._held = bytearray()

    def close(self) -> None:
        """End the answer."""
        if self._zip is not None or len(self._plain) > _COMPRESS:
            self._pass_on()
        if self._zip is not None:
            self._held += self._zip.flush()
        rest = self._held + self._plain
        if not self.started:
            _send(self._socket, WHOLE, json.dumps(self._header).encode() + b"\n" + rest)
            return
        if rest:
            _send(self._socket, DATA, rest)
        _send(self._socket, END, b"")

    def refuse(self, refusal: Refusal) -> None:
        """Take back what was written, or break off what was sent."""
        problem = {
            "status": refusal.status,
            "refusal": [str(refusal), refusal.french, refusal.limit],
        } | refusal.more
        kind = BROKEN if self.started else WHOLE
        _send(self._socket, kind, json.dumps(problem).encode() + b"\n")


Verb = Callable[[Any, dict[str, Any], Reply], None]


def answer_requests(
    connection: socket.socket, settings: Settings, held: Any, known: dict[str, Verb]
) -> None:
    """Answer what comes on a connection until it ends; known verbs are called with `held`."""
    threading.stack_size(STACK)
    thread = threading.Thread(target=_work, args=(connection, settings, held, known))
    thread.start()
    threading.stack_size(0)  # threads that it starts itself need no such room
    thread.join()


def _work(connection: socket.socket, settings: Settings, held: Any, known: dict[str, Verb]) -> None:
    with suppress(ConnectionError):  # the server gave this worker up: nobody waits any more
        _answer_all(connection, settings, held, known)


def _answer_all(
    connection: socket.socket, settings: Settings, held: Any, known: dict[str, Verb]
) -> None:
    _limit_memory(settings)
    confined = bool(settings.network) or settings.source.on_disk
    _send(connection, HELLO, str(os.getpid()).encode())
    stream = connection.makefile("rb", buffering=_CHUNK)
    while head := stream.read(HEAD.size):
        request = json.loads(stream.read(HEAD.unpack(head)[1]))
        reply = Reply(connection, settings.result, gzip=request.get("gzip", False))
        try:
            if not confined and request["do"] == CONFINED:
                resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
                confined = True
            known[request["do"]](held, request, reply)
            reply.close()
        except ConnectionError:
            raise
        except Exception as error:  # whatever an engine raises is told, and the worker goes on
            reply.refuse(_refusal(error, settings))


def _refusal(error: Exception, settings: Settings) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, QueryError):
        return Refusal(400, str(error), error.french)
    if isinstance(error, MemoryError):
        return out_of_memory(settings.memory)
    print(f"worker: {type(error).__name__}: {error}", file=sys.stderr, flush=True)  # noqa: T201
    return Refusal(500, "the server failed to answer", "le serveur n'a pas su répondre")


def out_of_memory(megabytes: int) -> Refusal:
    """Return the refusal of a query whose process stopped."""
    return Refusal(
        507,
        f"the process that answered was stopped: more than {megabytes} MB of memory, or a fault",
        f"le processus qui répondait s'est arrêté : plus de {megabytes} Mo, ou un défaut",
        limit="memory",
    )


def _limit_memory(settings: Settings) -> None:
    status = Path("/proc/self/status")
    if status.is_file():
        data = next(line for line in status.read_text().splitlines() if line.startswith("VmData"))
        limit = int(data.split()[1]) * 1024 + settings.memory * MEGABYTE
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _send(connection: socket.socket, kind: bytes, data: bytes | bytearray) -> None:
    connection.sendall(HEAD.pack(kind, len(data)) + data)

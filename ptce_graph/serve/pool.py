"""One snapshot of the graph, from the side of those who ask: its keeper, its workers, its answers.

A pool is made for one build and never changes. Another build is another pool; the old one answers
what it was asked before it goes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import Any

from ptce_graph.errors import ProjectError
from ptce_graph.serve.cache import Cache
from ptce_graph.serve.limits import MEGABYTE, Limits
from ptce_graph.serve.process import Answer, Worker
from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.source import Source
from ptce_graph.serve.worker import CONFINED, PAIR, Settings

_CACHE = 64 * MEGABYTE
_SITE = 600.0  # seconds that the static parts of the site may take


@dataclass(slots=True, eq=False)
class _Place:
    """A place in the queue."""

    client: str
    turn: asyncio.Future[Worker | None]
    confined: bool


class Pool:
    """The processes that answer for one build."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.digest = ""
        self.triples: int | None = None
        self.graphs: tuple[str, ...] = ()
        self.stamp = source.stamp()
        self.cache = Cache(_CACHE)
        self.workers: set[Worker] = set()
        self._site: asyncio.Future[dict[str, bytes]] | None = None
        self._idle: list[Worker] = []
        self._running: Counter[str] = Counter()
        self._waiting: deque[_Place] = deque()
        self._starting = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    async def start(self) -> None:
        """Start the keeper and wait until it has loaded the graph.

        Raises:
            ProjectError: the graph cannot be loaded; the sentence is the keeper's.
        """
        ours, theirs = socket.socketpair()
        limits, source = self.limits, self.source
        settings = Settings(
            root=str(source.project.root.absolute()),
            build=str(source.project.build.absolute()),
            file=str(source.file or ""),
            memory=limits.memory,
            result=limits.result,
            network=bool(limits.services),
        )
        with theirs:
            arguments = [str(theirs.fileno()), json.dumps(asdict(settings))]
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "ptce_graph.serve.keeper", *arguments],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control = ours
        ours.setblocking(False)
        hello = b""
        while not hello.endswith(b"\n"):
            data = await asyncio.get_running_loop().sock_recv(ours, 1 << 16)
            if not data:
                raise ProjectError(f"{source.path}: the process that loads the graph has died")
            hello += data
        said = json.loads(hello)
        if "error" in said:
            raise ProjectError(*said["error"])
        self.digest = said["digest"]
        self.triples = said["triples"]
        self.graphs = tuple(said["graphs"])

    async def site(self) -> dict[str, bytes]:
        """Return the parts of the static site, made when one is asked for first.

        Raises:
            Refusal: they cannot be made; a file, or a graph on disk, has no site here.
        """
        if self.source.file or self.source.on_disk:
            return {}
        if self._site is None or (self._site.done() and self._site.exception()):
            self._site = asyncio.ensure_future(self._make_site())
        return await asyncio.shield(self._site)

    async def _make_site(self) -> dict[str, bytes]:
        answer = await self.ask('{"do": "site"}', {"do": "site"}, "", seconds=_SITE)
        data = bytearray(answer.body)
        if answer.pieces is not None:
            async for piece in answer.pieces:
                data += piece
        found, at = {}, 0
        while at < len(data):
            name, size = PAIR.unpack_from(data, at)
            start = at + PAIR.size + name
            path = data[at + PAIR.size : start].decode()
            found[path] = bytes(data[start : start + size])
            at = start + size
        return found

    @property
    def alive(self) -> bool:
        """Whether new workers can be had."""
        return self._process is not None and self._process.poll() is None

    async def ask(
        self,
        text: str,
        message: dict[str, Any],
        client: str,
        connection: Any = None,
        seconds: float = 0,
    ) -> Answer:
        """Have a worker answer a message.

        Args:
            text: the message as JSON.
            message: what `answers.VERBS` documents, with the name of the verb in `do`.
            client: who asks; one client never holds all workers.
            connection: what tells, by its `abandon`, that the client is gone.
            seconds: that it may take, by default what the limits say.

        Raises:
            Refusal: a limit was met; it names it.
        """
        confined = message["do"] == CONFINED
        worker = await self._take(client, confined=confined)
        worker.confined = worker.confined or confined
        loop = asyncio.get_running_loop()
        timer = loop.call_later(seconds or self.limits.time, worker.kill, _too_slow(self.limits))
        if connection is not None:
            connection.abandon = lambda: worker.kill(_GONE)

        def done() -> None:
            timer.cancel()
            if connection is not None:
                connection.abandon = None
            self._give_back(worker, client)

        try:
            answer = await worker.ask(text.encode())
        except asyncio.CancelledError:
            worker.kill(_GONE)
            done()
            raise
        except BaseException:
            done()
            raise
        if answer.pieces is None:
            done()
        else:
            answer.pieces = _closing(answer.pieces, worker, done)
        if "refusal" in answer.header:
            status, (english, french, limit) = answer.header["status"], answer.header["refusal"]
            more = {k: v for k, v in answer.header.items() if k not in ("status", "refusal")}
            raise Refusal(status, english, french, limit=limit, more=more)
        return answer

    def _has_room(self, client: str) -> bool:
        return self._running[client] < self.limits.share and (
            bool(self._idle) or len(self.workers) + self._starting < self.limits.workers
        )

    def _grab(self, client: str, *, confined: bool) -> Worker | None:
        """Take a free worker, or the right to make one; a confined one can only be queried."""
        self._running[client] += 1
        for worker in reversed(self._idle):
            if confined or not worker.confined:
                self._idle.remove(worker)
                return worker
        if len(self.workers) + self._starting >= self.limits.workers:
            worker = self._idle.pop(0)
            self.workers.discard(worker)
            worker.kill(_GONE)
        self._starting += 1
        return None

    async def _take(self, client: str, *, confined: bool) -> Worker:
        if self._has_room(client):
            worker = self._grab(client, confined=confined)
        else:
            worker = await self._wait(client, confined=confined)
        return worker or await self._spawn(client)

    async def _wait(self, client: str, *, confined: bool) -> Worker | None:
        """Wait for a turn, no longer than an answer may take."""
        if len(self._waiting) >= self.limits.queue or (
            sum(waiting.client == client for waiting in self._waiting) >= self.limits.queue // 2
        ):
            raise _busy("the queue is full", "la file d'attente est pleine")
        turn: asyncio.Future[Worker | None] = asyncio.get_running_loop().create_future()
        place = _Place(client, turn, confined)
        self._waiting.append(place)
        try:
            async with asyncio.timeout(self.limits.time):
                return await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self._give_back(turn.result(), client)
            else:
                self._waiting.remove(place)
            if isinstance(error, TimeoutError):
                raise _busy(
                    "no worker was free in time", "aucun processus ne s'est libéré"
                ) from None
            raise

    async def _spawn(self, client: str) -> Worker:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                if self._control is None:
                    raise OSError("no keeper")
                socket.send_fds(self._control, [b"w"], [theirs.fileno()])
            loop = asyncio.get_running_loop()
            _, worker = await loop.create_connection(
                lambda: Worker(self.limits.memory, self.forget), sock=ours
            )
        except BaseException as error:
            ours.close()
            self._give_back(None, client)
            if isinstance(error, OSError):
                raise _busy("no worker can be had", "aucun processus disponible") from error
            raise
        self._starting -= 1
        self.workers.add(worker)
        return worker

    def forget(self, worker: Worker) -> None:
        """Leave out a worker that is gone."""
        self.workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        self._wake()

    def _give_back(self, worker: Worker | None, client: str) -> None:
        if worker is None:
            self._starting -= 1
        elif not worker.stopped:
            self._idle.append(worker)
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._wake()

    def _wake(self) -> None:
        """Give a turn to those who waited longest and may have one."""
        for place in list(self._waiting):
            if not place.turn.done() and self._has_room(place.client):  # done: its time ran out
                self._waiting.remove(place)
                place.turn.set_result(self._grab(place.client, confined=place.confined))

    async def close(self) -> None:
        """Let those end who are being answered, then stop all processes."""
        waited = 0.0
        while (self._running or self._waiting) and waited < self.limits.time + 1:
            await asyncio.sleep(0.05)
            waited += 0.05
        for worker in list(self.workers):
            worker.kill(_busy("the server is closing", "le serveur s'arrête"))
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await asyncio.to_thread(self._process.wait)


async def _closing(pieces: AsyncIterator[bytes], worker: Worker, done: Any) -> AsyncIterator[bytes]:
    ended = False
    try:
        async for piece in pieces:
            yield piece
        ended = True
    finally:
        if not ended:
            worker.kill(_GONE)
        done()


_GONE = Refusal(503, "the client is gone", "le client est parti")


def _too_slow(limits: Limits) -> Refusal:
    return Refusal(
        504,
        f"the query was stopped: it takes more than {limits.time:g} s (do all its patterns share "
        "a variable? LIMIT in a sub-query, or a named thing, makes it shorter)",
        f"la requête a été arrêtée : elle demande plus de {limits.time:g} s (ses motifs ont-ils "
        "tous une variable en commun ? un LIMIT en sous-requête ou une chose nommée l'abrègent)",
        limit="time",
    )


def _busy(english: str, french: str) -> Refusal:
    return Refusal(503, english, french, limit="queue", headers=((b"retry-after", b"5"),))

"""A client that asks as fast as a server answers, over connections that stay open."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import quote

_HEAD = (
    "GET {path}?query={query} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Accept: application/sparql-results+json\r\n\r\n"
)


class Client(asyncio.Protocol):
    """One connection: sends the next query as soon as it has the answer to the last."""

    def __init__(self, path: str, queries: list[str], spent: list[float], until: float) -> None:
        self.path, self.queries, self.spent, self.until = path, queries, spent, until
        self.failed: list[str] = []
        self.done = asyncio.get_running_loop().create_future()
        self.buffer = b""
        self.length = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first."""
        self.transport = transport
        self.send()

    def send(self) -> None:
        """Send the next query, or stop when there is none or no time left."""
        self.buffer, self.length = b"", -1
        self.started = time.perf_counter()
        if not self.queries or self.started > self.until:
            self.transport.close()
            return
        head = _HEAD.format(path=self.path, query=quote(self.queries.pop()))
        self.transport.write(head.encode())

    def data_received(self, data: bytes) -> None:
        """Count an answer when it is whole."""
        self.buffer += data
        if self.length < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.buffer[:end].lower()
            if not head.startswith(b"http/1.1 200"):
                self.failed.append(self.buffer[:300].decode("utf-8", "replace"))
            at = head.find(b"content-length:")
            self.length = end + 4 + int(head[at + 15 :].split(b"\r\n")[0]) if at > 0 else 0
        whole = len(self.buffer) >= self.length if self.length else self.buffer.endswith(_LAST)
        if whole:
            self.spent.append(time.perf_counter() - self.started)
            self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        if not self.done.done():
            self.done.set_result(None)


_LAST = b"\r\n0\r\n\r\n"


async def main(port: int, path: str, clients: int, seconds: float, queries: list[str]) -> None:
    """Ask for some seconds and print how many were answered, how fast, and what failed."""
    spent: list[float] = []
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    made = []
    for _ in range(clients):
        _, client = await loop.create_connection(
            lambda: Client(path, queries, spent, start + seconds), "127.0.0.1", port
        )
        made.append(client)
    await asyncio.gather(*(client.done for client in made))
    total = time.perf_counter() - start
    spent.sort()
    failed = [text for client in made for text in client.failed]
    print(
        json.dumps(
            {
                "rate": len(spent) / total,
                "median": spent[len(spent) // 2],
                "p99": spent[int(len(spent) * 0.99)],
                "answers": len(spent),
                "failed": failed[:3],
                "failures": len(failed),
            }
        )
    )


if __name__ == "__main__":
    port, path, clients, seconds = sys.argv[1:5]
    given = json.load(sys.stdin)
    try:
        import uvloop

        uvloop.run(main(int(port), path, int(clients), float(seconds), given))
    except ImportError:
        asyncio.run(main(int(port), path, int(clients), float(seconds), given))

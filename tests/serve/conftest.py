"""Servers for the tests: real processes on free ports of this machine."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ptce_graph.project import Project

SUITES = Path(__file__).parents[3] / "shared"


def wait_until(condition: Callable[[], object]) -> bool:
    """Wait until a condition holds, half a minute at most, and return whether it does."""
    ends = time.monotonic() + 30
    while not condition() and time.monotonic() < ends:
        time.sleep(0.05)
    return bool(condition())


class Server:
    """A running `ptce serve`.

    Attributes:
        url: its address, without the last slash.
        lines: what it has written to standard error since it answers.
    """

    def __init__(self, command: list[str], cwd: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *command], stderr=subprocess.PIPE, text=True, cwd=cwd
        )
        assert self.process.stderr is not None
        first = self.process.stderr.readline()
        found = re.search(r"(http://\S+)/ ", first)
        assert found, first + self.process.stderr.read()
        self.url = found[1]
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self.lines.extend, args=(self.process.stderr,))
        self._reader.start()
        self.client = httpx.Client(base_url=self.url, timeout=60)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.url.rpartition(":")[2])

    def query(self, text: str, **headers: str) -> httpx.Response:
        """Ask a query by GET."""
        return self.client.get("/sparql", params={"query": text}, headers=headers)

    def other(self) -> httpx.Client:
        """Return a client from another address."""
        transport = httpx.HTTPTransport(local_address="127.0.0.2")
        return httpx.Client(base_url=self.url, transport=transport, timeout=60)

    def children(self) -> list[int]:
        """Return the processes that hold the graph: the keeper, then its workers."""
        found = [self.process.pid]
        for pid in found:
            path = Path(f"/proc/{pid}/task/{pid}/children")
            if path.is_file():
                found += map(int, path.read_text().split())
        return found[1:]

    def descriptors(self) -> int:
        """Return how many files and sockets the server holds open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def connections(self) -> int:
        """Return how many connections of clients the server holds."""
        lines = Path(f"/proc/{self.process.pid}/net/tcp").read_text().splitlines()[1:]
        fields = [line.split() for line in lines]
        local = f":{self.port:04X}"
        return sum(field[1].endswith(local) and field[3] == "01" for field in fields)

    def memory(self) -> int:
        """Return the memory of the server itself, in kB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def peak(self) -> int:
        """Return the largest memory that a process of the graph has ever had, in kB."""
        texts = [Path(f"/proc/{pid}/status").read_text() for pid in self.children()]
        return max(int(re.search(r"VmHWM:\s+(\d+)", text)[1]) for text in texts)

    def stop(self) -> int:
        """Stop it as an operator would, and return its exit status."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(40)
        finally:
            self.process.kill()
        self._reader.join()
        self.process.stderr.close()
        return status


COMMAND = ["-m", "ptce_graph", "serve", "--port", "0", "--lang", "en"]


@contextmanager
def running(*arguments: str | os.PathLike[str], cwd: Path | None = None) -> Iterator[Server]:
    """Run a server as long as the block."""
    server = Server([*COMMAND, *map(str, arguments)], cwd or Path.cwd())
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def server(real: Project) -> Iterator[Server]:
    """The real graph, served without a limit on the rate."""
    with running(real.build, "--rate", "0") as found:
        yield found


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """A function that serves some triples, with options; the servers stop with the test."""
    servers: list[Server] = []

    def start(triples: str = "", *options: str) -> Server:
        path = tmp_path / f"data{len(servers)}.trig"
        path.write_text(triples, "utf-8")
        servers.append(Server([*COMMAND, str(path), *options], tmp_path))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()

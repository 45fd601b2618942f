"""Clients that send or read slowly hold nothing for long, and nobody waits for them."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.serve.conftest import Server, wait_until
from tests.serve.test_limits import LONG, MANY, QUICK, is_right

CODE = (
    "import sys; from ptce_graph import Graph\n"
    "Graph().serve(sys.argv[1], port=0, rate=0, patience=1, workers=2,"
    " ready=lambda address: print(address, '', file=sys.stderr, flush=True))"
)
HEAD = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server whose patience is a second."""
    path = tmp_path / "data.ttl"
    path.write_text(MANY, "utf-8")
    server = Server(["-c", CODE, str(path)], tmp_path)
    yield server
    server.stop()


def opened(server: Server, receive: int = 0) -> socket.socket:
    """Return a connection to a server, with little room to receive."""
    connection = socket.socket()
    if receive:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    connection.connect(("127.0.0.1", server.port))
    return connection


def get(query: str, *more: str) -> bytes:
    """Return a request for the answer of a query as N-Triples."""
    lines = (f"GET /sparql?query={quote(query)} HTTP/1.1", "Host: a", *more, "", "")
    return "\r\n".join(lines).encode()


def test_slow_writers_are_given_up(server: Server) -> None:
    """Whoever says nothing, or a head or a body byte after byte, is closed; others are answered."""
    before = server.descriptors()
    begun = {
        "silent": b"",
        "head": b"GET / HTTP/1.1\r\nx: ",
        "body": HEAD + b"Content-Length: 5000\r\n\r\n",
        "chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        "second": get(QUICK) + b"GET / HTTP/1.1\r\nx: ",
    }
    drop = {"silent": b"", "chunks": b"1\r\na\r\n"}
    slow = [(name, opened(server)) for name in begun for _ in range(4)]
    for name, connection in slow:
        connection.sendall(begun[name])
    assert wait_until(lambda: server.connections() >= len(slow))
    number = 0

    def are_gone() -> bool:
        nonlocal number
        number += 1
        for name, connection in slow:
            with suppress(ConnectionError):
                connection.sendall(drop.get(name, b"a"))
        assert is_right(server.query(f"{QUICK} # {number}"))
        return server.connections() <= 1

    assert wait_until(are_gone)
    for _, connection in slow:
        connection.close()
    assert server.descriptors() <= before + 2  # sockets of workers
    assert not [line for line in server.lines if "Traceback" in line or "failed" in line]


ANSWERS: dict[str, Callable[[], bytes]] = {
    "streamed": lambda: get(LONG, "Accept: application/n-triples"),
    "whole": lambda: get("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 3000", "Accept: text/csv") * 50,
    "last": lambda: (
        get("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 10000") * 20 + get(QUICK, "Connection: close")
    ),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_slow_readers_are_given_up(server: Server, answer: str) -> None:
    """Whoever asks much and reads nothing is closed; its process and its descriptors come back."""
    assert is_right(server.query(QUICK))
    before = server.descriptors()
    slow = [opened(server, 4096) for _ in range(6)]
    for connection in slow:
        connection.sendall(ANSWERS[answer]())
    assert wait_until(lambda: server.connections() >= len(slow))
    other = server.other()
    for number in range(10):
        assert is_right(other.get("/sparql", params={"query": f"{QUICK} # {number}"}))
    assert wait_until(lambda: server.connections() <= 2)  # those of our two clients
    assert server.descriptors() <= before + 3  # sockets of workers, and of the other client
    for connection in slow:
        connection.close()
    assert is_right(server.query(f"{QUICK} # after"))
    assert not [line for line in server.lines if "Traceback" in line or "failed" in line]


def test_patient_reader_gets_all(server: Server) -> None:
    """A reader on a slow line, who keeps reading, gets the whole answer however long it takes."""
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 7000"
    expected = server.query(query, accept="text/csv").content
    started, received = time.monotonic(), b""
    with opened(server, 4096) as connection:
        connection.sendall(get(query, "Accept: text/csv", "Connection: close"))
        while piece := connection.recv(16_000):
            received += piece
            time.sleep(0.05)
    assert time.monotonic() - started > 2
    assert received.partition(b"\r\n\r\n")[2] == expected

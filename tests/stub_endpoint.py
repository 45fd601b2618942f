"""A SPARQL service that misbehaves on demand, and a real one, both on this machine only."""

import http.client
import os
import shutil
import socket
import struct
import subprocess
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

Behaviour = Callable[[BaseHTTPRequestHandler], None]
JSON = "application/sparql-results+json"
YES = b'{"head": {}, "boolean": true}'


@dataclass
class Stub:
    """A server that behaves as it is told, one behaviour per request, the last one for ever."""

    url: str
    behaviours: list[Behaviour] = field(default_factory=list)
    requests: list[tuple[str, Message, dict[str, list[str]]]] = field(default_factory=list)
    bodies: list[tuple[str, str]] = field(default_factory=list)  # with the method of each


@contextmanager
def running_stub() -> Iterator[Stub]:
    """Run a stub in threads of this process."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            stub.bodies.append((self.command, body))
            stub.requests.append((self.path, self.headers, parse_qs(body)))
            behave = stub.behaviours.pop(0) if len(stub.behaviours) > 1 else stub.behaviours[0]
            with suppress(ConnectionError):
                behave(self)

        do_PUT = do_HEAD = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub = Stub(f"http://127.0.0.1:{server.server_port}/sparql")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()


def send(body: bytes = YES, kind: str = JSON, status: int = 200, **headers: str) -> Behaviour:
    """Answer with a body, a type, a status and headers (`_` stands for `-` in their names)."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if kind:
            handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def rows(count: int) -> bytes:
    """Return an answer of so many rows."""
    row = '{"n": {"type": "literal", "value": "x"}}'
    return (
        f'{{"head":{{"vars":["n"]}},"results":{{"bindings":[{",".join([row] * count)}]}}}}'.encode()
    )


def silence(handler: BaseHTTPRequestHandler) -> None:
    """Answer nothing for longer than anybody waits."""
    time.sleep(3)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, for ever: each comes in time, the answer never does."""
    send(b"")(handler)
    drip_header(handler)


def drip_header(handler: BaseHTTPRequestHandler) -> None:
    """Send a status line byte by byte that never ends."""
    for byte in b"HTTP/1.0 200 " + b"x" * 60:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.05)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Break the connection."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(handler.connection.detach())


def babble(handler: BaseHTTPRequestHandler) -> None:
    """Answer what is no HTTP."""
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_oxigraph(nquads: Path | None) -> Iterator[str]:
    """Run the Oxigraph server, in memory, with a dataset in it or none; yield its address."""
    program = shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or "oxigraph"
    port = free_port()
    process = subprocess.Popen(
        [program, "serve", "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for _ in range(200):
            with suppress(ConnectionRefusedError):
                connection.connect()
                break
            assert process.poll() is None, "the server does not start"
            time.sleep(0.05)
        connection.close()
        if nquads:
            send_quads(port, nquads)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        process.terminate()
        process.wait(10)


def send_quads(port: int, nquads: Path) -> None:
    """Load a dataset into the Oxigraph server."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/n-quads"}
    connection.request("POST", "/store", nquads.read_bytes(), headers)
    assert connection.getresponse().status == 204
    connection.close()

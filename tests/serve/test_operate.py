"""What docs/operate.md says is tried: the unit, the reverse proxies, the health check."""

import gzip
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ptce_graph.project import Project
from tests.serve.conftest import Server, running, wait_until
from tests.serve.test_limits import ENDLESS, LONG
from tests.serve.test_things import BROWSER, FORMS
from tests.test_hosting import NGINX, free_port

GUIDE = (Path(__file__).parents[2] / "docs" / "operate.md").read_text("utf-8")
POLE = "/id/pole/sud-aquitaine"
TURTLE = {"accept": "text/turtle"}
TRIPLES = {"params": {"query": LONG}, "headers": {"accept": "application/n-triples"}}


def block(language: str) -> str:
    """Return the block of a language in the guide."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return found


def nginx(folder: Path, port: int, to: int) -> list[str]:
    """Return the command that runs nginx as the guide says."""
    text = block("nginx").replace("listen 80;", f"listen {port};")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{to}")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{kind}_temp_path {folder};" for kind in kinds)
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log stderr;\nevents {{}}\n"
        f"http {{ {paths}\n{text} }}\n",
        "utf-8",
    )
    return [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]


class Proxied:
    """A server behind nginx.

    Attributes:
        server: the server.
        url: the address of the proxy.
    """

    def __init__(self, server: Server, url: str) -> None:
        self.server = server
        self.url = url

    def client(self, address: str) -> httpx.Client:
        """Return a client with an address of its own."""
        transport = httpx.HTTPTransport(local_address=address)
        return httpx.Client(base_url=self.url, transport=transport, timeout=60)


@contextmanager
def behind(folder: Path, *arguments: str | Path) -> Iterator[Proxied]:
    """Run a server behind nginx as long as the block."""
    port = free_port()
    with running(*arguments, "--proxy", "127.0.0.1") as server:
        process = subprocess.Popen(
            nginx(folder, port, server.port), stderr=subprocess.PIPE, text=True, cwd=folder
        )
        assert process.stderr
        reader = threading.Thread(target=process.stderr.read)
        reader.start()

        def answers() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0 or process.poll() is not None

        try:
            assert wait_until(answers)
            assert process.poll() is None
            yield Proxied(server, f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(10)
            reader.join()
            process.stderr.close()


@pytest.fixture(scope="module")
def proxied(real: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """The real graph behind nginx; a client asks two times a second."""
    if not NGINX:
        pytest.skip("nginx is not installed")
    with behind(tmp_path_factory.mktemp("proxied"), real.build, "--rate", "2") as found:
        yield found


def test_proxy_passes_on_what_was_asked(proxied: Proxied) -> None:
    """Types, languages, HEAD, ETag and compression come through a proxy as from the server."""
    client = proxied.client("127.0.0.10")
    for kind in FORMS:
        answer = client.get(POLE, headers={"accept": kind})
        assert answer.headers["content-type"].split(";")[0] == kind
    for language in ("fr", "en"):
        browser = {"accept": BROWSER, "accept-language": language}
        assert f'<html lang="{language}">' in client.get(POLE, headers=browser).text
    head, full = client.head(POLE, headers=TURTLE), client.get(POLE, headers=TURTLE)
    assert head.content == b""
    assert head.headers["etag"] == full.headers["etag"]
    again = client.get(POLE, headers=TURTLE | {"if-none-match": full.headers["etag"]})
    assert again.status_code == 304
    with client.stream("GET", POLE, headers=TURTLE | {"accept-encoding": "gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(packed.iter_raw())) == full.content
    (server,) = client.get("/openapi.json").json()["servers"]
    assert server["url"] == proxied.url


def test_proxy_passes_on_a_long_query(proxied: Proxied, tmp_path: Path) -> None:
    """The longest query passes, in an address and in a form; a longer one is told so."""
    client = proxied.client("127.0.0.11")
    query = "ASK {} #" + "x" * 65_000
    (tmp_path / "query").write_text(query, "utf-8")
    curl = ["curl", "-sG", "--data-urlencode", f"query@{tmp_path / 'query'}"]
    there = subprocess.check_output([*curl, f"{proxied.url}/sparql"])
    assert json.loads(there)["boolean"] is True
    query = "ASK {} #" + "x" * 99_000
    assert client.post("/sparql", data={"query": query}).json()["boolean"] is True
    refused = client.post("/sparql", data={"query": query + "x" * 2000})
    assert (refused.status_code, refused.json()["limit"]) == (413, "query")


def test_limits_count_the_clients_of_a_proxy(proxied: Proxied) -> None:
    """A greedy client behind the proxy is told to wait, whoever it says it is; another is not."""
    greedy, other = proxied.client("127.0.0.12"), proxied.client("127.0.0.13")
    names = [{"x-forwarded-for": f"192.0.2.{number}"} for number in range(40)]
    statuses = [greedy.get("/questions.json", headers=name).status_code for name in names]
    assert statuses.count(429) >= 10
    assert other.get(POLE, headers=TURTLE).status_code == 200
    assert not re.search(r"127\.0\.0|192\.0\.2", "".join(proxied.server.lines))


def test_killed_process_is_told_through_a_proxy(proxied: Proxied) -> None:
    """When a process dies its client is told; an answer that has begun never looks whole."""
    client, server = proxied.client("127.0.0.14"), proxied.server

    stop = threading.Event()

    def kill() -> None:
        while not stop.wait(0.3):
            for pid in server.children()[1:]:
                os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    answer = client.get("/sparql", params={"query": ENDLESS})
    stop.set()
    killer.join()
    assert (answer.status_code, answer.json()["limit"]) == (507, "memory")
    with (
        pytest.raises(httpx.RemoteProtocolError),
        client.stream("GET", "/sparql", **TRIPLES) as cut,
    ):
        assert cut.status_code == 200
        pieces = cut.iter_raw()
        next(pieces)
        for pid in server.children()[1:]:
            os.kill(pid, signal.SIGKILL)
        for _ in pieces:
            pass
    assert client.get(POLE, headers=TURTLE).status_code == 200


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_unit_is_valid(tmp_path: Path) -> None:
    """systemd finds no fault in the unit, and most of what a service may do is taken from it."""
    unit = tmp_path / "ptce.service"
    program = Path(sys.executable).with_name("ptce")
    unit.write_text(block("ini").replace("/opt/ptce/venv/bin/ptce", str(program)), "utf-8")
    verify = ["systemd-analyze", "verify", str(unit)]
    run = subprocess.run(verify, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    rate = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    exposure = re.search(r"exposure level .*: ([\d.]+)", subprocess.check_output(rate, text=True))
    assert exposure
    assert float(exposure[1]) < 3  # of ten


def test_health_check_of_the_container(server: Server) -> None:
    """The health check of the container file passes while the server is ready, and fails else."""
    (code,) = re.findall(r'HEALTHCHECK CMD python -c "(.*)"', block("dockerfile"))
    for port, passes in ((server.port, True), (free_port(), False)):
        there = code.replace(":8000", f":{port}")
        run = subprocess.run([sys.executable, "-c", there], capture_output=True)
        assert (run.returncode == 0) == passes

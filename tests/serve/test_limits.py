"""The server cannot be taken down: each limit is met on purpose, by real requests."""

import json
import os
import random
import re
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_graph.project import Project
from ptce_graph.serve.limits import Limits
from ptce_graph.serve.syntax import depth
from tests.serve.conftest import Server, running, wait_until

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
LONG = "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }"
MANY = "".join(f"<a:s{n}> <a:p> 'value number {n}' .\n" for n in range(300))
QUICK = "SELECT ?s { ?s ?p 'value number 7' }"


def count(server: Server, text: str) -> int:
    """Return how many lines of the log of a server have a text."""
    return sum(text in line for line in server.lines)


def is_right(answer: httpx.Response) -> bool:
    """Return whether this is the answer to QUICK."""
    return answer.status_code == 200 and '"a:s7"' in answer.text


def test_time_is_limited_and_others_are_answered(serve: Callable[..., Server]) -> None:
    """Queries that never end are stopped, and say why; others are answered meanwhile."""
    server = serve(MANY, "--time", "5", "--workers", "4")
    with ThreadPoolExecutor(8) as threads:
        endless = [threads.submit(server.query, ENDLESS) for _ in range(2)]
        time.sleep(0.3)
        other = server.other()
        for number in range(20):
            answer = other.get("/sparql", params={"query": f"{QUICK} # {number}"})
            assert is_right(answer)
        assert not any(future.done() for future in endless)
        for future in endless:
            answer = future.result()
            assert (answer.status_code, answer.json()["limit"]) == (504, "time")
            assert "5 s" in answer.json()["detail"]
    assert is_right(server.query(QUICK))


def test_one_client_never_holds_all_workers(serve: Callable[..., Server]) -> None:
    """However many queries a client sends at once, another finds a free process."""
    server = serve(MANY, "--time", "6", "--workers", "2")
    with ThreadPoolExecutor(6) as threads:
        greedy = [threads.submit(server.query, ENDLESS) for _ in range(6)]
        time.sleep(0.5)
        other = server.other()
        assert is_right(other.get("/sparql", params={"query": QUICK}))
        assert not any(future.done() for future in greedy)
        assert {future.result().status_code for future in greedy} <= {503, 504}


def test_memory_is_limited(serve: Callable[..., Server]) -> None:
    """A query that gathers too much is stopped; the server and the next query are well."""
    server = serve(MANY, "--memory", "64")
    answer = server.query(HUNGRY)
    assert (answer.status_code, answer.json()["limit"]) == (507, "memory")
    assert is_right(server.query(QUICK))


def test_result_is_limited(serve: Callable[..., Server]) -> None:
    """An answer that is too large is refused, or broken off: it never looks whole."""
    assert server_says(serve(MANY, "--result", "1"), LONG) == (507, "result")
    server = serve(MANY, "--result", "2")
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
        server.query(LONG, **{"accept": "application/n-triples", "accept-encoding": "identity"})
    assert is_right(server.query(QUICK))


def server_says(server: Server, query: str) -> tuple[int, str]:
    """Return the status and the limit that a query meets."""
    answer = server.client.post("/sparql", data={"query": query})
    return answer.status_code, answer.json().get("limit", "")


def test_size_and_nesting_are_limited(server: Server) -> None:
    """Too long a query, and too deep a one, are refused before an engine sees them."""
    limits = Limits()
    long = "ASK {} #" + "x" * limits.query
    assert server_says(server, long) == (413, "query")
    direct = {"content-type": "application/sparql-query"}
    assert server.client.post("/sparql", content=long, headers=direct).status_code == 413
    for opening, closing in (("{", "}"), ("{ SELECT * {", "}}")):
        bomb = "SELECT * {" + opening * 200 + closing * 200 + "}"
        assert server_says(server, bomb) == (400, "nesting")
    deep = "SELECT * { FILTER(" + "(" * 101 + "1" + ")" * 101 + ")}"
    assert server_says(server, deep) == (400, "nesting")
    text = 'SELECT * { VALUES ?x { "' + "(" * 500 + '" } }'
    assert server.query(text).status_code == 200
    assert depth(text) == 2


@pytest.mark.parametrize(
    "bomb",
    [
        "SELECT * { FILTER(" + "!" * 40_000 + "1)}",
        "SELECT * { FILTER(1" + "+1" * 10_000 + ")}",
        "SELECT * { ?s ?p ?o FILTER(?o" + "&&?o" * 10_000 + ")}",
        "SELECT * {{}" + "UNION{}" * 10_000 + "}",
        "SELECT * { ?s <a:b>" + "|<a:b>" * 10_000 + " ?o}",
        "SELECT * { ?s <a:b>" + "/<a:b>" * 2_000 + " ?o}",
        "SELECT * {" + "FILTER EXISTS{?s ?p ?o}" * 4_000 + "}",
        "SELECT * { ?s <a:p>*/<a:p>*/<a:p>* ?o }",
        'SELECT (REPLACE("' + "a" * 30_000 + '", "(a*)*b", "") AS ?x) {}',
        'SELECT (REGEX("aaaa", "((((a{1,100}){1,100}){1,100}){1,100}){1,100}") AS ?x) {}',
    ],
    ids=lambda bomb: bomb[:30],
)
def test_bombs_do_not_stop_a_process_of_others(bombed: Server, bomb: str) -> None:
    """What recurses or explodes is answered, or stopped by a limit that has a name."""
    answer = bombed.client.post("/sparql", data={"query": bomb})
    assert answer.status_code in (200, 400, 504, 507)
    if answer.status_code > 400:
        assert answer.json()["limit"] in ("time", "memory")
    assert is_right(bombed.query(QUICK))


@pytest.fixture(scope="module")
def bombed(tmp_path_factory: pytest.TempPathFactory) -> object:
    """A server with little patience."""
    path = tmp_path_factory.mktemp("bombed") / "data.ttl"
    path.write_text(MANY, "utf-8")
    with running(path, "--time", "2", "--memory", "256", "--rate", "0") as server:
        yield server


def test_rate_is_limited(serve: Callable[..., Server]) -> None:
    """A client that asks too often is told to wait; another, and a supervisor, are answered."""
    server = serve(MANY, "--rate", "2")
    statuses = [server.query(QUICK).status_code for _ in range(40)]
    assert statuses[:20] == [200] * 20
    assert statuses.count(429) >= 10
    answer = server.query(QUICK)
    assert (answer.status_code, answer.json()["limit"]) == (429, "rate")
    assert int(answer.headers["retry-after"]) >= 1
    assert server.client.get("/health").status_code == 200
    other = server.other()
    assert is_right(other.get("/sparql", params={"query": QUICK}))


def is_closed(connection: socket.socket) -> bool:
    """Return whether the server has closed a connection on which nothing was said."""
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def test_connections_are_limited(serve: Callable[..., Server]) -> None:
    """A client holds a hundred connections; the next are closed, those of others are not."""
    server = serve(MANY)
    held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(120)]
    assert wait_until(lambda: sum(map(is_closed, held)) >= 20)
    assert sum(map(is_closed, held)) == 20
    other = server.other()
    assert is_right(other.get("/sparql", params={"query": QUICK}))
    for connection in held:
        connection.close()


def test_heads_are_limited(server: Server) -> None:
    """A head without end is not read for ever."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        received = b""
        with pytest.raises((ConnectionError, TimeoutError)):
            for _ in range(1000):
                connection.sendall(b"x-filler: " + b"y" * 2000 + b"\r\n")
                time.sleep(0.001)
        connection.settimeout(2)
        try:
            received = connection.recv(100)
        except ConnectionError:
            return
        assert b" 431 " in received or received == b""


def test_addresses_are_limited(server: Server) -> None:
    """An address that is too long is told so, and what to do; what is no HTTP is told that."""
    for head, status, limit in (
        (b"GET /sparql?query=" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414, "address"),
        (b"\x00\x01 no HTTP \r\n\r\n", 400, None),
    ):
        with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
            connection.sendall(head)
            with connection.makefile("rb") as stream:
                received = stream.read()
        assert received.startswith(b"HTTP/1.1 %d " % status)
        assert json.loads(received.partition(b"\r\n\r\n")[2]).get("limit") == limit


def test_client_that_leaves_frees_its_worker(serve: Callable[..., Server]) -> None:
    """A query whose client has gone is stopped at once."""
    server = serve(MANY, "--workers", "1")
    with pytest.raises(httpx.ReadTimeout):
        server.client.get("/sparql", params={"query": ENDLESS}, timeout=0.5)
    started = time.monotonic()
    assert is_right(server.query(QUICK))
    assert time.monotonic() - started < 15  # the time limit is 30


def test_workers_killed_under_load(serve: Callable[..., Server]) -> None:
    """However often processes are killed: a right answer or an error, never a hang or a part."""
    server = serve(MANY, "--rate", "0", "--workers", "4")
    stop = threading.Event()

    def kill() -> int:
        killed = 0
        while not stop.wait(0.05):
            for pid in server.children()[1:2]:
                os.kill(pid, signal.SIGKILL)
                killed += 1
        return killed

    def ask(number: int) -> str:
        answer = server.query(f"{QUICK} # {number}")
        if answer.status_code != 200:
            return answer.json()["limit"]
        assert is_right(answer)
        return "right"

    with ThreadPoolExecutor(9) as threads:
        killer = threads.submit(kill)
        outcomes = list(threads.map(ask, range(400)))
        stop.set()
        assert killer.result() >= 3
    assert set(outcomes) <= {"right", "memory", "queue"}
    assert outcomes.count("right") > 200
    assert is_right(server.query(QUICK + " # after"))


def test_keeper_that_dies_is_replaced(serve: Callable[..., Server]) -> None:
    """When the process that holds the graph dies, another loads it, and answers go on."""
    server = serve(MANY)
    assert is_right(server.query(QUICK))
    os.kill(server.children()[0], signal.SIGKILL)
    until = time.monotonic() + 20
    while not any("switched" in line for line in server.lines):
        assert is_right(server.query(QUICK))
        assert time.monotonic() < until
        time.sleep(0.05)
    assert is_right(server.query(QUICK + " # after"))
    assert server.client.get("/ready").status_code == 200


def test_build_is_switched_in_without_a_lost_request(real: Project, tmp_path: Path) -> None:
    """While requests come in, another build takes the place of the first: all are answered."""
    nquads = tmp_path / "ptce.nq"
    nquads.write_bytes(real.nquads.read_bytes())
    query = "SELECT ?o { <a:new> <a:p> ?o }"
    with running(tmp_path, "--rate", "0") as server:
        before = server.query(query)
        assert before.json()["results"]["bindings"] == []
        stop, seen = threading.Event(), set()

        def ask(number: int) -> None:
            answered = 0
            while not stop.is_set():
                answered += 1
                answer = server.query(query if number else f"{query} # {answered}")
                assert answer.status_code == 200
                if '"new"' in answer.text:
                    seen.add(number)

        with ThreadPoolExecutor(4) as threads:
            asking = [threads.submit(ask, number) for number in range(4)]
            try:
                for switches, content in enumerate(("'old'", '"new"'), 1):
                    aside = tmp_path / "aside"
                    line = f"<a:new> <a:p> {content} .\n".replace("'", '"')
                    aside.write_bytes(nquads.read_bytes() + line.encode())
                    aside.replace(nquads)
                    assert wait_until(lambda wanted=switches: count(server, "switched") >= wanted)
                assert wait_until(lambda: len(seen) == 4)
            finally:
                stop.set()
            for future in asking:
                future.result()
        after = server.query(query, **{"if-none-match": before.headers["etag"]})
        assert after.status_code == 200
        assert len(after.json()["results"]["bindings"]) == 2
        assert count(server, "switched") == 2
        assert len(server.children()) < 20


def test_damaged_build_is_not_switched_in(real: Project, tmp_path: Path) -> None:
    """A build that cannot be read leaves the last good one in its place."""
    nquads = tmp_path / "ptce.nq"
    nquads.write_text("<a:s> <a:p> 'value number 7' .\n".replace("'", '"'), "utf-8")
    with running(tmp_path) as server:
        nquads.write_text("this is no graph", "utf-8")
        assert wait_until(lambda: count(server, "not switched"))
        assert server.query("ASK { <a:s> ?p ?o }").json()["boolean"] is True


def test_long_answer_is_streamed_with_flat_memory(serve: Callable[..., Server]) -> None:
    """A graph far larger than what is held passes through; the memory of all processes is flat."""
    many = "".join(f"<a:s{n}> <a:p{n}> {n} .\n" for n in range(700))
    server = serve(many)
    server.query(QUICK)
    before, highest, triples = server.memory(), server.peak(), 0
    request = {"params": {"query": LONG}, "headers": {"accept": "application/n-triples"}}
    with server.client.stream("GET", "/sparql", **request) as answer:
        assert "content-length" not in answer.headers
        for piece in answer.iter_bytes():
            triples += piece.count(b"\n")
    assert triples == 490_000
    assert server.memory() - before < 20_000
    assert server.peak() - highest < 30_000


ACCEPT = st.lists(
    st.one_of(
        st.sampled_from(["text/csv", "text/*", "*/*", "application/ld+json", "text/turtle;q=0.3"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
    ),
    max_size=5,
).map(",".join)
PARAMETERS = st.lists(
    st.tuples(
        st.sampled_from(["query", "default-graph-uri", "named-graph-uri", "format", "update", "x"]),
        st.one_of(st.sampled_from([QUICK, "ASK {}", "a:g", "csv"]), st.text(max_size=40)),
    ),
    max_size=5,
)


@settings(max_examples=150)
@given(accept=ACCEPT, parameters=PARAMETERS, method=st.sampled_from(["GET", "POST", "HEAD"]))
def test_any_parameters_and_accept(
    server: Server, accept: str, parameters: list[tuple[str, str]], method: str
) -> None:
    """Whatever is asked, and in whatever form: an answer or a refusal, never a failure."""
    headers = {"accept": accept.strip()}
    if method == "POST":
        body = httpx.QueryParams(
            [(k, v.encode("utf-8", "replace").decode()) for k, v in parameters]
        )
        form = {"content-type": "application/x-www-form-urlencoded"}
        answer = server.client.post("/sparql", content=str(body), headers=headers | form)
    else:
        answer = server.client.request(method, "/sparql", params=parameters, headers=headers)
    assert answer.status_code in (200, 400, 403, 406, 415)
    if answer.status_code != 200 and method != "HEAD":
        assert answer.json()["status"] == answer.status_code
        assert "Traceback" not in answer.text


def malformed(number: int) -> bytes:
    """Return a request that is wrong in one way or another, always the same for a number."""
    chance = random.Random(number)
    noise = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 80)))
    path = "".join(chance.choice("/.%{}<>'\"é?&=ab0\\") for _ in range(chance.randrange(1, 40)))
    method = chance.choice(["PUT", "PATCH", "TRACE", "FOO", "get"])
    kinds = [
        noise + b"\r\n\r\n",
        b"GET /" + noise + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
        f"{method} /sparql HTTP/1.1\r\n\r\n".encode(),
        b"GET /sparql?query=" + noise.hex("%").encode() + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /sparql?query=%C3%28&query=%00 HTTP/1.1\r\nHost:" + noise + b"\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n" + noise,
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n" + noise,
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + noise,
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: %d\r\n\r\n" % len(noise) + noise,
        b"GET /sparql HTTP/9.9\r\nAccept: " + noise.replace(b"\n", b"") + b"\r\n\r\n",
        b"GET /id/" + noise.hex("%").encode() + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    ]
    return kinds[number % len(kinds)]


def send(server: Server, number: int) -> bytes:
    """Send a malformed request, and return the beginning of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        try:
            connection.sendall(malformed(number))
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(4096)
        except ConnectionError:
            return b""


def refuse_all(server: Server, count: int) -> None:
    """Send many malformed requests; nothing fails, leaks or grows, and others are answered."""
    first = len(server.lines)
    for number in range(100):
        send(server, number)
    memory, descriptors = server.memory(), server.descriptors()
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda number: send(server, number), range(count))
        statuses = {answer[9:12] for answer in answers if answer}
        assert is_pole(server)
    assert not any(status.startswith(b"5") for status in statuses), statuses
    assert statuses >= {b"400", b"404", b"405"}
    assert wait_until(lambda: server.descriptors() <= descriptors + 8)
    assert server.memory() - memory < 20_000
    assert not [line for line in server.lines[first:] if re.search(r"Traceback|failed|Error", line)]
    assert is_pole(server)


def is_pole(server: Server) -> bool:
    """Return whether the server still answers rightly."""
    text = "ASK { <https://w3id.org/ptce/id/pole/sud-aquitaine> ?p ?o }"
    return bool(server.query(text).json()["boolean"])


def test_malformed_requests(server: Server) -> None:
    """A thousand malformed requests do no harm."""
    refuse_all(server, 1_000)


@pytest.mark.slow
def test_ten_thousand_malformed_requests(server: Server) -> None:
    """Ten thousand malformed requests do no harm."""
    refuse_all(server, 10_000)


def test_log_holds_no_personal_data(serve: Callable[..., Server]) -> None:
    """The log says what was done, not by whom nor what was asked."""
    server = serve(MANY)
    server.query("ASK { <a:secret> ?p ?o }")
    server.client.get("/id/person/somebody")
    assert wait_until(lambda: count(server, "GET /id") == 1)
    text = "".join(server.lines)
    assert re.search(r"^GET /sparql 200 \d+ B [\d.]+ ms$", text, re.MULTILINE)
    assert not re.search(r"secret|somebody|127\.0\.0\.1", text)

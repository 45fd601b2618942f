"""Remote services: the same answers as here, and one clear sentence for each failure."""

import errno
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_graph import Graph, address, dataset, endpoint, query, reply, results, transport
from ptce_graph.errors import EndpointError, QueryError
from ptce_graph.project import Project
from tests import stub_endpoint
from tests.stub_endpoint import JSON, Behaviour, Stub, rows, send
from tests.test_questions import ARGUMENTS, QUESTIONS

ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?n { ?n ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is on this machine is asked directly."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A service that misbehaves."""
    with stub_endpoint.running_stub() as running:
        yield running


@pytest.fixture(scope="module")
def service(tiny_built: Project) -> Iterator[str]:
    """The address of an Oxigraph server that holds the small graph."""
    with stub_endpoint.running_oxigraph(tiny_built.nquads) as url:
        yield url


@pytest.fixture(scope="module")
def store(tiny_built: Project) -> pyoxigraph.Store:
    """The small graph, here."""
    return dataset.open_store(tiny_built)


@pytest.fixture
def remote(tiny_built: Project, service: str) -> Graph:
    """A project that asks the server."""
    return Graph(tiny_built.root, "fr", endpoint=service)


def failure(stub: Stub, *behaviours: Behaviour, sparql: str = ASK, **options: float) -> str:
    """Return what is said where a service behaves so."""
    stub.behaviours = list(behaviours)
    with pytest.raises(EndpointError) as caught:
        endpoint.ask(stub.url, sparql, sleep=lambda _: None, **options)  # type: ignore[arg-type]
    assert caught.value.url == stub.url
    text = str(caught.value)
    assert text.startswith(f"{stub.url}: ")
    french = caught.value.describe("fr")
    assert french.startswith(f"{stub.url} : ")
    assert "\n" not in text + french
    assert not re.search(r"\b(the|again|tries|status)\b", french)
    return text.removeprefix(f"{stub.url}: ")


# A real server


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_question_has_the_same_answer_there(
    remote: Graph, store: pyoxigraph.Store, path: Path
) -> None:
    """A question gives the rows that the graph gives here, in the same order."""
    arguments = ARGUMENTS.get(path.stem, {})
    here = query.run(store, query.bind(query.read_question(path), arguments, store, "fr"))
    there = remote.ask(path.stem, **arguments)
    assert results.FORMATS["tsv"](there) == results.FORMATS["tsv"](here)


@pytest.mark.parametrize(
    "value",
    [
        "beta",
        "https://w3id.org/ptce/id/pole/beta",
        "Pôle « Bêta », l'œuvre commune",
        "POLE BETA L’OEUVRE COMMUNE",
    ],
)
def test_pole_is_found_there(remote: Graph, value: str) -> None:
    """A key, an IRI or a name is looked up in the service."""
    assert len(list(remote.ask("coordinators", pole=value))) == 2


@pytest.mark.parametrize("value", ["bete", "https://w3id.org/ptce/id/pole/x", "x> } #"])
def test_unknown_pole_is_refused_with_names_from_there(remote: Graph, value: str) -> None:
    """What the service does not know is refused, with the nearest names that it knows."""
    with pytest.raises(QueryError, match=r"did you mean .*beta \(Pôle"):
        remote.ask("coordinators", pole=value)


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "xlsx"])
def test_rows_are_written_as_those_from_here(
    remote: Graph, store: pyoxigraph.Store, form: str
) -> None:
    """Every writer of rows takes an answer from elsewhere."""
    sparql = "SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o LIMIT 5"
    local = query.run(store, sparql)
    assert results.FORMATS[form](remote.ask(sparql)) == results.FORMATS[form](local)


@pytest.mark.parametrize("form", ["ttl", "jsonld", "csv"])
def test_graph_is_written_as_that_from_here(
    remote: Graph, store: pyoxigraph.Store, form: str
) -> None:
    """Every writer of graphs takes an answer from elsewhere."""
    sparql = "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }"
    local = query.run(store, sparql)
    assert results.FORMATS[form](remote.ask(sparql)) == results.FORMATS[form](local)


def test_service_without_our_things_is_told(tiny_built: Project, stub: Stub) -> None:
    """Where a service knows nothing of ours, that is what is said."""
    stub.behaviours = [send(b"", "text/turtle")]
    graph = Graph(tiny_built.root, endpoint=stub.url)
    with pytest.raises(QueryError, match=r"nothing here has a name under \S+/id/pole/"):
        graph.ask("coordinators", pole="beta")


def test_yes_or_no_comes_from_there(remote: Graph) -> None:
    """An ASK has its answer."""
    assert bool(remote.ask(ASK))
    assert not bool(remote.ask("ASK { <a:b> ?p ?o }"))


def test_bad_query_is_told_in_the_words_of_the_service(service: str) -> None:
    """A service that refuses a query is quoted."""
    with pytest.raises(EndpointError, match=r"status 400: .+") as caught:
        endpoint.ask(service, "SELECT ?s { ?s ?p }")
    assert caught.value.status == 400


def process(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run `ptce` as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ptce_graph", *words],
        capture_output=True,
        encoding="utf-8",
        input=stdin,
        env={**os.environ, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
        check=False,
    )


def test_command_asks_there_without_a_graph_here(service: str, tiny: Project) -> None:
    """`--endpoint` needs no graph built here, for a question as for any query."""
    words = ("coordinators", "--pole", "Pôle Alpha", "--endpoint", service, "--format", "csv")
    result = process("--project", str(tiny.root), "ask", *words)
    assert result.returncode == 0, result.stderr
    assert "Comité de bassin d'emploi d'essai" in result.stdout
    result = process("ask", "-", "--endpoint", service, "--format", "csv", stdin=ASK)
    assert result.stdout == "answer\r\nyes\r\n".replace("\r", "")


def test_command_that_fails_says_one_sentence() -> None:
    """A failure is status 1 and a sentence; the password is not in it."""
    url = "http://me:secret@127.0.0.1:0/sparql?key=secret"
    result = process("ask", "-", "--endpoint", url, stdin=ASK)
    assert result.returncode == 1
    assert result.stderr.startswith('ptce: "http://127.0.0.1:0/sparql" is no address')
    assert "secret" not in result.stderr + result.stdout


def test_command_says_when_an_answer_may_be_cut(stub: Stub) -> None:
    """On standard error it is said that rows may be missing; standard output holds rows only."""
    stub.behaviours = [send(rows(2), X_SPARQL_MaxRows="2")]
    words = ("ask", "-", "--format", "csv", "--lang", "fr", "--endpoint", stub.url)
    result = process(*words, stdin=SELECT)
    assert result.stdout == "n\nx\nx\n"
    assert "la réponse a 2 lignes, où le service a pu la couper" in result.stderr


def test_asking_here_loads_nothing_of_the_web(tiny_built: Project) -> None:
    """A question that is answered here does not load SPARQLWrapper."""
    code = (
        "import sys; from pathlib import Path\n"
        "from ptce_graph import Graph; from ptce_graph.project import Project\n"
        "graph = Graph(sys.argv[1])\n"
        "graph.project = Project(*map(Path, sys.argv[1:]))\n"
        "list(graph.ask('coordinators', pole='alpha'))\n"
        "assert not {'SPARQLWrapper', 'http.client', 'ssl'} & set(sys.modules)"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tiny_built.root), str(tiny_built.build)], check=True
    )


# What is sent


def test_request_is_a_post_that_says_who_asks(stub: Stub) -> None:
    """The query is posted, the type of the answer negotiated, and the program named."""
    stub.behaviours = [send()]
    sparql = "# insert\nprefix add: <http://example.org/#> ASK { ?s add:é ?o }"
    assert bool(endpoint.ask(f"{stub.url}?default-graph-uri=a:b", sparql))
    ((path, headers, form),) = stub.requests
    assert path == "/sparql?default-graph-uri=a:b"
    assert form == {"query": [sparql]}
    assert headers["Accept"].startswith(JSON)
    assert re.fullmatch(r"ptce-graph/\d+\.\d+\.\d+", headers["User-Agent"])


def test_password_is_sent_and_never_shown(stub: Stub) -> None:
    """A name and a password in the address become a header; messages do without them."""
    stub.behaviours = [send(b"no", "text/plain", 403)]
    with pytest.raises(EndpointError) as caught:
        endpoint.ask(stub.url.replace("//", "//me:s%40cret@") + "?key=s@cret", ASK)
    assert stub.requests[0][1]["Authorization"] == "Basic bWU6c0BjcmV0"
    assert "cret" not in str(caught.value) + caught.value.url
    assert str(caught.value) == f"{stub.url}: status 403: no (the service does not let you in)"


@pytest.mark.parametrize("sparql", ["INSERT DATA { <a:a> <a:b> <a:c> }", "", "# SELECT", "x"])
def test_what_is_no_query_is_not_sent(stub: Stub, sparql: str) -> None:
    """An update, or no SPARQL at all, does not leave this machine."""
    with pytest.raises(QueryError, match="no SPARQL query"):
        endpoint.ask(stub.url, sparql)
    assert not stub.requests


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "ftp://a.b/", "file:///etc/passwd", "http://", "http://a:x/", "ht tp"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """Only the web is asked."""
    with pytest.raises(EndpointError, match="is no address"):
        endpoint.ask(url, ASK)


@pytest.mark.parametrize("url", ["ftp://me:secret@a.b", "me:secret@a.b", "http://m:s/secret@a:x/"])
def test_password_in_a_bad_address_is_not_shown(url: str) -> None:
    """Even an address that is refused is shown without its password."""
    with pytest.raises(EndpointError) as caught:
        address.read_address(url)
    assert "secret" not in str(caught.value) + caught.value.url


def test_address_with_accents_is_written_in_ascii() -> None:
    """Accents in a host or a path are sent as the web writes them."""
    assert address.read_address("http://pôle.fr:80/é").url == "http://xn--ple-kna.fr:80/%C3%A9"


# What comes back and is no answer


@pytest.mark.parametrize(
    ("behaviour", "sparql", "message"),
    [
        (send(b"<html>Hello", "text/html; charset=utf-8"), ASK, r"^answers with a web page"),
        (send(b"%PDF", "application/pdf"), ASK, r"^answers with application/pdf where \S+json is"),
        (send(b"a,b", "text/csv"), SELECT, r"^answers with text/csv where"),
        (
            send(rows(1)),
            CONSTRUCT,
            r"^answers with application/sparql-results\+json where \S+turtle",
        ),
        (send(kind=""), ASK, r"^answers with something without a type where"),
        (send(rows(9)[:-20]), SELECT, r"^the answer cannot be read, it may be cut \(Parser error"),
        (send(b"<a> <b>", "text/turtle"), CONSTRUCT, r"^the answer cannot be read"),
        (send(b"<sparql", "application/xml"), SELECT, r"^the answer cannot be read"),
        (send(rows(1), Content_Length="999"), SELECT, r"^the answer is cut \(\d+ bytes of 999;"),
        (send(b""), SELECT, r"^the answer is empty"),
        (send(b"", status=204, kind=""), SELECT, r"^answers with something without a type"),
        (send(), SELECT, r"^the answer is not that of a query of the form SELECT$"),
        (send(rows(1)), ASK, r"^the answer is not that of a query of the form ASK$"),
        (
            send(b"no\x1b[2J such\ntable", "text/plain", 400),
            ASK,
            r"^status 400: no\[2J such table$",
        ),
        (send(b"x" * 9999, "text/plain", 500), ASK, r"^status 500: x{199}…$"),
        (send(b"", "text/plain", 500), ASK, r"^status 500: no reason given$"),
        (
            send(b"<style>x{}</style><h1>Not &amp;\n found</h1>", "text/html", 404),
            ASK,
            r"^status 404: Not & found \(check the address\)$",
        ),
        (send(b"", "", 401), ASK, r"^status 401: .* \(give a name and a password"),
        (send(b"", "", 303, Location="/x"), ASK, r"^status 303: "),
        (stub_endpoint.babble, ASK, r"^it does not speak HTTP rightly \(BadStatusLine"),
    ],
)
def test_bad_answer_is_one_sentence(
    stub: Stub, behaviour: Behaviour, sparql: str, message: str
) -> None:
    """What is no answer is said at once, in one short line, and is not asked for again."""
    assert re.search(message, failure(stub, behaviour, sparql=sparql))
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    "behaviour", [stub_endpoint.silence, stub_endpoint.drip, stub_endpoint.drip_header]
)
def test_service_that_is_slow_is_given_up(stub: Stub, behaviour: Behaviour) -> None:
    """Neither silence nor a byte now and then is waited for longer than was said."""
    text = failure(stub, behaviour, timeout=0.5)
    assert text.startswith("no whole answer within 0.5 s")
    assert len(stub.requests) == 1


def test_huge_answer_is_given_up(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is not read beyond a size."""
    monkeypatch.setattr(transport, "MOST_BYTES", 1_000_000)
    text = failure(stub, send(rows(50_000)), sparql=SELECT)
    assert text == "the answer is larger than 1 MB (ask for less)"


def test_entities_of_xml_are_not_expanded(stub: Stub) -> None:
    """An answer in XML cannot grow by its entities."""
    entities = '<!DOCTYPE s [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'
    cell = '<result><binding name="n"><literal>&b;</literal></binding></result>'
    head = (
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="n"/></head>'
    )
    text = f"{entities}{head}<results>{cell}</results></sparql>"
    found = failure(stub, send(text.encode(), "application/sparql-results+xml"), sparql=SELECT)
    assert "cannot be read" in found


def test_answer_in_xml_is_read(stub: Stub) -> None:
    """A service that knows XML only is understood."""
    cell = '<result><binding name="n"><literal>x</literal></binding></result>'
    head = (
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="n"/></head>'
    )
    text = f"{head}<results>{cell}</results></sparql>"
    stub.behaviours = [send(text.encode(), "application/sparql-results+xml")]
    assert results.rows(endpoint.ask(stub.url, SELECT)) == (["n"], [["x"]])


@given(
    start=st.sampled_from([rows(2), b"<sparql><head>", b'<a:a> <a:b> "x" .']),
    cut=st.integers(0, 99),
    noise=st.binary(max_size=9),
    kind=st.sampled_from([JSON, "text/xml", "text/turtle", "text/plain"]),
    sparql_form=st.sampled_from(["SELECT", "ASK", "CONSTRUCT"]),
)
def test_any_bytes_are_an_answer_or_a_sentence(
    start: bytes, cut: int, noise: bytes, kind: str, sparql_form: str
) -> None:
    """Whatever a service sends is read, or refused with a reason."""
    body = start[:cut] + noise + start[cut:]
    try:
        reply.read_answer(reply.Reply(200, {"content-type": kind}, body), sparql_form)
    except ValueError as error:
        assert type(error) is ValueError
        english, french = error.args
        assert (english + french).isprintable()
        assert english != french


# Patience


def test_busy_service_is_asked_again(stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    """Where a service asks for patience it gets it, and the wait is announced."""
    waits: list[float] = []
    stub.behaviours = [send(b"", "", 429, Retry_After="7"), send(b"", "", 503), send()]
    assert bool(endpoint.ask(stub.url, ASK, sleep=waits.append))
    assert waits == [7, 1]
    assert caplog.messages == [
        f"{stub.url}: status 429: next try in 7 s",
        f"{stub.url}: status 503: next try in 1 s",
    ]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_service_that_stays_busy_is_given_up(stub: Stub, status: int) -> None:
    """After the last try it is said how often it was tried, and for how long."""
    text = failure(stub, send(b"Come back", "text/plain", status))
    assert text == f"status {status}: Come back (4 tries in 3.5 s; try again later)"
    assert len(stub.requests) == 4


def test_service_that_asks_for_an_hour_is_left_alone(stub: Stub) -> None:
    """A wait that nobody would sit through is told, not waited for."""
    text = failure(stub, send(b"", "", 503, Retry_After="3600"))
    assert text == "status 503; it asks for 3,600 s of patience (1 try; try again later)"
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 60),
        ("Wed, 21 Oct 2026 07:28:00", 60),
        ("Wed, 21 Oct 2026 07:26:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("1 Oct 3000000000 0:0", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: float | None) -> None:
    """Both forms of the header are read; what is neither is as if it were not there."""
    now = datetime(2026, 10, 21, 7, 27, tzinfo=UTC)
    assert reply.Reply(503, {"retry-after": header}, b"").retry_after(now) == seconds


def test_connection_that_breaks_is_tried_again(stub: Stub) -> None:
    """A connection may break once; if it always does, that is said."""
    stub.behaviours = [stub_endpoint.reset, send()]
    assert bool(endpoint.ask(stub.url, ASK, sleep=lambda _: None))
    text = failure(stub, stub_endpoint.reset, retries=1)
    assert text == "the connection broke (2 tries in 0.5 s; try again later)"


def test_connection_that_is_refused_is_told(stub: Stub) -> None:
    """Where nothing listens, that is said."""
    url = f"http://127.0.0.1:{stub_endpoint.free_port()}/sparql"
    with pytest.raises(EndpointError, match=r": connection refused \(1 try; try again later\)$"):
        endpoint.ask(url, ASK, retries=0)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (socket.gaierror(socket.EAI_NONAME, "?"), "the host is not found (check the address"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "it cannot be reached (Network is"),
        (TimeoutError(), "no whole answer within 30 s"),
    ],
)
def test_network_that_fails_is_told(
    stub: Stub, monkeypatch: pytest.MonkeyPatch, error: OSError, message: str
) -> None:
    """What goes wrong before the service is reached is one sentence too."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(socket, "create_connection", fail)
    assert failure(stub, send()).startswith(message)


def test_connection_that_is_not_secure_is_told(stub: Stub) -> None:
    """A service that does not speak TLS on https is told from one that is down."""
    with pytest.raises(EndpointError, match=r": no secure connection \(.+\)$"):
        endpoint.ask(stub.url.replace("http:", "https:"), ASK)


# Redirections


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_query_follows_a_service_that_moved(stub: Stub, status: int) -> None:
    """The query is posted again to the new address, with the password on the same host only."""
    stub.behaviours = [send(b"", "", status, Location="/new"), send()]
    assert bool(endpoint.ask(stub.url.replace("//", "//me:secret@"), ASK))
    (_, first, form), (path, second, again) = stub.requests
    assert (path, again) == ("/new", form)
    assert first["Authorization"] == second["Authorization"]


def test_password_does_not_follow_to_another_host(stub: Stub) -> None:
    """A service cannot send a password elsewhere, nor the query where it is not secure."""
    elsewhere = stub.url.replace("127.0.0.1", "localhost")
    stub.behaviours = [send(b"", "", 307, Location=elsewhere), send()]
    assert bool(endpoint.ask(stub.url.replace("//", "//me:secret@"), ASK))
    assert "Authorization" not in stub.requests[1][1]
    with pytest.raises(EndpointError, match=r"redirected to http://b/, which is not secure"):
        address.Address("https://a/").moved("http://b/")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.b/", "http://a:x/"])
def test_redirection_out_of_the_web_is_refused(stub: Stub, target: str) -> None:
    """A service cannot make us read anything but the web."""
    stub.behaviours = [send(b"", "", 302, Location=target)]
    with pytest.raises(EndpointError, match="is no address"):
        endpoint.ask(stub.url, ASK)


def test_redirections_in_a_circle_end(stub: Stub) -> None:
    """A service that sends us round and round is left."""
    text = failure(stub, send(b"", "", 302, Location="/sparql"))
    assert text == "redirected more than 5 times (give the final address)"


# Answers that may not be whole


@pytest.mark.parametrize(
    ("sparql", "count", "headers", "message"),
    [
        (SELECT, 10_000, {}, "10,000 rows, where the service may have cut it"),
        (SELECT, 9_999, {}, None),
        (f"{SELECT} LIMIT 10000", 10_000, {}, None),
        (SELECT, 500, {"X_SPARQL_MaxRows": "500"}, "500 rows"),
        (SELECT, 499, {"X_SPARQL_MaxRows": "500"}, None),
        (SELECT, 3, {"X_SPARQL_MaxRows": "0"}, None),
        (SELECT, 3, {"X_SPARQL_MaxRows": "9" * 5000}, None),
        (SELECT, 3, {"X_SQL_State": "S1TAT"}, "not whole"),
    ],
)
def test_answer_that_may_be_cut_is_announced(
    stub: Stub,
    caplog: pytest.LogCaptureFixture,
    sparql: str,
    count: int,
    headers: dict[str, str],
    message: str | None,
) -> None:
    """A number of rows at which services cut is announced, unless it was asked for."""
    stub.behaviours = [send(rows(count), **headers)]
    assert len(list(endpoint.ask(stub.url, sparql))) == count
    assert bool(caplog.messages) == bool(message)
    assert not message or message in caplog.messages[0]

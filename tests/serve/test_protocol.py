"""The SPARQL 1.1 Protocol, as real clients and the W3C speak it."""

import asyncio
import gzip
import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper

from ptce_graph.project import find
from ptce_graph.serve import media, syntax
from ptce_graph.serve.limits import Limits
from ptce_graph.serve.pool import Pool
from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.source import Source
from tests.serve.conftest import SUITES, Server

POLES = "SELECT ?pole { ?pole a <https://w3id.org/ptce/ontology#Pole> } ORDER BY ?pole"
TWO = "<a:s> <a:p> 'default' . <a:g> { <a:s> <a:p> 'named' } <a:h> { <a:s> <a:p> 'other' }"


@pytest.mark.skipif(not SUITES.is_dir(), reason="needs ../shared/checks")
def test_w3c_protocol(serve: Callable[..., Server], tmp_path: Path) -> None:
    """All tests of the W3C for a service that only reads pass: 20 and 3."""
    check = [sys.executable, str(SUITES / "checks" / "w3c_protocol.py")]
    data, report = tmp_path / "w3c.trig", tmp_path / "report.json"
    subprocess.run([*check, "--emit-dataset", data], check=True, capture_output=True)
    server = serve(data.read_text("utf-8"))
    query = ["--query", f"{server.url}/sparql", "--preloaded", "--json", report]
    run = subprocess.run([*check, *query], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    passed = [group for group, _, outcome, _ in json.loads(report.read_text()) if outcome == "pass"]
    assert (passed.count("protocol"), passed.count("service-description")) == (20, 3)


@pytest.mark.parametrize("kind", media.SOLUTIONS)
def test_rows_in_every_format(server: Server, kind: str) -> None:
    """Each media type of rows gives the same rows, under the name that was asked for."""
    answer = server.query(POLES, accept=kind)
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == kind
    expected = json.loads(server.query(POLES).text)["results"]["bindings"]
    first = expected[0]["pole"]["value"]
    assert len(re.findall(r"https://w3id.org/ptce/id/pole/", answer.text)) == len(expected) > 100
    assert first in answer.text


@pytest.mark.parametrize("kind", media.GRAPHS)
def test_graphs_in_every_format(server: Server, kind: str) -> None:
    """Each media type of RDF gives the same graph to a parser of others."""
    query = "CONSTRUCT { ?s a ?type } { ?s a ?type } LIMIT 50"
    answer = server.query(query, accept=kind)
    assert answer.headers["content-type"].split(";")[0] == kind
    forms = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nq": "nquads"}
    form = media.GRAPHS[kind]
    graph = rdflib.Dataset()
    graph.parse(data=answer.text, format=forms.get(form, form))
    assert len(list(graph.quads())) == 50


@pytest.mark.parametrize("kind", ["application/sparql-results+json", "application/xml", "text/csv"])
def test_yes_or_no(server: Server, kind: str) -> None:
    """A yes/no answer is read in each format that has one."""
    assert "true" in server.query("ASK { ?s ?p ?o }", accept=kind).text


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/*;q=0.3, text/tab-separated-values", "text/tab-separated-values"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/json"),
        ("text/csv;q=0, text/*", "text/xml"),
        ("TEXT/CSV", "text/csv"),
        ("image/png", ""),
        ("text/turtle", ""),
        ("nonsense", "application/sparql-results+json"),
    ],
)
def test_preferences_are_respected(server: Server, accept: str, expected: str) -> None:
    """The type sent is the one that the client likes best; none that it refuses."""
    answer = server.query("SELECT * { ?s ?p ?o } LIMIT 1", accept=accept)
    if not expected:
        assert answer.status_code == 406
        assert answer.json()["status"] == 406
    else:
        assert answer.headers["content-type"].split(";")[0] == expected
        assert "accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("csv", "text/csv"),
        ("text/csv", "text/csv"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("anything", "application/sparql-results+json"),
    ],
)
def test_format_is_named_in_the_address(server: Server, form: str, expected: str) -> None:
    """`format` is a short name or, as other endpoints take it, a media type."""
    query = {"query": "SELECT * { ?s ?p ?o } LIMIT 1", "format": form}
    answer = server.client.get("/sparql", params=query)
    assert answer.headers["content-type"].split(";")[0] == expected


def test_dataset_of_the_request(serve: Callable[..., Server]) -> None:
    """`default-graph-uri` and `named-graph-uri` say what is asked, and win over FROM."""
    server = serve(TWO)

    def values(query: str, **graphs: object) -> set[str]:
        answer = server.client.get("/sparql", params={"query": query, **graphs})
        rows = answer.json()["results"]["bindings"]
        return {row["o"]["value"] for row in rows}

    plain, named = "SELECT ?o { ?s ?p ?o }", "SELECT ?o { GRAPH ?g { ?s ?p ?o } }"
    assert values(plain) == {"default"}
    assert values(named) == {"named", "other"}
    assert values(plain, **{"default-graph-uri": "a:g"}) == {"named"}
    assert values(plain, **{"default-graph-uri": ["a:g", "a:h"]}) == {"named", "other"}
    assert values(plain, **{"named-graph-uri": "a:g"}) == set()
    assert values(named, **{"named-graph-uri": "a:g"}) == {"named"}
    assert values("SELECT ?o FROM <a:h> { ?s ?p ?o }") == {"other"}
    both = {"default-graph-uri": "a:g"}
    assert values("SELECT ?o FROM <a:h> { ?s ?p ?o }", **both) == {"named"}
    bad = server.client.get("/sparql", params={"query": plain, "default-graph-uri": "no iri"})
    assert bad.status_code == 400


def test_head_and_options(server: Server) -> None:
    """HEAD says what GET would; OPTIONS says what is allowed, to any site."""
    full = server.query(POLES)
    head = server.client.head("/sparql", params={"query": POLES})
    assert head.content == b""
    for name in ("content-length", "content-type", "etag"):
        assert head.headers[name] == full.headers[name]
    options = server.client.options("/sparql", headers={"origin": "https://example.org"})
    assert options.status_code == 204
    assert "POST" in options.headers["access-control-allow-methods"]
    assert full.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in full.headers


def test_gzip_and_etag(server: Server) -> None:
    """A long answer comes compressed if wanted; what a client has is not sent again."""
    plain = server.query(POLES, **{"accept-encoding": "identity"})
    with server.client.stream(
        "GET", "/sparql", params={"query": POLES}, headers={"accept-encoding": "gzip"}
    ) as raw:
        packed = b"".join(raw.iter_raw())
    assert gzip.decompress(packed) == plain.content
    assert len(packed) < len(plain.content) / 4
    etag = plain.headers["etag"]
    assert etag != raw.headers["etag"]
    again = server.query(POLES, **{"if-none-match": etag, "accept-encoding": "identity"})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" not in again.headers  # that of the page that is kept holds
    other = server.query(POLES + " LIMIT 5", **{"if-none-match": etag})
    assert other.status_code == 200


def test_pages_of_the_site_come_compressed(server: Server) -> None:
    """Lists and descriptions are compressed if wanted, each form with a name of its own."""
    for path in ("/poles.fr.html", "/void.ttl", "/sitemap.xml"):
        plain = server.client.get(path, headers={"accept-encoding": "identity"})
        with server.client.stream("GET", path, headers={"accept-encoding": "gzip"}) as raw:
            packed = b"".join(raw.iter_raw())
        assert gzip.decompress(packed) == plain.content
        assert raw.headers["etag"] != plain.headers["etag"]
        known = {"if-none-match": raw.headers["etag"], "accept-encoding": "gzip"}
        assert server.client.get(path, headers=known).status_code == 304


def test_what_changes_is_not_kept(server: Server) -> None:
    """An answer that chance or the clock makes is not cached."""
    query = "SELECT ?n { BIND(STRUUID() AS ?n) }"
    first, second = server.query(query), server.query(query)
    assert first.text != second.text
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:s> <a:p> 1 }",
        "LOAD <file:///etc/hostname>",
        "DROP ALL",
        "DELETE WHERE { ?s ?p ?o }",
    ],
)
def test_nothing_is_written(serve: Callable[..., Server], text: str) -> None:
    """Updates are refused whichever way they come, and change nothing."""
    server = serve(TWO)
    kind = {"content-type": "application/sparql-update"}
    assert server.client.post("/sparql", content=text, headers=kind).status_code == 403
    assert server.client.post("/sparql", data={"update": text}).status_code == 403
    assert server.client.post("/sparql", data={"query": text}).status_code == 400
    assert server.client.get("/sparql", params={"query": text}).status_code == 400
    count = server.query("SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")
    assert count.json()["results"]["bindings"][0]["n"]["value"] == "3"


SERVICES = [
    "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { service silent <%s> { ?s ?p ?o } }",
    "SELECT * { FILTER(1<2)SERVICE#>\n<%s> { ?s ?p ?o } }",
    "PREFIX a: <a:> SELECT * { FILTER(1<a:b)SERVICE#>\n<%s> { ?s ?p ?o } }",
    "PREFIX x: <%s> SELECT * { SERVICE x: { ?s ?p ?o } }",
    "SELECT * { BIND(<%s> AS ?x) SERVICE SILENT ?x { ?s ?p ?o } }",
    "SELECT * { ?s <http://x/\\u0023> ?o . SERVICE <%s> { ?s ?p ?o } }",
    "PREFIX x: <a:> SELECT * { OPTIONAL { ?s x:a\\#b ?o } SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { OPTIONAL { SELECT * { SERVICE # here\n SILENT\n<%s> { ?s ?p ?o } } } }",
    "ASK FROM <%s> { ?s ?p ?o }",
    "SELECT * FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }",
    "DESCRIBE <%s>",
]


@pytest.mark.parametrize("query", SERVICES)
def test_no_connection_is_opened(server: Server, query: str) -> None:
    """No query makes the server connect to anything: a socket that would notice says so."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        answer = server.query(query % url)
        if "SERVICE" in query.upper():
            assert answer.status_code == 403
            assert answer.json()["limit"] == "service"
        with pytest.raises(TimeoutError):
            listening.accept()


def test_workers_cannot_connect(tmp_path: Path) -> None:
    """What slipped through the check finds no descriptor left in a worker: the system says no."""
    data = tmp_path / "data.ttl"
    data.write_text("<a:s> <a:p> 1 .", "utf-8")

    async def ask(query: str) -> None:
        pool = Pool(Source(find(None), data), Limits(workers=1))
        await pool.start()
        try:
            types = ("application/json", "json")
            message = {"do": "query", "query": query, "default": [], "named": [], "rows": types}
            await pool.ask(json.dumps(message), message, "test")
        finally:
            await pool.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with pytest.raises(Refusal):
            asyncio.run(ask(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"))
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ('SERVICE <http://a/> {' AS ?x) {} # SERVICE <http://a/> {}",
        'SELECT * { VALUES ?x { """ " SERVICE <a:b> """ \'\'\' SERVICE \'\'\' } }',
        "SELECT * { OPTIONAL { <http://example.org/SERVICE> <a:service> ?service } }",
        "PREFIX service: <a:> SELECT ?SERVICE { OPTIONAL { service:SERVICE service:x ?SERVICE } }",
    ],
)
def test_the_word_service_is_no_service(server: Server, query: str) -> None:
    """In a text, a comment, an IRI or a name the word means nothing."""
    assert server.query(query).status_code == 200
    assert syntax.services(query) == []


def test_operator_allows_services(serve: Callable[..., Server]) -> None:
    """A service that the operator names is asked; another is not."""
    other = serve("<a:s> <a:p> 'from far' .")
    server = serve(TWO, "--service", f"{other.url}/sparql")
    query = "SELECT ?o { SERVICE <%s/sparql> { ?s ?p ?o } }"
    answer = server.query(query % other.url)
    assert answer.json()["results"]["bindings"][0]["o"]["value"] == "from far"
    assert server.query(query % "http://127.0.0.1:9").status_code == 403


def test_files_are_not_read(server: Server) -> None:
    """FROM names a graph that is here, never a file."""
    answer = server.query("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }")
    assert answer.json()["results"]["bindings"] == []


def test_sparqlwrapper(server: Server) -> None:
    """SPARQLWrapper reads rows by GET and by POST, and graphs."""
    client = SPARQLWrapper(f"{server.url}/sparql")
    client.setOnlyConneg(True)
    client.setQuery(POLES)
    for method in ("GET", "POST"):
        client.setMethod(method)
        client.setReturnFormat(JSON)
        assert len(client.queryAndConvert()["results"]["bindings"]) > 100
        client.setReturnFormat(XML)
        assert len(client.queryAndConvert().getElementsByTagName("result")) > 100
        client.setReturnFormat(CSV)
        assert client.queryAndConvert().count(b"\n") > 100
    client.setQuery("CONSTRUCT { ?s a ?t } { ?s a ?t } LIMIT 7")
    client.setReturnFormat(TURTLE)
    graph = rdflib.Graph().parse(data=client.queryAndConvert())
    assert len(graph) == 7


def test_rdflib_store(server: Server) -> None:
    """rdflib's SPARQLStore uses it as a graph."""
    graph = rdflib.Graph(SPARQLStore(f"{server.url}/sparql"))
    pole = rdflib.URIRef("https://w3id.org/ptce/id/pole/sud-aquitaine")
    assert (pole, rdflib.RDF.type, None) in graph
    assert any("Sud Aquitaine" in label for label in graph.objects(pole, rdflib.SKOS.prefLabel))
    assert len(list(graph.query(POLES))) > 100


def test_curl(server: Server) -> None:
    """curl gets a compressed table in one line."""
    command = ["curl", "-sf", "--compressed", "-H", "Accept: text/csv", f"{server.url}/sparql"]
    run = subprocess.run([*command, "--data-urlencode", f"query={POLES}"], capture_output=True)
    lines = run.stdout.decode().split("\r\n")
    assert lines[0] == "pole"
    assert lines[1].startswith("https://w3id.org/ptce/id/pole/")

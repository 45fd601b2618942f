"""Each thing at its address, the questions, and their description for programs."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_graph.project import Project
from ptce_graph.query import read_questions
from tests.serve.conftest import Server, running

POLE = "https://w3id.org/ptce/id/pole/sud-aquitaine"
FORMS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
}
NAME = "Pôle de coopération économique, social et environnemental Sud Aquitaine"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
NAMES = sorted(read_questions(Project(Path(__file__).parents[2], Path())))


def test_thing_in_every_format(server: Server) -> None:
    """A thing is had in HTML and in four forms of RDF, which say the same."""
    graphs = []
    for kind, form in FORMS.items():
        answer = server.client.get("/id/pole/sud-aquitaine", headers={"accept": kind})
        assert answer.headers["content-type"].split(";")[0] == kind
        graphs.append(rdflib.Graph().parse(data=answer.text, format=form))
    subject = rdflib.URIRef(POLE)
    schema = "https://schema.org/"
    for graph in graphs:
        for triple in [t for t in graph if schema in t[1] or schema in str(t[2])]:
            graph.remove(triple)  # JSON-LD says these too, for search engines
        assert any(
            "Sud Aquitaine" in name for name in graph.objects(subject, rdflib.SKOS.prefLabel)
        )
        assert set(graph) == set(graphs[0])
    page = server.client.get("/id/pole/sud-aquitaine", headers={"accept": BROWSER})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Sud Aquitaine" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(("ending", "kind"), [(".ttl", "text/turtle"), (".fr.html", "text/html")])
def test_document_has_an_address_of_its_own(server: Server, ending: str, kind: str) -> None:
    """The ending of an address says the form, whatever a client accepts."""
    answer = server.client.get(f"/id/pole/sud-aquitaine{ending}", headers={"accept": "image/png"})
    assert answer.headers["content-type"].split(";")[0] == kind
    assert f'<{POLE}>; rel="describes"' in answer.headers["link"]


def test_address_by_host_and_by_path(server: Server) -> None:
    """The IRI answers behind w3id.org, by its path, and below the server's own address."""
    turtle = {"accept": "text/turtle"}
    direct = server.client.get("/id/pole/sud-aquitaine", headers=turtle)
    behind = {"host": "w3id.org", **turtle}
    proxied = server.client.get("/ptce/id/pole/sud-aquitaine", headers=behind)
    assert direct.text == proxied.text
    assert "pole:sud-aquitaine" in direct.text


def test_every_kind_of_thing_answers(server: Server) -> None:
    """One thing of each kind, each class and code of the ontology, each rule: all answer."""
    query = "SELECT DISTINCT ?s { ?s a ?t FILTER(ISIRI(?s)) } ORDER BY ?s"
    rows = server.query(query).json()["results"]["bindings"]
    iris = [row["s"]["value"] for row in rows if "/ptce/" in row["s"]["value"]]
    first = {}
    for iri in iris:
        path = iri.removeprefix("https://w3id.org/ptce").replace("#", "/")
        if path.count("/") > 1:
            first.setdefault(path.rpartition("/")[0], path)
    assert len(first) > 25
    for path in first.values():
        for kind in (BROWSER, "text/turtle"):
            answer = server.client.get(path, headers={"accept": kind})
            assert answer.status_code == 200, (path, kind, answer.text[:200])


def test_unknown_thing_is_told_what_is_close(server: Server) -> None:
    """A wrong address is 404, with what is called like it, for people and for programs."""
    answer = server.client.get("/id/pole/sud-aquitane", headers={"accept": "text/turtle"})
    assert answer.status_code == 404
    assert POLE in [found["iri"] for found in answer.json()["suggestions"]]
    page = server.client.get("/id/pole/sud-aquitane", headers={"accept": BROWSER})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert 'href="sud-aquitaine.fr.html"' in page.text
    evil = server.client.get("/id/<script>alert(1)</script>", headers={"accept": BROWSER})
    assert evil.status_code == 404
    assert "<script>alert" not in evil.text
    assert server.client.get("/id/..%2f..%2fetc/passwd").status_code == 404
    assert server.client.get("/assets/../limits.py").status_code == 404
    assert server.client.get("/assets/texts.json").status_code == 404


def test_private_statements_are_not_served(serve: Callable[..., Server]) -> None:
    """What the ontology marks private can neither be queried nor seen."""
    ptce = "https://w3id.org/ptce/ontology#"
    server = serve(
        f'<{ptce}phone> <{ptce}visibility> "private" .\n'
        f'<https://w3id.org/ptce/id/org/a> <{ptce}phone> "0600000000" ; <{ptce}size> 3 .'
    )
    assert "0600000000" not in server.query("SELECT * { ?s ?p ?o }").text
    page = server.client.get("/id/org/a.ttl")
    assert page.status_code == 200
    assert "0600000000" not in page.text


@pytest.mark.parametrize("name", NAMES)
def test_question_as_rows_and_page(server: Server, name: str) -> None:
    """Each question answers as JSON, as CSV and as a page, all with the same rows."""
    address = f"/questions/{name}"
    found = server.client.get(address, headers={"accept": "application/json"}).json()
    assert found["question"] == name
    table = server.client.get(address, headers={"accept": "text/csv"})
    lines = list(csv.reader(io.StringIO(table.text)))
    assert lines[0] == [column["name"] for column in found["columns"]]
    assert len(lines) == len(found["rows"]) + 1
    page = server.client.get(address, headers={"accept": BROWSER, "accept-language": "en"})
    assert page.status_code == 200
    assert '<html lang="en">' in page.text
    assert page.text.count("<tr>") == min(len(found["rows"]), 500) + bool(found["rows"])


def test_question_with_parameters(server: Server) -> None:
    """A key, an IRI and a name mean the same; what fits nothing is said, with what would."""
    answers = [
        server.client.get("/questions/coordinators", params={"pole": pole}).json()["rows"]
        for pole in ("sud-aquitaine", POLE, NAME)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0]["coordinator"] == "Comité de bassin d'emploi du Seignanx"
    cases = {
        "/questions/coordinators?pole=sud-aquitane": 404,
        "/questions/coordinator": 404,
        "/questions/coordinators?town=Tarnos": 400,
        "/questions/coordinators?pole=a&pole=b": 400,
        "/questions/weakly-sourced-facts?years=many": 400,
        "/questions/network-at-date?date=yesterday": 400,
        "/questions/coordinators?format=pdf": 400,
    }
    for address, status in cases.items():
        answer = server.client.get(address, headers={"accept-language": "en"})
        assert answer.status_code == status, address
        assert answer.json()["detail"]
    close = server.client.get("/questions/coordinators?pole=sud-aquitane").json()["detail"]
    assert "sud-aquitaine" in close


def test_question_as_network(server: Server) -> None:
    """The answer of a question is a network, for Gephi and on a page that draws it."""
    address = "/questions/members-of-pole?pole=sud-aquitaine&format="
    gexf = server.client.get(address + "gexf")
    graph = nx.read_gexf(io.BytesIO(gexf.content))
    assert graph.number_of_edges() >= 8
    page = server.client.get(address + "network")
    assert "sha256-" in page.headers["content-security-policy"]
    assert "seignanx" in page.text.lower()
    refused = server.client.get("/questions/cooperatives-by-region?format=gexf")
    assert refused.status_code in (200, 406)


def test_list_of_questions(server: Server) -> None:
    """The list says how to ask each; the page links each."""
    found = server.client.get("/questions", headers={"accept": "application/json"}).json()
    assert [one["name"] for one in found] == NAMES
    page = server.client.get("/questions", headers={"accept": BROWSER}).text
    for one in found:
        assert f'href="questions/{one["name"]}.fr.html"' in page
        assert server.client.get(one["href"]).status_code == 200


def test_editor_completes_what_the_graph_uses(server: Server) -> None:
    """The editor knows our prefixes, classes, properties and questions; each question runs."""
    found = server.client.get("/editor.json").json()
    assert "ptce: <https://w3id.org/ptce/ontology#>" in found["declarations"]
    assert "https://w3id.org/ptce/ontology#Pole" in found["classes"]
    assert "http://www.w3.org/ns/org#member" in found["properties"]
    assert len(found["questions"]) == len(NAMES)
    for one in found["questions"]:
        assert server.query(one["sparql"]).status_code == 200


def test_openapi_names_every_question(server: Server) -> None:
    """The OpenAPI document has each question with its parameters."""
    document = server.client.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    operation = document["paths"]["/questions/members-of-pole"]["get"]
    assert {p["name"] for p in operation["parameters"]} == {"pole", "language", "format"}
    assert {f"/questions/{name}" for name in NAMES} < set(document["paths"])


def test_schemathesis(server: Server, tmp_path: Path) -> None:
    """Made-up requests of all kinds get what the OpenAPI document promises, and nothing fails."""
    (tmp_path / "schemathesis.toml").write_text(
        '[[operations]]\ninclude-path = "/sparql"\n'  # not every text is a query
        "checks.positive_data_acceptance.enabled = false\n"
    )
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/openapi.json"]
    options = ["--max-examples", "3", "--phases", "examples,fuzzing", "--seed", "1", "--no-color"]
    report = ["--report", "junit", "--report-junit-path", str(tmp_path / "report.xml")]
    run = subprocess.run(
        [*command, *options, *report], capture_output=True, text=True, cwd=tmp_path
    )
    assert run.returncode == 0, run.stdout[-6000:]
    cases = ElementTree.parse(tmp_path / "report.xml").getroot().iter("testcase")
    assert len(list(cases)) >= len(NAMES)


@settings(max_examples=120)
@given(
    name=st.sampled_from([*NAMES, "x", "a/b", "é"]),
    key=st.sampled_from(["pole", "date", "years", "language", "thing", "format", "x"]),
    value=st.one_of(st.text(max_size=30), st.sampled_from(["html", "csv", "gexf", "2015", "-1"])),
    accept=st.sampled_from([BROWSER, "application/json", "text/csv", "*/*", "a/b"]),
)
def test_any_question_and_value(
    server: Server, name: str, key: str, value: str, accept: str
) -> None:
    """Whatever is asked of a question: an answer or a refusal, nothing of it as markup."""
    answer = server.client.get(
        f"/questions/{name}", params={key: value}, headers={"accept": accept}
    )
    assert answer.status_code in (200, 400, 404, 406)
    if accept == BROWSER and "<" in value and len(value) > 4:
        assert value not in answer.text


def test_store_on_disk_is_served(real: Project, tmp_path: Path) -> None:
    """A graph too large for memory is a store on disk: it answers the same, and asks nobody."""
    store = pyoxigraph.Store(str(tmp_path / "store-0123456789abcdef"))
    store.bulk_load(path=str(real.nquads), format=pyoxigraph.RdfFormat.N_QUADS)
    del store
    (tmp_path / "ptce.nq").touch()
    (tmp_path / "current").write_text("store-0123456789abcdef\n", "utf-8")
    with running(tmp_path) as server:
        answer = server.client.get("/questions/coordinators?pole=sud-aquitaine&format=json")
        assert answer.json()["rows"][0]["coordinator"] == "Comité de bassin d'emploi du Seignanx"
        assert server.client.get("/id/pole/sud-aquitaine.fr.html").status_code == 200
        assert server.query("SELECT * { SERVICE <http://127.0.0.1:9/> {} }").status_code == 403


def test_json_is_json_whatever_the_graph_holds(serve: Callable[..., Server]) -> None:
    """Markup and quotes of the data stay text in every form."""
    nasty = "<script>alert('x')</script>\\\" & é"
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    server = serve(f'<https://w3id.org/ptce/id/org/a> <{label}> "{nasty}"@fr .')
    page = server.client.get("/id/org/a", headers={"accept": BROWSER})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text
    document = json.loads(server.client.get("/id/org/a.jsonld").text)
    assert "<script>" in json.dumps(document)

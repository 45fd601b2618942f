"""A graph that is sent to a store elsewhere: all of it arrives, or it is said what did."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from ptce_graph import Graph, cli, graphstore, mirror
from ptce_graph.errors import EndpointError
from ptce_graph.namespaces import ONTOLOGY
from ptce_graph.project import Project
from tests import stub_endpoint
from tests.stub_endpoint import Stub, send
from tests.test_site import plant

OLD = "<a:old> <a:p> <a:o> .\n"
GRAPHS = (
    '<a:s> <a:p> "a \\"quoted\\" <a:g> ."@fr <a:g> .\n'
    '<a:s> <a:p> "a \\"quoted\\" <a:g> ."@fr .\n'
    "<a:s> <a:p> <a:g> .\n"
    '<a:s> <a:p> "1"^^<a:t> <a:h> .\n'
)
"""Lines in the default graph, in a:g and in a:h; two look as if they were in a:g."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is on this machine is asked directly."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    """The address of an Oxigraph server that holds one old triple."""
    old = tmp_path / "old.nq"
    old.write_text(OLD)
    with stub_endpoint.running_oxigraph(old) as url:
        yield url


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A store that misbehaves."""
    with stub_endpoint.running_stub() as running:
        yield running


@pytest.fixture
def nquads(tmp_path: Path) -> Path:
    """A file with three graphs."""
    path = tmp_path / "new.nq"
    path.write_text(GRAPHS)
    return path


def quads(service: str) -> set[pyoxigraph.Quad]:
    """Return all that an Oxigraph server holds."""
    named = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <%s> { ?s ?p ?o } }"
    found = set(mirror.copy(service))
    rows = pyoxigraph.Store()
    for name in sorted(names(service)):
        graph = pyoxigraph.NamedNode(name)
        facts = mirror.endpoint.facts(service, named % name, "en")
        rows.extend(pyoxigraph.Quad(*list(quad)[:3], graph) for quad in facts)
    return found | set(rows)


def names(service: str) -> set[str]:
    """Return the names of the graphs of a service."""
    rows = mirror.endpoint.ask(service, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    return {row["g"].value for row in rows}


@pytest.mark.parametrize("path", ["store?default", "update"])
def test_graph_arrives_whole_in_place_of_the_former(service: str, real: Project, path: str) -> None:
    """Default graph and inferred graphs are there as they were built, and the old one is gone."""
    graph = Graph()
    graph.project = real
    steps: list[int] = []
    graph.send(service.replace("query", path), lambda _, rows: steps.append(rows))
    expected = pyoxigraph.Store()
    expected.bulk_load(path=str(real.nquads), format=pyoxigraph.RdfFormat.N_QUADS)
    assert quads(service) == set(expected)
    assert max(steps) > 10_000


@pytest.mark.parametrize("path", ["store?default", "update"])
def test_graphs_are_told_apart_and_sent_twice_are_the_same(
    service: str, nquads: Path, path: str
) -> None:
    """A text or an object that looks like the name of a graph is none."""
    expected = set(pyoxigraph.parse(GRAPHS, format=pyoxigraph.RdfFormat.N_QUADS))
    for _ in range(2):
        graphstore.send(service.replace("query", path), nquads)
        assert quads(service) == expected


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", "@fr", "^^<a:t>"]))
def test_any_text_stays_in_its_graph(text: str, end: str) -> None:
    """Whatever a literal holds, the graph of its line is found."""
    literal = str(pyoxigraph.Literal(text)) + end
    for graph in ("", " <a:g>"):
        line = f"<a:s> <a:p> {literal}{graph} .\n".encode()
        found = graphstore._IN_GRAPH.fullmatch(line)
        assert bool(found) == bool(graph)
        assert not found or found.groups() == (f"<a:s> <a:p> {literal}".encode(), b"a:g")


def test_named_graph_takes_the_place_of_the_default_graph(service: str, nquads: Path) -> None:
    """With `?graph=IRI` the default graph of the store is left alone."""
    graphstore.send(service.replace("query", "store?graph=a%3Amine"), nquads)
    assert names(service) == {"a:mine", "a:g", "a:h"}
    assert len(mirror.copy(service)) == 1
    assert len(mirror.copy(f"{service}?default-graph-uri=a:mine")) == 2


def failure(stub: Stub, nquads: Path, path: str, *behaviours: stub_endpoint.Behaviour) -> str:
    """Return what is said where a store behaves so."""
    stub.behaviours = list(behaviours)
    with pytest.raises(EndpointError) as caught:
        graphstore.send(stub.url.replace("//", "//me:s%40cret@") + path, nquads)
    text = str(caught.value) + caught.value.describe("fr")
    assert "cret" not in text
    assert "\n" not in text
    return str(caught.value).removeprefix(f"{stub.url}: ")


GONE = send(b"no room", "text/plain", 507)
DONE = send(b"", "", 204)


def test_store_that_fails_midway_is_told(stub: Stub, nquads: Path) -> None:
    """Where each graph is put by itself, it is said how many were."""
    text = failure(stub, nquads, "?default", *[DONE] * 5, GONE)  # each after two HEADs
    assert text == "status 507: no room; 1 of 3 graphs are the new ones; send them again"
    methods = [method for method, _ in stub.bodies]
    assert methods == ["HEAD", "HEAD", "PUT"] * 2
    assert [path for path, _, _ in stub.requests] == [
        *["/sparql?graph=a%3Ah"] * 3,
        *["/sparql?graph=a%3Ag"] * 3,
    ]
    assert stub.bodies[2][1] == '<a:s> <a:p> "1"^^<a:t> .\n'


def test_updates_that_fail_change_nothing(stub: Stub, nquads: Path) -> None:
    """Where a batch is refused, what was sent is taken away again and that is said."""
    text = failure(stub, nquads, "", *[DONE] * 4, GONE, DONE)
    assert text == "status 507: no room; what it held before is unchanged"
    assert not any("MOVE" in body for _, body in stub.bodies)
    assert stub.bodies[-1][1].startswith("DROP SILENT GRAPH <https://w3id.org/ptce/graph/passage/")


def test_last_request_is_sent_once(stub: Stub, nquads: Path) -> None:
    """What moves the graphs is not repeated: a second time it would move nothing in their place."""
    busy = send(b"", "", 503)
    text = failure(stub, nquads, "", *[DONE] * 6, busy)
    assert text.endswith("the last request may have been carried out; send the graph again")
    assert [body for _, body in stub.bodies if "MOVE" in body] == [
        "MOVE GRAPH <https://w3id.org/ptce/graph/passage/0> TO GRAPH <a:h> ;\n"
        "MOVE GRAPH <https://w3id.org/ptce/graph/passage/1> TO GRAPH <a:g> ;\n"
        "MOVE GRAPH <https://w3id.org/ptce/graph/passage/2> TO DEFAULT"
    ]


def test_busy_store_is_asked_again(stub: Stub, nquads: Path) -> None:
    """A store that asks for patience gets the graph again, from its first byte."""
    busy = send(b"", "", 503, Retry_After="0")
    stub.behaviours = [busy, DONE]
    graphstore.send(f"{stub.url}?default", nquads)
    assert [method for method, _ in stub.bodies] == ["PUT"] * 4
    assert stub.bodies[0] == stub.bodies[1]


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_password_is_sent_as_the_store_wants_it(stub: Stub, nquads: Path, scheme: str) -> None:
    """Basic, or Digest where the store says so; a digest does not show the password."""
    challenge = {
        "Basic": 'Basic realm="x"',
        "Digest": 'Digest realm="x", nonce="n", qop="auth", algorithm="MD5"',
    }[scheme]
    ask = send(b"", "", 401, WWW_Authenticate=challenge)
    stub.behaviours = [ask, DONE, DONE] * 3
    graphstore.send(stub.url.replace("//", "//me:s%40cret@") + "?default", nquads)
    given = [headers["Authorization"] for _, headers, _ in stub.requests]
    assert given[::3] == [None] * 3
    if scheme == "Basic":
        assert given[1] == "Basic bWU6c0BjcmV0"
    else:
        assert given[1].startswith('Digest username="me", realm="x", nonce="n", uri="/sparql?')
        assert "cret" not in given[1]


def test_command_builds_and_sends(service: str, tiny: Project) -> None:
    """`ptce build --to` says where the graph went, without the password."""
    url = service.replace("query", "store?default").replace("//", "//me:secret@")
    words = ("--project", str(tiny.root), "build", "--to", url, "--lang", "fr")
    result = CliRunner().invoke(cli.ptce, words, obj=cli.Settings())
    assert result.exit_code == 0, result.output
    assert f"envoyé : {service.replace('query', 'store')}" in result.stderr
    assert "secret" not in result.output
    assert len(mirror.copy(service)) > 500


@pytest.mark.parametrize("path", ["store?default", "update"])
def test_private_statements_are_not_sent(service: str, tiny: Project, path: str) -> None:
    """What the ontology marks private stays here, whatever the way, and that is said."""
    plant(tiny)
    words = ("--project", str(tiny.root), "build", "--to", service.replace("query", path))
    result = CliRunner().invoke(cli.ptce, [*words, "--lang", "en"], obj=cli.Settings())
    assert result.exit_code == 0, result.output
    assert "not sent, as the ontology marks them private: 2 statements" in result.stderr
    store = pyoxigraph.Store()
    store.bulk_load(path=str(tiny.nquads), format=pyoxigraph.RdfFormat.N_QUADS)
    here, there = set(store), quads(service)
    assert {quad.predicate.value for quad in here - there} == {f"{ONTOLOGY}phone"}
    assert len(here - there) == 2
    assert not there - here


def test_graph_with_errors_is_not_sent(stub: Stub, tiny: Project) -> None:
    """What was not built does not leave this machine."""
    (tiny.sources / "facts" / "poles.csv").write_text("no table")
    words = ("--project", str(tiny.root), "build", "--to", stub.url)
    assert CliRunner().invoke(cli.ptce, words, obj=cli.Settings()).exit_code == 1
    assert not stub.requests


def test_address_that_is_none_is_told(tiny: Project) -> None:
    """A bad address is one sentence, without the password, before anything is built."""
    words = ("--project", str(tiny.root), "build", "--to", "ftp://me:secret@a.b")
    result = CliRunner().invoke(cli.ptce, words, obj=cli.Settings())
    assert isinstance(result.exception, EndpointError)
    assert "secret" not in str(result.exception)
    assert not tiny.nquads.exists()


def test_wrong_password_is_told_before_anything_is_sent(stub: Stub, nquads: Path) -> None:
    """A store that does not take the password gets no graph."""
    text = failure(stub, nquads, "?default", send(b"", "", 401, WWW_Authenticate="Basic realm=x"))
    assert text.startswith("status 401: ")
    assert text.endswith("0 of 3 graphs are the new ones; send them again")
    assert [method for method, _ in stub.bodies] == ["HEAD", "HEAD"]

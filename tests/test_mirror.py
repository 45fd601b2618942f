"""A copy of a service: the same network, page and findings as from the graph built here."""

import re
from collections.abc import Iterator

import pyoxigraph
import pytest
from click.testing import CliRunner

from ptce_graph import Graph, cli, dataset, mirror
from ptce_graph.errors import EndpointError
from ptce_graph.project import Project
from tests import stub_endpoint
from tests.stub_endpoint import Stub, send

COUNT = '{{"head": {{"vars": ["property", "count"]}}, "results": {{"bindings": [{}]}}}}'
ROW = (
    '{{"property": {{"type": "uri", "value": "{}"}}, '
    '"count": {{"type": "literal", "value": "{}"}}}}'
)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is on this machine is asked directly."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture(scope="module")
def service(real: Project) -> Iterator[str]:
    """The address of an Oxigraph server that holds the real graph."""
    with stub_endpoint.running_oxigraph(real.nquads) as url:
        yield url


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A service that misbehaves."""
    with stub_endpoint.running_stub() as running:
        yield running


def counts(**properties: int) -> stub_endpoint.Behaviour:
    """Return the reply that counts the triples of the properties `a:NAME`."""
    rows = ", ".join(ROW.format(f"a:{name}", count) for name, count in properties.items())
    return send(COUNT.format(rows).encode())


def triples(*numbers: int) -> stub_endpoint.Behaviour:
    """Return the reply with triples `a:NUMBER a:p a:o`."""
    text = "".join(f"<a:{number}> <a:p> <a:o> .\n" for number in numbers)
    return send(text.encode(), "text/turtle")


@pytest.mark.parametrize("page", [mirror.PAGE, 1000])
def test_copy_is_the_default_graph(
    service: str, real: Project, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    """Every triple of the default graph is copied, whatever the size of a page, and no other."""
    monkeypatch.setattr(mirror, "PAGE", page)
    here = dataset.open_store(real).quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())
    steps: list[int] = []
    assert set(mirror.copy(service, lambda _, rows: steps.append(rows))) == set(here)
    assert steps == sorted(steps)


def test_verbs_give_the_same_there(service: str, real: Project) -> None:
    """Network, page and findings do not depend on where the triples are."""
    here, there = Graph(language="fr"), Graph(language="fr", endpoint=service)
    here.project = there.project = real
    assert there.network().graph == here.network().graph
    assert there.draw() == here.draw()
    assert there.check() == here.check()


@pytest.mark.parametrize("words", [("network", "--format", "csv"), ("draw",), ("check", "--json")])
def test_commands_need_no_graph_here(service: str, tiny: Project, words: tuple[str, ...]) -> None:
    """A verb with `--endpoint` answers where nothing was built."""
    arguments = ("--project", str(tiny.root), *words, "--endpoint", service)
    result = CliRunner().invoke(cli.ptce, arguments, obj=cli.Settings())
    assert result.exit_code == 0, result.output
    assert "Sud Aquitaine" in result.stdout


def test_pages_are_put_together(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are asked for one after the other, within the size that services give whole."""
    monkeypatch.setattr(mirror, "PAGE", 2)
    stub.behaviours = [counts(p=3), triples(1, 2), triples(3)]
    assert len(mirror.copy(stub.url)) == 3
    asked = [form["query"][0] for _, _, form in stub.requests[1:]]
    assert [re.findall(r"LIMIT (\d+) OFFSET (\d+)", text) for text in asked] == [
        [("2", "0")],
        [("2", "2")],
    ]


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        ([triples(1, 2), triples(2)], 2),  # the pages overlap: three rows, two triples
        ([triples(1, 2), triples()], 2),  # the answer was cut
        ([triples(1, 2), triples(3, 4)], 4),  # something came meanwhile
    ],
)
def test_copy_that_is_not_whole_is_refused(
    stub: Stub, monkeypatch: pytest.MonkeyPatch, pages: list[stub_endpoint.Behaviour], found: int
) -> None:
    """Triples are counted, not rows: what differs from the service's own count is no copy."""
    monkeypatch.setattr(mirror, "PAGE", 2)
    stub.behaviours = [counts(p=3), *pages]
    with pytest.raises(EndpointError, match=f"counts 3 triples of a:p and gives {found}") as caught:
        mirror.copy(stub.url)
    assert f"compte 3 triplets de a:p et en donne {found}" in caught.value.describe("fr")


def test_service_that_holds_nothing_is_told(stub: Stub) -> None:
    """An empty page, or no finding, of a graph that is not there would be a lie."""
    stub.behaviours = [counts()]
    with pytest.raises(EndpointError, match="its default graph holds nothing"):
        mirror.copy(stub.url)


def test_service_that_holds_too_much_is_not_copied(stub: Stub) -> None:
    """What is larger than a copy may be is refused before any of it is read."""
    stub.behaviours = [counts(p=4_000_000, q=1_000_001)]
    with pytest.raises(EndpointError, match=r"5,000,001 triples, more than the 5,000,000"):
        mirror.copy(stub.url)
    assert len(stub.requests) == 1

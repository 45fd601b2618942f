"""Virtuoso, of another make than the store inside: the same answers, and what differs is known."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest

from ptce_graph import Graph, dataset, endpoint, mirror, query, results
from ptce_graph.errors import EndpointError
from ptce_graph.project import Project
from tests import virtuoso
from tests.test_questions import QUESTIONS

pytestmark = pytest.mark.skipif(not virtuoso.PROGRAM, reason=virtuoso.WHY_NOT)
GRAPH = "https://w3id.org/ptce/graph/asked"
SCALE = Path(__file__).parents[1] / "docs" / "scale.md"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is on this machine is asked directly."""
    monkeypatch.setenv("no_proxy", "*")


def send(root: str, project: Project, password: str = "dba") -> None:
    """Send a graph to Virtuoso's Graph Store."""
    graph = Graph()
    graph.project = project
    graph.send(f"{root.replace('//', f'//dba:{password}@')}/sparql-graph-crud-auth?graph={GRAPH}")


@pytest.fixture(scope="module")
def service(real: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real graph in a Virtuoso server."""
    with (
        pytest.MonkeyPatch.context() as patch,
        virtuoso.running_virtuoso(tmp_path_factory.mktemp("virtuoso")) as root,
    ):
        patch.setenv("no_proxy", "*")
        send(root, real)
        yield f"{root}/sparql?default-graph-uri={GRAPH}"


def test_every_triple_arrives_and_comes_back(service: str, real: Project) -> None:
    """What is sent is what is read: numbers, dates, languages and all."""
    here = dataset.open_store(real).quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())
    assert set(mirror.copy(service)) == set(here)


def test_questions_have_the_same_answers(
    service: str, real: Project, caplog: pytest.LogCaptureFixture
) -> None:
    """All questions give the rows that they give here, and it is said that they are asked here."""
    here, there = Graph(language="fr"), Graph(language="fr", endpoint=service)
    here.project = there.project = real
    for name in here.questions():
        assert results.rows(there.ask(name)) == results.rows(here.ask(name)), name
    assert "Virtuoso répond autrement à certaines questions" in caplog.messages[0]
    assert there.network().graph == here.network().graph


def test_query_of_ones_own_is_sent_there(service: str, real: Project) -> None:
    """A query that is no question of ours is answered by the service itself."""
    there = Graph(endpoint=service)
    assert bool(there.ask("ASK { ?s a <https://w3id.org/ptce/ontology#Pole> }"))
    assert not bool(there.ask("ASK { ?s a <https://w3id.org/ptce/ontology#None> }"))
    with pytest.raises(EndpointError, match="Virtuoso 37000"):
        there.ask("SELECT ?s { ?s bif:no_such ?o . nonsense }")


def test_wrong_password_is_told(service: str, real: Project) -> None:
    """A password that Virtuoso does not take is said, and not shown."""
    root = service.partition("/sparql")[0]
    with pytest.raises(EndpointError, match=r"status 401.*; 0 of ") as caught:
        send(root, real, "wrong")
    assert "wrong" not in str(caught.value)


@pytest.mark.slow
def test_what_virtuoso_answers_otherwise_is_written_down(real: Project, tmp_path: Path) -> None:
    """docs/scale.md lists what Virtuoso itself answers otherwise, and what it dies of."""
    store = dataset.open_store(real)
    left = [path.stem for path in QUESTIONS]
    otherwise: set[str] = set()
    deadly: set[str] = set()
    for start in range(len(QUESTIONS)):
        folder = tmp_path / str(start)
        folder.mkdir()
        with virtuoso.running_virtuoso(folder) as root:
            send(root, real)
            while left:
                name = left.pop(0)
                sparql = query.bind(query.find_question(real, name), {}, store, "fr")
                try:
                    url = f"{root}/sparql?default-graph-uri={GRAPH}"
                    there = results.rows(endpoint.ask(url, sparql, retries=0))
                except EndpointError as error:
                    if error.status is None:
                        deadly.add(name)
                        break
                    otherwise.add(name)
                else:
                    if there != results.rows(query.run(store, sparql)):
                        otherwise.add(name)
        if not left:
            break
    kinds = dict.fromkeys(otherwise, "otherwise") | dict.fromkeys(deadly, "dies")
    table = "".join(f"| `{name}` | {kind} |\n" for name, kind in sorted(kinds.items()))
    assert table in SCALE.read_text("utf-8"), f"docs/scale.md must hold:\n{table}"

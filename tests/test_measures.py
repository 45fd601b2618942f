"""What is measured of a network, beside networkx, closed forms, and taking actors out by hand."""

import csv
import io
import json
import math
from typing import Any

import networkx as nx
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Store

from ptce_graph import cli, network
from ptce_graph.network import measures as m
from ptce_graph.network import reports
from ptce_graph.network.brokers import brokers, sentence
from ptce_graph.network.composition import KINDS, compositions, kinds_of
from ptce_graph.network.methods import METHODS
from ptce_graph.network.simple import Simple
from ptce_graph.project import Project

ID = "https://w3id.org/ptce/id/"
SMALL = st.integers(0, 12).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.lists(st.tuples(*[st.integers(0, max(size - 1, 0))] * 2), max_size=30 if size else 0),
    )
)
"""A number of actors, and links between them: parallel ones, loops and single actors too."""


def drawn(size: int, links: list[tuple[int, int]]) -> "nx.MultiDiGraph[str]":
    """Return a network of these links."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(f"{node:02}" for node in range(size))
    graph.add_edges_from((f"{source:02}", f"{target:02}") for source, target in links)
    return graph


def simple(graph: "nx.MultiDiGraph[str]") -> "nx.Graph[str]":
    """Return the undirected graph without loops whose weights count the links."""
    found: nx.Graph[str] = nx.Graph()
    found.add_nodes_from(sorted(graph))
    for source, target, weight in graph.edges(data="weight", default=1):
        if source != target:
            before = found.get_edge_data(source, target, {"weight": 0})["weight"]
            found.add_edge(source, target, weight=before + weight)
    return found


@given(SMALL)
@example((6, [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]))
def test_measures_are_those_of_networkx(drawing: tuple[int, list[tuple[int, int]]]) -> None:
    """On any small network, with ties, loops and parts apart, networkx finds the same."""
    graph = drawn(*drawing)
    report, there = m.measure(graph), simple(graph)
    theirs: dict[str, dict[str, float]] = {
        "degree": dict(there.degree()),
        "weighted_degree": dict(there.degree(weight="weight")),
        "betweenness": nx.betweenness_centrality(there),
        "closeness": nx.closeness_centrality(there),
        "pagerank": nx.pagerank(there, tol=1e-12, max_iter=10_000) if there else {},
        "core": nx.core_number(there),
    }
    for name, values in theirs.items():
        ours = {iri: row[name] for iri, row in report.actors.items()}
        assert ours == pytest.approx(values, abs=2e-9), name
    cuts = {iri for iri, row in report.actors.items() if row["cut"]}
    assert cuts == set(nx.articulation_points(there))
    parts: dict[float, set[str]] = {}
    for iri, row in report.actors.items():
        parts.setdefault(row["component"], set()).add(iri)
    assert {frozenset(p) for p in parts.values()} == set(
        map(frozenset, nx.connected_components(there))
    )
    assert [len(parts[n]) for n in sorted(parts)] == sorted(map(len, parts.values()), reverse=True)
    assert report.whole["density"] == pytest.approx(nx.density(there) if there else 0, abs=2e-9)
    assert report.errors == {}


@given(SMALL)
@example((4, [(0, 1), (2, 3)]))
@example((7, [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]))
def test_eigenvector_is_the_limit_of_the_power_method(
    drawing: tuple[int, list[tuple[int, int]]],
) -> None:
    """It solves its equation, is of length 1, and does not favour one of two equal parts."""
    graph = drawn(*drawing)
    values = np.array([row["eigenvector"] for row in m.measure(graph).actors.values()])
    there = simple(graph)
    if not there.number_of_edges():
        assert not values.any()
        return
    matrix = nx.to_numpy_array(there, nodelist=sorted(there))
    largest, vectors = np.linalg.eigh(matrix)
    assert matrix @ values == pytest.approx(largest[-1] * values, abs=1e-7)
    assert np.linalg.norm(values) == pytest.approx(1)
    top = vectors[:, largest > largest[-1] - 1e-9]
    limit = top @ (top.T @ np.ones(len(values)))
    assert values == pytest.approx(limit / np.linalg.norm(limit), abs=1e-7)


@given(SMALL)
def test_communities_are_a_partition_with_its_modularity(
    drawing: tuple[int, list[tuple[int, int]]],
) -> None:
    """Communities stay within components, are numbered by size, and have the modularity told."""
    graph = drawn(*drawing)
    report, there = m.measure(graph), simple(graph)
    groups: dict[float, set[str]] = {}
    for iri, row in report.actors.items():
        groups.setdefault(row["community"], set()).add(iri)
    sizes = [len(groups[number]) for number in sorted(groups)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(groups) == report.whole["communities"]
    if there.number_of_edges():
        told = nx.community.modularity(there, groups.values())
        assert report.whole["modularity"] == pytest.approx(told, abs=1e-8)
        assert all(
            len({report.actors[iri]["component"] for iri in group}) == 1
            for group in groups.values()
        )
    assert m.measure(graph) == report


@pytest.mark.parametrize("size", [3, 10, 40])
def test_closed_forms(size: int) -> None:
    """A star, a path, a ring and a clique have the values of the textbook."""
    star = m.measures(drawn(size + 1, [(0, leaf) for leaf in range(1, size + 1)]))
    assert star["00"]["betweenness"] == star["00"]["closeness"] == 1
    assert star["00"]["eigenvector"] == pytest.approx(1 / math.sqrt(2), abs=1e-8)
    assert star["01"]["closeness"] == pytest.approx(size / (2 * size - 1), abs=1e-8)
    assert (star["00"]["cut"], star["01"]["cut"], star["00"]["core"]) == (True, False, 1)
    path = m.measures(drawn(size, [(n, n + 1) for n in range(size - 1)]))
    second = (size - 2) / ((size - 1) * (size - 2) / 2)
    assert path["01"]["betweenness"] == pytest.approx(second, abs=1e-8)
    ring = m.measures(drawn(size, [(n, (n + 1) % size) for n in range(size)]))
    assert {row["pagerank"] for row in ring.values()} == {round(1 / size, m.DIGITS)}
    assert not any(row["cut"] for row in ring.values())
    clique = drawn(size, [(a, b) for a in range(size) for b in range(a)])
    assert {row["core"] for row in m.measures(clique).values()} == {size - 1}
    assert m.measure(clique).whole["density"] == 1


def test_sample_says_so_and_keeps_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond EXACT the two measures of paths are estimates, as wrong as the report says."""
    there = nx.barabasi_albert_graph(700, 2, seed=3)
    graph = drawn(720, list(there.edges()))
    exact = m.measure(graph)
    monkeypatch.setattr(m, "EXACT", 100)
    report = m.measure(graph)
    assert set(report.errors) == {"betweenness", "closeness"}
    for name, error in report.errors.items():
        wrong = max(abs(report.actors[i][name] - exact.actors[i][name]) for i in exact.actors)
        assert 0 < wrong <= error < 0.1
    note = reports.notes(report, "fr")[0]
    assert note.startswith("intermédiarité : estimée sur 256 acteurs")
    assert m.measure(graph) == report


def test_small_parts_are_exact_beside_large_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no estimate is what it is in the whole, in the proportion of the whole."""
    big = nx.barabasi_albert_graph(300, 2, seed=1)
    graph = drawn(400, [*big.edges(), *((n, n + 1) for n in range(300, 340))])
    monkeypatch.setattr(m, "EXACT", 200)
    report, there = m.measure(graph), simple(graph)
    small = {f"{n:02}" for n in range(300, 400)}
    for name, theirs in (
        ("betweenness", nx.betweenness_centrality(there)),
        ("closeness", nx.closeness_centrality(there)),
    ):
        for iri in small:
            assert report.actors[iri][name] == pytest.approx(theirs[iri], abs=2e-9)


def bipartite(links: set[tuple[int, int]]) -> "nx.MultiDiGraph[str]":
    """Return a network of actors and poles."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for actor, pole in sorted(links):
        graph.add_node(f"a{actor}", label=f"A{actor}", kind="Association", codes=[])
        graph.add_node(f"p{pole}", label=f"P{pole}", kind="Pole", codes=[])
        graph.add_edge(f"a{actor}", f"p{pole}", layer="membership", member=True)
    return graph


@settings(max_examples=200)
@given(st.sets(st.tuples(st.integers(0, 8), st.integers(0, 7)), max_size=24))
def test_broker_is_what_falls_apart_when_it_is_taken_out(links: set[tuple[int, int]]) -> None:
    """The pieces that a broker leaves are the components of the network without it."""
    graph = bipartite(links)
    found = brokers(graph)
    several = {node for node in graph if node[0] == "a" and graph.out_degree(node) > 1}
    assert set(found) == several
    for iri, broker in found.items():
        rest = graph.to_undirected()
        rest.remove_node(iri)
        pieces = set()
        for part in nx.connected_components(rest):
            if its := part & set(broker.poles):
                size = sum(node[0] == "p" for node in part)
                pieces.add((frozenset(its), size, len(part) - size))
        assert {(frozenset(p.poles), p.size, p.actors) for p in broker.pieces} == pieces
        assert set(broker.poles) == set(graph.successors(iri))


def test_sentence_says_what_falls_apart() -> None:
    """One sentence for each of the three cases, in both languages, names cut after five."""
    links = {(0, 0), (0, 1), (1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (3, 3)}
    graph = bipartite(links | {(9, pole) for pole in range(10, 17)})
    found = brokers(graph)
    said = {iri: sentence(graph, iri, broker, "en") for iri, broker in found.items()}
    assert said["a0"] == (
        "A0 takes part in 2 poles: P0 and P1. Without this actor, they would fall apart into 2 "
        "groups: P1 (and 2 other poles behind); P0."
    )
    assert said["a1"].endswith("Without this actor, others would still join these poles.")
    assert said["a9"] == (
        "A9 takes part in 7 poles: P10, P11, P12, P13 and 3 others. Without this actor, nothing "
        "known would join these poles."
    )
    french = sentence(graph, "a0", found["a0"], "fr")
    assert french.startswith("A0 prend part à 2 pôles : P0 et P1. Sans cet acteur, ils se")
    assert "(et 2 autres pôles derrière)" in french


def test_composition_of_a_pole() -> None:
    """Kinds of article 9 as member or beside, ties inside and outside, actors shared."""
    graph = bipartite({(0, 0), (1, 0), (2, 0), (2, 1), (3, 1)})
    graph.nodes["a1"].update(kind="LocalAuthority")
    graph.nodes["a2"].update(kind="LegalPerson", codes=["function/training-body"])
    graph.edges["a1", "p0", 0]["member"] = False
    for source, target in (("a0", "a1"), ("a3", "a0")):
        graph.add_edge(source, target, layer="cooperation", member=False)
    pole = compositions(graph)["p0"]
    assert (pole.members, pole.others, pole.inside, pole.outside) == (2, 1, 1, 2)
    assert {kind: how for kind, how in pole.kinds.items() if how} == {
        "ess-enterprise": "member",
        "local-authority": "beside",
        "training-body": "member",
    }
    assert pole.shared == {"p1": 0.25}


@pytest.mark.parametrize(
    ("kind", "codes", "found"),
    [
        ("CommercialCompany", [], {"other-enterprise"}),
        ("CommercialCompany", ["status/esus"], {"ess-enterprise"}),
        ("LegalPerson", ["ess-family/cooperative"], {"ess-enterprise"}),
        ("Association", ["function/business-club"], {"ess-enterprise", "other-enterprise"}),
        (
            "PublicBody",
            ["function/higher-education", "function/research-centre"],
            {"higher-education", "research-centre"},
        ),
        ("StateBody", [], set()),
    ],
)
def test_kinds_of_article_9(kind: str, codes: list[str], found: set[str]) -> None:
    """What makes an actor one of the kinds that the law names."""
    assert kinds_of({"kind": kind, "codes": codes}) == found
    assert found <= set(KINDS)


@pytest.fixture(scope="module")
def measured(real: Project) -> reports.Measured:
    """The real network, measured."""
    return reports.measured(network.network(real))


def test_real_composition_agrees_with_the_question(measured: reports.Measured) -> None:
    """Sud Aquitaine has ESS enterprises as members and authorities, as its sources say."""
    pole = measured.poles[ID + "pole/sud-aquitaine"]
    assert pole.kinds["ess-enterprise"] == "member"
    assert pole.kinds["local-authority"]
    assert pole.kinds["research-centre"] == ""


def test_csv_has_a_row_per_actor(measured: reports.Measured) -> None:
    """A spreadsheet shows the measures, the brokers' sentence and the make-up of poles."""
    rows = list(csv.DictReader(io.StringIO(reports.to_csv(measured, "fr").decode())))
    assert len(rows) == len(measured.network)
    broker = next(row for row in rows if row["sentence"])
    assert "prend part à" in broker["sentence"]
    pole = next(row for row in rows if row["iri"] == ID + "pole/sud-aquitaine")
    assert "entreprise de l'ESS" in pole["article9_present"]
    assert int(pole["degree"]) == 10


def test_json_says_method_version_and_date(measured: reports.Measured) -> None:
    """The JSON can be cited: how, with what, on data of when."""
    data = json.loads(reports.to_json(measured))
    assert (
        set(data["methods"]) == set(METHODS) == set(next(iter(data["actors"].values()))) - {"label"}
    )
    assert data["version"] and data["date"] == measured.network.graph["date"]
    assert data["whole"]["nodes"] == len(data["actors"])
    assert set(next(iter(data["brokers"].values()))["sentence"]) == {"fr", "en"}


def test_rdf_says_method_version_and_date(measured: reports.Measured) -> None:
    """The RDF has an observation per actor and measure, with procedure, version and date."""
    data = reports.to_turtle(measured)
    store = Store()
    store.load(data, format=RdfFormat.TURTLE)
    text = """PREFIX sosa: <http://www.w3.org/ns/sosa/> PREFIX prov: <http://www.w3.org/ns/prov#>
        SELECT ?property ?value ?version ?date ?how WHERE {
          ?act a sosa:Observation ; sosa:hasFeatureOfInterest <%s> ;
            sosa:observedProperty ?property ; sosa:hasSimpleResult ?value ;
            sosa:usedProcedure/<http://purl.org/dc/terms/description> ?how ;
            prov:wasGeneratedBy ?run .
          ?run prov:wasAssociatedWith/<https://schema.org/softwareVersion> ?version ;
            prov:used/<http://purl.org/dc/terms/modified> ?date . }"""
    rows: Any = list(store.query(text % (ID + "pole/sud-aquitaine")))
    assert len(rows) == len(METHODS)
    assert {row["date"].value for row in rows} == {measured.network.graph["date"]}
    observation = NamedNode("http://www.w3.org/ns/sosa/Observation")
    count = sum(1 for _ in store.quads_for_pattern(None, None, observation, None))
    assert count == len(METHODS) * len(measured.network)
    assert reports.to_turtle(measured) == data


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("--lang", "fr"), 0, "Qui relie des pôles"),
        (("--view", "two-mode", "--lang", "en"), 0, "What the poles are made of"),
        (("--format", "ttl"), 0, "sosa:Observation"),
        (("--format", "gexf"), 2, "choose --format table|csv|json|ttl"),
    ],
)
def test_measures_on_the_command_line(
    tiny: Project, words: tuple[str, ...], status: int, message: str
) -> None:
    """`ptce network --measures` prints tables, or what --format says."""
    runner, run = CliRunner(), cli.Settings()
    runner.invoke(cli.ptce, ["--project", str(tiny.root), "build"], obj=run)
    words = ("--project", str(tiny.root), "network", "--measures", *words)
    result = runner.invoke(cli.ptce, words, obj=run)
    assert result.exit_code == status
    assert message in result.output


def test_simple_graph_adds_up_parallel_links() -> None:
    """Links both ways and twice are one pair with their weights added; loops are left out."""
    graph = drawn(3, [(0, 1), (1, 0), (0, 1), (2, 2)])
    graph.add_edge("01", "02", weight=0.5)
    there = Simple.of(graph)
    pairs = zip(there.source.tolist(), there.target.tolist(), there.weight.tolist(), strict=True)
    assert list(pairs) == [(0, 1, 3.0), (1, 2, 0.5)]

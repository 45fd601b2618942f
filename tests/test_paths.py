"""How two actors are linked: the paths that networkx finds, said with their dates and sources."""

import itertools
import json
import math
from typing import Any

import networkx as nx
import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from ptce_graph import Graph, cli, network
from ptce_graph.network.paths import paths, sentences
from ptce_graph.project import Project

ID = "https://w3id.org/ptce/id/"


def link(graph: "nx.MultiDiGraph[str]", source: str, target: str, **facts: Any) -> None:
    """Add a link with the facts that every link has."""
    usual = {"valid_from": "", "valid_until": "", "observed_in": "", "certainty": "stated"}
    usual |= {"sources": [], "verb_label": {"fr": "est membre de", "en": "is a member of"}}
    for actor in (source, target):
        graph.add_node(actor, label=actor.upper())
    graph.add_edge(source, target, **{**usual, **facts})


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=16))
def test_path_is_the_cheapest(links: set[tuple[int, int]]) -> None:
    """No simple path between two actors costs less than the first one, nor than the last told."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for source, target in sorted(links):
        link(graph, f"a{source}", f"a{target}")
    assume({"a0", "a1"} <= set(graph))
    there = nx.Graph(graph.to_undirected())
    there.remove_edges_from(list(nx.selfloop_edges(there)))
    most = math.log(max(sum(degree > 0 for _, degree in there.degree()), 3) - 1)
    costs = sorted(
        round(len(way) - 1 + sum(math.log(there.degree(actor)) / most for actor in way[1:-1]), 6)
        for way in nx.all_simple_paths(there, "a0", "a1")
    )
    found = paths(graph, "a0", "a1", count=4)
    assert [way.cost for way in found] == pytest.approx(costs[:4])
    for way in found:
        assert (way.actors[0], way.actors[-1]) == ("a0", "a1")
        for hop, pair in zip(way.hops, itertools.pairwise(way.actors), strict=True):
            assert {hop.source, hop.target} == set(pair)


def test_actor_that_everybody_knows_is_gone_around() -> None:
    """A way through a small actor comes before one through an actor that all are linked to."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for n in range(20):
        link(graph, f"x{n}", "state")
    for pair in (("a", "state"), ("state", "b"), ("a", "club"), ("b", "club")):
        link(graph, *pair)
    assert [way.actors[1] for way in paths(graph, "a", "b")] == ["club", "state"]


def test_sentence_says_who_when_and_according_to_whom() -> None:
    """Each hop is read in the direction of its link, the best backed of parallel links first."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        sources={"doc": {"title": "T", "publisher": "P", "date": "2014", "url": "http://x.fr"}}
    )
    link(graph, "b", "a", certainty="inferred", sources=["doc", "other"], valid_from="1999")
    link(graph, "b", "a", sources=["doc"], valid_from="2012", valid_until="2015-06")
    link(graph, "b", "c", observed_in="2020")
    (way,) = paths(graph, "a", "c")
    assert list(sentences(graph, way, "en")) == [
        'B is a member of A (from 2012 to 2015-06, says "T", P, 2014, http://x.fr, one other link '
        "between them).",
        "B is a member of C (seen in 2020, no source known).",
    ]
    assert next(sentences(graph, way, "fr")).startswith("B est membre d'A (de 2012 à 2015-06")


def test_nobody_is_linked_to_itself_or_to_who_is_elsewhere(tiny_built: Project) -> None:
    """Without a path there is none, and it is no error."""
    graph = network.network(tiny_built)
    assert paths(graph, ID + "org/cbe", ID + "org/cbe") == []
    assert paths(graph, ID + "org/cbe", ID + "org/fondation") == []
    assert paths(graph, ID + "org/cbe", ID + "org/nobody") == []


def test_every_hop_of_the_real_graph_has_its_source(real: Project) -> None:
    """Between Éole and Plaine Commune each sentence has a date and a document."""
    graph = Graph(real.root)
    graph.project = real
    found, ways = graph.path("scic-eole", "Plaine Commune")
    assert len(ways) == 3
    for way in ways:
        assert len(list(sentences(found, way, "fr"))) == len(way.hops) >= 3
        for sentence in sentences(found, way, "fr"):
            assert ", selon « " in sentence or "(selon « " in sentence
            assert "20" in sentence
    french = list(sentences(found, ways[0], "fr"))
    assert french[0].startswith("Éole est membre de Pôle de coopération économique, social")
    assert any(sentence.startswith("Plaine Commune finance Le PHARES") for sentence in french)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("cbe", "alpha", "--lang", "fr"), "est coordinateur de Pôle Alpha"),
        (("cbe", "alpha", "--layer", "funding"), "nothing known here joins them"),
        (("cbe", "alpha", "--layer", "friendship"), "choose cooperation, funding"),
        (("cbe", "nobody-there"), "Y: nothing is called"),
        (("cbe", "alpha", "--count", "1", "--json"), '"sentences"'),
    ],
)
def test_path_on_the_command_line(tiny: Project, words: tuple[str, ...], message: str) -> None:
    """`ptce path X Y` takes keys and names, kinds of relation, and prints sentences or JSON."""
    runner, run = CliRunner(), cli.Settings()
    runner.invoke(cli.ptce, ["--project", str(tiny.root), "build"], obj=run)
    base = ("--project", str(tiny.root), "--lang", "en", "path")
    result = runner.invoke(cli.ptce, (*base, *words), obj=run)
    assert message in result.output + str(result.exception)
    if "--json" in words:
        (way,) = json.loads(result.stdout)
        assert way["actors"] == [ID + "org/cbe", ID + "pole/alpha"]

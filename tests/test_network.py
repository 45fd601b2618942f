"""The network: every link with who, how, when and according to whom."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import igraph
import networkx as nx
import pytest

from ptce_graph import network as networks
from ptce_graph.project import Project

CHECK = Path(__file__).parents[2] / "shared" / "checks" / "graph_check.py"
ID = "https://w3id.org/ptce/id/"


@pytest.fixture(scope="module")
def tiny_network(tiny_built: Project) -> nx.MultiDiGraph:
    """The network of the small project."""
    return networks.network(tiny_built)


@pytest.fixture(scope="module")
def real_network(real: Project) -> nx.MultiDiGraph:
    """The network of the real graph."""
    return networks.network(real)


def test_actors_and_poles_are_nodes(tiny_network: nx.MultiDiGraph) -> None:
    """Poles, organisations and groupings are nodes, also those without a link."""
    assert tiny_network.number_of_nodes() == 3 + 12
    cbe = tiny_network.nodes[ID + "org/cbe"]
    assert cbe["label"] == "Comité de bassin d'emploi d'essai"
    assert cbe["kind"] == "Association"
    assert cbe["place"] == "Tarnos (Landes)"
    assert tiny_network.nodes[ID + "org/labo"]["functions"][0]["fr"] == "centre de recherche"
    assert ID + "org/fondation" in tiny_network


def test_link_carries_its_facts(tiny_network: nx.MultiDiGraph) -> None:
    """A link has its role, period, certainty, sources and the IRI of the node that states it."""
    key = ID + "membership/alpha-cae-deux-member"
    link = tiny_network.edges[ID + "org/cae-deux", ID + "pole/alpha", key]
    assert (link["layer"], link["role"]) == ("membership", "member")
    assert (link["valid_from"], link["valid_until"], link["observed_in"]) == (
        "2012-05",
        "2015-12-31",
        "",
    )
    assert link["certainty"] == "stated"
    assert link["sources"] == [ID + "doc/gazette"]
    assert tiny_network.graph["sources"][ID + "doc/gazette"]["publisher"] == "Presse d'essai"


def test_layers_are_kept_apart(tiny_network: nx.MultiDiGraph) -> None:
    """Membership, grouping, cooperation and funding are told apart."""
    layers = {(u.rpartition("/")[2], d["layer"]) for u, _, d in tiny_network.edges(data=True)}
    assert {("etat", "funding"), ("cbe", "cooperation"), ("labo", "grouping")} <= layers
    assert ("etat", "membership") not in layers


def test_parallel_links_are_kept(real_network: nx.MultiDiGraph) -> None:
    """Two roles of one organisation in one pole are two links."""
    links = real_network.get_edge_data(ID + "org/coallia", ID + "pole/resto-passerelle")
    roles = {link["role"] for link in links.values()}
    assert roles == {"co-coordinator", "steering-committee-member"}


def test_every_real_link_has_a_source(real_network: nx.MultiDiGraph) -> None:
    """No link and no actor of the real network is without a document that states it."""
    assert all(data["sources"] for _, _, data in real_network.edges(data=True))
    assert all(data["sources"] for _, data in real_network.nodes(data=True))
    assert real_network.graph["counts"]["poles"] == 102


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_file_is_read_back_by_networkx(real_network: nx.MultiDiGraph, form: str) -> None:
    """Gephi and its like find every node, link and label."""
    data = networks.FORMATS[form](real_network)
    read = {"gexf": nx.read_gexf, "graphml": nx.read_graphml}[form]
    graph = read(io.BytesIO(data))
    assert set(graph) == set(real_network)
    assert graph.number_of_edges() == real_network.number_of_edges()
    assert "type" not in {name for *_, link in graph.edges(data=True) for name in link}
    assert data == networks.FORMATS[form](real_network)


def test_graphml_is_read_back_by_igraph(real_network: nx.MultiDiGraph, tmp_path: Path) -> None:
    """igraph finds every node and link, with their names."""
    path = tmp_path / "network.graphml"
    path.write_bytes(networks.to_graphml(real_network, "fr"))
    graph = igraph.Graph.Read_GraphML(str(path))
    assert (graph.vcount(), graph.ecount()) == (
        real_network.number_of_nodes(),
        real_network.number_of_edges(),
    )
    assert "Le Labo de l'ESS" in graph.vs["label"]


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_independent_check_passes(real_network: nx.MultiDiGraph, tmp_path: Path, form: str) -> None:
    """The independent checker of exchange files has nothing to say."""
    if not CHECK.is_file():
        pytest.skip("../shared/checks is not there")
    path = tmp_path / f"network.{form}"
    path.write_bytes(networks.FORMATS[form](real_network))
    counts = ["--nodes", str(len(real_network)), "--edges", str(real_network.number_of_edges())]
    run = subprocess.run(
        [sys.executable, CHECK, path, *counts], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


def test_csv_has_a_row_per_link(tiny_network: nx.MultiDiGraph) -> None:
    """A spreadsheet shows each link with both names."""
    rows = list(csv.DictReader(io.StringIO(networks.to_csv(tiny_network, "fr").decode())))
    assert len(rows) == tiny_network.number_of_edges()
    row = next(row for row in rows if row["role"] == "successor-coordinator")
    assert row["target_label"] == "Pôle « Bêta », l'œuvre commune"
    assert row["valid_from"] == "2016"


def test_json_is_read_back(tiny_network: nx.MultiDiGraph) -> None:
    """The JSON of the network is the network."""
    data = json.loads(networks.to_json(tiny_network))
    graph = nx.node_link_graph(data, edges="links")
    assert set(graph.edges(keys=True)) == set(tiny_network.edges(keys=True))
    assert graph.nodes[ID + "pole/alpha"] == tiny_network.nodes[ID + "pole/alpha"]

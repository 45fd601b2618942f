"""Views of the network: the same actors, other links."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import TYPE_CHECKING

from ptce_graph.network import reading
from ptce_graph.network.answers import link_facts

if TYPE_CHECKING:
    import networkx as nx

CO_MEMBERSHIP = {"fr": "membres d'un même pôle", "en": "members of the same pole"}


def two_mode(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the actors and the poles that they take part in, in any role, and no other link."""
    return by_layer(network, "membership")


def co_membership(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the members of poles, linked where they share one.

    The weight of a link is the sum, over the poles shared, of 1/(n - 1), n being the number of
    members of the pole: what a member shares with all the others of a pole adds up to 1 (M. Newman,
    Physical Review E 64, 016132, 2001). Whether both were members at the same time is not asked:
    `as_of` selects a year, and the rules `coMemberWith` and `possibleCoMemberWith` compare dates.
    """
    import networkx as nx

    members: dict[str, set[str]] = {}
    for actor, pole, data in network.edges(data=True):
        if data["layer"] == "membership" and data["member"]:
            members.setdefault(pole, set()).add(actor)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.graph.update(network.graph, layers={"co-membership": CO_MEMBERSHIP})
    everyone = sorted(set().union(*members.values()))
    graph.add_nodes_from((actor, network.nodes[actor]) for actor in everyone)
    for pole, group in sorted(members.items()):
        for one, other in combinations(sorted(group), 2):
            key = f"co-membership {one} {other}"
            if not graph.has_edge(one, other, key):
                facts = link_facts("co-membership", CO_MEMBERSHIP, [])
                facts |= {"directed": False, "certainty": "inferred", "weight": 0.0, "poles": []}
                graph.add_edge(one, other, key=key, **facts)
            data = graph.edges[one, other, key]
            data["weight"] += 1 / (len(group) - 1)
            data["poles"].append(network.nodes[pole]["label"])
    reading.count(graph)
    return graph


def by_layer(network: nx.MultiDiGraph[str], *layers: str) -> nx.MultiDiGraph[str]:
    """Return the links of some layers, and who has one."""
    graph = network.copy()
    for source, target, key, data in network.edges(keys=True, data=True):
        if data["layer"] not in layers:
            graph.remove_edge(source, target, key)
    graph.remove_nodes_from(
        [actor for actor, degree in network.degree() if not graph.degree(actor)]
    )
    reading.count(graph)
    return graph


VIEWS: dict[str, Callable[[nx.MultiDiGraph[str]], nx.MultiDiGraph[str]]] = {
    "all": lambda network: network,
    "two-mode": two_mode,
    "co-membership": co_membership,
    "cooperation": lambda network: by_layer(network, "cooperation"),
    "funding": lambda network: by_layer(network, "funding"),
}
"""Name of a view → what makes it of a network."""

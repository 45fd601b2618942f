"""Views of the network: the same actors, other links."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ptce_graph.network import reading
from ptce_graph.network.answers import link_facts

if TYPE_CHECKING:
    import networkx as nx

    from ptce_graph.network.simple import Floats, Integers

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
    import numpy as np

    joined: dict[str, set[str]] = {}
    for actor, pole, data in network.edges(data=True):
        if data["layer"] == "membership" and data["member"]:
            joined.setdefault(actor, set()).add(pole)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.graph.update(network.graph, layers={"co-membership": CO_MEMBERSHIP})
    actors, poles = sorted(joined), sorted(set().union(*joined.values()))
    graph.add_nodes_from((actor, network.nodes[actor]) for actor in actors)
    number = {pole: place for place, pole in enumerate(poles)}
    pairs = [(place, number[pole]) for place, actor in enumerate(actors) for pole in joined[actor]]
    ends = np.array(pairs, np.int64).reshape(-1, 2).T
    for one, other, weight in zip(*(column.tolist() for column in co_members(*ends)), strict=True):
        source, target = actors[one], actors[other]
        shared = sorted(joined[source] & joined[target])
        facts = link_facts("co-membership", CO_MEMBERSHIP, [])
        facts |= {"directed": False, "certainty": "inferred", "weight": weight}
        facts["poles"] = [network.nodes[pole]["label"] for pole in shared]
        graph.add_edge(source, target, key=f"co-membership {source} {target}", **facts)
    reading.count(graph)
    return graph


def co_members(member: Integers, pole: Integers) -> tuple[Integers, Integers, Floats]:
    """Return the pairs of members that share a pole, and the weight of each.

    >>> import numpy as np
    >>> [column.tolist() for column in co_members(np.array([0, 1, 2]), np.array([5, 5, 5]))]
    [[0, 0, 1], [1, 2, 2], [0.5, 0.5, 0.5]]

    Args:
        member, pole: numbers of the two ends of each membership; a pair stands once.
    """
    import numpy as np
    from scipy.sparse import coo_array, triu

    if not len(member):
        return member, pole, np.zeros(0)
    shape = (int(member.max()) + 1, int(pole.max()) + 1)
    size = np.bincount(pole, minlength=shape[1])
    root = 1 / np.sqrt(np.maximum(size - 1, 1))
    table = coo_array((root[pole], (member, pole)), shape).tocsr()
    pairs = triu(table @ table.T, 1).tocsr().tocoo()
    return pairs.row.astype(np.int64), pairs.col.astype(np.int64), np.round(pairs.data, 12)


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


NAMES = {
    "two-mode": {"fr": "acteurs et pôles", "en": "actors and poles"},
    "co-membership": CO_MEMBERSHIP,
    "cooperation": {"fr": "coopération", "en": "cooperation"},
    "funding": {"fr": "financement", "en": "funding"},
}
"""Name of a view → what a reader is told that it shows."""

VIEWS: dict[str, Callable[[nx.MultiDiGraph[str]], nx.MultiDiGraph[str]]] = {
    "all": lambda network: network,
    "two-mode": two_mode,
    "co-membership": co_membership,
    "cooperation": lambda network: by_layer(network, "cooperation"),
    "funding": lambda network: by_layer(network, "funding"),
}
"""Name of a view → what makes it of a network."""

"""The simple graph that measures are taken on: undirected, parallel links added up, no loops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Simple:
    """Nodes 0 … n - 1, and each pair that is linked once, with the weight of all its links.

    Attributes:
        nodes: what the numbers stand for, sorted.
        source, target: the ends of each pair, the smaller number first.
        weight: of each pair: the sum of the attribute `weight` of its links, else their number.
    """

    def __init__(
        self, nodes: Sequence[str], source: Integers, target: Integers, weight: Floats
    ) -> None:
        self.nodes = nodes
        low, high = np.minimum(source, target), np.maximum(source, target)
        loops = low == high
        keys, place = np.unique((low * len(nodes) + high)[~loops], return_inverse=True)
        self.source, self.target = np.divmod(keys, max(len(nodes), 1))
        self.weight: Floats = np.bincount(place, weight[~loops], len(keys)).astype(np.float64)

    @classmethod
    def of(cls, network: nx.Graph[str]) -> Simple:
        """Return the simple graph of a network."""
        nodes = sorted(network)
        number = {node: place for place, node in enumerate(nodes)}
        links = [
            (number[source], number[target], float(weight))
            for source, target, weight in network.edges(data="weight", default=1.0)
        ]
        source, target, weight = zip(*links, strict=True) if links else ((), (), ())
        ends = np.array(source, np.int64), np.array(target, np.int64)
        return cls(nodes, *ends, np.array(weight, np.float64))

    def __len__(self) -> int:
        return len(self.nodes)

    def part(self, chosen: Integers) -> Simple:
        """Return the simple graph of some nodes, given by their numbers in order."""
        number = np.full(len(self), -1)
        number[chosen] = np.arange(len(chosen))
        kept = (number[self.source] >= 0) & (number[self.target] >= 0)
        ends = number[self.source[kept]], number[self.target[kept]]
        return Simple([self.nodes[n] for n in chosen], *ends, self.weight[kept])

    def matrix(self, *, weighted: bool) -> Any:
        """Return the symmetric adjacency matrix, sparse."""
        from scipy.sparse import coo_array

        weight = self.weight if weighted else np.ones(len(self.weight))
        ends = (np.r_[self.source, self.target], np.r_[self.target, self.source])
        return coo_array((np.r_[weight, weight], ends), (len(self), len(self))).tocsr()

    def components(self) -> Integers:
        """Return the number of the component of each node, the largest component first."""
        from scipy.sparse.csgraph import connected_components

        _, found = connected_components(self.matrix(weighted=False), directed=False)
        order = np.argsort(-np.bincount(found, minlength=0), kind="stable")
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        numbers: Integers = rank[found]
        return numbers

    def rustworkx(self, *, directed: bool = False) -> Any:
        """Return the graph as rustworkx has it; a directed one has each link both ways."""
        import rustworkx

        links = list(
            zip(self.source.tolist(), self.target.tolist(), self.weight.tolist(), strict=True)
        )
        if directed:
            graph: Any = rustworkx.PyDiGraph()
            links += [(target, source, weight) for source, target, weight in links]
        else:
            graph = rustworkx.PyGraph()
        graph.add_nodes_from(range(len(self)))
        graph.add_edges_from(links)
        return graph

    def networkit(self, *, weighted: bool) -> Any:
        """Return the graph as NetworKit has it."""
        import networkit

        coordinates = (self.weight, (self.source, self.target))
        return networkit.GraphFromCoo(coordinates, n=len(self), weighted=weighted, directed=False)

"""Measures of the actors of a network, and of the network as a whole.

They are taken on the simple graph (see `simple`), so a view such as co-membership is measured as it
stands. Betweenness and closeness need the paths from every actor: beyond EXACT actors those of a
sample are taken, and the report says so, with the error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ptce_graph.network.simple import Simple

if TYPE_CHECKING:
    import networkx as nx

    from ptce_graph.network.simple import Floats, Integers

EXACT = 2_000
"""Number of actors up to which every path is looked at."""

SAMPLES, BATCHES = 256, 8
"""Actors from which paths are looked at beyond that, in independent batches that give the error."""

DIGITS = 9
"""Decimals that are kept: what follows depends on the machine."""

_STUDENT = 2.365  # 97.5 % of Student's law with BATCHES - 1 degrees of freedom
_DEVIATIONS = 3  # of a mean, where one actor of many is furthest off


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured.

    Attributes:
        actors: the measures of each actor, by IRI; the keys are those of `methods.METHODS`.
        whole: nodes, links, density, components, communities, modularity.
        errors: measures that were taken on a sample, with the largest error of an actor that
            19 samples out of 20 keep within.
        date: of the newest source of the network.
    """

    actors: dict[str, dict[str, float]]
    whole: dict[str, float]
    errors: dict[str, float] = field(default_factory=dict)
    date: str = ""


def measures(network: nx.Graph[str]) -> dict[str, dict[str, float]]:
    """Return the measures of each actor, by IRI.

    >>> import networkx as nx
    >>> measures(nx.path_graph(["a", "b", "c"], create_using=nx.MultiDiGraph))["b"]["betweenness"]
    1.0
    """
    return measure(network).actors


def measure(network: nx.Graph[str]) -> Report:
    """Return the measures of the actors and of the whole; `methods.METHODS` defines each."""
    graph = Simple.of(network)
    components = graph.components()
    betweenness, closeness, errors = _paths(graph, components)
    communities, modularity = find_communities(graph)
    columns: dict[str, Any] = {
        "degree": _sums(graph, np.ones(len(graph.weight))).astype(np.int64),
        "weighted_degree": _sums(graph, graph.weight),
        "betweenness": betweenness,
        "closeness": closeness,
        "eigenvector": _eigenvector(graph, components),
        "pagerank": _pagerank(graph),
        "core": _numbers(graph.rustworkx(), "core_number", len(graph)),
        "component": components + 1,
        "cut": _cuts(graph),
        "community": communities + 1,
    }
    rows = zip(*(_plain(column) for column in columns.values()), strict=True)
    actors = {
        node: dict(zip(columns, row, strict=True))
        for node, row in zip(graph.nodes, rows, strict=True)
    }
    whole = {
        "nodes": len(graph),
        "links": network.number_of_edges(),
        "pairs": len(graph.weight),
        "density": round(density(graph), DIGITS),
        "components": int(components.max(initial=-1)) + 1,
        "communities": int(communities.max(initial=-1)) + 1,
        "modularity": round(modularity, DIGITS),
    }
    return Report(actors, whole, errors, network.graph.get("date", ""))


def density(graph: Simple) -> float:
    """Return the share of all pairs that are linked; 0 below two nodes."""
    size = len(graph)
    return 2 * len(graph.weight) / (size * (size - 1)) if size > 1 else 0.0


def find_communities(graph: Simple) -> tuple[Integers, float]:
    """Return the community of each node, the largest first, and the modularity of the whole.

    Louvain with refinement, on weights (NetworKit's PLM on one thread, from a fixed seed, so that
    the result is always the same).
    """
    if not len(graph.weight):
        return np.arange(len(graph)), 0.0
    import networkit

    threads = networkit.getMaxNumberOfThreads()
    networkit.setNumberOfThreads(1)
    networkit.setSeed(1, False)
    try:
        there = graph.networkit(weighted=True)
        found = networkit.community.PLM(there, refine=True).run().getPartition()
        modularity = networkit.community.Modularity().getQuality(found, there)
    finally:
        networkit.setNumberOfThreads(threads)
    _, first, community = np.unique(found.getVector(), return_index=True, return_inverse=True)
    order = np.lexsort((first, -np.bincount(community)))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[community], float(modularity)


def _plain(column: Any) -> list[Any]:
    return list(np.round(column, DIGITS).tolist() if column.dtype.kind == "f" else column.tolist())


def _sums(graph: Simple, weight: Floats) -> Any:
    size = len(graph)
    return np.bincount(graph.source, weight, size) + np.bincount(graph.target, weight, size)


def _numbers(graph: Any, name: str, size: int, **options: Any) -> Any:
    """Return what a function of rustworkx gives for each node, as an array."""
    import rustworkx

    found = getattr(rustworkx, name)(graph, **options)
    return np.array([found[node] for node in range(size)])


def _cuts(graph: Simple) -> Any:
    import rustworkx

    found = np.zeros(len(graph), bool)
    found[list(rustworkx.articulation_points(graph.rustworkx()))] = True
    return found


def _pagerank(graph: Simple) -> Floats:
    if not len(graph):
        return np.zeros(0)
    options = {"weight_fn": float, "tol": 1e-12, "max_iter": 10_000}
    there = graph.rustworkx(directed=True)
    return np.asarray(_numbers(there, "pagerank", len(graph), **options), np.float64)


def _eigenvector(graph: Simple, components: Integers) -> Floats:
    """Return the limit of the power method from equal values, also where it is not unique.

    Only the components of the largest eigenvalue keep a value; equal ones share it.
    """
    result, best, kept = np.zeros(len(graph)), 0.0, []
    sums = _sums(graph, graph.weight)
    for chosen, bound in _by_bound(sums, components):
        if bound < best * (1 - 1e-9):
            break
        value, vector = _largest(graph.part(chosen).matrix(weighted=True))
        kept.append((value, chosen, vector))
        best = max(best, value)
    for value, chosen, vector in kept:
        if best and value >= best * (1 - 1e-9):
            result[chosen] = np.abs(vector) * np.abs(vector.sum())
    length = np.linalg.norm(result)
    return result / length if length else result


def _by_bound(sums: Floats, components: Integers) -> Iterator[tuple[Integers, float]]:
    """Yield the nodes of each component, with the bound that its largest sum sets, downwards."""
    bounds = np.zeros(int(components.max(initial=-1)) + 1)
    np.maximum.at(bounds, components, sums)
    order = np.argsort(components, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(components, minlength=len(bounds)))[:-1])
    for component in np.argsort(-bounds, kind="stable"):
        yield groups[component], float(bounds[component])


def _largest(matrix: Any) -> tuple[float, Floats]:
    """Return the largest eigenvalue of a symmetric matrix, and its vector of length 1."""
    from scipy.sparse.linalg import eigsh

    if matrix.shape[0] <= 200:
        values, vectors = np.linalg.eigh(matrix.toarray())
    else:
        start = np.ones(matrix.shape[0])
        values, vectors = eigsh(matrix, 1, which="LA", v0=start, tol=1e-13, maxiter=100_000)
    return float(values[-1]), vectors[:, -1]


def _paths(graph: Simple, components: Integers) -> tuple[Floats, Floats, dict[str, float]]:
    """Return betweenness and closeness, and how wrong they may be where they are of a sample.

    Small components are looked at whole, together no more work than EXACT actors; large ones by
    samples. What is counted in a part of the graph is put in the proportion of the whole.
    """
    size = len(graph)
    betweenness, closeness, errors = np.zeros(size), np.zeros(size), [0.0, 0.0]
    work = np.cumsum(np.bincount(components)[::-1].astype(np.float64) ** 2)[::-1]
    whole = np.flatnonzero((work <= EXACT**2)[components]) if size else np.zeros(0, np.int64)
    parts = [np.flatnonzero(components == number) for number in np.flatnonzero(work > EXACT**2)]
    for chosen in [whole, *parts]:
        count = len(chosen)
        if count < 2:
            continue
        take = _all_paths if chosen is whole else _sampled_paths
        between, near, error = take(graph.part(chosen))
        shares = (
            (count - 1) * (count - 2) / max((size - 1) * (size - 2), 1),
            (count - 1) / (size - 1),
        )
        betweenness[chosen], closeness[chosen] = between * shares[0], near * shares[1]
        errors = [max(e, new * share) for e, new, share in zip(errors, error, shares, strict=True)]
    if not parts:
        return betweenness, closeness, {}
    rounded = [float(np.round(error, DIGITS)) for error in errors]
    return betweenness, closeness, dict(zip(("betweenness", "closeness"), rounded, strict=True))


def _all_paths(graph: Simple) -> tuple[Floats, Floats, tuple[float, float]]:
    there, size = graph.rustworkx(), len(graph)
    betweenness = _numbers(there, "betweenness_centrality", size)
    return betweenness, _numbers(there, "closeness_centrality", size), (0.0, 0.0)


def _sampled_paths(graph: Simple) -> tuple[Floats, Floats, tuple[float, float]]:
    """Return both measures of a connected graph from a sample of actors, and their errors.

    U. Brandes, C. Pich, Centrality estimation in large networks, 2007.
    """
    import networkit

    there = graph.networkit(weighted=False)
    estimates = []
    for batch in range(BATCHES):
        networkit.setSeed(batch + 1, False)
        estimate = networkit.centrality.EstimateBetweenness(there, SAMPLES // BATCHES, True)
        estimates.append(estimate.run().scores())
    betweenness = np.mean(estimates, axis=0)
    error = _STUDENT * np.std(estimates, axis=0, ddof=1).max() / np.sqrt(BATCHES)
    closeness, other = _sampled_closeness(graph)
    return betweenness, closeness, (float(error), other)


def _sampled_closeness(graph: Simple) -> tuple[Floats, float]:
    from scipy.sparse.csgraph import dijkstra

    size, matrix = len(graph), graph.matrix(weighted=False)
    chosen = np.sort(np.random.default_rng(1).choice(size, min(SAMPLES, size), replace=False))
    total, squares = np.zeros(size), np.zeros(size)
    for batch in np.array_split(chosen, BATCHES):
        distances = dijkstra(matrix, directed=False, unweighted=True, indices=batch)
        total += distances.sum(axis=0)
        squares += (distances**2).sum(axis=0)
    count = np.full(size, float(len(chosen)))
    count[chosen] -= 1
    mean = total / count
    left = (size - len(chosen)) / max(size - 1, 1)
    spread = np.sqrt(np.maximum(squares / count - mean**2, 0) / count * left)
    return 1 / mean, float((_DEVIATIONS * spread / mean**2).max())

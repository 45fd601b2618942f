"""The network: measures, communities and views beside networkx, on the same generated networks.

What they agree on is checked: exact betweenness is the same, modularity is not below that of
networkx's Louvain. Sampled measures are compared with the exact ones.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

import networkx as nx
import numpy as np

from ptce_graph import layout
from ptce_graph.network import measures
from ptce_graph.network.simple import Simple
from ptce_graph.network.views import co_members
from tests.bench.table import Rows, print_table, seconds

T = TypeVar("T")
ROUNDS = 3
EXACT, GROUPED, JOINED, PLACED, LARGE = 2_000, 10_000, 100_000, 5_000, 20_000


def run() -> None:
    """Measure everything and print it."""
    measures.measure(cooperation(100))  # libraries are loaded before any clock starts
    beside_networkx()
    alone()
    sampled()


def cooperation(count: int) -> nx.MultiDiGraph[str]:
    """Return a network of so many actors and poles, and half as many links again.

    One in fifty is a pole; actors are members near them, one in four of a second one, and one in
    four is linked to another actor, some of whom everybody knows.
    """
    choose, poles = random.Random(count), max(count // 50, 2)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for n in range(count):
        kind = "Pole" if n < poles else "Association"
        graph.add_node(f"n{n:06}", label=f"L'Œuvre {n}", kind=kind)
    for n in range(poles, count):
        facts = {"layer": "membership", "member": True}
        graph.add_edge(f"n{n:06}", f"n{n % poles:06}", **facts)
        if n % 4 == 0:
            other = (n + choose.randrange(1, 4)) % poles
            graph.add_edge(f"n{n:06}", f"n{other:06}", **facts)
        if n % 4 == 1:
            known = int(count * choose.random() ** 3)
            graph.add_edge(f"n{n:06}", f"n{known:06}", layer="cooperation", member=False)
    return graph


def beside_networkx() -> None:
    """Time exact betweenness and communities beside networkx, and check that they agree."""
    rows: Rows = [["same work", "actors", "ptce s", "networkx s", "ratio", "asked", "agreed on"]]
    graph = Simple.of(cooperation(EXACT))
    there: nx.Graph[int] = nx.from_scipy_sparse_array(graph.matrix(weighted=False))
    ours, found = timed(lambda: measures._all_paths(graph)[0])
    theirs, other = timed(lambda: nx.betweenness_centrality(there), rounds=1)
    difference = max(abs(found[node] - other[node]) for node in there)
    assert difference < 1e-9, difference
    agreed = f"largest difference {difference:.0e}"
    rows.append(row("betweenness, exact", EXACT, ours, theirs, 15, agreed))

    graph = Simple.of(cooperation(GROUPED))
    there = nx.from_scipy_sparse_array(graph.matrix(weighted=True))
    ours, (_, modularity) = timed(lambda: measures.find_communities(graph))
    theirs, groups = timed(lambda: nx.community.louvain_communities(there, seed=1), rounds=1)
    peer = nx.community.modularity(there, groups)
    assert modularity >= peer, (modularity, peer)
    agreed = f"modularity {modularity:.4f}, networkx {peer:.4f}"
    rows.append(row("communities", GROUPED, ours, theirs, 15, agreed))
    print_table("network: beside networkx; ours computes closeness too", rows)


def row(name: str, size: int, ours: float, theirs: float, asked: float, agreed: str) -> list[str]:
    """Return a row of the comparison."""
    ratio = f"{theirs / ours:.1f}"
    return [name, f"{size:,}", seconds(ours), seconds(theirs), ratio, f"{asked}", agreed]


def alone() -> None:
    """Time what has no peer here: co-membership, the layout, all measures of a large network."""
    rows: Rows = [["work", "actors", "s", "asked", "result"]]
    choose = np.random.default_rng(1)
    member = np.r_[np.arange(JOINED), choose.integers(0, JOINED, JOINED // 4)]
    pole = np.r_[np.arange(JOINED) % 2_000, choose.integers(0, 2_000, JOINED // 4)]
    member, pole = np.unique(np.c_[member, pole], axis=0).T
    spent, pairs = timed(lambda: co_members(member, pole))
    result = f"{len(pairs[0]):,} pairs of {len(member):,} memberships"
    rows.append(["co-membership", f"{JOINED:,}", seconds(spent), "1", result])
    graph = cooperation(PLACED)
    spent, places = timed(lambda: layout.place(graph), rounds=1)
    rows.append(["layout", f"{PLACED:,}", seconds(spent), "5", f"{len(places):,} places"])
    graph = cooperation(LARGE)
    spent, report = timed(lambda: measures.measure(graph))
    errors = ", ".join(f"{name} ± {error}" for name, error in report.errors.items())
    result = f"{graph.number_of_edges():,} links; {errors}"
    rows.append(["all measures", f"{LARGE:,}", seconds(spent), "", result])
    print_table("network: alone", rows)


def sampled() -> None:
    """Compare what is measured on a sample with what it estimates."""
    rows: Rows = [["sampled", "actors", "error told", "true error", "largest value"]]
    graph = Simple.of(cooperation(2 * EXACT))
    whole = graph.part(np.flatnonzero(graph.components() == 0))
    exact, estimated = measures._all_paths(whole), measures._sampled_paths(whole)
    for place, name in enumerate(("betweenness", "closeness")):
        true = float(np.abs(exact[place] - estimated[place]).max())
        told, largest = estimated[2][place], float(exact[place].max())
        rows.append([name, f"{len(whole):,}", *(f"{v:.4f}" for v in (told, true, largest))])
    print_table(f"network: {measures.SAMPLES} actors in place of all", rows)


def timed(work: Callable[[], T], *, rounds: int = ROUNDS) -> tuple[float, T]:
    """Return the median seconds of some rounds, and the result of the last."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2], result

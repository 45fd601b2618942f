"""Two actors that a person decided are the same are one actor of the network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx


def unite(
    graph: nx.MultiDiGraph[str], decisions: Iterable[tuple[str, str]], lists: Iterable[str]
) -> None:
    """Make one actor of two, given by their IRIs, that a person decided are the same.

    The first becomes the second, which keeps its name as another one.
    """
    became: dict[str, str] = {}
    for decision in sorted(decisions):
        gone, kept = (_last(became, iri) for iri in decision)
        if gone == kept or gone not in graph or kept not in graph:
            continue
        node, other = graph.nodes[kept], graph.nodes[gone]
        names = [name for name in [other["label"]] if name != node["label"]]
        for name in lists:
            more = names + other[name] if name == "aliases" else other[name]
            node[name] += [value for value in more if value not in node[name]]
        node["sources"].sort()
        node["place"] = node["place"] or other["place"]
        for start, end, key, data in _edges(graph, gone):
            source, target = (kept if iri == gone else iri for iri in (start, end))
            graph.add_edge(source, target, key=key, **data)
        graph.remove_node(gone)
        became[gone] = kept


def _edges(graph: nx.MultiDiGraph[str], actor: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    out = graph.out_edges(actor, keys=True, data=True)
    return [*out, *graph.in_edges(actor, keys=True, data=True)]


def _last(became: dict[str, str], iri: str) -> str:
    while iri in became:
        iri = became[iri]
    return iri

"""The network in the formats that other tools read: GEXF, GraphML, CSV, JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ptce_graph import results

if TYPE_CHECKING:
    import networkx as nx


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def flat(graph: nx.MultiDiGraph[str], language: str = "en") -> nx.MultiGraph[str]:
    """Return a copy whose attributes are texts and numbers, as exchange formats need them.

    It is undirected where no link has a direction.
    """
    import networkx as nx

    links = [data for _, _, data in graph.edges(data=True)]
    both_ways = bool(links) and not any(data["directed"] for data in links)
    copy: nx.MultiGraph[str] = nx.MultiGraph() if both_ways else nx.MultiDiGraph()
    copy.graph["title"] = graph.graph["title"][language]
    for node, data in graph.nodes(data=True):
        copy.add_node(node, **_flat(data, language))
    for source, target, key, data in graph.edges(keys=True, data=True):
        label = data["role_label"][language]
        copy.add_edge(source, target, key=key, label=label, **_flat(data, language))
    return copy


def _flat(data: dict[str, Any], language: str) -> dict[str, str | int | float]:
    def text(value: Any) -> str:
        if isinstance(value, dict):
            return str(value.get(language, ""))
        if isinstance(value, list):
            return "; ".join(map(text, value))
        return _NOT_XML.sub("\ufffd", str(value))

    return {
        name: value if isinstance(value, int | float) else text(value)
        for name, value in data.items()
    }


def to_gexf(graph: nx.MultiDiGraph[str], language: str = "en") -> bytes:
    """Return the network as GEXF 1.2, for Gephi."""
    import networkx as nx

    copy = flat(graph, language)
    for _, _, key, data in copy.edges(keys=True, data=True):
        data["id"] = key
    lines = nx.generate_gexf(copy)
    text = "\n".join(line for line in lines if "<meta" not in line and "</meta" not in line)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode() + b"\n"


def to_graphml(graph: nx.MultiDiGraph[str], language: str = "en") -> bytes:
    """Return the network as GraphML, for igraph, yEd and others."""
    import networkx as nx

    data = io.BytesIO()
    nx.write_graphml_xml(flat(graph, language), data)
    return data.getvalue() + b"\n"


def to_csv(graph: nx.MultiDiGraph[str], language: str = "en") -> bytes:
    """Return the links of the network as CSV, one a row, with the names of both ends."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    links = list(flat(graph, language).edges(keys=True, data=True))
    names = [name for name in (links[0][3] if links else {}) if name != "role_label"]
    writer.writerow(["source", "target", "source_label", "target_label", "statement", *names])
    for source, target, key, data in links:
        ends = [graph.nodes[source]["label"], graph.nodes[target]["label"]]
        facts = [_text(data[name]) for name in names]
        writer.writerow(map(results.guard, [source, target, *ends, key, *facts]))
    return text.getvalue().encode()


def _text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def to_json(graph: nx.MultiDiGraph[str], _language: str = "en") -> bytes:
    """Return the network as node-link JSON, with labels in both languages."""
    import networkx as nx

    data = nx.node_link_data(graph, edges="links")
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


FORMATS: dict[str, Callable[..., bytes]] = {
    "gexf": to_gexf,
    "graphml": to_graphml,
    "csv": to_csv,
    "json": to_json,
}
"""Ending of a file name → writer."""

"""The country as a whole: poles and départements, and how many actors of a pole are in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ptce_graph.namespaces import ONTOLOGY
from ptce_graph.network import reading
from ptce_graph.network.answers import link_facts
from ptce_graph.network.tables import Tables

if TYPE_CHECKING:
    import networkx as nx

NAME = {"fr": "Le pays par pôle et par département", "en": "The country by pole and département"}
DESCRIPTION = {
    "fr": "Les pôles territoriaux de coopération économique et les départements : chaque trait dit "
    "combien d'acteurs du pôle s'y trouvent, lui compris.",
    "en": "The territorial clusters for economic cooperation and the départements: each line says "
    "how many actors of the pole are there, itself included.",
}
LAYER = {"fr": "présence dans un territoire", "en": "presence in a territory"}
_TEXTS = {
    "fr": ("un acteur d'ici", "{count} acteurs d'ici"),
    "en": ("one actor from here", "{count} actors from here"),
}


def read(tables: Tables) -> nx.MultiDiGraph[str]:
    """Return all poles, and the départements where they and their actors are.

    The actors themselves are counted by the engine, and not read: the weight of a link is their
    number, the pole included. A pole of which no place is known has no link.
    """
    rows = sorted(tables.rows("country"), key=lambda row: (row["pole"], row["territory"]))
    nodes = {row["actor"] for row in tables.rows("of-kind", "kind", [ONTOLOGY + "Pole"])}
    graph = reading.read(tables, [], nodes | {row["territory"] for row in rows})
    for row in rows:
        count = int(row["actors"])
        label = {code: texts[count > 1].format(count=count) for code, texts in _TEXTS.items()}
        facts = link_facts("territory", label, [])
        facts |= {"directed": False, "certainty": "inferred", "weight": float(count)}
        key = f"presence {row['pole']} {row['territory']}"
        graph.add_edge(row["pole"], row["territory"], key=key, **facts)
    graph.graph["layers"] = {"territory": LAYER}
    reading.entitle(graph, [NAME])
    graph.graph["description"] = DESCRIPTION
    reading.describe(graph, tables)
    return graph

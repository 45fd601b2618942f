"""The cooperation network: actors, poles and the typed links between them, as NetworkX sees it."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ptce_graph import dataset, query, results
from ptce_graph.namespaces import ONTOLOGY, PREFIXES
from ptce_graph.project import Project

if TYPE_CHECKING:
    import networkx as nx
    import pyoxigraph

TITLE = {"fr": "Réseau de coopération des PTCE", "en": "Cooperation network of the PTCE"}
DESCRIPTION = {
    "fr": "Les pôles territoriaux de coopération économique, leurs membres et leurs partenaires, "
    "chaque lien avec sa période, sa source et sa certitude.",
    "en": "The territorial clusters for economic cooperation, their members and partners, "
    "each link with its period, its source and its certainty.",
}
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
FUNDING = {"fr": "financeur", "en": "funder"}
_LISTS = {
    PREFIXES["foaf"] + "homepage": "homepages",
    ONTOLOGY + "hasFunction": "functions",
    ONTOLOGY + "hasStatus": "statuses",
    ONTOLOGY + "inSector": "sectors",
    ONTOLOGY + "laureateOf": "calls",
    ONTOLOGY + "legalForm": "legal_forms",
    ONTOLOGY + "locatedWithin": "territories",
    ONTOLOGY + "rna": "identifiers",
    ONTOLOGY + "siren": "identifiers",
    ONTOLOGY + "siret": "identifiers",
    ONTOLOGY + "theme": "themes",
    PREFIXES["skos"] + "altLabel": "aliases",
}
_PLAIN = ("aliases", "homepages", "identifiers", "territories", "themes")
_DOCUMENT = ("title", "publisher", "date", "url", "version")
_PLACES = ("departements", "regions", "regions_before_2016")


def network(project: Project, store: pyoxigraph.Store | None = None) -> nx.MultiDiGraph[str]:
    """Return the network of a graph: of a store, or by default of what was built here.

    A node is the IRI of a pole, an organisation or a grouping, with its label, kind, place,
    territories, other names and sources. An edge goes from who takes part, pays or acts to whom;
    its key is the IRI of the node that states it, with role, period, certainty and sources.
    Parallel links are kept.

    Raises:
        ProjectError: no graph has been built.
    """
    import networkx as nx

    if store is None:
        store = dataset.open_store(project)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in _rows(project, store, "actors"):
        graph.add_node(row["actor"], **_actor(row))
    for row in _rows(project, store, "details"):
        if row["actor"] in graph:
            kind = _LISTS[row["property"]]
            labels = {"fr": row["value"], "en": row["valueEn"] or row["value"]}
            graph.nodes[row["actor"]][kind].append(row["value"] if kind in _PLAIN else labels)
    for row in _rows(project, store, "places"):
        if row["actor"] in graph:
            _add_place(graph.nodes[row["actor"]], row)
    for row in _rows(project, store, "links"):
        if row["from"] in graph and row["to"] in graph:
            graph.add_edge(row["from"], row["to"], key=row["link"], **_link(row))
    _add_sources(graph, _rows(project, store, "sources"))
    kinds = Counter(data["kind"] for _, data in graph.nodes(data=True))
    graph.graph.update(
        title=TITLE,
        description=DESCRIPTION,
        licence=LICENCE,
        counts={
            "poles": kinds["Pole"],
            "actors": graph.number_of_nodes() - kinds["Pole"],
            "links": graph.number_of_edges(),
        },
    )
    return graph


def _rows(project: Project, store: pyoxigraph.Store, name: str) -> Iterator[dict[str, str]]:
    text = (project.queries / "network" / f"{name}.rq").read_text("utf-8")
    header, body = results.rows(query.run(store, text))
    return (dict(zip(header, row, strict=True)) for row in body)


def _actor(row: dict[str, str]) -> dict[str, Any]:
    place = row["place"]
    if place and row["parentPlace"]:
        place = f"{place} ({row['parentPlace']})"
    return {
        "label": row["label"],
        "kind": row["kind"].rpartition("#")[2],
        "kind_label": {"fr": row["kindFr"], "en": row["kindEn"]},
        "place": place,
        "note": row["note"],
        **{kind: [] for kind in (*_LISTS.values(), *_PLACES, "sources")},
    }


def _add_place(data: dict[str, Any], row: dict[str, str]) -> None:
    """Note a département by its code, a region by its name; one that did not change is in both."""
    if row["level"].endswith("Department"):
        data["departements"].append(row["code"])
        return
    if not row["validUntil"]:
        data["regions"].append(row["name"])
    if not row["validFrom"]:
        data["regions_before_2016"].append(row["name"])


def _link(row: dict[str, str]) -> dict[str, Any]:
    code = row["role"].replace("#", "/").rpartition("/")[2]
    labels = {"fr": row["roleFr"], "en": row["roleEn"]} if row["roleFr"] else FUNDING
    return {
        "layer": row["layer"],
        "role": code.lower() if row["layer"] == "funding" else code,
        "role_label": labels,
        "valid_from": row["validFrom"],
        "valid_until": row["validUntil"],
        "observed_in": row["observedIn"],
        "certainty": row["certainty"].rpartition("/")[2],
        "amount": row["amount"],
        "note": row["note"],
        "sources": [],
    }


def _add_sources(graph: nx.MultiDiGraph[str], rows: Iterator[dict[str, str]]) -> None:
    statements: dict[str, list[str]] = {
        iri: data["sources"] for iri, data in graph.nodes(data=True)
    }
    for _, _, key, data in graph.edges(keys=True, data=True):
        statements[key] = data["sources"]
    documents = {}
    for row in rows:
        if row["statement"] in statements:
            statements[row["statement"]].append(row["source"])
            documents[row["source"]] = {name: row[name] for name in _DOCUMENT}
    graph.graph["sources"] = documents
    graph.graph["date"] = max((document["date"] for document in documents.values()), default="")


def flat(graph: nx.MultiDiGraph[str], language: str = "en") -> nx.MultiDiGraph[str]:
    """Return a copy whose attributes are texts only, as exchange formats need them."""
    import networkx as nx

    copy: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=graph.graph["title"][language])
    for node, data in graph.nodes(data=True):
        copy.add_node(node, **_flat(data, language))
    for source, target, key, data in graph.edges(keys=True, data=True):
        label = data["role_label"][language]
        copy.add_edge(source, target, key=key, label=label, **_flat(data, language))
    return copy


def _flat(data: dict[str, Any], language: str) -> dict[str, str]:
    def text(value: Any) -> str:
        if isinstance(value, dict):
            return str(value[language])
        return "; ".join(map(text, value)) if isinstance(value, list) else str(value)

    return {name: text(value) for name, value in data.items()}


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
        row = [source, target, *ends, key, *(data[name] for name in names)]
        writer.writerow(map(results.guard, row))
    return text.getvalue().encode()


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

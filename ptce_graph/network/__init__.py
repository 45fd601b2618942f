"""The cooperation network: actors, poles and the typed links between them, as NetworkX sees it.

reading      what is stated of actors, and their `links` -> NetworkX
names        classes, concepts and territories by name
links        the links, as the ontology says that relations are drawn
selection    the part that is wanted, found without reading the rest
answers      the answer of any question as a network
country      poles and départements, whose actors are counted
views        the same actors, other links: two-mode, co-membership …
formats      GEXF, GraphML, CSV, JSON
measures     of actors and of the whole, as `methods` defines them, on the simple graph (`simple`)
brokers      who joins poles, and what falls apart without them
backing      how well a link is corroborated
composition  what poles are made of
reports      the measures as tables, CSV, JSON, RDF
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ptce_graph import dataset
from ptce_graph.errors import QueryError
from ptce_graph.network import answers, country, links, reading
from ptce_graph.network.formats import FORMATS, to_csv, to_gexf, to_graphml, to_json
from ptce_graph.network.reading import Sketched
from ptce_graph.network.selection import Selection, choose, named
from ptce_graph.network.tables import Tables
from ptce_graph.network.views import NAMES, VIEWS
from ptce_graph.project import Project

if TYPE_CHECKING:
    import networkx as nx
    import pyoxigraph

__all__ = [
    "COUNTRY",
    "FORMATS",
    "VIEWS",
    "Selection",
    "network",
    "to_csv",
    "to_gexf",
    "to_graphml",
    "to_json",
]

COUNTRY = "country"
"""Name of the view of the country by pole and territory, whose actors are counted, not read."""

_EVERYTHING = Selection()


def network(
    project: Project,
    store: pyoxigraph.Store | None = None,
    selection: Selection = _EVERYTHING,
    *,
    view: str = "all",
    sparql: str = "",
    sketched: Sketched | None = None,
) -> nx.MultiDiGraph[str]:
    """Return the network of a graph.

    A node is the IRI of a pole, an organisation or a grouping, with its label, kind, place,
    territories, other names and sources. An edge goes from who takes part, pays or acts to whom;
    its key is the IRI of the node that states it, with role, period, certainty and sources.
    Parallel links are kept.

    Args:
        project: where the queries and the graph are.
        store: the graph; by default what was built here.
        selection: the part that is wanted.
        view: one of VIEWS, or COUNTRY.
        sparql: a query whose answer is the network, in place of a selection.
        sketched: called with actors, kinds, labels and links alone as soon as these are known,
            while the rest is read; only for the view all of a selection.

    Raises:
        ProjectError: no graph has been built.
        QueryError: something that the selection names is not there, or the answer is no network.
    """
    tables = Tables(project.queries / "network", store or dataset.open_store(project))
    if view == COUNTRY:
        if sparql or selection != _EVERYTHING:
            raise QueryError(
                "the view country is of the whole: it goes with no selection and no question",
                "la vue country montre le tout : elle ne va ni avec une sélection ni une question",
            )
        return country.read(tables)
    if sparql:
        return VIEWS[view](answers.read(tables, sparql))
    if selection == _EVERYTHING:
        tables.expect([*links.properties(tables), *reading.PROPERTIES])
    early = sketched if view == "all" else None
    found = VIEWS[view](reading.read(tables, *choose(tables, selection), early))
    names = [NAMES[view]] if view in NAMES else []
    reading.entitle(found, named(tables, selection) + names)
    return found

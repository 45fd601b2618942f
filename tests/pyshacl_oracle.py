"""The second opinion on shapes: pyshacl, with its SPARQL answered by Oxigraph, which is faster."""

from __future__ import annotations

from typing import Any

import pyoxigraph
import pyshacl
import rdflib
from oxrdflib import OxigraphStore
from rdflib.namespace import SH

from ptce_graph.validate import SHAPES


def run(store: pyoxigraph.Store, shapes: rdflib.Graph) -> list[tuple[str, str, str]]:
    """Return what pyshacl finds in a store, in the form of `ptce_graph.validate.run`."""
    oxigraph = rdflib.Graph(OxigraphStore(store=store), rdflib.graph.DATASET_DEFAULT_GRAPH_ID)

    class DataGraph(rdflib.Graph):
        """A graph whose queries are answered elsewhere."""

        def query(self, *arguments: Any, **options: Any) -> rdflib.query.Result:
            return oxigraph.query(*arguments, **options)

    graph = DataGraph()
    graph += oxigraph
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True, advanced=True)
    found = set()
    for result in report.objects(None, SH.result):
        shape = str(report.value(result, SH.sourceShape)).removeprefix(SHAPES)
        value = report.value(result, SH.value)
        subject = str(report.value(result, SH.focusNode))
        text = "" if value is None or str(value) == subject else str(value)
        found.add((subject, shape, text))
    return sorted(found)

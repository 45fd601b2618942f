"""Knowledge graph of the French social and solidarity economy, centred on the PTCE."""

from ptce_graph.errors import (
    EndpointError,
    GraphError,
    ProjectError,
    PtceError,
    QueryError,
    SourceError,
)
from ptce_graph.graph import Graph

__all__ = [
    "EndpointError",
    "Graph",
    "GraphError",
    "ProjectError",
    "PtceError",
    "QueryError",
    "SourceError",
]

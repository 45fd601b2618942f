"""The same graph by rdflib-endpoint, in a Python of its own: GRAPH PORT."""

import sys

import rdflib
import uvicorn
from rdflib_endpoint import SparqlEndpoint

if __name__ == "__main__":
    graph = rdflib.Graph()
    graph.parse(sys.argv[1], format="nt")
    uvicorn.run(SparqlEndpoint(graph=graph), port=int(sys.argv[2]), log_level="error")

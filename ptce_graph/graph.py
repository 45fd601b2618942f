"""The graph as a Python object: the verbs of the command line, under the same names."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ptce_graph import project as projects

if TYPE_CHECKING:
    import networkx as nx
    import pyoxigraph
    import rdflib

    from ptce_graph.build import Build
    from ptce_graph.findings import Finding
    from ptce_graph.loader import Progress
    from ptce_graph.query import Answer, Question

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Graph:
    """The graph of a project.

    >>> graph = Graph()
    >>> for row in graph.ask("coordinators", pole="sud-aquitaine"):
    ...     print(row["coordinator"].value, "|", row["document"].value)
    Comité de bassin d'emploi du Seignanx | Reconnaissance des PTCE : territoires et innovation

    Args:
        project: folder that holds `graph/`; by default the current one, else the installed data.
        language: fr or en, for the labels of answers and pages.
        endpoint: address of a SPARQL service that stands in place of the graph built here: `ask`
            sends it the question, the other verbs read its triples once.

    Raises:
        ProjectError: the folder given has no `graph/sources/`.
    """

    def __init__(
        self,
        project: str | Path | None = None,
        language: str = "en",
        *,
        endpoint: str | None = None,
    ) -> None:
        self.project = projects.find(project)
        self.language = language
        self.endpoint = endpoint
        self._mirror: pyoxigraph.Store | None = None

    def store(self, progress: Progress | None = None) -> pyoxigraph.Store:
        """Return the store that the verbs read: what was built here, or a copy of the service's.

        Raises:
            ProjectError: no graph has been built.
            EndpointError: the service of `endpoint` fails, or its triples cannot be copied whole.
        """
        if self.endpoint is None:
            from ptce_graph import dataset

            return dataset.open_store(self.project)
        if self._mirror is None:
            from ptce_graph import mirror

            self._mirror = mirror.copy(self.endpoint, progress, language=self.language)
        return self._mirror

    def build(self, *, keep_good: bool = False, progress: Progress | None = None) -> Build:
        """Build the graph from the tables; `keep_good` builds although rows are rejected.

        Raises:
            SourceError: tables hold errors, and keep_good is not set; `.problems` lists them.
        """
        from ptce_graph.build import build

        return build(self.project, keep_good=keep_good, progress=progress or (lambda *_: None))

    def questions(self) -> dict[str, Question]:
        """Return the questions by name.

        Raises:
            QueryError: a file is badly written.
        """
        from ptce_graph.query import read_questions

        return read_questions(self.project)

    def ask(self, question: str, /, **parameters: str) -> Answer:
        """Answer a question, by its name and parameters, or any SPARQL query.

        An IRI may be given whole, by its key (`sud-aquitaine`) or by a label.

        Raises:
            ProjectError: no graph has been built.
            QueryError: no such question, a value does not fit, or no SPARQL.
            EndpointError: the service of `endpoint` cannot be reached, refuses, or fails.
        """
        from ptce_graph import query

        text = question
        found = query.find_question(self.project, question) if _NAME.fullmatch(question) else None
        if self.endpoint is not None:
            return self._ask_endpoint(self.endpoint, found or text, parameters)
        store = self.store()
        if found:
            text = query.bind(found, parameters, store, self.language)
        return query.run(store, text)

    def _ask_endpoint(self, url: str, asked: Question | str, parameters: dict[str, str]) -> Answer:
        from ptce_graph import endpoint, query

        if not isinstance(asked, str):
            store = endpoint.look_up(url, asked, parameters, language=self.language)
            asked = query.bind(asked, parameters, store, self.language)
        return endpoint.ask(url, asked, language=self.language)

    def check(self) -> list[Finding]:
        """Return what is wrong or missing in the built graph, each with the row that states it.

        Raises:
            ProjectError: no graph has been built.
            GraphError: the shapes cannot be read.
        """
        from ptce_graph.validate import validate

        return validate(self.project, self.store())

    def network(self) -> nx.MultiDiGraph[str]:
        """Return the cooperation network; see `ptce_graph.network.network`."""
        from ptce_graph.network import network

        return network(self.project, self.store())

    def draw(self) -> str:
        """Return the network as one HTML page that needs no connection."""
        from ptce_graph.view import page

        return page(self.network(), language=self.language)

    def export(self, form: str) -> bytes:
        """Return the graph in a format: turtle, ntriples, nquads, trig, jsonld or rdfxml.

        The format ontology-html is the page that explains the ontology, in French and English.
        """
        if form == "ontology-html":
            from ptce_graph import documentation

            return documentation.page(self.project, language=self.language).encode()
        from ptce_graph.export import export

        return export(self.project, form)

    def serve(
        self,
        target: str | Path | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 8000,
        proxies: tuple[str, ...] = (),
        ready: Callable[[str], None] = lambda address: None,
        **limits: Any,
    ) -> None:
        """Serve the graph, a file of RDF or another project, until SIGINT or SIGTERM.

        `limits` are those of `ptce_graph.serve.limits.Limits`.

        Raises:
            ProjectError: no graph has been built, or the port is taken.
        """
        from ptce_graph.serve import server, source
        from ptce_graph.serve.limits import Limits

        found = source.find(target, self.project)
        bounds = Limits(**limits)
        server.serve(found, host=host, port=port, limits=bounds, proxies=proxies, ready=ready)

    def rdflib(self) -> rdflib.Dataset:
        """Return the graph under the rdflib API; queries given as text run on Oxigraph."""
        from ptce_graph.dataset import open_rdflib

        return open_rdflib(self.project)

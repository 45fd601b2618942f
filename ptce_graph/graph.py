"""The graph as a Python object: the verbs of the command line, under the same names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ptce_graph import project as projects

if TYPE_CHECKING:
    import networkx as nx
    import pyoxigraph
    import rdflib

    from ptce_graph.build import Build
    from ptce_graph.findings import Finding
    from ptce_graph.foreign.receipt import Import
    from ptce_graph.layout import Arranged
    from ptce_graph.loader import Progress
    from ptce_graph.network.paths import Way
    from ptce_graph.network.reading import Sketched
    from ptce_graph.publish.site import Published
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
            sends it the question, the other verbs read its triples once. (A question by name is
            answered from that copy too where the engine is known to answer otherwise.)

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

    def build(
        self, *, keep_good: bool = False, engine: str = "local", progress: Progress | None = None
    ) -> Build:
        """Build the graph from the tables; `keep_good` builds although rows are rejected.

        The engine spark writes what the tables state as partitions, for other stores; the verbs
        read what the engine local builds.

        Raises:
            SourceError: tables hold errors, and keep_good is not set; `.problems` lists them.
        """
        from ptce_graph import build, spark

        make = spark.build if engine == "spark" else build.build
        return make(self.project, keep_good=keep_good, progress=progress or (lambda *_: None))

    def send(self, url: str, progress: Progress | None = None) -> int:
        """Send the built graph to a Graph Store (`?default`, `?graph=IRI`) or to SPARQL updates.

        What the ontology marks private is not sent; return how many statements that are.

        Raises:
            ProjectError: no graph has been built.
            EndpointError: the store cannot be reached or refuses; it says what it holds then.
        """
        from ptce_graph import dataset, graphstore

        nothing = progress or (lambda *_: None)
        return graphstore.send(url, dataset.built(self.project), nothing, language=self.language)

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
        from ptce_graph import ordering, query

        if self.endpoint is not None:
            from ptce_graph import endpoint

            if not _NAME.fullmatch(question):
                return endpoint.ask(self.endpoint, question, language=self.language)
            found = query.find_question(self.project, question)
            if not endpoint.differs(self.endpoint, language=self.language):
                known = endpoint.look_up(self.endpoint, found, parameters, language=self.language)
                text = query.bind(found, parameters, known, self.language)
                return endpoint.ask(self.endpoint, text, language=self.language)
        store = self.store()
        answer = ordering.ask if _NAME.fullmatch(question) else query.run
        return answer(store, self._sparql(question, parameters, store))

    def _sparql(self, question: str, parameters: Mapping[str, str], store: pyoxigraph.Store) -> str:
        """Return the SPARQL of a question, by its name, with its parameters; or SPARQL as it is."""
        from ptce_graph import query

        if not _NAME.fullmatch(question):
            return question
        found = query.find_question(self.project, question)
        return query.bind(found, parameters, store, self.language)

    def check(self) -> list[Finding]:
        """Return what is wrong or missing in the built graph, each with the row that states it.

        Raises:
            ProjectError: no graph has been built.
            GraphError: the shapes cannot be read.
        """
        from ptce_graph.validate import validate

        return validate(self.project, self.store())

    def network(
        self,
        *,
        view: str = "all",
        question: str = "",
        parameters: Mapping[str, str] | None = None,
        sketched: Sketched | None = None,
        **wanted: Any,
    ) -> nx.MultiDiGraph[str]:
        """Return the cooperation network, or a part or a view of it.

        >>> network = Graph().network(pole="sud-aquitaine")
        >>> network.graph["counts"]
        {'poles': 1, 'actors': 10, 'links': 15}

        Args:
            view: one of `ptce_graph.network.VIEWS`: all, two-mode, co-membership …; or country.
            question: a question, by its name, or SPARQL, whose answer is the network.
            parameters: those of the question.
            sketched: called with the actors and who is linked to whom while the rest is read.
            wanted: what `ptce_graph.network.Selection` may say: territory, kind, pole, ego and
                steps, layers, as_of.

        Raises:
            ProjectError: no graph has been built.
            QueryError: something named is not there, or the answer is no network.
            EndpointError: the service of `endpoint` fails, or its triples cannot be copied whole.
        """
        from ptce_graph.network import Selection, network

        store = self.store()
        sparql = self._sparql(question, parameters or {}, store) if question else ""
        chosen = Selection(**wanted)
        return network(self.project, store, chosen, view=view, sparql=sparql, sketched=sketched)

    def path(
        self, first: str, second: str, *, count: int = 3, **wanted: Any
    ) -> tuple[nx.MultiDiGraph[str], list[Way]]:
        """Return the shortest meaningful paths between two actors, and the network they are in.

        Args:
            first, second: the actors, by key, name or IRI.
            count: how many paths at most.
            wanted: what `network` takes: layers, as_of …

        Raises:
            ProjectError: no graph has been built.
            QueryError: nothing, or more than one thing, is called so.
            EndpointError: the service of `endpoint` fails, or its triples cannot be copied whole.
        """
        from ptce_graph.network import Selection, network
        from ptce_graph.network.paths import paths
        from ptce_graph.network.things import find

        store = self.store()
        ends = [find(store, name, value) for name, value in (("X", first), ("Y", second))]
        found = network(self.project, store, Selection(**wanted))
        return found, paths(found, *ends, count=count)

    def draw(self, **wanted: Any) -> str:
        """Return the network, or the part that `network` is asked for, as one HTML page."""
        places: list[Callable[[], Arranged]] = []

        def place(sketch: nx.MultiDiGraph[str]) -> None:
            from ptce_graph.view import layout  # whose imports are all done then

            places.append(layout.arranging(sketch))

        network = self.network(**wanted, sketched=place)
        from ptce_graph.view import page

        return page(network, language=self.language, arranged=next(iter(places), None))

    def export(self, form: str) -> bytes:
        """Return the graph in a format: turtle, ntriples, nquads, trig, jsonld or rdfxml.

        The format ontology-html is the page that explains the ontology, in French and English.
        """
        if form == "ontology-html":
            from ptce_graph import documentation

            return documentation.page(self.project, language=self.language).encode()
        from ptce_graph.export import export

        return export(self.project, form)

    def publish(self, folder: str | Path, *, base: str | None = None, **options: Any) -> Published:
        """Write the graph as a static site into a folder; see `ptce_graph.publish.site.publish`.

        Raises:
            ProjectError: no graph has been built, or the folder cannot be written.
        """
        from ptce_graph.namespaces import BASE
        from ptce_graph.publish.site import publish

        return publish(self.project, Path(folder), base=base or BASE, **options)

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

    def import_(
        self,
        path: str | Path,
        target: str | Path,
        *,
        kind: str = "",
        progress: Progress | None = None,
        **asked: Any,
    ) -> Import:
        """Import a foreign table into a folder of the sources, and return the receipt.

        Args:
            path: the file.
            target: the folder, `graph/sources/NAME`.
            kind: organisations, memberships, grants …; a mapping may say it.
            progress: called with the name of the file and the number of its rows read so far.
            asked: what else a `ptce_graph.foreign.importing.Request` holds.

        Raises:
            PtceError: the file, the mapping or the folder cannot be used; nothing was written.
        """
        from ptce_graph.foreign.importing import import_table
        from ptce_graph.foreign.request import Request

        request = Request(Path(path), kind, Path(target), language=self.language, **asked)
        return import_table(self.project, request, progress or (lambda *_: None))

    def rdflib(self) -> rdflib.Dataset:
        """Return the graph under the rdflib API; queries given as text run on Oxigraph."""
        from ptce_graph.dataset import open_rdflib

        return open_rdflib(self.project)

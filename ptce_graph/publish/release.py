"""What a release holds: the lines that anyone may read, and their figures."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph

from ptce_graph import dataset, export
from ptce_graph.project import Project
from ptce_graph.publish import counts, description
from ptce_graph.publish.counts import Counts
from ptce_graph.publish.publication import Publication


@dataclass(frozen=True, slots=True)
class Release:
    """A built graph as it is published.

    Attributes:
        facts: lines of N-Triples of tables and ontology, and what the release says of itself.
        inferred: lines of N-Quads that the rules add, in their graphs.
        private: properties that are not published, as they stand in lines.
        counts: the figures of the facts.
    """

    publication: Publication
    facts: frozenset[str]
    inferred: frozenset[str]
    private: frozenset[str]
    counts: Counts

    def store(self) -> pyoxigraph.Store:
        """Return a store of what is published, in which questions find what is inferred too."""
        both = (*self.facts, *self.inferred, *(export.as_fact(line) for line in self.inferred))
        store = pyoxigraph.Store()
        store.bulk_load("".join(sorted(both)), format=pyoxigraph.RdfFormat.N_QUADS)
        return store


def read_release(project: Project, publication: Publication) -> Release:
    """Return what of a built graph is published, without what the ontology marks private.

    Raises:
        ProjectError: no graph has been built.
    """
    with dataset.built(project).open(encoding="utf-8", newline="\n") as file:
        built = set(file)
    lines = export.published(built)
    inferred = frozenset(line for line in lines if export.is_inferred(line))
    facts = lines - inferred
    facts |= description.header(publication, len(facts))
    figures = counts.count(facts)
    return Release(publication, frozenset(facts), inferred, export.private(lines), figures)

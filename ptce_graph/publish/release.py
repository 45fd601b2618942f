"""What a release holds: the lines that anyone may read, and their figures."""

from __future__ import annotations

from dataclasses import dataclass

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
        counts: the figures of the facts.
    """

    publication: Publication
    facts: frozenset[str]
    inferred: frozenset[str]
    counts: Counts


def read_release(project: Project, publication: Publication) -> Release:
    """Return what of a built graph is published, without what the ontology marks private.

    Raises:
        ProjectError: no graph has been built.
    """
    with dataset.built(project).open(encoding="utf-8", newline="\n") as file:
        lines = export.published(file)
    inferred = frozenset(line for line in lines if export.is_inferred(line))
    facts = lines - inferred
    facts |= description.header(publication, len(facts))
    return Release(publication, frozenset(facts), inferred, counts.count(facts))

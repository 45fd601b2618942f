"""A copy of what a SPARQL service holds: read once, in pages, and verified against its counts.

What one question does not need, several queries do: a network, a page, the checks. They are put
to a copy, so that every service gives what the graph gives here, whatever its engine makes of them.
"""

from __future__ import annotations

import pyoxigraph
from pyoxigraph import NamedNode

from ptce_graph import endpoint
from ptce_graph.address import read_address
from ptce_graph.errors import EndpointError
from ptce_graph.loader import Progress

MOST_TRIPLES = 5_000_000
"""Size above which a service is not copied."""

PAGE = 10_000
"""Triples asked for at once: services commonly cut longer answers without a word."""

_COUNTS = "SELECT ?property (COUNT(*) AS ?count) WHERE { ?s ?property ?o } GROUP BY ?property"
_PAGE = (
    "CONSTRUCT {{ ?s {property} ?o }} WHERE {{ ?s {property} ?o }} LIMIT {limit} OFFSET {offset}"
)
_TEXTS = {
    "empty": {
        "en": "{url}: its default graph holds nothing (name the graph: ?default-graph-uri=…; or "
        "send it: ptce build --to)",
        "fr": "{url} : son graphe par défaut est vide (nommez le graphe : ?default-graph-uri=… ; "
        "ou envoyez-le : ptce build --to)",
    },
    "large": {
        "en": "{url}: it holds {total:,} triples, more than the {most:,} that are copied "
        "(ask it questions; for the rest build the graph here)",
        "fr": "{url} : il contient {total:,} triplets, plus que les {most:,} qui sont copiés "
        "(posez-lui des questions ; pour le reste, construisez le graphe ici)",
    },
    "differs": {
        "en": "{url}: it counts {count:,} triples of {name} and gives {found:,} "
        "(name one graph: ?default-graph-uri=…; or its data changed meanwhile: try again)",
        "fr": "{url} : il compte {count:,} triplets de {name} et en donne {found:,} "
        "(nommez un seul graphe : ?default-graph-uri=… ; ou ses données ont changé : réessayez)",
    },
}


def copy(url: str, progress: Progress | None = None, *, language: str = "en") -> pyoxigraph.Store:
    """Return a store with the triples of the default graph of a service.

    Args:
        url: address of the service; `?default-graph-uri=IRI` names the graph to read.
        progress: called with the address and the number of triples read so far.
        language: fr or en, for what is logged.

    Raises:
        EndpointError: the service fails, holds nothing or more than MOST_TRIPLES, or gives another
            number of triples than it counts.
    """
    shown = read_address(url).shown
    store = pyoxigraph.Store()
    counts = _counts(url, language)
    if not counts:
        raise _refusal(shown, "empty")
    if (total := sum(counts.values())) > MOST_TRIPLES:
        raise _refusal(shown, "large", total=total, most=MOST_TRIPLES)
    for name, count in sorted(counts.items()):
        before = len(store)
        for offset in range(0, count, PAGE):
            page = _PAGE.format(property=NamedNode(name), limit=PAGE, offset=offset)
            store.bulk_extend(endpoint.facts(url, page, language))
            if progress:
                progress(shown, len(store))
        if (found := len(store) - before) != count:
            raise _refusal(shown, "differs", name=name, count=count, found=found)
    return store


def _counts(url: str, language: str) -> dict[str, int]:
    """Return the number of triples by property."""
    rows = endpoint.ask(url, _COUNTS, language=language)
    assert isinstance(rows, pyoxigraph.QuerySolutions)  # noqa: S101 (for mypy)
    return {row["property"].value: int(row["count"].value) for row in rows}


def _refusal(url: str, key: str, **values: object) -> EndpointError:
    english, french = (_TEXTS[key][language].format(url=url, **values) for language in ("en", "fr"))
    return EndpointError(english, url, french=french)

"""The shortest meaningful paths between two actors, said in sentences.

A hop counts 1; to go through an actor that is linked to many others counts up to 1 more, by the
logarithm of their number (after L. Adamic, E. Adar, Social Networks 25, 2003): what two actors have
in common with everybody says little of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

_TEXTS = {
    "fr": {
        "between": "de {since} à {until}",
        "since": "depuis {since}",
        "until": "jusqu'en {until}",
        "seen": "vu en {seen}",
        "never": "sans date connue",
        "source": "selon {source}",
        "no source": "sans source connue",
        "title": "« {title} »",
        "others": "et {count} autres sources",
        "other": "et une autre source",
        "links": "{count} autres liens entre eux",
        "link": "un autre lien entre eux",
        "inferred": "déduit",
    },
    "en": {
        "between": "from {since} to {until}",
        "since": "since {since}",
        "until": "until {until}",
        "seen": "seen in {seen}",
        "never": "no date known",
        "source": "says {source}",
        "no source": "no source known",
        "title": '"{title}"',
        "others": "and {count} other sources",
        "other": "and another source",
        "links": "{count} other links between them",
        "link": "one other link between them",
        "inferred": "inferred",
    },
}


@dataclass(frozen=True, slots=True)
class Hop:
    """One link of a path.

    Attributes:
        source, target: from whom to whom the link goes, whichever way the path goes.
        link: the IRI of the node that states it.
        facts: what the network says of the link.
        parallel: number of other links between the two.
    """

    source: str
    target: str
    link: str
    facts: dict[str, Any]
    parallel: int


@dataclass(frozen=True, slots=True)
class Way:
    """A way from one actor to another.

    Attributes:
        actors: by IRI, from the first to the last.
        hops: the links between them, one fewer.
        cost: number of hops, and what the actors on the way add.
    """

    actors: tuple[str, ...]
    hops: tuple[Hop, ...]
    cost: float


def paths(network: nx.MultiDiGraph[str], start: str, end: str, *, count: int = 3) -> list[Way]:
    """Return the paths of least cost between two actors of a network, the best first.

    Args:
        network: where to look; links are followed both ways.
        start, end: the actors, by IRI.
        count: how many paths at most.
    """
    import networkx as nx

    graph = _weighted(network)
    if start == end or start not in graph or end not in graph:
        return []
    try:
        ways = list(islice(nx.shortest_simple_paths(graph, start, end, weight="cost"), count))
    except nx.NetworkXNoPath:
        return []
    found = [_path(network, graph, nodes) for nodes in ways]
    return sorted(found, key=lambda path: (path.cost, path.actors))


def _weighted(network: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    """Return who is linked to whom; each link carries half of what its ends add."""
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from(sorted((u, v) for u, v in network.edges() if u != v))
    most = math.log(max(len(graph), 3) - 1)
    adds = {actor: math.log(degree) / most for actor, degree in graph.degree()}
    for source, target, data in graph.edges(data=True):
        data["cost"] = 1 + (adds[source] + adds[target]) / 2
    graph.graph["adds"] = adds
    return graph


def _path(network: nx.MultiDiGraph[str], graph: nx.Graph[str], way: list[str]) -> Way:
    cost = len(way) - 1 + sum(graph.graph["adds"][actor] for actor in way[1:-1])
    hops = tuple(_hop(network, *pair) for pair in pairwise(way))
    return Way(tuple(way), hops, round(cost, 6))


def _hop(network: nx.MultiDiGraph[str], here: str, there: str) -> Hop:
    """Return the best backed of the links between two actors."""
    links = [
        (source, target, str(key), data)
        for source, target in ((here, there), (there, here))
        for key, data in (network.get_edge_data(source, target) or {}).items()
    ]
    source, target, key, data = min(links, key=_backing)
    return Hop(source, target, key, data, len(links) - 1)


def _backing(link: tuple[str, str, str, dict[str, Any]]) -> tuple[Any, ...]:
    data = link[3]
    return data["certainty"] == "inferred", -len(data["sources"]), link[2]


def sentences(network: nx.MultiDiGraph[str], path: Way, language: str) -> Iterator[str]:
    """Yield a sentence for each hop of a path: who, what, whom, when, and according to whom."""
    texts = _TEXTS[language]
    for hop in path.hops:
        facts = hop.facts
        ends = [network.nodes[iri]["label"] for iri in (hop.source, hop.target)]
        verb = facts["verb_label"][language]
        said = [_when(facts, texts), _source(network, facts, texts)]
        if facts["certainty"] == "inferred":
            said.insert(0, texts["inferred"])
        if hop.parallel:
            key = "link" if hop.parallel == 1 else "links"
            said.append(texts[key].format(count=hop.parallel))
        yield f"{ends[0]} {_joined(verb, ends[1], language)} ({', '.join(said)})."


def _joined(verb: str, name: str, language: str) -> str:
    """Return a verb and a name, with the French elision.

    >>> _joined("est membre de", "Éole", "fr"), _joined("est membre de", "Coorace", "fr")
    ("est membre d'Éole", 'est membre de Coorace')
    """
    from ptce_graph.labels import fold

    vowel = fold(name)[:1] in set("aeiou")
    if language == "fr" and vowel and verb.endswith(" de"):
        return f"{verb[:-1]}'{name}"
    return f"{verb} {name}"


def _when(facts: dict[str, Any], texts: dict[str, str]) -> str:
    since, until, seen = facts["valid_from"], facts["valid_until"], facts["observed_in"]
    if since and until:
        key = "between"
    else:
        key = "since" if since else "until" if until else "seen" if seen else "never"
    return texts[key].format(since=since, until=until, seen=seen)


def _source(network: nx.MultiDiGraph[str], facts: dict[str, Any], texts: dict[str, str]) -> str:
    sources = facts["sources"]
    if not sources:
        return texts["no source"]
    document = network.graph["sources"].get(sources[0], {})
    title = texts["title"].format(title=document.get("title") or sources[0])
    said = [title, document.get("publisher", ""), document.get("date", ""), document.get("url", "")]
    found = texts["source"].format(source=", ".join(filter(None, said)))
    if len(sources) > 1:
        key = "other" if len(sources) == 2 else "others"
        found += " " + texts[key].format(count=len(sources) - 1)
    return found

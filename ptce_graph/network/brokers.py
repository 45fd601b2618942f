"""Brokers: who joins poles that declare themselves apart, and what falls apart without them.

Looked at on the two-mode graph of actors and poles, whatever the role. Poles that an actor joins
stay joined without it where they are in the same biconnected component (J. Hopcroft, R. Tarjan,
Algorithm 447, 1973); the tree of these components says how much hangs on each side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ptce_graph.network.simple import Simple

if TYPE_CHECKING:
    import networkx as nx

SHOWN = 5
"""Number of poles that a sentence names."""

_TEXTS = {
    "fr": {
        "joins": "{name} prend part à {count} pôles : {poles}.",
        "nothing": "Sans cet acteur, plus rien de connu ne relierait ces pôles.",
        "groups": "Sans cet acteur, ils se sépareraient en {count} groupes : {groups}.",
        "others": "Sans cet acteur, d'autres relieraient encore ces pôles.",
        "behind": "{poles} (et {count} autres pôles derrière)",
        "behind one": "{poles} (et un autre pôle derrière)",
        "and": " et ",
        "more": "{count} autres",
        "comma": ", ",
        "semicolon": " ; ",
    },
    "en": {
        "joins": "{name} takes part in {count} poles: {poles}.",
        "nothing": "Without this actor, nothing known would join these poles.",
        "groups": "Without this actor, they would fall apart into {count} groups: {groups}.",
        "others": "Without this actor, others would still join these poles.",
        "behind": "{poles} (and {count} other poles behind)",
        "behind one": "{poles} (and another pole behind)",
        "and": " and ",
        "more": "{count} others",
        "comma": ", ",
        "semicolon": "; ",
    },
}


@dataclass(frozen=True, slots=True)
class Piece:
    """What hangs together on one side of an actor once it has left.

    Attributes:
        poles: those of the actor that are there, by IRI.
        size: number of poles there, these included.
        actors: number of other actors there.
    """

    poles: tuple[str, ...]
    size: int
    actors: int


@dataclass(frozen=True, slots=True)
class Broker:
    """An actor that takes part in several poles.

    Attributes:
        poles: those that it joins, by IRI.
        pieces: what they fall into without it, the largest first; one where others join them all.
    """

    poles: tuple[str, ...]
    pieces: tuple[Piece, ...]


def brokers(network: nx.MultiDiGraph[str]) -> dict[str, Broker]:
    """Return the actors that take part in several poles, those that join most first."""
    graph = Simple.of(_two_mode(network))
    poles = [network.nodes[node]["kind"] == "Pole" for node in graph.nodes]
    blocks = _Blocks(graph, poles)
    joined: dict[int, list[int]] = {}
    for source, target in zip(graph.source.tolist(), graph.target.tolist(), strict=True):
        for actor, pole in ((source, target), (target, source)):
            if poles[pole] and not poles[actor]:
                joined.setdefault(actor, []).append(pole)
    found = {}
    for actor, its in joined.items():
        if len(its) > 1:
            pieces = [
                Piece(tuple(graph.nodes[pole] for pole in part), *blocks.beyond(actor, block))
                for block, part in blocks.sorted_into(actor, its).items()
            ]
            pieces.sort(key=lambda piece: (-piece.size, -piece.actors, piece.poles))
            iris = tuple(graph.nodes[pole] for pole in its)
            found[graph.nodes[actor]] = Broker(iris, tuple(pieces))
    order = sorted(found, key=lambda iri: (-len(found[iri].poles), -len(found[iri].pieces), iri))
    return {iri: found[iri] for iri in order}


def sentence(network: nx.MultiDiGraph[str], iri: str, broker: Broker, language: str) -> str:
    """Return what a broker does, and what would happen without it, in French or in English."""
    texts = _TEXTS[language]

    def named(iris: Sequence[str]) -> str:
        names = [network.nodes[pole]["label"] for pole in iris[:SHOWN]]
        if len(iris) > SHOWN:
            names[SHOWN - 1 :] = [texts["more"].format(count=len(iris) - SHOWN + 1)]
        return texts["and"].join(filter(None, [texts["comma"].join(names[:-1]), names[-1]]))

    def described(piece: Piece) -> str:
        behind = piece.size - len(piece.poles)
        key = "behind one" if behind == 1 else "behind"
        poles = named(piece.poles)
        return texts[key].format(poles=poles, count=behind) if behind else poles

    label = network.nodes[iri]["label"]
    joins = texts["joins"].format(name=label, count=len(broker.poles), poles=named(broker.poles))
    pieces = broker.pieces
    if len(pieces) == 1:
        return f"{joins} {texts['others']}"
    if all(piece.size == 1 for piece in pieces):
        return f"{joins} {texts['nothing']}"
    groups = texts["semicolon"].join(map(described, pieces))
    return f"{joins} {texts['groups'].format(count=len(pieces), groups=groups)}"


def _two_mode(network: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from(
        (actor, pole)
        for actor, pole, data in network.edges(data=True)
        if data.get("layer") == "membership"
    )
    return graph


class _Blocks:
    """The biconnected components of a graph, as a tree with the nodes that join them."""

    def __init__(self, graph: Simple, poles: Sequence[bool]) -> None:
        import rustworkx

        ends = rustworkx.biconnected_components(graph.rustworkx())
        self._of = {frozenset(pair): number for pair, number in ends.items()}
        self._poles = poles
        self._tree: dict[tuple[str, int], set[tuple[str, int]]] = {}
        for pair, number in ends.items():
            for node in pair:
                self._tree.setdefault(("block", number), set()).add(("node", node))
                self._tree.setdefault(("node", node), set()).add(("block", number))
        self._above: dict[tuple[str, int], tuple[str, int] | None] = {}
        self._sums: dict[tuple[str, int], tuple[int, int]] = {}
        self._root: dict[tuple[str, int], tuple[str, int]] = {}
        for start in self._tree:
            if start not in self._above:
                self._add_up(start)

    def _add_up(self, root: tuple[str, int]) -> None:
        """Note, for all that hangs on a root, what is above it and how much is below."""
        order, self._above[root] = [root], None
        for here in order:
            self._root[here] = root
            for below in self._tree[here] - {self._above[here]}:
                self._above[below] = here
                order.append(below)
        for here in reversed(order):
            poles, actors = self._own(here)
            for below in self._tree[here]:
                if self._above[below] == here:
                    poles, actors = poles + self._sums[below][0], actors + self._sums[below][1]
            self._sums[here] = poles, actors

    def _own(self, here: tuple[str, int]) -> tuple[int, int]:
        kind, number = here
        if kind == "block":
            return 0, 0
        return (1, 0) if self._poles[number] else (0, 1)

    def sorted_into(self, actor: int, poles: Sequence[int]) -> dict[int, list[int]]:
        """Return the poles of an actor by the component that they are in with it."""
        found: dict[int, list[int]] = {}
        for pole in poles:
            found.setdefault(self._of[frozenset((actor, pole))], []).append(pole)
        return found

    def beyond(self, actor: int, block: int) -> tuple[int, int]:
        """Return how many poles and other actors hang on an actor by a component."""
        here, there = ("node", actor), ("block", block)
        if self._above[there] == here:
            return self._sums[there]
        whole, below = self._sums[self._root[here]], self._sums[here]
        return whole[0] - below[0], whole[1] - below[1]

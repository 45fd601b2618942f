"""Where every actor stands in the picture: computed before, the same integers on every machine.

What has a single link stands in rings around the actor it is linked to; the others are placed so
that two of them are as far apart as the shortest way between them is long (stress, by descent on
one pair at a time); boxes that overlap, labels included, are pushed apart; the components are set
side by side. In a country of many poles, each stands by the département where most of its
actors are. Only + - * / and square roots are iterated on, which every machine rounds alike.
`forces` moves the points, `packing` sets the components.
"""

from __future__ import annotations

import itertools
import math
import multiprocessing
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import networkx as nx

from ptce_graph import forces, packing
from ptce_graph.forces import Box, Point
from ptce_graph.loader import usable_cores

__all__ = ["Box", "arrange", "arranging", "label_box", "label_lines", "place", "radius"]

_LINE, _CHARACTER, _WRAP, _LINES = 17, 8, 20, 3
_RADIUS, _RADII = 9, {"Pole": 17, "Department": 17, "Collaboration": 11}
_LANDMARKS = ("Pole", "Department")  # named from afar, never in a ring
_MARGIN = 12
_RING, _NEXT_RING, _SPACING = 74, 34, 34
_WIDE = 46  # spacing of poles around a département
_MANY = 300  # poles from which they stand so
_ALONE = 5_000  # actors from which another process places them
_SPAN = 200  # degrees around an actor; the others, below it, are left to its label

Spot = tuple[int, int]
Places = dict[str, Point]
Arranged = tuple[dict[str, Spot], dict[str, str]]


class Piece(NamedTuple):
    """A component that is placed, and the squares that it takes."""

    positions: Places
    squares: frozenset[Spot]


def radius(kind: str) -> int:
    """Return half the width of the symbol of this kind of actor."""
    return _RADII.get(kind, _RADIUS)


def label_lines(label: str) -> list[str]:
    """Break a label into at most three lines, the last one cut with … when it does not fit.

    >>> label_lines("Pôle territorial de coopération économique")
    ['Pôle territorial de', 'coopération', 'économique']
    """
    text = " ".join(label.split())
    if len(text) <= _WRAP:
        return [text]
    lines = textwrap.wrap(text, _WRAP, break_on_hyphens=False)
    if len(lines) > _LINES:
        lines[_LINES - 1] = lines[_LINES - 1][: _WRAP - 1] + "…"
    return lines[:_LINES]


def label_box(label: str, kind: str) -> Box:
    """Return the room that a label takes under the symbol of an actor that stands at 0, 0."""
    lines = label_lines(label)
    half = max(map(len, lines)) * _CHARACTER / 2
    return Box(-half, radius(kind) + 2, half, radius(kind) + 2 + len(lines) * _LINE)


def place(network: nx.MultiDiGraph[str]) -> dict[str, Spot]:
    """Return x and y, y downwards, for every actor.

    The same network gives the same integers, whatever the order in which it was filled.
    """
    return arrange(network)[0]


def arranging(network: nx.MultiDiGraph[str]) -> Callable[[], Arranged]:
    """Return what gives the same as `arrange`; another core works on a large network meanwhile.

    The network must not change before that is called.
    """
    if len(network) < _ALONE or usable_cores() < 2:
        return lambda: arrange(network)
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=lambda: sender.send(arrange(network)), daemon=True)
    process.start()
    sender.close()

    def result() -> Arranged:
        try:
            found: Arranged = receiver.recv()
        except EOFError:  # the process was killed: its work is done here
            found = arrange(network)
        process.join()
        return found

    return result


def arrange(network: nx.MultiDiGraph[str]) -> Arranged:
    """Return where every actor stands, and, for those that stand around another one, that one.

    Where all stand around one and the same, that is the whole picture: none is said of any.
    """
    graph = _simple(network)
    components = [_component(graph, names) for names in nx.connected_components(graph)]
    points = forces.settle([(component.links, component.boxes) for component in components])
    pieces = [_piece(graph, *pair) for pair in zip(components, points, strict=True)]
    rings = [component.rings for component in components]
    hubs = {
        leaf: hub
        for ring in rings
        for hub, leaves in ring.items()
        for leaf in leaves
        if graph.nodes[leaf]["kind"] not in _LANDMARKS
    }
    return _pack(pieces), hubs if len({*hubs.values()}) > 1 else {}


def _simple(network: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    links: dict[tuple[str, str], float] = {}
    for *pair, weight in network.edges(data="weight", default=1.0):
        if pair[0] != pair[1]:
            ends = min(pair), max(pair)
            links[ends] = links.get(ends, 0.0) + weight
    graph: nx.Graph[str] = nx.Graph()
    for node in sorted(network):
        facts = network.nodes[node]
        graph.add_node(node, kind=str(facts.get("kind", "")), label=str(facts.get("label", "")))
    graph.add_weighted_edges_from((*ends, weight) for ends, weight in sorted(links.items()))
    _gather(graph)
    return graph


def _gather(graph: nx.Graph[str]) -> None:
    """Link many poles to a département only, and that one to the others where they have actors."""
    homes: dict[str, list[str]] = {}
    for pole, facts in graph.nodes(data=True):
        if facts["kind"] == "Pole" and all(
            graph.nodes[o]["kind"] == "Department" for o in graph[pole]
        ):
            homes[pole] = sorted(graph[pole], key=lambda o: (-graph[pole][o]["weight"], o))
    if len(homes) <= _MANY:
        return
    for pole, (home, *others) in ((pole, near) for pole, near in homes.items() if near):
        graph.nodes[pole]["gathered"] = True
        for other in others:
            graph.remove_edge(pole, other)
            graph.add_edge(home, other)


class Component(NamedTuple):
    """A component to place: its core by name, what stands around it, its links and its room."""

    core: list[str]
    rings: dict[str, list[str]]
    links: list[tuple[int, int]]
    boxes: list[Box]


def _component(graph: nx.Graph[str], names: Iterable[str]) -> Component:
    names = list(names)
    rings = _rings(graph, names)
    core = sorted(set(names).difference(*rings.values()))
    numbers = {name: number for number, name in enumerate(core)}
    boxes = [_room(graph.nodes[name], ring=len(rings.get(name, ()))) for name in core]
    links = [
        (numbers[one], numbers[other])
        for one in core
        for other in sorted(graph[one])
        if other in numbers and one < other
    ]
    return Component(core, rings, links, boxes)


def _piece(graph: nx.Graph[str], component: Component, points: list[Point]) -> Piece:
    """Return a component with what stands around its core, and the squares that it takes."""
    core, rings, links, boxes = component
    squares = {
        spot
        for (x, y), box in zip(points, boxes, strict=True)
        for spot in _cells(box.at(x, y), packing.SQUARE)
    }
    for one, other in links:
        squares.update(_crossed(points[one], points[other]))
    positions = dict(zip(core, points, strict=True))
    for hub, leaves in rings.items():
        x, y = positions[hub]
        around = _ring_spots(len(leaves), graph.nodes[hub]["kind"])
        for leaf, (a, b) in zip(leaves, around, strict=True):
            positions[leaf] = [x + a, y + b]
    return Piece(positions, frozenset(squares))


def _rings(graph: nx.Graph[str], component: Iterable[str]) -> dict[str, list[str]]:
    """Return, for every actor that has some, the actors that are linked to nobody else.

    A pole or a département is never one of these, unless it was gathered: its label needs room.
    """
    rings: dict[str, list[str]] = {}
    for node in sorted(component, key=lambda node: (graph.nodes[node]["kind"], node)):
        if (
            (graph.nodes[node]["kind"] not in _LANDMARKS or "gathered" in graph.nodes[node])
            and graph.degree(node) == 1
            and node not in rings
        ):
            rings.setdefault(next(iter(graph[node])), []).append(node)
    return rings


def _ring_spots(count: int, kind: str) -> list[Spot]:
    """Return places around 0, 0, in rings that leave a gap below for the label."""
    spots: list[Spot] = []
    distance = _RING if kind in _LANDMARKS else 2 * _RING // 3
    spacing, next_ring = (_WIDE, _WIDE) if kind == "Department" else (_SPACING, _NEXT_RING)
    while len(spots) < count:
        room = max(2, int(math.radians(_SPAN) * distance / spacing))
        number = min(room, count - len(spots))
        for index in range(number):
            angle = math.radians(270 + (index + 0.5 - number / 2) * _SPAN / number)
            spots.append((round(distance * math.cos(angle)), round(distance * math.sin(angle))))
        distance += next_ring
    return spots


def _room(facts: dict[str, Any], ring: int) -> Box:
    """Return the room of an actor that stands at 0, 0, with those around it and its label."""
    kind, label = facts["kind"], facts["label"]
    size = radius(kind)
    parts = [Box(-size, -size, size, size)] + [Box(x, y, x, y) for x, y in _ring_spots(ring, kind)]
    if kind in _LANDMARKS:
        from_afar = 3 if ring and kind == "Department" else 1
        parts.append(Box(*(from_afar * side for side in label_box(label, kind))))
    left, top, right, bottom = zip(*parts, strict=True)
    return Box(min(left) - _MARGIN, min(top) - _MARGIN, max(right) + _MARGIN, max(bottom) + _MARGIN)


def _cells(box: Box, side: Spot) -> list[Spot]:
    """Return the cells of a grid that a box touches."""
    columns = range(int(box.left // side[0]), int(box.right // side[0]) + 1)
    rows = range(int(box.top // side[1]), int(box.bottom // side[1]) + 1)
    return list(itertools.product(columns, rows))


def _crossed(start: Point, end: Point) -> Iterator[Spot]:
    """Yield the squares that a link runs through."""
    (x, y), (a, b) = start, end
    steps = int(max(abs(a - x), abs(b - y)) / packing.SQUARE[1] * 2) + 1
    for step in range(1, steps):
        across, down = x + (a - x) * step / steps, y + (b - y) * step / steps
        yield int(across // packing.SQUARE[0]), int(down // packing.SQUARE[1])


def _pack(pieces: list[Piece]) -> dict[str, Spot]:
    """Set components side by side, the largest in the middle, small ones in the gaps."""
    ordered = sorted(pieces, key=lambda piece: (-len(piece.squares), min(piece.positions)))
    moves = packing.pack([piece.squares for piece in ordered])
    placed: dict[str, Spot] = {}
    for piece, (x, y) in zip(ordered, moves, strict=True):
        for node, (a, b) in piece.positions.items():
            placed[node] = (round(a) + x * packing.SQUARE[0], round(b) + y * packing.SQUARE[1])
    return dict(sorted(placed.items()))

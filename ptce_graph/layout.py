"""Where every actor stands in the picture: computed before, the same integers on every machine.

What has a single link stands in rings around the actor it is linked to; the others are placed so
that two of them are as far apart as the shortest way between them is long (stress, by descent on
one pair at a time); boxes that overlap, labels included, are pushed apart; the components are set
side by side. Only + - * / and square roots are iterated on, which every machine rounds alike.
"""

from __future__ import annotations

import itertools
import math
import random
import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import networkx as nx

__all__ = ["Box", "hubs", "label_box", "label_lines", "place", "radius"]

_LINE, _CHARACTER, _WRAP, _LINES = 17, 8, 20, 3
_RADIUS, _RADII = 9, {"Pole": 17, "Collaboration": 11}
_MARGIN = 12
_RING, _NEXT_RING, _SPACING = 74, 34, 34
_SPAN = 200  # degrees around an actor; the others, below it, are left to its label
_LINK = 36
_ALL_PAIRS, _PIVOTS = 250, 24
_SWEEPS, _PATIENCE = 20, 12
_CELL, _SQUARE = (240, 240), (44, 34)  # a square is as wide for its height as the picture

Spot = tuple[int, int]
Point = list[float]
Places = dict[str, Point]


class Box(NamedTuple):
    """A rectangle, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def at(self, x: float, y: float) -> Box:
        """Return this box moved by x and y."""
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than a side."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


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
    lines = textwrap.wrap(" ".join(label.split()), _WRAP, break_on_hyphens=False) or [""]
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
    graph = _simple(network)
    return _pack([_arrange(graph, component) for component in nx.connected_components(graph)])


def hubs(network: nx.MultiDiGraph[str]) -> dict[str, str]:
    """Return, for every actor that stands around another one, that one."""
    rings = _rings(_simple(network), network)
    return {leaf: hub for hub, leaves in rings.items() for leaf in leaves}


def _simple(network: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    links = {(min(pair), max(pair)) for pair in network.edges() if pair[0] != pair[1]}
    graph: nx.Graph[str] = nx.Graph()
    for node in sorted(network):
        facts = network.nodes[node]
        graph.add_node(node, kind=str(facts.get("kind", "")), label=str(facts.get("label", "")))
    graph.add_edges_from(sorted(links))
    return graph


def _arrange(graph: nx.Graph[str], component: Iterable[str]) -> Piece:
    """Place one component around 0, 0."""
    rings = _rings(graph, component)
    core = sorted(set(component).difference(*rings.values()))
    boxes = {node: _room(**graph.nodes[node], ring=len(rings.get(node, ()))) for node in core}
    links = [(one, other) for one in core for other in sorted(graph[one]) if other in boxes]
    positions = _separate(_stress(links, boxes), boxes)
    squares = {spot for node in core for spot in _cells(boxes[node].at(*positions[node]), _SQUARE)}
    for one, other in links:
        squares.update(_crossed(positions[one], positions[other]))
    for hub, leaves in rings.items():
        x, y = positions[hub]
        around = _ring_spots(len(leaves), graph.nodes[hub]["kind"])
        for leaf, (a, b) in zip(leaves, around, strict=True):
            positions[leaf] = [x + a, y + b]
    return Piece(positions, frozenset(squares))


def _rings(graph: nx.Graph[str], component: Iterable[str]) -> dict[str, list[str]]:
    """Return, for every actor that has some, the actors that are linked to nobody else.

    A pole is never one of these: its label needs room.
    """
    rings: dict[str, list[str]] = {}
    for node in sorted(component, key=lambda node: (graph.nodes[node]["kind"], node)):
        if graph.nodes[node]["kind"] != "Pole" and graph.degree(node) == 1 and node not in rings:
            rings.setdefault(next(iter(graph[node])), []).append(node)
    return rings


def _ring_spots(count: int, kind: str) -> list[Spot]:
    """Return places around 0, 0, in rings that leave a gap below for the label."""
    spots: list[Spot] = []
    distance = _RING if kind == "Pole" else 2 * _RING // 3
    while len(spots) < count:
        room = max(2, int(math.radians(_SPAN) * distance / _SPACING))
        number = min(room, count - len(spots))
        for index in range(number):
            angle = math.radians(270 + (index + 0.5 - number / 2) * _SPAN / number)
            spots.append((round(distance * math.cos(angle)), round(distance * math.sin(angle))))
        distance += _NEXT_RING
    return spots


def _room(kind: str, label: str, ring: int) -> Box:
    """Return the room of an actor that stands at 0, 0, with those around it and its label."""
    size = radius(kind)
    parts = [Box(-size, -size, size, size)] + [Box(x, y, x, y) for x, y in _ring_spots(ring, kind)]
    if kind == "Pole":
        parts.append(label_box(label, kind))
    left, top, right, bottom = zip(*parts, strict=True)
    return Box(min(left) - _MARGIN, min(top) - _MARGIN, max(right) + _MARGIN, max(bottom) + _MARGIN)


def _stress(links: Iterable[tuple[str, str]], boxes: dict[str, Box]) -> Places:
    """Place actors so that they are as far apart as the shortest way between them is long."""
    draw = random.Random(0)  # noqa: S311 — a layout is no secret
    size = {node: (box.right - box.left + box.bottom - box.top) / 4 for node, box in boxes.items()}
    core: nx.Graph[str] = nx.Graph()
    core.add_nodes_from(boxes)
    for one, other in links:
        core.add_edge(one, other, length=size[one] + size[other] + _LINK)
    side = 100 * math.sqrt(len(boxes))
    positions = {node: [side * draw.random(), side * draw.random()] for node in boxes}
    pairs = sorted(_distances(core).items())
    pairs.sort(key=lambda _: draw.random())
    _descend([(positions[one], positions[other], length) for (one, other), length in pairs])
    wide, high = (max(values) - min(values) for values in zip(*positions.values(), strict=True))
    return {node: [x, y] if wide > high else [y, x] for node, (x, y) in positions.items()}


def _distances(core: nx.Graph[str]) -> dict[tuple[str, str], float]:
    """Return pairs of actors and the length of the shortest way between them.

    All pairs of a small component; in a large one the linked pairs, and every actor with some
    pivots, each far from those before it.
    """
    pairs: dict[tuple[str, str], float] = {}
    for one, other, facts in core.edges(data=True):
        pairs[min(one, other), max(one, other)] = facts["length"]
    nearest = dict.fromkeys(core, math.inf)
    pivot = max(core, key=lambda node: core.degree(node))
    for _ in range(len(core) if len(core) <= _ALL_PAIRS else _PIVOTS):
        lengths = nx.single_source_dijkstra_path_length(core, pivot, weight="length")
        for node, length in lengths.items():
            if node != pivot:
                pairs[min(pivot, node), max(pivot, node)] = length
            nearest[node] = min(nearest[node], length)
        pivot = max(core, key=nearest.__getitem__)
    return pairs


def _descend(pairs: list[tuple[Point, Point, float]]) -> None:
    """Move the two points of each pair towards their length, with steps that get smaller.

    Zheng, Pawar and Goodman, Graph Drawing by Stochastic Gradient Descent, 2018.
    """
    lengths = [length for _, _, length in pairs] or [1.0]
    longest, shortest = max(lengths), min(lengths)
    step = longest * longest
    ratio = round((0.1 * shortest * shortest / step) ** (1 / (_SWEEPS - 1)), 6)
    for _ in range(_SWEEPS):
        for one, other, length in pairs:
            x, y = one[0] - other[0], one[1] - other[1]
            distance = math.sqrt(x * x + y * y) or 1e-3
            share = min(1.0, step / (length * length)) * (distance - length) / (2 * distance)
            one[0] -= share * x
            one[1] -= share * y
            other[0] += share * x
            other[1] += share * y
        step *= ratio


def _separate(positions: Places, boxes: dict[str, Box]) -> Places:
    """Push boxes that overlap apart; when that is not enough, spread everything and push again."""
    points = [(positions[node], box) for node, box in boxes.items()]
    rounds = 0
    while _push(points):
        rounds += 1
        if rounds % _PATIENCE == 0:
            for number, (point, _) in enumerate(points):
                point[:] = [point[0] * 1.1 + number % 7, point[1] * 1.1]
    x, y = (math.fsum(values) / len(points) for values in zip(*positions.values(), strict=True))
    return {node: [float(round(a - x)), float(round(b - y))] for node, (a, b) in positions.items()}


def _push(points: list[tuple[Point, Box]]) -> bool:
    """Push every two boxes that overlap apart, the shorter way; return whether there was one."""
    cells: dict[Spot, list[int]] = {}
    places = [box.at(*point) for point, box in points]
    moved = False
    for number in range(len(points)):
        spots = _cells(places[number], _CELL)
        for near in sorted({near for spot in spots for near in cells.get(spot, ())}):
            if places[number].overlaps(places[near]):
                moved = True
                axis, way = _way_out(places[number], places[near])
                for one, side in ((number, 0.5), (near, -0.5)):
                    point, box = points[one]
                    point[axis] += way * side
                    places[one] = box.at(*point)
        for spot in spots:
            cells.setdefault(spot, []).append(number)
    return moved


def _way_out(box: Box, other: Box) -> tuple[int, float]:
    """Return the axis and the length of the shortest move that ends an overlap, and a bit more."""
    x = min(other.right - box.left + 2, other.left - box.right - 2, key=abs)
    y = min(other.bottom - box.top + 2, other.top - box.bottom - 2, key=abs)
    return (0, x) if abs(x) < abs(y) else (1, y)


def _cells(box: Box, side: Spot) -> list[Spot]:
    """Return the cells of a grid that a box touches."""
    columns = range(int(box.left // side[0]), int(box.right // side[0]) + 1)
    rows = range(int(box.top // side[1]), int(box.bottom // side[1]) + 1)
    return list(itertools.product(columns, rows))


def _crossed(start: Point, end: Point) -> Iterator[Spot]:
    """Yield the squares that a link runs through."""
    (x, y), (a, b) = start, end
    steps = int(max(abs(a - x), abs(b - y)) / _SQUARE[1] * 2) + 1
    for step in range(1, steps):
        across, down = x + (a - x) * step / steps, y + (b - y) * step / steps
        yield int(across // _SQUARE[0]), int(down // _SQUARE[1])


def _pack(pieces: list[Piece]) -> dict[str, Spot]:
    """Set components side by side, the largest in the middle, small ones in the gaps of large ones.

    The picture is cut into squares; a component takes those that its boxes and its links touch,
    and goes to the free place that is nearest to the middle.
    """
    moves: list[Spot] = []
    more = _moves()
    taken: set[Spot] = set()
    tried: dict[frozenset[Spot], int] = {}  # what was too small for a shape stays so
    placed: dict[str, Spot] = {}
    for piece in sorted(pieces, key=lambda piece: (-len(piece.squares), min(piece.positions))):
        for number in itertools.count(tried.get(piece.squares, 0)):
            if number == len(moves):
                moves.append(next(more))
            x, y = moves[number]
            if not any((column + x, row + y) in taken for column, row in piece.squares):
                break
        tried[piece.squares] = number
        taken.update((column + x, row + y) for column, row in piece.squares)
        for node, (a, b) in piece.positions.items():
            placed[node] = (round(a) + x * _SQUARE[0], round(b) + y * _SQUARE[1])
    return dict(sorted(placed.items()))


def _moves() -> Iterator[Spot]:
    """Yield every move in squares: frame after frame, each from its nearest to its corners."""
    for distance in itertools.count():
        sides = {(a, b) for a in (-distance, distance) for b in range(-distance, distance + 1)}
        frame = sides | {(b, a) for a, b in sides}
        yield from sorted(frame, key=lambda move: (move[0] ** 2 + move[1] ** 2, move))

"""Where every actor stands in the picture: computed before, the same integers on every machine.

What has a single link stands in rings around the actor it is linked to; the others are placed so that
two of them are as far apart as the shortest way between them is long (stress, by descent on one pair
at a time); boxes that overlap, labels included, are pushed apart; the components are packed side by
side. Only + - * / and square roots are iterated on, which every machine rounds alike.
"""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections import deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["LABEL_SIZE", "Box", "label_box", "label_lines", "place", "radius"]

LABEL_SIZE = 14
"""Size of a label, in the unit of the positions."""

_LINE, _CHARACTER, _WRAP, _LINES = 17, 8, 20, 3
_RADII = {"Pole": 17, "Collaboration": 11}
_RADIUS = 9
_MARGIN = 12
_RING, _NEXT_RING, _SPACING, _GAP = 74, 34, 34, 160  # the gap, in degrees, is where the label is
_LINK = 36
_ALL_PAIRS = 250
_PIVOTS = 24
_SWEEPS = 20
_ASPECT = 1.3
_CELL, _SQUARE = 240, 48
_PATIENCE = 12

Neighbours = Mapping[str, list[str]]
Point = tuple[float, float]


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
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Piece(NamedTuple):
    """A component that is placed, and what of it takes room."""

    positions: dict[str, Point]
    boxes: list[Box]
    lines: list[tuple[Point, Point]]


def radius(kind: str) -> int:
    """Return half the width of the symbol of this kind of actor."""
    return _RADII.get(kind, _RADIUS)


def label_lines(label: str) -> list[str]:
    """Break a label into at most three lines, the last one cut with … when it does not fit.

    >>> label_lines("Pôle territorial de coopération économique")
    ['Pôle territorial de', 'coopération', 'économique']
    """
    lines: list[str] = []
    words = deque(label.split())
    while words:
        word = words.popleft()
        if len(word) > _WRAP:
            words.appendleft(word[_WRAP:])
            word = word[:_WRAP]
        if lines and len(lines[-1]) + 1 + len(word) <= _WRAP:
            lines[-1] += " " + word
        else:
            lines.append(word)
    if len(lines) > _LINES:
        lines = lines[:_LINES]
        lines[-1] = lines[-1][: _WRAP - 1] + "…"
    return lines or [""]


def label_box(label: str, kind: str) -> Box:
    """Return the room that a label takes under the symbol of an actor that stands at 0, 0."""
    lines = label_lines(label)
    half = max(map(len, lines)) * _CHARACTER / 2
    top = radius(kind) + 2
    return Box(-half, top, half, top + len(lines) * _LINE)


def place(network: nx.MultiDiGraph) -> dict[str, tuple[int, int]]:
    """Return x and y, y downwards, for every actor.

    The same network gives the same integers, whatever the order in which it was filled.
    """
    kinds = {node: str(kind) for node, kind in sorted(network.nodes(data="kind", default=""))}
    labels = {node: str(label) for node, label in network.nodes(data="label", default="")}
    around: dict[str, set[str]] = {node: set() for node in kinds}
    for source, target in network.edges():
        if source != target:
            around[source].add(target)
            around[target].add(source)
    neighbours = {node: sorted(others) for node, others in around.items()}
    pieces = [_arrange(piece, neighbours, kinds, labels) for piece in _components(neighbours)]
    return _pack(pieces)


def _components(neighbours: Neighbours) -> list[list[str]]:
    """Return the connected components, each in the order of a walk from its first actor."""
    seen: set[str] = set()
    components = []
    for start in neighbours:
        if start in seen:
            continue
        seen.add(start)
        component = [start]
        for node in component:
            fresh = [other for other in neighbours[node] if other not in seen]
            seen.update(fresh)
            component += fresh
        components.append(component)
    return components


def _arrange(
    component: list[str],
    neighbours: Neighbours,
    kinds: Mapping[str, str],
    labels: Mapping[str, str],
) -> Piece:
    """Place one component around 0, 0."""
    rings = _rings(component, neighbours, kinds)
    core = sorted(set(component).difference(*rings.values()))
    boxes = {}
    for node in core:
        spots = _ring_spots(len(rings.get(node, ())), kinds[node])
        parts = [Box(x, y, x, y) for x, y in spots]
        size = radius(kinds[node])
        parts.append(Box(-size, -size, size, size))
        if kinds[node] == "Pole":
            parts.append(label_box(labels[node], kinds[node]))
        around = _union(parts)
        boxes[node] = Box(
            around.left - _MARGIN,
            around.top - _MARGIN,
            around.right + _MARGIN,
            around.bottom + _MARGIN,
        )
    positions = _separate(_stress(core, neighbours, boxes), boxes)
    room = [boxes[node].at(*positions[node]) for node in core]
    lines = [
        (positions[node], positions[other])
        for node in core
        for other in neighbours[node]
        if node < other and other in positions
    ]
    for hub, leaves in sorted(rings.items()):
        x, y = positions[hub]
        spots = _ring_spots(len(leaves), kinds[hub])
        positions.update({leaf: (x + a, y + b) for leaf, (a, b) in zip(leaves, spots, strict=True)})
    return Piece(positions, room, lines)


def _rings(
    component: list[str], neighbours: Neighbours, kinds: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return, for every actor that has some, the actors that are linked to nobody else.

    A pole is never one of these: its label needs room.
    """
    rings: dict[str, list[str]] = {}
    for node in sorted(component, key=lambda node: (kinds[node], node)):
        if kinds[node] == "Pole" or len(neighbours[node]) != 1:
            continue
        hub = neighbours[node][0]
        if hub not in rings.get(node, ()) and node not in rings:
            rings.setdefault(hub, []).append(node)
    return rings


def _ring_spots(count: int, kind: str) -> list[tuple[int, int]]:
    """Return places around 0, 0, in rings that leave a gap below for the label."""
    spots: list[tuple[int, int]] = []
    span = 360 - _GAP
    distance = _RING if kind == "Pole" else 2 * _RING // 3
    while len(spots) < count:
        room = max(2, int(2 * math.pi * distance * span / 360 / _SPACING))
        number = min(room, count - len(spots))
        for index in range(number):
            angle = math.radians(90 + _GAP / 2 + (index + 0.5) * span / number)
            spots.append((round(distance * math.cos(angle)), round(distance * math.sin(angle))))
        distance += _NEXT_RING
    return spots


def _union(boxes: Iterable[Box]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return Box(min(left), min(top), max(right), max(bottom))


def _stress(
    core: list[str], neighbours: Neighbours, boxes: Mapping[str, Box]
) -> dict[str, Point]:
    """Place actors so that they are as far apart as the shortest way between them is long."""
    draw = random.Random(0)
    size = {node: (box.right - box.left + box.bottom - box.top) / 4 for node, box in boxes.items()}
    index = {node: number for number, node in enumerate(core)}
    links = [
        [(index[other], size[node] + size[other] + _LINK) for other in neighbours[node] if other in index]
        for node in core
    ]
    side = 100 * math.sqrt(len(core))
    xs = [side * draw.random() for _ in core]
    ys = [side * draw.random() for _ in core]
    pairs = _pairs(links)
    pairs = [pair for _, pair in sorted((draw.random(), pair) for pair in pairs)]
    if pairs:
        _descend(xs, ys, pairs)
    return {node: (xs[number], ys[number]) for node, number in index.items()}


def _pairs(links: list[list[tuple[int, float]]]) -> list[tuple[int, int, float]]:
    """Return pairs of actors and the length of the shortest way between them.

    All pairs of a small component; in a large one the linked pairs, and every actor with some
    pivots, each far from those before it.
    """
    count = len(links)
    if count <= _ALL_PAIRS:
        return [
            (start, end, length)
            for start in range(count)
            for end, length in enumerate(_shortest(links, start))
            if start < end
        ]
    pairs = {
        (min(start, end), max(start, end)): length
        for start, ends in enumerate(links)
        for end, length in ends
    }
    nearest = [math.inf] * count
    pivot = max(range(count), key=lambda number: len(links[number]))
    for _ in range(_PIVOTS):
        lengths = _shortest(links, pivot)
        pairs.update(
            {(min(pivot, end), max(pivot, end)): lengths[end] for end in range(count) if end != pivot}
        )
        nearest = [min(pair) for pair in zip(nearest, lengths, strict=True)]
        pivot = max(range(count), key=nearest.__getitem__)
    return [(start, end, length) for (start, end), length in pairs.items()]


def _shortest(links: list[list[tuple[int, float]]], start: int) -> list[float]:
    """Return the length of the shortest way from one actor to every other (Dijkstra)."""
    lengths = [math.inf] * len(links)
    lengths[start] = 0.0
    queue = [(0.0, start)]
    while queue:
        length, node = heapq.heappop(queue)
        if length > lengths[node]:
            continue
        for other, step in links[node]:
            if length + step < lengths[other]:
                lengths[other] = length + step
                heapq.heappush(queue, (length + step, other))
    return lengths


def _descend(xs: list[float], ys: list[float], pairs: list[tuple[int, int, float]]) -> None:
    """Move the two actors of each pair towards their length, with steps that get smaller.

    Zheng, Pawar and Goodman, Graph Drawing by Stochastic Gradient Descent, 2018.
    """
    longest = max(length for _, _, length in pairs)
    shortest = min(length for _, _, length in pairs)
    step = longest * longest
    ratio = round((0.1 * shortest * shortest / step) ** (1 / (_SWEEPS - 1)), 6)
    for _ in range(_SWEEPS):
        for one, other, length in pairs:
            x, y = xs[one] - xs[other], ys[one] - ys[other]
            distance = math.sqrt(x * x + y * y) or 1e-3
            share = min(1.0, step / (length * length)) * (distance - length) / (2 * distance)
            xs[one] -= share * x
            ys[one] -= share * y
            xs[other] += share * x
            ys[other] += share * y
        step *= ratio


def _separate(positions: dict[str, Point], boxes: Mapping[str, Box]) -> dict[str, Point]:
    """Push boxes that overlap apart; when that is not enough, spread everything and push again."""
    nodes = sorted(positions)
    xs = [positions[node][0] for node in nodes]
    ys = [positions[node][1] for node in nodes]
    shapes = [boxes[node] for node in nodes]
    rounds = 0
    while _push(xs, ys, shapes):
        rounds += 1
        if rounds % _PATIENCE == 0:
            xs = [x * 1.1 + number % 7 for number, x in enumerate(xs)]
            ys = [y * 1.1 for y in ys]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    middle = zip(nodes, xs, ys, strict=True)
    return {node: (float(round(a - x)), float(round(b - y))) for node, a, b in middle}


def _push(xs: list[float], ys: list[float], shapes: list[Box]) -> bool:
    """Push every two boxes that overlap apart, the shorter way; return whether there was one."""
    cells: dict[tuple[int, int], list[int]] = {}
    moved = False
    for one, (left, top, right, bottom) in enumerate(shapes):
        x, y = xs[one], ys[one]
        spots = _cells(Box(left + x, top + y, right + x, bottom + y), _CELL)
        for other in sorted({number for spot in spots for number in cells.get(spot, ())}):
            shape = shapes[other]
            dx, dy = x - xs[other], y - ys[other]
            across = min(right - shape.left + dx, shape.right - left - dx)
            down = min(bottom - shape.top + dy, shape.bottom - top - dy)
            if across <= 0 or down <= 0:
                continue
            moved = True
            if across < down:
                middle = left + right - shape.left - shape.right + 2 * dx
                shift = (across + 2) / 2 * (1 if middle > 0 else -1)
                x += shift
                xs[other] -= shift
            else:
                middle = top + bottom - shape.top - shape.bottom + 2 * dy
                shift = (down + 2) / 2 * (1 if middle > 0 else -1)
                y += shift
                ys[other] -= shift
        xs[one], ys[one] = x, y
        for spot in spots:
            cells.setdefault(spot, []).append(one)
    return moved


def _cells(box: Box, side: int) -> list[tuple[int, int]]:
    """Return the squares of a grid that a box touches."""
    columns = range(int(box.left // side), int(box.right // side) + 1)
    rows = range(int(box.top // side), int(box.bottom // side) + 1)
    return [(column, row) for column in columns for row in rows]


def _pack(pieces: list[Piece]) -> dict[str, tuple[int, int]]:
    """Set components side by side, the largest in the middle, small ones in the gaps of large ones.

    The picture is cut into squares; a component takes those that its boxes and its links touch,
    and goes to the free place that is nearest to the middle.
    """
    shapes = [(piece, _squares(piece)) for piece in pieces]
    shapes.sort(key=lambda shape: (-len(shape[1]), min(shape[0].positions)))
    rings = (move for distance in itertools.count() for move in _ring(distance))
    moves: list[tuple[int, int]] = []
    taken: set[tuple[int, int]] = set()
    tried: dict[frozenset[tuple[int, int]], int] = {}  # what was too small for a shape stays so
    placed: dict[str, tuple[int, int]] = {}
    for piece, squares in shapes:
        for number in itertools.count(tried.get(squares, 0)):
            if number == len(moves):
                moves.append(next(rings))
            across, down = moves[number]
            if not any((column + across, row + down) in taken for column, row in squares):
                break
        tried[squares] = number
        taken.update((column + across, row + down) for column, row in squares)
        for node, (x, y) in piece.positions.items():
            placed[node] = (round(x) + across * _SQUARE, round(y) + down * _SQUARE)
    return dict(sorted(placed.items()))


def _squares(piece: Piece) -> frozenset[tuple[int, int]]:
    """Return the squares that the boxes and the links of a component touch."""
    squares = {spot for box in piece.boxes for spot in _cells(box, _SQUARE)}
    for (x, y), (a, b) in piece.lines:
        steps = int(max(abs(a - x), abs(b - y)) / _SQUARE * 2) + 1
        for step in range(1, steps):
            part = step / steps
            squares.add((int((x + (a - x) * part) // _SQUARE), int((y + (b - y) * part) // _SQUARE)))
    return frozenset(squares)


def _ring(distance: int) -> list[tuple[int, int]]:
    """Return the moves, in squares, to a frame so far from the middle, its middles first."""
    wide = int(distance * _ASPECT)
    inner = int((distance - 1) * _ASPECT) if distance else -1
    moves = [(x, y) for y in (-distance, distance) for x in range(-wide, wide + 1)]
    for x in range(inner + 1, wide + 1):
        moves += [(side * x, y) for side in (-1, 1) for y in range(1 - distance, distance)]
    return sorted(set(moves), key=lambda move: (move[0] ** 2 + move[1] ** 2, move))

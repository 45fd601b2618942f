"""Moving the points of a drawing: as far apart as the way between them is long, no box on another.

Small components are moved pair after pair, all of them at once; large ones many pairs at a time.
Both give the same numbers on every machine: sums are added in order.
"""

from __future__ import annotations

import math
import random
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Box", "Point", "settle"]

_LINK = 36
_ALL_PAIRS, _PIVOTS = 100, 24
_FEW = 200  # pairs up to which a component is moved together with others
_SWEEPS, _BATCHES = 20, 8
_MANY, _PATIENCE, _IMPATIENCE = 1_000, 12, 4  # many boxes need room more than pushes
_FAR = 1e9  # between drawings that are worked on together

Point = list[float]
Links = list[tuple[int, int]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]


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


class _Task(NamedTuple):
    """Pairs of points of a component and how far apart they are to be, in the order of the work."""

    points: Floats
    ones: Numbers
    others: Numbers
    lengths: Floats


def settle(components: list[tuple[Links, list[Box]]]) -> list[list[Point]]:
    """Return the places of the boxes of each component, around 0, 0.

    Args:
        components: for each, links between boxes by their numbers, and the boxes.
    """
    tasks = [_task(links, boxes) for links, boxes in components]
    _descend_together([task for task in tasks if len(task.lengths) <= _FEW])
    _descend_large([task for task in tasks if len(task.points) > _ALL_PAIRS])
    for task in tasks:
        if len(task.points) <= _ALL_PAIRS and len(task.lengths) > _FEW:
            _descend(task)
    drawings = [
        (_turned(task.points), boxes) for task, (_, boxes) in zip(tasks, components, strict=True)
    ]
    return [_centred(points) for points in _separate(drawings)] if drawings else []


def _task(links: Links, boxes: list[Box]) -> _Task:
    """Return where to start, and the pairs to move."""
    draw = random.Random(0)  # noqa: S311 — a layout is no secret
    side = 100 * math.sqrt(len(boxes))
    points = np.array([[side * draw.random(), side * draw.random()] for _ in boxes])
    sizes = [(box.right - box.left + box.bottom - box.top) / 4 for box in boxes]
    wanted = {pair: sizes[pair[0]] + sizes[pair[1]] + _LINK for pair in links}
    if len(boxes) == 1:
        return _Task(points, *(np.empty(0, np.int64),) * 2, np.empty(0))
    ones, others, lengths = _distances(wanted, len(boxes), points)
    order = np.argsort(np.array([draw.random() for _ in lengths]), kind="stable")
    return _Task(points, ones[order], others[order], lengths[order])


def _distances(
    wanted: dict[tuple[int, int], float], count: int, points: Floats
) -> tuple[Numbers, Numbers, Floats]:
    """Return pairs of points and the length of the shortest way between them.

    All pairs of a small component; in a large one the linked pairs, and every point with some
    pivots, each far from those before it; the first of these say where its points start.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    ones, others = (np.array([pair[end] for pair in wanted], np.int64) for end in (0, 1))
    lengths = np.array([*wanted.values()])
    matrix = csr_array((lengths, (ones, others)), shape=(count, count))
    if count <= _ALL_PAIRS:
        ways = dijkstra(matrix, directed=False)
        upper = np.triu_indices(count, 1)
        return *upper, ways[upper]
    degrees = np.bincount(np.concatenate([ones, others]), minlength=count)
    nearest, pivot = np.full(count, np.inf), int(degrees.argmax())
    parts, everyone, rows = [(ones, others, lengths)], np.arange(count), []
    for _ in range(_PIVOTS):
        row = dijkstra(matrix, directed=False, indices=pivot)
        rows.append(row)
        rest = everyone != pivot
        parts.append((np.full(count - 1, pivot), everyone[rest], row[rest]))
        nearest = np.minimum(nearest, row)
        pivot = int(nearest.argmax())
    points[:, 0] = (rows[1] - rows[2]) / 2 + points[:, 0] / 1000
    points[:, 1] = (rows[3] - rows[4]) / 2 + points[:, 1] / 1000
    joined = [np.concatenate(part) for part in zip(*parts, strict=True)]
    return joined[0], joined[1], joined[2]


def _steps(lengths: Floats) -> list[float]:
    """Return the sizes of the steps, which get smaller.

    Zheng, Pawar and Goodman, Graph Drawing by Stochastic Gradient Descent, 2018.
    """
    longest, shortest = (float(lengths.max()), float(lengths.min())) if len(lengths) else (1.0, 1.0)
    ratio = round((0.1 * shortest * shortest / (longest * longest)) ** (1 / (_SWEEPS - 1)), 6)
    steps = [longest * longest]
    for _ in range(_SWEEPS - 1):
        steps.append(steps[-1] * ratio)
    return steps


def _descend(task: _Task) -> None:
    """Move the two points of each pair towards their length, pair after pair."""
    points = task.points.tolist()
    pairs = [
        (points[one], points[other], length)
        for one, other, length in zip(
            task.ones.tolist(), task.others.tolist(), task.lengths.tolist(), strict=True
        )
    ]
    for step in _steps(task.lengths):
        for one, other, length in pairs:
            x, y = one[0] - other[0], one[1] - other[1]
            distance = math.sqrt(x * x + y * y) or 1e-3
            share = min(1.0, step / (length * length)) * (distance - length) / (2 * distance)
            one[0] -= share * x
            one[1] -= share * y
            other[0] += share * x
            other[1] += share * y
    task.points[:] = points


def _descend_together(tasks: list[_Task]) -> None:
    """Do the same to many small components: their n-th pairs have no point in common."""
    tasks = sorted(
        (task for task in tasks if len(task.lengths)), key=lambda task: -len(task.lengths)
    )
    if not tasks:
        return
    firsts = np.cumsum([0, *(len(task.points) for task in tasks)])
    points = np.concatenate([task.points for task in tasks])
    steps = np.array([_steps(task.lengths) for task in tasks])
    counts = np.array([len(task.lengths) for task in tasks])
    rounds = []
    for number in range(int(counts[0])):
        working = int((counts > number).sum())
        chosen = tasks[:working]
        rounds.append(
            (
                np.array([task.ones[number] for task in chosen]) + firsts[:working],
                np.array([task.others[number] for task in chosen]) + firsts[:working],
                np.array([task.lengths[number] for task in chosen]),
            )
        )
    for sweep in range(_SWEEPS):
        for ones, others, lengths in rounds:
            shift = _shift(points, ones, others, lengths, steps[: len(ones), sweep])
            points[ones] -= shift
            points[others] += shift
    for task, first in zip(tasks, firsts, strict=False):
        task.points[:] = points[first : first + len(task.points)]


def _shift(
    points: Floats, ones: Numbers, others: Numbers, lengths: Floats, step: Floats | float
) -> Floats:
    """Return how far each pair is to be moved, half by one point and half by the other."""
    apart = points[ones] - points[others]
    distance = np.sqrt(apart[:, 0] * apart[:, 0] + apart[:, 1] * apart[:, 1])
    distance[distance == 0] = 1e-3
    share = np.minimum(1.0, step / (lengths * lengths)) * (distance - lengths) / (2 * distance)
    shift: Floats = apart * share[:, None]
    return shift


def _descend_large(tasks: list[_Task]) -> None:
    """Move many pairs at a time; a point of several pairs goes where they want it in the mean."""
    if not tasks:
        return
    firsts = np.cumsum([0, *(len(task.points) for task in tasks)])
    points = np.concatenate([task.points for task in tasks])
    steps = np.array([_steps(task.lengths) for task in tasks])
    batches = []
    for batch in (slice(first, None, _BATCHES) for first in range(_BATCHES)):
        ones, others = (
            np.concatenate(
                [pair[end][batch] + first for pair, first in zip(tasks, firsts, strict=False)]
            )
            for end in (1, 2)
        )
        owners = np.repeat(np.arange(len(tasks)), [len(task.lengths[batch]) for task in tasks])
        lengths = np.concatenate([task.lengths[batch] for task in tasks])
        batches.append((ones, others, lengths, owners))
    for sweep in range(_SWEEPS):
        for ones, others, lengths, owners in batches:
            shift = _shift(points, ones, others, lengths, steps[owners, sweep])
            _move(points, np.concatenate([ones, others]), np.concatenate([-shift, shift]))
    for task, first in zip(tasks, firsts, strict=False):
        task.points[:] = points[first : first + len(task.points)]


def _move(points: Floats, ends: Numbers, shifts: Floats) -> None:
    """Add to each point the mean of its shifts."""
    many = np.maximum(1, np.bincount(ends, minlength=len(points)))
    for axis in (0, 1):
        points[:, axis] += np.bincount(ends, weights=shifts[:, axis], minlength=len(points)) / many


def _turned(points: Floats) -> Floats:
    """Return a drawing that is wider than high."""
    wide, high = points.max(axis=0) - points.min(axis=0)
    return points if wide > high else points[:, ::-1].copy()


def _centred(points: Floats) -> list[Point]:
    x, y = (math.fsum(points[:, axis]) / len(points) for axis in (0, 1))
    return [[float(round(a - x)), float(round(b - y))] for a, b in points.tolist()]


def _separate(drawings: list[tuple[Floats, list[Box]]]) -> list[Floats]:
    """Push boxes of each drawing that overlap apart; when that is not enough, spread it and push.

    All drawings are pushed at once, each as if it were alone.
    """
    counts = np.array([len(boxes) for _, boxes in drawings])
    points = np.concatenate([points for points, _ in drawings])
    sides = np.concatenate([np.array(boxes) for _, boxes in drawings])
    owners = np.repeat(np.arange(len(counts)), counts)
    uneven = np.concatenate([np.arange(count) % 7 for count in counts])
    patience = np.where(counts <= _MANY, _PATIENCE, _IMPATIENCE)[owners]
    moving, rounds = np.flatnonzero(counts[owners] > 1), 0
    while len(moving):
        some = points[moving]
        hit = _push(some, sides[moving], owners[moving])
        points[moving] = some
        rounds += 1
        moving = moving[np.isin(owners[moving], hit)]
        spread = moving[rounds % patience[moving] == 0]
        points[spread] *= 1.1
        points[spread, 0] += uneven[spread]
    return np.split(points, np.cumsum(counts)[:-1])


def _push(points: Floats, sides: Floats, owners: Numbers) -> Numbers:
    """Push every two boxes that overlap apart, the shorter way; return where there were some."""
    ones, others = _near(points, sides, owners)
    low, high = points + sides[:, :2], points + sides[:, 2:]
    more, less = high[others] - low[ones], low[others] - high[ones]
    hit = ((more > 0) & (less < 0)).all(axis=1)
    ones, others, more, less = ones[hit], others[hit], more[hit] + 2, less[hit] - 2
    way = np.where(np.abs(more) < np.abs(less), more, less)
    across = np.abs(way[:, 0]) < np.abs(way[:, 1])
    shift = np.where(np.stack([across, ~across], axis=1), way, 0) / 2
    _move(points, np.concatenate([ones, others]), np.concatenate([shift, -shift]))
    return np.unique(owners[ones])


def _near(points: Floats, sides: Floats, owners: Numbers) -> tuple[Numbers, Numbers]:
    """Return the pairs of boxes of one drawing that may overlap, each once."""
    from scipy.spatial import cKDTree

    middles = np.column_stack([points + (sides[:, :2] + sides[:, 2:]) / 2, owners * _FAR])
    reach = np.column_stack([(sides[:, 2:] - sides[:, :2]) / 2, np.ones(len(points))])
    longest = reach.max(axis=1)
    large = longest > 3 * np.median(longest)
    small, wide = np.flatnonzero(~large), np.flatnonzero(large)
    unit = reach[small].max(axis=0)  # boxes are wider than high
    tree = cKDTree(middles[small] / unit)
    pairs = [small[tree.query_pairs(2, p=np.inf, output_type="ndarray")]]
    if len(wide):
        among = cKDTree(middles[wide] / reach.max(axis=0))
        pairs.append(wide[among.query_pairs(2, p=np.inf, output_type="ndarray")])
        around = 1 + float((reach[wide] / unit).max())
        near = cKDTree(middles[wide] / unit).sparse_distance_matrix(
            tree, around, p=np.inf, output_type="ndarray"
        )
        pairs.append(np.stack([wide[near["i"]], small[near["j"]]], axis=1))
    joined = np.sort(np.concatenate(pairs).reshape(-1, 2), axis=1)
    joined = joined[np.lexsort((joined[:, 1], joined[:, 0]))]
    return joined[:, 0], joined[:, 1]

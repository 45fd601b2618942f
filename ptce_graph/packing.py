"""Setting pieces side by side on a plane that is cut into squares."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np

__all__ = ["SQUARE", "pack"]

SQUARE = (44, 34)
"""Width and height of a square: as wide for its height as the picture."""

_MOVES = (64, 4096)  # tried at once: at first, and at most
_MOST = 25_000  # squares of all shapes beyond which coarser ones are used

Spot = tuple[int, int]


def pack(shapes: list[frozenset[Spot]]) -> list[Spot]:
    """Return for each shape, a set of squares, the move to the free place nearest to the middle.

    A shape takes its squares from those that come after it.
    """
    if sum(map(len, shapes)) > _MOST:
        coarse = [frozenset((x // 2, y // 2) for x, y in shape) for shape in shapes]
        return [(2 * x, 2 * y) for x, y in pack(coarse)]
    sheet = _Sheet()
    tried: dict[frozenset[Spot], int] = {}  # what was too small for a shape stays so
    moves = []
    for shape in shapes:
        number, move = sheet.first(shape, tried.get(shape, 0))
        tried[shape] = number
        moves.append(move)
    return moves


class _Sheet:
    """The squares that are taken, and the moves from the middle outwards."""

    def __init__(self) -> None:
        self._reach = 256
        self._taken = np.zeros((513, 513), dtype=bool)
        self._moves = np.empty((0, 2), dtype=np.int64)
        self._open = np.empty(0, dtype=np.int64)  # numbers of moves to squares that were free
        self._more = _moves()

    def first(self, shape: frozenset[Spot], start: int) -> tuple[int, Spot]:
        """Take the squares of a shape where there is room; return the move and its number."""
        squares = np.array(_scattered(shape), dtype=np.int64)
        middle = (0, 0) in shape
        many, last = _MOVES
        while True:
            numbers = self._some(start, many, middle)
            moves = self._moves[numbers]
            self._reach_to(int(np.abs(squares).max(initial=0) + np.abs(moves).max(initial=0)))
            free = np.arange(len(moves))
            for square in squares:
                spots = moves[free] + (square + self._reach)
                free = free[~self._taken[spots[:, 0], spots[:, 1]]]
                if not len(free):
                    break
            else:
                move = moves[free[0]]
                self._taken[tuple((squares + move + self._reach).T)] = True
                return int(numbers[free[0]]), (int(move[0]), int(move[1]))
            start = int(numbers[-1]) + 1
            many = min(many * 4, last)

    def _some(self, start: int, many: int, middle: bool) -> np.ndarray:
        """Return the numbers of the next moves, to free squares if the middle needs one."""
        while len(self._moves) < start + many:
            frame = np.array(next(self._more), dtype=np.int64)
            self._open = np.concatenate([self._open, len(self._moves) + np.arange(len(frame))])
            self._moves = np.concatenate([self._moves, frame])
        if not middle:
            return np.arange(start, start + many)
        place = int(np.searchsorted(self._open, start))
        found = self._open[place : place + many]
        spots = self._moves[found] + self._reach
        inside = (spots >= 0).all(axis=1) & (spots < len(self._taken)).all(axis=1)
        taken = np.zeros(len(found), dtype=bool)
        taken[inside] = self._taken[spots[inside, 0], spots[inside, 1]]
        if taken.any():
            self._open = np.delete(self._open, place + np.flatnonzero(taken))
            found = found[~taken]
        return found if len(found) else self._some(start, 2 * many, middle)

    def _reach_to(self, distance: int) -> None:
        if distance <= self._reach:
            return
        more = max(distance, 2 * self._reach) - self._reach
        self._taken = np.pad(self._taken, more)
        self._reach += more


def _scattered(shape: frozenset[Spot]) -> list[Spot]:
    """Return the squares of a shape so that the first ones are far from each other."""
    squares = sorted(shape)
    step = max(1, round(len(squares) * 0.618))
    while math.gcd(step, len(squares)) != 1:
        step += 1
    return [squares[number * step % len(squares)] for number in range(len(squares))]


def _moves() -> Iterator[list[Spot]]:
    """Yield every move in squares: frame after frame, each from its nearest to its corners."""
    for distance in itertools.count():
        sides = {(a, b) for a in (-distance, distance) for b in range(-distance, distance + 1)}
        frame = sides | {(b, a) for a, b in sides}
        yield sorted(frame, key=lambda move: (move[0] ** 2 + move[1] ** 2, move))

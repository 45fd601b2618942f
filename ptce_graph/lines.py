"""Lines in order, each once: in memory, or in files of their own where they are many."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from typing import Any

PART = 1_000_000
"""Number of lines that are sorted in memory; some 300 MB."""


def sort_lines(
    lines: Iterable[bytes], key: Callable[[bytes], Any] | None = None
) -> Iterator[bytes]:
    """Yield lines in order, each once, with the memory of PART lines.

    >>> list(sort_lines([b"b", b"a", b"b"]))
    [b'a', b'b']

    Args:
        lines: in any order, each but the last with its end.
        key: what to sort by; two lines have the same only when they are the same.
    """
    source = iter(lines)
    with ExitStack() as stack:
        runs: list[Iterable[bytes]] = []
        while part := list(islice(source, PART)):
            run = sorted(set(part), key=key)
            if len(part) < PART and not runs:
                yield from run
                return
            file = stack.enter_context(tempfile.TemporaryFile())
            file.writelines(run)
            file.seek(0)
            runs.append(file)
            del part, run
        for line, _ in groupby(heapq.merge(*runs, key=key)):
            yield line

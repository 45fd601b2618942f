"""Lines in order, each once: in memory, or in files of their own where they are many."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import IO, Any

PART = 1_000_000
"""Number of lines that are sorted in memory; some 300 MB."""

_BLOCK = 1 << 22


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
        runs: list[IO[bytes]] = []
        while part := list(islice(source, PART)):
            count = len(part)
            part.sort(key=key)  # quick where lines stand in order already
            run = list(dict.fromkeys(part))
            if count < PART and not runs:
                yield from run
                return
            file = stack.enter_context(tempfile.TemporaryFile())
            file.writelines(run)
            file.seek(0)
            runs.append(file)
            del part, run
        yield from _merged(runs, key)


def _merged(files: list[IO[bytes]], key: Callable[[bytes], Any] | None) -> Iterator[bytes]:
    """Yield the lines of sorted files in order, each once: as many at a time as surely come next.

    Sorting lists that are sorted already, one after the other, is quick.
    """
    held: dict[IO[bytes], list[bytes]] = {file: [] for file in files}
    while held:
        for file in files:
            if file in held and not held[file]:
                held[file] = file.readlines(_BLOCK)
                if not held[file]:
                    del held[file]
        if not held:
            return
        last = min((lines[-1] for lines in held.values()), key=key)
        bound = key(last) if key else last
        ready: list[bytes] = []
        for file, lines in held.items():
            place = bisect_right(lines, bound, key=key)
            ready += lines[:place]
            held[file] = lines[place:]
        yield from dict.fromkeys(sorted(ready, key=key))

"""What one query, and one client, may take of the server."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a server; each answers with a status and a body that names it.

    Attributes:
        time: seconds that an answer may take, its sending included.
        memory: megabytes that a query may take beyond the graph itself.
        result: megabytes of an answer.
        query: bytes of a query.
        nesting: depth of brackets of a query.
        workers: processes that answer at the same time.
        queue: requests that wait for one of them.
        rate: requests per second of one client, 0 for any; ten seconds may come at once.
        connections: connections of one client.
        patience: seconds for a request to come in, and for a reader to take a part of an answer.
        services: addresses that SERVICE may ask; none by default.
    """

    time: float = 30.0
    memory: int = 1024
    result: int = 512
    query: int = 100_000
    nesting: int = 100
    workers: int = field(default_factory=lambda: 4 * (os.cpu_count() or 1))
    queue: int = 1000
    rate: float = 50.0
    connections: int = 100
    patience: float = 20.0
    services: tuple[str, ...] = ()

    @property
    def share(self) -> int:
        """Workers that one client may hold at the same time: never all of them."""
        return max(1, self.workers // 2)

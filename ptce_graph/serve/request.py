"""One request, as those who answer it see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ptce_graph.serve import media
from ptce_graph.serve.exchange import header
from ptce_graph.serve.pool import Pool
from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.sparql import Receive

_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")


@dataclass(slots=True)
class Request:
    """One request.

    Attributes:
        scope: the request as ASGI has it.
        receive: what gives its body.
        path: its path, as it would be below the root.
        client: who asks.
        pool: who answers.
    """

    scope: Any
    receive: Receive
    path: str
    client: str
    pool: Pool

    @property
    def accept(self) -> str:
        """The Accept header."""
        return header(self.scope, b"accept")

    @property
    def language(self) -> str:
        """The language that the client prefers, fr or en."""
        return media.language(header(self.scope, b"accept-language"))

    @property
    def origin(self) -> str:
        """Where this server is for the client: scheme and host.

        Raises:
            Refusal: the Host header is none.
        """
        host = header(self.scope, b"host")
        if not _HOST.fullmatch(host):
            raise Refusal(400, "the Host header is no host", "l'en-tête Host n'est pas un hôte")
        return f"{self.scope['scheme']}://{host}"

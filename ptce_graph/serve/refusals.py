"""Why a request is not answered: a status, a sentence in two languages, the limit that it met."""

from __future__ import annotations

import json

from ptce_graph.errors import PtceError

TITLES = {
    400: "Bad request",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    408: "Request timeout",
    413: "Too large",
    414: "Address too long",
    415: "Unsupported media type",
    429: "Too many requests",
    431: "Head too large",
    500: "Server error",
    503: "Unavailable",
    504: "Time limit",
    507: "Resource limit",
}
"""Status → what it is called in the body (RFC 9457)."""


class Refusal(PtceError):
    """A request that gets no answer.

    Attributes:
        status: the HTTP status.
        limit: the name of the limit that was met, or "".
        headers: more headers of the answer, as (name, value).
        more: more members of the body.
    """

    def __init__(
        self,
        status: int,
        message: str,
        french: str = "",
        *,
        limit: str = "",
        headers: tuple[tuple[bytes, bytes], ...] = (),
        more: dict[str, object] | None = None,
    ) -> None:
        super().__init__(message, french)
        self.status = status
        self.limit = limit
        self.headers = headers
        self.more = more or {}

    def body(self, language: str = "en") -> bytes:
        """Return the problem as JSON (RFC 9457).

        >>> Refusal(504, "more than 30 s", limit="time").body()
        b'{"title": "Time limit", "status": 504, "detail": "more than 30 s", "limit": "time"}'
        """
        problem: dict[str, object] = {
            "title": TITLES.get(self.status, "Error"),
            "status": self.status,
            "detail": self.describe(language),
        }
        if self.limit:
            problem["limit"] = self.limit
        return json.dumps(problem | self.more, ensure_ascii=False).encode()


def nothing(path: str) -> Refusal:
    """Return the refusal of a path at which there is nothing."""
    return Refusal(404, f"nothing is at {path}", f"rien ne se trouve à {path}")

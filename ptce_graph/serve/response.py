"""What is sent back, and the headers that every answer has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

DATA = b"default-src 'none'; frame-ancestors 'none'"
"""The content-security-policy of what is no page: nothing in it is ever run or shown."""

PAGE = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    b"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    b"frame-ancestors 'none'"
)
"""That of our pages: what they load comes from here, and nothing is run that stands in a page."""

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Response:
    """An answer to a request.

    Attributes:
        status: the HTTP status.
        media_type: of the body.
        body: the whole body, or its beginning.
        headers: more headers.
        pieces: what comes after the body.
        policy: content-security-policy.
    """

    status: int
    media_type: str = ""
    body: bytes = b""
    headers: Headers = field(default_factory=list)
    pieces: AsyncIterator[bytes] | None = None
    policy: bytes = DATA

    def head(self) -> Headers:
        """Return all headers: those of this answer and those that protect its reader."""
        headers = [*self.headers, *_ALWAYS]
        if self.status != 304:  # it would take the place of the policy of the page that is kept
            headers.append((b"content-security-policy", self.policy))
        if self.media_type:
            headers.append((b"content-type", self.media_type.encode()))
        if self.pieces is None and self.status not in (204, 304):
            headers.append((b"content-length", b"%d" % len(self.body)))
        return headers


_ALWAYS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, link, retry-after, content-location"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]

"""Addresses of services: what is sent to them, and what of them may be shown."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from ptce_graph.errors import EndpointError

_UNSAFE = re.compile(r"[^\x21-\x7e]")


class Address(NamedTuple):
    """Where a service is.

    Attributes:
        url: address without name and password.
        user: name that stood before the host, or "".
        password: what stood with it, or "".
    """

    url: str
    user: str = ""
    password: str = ""

    @property
    def shown(self) -> str:
        """The address as messages may show it: without what follows `?`, which may be a key."""
        return _shown(self.url)

    def moved(self, target: str) -> Address:
        """Return where a redirection leads; the password goes to no other host.

        >>> Address("https://example.org/sparql", "me", "secret").moved("https://example.com/")
        Address(url='https://example.com/', user='', password='')

        Raises:
            EndpointError: it is no address on the web, or is less secure than this one.
        """
        new, here = read_address(urljoin(self.url, target)), urlsplit(self.url)
        there = urlsplit(new.url)
        if here.scheme == "https" and there.scheme == "http":
            english = f"redirected to {new.shown}, which is not secure (give the final address)"
            french = f"redirigé vers {new.shown}, qui n'est pas sûr (donnez l'adresse finale)"
            message = f"{self.shown}: {english}"
            raise EndpointError(message, self.shown, french=f"{self.shown} : {french}")
        same = there[:2] == here[:2]
        return Address(new.url, self.user, self.password) if same else Address(new.url)


def read_address(url: str) -> Address:
    """Return the parts of an address.

    >>> read_address("https://me:secret@example.org/sparql?key=1").shown
    'https://example.org/sparql'

    Raises:
        EndpointError: it is no address on the web.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        user, _, host = parts.netloc.rpartition("@")
        host = host if host.isascii() else host.encode("idna").decode()
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        if not good or re.search(r"[\x00-\x20\x7f]", url):
            raise ValueError
    except ValueError:
        shown = _shown(re.sub(r"^(\w+://)?.*@", r"\1", url))
        message = f'"{shown}" is no address (write http://… or https://…)'
        french = f"« {shown} » n'est pas une adresse (écrivez http://… ou https://…)"
        raise EndpointError(message, shown, french=french) from None
    plain = parts._replace(netloc=host, fragment="").geturl()
    name, _, password = user.partition(":")
    return Address(_UNSAFE.sub(_percent, plain), unquote(name), unquote(password))


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def _shown(url: str) -> str:
    return printable(re.split(r"[?#]", url)[0])


def printable(text: str) -> str:
    """Return a text of a stranger as one line without what could drive a terminal.

    >>> printable("no\\x1b[2J such\\n  table")
    'no[2J such table'
    """
    return "".join(c for c in " ".join(text.split()) if c.isprintable())

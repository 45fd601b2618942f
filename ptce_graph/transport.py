"""HTTP requests within a time and a size, sent again where a service asks for patience."""

from __future__ import annotations

import http.client
import io
import logging
import socket
import ssl
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from ptce_graph.address import printable
from ptce_graph.errors import EndpointError
from ptce_graph.reply import Reply

MOST_BYTES = 256_000_000
"""Size above which an answer is given up."""

LONGEST_WAIT = 60.0
"""Seconds: a service that asks to be left alone for longer (Retry-After) is not asked again."""

AGENT = f"ptce-graph/{metadata.version('ptce-graph')}"
"""The name under which services are asked."""

_CHUNK = 65_536
_BUSY = frozenset({429, 502, 503, 504})
_BROKEN = (ConnectionAbortedError, ConnectionResetError, BrokenPipeError)
Said = tuple[str, str]
"""A sentence in English and in French."""

_HINTS: dict[int, Said] = {
    401: (
        " (give a name and a password: https://NAME:PASSWORD@…)",
        " (donnez un nom et un mot de passe : https://NOM:MOTDEPASSE@…)",
    ),
    403: (" (the service does not let you in)", " (le service ne vous laisse pas entrer)"),
    404: (" (check the address)", " (vérifiez l'adresse)"),
}
_TEXTS: dict[str, Said] = {
    "wait": ("{what}: next try in {seconds:.3g} s", "{what} : nouvel essai dans {seconds:.3g} s"),
    "large": (
        "the answer is larger than {most:g} MB (ask for less)",
        "la réponse dépasse {most:g} Mo (demandez moins)",
    ),
    "cut at": (
        "the answer is cut ({found:,} bytes of {size:,}; try again later)",
        "la réponse est coupée ({found} octets sur {size} ; réessayez plus tard)",
    ),
    "cut": (
        "the answer is cut (try again later)",
        "la réponse est coupée (réessayez plus tard)",
    ),
    "status": ("status {status}: {text}", "statut {status} : {text}"),
    "no reason": ("no reason given", "sans dire pourquoi"),
    "refused": ("connection refused", "connexion refusée"),
    "broken": ("the connection broke", "la connexion s'est rompue"),
    "patience": (
        "; it asks for {seconds:,.0f} s of patience",
        " ; il demande {seconds:.0f} s de patience",
    ),
    "tries": (
        "{what} ({tries} tries in {waited:.3g} s; try again later)",
        "{what} ({tries} essais en {waited:.3g} s ; réessayez plus tard)",
    ),
    "try": ("{what} (1 try; try again later)", "{what} (1 essai ; réessayez plus tard)"),
    "no http": (
        "it does not speak HTTP rightly ({error})",
        "il ne parle pas HTTP correctement ({error})",
    ),
    "late": (
        "no whole answer within {timeout:g} s (ask for less, or try again later)",
        "pas de réponse entière en {timeout:g} s (demandez moins, ou réessayez plus tard)",
    ),
    "no host": (
        "the host is not found (check the address and your connection)",
        "l'hôte est introuvable (vérifiez l'adresse et votre connexion)",
    ),
    "no tls": ("no secure connection ({error})", "pas de connexion sûre ({error})"),
    "unreachable": ("it cannot be reached ({error})", "il est hors d'atteinte ({error})"),
}


def fetch(request: urllib.request.Request, shown: str, timeout: float) -> Reply:
    """Return what a service answers to one request, whatever its status.

    Args:
        request: to an address on the web.
        shown: that address, for messages.
        timeout: seconds to wait for the connection, and then for the whole answer.

    Raises:
        EndpointError: the answer is too large, or cut.
        OSError: the service cannot be reached, the connection breaks, or time is over.
        http.client.HTTPException: it does not speak HTTP.
    """
    opener = urllib.request.OpenerDirector()  # the usual one would read files, and follow
    for handler in (urllib.request.ProxyHandler(), _Web(), _SecureWeb()):
        opener.add_handler(handler)
    with opener.open(request, timeout=timeout) as response:
        body, status = bytearray(), response.status
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > MOST_BYTES:
                raise _failure(shown, _say("large", most=MOST_BYTES / 1e6), status)
        headers = {name.lower(): value for name, value in response.headers.items()}
    length = headers.get("content-length", "")
    if length.isdigit() and len(body) < int(length) and request.get_method() != "HEAD":
        raise _failure(shown, _say("cut at", found=len(body), size=int(length)), status)
    return Reply(status, headers, bytes(body))


def exchange(
    send: Callable[[], Reply],
    shown: str,
    timeout: float,
    *,
    retries: int = 3,
    language: str = "en",
    sleep: Callable[[float], None] = time.sleep,
) -> Reply:
    """Return the reply of a service that did what it was asked, patiently.

    Args:
        send: what makes one try, within `timeout`.
        shown: address of the service, for messages.
        timeout: seconds that a try may take, for messages.
        retries: tries after the first, where the service is busy or the connection breaks.
        language: fr or en, for what is logged.
        sleep: what waits between two tries.

    Raises:
        EndpointError: the service cannot be reached, stays busy or refuses.
    """
    reply = _insist(lambda: _try(send, shown, timeout), shown, retries, language, sleep)
    if not 200 <= reply.status < 300:
        said = _status(reply, _TEXTS["no reason"])
        raise _failure(shown, _joined(said, _HINTS.get(reply.status, ("", ""))), reply.status)
    return reply


def _insist(
    request: Callable[[], Reply],
    shown: str,
    retries: int,
    language: str,
    sleep: Callable[[float], None],
) -> Reply:
    """Return the first reply that is no call for patience, or say how often it was tried."""
    waited, tries = 0.0, 0
    while True:
        seconds, status = 0.5 * 2**tries, None
        tries += 1
        try:
            reply = request()
            if reply.status not in _BUSY:
                return reply
            status = reply.status
            what = _status(reply, ("", ""))
            asked = reply.retry_after(datetime.now(UTC))
            seconds = seconds if asked is None else asked
        except ConnectionRefusedError:
            what = _TEXTS["refused"]
        except _BROKEN:
            what = _TEXTS["broken"]
        if tries > retries or seconds > LONGEST_WAIT:
            break
        told = _failure(shown, _around("wait", what, seconds=seconds)).describe(language)
        logging.getLogger(__name__).warning("%s", told)
        sleep(seconds)
        waited += seconds
    if seconds > LONGEST_WAIT:
        what = _joined(what, _say("patience", seconds=seconds))
    key = "tries" if tries > 1 else "try"
    raise _failure(shown, _around(key, what, tries=tries, waited=waited), status)


def _failure(shown: str, said: Said, status: int | None = None) -> EndpointError:
    english, french = said
    return EndpointError(f"{shown}: {english}", shown, status, f"{shown} : {french}")


def _say(key: str, **values: object) -> Said:
    english, french = (text.format(**values) for text in _TEXTS[key])
    return english, french


def _around(key: str, what: Said, **values: object) -> Said:
    """Return a sentence that holds another."""
    return _say(key, what=what[0], **values)[0], _say(key, what=what[1], **values)[1]


def _joined(one: Said, other: Said) -> Said:
    return one[0] + other[0], one[1] + other[1]


def _status(reply: Reply, silent: Said) -> Said:
    """Return what a reply says, and what is said where it says nothing."""
    english, french = (
        text.format(status=reply.status, text=reply.text or none).removesuffix(end)
        for text, none, end in zip(_TEXTS["status"], silent, (": ", " : "), strict=True)
    )
    return english, french


def _try(send: Callable[[], Reply], shown: str, timeout: float) -> Reply:
    """Return the reply to one try.

    Raises:
        ConnectionError: the connection was refused or broke.
        EndpointError: anything else that went wrong on the way.
    """
    try:
        return send()
    except OSError as error:
        reason = getattr(error, "reason", None)  # of an URLError, which wraps another error
        cause = reason if isinstance(reason, OSError) else error
        if isinstance(cause, ConnectionError):
            raise cause from error
        raise _failure(shown, _what_happened(cause, timeout)) from error
    except http.client.IncompleteRead as error:
        raise _failure(shown, _TEXTS["cut"]) from error
    except (http.client.HTTPException, ValueError) as error:
        raise _failure(shown, _say("no http", error=printable(repr(error))[:200])) from error


def _what_happened(error: OSError, timeout: float) -> Said:
    if isinstance(error, TimeoutError):
        return _say("late", timeout=timeout)
    if isinstance(error, socket.gaierror):
        return _TEXTS["no host"]
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "verify_message", "") or error.reason or "TLS fails"
        return _say("no tls", error=printable(reason.replace("_", " ").lower()))
    return _say("unreachable", error=printable(str(error.strerror or error))[:200])


class _Timed(io.RawIOBase):
    """What comes from a socket until a moment, however few bytes come at a time."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw, self._socket = raw, sock
        self._deadline = time.monotonic() + (sock.gettimeout() or 0)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what comes, if it comes in time."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close the socket's side too."""
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock))


class _Connection(http.client.HTTPConnection):
    response_class = _Response


class _SecureConnection(http.client.HTTPSConnection):
    response_class = _Response


class _Web(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Send a request."""
        return self.do_open(_Connection, req)


class _SecureWeb(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Send a request over TLS."""
        return self.do_open(_SecureConnection, req)

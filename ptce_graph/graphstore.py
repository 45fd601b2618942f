"""A store elsewhere to which the built graph is sent, whole or not at all as far as it permits.

An address that names a graph (`?default`, `?graph=IRI`) is that of a Graph Store (W3C SPARQL 1.1
Graph Store HTTP Protocol): one request puts each graph in its place. Any other address takes
updates (W3C SPARQL 1.1 Protocol): batches go to graphs of passage, one last request moves these.
"""

from __future__ import annotations

import base64
import io
import re
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from urllib.parse import parse_qsl, urlencode, urlsplit

from ptce_graph import dataset
from ptce_graph.address import Address, read_address
from ptce_graph.errors import EndpointError
from ptce_graph.loader import Progress
from ptce_graph.namespaces import PASSAGE
from ptce_graph.reply import Reply
from ptce_graph.transport import AGENT, exchange, fetch

BATCH = 1_000
"""Triples of one update; some services refuse more (Virtuoso: 5,000)."""

Sign = Callable[[urllib.request.Request], str]
_TIMEOUT, _BYTES_A_SECOND = 60.0, 500_000
_TRIPLES, _UPDATE = "application/n-triples", "application/sparql-update"
_NAMING = ("default", "graph", "graph-uri")
_IN_GRAPH = re.compile(
    rb"(<[^>]*> <[^>]*> "
    rb'(?:<[^>]*>|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?)) <([^>]*)> \.\n'
)
_TEXTS = {
    "some": {
        "en": "{done} of {all} graphs are the new ones; send them again",
        "fr": "{done} graphes sur {all} sont les nouveaux ; renvoyez-les",
    },
    "unchanged": {
        "en": "what it held before is unchanged",
        "fr": "ce qu'il contenait avant est inchangé",
    },
    "unknown": {
        "en": "the last request may have been carried out; send the graph again",
        "fr": "la dernière requête a pu être exécutée ; renvoyez le graphe",
    },
}


def send(
    url: str, nquads: Path, progress: Progress = lambda name, rows: None, *, language: str = "en"
) -> int:
    """Put the graphs of a file of N-Quads in the place of those of the same name in a store.

    What the ontology marks private stays here, as in every export; return how many lines that are.

    Args:
        url: address of the store; a name and password before the host are sent, never shown. With
            `?graph=IRI`, what the file holds in its default graph goes to that graph.
        nquads: lines of N-Quads as the build writes them.
        progress: called with the address and the number of triples of a graph sent so far.
        language: fr or en, for what is logged.

    Raises:
        EndpointError: the store cannot be reached or refuses; it says what it holds then.
    """
    store = _Store(read_address(url), progress, language)
    with TemporaryDirectory(prefix="ptce-") as folder:
        graphs, hidden = _split(nquads, Path(folder))
        store.put(graphs) if store.names_a_graph else store.update(graphs)
    return hidden


def _split(nquads: Path, folder: Path) -> tuple[dict[str, Path], int]:
    """Write each graph to a file of N-Triples, without what is private.

    Return these files by name, the default graph last, and the number of lines left out.
    """
    files: dict[bytes, IO[bytes]] = {}
    private, hidden = dataset.private_properties(nquads), 0
    with ExitStack() as stack, nquads.open("rb") as lines:
        for line in lines:
            if private and line.split(b" ", 2)[1] in private:
                hidden += 1
                continue
            quad = _IN_GRAPH.fullmatch(line)
            name = quad[2] if quad else b""
            if name not in files:
                files[name] = stack.enter_context((folder / f"{len(files)}.nt").open("wb"))
            files[name].write(quad[1] + b" .\n" if quad else line)
    found = {name.decode(): Path(files[name].name) for name in sorted(files, reverse=True)}
    return found, hidden


class _Store:
    """A store at an address."""

    def __init__(self, address: Address, progress: Progress, language: str) -> None:
        self.address, self.progress, self.language = address, progress, language
        self.parts = urlsplit(address.url)
        self.parameters = parse_qsl(self.parts.query, keep_blank_values=True)
        self._sign: Sign | None = None

    @property
    def names_a_graph(self) -> bool:
        """Whether the address is that of a graph, in a Graph Store."""
        return any(key in _NAMING for key, _ in self.parameters)

    def put(self, graphs: Mapping[str, Path]) -> None:
        """Put each graph in its place, by a request of its own."""
        for done, (name, path) in enumerate(graphs.items()):
            self._sign = None  # what a store gave for the last one may be too old
            timeout = _TIMEOUT + path.stat().st_size // _BYTES_A_SECOND
            try:
                self._exchange("PUT", self._of_graph(name), _TRIPLES, path, timeout)
            except EndpointError as error:
                raise _told(error, "some", done=done, all=len(graphs)) from error

    def _of_graph(self, name: str) -> str:
        """Return the address of a graph; that of the default graph is the one that was given."""
        if not name:
            return self.address.url
        kept = [(key, value) for key, value in self.parameters if key not in _NAMING]
        return self.parts._replace(query=urlencode([*kept, ("graph", name)])).geturl()

    def update(self, graphs: Mapping[str, Path]) -> None:
        """Send all graphs to graphs of passage, then move these to their places by one request."""
        passages = {name: f"{PASSAGE}{number}" for number, name in enumerate(graphs)}
        drops = " ;\n".join(f"DROP SILENT GRAPH <{passage}>" for passage in passages.values())
        try:
            self._post(drops)
            for name, path in graphs.items():
                for number, batch in enumerate(_batches(path)):
                    self._post(f"INSERT DATA {{ GRAPH <{passages[name]}> {{\n{batch}}} }}")
                    self.progress(self.address.shown, number * BATCH)
        except EndpointError as error:
            with suppress(EndpointError):
                self._post(drops, retries=0)
            raise _told(error, "unchanged") from error
        moves = [
            f"MOVE GRAPH <{passage}> TO {f'GRAPH <{name}>' if name else 'DEFAULT'}"
            for name, passage in passages.items()
        ]
        size = sum(path.stat().st_size for path in graphs.values())
        try:  # once: what was moved is no longer there to be moved again
            self._post(" ;\n".join(moves), _TIMEOUT + size // _BYTES_A_SECOND, retries=0)
        except EndpointError as error:
            raise _told(error, "unknown") from error

    def _post(self, update: str, timeout: float = _TIMEOUT, *, retries: int = 3) -> None:
        self._exchange("POST", self.address.url, _UPDATE, update.encode(), timeout, retries)

    def _exchange(
        self, method: str, url: str, kind: str, body: bytes | Path, timeout: float, retries: int = 3
    ) -> None:
        request = partial(self._request, method, url, kind, body, timeout)
        exchange(request, self.address.shown, timeout, retries=retries, language=self.language)

    def _request(
        self, method: str, url: str, kind: str, body: bytes | Path, timeout: float
    ) -> Reply:
        """Send one request, its body from its start."""
        size = body.stat().st_size if isinstance(body, Path) else len(body)
        headers = {"Content-Type": kind, "Content-Length": str(size), "User-Agent": AGENT}
        with ExitStack() as stack:
            data: bytes | _Counted
            if isinstance(body, bytes):
                data = body
            else:
                report = partial(self.progress, self.address.shown)
                data = stack.enter_context(_Counted(body, report))
            request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310
            if self.address.user and (refusal := self._authorize(request)):
                return refusal
            return fetch(request, self.address.shown, timeout)

    def _authorize(self, request: urllib.request.Request) -> Reply | None:
        """Sign a request; return the reply of a store that does not take the password.

        It is tried on a request without a body first: stores hang up on a long one.
        """
        if not self._sign:
            reply = self._head(request.full_url)
            self._sign = self._signer(request.full_url, reply.headers.get("www-authenticate", ""))
            reply = self._head(request.full_url, self._sign)
            if reply.status == 401:
                return reply
        request.add_header("Authorization", self._sign(request))
        return None

    def _head(self, url: str, sign: Sign | None = None) -> Reply:
        probe = urllib.request.Request(url, headers={"User-Agent": AGENT}, method="HEAD")  # noqa: S310
        if sign:
            probe.add_header("Authorization", sign(probe))
        return fetch(probe, self.address.shown, _TIMEOUT)

    def _signer(self, url: str, challenge: str) -> Sign:
        """Return what makes the header that a store wants: Digest where it says so, else Basic."""
        name, password = self.address.user, self.address.password
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() != "digest":
            basic = "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
            return lambda request: basic
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, url, name, password)
        digest = urllib.request.HTTPDigestAuthHandler(passwords)
        fields = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
        return lambda request: f"Digest {digest.get_authorization(request, fields)}"


class _Counted(io.FileIO):
    """A file of N-Triples that says how many of them were read."""

    def __init__(self, path: Path, report: Callable[[int], None]) -> None:
        super().__init__(path)
        self._report, self._count = report, 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read a block."""
        block = super().read(size) or b""
        self._count += block.count(b"\n")
        self._report(self._count)
        return block


def _batches(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        while batch := "".join(islice(lines, BATCH)):
            yield batch


def _told(error: EndpointError, key: str, **values: object) -> EndpointError:
    """Return an error that also says what the store holds now."""
    english = f"{error}; {_TEXTS[key]['en'].format(**values)}"
    french = f"{error.describe('fr')} ; {_TEXTS[key]['fr'].format(**values)}"
    return EndpointError(english, error.url, error.status, french)

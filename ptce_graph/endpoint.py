"""SPARQL services elsewhere: the same question over HTTP, and each way in which it can fail.

An answer has the types that the embedded store gives, so whatever reads the one reads the other.
What is no failure but should be known (a wait, an answer that may be cut) is a logged warning,
which Python prints on standard error unless told otherwise.
"""

from __future__ import annotations

import logging
import re
import time
import urllib.request
from collections.abc import Callable, Mapping
from functools import partial

import pyoxigraph
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from ptce_graph.address import Address, printable, read_address
from ptce_graph.errors import EndpointError, QueryError
from ptce_graph.query import Answer, Question, read_iri
from ptce_graph.reply import Reply, is_partial, may_be_cut, read_answer
from ptce_graph.transport import AGENT, exchange, fetch

_TIMEOUT = 30.0
_MOVED = frozenset({301, 302, 307, 308})
_HOPS = 5
_FORM = re.compile(
    r"(?:\s|#[^\n]*+|BASE\s*<[^<>]*>|PREFIX\s*[^\s:<>]*\s*:\s*<[^<>]*>)*+"
    r"(SELECT|ASK|CONSTRUCT|DESCRIBE)\b",
    re.IGNORECASE,
)
_DIFFERING = ("virtuoso",)
"""Engines, as they name themselves, that answer some questions otherwise: see docs/scale.md."""

_GRAPHS = "application/n-triples, text/turtle;q=0.8, text/plain;q=0.5"
"""N-Triples first: some engines write numbers in Turtle under another datatype."""

_EXISTS = "CONSTRUCT {{ <{iri}> ?property ?value }} WHERE {{ <{iri}> ?property ?value }} LIMIT 1"
_NAMES = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT {{ ?thing ?property ?name }} WHERE {{
  VALUES ?property {{ skos:prefLabel skos:altLabel }}
  ?thing ?property ?name
  FILTER (STRSTARTS(STR(?thing), "{base}"))
}}"""
_TEXTS = {
    "cut": {
        "en": "{url}: the answer has {rows:,} rows, where the service may have cut it",
        "fr": "{url} : la réponse a {rows:,} lignes, où le service a pu la couper",
    },
    "differs": {
        "en": "{url}: {name} answers some questions otherwise: its triples are copied "
        "and asked here",
        "fr": "{url} : {name} répond autrement à certaines questions : ses triplets sont copiés "
        "et interrogés ici",
    },
    "partial": {
        "en": "{url}: the answer is not whole: the service ran out of time",
        "fr": "{url} : la réponse n'est pas entière : le service a manqué de temps",
    },
}


def ask(
    url: str,
    sparql: str,
    *,
    timeout: float = _TIMEOUT,
    retries: int = 3,
    language: str = "en",
    sleep: Callable[[float], None] = time.sleep,
) -> Answer:
    """Return the answer of a SPARQL service to a query.

    >>> ask("ftp://me.fr", "ASK {}")
    Traceback (most recent call last):
    ...
    ptce_graph.errors.EndpointError: "ftp://me.fr" is no address (write http://… or https://…)

    Args:
        url: address of the service; a name and password before the host are sent, never shown.
        sparql: a SELECT, ASK, CONSTRUCT or DESCRIBE.
        timeout: seconds that a try waits for the connection, and then for the whole answer.
        retries: tries after the first, where the service is busy or the connection breaks.
        language: fr or en, for what is logged.
        sleep: what waits between two tries.

    Raises:
        EndpointError: the service cannot be reached, refuses, or answers with something else.
        QueryError: it is no SPARQL query.
    """
    match = _FORM.match(sparql)
    if not match:
        raise QueryError("no SPARQL query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE")
    address, form = read_address(url), match[1].upper()
    shown = address.shown
    send = partial(_follow, address, sparql, form, timeout)
    reply = exchange(send, shown, timeout, retries=retries, language=language, sleep=sleep)
    try:
        answer, count = read_answer(reply, form)
    except ValueError as error:
        english, french = error.args
        message = f"{shown}: {english}"
        raise EndpointError(message, shown, reply.status, f"{shown} : {french}") from error
    if is_partial(reply):
        _tell("partial", language, url=shown)
    elif may_be_cut(reply, count, sparql):
        _tell("cut", language, url=shown, rows=count)
    return answer


def differs(url: str, *, language: str = "en") -> bool:
    """Return whether a service is of an engine known to answer some questions otherwise.

    Raises:
        EndpointError: the service cannot be reached or refuses.
    """
    address = read_address(url)
    send = partial(_follow, address, "ASK {}", "ASK", _TIMEOUT)
    reply = exchange(send, address.shown, _TIMEOUT, language=language)
    name = printable(reply.headers.get("server", "")).partition("/")[0]
    if name.lower() not in _DIFFERING:
        return False
    _tell("differs", language, url=address.shown, name=name)
    return True


def look_up(
    url: str, question: Question, arguments: Mapping[str, str], *, language: str = "en"
) -> pyoxigraph.Store:
    """Return the little that `query.bind` must know of a service: its things and their names.

    Raises:
        EndpointError: the service cannot be reached, refuses, or answers with something else.
    """
    store = pyoxigraph.Store()
    for parameter in question.parameters:
        if parameter.type != "iri" or parameter.name not in arguments:
            continue
        base, text, iri = read_iri(parameter, arguments[parameter.name])
        known = facts(url, _EXISTS.format(iri=iri), language) if iri else []
        if iri != text or not known:
            known += facts(url, _NAMES.format(base=base), language)
        store.extend(known)
    return store


def facts(url: str, sparql: str, language: str) -> list[pyoxigraph.Quad]:
    """Return the triples that a service answers to a CONSTRUCT, as those of a default graph.

    Raises:
        EndpointError: the service cannot be reached, refuses, or answers with something else.
    """
    answer = ask(url, sparql, language=language)
    assert isinstance(answer, pyoxigraph.QueryTriples)  # noqa: S101 (for mypy)
    return [pyoxigraph.Quad(*triple) for triple in answer]


def _tell(key: str, language: str, **values: object) -> None:
    logging.getLogger(__name__).warning("%s", _TEXTS[key][language].format(**values))


def _follow(address: Address, sparql: str, form: str, timeout: float) -> Reply:
    """Send a query, and send it again where the service says that it has moved."""
    shown = address.shown
    for _ in range(_HOPS + 1):
        reply = fetch(_Service(address, sparql, form).request(), shown, timeout)
        target = reply.headers.get("location", "")
        if reply.status not in _MOVED or not target:
            return reply
        address = address.moved(target)
    english = f"redirected more than {_HOPS} times (give the final address)"
    french = f"redirigé plus de {_HOPS} fois (donnez l'adresse finale)"
    raise EndpointError(f"{shown}: {english}", shown, french=f"{shown} : {french}")


class _Service(SPARQLWrapper):
    """A request as SPARQLWrapper makes it; it is sent by `fetch`, which limits time and size."""

    def __init__(self, address: Address, sparql: str, form: str) -> None:
        super().__init__(address.url, agent=AGENT)
        self.setMethod(POST)
        self.setOnlyConneg(True)
        self.setReturnFormat(JSON if form in ("SELECT", "ASK") else TURTLE)
        self.queryString = sparql
        self.queryType = form  # setQuery() takes `prefix add: <…> SELECT …` for an update
        if address.user:
            self.setCredentials(address.user, address.password)

    def request(self) -> urllib.request.Request:
        """Return the request to send."""
        request = self._createRequest()
        if self.returnFormat == TURTLE:
            request.add_header("Accept", _GRAPHS)
        return request

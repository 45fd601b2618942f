"""Which address is answered by whom; for most of it, a worker."""

from __future__ import annotations

import re
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

from ptce_graph.serve import media, openapi, sparql, static
from ptce_graph.serve.description import describe
from ptce_graph.serve.exchange import ask
from ptce_graph.serve.refusals import Refusal, nothing
from ptce_graph.serve.request import Request
from ptce_graph.serve.response import Response

_DOCUMENT = re.compile(r"(.+?)(?:\.(fr|en))?\.(html|ttl|jsonld|rdf|nt|rq|csv)")
_THINGS = {
    "text/turtle": "ttl",
    media.HTML: "html",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/n-triples": "nt",
    "application/json": "jsonld",
    "application/xml": "rdf",
    "text/xml": "rdf",
    "text/plain": "nt",
}
"""Media type that a thing is had in → ending of its document, the preferred one first."""

_ANSWERS = {
    "application/json": "json",
    "application/sparql-results+json": "srj",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/gexf+xml": "gexf",
    media.HTML: "html",
}
"""Media type that an answer is had in → form."""

FORMS = ("json", "csv", "tsv", "xml", "srj", "gexf", "network", "html", "rq")
"""Values of the parameter `format` of a question."""


Handler = Callable[[Request], Awaitable[Response]]


def find(path: str) -> Handler:
    """Return who answers at a path.

    Raises:
        Refusal: nobody does.
    """
    if path in EXACT:
        return EXACT[path]
    for start, handler in UNDER.items():
        if path.startswith(start):
            return handler
    if static.PART.fullmatch(path):
        return static.part
    raise nothing(path)


async def _ask(request: Request, **message: Any) -> Response:
    return await ask(request.scope, message, request.pool, request.client)


async def problem(request: Request, refusal: Refusal) -> Response:
    """Return the page that says why there is no other."""
    language = request.language
    return await _ask(
        request,
        do="missing",
        path=request.path.lstrip("/").rpartition("/")[0][:200] + "/x",
        status=refusal.status,
        detail=refusal.describe(language),
        suggestions=refusal.more.get("suggestions", []),
        language=language,
    )


def _split(path: str, request: Request) -> tuple[str, str, str]:
    """Return a path without its ending, the form and the language that the ending says, or ""."""
    found = _DOCUMENT.fullmatch(path)
    if not found:
        return path, "", request.language
    return found[1], found[3], found[2] or request.language


async def _thing(request: Request) -> Response:
    path, form, language = _split(request.path.strip("/"), request)
    if path.startswith("graph/inferred/") and not form and media.prefers_html(request.accept):
        return _see(request, "rules")
    if not form:
        chosen = media.choose(request.accept, tuple(_THINGS))
        if not chosen:
            raise Refusal(
                406, "a thing is had as HTML or RDF", "une chose s'obtient en HTML ou RDF"
            )
        form = _THINGS[chosen]
    if form not in _THINGS.values():
        raise nothing(request.path)
    return await _ask(request, do="thing", path=path, form=form, language=language)


async def _question(request: Request) -> Response:
    name, ending, language = _split(request.path.removeprefix("/questions/"), request)
    pairs = sparql.pairs(request.scope["query_string"])
    arguments: dict[str, str] = {}
    form: str | None = ending or None
    for key, value in pairs:
        if key in arguments or (key == "format" and form is not None):
            raise Refusal(400, f"{key} is there twice", f"{key} est là deux fois")
        if key == "format":
            form = value
        elif value or form != "html":
            arguments[key] = value
    given = form is not None
    if form is None:
        form = _ANSWERS.get(media.choose(request.accept, tuple(_ANSWERS)), "")
    if form not in FORMS:
        some = ", ".join(FORMS)
        raise Refusal(
            400 if given else 406, f"an answer is had as {some}", f"une réponse s'obtient en {some}"
        )
    if form == "html":
        arguments = {key: value for key, value in arguments.items() if value}
    return await _ask(
        request, do="question", name=name, arguments=arguments, form=form, language=language
    )


async def _questions(request: Request) -> Response:
    _, form, language = _split(request.path, request)
    if not form:
        chosen = media.choose(request.accept, ("application/json", media.HTML))
        if not chosen:
            raise Refusal(
                406, "the list is had as JSON or HTML", "la liste s'obtient en JSON ou HTML"
            )
        form = "html" if chosen == media.HTML else "json"
    return await _ask(request, do="catalogue", form=form, language=language)


async def _editor(request: Request) -> Response:
    _, _, language = _split(request.path, request)
    queries = [
        value for name, value in sparql.pairs(request.scope["query_string"]) if name == "query"
    ]
    return await _ask(request, do="editor", query="".join(queries[:1]), language=language)


async def _terms(request: Request) -> Response:
    return await _ask(request, do="terms")


async def _network(request: Request) -> Response:
    _, _, language = _split(request.path, request)
    return await _ask(request, do="network", language=language)


async def _openapi(request: Request) -> Response:
    found = await _ask(request, do="catalogue", form="json", language="en")
    body = openapi.describe(_plain(found), request.origin, request.pool.limits)
    return Response(200, "application/json", body, [(b"cache-control", b"no-cache")])


def _plain(response: Response) -> bytes:
    packed = (b"content-encoding", b"gzip") in response.headers
    return zlib.decompress(response.body, 31) if packed else response.body


def _see(request: Request, page: str, data: str = "") -> Response:
    """Lead to a page in the language of the client, or to data if it prefers those."""
    html = not data or media.prefers_html(request.accept)
    where = (f"/{page}.{request.language}.html" if html else f"/{data}").encode()
    return Response(303, headers=[(b"location", where), (b"vary", b"accept, accept-language")])


async def _dataset(request: Request) -> Response:
    return _see(request, "dataset", "void.ttl")


async def _ontology(request: Request) -> Response:
    return _see(request, "ontology", "ontology.ttl")


async def _home(request: Request) -> Response:
    if request.pool.source.file or request.pool.source.on_disk:
        return _see(request, "questions")
    request.path = "/index.html" if request.language == "fr" else "/index.en.html"
    return await static.part(request)


async def _sparql(request: Request) -> Response:
    scope, pool = request.scope, request.pool
    pairs = await sparql.parameters(scope, request.receive, pool.limits)
    asked = {name for name, _ in pairs}
    if scope["method"] != "POST" and media.prefers_html(request.accept) and not asked & _FORMS:
        return await _editor(request)
    if scope["method"] != "POST" and not asked & {"query", "update"}:
        return _description(request)
    return await sparql.answer(scope, pairs, pool, request.client)


def _description(request: Request) -> Response:
    offers = tuple(media.GRAPHS)
    chosen = media.choose(request.accept, offers)
    if not chosen:
        raise Refusal(406, "the description of this service is RDF", "la description est en RDF")
    pool = request.pool
    endpoint = request.origin + "/sparql"
    body = describe(endpoint, media.GRAPHS[chosen], pool.triples, pool.graphs, "ptce_graph")
    return Response(200, chosen, body, [(b"vary", b"accept"), (b"cache-control", b"no-cache")])


async def _health(_: Request) -> Response:
    return Response(200, "application/json", b'{"status":"alive"}', [_FRESH])


async def _ready(request: Request) -> Response:
    pool = request.pool
    if not pool.alive:
        raise Refusal(503, "the graph is being loaded", "le graphe est en cours de chargement")
    body = b'{"status":"ready","build":"%s"}' % pool.digest.encode()
    return Response(200, "application/json", body, [_FRESH])


_FRESH = (b"cache-control", b"no-store")

_FORMS = {"format", "output", "update"}

EXACT: dict[str, Handler] = {
    "/": _home,
    "/dataset": _dataset,
    "/editor.json": _terms,
    "/health": _health,
    "/network": _network,
    "/ontology": _ontology,
    "/openapi.json": _openapi,
    "/questions": _questions,
    "/ready": _ready,
    "/sparql": _sparql,
    **{f"/network.{language}.html": _network for language in ("fr", "en")},
    **{f"/questions.{language}.html": _questions for language in ("fr", "en")},
    **{f"/sparql.{language}.html": _editor for language in ("fr", "en")},
}
"""Path → who answers there."""

UNDER: dict[str, Handler] = {
    "/assets/": static.asset,
    "/graph/": _thing,
    "/id/": _thing,
    "/ontology/": _thing,
    "/questions/": _question,
    "/scheme/": _thing,
}
"""Beginning of a path → who answers below it."""

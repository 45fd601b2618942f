"""The description of the server for programs: OpenAPI 3.1, made from the questions."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from ptce_graph.serve import media
from ptce_graph.serve.limits import Limits

_TYPES: dict[str, dict[str, Any]] = {
    "iri": {"type": "string", "minLength": 1},
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "date": {"type": "string", "pattern": r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-[0-3][0-9])?)?$"},
}
_STRING = {"schema": {"type": "string"}}
_OBJECT = {"schema": {"type": "object"}}
_ROWS = {
    "application/sparql-results+json": _OBJECT,
    "application/sparql-results+xml": _STRING,
    "text/csv": _STRING,
    "text/tab-separated-values": _STRING,
}
_RDF = {
    "text/turtle": _STRING,
    "application/ld+json": {},
    "application/rdf+xml": _STRING,
    "application/n-triples": _STRING,
}
_SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "one sentence, in French or English"},
            "limit": {"type": "string", "description": "the limit that was met"},
            "suggestions": {"type": "array", "items": {"type": "object"}},
        },
    },
    "Answer": {
        "type": "object",
        "required": ["question", "text", "parameters", "columns", "rows"],
        "properties": {
            "question": {"type": "string"},
            "text": {"type": "string"},
            "parameters": {"type": "object", "additionalProperties": {"type": "string"}},
            "columns": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "label"],
                    "properties": {"name": {"type": "string"}, "label": {"type": "string"}},
                },
            },
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": {"type": ["string", "number", "null"]},
                },
            },
        },
    },
    "Questions": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["name", "question", "theme", "view", "parameters", "href"],
            "properties": {"name": {"type": "string"}, "href": {"type": "string"}},
        },
    },
}

_PROBLEM = {
    "description": "why there is no answer",
    "content": {
        media.PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}},
        media.HTML: _STRING,
    },
}


def describe(questions: bytes, origin: str, limits: Limits) -> bytes:
    """Return the OpenAPI document of a server.

    Args:
        questions: the list of questions, as `questions.catalogue` writes it.
        origin: where the server is.
        limits: what it says of itself.
    """
    paths: dict[str, Any] = {
        "/questions": {"get": _operation("questions", "List the questions", _json("Questions"))},
        "/sparql": {"get": _sparql(limits), "post": _sparql_post(limits)},
        "/id/{kind}/{key}": {"get": _thing()},
        "/health": {"get": _operation("health", "Whether the server runs", _json(None))},
        "/ready": {"get": _operation("ready", "Whether it has a graph", _json(None), 503)},
    }
    for question in json.loads(questions):
        paths[f"/questions/{question['name']}"] = {"get": _question(question)}
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "PTCE graph",
            "summary": "Actors of the French social and solidarity economy and their cooperation",
            "version": version("ptce-graph"),
            "license": {
                "name": "Licence Ouverte 2.0",
                "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
            },
        },
        "servers": [{"url": origin}],
        "paths": paths,
        "components": {"schemas": _SCHEMAS, "responses": {"Problem": _PROBLEM}},
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _operation(
    name: str, summary: str, content: dict[str, Any], *refused: int, **more: Any
) -> dict[str, Any]:
    problem = {"$ref": "#/components/responses/Problem"}
    responses: dict[str, Any] = {"200": {"description": "the answer", "content": content}}
    responses |= {str(status): problem for status in sorted({400, 406, 429, *refused})}
    return {"operationId": name, "summary": summary, "responses": responses, **more}


def _json(schema: str | None) -> dict[str, Any]:
    found = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    content: dict[str, Any] = {"application/json": {"schema": found}}
    return content | ({media.HTML: _STRING} if schema else {})


def _query(name: str, schema: dict[str, Any], description: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _question(question: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        _query(p["name"], _TYPES[p["type"]], f"{p['label']['fr']} / {p['label']['en']}")
        | ({"example": p["default"]} if p["default"] and p["type"] == "iri" else {})
        for p in question["parameters"]
    ]
    forms = ["json", "csv", "tsv", "xml", "srj", "html"]
    forms += ["gexf", "network"] * (question["view"] == "network")
    chosen = {"type": "string", "enum": forms}
    parameters.append(_query("format", chosen, "form of the answer, in place of Accept"))
    content = _json("Answer") | _ROWS | {"application/gexf+xml": _STRING}
    texts = question["question"]
    return _operation(
        question["name"],
        texts["en"],
        content,
        *(404, 503, 504, 507),
        description=f"{texts['fr']}\n\n{question['description']['en']}",
        tags=[question["theme"]],
        parameters=parameters,
    )


_LIMITED = (403, 413, 503, 504, 507)


def _sparql(limits: Limits) -> dict[str, Any]:
    text = {"type": "string", "minLength": 1, "maxLength": limits.query}
    graphs = {"type": "array", "items": {"type": "string", "format": "uri"}}
    parameters = [
        _query("query", text, "a query; without one, the service describes itself"),
        _query("default-graph-uri", graphs, "graphs that make the default graph"),
        _query("named-graph-uri", graphs, "named graphs"),
    ]
    content = _ROWS | _RDF | {media.HTML: _STRING}
    summary = "SPARQL 1.1 Protocol"
    return _operation("sparql", summary, content, *_LIMITED, parameters=parameters)


def _sparql_post(limits: Limits) -> dict[str, Any]:
    text = {"type": "string", "minLength": 1, "maxLength": limits.query}
    form = {"type": "object", "required": ["query"], "properties": {"query": text}}
    body = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": text},
            "application/x-www-form-urlencoded": {"schema": form},
        },
    }
    content = _ROWS | _RDF
    summary = "SPARQL 1.1 Protocol"
    return _operation("sparqlPost", summary, content, 415, *_LIMITED, requestBody=body)


def _thing() -> dict[str, Any]:
    name = {"type": "string", "pattern": "^[a-z0-9-]+$"}
    parameters = [
        {"name": n, "in": "path", "required": True, "schema": name, "example": e}
        for n, e in (("kind", "pole"), ("key", "sud-aquitaine"))
    ]
    content = _RDF | {media.HTML: _STRING}
    return _operation("thing", "What is known of a thing", content, 404, 503, parameters=parameters)

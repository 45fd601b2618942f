"""The questions, asked over HTTP: as rows, as a table on a page with its form, as a network."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyoxigraph
from pyoxigraph import Literal, NamedNode

from ptce_graph import ordering, query, results
from ptce_graph.catalogue import HEADERS, by_theme, shown_default, theme_label
from ptce_graph.errors import QueryError
from ptce_graph.namespaces import ID, PREFIXES, XSD
from ptce_graph.publish.table import Table
from ptce_graph.query import Parameter, Question
from ptce_graph.serve import media
from ptce_graph.serve.held import Held
from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.worker import Reply

TYPES = {
    "html": media.HTML + "; charset=utf-8",
    "json": "application/json",
    "srj": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "gexf": "application/gexf+xml",
    "network": media.HTML + "; charset=utf-8",
}
"""Form of an answer → its media type; `network` is the page that draws it."""

_NUMBERS = {XSD + name for name in ("integer", "decimal", "nonNegativeInteger")}
_OPTIONS = 1000  # names that a form offers
_ROWS = 500  # rows that a page shows


def catalogue(held: Held, message: dict[str, Any], reply: Reply) -> None:
    """List the questions, as JSON or as a page: `form` and `language`."""
    language = message["language"]
    if message["form"] == "json":
        reply.begin("application/json")
        reply.write(results_json([outline(q) for q in held.questions.values()]))
        return
    here = f"questions.{language}.html"
    page = held.page("catalogue.html", here, language, themes=themes(held, language))
    reply.begin(TYPES["html"])
    reply.write(page)


def themes(held: Held, language: str) -> list[tuple[str, list[Question]]]:
    """Return the questions under what a reader calls their themes."""
    return [(theme_label(t, language), group) for t, group in by_theme(held.questions.values())]


def outline(question: Question) -> dict[str, Any]:
    """Return what a program must know to ask a question."""
    return {
        "name": question.name,
        "question": dict(question.question),
        "description": dict(question.description),
        "theme": question.theme,
        "view": question.view,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "label": dict(parameter.label),
                "default": shown_default(parameter) or None,
            }
            for parameter in question.parameters
        ],
        "href": f"/questions/{question.name}",
    }


def question(held: Held, message: dict[str, Any], reply: Reply) -> None:
    """Answer a question.

    Args:
        held: the graph.
        message: `name`; `arguments` by name; `form`, a key of TYPES; `language`.
        reply: where the answer goes.

    Raises:
        Refusal: there is no such question (404), nothing is called so (404), a value does not
            fit (400), or the answer is no network (406).
    """
    form, language = message["form"], message["language"]
    asked = held.questions.get(message["name"])
    if asked is None:
        try:
            query.find_question(held.project, message["name"])
        except QueryError as error:
            raise Refusal(404, str(error), error.french) from error
        raise Refusal(404, "no such question", "cette question n'existe pas")
    if form == "rq":
        reply.begin("application/sparql-query")
        reply.write(asked.text.encode())
        return
    if form == "html":
        _page(held, asked, message, reply)
        return
    sparql = _bind(held, asked, message["arguments"], language)
    reply.begin(TYPES[form])
    if form in ("gexf", "network"):
        _network(held, sparql, form, language, reply)
        return
    answer = ordering.ask(held.store, sparql)
    if form == "json":
        reply.write(results_json(_document(asked, message["arguments"], answer, language)))
    else:
        reply.write(results.FORMATS["json" if form == "srj" else form](answer))


def results_json(value: object) -> bytes:
    """Return a value as JSON for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _bind(held: Held, asked: Question, arguments: dict[str, str], language: str) -> str:
    """Return the SPARQL of a question.

    Raises:
        Refusal: 404 if a thing is not there, 400 if a value does not fit.
    """
    kinds = {parameter.name: parameter.type for parameter in asked.parameters}
    for name, value in arguments.items():
        try:
            query.bind(asked, {name: value}, held.store, language)
        except QueryError as error:
            status = 404 if kinds.get(name) == "iri" else 400
            said = (text.replace(f"--{name}", name, 1) for text in (str(error), error.french))
            raise Refusal(status, *said) from error
    return query.bind(asked, arguments, held.store, language)


def _network(held: Held, sparql: str, form: str, language: str, reply: Reply) -> None:
    from ptce_graph import network

    try:
        found = network.network(held.project, held.store, sparql=sparql)
    except QueryError as error:
        raise Refusal(406, str(error), error.french) from error
    if form == "gexf":
        reply.write(network.to_gexf(found, language))
        return
    draw(found, language, reply)


def draw(found: Any, language: str, reply: Reply, site: dict[str, Any] | None = None) -> None:
    """Write the page that draws a network; it says itself which script and style are its own."""
    from ptce_graph import view

    page = view.page(found, language=language, site=site)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    reply.begin(TYPES["network"], policy=policy[1].replace("&#39;", "'") if policy else "")
    reply.write(page.encode())


def _document(
    asked: Question, arguments: dict[str, str], answer: query.Answer, language: str
) -> dict[str, Any]:
    assert isinstance(answer, pyoxigraph.QuerySolutions)  # noqa: S101 (questions are SELECT)
    names = [variable.value for variable in answer.variables]
    rows = [{name: _value(row[name]) for name in names} for row in answer]
    return {
        "question": asked.name,
        "text": asked.question[language],
        "parameters": arguments,
        "columns": [{"name": name, "label": _heading(name, language)} for name in names],
        "rows": rows,
    }


def _value(term: Any) -> str | int | float | None:
    if term is None:
        return None
    if isinstance(term, Literal) and term.datatype.value in _NUMBERS:
        number = Decimal(term.value)
        return int(number) if number == number.to_integral_value() else float(number)
    text = getattr(term, "value", None)
    return str(term) if text is None else str(text)


def _heading(name: str, language: str) -> str:
    return HEADERS.get(name, {}).get(language, name)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    Attributes:
        parameter: what it is for.
        value: what stands in it.
        options: what it offers, as (value, name).
    """

    parameter: Parameter
    value: str
    options: list[tuple[str, str]]


def _page(held: Held, asked: Question, message: dict[str, Any], reply: Reply) -> None:
    """Write the page of a question: its form, and its answer or what is wrong with a value."""
    language, arguments = message["language"], message["arguments"]
    problem, table, status, sparql = "", None, 200, ""
    try:
        sparql = _bind(held, asked, arguments, language)
        table = Table.of(held.pages.reader, ordering.ask(held.store, sparql), language)
    except (Refusal, QueryError) as error:
        problem = error.describe(language)
        status = error.status if isinstance(error, Refusal) else 400
    fields = [
        Field(p, arguments.get(p.name, shown_default(p)), _options(held, p, language))
        for p in asked.parameters
        if p.name != "language"
    ]
    here = f"questions/{asked.name}.{language}.html"
    page = held.page(
        "form.html",
        here,
        language,
        asked=asked,
        fields=fields,
        arguments=arguments,
        problem=problem,
        table=table,
        most=_ROWS,
        sparql=sparql,
        theme=theme_label(asked.theme, language),
    )
    reply.begin(TYPES["html"], status)
    reply.write(page)


def _options(held: Held, parameter: Parameter, language: str) -> list[tuple[str, str]]:
    """Return the keys and names of what a parameter may be."""
    if parameter.type != "iri" or not parameter.kind:
        return []
    base = f"{ID}{parameter.kind}/"
    label = NamedNode(PREFIXES["skos"] + "prefLabel")
    found: dict[str, str] = {}
    for quad in held.store.quads_for_pattern(None, label, None, None):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(base):
            key, name = quad.subject.value.removeprefix(base), quad.object
            if isinstance(name, Literal) and (key not in found or name.language == language):
                found[key] = name.value
            if len(found) > _OPTIONS:
                return []
    return sorted(found.items(), key=lambda item: (item[1].casefold(), item[0]))

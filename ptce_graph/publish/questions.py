"""The pages of the questions of a site: the answer, to read and to take away, and the query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ptce_graph import catalogue, query
from ptce_graph.namespaces import ID
from ptce_graph.publish import sheets
from ptce_graph.publish.pages import LANGUAGES, Pages, listed, section, time
from ptce_graph.publish.table import Table
from ptce_graph.query import Parameter, Question

Files = Iterator[tuple[str, bytes]]
Progress = Callable[[str, int], None]

MOST_ANSWERS = 300


def files(pages: Pages, questions: Mapping[str, Question], progress: Progress) -> Files:
    """Yield the page of each question in each language, its answer as CSV, its query, their list.

    Args:
        pages: of the release.
        questions: by name.
        progress: called with the number of each.
    """
    for place, question in enumerate(questions.values(), 1):
        progress("questions", place)
        yield f"questions/{question.name}.rq", question.text.encode()
        for language in LANGUAGES:
            yield from _question(pages, question, language)
    for language in LANGUAGES:
        here = section("questions", language)
        themes = [
            (
                catalogue.theme_label(theme, language),
                [(path(q, language), q.question[language]) for q in many],
            )
            for theme, many in catalogue.by_theme(questions.values())
        ]
        yield here, _render(pages, "questions.html", here, language, themes=themes)


def _question(pages: Pages, question: Question, language: str) -> Files:
    here = path(question, language)
    sparql = query.bind(question, {}, pages.store, language)
    table = Table.of(pages.reader, query.run(pages.store, sparql), language)
    yield (
        here.replace(".html", ".csv"),
        sheets.labelled_csv(query.run(pages.store, sparql), language),
    )
    yield (
        here,
        _render(
            pages,
            "question.html",
            here,
            language,
            question=question,
            header=table.header,
            rows=table.rows[:MOST_ANSWERS],
            total=len(table.rows),
            chosen=[
                (parameter.label[language], *_chosen(pages, parameter, language))
                for parameter in question.parameters
                if parameter.name != "language" and catalogue.shown_default(parameter)
            ],
            command=catalogue.example(question),
            sparql=sparql,
        ),
    )


def _chosen(
    pages: Pages, parameter: Parameter, language: str
) -> tuple[str, str, tuple[str, str] | None]:
    """Return the value that stands in a question, as people say it, its IRI, who lists others."""
    value = catalogue.shown_default(parameter)
    if parameter.type != "iri":
        return time(value, language), "", None
    iri = ID + (f"{parameter.kind}/{value}" if parameter.kind else value)
    return pages.reader.name(iri).label[language], iri, listed(iri, language)


def path(question: Question, language: str) -> str:
    """Return where the page of a question stands."""
    return f"questions/{question.name}.{language}.html"


def _render(pages: Pages, template: str, here: str, language: str, **values: object) -> bytes:
    return pages.render(template, here, language, **values).encode()

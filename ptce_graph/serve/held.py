"""What a worker has in hand: the graph, the questions, the pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pyoxigraph
from jinja2 import ChoiceLoader, FunctionLoader

from ptce_graph.project import Project
from ptce_graph.publish import publication
from ptce_graph.publish.pages import Pages
from ptce_graph.query import Question, read_questions

Texts = dict[str, dict[str, str]]


def read(name: str) -> str:
    """Return a file of the pages that only a server has."""
    return (files("ptce_graph") / "serve" / "site" / name).read_text("utf-8")


@lru_cache
def texts() -> Texts:
    """Return the words of these pages, by key and language."""
    found: Texts = json.loads(read("texts.json"))
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """What a worker has in hand.

    Attributes:
        store: the graph, only to be read.
        project: where the queries of the network are.
        questions: the questions by name.
        pages: makes pages of things, with the templates of the site.
    """

    store: pyoxigraph.Store
    project: Project
    questions: dict[str, Question]
    pages: Pages

    @classmethod
    def of(cls, store: pyoxigraph.Store, project: Project) -> Held:
        """Read all that will be needed: later no file can be opened."""
        pages = Pages(project, publication.read(project), store)
        ours = FunctionLoader(lambda name: read(name) if name in _TEMPLATES else None)
        pages.environment.loader = ChoiceLoader([ours, pages.environment.loader or ours])
        for name in _TEMPLATES:
            pages.environment.get_template(name)
        return cls(store, project, read_questions(project), pages)

    def page(self, template: str, here: str, language: str, **values: Any) -> bytes:
        """Return a page made from one of the templates of the server."""
        own = {key: found[language] for key, found in texts().items()}
        return self.pages.render(template, here, language, s=own, **values).encode()


_TEMPLATES = ("catalogue.html", "editor.html", "form.html", "missing.html")

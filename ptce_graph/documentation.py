"""The ontology as one HTML page in French and English, to read, to print and to search.

Nothing is typed twice: terms, definitions, examples, alignments and changes are those of the
folder of the ontology. The page has no script and asks for nothing from the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING

from ptce_graph import terms

if TYPE_CHECKING:
    from jinja2 import Environment

    from ptce_graph.project import Project

__all__ = ["page", "render"]


def page(project: Project, *, language: str = "fr") -> str:
    """Return the page that documents the ontology of a project.

    Args:
        project: whose ontology is documented; nothing needs to be built.
        language: shown first: fr, en, or both; the reader can switch.

    Raises:
        GraphError: a file of the ontology is no Turtle.
        ProjectError: a file of the ontology cannot be read.
    """
    return render(terms.read(project.ontology), language=language)


def render(
    facts: terms.Facts, *, language: str = "fr", home: Mapping[str, str] | None = None
) -> str:
    """Return the page of what `terms.read` gives, to have it in several languages at once.

    Args:
        facts: what the ontology says.
        language: shown first.
        home: first page of the site that the page is part of, by language.
    """
    template = _environment().get_template("template.html")
    return template.render(facts, language=language, home=home, style=_read("page.css"))


def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _read(name: str) -> str:
    return (files("ptce_graph") / "ontology_page" / name).read_text("utf-8")

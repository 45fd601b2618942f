"""An answer as people read it on a page: names that are links, dates and figures in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from ptce_graph import results
from ptce_graph.catalogue import heading
from ptce_graph.namespaces import XSD
from ptce_graph.publish.pages import LISTS, number, time
from ptce_graph.publish.pages import texts as page_texts
from ptce_graph.publish.thing import Reader, Texts
from ptce_graph.query import Answer

Cell = tuple[str, str]
"""What is shown, and the IRI that it links, or ""."""

_NAMED = {"", *(kind for kinds in LISTS.values() for kind in kinds)}
"""Kinds of things that have names; a statement is shown by a word that links its record."""

_DATES = {XSD + name for name in ("date", "gYearMonth", "gYear")}
_DATE = re.compile(r"[12]\d{3}-[01]\d(-[0-3]\d)?", re.ASCII)
"""A date that a question made a text, to compare it with others."""
_NUMBERS = {XSD + name for name in ("integer", "decimal")}
_BOOLEANS: dict[str, Texts] = {
    "true": {"fr": "oui", "en": "yes"},
    "false": {"fr": "non", "en": "no"},
}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an answer; a column of IRIs that a name beside them says is left out.

    Attributes:
        header: the headings.
        rows: the cells.
    """

    header: list[str]
    rows: list[list[Cell]]

    @classmethod
    def of(cls, reader: Reader, answer: Answer, language: str) -> Table:
        """Return the table of the answer of a question, which is a SELECT."""
        assert isinstance(answer, pyoxigraph.QuerySolutions)  # noqa: S101
        names = [variable.value for variable in answer.variables]
        rows = [_linked(reader, list(row), language) for row in answer]
        if {"document", "address"} <= set(names):
            for row in rows:
                _join(row, names.index("document"), names.index("address"))
        shown = [i for i, _ in enumerate(names) if any(row[i] is not None for row in rows)]
        shown = shown or list(range(len(names)))
        header = [_heading(names, i, shown, language) for i in shown]
        return cls(header, [[row[i] or ("", "") for i in shown] for row in rows])


def _join(row: list[Cell | None], document: int, address: int) -> None:
    """Let the title of a document lead to its address, and leave the address out."""
    title, found = row[document], row[address]
    if title and title[0] and found and found[1]:
        row[document] = (title[0], title[1] or found[1])
        row[address] = None


def _heading(names: list[str], place: int, shown: list[int], language: str) -> str:
    """Return what stands above a column: a name whose IRI is left out says what it names."""
    name = names[place]
    if name == "name" and place and place - 1 not in shown and names[place - 1] != "thing":
        name = names[place - 1]
    return heading(name, language)


def _linked(reader: Reader, row: list[Any], language: str) -> list[Cell | None]:
    """Return the cells of a row; None for an IRI that a name beside it already links."""
    cells = [getattr(term, "value", "") for term in row]
    words = page_texts()
    things = {cell: reader.name(cell).label for cell in cells if results.is_thing(cell)}
    texts = set(cells)
    left = [iri for iri in things if reader.name(iri).group in _NAMED]
    found: list[Cell | None] = []
    for term, cell in zip(row, cells, strict=True):
        if isinstance(term, NamedNode) and cell in things:
            if reader.name(cell).group not in _NAMED:
                found.append((words["row"][language], cell))
            else:
                said = texts & set(things[cell].values())
                found.append(None if said else (things[cell][language], cell))
            continue
        address = cell if cell.startswith(("https://", "http://")) else ""
        named = next((iri for iri in left if cell in things[iri].values()), "")
        if named:
            left.remove(named)
        found.append((_said(term, language), named or address))
    return found


def _said(term: Any, language: str) -> str:
    text: str = getattr(term, "value", "")
    kind = term.datatype.value if isinstance(term, Literal) else ""
    if isinstance(term, Literal) and term.language not in (None, language):
        return Markup('<span lang="{}">{}</span>').format(term.language, text)
    if kind in _DATES or _DATE.fullmatch(text):
        return time(text, language)
    if kind in _NUMBERS:
        return number(text, language)
    if kind == XSD + "boolean":
        return _BOOLEANS[text][language]
    return urlsplit(text).netloc if text.startswith(("https://", "http://")) else text

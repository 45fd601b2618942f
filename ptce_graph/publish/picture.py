"""The small network of one thing, as SVG: whom its dossier joins it with, at most sixteen."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from ptce_graph.namespaces import ID
from ptce_graph.publish.thing import Name, Texts, Thing

MOST = 16
_WIDTH, _ROW, _EDGE = 960, 46, 312
_GROUPS = {"pole", "org", "person", "territory", "call"}
_LINKS = {
    **dict.fromkeys(("Funding", "FundingEnvelope"), "funding"),
    "CooperationLink": "cooperation",
}
_LENGTH = 34
"""Number of letters of a name that have their place; the rest is cut, with a sign that it is."""

_Corners = list[tuple[float, float]]
_SQUARE: _Corners = [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
_SHAPES: dict[str, _Corners] = {
    "person": [(0, -1), (1, 1), (-1, 1)],
    "territory": [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)],
    "call": [(-1.3, -0.6), (1.3, -0.6), (1.3, 0.6), (-1.3, 0.6)],
}

Neighbour = tuple[Name, Texts, str]


def neighbours(thing: Thing) -> list[Neighbour]:
    """Return whom a thing is joined with, how, and by which kind of line; each once.

    Codes and terms of the ontology are joined with nobody.
    """
    if not thing.name.iri.startswith(ID):
        return []
    found: dict[str, Neighbour] = {}
    for group in thing.groups:
        line = _LINKS.get(group.name.iri.rpartition("#")[2], "")
        for row in group.statements:
            for end in row.ends:
                if end.group in _GROUPS:
                    how = row.codes[0].label if row.codes else group.name.label
                    found.setdefault(end.iri, (end, how, line))
    if not found:
        for fact in thing.pointing:
            for one in fact.values:
                if isinstance(one, Name) and one.group in _GROUPS:
                    found.setdefault(one.iri, (one, one.kind, ""))
    return list(found.values())


def svg(thing: Thing, language: str, href: Callable[[str], str]) -> str:
    """Return the picture of a thing and its neighbours, or "" when it has none.

    The shape of a mark says what it is, besides its colour; each name is a link.

    Args:
        thing: what is in the middle.
        language: of the names.
        href: gives the address of the page about an IRI.
    """
    found = neighbours(thing)
    if not found:
        return ""
    shown = found[:MOST]
    rows = (len(shown) + 1) // 2
    height = max(rows, 2) * _ROW + 30
    middle = _WIDTH / 2, height / 2
    lines, marks = [], []
    for place, (name, how, line) in enumerate(shown):
        left = place % 2 == 0
        in_column = rows if left else len(shown) // 2
        x = _EDGE if left else _WIDTH - _EDGE
        y = middle[1] + (place // 2 - (in_column - 1) / 2) * _ROW
        lines.append(_line(middle, (x, y), line))
        marks.append(_entry(name, how, language, href, (x, y), left=left))
    title = _cut(thing.name.label[language])
    centre = (
        f"{_mark(thing.name.group, *middle, 11)}"
        f'<text x="{middle[0]:g}" y="{middle[1] - 18:g}" text-anchor="middle" '
        f'font-weight="600">{title}</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:g}">'
        f"{''.join(lines)}{''.join(marks)}{centre}</svg>"
    )


def _line(start: tuple[float, float], end: tuple[float, float], kind: str) -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<line x1="{start[0]:g}" y1="{start[1]:g}" x2="{end[0]:g}" y2="{end[1]:g}"{name}/>'


def _entry(
    name: Name,
    how: Texts,
    language: str,
    href: Callable[[str], str],
    at: tuple[float, float],
    *,
    left: bool,
) -> str:
    x, y = at
    text, anchor = (x - 14, "end") if left else (x + 14, "start")
    return (
        f'<a href="{escape(href(name.iri))}">{_mark(name.group, x, y, 7)}'
        f'<text x="{text:g}" y="{y - 1:g}" text-anchor="{anchor}">'
        f"{_cut(name.label[language])}</text>"
        f'<text class="how" x="{text:g}" y="{y + 14:g}" text-anchor="{anchor}">'
        f"{_cut(how.get(language, ''))}</text></a>"
    )


def _mark(group: str, x: float, y: float, size: float) -> str:
    """Return the mark of a kind: disc, square, triangle, diamond, bar."""
    name = f'class="mark {group if group in _GROUPS else ""}"'
    if group == "pole":
        return f'<circle {name} cx="{x:g}" cy="{y:g}" r="{size:g}"/>'
    shape = _SHAPES.get(group, _SQUARE)
    corners = " ".join(f"{x + size * dx:g},{y + size * dy:g}" for dx, dy in shape)
    return f'<polygon {name} points="{corners}"/>'


def _cut(text: str) -> str:
    """Return a text that has its place, safe in SVG."""
    return escape(text if len(text) <= _LENGTH else text[: _LENGTH - 1].rstrip() + "…")

"""Lines below a table that are no rows of data: totals, counts, notes."""

from __future__ import annotations

import re

from ptce_graph.foreign.columns import fold

DATA = re.compile(r"[\d\s.,/:€%+-]*\d[\d\s.,/:€%+-]*|\S+@\S+|https?://\S+|W\d{9}", re.ASCII)
"""A figure, a date, an address: what is no word."""
_TOTAL = re.compile(
    r"((sous )?(total|totaux)|subtotal|grand total|sum)"
    r"( (general|generaux|des|de|du|par|pour|ht|ttc|departement|region|\d+)\b.*)?|"
    r"sous tota(l|ux) .*|(nombre|nb|nbre) (total |d |de |des )\D*\d*|"
    r"(total )?\d+ (adherent|membre|structure|association|organisme|organisation|member)e?s?"
)


def why_no_data(cells: list[str]) -> str:
    """Return why a row is none of data: it only sums up, or is a note below the table; or ""."""
    first = ((cells[0].strip() and cells[0]) or next(filter(str.strip, cells))).lower()
    if first.startswith(_NOTES) and len(cells) > 1 and "".join(cells).lower() == first:
        return "note"
    return "total" if len(first) <= 40 and _SUMS.search(first) and _is_total(cells) else ""


_SUMS = re.compile(r"tota|sum|^nombre|^nbr?e?\b|^\d+ [a-z]")
_NOTES = ("source :", "source:", "sources :", "note :", "note:", "nb :", "n.b.", "(1)", "(*)", "* ")


def _is_total(cells: list[str]) -> bool:
    """Return whether a row has the word total, and otherwise only figures."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    words = [cell for cell in filled if not DATA.fullmatch(cell)]
    if len(words) != 1 or not _TOTAL.fullmatch(fold(words[0])):
        return False
    return any(map(str.isdigit, "".join(filled))) or fold(words[0]).startswith(("total", "sous"))

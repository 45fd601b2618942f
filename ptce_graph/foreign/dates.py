"""Dates as people write them become ISO's: a year, a month or a day."""

from __future__ import annotations

import re
from datetime import date

from ptce_graph import identifiers
from ptce_graph.errors import Invalid
from ptce_graph.foreign.columns import fold

_MONTHS = (
    ("janvier", "january", "janv", "jan"),
    ("fevrier", "february", "fevr", "fev", "feb"),
    ("mars", "march", "mar"),
    ("avril", "april", "avr", "apr"),
    ("mai", "may"),
    ("juin", "june", "jun"),
    ("juillet", "july", "juil", "jul"),
    ("aout", "august", "aug"),
    ("septembre", "september", "sept", "sep"),
    ("octobre", "october", "oct"),
    ("novembre", "november", "nov"),
    ("decembre", "december", "dec"),
)
_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_DAYS += "|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_BEFORE = re.compile(rf"^((le|en|depuis|since|on) )*(({_DAYS}) )?")
_MIDNIGHT = re.compile(r" 00 00( 00)?$| 0 00( 00)?$|t00 00 00( 000)?z?$")
_DECIMAL = re.compile(r"(?<=^\d{4})\.0$", re.ASCII)
_DOUBT = re.compile("[?~≈]")
_YEAR = re.compile(r"\d{4}", re.ASCII)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}


def partial_date(text: str) -> str:
    """Return a year, a month or a day as ISO writes it.

    >>> partial_date("31/12/2014"), partial_date("mars 2014"), partial_date("1er juin 2014")
    ('2014-12-31', '2014-03', '2014-06-01')

    Raises:
        Invalid: it is no date, its year has two figures, or it is a number of days, as a
            spreadsheet counts them from a start that the file does not say.
    """
    if len(text) == 5 and text.isascii() and text.isdigit():
        raise Invalid("counted-date")
    parts, numbers = _parts(text)
    if None in numbers or not 1 <= len(parts) <= 3:
        iso = re.match(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}", text)
        if not iso:
            raise Invalid("invalid-date")
        return identifiers.partial_date(iso[1]).text
    if not _YEAR.fullmatch(parts[0]):
        if len(parts[-1]) == 2 and (len(parts) == 3 or parts[0] in _MONTH):
            raise Invalid("ambiguous-date")
        parts, numbers = parts[::-1], numbers[::-1]
    year, *rest = (number or 0 for number in numbers)
    if not _YEAR.fullmatch(parts[0]) or not 1000 <= year <= 2999:
        raise Invalid("invalid-date")
    try:
        date(year, *[*rest, 1, 1][:2])
    except ValueError:
        raise Invalid("invalid-date") from None
    return "-".join([f"{year:04}", *(f"{number:02}" for number in rest)])


def _parts(text: str) -> tuple[list[str], list[int | None]]:
    """Return the words of a date, and their numbers: that of a month for its name."""
    if _DOUBT.search(text):
        return [], []
    words = _BEFORE.sub("", fold(_DECIMAL.sub("", text).replace("1er", "1")))
    parts = _MIDNIGHT.sub("", words).split()
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    return parts, [_MONTH.get(p, int(p) if p.isdigit() else None) for p in parts]

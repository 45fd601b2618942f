"""Datatypes of CSV on the Web: how the text of a cell is read, and what restricts it.

A profile of https://www.w3.org/TR/tabular-metadata/#datatypes ; what is outside it is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pyoxigraph import NamedNode

from ptce_graph.errors import Invalid
from ptce_graph.namespaces import XSD

_BOUNDS = ("minimum", "minInclusive", "maximum", "maxInclusive")
_LENGTHS = ("length", "minLength", "maxLength")
_DATATYPE_KEYS = {
    **dict.fromkeys(("base", "format"), (str, dict)),
    **dict.fromkeys(_BOUNDS, (str, int, float)),
    **dict.fromkeys(_LENGTHS, (int,)),
}
_NUMBERS = {"integer", "nonNegativeInteger", "positiveInteger", "decimal", "double"}
_DATES = {"date", "gYear", "gYearMonth"}
_TEXTS = {"string", "normalizedString", "token", "anyURI", "boolean"}
_LEXICAL_NUMBERS = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "nonNegativeInteger": re.compile(r"\+?[0-9]+"),
    "positiveInteger": re.compile(r"\+?0*[1-9][0-9]*"),
    "decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    "double": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"),
}
_LEXICAL_DATES = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "gYear": re.compile(r"(?!0000)[0-9]{4}"),
    "gYearMonth": re.compile(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])"),
}
_SPACE = re.compile(r"[ \t\n\r]")
_ABSOLUTE = re.compile(r"https?://[^/?#]|(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:.", re.IGNORECASE)
_DATE_EXAMPLES = {"date": "2014-01-10", "gYear": "2014", "gYearMonth": "2014-01"}
_EXAMPLES = {"decimal": "12.5", "double": "1.25e3"}
Reader = Callable[[str], tuple[str, str, str]]
"""Text of a cell → (canonical text, IRI of its datatype, rule of a warning or "")."""


class MetadataError(ValueError):
    """A fault in the metadata of a table, to be told with the name of the file."""


@dataclass(frozen=True, slots=True)
class Datatype:
    """How the text of a cell is read: base type of XSD, and what restricts it."""

    base: str = "string"
    name: str = ""
    format: Any = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    lengths: tuple[int, int | None] = (0, None)
    title: str = ""


def allow(source: Any, kinds: dict[str, Any], where: str) -> None:
    """Check the keywords of a description, and the kinds of their values."""
    if not isinstance(source, dict):
        raise MetadataError(f"{where} must be an object")
    kinds = {"@id": str, "@type": str, **kinds}
    for key, value in source.items():
        if key not in kinds and ":" not in key:
            raise MetadataError(f'keyword "{key}" of {where} is not supported')
        if key in kinds and not isinstance(value, kinds[key]):
            raise MetadataError(f'keyword "{key}" of {where} has a value of the wrong kind')


def read_datatype(source: Any, where: str) -> Datatype:
    """Read the description of a datatype, of which `where` says the place."""
    if isinstance(source, str):
        source = {"base": source}
    allow(source, _DATATYPE_KEYS, f"datatype of {where}")
    base = source.get("base", "string")
    if base not in _TEXTS and base not in _NUMBERS and base not in _DATES:
        raise MetadataError(f'datatype "{base}" of {where} is not supported')
    for keys, bases in ((_BOUNDS, _NUMBERS), (_LENGTHS, _TEXTS - {"anyURI", "boolean"})):
        if (unfit := [key for key in keys if key in source]) and base not in bases:
            raise MetadataError(f'keyword "{unfit[0]}" of {where} is not supported for {base}')
    form = source.get("format")
    exact = source.get("length")
    shown = str(form).replace("yyyy", "2014").replace("MM", "01").replace("dd", "10")
    return Datatype(
        base=base,
        name=source.get("@id", ""),
        format=None if form is None else _format(base, form, where),
        minimum=_bound(source, "minimum", "minInclusive", where),
        maximum=_bound(source, "maximum", "maxInclusive", where),
        lengths=(exact, exact)
        if exact is not None
        else (source.get("minLength", 0), source.get("maxLength")),
        title=str(source.get("dc:title", shown if form and base == "date" else "")),
    )


def _bound(source: dict[str, Any], key: str, other: str, where: str) -> Decimal | None:
    value = source.get(key, source.get(other))
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        raise MetadataError(f'"{key}" of {where}: {value} is no number') from None


def _format(base: str, form: Any, where: str) -> Any:
    if base in _NUMBERS:
        marks = form.items() if isinstance(form, dict) else [("", "")]
        if all(k in ("decimalChar", "groupChar") and isinstance(v, str) and v for k, v in marks):
            return form
        raise MetadataError(f"format of {where}: only decimalChar and groupChar are supported")
    if not isinstance(form, str) or base in ("anyURI", "gYear", "gYearMonth"):
        raise MetadataError(f'keyword "format" of {where} is not supported for {base}')
    if base == "date":
        return _date_format(form, where)
    if base == "boolean":
        yes, _, no = form.partition("|")
        if not (yes and no) or "|" in no or yes == no:
            raise MetadataError(f"format of {where}: write the two values as yes|no")
        return {yes: "true", no: "false"}
    try:
        return re.compile(form)
    except re.error as error:
        raise MetadataError(f"format of {where}: no regular expression ({error})") from error


def _date_format(form: str, where: str) -> re.Pattern[str]:
    pattern, rest = re.escape(form), form
    for token, group in (("yyyy", "year"), ("MM", "month"), ("dd", "day")):
        pattern = pattern.replace(token, f"(?P<{group}>[0-9]{{{len(token)}}})", 1)
        rest = rest.replace(token, "", 1)
    if len(form) - len(rest) != len("yyyyMMdd") or re.search("[A-Za-z]", rest):
        raise MetadataError(f"format of {where}: dates are yyyy, MM and dd in any order")
    return re.compile(pattern)


def is_iri(text: str) -> bool:
    """Return whether a text is a whole IRI that RDF parsers accept."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return _ABSOLUTE.match(text) is not None


def reader(datatype: Datatype) -> Reader:
    """Compile a datatype into the function that reads a text, or raises `Invalid`."""
    base = datatype.base
    iri = datatype.name or XSD + base
    low, high = datatype.lengths
    convert = _converter(datatype)
    if base == "string" and datatype.format is None and datatype.lengths == (0, None):
        return lambda text: (text, iri, "")

    def read(text: str) -> tuple[str, str, str]:
        if base != "string" and _SPACE.search(text):
            text = re.sub(r"[\t\n\r]", " ", text)
            if base != "normalizedString":
                text = " ".join(filter(None, text.split(" ")))
        text = convert(text)
        if len(text) < low or (high is not None and len(text) > high):
            bounds = f"{low}" if low == high else f"≥ {low}" if high is None else f"{low}-{high}"
            raise Invalid("invalid-length", bounds)
        return text, iri, ""

    return read


def _converter(datatype: Datatype) -> Callable[[str], str]:
    if datatype.base in _NUMBERS:
        return _number_converter(datatype)
    if datatype.base in _DATES:
        return _date_converter(datatype)
    if datatype.base == "boolean":
        values = datatype.format or {"true": "true", "1": "true", "false": "false", "0": "false"}
        return lambda text: _lookup(values, text)
    pattern = datatype.format

    def convert(text: str) -> str:
        if datatype.base == "anyURI" and not is_iri(text):
            raise Invalid("invalid-iri")
        if pattern and not pattern.fullmatch(text):
            raise Invalid("invalid-format", datatype.title or pattern.pattern)
        return text

    return convert


def _lookup(values: dict[str, str], text: str) -> str:
    if text not in values:
        raise Invalid("invalid-format", " / ".join(values))
    return values[text]


def _number_converter(datatype: Datatype) -> Callable[[str], str]:
    lexical = _LEXICAL_NUMBERS[datatype.base]
    form = datatype.format or {}
    decimal_char, group_char = form.get("decimalChar", "."), form.get("groupChar", "")
    low, high = datatype.minimum, datatype.maximum
    limits = [f"{sign} {limit}" for sign, limit in (("≥", low), ("≤", high)) if limit is not None]
    example = _EXAMPLES.get(datatype.base, "12").replace(".", decimal_char)
    expected = datatype.title or ", ".join([example, *limits])

    def convert(text: str) -> str:
        plain = text.replace(group_char, "") if group_char else text
        if decimal_char != ".":
            plain = plain.replace(".", " ").replace(decimal_char, ".")
        if not lexical.fullmatch(plain):
            raise Invalid("invalid-number", expected)
        if limits:
            value = Decimal(plain)
            if (low is not None and value < low) or (high is not None and value > high):
                raise Invalid("invalid-number", expected)
        if datatype.base == "decimal" and "." not in plain:
            plain += ".0"  # a decimal has a point: rdflib and others would add it
        return plain

    return convert


def _date_converter(datatype: Datatype) -> Callable[[str], str]:
    lexical = datatype.format or _LEXICAL_DATES[datatype.base]
    shown = datatype.title or _DATE_EXAMPLES[datatype.base]

    def convert(text: str) -> str:
        match = lexical.fullmatch(text)
        try:
            if not match:
                raise ValueError
            parts = match.groupdict()
            if parts:
                return str(date(int(parts["year"]), int(parts["month"]), int(parts["day"])))
            if datatype.base == "date":
                date.fromisoformat(text)
        except ValueError:
            raise Invalid("invalid-date", shown) from None
        return text

    return convert

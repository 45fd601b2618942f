"""From the cells of a row to N-Quads lines, by the metadata of the table.

A profile of https://www.w3.org/TR/csv2rdf/ in minimal mode. `compile_mapping` does once, for a
table, what does not change from row to row; the RowMapping that it returns is a pure function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote

from ptce_graph.csvw import DATES, NUMBERS, PREFIXES, TEMPLATE, Column, Datatype, Table
from ptce_graph.errors import Invalid, ProjectError
from ptce_graph.namespaces import XSD

_LEXICAL_NUMBERS = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "nonNegativeInteger": re.compile(r"\+?[0-9]+"),
    "positiveInteger": re.compile(r"\+?0*[1-9][0-9]*"),
    "decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    "double": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"),
}
_LEXICAL_DATES = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "gYear": re.compile(r"[0-9]{4}"),
    "gYearMonth": re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])"),
}
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_PLAIN = re.compile(r"[A-Za-z0-9._~-]*", re.ASCII)
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_RESERVED = ":/?#[]@!$&'()*+,;=-._~%"


class Fault(NamedTuple):
    """What is wrong in a cell: position of its column, text, rule, detail of the hint."""

    column: int
    value: str
    rule: str
    detail: str


class _BadIri(ValueError):
    """A template gave no IRI; the argument is the position of the column."""


Cells = Sequence[str]
Values = list[str | None]
Reader = Callable[[str], tuple[str, str, str]]
"""Text of a cell → (canonical text, IRI of its datatype, rule of a warning or "")."""


@dataclass(slots=True)
class RowMapping:
    """A table's metadata, compiled: call it with the cells of a row.

    Returns the row's N-Quads lines and its faults; a row with a fault that is no warning has no
    lines. Calling it has no other effect, so rows may be mapped in any order, anywhere.
    """

    table: Table
    _readers: list[tuple[int, Column, Reader]] = field(default_factory=list)
    _vocabulary_checks: list[tuple[int, Callable[[Values], str]]] = field(default_factory=list)
    _outputs: list[Callable[[Values, list[Any]], list[str]]] = field(default_factory=list)
    _vocabulary: Container[str] = frozenset()

    def __call__(self, cells: Cells) -> tuple[list[str], Values, list[Fault]]:
        """Return the lines of a row, the values of its cells (None when empty), and its faults."""
        faults: list[Fault] = []
        values: Values = [None] * len(cells)
        terms: list[Any] = [None] * len(cells)
        bad = False
        for index, column, read in self._readers:
            text = cells[index] or column.default
            if text in column.nulls:
                if column.required:
                    faults.append(Fault(index, "", "missing-value", ""))
                    bad = True
                continue
            try:
                if column.separator is None:
                    value, datatype, warning = read(text)
                    terms[index] = _literal(value, datatype, column.lang)
                    values[index] = value
                    if warning:
                        faults.append(Fault(index, text, warning, ""))
                else:
                    items = [read(item)[:2] for item in text.split(column.separator)]
                    terms[index] = [_literal(v, datatype, column.lang) for v, datatype in items]
                    values[index] = ",".join(v for v, _ in items)
            except Invalid as error:
                faults.append(Fault(index, text, error.rule, error.detail))
                bad = True
        for index, expand in self._vocabulary_checks:
            if values[index] is not None and expand(values) not in self._vocabulary:
                faults.append(Fault(index, values[index] or "", "unknown-code", ""))
                bad = True
        if bad:
            return [], values, faults
        try:
            return [line for out in self._outputs for line in out(values, terms)], values, faults
        except _BadIri as error:
            position = error.args[0]
            return [], values, [*faults, Fault(position, cells[position], "invalid-iri", "")]


def compile_mapping(
    table: Table,
    datatypes: Mapping[str, Callable[[str], tuple[str, str, str]]] | None = None,
    vocabulary: Container[str] = frozenset(),
    vocabulary_bases: tuple[str, ...] = (),
) -> RowMapping:
    """Compile the metadata of a table.

    Args:
        table: what `read_table` returned.
        datatypes: readers for datatypes with an `@id`, by that IRI; they replace the format, and
            decide the datatype of the literal. They raise `Invalid`.
        vocabulary: IRIs that are declared, for the next argument.
        vocabulary_bases: a `valueUrl` that starts with one of these must give a declared IRI.
    """
    mapping = RowMapping(table, _vocabulary=vocabulary)
    real = [column for column in table.columns if not column.virtual]
    index = {column.name: position for position, column in enumerate(real)}
    about = _template(table.about, index) if table.about else None
    for position, column in enumerate(real):
        named = (datatypes or {}).get(column.datatype.name)
        mapping._readers.append((position, column, named or _reader(column)))
        if column.value and column.value.startswith(vocabulary_bases or ("\0",)):
            mapping._vocabulary_checks.append((position, _template(column.value, index)))
    for column in table.columns:
        if not column.suppressed and column.property:
            subject = _template(column.about, index) if column.about else about
            if subject is None:
                raise ProjectError(f"{table.url}: column {column.name} has no aboutUrl")
            mapping._outputs.append(_output(column, index, subject))
    return mapping


def _output(
    column: Column, index: dict[str, int], subject: Callable[[Values], str]
) -> Callable[[Values, list[Any]], list[str]]:
    expand_property = _template(column.property or "", index)
    expand_value = _template(column.value, index) if column.value else None
    position = -1 if column.virtual else index[column.name]

    def output(values: Values, terms: list[Any]) -> list[str]:
        if position >= 0 and values[position] is None:
            return []
        term = terms[position] if expand_value is None else f"<{checked(expand_value, values)}>"
        start = f"<{checked(subject, values)}> <{_expanded(expand_property(values))}> "
        if isinstance(term, list):
            return [f"{start}{item} .\n" for item in term]
        return [f"{start}{term} .\n"]

    def checked(expand: Callable[[Values], str], values: Values) -> str:
        text = _expanded(expand(values))
        if not _IRI.fullmatch(text):
            raise _BadIri(max(position, 0))
        return text

    return output


def _expanded(text: str) -> str:
    prefix, colon, rest = text.partition(":")
    namespace = PREFIXES.get(prefix) if colon else None
    return namespace + rest if namespace and not rest.startswith("//") else text


def _template(template: str, index: dict[str, int]) -> Callable[[Values], str]:
    """Compile a URI template of RFC 6570, with simple and reserved expansion."""
    pieces = TEMPLATE.split(template)
    literals, operators, names = pieces[::3], pieces[1::3], pieces[2::3]
    variables = [(index[name], operator) for name, operator in zip(names, operators, strict=True)]
    if not variables:
        return lambda _: template
    first, tails = literals[0], literals[1:]

    def expand(values: Values) -> str:
        text = first
        for (position, operator), tail in zip(variables, tails, strict=True):
            value = values[position] or ""
            if not _PLAIN.fullmatch(value):
                value = quote(value, safe=_RESERVED if operator else "-._~")
            text += value + tail
        return text

    return expand


def _literal(text: str, datatype: str, lang: str) -> str:
    if _TO_ESCAPE.search(text):
        text = _TO_ESCAPE.sub(lambda m: _ESCAPES.get(m[0], f"\\u{ord(m[0]):04X}"), text)
    if datatype == XSD + "string":
        return f'"{text}"@{lang}' if lang else f'"{text}"'
    return f'"{text}"^^<{datatype}>'


def _reader(column: Column) -> Reader:
    datatype = column.datatype
    base = datatype.base
    iri = datatype.name or XSD + base
    low, high = datatype.lengths
    convert = _converter(datatype)

    def read(text: str) -> tuple[str, str, str]:
        if base != "string":
            text = re.sub(r"[\t\n\r]", " ", text)
            if base != "normalizedString":
                text = " ".join(text.split())
        text = convert(text)
        if len(text) < low or (high is not None and len(text) > high):
            raise Invalid("invalid-format", f"{low}-{high or ''} characters")
        return text, iri, ""

    return read


def _converter(datatype: Datatype) -> Callable[[str], str]:
    if datatype.base in NUMBERS:
        return _number_converter(datatype)
    if datatype.base in DATES:
        return _date_converter(datatype)
    if datatype.base == "boolean":
        values = datatype.format or {"true": "true", "1": "true", "false": "false", "0": "false"}
        return lambda text: _lookup(values, text)
    pattern = _IRI if datatype.base == "anyURI" else datatype.format
    rule = "invalid-iri" if datatype.base == "anyURI" else "invalid-format"

    def convert(text: str) -> str:
        if pattern and not pattern.fullmatch(text):
            raise Invalid(rule, datatype.title or pattern.pattern)
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
    expected = datatype.base
    if low is not None:
        expected += f" ≥ {low}"
    if high is not None:
        expected += f" ≤ {high}"

    def convert(text: str) -> str:
        plain = text.replace(group_char, "") if group_char else text
        plain = plain.replace(decimal_char, ".") if decimal_char != "." else plain
        if not lexical.fullmatch(plain):
            raise Invalid("invalid-number", expected)
        value = Decimal(plain)
        if (low is not None and value < low) or (high is not None and value > high):
            raise Invalid("invalid-number", expected)
        return plain

    return convert


def _date_converter(datatype: Datatype) -> Callable[[str], str]:
    lexical = datatype.format or _LEXICAL_DATES[datatype.base]
    shown = "2014-01-10" if datatype.base == "date" else "2014, 2014-01"

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

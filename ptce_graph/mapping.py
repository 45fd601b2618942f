"""From the cells of a row to N-Quads lines, by the metadata of the table.

A profile of https://www.w3.org/TR/csv2rdf/ in minimal mode. `compile_mapping` does once, for a
table, what does not change from row to row; the RowMapping that it returns is a pure function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import NamedNode

from ptce_graph.datatypes import Reader, reader
from ptce_graph.errors import WARNINGS, Invalid, ProjectError
from ptce_graph.namespaces import CSVW_PREFIXES as PREFIXES
from ptce_graph.namespaces import XSD
from ptce_graph.tables import TEMPLATE, Column, Table
from ptce_graph.templates import quoted

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ABSOLUTE = re.compile(r"https?://[^/?#]|(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:.", re.IGNORECASE)
_TO_ESCAPE = re.compile(r'["\\\n\r]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
SUBJECT = "\0"
"""Stands for the subject of a row where that is not known yet; no cell can hold it."""


class Fault(NamedTuple):
    """What is wrong in a cell: position of its column, text, rule, detail of the hint."""

    column: int
    value: str
    rule: str
    detail: str


class BadIri(ValueError):
    """A template gave no IRI; the arguments are the position of its column, and the text."""


Cells = Sequence[str]
Values = list[str | None]
Terms = list[list[str]]
Expand = Callable[[Values], str]


class Output(NamedTuple):
    """What a column says: the lines of a row, given its subject, values and terms.

    Attributes:
        column: the column.
        lines: the function.
        needs: positions of the cells that it looks at.
        single: whether that is one line at most, about the subject of the row.
        start: subject and predicate of the lines, where they do not depend on cells; `SUBJECT`
            stands for the subject of the row.
        value: the template of the object, if that is an IRI.
        ends: what stands after the subject in a single line, before and after the text of the
            one cell, if that is a string that is its own value; in an IRI, if it has unreserved
            characters alone.
    """

    column: Column
    lines: Callable[[str, Values, Terms], list[str]]
    needs: tuple[int, ...]
    single: bool
    start: str
    value: Expand | None
    ends: tuple[str, str] | None


@dataclass(slots=True)
class RowMapping:
    """A table's metadata, compiled: call it with the cells of a row.

    Returns the row's N-Quads lines and its faults; a row with a fault that is no warning has no
    lines. Calling it has no other effect, so rows may be mapped in any order, anywhere.
    """

    table: Table
    readers: list[tuple[int, Column, Reader]] = field(default_factory=list)
    codes: dict[int, Expand] = field(default_factory=dict)
    subject: Expand | None = None
    subject_needs: tuple[int, ...] = ()
    subject_ends: tuple[str, str] | None = None
    outputs: list[Output] = field(default_factory=list)
    vocabulary: Container[str] = frozenset()

    def __call__(self, cells: Cells) -> tuple[list[str], Values, list[Fault]]:
        """Return the lines of a row, the values of its cells (None when empty), and its faults."""
        values: Values = [None] * len(cells)
        terms: Terms = [[] for _ in cells]
        faults = _control_characters(cells)
        for index, column, read in self.readers:
            try:
                faults += read_cell(index, cells[index], column, read, values, terms)
            except Invalid as error:
                rule = "unknown-code" if index in self.codes else error.rule
                faults.append(Fault(index, cells[index], rule, error.detail))
        for index, expand in self.codes.items():
            if values[index] is not None and expand(values) not in self.vocabulary:
                faults.append(Fault(index, values[index] or "", "unknown-code", ""))
        if any(fault.rule not in WARNINGS for fault in faults):
            return [], values, faults
        try:
            subject = self.subject(values) if self.subject else ""
            lines = [line for out in self.outputs for line in out.lines(subject, values, terms)]
            return lines, values, faults
        except BadIri as error:
            position = error.args[0]
            return [], values, [*faults, Fault(position, cells[position], "invalid-iri", "")]


def _control_characters(cells: Cells) -> list[Fault]:
    """Return the cells that hold what neither XML nor a reader can show."""
    if not CONTROL.search("".join(cells)):
        return []
    found = [(index, text, CONTROL.search(text)) for index, text in enumerate(cells)]
    return [
        Fault(index, text, "control-character", f"U+{ord(match[0]):04X}")
        for index, text, match in found
        if match
    ]


def read_cell(
    index: int, text: str, column: Column, read: Reader, values: Values, terms: Terms
) -> list[Fault]:
    """Fill the value and the terms of a cell, and return its warnings."""
    text = text or column.default
    items = text.split(column.separator) if column.separator else [text]
    items = [] if text in column.nulls else [item for item in items if item not in column.nulls]
    if not items:
        return [Fault(index, "", "missing-value", "")] if column.required else []
    found = [read(item) for item in items]
    values[index] = ",".join(value for value, _, _ in found)
    terms[index] = [literal(value, datatype, column.lang) for value, datatype, _ in found]
    return [Fault(index, text, warning, "") for _, _, warning in found if warning]


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
        vocabulary_bases: an IRI of the metadata, or a `valueUrl`, that starts with one of these
            must be declared.

    Raises:
        ProjectError: a datatype or an IRI of the metadata is not known, or is none.
    """
    mapping = RowMapping(table, vocabulary=vocabulary)
    real = [column for column in table.columns if not column.virtual]
    index = {column.name: position for position, column in enumerate(real)}
    for position, column in enumerate(real):
        mapping.readers.append((position, column, _find_reader(table, column, datatypes or {})))
        if column.value and column.value.startswith(vocabulary_bases or ("\0",)):
            mapping.codes[position] = _template(column.value, index)
    outputs = [column for column in table.columns if not column.suppressed and column.property]
    for template in {t: "" for c in outputs for t in (c.property, c.value) if t and "{" not in t}:
        iri = _expanded(template)
        if iri.startswith(vocabulary_bases or ("\0",)) and iri not in vocabulary:
            raise ProjectError(f"{table.url}-metadata.json: {iri} is not in the ontology")
    try:
        if table.about and any(not column.about for column in outputs):
            mapping.subject = _iri(table.about, index)
            names = {name for _, name in TEMPLATE.findall(table.about)}
            mapping.subject_needs = tuple(sorted(index[name] for name in names))
            about = _expanded(table.about)
            if len(TEMPLATE.findall(about)) == 1 and _is_safe(about):
                first, _, last = about.partition("{" + names.pop() + "}")
                mapping.subject_ends = first, last
        mapping.outputs += [_output(column, index) for column in outputs]
    except BadIri as error:
        raise ProjectError(f"{table.url}-metadata.json: {error.args[1]} is no address") from error
    return mapping


def _find_reader(table: Table, column: Column, datatypes: Mapping[str, Reader]) -> Reader:
    name = column.datatype.name
    own = {iri.rpartition("#")[0] for iri in datatypes}
    if name in datatypes:
        return datatypes[name]
    if name and (name.rpartition("#")[0] in own or not is_iri(name)):
        known = ", ".join(sorted(iri.rpartition("#")[2] for iri in datatypes))
        where = f"{table.url}-metadata.json: column {column.name}"
        raise ProjectError(f"{where}: datatype {name} is not known (known: {known})")
    return _in_profile(column.datatype.base, reader(column.datatype))


def _in_profile(base: str, read: Reader) -> Reader:
    """Return a reader that gives decimals a point, as rdflib does, and wants whole addresses."""

    def read_decimal(text: str) -> tuple[str, str, str]:
        value, datatype, warning = read(text)
        return (value if "." in value else f"{value}.0"), datatype, warning

    def read_address(text: str) -> tuple[str, str, str]:
        found = read(text)
        if not is_iri(found[0]):
            raise Invalid("invalid-iri")
        return found

    return {"decimal": read_decimal, "anyURI": read_address}.get(base, read)


def _output(column: Column, index: dict[str, int]) -> Output:
    own_subject = _iri(column.about, index) if column.about else None
    predicate = _iri(column.property or "", index)
    value = _iri(column.value, index) if column.value else None
    position = -1 if column.virtual else index[column.name]

    def lines(subject: str, values: Values, terms: Terms) -> list[str]:
        if position >= 0 and values[position] is None:
            return []
        if own_subject is not None:
            subject = own_subject(values)
        start = f"<{subject}> <{predicate(values)}> "
        if value is not None:
            return [f"{start}<{value(values)}> .\n"]
        return [f"{start}{term} .\n" for term in terms[position]]

    templates = [t or "" for t in (column.about, column.property, column.value)]
    needs = {index[name] for text in templates for _, name in TEMPLATE.findall(text)}
    if position >= 0:
        needs.add(position)
    start, ends, own = "", None, "{" + column.name + "}"
    single = not (own_subject or column.separator)
    if own_subject is None and "{" not in (column.property or ""):
        start = f"<{SUBJECT}> <{predicate([])}> "
    if single and start and position >= 0:
        after = start.removeprefix(f"<{SUBJECT}>")
        if value is None:
            ends = f'{after}"', f'"@{column.lang} .\n' if column.lang else '" .\n'
        elif needs == {position} and _is_safe(_expanded(column.value or "")):
            first, _, last = _expanded(column.value or "").partition(own)
            ends = f"{after}<{first}", f"{last}> .\n"
    return Output(column, lines, tuple(sorted(needs)), single, start, value, ends)


def _is_safe(template: str) -> bool:
    """Return whether a template makes an IRI of whatever is put into its variables."""
    found = TEMPLATE.findall(template)
    if not found or template.startswith("{") or any(operator for operator, _ in found):
        return False
    return all(is_iri(TEMPLATE.sub(text, template)) for text in ("", "a", "%41"))


def _iri(template: str, index: dict[str, int]) -> Expand:
    """Compile a template whose text must be an IRI; where it is constant, that is checked now."""
    template = _expanded(template)
    expand = _template(template, index)
    first = TEMPLATE.search(template)
    position = index[first[2]] if first else -1

    def iri(values: Values) -> str:
        text = _expanded(expand(values))
        if not is_iri(text):
            raise BadIri(position, text)
        return text

    if first is None:
        constant = iri([])
        return lambda _: constant
    simple = all(not operator for operator, _ in TEMPLATE.findall(template))
    if (
        simple
        and first.start()
        and all(is_iri(TEMPLATE.sub(t, template)) for t in ("", "a", "%41"))
    ):
        return expand  # what it inserts is never anything else than such texts
    return iri


def _expanded(text: str) -> str:
    prefix, colon, rest = text.partition(":")
    namespace = PREFIXES.get(prefix) if colon else None
    return namespace + rest if namespace and not rest.startswith("//") else text


def _template(template: str, index: dict[str, int]) -> Expand:
    """Compile a URI template of RFC 6570, with simple and reserved expansion."""
    pieces = TEMPLATE.split(template)
    literals, operators, names = pieces[::3], pieces[1::3], pieces[2::3]
    variables = [(index[name], operator) for name, operator in zip(names, operators, strict=True)]
    if not variables:
        return lambda _: template
    first, tails = literals[0], literals[1:]

    if len(variables) == 1 and not variables[0][1]:
        (position, _), (tail,) = variables[0], tails

        def expand_one(values: Values) -> str:
            value = values[position] or ""
            return f"{first}{quoted(value)}{tail}"

        return expand_one

    def expand(values: Values) -> str:
        text = first
        for (position, operator), tail in zip(variables, tails, strict=True):
            value = values[position] or ""
            text += quoted(value, operator) + tail
        return text

    return expand


def is_iri(text: str) -> bool:
    """Return whether a text is a whole IRI that RDF parsers accept."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return _ABSOLUTE.match(text) is not None


def literal(text: str, datatype: str, lang: str) -> str:
    """Return a literal as it stands in N-Quads."""
    text = escape(text)
    if datatype == XSD + "string":
        return f'"{text}"@{lang}' if lang else f'"{text}"'
    return f'"{text}"^^<{datatype}>'


def escape(text: str) -> str:
    """Return a text as it stands between the quotation marks of a literal."""
    if _TO_ESCAPE.search(text):
        for mark, escaped in _ESCAPES.items():
            text = text.replace(mark, escaped)
    return text

"""CSV on the Web metadata: what a table must hold, and the RDF that each of its rows becomes.

A profile of https://www.w3.org/TR/tabular-metadata/ ; keywords outside it are errors, never
ignored. `mapping` turns what is read here into a function from rows to lines.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptce_graph import namespaces
from ptce_graph.datatypes import Datatype, MetadataError, allow, read_datatype
from ptce_graph.errors import ProjectError

CONTEXT = "http://www.w3.org/ns/csvw"
PREFIXES = {
    **{name: namespaces.PREFIXES[name] for name in ("dc11", "dcterms", "foaf", "org", "owl")},
    **{name: namespaces.PREFIXES[name] for name in ("prov", "rdf", "rdfs", "skos", "xsd")},
    "dc": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "schema": "http://schema.org/",
    "void": "http://rdfs.org/ns/void#",
}
"""Prefixes of the RDFa initial context that metadata may use (tabular-metadata, 5.1.2)."""

_SCHEMES = {"http", "https", "mailto", "tel", "urn"}
_TEXTUAL = (str, list)
_TABLE_KEYS = {"@context": _TEXTUAL, "url": str, "tableSchema": dict, "dialect": dict}
_SCHEMA_KEYS = {"columns": list, "aboutUrl": str, "primaryKey": _TEXTUAL, "foreignKeys": list}
_COLUMN_KEYS = {
    **dict.fromkeys(("name", "lang", "default", "separator"), (str,)),
    **dict.fromkeys(("aboutUrl", "propertyUrl", "valueUrl"), (str,)),
    **dict.fromkeys(("required", "virtual", "suppressOutput"), (bool,)),
    **dict.fromkeys(("titles", "null", "datatype"), (str, list, dict)),
}
_LANGUAGE = re.compile(r"([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?")
TEMPLATE = re.compile(r"\{(\+?)([A-Za-z_][A-Za-z0-9_.]*)\}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column, real or virtual, of a table; an empty cell is null, whatever `null` says."""

    name: str
    titles: tuple[str, ...]
    description: str
    required: bool
    virtual: bool
    suppressed: bool
    separator: str | None
    nulls: frozenset[str]
    default: str
    lang: str
    datatype: Datatype
    about: str | None
    property: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values must stand in columns of a table: `resource` is relative to ours."""

    columns: tuple[str, ...]
    resource: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What one metadata file says of one table."""

    url: str
    description: str
    columns: tuple[Column, ...]
    about: str | None
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def header(self) -> list[str]:
        """Names of the columns that the file holds, in order."""
        return [column.name for column in self.columns if not column.virtual]


def read_table(path: Path) -> Table:
    """Read the metadata of one table.

    Raises:
        ProjectError: it is no JSON, no metadata of a table, or uses a keyword we do not support.
    """
    try:
        table = _table(json.loads(path.read_text("utf-8-sig")))
        if f"{table.url}-metadata.json" != path.name:
            raise MetadataError(f'"url" must be "{path.name.removesuffix("-metadata.json")}"')
        return table
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path}: cannot be read ({error})") from error
    except json.JSONDecodeError as error:
        raise ProjectError(f"{path}:{error.lineno}: no JSON: {error.msg}") from error
    except MetadataError as error:
        raise ProjectError(f"{path}: {error}") from error


def _table(metadata: Any) -> Table:
    allow(metadata, _TABLE_KEYS, "the table")
    context = metadata.get("@context")
    first, *rest = context if isinstance(context, list) and context else [context]
    if first != CONTEXT or any(not isinstance(r, dict) or set(r) - {"@language"} for r in rest):
        raise MetadataError(f'@context must be "{CONTEXT}", with nothing else than @language')
    if metadata.get("dialect") not in (None, {}, {"encoding": "utf-8"}):
        raise MetadataError('keyword "dialect" is not supported: tables are UTF-8 with commas')
    schema = metadata.get("tableSchema")
    allow(schema, _SCHEMA_KEYS, "tableSchema")
    table = Table(
        url=_text(metadata, "url", "the table"),
        description=str(metadata.get("dc:description", "")),
        columns=tuple(_column(c, i) for i, c in enumerate(schema.get("columns", []), 1)),
        about=schema.get("aboutUrl"),
        primary_key=_names(schema.get("primaryKey", [])),
        foreign_keys=tuple(_foreign_key(key) for key in schema.get("foreignKeys", [])),
    )
    _check_columns(table)
    _check_names(table)
    return table


def _check_columns(table: Table) -> None:
    names = [column.name for column in table.columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise MetadataError(f'two columns are called "{twice[0]}"')
    kinds = [column.virtual for column in table.columns]
    if kinds != sorted(kinds):
        raise MetadataError("virtual columns come after the others")
    for column in table.columns:
        if column.virtual and not (column.property and column.value):
            raise MetadataError(f"virtual column {column.name} needs propertyUrl and valueUrl")
        if not column.suppressed and not column.property:
            raise MetadataError(f"column {column.name} needs propertyUrl or suppressOutput")
        if not column.suppressed and not (column.about or table.about):
            raise MetadataError(f"column {column.name} has no aboutUrl")


def _check_names(table: Table) -> None:
    """Check that keys and templates refer to columns that there are, and that are filled."""
    filled = {c.name for c in table.columns if c.required or c.default not in c.nulls}
    keys = {name for key in table.foreign_keys for name in key.columns} | set(table.primary_key)
    single = keys | _variables(table.about)
    for column in table.columns:
        used = _variables(column.about or table.about) | _variables(column.property)
        used |= _variables(column.value)
        single |= used | ({column.name} if column.value and not column.virtual else set())
        if loose := used - filled - (set() if column.virtual else {column.name}):
            kind = "virtual column" if column.virtual else "column"
            unknown = "" if loose <= set(table.header) else ": no column is called so"
            raise MetadataError(
                f"{kind} {column.name} depends on {', '.join(sorted(loose))}"
                + (unknown or ", which may be empty")
            )
    if missing := single - set(table.header):
        raise MetadataError(f"no column is called {', '.join(sorted(missing))}")
    if loose := set(table.primary_key) - filled:
        raise MetadataError(f"primary key {', '.join(sorted(loose))} must be required")
    if lists := sorted(c.name for c in table.columns if c.separator and c.name in single):
        raise MetadataError(f"column {lists[0]}: no separator in a key, a template or a link")


def _variables(template: str | None) -> set[str]:
    """Return the names of the columns that a template uses."""
    if template is None:
        return set()
    if "{" in TEMPLATE.sub("", template):
        raise MetadataError(f"template {template}: only {{name}} and {{+name}} are supported")
    prefix, colon, _ = template.partition("{")[0].partition(":")
    if not template.startswith("{+") and not (colon and prefix in _SCHEMES | set(PREFIXES)):
        raise MetadataError(f"template {template}: no whole address and no known prefix")
    return {name for _, name in TEMPLATE.findall(template)}


def _column(source: Any, position: int) -> Column:
    where = f"column {position}"
    allow(source, _COLUMN_KEYS, where)
    name = _text(source, "name", where)
    if source.get("separator") == "" or not _LANGUAGE.fullmatch(source.get("lang", "")):
        raise MetadataError(f"column {name}: separator is empty, or lang is no language tag")
    return Column(
        name=name,
        titles=_names(source.get("titles", name)),
        description=str(source.get("dc:description", "")),
        required=source.get("required", False),
        virtual=source.get("virtual", False),
        suppressed=source.get("suppressOutput", False),
        separator=source.get("separator"),
        nulls=frozenset(_names(source.get("null", ""))) | {""},
        default=source.get("default", ""),
        lang=source.get("lang", ""),
        datatype=read_datatype(source.get("datatype", "string"), f"column {name}"),
        about=source.get("aboutUrl"),
        property=source.get("propertyUrl"),
        value=source.get("valueUrl"),
    )


def _foreign_key(source: Any) -> ForeignKey:
    allow(source, {"columnReference": _TEXTUAL, "reference": dict}, "a foreign key")
    reference, where = source.get("reference"), "the reference of a foreign key"
    allow(reference, {"resource": str, "columnReference": _TEXTUAL}, where)
    columns = _names(source.get("columnReference", []))
    names = _names(reference.get("columnReference", []))
    if not columns or len(columns) != len(names):
        raise MetadataError("a foreign key and its reference must have as many columns")
    return ForeignKey(columns, _text(reference, "resource", where), names)


def _text(source: dict[str, Any], key: str, where: str) -> str:
    value = source.get(key)
    if not isinstance(value, str) or not value:
        raise MetadataError(f'"{key}" of {where} is missing')
    return value


def _names(source: Any) -> tuple[str, ...]:
    """Return a text, a list of texts, or the texts of a map of languages."""
    if isinstance(source, dict):
        return tuple(name for value in source.values() for name in _names(value))
    names = [source] if isinstance(source, str) else source
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise MetadataError(f"{source} must be a text or a list of texts")
    return tuple(names)

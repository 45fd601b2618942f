"""The tables of a project: what their metadata say, in a profile of CSV on the Web.

docs/tables.md describes the profile. What the W3C defines beyond it is an error here, never
ignored, and so is what the W3C lets pass with a warning.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptce_graph.datatypes import Datatype, MetadataError
from ptce_graph.errors import ProjectError
from ptce_graph.metadata import Description, MetadataReader
from ptce_graph.namespaces import CSVW_PREFIXES, PREFIXES

TEMPLATE = re.compile(r"\{(\+?)([A-Za-z_][A-Za-z0-9_.]*)\}")
"""A variable as the tables of a project use it."""

_SCHEMES = {"http", "https", "mailto", "tel", "urn"}
_OUTSIDE = {"ordered": ("Table", "Schema", "Column"), "suppressOutput": ("Table",)}
_DESCRIPTION = PREFIXES["dcterms"] + "description"


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
        content = path.read_bytes()
        _refuse_beyond_profile(json.loads(content.decode("utf-8-sig")))
        table = _table(MetadataReader("", _refuse).read(content))
        if f"{table.url}-metadata.json" != path.name:
            raise MetadataError(f'"url" must be "{path.name.removesuffix("-metadata.json")}"')
        return table
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path}: cannot be read ({error})") from error
    except json.JSONDecodeError as error:
        raise ProjectError(f"{path}:{error.lineno}: no JSON: {error.msg}") from error
    except MetadataError as error:
        raise ProjectError(f"{path}: {error}") from error


def _refuse_beyond_profile(source: Any) -> None:
    if isinstance(source, dict) and "tables" in source:
        raise MetadataError('keyword "tables" is not supported: one file describes one table')
    if isinstance(source, dict) and "@base" in str(source.get("@context")):
        raise MetadataError("@context: @base is not supported")


def _refuse(text: str) -> None:
    raise MetadataError(text)


def _table(group: Description) -> Table:
    source = group.values["tables"][0]
    schema = source.values.get("tableSchema") or Description("Schema")
    for here in (source, schema, *schema.values.get("columns", [])):
        for key, kinds in _OUTSIDE.items():
            if key in here.values and here.kind in kinds:
                raise MetadataError(f'keyword "{key}" of {here.kind} is not supported')
    if "tableSchema" not in source.values:
        _missing("tableSchema", "the table")
    dialect = source.values.get("dialect")
    if dialect and dialect.values not in ({}, {"encoding": "utf-8"}):
        raise MetadataError('keyword "dialect" is not supported: tables are UTF-8 with commas')
    columns = schema.values.get("columns", [])
    table = Table(
        url=source.values["url"],
        description=_description(source),
        columns=tuple(_column(column, number) for number, column in enumerate(columns, 1)),
        about=schema.inherited("aboutUrl"),
        primary_key=schema.values.get("primaryKey", ()),
        foreign_keys=tuple(_foreign_key(key) for key in schema.values.get("foreignKeys", [])),
    )
    _check_columns(table)
    _check_names(table)
    return table


def _missing(key: str, where: str) -> Any:
    raise MetadataError(f'"{key}" of {where} is missing')


def _description(here: Description) -> str:
    note = here.notes.get(_DESCRIPTION, "")
    return str(note.get("@value", "") if isinstance(note, dict) else note)


def _column(source: Description, number: int) -> Column:
    name = source.values.get("name") or _missing("name", f"column {number}")
    separator, lang = source.inherited("separator"), source.inherited("lang", "")
    if separator == "":
        raise MetadataError(f"column {name}: separator is empty")
    titles = source.values.get("titles", {}).values()
    return Column(
        name=name,
        titles=tuple(text for texts in titles for text in texts) or (name,),
        description=_description(source),
        required=source.inherited("required", False),
        virtual=source.values.get("virtual", False),
        suppressed=source.values.get("suppressOutput", False),
        separator=separator,
        nulls=frozenset(source.inherited("null", ())) | {""},
        default=source.inherited("default", ""),
        lang="" if lang == "und" else lang,
        datatype=source.inherited("datatype") or Datatype(),
        about=source.values.get("aboutUrl"),
        property=source.inherited("propertyUrl"),
        value=source.inherited("valueUrl"),
    )


def _foreign_key(key: Description) -> ForeignKey:
    columns, reference = key.values["columnReference"], key.values["reference"].values
    if len(columns) != len(reference["columnReference"]):
        raise MetadataError("a foreign key and its reference must have as many columns")
    return ForeignKey(columns, reference["resource"], reference["columnReference"])


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
    if not template.startswith("{+") and not (colon and prefix in _SCHEMES | set(CSVW_PREFIXES)):
        raise MetadataError(f"template {template}: no whole address and no known prefix")
    return {name for _, name in TEMPLATE.findall(template)}

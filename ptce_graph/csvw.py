"""CSV on the Web as the W3C defines it: a table at an address, and its metadata, to RDF.

After https://www.w3.org/TR/tabular-data-model/ and https://www.w3.org/TR/csv2rdf/ . The tables of
a project do not take this way, which looks at one cell after the other: `mapping` compiles the
profile of `tables`, and the tests compare both.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any
from urllib.parse import urljoin

from ptce_graph.datatypes import Datatype, MetadataError, normalise, reader
from ptce_graph.errors import Invalid
from ptce_graph.metadata import (
    CONTEXT,
    Description,
    MetadataReader,
    iri_of,
    name_of,
)
from ptce_graph.namespaces import CSVW_PREFIXES, RDF_TYPE, XSD
from ptce_graph.templates import expand

_CSVW = CONTEXT + "#"
_RDF = CSVW_PREFIXES["rdf"]
_PLACES = "{+url}-metadata.json\ncsv-metadata.json"
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[^,;]+="?[^",;]*"?)*)')
_MODES = ("standard", "minimal", "validate")
Fetch = Callable[[str], tuple[bytes, dict[str, str]]]


Cell = list[tuple[str, str]] | None
"""The values of a cell, each with the IRI of its datatype; None for an empty one."""


class TableError(ValueError):
    """A table that is not as its metadata say."""


@dataclass(slots=True)
class Row:
    """A row of a table: its number, its number in the file, its cells."""

    number: int
    source: int
    cells: list[str]


@dataclass(slots=True)
class Content:
    """What a file holds: titles of its columns, rows, comments."""

    titles: list[list[str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def convert(
    iri: str, *, mode: str = "standard", metadata: str | None = None, fetch: Fetch
) -> tuple[str, list[str]]:
    """Convert a table, or the tables that metadata describe, to RDF.

    Args:
        iri: address of a table or of metadata.
        mode: standard, minimal (without what describes tables and rows), or validate.
        metadata: address of the metadata to use.
        fetch: gives the bytes and the headers of an address, or raises FileNotFoundError.

    Returns:
        N-Triples, none when validating, and the warnings.

    Raises:
        MetadataError: the metadata cannot mean anything.
        TableError: a table is not as the metadata say, when validating.
    """
    session = _Session(mode, fetch)
    group = session.find_metadata(iri, metadata)
    session.convert(group)
    return "".join(session.lines), session.warnings


class _Session:
    """One conversion."""

    def __init__(self, mode: str, fetch: Fetch) -> None:
        assert mode in _MODES  # noqa: S101
        self.mode, self.fetch = mode, fetch
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.keys: dict[tuple[str, tuple[str, ...]], list[tuple[str, ...]]] = {}
        self.blank = count(1)

    def fault(self, text: str) -> None:
        """Tell what is wrong in a table."""
        if self.mode == "validate":
            raise TableError(text)
        self.warnings.append(text)

    def find_metadata(self, iri: str, metadata: str | None) -> Description:
        """Return the description of a group of tables, found where the W3C says."""
        if metadata or iri.partition("?")[0].endswith(".json"):
            return self._read(metadata or iri)
        for place in self._places(iri):
            try:
                if "json" not in self.fetch(place)[1].get("Content-Type", "json"):
                    continue
            except FileNotFoundError:
                continue
            group = self._read(place)
            if any(table.values["url"] == iri for table in group.values["tables"]):
                return group
            self.warnings.append(f"{place} does not describe {iri}")
        group = Description("TableGroup")
        group.values["tables"] = [Description("Table", "", {"url": iri}, {}, group)]
        return group

    def _read(self, url: str) -> Description:
        def content(address: str) -> bytes:
            return self.fetch(address)[0]

        return MetadataReader(url, content, self.warnings.append).read(content(url))

    def _places(self, iri: str) -> Iterator[str]:
        for link, parameters in _LINK.findall(self.fetch(iri)[1].get("Link", "")):
            if "describedby" in parameters:
                yield urljoin(iri, link)
        try:
            patterns = self.fetch(urljoin(iri, "/.well-known/csvm"))[0].decode()
        except FileNotFoundError:
            patterns = _PLACES
        for pattern in patterns.split():
            yield urljoin(iri, expand(pattern, {"url": iri}))

    def convert(self, group: Description) -> None:
        """Write all the tables of a group."""
        tables = group.values["tables"]
        node = self._node(group.id)
        if self.mode == "standard":
            self._write(node, RDF_TYPE, f"<{_CSVW}TableGroup>")
            self._write_notes(node, group)
        schemas = {table.values["url"]: _schema(table) for table in tables}
        for table in tables:
            for key in schemas[table.values["url"]].values.get("foreignKeys", []):
                self._check_foreign_key(key, schemas)
        for table in tables:
            self._convert_table(table, node)
        if self.mode == "validate":
            self._check_references(tables)

    def _check_foreign_key(self, key: dict[str, Any], schemas: dict[str, Description]) -> None:
        """Find the table that a foreign key refers to, and check the columns that it names."""
        schema = key.get("schemaReference")
        if schema is not None:
            found = [url for url, value in schemas.items() if value.id == schema]
            key["resource"] = found[0] if found else schema
        if key["resource"] not in schemas:
            raise MetadataError(f"foreign key: no table {key['resource']}")
        columns = schemas[key["resource"]].values.get("columns", [])
        names = {name_of(column, n) for n, column in enumerate(columns, 1)}
        if missing := set(key["columnReference"]) - names:
            raise MetadataError(f"foreign key: no column {min(missing)} in {key['resource']}")

    def _check_references(self, tables: list[Description]) -> None:
        for table in tables:
            url = table.values["url"]
            for key in _schema(table).values.get("foreignKeys", []):
                targets = self.keys[key["resource"], key["columnReference"]]
                for value in self.keys[url, key["columns"]]:
                    if any(value) and targets.count(value) != 1:
                        self.fault(
                            f"{url}: {value} stands {targets.count(value)} times in its target"
                        )

    def _convert_table(self, table: Description, group: str) -> None:
        url, schema = table.values["url"], _schema(table)
        content = self._read_rows(url, table)
        columns = self._columns(url, schema, content)
        node = self._node(table.id)
        written = self.mode == "standard" and not table.values.get("suppressOutput")
        if written:
            self._write(group, _CSVW + "table", node)
            self._write(node, RDF_TYPE, f"<{_CSVW}Table>")
            self._write(node, _CSVW + "url", f"<{url}>")
            self._write_notes(node, table)
            for comment in content.comments:
                self._write(node, CSVW_PREFIXES["rdfs"] + "comment", _literal(comment))
        wanted = {schema.values.get("primaryKey", ())}
        wanted |= {key["columns"] for key in schema.values.get("foreignKeys", [])}
        group_of = table.parent or table
        for other in group_of.values["tables"]:
            for key in _schema(other).values.get("foreignKeys", []):
                wanted |= {key["columnReference"]} if key["resource"] == url else set()
        for names in wanted:
            self.keys[url, names] = []
        for row in content.rows:
            texts = self._convert_row(table, columns, row, node if written else "")
            for names in wanted - {()}:
                self.keys[url, names].append(tuple(texts[name] for name in names))
        primary = self.keys[url, schema.values.get("primaryKey", ())]
        if len(set(primary)) < len(primary):
            self.fault(f"{url}: a primary key stands twice")

    def _convert_row(
        self, table: Description, columns: list[Description], row: Row, parent: str
    ) -> dict[str, str]:
        """Write a row, under the node of its table if it has one; return the texts of its cells."""
        url = table.values["url"]
        if len(row.cells) != sum(not column.values.get("virtual") for column in columns):
            self.fault(f"{url}: row {row.source} has {len(row.cells)} cells")
        cells = iter(row.cells)
        found = [
            self._read_cell(f"{url}: row {row.source}", next(cells, ""), column)
            if not column.values.get("virtual")
            else None
            for column in columns
        ]
        names = [name_of(column, number) for number, column in enumerate(columns, 1)]
        values: dict[str, str | None] = {
            name: None if cell is None else ",".join(value for value, _ in cell)
            for name, cell in zip(names, found, strict=True)
        }
        texts = {name: text or "" for name, text in values.items()}
        if table.values.get("suppressOutput") or self.mode == "validate":
            return texts
        node, own = self._node(""), self._node("")
        values |= {"_row": str(row.number), "_sourceRow": str(row.source)}
        described = {
            self._convert_cell(
                url, column, names[number - 1], number, found[number - 1], values, own
            )
            for number, column in enumerate(columns, 1)
            if not column.values.get("suppressOutput")
        }
        if parent:
            self._write(parent, _CSVW + "row", node)
            self._write(node, RDF_TYPE, f"<{_CSVW}Row>")
            self._write(node, _CSVW + "rownum", f'"{row.number}"^^<{XSD}integer>')
            self._write(node, _CSVW + "url", f"<{url}#row={row.source}>")
            for name in _schema(table).values.get("rowTitles", ()):
                column = columns[names.index(name)]
                if texts[name]:
                    term = _literal(texts[name], "", column.inherited("lang", ""))
                    self._write(node, _CSVW + "title", term)
            for subject in described:
                self._write(node, _CSVW + "describes", subject)
        return texts

    def _convert_cell(
        self,
        url: str,
        column: Description,
        name: str,
        number: int,
        found: Cell,
        values: dict[str, str | None],
        own: str,
    ) -> str:
        """Write what a cell says; return its subject."""
        numbers = dict.fromkeys(("_column", "_sourceColumn"), str(number))

        def address(key: str) -> str:
            text = expand(column.inherited(key), {**values, **numbers, "_name": name})
            return urljoin(url, iri_of(text, text))

        subject = f"<{address('aboutUrl')}>" if column.inherited("aboutUrl") is not None else own
        predicate = f"{url}#{name}"
        if column.inherited("propertyUrl") is not None:
            predicate = address("propertyUrl")
        if column.inherited("valueUrl") is not None:
            if found is not None or column.values.get("virtual"):
                self._write(subject, predicate, f"<{address('valueUrl')}>")
            return subject
        language = column.inherited("lang", "")
        terms = [_literal(value, datatype, language) for value, datatype in found or ()]
        if found is not None and column.inherited("ordered") and column.inherited("separator"):
            terms = [self._list(terms)]
        for term in terms:
            self._write(subject, predicate, term)
        return subject

    def _read_cell(self, where: str, text: str, column: Description) -> Cell:
        """Return the values of a cell."""
        datatype = column.inherited("datatype") or Datatype()
        separator = column.inherited("separator")
        nulls = column.inherited("null", ("",))
        text = normalise(datatype.base, text) or column.inherited("default", "")
        if separator and text and text not in nulls:
            items = text.split(separator)
            if datatype.base not in ("string", "anyAtomicType", "any"):
                items = [item.strip() for item in items]
        else:
            items = [text]
        if text in nulls:
            if column.inherited("required"):
                self.fault(f"{where}: a cell that is required is empty")
            return [] if separator and not text else None
        read, found = reader(datatype), []
        for item in items:
            if (item or column.inherited("default", "")) in nulls:
                continue
            try:
                value, iri, _ = read(item)
            except Invalid as error:
                self.fault(
                    f"{where}: {item!r} is no {datatype.base} ({error.rule}: {error.detail})"
                )
                value, iri = item, XSD + "string"
            found.append((value, iri))
        return found

    def _columns(self, url: str, schema: Description, content: Content) -> list[Description]:
        """Return the columns of a table, those of the file where the metadata have none."""
        columns: list[Description] = schema.values.get("columns", [])
        real = [column for column in columns if not column.values.get("virtual")]
        titles = content.titles
        if not real and schema.kind == "Embedded":
            real = [
                Description("Column", "", {"titles": {"und": texts}} if texts else {}, {}, schema)
                for texts in titles
            ]
        if len(titles) != len(real):
            self.fault(f"{url} has {len(titles)} columns, its metadata {len(real)}")
        for column, texts in zip(real, titles, strict=False):
            if texts and not self._is_compatible(column, set(texts)):
                self.fault(f"{url}: no column is called {texts[0]}")
        more = [Description("Column", parent=schema) for _ in titles[len(real) :]]
        return real + more + [column for column in columns if column.values.get("virtual")]

    def _is_compatible(self, column: Description, texts: set[str]) -> bool:
        titles = column.values.get("titles")
        if titles is None:
            name = column.values.get("name")
            return name is None or name in texts or self.mode != "validate"
        here = (column.parent or column).inherited("lang", "und").split("-")
        for language, listed in titles.items():
            same = all(a == b for a, b in zip(language.split("-"), here, strict=False))
            if (same or "und" in (language, *here)) and texts.intersection(listed):
                return True
        return False

    def _read_rows(self, url: str, table: Description) -> Content:
        """Read a file as its dialect says (tabular-data-model, 8)."""
        body, headers = self.fetch(url)
        dialect = table.inherited("dialect") or Description("Dialect")
        option = dialect.values.get
        kind = headers.get("Content-Type", "")
        header = option("header", "header=absent" not in kind)
        header_rows = option("headerRowCount", int(header))
        trim = option("trim", "start" if option("skipInitialSpace") else "true")
        try:
            text = body.decode(option("encoding", "utf-8")).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            raise TableError(f"{url}: {error}") from None
        quote = option("quoteChar", '"')
        settings: dict[str, Any] = {
            "delimiter": option("delimiter", "\t" if "tab-sep" in kind else ","),
            "quotechar": quote or '"',
            "quoting": csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            "doublequote": option("doubleQuote", True),
            "escapechar": None if option("doubleQuote", True) else "\\",
            "strict": True,
        }
        lines = iter(text.splitlines(keepends=True))
        content, prefix = Content(), option("commentPrefix")
        for source, line in enumerate(lines, 1):
            if prefix and line.startswith(prefix):
                content.comments.append(line.removeprefix(prefix).strip())
                continue
            if source <= option("skipRows", 0):
                content.comments.append(line.strip())
                continue
            try:
                cells = next(csv.reader(chain([line], lines), **settings)) or [""]
            except csv.Error as error:
                raise TableError(f"{url}: line {source}: {error}") from None
            cells = [_trimmed(cell, trim) for cell in cells[option("skipColumns", 0) :]]
            if header_rows:
                header_rows -= 1
                content.titles += [[] for _ in range(len(cells) - len(content.titles))]
                for titles, cell in zip(content.titles, cells, strict=False):
                    titles += [cell] if cell else []
            elif any(cells) or not option("skipBlankRows", False):
                content.rows.append(Row(len(content.rows) + 1, source, cells))
        if not content.titles and content.rows:
            content.titles = [[] for _ in content.rows[0].cells]
        return content

    def _node(self, iri: str) -> str:
        return f"<{iri}>" if iri else f"_:b{next(self.blank)}"

    def _write(self, subject: str, predicate: str, term: str) -> None:
        self.lines.append(f"{subject} <{predicate}> {term} .\n")

    def _list(self, terms: list[str]) -> str:
        """Write a list, and return its head."""
        head = f"<{_RDF}nil>"
        for term in reversed(terms):
            node = self._node("")
            self._write(node, _RDF + "first", term)
            self._write(node, _RDF + "rest", head)
            head = node
        return head

    def _write_notes(self, node: str, here: Description) -> None:
        notes = [(_CSVW + "note", note) for note in here.values.get("notes", [])]
        for predicate, value in [*here.notes.items(), *notes]:
            for item in value if isinstance(value, list) else [value]:
                self._write(node, predicate, self._term(item))

    def _term(self, value: dict[str, Any]) -> str:
        """Write what a note says of a thing, and return the thing; or return a literal."""
        if "@value" in value:
            content = value["@value"]
            kind = {bool: "boolean", int: "integer", float: "double"}.get(type(content), "string")
            text = content if isinstance(content, str) else json.dumps(content)
            datatype = value.get("@type", kind)
            return _literal(text, iri_of(datatype, XSD + datatype), value.get("@language", ""))
        node = self._node(value.get("@id", ""))
        types = value.get("@type", [])
        for name in types if isinstance(types, list) else [types]:
            self._write(node, RDF_TYPE, f"<{iri_of(name, _CSVW + name)}>")
        for predicate, items in value.items():
            for item in items if isinstance(items, list) else [items]:
                if not predicate.startswith("@"):
                    self._write(node, predicate, self._term(item))
        return node


def _schema(table: Description) -> Description:
    return table.inherited("tableSchema") or Description("Embedded", parent=table)


def _trimmed(text: str, trim: str) -> str:
    text = text.lstrip() if trim in ("true", "start") else text
    return text.rstrip() if trim in ("true", "end") else text


def _literal(text: str, datatype: str = "", language: str = "") -> str:
    for mark, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(mark, escaped)
    if datatype not in ("", XSD + "string"):
        return f'"{text}"^^<{datatype}>'
    return f'"{text}"@{language}' if language not in ("", "und") else f'"{text}"'

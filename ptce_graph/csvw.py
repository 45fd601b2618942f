"""CSV on the Web as the W3C defines it: a table at an address, and its metadata, to RDF.

After https://www.w3.org/TR/tabular-data-model/ and https://www.w3.org/TR/csv2rdf/ . The tables of
a project do not take this way, which looks at one cell after the other: `mapping` compiles the
profile of `tables`, and the tests compare both.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, count
from typing import Any, NamedTuple
from urllib.parse import urljoin

from pyoxigraph import BlankNode, RdfFormat, parse

from ptce_graph.datatypes import TERMS, Datatype, MetadataError, normalise, reader
from ptce_graph.errors import Invalid
from ptce_graph.mapping import literal
from ptce_graph.metadata import CONTEXT, Description, MetadataReader, iri_of, name_of
from ptce_graph.namespaces import CSVW_PREFIXES, RDF_TYPE, XSD
from ptce_graph.templates import expand

_CSVW = CONTEXT + "#"
_RDF = CSVW_PREFIXES["rdf"]
_PLACES = "{+url}-metadata.json\ncsv-metadata.json"
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[^,;]+="?[^",;]*"?)*)')
_TRIM: dict[str, Any] = {"true": str.strip, "start": str.lstrip, "end": str.rstrip, "false": str}
Fetch = Callable[[str], tuple[bytes, dict[str, str]]]
Cell = list[tuple[str, str]] | None
"""The values of a cell, each with the IRI of its datatype; None for an empty one."""


class TableError(ValueError):
    """A table that is not as its metadata say."""


class Content(NamedTuple):
    """What a file holds: titles of its columns, rows with their number in the file, comments."""

    titles: list[list[str]]
    rows: list[tuple[int, list[str]]]
    comments: list[str]


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
    session.convert(session.find_metadata(iri, metadata))
    return "".join(session.lines), session.warnings


class _Session:
    """One conversion."""

    def __init__(self, mode: str, fetch: Fetch) -> None:
        self.mode, self.fetch, self.blank = mode, fetch, count(1)
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.texts: dict[str, list[dict[str, str]]] = {}

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
        reader = MetadataReader(url, lambda address: self.fetch(address)[0], self.warnings.append)
        return reader.read(self.fetch(url)[0])

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
        node = self._node(group.id)
        if self.mode == "standard":
            self._write(node, RDF_TYPE, f"<{_CSVW}TableGroup>")
            self._write_notes(node, group)
        schemas = {table.values["url"]: _schema(table) for table in group.values["tables"]}
        references = [
            (url, key, self._find_target(key, schemas))
            for url, schema in schemas.items()
            for key in schema.values.get("foreignKeys", [])
        ]
        for table in group.values["tables"]:
            self._convert_table(table, node)
        for url, key, target in references if self.mode == "validate" else ():
            there = Counter(self._keys(target, key["columnReference"]))
            for value in self._keys(url, key["columns"]):
                if any(value) and there[value] != 1:
                    self.fault(f"{url}: {value} stands {there[value]} times in its target")

    def _keys(self, url: str, names: tuple[str, ...]) -> list[tuple[str, ...]]:
        return [tuple(row[name] for name in names) for row in self.texts[url]]

    def _find_target(self, key: dict[str, Any], schemas: dict[str, Description]) -> str:
        """Return the table that a foreign key refers to, whose columns it names."""
        by_schema = {schema.id: url for url, schema in schemas.items()}
        wanted = key.get("schemaReference")
        target = str(by_schema.get(wanted, wanted) if wanted else key["resource"])
        if target not in schemas:
            raise MetadataError(f"foreign key: no table {target}")
        columns = schemas[target].values.get("columns", [])
        there = {name_of(column, n) for n, column in enumerate(columns, 1)}
        if missing := set(key["columnReference"]) - there:
            raise MetadataError(f"foreign key: no column {min(missing)} in {target}")
        return target

    def _convert_table(self, table: Description, group: str) -> None:
        url, schema = table.values["url"], _schema(table)
        content = self._read_rows(url, table)
        columns = self._columns(url, schema, content)
        node = ""
        if self.mode == "standard" and not table.values.get("suppressOutput"):
            node = self._node(table.id)
            self._write(group, _CSVW + "table", node)
            self._write(node, RDF_TYPE, f"<{_CSVW}Table>")
            self._write(node, _CSVW + "url", f"<{url}>")
            self._write_notes(node, table)
            for comment in content.comments:
                self._write(
                    node, CSVW_PREFIXES["rdfs"] + "comment", literal(comment, XSD + "string", "")
                )
        self.texts[url] = [
            self._convert_row(table, columns, number, source, cells, node)
            for number, (source, cells) in enumerate(content.rows, 1)
        ]
        primary = self._keys(url, schema.values.get("primaryKey", ()))
        if any(primary) and len(set(primary)) < len(primary):
            self.fault(f"{url}: a primary key stands twice")

    def _convert_row(
        self, table: Description, columns: list[Description], number: int, *row: Any
    ) -> dict[str, str]:
        """Write a row, under the node of its table if it has one; return the texts of its cells."""
        source, texts, parent = row
        url = table.values["url"]
        if len(texts) != sum(not column.values.get("virtual") for column in columns):
            self.fault(f"{url}: row {source} has {len(texts)} cells")
        names = [name_of(column, n) for n, column in enumerate(columns, 1)]
        padded = chain(texts[: len(columns)], [""] * len(columns))
        cells: list[tuple[Description, str, Cell]] = [
            (column, name, self._read_cell(f"{url}: row {source}", text, column))
            for column, name, text in zip(columns, names, padded, strict=False)
        ]
        values = {n: None if c is None else ",".join(v for v, _ in c) for _, n, c in cells}
        keys = {name: text or "" for name, text in values.items()}
        if table.values.get("suppressOutput") or self.mode == "validate":
            return keys
        node, own, subjects = self._node(""), self._node(""), set()
        values |= {"_row": str(number), "_sourceRow": str(source)}
        for n, cell in enumerate(cells, 1):
            if not cell[0].values.get("suppressOutput"):
                here = values | {"_name": cell[1], "_column": str(n), "_sourceColumn": str(n)}
                subjects.add(self._convert_cell(url, cell, here, own))
        if parent:
            self._write(parent, _CSVW + "row", node)
            self._write(node, RDF_TYPE, f"<{_CSVW}Row>")
            self._write(node, _CSVW + "rownum", f'"{number}"^^<{XSD}integer>')
            self._write(node, _CSVW + "url", f"<{url}#row={source}>")
            for column, name, _ in cells:
                if name in _schema(table).values.get("rowTitles", ()) and keys[name]:
                    term = literal(keys[name], XSD + "string", column.inherited("lang", ""))
                    self._write(node, _CSVW + "title", term)
            for subject in sorted(subjects):
                self._write(node, _CSVW + "describes", subject)
        return keys

    def _convert_cell(
        self, url: str, cell: tuple[Description, str, Cell], values: dict[str, str | None], own: str
    ) -> str:
        """Write what a cell says; return its subject."""
        column, name, found = cell

        def address(key: str, default: str) -> str:
            template = column.inherited(key)
            text = default if template is None else expand(template, values)
            return f"<{urljoin(url, iri_of(text, text))}>" if text != own else own

        subject, predicate = address("aboutUrl", own), address("propertyUrl", f"{url}#{name}")[1:-1]
        language = column.inherited("lang", "")
        terms = [literal(value, datatype, language) for value, datatype in found or ()]
        if column.inherited("valueUrl") is not None:
            empty = found is None and not column.values.get("virtual")
            terms = [] if empty else [address("valueUrl", "")]
        elif found is not None and column.inherited("ordered") and column.inherited("separator"):
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
            if datatype.base not in ("string", "anyAtomicType"):
                items = [item.strip() for item in items]
        else:
            items = [text]
        if text in nulls:
            if column.inherited("required") and not column.values.get("virtual"):
                self.fault(f"{where}: a cell that is required is empty")
            return [] if separator and not text else None
        read, found = reader(datatype), []
        for item in items:
            if (item or column.inherited("default", "")) in nulls:
                continue
            try:
                value, iri, _ = read(item)
            except Invalid as error:
                expected = f"{datatype.base} ({error.rule}: {error.detail})"
                self.fault(f"{where}: {item!r} is no {expected}")
                value, iri = item, XSD + "string"
            found.append((value, iri))
        return found

    def _columns(self, url: str, schema: Description, content: Content) -> list[Description]:
        """Return the columns of a table, those of the file where the metadata have none."""
        columns: list[Description] = schema.values.get("columns", [])
        real = [column for column in columns if not column.values.get("virtual")]
        titles = content.titles
        if not real and schema.kind == "Embedded":
            found = [{"titles": {"und": texts}} if texts else {} for texts in titles]
            real = [Description("Column", "", values, {}, schema) for values in found]
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
        here = ((column.parent or column).inherited("lang") or "und").split("-")
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
        settings: dict[str, Any] = {"quotechar": option("quoteChar", '"'), "strict": True}
        settings["quoting"] = csv.QUOTE_MINIMAL if settings["quotechar"] else csv.QUOTE_NONE
        settings["delimiter"] = option("delimiter", "\t" if "tab-sep" in kind else ",")
        settings["escapechar"] = None if option("doubleQuote", True) else "\\"
        lines = iter(text.splitlines(keepends=True))
        content, prefix = Content([], [], []), option("commentPrefix")
        for source, line in enumerate(lines, 1):
            if source <= option("skipRows", 0) or (prefix and line.startswith(prefix)):
                content.comments.append(line.removeprefix(prefix or "").strip())
                continue
            try:
                cells = next(csv.reader(chain([line], lines), **settings)) or [""]
            except csv.Error as error:
                raise TableError(f"{url}: line {source}: {error}") from None
            cells = [_TRIM[trim](cell) for cell in cells[option("skipColumns", 0) :]]
            if header_rows:
                header_rows -= 1
                content.titles.extend([] for _ in cells[len(content.titles) :])
                for titles, cell in zip(content.titles, cells, strict=False):
                    titles += [cell] if cell else []
            elif any(cells) or not option("skipBlankRows", False):
                content.rows.append((source, cells))
        if not content.titles and content.rows:
            content.titles.extend([] for _ in content.rows[0][1])
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
        """Write the properties of other vocabularies, which are JSON-LD."""
        context = CSVW_PREFIXES | TERMS | {"@vocab": _CSVW}
        context |= {"@language": here.language} if here.language != "und" else {}
        source = {"@context": context, "@id": node.strip("<>"), **here.notes}
        source |= {"csvw:note": here.values.get("notes", [])}
        names = {node: node}
        for quad in parse(json.dumps(source), RdfFormat.JSON_LD, base_iri=here.base or None):
            subject, term = (
                names.setdefault(str(part), self._node("")) if isinstance(part, BlankNode) else part
                for part in (quad.subject, quad.object)
            )
            self._write(str(subject), quad.predicate.value, str(term))


def _schema(table: Description) -> Description:
    return table.inherited("tableSchema") or Description("Embedded", parent=table)

"""CSV on the Web as the W3C defines it: a table at an address, and its metadata, to RDF.

After https://www.w3.org/TR/tabular-data-model/ and https://www.w3.org/TR/csv2rdf/ . The tables of
a project do not take this way, which looks at one cell after the other: `mapping` compiles the
profile of `tables`, and the tests compare both.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from io import StringIO
from itertools import chain
from typing import Any
from urllib.parse import urljoin

from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from ptce_graph.datatypes import TERMS, Datatype, MetadataError, Reader, normalise, reader
from ptce_graph.errors import Invalid
from ptce_graph.metadata import CONTEXT, Description, MetadataReader, iri_of, name_of
from ptce_graph.namespaces import CSVW_PREFIXES, XSD
from ptce_graph.templates import expand

_TRIM: dict[str, Any] = {"true": str.strip, "start": str.lstrip, "end": str.rstrip, "false": str}
Rows = list[tuple[int, list[str]]]
"""Number of each row in the file, texts of its cells."""

Fetch = Callable[[str], tuple[bytes, dict[str, str]]]
Column = tuple[Description, str, Reader]
"""What is said of a column, its name, what reads its texts."""

Texts = dict[str, str | None]
Node = dict[str, Any]
"""A thing and what is said of it, as JSON-LD."""


class TableError(ValueError):
    """A table that is not as its metadata say."""


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
    document = session.convert(group)
    text = "" if mode == "validate" else _n_triples(document, group)
    return text, session.warnings


class _Session:
    """One conversion.

    Attributes:
        texts: address of a table → name of a column → its texts.
    """

    def __init__(self, mode: str, fetch: Fetch) -> None:
        self.mode, self.fetch = mode, fetch
        self.warnings: list[str] = []
        self.texts: dict[str, dict[str, list[str]]] = {}

    def fault(self, text: str) -> None:
        """Tell what is wrong in a table."""
        if self.mode == "validate":
            raise TableError(text)
        self.warnings.append(text)

    def find_metadata(self, iri: str, metadata: str | None) -> Description:
        """Return the description of a group of tables, found where the W3C says."""
        if metadata or iri.partition("?")[0].endswith(".json"):
            return self._read(metadata or iri)
        for place in (f"{iri}-metadata.json", urljoin(iri, "csv-metadata.json")):
            try:
                if "json" not in self.fetch(place)[1].get("Content-Type", "json"):
                    continue
                group = self._read(place)
            except FileNotFoundError:
                continue
            if any(table.values["url"] == iri for table in group.values["tables"]):
                return group
            self.warnings.append(f"{place} does not describe {iri}")
        group = Description("TableGroup")
        group.values["tables"] = [Description("Table", "", {"url": iri}, {}, group)]
        return group

    def _read(self, url: str) -> Description:
        return MetadataReader(url, self.warnings.append).read(self.fetch(url)[0])

    def convert(self, group: Description) -> Node:
        """Return what the tables of a group say, and look whether they refer to one another."""
        described = {table.values["url"]: table for table in group.values["tables"]}
        tables = [self._convert_table(url, table) for url, table in described.items()]
        for url, table in described.items():
            for key in _schema(table).values.get("foreignKeys", ()):
                self._check_reference(url, key)
        shown = [table for table in tables if table]
        if self.mode == "standard":
            return {"@type": "TableGroup", "table": shown, **_notes(group)}
        rows = chain.from_iterable(table["row"] for table in shown)
        return {"@graph": [thing for row in rows for thing in row["describes"]]}

    def _check_reference(self, url: str, key: Description) -> None:
        target, names = (key.values["reference"].values[k] for k in ("resource", "columnReference"))
        if target not in self.texts:
            raise MetadataError(f"foreign key: no table {target}")
        if missing := set(names) - self.texts[target].keys():
            raise MetadataError(f"foreign key: no column {min(missing)} in {target}")
        there = Counter(self._keys(target, names))
        for value in self._keys(url, key.values["columnReference"]):
            if self.mode == "validate" and any(value) and there[value] != 1:
                self.fault(f"{url}: {value} stands {there[value]} times in its target")

    def _keys(self, url: str, names: tuple[str, ...]) -> list[tuple[str, ...]]:
        return list(zip(*(self.texts[url][name] for name in names), strict=True))

    def _convert_table(self, url: str, table: Description) -> Node:
        schema = _schema(table)
        titles, content = self._read_rows(url, table)
        columns = self._columns(url, schema, titles)
        self.texts[url] = {name: [] for _, name, _ in columns}
        rows = []
        for number, (source, cells) in enumerate(content, 1):
            place = {"_row": str(number), "_sourceRow": str(source)}
            texts, things = self._read_row(url, columns, cells, place)
            for name, text in texts.items():
                self.texts[url][name].append(text or "")
            row = {"@type": "Row", "rownum": number, "url": {"@id": f"{url}#row={source}"}}
            rows.append(row | {"describes": things})
        primary = self._keys(url, schema.values.get("primaryKey", ()))
        if len(set(primary)) < len(primary):
            self.fault(f"{url}: a primary key stands twice")
        if table.values.get("suppressOutput"):
            return {}
        return {"@type": "Table", "url": {"@id": url}, "row": rows, **_notes(table)}

    def _read_row(
        self, url: str, columns: list[Column], cells: list[str], place: dict[str, str]
    ) -> tuple[Texts, list[Node]]:
        """Return the texts of a row by the names of their columns, and what they say of things."""
        where = f"{url}: row {place['_sourceRow']}"
        wanted = sum(not column.values.get("virtual") for column, _, _ in columns)
        if len(cells) != wanted:
            self.fault(f"{where} has {len(cells)} cells")
        padded = chain(cells[:wanted], [""] * len(columns))
        read = [self._read_cell(where, *pair) for pair in zip(columns, padded, strict=False)]
        texts = {name: text for (_, name, _), (text, _) in zip(columns, read, strict=True)}
        things: dict[str | None, Node] = {}
        for n, ((here, name, _), (text, values)) in enumerate(zip(columns, read, strict=True), 1):
            if here.values.get("suppressOutput"):
                continue
            known: Texts = {**texts, **place, "_name": name}
            known |= dict.fromkeys(("_column", "_sourceColumn"), str(n))
            subject = self._address(url, here.inherited("aboutUrl"), known)
            predicate = self._address(url, here.inherited("propertyUrl"), known)
            if here.inherited("valueUrl") is not None:
                link = self._address(url, here.inherited("valueUrl"), known)
                there = text is not None or here.values.get("virtual")
                values = [{"@id": link}] if link and there else []
            elif text is not None and here.inherited("ordered") and here.inherited("separator"):
                values = [{"@list": values}]
            thing = things.setdefault(subject, {"@id": subject} if subject else {})
            thing.setdefault(predicate or f"{url}#{name}", []).extend(values)
        return texts, list(things.values())

    def _address(self, url: str, template: str | None, values: Texts) -> str | None:
        """Return the address that a template makes, None without a template."""
        if template is None:
            return None
        text = expand(template, values)
        address = urljoin(url, iri_of(text, text))
        try:
            return str(NamedNode(address).value)
        except ValueError:
            self.fault(f"{url}: row {values['_sourceRow']}: {address} is no address")
            return None

    def _read_cell(self, where: str, column: Column, text: str) -> tuple[str | None, list[Node]]:
        """Return the text of a cell, None if it is empty, and its values."""
        described, _, read = column
        base = (described.inherited("datatype") or Datatype()).base
        separator, default = described.inherited("separator"), described.inherited("default", "")
        nulls = described.inherited("null", ("",))
        text = normalise(base, text) or default
        if text in nulls:
            if described.inherited("required") and not described.values.get("virtual"):
                self.fault(f"{where}: a cell that is required is empty")
            return "" if separator and not text else None, []
        texts, values = [], []
        for item in text.split(separator) if separator else [text]:
            item = (item if base in ("anyAtomicType", "string") else item.strip()) or default
            if item in nulls:
                continue
            try:
                value, iri, _ = read(item)
            except Invalid as error:
                self.fault(f"{where}: {item!r} is no {base} ({error.rule}: {error.detail})")
                value, iri = item, XSD + "string"
            texts.append(value)
            language = described.inherited("lang", "und") if iri == XSD + "string" else "und"
            kind = {"@type": iri} if language == "und" else {"@language": language}
            values.append({"@value": value, **kind})
        return ",".join(texts), values

    def _columns(self, url: str, schema: Description, titles: list[list[str]]) -> list[Column]:
        """Return the columns of a table, those of the file where the metadata have none."""
        columns = schema.values.get("columns", [])
        real = [column for column in columns if not column.values.get("virtual")]
        virtual = columns[len(real) :]
        if not real and schema.kind == "Embedded":
            found = [{"titles": {"und": texts}} if texts else {} for texts in titles]
            real = [Description("Column", "", values, {}, schema) for values in found]
        if len(titles) != len(real):
            self.fault(f"{url} has {len(titles)} columns, its metadata {len(real)}")
        for column, texts in zip(real, titles, strict=False):
            listed = column.values.get("titles", {"": [column.values.get("name", *texts[:1])]})
            if texts and not {*texts}.intersection(chain.from_iterable(listed.values())):
                self.fault(f"{url}: no column is called {texts[0]}")
        more = [Description("Column", parent=schema) for _ in titles[len(real) :]]
        return [
            (column, name_of(column, n), reader(column.inherited("datatype") or Datatype()))
            for n, column in enumerate(real + more + virtual, 1)
        ]

    def _read_rows(self, url: str, table: Description) -> tuple[list[list[str]], Rows]:
        """Return the titles of the columns, and the rows (tabular-data-model, 8)."""
        body, headers = self.fetch(url)
        option = (table.inherited("dialect") or Description("Dialect")).values.get
        kind = headers.get("Content-Type", "")
        headings = option("headerRowCount", int(option("header", "header=absent" not in kind)))
        prefix, skipped = option("commentPrefix"), option("skipRows", 0)
        trim = _TRIM[str(option("trim", "start" if option("skipInitialSpace") else True)).lower()]
        try:
            text = body.decode(option("encoding", "utf-8")).removeprefix("\ufeff")
        except (LookupError, UnicodeDecodeError) as error:
            raise TableError(f"{url}: {error}") from None
        settings: dict[str, Any] = {"quotechar": option("quoteChar", '"'), "strict": True}
        settings["quoting"] = csv.QUOTE_MINIMAL if settings["quotechar"] else csv.QUOTE_NONE
        settings["delimiter"] = option("delimiter", "\t" if "tab-sep" in kind else ",")
        settings["escapechar"] = None if option("doubleQuote", True) else "\\"
        lines, rows = StringIO(text, newline=""), []
        for source, line in enumerate(lines, 1):
            if source <= skipped or (prefix and line.startswith(prefix)):
                continue
            try:
                cells = next(csv.reader(chain([line], lines), **settings)) or [""]
            except csv.Error as error:
                raise TableError(f"{url}: line {source}: {error}") from None
            cells = [trim(cell) for cell in cells[option("skipColumns", 0) :]]
            if any(cells) or not option("skipBlankRows", False):
                rows.append((source, cells))
        head, rest = rows[:headings], rows[headings:]
        width = len((head or rest or [(0, [])])[0][1])
        titles = [[cells[n] for _, cells in head if cells[n:] and cells[n]] for n in range(width)]
        return titles, rest


def _schema(table: Description) -> Description:
    return table.inherited("tableSchema") or Description("Embedded", parent=table)


def _notes(here: Description) -> Node:
    """Return the address of a table or a group, and its properties of other vocabularies."""
    address = {"@id": here.id} if here.id else {}
    return address | here.notes


def _n_triples(document: Node, group: Description) -> str:
    """Return JSON-LD as N-Triples, its blank nodes numbered as they come."""
    context = CSVW_PREFIXES | TERMS | {"@vocab": CONTEXT + "#"}
    context |= {"@language": group.language} if group.language != "und" else {}
    text = json.dumps({"@context": context, **document})
    try:
        quads = list(parse(text, RdfFormat.JSON_LD, base_iri=group.base or None))
    except SyntaxError as error:
        raise MetadataError(f"a note is no JSON-LD: {error}") from None
    ends = [end for quad in quads for end in (quad.subject, quad.object)]
    blank = dict.fromkeys(end for end in ends if isinstance(end, BlankNode))
    names: dict[Any, str] = {node: f"_:b{n}" for n, node in enumerate(blank)}
    return "".join(
        f"{names.get(q.subject, q.subject)} {q.predicate} {names.get(q.object, q.object)} .\n"
        for q in quads
    )

"""The build of the graph with rdflib's own store: the same tables, the same metadata, no checks.

What a person who knows rdflib would write first: read each row, expand the templates of the
metadata, add one triple at a time, write the files.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rdflib import XSD, Graph, Literal, Node, URIRef

from ptce_graph.namespaces import CSVW_PREFIXES as PREFIXES
from ptce_graph.project import Project, installed_sources
from ptce_graph.tables import TEMPLATE

Row = dict[str, str]

_PARTIAL_DATES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_RESERVED = ":/?#[]@!$&'()*+,;=%"


def build(project: Project, ntriples: Path, turtle: Path) -> None:
    """Write the graph of a project as N-Triples, which are N-Quads too, and as Turtle."""
    graph = Graph()
    for path in (project.ontology / "ptce.ttl", *project.ontology.glob("schemes/*.ttl")):
        graph.parse(path)
    _add_tables(graph, project)
    graph.serialize(ntriples, format="nt11", encoding="utf-8")
    graph.serialize(turtle, format="turtle")


def write(project: Project, ntriples: Path) -> None:
    """Write the triples of the tables alone as N-Triples."""
    graph = Graph()
    _add_tables(graph, project)
    graph.serialize(ntriples, format="nt11", encoding="utf-8")


def _add_tables(graph: Graph, project: Project) -> None:
    installed = {path.name: path for path in installed_sources().rglob("*.csv-metadata.json")}
    for path in project.sources.rglob("*.csv"):
        beside = path.with_name(f"{path.name}-metadata.json")
        metadata = beside if beside.is_file() else installed[beside.name]
        schema = json.loads(metadata.read_text("utf-8"))["tableSchema"]
        for triple in _triples(path, schema):
            graph.add(triple)


def _triples(path: Path, schema: dict[str, Any]) -> Iterator[tuple[Node, Node, Node]]:
    """Yield the triples of a table, row by row."""
    columns = [
        (
            column["name"],
            column.get("virtual", False),
            _template(column.get("aboutUrl") or schema["aboutUrl"]),
            _template(column["propertyUrl"]),
            _objects(column),
        )
        for column in schema["columns"]
        if not column.get("suppressOutput")
    ]
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            for name, virtual, subject, predicate, objects in columns:
                if virtual or row.get(name):
                    for value in objects(row):
                        yield subject(row), predicate(row), value


def _template(template: str) -> Callable[[Row], URIRef]:
    """Return what makes the IRI of a row; it is made once where no column is named."""
    prefix, _, rest = template.partition(":")
    if prefix in PREFIXES and not rest.startswith("//"):
        template = PREFIXES[prefix] + rest
    if "{" not in template:
        constant = URIRef(template)
        return lambda row: constant

    def expand(row: Row) -> URIRef:
        return URIRef(
            TEMPLATE.sub(lambda m: quote(row[m[2]], safe=_RESERVED if m[1] else ""), template)
        )

    return expand


def _objects(column: dict[str, Any]) -> Callable[[Row], list[Node]]:
    """Return what makes the objects of a row: an IRI, or one literal or several."""
    name, separator, language = column["name"], column.get("separator"), column.get("lang")
    datatype = column.get("datatype", "string")
    if isinstance(datatype, dict):
        datatype = datatype.get("@id") or datatype["base"]
    if "valueUrl" in column:
        expand = _template(column["valueUrl"])
        return lambda row: [expand(row)]

    def literal(text: str) -> Literal:
        if datatype.endswith("partialDate"):
            return Literal(text, datatype=_PARTIAL_DATES[len(text)])
        if datatype == "decimal" and "." not in text:
            text += ".0"
        if datatype in ("decimal", "anyURI"):
            return Literal(text, datatype=XSD[datatype])
        return Literal(text, lang=language)

    return lambda row: [
        literal(text) for text in (row[name].split(separator) if separator else [row[name]])
    ]

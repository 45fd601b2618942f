"""What the shapes say of the built graph: findings, each with the row of a table that states it.

The checks are in `ontology/shapes.ttl`: a named shape with a message is one check. Each of its
constraints is asked of the store as one SPARQL query.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyoxigraph
from pyoxigraph import NamedNode

from ptce_graph import dataset, identifiers, sources
from ptce_graph.errors import GraphError, Problem, ProjectError
from ptce_graph.findings import LANGUAGES, SEVERITIES, Check, Finding
from ptce_graph.mapping import compile_mapping
from ptce_graph.namespaces import BASE, DATATYPE, ID, ONTOLOGY, PREFIXES, RDF_TYPE, SCHEME
from ptce_graph.project import Project

if TYPE_CHECKING:
    import rdflib

    from ptce_graph.shapes import Query
    from ptce_graph.tables import Table

SHAPES = BASE + "shapes#"
_NAMES = [PREFIXES["skos"] + "prefLabel", PREFIXES["dcterms"] + "title"]
_ENDS = [
    *(PREFIXES["org"] + name for name in ("member", "organization")),
    *(ONTOLOGY + name for name in ("linkSource", "linkTarget", "fundedBy", "funds", "countOf")),
    *(ONTOLOGY + name for name in ("measure", "applicant", "submittedTo", "decides")),
    *(ONTOLOGY + name for name in ("eventType", "concerns", "envelopeOf")),
    *(ONTOLOGY + name for name in ("labelAwarded", "awardedTo")),
    *(PREFIXES["prov"] + name for name in ("agent", "hadRole")),
    ONTOLOGY + "participationIn",
]
"""Properties whose values name a thing that has no name of its own, in the order of reading."""


def read_shapes(project: Project) -> rdflib.Graph:
    """Return the shapes of a project.

    Raises:
        ProjectError: there are none.
        GraphError: they are no Turtle.
    """
    import rdflib
    from rdflib.plugins.parsers.notation3 import BadSyntax

    path = project.ontology / "shapes.ttl"
    try:
        return rdflib.Graph().parse(path, format="turtle")
    except OSError as error:
        raise ProjectError(f"{path}: cannot be read ({error.strerror})") from error
    except BadSyntax as error:
        raise GraphError(f"{path}: no Turtle: {_sentence(error)}") from error


def _sentence(error: Exception) -> str:
    """Return what a library says, on one line of a readable length."""
    text = " ".join(str(error).split())
    return text if len(text) <= 200 else text[:199] + "…"


def read_checks(shapes: rdflib.Graph) -> dict[str, Check]:
    """Return the checks that shapes hold, by name."""
    from rdflib.namespace import RDFS, SH

    checks = {}
    for shape in shapes.subjects(SH.message, unique=True):
        name = str(shape).removeprefix(SHAPES)
        severity = SEVERITIES[str(shapes.value(shape, SH.severity)).removeprefix(str(SH))]
        texts = [
            {str(text.language): str(text) for text in shapes.objects(shape, key)}  # type: ignore[attr-defined]
            for key in (RDFS.label, SH.message)
        ]
        checks[name] = Check(name, severity, *texts)
    return dict(sorted(checks.items()))


def validate(project: Project, store: pyoxigraph.Store | None = None) -> list[Finding]:
    """Return the findings on a store, or by default on the built graph, the gravest first.

    Raises:
        ProjectError: no graph has been built.
        GraphError: the shapes cannot be read.
    """
    shapes = read_shapes(project)
    if store is None:
        store = dataset.open_store(project)
    results = run(store, shapes)
    places = find_places(project, {focus for focus, _, _ in results})
    checks = read_checks(shapes)
    findings = [
        Finding(checks[name], focus, _label(store, focus), _text(store, value), *place)
        for focus, name, value in results
        for place in [_choose(places[focus], value)]
    ]
    grave = list(SEVERITIES.values())
    return sorted(
        findings,
        key=lambda f: (grave.index(f.severity), f.check.name, f.table, f.line, f.focus, f.value),
    )


def run(store: pyoxigraph.Store, shapes: rdflib.Graph) -> list[tuple[str, str, str]]:
    """Return what does not respect shapes: IRI of the thing, name of the check, value or "".

    Args:
        store: the graph; only its default graph is looked at.
        shapes: what it must respect.

    Raises:
        GraphError: the shapes are badly written.
    """
    from ptce_graph.shapes import compile_shapes

    return sorted(
        {
            (this.value, name, "" if value in (None, this) else value.value)
            for query in compile_shapes(shapes)
            for name in [query.shape.removeprefix(SHAPES)]
            for this, value in ask(store, query)
        }
    )


def ask(store: pyoxigraph.Store, query: Query) -> set[tuple[Any, Any]]:
    """Return what a query on a constraint finds: each thing, and the value at fault or None.

    Raises:
        GraphError: it is no SPARQL.
    """
    try:
        found = {(row["this"], row["value"]) for row in _rows(store, query.text)}
        if query.focus and found:
            about = {row["this"] for row in _rows(store, query.focus)}
            found = {(this, value) for this, value in found if this in about}
    except SyntaxError as error:
        raise GraphError(f"shapes.ttl: {query.shape}: no SPARQL: {_sentence(error)}") from error
    return found


def _rows(store: pyoxigraph.Store, text: str) -> pyoxigraph.QuerySolutions:
    return cast(pyoxigraph.QuerySolutions, store.query(text))


Row = tuple[str, int, list[str]]
"""File, line, and the N-Quads lines that it states about a thing."""


def find_places(project: Project, things: set[str]) -> dict[str, list[Row]]:
    """Return the rows of the tables, or lines of the lists of codes, that state things."""
    readers = {DATATYPE + name: read for name, read in identifiers.DATATYPES.items()}
    places: dict[str, list[Row]] = defaultdict(list)

    def ignore(_: Problem) -> None:
        """The build has told what cannot be read."""

    for source in sources.find_tables(project, ignore) if things else []:
        if not _may_state(source.table, things):
            continue
        map_row = compile_mapping(source.table, readers)
        for line, cells in sources.read_rows(source, ignore):
            stated = defaultdict(list)
            for triple in map_row(cells)[0]:
                if (subject := triple[1 : triple.index(">")]) in things:
                    stated[subject].append(triple)
            for subject, triples in stated.items():
                places[subject].append((source.name, line, triples))
    for thing in things:
        if thing.startswith(SCHEME):
            places[thing] += _scheme_place(project.ontology, thing)
    return places


def _may_state(table: Table, things: set[str]) -> bool:
    """Return whether the subjects of a table may be among things, by how their IRIs begin."""
    templates = {table.about, *(column.about for column in table.columns)} - {None, ""}
    starts = tuple(str(template).partition("{")[0] for template in templates)
    written_out = all(start.startswith("http") for start in starts)
    return not written_out or any(thing.startswith(starts) for thing in things)


def _scheme_place(ontology: Path, thing: str) -> list[Row]:
    """Return the line of the file of a list at which a code, or the list itself, is described."""
    scheme, _, code = thing.removeprefix(SCHEME).partition("/")
    path = ontology / "schemes" / f"{scheme}.ttl"
    start = re.compile(rf"(<{re.escape(thing)}>|[\w-]*:{re.escape(code or scheme)})(\s|$)")
    if not path.is_file():
        return []
    lines = path.read_text("utf-8").splitlines()
    number = next((i for i, line in enumerate(lines, 1) if start.match(line)), 0)
    return [(f"ontology/schemes/{path.name}", number, [])]


def _choose(rows: list[Row], value: str) -> tuple[str, int]:
    """Return the row that states a value, else the one that says what the thing is, else any."""
    for mark in (f'"{value}"', f"<{value}>", f"<{RDF_TYPE}>"):
        for name, line, triples in rows:
            if any(mark in triple for triple in triples if len(mark) > 2):
                return name, line
    return rows[0][:2] if rows else ("", 0)


def _label(store: pyoxigraph.Store, iri: str, depth: int = 3) -> dict[str, str]:
    """Return the name of a thing by language, or those of what it links."""
    node = NamedNode(iri)
    for name in _NAMES:
        found = {o.language or "": o.value for o in _objects(store, node, name)}
        if found:
            default = found.get("fr") or next(iter(found.values()))
            return {language: found.get(language, default) for language in LANGUAGES}
    ends = [
        _label(store, end.value, depth - 1)
        for name in _ENDS
        for end in _objects(store, node, name)
        if depth and isinstance(end, NamedNode)
    ]
    key = iri.removeprefix(ID).removeprefix(BASE)
    return {
        language: " – ".join(dict.fromkeys(end[language] for end in ends)) or key
        for language in LANGUAGES
    }


def _objects(store: pyoxigraph.Store, node: NamedNode, name: str) -> list[Any]:
    quads = store.quads_for_pattern(node, NamedNode(name), None, pyoxigraph.DefaultGraph())
    return sorted((quad.object for quad in quads), key=str)


def _text(store: pyoxigraph.Store, value: str) -> str:
    """Return a value as people read it: the name of a thing, its IRI otherwise."""
    return _label(store, value)["fr"] if value.startswith(ID) else value

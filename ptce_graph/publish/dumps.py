"""The files of a release: the graph in each format, the tables, the network; gzip, sums.

Same release, same bytes: lines are sorted, and no file holds the time at which it was written.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from typing import Any

from ptce_graph import export, identifiers, sources
from ptce_graph.errors import Problem
from ptce_graph.mapping import compile_mapping
from ptce_graph.namespaces import DATATYPE, ONTOLOGY, PREFIXES, THING_PREFIXES
from ptce_graph.project import Project, installed_sources
from ptce_graph.publish.description import PREFIXES as DESCRIPTION_PREFIXES
from ptce_graph.publish.description import Dump
from ptce_graph.publish.release import Release
from ptce_graph.sources import SourceTable

FOLDER = "dumps/"
SUMS = FOLDER + "SHA256SUMS"
_PREFIXES = THING_PREFIXES | DESCRIPTION_PREFIXES
_RDF = {
    "ptce.ttl": ("turtle", "RDF_TURTLE", "text/turtle", "Turtle"),
    "ptce.trig": ("trig", "RDF_TRIG", "application/trig", "TriG"),
    "ptce.nq": ("nquads", "RDF_N_QUADS", "application/n-quads", "N-Quads"),
    "ptce.jsonld": ("jsonld", "JSON_LD", "application/ld+json", "JSON-LD"),
}
_LABELS = {
    "ptce.ttl": {"fr": "Les faits, en Turtle", "en": "The facts, in Turtle"},
    "ptce.trig": {
        "fr": "Les faits, et ce qui s'en déduit dans des graphes à part, en TriG",
        "en": "The facts, and what follows from them in graphs of their own, in TriG",
    },
    "ptce.nq": {
        "fr": "Les faits, et ce qui s'en déduit dans des graphes à part, en N-Quads",
        "en": "The facts, and what follows from them in graphs of their own, in N-Quads",
    },
    "ptce.jsonld": {"fr": "Les faits, en JSON-LD", "en": "The facts, in JSON-LD"},
    "ptce-csv.tar": {
        "fr": "Les tables d'où vient tout le reste, en CSV avec leurs métadonnées (CSV on the Web)",
        "en": "The tables that all else comes from, in CSV with their metadata (CSV on the Web)",
    },
    "ptce.gexf": {
        "fr": "Le réseau de coopération, en GEXF, pour Gephi",
        "en": "The cooperation network, in GEXF, for Gephi",
    },
}


def rdf(release: Release) -> Iterator[tuple[str, bytes]]:
    """Yield each RDF file of a release: its name, what it holds."""
    for name, (form, *_) in _RDF.items():
        yield name, export.write(release.facts | release.inferred, form, _PREFIXES)


def packed(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[Dump]]:
    """Return the files of a release as they are put on the web, and what they are.

    Args:
        files: what `rdf` yields, tables below `csv/`, and `ptce.gexf`.

    Returns:
        Bytes by path below the site (each file, and each packed with gzip), and the dumps.
    """
    written = {FOLDER + name: data for name, data in files.items()}
    tables = {name: data for name, data in files.items() if name.startswith("csv/")}
    whole = {name: data for name, data in files.items() if name not in tables}
    if tables:
        whole["ptce-csv.tar"] = _tar(tables)
    dumps = []
    for name, data in whole.items():
        path = f"{FOLDER}{name}.gz"
        written[path] = zipped = gzip.compress(data, mtime=0)
        form, media = _RDF[name][1:3] if name in _RDF else ("XML", "application/xml")
        if name == "ptce-csv.tar":
            form, media = "CSV", "text/csv"
        dumps.append(
            Dump(
                name=path,
                form=form,
                media_type=media,
                label=_LABELS[name],
                size=len(zipped),
                sha256=hashlib.sha256(zipped).hexdigest(),
                rdf=name in _RDF,
                packed=name.endswith(".tar"),
            )
        )
    sums = (
        f"{hashlib.sha256(data).hexdigest()}  {path.removeprefix(FOLDER)}\n"
        for path, data in sorted(written.items())
    )
    written[SUMS] = "".join(sums).encode()
    return written, dumps


def _tar(files: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo("ptce-" + name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return data.getvalue()


def tables(project: Project, release: Release) -> Iterator[tuple[str, bytes]]:
    """Yield the tables of a project as they are published: names, what they hold.

    A row is published when all that it states is; a column, unless its property is private. So
    nothing stands in a table that is not in the graph.
    """
    readers = {DATATYPE + name: read for name, read in identifiers.DATATYPES.items()}
    published = release.facts
    private = release.private

    def ignore(_: Problem) -> None:
        """The build has told what cannot be read."""

    for source in sources.find_tables(project, ignore):
        map_row = compile_mapping(source.table, readers)
        kept, metadata = _public_columns(source, private)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([source.table.header[place] for place in kept])
        for _, cells in sources.read_rows(source, ignore):
            lines = [line for line in map_row(cells)[0] if line.split(" ", 2)[1] not in private]
            if lines and published.issuperset(lines):
                writer.writerow([cells[place] for place in kept])
        yield f"csv/{source.name}", text.getvalue().encode()
        yield f"csv/{source.name}{sources.METADATA}", metadata


def _public_columns(source: SourceTable, private: frozenset[str]) -> tuple[list[int], bytes]:
    """Return the places of the columns that are published, and the metadata that describe them."""
    own = source.path.with_name(source.path.name + sources.METADATA)
    paths = [own, *installed_sources().rglob(own.name)]
    text = next(path for path in paths if path.is_file()).read_text("utf-8-sig")
    found: dict[str, Any] = json.loads(text)
    schema = found["tableSchema"]
    hidden = {
        column.get("name")
        for column in schema["columns"]
        if f"<{_expanded(column.get('propertyUrl', ''))}>" in private
    }
    real = [column for column in schema["columns"] if not column.get("virtual")]
    kept = [place for place, column in enumerate(real) if column.get("name") not in hidden]
    if hidden:
        schema["columns"] = [c for c in schema["columns"] if c.get("name") not in hidden]
        keys = schema.get("foreignKeys", [])
        schema["foreignKeys"] = [k for k in keys if not hidden & _names(k["columnReference"])]
        text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    return kept, text.encode()


def _names(reference: str | list[str]) -> set[str]:
    return {reference} if isinstance(reference, str) else set(reference)


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    space = (PREFIXES | {"ptce": ONTOLOGY, "dc": PREFIXES["dcterms"]}).get(prefix)
    return space + local if space else name

"""The same tables by morph-kgc, in an environment of its own: its versions are not ours.

RML has neither lists in a cell, nor dates of several types, nor our escapes of addresses: the
tables are prepared for it before the clock starts, so that it makes the same triples.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ptce_graph.namespaces import CSVW_PREFIXES as PREFIXES
from ptce_graph.project import Project, installed_sources
from ptce_graph.tables import TEMPLATE
from tests.bench.measure import ROOT

HOME = ROOT / ".venv" / "morph-kgc"
REQUIREMENT = "morph-kgc==2.10.0"
HEAD = """@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
"""
CONFIG = """[CONFIGURATION]
output_file: {output}
output_format: N-TRIPLES
logging_level: ERROR

[DataSource1]
mappings: {mapping}
"""
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}
_XSD = "http://www.w3.org/2001/XMLSchema#"


def install() -> Path:
    """Return the Python of the environment, which is made if it is not there.

    Raises:
        subprocess.CalledProcessError: it cannot be installed.
    """
    python = HOME / "bin" / "python"
    if not (HOME / "installed").is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True)
        command = [python, "-m", "pip", "install", "--quiet", REQUIREMENT]
        subprocess.run(command, check=True, capture_output=True)
        (HOME / "installed").touch()
    return python


def prepare(project: Project, folder: Path) -> Path:
    """Write the tables, the mapping and the configuration; return the path of the last."""
    folder.mkdir(parents=True, exist_ok=True)
    installed = {path.name: path for path in installed_sources().rglob("*.csv-metadata.json")}
    maps = [HEAD]
    for path in sorted(project.sources.rglob("*.csv")):
        metadata = json.loads(installed[f"{path.name}-metadata.json"].read_text("utf-8"))
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            schema = metadata["tableSchema"]
            header = set(rows.fieldnames or ())
            columns = [c for c in schema["columns"] if c["name"] in header or c.get("virtual")]
            maps += _table(path.stem, schema["aboutUrl"], columns, list(rows), folder)
    (folder / "mapping.ttl").write_text("\n".join(maps), "utf-8")
    text = CONFIG.format(output=folder / "morph-kgc.nt", mapping=folder / "mapping.ttl")
    (folder / "config.ini").write_text(text, "utf-8")
    return folder / "config.ini"


def _table(
    name: str, about: str, columns: list[Any], rows: list[dict[str, str]], folder: Path
) -> Iterator[str]:
    """Write a table, and each of its columns of lists as one; yield their maps."""
    outputs = [column for column in columns if not column.get("suppressOutput")]
    single = [column for column in outputs if not column.get("separator")]
    for column in single:
        _prepare(column, rows)
    _write(folder / f"{name}.csv", rows)
    yield _map(folder / f"{name}.csv", about, [m for c in single for m in _objects(c)])
    for column in outputs:
        if separator := column.get("separator"):
            path, key = folder / f"{name}-{column['name']}.csv", column["name"]
            items = [row | {key: i} for row in rows for i in row[key].split(separator) if i]
            _write(path, items)
            yield _map(path, about, list(_objects(column)))


def _prepare(column: dict[str, Any], rows: list[dict[str, str]]) -> None:
    """Change the cells of a column into what RML can express."""
    name, kind = column["name"], _datatype(column)
    for row in rows:
        if column.get("valueUrl", "").startswith("{+"):
            row[name] = quote(row[name], safe=":/?#[]@!$&'()*+,;=%")
        elif kind == "partialDate":
            row.update({f"{name}-{n}": row[name] if len(row[name]) == n else "" for n in _DATES})
        elif kind == "decimal" and row[name] and "." not in row[name]:
            row[name] += ".0"


def _datatype(column: dict[str, Any]) -> str:
    kind = column.get("datatype", "string")
    return str(kind if isinstance(kind, str) else kind.get("@id", kind["base"])).split("#")[-1]


def _objects(column: dict[str, Any]) -> Iterator[str]:
    """Yield the maps of predicate and object of a column."""
    name, value, kind = column["name"], column.get("valueUrl", ""), _datatype(column)
    predicate = f"rr:predicateObjectMap [ rr:predicate <{_whole(column['propertyUrl'])}> ; "
    reference = f'rml:reference "{name}"'
    if value.startswith("{+"):
        found = [f"{reference} ; rr:termType rr:IRI"]
    elif TEMPLATE.search(value):
        found = [f'rr:template "{_whole(value)}"']
    elif value:
        found = [f"rr:constant <{_whole(value)}>"]
    elif kind == "partialDate":
        dates = ((f"{name}-{n}", date) for n, date in _DATES.items())
        found = [f'rml:reference "{n}" ; rr:datatype <{_XSD}{date}>' for n, date in dates]
    elif kind in ("decimal", "anyURI"):
        found = [f"{reference} ; rr:datatype <{_XSD}{kind}>"]
    else:
        language = column.get("lang")
        found = [reference + (f' ; rr:language "{language}"' if language else "")]
    yield from (f"{predicate}rr:objectMap [ {text} ] ]" for text in found)


def _map(path: Path, about: str, objects: list[str]) -> str:
    source = f'rml:source "{path}" ; rml:referenceFormulation ql:CSV'
    head = f"<#{path.stem}> a rr:TriplesMap ; rml:logicalSource [ {source} ] ;"
    body = [f'rr:subjectMap [ rr:template "{_whole(about)}" ]', *objects]
    return f"{head}\n  " + " ;\n  ".join(body) + " ."


def _whole(text: str) -> str:
    prefix, _, rest = text.partition(":")
    return PREFIXES[prefix] + rest if prefix in PREFIXES and not rest.startswith("//") else text


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

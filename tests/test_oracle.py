"""A second implementation, PyPI's `csvw`, reads our tables and finds the same graph.

`csvw` has no conversion to RDF. It reads the cells (nulls, defaults, separators, datatypes) and
expands the templates; the few lines below put its results together as csv2rdf's minimal mode
says, after our two typing steps (partial dates, and a point in every decimal). Its JSON is
compared too: it is a conversion of its own from end to end, but without languages, datatypes and
the exact form of decimals.

Five faults of `csvw` 4.1 are worked around: it does not know the prefix dcterms, though the RDFa
initial context has it; a template on a cell of type anyURI expands to the parts of the address; a
foreign key to a table outside the group stops it; its JSON goes by the positions of columns when
optional ones are absent, and in a row about several things it writes a list as one text.
"""

import ast
import csv
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import csvw
import pytest
import rdflib
from csvw.metadata_utils import NAMESPACES
from rdflib import XSD, Literal, URIRef

from ptce_graph import dataset, loader
from ptce_graph.namespaces import DATATYPE
from ptce_graph.project import Project
from ptce_graph.receipt import Receipt

SOURCES = Path(__file__).parents[1] / "graph" / "sources"


def table_group(tables: Path, folder: Path) -> Path:
    """Copy tables to a folder and describe them there as one table group."""
    shutil.copytree(tables, folder, dirs_exist_ok=True)
    places = {path.name: path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")}
    described = []
    for path in sorted(SOURCES.rglob("*.csv-metadata.json")):
        text = path.read_text("utf-8")
        table = json.loads(text.replace('"dcterms:', '"http://purl.org/dc/terms/'))
        if table["url"] not in places:
            continue
        table["url"] = places[table["url"]]
        del table["@context"]
        schema = table["tableSchema"]
        for column in schema["columns"]:
            if "valueUrl" in column and column.get("datatype") == "anyURI":
                del column["datatype"]
        for key in schema.get("foreignKeys", []):
            name = key["reference"]["resource"].rpartition("/")[2]
            key["reference"]["resource"] = places.get(name, "")
        kept = [k for k in schema.get("foreignKeys", []) if k["reference"]["resource"]]
        schema["foreignKeys"] = kept
        described.append(table)
    metadata = folder / "all-metadata.json"
    group = {"@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}], "tables": described}
    metadata.write_text(json.dumps(group), "utf-8")
    return metadata


def complete(metadata: Path) -> None:
    """Add the optional columns that tables do not have: the JSON goes by their positions."""
    for table in json.loads(metadata.read_text("utf-8"))["tables"]:
        path = metadata.parent / table["url"]
        names = [c["name"] for c in table["tableSchema"]["columns"] if not c.get("virtual")]
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def literal(value: Any, column: csvw.Column) -> Literal:
    """Return the literal of a value of `csvw`, after our typing steps."""
    name = column.datatype.at_props.get("id", "") if column.datatype else ""
    base = column.datatype.base if column.datatype else "string"
    if name == DATATYPE + "partialDate":
        kinds = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
        return Literal(value, datatype=kinds[len(value)], normalize=False)
    if base in ("decimal", "anyURI"):
        text = str(value) if isinstance(value, Decimal) else value.unsplit()
        text += ".0" if base == "decimal" and "." not in text else ""
        return Literal(text, datatype=XSD[base], normalize=False)
    return Literal(value, lang=None if column.lang == "und" else column.lang)


def expand(
    table: csvw.Table, column: csvw.Column, name: str, row: dict[str, Any], number: int
) -> URIRef | None:
    """Return what `csvw` makes of a template of a column."""
    template = column.inherit(name)
    if template is None:
        return None
    return URIRef(table.expand(template, row, _row=number, _name=column.name))


def second_opinion(metadata: Path) -> set[tuple[Any, Any, Any]]:
    """Return the triples of a table group, from the cells and the templates that `csvw` reads."""
    found = set()
    group = csvw.TableGroup.from_file(metadata)
    for table in group.tables:
        for number, row in enumerate(table.iterdicts(), 1):
            for column in table.tableSchema.columns:
                value = row[column.header]
                if column.suppressOutput or (not column.virtual and (value is None or value == [])):
                    continue
                names = ("aboutUrl", "propertyUrl", "valueUrl")
                *pair, link = [expand(table, column, name, row, number) for name in names]
                if link:
                    found.add((*pair, link))
                else:
                    values = value if isinstance(value, list) else [value]
                    found |= {(*pair, literal(item, column)) for item in values}
    return found


def ours(project: Project) -> set[tuple[Any, Any, Any]]:
    """Return the triples of the tables alone, without the ontology."""
    vocabulary = frozenset(line[1 : line.index(">")] for line in dataset.ontology_lines(project))
    receipt = Receipt()
    lines = b"".join(loader.load(project, receipt, vocabulary))
    assert not receipt.problems
    rdflib.NORMALIZE_LITERALS = False
    try:
        return set(rdflib.Graph().parse(data=lines, format="nt"))
    finally:
        rdflib.NORMALIZE_LITERALS = True


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", ["tiny", "real"])
def test_second_implementation_finds_the_same_graph(name: str, tmp_path: Path) -> None:
    """Each triple that we make of the tables, `csvw` makes too, and no other."""
    root = {"tiny": SOURCES.parents[1] / "tests" / "tiny", "real": SOURCES.parents[1]}[name]
    project = Project(root, tmp_path / "build")
    theirs = second_opinion(table_group(project.sources, tmp_path / "tables"))
    mine = ours(project)
    assert sorted(mine - theirs) == []
    assert sorted(theirs - mine) == []
    assert len(mine) > 250


@pytest.mark.filterwarnings("default")
def test_json_of_the_second_implementation_says_the_same(tmp_path: Path) -> None:
    """Thing by thing and property by property, the JSON of `csvw` holds the same values."""
    project = Project(SOURCES.parents[1] / "tests" / "tiny", tmp_path / "build")
    metadata = table_group(project.sources, tmp_path / "tables")
    complete(metadata)
    theirs: set[tuple[str, str, str]] = set()
    for table in csvw.CSVW(str(metadata)).to_json()["tables"]:
        for row in table["row"]:
            for thing in row["describes"]:
                theirs |= flat(thing)
    mine = {(str(s), str(p), plain(o)) for s, p, o in ours(project)}
    assert sorted(theirs - mine) == []
    assert sorted(mine - theirs) == []


def flat(thing: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Return what JSON says of a thing, and of the things within it."""
    found = set()
    for name, values in thing.items():
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, dict):
                found |= flat(value) | {(thing["@id"], whole(name), value["@id"])}
            elif name != "@id":
                listed = isinstance(value, str) and value.startswith("['")
                items = ast.literal_eval(value) if listed else [value]
                found |= {(thing["@id"], whole(name), plain(item)) for item in items}
    return found


def whole(name: str) -> str:
    """Return the IRI of a property that JSON calls by its prefix."""
    prefix, _, rest = name.replace("@type", "rdf:type").partition(":")
    return NAMESPACES[prefix] + rest if prefix in NAMESPACES else name


def plain(value: Any) -> str:
    """Return a value as text: JSON has neither languages nor the exact form of decimals."""
    if isinstance(value, float):
        return format(value, "g") if value < 1e5 else str(value)
    if isinstance(value, Literal) and value.datatype == XSD.decimal:
        return plain(float(value))
    return whole(str(value))


@pytest.mark.filterwarnings("default")
def test_second_implementation_validates_the_real_tables(tmp_path: Path) -> None:
    """`csvw` finds the real tables valid: their cells, their keys and their references."""
    metadata = table_group(SOURCES, tmp_path)
    checked = csvw.CSVW(str(metadata), validate=True, strict=False)
    assert checked.is_valid, [str(warning.message) for warning in checked.warnings]
    assert len(checked.tables) >= 40


@pytest.mark.filterwarnings("default")
def test_second_implementation_refuses_what_we_refuse(tmp_path: Path) -> None:
    """A dangling reference in the real tables is seen by `csvw` as well."""
    metadata = table_group(SOURCES, tmp_path)
    path = tmp_path / "facts" / "memberships.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace(",stated,", ",stated,nowhere", 1), "utf-8")
    with pytest.raises(ValueError, match=r"nowhere.* not found in table"):
        bool(csvw.CSVW(str(metadata), validate=True, strict=False).is_valid)

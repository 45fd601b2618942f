"""The description of the dataset: what portals read, held to their shapes and to the counts."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, VOID

from conftest import ROOT
from ptce_graph import dataset, export, validate
from ptce_graph.errors import ProjectError
from ptce_graph.namespaces import ONTOLOGY, SCHEME, XSD
from ptce_graph.project import Project
from ptce_graph.publish import counts, description, publication, quality
from ptce_graph.publish.description import DATASET, PREFIXES, Dump
from ptce_graph.publish.release import Release, read_release

CHECK = ROOT.parent / "shared" / "checks" / "publish_check.py"
MODULES = Path(os.environ.get("NODE_MODULES", ROOT / "node_modules"))
DUMPS = [
    Dump("dumps/ptce.ttl.gz", "RDF_TURTLE", "text/turtle", {"fr": "a", "en": "b"}, 10, "ab" * 32),
    Dump(
        *("dumps/ptce-csv.tar.gz", "CSV", "text/csv", {"fr": "a", "en": "b"}, 10, "ab" * 32),
        rdf=False,
        packed=True,
    ),
]
VERSION = "https://w3id.org/ptce/ontology/0.1.0"


@pytest.fixture(scope="module")
def release(real: Project) -> Release:
    """What is published of the real graph."""
    return read_release(real, publication.read(real))


@pytest.fixture(scope="module")
def catalogue(real: Project, release: Release) -> bytes:
    """Its description, in Turtle."""
    measured = quality.measure(dataset.open_store(real))
    lines = description.catalogue(release.publication, release.counts, DUMPS, measured, VERSION)
    return export.write(lines, "turtle", PREFIXES)


def publish_check(path: Path, *options: str) -> str:
    """Run the independent check of a file for a portal, and return what it prints."""
    if not CHECK.is_file():
        pytest.skip(f"{CHECK} is not there")
    command = [sys.executable, str(CHECK), str(path), "--node-modules", str(MODULES), *options]
    if (MODULES / "n3").is_dir():
        command.append("--strict")
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_catalogue_passes_the_shapes_of_portals(catalogue: bytes, tmp_path: Path) -> None:
    """DCAT-AP 3.0.1: mandatory, recommended, range and deprecated shapes find nothing."""
    path = tmp_path / "catalog.ttl"
    path.write_bytes(catalogue)
    printed = publish_check(path, "--dcat", "--void")
    assert printed.count("conforms=True") == 4, printed


def test_void_passes_its_check(release: Release, tmp_path: Path) -> None:
    """The VoID description alone is complete."""
    path = tmp_path / "void.ttl"
    lines = description.void(release.publication, release.counts, DUMPS)
    path.write_bytes(export.write(lines, "turtle", PREFIXES))
    publish_check(path, "--void")


def of_dataset(store: pyoxigraph.Store, shapes: Graph) -> list[tuple[str, str, str]]:
    """Return what our checks find on the dataset; codes of others are not ours to judge."""
    return [row for row in validate.run(store, shapes) if row[0] == DATASET]


def test_description_breaks_no_check_of_ours(catalogue: bytes, real: Project) -> None:
    """Shape 24 finds nothing, but that nobody can be written to yet; then nothing at all."""
    store = pyoxigraph.Store()
    store.load(catalogue, format=pyoxigraph.RdfFormat.TURTLE)
    shapes = validate.read_shapes(real)
    assert of_dataset(store, shapes) == [(DATASET, "DatasetContact", "")]


def test_contact_is_what_the_publisher_gives(release: Release, real: Project) -> None:
    """With an address, the check is silent, and a portal sees a mail address."""
    given = replace(release.publication, contact="mailto:graphe@exemple.invalid")
    lines = description.catalogue(given, release.counts, DUMPS, {}, VERSION)
    store = pyoxigraph.Store()
    store.load(export.write(lines, "ntriples"), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert not of_dataset(store, validate.read_shapes(real))


def test_dataset_says_what_portals_ask(catalogue: bytes) -> None:
    """Licence, frequency, period, ontology version, sources with their rights, checksums."""
    graph = Graph().parse(data=catalogue, format="turtle")
    node = URIRef(DATASET)
    (licence,) = graph.objects(node, DCTERMS.license)
    assert "licence-ouverte" in licence
    assert graph.value(node, DCTERMS.conformsTo) == URIRef(VERSION)
    assert str(graph.value(node, DCTERMS.accrualPeriodicity)).endswith("/frequency/IRREG")
    period = graph.value(node, DCTERMS.temporal)
    start, end = graph.value(period, DCAT.startDate), graph.value(period, DCAT.endDate)
    assert date(1900, 1, 1) < start.toPython() < end.toPython()
    sources = list(graph.objects(node, URIRef("http://www.w3.org/ns/prov#wasDerivedFrom")))
    assert len(sources) == 2
    assert all(graph.value(source, DCTERMS.rights) for source in sources)
    assert len(list(graph.objects(node, DCAT.distribution))) == len(DUMPS)
    assert (node, RDF.type, VOID.Dataset) in graph


def test_same_graph_is_described_in_the_same_bytes(
    catalogue: bytes, real: Project, release: Release
) -> None:
    """Nothing of the day or the machine is in the description."""
    measured = quality.measure(dataset.open_store(real))
    lines = description.catalogue(release.publication, release.counts, DUMPS, measured, VERSION)
    assert export.write(lines, "turtle", PREFIXES) == catalogue


def test_quality_is_measured(tiny_built: Project) -> None:
    """Shares lie between 0 and 1; every statement has a source."""
    measured = quality.measure(dataset.open_store(tiny_built))
    assert set(measured) == set(quality.METRICS)
    assert all(0 <= value <= 1 for value in measured.values())
    assert measured["statements-with-source"] == Decimal("1.000")
    assert measured["statements-with-two-sources"] < 1
    assert quality.measure(pyoxigraph.Store()) == {}


POLE = "<https://w3id.org/ptce/id/pole/a>"
LINES = [
    f'{POLE} <{ONTOLOGY}validFrom> "2014"^^<{XSD}gYear> .\n',
    f"{POLE} <http://www.w3.org/2002/07/owl#sameAs> <https://www.wikidata.org/entity/Q1> .\n",
    f'{POLE} <http://www.w3.org/2004/02/skos/core#note> "ends . with \\"2020\\" ." .\n',
    f"<{SCHEME}x> <http://www.w3.org/2004/02/skos/core#related> {POLE} .\n",
]


def test_counts_of_a_few_lines() -> None:
    """Triples, things, links to other datasets and the period are counted from the lines."""
    found = counts.count(LINES)
    assert (found.triples, found.entities, found.subjects, found.objects) == (4, 1, 2, 4)
    key = ("https://www.wikidata.org/", "http://www.w3.org/2002/07/owl#sameAs")
    assert found.links == {key: 1}
    assert (found.first, found.last) == ("2014-01-01", "2014-12-31")
    assert found.example.endswith("/pole/a")


def test_publication_is_that_of_the_citation(real: Project) -> None:
    """CITATION.cff and graph/publication.toml name the same version and day."""
    found = publication.read(real)
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"version: {found.version}\n" in text
    assert f'date-released: "{found.released}"' in text
    assert str(found.released.year) in found.citation["fr"]
    folders = {path.name for path in real.sources.iterdir() if path.is_dir()}
    assert {source.folder for source in found.sources} == folders


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('version = "0.1.0"\n', "", "version is missing"),
        ("2026-11-23", '"2026-11-23"', "date must be written"),
        ("# contact = ", "contact = ", "is no address"),
        ("[publisher]", "[publisher", "publication.toml"),
    ],
)
def test_bad_publication_is_told(tiny: Project, old: str, new: str, why: str) -> None:
    """What is wrong in the file is said with its path."""
    text = (ROOT / "graph" / "publication.toml").read_text("utf-8")
    assert old in text
    own = tiny.root / "graph" / "publication.toml"
    own.write_text(text.replace(old, new, 1).replace('"mailto:…"', '"nobody"'), "utf-8")
    with pytest.raises(ProjectError, match=why):
        publication.read(tiny)


def test_base_is_an_address(tiny: Project) -> None:
    """The base of the site is a whole address, with or without a slash at its end."""
    assert publication.read(tiny, base="https://exemple.invalid/a").base.endswith("/a/")
    with pytest.raises(ProjectError, match="no address"):
        publication.read(tiny, base="exemple.invalid")

"""G10, G12, G14 and G15: facts with a source, apart from what is inferred, and in good time."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pyoxigraph
import pytest
from pyoxigraph import DefaultGraph, RdfFormat
from rdflib import Graph, URIRef
from rdflib.namespace import SH, VOID

from conftest import ROOT
from ptce_graph import dataset, validate
from ptce_graph.export import FORMATS, export, write
from ptce_graph.infer import infer
from ptce_graph.namespaces import INFERRED
from ptce_graph.project import Project
from ptce_graph.publish import description, publication
from ptce_graph.publish.release import read_release

Record = Callable[[str, object], None]
RULES = sorted((ROOT / "queries" / "rules").glob("*.rq"))
NODES = """PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX prov: <http://www.w3.org/ns/prov#>
    SELECT ?node ?sourced WHERE {
      ?node a ?class .
      BIND (EXISTS { ?node prov:hadPrimarySource|dcterms:source ?source } AS ?sourced)
    }"""


def sourced(store: pyoxigraph.Store) -> dict[str, dict[str, bool]]:
    """Return class → node → whether it has a source, for what only stands by its source.

    The classes are those that the check of sources looks at (shapes:Statement).
    """
    shapes = validate.read_shapes(Project(ROOT, ROOT))
    classes = shapes.objects(URIRef(validate.SHAPES + "Statement"), SH.targetClass)
    found = {}
    for iri in sorted(map(str, classes)):
        rows = store.query(NODES.replace("?class", f"<{iri}>"))
        assert isinstance(rows, pyoxigraph.QuerySolutions)
        found[iri] = {str(row["node"]): str(row["sourced"]).startswith('"true"') for row in rows}
    return found


def test_g10_every_node_has_a_source(real: Project, record_property: Record) -> None:
    """Each membership, link, funding, figure and so on of the real graph says where it is from."""
    found = sourced(dataset.open_store(real))
    filled = [nodes for nodes in found.values() if nodes]
    answers = [answer for nodes in filled for answer in nodes.values()]
    record_property(
        "gate",
        f"G10  {sum(answers)} of {len(answers)} n-ary nodes of the real graph have a source "
        f"({100 * sum(answers) // len(answers)} %), in {len(filled)} classes of {len(found)}; "
        "that notes say what their sources say is read by people",
    )
    assert len(answers) > 500
    assert all(answers), [n for nodes in filled for n, answer in nodes.items() if not answer]


def test_g10_sees_a_node_without_source() -> None:
    """A membership without a source is found, one with a source is not."""
    text = """@prefix : <https://example.org/> .
        @prefix prov: <http://www.w3.org/ns/prov#> .
        @prefix ptce: <https://w3id.org/ptce/ontology#> .
        :a a ptce:Membership . :b a ptce:Membership ; prov:hadPrimarySource :d ."""
    store = pyoxigraph.Store()
    store.load(text, format=RdfFormat.TURTLE)
    nodes = next(nodes for iri, nodes in sourced(store).items() if iri.endswith("#Membership"))
    assert nodes == {"<https://example.org/a>": False, "<https://example.org/b>": True}


def test_g12_void_triples_is_the_count(real: Project, record_property: Record) -> None:
    """What VoID says of the number of triples is what another parser counts in the dump."""
    release = read_release(real, publication.read(real))
    dump = Graph().parse(data=write(release.facts, "turtle"), format="turtle")
    described = Graph().parse(
        data=write(description.void(release.publication, release.counts, ()), "ntriples"),
        format="nt",
    )
    dataset_iri = URIRef(description.DATASET)
    told = described.value(dataset_iri, VOID.triples)
    parts = described.objects(dataset_iri, VOID.propertyPartition / VOID.triples)
    record_property("gate", f"G12  void:triples says {told}; rdflib counts {len(dump)} in the dump")
    assert int(told) == len(dump) == sum(map(int, parts))
    assert int(dump.value(dataset_iri, VOID.triples)) == len(dump)
    properties = {str(p) for p in dump.predicates(unique=True)}
    assert properties == set(release.counts.properties)


def by_graph(data: bytes, kind: RdfFormat) -> tuple[set[str], set[str]]:
    """Return the triples that a file asserts, and those that it gives as inferred."""
    asserted, inferred = set(), set()
    for quad in pyoxigraph.parse(data, format=kind):
        if quad.graph_name == DefaultGraph():
            asserted.add(str(quad.triple))
        elif quad.graph_name.value.startswith(INFERRED):
            inferred.add(str(quad.triple))
    return asserted, inferred


def test_g14_no_export_asserts_what_is_inferred(real: Project, record_property: Record) -> None:
    """Rules add to their own graphs: no export of facts has what they add among its facts."""
    _, inferred = by_graph(real.nquads.read_bytes(), RdfFormat.N_QUADS)
    files = {key: (export(real, key), kind) for key, kind in FORMATS.items()}
    files["ptce.ttl"] = (real.turtle.read_bytes(), RdfFormat.TURTLE)
    read = {key: by_graph(data, kind) for key, (data, kind) in files.items()}
    leaks = {key: len(asserted & inferred) for key, (asserted, _) in read.items()}
    apart = sorted(key for key, (_, given) in read.items() if given)
    record_property(
        "gate",
        f"G14  {sum(leaks.values())} of {len(inferred)} inferred triples asserted in "
        f"{len(files)} exports of facts; {' and '.join(apart)} give them in graphs of their own",
    )
    assert len(inferred) > 1000
    assert not any(leaks.values()), leaks
    assert apart == ["nquads", "trig"]
    assert all(read[key][1] == inferred for key in apart)


def test_g14_the_built_graph_would_leak(real: Project) -> None:
    """The built graph itself says what is inferred among the facts: the gate sees it."""
    asserted, inferred = by_graph(real.nquads.read_bytes(), RdfFormat.N_QUADS)
    assert inferred <= asserted


def test_g15_time(real: Project, tmp_path: Path, record_property: Record) -> None:
    """Print how long rules and checks take; a slow machine fails nothing."""
    facts = tmp_path / "facts.nq"
    facts.write_bytes(export(real, "ntriples"))
    store = pyoxigraph.Store()
    start = perf_counter()
    store.bulk_load(path=str(facts), format=RdfFormat.N_TRIPLES)
    added = sum(text.count(b"\n") for text in infer(real, store)) // 2
    rules = perf_counter() - start
    start = perf_counter()
    findings = validate.validate(real)
    checks = perf_counter() - start
    triples = facts.read_bytes().count(b"\n")
    record_property(
        "gate",
        f"G15  on {triples} triples: {len(RULES)} rules in {rules:.1f} s (budget 2 s), "
        f"validation in {checks:.1f} s (budget 10 s); printed, not asserted",
    )
    assert added == pytest.approx(len(by_graph(real.nquads.read_bytes(), RdfFormat.N_QUADS)[1]))
    assert findings

"""The real tables and the real graph: complete, sourced, and honest about time."""

import csv
import re
from pathlib import Path

import pyoxigraph
import pytest

from ptce_graph import dataset, query
from ptce_graph.project import Project

ROOT = Path(__file__).parents[1]
FACTS = ROOT / "graph" / "sources" / "facts"
TABLES = sorted((ROOT / "graph" / "sources").glob("*/*.csv"))
PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX ptce: <https://w3id.org/ptce/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of facts."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def store(real: Project) -> pyoxigraph.Store:
    """The real graph."""
    return dataset.open_store(real)


def ask(store: pyoxigraph.Store, text: str) -> list[list[str]]:
    """Return the rows of a query as texts."""
    solutions = query.run(store, PREFIXES + text)
    names = [variable.value for variable in solutions.variables]
    return [["" if s[n] is None else s[n].value for n in names] for s in solutions]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("Pole", 102),
        ("Membership", 325 + 20),
        ("CooperationLink", 48),
        ("Funding", 16),
        ("CallForProjects", 7),
        ("SourceDocument", 219),
        ("LegalRule", 8),
        ("Collaboration", 7),
    ],
)
def test_all_facts_are_there(store: pyoxigraph.Store, kind: str, number: int) -> None:
    """Each pole, link, call and source that was collected is in the graph, once."""
    assert ask(store, f"SELECT (COUNT(?s) AS ?n) {{ ?s a ptce:{kind} }}") == [[str(number)]]


def test_all_organisations_are_there(store: pyoxigraph.Store) -> None:
    """The 352 organisations each have one kind."""
    text = """SELECT (COUNT(?s) AS ?n) (COUNT(DISTINCT ?s) AS ?m)
              { ?s a ?kind . ?kind rdfs:subClassOf* ptce:LegalPerson }"""
    assert ask(store, text) == [["352", "352"]]


def test_links_of_nineteen_kinds_add_up() -> None:
    """The 355 links are memberships, fundings or links of cooperation, each with its kind."""
    numbered = re.compile(r"m[0-9]{3}")
    others = [row["id"] for n in ("fundings", "links") for row in rows(n)]
    assert len(rows("memberships")) + len(list(filter(numbered.fullmatch, others))) == 355
    kinds = {row["role"] for row in rows("memberships")}
    kinds |= {row["type"] for row in rows("links") if numbered.fullmatch(row["id"])} | {"funder"}
    assert len(kinds) == 19


@pytest.mark.parametrize(
    "kind",
    [
        *("Membership", "CooperationLink", "Funding", "FundingEnvelope", "CountObservation"),
        *("Application", "AwardDecision", "ChangeEvent", "OfficeHolding", "Participation"),
        *("DevelopmentAxis", "Objective", "CallForProjects", "LegalRule", "Pole", "Person"),
    ],
)
def test_every_fact_has_a_source(store: pyoxigraph.Store, kind: str) -> None:
    """Nothing is said without a document that says it."""
    text = f"""SELECT ?s {{ ?s a ptce:{kind} FILTER NOT EXISTS {{
                 ?s (prov:hadPrimarySource|dcterms:source)/dcterms:title ?title }} }}"""
    assert ask(store, text) == []


def test_organisations_have_a_source(store: pyoxigraph.Store) -> None:
    """Every organisation is named by a document."""
    text = """SELECT ?s { ?s a ?kind . ?kind rdfs:subClassOf* ptce:LegalPerson
                FILTER NOT EXISTS { ?s prov:hadPrimarySource/dcterms:title ?title } }"""
    assert ask(store, text) == []


def test_observed_is_never_a_start(store: pyoxigraph.Store) -> None:
    """A fact that was only observed has no start."""
    text = "SELECT ?s { ?s ptce:observedIn ?a ; ptce:validFrom ?b }"
    assert ask(store, text) == []
    role = "<https://w3id.org/ptce/scheme/role/coordinator>"
    text = f"SELECT ?s {{ ?s org:role {role} ; ptce:validFrom ?date }}"
    coordinator = "https://w3id.org/ptce/id/membership/sud-aquitaine-cbe-seignanx-coordinator"
    assert [coordinator] not in ask(store, text)


def test_funder_that_no_source_names_stays_blank(store: pyoxigraph.Store) -> None:
    """A grant and a loan are known without who paid them: nobody is put in their place."""
    text = "SELECT ?f { ?f a ptce:Funding FILTER NOT EXISTS { ?f ptce:fundedBy ?who } } ORDER BY ?f"
    found = [iri.rpartition("/")[2] for (iri,) in ask(store, text)]
    assert found == ["eco-domaine-pays-auge-grant", "sud-aquitaine-pia-loan"]


def test_link_has_two_ends() -> None:
    """A link of cooperation goes from one actor to one other."""
    for row in rows("links"):
        ends = [
            row["from_organisation"] or row["from_pole"],
            row["to_organisation"] or row["to_pole"],
        ]
        assert all(ends), row["id"]
        assert ends[0] != ends[1], row["id"]
        assert not (row["from_organisation"] and row["from_pole"]), row["id"]
        assert not (row["to_organisation"] and row["to_pole"]), row["id"]


def test_contradictions_stand_side_by_side(store: pyoxigraph.Store) -> None:
    """Figures that sources dispute are all kept."""
    text = """SELECT DISTINCT ?n { ?c ptce:countOf <https://w3id.org/ptce/id/call/%s> ;
        ptce:measure <https://w3id.org/ptce/scheme/measure/applications> ; ptce:exactValue ?n }
        ORDER BY ?n"""
    assert ask(store, text % "AAP-2013") == [["180"], ["182"]]
    assert ask(store, text % "AMI-2023") == [["67"], ["72"]]


def test_old_regions_lead_to_those_of_now(store: pyoxigraph.Store) -> None:
    """Tarnos is in the Landes, in Aquitaine until 2015, and in Nouvelle-Aquitaine."""
    text = """SELECT ?name { <https://w3id.org/ptce/id/territory/commune-40312>
        ptce:partOfTerritory+/skos:prefLabel ?name } ORDER BY ?name"""
    assert ask(store, text) == [["Aquitaine"], ["Landes"], ["Nouvelle-Aquitaine"]]


def test_every_code_has_a_label_in_both_languages(store: pyoxigraph.Store) -> None:
    """Every class, property and concept is named and defined in French and in English."""
    text = """SELECT ?term { ?term a ?type .
        VALUES (?type ?label ?definition) {
          (<http://www.w3.org/2002/07/owl#Class> rdfs:label rdfs:comment)
          (<http://www.w3.org/2002/07/owl#ObjectProperty> rdfs:label rdfs:comment)
          (<http://www.w3.org/2002/07/owl#DatatypeProperty> rdfs:label rdfs:comment)
          (skos:Concept skos:prefLabel skos:definition)
        }
        VALUES ?language { "fr" "en" }
        FILTER NOT EXISTS {
          ?term ?label ?name ; ?definition ?text .
          FILTER (LANG(?name) = ?language && LANG(?text) = ?language)
          FILTER (STRLEN(?text) > STRLEN(?name) + 10)
        } }"""
    assert ask(store, text) == []


def test_every_term_used_is_declared(store: pyoxigraph.Store) -> None:
    """No property or class of ours is used without being declared in the ontology."""
    text = """SELECT DISTINCT ?term { { ?s ?term ?o } UNION { ?s a ?term }
        FILTER (STRSTARTS(STR(?term), STR(ptce:)))
        FILTER NOT EXISTS { ?term rdfs:isDefinedBy ?ontology } }"""
    assert ask(store, text) == []


def test_nothing_leads_nowhere(store: pyoxigraph.Store) -> None:
    """Every thing that a fact mentions is described."""
    text = """SELECT DISTINCT ?o { ?s ?p ?o
        FILTER (STRSTARTS(STR(?o), "https://w3id.org/ptce/") && ?o != <https://w3id.org/ptce/ontology>)
        FILTER NOT EXISTS { ?o ?q ?any }
        FILTER (!STRSTARTS(STR(?o), "https://w3id.org/ptce/ontology")) }"""
    assert ask(store, text) == []


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_table_is_tidy(path: Path) -> None:
    """A table is UTF-8 with line feeds, no cell begins or ends with a space, no row is repeated."""
    data = path.read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    assert all(cell == cell.strip() for row in table for cell in row)
    assert len({tuple(row) for row in table}) == len(table)

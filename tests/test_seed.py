"""The founding article of January 2014 is in the graph as a whole, each fact with its source."""

import pyoxigraph
import pytest

from ptce_graph import dataset, query
from ptce_graph.project import Project

PREFIXES = """
PREFIX action: <https://w3id.org/ptce/id/action/>
PREFIX axis: <https://w3id.org/ptce/id/axis/>
PREFIX call: <https://w3id.org/ptce/id/call/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX doc: <https://w3id.org/ptce/id/doc/>
PREFIX kind: <https://w3id.org/ptce/scheme/member-kind/>
PREFIX measure: <https://w3id.org/ptce/scheme/measure/>
PREFIX model: <https://w3id.org/ptce/id/model/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX organisation: <https://w3id.org/ptce/id/org/>
PREFIX person: <https://w3id.org/ptce/id/person/>
PREFIX pole: <https://w3id.org/ptce/id/pole/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX ptce: <https://w3id.org/ptce/ontology#>
PREFIX role: <https://w3id.org/ptce/scheme/role/>
PREFIX part: <https://w3id.org/ptce/scheme/participation-role/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX territory: <https://w3id.org/ptce/id/territory/>
PREFIX text: <https://w3id.org/ptce/id/text/>
PREFIX function: <https://w3id.org/ptce/scheme/function/>
PREFIX outcome: <https://w3id.org/ptce/scheme/decision-outcome/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
SOURCED = "prov:hadPrimarySource doc:seed"
FACTS = {
    "the call was launched in July 2013 by Benoît Hamon, in charge of the ESS and consumption": f"""
        ?p prov:agent person:benoit-hamon ; ptce:participationIn call:AAP-2013 ;
           prov:hadRole part:launch ; ptce:inOffice ?office ; ptce:validFrom ?when ; {SOURCED} .
        ?office org:member person:benoit-hamon ; skos:prefLabel ?label .
        FILTER (STRSTARTS(STR(?when), "2013-07") && CONTAINS(?label, "consommation"))""",
    "and by Cécile Duflot, in charge of housing and equality of territories": f"""
        ?p prov:agent person:cecile-duflot ; ptce:participationIn call:AAP-2013 ;
           prov:hadRole part:launch ; ptce:inOffice ?office ; ptce:validFrom ?when ; {SOURCED} .
        ?office org:member person:cecile-duflot ; skos:prefLabel ?label .
        FILTER (STRSTARTS(STR(?when), "2013-07") && CONTAINS(?label, "logement"))""",
    "180 applications": f"""
        ?c ptce:countOf call:AAP-2013 ; ptce:measure measure:applications ;
           ptce:exactValue ?n ; {SOURCED} . FILTER (?n = 180)""",
    "23 laureates": f"""
        ?c ptce:countOf call:AAP-2013 ; ptce:measure measure:laureates ;
           ptce:exactValue ?n ; {SOURCED} . FILTER (?n = 23)""",
    "an envelope of 3,000,000 euros": f"""
        ?e ptce:envelopeOf call:AAP-2013 ; ptce:amount ?n ; {SOURCED} . FILTER (?n = 3000000)""",
    "the call foreshadows article 9 of the law, article 5 of the bill": f"""
        call:AAP-2013 ptce:foreshadows text:loi-2014-856-art-9, text:projet-loi-ess-art-5 ;
           dcterms:source doc:seed .
        text:projet-loi-ess-art-5 ptce:became text:loi-2014-856-art-9 ; {SOURCED} .""",
    "a PTCE is for the economic development of territories": f"""
        ?o ptce:objectiveOf model:ptce ; skos:prefLabel ?label ; {SOURCED} .
        FILTER (?label = "Développement économique des territoires"@fr)""",
    "and for the creation of jobs": f"""
        ?o ptce:objectiveOf model:ptce ; skos:prefLabel "Création d'emplois"@fr ; {SOURCED} .""",
    "it groups ESS structures, small companies, local authorities, research and training": f"""
        model:ptce ptce:groupsKind kind:ess-structure, kind:very-small-enterprise,
           kind:small-or-medium-enterprise, kind:local-authority, kind:research-centre,
           kind:training-body ; {SOURCED} .""",
    "it is likened to a cluster": f"model:ptce ptce:likenedTo model:cluster ; {SOURCED} .",
    "it was inspired by the Labo de l'ESS, a think tank": f"""
        model:ptce ptce:inspiredBy organisation:labo-ess ; {SOURCED} .
        organisation:labo-ess ptce:hasFunction function:think-tank ; {SOURCED} .""",
    "which Claude Alphandéry chaired": f"""
        ?o a ptce:OfficeHolding ; org:member person:claude-alphandery ;
           org:organization organisation:labo-ess ; skos:prefLabel ?label ; {SOURCED} .
        FILTER (CONTAINS(?label, "président"))""",
    "Sud Aquitaine is a laureate": """
        ?d ptce:decides/ptce:applicant pole:sud-aquitaine ; ptce:outcome outcome:laureate ;
           ptce:decides/ptce:submittedTo call:AAP-2013 ;
           dcterms:source doc:seed .""",
    "the CBE du Seignanx coordinates it": f"""
        ?m org:organization pole:sud-aquitaine ; org:member organisation:cbe-seignanx ;
           org:role role:coordinator ; {SOURCED} .""",
    "its territory is southern Landes and Pyrénées-Atlantiques": f"""
        pole:sud-aquitaine ptce:coversTerritory ?t ; {SOURCED} .
        ?t a ptce:TerritoryGroup ; {SOURCED} ;
           ptce:overlapsTerritory territory:departement-40, territory:departement-64 .""",
    "its first axis is human resources and training": f"""
        pole:sud-aquitaine ptce:pursuesAxis ?a .
        ?a skos:prefLabel "Human resources and training"@en ; {SOURCED} .""",
    "its second axis is the creation of activities and the support of projects": f"""
        pole:sud-aquitaine ptce:pursuesAxis ?a .
        ?a skos:prefLabel "Creation of activities and support of projects"@en ; {SOURCED} .""",
    "it has at least 11 partners, cooperative structures and employer groups": f"""
        ?c ptce:countOf pole:sud-aquitaine ; ptce:minimumValue ?n ;
           ptce:countedKind kind:cooperative-structure, kind:employer-group ; {SOURCED} .
        FILTER (?n = 11) FILTER NOT EXISTS {{ ?c ptce:exactValue ?any }}""",
    "one of its objectives is to create activities in ZUS": f"""
        ?o ptce:objectiveOf pole:sud-aquitaine ; skos:prefLabel ?label ; {SOURCED} .
        FILTER (CONTAINS(?label, "zones urbaines sensibles"))""",
    "another is a CAE in building and eco-construction": f"""
        ?o ptce:objectiveOf pole:sud-aquitaine ; skos:prefLabel ?label ; {SOURCED} .
        FILTER (LANG(?label) = "fr" && CONTAINS(?label, "éco-construction"))""",
    "the PRMA is an association with its seat in Poitiers": f"""
        organisation:prma a ptce:Association ; ptce:locatedIn/skos:prefLabel "Poitiers"@fr ;
           {SOURCED} .""",
    "it counts at least 31 actors, of music, culture, the ESS and local authorities": f"""
        ?c ptce:countOf pole:prma-poitou-charentes ; ptce:minimumValue ?n ;
           ptce:countedKind kind:music-sector-actor, kind:culture-network, kind:ess-network,
             kind:local-authority ; {SOURCED} . FILTER (?n = 31)""",
    "its lines of action: the local scene, research, new models": f"""
        {{ SELECT (COUNT(DISTINCT ?a) AS ?n) {{
             pole:prma-poitou-charentes ptce:pursuesAxis ?a . ?a {SOURCED} }} }}
        FILTER (?n = 3)""",
}


@pytest.fixture(scope="module")
def store(real: Project) -> pyoxigraph.Store:
    """The real graph."""
    return dataset.open_store(real)


@pytest.mark.parametrize("fact", FACTS)
def test_fact_of_the_article_is_in_the_graph(store: pyoxigraph.Store, fact: str) -> None:
    """Each fact of the article is in the graph, with the article as its source."""
    assert query.run(store, f"{PREFIXES} ASK {{ {FACTS[fact]} }}")


def test_partners_that_are_not_named_are_not_invented(store: pyoxigraph.Store) -> None:
    """The article counts partners without naming them: no membership has it as only source."""
    text = """ASK { ?m a ptce:Membership ; prov:hadPrimarySource doc:seed .
                    FILTER NOT EXISTS { ?m prov:hadPrimarySource ?other
                                        FILTER (?other != doc:seed) } }"""
    assert not query.run(store, PREFIXES + text)


def test_other_figure_stands_beside(store: pyoxigraph.Store) -> None:
    """Another source counts 182 applications: both figures are kept, each with its source."""
    text = """SELECT DISTINCT ?n ?source { ?c ptce:countOf call:AAP-2013 ;
        ptce:measure measure:applications ; ptce:exactValue ?n ; prov:hadPrimarySource ?source }"""
    found = {(row["n"].value, row["source"].value) for row in query.run(store, PREFIXES + text)}
    assert {n for n, _ in found} == {"180", "182"}
    assert ("182", "https://w3id.org/ptce/id/doc/defi-metiers") in found

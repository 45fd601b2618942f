"""The rules: what follows from the facts, what does not, and that the two are never confused."""

from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from ptce_graph import dataset, export
from ptce_graph.errors import QueryError
from ptce_graph.infer import add, infer, read_properties
from ptce_graph.namespaces import INFERRED, ONTOLOGY
from ptce_graph.project import Project, find

ROOT = Path(__file__).parents[1]
ID = "https://w3id.org/ptce/id/"
PREFIXES = """
@prefix : <https://w3id.org/ptce/id/org/> .
@prefix call: <https://w3id.org/ptce/id/call/> .
@prefix cooperation: <https://w3id.org/ptce/scheme/cooperation-type/> .
@prefix m: <https://w3id.org/ptce/id/membership/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix outcome: <https://w3id.org/ptce/scheme/decision-outcome/> .
@prefix pole: <https://w3id.org/ptce/id/pole/> .
@prefix ptce: <https://w3id.org/ptce/ontology#> .
@prefix role: <https://w3id.org/ptce/scheme/role/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix t: <https://w3id.org/ptce/id/territory/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
role:member skos:broader role:participant . role:founder skos:broader role:participant .
role:partner skos:broader role:ally .
pole:p a ptce:Pole . pole:q a ptce:Pole .
"""


def inferred(tmp_path: Path, turtle: str) -> set[tuple[str, str, str]]:
    """Return what the rules add to some facts, without the parts all IRIs have in common."""
    facts = tmp_path / "facts.nq"
    facts.write_bytes(
        pyoxigraph.serialize(
            pyoxigraph.parse(PREFIXES + turtle, format=pyoxigraph.RdfFormat.TURTLE),
            format=pyoxigraph.RdfFormat.N_TRIPLES,
        )
        or b""
    )
    store = pyoxigraph.Store()
    store.bulk_load(path=str(facts), format=pyoxigraph.RdfFormat.N_QUADS)
    lines = b"".join(infer(find(ROOT), store))
    quads = pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_QUADS)
    found = set()
    for quad in quads:
        if quad.graph_name == pyoxigraph.DefaultGraph():
            words = (str(quad.subject.value), quad.predicate.value, quad.object.value)
            found.add(tuple(word.removeprefix(ID).removeprefix(ONTOLOGY) for word in words))
    return found


TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def membership(name: str, pole: str, role: str = "member", **dates: str) -> str:
    """Return a membership in Turtle; dates are years, months or days."""
    known = "".join(f' ; ptce:{k} "{v}"^^xsd:{TYPES[len(v)]}' for k, v in dates.items())
    return (
        f"m:{name}-{pole}-{role} org:member :{name} ; org:organization pole:{pole} ; "
        f"org:role role:{role}{known} .\n"
    )


def test_role_decides_between_member_and_ally(tmp_path: Path) -> None:
    """A founder is a member of the pole; a partner is an ally, and no member."""
    found = inferred(tmp_path, membership("a", "p", "founder") + membership("b", "p", "partner"))
    assert ("org/a", "memberOf", "pole/p") in found
    assert ("org/b", "alliedWith", "pole/p") in found
    assert ("org/b", "memberOf", "pole/p") not in found


def test_member_of_a_grouping_is_no_member_of_a_pole(tmp_path: Path) -> None:
    """A membership in what is no pole gives no shortcut."""
    text = "m:x org:member :a ; org:organization :network ; org:role role:member ."
    assert not inferred(tmp_path, text)


CERTAIN, POSSIBLE, NEITHER = "coMemberWith", "possibleCoMemberWith", ""


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ({"observedIn": "2014"}, {"observedIn": "2014"}, CERTAIN),
        ({"observedIn": "2014"}, {"observedIn": "2016"}, POSSIBLE),
        ({}, {}, POSSIBLE),
        ({"validFrom": "2012", "validUntil": "2015"}, {"observedIn": "2014"}, CERTAIN),
        ({"validFrom": "2012", "validUntil": "2015"}, {"observedIn": "2016"}, POSSIBLE),
        ({"validFrom": "2012", "validUntil": "2015"}, {"validFrom": "2016"}, NEITHER),
        ({"validFrom": "2012"}, {"validFrom": "2012"}, CERTAIN),
        ({"validFrom": "2012"}, {"validFrom": "2015"}, POSSIBLE),
        ({"validUntil": "2012"}, {"validFrom": "2013"}, NEITHER),
        ({"validUntil": "2012"}, {"validFrom": "2011"}, POSSIBLE),
        ({"validFrom": "2012", "validUntil": "2014-03"}, {"validFrom": "2014-09"}, NEITHER),
        ({"validFrom": "2012", "validUntil": "2014-03"}, {"observedIn": "2014-09"}, POSSIBLE),
        ({"validFrom": "2012", "validUntil": "2014-09"}, {"observedIn": "2014-03"}, CERTAIN),
        ({"validFrom": "2012", "validUntil": "2014"}, {"validFrom": "2014-09"}, CERTAIN),
    ],
)
def test_co_membership_is_certain_possible_or_neither(
    tmp_path: Path, one: dict[str, str], two: dict[str, str], expected: str
) -> None:
    """Two members of a pole are co-members as far as their dates prove it, both ways."""
    found = inferred(tmp_path, membership("a", "p", **one) + membership("b", "p", **two))
    for pair in (("org/a", "org/b"), ("org/b", "org/a")):
        names = {p for s, p, o in found if (s, o) == pair}
        assert names == ({expected} if expected else set())


def test_co_members_share_a_pole(tmp_path: Path) -> None:
    """Members of two poles, allies, and one organisation in two roles are no co-members."""
    text = membership("a", "p", observedIn="2014") + membership("b", "q", observedIn="2014")
    text += membership("c", "p", "partner", observedIn="2014")
    text += membership("a", "p", "founder", observedIn="2014")
    assert not {p for _, p, _ in inferred(tmp_path, text)} & {CERTAIN, POSSIBLE}


@pytest.mark.parametrize(("members", "pairs"), [(100, 100 * 99), (101, 0)])
def test_pairs_of_large_poles_are_left_out_and_said(
    tmp_path: Path, members: int, pairs: int
) -> None:
    """Above a hundred members the pairs of a pole are not written, and their number is said."""
    text = "".join(membership(f"o{n}", "p") for n in range(members))
    text += membership("o1", "p", "founder") + membership("x", "p", "partner")
    text += membership("o1", "q") + membership("o2", "q")
    found = inferred(tmp_path, text)
    assert sum(p == POSSIBLE for _, p, _ in found) == (pairs or 2)
    said = {(s, o) for s, p, o in found if p == "unpairedMembers"}
    assert said == (set() if pairs else {("pole/p", "101")})


def test_territories_are_closed(tmp_path: Path) -> None:
    """What is in a commune is in its département and in both regions, and not the reverse."""
    text = """t:c a ptce:Commune ; ptce:partOfTerritory t:d . t:d a ptce:Department ;
      ptce:partOfTerritory t:r . t:r a ptce:Region . pole:p ptce:locatedIn t:c ."""
    found = inferred(tmp_path, text)
    assert {o for s, p, o in found if (s, p) == ("territory/c", "withinTerritory")} == {
        "territory/c",
        "territory/d",
        "territory/r",
    }
    assert ("pole/p", "locatedWithin", "territory/r") in found
    assert ("territory/r", "withinTerritory", "territory/c") not in found


@pytest.mark.parametrize("kind", ["EmploymentZone", "Intercommunality", "PriorityArea"])
def test_territories_of_every_kind_are_closed(tmp_path: Path, kind: str) -> None:
    """A zone, an intercommunality or a priority area lies in itself and in what contains it."""
    text = f"t:z a ptce:{kind} ; ptce:partOfTerritory t:r . t:r a ptce:Region . t:x a ptce:Pole ."
    found = {(s, o) for s, p, o in inferred(tmp_path, text) if p == "withinTerritory"}
    pairs = [("z", "z"), ("z", "r"), ("r", "r")]
    assert found == {(f"territory/{one}", f"territory/{other}") for one, other in pairs}


def test_laureate_is_who_a_decision_names(tmp_path: Path) -> None:
    """A decision makes a laureate; an application, or another outcome, does not."""
    text = """ptce:x ptce:outcome outcome:laureate ; ptce:decides ptce:a .
      ptce:a ptce:applicant pole:p ; ptce:submittedTo call:one .
      ptce:y ptce:outcome outcome:selected-for-phase-1 ; ptce:decides ptce:b .
      ptce:b ptce:applicant pole:q ; ptce:submittedTo call:one ."""
    assert inferred(tmp_path, text) == {("pole/p", "laureateOf", "call/one")}


def test_funding_total_says_what_it_rests_on(tmp_path: Path) -> None:
    """The total of a pole is the sum of known amounts, with the number of unknown ones."""
    text = """ptce:f ptce:funds pole:p ; ptce:amount 100.50 . ptce:g ptce:funds pole:p .
      ptce:h ptce:funds pole:p ; ptce:amount 20 . ptce:i ptce:funds :a ; ptce:amount 5 ."""
    assert inferred(tmp_path, text) == {
        ("pole/p", "knownFundingTotal", "120.5"),
        ("pole/p", "fundingsWithAmount", "2"),
        ("pole/p", "fundingsWithoutAmount", "1"),
    }


def link(kind: str, source: str = "a", target: str = "b") -> str:
    """Return a link of cooperation in Turtle."""
    return (
        f"[] a ptce:CooperationLink ; ptce:linkSource :{source} ; ptce:linkTarget :{target} ; "
        f"ptce:cooperationType cooperation:{kind} .\n"
    )


@pytest.mark.parametrize("kind", ["partnership", "created", "co-created", "member-of", "part-of"])
def test_who_acts_together_cooperates(tmp_path: Path, kind: str) -> None:
    """A link of cooperation makes both its ends cooperate, with each other."""
    pairs = {("org/a", "cooperatesWith", "org/b"), ("org/b", "cooperatesWith", "org/a")}
    assert inferred(tmp_path, link(kind)) == pairs


@pytest.mark.parametrize("kind", ["visited", "neighbour", "observed", "client", "supplier"])
def test_a_visit_is_no_cooperation(tmp_path: Path, kind: str) -> None:
    """Who visits, watches, trades with or lies beside another does not cooperate for that."""
    assert not inferred(tmp_path, link(kind))


def test_co_members_and_funders_do_not_cooperate(tmp_path: Path) -> None:
    """Sitting in one pole, being paid, or a link to oneself makes no cooperation."""
    text = membership("a", "p", observedIn="2014") + membership("b", "p", observedIn="2014")
    text += "ptce:f a ptce:Funding ; ptce:fundedBy :a ; ptce:funds :b . " + link(
        "created", "a", "a"
    )
    assert "cooperatesWith" not in {p for _, p, _ in inferred(tmp_path, text)}


def label(**dates: str) -> str:
    """Return the attribution of a label in Turtle."""
    known = "".join(f' ; ptce:{k} "{v}"^^xsd:{TYPES[len(v)]}' for k, v in dates.items())
    return f"pole:label a ptce:LabelAttribution ; ptce:awardedTo :a{known} .\n"


@pytest.mark.parametrize(
    ("dates", "years"),
    [
        ({"validFrom": "2016", "validUntil": "2018"}, ["2016", "2017", "2018"]),
        ({"validFrom": "2016-03", "validUntil": "2017-02-28"}, ["2016", "2017"]),
        ({"validFrom": "2016-03-01"}, ["2016"]),
        ({"validUntil": "2018"}, []),
        ({"validFrom": "2018", "validUntil": "2016"}, []),
        ({}, []),
    ],
)
def test_label_is_held_as_long_as_its_dates_say(
    tmp_path: Path, dates: dict[str, str], years: list[str]
) -> None:
    """A label is held from its start to its end; without an end, in the year of its start only."""
    found = sorted(o for _, p, o in inferred(tmp_path, label(**dates)) if p == "validInYear")
    assert found == years


def test_quality_without_dates_is_held_in_no_year(tmp_path: Path) -> None:
    """A status that an organisation merely has, or a membership with dates, is no dated label."""
    text = ':a ptce:hasStatus ptce:esus . :b ptce:validFrom "2016"^^xsd:gYear .'
    assert not inferred(tmp_path, text)


def test_rule_that_asks_is_refused(tiny: Project) -> None:
    """A rule that is no CONSTRUCT is refused, with its name."""
    rules = tiny.root / "queries" / "rules"
    rules.mkdir(parents=True)
    (rules / "bad.rq").write_text("SELECT * { ?s ?p ?o }", "utf-8")
    with pytest.raises(QueryError, match=r"bad\.rq: a rule must be a CONSTRUCT"):
        list(infer(tiny, pyoxigraph.Store()))


def test_inferred_stands_apart(real: Project) -> None:
    """Each inferred triple stands in the graph of its rule, and uses a property of its own."""
    store = dataset.open_store(real)
    named = {
        quad.triple
        for graph in store.named_graphs()
        for quad in store.quads_for_pattern(None, None, None, graph)
    }
    asserted = {
        quad.triple for quad in store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())
    } - named
    assert named
    assert all(graph.value.startswith(INFERRED) for graph in store.named_graphs())
    assert not {t.predicate for t in named} & {t.predicate for t in asserted}


@pytest.mark.parametrize("form", ["turtle", "ntriples", "jsonld", "rdfxml"])
def test_inferred_is_never_exported_as_a_fact(real: Project, form: str) -> None:
    """What is published as a graph of facts holds facts only."""
    parser = {"jsonld": "json-ld", "rdfxml": "xml", "ntriples": "nt"}.get(form, form)
    graph = rdflib.Graph().parse(data=export.export(real, form), format=parser)
    assert not set(graph.subject_objects(rdflib.URIRef(ONTOLOGY + "coMemberWith")))
    assert set(graph.subject_objects(rdflib.URIRef("http://www.w3.org/ns/org#member")))


def test_quads_tell_facts_from_what_follows(real: Project) -> None:
    """In TriG and N-Quads, what is inferred is in the graphs of the rules alone."""
    for form, kind in (
        ("trig", pyoxigraph.RdfFormat.TRIG),
        ("nquads", pyoxigraph.RdfFormat.N_QUADS),
    ):
        quads = pyoxigraph.parse(export.export(real, form), format=kind)
        graphs = {str(q.graph_name) for q in quads if q.predicate.value == ONTOLOGY + "memberOf"}
        assert graphs == {f"<{INFERRED}member-of>"}


def test_rules_see_the_same_in_a_part_of_the_facts(real: Project, tmp_path: Path) -> None:
    """Of many facts only those that rules look at are held: what they say is the same."""
    properties = read_properties(real)
    assert {ONTOLOGY + "coMemberWith", ONTOLOGY + "unpairedMembers"} <= properties  # in NOT EXISTS
    assert ONTOLOGY + "evidenceNote" not in properties
    facts = tmp_path / "facts.nt"
    facts.write_bytes(export.export(real, "ntriples"))
    said, sizes = [], []
    for looked_at in (None, properties):
        store = pyoxigraph.Store()
        add(store, facts, looked_at)
        sizes.append(len(store))
        said.append(b"".join(infer(real, store, properties=looked_at)))
    assert said[0] == said[1] != b""
    assert sizes[1] < sizes[0] / 2


@pytest.mark.parametrize("rule", ["CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }", "CONSTRUCT {"])
def test_rule_whose_properties_are_not_known_is_refused(tiny: Project, rule: str) -> None:
    """A rule that looks at any property would be said otherwise of a part: its name is told."""
    rules = tiny.root / "queries" / "rules"
    rules.mkdir(parents=True)
    (rules / "bad.rq").write_text(rule, "utf-8")
    with pytest.raises(QueryError, match=r"bad\.rq"):
        read_properties(tiny)

"""Parts and views of the network: found without the rest, the same as when cut out of it."""

import io
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import networkx as nx
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store

from ptce_graph import cli, dataset, layout, network, query
from ptce_graph.cli.network import NETWORK_FORMATS
from ptce_graph.cli.selecting import NETWORK_VIEWS
from ptce_graph.errors import QueryError
from ptce_graph.network import Selection
from ptce_graph.network.periods import holds
from ptce_graph.network.tables import Tables
from ptce_graph.project import Project
from ptce_graph.tsv import plain

CHECK = Path(__file__).parents[2] / "shared" / "checks" / "graph_check.py"
ID = "https://w3id.org/ptce/id/"
LEASE = """
@prefix ptce: <https://w3id.org/ptce/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ptce:Lease rdfs:label "bail"@fr , "lease"@en ;
    ptce:drawnFrom ptce:lessor ; ptce:drawnTo ptce:lessee ; ptce:drawnDirected true ;
    ptce:drawnSince ptce:signedOn .
<https://w3id.org/ptce/id/lease/1> a ptce:Lease ;
    ptce:lessor <https://w3id.org/ptce/id/org/cbe> ;
    ptce:lessee <https://w3id.org/ptce/id/house/old-mill> ;
    ptce:signedOn "2011"^^<http://www.w3.org/2001/XMLSchema#gYear> .
<https://w3id.org/ptce/id/house/old-mill> a ptce:House ; skos:prefLabel "Le Vieux Moulin"@fr .
ptce:House rdfs:label "maison"@fr , "house"@en .
"""
Read = Callable[..., "nx.MultiDiGraph[str]"]


@pytest.fixture(scope="module")
def tiny_read(tiny_built: Project) -> Read:
    """A function that reads a part of the small network."""
    return partial(_read, tiny_built, dataset.open_store(tiny_built))


@pytest.fixture(scope="module")
def real_read(real: Project) -> Read:
    """A function that reads a part of the real network."""
    return partial(_read, real, dataset.open_store(real))


def _read(
    project: Project, store: Store, view: str = "all", sparql: str = "", **wanted: object
) -> "nx.MultiDiGraph[str]":
    selection = Selection(**wanted)  # type: ignore[arg-type]
    return network.network(project, store, selection, view=view, sparql=sparql)


def edges(graph: "nx.MultiDiGraph[str]") -> set[tuple[str, str, str]]:
    """Return the links of a network."""
    return set(graph.edges(keys=True))


def test_new_kind_of_relation_is_drawn_as_the_ontology_says(tiny_built: Project) -> None:
    """A class that says how it is drawn is in the network, its layer and its ends named."""
    store = dataset.open_store(tiny_built)
    store.load(LEASE, format=RdfFormat.TURTLE)
    graph = _read(tiny_built, store)
    link = graph.edges[ID + "org/cbe", ID + "house/old-mill", ID + "lease/1"]
    assert (link["layer"], link["valid_from"], link["directed"]) == ("lease", "2011", True)
    assert link["role_label"] == {"fr": "bail", "en": "lease"}
    assert graph.graph["layers"]["lease"] == {"fr": "bail", "en": "lease"}
    house = graph.nodes[ID + "house/old-mill"]
    assert (house["label"], house["kind_label"]["en"]) == ("Le Vieux Moulin", "house")
    assert edges(_read(tiny_built, store, layers=("lease",))) == {
        (ID + "org/cbe", ID + "house/old-mill", ID + "lease/1")
    }


def test_link_says_whether_it_has_a_direction(real_read: Read) -> None:
    """A partnership holds both ways, a funding does not, and a role tells who is a member."""
    links = [data for _, _, data in real_read().edges(data=True)]
    directions = {(link["role"], link["directed"]) for link in links}
    assert {("partnership", False), ("funding", True), ("neighbour", False)} <= directions
    members = {link["role"] for link in links if link["member"]}
    assert members == {
        *("member", "coordinator", "co-coordinator", "successor-coordinator", "founder")
    }


def test_actor_says_where_it_is_and_what_it_is_called(real_read: Read) -> None:
    """Place, regions before 2016 and now, identifiers, forms, sectors and calls are there."""
    graph = real_read()
    pole = graph.nodes[ID + "pole/sud-aquitaine"]
    assert (pole["place"], pole["departements"]) == ("Tarnos (Landes)", ["40"])
    assert (pole["regions_before_2016"], pole["regions"]) == (["Aquitaine"], ["Nouvelle-Aquitaine"])
    assert "Landes" in pole["territories"]
    nodes = [data for _, data in graph.nodes(data=True)]
    for name in ("identifiers", "legal_forms", "sectors", "calls", "aliases", "homepages"):
        assert any(node[name] for node in nodes), name
    assert any("219740164" in node["identifiers"] for node in nodes)


def test_pole_is_read_with_those_around_it(real_read: Read) -> None:
    """One pole is itself, those linked to it, and the links among them: as cut out of the whole."""
    whole, pole = real_read(), ID + "pole/sud-aquitaine"
    around = {pole, *whole.predecessors(pole), *whole.successors(pole)}
    for name in (
        "sud-aquitaine",
        pole,
        "Pole de cooperation economique social et environnemental Sud Aquitaine",
    ):
        part = real_read(pole=name)
        assert set(part) == around
        assert edges(part) == edges(whole.subgraph(around))


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_ego_is_a_ball(real_read: Read, steps: int) -> None:
    """What is at most n links away from an actor is what networkx finds in the whole network."""
    whole, actor = real_read(), ID + "org/cbe-seignanx"
    ball = nx.ego_graph(whole.to_undirected(), actor, radius=steps)
    part = real_read(ego="cbe-seignanx", steps=steps)
    assert set(part) == set(ball)
    assert edges(part) == edges(whole.subgraph(ball))
    assert all(part.nodes[iri] == whole.nodes[iri] for iri in part)


def test_territory_is_read_with_the_links_that_reach_it(real_read: Read) -> None:
    """A territory is who is in it, their links, and whom these lead to."""
    whole = real_read()
    inside = {
        i for i, data in whole.nodes(data=True) if "Nouvelle-Aquitaine" in data["territories"]
    }
    part = real_read(territory="Nouvelle-Aquitaine")
    assert inside < set(part)
    assert edges(part) == {link for link in edges(whole) if inside & {link[0], link[1]}}
    assert len(part) < len(whole) / 3


def test_kinds_and_territories_meet(real_read: Read) -> None:
    """With a kind and a territory, one end of each link is of that kind and there."""
    part = real_read(kind="coopérative", territory="Nouvelle-Aquitaine")
    assert len(part) > 3
    for source, target in part.edges():
        ends = [part.nodes[iri] for iri in (source, target)]
        assert any(
            end["kind"] == "Cooperative" and "Nouvelle-Aquitaine" in end["territories"]
            for end in ends
        )


def test_layer_keeps_its_links_and_who_has_one(real_read: Read) -> None:
    """A layer holds no other link and nobody without one."""
    part = real_read(layers=("cooperation",))
    assert {data["layer"] for _, _, data in part.edges(data=True)} == {"cooperation"}
    assert not list(nx.isolates(part))
    assert edges(part) == edges(real_read(view="cooperation"))


def test_year_keeps_what_may_hold(real: Project, real_read: Read) -> None:
    """A year gives the memberships that the question network-at-date gives, as sure or unsure."""
    part = real_read(as_of="2015")
    found = {
        (target, source, data["role_label"]["fr"], data["holds"])
        for source, target, data in part.edges(data=True)
        if data["layer"] == "membership"
    }
    store = dataset.open_store(real)
    asked = query.bind(query.find_question(real, "network-at-date"), {"date": "2015"}, store, "fr")
    answers = {"certain": "certain", "possible": "possible", "inconnu": "unknown"}
    said = {
        (r["pole"].value, r["organisation"].value, r["role"].value, answers[r["answer"].value])
        for r in store.query(asked)  # type: ignore[union-attr]
    }
    assert found == said
    assert edges(part) < edges(real_read())


@given(st.integers(2000, 2030), st.integers(2000, 2030), st.integers(0, 20))
def test_period_holds_from_its_start_to_its_end(date: int, since: int, length: int) -> None:
    """A relation whose start and end are known holds for certain in these years, else not."""
    until = since + length
    answer = holds(str(date), str(since), str(until), "")
    assert answer == ("certain" if since <= date <= until else "")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"pole": "sud-acquitaine"}, "did you mean pole/sud-aquitaine"),
        ({"ego": "nobody at all"}, '--ego: nothing is called "nobody at all"'),
        ({"territory": "Atlantis"}, "--territory"),
        ({"territory": "La Réunion"}, "several things are called"),
        ({"kind": "company"}, "Cooperative"),
        ({"layers": ("friendship",)}, "choose cooperation, funding, grouping, membership"),
        ({"as_of": "next year"}, "write YYYY"),
        ({"pole": "x> } DELETE"}, "nothing is called"),
    ],
)
def test_selection_of_nothing_is_refused(real_read: Read, wanted: dict, message: str) -> None:
    """What is not there is not drawn as an empty picture: the message says what there is."""
    with pytest.raises(QueryError, match=message):
        real_read(**wanted)


def test_question_with_one_column_of_actors_gives_their_links(real_read: Read) -> None:
    """The members of a pole, asked for, are drawn with the pole and the links of the network."""
    pole = ID + "pole/sud-aquitaine"
    text = f"""PREFIX org: <http://www.w3.org/ns/org#>
        SELECT ?actor ?document WHERE {{ VALUES ?pole {{ <{pole}> }}
          ?m org:organization ?pole ; org:member ?actor .
          ?m <http://www.w3.org/ns/prov#hadPrimarySource> ?document }}"""
    part, around = real_read(sparql=text), real_read(pole="sud-aquitaine")
    assert pole in part
    assert edges(part) <= edges(around)
    assert {link[1] for link in edges(part)} >= {pole}


def test_select_with_two_columns_of_things_is_drawn(real_read: Read) -> None:
    """Each row is a link between the two things; a document in the row is its source."""
    text = """PREFIX ptce: <https://w3id.org/ptce/ontology#>
        SELECT ?name ?pole ?call ?doc WHERE { ?pole ptce:laureateOf ?call ; a ?kind ;
          <http://www.w3.org/ns/prov#hadPrimarySource> ?doc .
          BIND (STR(?pole) AS ?name) }"""
    part = real_read(sparql=text)
    assert part.number_of_edges() == 62
    assert part.nodes[ID + "call/AAP-2013"]["label"].endswith("appel à projets PTCE")
    assert all(source.startswith(ID + "pole/") for source, _ in part.edges())
    assert all(data["sources"] for _, _, data in part.edges(data=True))


def test_construct_is_drawn(real_read: Read) -> None:
    """Each triple between two things is a link named after its property; the rest is none."""
    text = """PREFIX ptce: <https://w3id.org/ptce/ontology#>
        CONSTRUCT { ?a ptce:coMemberWith ?b ; a ptce:Association ; ptce:theme "x" }
        WHERE { ?a ptce:coMemberWith ?b FILTER (STR(?a) < STR(?b)) }"""
    part = real_read(sparql=text)
    (label,) = {data["role_label"]["en"] for _, _, data in part.edges(data=True)}
    assert label == "member of the same pole at the same time as"
    assert not [iri for iri in part if "ontology#" in iri]


@pytest.mark.parametrize(
    "text", ["ASK { ?s ?p ?o }", "SELECT ('x' AS ?y) {}", "SELECT ?s { FILTER(false) }"]
)
def test_answer_without_things_is_refused(real_read: Read, text: str) -> None:
    """An answer of yes, of texts, or of no row is no network."""
    with pytest.raises(QueryError, match="no things to draw"):
        real_read(sparql=text)


def test_co_membership_adds_up(real_read: Read) -> None:
    """What a member shares with all the others adds up to the number of its poles with others."""
    whole, shared = real_read(), real_read(view="co-membership")
    poles: dict[str, set[str]] = {}
    for actor, pole, data in whole.edges(data=True):
        if data["member"] and data["layer"] == "membership":
            poles.setdefault(pole, set()).add(actor)
    assert set(shared) == set().union(*poles.values())
    for actor in shared:
        joined = sum(actor in members and len(members) > 1 for members in poles.values())
        assert shared.to_undirected().degree(actor, weight="weight") == pytest.approx(joined)
    rule = {frozenset(pair) for pair in _co_members(real_read)}
    assert rule == {frozenset(pair) for pair in shared.edges()}


def _co_members(read: Read) -> set[tuple[str, str]]:
    text = """PREFIX ptce: <https://w3id.org/ptce/ontology#>
        CONSTRUCT { ?a ptce:coMemberWith ?b } WHERE {
        { ?a ptce:coMemberWith ?b } UNION { ?a ptce:possibleCoMemberWith ?b } }"""
    return set(read(sparql=text).edges())


def test_country_is_drawn_by_pole_and_territory(real_read: Read) -> None:
    """Poles and départements are the nodes; a link counts the actors of a pole that are there."""
    whole, country = real_read(), real_read(view="country")
    assert {data["kind"] for _, data in country.nodes(data=True)} == {"Pole", "Department"}
    assert country.graph["counts"]["poles"] == 102
    landes = next(iri for iri, data in country.nodes(data=True) if data["label"] == "Landes")
    pole = ID + "pole/sud-aquitaine"
    (link,) = country.get_edge_data(pole, landes).values()
    there = {
        actor
        for actor, _, data in whole.in_edges(pole, data=True)
        if data["layer"] == "membership" and "40" in whole.nodes[actor]["departements"]
    }
    assert link["weight"] == len(there) + 1 > 3
    assert link["role_label"]["fr"] == f"{len(there) + 1} acteurs d'ici"
    with pytest.raises(QueryError, match="goes with no selection"):
        real_read(view="country", pole="sud-aquitaine")


def test_two_mode_joins_actors_and_poles_only(real_read: Read) -> None:
    """In the two-mode view each link goes from an actor that is no pole to a pole."""
    graph = real_read(view="two-mode")
    assert graph.number_of_edges() > 300
    assert {graph.nodes[pole]["kind"] for _, pole in graph.edges()} == {"Pole"}


@pytest.mark.parametrize("form", ["gexf", "graphml"])
@pytest.mark.parametrize("view", NETWORK_VIEWS)
def test_independent_check_passes_on_every_view(
    real_read: Read, tmp_path: Path, view: str, form: str
) -> None:
    """The independent checker of exchange files has nothing to say of any view."""
    if not CHECK.is_file():
        pytest.skip("../shared/checks is not there")
    graph, path = real_read(view=view), tmp_path / f"network.{form}"
    path.write_bytes(network.FORMATS[form](graph))
    counts = ["--nodes", str(len(graph)), "--edges", str(graph.number_of_edges())]
    run = subprocess.run(
        [sys.executable, CHECK, path, *counts], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


def test_file_survives_characters_that_xml_forbids(tiny_read: Read) -> None:
    """A name with a control character makes no broken file."""
    graph = tiny_read(pole="alpha")
    graph.nodes[ID + "pole/alpha"]["label"] = "a\x00\x08b\ud800<&>"
    for form, read in (("gexf", nx.read_gexf), ("graphml", nx.read_graphml)):
        back = read(io.BytesIO(network.FORMATS[form](graph)))
        assert back.nodes[ID + "pole/alpha"]["label"] == "a\ufffd\ufffdb\ufffd<&>"


def test_choices_of_the_command_line_are_those_of_the_package() -> None:
    """The command line offers each view and each format."""
    assert (*network.VIEWS, network.COUNTRY) == NETWORK_VIEWS
    assert tuple(network.FORMATS) == NETWORK_FORMATS


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("--question", "members-of-pole", "--pole", "beta"), 0, "pole/beta"),
        (("--question", "members-of-pole", "--pole=beta"), 0, "pole/beta"),
        (("--question", "members-of-pole", "--town", "x"), 1, "no parameter town"),
        (("--question", "members-of-pole", "--layer", "funding"), 2, "does not go with --layer"),
        (("--question", "member-of-pole"), 1, "did you mean members-of-pole"),
        (("--question", "-"), 0, "pole/alpha"),
        (("--town", "x"), 2, "No such option: --town"),
        (("town",), 2, "unexpected extra argument"),
        (("--ego", "cbe", "--steps", "2", "--as-of", "2015"), 0, "org/cbe"),
    ],
)
def test_part_is_chosen_on_the_command_line(
    tiny: Project, words: tuple[str, ...], status: int, message: str
) -> None:
    """`ptce network` takes a selection or a question with its own options, and nothing else."""
    runner, run = CliRunner(), cli.Settings()
    runner.invoke(cli.ptce, ["--project", str(tiny.root), "build"], obj=run)
    text = "SELECT ?s ?o { ?s <http://www.w3.org/ns/org#organization> ?o }"
    words = ("--project", str(tiny.root), "--lang", "en", "network", "--format", "csv", *words)
    result = runner.invoke(cli.ptce, words, obj=run, input=text)
    error = isinstance(result.exception, QueryError)
    assert (1 if error else result.exit_code) == status
    assert message in result.output + str(result.exception)


@given(st.text())
def test_text_of_a_term_is_read_back(text: str) -> None:
    """What SPARQL's TSV escapes is read as it was."""
    escapes = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    written = "".join(escapes.get(character, character) for character in text)
    assert plain(f'"{written}"@fr') == text


@pytest.mark.parametrize(
    ("wanted", "title"),
    [
        ({"ego": "cbe-seignanx"}, "Comité de bassin d'emploi du Seignanx – "),
        ({"territory": "Landes", "as_of": "2014"}, "Landes, 2014 – "),
        ({"view": "funding"}, "financement – "),
        ({"view": "country"}, "Le pays par pôle et par département – "),
        ({}, ""),
    ],
)
def test_title_says_which_part_it_is(real_read: Read, wanted: dict[str, str], title: str) -> None:
    """A page of a part is told from the page of the whole by its title."""
    assert real_read(**wanted).graph["title"]["fr"] == title + "Réseau de coopération des PTCE"


@pytest.mark.parametrize("wanted", [{}, {"territory": "Nouvelle-Aquitaine"}, {"as_of": "2014"}])
def test_sketch_is_placed_as_the_whole(real: Project, wanted: dict[str, str]) -> None:
    """Before the facts are read it is known who stands where, things that are no actor included."""
    store = dataset.open_store(real)
    store.load(LEASE.encode(), RdfFormat.TURTLE)
    same = f"<{ID}org/cbe> <http://www.w3.org/2002/07/owl#sameAs> <{ID}org/cbe-seignanx> ."
    store.load(same.encode(), RdfFormat.TURTLE)
    sketches: list[nx.MultiDiGraph[str]] = []

    def keep(sketch: "nx.MultiDiGraph[str]") -> None:
        sketches.append(sketch.copy())

    whole = network.network(real, store, Selection(**wanted), sketched=keep)
    assert layout.arrange(sketches.pop()) == layout.arrange(whole)
    assert not sketches


@pytest.mark.parametrize("view", sorted({*network.VIEWS, network.COUNTRY} - {"all"}))
def test_view_is_not_placed_as_the_whole(tiny_built: Project, view: str) -> None:
    """What a view leaves out has no place in its picture."""
    store = dataset.open_store(tiny_built)
    network.network(tiny_built, store, view=view, sketched=lambda _: pytest.fail("too early"))


@pytest.mark.parametrize(
    "wanted",
    [
        {"as_of": "2014"},
        {"territory": "Nouvelle-Aquitaine"},
        {"kind": "cooperative"},
        {"ego": "sud-aquitaine"},
    ],
)
def test_part_is_the_same_read_by_itself_or_with_the_whole(
    real_read: Read, monkeypatch: pytest.MonkeyPatch, wanted: dict[str, str]
) -> None:
    """Whether all that is stated is read, or what is stated of a part, its facts are the same."""
    found = []
    for many in (True, False):
        monkeypatch.setattr(Tables, "_are_many", lambda *_, many=many: many)
        part = real_read(**wanted)
        found.append((part.graph, dict(part.nodes(data=True)), sorted(part.edges(keys=True))))
        found[-1] += (sorted(map(str, part.edges(data=True))),)
    assert found[0] == found[1]
    assert found[0][1]


@pytest.mark.parametrize("verb", ["draw", "network"])
def test_error_is_one_sentence_whatever_is_loaded_meanwhile(tmp_path: Path, verb: str) -> None:
    """Where no graph is built, a person reads one line and no traceback."""
    command = (sys.executable, "-m", "ptce_graph", "--lang", "en", verb, "-o", "x.gexf")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "run `ptce build` first" in done.stderr

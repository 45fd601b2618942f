"""The pages of things, their RDF, and where they stand: the same for the site and the server."""

import json
import re

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from ptce_graph import dataset
from ptce_graph.namespaces import BASE, ID, ONTOLOGY, PREFIXES, SCHEME
from ptce_graph.project import Project
from ptce_graph.publish import addresses, linked, publication, thing
from ptce_graph.publish.pages import LANGUAGES, Pages

HOSTILE = "</script><script>alert(1)</script>\"'<b>&\u202e"


@pytest.fixture(scope="module")
def store(real: Project) -> pyoxigraph.Store:
    """The real graph."""
    return dataset.open_store(real)


@pytest.fixture(scope="module")
def pages(real: Project, store: pyoxigraph.Store) -> Pages:
    """Its pages."""
    return Pages(real, publication.read(real), store)


def test_pole_is_described(store: pyoxigraph.Store) -> None:
    """A pole has its facts, its dossier with sources, and apart what is inferred."""
    found = thing.describe(store, ID + "pole/sud-aquitaine")
    assert found
    assert found.name.label["fr"].startswith("Pôle de coopération")
    groups = {group.name.iri.removeprefix(ONTOLOGY): group for group in found.groups}
    (coordinator,) = (
        row for row in groups["Membership"].statements if row.codes[0].iri.endswith("/coordinator")
    )
    assert coordinator.ends[0].label["fr"] == "Comité de bassin d'emploi du Seignanx"
    assert coordinator.when == {"observedIn": "2014"}
    assert [name.label["fr"] for name in coordinator.sources] == [
        "Reconnaissance des PTCE : territoires et innovation"
    ], "the copy of a document is left out beside its original"
    (application,) = groups["Application"].statements
    assert application.codes[0].label["en"] == "laureate"
    assert application.when == {"date": "2014-01-10"}
    inferred = {fact.name.iri.removeprefix(ONTOLOGY) for fact in found.inferred}
    assert {"memberOf", "laureateOf", "locatedWithin"} <= inferred
    stated = {fact.name.iri for fact in (*found.facts, *found.pointing)}
    assert not {ONTOLOGY + name for name in inferred} & stated


def test_nothing_is_described_of_what_is_not_there(store: pyoxigraph.Store) -> None:
    """A thing that no triple is about has no description."""
    assert thing.describe(store, ID + "pole/nowhere") is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "iri",
    [
        ID + "pole/sud-aquitaine",
        ID + "org/cbe-seignanx",
        ID + "call/AAP-2013",
        ID + "territory/departement-40",
        ID + "doc/tarnos-ess",
        ID + "person/dominique-hays",
        ID + "membership/sud-aquitaine-cbe-seignanx-coordinator",
        SCHEME + "role/coordinator",
        SCHEME + "role",
        ONTOLOGY + "Pole",
        ONTOLOGY + "cooperatesWith",
    ],
)
def test_page_of_each_kind(pages: Pages, iri: str, language: str) -> None:
    """Each kind of thing has a page in each language, with its RDF, its licence and a contact."""
    html = pages.thing(iri, language)
    assert html
    assert html.startswith(f'<!doctype html>\n<html lang="{language}">')
    stem = addresses.path(iri).rpartition("/")[2]
    for wanted in (f"{stem}.ttl", f"{stem}.jsonld", iri, "licence-ouverte", "#removal"):
        assert wanted in html, wanted
    assert "None" not in re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)


def test_unknown_thing_has_no_page(pages: Pages) -> None:
    """What the graph does not know has no page, nor has what is not ours."""
    assert pages.thing(ID + "pole/nowhere", "fr") is None
    assert pages.thing("https://exemple.invalid/x", "fr") is None


def test_rdf_of_a_thing_is_part_of_the_facts(pages: Pages, real: Project) -> None:
    """Turtle and JSON-LD say the same of a thing, nothing inferred; JSON-LD adds schema.org."""
    quads = list(pyoxigraph.parse(path=str(real.nquads), format=pyoxigraph.RdfFormat.N_QUADS))
    facts = {quad.triple for quad in quads}
    inferred = {quad.triple for quad in quads if quad.graph_name != pyoxigraph.DefaultGraph()}
    things = sorted({t.subject.value for t in facts if t.subject.value.startswith(BASE)})
    for iri in things[::40]:
        turtle = rdflib.Graph().parse(data=pages.turtle(iri), format="turtle")
        found = set(pyoxigraph.parse(pages.turtle(iri), format=pyoxigraph.RdfFormat.TURTLE))
        triples = {quad.triple for quad in found}
        assert triples <= facts - inferred, iri
        linked_data = rdflib.Graph().parse(data=pages.jsonld(iri), format="json-ld")
        extra = set(linked_data) - set(turtle)
        assert set(turtle) <= set(linked_data), iri
        assert all(PREFIXES["schema"] in str(t) for t in extra), iri


def test_search_engines_find_their_types(pages: Pages) -> None:
    """A pole is a Consortium with a name, a source a CreativeWork; the context is inside."""
    for iri, kind in ((ID + "pole/sud-aquitaine", "Consortium"), (ID + "doc/seed", "CreativeWork")):
        document = json.loads(pages.jsonld(iri))
        assert isinstance(document["@context"], dict)
        (node,) = (n for n in document["@graph"] if n["id"] == iri)
        assert f"schema:{kind}" in node["type"]
        assert node["schema:name"]


def test_types_of_schema_org_are_declared_alignments() -> None:
    """Each type of schema.org that we name stands in the list of terms that somebody has seen."""
    from tests.gates.vocabulary import lock

    known = {iri for iri in lock()["terms"] if iri.startswith(PREFIXES["schema"])}
    used = {linked.SCHEMA + name for name in (*linked.TYPES.values(), *linked.ALSO.values())}
    assert used <= known, sorted(used - known)


def test_hostile_texts_stay_texts(tiny: Project) -> None:
    """Markup in a name is shown as it is written, in the page, its picture and its JSON."""
    store = pyoxigraph.Store()
    pole, org = (pyoxigraph.NamedNode(ID + part) for part in ("pole/x", "org/y"))
    row = pyoxigraph.NamedNode(ID + "membership/z")
    label = pyoxigraph.NamedNode(PREFIXES["skos"] + "prefLabel")
    kind = pyoxigraph.NamedNode(PREFIXES["rdf"] + "type")
    name = pyoxigraph.Literal(HOSTILE, language="fr")
    links = {pole: "organization", org: "member"}
    for node, local in ((pole, "Pole"), (org, "Association"), (row, "Membership")):
        store.add(pyoxigraph.Quad(node, kind, pyoxigraph.NamedNode(ONTOLOGY + local)))
    for node, local in links.items():
        store.add(pyoxigraph.Quad(node, label, name))
        store.add(pyoxigraph.Quad(row, pyoxigraph.NamedNode(PREFIXES["org"] + local), node))
    html = Pages(tiny, publication.read(tiny), store).thing(pole.value, "fr")
    assert html
    assert "<script>alert" not in html
    assert "<b>" not in html
    scripts = html.count("<script"), html.count("</script>")
    assert scripts == (2, 2), "the data of the page, and the search"
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert HOSTILE in json.loads(data[1])["@graph"][0]["prefLabel"]["fr"]


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (ID + "pole/sud-aquitaine", "id/pole/sud-aquitaine"),
        (SCHEME + "role/coordinator", "scheme/role/coordinator"),
        (ONTOLOGY + "Pole", "ontology/Pole"),
        (ID + "../../etc/passwd", None),
        (ID + ".htaccess", None),
        (BASE + "dumps/x", None),
        ("https://exemple.invalid/id/x", None),
    ],
)
def test_address_of_a_thing(iri: str, path: str | None) -> None:
    """An IRI of ours has one path, which leads back to it; others, and traps, have none."""
    assert addresses.path(iri) == path
    if path:
        assert addresses.iri(path) == iri


SEGMENTS = st.lists(st.text("ab-", min_size=1, max_size=3), min_size=1, max_size=4)


@given(SEGMENTS, SEGMENTS)
def test_relative_addresses_lead_where_they_should(here: list[str], there: list[str]) -> None:
    """A relative address, followed from its page, is the path that was meant."""
    from urllib.parse import urljoin

    page, target = "/".join(here), "/".join(there)
    base = "https://exemple.invalid/a/"
    assert urljoin(base + page, addresses.relative(target, page)) == base + target


def test_key_of_a_document_in_a_note_is_its_title(pages: Pages) -> None:
    """A reader of a note sees which document says so; no key of ours is left in it."""
    page = pages.thing(ID + "pole/sud-aquitaine", "fr")
    assert page
    main = page.partition("<main")[2]
    said = main.partition("Inauguré le 21 novembre 2014")[2].partition("</span>")[0]
    assert said.startswith(
        ' («\u00a0<a href="../doc/ess-societe-psa.fr.html">Inauguration du PTCE Sud Aquitaine</a>'
    )
    assert not {"ess-societe-psa", "xlandes", "seed"} & set(
        re.findall(r"[\w-]+", re.sub(r"<[^>]*>", "", said))
    )


def test_region_names_its_poles_first_and_not_itself(store: pyoxigraph.Store) -> None:
    """The poles of a region come before its other actors; a region is not said to be in itself."""
    region = ID + "territory/region-75"
    found = thing.describe(store, region)
    assert found
    values = {fact.name.iri.removeprefix(ONTOLOGY): fact.values for fact in found.inferred}
    groups = [value.group for value in values["locatedWithin"] if isinstance(value, thing.Name)]
    poles = groups.count("pole")
    assert poles >= 6
    assert set(groups[:poles]) == {"pole"}
    assert region not in {v.iri for vs in values.values() for v in vs if isinstance(v, thing.Name)}

"""The page: same network, same bytes; nothing of the data becomes markup; nothing covers a pole."""

from __future__ import annotations

import itertools
import json
import math
import multiprocessing
import os
import random
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from ptce_graph import forces, layout, view

ID = "https://w3id.org/ptce/id/"
BIDI = "\u202eesrever\u202c et \u05d0\u05d1\u05d2"
HOSTILE = (
    "<img src=x onerror=window.__xss=1>",
    "</script><script>window.__xss=2</script>",
    """<!--<script>' " ` \\ &amp; {{ 7 * 7 }}""",
    BIDI,
    "Très long " * 30,
    "x" * 300,
    "ligne\u2028brisée\u2029",
)


def _term(french: str, english: str) -> dict[str, str]:
    return {"fr": french, "en": english}


def _actor(network: nx.MultiDiGraph[str], key: str, label: str, kind: str, **facts: Any) -> str:
    iri = ID + key
    plain = {"aliases": [], "functions": [], "statuses": [], "homepages": [], "sources": []}
    network.add_node(
        iri,
        **{"label": label, "kind": kind, "kind_label": _term(kind, kind), "place": "", "note": {}}
        | plain
        | facts,
    )
    return iri


def _link(
    network: nx.MultiDiGraph[str], source: str, target: str, layer: str, **facts: Any
) -> None:
    number = network.number_of_edges(ID + source, ID + target)
    plain = {"valid_from": "", "valid_until": "", "observed_in": "", "amount": ""}
    role = {"role": "member", "role_label": _term("membre", "member"), "certainty": "stated"}
    network.add_edge(
        ID + source,
        ID + target,
        key=f"{ID}{layer}/{source}-{target}-{number}",
        layer=layer,
        **role | plain | {"note": {}, "sources": [ID + "doc/one"]} | facts,
    )


def small_network() -> nx.MultiDiGraph[str]:
    """Return two poles that share an actor, one alone, every layer, hostile texts everywhere."""
    network = nx.MultiDiGraph(
        title=_term("Réseau d'essai <b>", "Test network <b>"),
        description=_term('Un "essai" & rien', 'A "test" & nothing'),
        date="2024-11-21",
        licence="https://creativecommons.org/licenses/by/4.0/",
        counts={},
    )
    one = _term("réseau", "network")
    _actor(network, "pole/sud", "Pôle Sud Aquitaine", "Pole", aliases=["PTCE du Seignanx"])
    _actor(network, "pole/nord", "Clus'Ter du Nord", "Pole", place="Lille (Nord)")
    _actor(network, "pole/seul", "Pôle seul", "Pole")
    _actor(
        network,
        "org/cbe",
        "Comité de bassin d’emploi du Seignanx",
        "Association",
        place="Tarnos (Landes)",
        functions=[one],
        homepages=["https://example.org/", "javascript:alert(1)"],
        sources=[ID + "doc/one", ID + "doc/two"],
    )
    _actor(
        network, "org/oeuvre", "L'Œuvre éolienne", "Cooperative", statuses=[_term("SCIC", "SCIC")]
    )
    _actor(network, "org/region", "Région", "LocalAuthority", homepage="https://example.org/region")
    _actor(network, "group/one", "Groupement", "Collaboration")
    for number, label in enumerate(HOSTILE):
        _actor(
            network,
            f"org/hostile-{number}",
            label,
            "LegalPerson",
            note=_term(label, label),
            aliases=[label],
        )
        _link(network, f"org/hostile-{number}", "pole/nord", "membership", note=_term(label, label))
    coordinator = {"role": "coordinator", "role_label": _term("coordinateur", "coordinator")}
    _link(network, "org/cbe", "pole/sud", "membership", valid_from="2014", **coordinator)
    _link(
        network, "org/cbe", "pole/sud", "membership", valid_from="2008-01", valid_until="2014-03-01"
    )
    _link(network, "org/cbe", "pole/nord", "membership", observed_in="2014", certainty="inferred")
    _link(
        network, "org/oeuvre", "pole/sud", "membership", sources=[ID + "doc/two", ID + "doc/none"]
    )
    _link(network, "org/cbe", "org/oeuvre", "cooperation", sources=[])
    _link(network, "org/region", "pole/sud", "funding", amount="50 000 €")
    _link(network, "org/cbe", "group/one", "grouping")
    network.graph["sources"] = {
        ID + "doc/one": {
            "title": "Un document <i>",
            "publisher": "Une maison",
            "date": "2014-01",
            "url": "https://example.org/one",
        },
        ID + "doc/two": {"title": "", "publisher": "", "date": "", "url": "javascript:alert(2)"},
    }
    return network


def many(poles: int, organisations: int) -> nx.MultiDiGraph[str]:
    """Return a network of a given size, in which one actor in four is in two poles or more."""
    network = nx.MultiDiGraph()
    for number in range(poles):
        _actor(network, f"pole/{number:04}", f"Pôle territorial numéro {number} d'ici", "Pole")
    for number in range(organisations):
        _actor(network, f"org/{number:04}", f"Organisation {number}", "Association")
        for other in {number * 7 % poles, number * (1 if number % 4 else 13) * 7 % poles}:
            _link(network, f"org/{number:04}", f"pole/{other:04}", "membership")
    return network


class Reader(HTMLParser):
    """Collect the elements of a page and the text of its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements:
            self.texts.append((self.elements[-1][0], data))


@pytest.fixture(scope="module")
def html() -> str:
    return view.page(small_network())


@pytest.fixture(scope="module")
def block(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_bytes_do_not_depend_on_the_hash_seed_or_the_order_of_filling() -> None:
    """The same network gives the same bytes in every process, however it was filled."""
    code = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:]\n"
        "import networkx as nx, test_view\n"
        "from ptce_graph import view\n"
        "one = test_view.small_network()\n"
        "two = nx.MultiDiGraph(**one.graph)\n"
        "two.add_nodes_from(reversed(list(one.nodes(data=True))))\n"
        "two.add_edges_from(reversed(list(one.edges(keys=True, data=True))))\n"
        "for network in one, two:\n"
        "    print(hashlib.sha256(view.page(network).encode()).hexdigest())\n"
    )
    folders = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    digests = set()
    for seed in ("0", "1", "4242"):
        done = subprocess.run(
            [sys.executable, "-c", code, *folders],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        digests |= set(done.stdout.split())
    assert len(digests) == 1


def test_the_network_is_not_changed() -> None:
    """Drawing only reads the network."""
    network = small_network()
    view.page(network)
    assert nx.utils.graphs_equal(network, small_network())
    assert network.graph == small_network().graph


def test_no_text_of_the_data_is_markup(html: str) -> None:
    """Markup in the data makes no element, no attribute and no script of the page."""
    elements = Reader(html).elements
    assert not [name for name, _ in elements if name == "img"]
    assert [name for name, _ in elements].count("script") == 2
    for _, attributes in elements:
        assert not [name for name in attributes if name.startswith("on")]
    assert "<img src=x" not in html
    assert "{{ 7 * 7 }}" in html


def test_nothing_is_loaded_from_elsewhere(html: str) -> None:
    """Scripts, style and icon stand in the page; nothing has an address to load from."""
    for name, attributes in Reader(html).elements:
        if name in ("script", "img", "iframe", "audio", "video", "source"):
            assert "src" not in attributes
        if name == "link":
            assert attributes["href"] == "data:,"
    assert "@import" not in html
    assert "sourceMappingURL" not in html
    assert not re.search(r"url\(\s*['\"]?(https?:)?//", html)


def test_policy_lets_only_our_scripts_and_our_style_work(html: str) -> None:
    """The policy names the digest of each script and style, and allows nothing else."""
    reader = Reader(html)
    policy = next(
        attributes["content"]
        for name, attributes in reader.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy and policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for pattern in ("<script>(.*?)</script>", "<style>(.*?)</style>"):
        for text in re.findall(pattern, html, re.DOTALL):
            assert view._digest(text) in policy


def test_every_actor_and_every_link_is_in_the_page(block: dict[str, Any]) -> None:
    """No actor and no link of the network is lost, parallel links included."""
    network = small_network()
    assert {node["id"]: node["label"] for node in block["nodes"]} == dict(network.nodes("label"))
    iris = [node["id"] for node in block["nodes"]]
    assert sorted(
        (iris[edge["from"]], iris[edge["to"]], edge.get("iri", edge["id"]))
        for edge in block["edges"]
    ) == sorted(network.edges(keys=True))
    assert len({edge["id"] for edge in block["edges"]}) == network.number_of_edges()


def test_every_source_is_kept_described_or_not(block: dict[str, Any]) -> None:
    """A source that nothing describes is still named, by its IRI."""
    iris = [source["iri"] for source in block["sources"]]
    assert iris == [ID + "doc/none", ID + "doc/one", ID + "doc/two"]
    cbe = next(node for node in block["nodes"] if node["id"] == ID + "org/cbe")
    assert [iris[number] for number in cbe["sources"]] == [ID + "doc/one", ID + "doc/two"]


def test_links_say_how_well_they_are_backed(block: dict[str, Any]) -> None:
    """Two documents of different publishers count; what is inferred, unsourced or own is told."""
    found = {}
    iris = [node["id"].removeprefix(ID) for node in block["nodes"]]
    for edge in sorted(block["edges"], key=lambda edge: edge["id"]):
        found.setdefault((iris[edge["from"]], iris[edge["to"]]), edge["backing"])
    assert found["org/cbe", "pole/sud"] == "own"  # the host of its site published the document
    assert found["org/hostile-0", "pole/nord"] == "single"
    assert found["org/cbe", "pole/nord"] == "inferred"
    assert found["org/oeuvre", "pole/sud"] == "independent"
    assert found["org/cbe", "org/oeuvre"] == "none"


@pytest.mark.parametrize(
    ("documents", "backing"),
    [
        ([("a", "Une maison", ""), ("b", "Une autre", "")], "independent"),
        ([("a", "Une maison", ""), ("b", "Une maison", "")], "single"),
        ([("a", "Une maison", ""), ("b", "Une autre", "a")], "single"),
        ([("a", "PTCE du Seignanx", "")], "own"),
        ([("a", "PTCE du Seignanx", ""), ("b", "Une maison", "")], "independent"),
        ([("a", "PTCE du Seignanx", ""), ("b", "Pôle Sud Aquitaine", "a")], "own"),
    ],
)
def test_sources_are_independent_when_their_publishers_and_texts_differ(
    documents: list[tuple[str, str, str]], backing: str
) -> None:
    """A reprint is no second source, and what one of the two says of itself is told apart."""
    network = small_network()
    network.graph["sources"] = {
        iri: {"publisher": publisher, "version": version} for iri, publisher, version in documents
    }
    key = next(iter(network[ID + "org/region"][ID + "pole/sud"]))
    facts = network[ID + "org/region"][ID + "pole/sud"][key]
    facts["sources"] = [iri for iri, _, _ in documents]
    html = view.page(network)
    assert f'"backing":"{backing}"' in next(
        part for part in html.split("{") if f'"id":"{key}"' in part
    )


def test_actors_with_one_link_know_their_hub(block: dict[str, Any]) -> None:
    """What is linked to one other only is folded into it; poles and shared actors are not."""
    iris = [node["id"].removeprefix(ID) for node in block["nodes"]]
    hubs = {node["id"].removeprefix(ID): node.get("hub") for node in block["nodes"]}
    assert iris[hubs["org/region"]] == "pole/sud"
    assert iris[hubs["org/hostile-0"]] == "pole/nord"
    assert hubs["pole/seul"] is hubs["pole/nord"] is hubs["org/cbe"] is None


def test_only_web_addresses_are_kept(block: dict[str, Any]) -> None:
    """An address that is not http or https is no address."""
    homepages = [page for node in block["nodes"] for page in node.get("homepages", ())]
    assert homepages == ["https://example.org/", "https://example.org/region"]
    assert [source.get("url") for source in block["sources"]] == [
        None,
        "https://example.org/one",
        None,
    ]


def test_links_between_the_same_two_are_kept_apart(block: dict[str, Any]) -> None:
    """Parallel links have curves of their own."""
    iris = [node["id"] for node in block["nodes"]]
    pair = {iris.index(ID + "org/cbe"), iris.index(ID + "pole/sud")}
    both = [edge for edge in block["edges"] if {edge["from"], edge["to"]} == pair]
    curves = [edge.get("curve", 0) for edge in both]
    assert sorted(curves) == [0, 1]


def test_one_statement_with_several_links_has_several_ids() -> None:
    """A funding of two poles is two lines of the picture."""
    network = nx.MultiDiGraph(small_network())
    key = ID + "funding/org/region-pole/sud-0"
    network.add_edge(ID + "org/cbe", ID + "pole/seul", key=key, layer="funding")
    network.add_edge(ID + "org/cbe", ID + "pole/nord", key=key, layer="funding")
    found = re.findall(rf'"id":"({key}[^"]*)"', view.page(network))
    assert len(found) == len(set(found)) == 3


@pytest.mark.parametrize("language", view.LANGUAGES)
def test_first_view_is_in_the_language_asked(language: str) -> None:
    """The language of the page and its texts is the one asked for."""
    page = view.page(small_network(), language=language)
    assert f'<html lang="{language}">' in page
    assert ("Chercher</label>" in page) == (language == "fr")


def test_another_language_is_refused() -> None:
    """A language without texts is an error that names those there are."""
    with pytest.raises(ValueError, match="one of fr, en"):
        view.page(small_network(), language="de")


def test_an_empty_network_has_a_page() -> None:
    """A network of nothing is a page without a picture, not an error."""
    texts = _term("Rien", "Nothing")
    assert "<title>Rien</title>" in view.page(nx.MultiDiGraph(title=texts, description=texts))


def test_catalogue_says_everything_in_both_languages() -> None:
    """French and English have the same keys, forms and holes to fill."""
    texts = json.loads(view._read("texts.json"))
    assert list(texts) == list(view.LANGUAGES)
    assert list(texts["fr"]) == list(texts["en"])
    for key, french in texts["fr"].items():
        assert type(french) is type(texts["en"][key])
        holes = [set(re.findall(r"\{\w+\}", json.dumps(texts[code][key]))) for code in texts]
        assert holes[0] == holes[1], key


def test_every_text_of_the_catalogue_is_used_and_there() -> None:
    """The scripts ask for no text that is missing, and no text is left over."""
    code = "\n".join(map(view._read, (*view.SCRIPTS, "template.html")))
    texts = json.loads(view._read("texts.json"))["fr"]
    asked = set(re.findall(r'\b(?:text|plural)\("(\w+)"', code))
    asked |= set(re.findall(r'data-(?:text|label|hint)="(\w+)"', code))
    asked |= set(re.findall(r"\{\{ text\.(\w+) \}\}", code))
    assert asked <= set(texts)
    code += " stated"  # the code of a certainty: the data ask for it
    assert [key for key in texts if not re.search(rf"\b{key.removesuffix('_day')}\b", code)] == []


def test_layout_places_every_actor_on_integers() -> None:
    """Every actor has a place of its own, in whole numbers."""
    network = small_network()
    positions = layout.place(network)
    assert set(positions) == set(network)
    assert all(type(x) is int and type(y) is int for x, y in positions.values())
    assert len(set(positions.values())) == len(positions)


def test_layout_of_nothing_is_nothing() -> None:
    """No actors, no places."""
    assert layout.place(nx.MultiDiGraph()) == {}


def test_layout_bears_loops_and_pairs() -> None:
    """An actor linked to itself and two linked both ways stand apart."""
    network = nx.MultiDiGraph()
    for key in "ab":
        _actor(network, f"org/{key}", key, "Association")
    _link(network, "org/a", "org/a", "cooperation")
    _link(network, "org/a", "org/b", "cooperation")
    _link(network, "org/b", "org/a", "cooperation")
    (x, y), (a, b) = layout.place(network).values()
    assert (x - a) ** 2 + (y - b) ** 2 > 30**2


@pytest.mark.parametrize("network", [small_network(), many(110, 350), many(400, 900)])
def test_labels_of_poles_cover_no_other_label_and_no_other_pole(
    network: nx.MultiDiGraph[str],
) -> None:
    """The name of a pole covers no other name of a pole and no symbol."""
    positions = layout.place(network)
    poles = [node for node, kind in network.nodes("kind") if kind == "Pole"]
    labels = {
        pole: layout.label_box(network.nodes[pole]["label"], "Pole").at(*positions[pole])
        for pole in poles
    }
    for number, pole in enumerate(poles):
        for other in poles[:number]:
            assert not labels[pole].overlaps(labels[other]), (pole, other)
    for node, (x, y) in positions.items():
        symbol = layout.Box(x - 8, y - 8, x + 8, y + 8)
        covered = [pole for pole in poles if labels[pole].overlaps(symbol)]
        assert not covered, (node, covered)


def test_components_do_not_run_into_each_other() -> None:
    """No actor stands in the circle of a pole that it has nothing to do with."""
    network = many(110, 350)
    positions = layout.place(network)
    parts = list(nx.weakly_connected_components(network))
    for part in parts:
        poles = [positions[node] for node in part if network.nodes[node]["kind"] == "Pole"]
        for x, y in (positions[node] for node in network if node not in part):
            assert all((x - a) ** 2 + (y - b) ** 2 > 50**2 for a, b in poles)


def test_members_of_one_pole_stand_around_it() -> None:
    """An actor with one link stands nearest to its own pole."""
    network = many(110, 350)
    positions = layout.place(network)
    poles = [node for node, kind in network.nodes("kind") if kind == "Pole"]

    def distance(one: str, other: str) -> int:
        (x, y), (a, b) = positions[one], positions[other]
        return (x - a) ** 2 + (y - b) ** 2

    for node in network:
        if network.degree(node) == 1 and node not in poles:
            (own,) = network.successors(node)
            assert min(poles, key=lambda pole: distance(node, pole)) == own


def test_drawings_that_are_worked_on_together_do_not_touch() -> None:
    """Each of several components is placed as it is when it is alone, small, large or single."""
    choose = random.Random(7)
    components: list[tuple[forces.Links, list[layout.Box]]] = []
    for count in (1, 2, 30, 70, 150, 400):
        links = [(choose.randrange(number), number) for number in range(1, count)]
        wide = [20.0 + 90 * (number % 9 == 0) for number in range(count)]
        components.append((links, [layout.Box(-half, -15, half, 15) for half in wide]))
    together = forces.settle(components)
    assert together == [forces.settle([component])[0] for component in components]
    for places, (_, boxes) in zip(together, components, strict=True):
        drawn = [box.at(*place) for box, place in zip(boxes, places, strict=True)]
        inner = [layout.Box(b.left + 1, b.top + 1, b.right - 1, b.bottom - 1) for b in drawn]
        assert not any(a.overlaps(b) for a, b in itertools.combinations(inner, 2))


def test_what_stands_around_one_pole_is_the_whole_picture() -> None:
    """The members of a single pole are not folded into it; those of two poles are."""
    network = nx.MultiDiGraph()
    for pole in ("pole/one", "pole/two"):
        _actor(network, pole, "Pôle", "Pole")
        for number in range(30):
            member = f"org/{pole[5:]}-{number}"
            _actor(network, member, f"Œuvre {number}", "Association")
            network.add_edge(ID + member, ID + pole, key=member)
        hubs = layout.arrange(network)[1]
        assert len(hubs) == (0 if pole == "pole/one" else 60)


def test_poles_of_a_large_country_stand_by_their_departement() -> None:
    """More than 300 poles stand around the département where most of their actors are."""
    network = nx.MultiDiGraph()
    for number in range(12):
        _actor(network, f"territory/{number:02}", f"Département {number}", "Department")
    homes = {f"pole/{number:04}": number * 5 % 12 for number in range(400)}
    for pole, home in homes.items():
        _actor(network, pole, f"Pôle territorial {pole} d'ici", "Pole")
        for other, weight in ((home, 9.0), ((home + 1) % 12, 2.0)):
            territory = f"{ID}territory/{other:02}"
            network.add_edge(ID + pole, territory, key=f"{pole} {other}", weight=weight)
    positions, hubs = layout.arrange(network)
    territories = {iri: positions[iri] for iri in network if "/territory/" in iri}
    assert not hubs, "they are linked to more than one: none is folded"
    assert len(set(positions.values())) == len(network)
    for pole, home in homes.items():
        near = min(territories, key=lambda iri: math.dist(territories[iri], positions[ID + pole]))
        assert near == f"{ID}territory/{home:02}"


def test_label_is_cut_to_three_lines() -> None:
    """Long names are cut with …, empty ones take one empty line."""
    assert layout.label_lines("x" * 300)[2] == "x" * 19 + "…"
    assert layout.label_lines("  ") == [""]
    assert max(map(len, layout.label_lines("Coopération industrielle " * 9))) <= 20


def test_five_thousand_actors_are_placed() -> None:
    """A thousand poles and four thousand organisations are placed, each where no other is."""
    positions = layout.place(many(1000, 4000))
    assert len(set(positions.values())) == 5000


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_another_core_places_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places found by another process are those found here, also when that process dies."""
    network = many(20, 100)
    here = layout.arrange(network)
    monkeypatch.setattr(layout, "_ALONE", 10)
    assert layout.arranging(network)() == here

    def dies(_: nx.MultiDiGraph[str]) -> layout.Arranged:
        if multiprocessing.parent_process():
            os._exit(1)
        return here

    monkeypatch.setattr(layout, "arrange", dies)
    assert layout.arranging(network)() == here

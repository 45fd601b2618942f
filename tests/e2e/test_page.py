"""The page in a browser without a network: found, read, walked by keyboard, printed, never fooled.

Every test fails on a request to another origin, a script error, a message of the console, a dialog
or a breach of the content-security policy.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph
import pytest

from ptce_graph import Graph, view
from ptce_graph import network as networks
from ptce_graph.network.reading import TITLE
from ptce_graph.project import Project
from tests.test_view import BIDI, small_network

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_api = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
CHECK = Path(__file__).parents[3] / "shared" / "checks" / "html_check.py"
GRAPH_CHECK = CHECK.with_name("graph_check.py")
ID = "https://w3id.org/ptce/id/"
SUD = ID + "pole/sud-aquitaine"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--proxy-server=http://127.0.0.1:9",  # nothing answers there: what slips through goes nowhere
]
WATCH = """
  window.breaches = [];
  addEventListener("securitypolicyviolation", (event) => breaches.push(event.violatedDirective));
"""
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}

pytestmark = pytest.mark.skipif(
    not CHROMIUM.is_file(), reason=f"no Chromium at {CHROMIUM} ($CHROMIUM names another)"
)

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def real_network(real: Project) -> nx.MultiDiGraph[str]:
    return networks.network(real)


@pytest.fixture(scope="module")
def real_page(real_network: nx.MultiDiGraph[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the real graph, in French."""
    file = tmp_path_factory.mktemp("page") / "network.html"
    file.write_text(view.page(real_network, language="fr"), "utf-8")
    return file


@pytest.fixture(scope="module")
def windows(browser: Any) -> Iterator[Callable[..., Any]]:
    """Windows of the browser, one for each set of settings, shared by the tests."""
    kept: dict[str, Any] = {}

    def window(settings: dict[str, Any]) -> Any:
        key = repr(sorted(settings.items()))
        if key not in kept:
            settings = {"locale": "fr-FR", "reduced_motion": "reduce"} | DESK | settings
            kept[key] = browser.new_context(**settings)
            kept[key].add_init_script(WATCH)
            kept[key].set_default_timeout(10_000)
        return kept[key]

    yield window
    for context in kept.values():
        context.close()


@pytest.fixture
def open_page(windows: Callable[..., Any], real_page: Path) -> Iterator[Open]:
    """Open a page, without animation, and watch it until the end of the test."""
    seen: list[str] = []
    tabs = []

    def on_request(route: Any) -> None:
        url = route.request.url
        if url.startswith(("data:", "blob:")) or url.partition("#")[0] in own:
            route.continue_()
        else:
            seen.append(f"request to {url}")
            route.abort()

    def on_dialog(dialog: Any) -> None:
        seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open_(file: Path = real_page, state: str = "", **settings: Any) -> Any:
        own.add(file.as_uri())
        tab = windows(settings).new_page()
        tab.route("**/*", on_request)
        tab.on("pageerror", lambda error: seen.append(f"error: {error}"))
        tab.on("console", lambda message: seen.append(f"console: {message.text}"))
        tab.on("dialog", on_dialog)
        tab.goto(file.as_uri() + state)
        tab.wait_for_selector("html[data-ready]")
        tabs.append(tab)
        return tab

    own: set[str] = set()
    yield open_
    for tab in tabs:
        seen += tab.evaluate("window.breaches")
        tab.close()
    assert seen == []


def names(tab: Any) -> list[str]:
    """Return the names among the results of the search."""
    return list(tab.locator("#results [role=option] bdi:first-child").all_text_contents())


def search(tab: Any, written: str) -> list[str]:
    """Write in the search box, key by key, and return the names that are found."""
    tab.locator("#search").fill("")
    tab.locator("#search").press_sequentially(written)
    return names(tab)


def choose(tab: Any, iri: str) -> None:
    """Choose an actor as its names in the page do."""
    tab.evaluate("iri => choose({ actor: iri }, { focus: true, centre: true })", iri)
    tab.evaluate("paintNow()")


def on_screen(tab: Any, x: float, y: float) -> tuple[float, float]:
    """Return where a place of the picture is on the screen."""
    tab.evaluate("document.fonts.ready")
    spot = tab.evaluate(
        """([x, y]) => {
          const place = toPicture(camera, size, { x, y });
          const box = pictureBox.getBoundingClientRect();
          return [box.left + place.x, box.top + place.y];
        }""",
        [x, y],
    )
    return spot[0], spot[1]


def open_table(tab: Any) -> None:
    """Open the table of all links."""
    tab.locator("#table summary").click()
    tab.wait_for_selector("tbody tr")


def title(tab: Any) -> str:
    """Return the heading of the panel."""
    return str(tab.locator("#panel-title").inner_text())


def test_three_keys_find_a_pole(open_page: Open) -> None:
    """The page opens in its search box; three letters and Enter show a pole."""
    tab = open_page()
    for key in "fig":
        tab.keyboard.press(key)
    assert names(tab)[0] == "Figeacteurs"
    tab.keyboard.press("Enter")
    assert title(tab) == "Figeacteurs"


def test_country_names_its_departements(open_page: Open, real: Project, tmp_path: Path) -> None:
    """Départements are drawn and named from afar, none folded into the only pole that is there."""
    file = tmp_path / "country.html"
    country = networks.network(real, view="country")
    file.write_text(view.page(country), "utf-8")
    tab = open_page(file)
    assert tab.title().startswith("Le pays par pôle et par département")
    assert "57 départements" in tab.locator("#counts").inner_text()
    drawn = tab.evaluate("inView(camera, size).actors.map((actor) => actor.label)")
    assert {label for _, label in country.nodes("label")} == set(drawn)
    assert search(tab, "landes")[0] == "Landes"


def test_three_letters_find_every_pole(open_page: Open) -> None:
    """Of each pole there is a word whose first three letters show it among the first five."""
    missed = open_page().evaluate(
        """() => actors.filter(isPole).filter((pole) =>
          !fold(pole.label).split(" ").some((word) =>
            find(word.slice(0, 3)).slice(0, 5).some((found) => found.actor === pole))
        ).map((pole) => pole.label)"""
    )
    assert missed == []


def test_search_ignores_case_and_accents(open_page: Open) -> None:
    """Neither the case nor the accents of what is written matter."""
    tab = open_page()
    found = search(tab, "Seignanx")
    assert "Comité de bassin d'emploi du Seignanx" in found
    for written in ("SEIGNANX", "seignanx", "seïgnanx", "  Sêignanx "):
        assert search(tab, written) == found


def test_search_ignores_accents_both_ways(open_page: Open) -> None:
    """A name with œ or é is found without, and a name without is found with them."""
    tab = open_page()
    assert search(tab, "cœur") == search(tab, "coeur") == search(tab, "CŒUR")
    assert any("Cœur" in name or "Coeur" in name for name in search(tab, "coeur"))
    assert search(tab, "pole") == search(tab, "pôle") == search(tab, "PÔLE")
    assert search(tab, "néo56")[0] == search(tab, "neo56")[0] == "Néo56"


def test_search_finds_the_poles_of_a_region(open_page: Open) -> None:
    """A region, of now or of before 2016, finds its poles, ahead of actors that lie in it."""
    tab = open_page()
    sud = "Pôle de coopération économique, social et environnemental Sud Aquitaine"
    for written in ("nouvelle aquitaine", "Landes", "tarnos"):
        assert sud in search(tab, written)


def test_search_that_finds_nothing_says_so(open_page: Open) -> None:
    """What is nowhere is said to be nowhere, to those who see and to those who listen."""
    tab = open_page()
    assert search(tab, "zzzz") == []
    assert tab.locator("#search-count").text_content() == "Aucun résultat"
    assert tab.locator("#results").inner_text() == "Aucun résultat"
    assert tab.locator("#search").get_attribute("aria-expanded") == "false"


def test_panel_says_who_in_which_role_when_and_according_to_whom(
    open_page: Open, real_network: nx.MultiDiGraph[str]
) -> None:
    """Every link of the actor is there, with its role, its period and its sources as links."""
    tab = open_page()
    choose(tab, SUD)
    assert title(tab) == real_network.nodes[SUD]["label"]
    headings = tab.locator("#panel h3").all_inner_texts()
    assert any(re.fullmatch(r"Coordin\w+ \(1\)", heading) for heading in headings)
    about = tab.locator("#panel .about").all_inner_texts()
    assert len(about) == real_network.degree(SUD)
    assert all(re.match(r"(depuis|observé|jusqu|date inconnue)", text) for text in about)
    assert any(text.startswith("observé en 2014") for text in about)
    assert {"affirmé"} <= {text.split(" · ")[1] for text in about}
    links = tab.locator("#panel .about a")
    assert links.count() >= len(about)
    for link in links.all():
        assert re.match(r"https?://", link.get_attribute("href"))
        assert link.get_attribute("title")
        assert "noopener" in link.get_attribute("rel")


def test_click_on_an_actor_of_the_picture_shows_its_panel(open_page: Open) -> None:
    """The symbol is where the mouse finds it."""
    tab = open_page()
    x, y, label = tab.evaluate(
        "iri => { const a = actorsById.get(iri); return [a.x, a.y, a.label] }", SUD
    )
    tab.mouse.click(*on_screen(tab, x, y))
    tab.wait_for_selector("#panel.open")
    assert title(tab) == label


def test_click_on_a_link_of_the_picture_opens_its_dossier(open_page: Open) -> None:
    """The dossier names both ends and, for each document, title, publisher, date and address."""
    tab = open_page()
    choose(tab, ID + "pole/figeacteurs")
    link, x, y = tab.evaluate(
        """() => {
          const { links } = actorsById.get(state.actor);
          const { id, source, target } = links.find((link) => link.sources && !link.curve);
          return [id, (source.x + target.x) / 2, (source.y + target.y) / 2];
        }"""
    )
    tab.mouse.click(*on_screen(tab, x, y))
    assert title(tab) == "Dossier du lien"
    assert tab.evaluate("state.link") == link
    assert tab.locator("#panel .end .actor").count() == 2
    documents = tab.evaluate("id => sourcesOf(linksById.get(id))", link)
    lines = tab.locator("#panel .sources li")
    assert lines.count() == len(documents) > 0
    for line, document in zip(lines.all(), documents, strict=True):
        assert line.locator("a").inner_text() == document["title"]
        assert line.locator("a").get_attribute("href") == document["url"]
        assert document["publisher"] in line.inner_text()
        assert document["date"][:4] in line.inner_text()
    tab.locator("#panel .back").click()
    assert title(tab) == "Figeacteurs"


def test_notes_call_documents_by_their_titles(
    open_page: Open, real_network: nx.MultiDiGraph[str]
) -> None:
    """The keys by which the tables know documents are read nowhere: each is a way to its page."""
    tab = open_page()
    titles = {
        iri.rpartition("/")[2]: said["title"]
        for iri, said in real_network.graph["sources"].items()
        if "-" in iri.rpartition("/")[2]
    }
    keys = re.compile(rf"\b({'|'.join(map(re.escape, titles))})\b")
    noted = [
        (iri, keys.findall(facts["note"]["fr"]))
        for iri, facts in real_network.nodes(data=True)
        if facts["note"] and keys.search(facts["note"]["fr"])
    ]
    assert len(noted) > 10
    for iri, found in noted[:3]:
        choose(tab, iri)
        note = tab.locator("#panel dt", has_text="Note").locator("xpath=following-sibling::dd[1]")
        shown = note.inner_text()
        assert not keys.search(shown)
        assert all(titles[key] in shown for key in found)


def test_another_version_of_a_document_is_said_to_be_one(open_page: Open) -> None:
    """Two texts of one document do not look like two that say so."""
    tab = open_page()
    link, versions = tab.evaluate(
        """() => {
          const link = page.edges.find((link) => sourcesOf(link).some((source) => source.version));
          return [link.id, sourcesOf(link).map((source) => Boolean(source.version))];
        }"""
    )
    tab.evaluate("link => choose({ link })", link)
    lines = tab.locator("#panel .sources li").all_inner_texts()
    assert ["(autre version d’un même document)" in line for line in lines] == versions
    assert True in versions


def test_escape_shows_the_whole_network_again(open_page: Open) -> None:
    """Escape leaves the panel, and the cursor is in the search box."""
    tab = open_page()
    choose(tab, SUD)
    tab.keyboard.press("Escape")
    assert title(tab) == "À propos de cette page"
    assert tab.evaluate("!state.actor && !state.link && scene.lit === null")
    assert tab.evaluate("document.activeElement.id") == "search"


def test_steps_widen_and_narrow_what_stands_out(open_page: Open) -> None:
    """+, - and digits set how far around one looks; what lies beyond is counted."""
    tab = open_page()
    choose(tab, SUD)
    lit = "scene.lit.size"
    first = tab.evaluate(lit)
    more = tab.locator("#panel .steps span").inner_text()
    assert re.search(rf"{first - 1} acteurs à 1 pas\. \d+ liens? de plus", more)
    tab.locator("#panel-title").focus()
    tab.keyboard.press("+")
    second = tab.evaluate(lit)
    assert second > first
    assert "steps=2" in tab.url
    tab.keyboard.press("9")
    everyone = tab.evaluate(lit)
    assert everyone >= second
    assert "Rien au-delà" in tab.locator("#panel .steps span").inner_text()
    tab.keyboard.press("-")
    assert tab.evaluate("state.steps") == 8
    tab.keyboard.press("1")
    assert tab.evaluate(lit) == first
    tab.keyboard.press("Escape")
    assert tab.evaluate("scene.lit") is None


def test_what_stands_out_is_what_is_linked(
    open_page: Open, real_network: nx.MultiDiGraph[str]
) -> None:
    """Two steps in the page are two steps in the network."""
    tab = open_page(state="#actor=pole/sud-aquitaine&steps=2")
    near = nx.ego_graph(real_network.to_undirected(), SUD, radius=2)
    assert set(tab.evaluate("[...scene.lit].map(({ id }) => id)")) == set(near)


def test_filters_narrow_picture_and_tables(
    open_page: Open, real_network: nx.MultiDiGraph[str]
) -> None:
    """Counts are those of the network, follow the other choices, and what is left is drawn."""
    tab = open_page()
    tab.locator("#filters > summary").click()
    kinds = [kind for _, kind in real_network.nodes("kind")]
    tab.locator("[data-facet=kind] summary").click()
    label = tab.locator("[data-facet=kind] label", has_text="Coopérative")
    assert label.inner_text().endswith(f"({kinds.count('Cooperative')})")
    label.click()
    matched = set(tab.evaluate("[...shown.matched].map(({ id }) => id)"))
    assert matched == {n for n, kind in real_network.nodes("kind") if kind == "Cooperative"}
    assert "only-kind=Cooperative" in tab.url
    tab.locator("[data-facet=region] summary").click()
    values = tab.locator("[data-facet=region] label").all_inner_texts()
    counted = sum(int(re.search(r"\((\d+)\)$", value)[1]) for value in values)
    assert counted == sum(
        1 for node in matched if tab.evaluate("id => Boolean(actorsById.get(id).region)", node)
    )
    assert not [value for value in values if value.endswith("(0)")]
    tab.locator("[data-facet=region] label").first.click()
    links = tab.evaluate("shown.links.size")
    assert links < real_network.number_of_edges()
    tab.keyboard.press("Escape")
    choose(tab, ID + "pole/tetris")
    drawn = tab.evaluate("shown.actors.has(actorsById.get(state.actor))")
    assert ("Non dessiné" in tab.locator("#panel").inner_text()) is not drawn
    tab.keyboard.press("Escape")
    open_table(tab)
    assert tab.locator("tbody tr").count() == links
    tab.reload()
    tab.wait_for_selector("html[data-ready]")
    assert tab.evaluate("shown.links.size") == links
    tab.locator("#filters > summary").click()
    tab.locator("#facets > button").click()
    assert tab.evaluate("shown.links.size") == real_network.number_of_edges()
    assert "only" not in tab.url


def test_address_brings_everything_back(open_page: Open) -> None:
    """What was chosen stands in the address; "back" undoes a choice."""
    state = "#lang=en&actor=pole/neo56&steps=2&hide=funding&year=2017"
    state += "&table=actors&sort=-kind&at=40,-20,0.5"
    tab = open_page(state=state)
    assert tab.evaluate("document.documentElement.lang") == "en"
    assert tab.locator("#panel-title").inner_text() == "Néo56"
    assert not tab.locator("#layers input[value=funding]").is_checked()
    assert tab.locator("#year").input_value() == "2017"
    assert tab.evaluate("({ ...camera })") == {"x": 40, "y": -20, "zoom": 0.5}
    assert tab.locator("th[data-column=kind]").get_attribute("aria-sort") == "descending"
    choose(tab, SUD)
    tab.go_back()
    tab.wait_for_function("state.actor.endsWith('neo56')")
    assert tab.locator("#panel-title").inner_text() == "Néo56"
    assert tab.evaluate("state.steps") == 2


def test_year_keeps_links_that_may_have_been_there(
    open_page: Open, real_network: nx.MultiDiGraph[str]
) -> None:
    """Certain, possible and undated links are told apart; those that were over are gone."""
    tab = open_page()
    tab.locator("#dated").check()
    tab.locator("#year").fill("2014")
    edges = [facts for *_, facts in real_network.edges(data=True)]

    def year(facts: dict[str, str], key: str) -> int | None:
        return int(facts[key][:4]) if facts[key] else None

    over = sum((year(f, "valid_until") or 9999) < 2014 for f in edges)
    later = sum((year(f, "valid_from") or 0) > 2014 for f in edges)
    undated = sum(not (f["valid_from"] or f["valid_until"] or f["observed_in"]) for f in edges)
    seen = sum(year(f, "observed_in") == 2014 for f in edges)
    assert tab.evaluate("shown.links.size") == len(edges) - over - later
    said = tab.locator("#year-said").inner_text()
    certain, possible, unknown = map(int, re.findall(r"(\d+) \w", said))
    assert unknown == undated
    assert certain >= seen
    assert certain + possible + unknown == len(edges) - over - later
    assert {"certain cette année-là", "possible", "date inconnue"} == set(
        tab.locator("#styles li").all_inner_texts()
    )
    tab.locator("#dated").uncheck()
    assert tab.evaluate("shown.links.size") == len(edges)


def test_map_places_or_lists_everybody(open_page: Open, real_network: nx.MultiDiGraph[str]) -> None:
    """On the map, every actor is in its département, or in the lists of those without one."""
    tab = open_page(state="#view=map")
    assert not tab.locator("#picture").is_visible()
    placed = tab.evaluate("[...located().byCode.values()].flat().map(({ id }) => id)")
    symbols = tab.locator("#map svg path[transform] title").count()
    listed = tab.locator("#panel .links .actor").count()
    assert len(placed) == symbols
    assert symbols + listed == real_network.number_of_nodes()
    landes = tab.evaluate("located().byCode.get('40').map(({ id }) => id)")
    assert SUD in landes
    assert tab.locator("#map svg > g:nth-of-type(2) path").count() == 13
    tab.locator("#regions").check()
    assert tab.locator("#map svg > g:nth-of-type(2) path").count() == 22
    tab.get_by_role("button", name="Landes", exact=True).click()
    assert title(tab) == "Landes (40)"
    assert tab.locator("#panel .links .actor").count() == len(landes)
    assert "place=40" in tab.url
    for overseas in ("Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte"):
        assert tab.locator("#map text", has_text=overseas).count() == 1
    assert tab.locator("#map-note a").count() == 2


def test_files_hold_what_is_drawn(open_page: Open, real: Project, tmp_path: Path) -> None:
    """Turtle is a part of the graph; CSV, GEXF, SVG and PNG hold the selection and its legend."""
    tab = open_page()
    choose(tab, SUD)
    links, some = tab.evaluate("[selected().links.length, selected().actors.length]")
    files = {}
    for ending in ("ttl", "csv", "gexf", "svg", "png"):
        tab.locator("#downloads > summary").click()
        with tab.expect_download() as waiting:
            tab.locator(f"[data-file={ending}]").click()
        assert waiting.value.suggested_filename == f"reseau-de-cooperation-des-ptce.{ending}"
        files[ending] = tmp_path / f"network.{ending}"
        waiting.value.save_as(files[ending])
    graph = pyoxigraph.Store()
    graph.bulk_load(path=str(real.nquads), format=pyoxigraph.RdfFormat.N_QUADS)
    triples = list(pyoxigraph.parse(path=str(files["ttl"])))
    missing = [
        quad
        for quad in triples
        if not next(graph.quads_for_pattern(quad.subject, quad.predicate, quad.object, None), None)
    ]
    assert missing == []
    member = pyoxigraph.NamedNode("http://www.w3.org/ns/org#member")
    assert sum(quad.predicate == member for quad in triples) > 5
    with files["csv"].open(encoding="utf-8", newline="") as text:
        assert len(list(csv.reader(text))) == links + 1
    if GRAPH_CHECK.is_file():
        counted = ["--nodes", str(some), "--edges", str(links)]
        command = [sys.executable, str(GRAPH_CHECK), str(files["gexf"]), *counted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    gexf = nx.read_gexf(files["gexf"])
    assert (gexf.number_of_nodes(), gexf.number_of_edges()) == (some, links)
    svg = files["svg"].read_text("utf-8")
    ElementTree.fromstring(svg)
    for said in ("Association", "Coopération", "une source", "Licence Ouverte 2.0", "2025"):
        assert said in svg, said
    assert files["png"].read_bytes().startswith(b"\x89PNG")


def test_twin_follows_the_picture(open_page: Open, real_network: nx.MultiDiGraph[str]) -> None:
    """Tables of links and actors and the outline hold what is drawn, and the words one writes."""
    tab = open_page()
    open_table(tab)
    tab.locator("[data-twin=actors]").click()
    assert tab.locator("tbody tr").count() == real_network.number_of_nodes()
    tab.locator("#words").fill("SEIGNANX assoc")
    rows = tab.locator("tbody tr td:first-child").all_inner_texts()
    assert "Comité de bassin d'emploi du Seignanx" in rows
    assert len(rows) < 5
    tab.locator("tbody tr button").first.click()
    assert tab.locator("tr[aria-current=true]").count() == 1
    tab.locator("#words").fill("")
    tab.locator("[data-twin=outline]").click()
    poles = sum(kind == "Pole" for _, kind in real_network.nodes("kind"))
    assert tab.locator("ul.outline > li").count() == poles
    tab.locator("ul.outline summary", has_text="Figeacteurs").click()
    tab.wait_for_selector("ul.outline details[open] li")
    figeac = ID + "pole/figeacteurs"
    assert tab.locator("ul.outline details[open] li").count() == real_network.degree(figeac)


def test_keys_move_the_picture(open_page: Open) -> None:
    """Arrows, Page Up, Page Down and Home move the picture when it has the focus."""
    tab = open_page()
    tab.locator("#picture").focus()
    before = tab.evaluate("({ ...camera })")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("PageUp")
    after = tab.evaluate("({ ...camera })")
    assert after["x"] > before["x"]
    assert after["zoom"] > before["zoom"]
    assert "at=" in tab.url
    tab.keyboard.press("Home")
    assert tab.evaluate("({ ...camera })") == before
    assert "at=" not in tab.url


def test_from_afar_poles_and_shared_actors_are_drawn(open_page: Open) -> None:
    """At the start, who is linked to one pole only is counted beside it; nearer, it is drawn."""
    tab = open_page()
    drawn = "inView(camera, size).actors.length"
    afar = tab.evaluate(drawn)
    folded = tab.evaluate("actors.filter(({ hub }) => hub !== undefined).length")
    assert afar == tab.evaluate("actors.length") - folded
    assert folded > 200
    tab.locator("#everyone").check()
    assert tab.evaluate(drawn) == tab.evaluate("actors.length")
    assert "everyone=yes" in tab.url


def test_one_pole_and_those_around_it_are_shown_whole(open_page: Open, tmp_path: Path) -> None:
    """All 300 members of a single pole are in the picture from the start; no box offers them."""
    from tests.bench.page import made_up

    file = tmp_path / "one.html"
    file.write_text(view.page(made_up(1, 300, 300)), "utf-8")
    tab = open_page(file)
    outside = tab.evaluate("""() => actors.filter((actor) => {
      const { x, y } = toPicture(camera, size, actor);
      return x < 0 || y < 0 || x > size.width || y > size.height;
    }).length""")
    assert outside == 0
    assert tab.evaluate("inView(camera, size).actors.length") == 301
    assert tab.locator("#everyone-label").is_hidden()


def test_names_do_not_cover_each_other(open_page: Open) -> None:
    """From afar, nearer and around a chosen actor, no name lies on another, however large it is."""
    tab = open_page()
    under = """() => named.filter((one) => one.left < buttons.right && one.top < buttons.bottom)
      .map(({ actor }) => actor.label)"""
    assert tab.evaluate("buttons.bottom - buttons.top") > 90
    assert tab.evaluate(under) == []
    overlaps = """() => named.flatMap((one, place) => named.slice(place + 1).filter((other) =>
      one.left < other.right && other.left < one.right &&
      one.top < other.bottom && other.top < one.bottom
    ).map((other) => [one.actor.label, other.actor.label]))"""
    assert tab.evaluate(overlaps) == []
    tab.evaluate("camera = { x: 0, y: 0, zoom: 0.9 }; paintNow()")
    assert tab.evaluate("named.length") > 10
    assert tab.evaluate(overlaps) == []
    choose(tab, SUD)
    assert tab.evaluate(overlaps) == []


def test_page_works_inside_another(browser: Any, real_page: Path, tmp_path: Path) -> None:
    """In a frame that allows scripts and nothing else, the page draws and answers."""
    outer = tmp_path / "outer.html"
    outer.write_text(f'<iframe sandbox="allow-scripts" src="{real_page.as_uri()}"></iframe>')
    tab = browser.new_page()
    seen: list[str] = []
    tab.on("pageerror", lambda error: seen.append(str(error)))
    tab.on("console", lambda message: seen.append(message.text))
    tab.goto(outer.as_uri())
    frame = tab.frames[1]
    frame.wait_for_selector("html[data-ready]")
    frame.evaluate("iri => choose({ actor: iri }, { focus: true, centre: true })", SUD)
    assert frame.evaluate("scene.lit.size") > 5
    assert seen == []
    tab.close()


@pytest.mark.slow
def test_a_crowd_is_drawn_from_afar_by_its_poles(open_page: Open, tmp_path: Path) -> None:
    """Of 23,100 actors one sees the poles and what they share, then everybody; the map counts."""
    from tests.bench.page import made_up

    file = tmp_path / "crowd.html"
    file.write_text(view.page(made_up(3100, 20_000, 30_000)), "utf-8")
    tab = open_page(file)
    assert tab.evaluate("inView(camera, size).actors.length") == 3100
    assert tab.evaluate("scene.bundles.size") > 5000
    tab.evaluate("camera = { ...actors.at(-1), zoom: 1 }; paintNow()")
    assert tab.evaluate("inView(camera, size).actors.some(({ kind }) => kind !== 'Pole')")
    tab.locator("[data-view=map]").click()
    discs = tab.locator("#map circle").count()
    assert discs > 80
    assert tab.evaluate("[...located().byCode.values()].flat().length") == 23_100
    open_table(tab)
    assert tab.locator("tbody tr").count() == 501
    assert search(tab, "pôle numéro 1234")[0].startswith("Pôle numéro 1234")


def test_unchecked_layers_are_not_drawn(
    open_page: Open, real_network: nx.MultiDiGraph[str]
) -> None:
    """Each kind of relation has its box; without it, its links leave picture and table."""
    tab = open_page()
    open_table(tab)
    layers = [layer for _, _, layer in real_network.edges(data="layer")]
    shown = len(layers)
    for layer in sorted(set(layers)):
        tab.locator(f"#layers input[value={layer}]").uncheck()
        shown -= layers.count(layer)
        drawn = tab.evaluate("scene.links.length")
        assert drawn == tab.locator("tbody tr").count() == shown
    tab.locator("#layers input[value=funding]").check()
    assert tab.locator("tbody tr").count() == layers.count("funding")


def test_language_can_be_switched(open_page: Open) -> None:
    """All texts of the page follow, and the choice is kept while the language changes."""
    tab = open_page()
    choose(tab, SUD)
    for language, placeholder, heading in (
        ("en", "Pole, organisation, place…", "observed in 2014"),
        ("fr", "Pôle, organisation, lieu…", "observé en 2014"),
    ):
        tab.locator(f"[data-language={language}]").click()
        assert tab.evaluate("document.documentElement.lang") == language
        assert tab.title() == TITLE[language] == tab.locator("h1").inner_text()
        assert tab.locator("#search").get_attribute("placeholder") == placeholder
        assert heading in tab.locator("#panel").inner_text()
        pressed = tab.locator(".languages [aria-pressed=true]").all_inner_texts()
        assert pressed == [language.upper()]


def test_keyboard_alone_leads_to_a_source(open_page: Open) -> None:
    """From the load to the link of a document without a mouse; the focus is always to be seen."""
    tab = open_page()
    tab.keyboard.type("figeac")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "panel-title"
    for _ in range(8):
        tab.keyboard.press("Tab")
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        if tab.evaluate("document.activeElement.matches('.about a[href]')"):
            break
    else:
        pytest.fail("no source within 8 tabs")


def test_keyboard_alone_leads_through_the_table(open_page: Open) -> None:
    """The table opens, sorts and gives every dossier by its keys."""
    tab = open_page()
    tab.locator("#table summary").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector("tbody tr")
    tab.locator("th[data-column=role] button").focus()
    tab.keyboard.press("Enter")
    assert tab.locator("th[data-column=role]").get_attribute("aria-sort") == "ascending"
    assert tab.evaluate("document.activeElement.closest('th').dataset.column") == "role"
    first = tab.locator("tbody tr").first.locator("td:nth-child(2)").inner_text()
    tab.keyboard.press("Enter")
    assert tab.locator("th[data-column=role]").get_attribute("aria-sort") == "descending"
    assert tab.locator("tbody tr").first.locator("td:nth-child(2)").inner_text() != first
    tab.locator("tbody tr").first.locator("td:nth-child(2) button").focus()
    tab.keyboard.press("Enter")
    assert title(tab) == "Dossier du lien"


def test_every_link_is_in_the_table(open_page: Open, real_network: nx.MultiDiGraph[str]) -> None:
    """The table has as many rows as the network has links, each with its documents."""
    tab = open_page()
    open_table(tab)
    links = real_network.number_of_edges()
    assert tab.locator("tbody tr").count() == links
    assert tab.locator("caption").inner_text() == f"{links} liens dessinés"
    documents = sum(len(facts["sources"]) for _, _, facts in real_network.edges(data=True))
    assert tab.locator("tbody td li").count() == documents


def test_neighbours_of_the_chosen_actor_are_named(open_page: Open) -> None:
    """Around the chosen actor, every pole is named, and every other actor of a small circle."""
    tab = open_page()
    for iri in (SUD, ID + "org/cc-seignanx", ID + "org/cbe-seignanx", ID + "pole/neo56"):
        choose(tab, iri)
        missing = tab.evaluate(
            "[...scene.lit].filter((a) => !named.some(({ actor }) => actor === a)).length"
        )
        assert missing == 0


def test_every_pole_is_named_when_the_picture_is_near(open_page: Open) -> None:
    """A pole whose name has no room in the whole picture gets it when one zooms in."""
    tab = open_page()
    unnamed = tab.evaluate(
        """page.nodes.filter(({ id, x, y, kind }) => {
          if (kind !== "Pole") return false;
          camera = { x, y, zoom: 1 };
          paintNow();
          return !named.some(({ actor }) => actor.id === id);
        }).map(({ label }) => label)"""
    )
    assert unnamed == []


def test_first_view_names_most_poles(open_page: Open) -> None:
    """The whole picture fits and most poles are named in it."""
    tab = open_page()
    tab.evaluate("paintNow()")
    poles = tab.evaluate("page.nodes.filter(({ kind }) => kind === 'Pole').length")
    assert tab.evaluate("named.length") > poles * 2 / 3
    outside = """page.nodes.filter(({ x, y }) => {
      const place = toPicture(camera, size, { x, y });
      return place.x < 0 || place.y < 0 || place.x > size.width || place.y > size.height;
    }).length"""
    assert tab.evaluate(outside) == 0


def test_texts_of_the_data_stay_texts(open_page: Open, tmp_path: Path) -> None:
    """Markup in names, notes and addresses is shown, never run, in every part of the page."""
    file = tmp_path / "hostile.html"
    file.write_text(view.page(small_network()), "utf-8")
    tab = open_page(file)
    open_table(tab)
    for query in ("img", "script", BIDI, "long"):
        assert search(tab, query)
    for iri in tab.evaluate("actors.map(({ id }) => id)"):
        choose(tab, iri)
        x, y = tab.evaluate("iri => { const a = actorsById.get(iri); return [a.x, a.y] }", iri)
        tab.mouse.move(*on_screen(tab, x, y))
    for iri in tab.evaluate("links.map(({ id }) => id)"):
        tab.evaluate("iri => choose({ link: iri })", iri)
    tab.locator("[data-language=en]").click()
    assert tab.evaluate("window.__xss") is None
    assert tab.evaluate("document.querySelectorAll('img, b, i').length") == 0
    assert tab.evaluate("document.querySelectorAll('script').length") == 2
    addresses = tab.evaluate("[...document.querySelectorAll('a')].map((a) => a.protocol)")
    assert set(addresses) == {"https:"}
    choose(tab, ID + "org/hostile-0")
    assert title(tab) == "<img src=x onerror=window.__xss=1>"


def test_policy_stops_what_is_not_ours(browser: Any, real_page: Path) -> None:
    """The page works under its content-security policy; an image from elsewhere does not."""
    tab = browser.new_page()
    tab.add_init_script(WATCH)
    tab.goto(real_page.as_uri())
    tab.wait_for_selector("html[data-ready]")
    assert tab.evaluate("breaches") == []
    tab.evaluate("new Image().src = 'https://example.org/x.png'")
    tab.wait_for_function("breaches.length")
    assert tab.evaluate("breaches") == ["img-src"]
    tab.context.close()


def test_first_screen_has_the_whole_page(open_page: Open) -> None:
    """Header, picture, panel and footer fit a screen; a long panel scrolls in itself."""
    tab = open_page()
    tab.set_viewport_size({"width": 1280, "height": 900})
    assert tab.evaluate("document.documentElement.scrollHeight") == 900
    assert tab.locator("footer").is_visible()


def test_print_shows_the_facts_and_no_controls(
    open_page: Open, real_network: nx.MultiDiGraph[str]
) -> None:
    """On paper: the picture, the legend, the chosen actor and every link, and nothing to click."""
    tab = open_page()
    choose(tab, SUD)
    assert tab.pdf().startswith(b"%PDF")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("tbody tr").count() == real_network.number_of_edges()
    tab.emulate_media(media="print")
    for control in (
        "#search",
        ".languages",
        ".tools",
        "#zoom",
        ".close",
        "#legend input",
        ".dossier",
    ):
        assert not any(found.is_visible() for found in tab.locator(control).all()), control
    for kept in ("h1", "#picture canvas", "#legend", "#panel-title", "table"):
        assert tab.locator(kept).is_visible(), kept
    assert tab.evaluate("getComputedStyle(document.querySelector('.scroll')).overflow") == "visible"


def check_every_state(tab: Any, actor: str) -> None:
    """Let axe-core look at the page in every state that it can show."""
    faults = []

    def check(state: str) -> None:
        result = axe_api.Axe().run(tab, options={"preload": False}).response
        for fault in result["violations"]:
            faults.append(f"{state}: {fault['id']}: {fault['nodes'][0]['html']}")  # noqa: PERF401

    check("start")
    for layer in ("membership", "cooperation"):
        tab.locator(f"#layers input[value={layer}]").uncheck()
    choose(tab, actor)
    for twin in ("links", "actors", "outline"):
        tab.evaluate("twin => { state.twin = twin; change() }", twin)
        check(f"actor and {twin}")
    tab.evaluate("state.twin = ''; change()")
    tab.locator("#panel .dossier").first.click()
    search(tab, "pol")
    check("dossier and results")
    tab.keyboard.press("Escape")
    tab.locator("#panel .close").click()  # on a phone it lies over the rest
    tab.locator("#filters > summary").click()
    tab.locator("#facets summary").nth(1).click()
    check("filters")
    tab.locator("#filters > summary").click()
    tab.locator("#downloads > summary").click()
    check("downloads")
    tab.locator("#downloads > summary").click()
    tab.locator("#dated").check()
    tab.locator("[data-view=map]").click()
    check("map and year")
    assert faults == []


def test_page_has_no_fault_of_accessibility(open_page: Open, tmp_path: Path) -> None:
    """Axe-core has nothing to say, whatever is shown, hostile names included."""
    file = tmp_path / "hostile.html"
    file.write_text(view.page(small_network()), "utf-8")
    check_every_state(open_page(file), ID + "pole/sud")


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"]
)
def test_real_page_has_no_fault_of_accessibility(open_page: Open, settings: dict[str, Any]) -> None:
    """The same on the real graph, in light, in dark and on a phone."""
    check_every_state(open_page(**settings), SUD)


def test_phone_shows_the_details_over_the_picture(open_page: Open) -> None:
    """On a small screen nothing sticks out, and the chosen actor is above its details."""
    tab = open_page(**PHONE)
    choose(tab, SUD)
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    x, y = tab.evaluate("iri => { const a = actorsById.get(iri); return [a.x, a.y] }", SUD)
    assert on_screen(tab, x, y)[1] < tab.locator("#panel").bounding_box()["y"]
    tab.locator("#panel .close").tap()
    assert not tab.locator("#panel.open").count()


def test_page_is_small(real_page: Path) -> None:
    """The page of the real graph can be sent by mail."""
    assert real_page.stat().st_size < 1_500_000


def run_check(file: Path) -> None:
    """Run the independent check of self-contained pages on a page."""
    axe = files("axe_playwright_python") / "axe.min.js"
    command = [sys.executable, str(CHECK), str(file), "--require-drawing", "--single-file"]
    done = subprocess.run(
        [*command, "--axe", str(axe), "--chromium", str(CHROMIUM), "--wait", "1000"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


@pytest.mark.skipif(not CHECK.is_file(), reason="../shared is missing")
def test_shared_check_passes(real_page: Path) -> None:
    """The independent check of self-contained pages passes."""
    run_check(real_page)


@pytest.mark.slow
@pytest.mark.skipif(not CHECK.is_file(), reason="../shared is missing")
@pytest.mark.parametrize(
    "wanted",
    [
        {"pole": "sud-aquitaine"},
        {"territory": "Bretagne"},
        {"ego": "cbe-seignanx", "steps": 2},
        {"view": "co-membership"},
        {"question": "members-of-pole"},
    ],
    ids=["pole", "territory", "ego", "co-membership", "question"],
)
def test_shared_check_passes_on_parts(
    away: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wanted: Any
) -> None:
    """It passes on the page of a part, of a view, and of the answer of a question."""
    monkeypatch.chdir(away)
    file = tmp_path / "part.html"
    file.write_text(Graph(language="fr").draw(**wanted), "utf-8")
    run_check(file)

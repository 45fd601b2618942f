"""The site in a browser, from a folder and without a network: each kind of page, and the search."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ptce_graph.project import Project
from ptce_graph.publish.site import publish

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_api = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--proxy-server=http://127.0.0.1:9",  # nothing answers there: what slips through goes nowhere
]
PAGES = (
    *("index.html", "index.en.html", "poles.fr.html", "persons.fr.html", "sources.en.html"),
    *("questions.fr.html", "questions/coordinators.fr.html", "rules.fr.html", "404.html"),
    *("dataset.fr.html", "search.fr.html?q=alpha", "id/pole/alpha.fr.html", "id/org/*.en.html"),
    *("id/call/*.fr.html", "id/territory/departement-*.fr.html", "id/doc/*.fr.html"),
    *("id/membership/*.fr.html", "scheme/role.fr.html", "scheme/role/coordinator.fr.html"),
    *("ontology/Pole.fr.html", "ontology/locatedIn.en.html", "network.fr.html"),
)
PHONE = {"width": 360, "height": 780}

pytestmark = pytest.mark.skipif(
    not CHROMIUM.is_file(), reason=f"no Chromium at {CHROMIUM} ($CHROMIUM names another)"
)

Open = Callable[[str], Any]


@pytest.fixture(scope="module")
def folder(tiny_built: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small project."""
    return publish(tiny_built, tmp_path_factory.mktemp("folder") / "site").folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(params=["light", "dark"])
def open_page(browser: Any, folder: Path, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open a page of the folder, in light or dark; errors and requests to elsewhere fail."""
    faults: list[str] = []
    context = browser.new_context(color_scheme=request.param, locale="fr-FR")
    tab = context.new_page()
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    tab.on(
        "request", lambda r: None if r.url.startswith(("file:", "data:")) else faults.append(r.url)
    )

    def open_one(path: str) -> Any:
        name, mark, query = path.partition("?")
        (file, *_) = sorted(folder.glob(name))
        if name == "404.html":  # its addresses are those of the server
            text = file.read_text("utf-8").replace("https://w3id.org/ptce/", "")
            file = folder / "404-here.html"
            file.write_text(text, "utf-8")
        tab.goto(f"file://{file}{mark}{query}")
        return tab

    yield open_one
    context.close()
    assert not faults


def test_pages_have_no_fault_that_axe_finds(open_page: Open) -> None:
    """Each kind of page, in light and dark, is free of violations of any impact."""
    axe = axe_api.Axe()
    for path in PAGES:
        tab = open_page(path)
        found = axe.run(tab, options={"preload": False}).response["violations"]
        told = [(v["id"], [node["html"][:120] for node in v["nodes"][:3]]) for v in found]
        assert not told, (path, told)


def test_no_page_is_wider_than_a_phone(open_page: Open) -> None:
    """On a phone nothing is cut but what scrolls in a box of its own, by keyboard too."""
    scrolled = 0
    for path in (*PAGES, "ontology.fr.html"):
        tab = open_page(path)
        tab.set_viewport_size(PHONE)
        width = tab.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], (path, width)
        boxes = tab.evaluate(
            """[...document.querySelectorAll("main *")].filter((box) =>
              ["auto", "scroll"].includes(getComputedStyle(box).overflowX)
              && box.scrollWidth > box.clientWidth + 1 && !box.closest("details:not([open])"))
              .map((box) => [box.tabIndex, box.getAttribute("role"), box.className])"""
        )
        assert all(place == 0 and role for place, role, _ in boxes), (path, boxes)
        scrolled += len(boxes)
    assert scrolled > 3
    box = open_page("questions/coordinators.fr.html").locator(".wide")
    box.press("ArrowRight")
    box.page.wait_for_function("document.querySelector('.wide').scrollLeft > 0")
    assert "gradient" in box.evaluate("(box) => getComputedStyle(box).backgroundImage")


def test_search_finds_without_accents_or_case(open_page: Open) -> None:
    """From the first page, a word leads to a pole, in French as in English, from a folder."""
    tab = open_page("index.html")
    tab.fill("#q", "POLE alpha")
    tab.press("#q", "Enter")
    first = tab.locator("#found a").first
    assert first.inner_text() == "Pôle Alpha"
    assert "1 résultat" in tab.inner_text("#status") or "résultats" in tab.inner_text("#status")
    tab.click("a.language")
    assert tab.get_attribute("html", "lang") == "en"
    tab.locator("#found a").first.click()
    assert tab.inner_text("h1") == "Pôle Alpha"
    assert tab.get_attribute("html", "lang") == "en"
    tab.fill("#q", "qqqzzz")
    tab.press("#q", "Enter")
    assert tab.locator("#status:not(:empty)").inner_text() == "Nothing is found."


def test_reader_follows_a_link_to_its_source(open_page: Open) -> None:
    """From a pole to an actor by its picture, to the record of the link, and to the document."""
    tab = open_page("id/pole/alpha.fr.html")
    name = tab.locator(".picture a text").first.text_content()
    assert name
    tab.locator("#Membership ~ table .record, h3[id$=Membership] + table .record").first.click()
    assert "/id/membership/" in tab.url
    tab.locator("#sources ~ ul a").first.click()
    assert "/id/doc/" in tab.url
    assert tab.locator("h1").inner_text()


def test_network_leads_back_to_the_site(open_page: Open) -> None:
    """From the network: to the first page, and to the page of an actor, in the same language."""
    tab = open_page("network.fr.html")
    tab.wait_for_selector("html[data-ready]")
    said = tab.inner_text("#counts")
    assert "version 0.1.0 du 23 novembre 2026" in said
    assert "source la plus récente" in said
    tab.evaluate("choose({ actor: actors.find(isPole).id })")
    name = tab.inner_text("#panel-title")
    tab.click("[data-language=en]")
    tab.click("#panel .own a")
    tab.wait_for_url("**/id/pole/*.en.html")
    assert tab.inner_text("h1") == name
    tab = open_page("network.fr.html")
    tab.click("#home")
    tab.wait_for_url("**/index.html")
    tab = open_page("ontology.en.html")
    tab.click("header a:visible")
    tab.wait_for_url("**/index.en.html")

"""Every kind of page of the server in a browser whose network ends at this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.test_page import ARGUMENTS, CHROMIUM, DESK, PHONE, WATCH, axe_api, sync_api
from tests.serve.conftest import Server
from tests.serve.test_limits import ENDLESS

pytestmark = pytest.mark.skipif(
    not CHROMIUM.is_file(), reason=f"no Chromium at {CHROMIUM} ($CHROMIUM names another)"
)
PAGES = [
    "/id/pole/sud-aquitaine.fr.html",
    "/id/org/cbe-seignanx.en.html",
    "/ontology/Pole.fr.html",
    "/scheme/role/coordinator.fr.html",
    "/id/pole/sud-aquitane",
    "/",
    "/poles.fr.html",
    "/search.fr.html?q=Tarnos",
    "/dataset.en.html",
    "/rules.fr.html",
    "/ontology.fr.html",
    "/questions.fr.html",
    "/questions/members-of-pole.fr.html?pole=sud-aquitaine",
    "/questions/coordinators.en.html?pole=nowhere",
    "/questions/members-of-pole?pole=sud-aquitaine&format=network",
    "/network.fr.html",
    "/sparql",
    "/sparql.en.html",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Callable[..., Any]]:
    """A function that opens a page of the server; at the end nothing may have gone wrong."""
    contexts, faults = [], []

    def opened(path: str, form: dict[str, Any] = DESK) -> Any:
        context = browser.new_context(**form, locale="fr-FR")
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        page.on(
            "request",
            lambda sent: (
                sent.url.startswith((server.url, "data:", "blob:")) or faults.append(sent.url)
            ),
        )
        page.goto(server.url + path)
        return page

    yield opened
    for context in contexts:
        for page in context.pages:
            faults.extend(page.evaluate("window.breaches") or [])
        assert context.cookies() == []
        context.close()
    assert [fault for fault in faults if not fault.endswith(("(Not Found)", "(Bad Request)"))] == []


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible(visit: Callable[..., Any], path: str) -> None:
    """Each kind of page is clean for axe-core, wide and narrow, and fits its screen."""
    page = visit(path)
    if path.startswith("/sparql"):
        page.wait_for_selector("body[data-ready]")
    found = axe_api.Axe().run(page, options={"preload": False}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert page.locator("h1").count() >= 1
    for form in (DESK, PHONE):
        page.set_viewport_size(form["viewport"])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_question_is_asked_with_its_form(visit: Callable[..., Any]) -> None:
    """A newcomer picks a question, fills it in, reads the answer and follows a name."""
    page = visit("/questions.fr.html")
    page.get_by_role("link", name="Qui fait partie de ce pôle").click()
    page.get_by_label("Le pôle").fill("sud-aquitaine")
    page.get_by_role("button", name="Poser la question").click()
    table = page.get_by_role("table")
    assert "Comité de bassin d'emploi du Seignanx" in table.inner_text()
    table.get_by_role("link", name="Comité de bassin d'emploi du Seignanx").first.click()
    assert page.url.endswith("/id/org/cbe-seignanx.fr.html")
    assert "Seignanx" in page.get_by_role("heading", level=1).inner_text()


def test_editor_runs_completes_and_offers_questions(visit: Callable[..., Any]) -> None:
    """The editor answers, completes a class and a property, takes a question, says an error."""
    page = visit("/sparql")
    page.wait_for_selector("body[data-ready]")
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_selector("#result table")
    assert page.locator("#result tbody tr").count() == 20
    link = page.locator("#result a").first.evaluate("(link) => link.href")
    assert link.startswith(page.url.partition("/sparql")[0] + "/id/pole/")
    page.select_option("#start", "members-of-pole")
    assert "VALUES ?pole" in page.evaluate("editor.getValue()")
    page.keyboard.press("Tab")
    page.evaluate("editor.focus()")
    page.keyboard.press("Control+Enter")
    page.locator("#count", has_text="9 lignes").wait_for()
    for line, wanted in (("?pole a ptce:Pol", "ptce:Pole"), ("?pole ptce:obs", "ptce:observedIn")):
        text = f"PREFIX ptce: <https://w3id.org/ptce/ontology#>\nSELECT * {{ {line}"
        page.evaluate(
            """(text) => {
              editor.setValue(text);
              editor.focus();
              editor.setCursor(editor.lastLine(), editor.getLine(editor.lastLine()).length);
            }""",
            text,
        )
        page.keyboard.press("Control+Space")
        page.wait_for_timeout(300)
        hints = page.locator(".CodeMirror-hint")
        if hints.count():
            assert any(wanted in text for text in hints.all_inner_texts())
            page.keyboard.press("Enter")
        assert wanted in page.evaluate("editor.getValue()")
        page.keyboard.press("Escape")
    page.evaluate("editor.setValue('SELECT')")
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_selector("#result .problem")


def test_editor_stops_a_query_and_hands_out_answers(visit: Callable[..., Any]) -> None:
    """A query that takes long is stopped; an answer is had in each format, and by a link."""
    page = visit("/sparql.en.html")
    page.wait_for_selector("body[data-ready]")
    page.evaluate("(query) => editor.setValue(query)", ENDLESS)
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("alert").filter(has_text="stopped").wait_for()
    page.evaluate("editor.setValue('SELECT * { ?s '); editor.focus(); editor.setCursor(0, 14)")
    page.keyboard.type("a ptce:Pole }")
    assert page.evaluate("editor.getValue()").startswith("PREFIX ptce: <")
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector("#result table")
    rows = page.locator("#result tbody tr").count()
    for name, first in (("CSV", "s"), ("TSV", "?s"), ("JSON", "{"), ("XML", "<?xml")):
        with page.expect_download() as download:
            page.locator("#forms").get_by_role("link", name=name).click()
        text = download.value.path().read_text("utf-8")
        assert text.startswith(first)
        assert text.count("https://w3id.org/ptce/id/pole/") == rows > 100
    page.evaluate("editor.setValue('CONSTRUCT WHERE { ?s ?p ?o }')")
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector("#result pre")
    kinds = page.locator("#forms [data-kind]:not([hidden]) a")
    assert kinds.all_inner_texts() == ["Turtle", "JSON-LD", "RDF/XML", "N-Triples"]
    page.evaluate("editor.setValue('SELECT ?p { ?s ?p ?o }')")
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector("#rest:not([hidden])")
    assert page.locator("#result tbody tr").count() == 1000
    address = page.get_by_role("link", name="link to this query").evaluate("(link) => link.href")
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate("editor.getValue()") == "SELECT ?p { ?s ?p ?o }"

"""The search of the site in a browser, from a folder: the real graph, by keyboard and by typing."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ptce_graph import query
from ptce_graph.namespaces import ID
from ptce_graph.project import Project
from ptce_graph.publish import index, publication, release, search
from ptce_graph.publish.pages import ASSETS, Pages, read
from tests.e2e.test_site import CHROMIUM, browser

__all__ = ["browser"]

pytestmark = pytest.mark.skipif(
    not CHROMIUM.is_file(), reason=f"no Chromium at {CHROMIUM} ($CHROMIUM names another)"
)

POLE = "Pôle de coopération économique, social et environnemental Sud Aquitaine"
COORDINATOR = "Comité de bassin d'emploi du Seignanx"


@pytest.fixture(scope="module")
def folder(real: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The search page in both languages, with the index of the real graph."""
    folder = tmp_path_factory.mktemp("search")
    said = publication.read(real)
    pages = Pages(real, said, release.read_release(real, said).store())
    iris = {quad.subject.value for quad in pages.store if "/id/" in str(quad.subject)}
    things = [pages.reader.describe(iri) for iri in sorted(iris) if iri.startswith(ID)]
    rows = [index.listed(thing) for thing in things if thing]
    (folder / "assets").mkdir()
    for name in ASSETS:
        (folder / "assets" / name).write_text(read(name), "utf-8")
    script = search.script(rows, query.read_questions(real).values())
    (folder / "assets" / "index.js").write_bytes(script)
    for language in ("fr", "en"):
        here = f"search.{language}.html"
        (folder / here).write_text(pages.render("search.html", here, language, lists=[]), "utf-8")
    return folder


@pytest.fixture(scope="module")
def tab(browser: Any, folder: Path) -> Iterator[Any]:
    """The search page in French, with its index read."""
    faults: list[str] = []
    context = browser.new_context(locale="fr-FR")
    tab = context.new_page()
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda r: None if r.url.startswith("file:") else faults.append(r.url))
    tab.goto(f"file://{folder}/search.fr.html")
    tab.wait_for_selector("#suggestions[aria-label]", state="attached")
    yield tab
    context.close()
    assert not faults


def suggested(tab: Any, text: str) -> list[str]:
    """Return what is suggested when a text has been typed."""
    tab.fill("#q", text)
    tab.wait_for_timeout(20)
    return list(tab.locator("#suggestions li").all_inner_texts())


def answers(tab: Any, text: str, language: str = "fr") -> Any:
    """Return what the search finds, in full."""
    return tab.evaluate("([text, language]) => ptceFind.find(text, language)", [text, language])


def test_pole_is_found_by_three_letters(tab: Any) -> None:
    """Three letters of a name bring a pole among the first five: any pole, by one of its words."""
    for typed, pole in (
        *(
            ("sud", POLE),
            ("mur", "Vivre Les Mureaux"),
            ("fig", "Figeacteurs"),
            ("FLO", "Florange e2i"),
        ),
        *(("eva", "3.EVA"), ("lai", "Pôle Laine du Pays de Saugues"), ("tet", "TETRIS")),
        *(("bou", "Bou'Sol"), ("reu", "Réuniverre"), ("neo", "Néo56"), ("nan", "Les Écossolies")),
    ):
        assert any(line.startswith(pole + "\n") for line in suggested(tab, typed)[:5]), typed
    lost = tab.evaluate(
        """() => ptceIndex.entries.filter((entry) => {
          if (!entry[0].startsWith("id/pole/")) return false;
          const words = `${entry[1]} ${entry[4]}`.split(/[^\\p{L}\\p{N}]+/u);
          const first = (word) => ptceFind.find(word.slice(0, 3), "fr").found.slice(0, 5);
          return !words.some((word) => word.length > 2
            && first(word).some((found) => found.path.startsWith(entry[0] + ".")));
        })"""
    )
    assert lost == []


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("seignanx", f"coordinateur\u202f: {COORDINATOR}"),
        ("tarnos", "Tarnos"),
        ("foyer jeunes travailleurs", "fondateur\u202f: Foyer des jeunes travailleurs de Tarnos"),
        ("pôle sud aquitain", "PTCE Sud Aquitaine"),
        ("pyrenees-atlantiques sud", "couvre le territoire\u202f: Sud des Landes"),
        ("éco-construction formation", "thème"),
    ],
)
def test_pole_is_found_by_what_it_is_linked_to(tab: Any, typed: str, why: str) -> None:
    """Coordinator, members, place, other names, territory, theme: each leads there and says so."""
    (found,) = (one for one in answers(tab, typed)["found"] if one["name"] == POLE)
    assert why in found["about"]
    assert not found["missing"]


def test_actor_is_found_beside_its_pole(tab: Any) -> None:
    """The name of a coordinator leads to the actor and to the pole that it coordinates."""
    lines = suggested(tab, "seignanx")
    assert any(line.startswith(COORDINATOR) for line in lines)
    assert any(line.startswith(POLE) for line in lines)


def test_pole_comes_before_whom_it_is_found_by(tab: Any) -> None:
    """The town where its coordinator works brings the pole first; a whole name brings its owner."""
    assert answers(tab, "seignanx")["found"][0]["name"] == POLE
    assert [one["name"] for one in answers(tab, COORDINATOR)["found"][:2]] == [COORDINATOR, POLE]


def test_word_too_many_is_said(tab: Any) -> None:
    """What has most of the words comes first, and says which it has not."""
    found = answers(tab, "pôle sud aquitaine zzqqx")
    assert found["parts"]
    assert (found["found"][0]["name"], found["found"][0]["missing"]) == (POLE, ["zzqqx"])
    assert "sans : zzqqx" in suggested(tab, "pôle sud aquitaine zzqqx")[0]
    assert answers(tab, "zzqqx")["found"] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("seignnx", "seignanx"),
        ("SEIGNANKS", "seignanx"),
        ("ecosolies", "écossolies"),
        ("alpn", "alpen"),
    ],
)
def test_typing_errors_are_forgiven(tab: Any, typed: str, meant: str) -> None:
    """One or two wrong letters find the same things, and the right word is offered."""
    found = answers(tab, typed)
    assert found["mean"] == meant
    assert {one["path"] for one in answers(tab, meant)["found"]} & {
        one["path"] for one in found["found"][:3]
    }
    assert suggested(tab, typed)[0] == f"Vouliez-vous dire «\u202f{meant}\u202f»"
    assert not answers(tab, meant)["mean"]


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("fr", "qui coordonne le pôle sud aquitaine ?"),
        ("fr", "Qui coordone le pole sud aquitaine"),
        ("en", "who coordinates the Sud Aquitaine pole?"),
    ],
)
def test_sentence_leads_to_the_pole_and_to_the_question(
    tab: Any, language: str, typed: str
) -> None:
    """A question in a sentence offers the pole and the page of the question."""
    first, second, *_ = answers(tab, typed, language)["found"]
    assert (first["name"], second["path"]) == (POLE, f"questions/coordinators.{language}.html")


def test_keyboard_is_enough(tab: Any, folder: Path) -> None:
    """Arrows choose, Escape closes, Enter opens what is chosen, or all results when nothing is."""
    suggested(tab, "seignanx")
    box = tab.locator("#q")
    assert box.get_attribute("aria-expanded") == "true"
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("ArrowUp")
    chosen = tab.locator("#suggestions [aria-selected=true]")
    assert (
        chosen.get_attribute("id") == box.get_attribute("aria-activedescendant") == "suggestion-0"
    )
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert not tab.locator("#suggestions").is_visible()
    assert box.input_value() == "seignanx"
    box.press("ArrowDown")
    href = chosen.get_attribute("data-href")
    assert href.startswith(f"file://{folder}/id/") and href.endswith(".fr.html")
    target = folder / href.removeprefix(f"file://{folder}/")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("<h1>here</h1>", "utf-8")
    box.press("Enter")
    tab.wait_for_url(href)
    tab.go_back()
    tab.wait_for_selector("#suggestions[aria-label]", state="attached")
    suggested(tab, "seignanx")
    tab.press("#q", "Enter")
    tab.wait_for_selector("#found li")
    assert POLE in tab.locator("#found a").all_inner_texts()
    assert tab.inner_text("#status").endswith("résultats.")
    tab.goto(f"file://{folder}/search.fr.html?q=seignnx")
    tab.click("#mean a")
    tab.wait_for_url("**q=seignanx")


def test_index_is_small(folder: Path) -> None:
    """What the search reads, scripts and index, weighs at most 50 kB with gzip."""
    files = [folder / "assets" / name for name in (*ASSETS[1:], "index.js")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < 50_000

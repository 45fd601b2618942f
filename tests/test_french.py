"""Everything a reader sees on a French page is French, on an English page English."""

import re
from collections import defaultdict
from pathlib import Path

import pyoxigraph
import pytest

from ptce_graph import dataset, query
from ptce_graph.namespaces import ONTOLOGY, PREFIXES
from ptce_graph.project import Project

ROOT = Path(__file__).parent.parent
QUOTED = {
    *(PREFIXES["skos"] + name for name in ("prefLabel", "altLabel")),
    *(ONTOLOGY + name for name in ("theme", "newName")),
}
"""Names and keywords, which stand in the language that they have in the sources."""

ABOUT = {
    "douz": "12",
    "quinz": "15",
    "vingt": "20",
    "trent": "30",
    "quarant": "40",
    "soixant": "60",
}
"""What "about" is in French, without its last letters: une vingtaine is about 20."""


def alone(store: pyoxigraph.Store) -> dict[tuple[str, str], set[str]]:
    """Return the texts that one language has and another lacks: thing and property, languages."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for quad in store:
        text = quad.object
        quoted = quad.predicate.value in QUOTED
        if isinstance(text, pyoxigraph.Literal) and text.language and not quoted:
            found[str(quad.subject), quad.predicate.value].add(text.language)
    return {place: languages for place, languages in found.items() if languages != {"fr", "en"}}


def test_every_note_and_description_stands_in_both_languages(real: Project) -> None:
    """What a source says, what a document is, what a term means: never in one language only."""
    assert alone(dataset.open_store(real)) == {}


def test_a_note_in_one_language_is_found(tiny_built: Project) -> None:
    """The small project has notes in English only, and the test above sees them."""
    notes = {place[1] for place in alone(dataset.open_store(tiny_built))}
    assert ONTOLOGY + "evidenceNote" in notes


@pytest.mark.parametrize("note", ["evidenceNote", "dateNote", "legalFormNote", "organiserNote"])
def test_the_two_languages_of_a_note_say_the_same_figures(real: Project, note: str) -> None:
    """No figure of a note, and no date, is lost or added on the way from English to French."""
    store = dataset.open_store(real)
    texts: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"fr": set(), "en": set()})
    for quad in store.quads_for_pattern(None, pyoxigraph.NamedNode(ONTOLOGY + note), None, None):
        assert isinstance(quad.object, pyoxigraph.Literal)
        texts[str(quad.subject)][quad.object.language or ""] = figures(quad.object.value)
    assert texts
    wrong = {thing: said for thing, said in texts.items() if said["fr"] != said["en"]}
    assert wrong == {}


def figures(text: str) -> set[str]:
    """Return the figures of two digits or more in a text, however they are written.

    >>> sorted(figures("2,75 M€ le 10 janvier 2014 (ami2021)")) == sorted({"2.75", "10", "2014"})
    True
    """
    for word, number in ABOUT.items():
        text = text.replace(f"une {word}aine", number)
    plain = re.sub(r"(?<=\d)[\s\u202f\u00a0](?=\d{3}\b)", "", text).replace(",", ".")
    return {found for found in re.findall(r"(?<![\w-])\d+(?:\.\d+)?", plain) if len(found) > 1}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "queries" / "questions").glob("*.rq")), ids=lambda p: p.stem
)
def test_every_question_is_introduced_in_both_languages(path: Path) -> None:
    """The introduction of a question is French and English, without names of variables."""
    described = query.read_question(path).description
    assert described["fr"] and described["en"] and described["fr"] != described["en"]
    assert "`" not in described["fr"] + described["en"]

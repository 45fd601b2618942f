"""Every question: its front matter, its style, and its answer on the small project."""

import os
import re
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import QueryResultsFormat

from ptce_graph import dataset, query
from ptce_graph.project import Project

ROOT = Path(__file__).parents[1]
EXPECTED = Path(__file__).parent / "expected"
QUESTIONS = sorted((ROOT / "queries" / "questions").glob("*.rq"))
NETWORK = sorted((ROOT / "queries" / "network").glob("*.rq"))
ARGUMENTS = {
    "laureates-of-call": {"call": "appel-1"},
    "members-of-pole": {"pole": "alpha"},
    "sources-of-fact": {"thing": "membership/alpha-cbe-coordinator"},
}
NEGATIVE = {
    "coordinators": ({"pole": "gamma"}, None),
    "counts-at-least": ({}, "180"),
    "laureates-of-call": ({"call": "appel-1"}, "gamma"),
    "members-by-kind": ({"pole": "beta"}, "société commerciale"),
    "members-of-pole": ({"pole": "gamma"}, None),
    "organisations-in-several-poles": ({}, "org/cbe"),
    "poles-of-region": ({"region": "region-53"}, "alpha"),
    "sources-of-fact": ({"thing": "membership/alpha-cbe-coordinator"}, "official"),
}
"""Question → arguments, and a text that its answer must not hold (None: no row at all)."""


def code(path: Path) -> str:
    """Return a query without its comments."""
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


@pytest.mark.parametrize("path", QUESTIONS + NETWORK, ids=lambda p: p.stem)
def test_prefixes_are_declared_and_used(path: Path) -> None:
    """A query runs in any SPARQL tool: it declares each prefix that it uses, and no other."""
    text = re.sub(r'"[^"]*"|<[^>]*>', "", code(path))
    declared = set(re.findall(r"PREFIX\s+([\w-]+):", text))
    body = re.sub(r"PREFIX\s+[\w-]+:", "", text)
    assert set(re.findall(r"(?<![\w?])([A-Za-z][\w-]*):[\w-]", body)) == declared


@pytest.mark.parametrize("path", QUESTIONS + NETWORK, ids=lambda p: p.stem)
def test_order_is_said_and_nothing_is_asked_elsewhere(path: Path) -> None:
    """A query names its columns, gives its rows in one order, and calls no other service."""
    text = code(path).upper()
    assert "ORDER BY" in text
    assert "SELECT *" not in text
    assert "SERVICE" not in text
    assert "LOAD" not in text


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_name_is_kebab_case_and_front_matter_is_whole(path: Path) -> None:
    """A question has a stable name and is asked in French and in English."""
    question = query.read_question(path)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", question.name)
    assert question.question["fr"].endswith(" ?")
    assert question.question["en"].endswith("?")
    assert question.question["fr"] != question.question["en"]
    assert question.description


def answer(project: Project, name: str, arguments: dict[str, str]) -> str:
    """Return the answer of a question as TSV, with labels in French."""
    store = dataset.open_store(project)
    question = query.find_question(project, name)
    text = query.bind(question, arguments, store, "fr")
    return (query.run(store, text).serialize(format=QueryResultsFormat.TSV) or b"").decode()


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_answer_on_the_small_project(tiny_built: Project, path: Path) -> None:
    """The answer is the one that was checked by hand (UPDATE_EXPECTED=1 writes it anew)."""
    found = answer(tiny_built, path.stem, ARGUMENTS.get(path.stem, {}))
    expected = EXPECTED / f"{path.stem}.tsv"
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found, "utf-8")
    assert found == expected.read_text("utf-8")
    assert found.count("\n") > 1


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_rdflib_gives_the_same_answer(tiny_built: Project, path: Path) -> None:
    """Oxigraph and rdflib's own engine agree, row by row."""
    store = dataset.open_store(tiny_built)
    question = query.read_question(path)
    text = query.bind(question, ARGUMENTS.get(path.stem, {}), store, "fr")
    graph = rdflib.Graph()
    graph.parse(tiny_built.nquads, format="nt")
    ours = [
        tuple("" if solution[name] is None else solution[name].value for name in solution_names)
        for solution_names in [[v.value for v in query.run(store, text).variables]]
        for solution in query.run(store, text)
    ]
    theirs = [tuple("" if t is None else str(t) for t in row) for row in graph.query(text)]
    assert ours == theirs


@pytest.mark.parametrize("name", sorted(NEGATIVE))
def test_answer_leaves_out_what_does_not_belong(tiny_built: Project, name: str) -> None:
    """What a question does not ask for is not in its answer."""
    arguments, absent = NEGATIVE[name]
    found = answer(tiny_built, name, arguments)
    if absent is None:
        assert found.count("\n") == 1
    else:
        assert found.count("\n") > 1
        assert absent not in found


def test_every_question_has_a_negative_case() -> None:
    """No question is without a case that could show it wrong."""
    assert set(NEGATIVE) == {path.stem for path in QUESTIONS}


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_question_finds_something_in_the_real_graph(real: Project, path: Path) -> None:
    """As it stands in its file, a question has an answer in the real graph."""
    store = dataset.open_store(real)
    assert list(query.run(store, path.read_text("utf-8")))

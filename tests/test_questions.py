"""Every question: its front matter, its style, and its answer on the small project."""

import os
import re
import shlex
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import DefaultGraph, QueryResultsFormat, RdfFormat

from ptce_graph import catalogue, dataset, query
from ptce_graph.project import Project

ROOT = Path(__file__).parents[1]
EXPECTED = Path(__file__).parent / "expected"
ID = "https://w3id.org/ptce/id/"
QUESTIONS = sorted((ROOT / "queries" / "questions").glob("*.rq"))
NETWORK = sorted((ROOT / "queries" / "network").glob("*.rq"))
COMPETENCY = {
    1: "poles-of-region",
    2: "members-of-pole",
    3: "coordinators",
    4: "organisations-in-several-poles",
    5: "poles-joining-three-kinds",
    6: "poles-without-training-body",
    7: "cooperatives-by-region",
    8: "employer-groups",
    9: "authorities-supporting-poles",
    10: "laureates-of-call",
    11: "envelope-of-call",
    12: "selection-rate",
    13: "unsuccessful-then-laureate",
    14: "decree-conditions",
    15: "legal-texts",
    16: "axes-and-actions",
    17: "poles-by-activity",
    18: "cooperations-of-organisation",
    19: "bridges-between-poles",
    20: "co-members-without-cooperation",
    21: "poles-over-several-departments",
    22: "territories-without-pole",
    23: "priority-areas",
    24: "counts-at-least",
    25: "network-at-date",
    26: "events-of-poles",
    27: "office-holders",
    28: "sources-of-fact",
    29: "weakly-sourced-facts",
    30: "missing-by-pole",
}
"""Number of a question that the graph must answer → the file that answers it."""
ARGUMENTS = {
    "axes-and-actions": {"pole": "alpha"},
    "co-members-without-cooperation": {"pole": "alpha"},
    "cooperations-of-organisation": {"organisation": "cbe"},
    "laureates-of-call": {"call": "appel-1"},
    "members-of-pole": {"pole": "alpha"},
    "network-at-date": {"date": "2015-06"},
    "poles-by-activity": {"activity": "formation"},
    "sources-of-fact": {"thing": "membership/alpha-cbe-coordinator"},
    "territories-without-pole": {"territory": "region-75"},
    "weakly-sourced-facts": {"thing": "pole/alpha", "date": "2019-01-20"},
}
NEGATIVE = {
    "authorities-supporting-poles": ({}, "org/etat"),
    "axes-and-actions": ({"pole": "alpha"}, "Rencontre d'ailleurs"),
    "bridges-between-poles": ({}, "org/mairie"),
    "calls": ({"call": "appel-2"}, "État"),
    "carriers-of-poles": ({}, "org/mairie"),
    "co-members-without-cooperation": ({"pole": "alpha"}, f'"CAE Deux"@fr\t<{ID}org/cbe>'),
    "cooperations-of-organisation": ({"organisation": "geiq"}, None),
    "cooperatives-by-region": ({}, "region-72"),
    "coordinators": ({"pole": "gamma"}, None),
    "counts-at-least": ({}, "180"),
    "decree-conditions": ({}, "appel-1"),
    "employer-groups": ({}, "org/cbe"),
    "envelope-of-call": ({"call": "appel-2"}, "doc/"),
    "events-of-poles": ({}, "pole/gamma"),
    "fundings-of-poles": ({}, "beta"),
    "laureates-of-call": ({"call": "appel-1"}, "gamma"),
    "legal-texts": ({}, "text/loi"),
    "members-by-kind": ({"pole": "beta"}, "société commerciale"),
    "members-of-pole": ({"pole": "gamma"}, None),
    "missing-by-pole": ({"pole": "gamma"}, '"connu"'),
    "network-at-date": ({"date": "2007"}, "fondateur"),
    "notion-of-ptce": ({}, "quartiers"),
    "office-holders": ({"organisation": "mutuelle"}, None),
    "organisations-in-several-poles": ({}, "org/cbe"),
    "poles-by-activity": ({"activity": "alimentation"}, None),
    "poles-joining-three-kinds": ({}, "gamma"),
    "poles-of-region": ({"region": "region-53"}, "alpha"),
    "poles-over-several-departments": ({}, "gamma"),
    "poles-without-training-body": ({}, "beta"),
    "priority-areas": ({}, '"oui"'),
    "selection-rate": ({"call": "appel-2"}, "decimal"),
    "sources-of-fact": ({"thing": "membership/alpha-cbe-coordinator"}, "official"),
    "territories-without-pole": ({"territory": "region-53"}, "inconnu"),
    "unsuccessful-then-laureate": ({}, f'"Premier appel d\'essai"@fr\t<{ID}pole/alpha>'),
    "weakly-sourced-facts": ({"thing": "pole/alpha", "date": "2016"}, "pole/alpha>"),
}
"""Question → arguments, and a text that its answer must not hold (None: no row at all)."""


def code(path: Path) -> str:
    """Return a query without its comments."""
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


@pytest.mark.parametrize("path", QUESTIONS + NETWORK, ids=lambda p: p.stem)
def test_prefixes_are_declared_and_used(path: Path) -> None:
    """A query runs in any SPARQL tool: it declares each prefix that it uses, and no other."""
    text = re.sub(r'"[^"]*"|<[^>\s]*>', "", code(path))
    declared = set(re.findall(r"PREFIX\s+([\w-]+):", text))
    body = re.sub(r"PREFIX\s+[\w-]+:", "", text)
    assert set(re.findall(r"(?<![\w?])([A-Za-z][\w-]*):[\w-]", body)) == declared


@pytest.mark.parametrize("path", QUESTIONS + NETWORK, ids=lambda p: p.stem)
def test_order_is_said_and_nothing_is_asked_elsewhere(path: Path) -> None:
    """A query names its columns and calls no other service; a question gives its rows in order."""
    text = code(path).upper()
    assert "ORDER BY" in text or path in NETWORK
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


def test_every_competency_question_has_a_file() -> None:
    """Each of the thirty questions is answered by a file of its own."""
    assert list(COMPETENCY) == list(range(1, 31))
    assert set(COMPETENCY.values()) <= {path.stem for path in QUESTIONS}
    assert len(set(COMPETENCY.values())) == 30


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_theme_has_a_name_for_readers(path: Path) -> None:
    """The theme of a question is one of the catalogue."""
    assert query.read_question(path).theme in catalogue.THEMES


def test_page_of_questions_is_up_to_date(real: Project) -> None:
    """`ptce questions --markdown > queries/README.md` has been run since the last change."""
    page = catalogue.markdown(query.read_questions(real).values())
    assert (ROOT / "queries" / "README.md").read_text("utf-8") == page


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_example_is_a_command_that_runs(real: Project, path: Path) -> None:
    """The example of a question gives parameters that the real graph knows."""
    question = query.read_question(path)
    words = shlex.split(re.sub(r"\[.*?\]", "", catalogue.example(question)))[3:]
    pairs = zip(words[::2], words[1::2], strict=True)
    arguments = {name.removeprefix("--"): value for name, value in pairs}
    store = dataset.open_store(real)
    assert list(query.run(store, query.bind(question, arguments, store, "en")))


def answer(project: Project, name: str, arguments: dict[str, str], language: str = "fr") -> str:
    """Return the answer of a question as TSV."""
    store = dataset.open_store(project)
    question = query.find_question(project, name)
    text = query.bind(question, arguments, store, language)
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
    facts = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    graph = rdflib.Graph().parse(data=facts, format="nt")
    ours = [
        tuple("" if solution[name] is None else solution[name].value for name in solution_names)
        for solution_names in [[v.value for v in query.run(store, text).variables]]
        for solution in query.run(store, text)
    ]
    theirs = [tuple("" if t is None else str(t) for t in row) for row in graph.query(text)]
    assert ours == theirs


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_unknown_is_said_in_the_language_of_the_reader(tiny_built: Project, path: Path) -> None:
    """What is unknown is a word of the answer, French or English."""
    french, english = (
        answer(tiny_built, path.stem, ARGUMENTS.get(path.stem, {}), language)
        for language in ("fr", "en")
    )
    assert french.count("inconnu") == english.count("unknown")
    assert "inconnu" not in english
    assert french.count("\n") == english.count("\n")


@pytest.mark.parametrize(
    ("date", "pole", "organisation", "expected"),
    [
        ("2008", "alpha", "scic-un", "certain"),
        ("2009", "alpha", "scic-un", "possible"),
        ("2007", "alpha", "scic-un", None),
        ("2012-05", "alpha", "cae-deux", "certain"),
        ("2012-05-15", "alpha", "cae-deux", "possible"),
        ("2015-12-31", "alpha", "cae-deux", "certain"),
        ("2016-01-01", "alpha", "cae-deux", None),
        ("2014", "alpha", "cbe", "certain"),
        ("2014-03", "alpha", "cbe", "possible"),
        ("2013", "alpha", "cbe", "unknown"),
        ("2014-01-10", "alpha", "geiq", "certain"),
        ("2014-01-09", "alpha", "geiq", "unknown"),
        ("2013-06", "beta", "labo", "possible"),
        ("2014-06", "beta", "labo", "certain"),
        ("2016", "beta", "labo", "certain"),
        ("2016-06", "beta", "labo", "possible"),
        ("2017", "beta", "labo", None),
    ],
)
def test_membership_at_a_date_is_as_sure_as_its_dates(
    tiny_built: Project, date: str, pole: str, organisation: str, expected: str | None
) -> None:
    """At a year, a month or a day, a membership is certain, possible, unknown, or left out."""
    found = answer(tiny_built, "network-at-date", {"date": date, "pole": pole}, "en")
    (cells,) = [
        line.split("\t") for line in found.splitlines() if f"<{ID}org/{organisation}>" in line
    ] or [None]
    assert (cells and cells[5].strip('"')) == expected


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


BEYOND = {
    "carriers-of-poles": ("pole:p ptce:leadOrganisation organisation:o", "Association d'essai"),
    "priority-areas": ("pole:p ptce:coversTerritory <https://example.org/area>", "oui"),
}
"""Question → a fact that no table holds yet, and what the answer then says."""


@pytest.mark.parametrize("name", BEYOND)
def test_terms_without_a_table_are_asked(name: str) -> None:
    """What the ontology can say beyond the tables of today changes the answer."""
    fact, text = BEYOND[name]
    store = pyoxigraph.Store()
    for path in ("ptce.ttl", "schemes/certainty.ttl", "schemes/role.ttl"):
        store.load(path=str(ROOT / "ontology" / path), format=RdfFormat.TURTLE)
    things = f"""@prefix certainty: <https://w3id.org/ptce/scheme/certainty/> .
        @prefix organisation: <{ID}org/> .
        @prefix pole: <{ID}pole/> .
        @prefix ptce: <https://w3id.org/ptce/ontology#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        pole:p a ptce:Pole ; skos:prefLabel "Pôle d'essai"@fr .
        organisation:o a ptce:Association ; skos:prefLabel "Association d'essai"@fr ;
            ptce:kindCertainty certainty:stated .
        <https://example.org/area> a ptce:PriorityArea ; skos:prefLabel "Les Essais"@fr ."""
    store.load(things, format=RdfFormat.TURTLE)
    question = query.read_question(ROOT / "queries" / "questions" / f"{name}.rq")
    for more, said in (("", False), (f"{fact} .", True)):
        store.load(f"{things} {more}", format=RdfFormat.TURTLE)
        rows = query.run(store, query.bind(question, {}, store, "fr"))
        assert isinstance(rows, pyoxigraph.QuerySolutions)
        found = [[str(value) for value in row] for row in rows]
        assert len(found) == 1
        assert any(text in value for value in found[0]) == said

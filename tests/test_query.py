"""Parameters of questions: what can be given, and what never becomes syntax."""

from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from ptce_graph import dataset, labels, query
from ptce_graph.errors import QueryError
from ptce_graph.project import Project

FRONT = """#+ question: {fr: "Quoi ?", en: "What?"}
#+ theme: test
#+ view: table
#+ parameters:
#+   text: {type: text, label: {fr: texte, en: text}}
#+   number: {type: integer, label: {fr: nombre, en: number}}
#+   day: {type: date, label: {fr: jour, en: day}}
"""
BODY = """SELECT ?text ?number ?day WHERE {
  VALUES ?text { "x" }
  VALUES ?number { 1 }
  VALUES ?day { "2014" }
} ORDER BY ?text
"""


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> query.Question:
    """A question with a parameter of each type of literal."""
    path = tmp_path_factory.mktemp("questions") / "what.rq"
    path.write_text(FRONT + BODY, "utf-8")
    return query.read_question(path)


def bound(store: pyoxigraph.Store, question: query.Question, **values: str) -> list[str]:
    """Return the values that a question sees."""
    (row,) = query.run(store, query.bind(question, values, store))
    return [row[name].value for name in ("text", "number", "day")]


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_a_value(question: query.Question, text: str) -> None:
    """Quotes, newlines, braces and SPARQL in a value stay a value."""
    assert bound(pyoxigraph.Store(), question, text=text)[0] == text


@pytest.mark.parametrize("text", ['"', "\\", "\n", "} UNION { ?s ?p ?o", "?x", "'''", "#", "{}"])
def test_syntax_in_a_text_is_a_value(question: query.Question, text: str) -> None:
    """What would be syntax in a query is a value in a parameter."""
    assert bound(pyoxigraph.Store(), question, text=text)[0] == text


@pytest.mark.parametrize(("name", "value"), [("number", "1.5"), ("number", "1 }"), ("day", "mai")])
def test_value_of_another_type_is_refused(question: query.Question, name: str, value: str) -> None:
    """A value that does not fit its type is refused, and the message names the parameter."""
    with pytest.raises(QueryError, match=f"--{name}: "):
        query.bind(question, {name: value}, pyoxigraph.Store())


def test_value_of_its_type_is_bound(question: query.Question) -> None:
    """A whole number and a partial date are bound as such."""
    assert bound(pyoxigraph.Store(), question, number="-3", day="2014-01") == ["x", "-3", "2014-01"]


@pytest.fixture(scope="module")
def store(tiny_built: Project) -> pyoxigraph.Store:
    """The small graph."""
    return dataset.open_store(tiny_built)


@pytest.fixture(scope="module")
def members(tiny_built: Project) -> query.Question:
    """A question about a pole."""
    return query.find_question(tiny_built, "members-of-pole")


@pytest.mark.parametrize(
    "value",
    [
        "beta",
        "https://w3id.org/ptce/id/pole/beta",
        "<https://w3id.org/ptce/id/pole/beta>",
        "Pôle « Bêta », l'œuvre commune",
        "POLE BETA L’OEUVRE COMMUNE",
    ],
)
def test_pole_is_known_by_key_iri_or_label(
    store: pyoxigraph.Store, members: query.Question, value: str
) -> None:
    """A pole may be given by its key, its IRI or its name, whatever case and accents."""
    text = query.bind(members, {"pole": value}, store)
    assert "VALUES ?pole { <https://w3id.org/ptce/id/pole/beta> }" in text


def test_pole_is_known_by_another_name(store: pyoxigraph.Store, members: query.Question) -> None:
    """Other names of a pole are names too."""
    assert "pole/alpha>" in query.bind(members, {"pole": "ptce alpha"}, store)


@pytest.mark.parametrize("value", ["bete", "alpha> } #", "", "https://w3id.org/ptce/id/pole/x"])
def test_unknown_pole_is_refused_with_a_suggestion(
    store: pyoxigraph.Store, members: query.Question, value: str
) -> None:
    """A name that nothing bears is refused, and the nearest names are given."""
    with pytest.raises(QueryError, match=r"did you mean .*beta \(Pôle"):
        query.bind(members, {"pole": value}, store)


def test_key_of_another_kind_is_no_pole(store: pyoxigraph.Store, members: query.Question) -> None:
    """An organisation is not taken for a pole."""
    with pytest.raises(QueryError, match="nothing is called"):
        query.bind(members, {"pole": "cbe"}, store)


def test_name_of_several_things_is_refused(members: query.Question) -> None:
    """Where two poles bear a name, their keys are asked for."""
    twins = pyoxigraph.Store()
    label = pyoxigraph.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    for key in ("one", "two"):
        pole = pyoxigraph.NamedNode(f"https://w3id.org/ptce/id/pole/{key}")
        twins.add(pyoxigraph.Quad(pole, label, pyoxigraph.Literal("Twin", language="fr")))
    with pytest.raises(QueryError, match='several things are called "twin": one, two'):
        query.bind(members, {"pole": "twin"}, twins)


def test_key_goes_before_a_name(members: query.Question) -> None:
    """What bears a key is meant by it, though something else is called so."""
    store = pyoxigraph.Store()
    label = pyoxigraph.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    for key, name in (("one", "First"), ("two", "One")):
        pole = pyoxigraph.NamedNode(f"https://w3id.org/ptce/id/pole/{key}")
        store.add(pyoxigraph.Quad(pole, label, pyoxigraph.Literal(name, language="fr")))
    assert "pole/one>" in query.bind(members, {"pole": "one"}, store)
    assert "pole/two>" in query.bind(members, {"pole": "ONE"}, store)


def test_unknown_parameter_is_refused(store: pyoxigraph.Store, members: query.Question) -> None:
    """A parameter that a question does not have is named."""
    with pytest.raises(QueryError, match="members-of-pole has no parameter region"):
        query.bind(members, {"region": "x"}, store)


def test_unknown_question_is_refused_with_a_suggestion(tiny_built: Project) -> None:
    """A question that is not there is told with those that look like it."""
    with pytest.raises(QueryError, match=r"did you mean .*members-of-pole"):
        query.find_question(tiny_built, "member-of-poles")
    with pytest.raises(QueryError, match="no question is called"):
        query.find_question(tiny_built, "../network/actors")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+ theme: test\n", "", "theme"),
        ("theme: test", "theme: test\n#+ colour: red", "colour"),
        ('fr: "Quoi ?", ', "", "fr"),
        ("type: integer", "type: float", "number"),
        ("VALUES ?day", "VALUES ?other", "day"),
        ("type: text, ", "", "text"),
        ("{type: text", "{type: text, size: 3", "size"),
        ('  VALUES ?text { "x" }\n', '  # VALUES ?text { "x" }\n', "text"),
        ('{fr: "Quoi ?"', '{fr: "Quoi ?', "YAML"),
    ],
)
def test_bad_front_matter_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    """A question that is badly written is refused; the message names its file and the fault."""
    path = tmp_path / "what.rq"
    path.write_text((FRONT + BODY).replace(old, new), "utf-8")
    with pytest.raises(QueryError, match=rf"(?s)what\.rq: .*{message}"):
        query.read_question(path)


@pytest.mark.parametrize("text", ["SELEC ?s {}", "INSERT DATA { <a:a> <a:b> <a:c> }", ""])
def test_what_is_no_query_is_refused(store: pyoxigraph.Store, text: str) -> None:
    """Text that is no SPARQL query is refused in one sentence; nothing is written."""
    with pytest.raises(QueryError, match="no SPARQL query"):
        query.run(store, text)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """Comparing names is stable."""
    assert labels.fold(labels.fold(text)) == labels.fold(text)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Coopérative", "COOPERATIVE"), ("L’œuvre", "l'oeuvre"), ("Saint-Étienne", "saint etienne")],
)
def test_names_are_found_whatever_the_spelling(name: str, typed: str) -> None:
    """Case, accents, ligatures, apostrophes and hyphens do not hide a name."""
    assert labels.fold(name) == labels.fold(typed)


def test_a_name_written_exactly_is_meant() -> None:
    """Of two names that differ in capitals, the one written to the letter is found alone."""
    store, base = pyoxigraph.Store(), "https://w3id.org/ptce/id/org/"
    label = NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
    for key, name in (("a", Literal("Ess")), ("b", Literal("ESS", language="fr"))):
        store.add(Quad(NamedNode(base + key), label, name))
    store.add(Quad(NamedNode("https://w3id.org/ptce/id/pole/c"), label, Literal("Ess")))
    assert labels.find(store, base, "ESS") == [base + "b"]
    assert labels.find(store, base, "Ess") == [base + "a"]
    assert labels.find(store, base, "ess") == [base + "a", base + "b"]
    assert labels.find(store, base, "ES") == []


def test_the_closest_names_come_first() -> None:
    """What contains the text comes first, then what is written most like it, three at most."""
    store, base = pyoxigraph.Store(), "https://w3id.org/ptce/id/pole/"
    label = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    for key in ("bois-du-jura", "sud-aquitaine", "aquitain", "mer", "nord"):
        store.add(Quad(NamedNode(base + key), label, Literal(key.title(), language="fr")))
    found = [shown.partition(" ")[0] for shown in labels.closest(store, base, "Aquitaine")]
    assert found[:2] == ["sud-aquitaine", "aquitain"]
    assert len(found) == 3

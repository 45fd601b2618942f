"""The order of answers made here is that of the engine."""

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from ptce_graph import dataset, ordering, query
from ptce_graph.errors import QueryError
from ptce_graph.project import Project

BASE = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
VALUES = [
    TEXTS.map(Literal),
    TEXTS.map(lambda text: Literal(text, language="fr")),
    st.integers().map(Literal),
    st.decimals(-99, 99, places=1).map(
        lambda number: Literal(str(number), datatype=_type("decimal"))
    ),
    st.dates().map(lambda day: Literal(day.isoformat(), datatype=_type("date"))),
    st.from_regex(r"[a-z./-]{1,4}", fullmatch=True).map(lambda path: NamedNode(BASE + path)),
]


def _type(name: str) -> NamedNode:
    return NamedNode(XSD + name)


def rows(answer: query.Answer) -> list[list[str]]:
    """Return the rows of an answer as texts."""
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    return [[str(term) for term in solution] for solution in answer]


def test_questions_have_the_order_of_the_engine(real: Project) -> None:
    """Each question about the real graph has the same rows in the same order, terms unchanged."""
    store = dataset.open_store(real)
    for name, question in query.read_questions(real).items():
        for language in query.LANGUAGES:
            text = query.bind(question, {}, store, language)
            assert rows(ordering.ask(store, text)) == rows(query.run(store, text)), name


@given(st.sampled_from(VALUES).flatmap(lambda values: st.lists(st.none() | values)), st.booleans())
def test_any_terms_have_the_order_of_the_engine(
    terms: list[Literal | NamedNode | None], down: bool
) -> None:
    """Texts with tabs and quotes, numbers, dates, IRIs and nothing at all are put in order."""
    store = pyoxigraph.Store()
    for number, term in enumerate(terms):
        row = NamedNode(f"{BASE}row/{number:03}")
        store.add(Quad(row, NamedNode(BASE + "in"), Literal("list")))
        if term is not None:
            store.add(Quad(row, NamedNode(BASE + "value"), term))
    key = "DESC(?value)" if down else "?value"
    text = f"""SELECT ?row ?value {{
        ?row <{BASE}in> "list" . OPTIONAL {{ ?row <{BASE}value> ?value }}
    }} ORDER BY {key} ?row"""
    assert rows(ordering.ask(store, text)) == rows(query.run(store, text))


@pytest.mark.parametrize("end", ["ORDER BY ?b", "ORDER BY STR(?a)", "ORDER BY ?a LIMIT 1", ""])
def test_what_cannot_be_ordered_here_is_left_to_the_engine(end: str) -> None:
    """A key that is not selected, one that is computed, or a part of the rows: the engine's."""
    store = pyoxigraph.Store()
    text = f"SELECT ?a {{ VALUES (?a ?b) {{ (2 1) (3 3) (1 2) }} }} {end}"
    assert rows(ordering.ask(store, text)) == rows(query.run(store, text))


def test_a_graph_and_a_fault_come_as_from_the_engine() -> None:
    """What gives triples gives them; what is no SPARQL is refused."""
    store = pyoxigraph.Store()
    graph = "CONSTRUCT { <a:a> <a:b> ?a } WHERE { VALUES ?a { 2 1 } } ORDER BY ?a"
    assert isinstance(ordering.ask(store, graph), pyoxigraph.QueryTriples)
    with pytest.raises(QueryError, match="no SPARQL query"):
        ordering.ask(store, "SELEC ?a {} ORDER BY ?a")

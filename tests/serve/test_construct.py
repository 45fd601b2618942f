"""A CONSTRUCT that is streamed gives the graph that the engine gives."""

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, RdfFormat
from rdflib import Graph
from rdflib.compare import isomorphic

from ptce_graph.namespaces import BASE
from ptce_graph.serve.construct import fill, split

DATA = """
<a:s1> <a:p> <a:o1>, "one", "un"@fr, 1 ; <a:q> _:b .
<a:s2> <a:p> <a:o1>, 2.5 ; <a:q> <a:s1> .
_:b <a:p> "in a blank node # { }" .
"""
STORE = pyoxigraph.Store()
STORE.load(DATA.encode(), format=RdfFormat.TURTLE)

STREAMED = [
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "PREFIX : <a:> construct{?s :p ?o.}{ ?s :q ?o } ORDER BY ?s LIMIT 1",
    "# CONSTRUCT { ?no\nBASE <a:> PREFIX construct: <a:#> CONSTRUCT # {\n{ ?s construct:p ?o # }"
    "\n } WHERE { ?s <p> ?o } OFFSET 2",
    'CONSTRUCT { ?s <a:says> "} ?s # {", """}""", \'}\'@fr , ?missing } { ?s ?p ?o }',
    "CONSTRUCT { [ <a:of> ?s ; <a:list> (?o 1 true) ] . _:x <a:y> ?s , _:x } { ?s <a:p> ?o }",
    "CONSTRUCT { ?o ?p ?s . ?s ?o ?p } { ?s ?p ?o }",
    "CONSTRUCT { $s a ?p } { $s ?p ?o OPTIONAL { ?s <a:none> ?x } }",
    "CONSTRUCT { ?s <a:n> ?n } { { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s } }",
]
LEFT = [
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "CONSTRUCT {} WHERE { ?s ?p ?o }",
    "CONSTRUCT { <a:a> <a:b> <a:c> } WHERE { ?s ?p ?o }",
    "CONSTRUCT { ?s <urn:x-variable:s> ?o } WHERE { ?s ?p ?o }",
    "CONSTRUCT { ?s <a:p> <<( ?s ?p ?o )>> } WHERE { ?s ?p ?o }",
]


def graph(triples: object) -> Graph:
    """Return triples as rdflib sees them."""
    text = pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES)
    return Graph().parse(data=text, format="nt")


def streamed(query: str) -> list[pyoxigraph.Triple]:
    """Return the triples of a query as they come."""
    parts = split(query)
    assert parts, query
    return list(fill(parts[1], STORE.query(parts[0], base_iri=BASE)))


@pytest.mark.parametrize("query", STREAMED)
def test_graph_is_that_of_the_engine(query: str) -> None:
    """Comments, texts with brackets, blank nodes, lists, unbound variables: all as the engine."""
    assert isomorphic(graph(streamed(query)), graph(STORE.query(query, base_iri=BASE)))


@pytest.mark.parametrize("query", LEFT)
def test_what_is_not_certain_is_left_to_the_engine(query: str) -> None:
    """Short forms, templates without variables and triple terms are not split."""
    STORE.query(query, base_iri=BASE)
    assert split(query) is None


TERMS = st.sampled_from(["?s", "?p", "?o", "$o", "?none", "<a:x>", "_:b", "_:c"])
OBJECTS = TERMS | st.sampled_from(['"}"', "'''#{'''", '"a"@fr', "7", "true", "[]", "[ <a:x> ?s ]"])
PREDICATES = st.sampled_from(["?p", "?o", "a", "<a:p>", "?none"])
ENDS = st.sampled_from(["", " LIMIT 3", " ORDER BY ?s ?p ?o OFFSET 1", " VALUES ?s { <a:s1> }"])


@given(st.lists(st.tuples(TERMS, PREDICATES, OBJECTS), min_size=1, max_size=4), ENDS)
def test_any_template_gives_the_graph_of_the_engine(
    triples: list[tuple[str, str, str]], end: str
) -> None:
    """Whatever stands in the template, where it is streamed the graph is the same."""
    template = " . ".join(" ".join(triple) for triple in triples)
    query = f"CONSTRUCT {{ {template} }} WHERE {{ ?s ?p ?o }}{end}"
    if split(query) is None:
        assert not any(term[0] in "?$" for triple in triples for term in triple if "?" in template)
        return
    if "LIMIT" in end or "OFFSET" in end:
        assert len(set(streamed(query))) == len(set(STORE.query(query))) or "_:" in template
        return
    assert isomorphic(graph(streamed(query)), graph(STORE.query(query, base_iri=BASE)))


def test_triples_of_nearby_rows_are_sent_once() -> None:
    """What many rows have in common is not repeated for each."""
    found = streamed("CONSTRUCT { ?p a <a:property> } { ?s ?p ?o }")
    assert len(found) == 2
    assert not any(isinstance(triple.subject, BlankNode) for triple in found)

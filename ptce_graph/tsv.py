"""Rows of an answer as SPARQL TSV: three times as fast to read as term by term.

The format is that of https://www.w3.org/TR/sparql11-results-csv-tsv/.
"""

from __future__ import annotations

import re

from pyoxigraph import QueryResultsFormat, QuerySolutions

from ptce_graph.query import Answer

_ESCAPED = re.compile(r"\\(.)")
_PLAIN = {"t": "\t", "n": "\n", "r": "\r"}


def lines(answer: Answer) -> list[str]:
    """Return the header, names behind a ?, and the rows of a SELECT, terms with a tab between.

    Raises:
        TypeError: the answer has no rows.
    """
    if not isinstance(answer, QuerySolutions):
        raise TypeError("a SELECT has rows")
    data = answer.serialize(format=QueryResultsFormat.TSV)
    return (data or b"").decode("utf-8").split("\n")[:-1]


def plain(term: str) -> str:
    """Return what a term says, without its datatype and language.

    >>> [plain(term) for term in ('<a:b>', '"l\\'\\\\"eau\\\\""@fr', '"2014"^^<a:year>', "5", "")]
    ['a:b', 'l\\'"eau"', '2014', '5', '']
    """
    if term.startswith("<"):
        return term[1:-1]
    if not term.startswith('"'):
        return term
    text = term[1 : term.rindex('"')]
    return _ESCAPED.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    return _PLAIN.get(match[1], match[1])

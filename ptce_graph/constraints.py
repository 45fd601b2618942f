"""The targets and the constraints of SHACL that shapes may use, each as a piece of SPARQL."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple, Protocol

import rdflib
from rdflib.namespace import RDF, RDFS, SH, XSD
from rdflib.term import Node

from ptce_graph.errors import GraphError

_PLAIN = {XSD.string, XSD.anyURI}
_CAST = {XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.boolean, XSD.date, XSD.dateTime}
_CAST |= {XSD.time, XSD.gYear, XSD.gYearMonth}
"""Datatypes with literals that are ill formed: those that cannot be cast to their own type."""


class Compiler(Protocol):
    """What a piece needs to know: the shapes, and how others are written."""

    graph: rdflib.Graph

    def variable(self) -> str:
        """Return a variable that no other pattern has."""

    def items(self, node: Node) -> list[Node]:
        """Return the members of a list."""

    def conforms(self, shape: Node, var: str) -> str:
        """Return the expression that what a variable holds respects a shape."""

    def refusal(self, shape: Node, what: str) -> GraphError:
        """Return the error that a shape says what is not supported."""


class Violation(NamedTuple):
    """What breaks a constraint: a pattern that is found, where an expression does not hold.

    The expression is never an error; where there is no pattern, it alone decides.
    """

    pattern: str
    holds: str = "false"

    @property
    def found(self) -> str:
        """The graph pattern that finds it."""
        return f"{self.pattern} FILTER (!({self.holds}))"

    @property
    def absent(self) -> str:
        """The expression that there is none."""
        return f"NOT EXISTS {{ {self.found} }}" if self.pattern else self.holds


def instances(compiler: Compiler, term: Node, var: str) -> str:
    """Return the pattern that binds a variable to the things of a class or of one below it."""
    kind = compiler.variable()
    return f"{var} {RDF.type.n3()} {kind} . {kind} {RDFS.subClassOf.n3()}* {term.n3()} ."


TARGETS: dict[Node, Callable[[Compiler, Node, str], str]] = {
    SH.targetClass: instances,
    SH.targetNode: lambda _, term, var: f"VALUES {var} {{ {term.n3()} }}",
    SH.targetSubjectsOf: lambda c, term, var: f"{var} {term.n3()} {c.variable()} .",
    SH.targetObjectsOf: lambda c, term, var: f"{c.variable()} {term.n3()} {var} .",
}
"""Property that says what a shape is about → the pattern that binds a variable to it."""

Values = Callable[[Compiler, Node, Node, str], str]
"""Compiler, shape, value of the property, variable → expression."""


def _instance(compiler: Compiler, _: Node, term: Node, var: str) -> str:
    direct = f"EXISTS {{ {var} {RDF.type.n3()} {term.n3()} }}"  # most often enough, and faster
    return f"{direct} || EXISTS {{ {instances(compiler, term, var)} }}"


def _datatype(compiler: Compiler, shape: Node, term: Node, var: str) -> str:
    same = f"DATATYPE({var}) = {term.n3()}"
    if term in _CAST:
        return f"{same} && isLiteral({term.n3()}(STR({var})))"
    if str(term).startswith(str(XSD)) and term not in _PLAIN:
        raise compiler.refusal(shape, f"sh:datatype xsd:{str(term).removeprefix(str(XSD))}")
    return same


def _node_kind(_: Compiler, __: Node, term: Node, var: str) -> str:
    calls = {"IRI": "isIRI", "BlankNode": "isBlank", "Literal": "isLiteral"}
    name = str(term).removeprefix(str(SH))
    return " || ".join(f"{call}({var})" for kind, call in calls.items() if kind in name)


def _pattern(compiler: Compiler, shape: Node, term: Node, var: str) -> str:
    flags = compiler.graph.value(shape, SH.flags) or rdflib.Literal("")
    return f"!isBlank({var}) && REGEX(STR({var}), {term.n3()}, {flags.n3()})"


def _any(call: str, *, literal: bool = False) -> Values:
    """Return what holds where a call does for one member of a list at least."""

    def expression(compiler: Compiler, _: Node, term: Node, var: str) -> str:
        if literal:
            var = f"LANG({var})"
        calls = [f"{call}({var}, {one.n3()})" for one in compiler.items(term)]
        return " || ".join(calls) or "false"

    return expression


def _joined(sign: str) -> Values:
    return lambda c, _, term, var: sign.join(c.conforms(one, var) for one in c.items(term))


def _just_one(compiler: Compiler, _: Node, term: Node, var: str) -> str:
    each = [f"IF({compiler.conforms(one, var)}, 1, 0)" for one in compiler.items(term)]
    return " + ".join(each) + " = 1"


def _bounded(sign: str) -> Values:
    return lambda _, __, term, var: f"{var} {sign} {term.n3()}"


def _long(sign: str) -> Values:
    return lambda _, __, term, var: f"!isBlank({var}) && STRLEN(STR({var})) {sign} {term}"


VALUES: dict[Node, Values] = {
    SH["class"]: _instance,
    SH.datatype: _datatype,
    SH.nodeKind: _node_kind,
    SH.pattern: _pattern,
    SH.languageIn: _any("LANGMATCHES", literal=True),
    SH["in"]: _any("sameTerm"),
    SH.minInclusive: _bounded(">="),
    SH.maxInclusive: _bounded("<="),
    SH.minExclusive: _bounded(">"),
    SH.maxExclusive: _bounded("<"),
    SH.minLength: _long(">="),
    SH.maxLength: _long("<="),
    SH.node: lambda c, _, term, var: c.conforms(term, var),
    SH["not"]: lambda c, _, term, var: f"!{c.conforms(term, var)}",
    SH["and"]: _joined(" && "),
    SH["or"]: _joined(" || "),
    SH.xone: _just_one,
}
"""Constraint that each value must respect → the expression that it does."""

Sets = Callable[[Compiler, Node, Node, str, str], Violation]
"""Compiler, shape, value of the property, variable of the focus, path → what breaks it."""


def reached(var: str, path: str, value: str) -> str:
    """Return the expression that a path leads to a value; a node shape has none."""
    return f"EXISTS {{ {var} {path} {value} }}" if path else f"sameTerm({var}, {value})"


def _distinct(c: Compiler, number: int, var: str, path: str, inner: Node | None = None) -> str:
    """Return the pattern of so many distinct values of a path, which respect an inner shape."""
    values = [c.variable() for _ in range(number)]
    tests = [f"!sameTerm({one}, {other})" for one, other in combinations(values, 2)]
    tests += [c.conforms(inner, value) for value in values] if inner else []
    steps = " ".join(f"{var} {path} {value} ." for value in values)
    return f"{steps} FILTER ({' && '.join(tests) or 'true'})"


def _at_least(c: Compiler, _: Node, term: Node, var: str, path: str) -> Violation:
    return Violation("", f"EXISTS {{ {_distinct(c, int(str(term)), var, path)} }}")


def _at_most(c: Compiler, _: Node, term: Node, var: str, path: str) -> Violation:
    return Violation(_distinct(c, int(str(term)) + 1, var, path))


def _inner(compiler: Compiler, shape: Node) -> Node:
    if compiler.graph.value(shape, SH.qualifiedValueShapesDisjoint):
        raise compiler.refusal(shape, "sh:qualifiedValueShapesDisjoint")
    inner = compiler.graph.value(shape, SH.qualifiedValueShape)
    if inner is None:
        raise compiler.refusal(shape, "a qualified count without sh:qualifiedValueShape")
    return inner


def _qualified_min(c: Compiler, shape: Node, term: Node, var: str, path: str) -> Violation:
    pattern = _distinct(c, int(str(term)), var, path, _inner(c, shape))
    return Violation("", f"EXISTS {{ {pattern} }}")


def _qualified_max(c: Compiler, shape: Node, term: Node, var: str, path: str) -> Violation:
    return Violation(_distinct(c, int(str(term)) + 1, var, path, _inner(c, shape)))


def _unique_languages(c: Compiler, _: Node, term: Node, var: str, path: str) -> Violation:
    one, other = c.variable(), c.variable()
    same = f'LANG({one}) != "" && LANG({one}) = LANG({other}) && !sameTerm({one}, {other})'
    found = f"{var} {path} {one} . {var} {path} {other} . FILTER ({same})"
    return Violation(found, "false" if str(term) == "true" else "true")


SETS: dict[Node, Sets] = {
    SH.minCount: _at_least,
    SH.maxCount: _at_most,
    SH.hasValue: lambda _, __, term, var, path: Violation("", reached(var, path, term.n3())),
    SH.uniqueLang: _unique_languages,
    SH.qualifiedMinCount: _qualified_min,
    SH.qualifiedMaxCount: _qualified_max,
}
"""Constraint on the values taken together → what breaks it."""

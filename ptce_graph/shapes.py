"""SHACL shapes as SPARQL: each constraint of a shape is one SELECT of what does not respect it.

A profile of https://www.w3.org/TR/shacl/: the targets and constraints of `constraints`, all paths,
and constraints in SPARQL. What else a shape says is refused by name: nothing is left unchecked
without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from ptce_graph.constraints import SETS, TARGETS, VALUES, Violation, instances, reached
from ptce_graph.errors import GraphError
from ptce_graph.prebinding import unaskable

_SAID = {SH.name, SH.description, SH.message, SH.severity, SH.order, SH.group, SH.defaultValue}
_READ = {SH.path, SH.property, SH.sparql, SH.prefixes, SH.deactivated, SH.flags, SH.target}
_READ |= {SH.qualifiedValueShape, SH.qualifiedValueShapesDisjoint}
"""What shapes say that is no constraint, and what is read together with one."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question for what does not respect one constraint of one shape.

    Attributes:
        shape: IRI of the shape, or name of its blank node.
        component: IRI of the kind of constraint.
        text: a SELECT of ?this and, where one value is at fault, ?value.
        focus: a SELECT of what the shape is about, as ?this, where `text` does not mind it.
    """

    shape: str
    component: str
    text: str
    focus: str = ""


def compile_shapes(shapes: rdflib.Graph) -> list[Query]:
    """Return the questions of all shapes that have a target.

    Raises:
        GraphError: a shape says what is not supported, or is badly written; it is named.
    """
    compiler = _Compiler(shapes)
    for component in shapes.subjects(SH.parameter):
        raise compiler.refusal(component, "sh:parameter, a kind of constraint of one's own,")
    about = {shape for key in (*TARGETS, SH.target) for shape in shapes.subjects(key)}
    return [
        query
        for shape in sorted(about | compiler.classes, key=str)
        for query in compiler.visit(shape, partial(compiler.targets, shape))
    ]


class _Compiler:
    """The shapes, and variables that no other pattern has."""

    def __init__(self, shapes: rdflib.Graph) -> None:
        self.graph = shapes
        kinds = (SH.NodeShape, SH.PropertyShape)
        self.classes = {
            shape
            for kind in kinds
            for shape in shapes.subjects(RDF.type, kind)
            if (shape, RDF.type, RDFS.Class) in shapes
        }
        self.prologue = "\n".join(
            sorted(
                f"PREFIX {shapes.value(one, SH.prefix)}: <{shapes.value(one, SH.namespace)}>"
                for one in shapes.objects(None, SH.declare, unique=True)
            )
        )
        self._numbers = count()

    def variable(self) -> str:
        """Return a variable that no other pattern has."""
        return f"?_{next(self._numbers)}"

    def refusal(self, shape: Node, what: str) -> GraphError:
        """Return the error that a shape says what is not supported."""
        name = str(shape).rpartition("#")[2] if isinstance(shape, rdflib.URIRef) else "a shape"
        return GraphError(f"shapes.ttl: {name}: {what} is not supported")

    def targets(self, shape: Node, var: str) -> str:
        """Return the pattern that binds a variable to what a shape is about."""
        found = [
            pattern(self, value, var)
            for key, pattern in TARGETS.items()
            for value in self.graph.objects(shape, key)
        ]
        if shape in self.classes:
            found.append(instances(self, shape, var))
        for target in self.graph.objects(shape, SH.target):
            select = self.graph.value(target, SH.select)
            if select is None:
                raise self.refusal(shape, "sh:target without sh:select")
            named = var if var == "?this" else f"(?this AS {var})"
            found.append(f"SELECT {named} {{ {{ {select} }} }}")
        if len(found) < 2:
            return "".join(f"{{ {pattern} }}" for pattern in found)
        union = " UNION ".join(f"{{ {pattern} }}" for pattern in sorted(found))
        return f"{{ SELECT DISTINCT {var} {{ {union} }} }}"  # else what follows is scanned whole

    def visit(self, shape: Node, focus: Callable[[str], str]) -> Iterator[Query]:
        """Yield the questions of a shape, and of its properties, about what `focus` binds."""
        if self._deactivated(shape):
            return
        path, name = self.path(shape), str(shape)
        for component, violation in self.violations(shape, "?this", path):
            variables = "?this ?value" if "?value" in violation.found else "?this"
            text = f"SELECT {variables} WHERE {{ {focus('?this')} {violation.found} }}"
            yield Query(name, component, f"{self.prologue}\n{text}")
        for constraint in self.graph.objects(shape, SH.sparql):
            if not self._deactivated(constraint):
                yield self._sparql(shape, constraint, focus, path)
        for child in sorted(self.graph.objects(shape, SH.property), key=str):
            yield from self.visit(child, partial(self._values, focus, path) if path else focus)

    def _values(self, focus: Callable[[str], str], path: str, var: str) -> str:
        parent = self.variable()
        return f"{focus(parent)} {parent} {path} {var} ."

    def _deactivated(self, shape: Node) -> bool:
        return bool(self.graph.value(shape, SH.deactivated, default=rdflib.Literal(False)))

    def _sparql(
        self, shape: Node, constraint: Node, focus: Callable[[str], str], path: str
    ) -> Query:
        select = self.graph.value(constraint, SH.select)
        if select is None:
            raise self.refusal(shape, "sh:sparql without sh:select")
        text = f"{self.prologue}\n{str(select).replace('$PATH', path)}"
        if what := unaskable(text):
            raise self.refusal(shape, f"{what} in sh:select")
        about = f"{self.prologue}\nSELECT DISTINCT ?this WHERE {{ {focus('?this')} }}"
        return Query(str(shape), str(SH.SPARQLConstraintComponent), text, about)

    def violations(self, shape: Node, var: str, path: str) -> Iterator[tuple[str, Violation]]:
        """Yield what breaks each constraint of a shape about a variable, by its component."""
        for key in (*SETS, SH.path, SH.datatype, SH.pattern, SH.flags):
            if len(set(self.graph.objects(shape, key))) > 1:
                raise self.refusal(shape, f"sh:{_local(key)} more than once")
        value = var if not path else "?value" if var == "?this" else self.variable()
        reach = f"{var} {path} {value} ." if path else ""
        for key, term in sorted(self.graph.predicate_objects(shape)):
            if key in VALUES:
                holds = f"COALESCE({VALUES[key](self, shape, term, value)}, false)"
                yield _component(key), Violation(reach, holds)
            elif key in SETS:
                yield _component(key), SETS[key](self, shape, term, var, path)
            elif key == SH.equals:
                yield _component(key), Violation(reach, f"EXISTS {{ {var} {term.n3()} {value} }}")
                other = "?value" if var == "?this" else self.variable()
                back = Violation(f"{var} {term.n3()} {other} .", reached(var, path, other))
                yield _component(key), back
            elif key in (SH.disjoint, SH.lessThan, SH.lessThanOrEquals):
                yield _component(key), self._compared(key, term, var, reach, value)
            elif str(key).startswith(str(SH)) and key not in _SAID | _READ | set(TARGETS):
                raise self.refusal(shape, f"sh:{_local(key)}")

    def _compared(self, key: Node, term: Node, var: str, reach: str, value: str) -> Violation:
        if key == SH.disjoint:
            return Violation(reach, f"NOT EXISTS {{ {var} {term.n3()} {value} }}")
        other, sign = self.variable(), "<" if key == SH.lessThan else "<="
        holds = f"COALESCE({value} {sign} {other}, false)"
        return Violation(f"{reach} {var} {term.n3()} {other} .", holds)

    def conforms(self, shape: Node, var: str) -> str:
        """Return the expression that what a variable holds respects a shape and its properties."""
        if self._deactivated(shape):
            return "true"
        if (shape, SH.sparql, None) in self.graph:
            raise self.refusal(shape, "sh:sparql in a shape within another")
        path = self.path(shape)
        parts = [violation.absent for _, violation in self.violations(shape, var, path)]
        for child in sorted(self.graph.objects(shape, SH.property), key=str):
            value = self.variable() if path else var
            reach = f"{var} {path} {value} ." if path else ""
            parts.append(Violation(reach, self.conforms(child, value)).absent)
        return "(" + (" && ".join(parts) or "true") + ")"

    def path(self, shape: Node) -> str:
        """Return the path of a property shape in SPARQL, "" for a node shape."""
        node = self.graph.value(shape, SH.path)
        return "" if node is None else self._path(node)

    def _path(self, node: Node) -> str:
        if isinstance(node, rdflib.URIRef):
            return node.n3()
        if (node, RDF.first, None) in self.graph:
            return f"({'/'.join(self._path(step) for step in self.items(node))})"
        for key, before, after in _PATHS:
            if (inner := self.graph.value(node, key)) is not None:
                return f"({before}{self._path(inner)}{after})"
        alternatives = self.graph.value(node, SH.alternativePath)
        if alternatives is None:
            raise GraphError("shapes.ttl: a path is none")
        return f"({'|'.join(self._path(one) for one in self.items(alternatives))})"

    def items(self, node: Node) -> list[Node]:
        """Return the members of a list."""
        return list(Collection(self.graph, node))


_PATHS = [
    (SH.inversePath, "^", ""),
    (SH.zeroOrMorePath, "", "*"),
    (SH.oneOrMorePath, "", "+"),
    (SH.zeroOrOnePath, "", "?"),
]


def _component(key: Node) -> str:
    name = _local(key)
    return f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"


def _local(key: Node) -> str:
    return str(key).removeprefix(str(SH))

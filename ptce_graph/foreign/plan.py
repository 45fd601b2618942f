"""Which column of a foreign table holds what: recognised, said on the command line, or read from
a mapping file (TOML), into which it can be written down.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ptce_graph.foreign import columns
from ptce_graph.foreign.columns import REJECTED_COLUMNS, fold
from ptce_graph.foreign.kinds import KINDS, Kind
from ptce_graph.foreign.normalise import NORMALISERS
from ptce_graph.foreign.reading import Overrides
from ptce_graph.foreign.texts import ForeignError
from ptce_graph.project import Project, installed_mappings

_OPERATORS = ("!=", "^=", "=")
_KEYS = {"kind", "title", "publisher", "url", "date", "read", "columns", "constants", "filters"}
_KEYS |= {"codes", "normalise", "join", "description", "evidence_level", "lenient", "recognise"}


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on one column: `=` one of the values, `!=` none of them, `^=` starts with one.

    Columns and values are compared as texts, spaces at the ends aside.
    """

    column: str
    operator: str
    values: tuple[str, ...]

    def keeps(self, text: str) -> bool:
        """Return whether a row with this text is kept.

        >>> parse_filter("dep=40|64").keeps("40")
        True
        """
        text = text.strip()
        if self.operator == "^=":
            return text.startswith(self.values)
        return (text in self.values) == (self.operator == "=")

    def __str__(self) -> str:
        return f"{self.column}{self.operator}{'|'.join(self.values)}"


def parse_filter(text: str) -> Filter:
    """Return the condition that a text states.

    >>> parse_filter("etat!=C")
    Filter(column='etat', operator='!=', values=('C',))

    Raises:
        ForeignError: it states none.
    """
    places = [(text.find(op), -len(op), op) for op in _OPERATORS if op in text]
    if not places:
        raise ForeignError("--filter", "bad-filter", text)
    place, _, operator = min(places)
    column, values = text[:place].strip(), text[place + len(operator) :].split("|")
    if not column:
        raise ForeignError("--filter", "bad-filter", text)
    return Filter(column, operator, tuple(value.strip() for value in values))


@dataclass(slots=True)
class Plan:
    """What an import does with each column.

    Attributes:
        columns: field → names of the columns; the first that is filled in a row counts.
        constants: field → value for all rows.
        filters: conditions that a row must meet.
        codes: field → text of the file, folded → text to take instead.
        normalise: field → names of NORMALISERS, applied after that of the field itself.
        source: title, publisher, url, date of the document.
        overrides: how the file is read.
        lenient: fields that are left blank, not the reason to reject a row, when they are wrong.
        recognise: fields that the mapping does not name are recognised by their names.
        join: `key`, the column that a row and its row in the joined file have in common.
    """

    kind: Kind
    columns: dict[str, list[str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    filters: list[Filter] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    normalise: dict[str, list[str]] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    overrides: Overrides = field(default_factory=Overrides)
    lenient: list[str] = field(default_factory=list)
    recognise: bool = False
    join: dict[str, str] = field(default_factory=dict)

    def wanted(self) -> set[str]:
        """Return the names of all the columns that are needed."""
        named = {name for names in self.columns.values() for name in names}
        return named | {f.column for f in self.filters}


def find_kind(name: str) -> Kind:
    """Return a kind of table by its name.

    Raises:
        ForeignError: there is none.
    """
    if not name:
        raise ForeignError("--as", "no-kind", " | ".join(KINDS))
    if name not in KINDS:
        raise ForeignError("--as", "unknown-kind", name, ", ".join(KINDS))
    return KINDS[name]


def check_field(kind: Kind, name: str) -> None:
    """Refuse a field that a kind does not have.

    Raises:
        ForeignError: it has none of this name.
    """
    if name not in kind.fields:
        raise ForeignError(name, "unknown-field", name, kind.name, ", ".join(kind.fields))


def find_mapping(project: Project, given: Path) -> Path:
    """Return a mapping file given by its path, or by its name in `graph/mappings/`.

    Raises:
        ForeignError: there is none.
    """
    if given.is_file():
        return given
    folders = (project.root / "graph" / "mappings", installed_mappings())
    for folder in folders:
        path = folder / f"{given.name.removesuffix('.toml')}.toml"
        if given.parent == Path() and path.is_file():
            return path
    names = sorted(path.stem for folder in folders for path in folder.glob("*.toml"))
    raise ForeignError(given, "no-mapping", ", ".join(dict.fromkeys(names)))


def read_plan(path: Path, kind_name: str = "") -> Plan:
    """Read a mapping file.

    Raises:
        ForeignError: it is no TOML, or says what we do not know.
    """
    try:
        found = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ForeignError(path, "bad-mapping", error) from error
    try:
        return _plan(found, kind_name)
    except _Wrong as error:
        raise ForeignError(path, "bad-mapping", error) from None


class _Wrong(ValueError):
    """A fault in a mapping file, to be told with its name."""


def _plan(found: dict[str, Any], kind_name: str) -> Plan:
    if unknown := sorted(set(found) - _KEYS):
        raise _Wrong(f"“{unknown[0]}” is no part of a mapping ({', '.join(sorted(_KEYS))})")
    kind = find_kind(kind_name or str(found.get("kind", "")))
    plan = Plan(kind, source={k: str(found[k]) for k in _SOURCE if k in found})
    for name, value in _table(found, "columns").items():
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            raise _Wrong(f"[columns] {name} must be the name of a column, or a list of names")
        plan.columns[name] = names
    plan.constants = {
        k: _text(v, f"[constants] {k}") for k, v in _table(found, "constants").items()
    }
    for column, value in _table(found, "filters").items():
        plan.filters.append(_filter(column, value))
    for name, codes in _table(found, "codes").items():
        pairs = codes if isinstance(codes, dict) else {}
        plan.codes[name] = {fold(k): _text(v, f"[codes] {name}") for k, v in pairs.items()}
    for name, value in _table(found, "normalise").items():
        names = [value] if isinstance(value, str) else value
        if unknown := [n for n in names if n not in NORMALISERS]:
            raise _Wrong(f"no normalisation is called “{unknown[0]}” ({', '.join(NORMALISERS)})")
        plan.normalise[name] = names
    plan.recognise = found.get("recognise", False) is True
    plan.lenient = [_text(name, "lenient") for name in found.get("lenient", [])]
    for part in (plan.columns, plan.constants, plan.codes, plan.normalise, plan.lenient):
        for name in part:
            check_field(kind, name)
    plan.overrides = _overrides(_table(found, "read"))
    plan.join = {k: _text(v, f"[join] {k}") for k, v in _table(found, "join").items()}
    return plan


_SOURCE = ("title", "publisher", "url", "date", "evidence_level")


def _table(found: dict[str, Any], name: str) -> dict[str, Any]:
    part = found.get(name, {})
    if not isinstance(part, dict):
        raise _Wrong(f"[{name}] must be a table")
    return part


def _text(value: Any, where: str) -> str:
    if isinstance(value, bool | dict | list):
        raise _Wrong(f"{where} must be a text")
    return str(value)


def _filter(column: str, value: Any) -> Filter:
    operator, values = "=", value
    if isinstance(value, dict):
        names = {"not": "!=", "starts": "^=", "is": "="}
        if len(value) != 1 or set(value) - set(names):
            raise _Wrong(f"[filters] {column}: a text, a list, or one of is, not, starts")
        ((name, values),) = value.items()
        operator = names[name]
    listed = values if isinstance(values, list) else [values]
    return Filter(column, operator, tuple(_text(v, f"[filters] {column}") for v in listed))


def _overrides(found: dict[str, Any]) -> Overrides:
    if unknown := sorted(set(found) - {"encoding", "delimiter", "sheet", "header"}):
        raise _Wrong(f"[read] {unknown[0]}: known are encoding, delimiter, sheet, header")
    header = parse_header(str(found["header"])) if "header" in found else None
    texts = {k: str(v) for k, v in found.items() if k != "header"}
    return Overrides(**texts, header=header)


def parse_header(text: str) -> tuple[int, int]:
    """Return the first and the last line of a header, as in `3` or `3-4`.

    >>> parse_header("3-4")
    (3, 4)

    Raises:
        ForeignError: it is none of these.
    """
    first, _, last = text.partition("-")
    numbers = (first, last or first)
    if not all(n.isascii() and n.isdigit() and int(n) < 1000 for n in numbers):
        raise ForeignError("--header", "bad-mapping", f"“{text}”: N, N-M, 0")
    found = (int(numbers[0]), int(numbers[1]))
    if found[0] > found[1] or (found[0] == 0 and found[1]):
        raise ForeignError("--header", "bad-mapping", f"“{text}”: N, N-M, 0")
    return found


def locate(plan: Plan, header: list[str], path: object) -> dict[str, list[int]]:
    """Return for each field of a plan the places of its columns.

    Raises:
        ForeignError: a column that is named is not there.
    """
    places = {name: i for i, name in reversed(list(enumerate(header)))}
    folded = {fold(name): i for name, i in places.items()}

    def place(name: str) -> int:
        found = places.get(name, folded.get(fold(name), -1))
        if found < 0:
            raise ForeignError(path, "no-such-column", name, ", ".join(header[:60]))
        return found

    for condition in plan.filters:
        place(condition.column)
    return {name: [place(n) for n in names] for name, names in plan.columns.items()}


def complete(plan: Plan, header: list[str], *, private: bool) -> None:
    """Add to a plan the columns that are recognised by their names."""
    taken = {fold(name) for names in plan.columns.values() for name in names}
    free = [
        name if fold(name) not in taken and name not in REJECTED_COLUMNS else "" for name in header
    ]
    wanted = [n for n in plan.kind.guessed if n not in plan.columns and n not in plan.constants]
    for name, position in columns.match(free, wanted, private=private).items():
        plan.columns[name] = [header[position]]


def to_toml(plan: Plan, decided: Mapping[str, object]) -> str:
    """Return a plan as a mapping file that `read_plan` reads."""
    lines = ["# How the columns of a foreign table become ours; see docs/import.md."]
    lines += [f"kind = {_quote(plan.kind.name)}"]
    lines += [f"{name} = {_quote(value)}" for name, value in plan.source.items()]
    lines += [f"lenient = {_list(plan.lenient)}"] if plan.lenient else []
    lines += _section("read", {k: _quote(str(v)) for k, v in decided.items()})
    shown = {k: _quote(v[0]) if len(v) == 1 else _list(v) for k, v in plan.columns.items()}
    lines += _section("columns", shown)
    lines += _section("constants", {k: _quote(v) for k, v in plan.constants.items()})
    names = {"!=": "not", "^=": "starts", "=": "is"}
    conditions = {f.column: f"{{ {names[f.operator]} = {_list(f.values)} }}" for f in plan.filters}
    lines += _section("filters", conditions)
    lines += _section("normalise", {k: _list(v) for k, v in plan.normalise.items()})
    lines += _section("join", {k: _quote(v) for k, v in plan.join.items()})
    for name, codes in plan.codes.items():
        lines += _section(f"codes.{name}", {k: _quote(v) for k, v in codes.items()})
    return "\n".join(lines) + "\n"


def _section(name: str, values: Mapping[str, str]) -> list[str]:
    if not values:
        return []
    return ["", f"[{name}]", *(f"{_quote(k)} = {v}" for k, v in values.items())]


def _quote(text: str) -> str:
    """Return a text as TOML writes it; its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: list[str] | tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quote, values))}]"

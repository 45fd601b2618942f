"""Mapping files (TOML): a plan that is kept, to be edited and used again."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ptce_graph.foreign.columns import fold
from ptce_graph.foreign.normalise import NORMALISERS
from ptce_graph.foreign.plan import Filter, Plan, check_field, find_kind, parse_header
from ptce_graph.foreign.reading import Overrides
from ptce_graph.foreign.texts import ForeignError
from ptce_graph.project import Project, installed_mappings

_KEYS = {"kind", "title", "publisher", "url", "date", "read", "columns", "constants", "filters"}
_KEYS |= {"codes", "normalise", "join", "description", "evidence_level", "lenient", "recognise"}


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
        several = isinstance(value, list) and all(isinstance(v, dict) for v in value)
        plan.filters += [_filter(column, v) for v in (value if several else [value])]
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
    conditions: dict[str, list[str]] = {}
    for f in plan.filters:
        condition = f"{{ {names[f.operator]} = {_list(f.values)} }}"
        conditions.setdefault(f.column, []).append(condition)
    lines += _section("filters", {k: f"[{', '.join(v)}]" for k, v in conditions.items()})
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

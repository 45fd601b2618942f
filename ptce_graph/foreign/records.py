"""JSON, GeoJSON and Parquet: lists of records as a header and rows of texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ptce_graph.foreign.columns import GROUP
from ptce_graph.foreign.delimited import COLUMN_LIMIT, LINE_LIMIT, Record
from ptce_graph.foreign.recognise import find_encoding
from ptce_graph.foreign.texts import ForeignError

JSON_LIMIT = 100 << 20
DEPTH_LIMIT = 20
_WRAPPINGS = 3
_BATCH = 5_000
Members = dict[str, Any]


def read_json(path: Path, encoding: str = "") -> tuple[list[str], list[Record]]:
    """Return the header and the records of a JSON, GeoJSON or JSON-lines file.

    A record of a record is flattened (`seat / commune`), lists of texts are joined by `;`, the
    point of a feature becomes `longitude` and `latitude`.

    Raises:
        ForeignError: it is no JSON, too large, too deep, or holds no list of records.
    """
    if path.stat().st_size > JSON_LIMIT:
        raise ForeignError(path, "too-large", JSON_LIMIT >> 20)
    text = path.read_text(find_encoding(path, encoding))
    found = _records(path, _parse(path, text))
    rows = [_flatten(path, record) for record in found]
    header: dict[str, None] = {}
    for row in rows:
        header.update(dict.fromkeys(row))
        if len(header) > COLUMN_LIMIT:
            raise ForeignError(path, "many-columns", COLUMN_LIMIT)
    groups = {name[:at] for name in header for at in _ends(name)}
    blank = {n for n in groups & set(header) if not any(row.get(n) for row in rows)}
    names = [name for name in header if name not in blank]
    return names, [
        Record(number, [row.get(name, "") for name in names]) for number, row in enumerate(rows, 1)
    ]


def _ends(name: str) -> Iterator[int]:
    """Yield where the names of the groups that hold a column end."""
    at = name.find(GROUP)
    while at > 0:
        yield at
        at = name.find(GROUP, at + 1)


def _parse(path: Path, text: str) -> Any:
    options: Any = {
        "parse_float": str,
        "parse_int": str,
        "parse_constant": str,
        "object_pairs_hook": _members,
    }
    try:
        return json.loads(text, **options)
    except RecursionError:
        raise ForeignError(path, "too-deep", DEPTH_LIMIT) from None
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        if error.msg == "Extra data" and len(lines) > 1:
            try:
                return [json.loads(line, **options) for line in lines if line.strip()]
            except (json.JSONDecodeError, RecursionError):
                pass
        raise ForeignError(path, "bad-json", error.msg, error.lineno) from error


def _members(pairs: list[tuple[str, Any]]) -> Members:
    """Keep both values of a name that stands twice in an object."""
    found: Members = {}
    for name, value in pairs:
        known = name
        number = 2
        while known in found:
            known, number = f"{name} ({number})", number + 1
        found[known] = value
    return found


def _records(path: Path, value: Any) -> list[Members]:
    if isinstance(value, dict) and isinstance(value.get("features"), list):
        return [_feature(path, feature) for feature in value["features"]]
    for _ in range(_WRAPPINGS):
        if isinstance(value, dict):
            inner = [v for v in value.values() if isinstance(v, dict | list) and v]
            lists = [v for v in inner if isinstance(v, list) and _all_objects(v)]
            found = lists or inner
            value = found[0] if len(found) == 1 else None
    if not isinstance(value, list) or not value or not _all_objects(value):
        raise ForeignError(path, "no-records")
    return value


def _all_objects(values: list[Any]) -> bool:
    return all(isinstance(value, dict) for value in values)


def _feature(path: Path, feature: Any) -> Members:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
        raise ForeignError(path, "no-records")
    record = dict(feature.get("properties") or {})
    geometry = feature.get("geometry")
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        point = geometry.get("coordinates")
        if isinstance(point, list) and len(point) >= 2:
            record.setdefault("longitude", point[0])
            record.setdefault("latitude", point[1])
    return record


def _flatten(path: Path, record: Members) -> dict[str, str]:
    flat: dict[str, str] = {}
    pending: list[tuple[str, Any, int]] = [(name, v, 1) for name, v in record.items()][::-1]
    while pending:
        name, value, depth = pending.pop()
        if depth > DEPTH_LIMIT:
            raise ForeignError(path, "too-deep", DEPTH_LIMIT)
        if isinstance(value, dict):
            inner = [(f"{name}{GROUP}{key}", v, depth + 1) for key, v in value.items()]
            pending.extend(inner[::-1])
        elif isinstance(value, list):
            simple = not any(isinstance(v, dict | list) for v in value)
            if simple:
                flat[name] = ";".join(map(_as_text, value))
            else:
                inner = [(f"{name}{GROUP}{i}", v, depth + 1) for i, v in enumerate(value, 1)]
                pending.extend(inner[::-1])
        else:
            flat[name] = _as_text(value)
        if len(flat) > COLUMN_LIMIT or len(pending) > LINE_LIMIT:
            raise ForeignError(path, "many-columns", COLUMN_LIMIT)
    return flat


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def parquet_header(path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file.

    Raises:
        ForeignError: it is damaged, or has too many columns.
    """
    names = [
        name for (name,) in _ask(path, "SELECT column_name FROM (DESCRIBE SELECT * FROM {table})")
    ]
    if len(names) > COLUMN_LIMIT:
        raise ForeignError(path, "many-columns", COLUMN_LIMIT)
    return names


def read_parquet(path: Path, columns: list[str], used: list[int]) -> Iterator[Record]:
    """Yield the rows of a Parquet file; of the columns, only those that are used are read.

    Raises:
        ForeignError: it is damaged.
    """
    chosen = ", ".join(f"CAST({_quote(columns[i])} AS VARCHAR)" for i in used)
    width = len(columns)
    query = f"SELECT {chosen} FROM {{table}}"  # noqa: S608 (names of columns are quoted)
    for number, row in enumerate(_ask(path, query), 1):
        cells = [""] * width
        for position, value in zip(used, row, strict=True):
            cells[position] = value or ""
        yield Record(number, cells)


def _quote(name: str) -> str:
    """Return a name as an identifier of SQL: whatever it holds, it names a column."""
    return '"' + name.replace('"', '""').replace("{", "{{").replace("}", "}}") + '"'


def _ask(path: Path, query: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query on a Parquet file, of which `{table}` holds the place."""
    import duckdb

    if set("*?[") & set(str(path)):
        raise ForeignError(path, "damaged", ("* ? [ in its name", "* ? [ dans son nom"))
    settings: Any = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": "1GB",
        "preserve_insertion_order": True,
    }
    try:
        with duckdb.connect(":memory:", config=settings) as connection:
            name = str(path.resolve()).replace("'", "''")
            cursor = connection.execute(query.format(table=f"read_parquet('{name}')"))
            while rows := cursor.fetchmany(_BATCH):
                yield from rows
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise ForeignError(path, "damaged", first) from error

"""Metadata of tables as the W3C defines them: descriptions, checked, with what they inherit.

After https://www.w3.org/TR/tabular-metadata/ . What may be ignored is told and ignored, what may
not is an error; `tables` holds the metadata of a project's tables to a profile of this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from encodings.aliases import aliases
from typing import Any
from urllib.parse import urljoin

from ptce_graph.datatypes import TERMS, MetadataError, Tell, read_datatype
from ptce_graph.namespaces import CSVW_PREFIXES
from ptce_graph.templates import VARIABLE, quoted

CONTEXT = "http://www.w3.org/ns/csvw"
Json = dict[str, Any]
Check = Callable[[Any], object]
_ENCODINGS = {name.replace("_", "-") for pair in aliases.items() for name in pair}


def _text(pattern: str) -> Check:
    fullmatch = re.compile(pattern, re.DOTALL).fullmatch
    return lambda v: isinstance(v, str) and fullmatch(v)


def _is(*types: type) -> Check:
    return lambda v: type(v) in types


def _is_template(v: Any) -> bool:
    return isinstance(v, str) and "{" not in VARIABLE.sub("", v)


def _are_texts(v: Any) -> bool:
    return all(isinstance(text, str) for text in (v if isinstance(v, list) else [v]))


_is_language = _text(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*|und|i-[a-z]+|x-[a-z0-9]+")
_KINDS: tuple[tuple[str, Check, str], ...] = (
    ("a template with only {name} and {+name}", _is_template, "aboutUrl propertyUrl valueUrl"),
    ("true or false", _is(bool), "ordered required suppressOutput virtual"),
    ("true or false", _is(bool), "doubleQuote header skipBlankRows skipInitialSpace"),
    ("a whole number", lambda v: type(v) is int and v >= 0, "headerRowCount skipColumns skipRows"),
    ("a whole number", lambda v: type(v) is int and v >= 0, "length maxLength minLength"),
    ("a text or a number", _is(str, int, float), "maximum maxInclusive maxExclusive"),
    ("a text or a number", _is(str, int, float), "minimum minInclusive minExclusive"),
    ("a text", _is(str), "base default"),
    ("a text or null", _is(str, type(None)), "commentPrefix separator"),
    ("a text or a list of texts", _are_texts, "columnReference null primaryKey"),
    ("a text or an object", _is(str, dict), "datatype dialect format tableSchema"),
    ("a character", _text("."), "delimiter"),
    ("a character or null", lambda v: v is None or _text(".")(v), "quoteChar"),
    ("an address", _is(str), "resource url"),
    ("a language tag", _is_language, "lang"),
    ("a name", _text("(?!_)(?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})+"), "name"),
    ("an encoding", lambda v: str(v).lower().replace("_", "-") in _ENCODINGS, "encoding"),
    ("true, false, start or end", lambda v: _text("true|false|start|end")(str(v).lower()), "trim"),
    ("a list", _is(list), "columns foreignKeys tables"),
    ("an object", _is(dict), "reference"),
    ("texts", lambda v: True, "titles"),
)
"""What a value must be, whether it is, and of which keywords."""

_CHECKS = {key: (is_one, words) for words, is_one, keys in _KINDS for key in keys.split()}
_INHERITED = "aboutUrl datatype default lang null ordered propertyUrl required separator valueUrl"
_KEYWORDS = {
    "TableGroup": _INHERITED + " dialect tableSchema tables",
    "Table": _INHERITED + " dialect suppressOutput tableSchema url",
    "Schema": _INHERITED + " columns foreignKeys primaryKey",
    "Column": _INHERITED + " name suppressOutput titles virtual",
    "Dialect": "commentPrefix delimiter doubleQuote encoding header headerRowCount quoteChar"
    " skipBlankRows skipColumns skipInitialSpace skipRows trim",
    "Datatype": "base format length maxLength minLength"
    " maximum maxInclusive maxExclusive minimum minInclusive minExclusive",
    "ForeignKey": "columnReference reference",
    "Reference": "columnReference resource",
}
"""Kind of description → its keywords (tabular-metadata, 5)."""

_KIND_OF = {"tables": "Table", "columns": "Column", "dialect": "Dialect", "datatype": "Datatype"}
_KIND_OF |= {"tableSchema": "Schema", "foreignKeys": "ForeignKey", "reference": "Reference"}
_NEEDED = {"Table": "url", "TableGroup": "tables", "ForeignKey": "columnReference reference"}
_NEEDED["Reference"] = "columnReference resource"


@dataclass(slots=True)
class Description:
    """An object of the metadata.

    Attributes:
        kind: a key of _KEYWORDS.
        values: the values of its keywords, those that are objects as descriptions.
        notes: its properties of other vocabularies, as JSON-LD, by their IRI.
        parent: what it inherits from.
        language: the language of texts without one.
        base: what addresses in notes are relative to.
    """

    kind: str
    id: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    parent: Description | None = None
    language: str = "und"
    base: str = ""

    @property
    def label(self) -> str:
        """How messages name it."""
        titles = self.inherited("titles") or {"": ["without a name"]}
        return str(self.inherited("name", next(iter(titles.values()))[0]))

    def inherited(self, key: str, default: Any = None) -> Any:
        """Return the value of a keyword here, or in what encloses it."""
        if key in self.values:
            return self.values[key]
        return self.parent.inherited(key, default) if self.parent else default


def iri_of(name: str, default: str = "") -> str:
    """Return the IRI of a prefixed name, of a term or of a whole address, else the default."""
    prefix, colon, rest = name.partition(":")
    if colon and prefix in CSVW_PREFIXES and not rest.startswith("//"):
        return CSVW_PREFIXES[prefix] + rest
    return name if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+$", name) else default


class MetadataReader:
    """Reads the metadata of one file.

    Args:
        url: its address.
        tell: called with what is ignored; it may raise.
    """

    def __init__(self, url: str, tell: Tell) -> None:
        self.base, self.tell, self.language = url, tell, "und"

    def read(self, content: bytes) -> Description:
        """Return the group of tables that a file describes.

        Raises:
            MetadataError: it cannot mean anything.
        """
        try:
            source = json.loads(content.decode("utf-8-sig"))
        except ValueError as error:
            raise MetadataError(f"no JSON: {error}") from None
        if not isinstance(source, dict):
            raise MetadataError("the metadata must be an object")
        self._read_context(source.get("@context"))
        if "tables" in source or ("url" not in source and source.get("@type") == "TableGroup"):
            return self._describe(source, "TableGroup", None)
        group = Description("TableGroup", language=self.language, base=self.base)
        group.values["tables"] = [self._describe(source, "Table", group)]
        return group

    def _read_context(self, context: Any) -> None:
        first, *rest = context if isinstance(context, list) and context else [context]
        settings = rest[0] if rest and isinstance(rest[0], dict) else {}
        if first != CONTEXT or len(rest) > 1 or (rest and not settings):
            raise MetadataError(f"@context must be {CONTEXT}")
        if set(settings) - {"@base", "@language"} or type(settings.get("@base", "")) is not str:
            raise MetadataError("@context may only hold @base and @language")
        language = settings.get("@language", "und")
        if _is_language(language):
            self.language = language
        else:
            self.tell(f"@language {language} is no language tag")
        self.base = urljoin(self.base, settings.get("@base", ""))

    def _describe(self, source: Json, kind: str, parent: Description | None) -> Description:
        """Read an object, keyword by keyword."""
        address = self._address(source, kind)
        here = Description(kind, address, {}, {}, parent, self.language, self.base)
        for key, value in source.items():
            if key in _KEYWORDS[kind].split():
                is_one, words = _CHECKS[key]
                if is_one(value):
                    here.values[key] = self._value(key, value, here)
                else:
                    self.tell(f'keyword "{key}" of {kind} {here.label} must be {words}')
            elif kind in ("ForeignKey", "Reference"):
                raise MetadataError(f'keyword "{key}" of {kind} is not supported')
            elif ":" in key and kind != "Dialect" and iri_of(key):
                _check_note(value)
                here.notes[iri_of(key)] = value
            elif not key.startswith("@"):
                self.tell(f'keyword "{key}" of {kind} {here.label} is not supported')
        if missing := [key for key in _NEEDED.get(kind, "").split() if not here.values.get(key)]:
            raise MetadataError(f'"{missing[0]}" of {kind} is missing')
        return here

    def _address(self, source: Json, kind: str) -> str:
        address = source.get("@id", "")
        if source.get("@type", kind) != kind:
            raise MetadataError(f"@type of a {kind} must be {kind}")
        if not isinstance(address, str):
            self.tell(f"@id of a {kind} must be an address")
        elif address.startswith("_:"):
            raise MetadataError(f"@id of a {kind} is a blank node")
        return urljoin(self.base, address) if address and isinstance(address, str) else ""

    def _value(self, key: str, value: Any, here: Description) -> Any:
        """Return the value of a keyword that has been checked."""
        kind = _KIND_OF.get(key, "")
        if key in ("dialect", "tableSchema") and isinstance(value, str):
            raise MetadataError(f'keyword "{key}" of {here.kind}: an address is not supported')
        if kind and isinstance(value, list):
            items = [item for item in value if isinstance(item, dict)]
            if len(items) < len(value):
                self.tell(f"what is no {kind} in a {here.kind} is ignored")
            return [self._describe(item, kind, here) for item in items]
        if kind == "Datatype":
            source = {"base": value} if isinstance(value, str) else value
            found = self._describe(source, kind, here)
            known = {"title": found.notes.get(iri_of("dc:title"), ""), **found.values}
            return read_datatype(found.id, known, f"column {here.label}", self.tell)
        if kind:
            found = self._describe(value, kind, here)
            return self._checked(found) if kind == "Schema" else found
        if key == "titles":
            return self._titles(value, here)
        if key in ("url", "resource"):
            return urljoin(self.base, value)
        if key in ("columnReference", "null", "primaryKey"):
            return (value,) if isinstance(value, str) else tuple(value)
        return value

    def _titles(self, value: Any, here: Description) -> dict[str, list[str]]:
        by_language = value if isinstance(value, dict) else {here.language: value}
        titles: dict[str, list[str]] = {}
        for language, texts in by_language.items():
            listed = texts if isinstance(texts, list) else [texts]
            good = [text for text in listed if isinstance(text, str) and _is_language(language)]
            titles |= {language: good} if good else {}
            if len(good) < len(listed):
                self.tell(f"titles of {here.kind} {here.label} must be texts by language")
        return titles

    def _checked(self, here: Description) -> Description:
        """Return a schema whose keywords agree with one another."""
        columns = here.values.get("columns", [])
        names = [column.values["name"] for column in columns if "name" in column.values]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise MetadataError(f'two columns are called "{twice[0]}"')
        kinds = [column.values.get("virtual", False) for column in columns]
        if kinds != sorted(kinds):
            raise MetadataError("virtual columns come after the others")
        if missing := set(here.values.get("primaryKey", ())) - {*names}:
            self.tell(f'keyword "primaryKey" of Schema: no column is called {min(missing)}')
            del here.values["primaryKey"]
        for foreign in here.values.get("foreignKeys", []):
            if missing := set(foreign.values["columnReference"]) - {*names}:
                raise MetadataError(f"foreign key: no column is called {min(missing)}")
        return here


_IN_NOTES = {"@id": _text("(?!_:).*"), "@language": _is_language, "@value": lambda v: True}
_IN_NOTES["@type"] = lambda v: str(v) in {*TERMS, *_KEYWORDS} or iri_of(str(v))


def _check_note(value: Any) -> None:
    """Check a value of another vocabulary, which is JSON-LD.

    Raises:
        MetadataError: it uses what metadata may not use.
    """
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        if "@value" in item and len(item) > 2:
            raise MetadataError("@value stands with @type or with @language alone")
        allowed = ("@value", "@type", "@language") if "@value" in item else ("@id", "@type")
        for key, inner in item.items():
            if key not in allowed and not iri_of(key):
                raise MetadataError(f"{key} in a note is not supported")
            if key not in allowed:
                _check_note(inner)
            elif not all(map(_IN_NOTES[key], inner if isinstance(inner, list) else [inner])):
                raise MetadataError(f"{key} {inner} in a note is not allowed")


def name_of(column: Description, number: int) -> str:
    """Return the name of a column: given, or made from a title, or from its number."""
    if name := column.values.get("name"):
        return str(name)
    for title in column.values.get("titles", {}).get(column.language, ()):
        return quoted(title).replace("-", "%2D").replace("~", "%7E")
    return f"_col.{number}"

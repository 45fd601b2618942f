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
from ptce_graph.templates import VARIABLE

CONTEXT = "http://www.w3.org/ns/csvw"
_VALUES = {
    "template": "aboutUrl propertyUrl valueUrl",
    "flag": "ordered required suppressOutput virtual doubleQuote header skipBlankRows"
    " skipInitialSpace",
    "count": "headerRowCount skipColumns skipRows",
    "text": "default delimiter",
    "text-or-null": "separator commentPrefix quoteChar source",
    "texts": "null primaryKey rowTitles lineTerminators",
    "link": "url targetFormat scriptFormat",
    "direction": "tableDirection textDirection",
}
_KIND_OF = {key: kind for kind, keys in _VALUES.items() for key in keys.split()}
_KIND_OF |= {"lang": "language", "foreignKeys": "keys", "tableSchema": "schema", "notes": "list"}
_INHERITED = "aboutUrl datatype default lang null ordered propertyUrl required separator"
_INHERITED += " textDirection valueUrl "
_TABLES = _INHERITED + "dialect notes tableDirection tableSchema transformations "
_KEYWORDS = {
    "TableGroup": _TABLES + "tables",
    "Table": _TABLES + "url suppressOutput",
    "Schema": _INHERITED + "columns foreignKeys primaryKey rowTitles",
    "Column": _INHERITED + "name suppressOutput titles virtual",
    "Dialect": "commentPrefix delimiter doubleQuote encoding header headerRowCount lineTerminators"
    " quoteChar skipBlankRows skipColumns skipInitialSpace skipRows trim",
    "Template": "url targetFormat scriptFormat titles source",
}
KEYWORDS = {
    kind: {key: _KIND_OF.get(key, key) for key in keys.split()} for kind, keys in _KEYWORDS.items()
}
"""Kind of description → keyword → kind of value (tabular-metadata, 5)."""

_REFERENCES = ({"columnReference", "resource"}, {"columnReference", "schemaReference"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*|und|i-[a-z]+|x-[a-z0-9]+")
_NAME = re.compile(r"(?!_)(?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})+")


_ENCODINGS = {name.replace("_", "-") for pair in aliases.items() for name in pair}
_CHECKS: dict[str, Callable[[Any], object]] = {
    **dict.fromkeys(("text", "link"), lambda v: isinstance(v, str)),
    "template": lambda v: isinstance(v, str) and "{" not in VARIABLE.sub("", v),
    "text-or-null": lambda v: v is None or isinstance(v, str),
    "flag": lambda v: isinstance(v, bool),
    "count": lambda v: type(v) is int and v >= 0,
    "language": lambda v: isinstance(v, str) and _LANGUAGE.fullmatch(v),
    "encoding": lambda v: isinstance(v, str) and v.lower().replace("_", "-") in _ENCODINGS,
    "trim": lambda v: str(v).lower() in ("true", "false", "start", "end"),
    "direction": lambda v: v in ("ltr", "rtl", "auto", "inherit"),
    "name": lambda v: isinstance(v, str) and _NAME.fullmatch(v),
    "texts": lambda v: all(isinstance(t, str) for t in (v if isinstance(v, list) else [v])),
    **dict.fromkeys(
        ("list", "keys", "tables", "columns", "transformations"), lambda v: isinstance(v, list)
    ),
    **dict.fromkeys(("schema", "dialect"), lambda v: isinstance(v, (str, dict))),
}
"""Kind of value → whether a value is one."""

_WORDS = {"texts": "a text or a list of texts", "flag": "true or false", "text": "a text"}
_WORDS |= {"template": "a template with only {name} and {+name}"}
_WORDS |= {"language": "a language tag", "count": "a whole number", "link": "an address"}
_ITEMS = {"tables": "Table", "columns": "Column", "transformations": "Template"}
_IF_WRONG: dict[str, Callable[[Description], Any]] = {
    "template": lambda here: "",
    "columns": lambda here: [],
    "schema": lambda here: Description("Schema", parent=here),
}
"""Kind of value → what a wrong one is taken as, where that is not as if it were not there."""


@dataclass(slots=True)
class Description:
    """An object of the metadata.

    Attributes:
        kind: a key of KEYWORDS.
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
        titles = self.values.get("titles") or {"": ["without a name"]}
        return str(self.values.get("name", next(iter(titles.values()))[0]))

    def inherited(self, key: str, default: Any = None) -> Any:
        """Return the value of a keyword here, or in what encloses it."""
        if key in self.values:
            return self.values[key]
        return self.parent.inherited(key, default) if self.parent else default


Fetch = Callable[[str], bytes]


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
        fetch: gives the content of an address: schemas and dialects may stand in other files.
        tell: called with what is ignored; it may raise.
    """

    def __init__(self, url: str, fetch: Fetch, tell: Tell) -> None:
        self.base, self.fetch, self.tell, self.language = url, fetch, tell, ""

    def read(self, content: bytes) -> Description:
        """Return the group of tables that a file describes.

        Raises:
            MetadataError: it cannot mean anything.
        """
        source = _parsed(content)
        if "@context" not in source:
            raise MetadataError(f"@context must be {CONTEXT}")
        self._read_context(source)
        if "tables" in source or ("url" not in source and source.get("@type") == "TableGroup"):
            return self._describe(source, "TableGroup", None)
        group = Description("TableGroup")
        group.values["tables"] = [self._describe(source, "Table", group)]
        return group

    def _read_context(self, source: dict[str, Any]) -> None:
        context = source.get("@context", CONTEXT)
        first, *rest = context if isinstance(context, list) and context else [context]
        settings = rest[0] if rest and isinstance(rest[0], dict) else {}
        if first != CONTEXT or len(rest) > 1 or (rest and not settings):
            raise MetadataError(f"@context must be {CONTEXT}")
        if set(settings) - {"@base", "@language"}:
            raise MetadataError("@context may only hold @base and @language")
        if language := settings.get("@language"):
            if _CHECKS["language"](language):
                self.language = language
            else:
                self.tell(f"@language {language} is no language tag")
        self.base = urljoin(self.base, settings.get("@base", ""))

    def _describe(
        self, source: dict[str, Any], kind: str, parent: Description | None
    ) -> Description:
        """Read an object, keyword by keyword."""
        name = source.get("@id", "")
        if not isinstance(name, str):
            self.tell(f"@id of a {kind} must be an address")
            name = self.base
        if source.get("@type", kind) != kind:
            raise MetadataError(f"@type of a {kind} must be {kind}")
        if name.startswith("_:"):
            raise MetadataError(f"@id of a {kind} is a blank node")
        address = urljoin(self.base, name) if name else ""
        here = Description(kind, address, {}, {}, parent, self.language or "und", self.base)
        for key, value in source.items():
            if expected := KEYWORDS[kind].get(key):
                if _CHECKS.get(expected, bool)(value):
                    here.values[key] = self._value(expected, value, here)
                    continue
                words = _WORDS.get(expected, expected)
                self.tell(f'keyword "{key}" of {kind} {here.label} must be {words}')
                if expected in _IF_WRONG:
                    here.values[key] = _IF_WRONG[expected](here)
            elif ":" in key and kind not in ("Dialect", "Template") and iri_of(key):
                here.notes[iri_of(key)] = self._note(value)
            elif not key.startswith("@"):
                self.tell(f'keyword "{key}" of {kind} is not supported')
        needed = {"Table": "url", "TableGroup": "tables", "Template": "url"}.get(kind)
        if needed and not here.values.get(needed):
            raise MetadataError(f'"{needed}" of {kind} is missing')
        if kind == "Schema":
            self._check_schema(here)
        return here

    def _note(self, value: Any) -> Any:
        """Check a value of another vocabulary, which is JSON-LD, and return it.

        Raises:
            MetadataError: it uses what metadata may not use.
        """
        if isinstance(value, list):
            return [self._note(item) for item in value]
        if not isinstance(value, dict):
            return value
        types = value.get("@type", [])
        for name in types if isinstance(types, list) else [types]:
            known = isinstance(name, str) and (name in {*TERMS, *KEYWORDS} or iri_of(name))
            if not known or name.startswith("_:"):
                raise MetadataError(f"@type {name} is no term and no address")
        if "@value" in value:
            if len(value) > 2 or set(value) - {"@value", "@type", "@language"}:
                raise MetadataError("@value stands with @type or with @language alone")
            if not _LANGUAGE.fullmatch(str(value.get("@language", "und"))):
                raise MetadataError(f"@language {value['@language']} is no language tag")
            return value
        name = value.get("@id", "")
        if not isinstance(name, str) or name.startswith("_:"):
            raise MetadataError("@id in a note is a blank node, or no text")
        for key in sorted(value.keys() - {"@id", "@type"}):
            if key.startswith("@") or not iri_of(key):
                raise MetadataError(f"{key} in a note is not supported")
            self._note(value[key])
        return value

    def _value(self, kind: str, value: Any, here: Description) -> Any:
        """Return a value of a kind that has been checked."""
        if kind in _ITEMS:
            items = [item for item in value if isinstance(item, dict)]
            if len(items) < len(value):
                self.tell(f"what is no {_ITEMS[kind]} in a {here.kind} is ignored")
            return [self._describe(item, _ITEMS[kind], here) for item in items]
        if kind in ("schema", "dialect"):
            read = self._elsewhere if isinstance(value, str) else self._describe
            return read(value, kind.title(), here)
        readers: dict[str, Callable[[], Any]] = {
            "texts": lambda: (value,) if isinstance(value, str) else tuple(value),
            "link": lambda: urljoin(self.base, value),
            "trim": lambda: str(value).lower(),
            "language": lambda: "" if value == "und" else value,
            "list": lambda: [self._note(item) for item in value],
            "titles": lambda: self._titles(value, here),
            "datatype": lambda: read_datatype(value, f"column {here.label}", self.tell),
            "keys": lambda: [key for item in value if (key := self._foreign_key(item, here))],
        }
        return readers.get(kind, lambda: value)()

    def _titles(self, value: Any, here: Description) -> dict[str, list[str]]:
        by_language = value if isinstance(value, dict) else {here.language: value}
        titles: dict[str, list[str]] = {}
        for language, texts in by_language.items():
            listed = texts if isinstance(texts, list) else [texts]
            good = [
                text for text in listed if isinstance(text, str) and _LANGUAGE.fullmatch(language)
            ]
            titles |= {language: good} if good else {}
            if len(good) < len(listed):
                self.tell(f"titles of {here.kind} {here.label} must be texts by language")
        return titles

    def _elsewhere(self, address: str, kind: str, here: Description) -> Description:
        """Read an object that stands in another file."""
        url = urljoin(self.base, address)
        reader = MetadataReader(url, self.fetch, self.tell)
        reader.language = self.language
        source = _parsed(self.fetch(url))
        reader._read_context(source)
        return reader._describe({"@id": url, **source}, kind, here)

    def _foreign_key(self, item: Any, here: Description) -> dict[str, Any] | None:
        if not isinstance(item, dict):
            self.tell("a foreign key that is no object is ignored")
            return None
        reference = item.get("reference")
        if set(item) != {"columnReference", "reference"} or not isinstance(reference, dict):
            raise MetadataError("a foreign key holds columnReference and reference alone")
        if set(reference) not in _REFERENCES:
            raise MetadataError(
                "a reference holds resource or schemaReference, and columnReference"
            )
        values = {"columns": item["columnReference"], **reference}
        kinds = {key: "texts" if key[:6] == "column" else "link" for key in values}
        if not all(_CHECKS[kinds[key]](value) for key, value in values.items()):
            raise MetadataError("a foreign key refers to names and to an address")
        return {key: self._value(kinds[key], value, here) for key, value in values.items()}

    def _check_schema(self, here: Description) -> None:
        columns = here.values.get("columns", [])
        names = [column.values["name"] for column in columns if "name" in column.values]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise MetadataError(f'two columns are called "{twice[0]}"')
        kinds = [column.values.get("virtual", False) for column in columns]
        if kinds != sorted(kinds):
            raise MetadataError("virtual columns come after the others")
        for key in ("primaryKey", "rowTitles"):
            if missing := set(here.values.get(key, ())) - {*names}:
                self.tell(f'keyword "{key}" of Schema: no column is called {min(missing)}')
                del here.values[key]
        for foreign in here.values.get("foreignKeys", []):
            if missing := set(foreign["columns"]) - {*names}:
                raise MetadataError(f"foreign key: no column is called {min(missing)}")


def name_of(column: Description, number: int) -> str:
    """Return the name of a column: given, or made from a title, or from its number."""
    if name := column.values.get("name"):
        return str(name)
    for title in column.values.get("titles", {}).get(column.language, ()):
        return re.sub(
            "[^A-Za-z0-9_.]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), title
        )
    return f"_col.{number}"


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        source = json.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise MetadataError(f"no JSON: {error}") from None
    if not isinstance(source, dict):
        raise MetadataError("the metadata must be an object")
    return source

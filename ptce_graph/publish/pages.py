"""The pages of the site and of the server: the same templates, style and words for both.

A page links others by relative addresses, so that it works from a folder, below any address and on
a server alike. What graph and tables hold is text: it is escaped wherever it comes out.

>>> from ptce_graph import dataset, project
>>> from ptce_graph.namespaces import ID
>>> from ptce_graph.publish import publication
>>> here = project.find()
>>> pages = Pages(here, publication.read(here), dataset.open_store(here))
>>> html = pages.thing(ID + "org/cbe-seignanx", "fr")
>>> "<h1>Comité de bassin d&#39;emploi du Seignanx</h1>" in html
True
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pyoxigraph
from markupsafe import Markup
from pyoxigraph import NamedNode

from ptce_graph.infer import read_rules
from ptce_graph.namespaces import BASE, ID, ONTOLOGY, PREFIXES, SCHEME
from ptce_graph.project import Project
from ptce_graph.publish import addresses, linked, picture
from ptce_graph.publish.description import LICENCE
from ptce_graph.publish.publication import Publication
from ptce_graph.publish.thing import Fact, Reader, Text, Texts, Thing, Value

if TYPE_CHECKING:
    from jinja2 import Environment

LANGUAGES = ("fr", "en")
ASSETS = ("style.css", "search.js", "find.js", "minisearch.min.js")
LISTS = {
    "poles": ("pole",),
    "actors": ("org",),
    "persons": ("person",),
    "calls": ("call",),
    "territories": ("territory",),
    "projects": ("axis", "objective", "action"),
    "laws": ("text", "rule", "model"),
    "sources": ("doc",),
}
"""Section of the site → the kinds of things that it lists, by the part of their IRIs."""

MENU = ("poles", "actors", "calls", "territories", "sources", "questions", "network", "dataset")
"""Sections that every page links; the home page has them all."""

MOST_ROWS = 100
_FIGURES = ("ptce:exactValue", "ptce:minimumValue", "ptce:maximumValue", "ptce:amount")
_EUROS = ("amount", "minimumAward", "maximumAward", "knownFundingTotal")
_FIRST = (
    *("skos:altLabel", "ptce:locatedIn", "ptce:coversTerritory", "ptce:inSector", "ptce:theme"),
    *("ptce:hasFunction", "ptce:hasStatus", "ptce:essFamily", "ptce:legalForm", "foaf:homepage"),
    *("schema:url", "dc11:publisher", "dcterms:issued", "ptce:callType", "ptce:launched"),
)
_KEYS = re.compile(r"((?<![\w-])[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?![\w-]))")
"""What may be the key of a document in a note."""

_NAMES = tuple(
    PREFIXES[prefix] + name
    for prefix, name in (("skos", "prefLabel"), ("dcterms", "title"), ("rdfs", "label"))
)


def read(name: str) -> str:
    """Return a file of the site: a template, the style, a script."""
    return (files("ptce_graph") / "publish" / "site" / name).read_text("utf-8")


def icon() -> bytes:
    """Return the logo as browsers ask for it unasked, at `favicon.ico`, in three sizes."""
    return (files("ptce_graph") / "publish" / "site" / "favicon.ico").read_bytes()


@lru_cache
def texts() -> dict[str, Texts]:
    """Return the words of the pages, by key and language."""
    found: dict[str, Texts] = json.loads(read("texts.json"))
    return found


@lru_cache
def _in(language: str) -> dict[str, str]:
    return {key: found[language] for key, found in texts().items()}


@lru_cache
def words() -> dict[str, Any]:
    """Return the names of properties of others, of their inverses, and of dates."""
    found: dict[str, Any] = json.loads(read("words.json"))
    return found


class Pages:
    """Makes the pages of one release.

    Args:
        project: whose ontology has the JSON-LD context.
        publication: what the release says of itself.
        store: what is published; nothing else reaches a page.
    """

    def __init__(self, project: Project, publication: Publication, store: pyoxigraph.Store) -> None:
        self.publication = publication
        self.store = store
        self.reader = Reader(store)
        self.rules = read_rules(project)
        self.context = linked.Context(project.ontology / "context.jsonld")
        self.environment = _environment()

    def thing(self, iri: str, language: str) -> str | None:
        """Return the page about a thing, or None when the graph says nothing of it."""
        thing = self.reader.describe(iri) if addresses.path(iri) else None
        return self.page(thing, self.jsonld(iri), language) if thing else None

    def page(self, thing: Thing, jsonld: bytes, language: str) -> str:
        """Return the page about a thing that has been described."""
        path = addresses.path(thing.name.iri)
        here = f"{path}.{language}.html"

        def href(target: str) -> str:
            return _href(target, here, language)

        return self.render(
            "thing.html",
            here,
            language,
            thing=thing,
            path=path,
            facts=sorted((f for f in thing.facts if f.name.iri not in _NAMES), key=_rank),
            listed=listed(thing.name.iri, language),
            picture=Markup(picture.svg(thing, language, href)),  # noqa: S704 (escaped there)
            left_out=max(0, len(picture.neighbours(thing)) - picture.MOST),
            jsonld=linked.in_html(jsonld),
            most=MOST_ROWS,
            measured=_FIGURES,
        )

    @cached_property
    def _documents(self) -> dict[str, str]:
        """IRIs of the documents, by the keys by which notes name them."""
        start = ID + "doc/"
        titled = self.store.quads_for_pattern(None, NamedNode(PREFIXES["dcterms"] + "title"), None)
        found = (q.subject.value for q in titled if isinstance(q.subject, NamedNode))
        return {iri.removeprefix(start): iri for iri in found if iri.startswith(start)}

    def _noted(self, text: str, here: str, language: str) -> Markup:
        """Return a text in which each key of a document is the title of that document, linked."""

        def linked_title(part: str) -> str:
            iri = self._documents.get(part)
            if not iri:
                return part
            title = self.reader.name(iri).label[language]
            start, end = ("« ", " »") if language == "fr" else ("“", "”")
            link = Markup('<a href="{}">{}</a>').format(_href(iri, here, language), title)
            return Markup("{}{}{}").format(start, link, end)

        return Markup("").join(linked_title(part) for part in _KEYS.split(text))

    def site(self) -> dict[str, Any]:
        """Return what the page of the network says of the site that it is part of."""
        return {
            "base": BASE,
            "home": {language: home(language) for language in LANGUAGES},
            "version": self.publication.version,
            "released": self.publication.released.isoformat(),
        }

    def turtle(self, iri: str) -> bytes:
        """Return the RDF of a thing in Turtle."""
        return linked.turtle(linked.triples(self.store, iri))

    def jsonld(self, iri: str) -> bytes:
        """Return the RDF of a thing in JSON-LD, with types of schema.org."""
        return linked.jsonld(linked.triples(self.store, iri), iri, self.context)

    def render(self, template: str, here: str, language: str, **values: Any) -> str:
        """Return a page made from a template.

        Args:
            template: name of a file of the site.
            here: path of the page, which its links are relative to.
            language: fr or en.
            values: what the template uses besides what all pages have.
        """
        other = "en" if language == "fr" else "fr"
        shared = {
            "lang": language,
            "other_lang": other,
            "here": here,
            "other": _in_language(here, other),
            "home": home(language),
            "menu": [(key, section(key, language)) for key in MENU],
            "t": _in(language),
            "colon": "\u202f:" if language == "fr" else ":",
            "publication": self.publication,
            "licence": LICENCE,
            "to": lambda path: addresses.relative(path, here),
            "href": lambda iri: _href(iri, here, language),
            "short": _short,
            "heading": lambda fact: _heading(fact, language),
            "figure": lambda fact, value: _figure(fact, value, language),
            "noted": lambda text: self._noted(text, here, language),
            "said": lambda found: _said(found, language),
            "rules": self.rules,
            "when": lambda found: when(found, language),
            "time": lambda text: time(text, language),
            "day": lambda text: day(text, language),
            "number": lambda value: number(value, language),
        }
        page = self.environment.get_template(template).render(shared | values)
        return spaced(page) if language == "fr" else page


def home(language: str) -> str:
    """Return the path of the first page in a language."""
    return "index.html" if language == "fr" else f"index.{language}.html"


def section(key: str, language: str) -> str:
    """Return the path of a section of the site."""
    return f"{key}.{language}.html"


def _in_language(here: str, language: str) -> str:
    """Return the path of the same page in another language."""
    if here in ("index.html", "index.en.html"):
        return home(language)
    stem, _, _ = here.removesuffix(".html").rpartition(".")
    return f"{stem}.{language}.html" if stem else ""


def _href(iri: str, here: str, language: str) -> str:
    found = addresses.page(iri, language)
    if found:
        return addresses.relative(found, here)
    return iri if iri.startswith(("https://", "http://")) else ""


def listed(iri: str, language: str) -> tuple[str, str] | None:
    """Return the section that lists a thing, and its path."""
    if iri.startswith(SCHEME):
        return "codes", section("codes", language)
    if iri.startswith(ONTOLOGY):
        return "terms", section("terms", language)
    kind = iri.removeprefix(ID).partition("/")[0]
    keys = [key for key, kinds in LISTS.items() if kind in kinds]
    return (keys[0], section(keys[0], language)) if keys else None


def _rank(fact: Fact) -> int:
    """Return the place of a fact on a page: what people look for first, how sure it is last."""
    local = _short(fact.name.iri)
    if local in _FIRST:
        return _FIRST.index(local)
    return len(_FIRST) + ("ertainty" in local or local.endswith("Note"))


def _said(found: Iterable[Value], language: str) -> list[Value]:
    """Return values without the texts that stand in another language beside this one."""
    values = list(found)
    ours = any(isinstance(value, Text) and value.language == language for value in values)
    return [
        v for v in values if not (ours and isinstance(v, Text) and v.language not in ("", language))
    ]


def _short(iri: str) -> str:
    for prefix, space in PREFIXES.items():
        if iri.startswith(space):
            return f"{prefix}:{iri.removeprefix(space)}"
    return iri


def _heading(fact: Fact, language: str) -> str:
    """Return the name of a property, or of its inverse, on a page."""
    short = _short(fact.name.iri)
    label: str = words()["properties"].get(short, fact.name.label)[language]
    if not fact.inverse:
        return label
    inverse: Texts = words()["inverse"].get(
        short, {"fr": f"« {label} » mène ici", "en": f"“{label}” leads here"}
    )
    return inverse[language]


def _figure(fact: Fact, value: Text, language: str) -> str:
    name = fact.name.iri.removeprefix(ONTOLOGY)
    kind = value.datatype.rpartition("#")[2]
    if kind in ("date", "gYearMonth"):
        return time(value.text, language)
    if kind in ("decimal", "integer", "nonNegativeInteger"):
        return number(value.text, language) + ("\u202f€" if name in _EUROS else "")
    return value.text


def number(value: str | float, language: str) -> str:
    """Return a number as people write it.

    >>> number("1200000", "fr")
    '1\\u202f200\\u202f000'
    """
    whole, _, part = str(value).partition(".")
    grouped = f"{int(whole):,}"
    text = grouped.replace(",", "\u202f") if language == "fr" else grouped
    part = part.rstrip("0")
    return text + ("," if language == "fr" else ".") * bool(part) + part


def day(text: str, language: str) -> str:
    """Return a year, a month or a day as people write it.

    >>> day("2014-11-21", "fr"), day("2014-01", "en"), day("2014", "fr")
    ('21 novembre 2014', 'January 2014', '2014')
    """
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or not 2 <= len(parts) <= 3:
        return text
    month = words()["months"][language][int(parts[1]) - 1]
    first = "1er" if language == "fr" and int(parts[-1]) == 1 else str(int(parts[-1]))
    return " ".join(([first] if len(parts) == 3 else []) + [month, parts[0]])


def time(text: str, language: str) -> str:
    """Return a date as people write it, which programs can read too.

    >>> time("2014-01", "fr")
    Markup('<time datetime="2014-01">janvier 2014</time>')
    """
    said = day(text, language)
    return Markup('<time datetime="{}">{}</time>').format(text, said) if said != text else text


def when(found: dict[str, str], language: str) -> str:
    """Return when a statement holds, in words.

    >>> str(when({"validFrom": "2012", "validUntil": "2015"}, "fr"))
    'de 2012 à 2015'
    >>> when({"asOf": "2013-10"}, "fr")
    Markup('chiffre d&#39;<time datetime="2013-10">octobre 2013</time>')
    """
    says: dict[str, dict[str, list[str]]] = words()["when"]
    left = dict(found)

    def part(key: str, date: str) -> Markup:
        form = says[key][language][date.count("-")]
        if language == "fr" and day(date, language)[0] in "ao":
            form = re.sub(r"\bde \{\}", "d'{}", form)
        return Markup("{}").format(form).format(time(date, language))

    parts = []
    if "validFrom" in left and "validUntil" in left:
        ends = part("from", left.pop("validFrom")), part("to", left.pop("validUntil"))
        parts.append(Markup(" ").join(ends))
    parts += [part(key, left[key]) for key in says if key in left]
    return Markup(", ").join(parts)


def spaced(page: str) -> str:
    """Return a French page with the spaces that no line may break: before ; : ? ! », in numbers.

    >>> spaced("<p>« Qui ? » 4 000 €</p><pre>a ?b</pre>").replace("\u00a0", "_")
    '<p>«_Qui_?_» 4_000_€</p><pre>a ?b</pre>'
    """
    return _SPACE.sub(lambda found: found[1] or "\u00a0", page)


_SPACE = re.compile(
    r"(<(?:script|pre|code|style)\b.*?</|<[^>]*>)|(?<=«) | (?=[;:?!»%€]|M€)|(?<=\d) (?=\d{3}\b)",
    re.DOTALL,
)
"""What is not touched, or a space to replace."""


def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )

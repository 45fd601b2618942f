"""One self-contained page: a network to look at, to search and to read, without a connection.

PyVis carries the nodes, the links and the options to a template of our own; our style and our
scripts are written into the page, and its content-security policy lets nothing else run. The
scripts draw on a canvas themselves: vis-network, which PyVis brings, shows 7 to 20 pictures a
second at a thousand actors without a graphics card, and weighs 600 kB. Texts of the data go in as
JSON and come out as text, never as markup.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pyvis.network import Network

from ptce_graph import layout
from ptce_graph.network.backing import Backing, homepages
from ptce_graph.network.methods import METHODS

if TYPE_CHECKING:
    import networkx as nx
    from jinja2 import Environment

__all__ = ["LANGUAGES", "layout", "page"]

LANGUAGES = ("fr", "en")

SCRIPTS = (
    "data.js",
    "words.js",
    "elements.js",
    "symbols.js",
    "camera.js",
    "state.js",
    "steps.js",
    "years.js",
    "filters.js",
    "scene.js",
    "boxes.js",
    "paint.js",
    "labels.js",
    "picture.js",
    "legend.js",
    "facets.js",
    "time.js",
    "find.js",
    "search.js",
    "panel.js",
    "dossier.js",
    "about.js",
    "places.js",
    "map.js",
    "files.js",
    "images.js",
    "downloads.js",
    "twin.js",
    "outline.js",
    "page.js",
)
"""Our scripts, in the order in which they are read."""

_OPTIONS: dict[str, Any] = {"physics": {"enabled": False}}
_FACTS = ("title", "description", "date", "licence")
_TERMS = ("functions", "statuses", "legal_forms", "sectors", "calls")
_TEXTS = ("aliases", "identifiers", "themes", "territories")
_PLACES = {
    "departement": "departements",
    "region": "regions",
    "region_before_2016": "regions_before_2016",
}
"""What is said of a place, and the attribute that holds it, a list of at most one."""
_MEASURES = ("degree", "betweenness", "closeness", "eigenvector", "pagerank", "core")
_MEASURED = 2_000
"""Actors beyond which a page goes without measures: `ptce network --measures` gives them."""
_PERIOD = ("valid_from", "valid_until", "observed_in")
_LINK_FACTS = ("layer", "role", *_PERIOD, "certainty", "amount")

_WEB = re.compile("https?://[^/]", re.IGNORECASE)

Terms = dict[tuple[str, str], int]


def page(
    network: nx.MultiDiGraph[str],
    *,
    language: str = "fr",
    site: Mapping[str, Any] | None = None,
    arranged: Callable[[], layout.Arranged] | None = None,
) -> str:
    """Return the page that shows a network, as HTML in one file.

    Args:
        network: what `network.network` gives; it is not changed.
        language: of the first view, one of `LANGUAGES`; the reader can switch.
        site: that the page is part of: `base` of its IRIs, `home` by language, `version`,
            `released`; the page stands beside its first page.
        arranged: gives where its actors stand, where that was begun before.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: one of {', '.join(LANGUAGES)}")
    terms, sources = Terms(), _sources(network)
    drawing = Network(directed=True, cdn_resources="in_line")
    arranged = arranged or layout.arranging(network)
    things = (network, terms, sources)
    drawing.nodes, drawing.edges = _nodes(*things), _edges(*things)
    _place(drawing.nodes, *arranged())
    drawing.set_options(json.dumps(_OPTIONS))
    drawing.templateEnv = _environment()
    drawing.path = "template.html"
    texts = json.loads(_read("texts.json"))
    script, style = "\n".join(map(_read, SCRIPTS)), _read("page.css")
    said = {key: network.graph.get(key, "") for key in _FACTS}
    block = {"language": language, "graph": said, "texts": texts, "sources": list(sources.values())}
    block["measures"] = {key: asdict(METHODS[key]) for key in _MEASURES}
    block |= {"france": json.loads(_read("france.json")), "layers": network.graph.get("layers", {})}
    block |= {"site": dict(site)} if site else {}
    block["terms"] = [{"fr": french, "en": english} for french, english in terms]

    def data(nodes: list[Any], edges: list[Any], options: str) -> str:
        return _embed(block | {"nodes": nodes, "edges": edges, "options": json.loads(options)})

    drawing.templateEnv.globals.update(
        data=data,
        graph=network.graph,
        language=language,
        languages=LANGUAGES,
        policy=_policy(script, style),
        script=script,
        site=site,
        style=style,
        text=texts[language],
    )
    return str(drawing.generate_html("network.html"))


def _nodes(
    network: nx.MultiDiGraph[str], terms: Terms, sources: dict[str, dict[str, str]]
) -> list[dict[str, Any]]:
    from ptce_graph.network import brokers, measures

    numbers = {iri: number for number, iri in enumerate(sources)}
    measured = len(network) <= _MEASURED
    values = measures.measures(network) if measured else {}
    found = brokers.brokers(network) if measured else {}
    nodes = []
    for iri in sorted(network):
        facts: dict[str, Any] = network.nodes[iri]
        label = str(facts.get("label") or iri)
        node = {
            "id": iri,
            "label": label,
            "lines": layout.label_lines(label),
            "size": layout.radius(facts.get("kind", "")),
            "kind": facts.get("kind", ""),
            "kind_label": _term(terms, facts.get("kind_label")),
            **{key: [_term(terms, term) for term in facts.get(key, ())] for key in _TERMS},
            **{key: list(facts.get(key, ())) for key in _TEXTS},
            **{key: next(iter(facts.get(many, ())), "") for key, many in _PLACES.items()},
            "place": facts.get("place", ""),
            "homepages": list(filter(None, map(_web_address, homepages(facts)))),
            "note": _said(terms, facts),
            "sources": _numbers(facts.get("sources", ()), numbers),
            "measures": [values[iri][key] for key in _MEASURES] if iri in values else [],
        }
        if iri in found:
            said = {code: brokers.sentence(network, iri, found[iri], code) for code in LANGUAGES}
            node["broker"] = _term(terms, said)
        nodes.append(_filled(node))
    return nodes


def _place(
    nodes: list[dict[str, Any]], positions: dict[str, tuple[int, int]], hubs: dict[str, str]
) -> None:
    """Say of each actor where it stands, and around which one."""
    places = {node["id"]: place for place, node in enumerate(nodes)}
    for node in nodes:
        node["x"], node["y"] = positions[node["id"]]
        if node["id"] in hubs:
            node["hub"] = places[hubs[node["id"]]]


def _edges(
    network: nx.MultiDiGraph[str], terms: Terms, sources: dict[str, dict[str, str]]
) -> list[dict[str, Any]]:
    numbers = {iri: number for number, iri in enumerate(sources)}
    places = {iri: place for place, iri in enumerate(sorted(network))}
    seen: dict[str, int] = {}
    parallel: dict[frozenset[str], int] = {}
    edges, backing = [], Backing(network)
    for source, target, iri, facts in sorted(
        network.edges(keys=True, data=True), key=lambda edge: (str(edge[2]), edge[0], edge[1])
    ):
        pair = frozenset((source, target))
        seen[iri] = seen.get(iri, 0) + 1
        parallel[pair] = parallel.get(pair, 0) + 1
        edge = {
            "id": str(iri) if seen[iri] == 1 else f"{iri}#{seen[iri]}",
            "iri": str(iri) if seen[iri] > 1 else "",
            "from": places[source],
            "to": places[target],
            "role_label": _term(terms, facts.get("role_label")),
            "note": _said(terms, facts),
            "sources": _numbers(facts.get("sources", ()), numbers),
            "curve": parallel[pair] - 1 or None,
            "directed": False if facts.get("directed") is False else None,
            "backing": backing.of(source, target, facts),
        }
        edges.append(_filled(edge | {key: facts.get(key, "") for key in _LINK_FACTS}))
    return edges


def _sources(network: nx.MultiDiGraph[str]) -> dict[str, dict[str, str]]:
    """Return every source that an actor or a link names, by IRI, described or not."""
    known = network.graph.get("sources", {})
    facts = [facts for _, facts in network.nodes(data=True)]
    facts += [facts for _, _, facts in network.edges(data=True)]
    named = {iri for fact in facts for iri in fact.get("sources", ())}
    sources = {}
    for iri in sorted(named):
        source = {
            key: str(known.get(iri, {}).get(key) or "") for key in ("title", "publisher", "date")
        }
        source["url"] = _web_address(known.get(iri, {}).get("url"))
        source["version"] = str(known.get(iri, {}).get("version") or "")
        sources[iri] = _filled({"iri": iri} | source)
    return sources


def _term(terms: Terms, term: dict[str, str] | None) -> int:
    """Return the number of a text in two languages, which stands once in the page."""
    french, english = (term or {}).get("fr", ""), (term or {}).get("en", "")
    return terms.setdefault((french or english, english or french), len(terms))


def _said(terms: Terms, facts: dict[str, Any]) -> int | None:
    """Return the number of the note of an actor or a link, or None when it has none."""
    return _term(terms, facts["note"]) if facts.get("note") else None


def _numbers(iris: Iterable[str], numbers: dict[str, int]) -> list[int]:
    return [numbers[iri] for iri in iris]


def _filled(facts: dict[str, Any]) -> dict[str, Any]:
    """Leave out what says nothing; a number and False say something."""
    return {key: value for key, value in facts.items() if value or value == 0}


def _web_address(address: str | None) -> str:
    """Return an address that a browser may be sent to, or nothing."""
    return str(address) if _WEB.match(address or "") else ""


def _embed(block: dict[str, Any]) -> str:
    """Return JSON that cannot end the element it stands in."""
    text = json.dumps(block, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(_read), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def _read(name: str) -> str:
    return (files("ptce_graph") / "page" / name).read_text("utf-8")


def _policy(script: str, style: str) -> str:
    """Return a content-security policy under which only this script and this style work."""
    return (
        f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"

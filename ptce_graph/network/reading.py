"""RDF to NetworkX: the actors and their links, as the ontology says that they are drawn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ptce_graph.namespaces import ONTOLOGY, PREFIXES, RDF_TYPE, SCHEME
from ptce_graph.network.identity import unite
from ptce_graph.network.names import Labels, Names
from ptce_graph.network.tables import Row, Stated, Tables

if TYPE_CHECKING:
    import networkx as nx

Sketched = Callable[["nx.MultiDiGraph[str]"], object]
"""What is called with the actors, their kinds and labels, and who is linked to whom."""

TITLE = {"fr": "Réseau de coopération des PTCE", "en": "Cooperation network of the PTCE"}
DESCRIPTION = {
    "fr": "Les pôles territoriaux de coopération économique, leurs membres et leurs partenaires, "
    "chaque lien avec sa période, sa source et sa certitude.",
    "en": "The territorial clusters for economic cooperation, their members and partners, "
    "each link with its period, its source and its certainty.",
}
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
GROUPING = {"fr": "rattachement à un groupement", "en": "membership of a grouping"}
ESS_FAMILY = ONTOLOGY + "essFamily"
PARTICIPANT = SCHEME + "role/participant"
SAME = PREFIXES["owl"] + "sameAs"
SOURCE = PREFIXES["prov"] + "hadPrimarySource"

_LABEL = PREFIXES["skos"] + "prefLabel"
_FACTS = {
    "place": ONTOLOGY + "locatedIn",
    "noteFr": ONTOLOGY + "evidenceNote@fr",
    "noteEn": ONTOLOGY + "evidenceNote@en",
}

_TERMS = {
    ONTOLOGY + "hasFunction": "functions",
    ONTOLOGY + "hasStatus": "statuses",
    ONTOLOGY + "inSector": "sectors",
    ONTOLOGY + "laureateOf": "calls",
    ONTOLOGY + "legalForm": "legal_forms",
}
_TEXTS = {
    PREFIXES["foaf"] + "homepage": "homepages",
    PREFIXES["skos"] + "altLabel": "aliases",
    ONTOLOGY + "theme": "themes",
}
_TEXTS |= {ONTOLOGY + name: "identifiers" for name in ("siren", "siret", "rna")}
_DETAILS = sorted({*_TERMS, *_TEXTS, ESS_FAMILY})
PROPERTIES = (_LABEL, SAME, *_FACTS.values(), *_DETAILS, SOURCE)
"""What is read of actors, what the sketch needs first."""

_PLACES = ("territories", "departements", "regions", "regions_before_2016")
_LISTS = (*_TERMS.values(), *_TEXTS.values(), *_PLACES, "codes", "sources")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def layer(row: Row) -> str:
    """Return the layer of a link: what its class is called, or a grouping where no pole is joined.

    >>> layer({"class": "https://w3id.org/ptce/ontology#CooperationLink", "toPole": "false"})
    'cooperation'
    """
    name = _layer(row["class"])
    return "grouping" if name == "membership" and row["toPole"] == "false" else name


def _layer(iri: str) -> str:
    return _WORD.sub("-", iri.rpartition("#")[2]).lower().removesuffix("-link")


def layers(tables: Tables) -> dict[str, Labels]:
    """Return the layers that the ontology draws, with their names."""
    rows = tables.rows("relations")
    found = {_layer(r["class"]): {"fr": r["fr"] or r["en"], "en": r["en"] or r["fr"]} for r in rows}
    if "membership" in found:
        found["grouping"] = GROUPING
    return dict(sorted(found.items()))


class _Bare(NamedTuple):
    """What an actor is called, and its class; whether it is one, or another thing at an end."""

    label: str
    kind: str
    is_actor: bool


def read(
    tables: Tables,
    links: Iterable[Row],
    actors: Iterable[str] | None = None,
    sketched: Sketched | None = None,
) -> nx.MultiDiGraph[str]:
    """Return the network of these links, their ends, and these actors; by default of all actors.

    A node is the IRI of an actor, with its label, kind, place, territories, names, identifiers
    and sources. An edge goes from who takes part, pays or acts to whom; its key is the IRI of the
    node that states it, with layer, role, period, certainty and sources. Parallel links are kept.
    `sketched` is called as soon as that is known but for the facts, which are then read.
    """
    import networkx as nx

    links = sorted(links, key=itemgetter("link", "from", "to"))
    ends = {row[end] for row in links for end in ("from", "to")}
    wanted = None if actors is None else sorted(ends | {*actors})
    names = Names(tables)
    stated = tables.stated([RDF_TYPE, _LABEL, SAME], wanted)
    bare = _bare(tables, stated, ends if wanted is None else wanted, names)
    same = [(iri, other) for iri, others in stated[SAME].items() for other in others]
    if sketched is not None:
        sketched(_sketch(bare, links, same))
    stated = {**stated, **tables.stated(PROPERTIES[2:], wanted)}
    names.read(
        (place for places in stated[_FACTS["place"]].values() for place in places),
        (value for iri in _TERMS for values in stated[iri].values() for value in values),
        (row["role"] or row["class"] for row in links),
    )
    cited = stated if wanted is None else tables.stated([SOURCE], [row["link"] for row in links])
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(_actors(bare, stated, names))
    for start, end, key, facts in _links(links, cited[SOURCE], names):
        graph.add_edge(start, end, key, **facts)
    unite(graph, same, _LISTS)
    graph.graph.update(title=TITLE, description=DESCRIPTION, licence=LICENCE, layers=layers(tables))
    describe(graph, tables)
    return graph


def _bare(
    tables: Tables, stated: dict[str, Stated], things: Iterable[str], names: Names
) -> dict[str, _Bare]:
    """Return the actors, and the other things that are wanted, in order."""
    kinds = {row["kind"] for row in tables.rows("kinds")}
    found = {
        iri: _Bare(stated[_LABEL][iri][0], max(kinds.intersection(types)), is_actor=True)
        for iri, types in stated[RDF_TYPE].items()
        if iri in stated[_LABEL] and not kinds.isdisjoint(types)
    }
    others = {*things} - found.keys()
    names.read(others, (actor.kind for actor in found.values()))
    found |= {iri: _Bare(names.labels(iri)["fr"], names.kind(iri), False) for iri in others}
    return dict(sorted(found.items()))


def _sketch(
    bare: dict[str, _Bare], links: Iterable[Row], same: Iterable[tuple[str, str]]
) -> nx.MultiDiGraph[str]:
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri, actor in bare.items():
        kind = _last_part(actor.kind)
        graph.add_node(iri, label=actor.label, kind=kind, place="", sources=[])
    for row in links:
        graph.add_edge(row["from"], row["to"], row["link"])
    unite(graph, same, ())
    return graph


def describe(graph: nx.MultiGraph[str], tables: Tables) -> None:
    """Write into a network its counts, and the documents that its actors and links name."""
    facts = [data for _, data in graph.nodes(data=True)]
    facts += [data for _, _, data in graph.edges(data=True)]
    used = sorted({source for data in facts for source in data["sources"]})
    documents = {row["source"]: row for row in tables.rows("documents", "source", used)}
    kept = ("title", "publisher", "date", "url", "version")
    graph.graph["sources"] = {
        iri: {name: row[name] for name in kept} for iri, row in sorted(documents.items())
    }
    graph.graph["date"] = max((row["date"] for row in documents.values()), default="")
    count(graph)


def entitle(graph: nx.MultiGraph[str], parts: Iterable[Labels]) -> None:
    """Put into the title of a network what part of the whole it is."""
    parts = [*parts]
    if parts:
        graph.graph["title"] = {
            language: f"{', '.join(part[language] for part in parts)} – {title}"
            for language, title in TITLE.items()
        }


def count(graph: nx.MultiGraph[str]) -> None:
    """Write into a network how many poles, other actors and links it has."""
    kinds = Counter(data["kind"] for _, data in graph.nodes(data=True))
    graph.graph["counts"] = {
        "poles": kinds["Pole"],
        "actors": graph.number_of_nodes() - kinds["Pole"],
        "links": graph.number_of_edges(),
    }


def _actors(
    bare: dict[str, _Bare], stated: dict[str, Stated], names: Names
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the actors with all that is stated of them."""
    details = [(_TERMS.get(iri), _TEXTS.get(iri), stated[iri]) for iri in _DETAILS if stated[iri]]
    french, english, places, sources = (
        stated[iri] for iri in (_FACTS["noteFr"], _FACTS["noteEn"], _FACTS["place"], SOURCE)
    )
    kinds = {kind: (_last_part(kind), names.labels(kind)) for _, kind, _ in bare.values()}
    for iri, (label, kind, is_actor) in bare.items():
        where = names.place(places[iri][0] if is_actor and iri in places else "")
        said = (french, english) if is_actor else ({}, {})
        node: dict[str, Any] = {
            "label": label,
            "kind": kinds[kind][0],
            "kind_label": kinds[kind][1],
            "place": where["place"],
            "note": _note(*(notes[iri][0] if iri in notes else "" for notes in said)),
            **{name: [] for name in _LISTS},
        }
        for name in _PLACES:
            node[name] += where[name]
        node["sources"] += sources.get(iri, ())
        for terms, texts, values_of in details:
            if (values := values_of.get(iri)) is None:
                continue
            node["codes"] += [v.removeprefix(SCHEME) for v in values if v.startswith(SCHEME)]
            if terms:
                node[terms] += map(names.labels, values)
            elif texts:
                node[texts] += values
        yield iri, node


def _note(french: str, english: str) -> Labels:
    """Return a note in both languages, from the one that has it; {} when none has."""
    return {"fr": french or english, "en": english or french} if french or english else {}


def _links(
    rows: Iterable[Row], sources: Stated, names: Names
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield the links, from whom to whom, with all that is stated of them."""
    kinds: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        kind = row["class"], row["role"], row["toPole"], row["directed"]
        if kind not in kinds:
            kinds[kind] = _kind(row, names)
        facts = kinds[kind] | {
            "valid_from": row["validFrom"],
            "valid_until": row["validUntil"],
            "observed_in": row["observedIn"],
            "certainty": row["certainty"].rpartition("/")[2],
            "amount": row["amount"],
            "note": _note(row["noteFr"], row["noteEn"]),
            "sources": [*sources.get(row["link"], ())],
        }
        if "holds" in row:
            facts["holds"] = row["holds"]
        yield row["from"], row["to"], row["link"], facts


def _kind(row: Row, names: Names) -> dict[str, Any]:
    """Return what is the same for all links of a class and a role."""
    said = row["role"] or row["class"]
    return {
        "layer": layer(row),
        "role": _last_part(said) if row["role"] else _last_part(said).lower(),
        "role_label": names.labels(said),
        "verb_label": names.verbs(said, named=bool(row["role"])),
        "member": PARTICIPANT in names.upwards(row["role"]),
        "directed": row["directed"] != "false",
    }


def _last_part(iri: str) -> str:
    return re.split("[/#]", iri)[-1]

"""RDF to NetworkX: the actors and their links, as the ontology says that they are drawn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ptce_graph.namespaces import ONTOLOGY, PREFIXES, RDF_TYPE, SCHEME
from ptce_graph.network.identity import unite
from ptce_graph.network.tables import Row, Stated, Tables

if TYPE_CHECKING:
    import networkx as nx

Labels = dict[str, str]
"""A text by language."""

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

_FACTS = {
    "label": PREFIXES["skos"] + "prefLabel",
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


def read(
    tables: Tables, links: Iterable[Row], actors: Iterable[str] | None = None
) -> nx.MultiDiGraph[str]:
    """Return the network of these links, their ends, and these actors; by default of all actors.

    A node is the IRI of an actor, with its label, kind, place, territories, names, identifiers
    and sources. An edge goes from who takes part, pays or acts to whom; its key is the IRI of the
    node that states it, with layer, role, period, certainty and sources. Parallel links are kept.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    links = sorted(links, key=lambda row: (row["link"], row["from"], row["to"]))
    ends = {row[end] for row in links for end in ("from", "to")}
    wanted = None if actors is None else sorted(ends | {*actors})
    stated = tables.stated([RDF_TYPE, *_FACTS.values(), *_DETAILS, SOURCE, SAME], wanted)
    kinds = {row["kind"] for row in tables.rows("kinds")}
    found = {
        iri: max(kinds.intersection(types))
        for iri, types in stated[RDF_TYPE].items()
        if iri in stated[_FACTS["label"]] and not kinds.isdisjoint(types)
    }
    others = (ends if wanted is None else {*wanted}) - found.keys()
    names = Names(tables)
    names.read(
        others,
        found.values(),
        (place for places in stated[_FACTS["place"]].values() for place in places),
        (value for iri in _TERMS for values in stated[iri].values() for value in values),
        (row["role"] or row["class"] for row in links),
    )
    for iri in sorted(found.keys() | others):
        graph.add_node(iri, **_actor(iri, found.get(iri), stated, names))
    cited = stated if wanted is None else tables.stated([SOURCE], [row["link"] for row in links])
    for row in links:
        facts = _link(row, names, cited[SOURCE].get(row["link"], ()))
        graph.add_edge(row["from"], row["to"], key=row["link"], **facts)
    decisions = [(iri, same) for iri, others in stated[SAME].items() for same in others]
    unite(graph, decisions, _LISTS)
    graph.graph.update(title=TITLE, description=DESCRIPTION, licence=LICENCE, layers=layers(tables))
    describe(graph, tables)
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


class Names:
    """The names of classes, concepts and territories, and what these are part of; read once."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows: dict[str, Row] = {}
        self._broader: dict[str, list[str]] = {}
        self._places: dict[str, dict[str, Any]] = {}
        self._labels: dict[str, Labels] = {}

    def read(self, *groups: Iterable[str]) -> None:
        """Read the names of things, and those of everything that they are part of."""
        wanted = {iri for group in groups for iri in group if iri} - self._rows.keys()
        while wanted:
            rows = self._tables.rows("names", "thing", wanted)
            for row in sorted(rows, key=_own_class_first):
                self._rows.setdefault(row["thing"], row)
                broader = self._broader.setdefault(row["thing"], [])
                if row["broader"] and row["broader"] not in broader:
                    broader.append(row["broader"])
            wanted = {iri for found in self._broader.values() for iri in found} - self._rows.keys()

    def labels(self, iri: str) -> Labels:
        """Return the name of a thing in both languages; the end of its IRI where it has none."""
        if iri not in self._labels:
            row = self._rows.get(iri, {})
            name = row.get("fr") or row.get("en") or re.split("[/#]", iri)[-1]
            self._labels[iri] = {"fr": name, "en": row.get("en") or name}
        return self._labels[iri]

    def verbs(self, iri: str, *, named: bool) -> Labels:
        """Return what stands between the two ends of a relation, in both languages.

        It is the other name of the concept or of the class, as `supported`; else it is made of
        its name: a concept says as what one takes part, a class by what both are linked.
        """
        row, labels = self._rows.get(iri, {}), self.labels(iri)
        if row.get("verbFr") and row.get("verbEn"):
            return {"fr": row["verbFr"], "en": row["verbEn"]}
        if not named:
            return {
                "fr": f"est lié par « {labels['fr']} » à",
                "en": f'is linked by "{labels["en"]}" to',
            }
        article = "an" if labels["en"][:1].lower() in "aeio" else "a"
        return {"fr": f"est {labels['fr']} de", "en": f"is {article} {labels['en']} of"}

    def upwards(self, iri: str) -> list[str]:
        """Return a thing and everything that it is part of, the nearest first."""
        found = [iri] if iri in self._rows else []
        for thing in found:
            found += [above for above in self._broader[thing] if above not in found]
        return found

    def place(self, iri: str) -> dict[str, Any]:
        """Return where a territory lies, as attributes of the actors that are there."""
        if iri not in self._places:
            self._places[iri] = self._place([self._rows[above] for above in self.upwards(iri)])
        return self._places[iri]

    def _place(self, rows: list[Row]) -> dict[str, Any]:
        names = [self.labels(row["thing"])["fr"] for row in rows]
        levels: dict[str, list[tuple[str, Row]]] = {"Department": [], "Region": []}
        for name, row in zip(names, rows, strict=True):
            levels.setdefault(row["class"].removeprefix(ONTOLOGY), []).append((name, row))
        within = [name for name, _ in levels["Department"]] + names[1:]
        within = [name for name in within if name != names[0]]
        regions = levels["Region"]
        return {
            "place": f"{names[0]} ({within[0]})" if within else "".join(names[:1]),
            "territories": names,
            "departements": [row["code"] for _, row in levels["Department"]],
            "regions": [name for name, row in regions if not row["validUntil"]],
            "regions_before_2016": [name for name, row in regions if not row["validFrom"]],
        }

    def row(self, iri: str) -> tuple[str, Row]:
        """Return the class of a thing that is no actor, and what is said of it as of one."""
        kind = self._rows.get(iri, {}).get("class", "")
        self.read([kind])
        return kind, {"label": self.labels(iri)["fr"], "place": ""}


def _own_class_first(row: Row) -> tuple[object, ...]:
    return not row["class"].startswith(ONTOLOGY), *row.values()


def _actor(iri: str, kind: str | None, stated: dict[str, Stated], names: Names) -> dict[str, Any]:
    row = {name: stated[where].get(iri, [""])[0] for name, where in _FACTS.items()}
    if kind is None:
        kind, row = names.row(iri)
    where = names.place(row["place"])
    node: dict[str, Any] = {
        "label": row["label"],
        "kind": re.split("[/#]", kind)[-1],
        "kind_label": names.labels(kind),
        "place": where["place"],
        "note": _note(row),
        **{name: list(where.get(name, ())) for name in _LISTS},
    }
    node["sources"] += stated[SOURCE].get(iri, ())
    for detail in _DETAILS:
        values = stated[detail].get(iri)
        if values is None:
            continue
        node["codes"] += [v.removeprefix(SCHEME) for v in values if v.startswith(SCHEME)]
        if detail in _TERMS:
            node[_TERMS[detail]] += map(names.labels, values)
        elif detail in _TEXTS:
            node[_TEXTS[detail]] += values
    return node


def _note(row: Row) -> Labels:
    """Return the note of a thing in both languages, from the one that has it; {} when none has."""
    french, english = row.get("noteFr", ""), row.get("noteEn", "")
    return {"fr": french or english, "en": english or french} if french or english else {}


def _link(row: Row, names: Names, sources: Iterable[str]) -> dict[str, Any]:
    role = re.split("[/#]", row["role"] or row["class"])[-1]
    return {
        "layer": layer(row),
        "role": role if row["role"] else role.lower(),
        "role_label": names.labels(row["role"] or row["class"]),
        "verb_label": names.verbs(row["role"] or row["class"], named=bool(row["role"])),
        "member": PARTICIPANT in names.upwards(row["role"]),
        "directed": row["directed"] != "false",
        "valid_from": row["validFrom"],
        "valid_until": row["validUntil"],
        "observed_in": row["observedIn"],
        "certainty": row["certainty"].rpartition("/")[2],
        "amount": row["amount"],
        "note": _note(row),
        "sources": list(sources),
    } | ({"holds": row["holds"]} if "holds" in row else {})

"""The links of the network, one row each, as the ontology says that relations are drawn."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from ptce_graph.namespaces import ONTOLOGY, RDF_TYPE
from ptce_graph.network.tables import Row, Stated, Tables

POLE = ONTOLOGY + "Pole"
_FROM_CLASS = ("role", "validFrom", "validUntil", "observedIn")
_FACTS = {name: ONTOLOGY + name for name in ("certainty", "amount")}
_FACTS |= {"noteFr": ONTOLOGY + "evidenceNote@fr", "noteEn": ONTOLOGY + "evidenceNote@en"}
_DIRECTED = ONTOLOGY + "drawnDirected"


def read(tables: Tables, wanted: Iterable[str] | None = None) -> list[Row]:
    """Return the links of these IRIs, by default all of them.

    A row says the link, from whom to whom, its class, whether it reaches a pole (`toPole`), its
    role, whether it has a direction, its period, certainty, amount and note, as texts.
    """
    wanted = None if wanted is None else sorted(set(wanted))
    relations = _relations(tables)
    stated = tables.stated(properties(tables), wanted)
    found = [row for relation in relations for row in _drawn(relation, stated)]
    ends = None if wanted is None else sorted({row["to"] for row in found})
    kinds = stated if ends is None else tables.stated([RDF_TYPE], ends)
    roles = sorted({row["role"] for row in found} - {""})
    directions = tables.stated([_DIRECTED], roles)[_DIRECTED]
    for row in found:
        row["toPole"] = "true" if POLE in kinds[RDF_TYPE].get(row["to"], ()) else "false"
        row["directed"] = directions.get(row["role"], [row["directed"]])[0]
    return found


def properties(tables: Tables) -> list[str]:
    """Return what is read of links."""
    names = ("from", "to", *_FROM_CLASS)
    drawn = {relation[name] for relation in _relations(tables) for name in names} - {""}
    return [RDF_TYPE, *sorted(drawn), *_FACTS.values()]


def _relations(tables: Tables) -> list[Row]:
    return [*{row["class"]: row for row in tables.rows("relations")}.values()]


def _drawn(relation: Row, stated: dict[str, Stated]) -> Iterable[Row]:
    """Yield the links of a kind of relation; of several values of a fact the first one counts."""
    kinds, sources, targets = (
        stated[name] for name in (RDF_TYPE, relation["from"], relation["to"])
    )
    facts = {name: stated.get(relation[name], {}) for name in _FROM_CLASS}
    facts |= {name: stated[iri] for name, iri in _FACTS.items()}
    same = {"class": relation["class"], "directed": relation["directed"]}
    for link, ends in sources.items():
        if link not in targets or relation["class"] not in kinds.get(link, ()):
            continue
        said = {name: values[link][0] if link in values else "" for name, values in facts.items()}
        for source, target in itertools.product(ends, targets[link]):
            yield {"link": link, "from": source, "to": target, **same, **said}

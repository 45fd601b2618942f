"""The names of classes, concepts and territories, and what these are part of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ptce_graph.namespaces import ONTOLOGY
from ptce_graph.network.tables import Row, Tables

Labels = dict[str, str]
"""A text by language."""


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

    def kind(self, iri: str) -> str:
        """Return the class of a thing, whose name is then read too; "" where none is known."""
        kind = self._rows.get(iri, {}).get("class", "")
        self.read([kind])
        return kind


def _own_class_first(row: Row) -> tuple[object, ...]:
    return not row["class"].startswith(ONTOLOGY), *row.values()

"""The part of the network that is wanted, found without reading the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ptce_graph.errors import QueryError
from ptce_graph.network import links, reading, things
from ptce_graph.network.names import Labels, Names
from ptce_graph.network.periods import holds
from ptce_graph.network.tables import Row, Tables

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Selection:
    """What part of the network is wanted, as a person says it; nothing said is everything.

    Attributes:
        territory: actors located there or covering it, their links, and whom these lead to.
        kind: actors of that kind, their links, and whom these lead to.
        pole: a pole, those linked to it, and the links among them.
        ego: an actor and what is around it, with the links among them.
        steps: how far around.
        layers: only links of these layers, and who has one.
        as_of: only links that may hold at that year, month or day, and who has one; each link
            says how sure that is.
    """

    territory: str = ""
    kind: str = ""
    pole: str = ""
    ego: str = ""
    steps: int = 1
    layers: tuple[str, ...] = ()
    as_of: str = ""


def choose(tables: Tables, selection: Selection) -> tuple[list[Row], set[str] | None]:
    """Return the links that a selection names, and actors beside their ends; None is all actors.

    Raises:
        QueryError: something that it names is not there.
    """
    chosen = _Links(tables, selection)
    centres, picked = _centres(tables, selection), _picked(tables, selection)
    filtered = bool(selection.layers or selection.as_of)
    if not centres and picked is None:
        return chosen.kept(links.read(tables)), set() if filtered else None
    inner = chosen.around(centres, selection.steps if selection.ego else 1) if centres else None
    start = picked or set() if inner is None else inner
    rows = chosen.of(start)
    actors = set(start)
    if inner is not None:
        rows = [row for row in rows if row["from"] in inner and row["to"] in inner]
        if picked is not None:
            rows = [row for row in rows if row["from"] in picked or row["to"] in picked]
            actors &= picked
    return rows, centres if filtered else actors


def named(tables: Tables, selection: Selection) -> list[Labels]:
    """Return what a selection names, as a title says it, in both languages."""
    store, names = tables.store, Names(tables)
    found = []
    if selection.territory:
        found += [things.find(store, "--territory", selection.territory, ("territory",))]
    if selection.kind:
        found += [things.find_kind(tables, "--kind", selection.kind)]
    found = sorted(_centres(tables, selection)) + found
    names.read(found)
    known = reading.layers(tables) if selection.layers else {}
    labels = [names.labels(iri) for iri in found] + [known[name] for name in selection.layers]
    return labels + [{"fr": date, "en": date} for date in [selection.as_of] if date]


def among(tables: Tables, actors: set[str]) -> list[Row]:
    """Return the links among some actors."""
    rows = _Links(tables, Selection()).of(actors)
    return [row for row in rows if row["from"] in actors and row["to"] in actors]


def _centres(tables: Tables, wanted: Selection) -> set[str]:
    pole = {things.find(tables.store, "--pole", wanted.pole, ("pole",))} if wanted.pole else set()
    return pole | ({things.find(tables.store, "--ego", wanted.ego)} if wanted.ego else set())


def _picked(tables: Tables, wanted: Selection) -> set[str] | None:
    """Return the actors in the territory and of the kind wanted, None where neither is said."""
    found: list[set[str]] = []
    if wanted.territory:
        iri = things.find(tables.store, "--territory", wanted.territory, ("territory",))
        rows = tables.rows("within-territory", "territory", [iri])
        found.append({row["actor"] for row in rows})
    if wanted.kind:
        iri = things.find_kind(tables, "--kind", wanted.kind)
        found.append({row["actor"] for row in tables.rows("of-kind", "kind", [iri])})
    return set.intersection(*found) if found else None


class _Links:
    """The links of actors, of the layers and at the date wanted; each is read once."""

    def __init__(self, tables: Tables, selection: Selection) -> None:
        self._tables, self._layers, self._date = tables, selection.layers, selection.as_of
        self._rows: dict[str, list[Row]] = {}
        known = reading.layers(tables) if self._layers else {}
        for name in self._layers:
            if name not in known:
                some = ", ".join(known)
                raise QueryError(
                    f'--layer: no layer is called "{name}" (choose {some})',
                    f"--layer : aucune couche ne s'appelle « {name} » (choisissez {some})",
                )
        if self._date and not _DATE.fullmatch(self._date):
            raise QueryError(
                f'--as-of: "{self._date}" is no date (write YYYY, YYYY-MM or YYYY-MM-DD)',
                f"--as-of : « {self._date} » n'est pas une date (AAAA, AAAA-MM ou AAAA-MM-JJ)",
            )

    def of(self, actors: set[str]) -> list[Row]:
        """Return the links that leave or reach actors."""
        found = {row["link"] for row in self._tables.rows("links-of", "actor", actors)}
        new = sorted(found - self._rows.keys())
        for row in links.read(self._tables, new):
            self._rows.setdefault(row["link"], []).append(row)
        return self.kept(row for iri in sorted(found) for row in self._rows.get(iri, ()))

    def around(self, centres: set[str], steps: int) -> set[str]:
        """Return the actors at most so many links away."""
        found, edge = set(centres), set(centres)
        for _ in range(steps):
            edge = {row[end] for row in self.of(edge) for end in ("from", "to")} - found
            found |= edge
        return found

    def kept(self, rows: Iterable[Row]) -> list[Row]:
        """Return the links of the layers and at the date wanted."""
        found = []
        for row in rows:
            if self._layers and reading.layer(row) not in self._layers:
                continue
            if self._date:
                period = (row["validFrom"], row["validUntil"], row["observedIn"])
                if not (answer := holds(self._date, *period)):
                    continue
                row = {**row, "holds": answer}
            found.append(row)
        return found

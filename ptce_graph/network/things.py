"""What a person calls an actor, a territory or a kind, turned into its IRI."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyoxigraph
from pyoxigraph import NamedNode

from ptce_graph import labels
from ptce_graph.errors import QueryError
from ptce_graph.namespaces import ID
from ptce_graph.network.tables import Tables

ACTORS = ("pole", "org")
"""Parts of the IRIs of actors: https://w3id.org/ptce/id/PART/KEY."""

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\x00-\x20<>\"{}|^`\\]+")


def find(store: pyoxigraph.Store, option: str, value: str, parts: Sequence[str] = ACTORS) -> str:
    """Return the IRI of the thing that a person names by its IRI, its key or a name.

    Args:
        store: where names are looked up.
        option: the option that the value was given to, for the message.
        value: `sud-aquitaine`, `pole/sud-aquitaine`, a whole IRI, or a name in any spelling.
        parts: where keys are looked up, as in ACTORS.

    Raises:
        QueryError: nothing has that name, or several things have; it says which would do.
    """
    text = value.strip().removeprefix("<").removesuffix(">")
    whole = _IRI.fullmatch(text) is not None
    keys = [text] if whole else [ID + text, *(f"{ID}{part}/{text}" for part in parts)]
    known = [iri for iri in keys if _IRI.fullmatch(iri) and _exists(store, iri)]
    if not known and not whole:
        named = (labels.find(store, f"{ID}{part}/", text) for part in parts)
        known = [iri for found in named for iri in found]
    if len(known) == 1:
        return known[0]
    if known:
        several = ", ".join(iri.removeprefix(ID) for iri in sorted(known))
        raise QueryError(
            f'{option}: several things are called "{value}": {several}',
            f"{option} : plusieurs choses s'appellent « {value} » : {several}",
        )
    close = [
        f"{part}/{thing}" for part in parts for thing in labels.closest(store, f"{ID}{part}/", text)
    ]
    raise _nothing(option, value, close)


def _exists(store: pyoxigraph.Store, iri: str) -> bool:
    return next(store.quads_for_pattern(NamedNode(iri), None, None, None), None) is not None


def find_kind(tables: Tables, option: str, value: str) -> str:
    """Return the class of actors that a person names: `cooperative`, `Coopérative`, `Pole` …

    Raises:
        QueryError: there is no such kind; it says which there are.
    """
    wanted = labels.fold(value)
    kinds: dict[str, list[str]] = {}
    for row in tables.rows("kinds"):
        kinds.setdefault(row["kind"], [row["kind"].rpartition("#")[2]]).append(row["name"])
    for iri, names in sorted(kinds.items()):
        if value == iri or wanted in map(labels.fold, names):
            return iri
    raise _nothing(option, value, sorted(names[0] for names in kinds.values()))


def _nothing(option: str, value: str, close: Sequence[str]) -> QueryError:
    some = "; ".join(close)
    hint = f" (did you mean {some}?)" if some else ""
    conseil = f" (vouliez-vous dire {some} ?)" if some else ""
    return QueryError(
        f'{option}: nothing is called "{value}"{hint}',
        f"{option} : rien ne s'appelle « {value} »{conseil}",
    )

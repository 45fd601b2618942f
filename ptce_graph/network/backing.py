"""How well a link is corroborated: who speaks in the documents that state it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)", re.IGNORECASE)


class Backing:
    """What a network says of how well its links are corroborated; it must not change meanwhile."""

    def __init__(self, network: nx.MultiDiGraph[str]) -> None:
        self._network = network
        self._documents = network.graph.get("sources", {})
        self._names: dict[str, set[str]] = {}
        self._sides: dict[str, set[str]] = {}

    def of(self, source: str, target: str, facts: dict[str, Any]) -> str:
        """Say how well a link is corroborated.

        Two sources are independent when neither is a version of the other and their publishers
        differ.
        """
        if facts.get("certainty") == "inferred":
            return "inferred"
        iris = {*facts.get("sources", ())}
        if not iris:
            return "none"
        documents = [(iri, self._documents.get(iri, {})) for iri in iris]
        origins = {document.get("version") or iri for iri, document in documents}
        publishers = {document.get("publisher") or iri for iri, document in documents}
        if len(origins) > 1 and len(publishers) > 1:
            return "independent"
        ends = [self._named(end) for end in (source, target)]
        known = any(document for _, document in documents)
        own = all(any(not self._side(iri).isdisjoint(end) for end in ends) for iri in iris)
        return "own" if known and own else "single"

    def _named(self, actor: str) -> set[str]:
        """Return the names and the hosts by which an actor is known as a publisher."""
        if actor not in self._names:
            facts = self._network.nodes[actor]
            names = {str(facts.get("label", "")), *facts.get("aliases", ())}
            names |= {_host(address) for address in homepages(facts)}
            self._names[actor] = {name.casefold() for name in names if name}
        return self._names[actor]

    def _side(self, document: str) -> set[str]:
        """Return the name and the host of who speaks in a document."""
        if document not in self._sides:
            said = self._documents.get(document, {})
            self._sides[document] = {str(said.get("publisher")).casefold(), _host(said.get("url"))}
        return self._sides[document]


def homepages(facts: dict[str, Any]) -> list[str]:
    """Return the web addresses of an actor."""
    return [*facts.get("homepages", ()), *filter(None, [facts.get("homepage")])]


def _host(address: str | None) -> str:
    found = _HOST.match(address or "")
    return found[1].casefold() if found else ""

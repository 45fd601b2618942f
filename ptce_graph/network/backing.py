"""How well a link is corroborated: who speaks in the documents that state it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)", re.IGNORECASE)


def backing(network: nx.MultiDiGraph[str], source: str, target: str, facts: dict[str, Any]) -> str:
    """Say how well a link is corroborated.

    Two sources are independent when neither is a version of the other and their publishers differ.
    """
    if facts.get("certainty") == "inferred":
        return "inferred"
    known = network.graph.get("sources", {})
    sources = {iri: known.get(iri, {}) for iri in facts.get("sources", ())}
    if not sources:
        return "none"
    origins = {document.get("version") or iri for iri, document in sources.items()}
    publishers = {document.get("publisher") or iri for iri, document in sources.items()}
    if len(origins) > 1 and len(publishers) > 1:
        return "independent"
    if not any(sources.values()):
        return "single"
    ends = _names(network.nodes[source]) | _names(network.nodes[target])
    sides = [{str(s.get("publisher")).casefold(), _host(s.get("url"))} for s in sources.values()]
    return "own" if all(side & ends for side in sides) else "single"


def _host(address: str | None) -> str:
    found = _HOST.match(address or "")
    return found[1].casefold() if found else ""


def homepages(facts: dict[str, Any]) -> list[str]:
    """Return the web addresses of an actor."""
    return [*facts.get("homepages", ()), *filter(None, [facts.get("homepage")])]


def _names(facts: dict[str, Any]) -> set[str]:
    """Return the names and the hosts by which an actor is known as a publisher."""
    known = {str(facts.get("label", "")), *facts.get("aliases", ())}
    known |= {_host(address) for address in homepages(facts)}
    return {name.casefold() for name in known if name}

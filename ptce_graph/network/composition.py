"""Of what kinds of actor a pole is made, how they are tied, and what it shares with other poles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

KINDS = {
    "ess-enterprise": {"fr": "entreprise de l'ESS", "en": "enterprise of the ESS"},
    "other-enterprise": {"fr": "autre entreprise", "en": "other enterprise"},
    "local-authority": {"fr": "collectivité territoriale", "en": "local authority"},
    "research-centre": {"fr": "centre de recherche", "en": "research centre"},
    "higher-education": {"fr": "enseignement supérieur", "en": "higher education"},
    "training-body": {"fr": "organisme de formation", "en": "training body"},
}
"""The kinds of actor that article 9 of law 2014-856 names, with what they are called."""

_ESS = {"Association", "Cooperative", "Foundation", "Mutual"}
_GROUPINGS = {"function/business-club", "function/business-federation"}
_FUNCTIONS = ("research-centre", "higher-education", "training-body")


@dataclass(frozen=True, slots=True)
class Composition:
    """Of what a pole is made.

    Attributes:
        members, others: number of actors that are members, and that stand beside it.
        kinds: for each of KINDS "member", "beside" (only as partner, support …) or "" where none
            is known, which does not mean that there is none.
        inside: number of links among its actors, other than those to the pole.
        outside: number of links between its actors and anybody else, other poles included.
        shared: other poles, by IRI, with the share of the actors of both that are common
            (P. Jaccard, 1912), the largest first.
    """

    members: int
    others: int
    kinds: dict[str, str]
    inside: int
    outside: int
    shared: dict[str, float]


def kinds_of(node: dict[str, Any]) -> set[str]:
    """Return which of KINDS an actor is; the question `decree-conditions` says the same in SPARQL.

    >>> sorted(kinds_of({"kind": "Association", "codes": ["function/training-body"]}))
    ['ess-enterprise', 'training-body']
    """
    kind, codes = node["kind"], set(node.get("codes", ()))
    family = any(code.startswith("ess-family/") for code in codes)
    ess = kind in _ESS or family or "status/esus" in codes
    found = {name for name in _FUNCTIONS if f"function/{name}" in codes}
    if ess:
        found.add("ess-enterprise")
    if (kind == "CommercialCompany" and not ess) or codes & _GROUPINGS:
        found.add("other-enterprise")
    if kind == "LocalAuthority":
        found.add("local-authority")
    return found


def compositions(network: nx.MultiDiGraph[str]) -> dict[str, Composition]:
    """Return of what each pole is made, by IRI."""
    around: dict[str, dict[str, bool]] = {
        iri: {} for iri, data in network.nodes(data=True) if data["kind"] == "Pole"
    }
    poles_of: dict[str, set[str]] = {}
    for actor, pole, data in network.edges(data=True):
        if data["layer"] == "membership" and pole in around:
            around[pole][actor] = data["member"] or around[pole].get(actor, False)
            poles_of.setdefault(actor, set()).add(pole)
    return {
        pole: _composition(network, pole, actors, around, poles_of)
        for pole, actors in sorted(around.items())
    }


def _composition(
    network: nx.MultiDiGraph[str],
    pole: str,
    actors: dict[str, bool],
    around: dict[str, dict[str, bool]],
    poles_of: dict[str, set[str]],
) -> Composition:
    kinds = dict.fromkeys(KINDS, "")
    for actor, member in actors.items():
        for kind in kinds_of(network.nodes[actor]):
            kinds[kind] = "member" if member else kinds[kind] or "beside"
    inside = outside = 0
    for actor in actors:
        for _, other in network.out_edges(actor):
            inside += other in actors
            outside += other not in actors and other != pole
        outside += sum(o not in actors and o != pole for o, _ in network.in_edges(actor))
    shared = {}
    for other in set().union(*(poles_of[actor] for actor in actors)) - {pole}:
        common = len(actors.keys() & around[other].keys())
        shared[other] = round(common / (len(actors) + len(around[other]) - common), 6)
    order = sorted(shared, key=lambda iri: (-shared[iri], iri))
    members = sum(actors.values())
    return Composition(
        members, len(actors) - members, kinds, inside, outside, {iri: shared[iri] for iri in order}
    )

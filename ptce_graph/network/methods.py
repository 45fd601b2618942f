"""What each measure is called and how it is computed, in French and in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """One measure.

    Attributes:
        label: what stands above its column, by language.
        definition: what it says of an actor, by language.
        procedure: how it is computed, in English.
    """

    label: dict[str, str]
    definition: dict[str, str]
    procedure: str


METHODS = {
    "degree": Method(
        {"fr": "liés", "en": "linked"},
        {
            "fr": "Nombre d'acteurs et de pôles auxquels l'acteur est lié.",
            "en": "Number of actors and poles that the actor is linked to.",
        },
        "neighbours in the simple graph",
    ),
    "weighted_degree": Method(
        {"fr": "liens", "en": "links"},
        {
            "fr": "Somme des poids de ses liens ; sans poids, leur nombre.",
            "en": "Sum of the weights of its links; without weights, their number.",
        },
        "sum of the weights of the links; parallel links are added up",
    ),
    "betweenness": Method(
        {"fr": "intermédiarité", "en": "betweenness"},
        {
            "fr": "Part des plus courts chemins entre les autres qui passent par lui, de 0 à 1.",
            "en": "Share of the shortest paths between the others that go through it, 0 to 1.",
        },
        "Brandes 2001, unweighted, divided by (n - 1)(n - 2) / 2; rustworkx",
    ),
    "closeness": Method(
        {"fr": "proximité", "en": "closeness"},
        {
            "fr": "Inverse de la distance moyenne à ceux qu'il atteint, fois leur part du tout.",
            "en": "Inverse of the mean distance to those it reaches, times their share.",
        },
        "Wasserman and Faust 1994, unweighted; rustworkx",
    ),
    "eigenvector": Method(
        {"fr": "vecteur propre", "en": "eigenvector"},
        {
            "fr": "Centralité de ceux auxquels il est lié ; 0 hors de la composante dominante.",
            "en": "Centrality of those it is linked to; 0 outside the dominant component.",
        },
        "limit of the power method from equal values, on weights, length 1; SciPy",
    ),
    "pagerank": Method(
        {"fr": "PageRank", "en": "PageRank"},
        {
            "fr": "Probabilité d'y être en suivant des liens au hasard.",
            "en": "Probability of being there when following links at random.",
        },
        "damping 0.85, on weights, both ways, tolerance 1e-12; rustworkx",
    ),
    "core": Method(
        {"fr": "cœur", "en": "core"},
        {
            "fr": "Plus grand k tel que l'acteur est d'un groupe où chacun est lié à k autres.",
            "en": "Largest k such that the actor is in a group where each is linked to k others.",
        },
        "k-core number; rustworkx",
    ),
    "component": Method(
        {"fr": "composante", "en": "component"},
        {
            "fr": "Numéro de la partie du réseau où il est, la plus grande d'abord.",
            "en": "Number of the part of the network it is in, the largest first.",
        },
        "connected components; SciPy",
    ),
    "cut": Method(
        {"fr": "point d'articulation", "en": "articulation point"},
        {
            "fr": "Vrai si le réseau se sépare davantage sans lui.",
            "en": "True where the network falls further apart without it.",
        },
        "Hopcroft and Tarjan 1973; rustworkx",
    ),
    "community": Method(
        {"fr": "communauté", "en": "community"},
        {
            "fr": "Numéro du groupe plus lié en son sein qu'au dehors, le plus grand d'abord.",
            "en": "Number of the group more linked within than without, the largest first.",
        },
        "Louvain with refinement, on weights, fixed seed; NetworKit PLM",
    ),
}
"""Name of a measure of an actor → what it is."""

WHOLE = {
    "nodes": {"fr": "acteurs et pôles", "en": "actors and poles"},
    "links": {"fr": "liens", "en": "links"},
    "pairs": {"fr": "paires liées", "en": "linked pairs"},
    "density": {"fr": "densité", "en": "density"},
    "components": {"fr": "composantes", "en": "components"},
    "communities": {"fr": "communautés", "en": "communities"},
    "modularity": {"fr": "modularité", "en": "modularity"},
    "date": {"fr": "source la plus récente", "en": "newest source"},
}
"""Name of a measure of the whole network → what a reader sees."""

SAMPLED = {
    "fr": "{label} : estimée sur {count} acteurs pris au hasard, erreur d'au plus {error} (95 %)",
    "en": "{label}: estimated from {count} actors taken at random, error at most {error} (95 %)",
}
"""What is said of a measure that was taken on a sample."""

"""How complete a dataset is: shares of its things of which something is known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph

from ptce_graph.namespaces import ONTOLOGY, PREFIXES, THING_PREFIXES

_PREFIXES = PREFIXES | THING_PREFIXES | {"": ONTOLOGY}
_SOURCE = "prov:hadPrimarySource|dcterms:source"


@dataclass(frozen=True, slots=True)
class Metric:
    """A share: of the things of a pattern, those of which a second pattern holds.

    Attributes:
        label: its name, by language.
        definition: what it says, by language.
        things: SPARQL pattern of the things, as ?thing.
        known: SPARQL pattern of what is known of one.
    """

    label: dict[str, str]
    definition: dict[str, str]
    things: str
    known: str


METRICS = {
    "statements-with-source": Metric(
        {"fr": "Faits sourcés", "en": "Statements with a source"},
        {
            "fr": "Part des rattachements, liens et financements dont une source est donnée.",
            "en": "Share of memberships, links and fundings for which a source is given.",
        },
        "VALUES ?kind { :Membership :CooperationLink :Funding } ?thing a ?kind .",
        f"?thing {_SOURCE} ?source .",
    ),
    "statements-with-two-sources": Metric(
        {"fr": "Faits corroborés", "en": "Statements with two sources"},
        {
            "fr": "Part des rattachements, liens et financements dont deux sources sont données.",
            "en": "Share of memberships, links and fundings for which two sources are given.",
        },
        "VALUES ?kind { :Membership :CooperationLink :Funding } ?thing a ?kind .",
        f"?thing {_SOURCE} ?source, ?other . FILTER (?source != ?other)",
    ),
    "memberships-with-date": Metric(
        {"fr": "Rattachements datés", "en": "Memberships with a date"},
        {
            "fr": "Part des rattachements dont un début, une fin ou une observation est datée.",
            "en": "Share of memberships of which a start, an end or an observation is dated.",
        },
        "?thing a :Membership .",
        "?thing :validFrom|:validUntil|:observedIn ?date .",
    ),
    "poles-with-coordinator": Metric(
        {"fr": "Pôles dont le coordinateur est connu", "en": "Poles with a known coordinator"},
        {
            "fr": "Part des pôles dont une organisation est dite coordinatrice.",
            "en": "Share of poles of which an organisation is said to be the coordinator.",
        },
        "?thing a :Pole .",
        "?membership org:organization ?thing ; org:role role:coordinator .",
    ),
    "poles-with-place": Metric(
        {"fr": "Pôles situés", "en": "Poles with a place"},
        {
            "fr": "Part des pôles dont la commune, le département ou la région est connu.",
            "en": "Share of poles whose commune, département or region is known.",
        },
        "?thing a :Pole .",
        "?thing :locatedIn ?place .",
    ),
    "organisations-with-identifier": Metric(
        {"fr": "Organisations identifiées", "en": "Organisations with an identifier"},
        {
            "fr": "Part des organisations dont le numéro SIREN, SIRET ou RNA est connu.",
            "en": "Share of organisations whose SIREN, SIRET or RNA number is known.",
        },
        "?thing :kindCertainty ?certainty .",
        "?thing :siren|:siret|:rna ?number .",
    ),
    "organisations-with-site": Metric(
        {"fr": "Organisations dont le site est connu", "en": "Organisations with a website"},
        {
            "fr": "Part des organisations dont l'adresse du site est connue.",
            "en": "Share of organisations whose website is known.",
        },
        "?thing :kindCertainty ?certainty .",
        "?thing foaf:homepage ?site .",
    ),
}
"""Key of a metric → what it measures."""


def measure(store: pyoxigraph.Store) -> dict[str, Decimal]:
    """Return the value of each metric that can be measured, between 0 and 1, to three decimals."""
    found = {}
    for name, metric in METRICS.items():
        whole = _number(store, metric.things)
        if whole:
            share = Decimal(_number(store, metric.things + metric.known)) / whole
            found[name] = share.quantize(Decimal("0.001"))
    return found


def _number(store: pyoxigraph.Store, pattern: str) -> int:
    text = f"SELECT (COUNT(DISTINCT ?thing) AS ?number) WHERE {{ {pattern} }}"
    rows = store.query(text, prefixes=_PREFIXES)
    assert isinstance(rows, pyoxigraph.QuerySolutions)  # noqa: S101 (SELECT gives rows)
    return int(next(iter(rows))["number"].value)

"""The measures in the formats that people and tools read: tables, CSV, JSON, RDF to be cited."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from ptce_graph import identifiers, results
from ptce_graph.namespaces import BASE, ID, PREFIXES, RDF_TYPE, SCHEME, XSD
from ptce_graph.network.brokers import Broker, brokers, sentence
from ptce_graph.network.composition import KINDS, Composition, compositions
from ptce_graph.network.measures import SAMPLES, Report, measure
from ptce_graph.network.methods import METHODS, SAMPLED, WHOLE

if TYPE_CHECKING:
    import networkx as nx

SOSA = "http://www.w3.org/ns/sosa/"

Fact = tuple[NamedNode, str, NamedNode | Literal]
Table = tuple[str, list[str], list[list[str]]]
"""Title, header and rows."""

_TEXTS = {
    "whole": {"fr": "Le réseau", "en": "The network"},
    "actors": {"fr": "Les acteurs", "en": "The actors"},
    "brokers": {"fr": "Qui relie des pôles", "en": "Who joins poles"},
    "poles": {"fr": "De quoi les pôles sont faits", "en": "What the poles are made of"},
    "measure": {"fr": "mesure", "en": "measure"},
    "value": {"fr": "valeur", "en": "value"},
    "name": {"fr": "nom", "en": "name"},
    "joined": {"fr": "pôles", "en": "poles"},
    "pieces": {"fr": "sans lui", "en": "without it"},
    "sentence": {"fr": "en clair", "en": "in words"},
    "members": {"fr": "membres", "en": "members"},
    "others": {"fr": "autres", "en": "others"},
    "inside": {"fr": "liens internes", "en": "links inside"},
    "outside": {"fr": "liens externes", "en": "links outside"},
    "present": {"fr": "genres de l'article 9 présents", "en": "kinds of article 9 present"},
    "missing": {"fr": "aucun connu", "en": "none known"},
    "shared": {"fr": "partage des acteurs avec", "en": "shares actors with"},
    "beside": {"fr": "{kind} (à ses côtés)", "en": "{kind} (beside it)"},
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A network with all that is measured of it."""

    network: nx.MultiDiGraph[str]
    report: Report
    brokers: dict[str, Broker]
    poles: dict[str, Composition]


def measured(network: nx.MultiDiGraph[str]) -> Measured:
    """Measure a network: its actors, who joins its poles, what these are made of."""
    return Measured(network, measure(network), brokers(network), compositions(network))


def tables(found: Measured, language: str) -> list[Table]:
    """Return the measures as tables for people: the whole, the actors, the brokers, the poles."""

    def text(key: str) -> str:
        return _TEXTS[key][language]

    network, whole = found.network, {**found.report.whole, "date": found.report.date}
    actors = sorted(found.report.actors.items(), key=lambda item: (-item[1]["degree"], item[0]))
    columns = ("members", "others", "present", "missing", "inside", "outside", "shared")
    return [
        (
            text("whole"),
            [text("measure"), text("value")],
            [[WHOLE[name][language], _shown(value)] for name, value in whole.items()],
        ),
        (
            text("actors"),
            [text("name"), *(method.label[language] for method in METHODS.values())],
            [[_label(network, iri), *map(_shown, row.values())] for iri, row in actors],
        ),
        (
            text("brokers"),
            [text(name) for name in ("name", "joined", "pieces", "sentence")],
            [
                [_label(network, iri), *_broker(network, iri, broker, language)]
                for iri, broker in found.brokers.items()
            ],
        ),
        (
            text("poles"),
            [text("name"), *map(text, columns)],
            [
                [_label(network, iri), *_made(network, pole, language)]
                for iri, pole in found.poles.items()
            ],
        ),
    ]


def notes(report: Report, language: str) -> list[str]:
    """Return which measures are estimates, and how wrong they may be."""
    return [
        SAMPLED[language].format(
            label=METHODS[name].label[language], count=SAMPLES, error=_shown(error)
        )
        for name, error in report.errors.items()
    ]


def to_csv(found: Measured, language: str = "en") -> bytes:
    """Return a row per actor: its measures, what it joins if it is a broker, a pole's make-up."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    made = ("members", "others", "article9_present", "article9_missing")
    header = ["iri", "label", "kind", *METHODS, *(f"{name}_error" for name in found.report.errors)]
    header += ["poles_joined", "poles_without", "sentence", *made]
    writer.writerow([*header, "links_inside", "links_outside", "shared"])
    for iri, row in found.report.actors.items():
        node, broker, pole = found.network.nodes[iri], found.brokers.get(iri), found.poles.get(iri)
        cells = [iri, node["label"], node["kind"], *map(_shown, row.values())]
        cells += map(_shown, found.report.errors.values())
        cells += [""] * 3 if broker is None else _broker(found.network, iri, broker, language)
        cells += [""] * 7 if pole is None else _made(found.network, pole, language)
        writer.writerow(map(results.guard, cells))
    return text.getvalue().encode()


def to_json(found: Measured, _language: str = "en") -> bytes:
    """Return everything that was measured, with the methods, the version and the date."""
    network = found.network
    block = {
        "version": metadata.version("ptce-graph"),
        "date": found.report.date,
        "methods": {name: asdict(method) for name, method in METHODS.items()},
        "sampled": {
            name: {"actors": SAMPLES, "error": error} for name, error in found.report.errors.items()
        },
        "whole": found.report.whole,
        "actors": {
            iri: {"label": network.nodes[iri]["label"], **row}
            for iri, row in found.report.actors.items()
        },
        "brokers": {
            iri: asdict(broker)
            | {"sentence": {code: sentence(network, iri, broker, code) for code in ("fr", "en")}}
            for iri, broker in found.brokers.items()
        },
        "poles": {iri: asdict(pole) for iri, pole in found.poles.items()},
    }
    return json.dumps(block, ensure_ascii=False, indent=1).encode() + b"\n"


def to_turtle(found: Measured, _language: str = "en") -> bytes:
    """Return a SOSA observation per actor and measure, with procedure, version and date.

    W3C, Semantic Sensor Network Ontology, 2017: an observation is the act of estimating or
    calculating a value of a property of a feature of interest by a procedure.
    """
    triples = [*_run(found.report), *_procedures(found.report)]
    for iri, row in found.report.actors.items():
        for name, value in row.items():
            act = NamedNode(f"{BASE}measure/{name}/{iri.removeprefix(ID)}")
            facts: dict[str, NamedNode | Literal] = {
                RDF_TYPE: _sosa("Observation"),
                SOSA + "hasFeatureOfInterest": NamedNode(iri),
                SOSA + "observedProperty": NamedNode(f"{SCHEME}network-measure/{name}"),
                SOSA + "hasSimpleResult": _number(value),
                SOSA + "usedProcedure": NamedNode(f"{BASE}measure/procedure/{name}"),
                PREFIXES["prov"] + "wasGeneratedBy": NamedNode(BASE + "measure/run"),
            }
            triples += [Triple(act, NamedNode(key), term) for key, term in facts.items()]
    prefixes = {name: PREFIXES[name] for name in ("dcterms", "prov", "schema", "skos", "xsd")}
    data = pyoxigraph.serialize(
        triples, format=RdfFormat.TURTLE, prefixes={**prefixes, "sosa": SOSA}
    )
    return data or b""


def _run(report: Report) -> list[Triple]:
    """Return what computed the measures, and of which data."""
    run, software, data = (
        NamedNode(BASE + name) for name in ("measure/run", "measure/software", "dataset")
    )
    prov, version = PREFIXES["prov"], metadata.version("ptce-graph")
    facts: list[Fact] = [
        (run, RDF_TYPE, NamedNode(prov + "Activity")),
        (run, prov + "wasAssociatedWith", software),
        (run, prov + "used", data),
        (software, RDF_TYPE, NamedNode(prov + "SoftwareAgent")),
        (software, PREFIXES["schema"] + "name", Literal("ptce-graph")),
        (software, PREFIXES["schema"] + "softwareVersion", Literal(version)),
    ]
    if report.date:
        text, datatype, _ = identifiers.partial_date(report.date)
        date = Literal(text, datatype=NamedNode(datatype))
        facts.append((data, PREFIXES["dcterms"] + "modified", date))
    return [Triple(subject, NamedNode(name), term) for subject, name, term in facts]


def _procedures(report: Report) -> list[Triple]:
    """Return the measures and how each was computed."""
    skos = PREFIXES["skos"]
    facts: list[Fact] = []
    for name, method in METHODS.items():
        concept = NamedNode(f"{SCHEME}network-measure/{name}")
        procedure = NamedNode(f"{BASE}measure/procedure/{name}")
        facts.append((concept, RDF_TYPE, _sosa("ObservableProperty")))
        for code in ("fr", "en"):
            label, definition = method.label[code], method.definition[code]
            facts.append((concept, skos + "prefLabel", Literal(label, language=code)))
            facts.append((concept, skos + "definition", Literal(definition, language=code)))
        how = method.procedure
        if name in report.errors:
            how += f"; estimated from {SAMPLES} actors, error {report.errors[name]} at 95 %"
        facts.append((procedure, RDF_TYPE, _sosa("Procedure")))
        facts.append((procedure, PREFIXES["dcterms"] + "description", Literal(how, language="en")))
    return [Triple(subject, NamedNode(key), term) for subject, key, term in facts]


def _sosa(name: str) -> NamedNode:
    return NamedNode(SOSA + name)


def _number(value: float) -> Literal:
    if isinstance(value, bool):
        return Literal(str(value).lower(), datatype=NamedNode(XSD + "boolean"))
    if isinstance(value, int):
        return Literal(str(value), datatype=NamedNode(XSD + "integer"))
    return Literal(f"{value:.9f}", datatype=NamedNode(XSD + "decimal"))


def _label(network: nx.MultiDiGraph[str], iri: str) -> str:
    return str(network.nodes[iri]["label"])


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _broker(network: nx.MultiDiGraph[str], iri: str, broker: Broker, language: str) -> list[str]:
    counts = [str(len(broker.poles)), str(len(broker.pieces))]
    return [*counts, sentence(network, iri, broker, language)]


def _made(network: nx.MultiDiGraph[str], pole: Composition, language: str) -> list[str]:
    beside = _TEXTS["beside"][language]
    present = [
        KINDS[kind][language] if how == "member" else beside.format(kind=KINDS[kind][language])
        for kind, how in pole.kinds.items()
        if how
    ]
    missing = [KINDS[kind][language] for kind, how in pole.kinds.items() if not how]
    shared = [f"{_label(network, iri)} ({share:.0%})" for iri, share in pole.shared.items()]
    counts = [str(pole.members), str(pole.others)]
    lists = ["; ".join(names) for names in (present, missing)]
    return [*counts, *lists, str(pole.inside), str(pole.outside), "; ".join(shared)]


FORMATS: dict[str, Callable[..., bytes]] = {"csv": to_csv, "json": to_json, "ttl": to_turtle}
"""Ending of a file name → writer of the measures."""

"""The description of the dataset, for portals and machines: VoID, DCAT 3 (DCAT-AP 3.0.1), DQV.

Counts are computed, from what is published. Codes are those of the EU Publications Office, ADMS and
IANA; each stands in the description with its kind, so that the shapes of DCAT-AP can be checked on
the description alone. There is no blank node: the same release is described in the same bytes.

https://www.w3.org/TR/void/ · https://www.w3.org/TR/vocab-dcat-3/ ·
https://semiceu.github.io/DCAT-AP/releases/3.0.1/ · https://www.w3.org/TR/vocab-dqv/
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from ptce_graph import namespaces
from ptce_graph.namespaces import BASE, ONTOLOGY, XSD
from ptce_graph.publish.counts import Counts
from ptce_graph.publish.publication import Publication, Texts
from ptce_graph.publish.quality import METRICS

DATASET = BASE + "dataset"
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
SPARQL = BASE + "sparql"

_ADMS = "http://purl.org/adms/"
_EU = "http://publications.europa.eu/resource/authority/"
PREFIXES = namespaces.PREFIXES | {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "ldqd": "http://www.w3.org/2016/05/ldqd#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
}
_FRANCE = (-61.9, -21.4, 55.9, 51.2)
"""West, south, east and north of the départements, those overseas included, in degrees."""

_CENTRE = (2.2, 46.2)
"""The middle of the box around the départements of Europe, in degrees east and north."""

Value = NamedNode | Literal | Texts
Values = Value | list[NamedNode]


@dataclass(frozen=True, slots=True)
class Dump:
    """A file of the release.

    Attributes:
        name: path of the file below the base.
        form: code of its format in the list of the EU.
        media_type: its media type, in the list of IANA.
        label: what it is, by language.
        size: number of bytes.
        sha256: checksum, in hexadecimal.
        rdf: whether it holds the triples of the dataset.
        packed: whether it is a folder in one tar file.
    """

    name: str
    form: str
    media_type: str
    label: Texts
    size: int
    sha256: str
    rdf: bool = True
    packed: bool = False


class _Lines:
    """Collects what is said, as lines of N-Triples."""

    def __init__(self) -> None:
        self.lines: set[str] = set()

    def say(self, subject: NamedNode, kind: str | list[str], **facts: Values) -> NamedNode:
        """Say of a thing what it is, and values of its properties, named `prefix_name`."""
        kinds = [kind] if isinstance(kind, str) else kind
        self.lines |= {f"{subject} {_term('rdf:type')} {_term(each)} .\n" for each in kinds}
        for name, found in facts.items():
            for value in _each(found):
                if not (isinstance(value, Literal) and value.value == ""):
                    self.lines.add(f"{subject} {_term(name.replace('_', ':', 1))} {value} .\n")
        return subject

    def code(self, base: str, code: str, version: str = "") -> NamedNode:
        """Say which code of which list this is, and return it."""
        scheme = NamedNode(base + version if version else base.rstrip("/"))
        label = Literal(code)
        return self.say(
            NamedNode(base + code), "skos:Concept", skos_inScheme=scheme, skos_prefLabel=label
        )


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def _each(values: Values) -> list[NamedNode | Literal]:
    if isinstance(values, dict):
        return [Literal(text, language=language) for language, text in values.items()]
    return [*values] if isinstance(values, list) else [values]


def _number(value: int | Decimal) -> Literal:
    kind = "integer" if isinstance(value, int) else "decimal"
    return Literal(str(value), datatype=NamedNode(XSD + kind))


def _day(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + "date"))


def _part(name: str) -> NamedNode:
    return NamedNode(f"{DATASET}#{name}")


def header(publication: Publication, triples: int) -> set[str]:
    """Return the lines by which a dump says what it is, under which licence, and how large.

    Args:
        publication: the release.
        triples: number of the triples of the dataset, without these lines.
    """
    lines = _header(publication, 0).lines
    return _header(publication, triples + len(lines)).lines


def _header(publication: Publication, triples: int) -> _Lines:
    found = _Lines()
    found.say(
        NamedNode(DATASET),
        "void:Dataset",
        dcterms_title=publication.title,
        dcterms_license=NamedNode(LICENCE),
        dcterms_modified=_day(publication.released.isoformat()),
        dcat_version=Literal(publication.version),
        void_dataDump=NamedNode(publication.base + "dumps/ptce.ttl.gz"),
        void_sparqlEndpoint=NamedNode(SPARQL),
        void_triples=_number(triples),
        void_uriSpace=Literal(BASE),
    )
    return found


def void(publication: Publication, counts: Counts, dumps: Iterable[Dump]) -> set[str]:
    """Return the VoID description of the dataset, as lines of N-Triples.

    Args:
        publication: the release.
        counts: of the dataset as it stands in the dump in Turtle.
        dumps: the files of the release.
    """
    found = _header(publication, counts.triples)
    spaces = sorted({iri.rpartition("#")[0] + "#" for iri in counts.properties if "#" in iri})
    spaces += sorted({f"{i.rpartition('/')[0]}/" for i in counts.properties if "#" not in i})
    page = NamedNode(publication.base + "dataset.fr.html")
    dataset = found.say(
        NamedNode(DATASET),
        "void:Dataset",
        dcterms_description=publication.description,
        foaf_homepage=page,
        void_dataDump=[NamedNode(publication.base + d.name) for d in dumps if d.rdf],
        void_entities=_number(counts.entities),
        void_distinctSubjects=_number(counts.subjects),
        void_distinctObjects=_number(counts.objects),
        void_classes=_number(len(counts.classes)),
        void_properties=_number(len(counts.properties)),
        void_exampleResource=NamedNode(counts.example),
        void_vocabulary=[NamedNode(space) for space in spaces],
    )
    for kind, number in counts.classes.items():
        part = _part(f"class-{_short(kind)}")
        found.say(dataset, [], void_classPartition=part)
        found.say(part, [], void_class=NamedNode(kind), void_entities=_number(number))
    for name, number in counts.properties.items():
        part = _part(f"property-{_short(name)}")
        found.say(dataset, [], void_propertyPartition=part)
        found.say(part, [], void_property=NamedNode(name), void_triples=_number(number))
    for (target, name), number in counts.links.items():
        found.say(
            _part(f"links-{_short(name)}-{target.split('/')[2]}"),
            "void:Linkset",
            void_subjectsTarget=dataset,
            void_objectsTarget=NamedNode(target),
            void_linkPredicate=NamedNode(name),
            void_triples=_number(number),
        )
    found.say(
        NamedNode(publication.base + "void.ttl"),
        "void:DatasetDescription",
        dcterms_title={
            "fr": f"Description VoID : {publication.title['fr']}",
            "en": f"VoID description: {publication.title['en']}",
        },
        foaf_primaryTopic=dataset,
    )
    return found.lines


def _short(iri: str) -> str:
    space = max((s for s in PREFIXES.values() if iri.startswith(s)), key=len, default="")
    prefix = next((key for key, value in PREFIXES.items() if value == space), "")
    return f"{prefix}-{iri[len(space) :]}" if prefix else iri.replace("/", "-").replace(":", "-")


def catalogue(
    publication: Publication,
    counts: Counts,
    dumps: Iterable[Dump],
    measured: dict[str, Decimal],
    version_iri: str,
) -> set[str]:
    """Return the DCAT description of the catalogue, with the VoID one, as lines of N-Triples.

    Args:
        publication: the release.
        counts: of the dataset as it stands in the dump in Turtle.
        dumps: the files of the release.
        measured: value of each metric of quality.
        version_iri: version of the ontology that the data conform to.
    """
    dumps = list(dumps)
    found = _Lines()
    found.lines |= void(publication, counts, dumps)
    shared = _shared(found, publication)
    dataset = found.say(
        NamedNode(DATASET),
        "dcat:Dataset",
        **shared,
        dcterms_description=publication.description,
        dcterms_bibliographicCitation=publication.citation,
        dcterms_identifier=Literal(DATASET),
        dcterms_temporal=_period(found, counts),
        dcterms_accrualPeriodicity=found.say(
            NamedNode(f"{_EU}frequency/{publication.frequency}"), "dcterms:Frequency"
        ),
        dcterms_provenance=_provenance(found, publication),
        dcterms_conformsTo=found.say(
            NamedNode(version_iri),
            "dcterms:Standard",
            dcterms_title={"fr": "Ontologie des PTCE", "en": "Ontology of the PTCE"},
            dcterms_isPartOf=NamedNode(ONTOLOGY.removesuffix("#")),
        ),
        dcat_distribution=[_distribution(found, publication, dump) for dump in dumps],
        dqv_hasQualityMeasurement=[
            _measurement(found, name, value) for name, value in measured.items()
        ],
        prov_wasDerivedFrom=_sources(found, publication),
    )
    service = found.say(
        NamedNode(BASE + "sparql"),
        "dcat:DataService",
        **shared,
        dcterms_conformsTo=found.say(
            NamedNode("https://www.w3.org/TR/sparql11-protocol/"),
            "dcterms:Standard",
            dcterms_title={"en": "SPARQL 1.1 Protocol"},
        ),
        dcat_endpointURL=NamedNode(SPARQL),
        dcat_endpointDescription=NamedNode(SPARQL),
        dcat_servesDataset=dataset,
    )
    del shared["dcat_landingPage"], shared["dcat_keyword"], shared["dcat_contactPoint"]
    del shared["dcat_theme"], shared["dcterms_accessRights"], shared["dcat_version"]
    found.say(
        NamedNode(BASE + "catalog"),
        "dcat:Catalog",
        **shared,
        dcterms_description=publication.description,
        dcat_dataset=dataset,
        dcat_service=service,
        dcat_themeTaxonomy=found.say(
            NamedNode(_EU + "data-theme"),
            "skos:ConceptScheme",
            dcterms_title={"fr": "Thèmes des données", "en": "Data themes"},
        ),
        foaf_homepage=_document(found, publication.base),
    )
    return found.lines


def _shared(found: _Lines, publication: Publication) -> dict[str, Values]:
    """Return what holds of the dataset, the service and the catalogue."""
    released = _day(publication.released.isoformat())
    keywords = [
        Literal(word, language=language)
        for language, words in publication.keywords.items()
        for word in words
    ]
    return {
        "dcterms_title": publication.title,
        "dcterms_publisher": _publisher(found, publication),
        "dcterms_issued": released,
        "dcterms_modified": released,
        "dcterms_language": [
            found.say(NamedNode(f"{_EU}language/{code}"), "dcterms:LinguisticSystem")
            for code in ("ENG", "FRA")
        ],
        "dcterms_license": found.say(
            NamedNode(LICENCE),
            "dcterms:LicenseDocument",
            dcterms_title={"fr": "Licence Ouverte 2.0", "en": "Open Licence 2.0"},
            dcterms_type=found.code(_ADMS + "licencetype/", "Attribution", "1.0"),
        ),
        "dcterms_spatial": _france(found),
        "dcterms_accessRights": found.say(
            NamedNode(_EU + "access-right/PUBLIC"), "dcterms:RightsStatement"
        ),
        "dcat_contactPoint": _contact(found, publication),
        "dcat_keyword": keywords,  # type: ignore[dict-item]
        "dcat_landingPage": _document(found, publication.base + "dataset.fr.html"),
        "dcat_theme": [found.code(_EU + "data-theme/", code) for code in publication.themes],
        "dcat_version": Literal(publication.version),
    }


def _document(found: _Lines, address: str) -> NamedNode:
    return found.say(NamedNode(address), "foaf:Document")


def _publisher(found: _Lines, publication: Publication) -> NamedNode:
    page = [_document(found, publication.page)] if publication.page else []
    return found.say(
        NamedNode(BASE + "publisher"),
        "foaf:Agent",
        foaf_name=publication.publisher,
        foaf_homepage=page,
        dcterms_type=found.code(_ADMS + "publishertype/", publication.kind, "1.0"),
    )


def _contact(found: _Lines, publication: Publication) -> NamedNode:
    mail = publication.contact.startswith("mailto:")
    address = [NamedNode(publication.contact)] if publication.contact else []
    return found.say(
        NamedNode(BASE + "contact"),
        ["vcard:Kind", "vcard:Organization"],
        vcard_fn=publication.publisher,
        vcard_hasEmail=address if mail else [],
        vcard_hasURL=[] if mail else address,
    )


def _france(found: _Lines) -> NamedNode:
    west, south, east, north = _FRANCE
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    wkt = NamedNode(PREFIXES["geo"] + "wktLiteral")
    box = ", ".join(f"{x} {y}" for x, y in corners)
    centre = f"POINT({_CENTRE[0]} {_CENTRE[1]})"
    return found.say(
        NamedNode(_EU + "country/FRA"),
        "dcterms:Location",
        skos_prefLabel={"fr": "France", "en": "France"},
        dcat_bbox=Literal(f"POLYGON(({box}))", datatype=wkt),
        dcat_centroid=Literal(centre, datatype=wkt),
    )


def _period(found: _Lines, counts: Counts) -> list[NamedNode]:
    if not counts.first:
        return []
    period = _part("period")
    days = {"dcat_startDate": _day(counts.first), "dcat_endDate": _day(counts.last)}
    return [found.say(period, "dcterms:PeriodOfTime", **days)]


def _provenance(found: _Lines, publication: Publication) -> NamedNode:
    return found.say(
        _part("provenance"),
        "dcterms:ProvenanceStatement",
        rdfs_label={
            "fr": "Faits relevés dans des documents publics, un par ligne de tables ouvertes, "
            "chacun avec sa source et sa certitude. "
            + " ".join(
                f"{source.title['fr']} : {source.rights['fr']}" for source in publication.sources
            ),
            "en": "Facts read in public documents, one a row of open tables, each with its source "
            "and its certainty. "
            + " ".join(
                f"{source.title['en']}: {source.rights['en']}" for source in publication.sources
            ),
        },
    )


def _sources(found: _Lines, publication: Publication) -> list[NamedNode]:
    """Say where the facts come from, each set under its own licence."""
    nodes = []
    for source in publication.sources:
        rights = found.say(
            _part(f"rights-{source.folder}"),
            "dcterms:RightsStatement",
            rdfs_label=source.rights,
        )
        nodes.append(
            found.say(
                _part(f"source-{source.folder}"),
                "prov:Entity",
                dcterms_title=source.title,
                dcterms_license=found.say(NamedNode(source.licence), "dcterms:LicenseDocument"),
                dcterms_rights=rights,
                dcterms_source=[NamedNode(address) for address in source.origin],
            )
        )
    return nodes


def _distribution(found: _Lines, publication: Publication, dump: Dump) -> NamedNode:
    def media(name: str) -> NamedNode:
        address = "http://www.iana.org/assignments/media-types/" + name
        return found.say(NamedNode(address), "dcterms:MediaType")

    address = NamedNode(publication.base + dump.name)
    return found.say(
        _part(f"file-{dump.name.rpartition('/')[2]}"),
        "dcat:Distribution",
        dcterms_title=dump.label,
        dcterms_description=dump.label,
        dcterms_license=NamedNode(LICENCE),
        dcterms_issued=_day(publication.released.isoformat()),
        dcterms_modified=_day(publication.released.isoformat()),
        dcterms_format=found.say(
            NamedNode(f"{_EU}file-type/{dump.form}"), "dcterms:MediaTypeOrExtent"
        ),
        dcat_mediaType=media(dump.media_type),
        dcat_compressFormat=[media("application/gzip")] if dump.name.endswith(".gz") else [],
        dcat_packageFormat=[media("application/x-tar")] if dump.packed else [],
        dcat_accessURL=NamedNode(publication.base + "dataset.fr.html"),
        dcat_downloadURL=address,
        dcat_byteSize=Literal(str(dump.size), datatype=NamedNode(XSD + "nonNegativeInteger")),
        dcatap_availability=found.code(_EU + "planned-availability/", "STABLE"),
        spdx_checksum=found.say(
            _part(f"sum-{dump.name.rpartition('/')[2]}"),
            "spdx:Checksum",
            spdx_algorithm=found.say(
                _term("spdx:checksumAlgorithm_sha256"), "spdx:ChecksumAlgorithm"
            ),
            spdx_checksumValue=Literal(dump.sha256, datatype=NamedNode(XSD + "hexBinary")),
        ),
    )


def _measurement(found: _Lines, name: str, value: Decimal) -> NamedNode:
    metric = found.say(
        _part(f"metric-{name}"),
        "dqv:Metric",
        skos_prefLabel=METRICS[name].label,
        skos_definition=METRICS[name].definition,
        dqv_expectedDataType=_term("xsd:decimal"),
        dqv_inDimension=_term("ldqd:completeness"),
    )
    return found.say(
        _part(f"measurement-{name}"),
        "dqv:QualityMeasurement",
        dqv_isMeasurementOf=metric,
        dqv_computedOn=NamedNode(DATASET),
        dqv_value=_number(value),
    )

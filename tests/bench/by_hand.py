"""The tables of a generated project to N-Triples as one would write it once: loops, no checks.

The yardstick of the loader: it knows the columns of each table, and trusts what they hold.
"""

# ruff: noqa: E501 (a line a triple)

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

BASE = "https://w3id.org/ptce/"
ID, ONTOLOGY, SCHEME = BASE + "id/", BASE + "ontology#", BASE + "scheme/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
OTHER_LABEL = "http://www.w3.org/2004/02/skos/core#altLabel"
CODE = "http://rdf.insee.fr/def/geo#codeINSEE"
SOURCE = "http://www.w3.org/ns/prov#hadPrimarySource"
ORG = "http://www.w3.org/ns/org#"
DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
DATES = {n: f"http://www.w3.org/2001/XMLSchema#{t}" for n, t in ((4, "gYear"), (7, "gYearMonth"), (10, "date"))}  # fmt: skip

Rows = Iterable[list[str]]


def write(sources: Path, target: Path) -> None:
    """Write the N-Triples of the tables of a folder."""
    with target.open("w", encoding="utf-8", newline="\n") as output:
        for path in sorted(sources.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                rows = csv.reader(file)
                next(rows)
                output.writelines(TABLES[path.stem](rows))


def _text(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return value.replace("\n", "\\n") if "\n" in value else value


def _date(start: str, name: str, value: str) -> str:
    return f'{start} <{name}> "{value}"^^<{DATES[len(value)]}> .\n' if value else ""


def _regions(rows: Rows) -> Iterator[str]:
    for code, name in rows:
        s = f"<{ID}territory/region-{code}>"
        yield f'{s} <{CODE}> "{code}" .\n{s} <{LABEL}> "{_text(name)}"@fr .\n{s} <{TYPE}> <{ONTOLOGY}Region> .\n'


def _departements(rows: Rows) -> Iterator[str]:
    for code, name, region in rows:
        s = f"<{ID}territory/departement-{code}>"
        yield (
            f'{s} <{CODE}> "{code}" .\n{s} <{LABEL}> "{_text(name)}"@fr .\n'
            f"{s} <{ONTOLOGY}partOfTerritory> <{ID}territory/region-{region}> .\n"
            f"{s} <{TYPE}> <{ONTOLOGY}Department> .\n"
        )


def _communes(rows: Rows) -> Iterator[str]:
    for code, name, departement in rows:
        s = f"<{ID}territory/commune-{code}>"
        yield (
            f'{s} <{CODE}> "{code}" .\n{s} <{LABEL}> "{_text(name)}"@fr .\n'
            f"{s} <{ONTOLOGY}partOfTerritory> <{ID}territory/departement-{departement}> .\n"
            f"{s} <{TYPE}> <{ONTOLOGY}Commune> .\n"
        )


def _sources(rows: Rows) -> Iterator[str]:
    for key, url, title, publisher, date, kind, level in rows:
        s = f"<{ID}doc/{key}>"
        yield (
            f"{s} <https://schema.org/url> <{quote(url, safe=':/?#[]@!$&()*+,;=%')}> .\n"
            f'{s} <http://purl.org/dc/terms/title> "{_text(title)}" .\n'
            f'{s} <http://purl.org/dc/elements/1.1/publisher> "{_text(publisher)}" .\n'
            + _date(s, "http://purl.org/dc/terms/issued", date)
            + f'{s} <http://purl.org/dc/elements/1.1/type> "{kind}"@en .\n'
            f"{s} <{ONTOLOGY}evidenceLevel> <{SCHEME}evidence-level/{level}> .\n"
            f"{s} <{TYPE}> <{ONTOLOGY}SourceDocument> .\n"
        )


def _poles(rows: Rows) -> Iterator[str]:
    for key, name, commune, place, sector, themes, certainty, source in rows:
        s = f"<{ID}pole/{key}>"
        yield (
            f'{s} <{LABEL}> "{_text(name)}"@fr .\n'
            f"{s} <{ONTOLOGY}locatedIn> <{ID}territory/commune-{commune}> .\n"
            f"{s} <{ONTOLOGY}locationCertainty> <{SCHEME}certainty/{place}> .\n"
            f"{s} <{ONTOLOGY}inSector> <{SCHEME}sector/{sector}> .\n"
            + "".join(f'{s} <{ONTOLOGY}theme> "{_text(t)}"@fr .\n' for t in themes.split(";"))
            + f"{s} <{ONTOLOGY}certainty> <{SCHEME}certainty/{certainty}> .\n"
            f"{s} <{SOURCE}> <{ID}doc/{source}> .\n{s} <{TYPE}> <{ONTOLOGY}Pole> .\n"
        )


def _organisations(rows: Rows) -> Iterator[str]:
    for key, name, others, kind, family, form, commune, siren, certainty, note, source in rows:
        s = f"<{ID}org/{key}>"
        yield (
            f'{s} <{LABEL}> "{_text(name)}"@fr .\n'
            + "".join(f'{s} <{OTHER_LABEL}> "{_text(n)}"@fr .\n' for n in others.split(";"))
            + f"{s} <{TYPE}> <{ONTOLOGY}{kind}> .\n"
            f"{s} <{ONTOLOGY}kindCertainty> <{SCHEME}certainty/{certainty}> .\n"
            f"{s} <{ONTOLOGY}legalForm> <{SCHEME}legal-form/{form}> .\n"
            + (f"{s} <{ONTOLOGY}essFamily> <{SCHEME}ess-family/{family}> .\n" if family else "")
            + f"{s} <{ONTOLOGY}locatedIn> <{ID}territory/commune-{commune}> .\n"
            f'{s} <{ONTOLOGY}siren> "{siren}" .\n'
            f"{s} <{SOURCE}> <{ID}doc/{source}> .\n"
            f'{s} <{ONTOLOGY}evidenceNote> "{_text(note)}"@en .\n'
        )


def _statuses(rows: Rows) -> Iterator[str]:
    for organisation, status in rows:
        yield f"<{ID}org/{organisation}> <{ONTOLOGY}hasStatus> <{SCHEME}status/{status}> .\n"


def _websites(rows: Rows) -> Iterator[str]:
    for organisation, website, _ in rows:
        page = quote(website, safe=":/?#[]@!$&()*+,;=%")
        yield f"<{ID}org/{organisation}> <http://xmlns.com/foaf/0.1/homepage> <{page}> .\n"


def _memberships(rows: Rows) -> Iterator[str]:
    for key, pole, organisation, role, start, end, seen, certainty, source, note in rows:
        s = f"<{ID}membership/{key}>"
        yield (
            f"{s} <{ORG}organization> <{ID}pole/{pole}> .\n"
            f"{s} <{ORG}member> <{ID}org/{organisation}> .\n"
            f"{s} <{ORG}role> <{SCHEME}role/{role}> .\n"
            + _date(s, ONTOLOGY + "validFrom", start)
            + _date(s, ONTOLOGY + "validUntil", end)
            + _date(s, ONTOLOGY + "observedIn", seen)
            + f"{s} <{ONTOLOGY}certainty> <{SCHEME}certainty/{certainty}> .\n"
            f"{s} <{SOURCE}> <{ID}doc/{source}> .\n"
            f'{s} <{ONTOLOGY}evidenceNote> "{_text(note)}"@en .\n'
            f"{s} <{TYPE}> <{ONTOLOGY}Membership> .\n"
        )


def _calls(rows: Rows) -> Iterator[str]:
    for key, name, name_en, kind, launched, certainty in rows:
        s = f"<{ID}call/{key}>"
        yield (
            f'{s} <{LABEL}> "{_text(name)}"@fr .\n{s} <{LABEL}> "{_text(name_en)}"@en .\n'
            f"{s} <{ONTOLOGY}callType> <{SCHEME}call-type/{kind}> .\n"
            + _date(s, ONTOLOGY + "launched", launched)
            + f"{s} <{ONTOLOGY}certainty> <{SCHEME}certainty/{certainty}> .\n"
            f"{s} <{TYPE}> <{ONTOLOGY}CallForProjects> .\n"
        )


def _applications(rows: Rows) -> Iterator[str]:
    for key, call, pole, certainty, source in rows:
        s = f"<{ID}application/{key}>"
        yield (
            f"{s} <{ONTOLOGY}submittedTo> <{ID}call/{call}> .\n"
            f"{s} <{ONTOLOGY}applicant> <{ID}pole/{pole}> .\n"
            f"{s} <{ONTOLOGY}certainty> <{SCHEME}certainty/{certainty}> .\n"
            f"{s} <{SOURCE}> <{ID}doc/{source}> .\n{s} <{TYPE}> <{ONTOLOGY}Application> .\n"
        )


def _decisions(rows: Rows) -> Iterator[str]:
    for key, application, outcome, date, certainty, source in rows:
        s = f"<{ID}decision/{key}>"
        yield (
            f"{s} <{ONTOLOGY}decides> <{ID}application/{application}> .\n"
            f"{s} <{ONTOLOGY}outcome> <{SCHEME}decision-outcome/{outcome}> .\n"
            + _date(s, "http://purl.org/dc/terms/date", date)
            + f"{s} <{ONTOLOGY}certainty> <{SCHEME}certainty/{certainty}> .\n"
            f"{s} <http://purl.org/dc/terms/source> <{ID}doc/{source}> .\n"
            f"{s} <{TYPE}> <{ONTOLOGY}AwardDecision> .\n"
        )


def _fundings(rows: Rows) -> Iterator[str]:
    for key, funder, pole, call, instrument, amount, bound, seen, certainty, source in rows:
        s = f"<{ID}funding/{key}>"
        yield (
            f"{s} <{ONTOLOGY}fundedBy> <{ID}org/{funder}> .\n"
            f"{s} <{ONTOLOGY}funds> <{ID}pole/{pole}> .\n"
            f"{s} <{ONTOLOGY}underCall> <{ID}call/{call}> .\n"
            f"{s} <{ONTOLOGY}fundingInstrument> <{SCHEME}funding-instrument/{instrument}> .\n"
            f'{s} <{ONTOLOGY}amount> "{amount}"^^<{DECIMAL}> .\n'
            f"{s} <{ONTOLOGY}bound> <{SCHEME}bound/{bound}> .\n"
            + _date(s, ONTOLOGY + "observedIn", seen)
            + f"{s} <{ONTOLOGY}certainty> <{SCHEME}certainty/{certainty}> .\n"
            f"{s} <{SOURCE}> <{ID}doc/{source}> .\n{s} <{TYPE}> <{ONTOLOGY}Funding> .\n"
        )


def _counts(rows: Rows) -> Iterator[str]:
    for key, pole, measure, minimum, bound, date, certainty, source in rows:
        s = f"<{ID}count/{key}>"
        yield (
            f"{s} <{ONTOLOGY}countOf> <{ID}pole/{pole}> .\n"
            f"{s} <{ONTOLOGY}measure> <{SCHEME}measure/{measure}> .\n"
            f'{s} <{ONTOLOGY}minimumValue> "{minimum}.0"^^<{DECIMAL}> .\n'
            f"{s} <{ONTOLOGY}bound> <{SCHEME}bound/{bound}> .\n"
            + _date(s, ONTOLOGY + "asOf", date)
            + f"{s} <{ONTOLOGY}certainty> <{SCHEME}certainty/{certainty}> .\n"
            f"{s} <{SOURCE}> <{ID}doc/{source}> .\n{s} <{TYPE}> <{ONTOLOGY}CountObservation> .\n"
        )


TABLES: dict[str, Callable[[Rows], Iterator[str]]] = {
    "applications": _applications,
    "calls": _calls,
    "communes": _communes,
    "counts": _counts,
    "decisions": _decisions,
    "departements": _departements,
    "fundings": _fundings,
    "memberships": _memberships,
    "organisation_statuses": _statuses,
    "organisations": _organisations,
    "poles": _poles,
    "regions": _regions,
    "sources": _sources,
    "websites": _websites,
}

"""`python -m tests.bench.generate ORGANISATIONS FOLDER`: a whole project of any size, made up.

The same number always gives the same files. `ptce --project FOLDER build` builds them without a
warning, and the questions find something with the parameters that stand in their files.
"""

from __future__ import annotations

import sys
from pathlib import Path

from stdnum import luhn  # type: ignore[import-untyped, unused-ignore]

_TABLES = """\
regions
code,name
{region},Région {region}

departements
code,name,region
{departement},Département {departement},{region}

communes
code,name,departement
{commune},Commune de l'Étang {n},{departement}

sources
id,url,title,publisher,date,kind,evidence_level
{source},https://example.org/source/{n},"Les pôles, n° {n}",Presse d'essai,{date},press,press

poles
id,name,commune,location_certainty,sector,themes,certainty,source
{pole},Pôle « Bêta {n} »,{commune},stated,mobility,emploi;thème {n},{certainty},{source}

organisations
id,name,alt_names,kind,ess_family,legal_form,commune,siren,kind_certainty,note,source
{organisation},L'Œuvre {n},Œ{n};O{n},{kind},{commune},{siren},{certainty},"the ""Œ"" {n}",{source}

organisation_statuses
organisation,status
{organisation},{status}

websites
organisation,website,certainty
{organisation},https://example.org/organisation/{n}?q=é,stated

memberships
id,pole,organisation,role,valid_from,valid_until,observed_in,certainty,source,note
{membership},{pole},{organisation},{role},{period},{certainty},{source},"{role}, says page {n}"

calls
id,name,name_en,type,launched,certainty
{call},Appel {call},Call {call},call-for-projects,{launched},stated

applications
id,call,pole,certainty,source
application-{n},{call},{pole},{certainty},{source}

decisions
id,application,outcome,date,certainty,source
decision-{n},application-{n},laureate,{date},{certainty},{source}

fundings
id,funder,pole,call,instrument,amount,bound,observed_in,certainty,source
grant-{n},{organisation},{pole},{call},grant,1{n}.50,exact,{date},{certainty},{source}

counts
id,pole,measure,minimum,bound,as_of,certainty,source
count-{n},{pole},partners,{n},at-least,{date},{certainty},{source}
"""
"""Name, header and row of each table; what stands in braces is given by `_values`."""

_KINDS = ("Association,association,92", "Cooperative,cooperative,57", "EmployerGroup,,9223")
_REGIONS = (75, 11, 24, 27, 28, 32, 44, 52, 53, 76, 84, 93, 94)
_PERIODS = ("2014,,", "2013-07,2019-12-31,", ",,2014-01", ",,2015")


def generate(count: int, folder: Path) -> None:
    """Write the tables of a project with so many organisations into a folder."""
    few = max(4, count // 20)
    sizes = {"regions": 13, "departements": 40, "communes": 1000, "calls": 2, "sources": few * 2}
    sizes |= dict.fromkeys(("poles", "applications", "decisions", "counts"), few)
    sizes |= {"memberships": count + count // 4, "fundings": count // 5}
    sources = folder / "graph" / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    for table in _TABLES.split("\n\n"):
        name, header, row = table.splitlines()
        with (sources / f"{name}.csv").open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"{header}\n")
            for n in range(sizes.get(name, count)):
                file.write(row.format_map(_values(n, count, few)) + "\n")


def _values(n: int, count: int, poles: int) -> dict[str, object]:
    """Return what the n-th row of a table may say; rows beyond the count are second memberships."""
    organisation, pole = (n, n % poles) if n < count else ((n - count) * 4, (n * 7 + 3) % poles)
    departement, siren = n % 40 + 30, f"{n + 10_000_000:08}"
    return {
        "n": n,
        "region": _REGIONS[n % 13],
        "departement": departement,
        "commune": f"{departement}{n % 1000 // 40 + 1:03}",
        "source": f"source-{n % (poles * 2)}",
        "certainty": "inferred" if n % 3 == 2 else "stated",
        "date": ("2014", "2014-01", "2014-01-10")[n % 3],
        "period": _PERIODS[n % 4],
        "pole": f"pole-{pole}" if pole else "sud-aquitaine",
        "organisation": f"organisation-{organisation}" if organisation else "cbe-seignanx",
        "kind": _KINDS[n % 3],
        "status": ("esus", "scic", "geiq")[n % 3],
        "siren": siren + str(luhn.calc_check_digit(siren)),
        "role": "coordinator" if n < poles else ("member", "partner", "founder", "tenant")[n % 4],
        "membership": f"membership-{n}" if n else "sud-aquitaine-cbe-seignanx-coordinator",
        "call": ("AAP-2013", "AAP-2015")[n % 2],
        "launched": ("2013-07", "2015-07")[n % 2],
    }


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]))

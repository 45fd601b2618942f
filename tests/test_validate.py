"""The checks: what they catch and what they leave alone, and the rows that findings lead to."""

import csv
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
from stdnum import luhn
from stdnum.fr import siren, siret

from ptce_graph import findings, validate
from ptce_graph.build import build
from ptce_graph.errors import GraphError, ProjectError
from ptce_graph.findings import Finding
from ptce_graph.namespaces import SCHEME
from ptce_graph.project import Project, find

ROOT = Path(__file__).parents[1]
SHAPES = validate.read_shapes(Project(ROOT, ROOT))
PREFIXES = """
    @prefix id: <https://w3id.org/ptce/id/> .
    @prefix igeo: <http://rdf.insee.fr/def/geo#> .
    @prefix ptce: <https://w3id.org/ptce/ontology#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def found_in(turtle: str) -> list[tuple[str, str, str]]:
    """Return what the checks say of a text: end of the IRI, check, value."""
    store = pyoxigraph.Store()
    store.load((PREFIXES + turtle).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    return [(iri.rpartition("/")[2], *rest) for iri, *rest in validate.run(store, SHAPES)]


@pytest.fixture(scope="module")
def real_findings(real: Project) -> list[Finding]:
    """What the checks say of the real graph."""
    return validate.validate(real)


def test_real_graph_has_no_error(real_findings: list[Finding]) -> None:
    """Nothing in the real graph is wrong; something is to be looked at."""
    assert [f.place for f in real_findings if f.severity == "error"] == []
    assert {f.severity for f in real_findings} == {"warning", "information"}


def test_findings_lead_to_the_row_of_the_thing(real_findings: list[Finding]) -> None:
    """The line of each finding is the one that begins the row of its thing."""
    rows: dict[str, dict[int, list[str]]] = {}
    for finding in real_findings:
        if finding.table not in rows:
            path = ROOT / "graph" / "sources" / finding.table
            rows[finding.table] = lines_of(path)
        row = rows[finding.table][finding.line]
        assert finding.focus.rpartition("/")[2] == row[0], finding.place
        assert finding.label["fr"], finding.focus


def lines_of(path: Path) -> dict[int, list[str]]:
    """Return the rows of a table by the line where each starts."""
    with path.open(encoding="utf-8") as file:
        reader = csv.reader(file)
        starts = {}
        while True:
            line = reader.line_num + 1
            row = next(reader, None)
            if row is None:
                return starts
            starts[line] = row


def test_readme_of_the_data_says_what_the_checks_say(real_findings: list[Finding]) -> None:
    """graph/README.md holds the table that `ptce check --lang en --markdown` prints."""
    command = "ptce check --lang en --markdown"
    text = (ROOT / "graph" / "README.md").read_text("utf-8")
    block = re.search(rf"<!-- {command} -->\n(.*?)<!-- end -->", text, re.DOTALL)
    assert block
    message = f"run `{command}` and put what it prints into graph/README.md"
    assert block[1].strip() == findings.to_markdown(real_findings, "en").strip(), message


def decree_example(date: str) -> str:
    """Return the example of a pole with two members, in a call of another date."""
    path = ROOT / "ontology" / "examples" / "invalid" / "PoleMembers.ttl"
    text = path.read_text("utf-8")
    assert 'ptce:launched "2022-09"^^xsd:gYearMonth ;' in text
    roles = (ROOT / "ontology" / "schemes" / "role.ttl").read_text("utf-8")
    kinds = ["Cooperative", "CommercialCompany"]
    axioms = "".join(f"ptce:{kind} rdfs:subClassOf ptce:LegalPerson . " for kind in kinds)
    return text.replace('ptce:launched "2022-09"^^xsd:gYearMonth ;', date) + roles + axioms


@pytest.mark.parametrize(
    ("dates", "judged"),
    [
        ('ptce:launched "2015-04-21"^^xsd:date ;', True),
        ('ptce:launched "2016"^^xsd:gYear ;', True),
        ('ptce:announced "2024-10"^^xsd:gYearMonth ;', True),
        ('ptce:launched "2015-04-14"^^xsd:date ;', False),
        ('ptce:launched "2015"^^xsd:gYear ;', False),
        ('ptce:launched "2013-07-15"^^xsd:date ; ptce:announced "2016"^^xsd:gYear ;', False),
        ("", False),
    ],
)
def test_decree_is_for_calls_of_after_it(dates: str, judged: bool) -> None:
    """The conditions are judged only where every known date of a call is after 15 April 2015."""
    names = {check for _, check, _ in found_in(decree_example(dates))}
    assert names == ({"PoleMembers"} if judged else set())


def test_pole_without_known_members_is_told_once() -> None:
    """A pole of which no member is known is told to have too few, and nothing more on them."""
    text = decree_example('ptce:launched "2022"^^xsd:gYear ;')
    text = re.sub(r"^membership:.*?\.\n\n", "", text, flags=re.MULTILINE | re.DOTALL)
    assert found_in(text) == [("exemple", "PoleMembers", "0")]


def test_lead_organisation_carries_a_laureate() -> None:
    """A laureate whose lead organisation is of private law is not told to have no carrier."""
    path = ROOT / "ontology" / "examples" / "invalid" / "PoleLegalPerson.ttl"
    text = path.read_text("utf-8")
    roles = (ROOT / "ontology" / "schemes" / "role.ttl").read_text("utf-8")
    kinds = re.findall(r" a ptce:(\w+)", text)
    text += roles + "".join(f"ptce:{kind} rdfs:subClassOf ptce:LegalPerson . " for kind in kinds)
    assert "PoleLegalPerson" in {check for _, check, _ in found_in(text)}
    text += "<https://w3id.org/ptce/id/pole/exemple> ptce:leadOrganisation id:lead . "
    text += "id:lead a ptce:Association ."
    assert "PoleLegalPerson" not in {check for _, check, _ in found_in(text)}


def test_members_count_once_whatever_their_roles() -> None:
    """An organisation with two roles is one member, and a partner is none."""
    text = decree_example('ptce:launched "2022"^^xsd:gYear ;')
    again = re.search(r"^membership:.*?\.\n\n", text, re.MULTILINE | re.DOTALL)
    assert again
    second = again[0].replace("-member a", "-founder a").replace("role:member", "role:founder")
    assert found_in(text + second) == [("exemple", "PoleMembers", "2")]


def test_check_digit_of_siren_is_that_of_the_register() -> None:
    """The check agrees with python-stdnum on 300 numbers, right and wrong."""
    numbers = [f"{(n * 7_654_321 + 123_456_782) % 10**9:09}" for n in range(300)]
    numbers += ["356000000", "005720784", "123456782"]
    text = "".join(f'id:n{n} ptce:siren "{n}" .\n' for n in numbers)
    wrong = {name[1:] for name, check, _ in found_in(text) if check == "SirenCheckDigit"}
    assert wrong == {n for n in numbers if not siren.is_valid(n)}
    assert 200 < len(wrong) < len(numbers) - 20


@pytest.mark.parametrize(
    "number", ["12345678", "1234567820", "123 456 782", "12345678A", "１２３４５６７８２"]
)
def test_siren_has_nine_digits(number: str) -> None:
    """What has not nine plain digits is no SIREN."""
    text = f'id:n ptce:siren "{number}" .'
    assert [check for _, check, _ in found_in(text)] == ["SirenFormat"]


def test_check_digit_of_siret_is_that_of_the_register() -> None:
    """The check agrees with python-stdnum on 500 numbers, those of La Poste among them."""
    numbers = [f"{(n * 765_432_198_701 + 12_345_678_200_010) % 10**14:014}" for n in range(300)]
    numbers += [f"356000000{n * 997:05}" for n in range(100)]
    numbers += [f"12345678200{n:03}" for n in range(100)]
    text = "".join(f'id:n{n} ptce:siret "{n}" .\n' for n in numbers)
    wrong = {name[1:] for name, check, _ in found_in(text) if check == "SiretCheckDigit"}
    post = {n for n in numbers if n.startswith("356000000") and luhn.is_valid(n)}
    assert wrong == {n for n in numbers if not siret.is_valid(n)} - post
    assert 300 < len(wrong) < len(numbers) - 20


@pytest.mark.parametrize("number", ["1234567820001", "123 456 782 00010", "1234567820001A"])
def test_siret_has_fourteen_digits(number: str) -> None:
    """What has not fourteen plain digits is no SIRET; an organisation may have several."""
    text = f'id:n ptce:siret "{number}" , "12345678200010" , "12345678200028" .'
    assert [check for _, check, _ in found_in(text)] == ["SiretFormat"]


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("W402000000", True),
        ("W2A1000000", True),
        ("W9R1000000", True),
        ("w402000000", False),
        ("W40200000", False),
        ("402000000", False),
        ("W40200000A", False),
    ],
)
def test_rna_is_a_w_and_nine_characters(number: str, right: bool) -> None:
    """Numbers of Corsica and of overseas departments have a letter."""
    found = found_in(f'id:n ptce:rna "{number}" .')
    assert [check for _, check, _ in found] == ([] if right else ["RnaFormat"])


def test_label_has_an_issuer_and_a_start() -> None:
    """A label without an issuer or a start is an error, with both there is none."""
    label = """id:x a ptce:LabelAttribution ; ptce:labelAwarded id:l ; ptce:awardedTo id:o ;
        <http://www.w3.org/ns/prov#hadPrimarySource> id:d . id:d a ptce:SourceDocument ."""
    assert [check for _, check, _ in found_in(label)] == ["LabelIssuer", "LabelStart"]
    more = 'id:x ptce:issuer id:i ; ptce:validFrom "2016"^^xsd:gYear .'
    assert found_in(label + more) == []


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("2014", "2014", False),
        ("2014-06", "2014", False),
        ("2014", "2014-01-01", False),
        ("2014-02-28", "2014-02", False),
        ("2014-03", "2014-02-28", True),
        ("2015", "2014-12-31", True),
        ("2014-01-11", "2014-01-10", True),
    ],
)
def test_dates_are_compared_at_the_precision_of_both(start: str, end: str, wrong: bool) -> None:
    """A year contains its days: only what must be before is before."""
    types = {4: "gYear", 7: "gYearMonth", 10: "date"}
    text = "id:x " + " ; ".join(
        f'ptce:{name} "{date}"^^xsd:{types[len(date)]}'
        for name, date in (("validFrom", start), ("validUntil", end))
    )
    value = [("x", "PeriodOrder", f"{start} > {end}")] if wrong else []
    assert found_in(text + " .") == value


@pytest.mark.parametrize(
    ("code", "kind", "agrees"),
    [
        ("9220", "Association", True),
        ("92", "EmployerGroup", True),
        ("9220", "Foundation", False),
        ("9223", "EmployerGroup", True),
        ("9223", "Association", False),
        ("9300", "Foundation", True),
        ("7210", "LocalAuthority", True),
        ("7346", "StateBody", False),
        ("7113", "StateBody", True),
        ("7410", "PublicBody", True),
        ("54", "Cooperative", True),
        ("54", "CommercialCompany", True),
        ("5458", "CommercialCompany", False),
        ("5458", "Cooperative", True),
        ("57", "Association", False),
        ("8210", "Mutual", True),
        ("8210", "Association", False),
        ("1000", "LegalPerson", True),
    ],
)
def test_legal_form_agrees_with_kind(code: str, kind: str, agrees: bool) -> None:
    """INSEE's category of an organisation and its kind say the same."""
    text = f"""
        id:x a ptce:{kind} ; ptce:legalForm <{SCHEME}legal-form/{code}> .
        <{SCHEME}legal-form/{code}> skos:notation "{code}" .
        ptce:{kind} rdfs:subClassOf ptce:LegalPerson .
    """
    assert found_in(text) == ([] if agrees else [("x", "LegalFormKind", code)])


def test_codes_of_territories_know_corsica_and_overseas() -> None:
    """Codes of Corsica and overseas are right; a postcode or a lost zero is not."""
    codes = {
        "Commune": ("01001 2A004 2B033 75056 97416 98818", "1001 20004 2C004 97900 401312"),
        "Department": ("01 2A 2B 95 974 988", "1 20 96 979 2a"),
        "Region": ("01 06 11 75 93 94", "75056 00 05 1 974"),
    }
    for kind, (right, wrong) in codes.items():
        every = f"{right} {wrong}".split()
        text = "".join(f'id:x{c} a ptce:{kind} ; igeo:codeINSEE "{c}" .' for c in every)
        told = {name[1:] for name, check, _ in found_in(text) if check == f"{kind}Code"}
        assert told == set(wrong.split()), kind


def plant(project: Project, table: str, rows: Iterable[str]) -> list[Finding]:
    """Add rows to a table of a project, build it, and return what the checks say."""
    path = project.sources / "facts" / table
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + "\n".join(rows) + "\n", "utf-8")
    build(project)
    return validate.validate(project)


def test_planted_error_is_found_in_its_row(tiny: Project) -> None:
    """A period turned round is an error of the line at which it was planted."""
    row = "beta-cbe-member,beta,cbe,member,2016,2015-03,,stated,gazette,"
    first, *others = plant(tiny, "memberships.csv", [row])
    lines = (tiny.sources / "facts" / "memberships.csv").read_text("utf-8").splitlines()
    assert first.severity == "error"
    assert (first.check.name, first.value) == ("PeriodOrder", "2016 > 2015-03")
    assert first.place == f"facts/memberships.csv:{len(lines)}"
    assert lines[first.line - 1] == row
    assert first.label["fr"] == "Comité de bassin d'emploi d'essai – Pôle « Bêta », l'œuvre commune"
    assert all(finding.severity != "error" for finding in others)


def test_place_is_the_row_that_states_the_value(tiny: Project) -> None:
    """A wrong check digit leads to the table of organisations, not to that of their functions."""
    path = tiny.sources / "facts" / "organisations.csv"
    text = path.read_text("utf-8")
    line = next(i for i, t in enumerate(text.splitlines(), 1) if t.startswith("mutuelle,"))
    path.write_text(re.sub(r"(?m)^(mutuelle,.*),$", r"\1,123456789", text), "utf-8")
    build(tiny)
    (finding,) = (f for f in validate.validate(tiny) if f.check.name == "SirenCheckDigit")
    assert finding.place == f"facts/organisations.csv:{line}"
    assert (finding.value, finding.label["en"]) == ("123456789", "Mutuelle d'essai")


def test_code_leads_to_the_line_of_its_list(tiny: Project) -> None:
    """A code without its English label is told with the file and line of its list."""
    shutil.copytree(ROOT / "ontology", tiny.root / "ontology")
    path = tiny.root / "ontology" / "schemes" / "role.ttl"
    text = path.read_text("utf-8").replace(' , "ally"@en', "", 1)
    path.write_text(text, "utf-8")
    build(tiny)
    (finding,) = (f for f in validate.validate(tiny) if f.severity == "error")
    line = next(i for i, t in enumerate(text.splitlines(), 1) if t.startswith("role:ally "))
    assert finding.check.name == "ConceptLabel"
    assert finding.place == f"ontology/schemes/role.ttl:{line}"


def test_findings_are_in_a_fixed_order(tiny_built: Project) -> None:
    """The same graph gives the same findings in the same order, the gravest first."""
    found = validate.validate(tiny_built)
    assert found == validate.validate(tiny_built)
    grave = [list(findings.SEVERITIES.values()).index(f.severity) for f in found]
    assert grave == sorted(grave)


def test_graph_must_be_built_first(tiny: Project) -> None:
    """Without a graph, the sentence says which command to run."""
    with pytest.raises(ProjectError, match="run `ptce build` first"):
        validate.validate(tiny)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@prefix", "@prefixe"),
        ("SELECT $this WHERE { $this", "SELEC $this WHERE { $this"),
        ("sh:minCount 1 ;", "sh:minCount 1 , 2 ;"),
    ],
)
def test_shapes_that_cannot_be_read_are_one_sentence(tiny: Project, old: str, new: str) -> None:
    """What is wrong in the shapes themselves is a GraphError that names their file."""
    build(tiny)
    shutil.copytree(ROOT / "ontology", tiny.root / "ontology")
    path = tiny.root / "ontology" / "shapes.ttl"
    text = path.read_text("utf-8").replace("SELECT DISTINCT $this WHERE", "SELECT $this WHERE")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(GraphError, match=r"shapes\.ttl: ") as error:
        validate.validate(find(tiny.root))
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


def test_project_without_shapes_is_one_sentence(tiny: Project) -> None:
    """A project with an ontology of its own needs shapes of its own."""
    build(tiny)
    shutil.copytree(ROOT / "ontology", tiny.root / "ontology")
    (tiny.root / "ontology" / "shapes.ttl").unlink()
    with pytest.raises(ProjectError, match=r"shapes\.ttl: cannot be read"):
        validate.validate(find(tiny.root))

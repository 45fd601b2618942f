"""Tables in, lines out: what is wrong is told with its place, and no row is lost without a word."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from ptce_graph.build import Build, FailedBuild, build
from ptce_graph.dataset import built
from ptce_graph.errors import RULES, WARNINGS, ProjectError
from ptce_graph.project import Project
from ptce_graph.receipt import Receipt, TableReceipt

Edit = Callable[[str, str, str], Path]
ID = "https://w3id.org/ptce/id/"
TINY = Path(__file__).parent / "tiny"
ORGANISATIONS, POLES = "facts/organisations.csv", "facts/poles.csv"
MEMBERS, SOURCES = "facts/memberships.csv", "facts/sources.csv"


def failed(project: Project) -> Receipt:
    """Return the receipt of a build that fails."""
    with pytest.raises(FailedBuild) as error:
        build(project)
    assert error.value.problems == tuple(error.value.receipt.errors)
    return error.value.receipt


def table(made: Build | Receipt, name: str) -> TableReceipt:
    """Return what became of the rows of a table."""
    receipt = made.receipt if isinstance(made, Build) else made
    return next(table for table in receipt.tables if table.name == name)


def adds_up(receipt: Receipt) -> bool:
    """Return whether every row is accepted, merged or rejected."""
    return all(t.rows == t.accepted + t.merged + t.rejected for t in receipt.tables)


# table, text to replace, new text, problem in English, the same in French
WRONG = [
    (
        *(POLES, "beta,", ","),
        f"{POLES}:3: id: missing value: this column must be filled",
        f"{POLES}:3: id: valeur absente: cette colonne doit être remplie",
    ),
    (
        *(ORGANISATIONS, "labo,Laboratoire", "geiq,Laboratoire"),
        f'{ORGANISATIONS}:9: id: "geiq": duplicate key: the same key, with other values, is on '
        "line 5",
        f'{ORGANISATIONS}:9: id: "geiq": clé en double: la même clé, avec d\'autres valeurs, est à '
        "la ligne 5",
    ),
    (
        *(MEMBERS, "2014,stated,gazette,named", "2014,stated,gazete,named"),
        f'{MEMBERS}:2: source: "gazete": dangling reference: no such row in sources.csv',
        f'{MEMBERS}:2: source: "gazete": référence sans cible: aucune ligne de ce nom dans '
        "sources.csv",
    ),
    (
        *(MEMBERS, "2015-12-31", "2015-02-29"),
        f'{MEMBERS}:4: valid_until: "2015-02-29": invalid date: write 2014, 2014-01, 2014-01-10',
        f'{MEMBERS}:4: valid_until: "2015-02-29": date invalide: écrivez 2014, 2014-01, 2014-01-10',
    ),
    (
        *("facts/fundings.csv", "121555.50", '"121 555,50"'),
        'facts/fundings.csv:2: amount: "121 555,50": invalid number: write it like 12.5, ≥ 0',
        'facts/fundings.csv:2: amount: "121 555,50": nombre invalide: écrivez-le comme 12.5, ≥ 0',
    ),
    (
        *(ORGANISATIONS, "stated,mutual,,gazette,", "stated,mutual,,gazette,552 032 534"),
        f'{ORGANISATIONS}:11: siren: "552 032 534": invalid SIREN: nine digits, as in 552032534',
        f'{ORGANISATIONS}:11: siren: "552 032 534": SIREN invalide: neuf chiffres, comme 552032534',
    ),
    (
        *(POLES, ",35,,inferred", ",20,,inferred"),
        f'{POLES}:3: departement: "20": invalid INSEE code: expected 40, 2A, 974',
        f'{POLES}:3: departement: "20": code INSEE invalide: attendu : 40, 2A, 974',
    ),
    (
        *(MEMBERS, "geiq,member", "geiq,membre"),
        f'{MEMBERS}:5: role: "membre": unknown code: did you mean member',
        f'{MEMBERS}:5: role: "membre": code inconnu: vouliez-vous dire member',
    ),
    (
        *(POLES, "beta,", "Bêta,"),
        f'{POLES}:3: id: "Bêta": invalid key: letters without accents, digits and single hyphens',
        f'{POLES}:3: id: "Bêta": clé invalide: lettres sans accent, chiffres et tirets simples',
    ),
    (
        *(SOURCES, "https://example.org/copie", "example.org/copie"),
        f'{SOURCES}:4: url: "example.org/copie": invalid address: a whole address without spaces, '
        "as in https://example.org/",
        f'{SOURCES}:4: url: "example.org/copie": adresse invalide: une adresse complète sans '
        "espace, comme https://example.org/",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "english", "french"), WRONG)
def test_wrong_cell_is_told(
    tiny: Project, edit: Edit, name: str, old: str, new: str, english: str, french: str
) -> None:
    """A wrong cell is told as file:line: column: value: rule: hint, in both languages, first."""
    edit(name, old, new)
    receipt = failed(tiny)
    assert receipt.problems[0].describe("en").startswith(english)
    assert receipt.problems[0].describe("fr").startswith(french)
    assert adds_up(receipt)
    assert not tiny.build.exists() or not list(tiny.build.iterdir())


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_speaks_both_languages(rule: str) -> None:
    """Each rule has a name and a hint in French and in English, with the same places to fill."""
    (name, hint), (nom, conseil) = RULES[rule]["en"], RULES[rule]["fr"]
    assert all((name, hint, nom, conseil))
    assert hint.count("{}") == conseil.count("{}") <= 1


def test_unknown_code_that_looks_like_none_lists_the_codes(tiny: Project, edit: Edit) -> None:
    """When no code looks like what was written, the codes are listed."""
    edit(MEMBERS, "geiq,member", "geiq,zzz")
    (problem,) = failed(tiny).problems
    assert "unknown code: the codes are: " in problem.describe()
    assert "member" in problem.detail


def test_all_problems_of_a_build_are_told_together(tiny: Project, edit: Edit) -> None:
    """One run tells what is wrong in every table, in the order of files and lines."""
    for name, old, new in [
        (MEMBERS, "geiq,member", "geiq,membre"),
        (MEMBERS, "2015-12-31", "31/12/2015"),
        (ORGANISATIONS, "Mutual,", "Mutuelle,"),
        ("territories/communes.csv", "35238", "3523"),
    ]:
        edit(name, old, new)
    (tiny.sources / "facts" / "calls.csv").write_bytes(b"id,name\n\xe9\n")
    places = [(p.path, p.line) for p in failed(tiny).problems if p.rule != "rejected-reference"]
    assert places == [
        ("facts/calls.csv", 2),
        (MEMBERS, 4),
        (MEMBERS, 5),
        (ORGANISATIONS, 11),
        ("territories/communes.csv", 3),
    ]


def test_failed_build_leaves_the_previous_one(tiny: Project, edit: Edit) -> None:
    """When tables hold errors, the files of the previous build stay, byte for byte, alone."""
    build(tiny)
    before = {path.name: path.read_bytes() for path in tiny.build.iterdir()}
    edit(POLES, "culture", "cultur")
    failed(tiny)
    assert {path.name: path.read_bytes() for path in tiny.build.iterdir()} == before


def test_good_rows_are_built_on_demand(tiny: Project, edit: Edit) -> None:
    """With keep_good the graph is made of the good rows; those that need a bad one are rejected."""
    edit(SOURCES, "gazette,https://", "gazette,")
    made = build(tiny, keep_good=True)
    text = built(tiny).read_text("utf-8")
    assert f"{ID}doc/official" in text
    assert f"{ID}pole/beta" in text
    for gone in ("doc/gazette", "doc/copy", "pole/alpha", "org/cbe"):
        assert f"{ID}{gone}" not in text
    rules = [(p.path, p.rule) for p in made.receipt.problems]
    assert rules[0] == (SOURCES, "invalid-iri")
    assert (SOURCES, "rejected-reference") in rules
    assert {rule for _, rule in rules[1:]} == {"rejected-reference"}
    assert adds_up(made.receipt)
    assert table(made, POLES).rejected == 2


def test_consequences_come_after_their_cause(tiny: Project, edit: Edit) -> None:
    """What is rejected only because of another row is told last, with what to mend first."""
    edit(SOURCES, "gazette,https://", "gazette,")
    first, *others = failed(tiny).problems
    assert first.path == SOURCES
    told = "\n".join(problem.describe() for problem in others)
    assert "mend sources.csv first" in told
    assert "mend organisations.csv first" in told


def test_dangling_references_of_a_table_to_itself(tiny: Project, edit: Edit) -> None:
    """A row may refer to a later row of its table, but not to one that is not there."""
    edit("territories/regions.csv", ",2015-12-31,75", ",2015-12-31,53")
    build(tiny)
    edit("territories/regions.csv", ",2015-12-31,53", ",2015-12-31,11")
    problem = failed(tiny).problems[0]
    assert (problem.line, problem.column, problem.rule) == (3, "part_of", "dangling-reference")


def test_rows_fall_out_in_turn(tiny: Project) -> None:
    """In a chain of versions, all those that come from a bad source are rejected with it."""
    path = tiny.sources / SOURCES
    last = "v9,https://example.org/x,t,p,2014-99,,press,press,,\n"
    rows = [f"v{i},https://example.org/{i},t,p,,,press,press,v{i + 1},\n" for i in range(9)]
    path.write_text(path.read_text("utf-8") + "".join(rows) + last, "utf-8")
    made = build(tiny, keep_good=True)
    assert (table(made, SOURCES).accepted, table(made, SOURCES).rejected) == (3, 10)
    assert f"{ID}doc/v" not in built(tiny).read_text("utf-8")


def test_circle_of_references_is_read(tiny: Project) -> None:
    """Two rows that refer to each other are no error."""
    path = tiny.sources / SOURCES
    rows = "a,,t,p,,,press,press,b,\nb,,t,p,,,press,press,a,\n"
    path.write_text(path.read_text("utf-8") + rows, "utf-8")
    assert table(build(tiny), SOURCES).accepted == 5


@pytest.mark.parametrize(("siren", "warnings"), [("552032534", 0), ("123456789", 1)])
def test_warnings_do_not_stop_a_build(tiny: Project, edit: Edit, siren: str, warnings: int) -> None:
    """A wrong check digit is told, and the row is in the graph."""
    edit(ORGANISATIONS, "stated,mutual,,gazette,", f"stated,mutual,,gazette,{siren}")
    made = build(tiny)
    assert [p.rule for p in made.receipt.problems] == ["check-digit"] * warnings
    assert made.receipt.errors == []
    assert f'"{siren}"' in built(tiny).read_text("utf-8")


def test_row_said_twice_is_merged(tiny: Project) -> None:
    """A row that says again what an earlier one says is counted as merged, and changes nothing."""
    build(tiny)
    before = built(tiny).read_bytes()
    path = tiny.sources / POLES
    text = path.read_text("utf-8")
    path.write_text(text + text.splitlines(keepends=True)[1] * 2, "utf-8")
    made = build(tiny)
    assert built(tiny).read_bytes() == before
    assert dataclasses.astuple(table(made, POLES))[1:5] == (5, 3, 2, 0)


def test_receipt_is_a_value_for_json(tiny: Project, edit: Edit) -> None:
    """The receipt says in numbers and in words what became of every row."""
    edit(POLES, "culture", "cultur")
    value = failed(tiny).as_dict("fr")
    (poles,) = [row for row in value["tables"] if row["name"] == POLES]
    assert (poles["rows"], poles["accepted"], poles["rejected"]) == (3, 2, 1)
    assert value["total"]["rows"] == sum(row["rows"] for row in value["tables"])
    assert value["total"]["rejected"] == len({(p["path"], p["line"]) for p in value["problems"]})
    assert value["problems"][0]["severity"] == "error"
    assert value["problems"][0]["text"].startswith(f'{POLES}:3: sector: "cultur": code inconnu')


@pytest.mark.parametrize(
    ("datatype", "value", "rule"),
    [
        ("siret", "552032534 00646", "invalid-siret"),
        ("siret", "55203253400647", "check-digit"),
        ("rna", "751004076", "invalid-rna"),
        ("commune", "2C004", "invalid-insee"),
        ("region", "05", "invalid-insee"),
    ],
)
def test_tables_of_others_use_the_same_identifiers(
    tiny: Project, datatype: str, value: str, rule: str
) -> None:
    """A table that a project adds has the same checks, by the names of the datatypes."""
    (tiny.sources / "extra.csv").write_text(f"id,code\na,{value}\n", "utf-8")
    (tiny.sources / "extra.csv-metadata.json").write_text(EXTRA.replace("NAME", datatype), "utf-8")
    receipt = build(tiny).receipt if rule in WARNINGS else failed(tiny)
    (problem,) = receipt.problems
    assert (problem.path, problem.line, problem.column) == ("extra.csv", 2, "code")
    assert (problem.value, problem.rule) == (value, rule)


EXTRA = """{
  "@context": "http://www.w3.org/ns/csvw", "url": "extra.csv", "tableSchema": {
    "aboutUrl": "https://example.org/{id}", "primaryKey": "id", "columns": [
      {"name": "id", "required": true, "suppressOutput": true},
      {"name": "code", "propertyUrl": "https://example.org/code",
       "datatype": {"@id": "https://w3id.org/ptce/datatype#NAME", "base": "string"}}]}}"""


def test_foreign_key_to_an_unknown_column_is_an_error(tiny: Project) -> None:
    """Metadata that refer to a column that the other table does not have are told."""
    key = '{"columnReference": "code", "reference": {"resource": "poles.csv", "columnReference": '
    text = EXTRA.replace("NAME", "key").replace(
        '"columns"', f'"foreignKeys": [{key}"code"}}}}], "columns"'
    )
    (tiny.sources / "extra.csv").write_text("id,code\na,b\n", "utf-8")
    (tiny.sources / "extra.csv-metadata.json").write_text(text, "utf-8")
    with pytest.raises(ProjectError, match=r"foreign key to poles\.csv: no column code"):
        build(tiny)

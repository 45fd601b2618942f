"""National registers as they are published: on true samples, or rows of the published columns."""

import csv
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from ptce_graph.foreign.mappings import read_plan
from ptce_graph.foreign.plan import parse_filter
from ptce_graph.project import installed_mappings
from tests.foreign.conftest import Desk

REFERENCE = Path(__file__).parents[3] / "shared" / "data" / "reference"
MAPPINGS = sorted(installed_mappings().glob("*.toml"))
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="../shared/data/reference is not here"
)


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_mapping_is_read_and_in_the_guide(path: Path) -> None:
    """Each mapping is one, names its document, and has its place in both guides."""
    plan = read_plan(path)
    assert {"title", "publisher", "url"} <= set(plan.source)
    for name in ("registers.md", "registers.fr.md"):
        guide = (Path(__file__).parents[2] / "docs" / name).read_text("utf-8")
        assert f"`{path.stem}`" in guide


def published(name: str, column: str = "colonne") -> list[str]:
    """Return the columns of a register, in the order in which it is published."""
    with (REFERENCE / name).open(encoding="utf-8") as file:
        return [row[column] for row in csv.DictReader(file)]


def write(path: Path, header: list[str], rows: list[dict[str, str]], mark: str = ",") -> Path:
    """Write rows to the published columns; cells that are not given are blank."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, delimiter=mark)
        writer.writeheader()
        writer.writerows(rows)
    return path


def unit(siren: str, name: str, **more: str) -> dict[str, str]:
    """Return a row of StockUniteLegale, of an active association of the ESS."""
    return {
        "siren": siren,
        "statutDiffusionUniteLegale": "O",
        "denominationUniteLegale": name,
        "categorieJuridiqueUniteLegale": "9220",
        "etatAdministratifUniteLegale": "A",
        "economieSocialeSolidaireUniteLegale": "O",
        "identifiantAssociationUniteLegale": "W401000000",
        **more,
    }


UNITS = [
    unit("552032534", "FOYER DES JEUNES DE TARNOS", sigleUniteLegale="FJT"),
    unit("005720784", "SCOP LES BATISSEURS", categorieJuridiqueUniteLegale="5458",
         identifiantAssociationUniteLegale=""),
    unit("100000009", "HORS ESS", economieSocialeSolidaireUniteLegale="N"),
    unit("100000017", "CESSEE", etatAdministratifUniteLegale="C"),
    unit("100000025", "[ND]", statutDiffusionUniteLegale="P"),
    unit("100000033", "", categorieJuridiqueUniteLegale="1000", nomUniteLegale="SECRETNOM",
         prenom1UniteLegale="SECRETPRENOM", sexeUniteLegale="F"),
    unit("100000041", "RNA FAUX", identifiantAssociationUniteLegale="W12"),
]  # fmt: skip


@pytest.fixture
def units(desk: Desk) -> Path:
    """A small StockUniteLegale."""
    header = published("sirene/stock_unite_legale_columns.csv")
    return write(desk.folder / "StockUniteLegale_utf8.csv", header, UNITS)


def as_parquet(path: Path) -> Path:
    """Return the same table as Parquet."""
    target = path.with_suffix(".parquet")
    duckdb.read_csv(str(path), all_varchar=True).write_parquet(str(target))
    return target


@needs_reference
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_sirene_units(desk: Desk, units: Path, form: str) -> None:
    """Active units of the ESS, by legal category; who objects, and persons, are not read."""
    path = units if form == "csv" else as_parquet(units)
    receipt = desk.take(path, "", mapping=Path("sirene-unites-legales"))
    assert (receipt.accepted, receipt.outcomes["not-selected"]) == (3, 4)
    rows = {row["id"]: row for row in desk.rows("organisations.csv")}
    assert rows["siren-552032534"]["name"] == "Foyer des Jeunes de Tarnos"
    assert rows["siren-552032534"]["rna"] == "W401000000"
    assert rows["siren-005720784"]["kind"] == "Cooperative"
    assert rows["siren-100000041"]["rna"] == ""
    assert receipt.found["left-blank"] == 1
    assert b"SECRET" not in b"".join(desk.files().values())
    desk.graph.build()


SEATS = [
    ("552032534", "true", "A", "40312", "TARNOS", ""),
    ("552032534", "false", "A", "40088", "DAX", "ANNEXE"),
    ("005720784", "true", "A", "35238", "RENNES", "LES BATISSEURS"),
    ("100000041", "true", "F", "40088", "DAX", "FERMEE"),
    ("100000033", "true", "A", "40088", "DAX", "CHEZ MARIE"),
]


@pytest.fixture
def seats(desk: Desk) -> Path:
    """A small StockEtablissement."""
    header = published("sirene/etablissement_terms_from_sirene_ld.csv")
    names = ("siren", "etablissementSiege", "etatAdministratifEtablissement",
             "codeCommuneEtablissement", "libelleCommuneEtablissement",
             "denominationUsuelleEtablissement")  # fmt: skip
    rows = [
        dict(zip(names, seat, strict=True))
        | {"siret": f"{seat[0]}00011", "statutDiffusionEtablissement": "O"}
        for seat in SEATS
    ]
    return write(desk.folder / "StockEtablissement_utf8.csv", header, rows)


@needs_reference
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_sirene_seats(desk: Desk, units: Path, seats: Path, form: str) -> None:
    """Active seats of the ESS that have a name, with their commune; no sign of a sole trader."""
    path = seats if form == "csv" else as_parquet(seats)
    if form == "parquet":
        units = as_parquet(units)
    receipt = desk.take(path, "", mapping=Path("sirene-etablissements"), join=units)
    assert (receipt.accepted, receipt.outcomes["not-selected"]) == (1, 3)
    assert receipt.outcomes["not-joined"] == 1
    assert b"CHEZ MARIE" not in b"".join(desk.files().values())
    (row,) = desk.rows("organisations.csv")
    assert (row["name"], row["siret"], row["commune"]) == (
        "Les Batisseurs", "00572078400011", "35238")  # fmt: skip


@needs_reference
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_units_of_one_place(desk: Desk, units: Path, seats: Path, form: str) -> None:
    """The ESS units of a département: two files, of which only what is selected is held."""
    if form == "parquet":
        units, seats = as_parquet(units), as_parquet(seats)
    receipt = desk.take(
        units,
        "",
        mapping=Path("sirene-unites-avec-siege"),
        join=seats,
        filters=(parse_filter("codeCommuneEtablissement^=40"),),
    )
    (row,) = desk.rows("organisations.csv")
    assert (row["id"], row["siret"], row["commune"]) == (
        "siren-552032534", "55203253400011", "40312")  # fmt: skip
    assert receipt.outcomes["not-joined"] + receipt.outcomes["not-selected"] == len(UNITS) - 1


@needs_reference
def test_no_natural_person_comes_through(desk: Desk, units: Path) -> None:
    """Whatever the legal category says of a person, old codes too, no word of theirs is kept."""
    persons = [
        unit(f"2000000{number:02}", "SECRET NOM", categorieJuridiqueUniteLegale=category,
             nomUniteLegale="SECRET", denominationUsuelle1UniteLegale="SECRET")
        for number, category in enumerate(("", "1000", " 1000 ", "1100", "1600", "1900", "10"))
    ]  # fmt: skip
    header = published("sirene/stock_unite_legale_columns.csv")
    receipt = desk.take(write(units, header, persons), "", mapping=Path("sirene-unites-legales"))
    assert receipt.rows == 0
    assert receipt.left_out == len(persons)
    assert b"secret" not in b"".join(desk.files().values()).lower()


def test_mapping_that_needs_a_second_file_says_so(desk: Desk, refused: Callable[..., str]) -> None:
    """Without `--join` it is said what is missing, not which column."""
    path = desk.file("siren;siret\n552032534;55203253400646\n")
    assert refused(path, "", mapping=Path("sirene-unites-avec-siege")) == "needs-join"


@needs_reference
@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("codeCommuneEtablissement^=97", "no row meets codeCommuneEtablissement^=97: "),
        ("categorieJuridiqueUniteLegale=9999", "where one that meets the rest has “9220”"),
    ],
)
def test_filter_that_selects_nothing_is_told(
    desk: Desk, units: Path, seats: Path, condition: str, said: str
) -> None:
    """It is said which condition no row meets, and what the file has there."""
    receipt = desk.take(
        units,
        "",
        mapping=Path("sirene-unites-avec-siege"),
        join=seats,
        filters=(parse_filter(condition),),
    )
    assert receipt.rows == 0
    assert said in "\n".join(receipt.describe("en"))
    assert condition in "\n".join(receipt.describe("fr"))


@needs_reference
def test_column_that_is_not_there_is_told_before_long_files_are_read(
    refused: Callable[..., str], units: Path, seats: Path
) -> None:
    """A mistake in a condition costs nobody the reading of the register."""
    text = seats.read_text("utf-8")
    seats.write_text(text + text.splitlines(keepends=True)[-1] * 200 + '"no end', "utf-8")
    for condition, rule in (("codeCommune^=40", "no-such-column"), ("siren=1", "unclosed-quote")):
        found = refused(
            units,
            "",
            mapping=Path("sirene-unites-avec-siege"),
            join=seats,
            filters=(parse_filter(condition),),
        )
        assert found == rule


def test_two_conditions_on_one_column_are_kept(desk: Desk, tmp_path: Path) -> None:
    """A mapping that is written down says both."""
    conditions = (parse_filter("Ville^=T"), parse_filter("Ville!=Toulon|Tours"))
    receipt = desk.take("SIREN;Nom;Ville\n552032534;Éole;Tarnos\n", filters=conditions)
    path = tmp_path / "x.toml"
    path.write_text(receipt.mapping, "utf-8")
    assert tuple(read_plan(path).filters) == conditions


def packed(path: Path, texts: dict[str, bytes]) -> Path:
    """Return a ZIP of some texts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return path


@needs_reference
def test_register_is_read_as_it_is_downloaded(desk: Desk, units: Path) -> None:
    """A ZIP of one text, of any size, gives what the text gives."""
    archive = packed(desk.folder / "StockUniteLegale_utf8.zip", {units.name: units.read_bytes()})
    taken = []
    for path in (units, archive):
        desk.take(path, "", mapping=Path("sirene-unites-legales"), replace=True)
        taken.append(desk.rows("organisations.csv"))
    assert taken[0] == taken[1]
    assert len(taken[0]) == 3


def test_texts_of_an_archive_are_read_one_after_the_other(desk: Desk) -> None:
    """The RNA is one archive of a text for each département; other files in it are left alone."""
    texts = {
        "rna/dpt_40.csv": "id;titre;position\nW401000001;ÉOLE;A\nW401000002;FERMÉE;D".encode(),
        "rna/dpt_64.csv": "id;titre;position\r\nW641000001;Été;A\r\n".encode(),
        "__MACOSX/._dpt_40.csv": b"\0\0",
        "lisez-moi.pdf": b"%PDF",
    }
    path = packed(desk.folder / "rna.zip", texts)
    columns = {"rna": "id", "name": "titre"}
    receipt = desk.take(path, columns=columns, filters=(parse_filter("position=A"),))
    assert [row["rna"] for row in desk.rows("organisations.csv")] == ["W401000001", "W641000001"]
    assert (receipt.rows, receipt.rejected) == (2, 0)
    assert "read in the archive, texts: 2 (rna/dpt_40.csv …)" in receipt.decisions()


def test_archive_that_cannot_be_read_rightly_is_refused(
    desk: Desk, refused: Callable[..., str]
) -> None:
    """Texts with other columns, no text, a damaged text."""
    texts = {"a.csv": b"id;titre\nW401000001;A\n", "b.csv": b"titre;id\nB;W401000002\n"}
    assert refused(packed(desk.folder / "two.zip", texts)) == "other-columns"
    assert refused(packed(desk.folder / "none.zip", {"a.pdf": b"%PDF"})) == "foreign-format"
    path = packed(desk.folder / "bad.zip", {"a.csv": b"SIREN;Nom\n" + b"552032534;Eole\n" * 999})
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    assert refused(path) == "damaged"


@needs_reference
def test_rna_waldec(desk: Desk) -> None:
    """Active associations, with their number; the declarant is not read."""
    header = published("rna/rna_waldec_columns.csv")
    base = {"nature": "D", "position": "A", "dir_civilite": "MADAME SECRET"}
    rows = [
        base | {"id": "W401000001", "titre": "LES AMIS DE LA FORET", "titre_court": "LADF",
                "siret": "55203253400646", "adrs_codeinsee": "40312",
                "adrs_libcommune": "TARNOS", "siteweb": "www.amis.example.org"},
        base | {"id": "W401000002", "titre": "FONDS UTILE", "nature": "R", "siret": "123",
                "siteweb": "voir facebook"},
        base | {"id": "W401000003", "titre": "DISSOUTE", "position": "D"},
        base | {"id": "X", "titre": "SANS NUMERO"},
    ]  # fmt: skip
    path = write(desk.folder / "rna_waldec_20260101_dpt_40.csv", header, rows, ";")
    receipt = desk.take(path, "", mapping=Path("rna-waldec"))
    assert (receipt.accepted, receipt.rejected, receipt.outcomes["not-selected"]) == (2, 1, 1)
    first, second = desk.rows("organisations.csv")
    assert (first["id"], first["rna"], first["commune"]) == (
        "siren-552032534", "W401000001", "40312")  # fmt: skip
    assert (second["id"], second["kind"]) == ("rna-W401000002", "Association")
    assert desk.rows("websites.csv")[0]["website"] == "https://www.amis.example.org"
    assert b"SECRET" not in b"".join(desk.files().values())
    desk.graph.build()


def test_rna_import(desk: Desk) -> None:
    """The older file has other columns, and the old numbers."""
    header = """id;id_ex;siret;gestion;date_creat;date_publi;nature;groupement;titre;objet;
        objet_social1;objet_social2;adr1;adr2;adr3;adrs_codepostal;libcom;dir_civilite;siteweb;
        observation;position;rup_mi;maj_time""".replace("\n        ", "").split(";")
    row = {"id": "0401001234", "titre": "FOYER RURAL", "adrs_codepostal": "40220",
           "libcom": "TARNOS", "position": "A", "nature": "D"}  # fmt: skip
    path = write(desk.folder / "rna_import.csv", header, [row], ";")
    receipt = desk.take(path, "", mapping=Path("rna-import"))
    assert (receipt.rows, receipt.accepted) == (1, 1)
    assert [r["commune"] for r in desk.rows("organisations.csv")] == ["40312"]


def test_ess_france(desk: Desk) -> None:
    """The SIREN, and what else is recognised by its name."""
    text = "SIREN;Dénomination;Commune;Code postal\n552032534;Éole;Tarnos;40220\n"
    desk.take(desk.file(text), "", mapping=Path("ess-france"))
    (row,) = desk.rows("organisations.csv")
    assert (row["id"], row["name"], row["commune"]) == ("siren-552032534", "Éole", "40312")


@needs_reference
def test_scdl_grants(desk: Desk) -> None:
    """The example of the schema: each row a funding between two actors, their sum unchanged."""
    path = REFERENCE / "subventions" / "exemple_valide_antibes.csv"
    receipt = desk.take(path, "", mapping=Path("scdl-subventions"))
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert (receipt.accepted, receipt.rejected) == (len(rows), 0)
    found = desk.rows("fundings.csv")
    assert {row["funder"] for row in found} == {"siren-210600045"}
    amounts = sorted(float(row["amount"]) for row in found)
    assert amounts == sorted(float(row["montant"]) for row in rows)
    assert {row["instrument"] for row in found} == {"grant"}
    desk.graph.build()
    assert desk.graph.network().number_of_edges() > len(rows)


def test_files_of_insee_are_recognised(desk: Desk) -> None:
    """Its columns need no mapping; communes that are part of another are left out by the filter."""
    head = "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\n"
    rows = "COM,64102,75,64,64D,641,0,BAYONNE,Bayonne,Bayonne,6499,\n"
    rows += "COMD,50129,,,,,0,CHERBOURG,Cherbourg,Cherbourg-Octeville,,50129\n"
    condition = (parse_filter("TYPECOM=COM|ARM"),)
    receipt = desk.take(head + rows, "territories", filters=condition)
    assert (receipt.accepted, receipt.outcomes["not-selected"]) == (1, 1)
    assert desk.rows("communes.csv") == [{"code": "64102", "name": "Bayonne", "departement": "64"}]


_CITIES = ("13", "69", "75")
"""Where a district counts as its commune."""


@needs_reference
def test_third_places(desk: Desk) -> None:
    """The 1,512 third places of 2019, each with its commune."""
    path = REFERENCE / "actors" / "tiers_lieux_cget_2019.csv"
    receipt = desk.take(path, "", mapping=Path("tiers-lieux-2019"))
    assert receipt.rows == 1512
    assert receipt.rejected == 0
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    said = {f"list-{r['ID']}": r["INSEECOM"] for r in rows if r["INSEECOM"] != "00000"}
    named = {f"list-{row['ID']}" for row in rows if row["NOMCOM"]}
    found = {row["id"]: row["commune"] for row in desk.rows("organisations.csv")}
    assert all(found[key] for key in said.keys() & named)
    assert all(found[key] in ("", code) for key, code in said.items() if code[:2] not in _CITIES)


@needs_reference
def test_sample_of_the_territory(desk: Desk) -> None:
    """Communes, EPCI and who is a member of which, on the Landes."""
    names = {
        "communes": ("communes_2026.csv", "departement=40"),
        "epci": ("epci_2026.csv", "siren^=2440"),
        "epci-communes": ("epci_communes_2026.csv", "epci_siren^=2440"),
    }
    for mapping, (name, condition) in names.items():
        receipt = desk.take(
            REFERENCE / "territory" / name,
            "",
            mapping=Path(mapping),
            filters=(parse_filter(condition),),
        )
        assert receipt.rejected == 0
        assert receipt.rows > 5
    desk.graph.build()


TERRITORY = {
    "regions": ("regions_2026.csv", 26),
    "departements": ("departements_2026.csv", 109),
    "communes": ("communes_2026.csv", 34_969 + 45),
    "epci": ("epci_2026.csv", 1_255),
    "epci-communes": ("epci_communes_2026.csv", 34_871),
}


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Desk]:
    """A project with the territories that are installed, to which the country is added."""
    import shutil

    from ptce_graph.project import find, installed_sources

    shutil.copytree(installed_sources(), tmp_path / "graph" / "sources")
    folder = tmp_path / "sent"
    folder.mkdir()
    yield Desk(find(tmp_path), folder)


@pytest.mark.slow
@needs_reference
def test_whole_territory_is_imported_and_nothing_is_lost(country: Desk) -> None:
    """All communes, EPCI, départements, regions and memberships are there, and the graph builds."""
    for mapping, (name, number) in TERRITORY.items():
        target = country.project.sources / f"cog-{mapping}"
        country.target = target
        path = REFERENCE / "territory" / name
        receipt = country.take(path, "", mapping=Path(mapping), target=target)
        assert (receipt.rows, receipt.rejected) == (number, 0), mapping
        again = country.take(path, "", mapping=Path(mapping), target=target)
        assert (again.merged, again.changed) == (number, [])
    assert len(country.rows("collaboration_memberships.csv")) == 34_871
    made = country.graph.build()
    assert made.receipt.errors == []
    text = """PREFIX org: <http://www.w3.org/ns/org#> PREFIX ptce: <https://w3id.org/ptce/ontology#>
      SELECT ?role (COUNT(DISTINCT ?m) AS ?links) (COUNT(DISTINCT ?group) AS ?groups)
             (COUNT(DISTINCT ?commune) AS ?communes)
      { ?m org:organization ?epci ; org:member ?town ; org:role ?role .
        ?epci ptce:siren ?group . ?town ptce:siren ?siren ; ptce:administers ?commune }
      GROUP BY ?role"""
    (row,) = country.graph.ask(text)
    assert row["role"].value.endswith("/role/member")
    assert [row[name].value for name in ("links", "groups", "communes")] == [
        "34871", "1255", "34871"]  # fmt: skip
    text = """PREFIX ptce: <https://w3id.org/ptce/ontology#>
      SELECT ?level (COUNT(DISTINCT ?t) AS ?n)
      { VALUES ?level { ptce:Commune ptce:Department ptce:Region } ?t a ?level } GROUP BY ?level"""
    found = {
        row["level"].value.partition("#")[2]: row["n"].value for row in country.graph.ask(text)
    }
    former = 16  # regions before 2016, which are installed
    assert found == {
        "Commune": str(34_969 + 45), "Department": "109", "Region": str(26 + former)
    }  # fmt: skip

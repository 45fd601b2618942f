"""Rows become rows of the graph: each accepted, merged or rejected, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_graph import Graph, cli, dataset, query
from ptce_graph.foreign import texts
from ptce_graph.foreign.importing import import_table
from ptce_graph.foreign.plan import parse_filter
from ptce_graph.foreign.request import Request
from ptce_graph.foreign.tables import REJECTED
from ptce_graph.foreign.texts import ForeignError
from ptce_graph.project import Project, find
from tests.foreign.conftest import Desk

MEMBERS = """Pôle;Structure;SIRET;Ville;Rôle;Date d'entrée;Téléphone
Pôle Alpha;Éole;552 032 534 00646;Tarnos;Membre;31/12/2014;05 59 00 00 00
PTCE Alpha;Mairie de Dax;;Dax;fondateur;2015;
alpha;Éole;55203253400646;;partenaire;;
Pôle Delta;Autre;;;;;
alpha;Faux;123;;;;
alpha;Tard;;;;31/02/2014;
"""


def test_list_of_members_is_in_the_graph_after_two_commands(desk: Desk) -> None:
    """Import and build: who is a member of what, since when, according to the list."""
    receipt = desk.take(MEMBERS, "memberships", source={"title": "Liste", "date": "2015-06"})
    assert (receipt.rows, receipt.accepted, receipt.rejected) == (6, 3, 3)
    desk.graph.build()
    rows = list(desk.graph.ask("members-of-pole", pole="alpha"))
    assert ("Éole", "member") in {(row["name"].value, row["role"].value) for row in rows}
    store = dataset.open_store(desk.project)
    text = """PREFIX ptce: <https://w3id.org/ptce/ontology#> PREFIX org: <http://www.w3.org/ns/org#>
      PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX dcterms: <http://purl.org/dc/terms/>
      SELECT ?date ?title { ?m org:member/ptce:siren "552032534" ; ptce:validFrom ?date ;
                            prov:hadPrimarySource/dcterms:title ?title }"""
    (found,) = query.run(store, text)
    assert (found["date"].value, found["title"].value) == ("2014-12-31", "Liste")


def test_second_import_changes_nothing(desk: Desk) -> None:
    """The same file again: every row is merged, no byte is written."""
    path = desk.file(MEMBERS)
    desk.take(path, "memberships")
    before = desk.files()
    receipt = desk.take(path, "memberships")
    assert (receipt.accepted, receipt.merged, receipt.rejected) == (0, 3, 3)
    assert receipt.changed == []
    assert desk.files() == before


def test_rejected_rows_are_corrected_and_imported_again(desk: Desk) -> None:
    """rejected.csv has the reason last, opens in a spreadsheet, and comes back as it is."""
    desk.take(MEMBERS, "memberships")
    path = desk.target / REJECTED
    text = path.read_text("utf-8-sig")
    assert text.splitlines()[0].endswith(";reason")
    assert [row["reason"][:25] for row in desk.rows(REJECTED)] == [
        "no pole is called “Pôle D",
        "SIRET: “123” is no SIRET:",
        "Date d'entrée: “31/02/201",
    ]
    again = desk.take(path, "memberships")
    assert (again.accepted, again.rejected) == (0, 3)
    assert path.read_text("utf-8-sig") == text
    corrected = text.replace("Pôle Delta", "beta").replace(";123;", ";;").replace("31/02", "28/02")
    path.write_bytes(corrected.encode("cp1252"))
    receipt = desk.take(path, "memberships")
    assert (receipt.accepted, receipt.rejected) == (3, 0)
    assert not path.exists()
    assert len(desk.rows("memberships.csv")) == 6


def test_rejected_row_leaves_nothing_behind(desk: Desk) -> None:
    """A grant whose beneficiary cannot be taken does not bring its funder either."""
    text = "Financeur;Nom;SIRET;Montant\nVille;;;100\nRégion;Éole;;12,5\n"
    receipt = desk.take(text, "grants")
    assert receipt.rejected == 1
    assert [r["name"] for r in desk.rows("organisations.csv")] == ["Région", "Éole"]


def test_values_are_normalised_and_the_original_kept(desk: Desk) -> None:
    """What the file said stands beside what the table says."""
    desk.take(MEMBERS, "memberships")
    kept = {(r["column"], r["original"], r["value"]) for r in desk.rows("originals.csv")}
    assert ("siret", "552 032 534 00646", "55203253400646") in kept
    assert ("valid_from", "31/12/2014", "2014-12-31") in kept
    assert ("role", "fondateur", "founder") in kept


def test_personal_data_are_left_out_unless_asked_for(desk: Desk) -> None:
    """E-mails, phones and names of persons are in no file of the folder."""
    text = (
        "Nom;Prénom;Structure;E-mail;Tél.;Nom du contact;Commentaire;Divers;SIREN\n"
        "Roux;Ana;Éole a.b@example.org 05 59 11 22 33;c@example.org;0559445566;Zoé;x;0611223344;1\n"
        "Blin;Bob;Deux;d@example.org;0559445566;Max;y;;\n"
    )
    receipt = desk.take(text)
    written = b"".join(desk.files().values()).decode()
    private = ("Roux", "Ana", "Blin", "Bob", "Zoé", "Max", "c@example.org", "0559445566")
    for word in (*private, "0611223344"):
        assert word not in written
    assert receipt.rejected == 1
    (notice,) = (details for key, details in receipt.notices if key == "private")
    assert notice == ("Nom, Prénom, E-mail, Tél., Nom du contact, Commentaire",)
    path = desk.file("Structure;Contact\nÉole x@example.org;Zoé\n")
    desk.take(path, replace=True)
    assert [r["name"] for r in desk.rows("organisations.csv")] == ["Éole"]
    desk.take(path, replace=True, personal=True, columns={"alt_names": "Contact"})
    assert desk.rows("organisations.csv")[0]["alt_names"] == "Zoé"


def test_natural_persons_are_left_out_unless_asked_for(desk: Desk) -> None:
    """A row about a person, by its legal form or kind, is counted and not written."""
    text = "Nom;Statut juridique\nZoé Secret;Entrepreneur individuel\nMax Secret;1000\nÉole;SCOP\n"
    receipt = desk.take(text)
    assert (receipt.rows, receipt.outcomes["natural-person"]) == (1, 2)
    assert b"Secret" not in b"".join(desk.files().values())
    assert desk.take(text, personal=True).accepted == 2


def test_actor_is_found_by_its_identifier(desk: Desk) -> None:
    """A SIREN that the graph has is the same actor, whatever its name; the difference is told."""
    table = desk.project.sources / "facts" / "organisations.csv"
    known = (
        next(
            line
            for line in table.read_text("utf-8").splitlines()
            if ",55" in line or line.endswith("552032534")
        )
        if "552032534" in table.read_text("utf-8")
        else ""
    )
    if not known:
        text = table.read_text("utf-8").splitlines()
        text[1] = text[1].rstrip(",") + ",552032534"
        table.write_text("\n".join(text) + "\n", "utf-8")
    key = next(line for line in table.read_text("utf-8").splitlines() if "552032534" in line)
    key = key.split(",")[0]
    receipt = desk.take("Nom;SIREN\nUn autre nom;552032534\n")
    assert (receipt.merged, receipt.outcomes["known-actor"]) == (1, 1)
    assert desk.rows("organisations.csv") == []
    assert desk.rows("organisation_sources.csv") == [{"organisation": key, "source": "list"}]
    assert ("name", "Un autre nom") in {
        (r["column"], r["original"]) for r in desk.rows("originals.csv")
    }


def test_name_alone_never_merges(desk: Desk) -> None:
    """The same name makes a candidate for a person to decide, scored on name, place and kind."""
    receipt = desk.take("Nom;CP;Commune\nSCIC Un;40220;Tarnos\nRien à voir;40100;Dax\n")
    assert receipt.accepted == 2
    (row,) = desk.rows("candidates.csv")
    assert (row["organisation"], row["candidate"]) == ("list-scic-un-40312", "scic-un")
    assert float(row["score"]) >= 95
    assert row["decision"] == ""


def test_actors_with_other_numbers_are_no_candidates(desk: Desk) -> None:
    """Two SIREN are two legal persons, whatever else each is known by."""
    text = "Nom;SIREN;RNA;CP;Commune\nSCIC Un;552032534;W401000001;40220;Tarnos\n"
    desk.take(text, target=desk.project.sources / "other")
    text = "Nom;SIREN;CP;Commune\nSCIC Un;005720784;40220;Tarnos\n"
    desk.take(text)
    assert {row["candidate"] for row in desk.rows("candidates.csv")} == {"scic-un"}


def decide(desk: Desk, decision: str) -> None:
    """Fill the ledger as a person does in a spreadsheet, and import it."""
    desk.take("Nom;CP;Commune\nSCIC Un;40220;Tarnos\n")
    path = desk.target / "candidates.csv"
    text = path.read_text("utf-8-sig").rstrip("\n")
    path.write_bytes(
        (text.removesuffix(";;;;") + f";{decision};Zoé;02/03/2024;même siège\r\n").encode("cp1252")
    )
    receipt = desk.take(path, "identities")
    assert (receipt.accepted, receipt.rejected) == (1, 0)


@pytest.mark.parametrize(
    ("decision", "predicate"),
    [("même", "owl#sameAs"), ("proche", "core#closeMatch"), ("différent", "")],
)
def test_decision_is_published_and_undone(desk: Desk, decision: str, predicate: str) -> None:
    """A row with who, when and why is published; without the row, all is as before."""
    decide(desk, decision)
    (row,) = desk.rows("identities.csv")
    assert (row["decided_by"], row["decided_on"], row["why"]) == ("Zoé", "2024-03-02", "même siège")
    assert not (desk.target / "candidates.csv").exists()
    desk.graph.build()
    pair = "/org/list-scic-un-40312> <http://www.w3.org/20"
    lines = [
        line
        for line in desk.project.nquads.read_text("utf-8").splitlines()
        if pair in line and line.split()[2].endswith("/org/scic-un>")
    ]
    assert [line.split()[1].endswith(f"{predicate}>") for line in lines] == [True] * bool(predicate)
    assert desk.take("Nom;CP;Commune\nSCIC Un;40220;Tarnos\n").candidates == 0
    (desk.target / "identities.csv").unlink()
    assert desk.take("Nom;CP;Commune\nSCIC Un;40220;Tarnos\n").candidates == 1
    desk.graph.build()
    assert "sameAs" not in desk.project.nquads.read_text("utf-8")


def test_actors_that_are_the_same_are_one_in_the_network(desk: Desk) -> None:
    """After the decision there is one actor, with both names and the links of both."""
    text = "Pôle;Nom;Commune\nbeta;La SCIC Un;Tarnos\n"
    desk.take(text, "memberships")
    before = desk.graph.build() and desk.graph.network()
    path = desk.target / "candidates.csv"
    filled = path.read_text("utf-8-sig").replace(";;;;", ";same;Zoé;2024-03-02;same seat")
    path.write_text(filled, "utf-8")
    desk.take(path, "identities")
    desk.graph.build()
    after = desk.graph.network()
    assert after.number_of_nodes() == before.number_of_nodes() - 1
    assert after.number_of_edges() == before.number_of_edges()
    scic, beta = (f"https://w3id.org/ptce/id/{name}" for name in ("org/scic-un", "pole/beta"))
    assert after.has_edge(scic, beta)
    assert "La SCIC Un" in after.nodes[scic]["aliases"]


def test_decision_needs_who_when_and_why(desk: Desk) -> None:
    """A decision that nobody signs is rejected; a pair without one waits."""
    desk.take("Nom;CP;Commune\nSCIC Un;40220;Tarnos\n")
    path = desk.target / "candidates.csv"
    receipt = desk.take(path, "identities")
    assert (receipt.rows, receipt.outcomes["undecided"]) == (0, 1)
    path.write_text(path.read_text("utf-8").replace(";;;;", ";same;;;"), "utf-8")
    assert desk.take(path, "identities").reasons == {"missing-value": 1}


def test_grants_are_fundings_between_two_actors(desk: Desk) -> None:
    """Amounts as the French write them; the same grant twice is one."""
    text = (
        "Attribuant;SIRET attribuant;Bénéficiaire;Montant;Date de décision;Objet\n"
        "Ville;55203253400646;Éole;1 234,50 €;07/07/2015;Fonctionnement\n"
        "Ville;55203253400646;Éole;1 234,50 €;07/07/2015;Fonctionnement\n"
        "Ville;55203253400646;Éole;-5;07/07/2015;Fonctionnement\n"
    )
    receipt = desk.take(text, "grants")
    assert (receipt.accepted, receipt.merged, receipt.rejected) == (1, 1, 1)
    (row,) = desk.rows("fundings.csv")
    assert (row["funder"], row["organisation"]) == ("siren-552032534", "list-eole")
    assert (row["amount"], row["observed_in"], row["purpose"]) == (
        "1234.50",
        "2015-07-07",
        "Fonctionnement",
    )
    desk.graph.build()


def test_poles_are_imported_before_their_members(desk: Desk) -> None:
    """A pole that the graph does not have yet comes from a table too."""
    desk.take("Nom;Commune\nPôle Delta;Dax\n", "poles", target=desk.project.sources / "list")
    desk.take("Pôle;Nom\nPôle Delta;Éole\n", "memberships")
    desk.graph.build()
    assert desk.rows("memberships.csv")[0]["pole"] == "pole-delta"


def test_mapping_is_written_edited_and_used_again(desk: Desk, tmp_path: Path) -> None:
    """Columns, constants, filters, code lists, normalisations: all in one file without code."""
    path = desk.file("A;B;C;D\nÉOLE DES LANDES;x;40312;1\nDeux;y;40088;1\nTrois;y;40088;0\n")
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'kind = "organisations"\ntitle = "Liste"\n[columns]\nname = ["A"]\nkind = "B"\n'
        'commune = "C"\n[filters]\nD = "1"\n[codes.kind]\nx = "Association"\ny = "SCIC"\n'
        '[normalise]\nname = ["readable"]\n',
        "utf-8",
    )
    receipt = desk.take(path, "", mapping=mapping)
    rows = desk.rows("organisations.csv")
    assert [(r["name"], r["kind"]) for r in rows] == [
        ("Éole des Landes", "Association"),
        ("Deux", "Cooperative"),
    ]
    assert receipt.outcomes["not-selected"] == 1
    written = tmp_path / "again.toml"
    written.write_text(receipt.mapping, "utf-8")
    before = desk.files()
    desk.take(path, "", mapping=written)
    assert desk.files() == before


@pytest.mark.parametrize(
    "text",
    [
        "kind = ",
        'kind = "things"',
        'kind = "organisations"\nrun = "rm"',
        'kind = "organisations"\n[columns]\nname = 3',
        'kind = "organisations"\n[columns]\nmontant = "A"',
        'kind = "organisations"\n[columns]\nname = "Z"',
        'kind = "organisations"\n[columns]\nname = "A"\n[normalise]\nname = ["eval"]',
        'kind = "organisations"\n[columns]\nname = "A"\n[filters]\nA = {like = "x"}',
    ],
)
def test_bad_mapping_is_refused(text: str, tmp_path: Path, refused: Callable[..., str]) -> None:
    """What a mapping says that we do not know is told, never ignored."""
    mapping = tmp_path / "m.toml"
    mapping.write_text(text, "utf-8")
    rule = refused("A;B\nx;y\n", "", mapping=mapping)
    assert rule in ("bad-mapping", "unknown-kind", "unknown-field", "no-such-column")


def test_nothing_of_a_text_is_executed(desk: Desk) -> None:
    """Formulas, SQL, templates and code are names like others."""
    hostile = [
        '=HYPERLINK("x")',
        "'); DROP TABLE x; --",
        "{{7*7}}",
        "__import__('os')",
        "<b>x</b>",
        "${jndi:ldap://x}",
        "../../etc",
        "a\u202eb",
    ]
    body = "\n".join('"' + text.replace('"', '""') + '"' for text in hostile)
    receipt = desk.take(f"Nom\n{body}\n")
    assert receipt.accepted == len(hostile)
    found = [row["name"] for row in desk.rows("organisations.csv")]
    assert found == [text.replace("\u202e", "") for text in hostile]
    desk.graph.build()


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ("Nom;SIREN\nÉole;5,52E+08\n", "rounded-number"),
        ("Nom;SIREN\nÉo\ufffdle;\n", "lost-letter"),
        ("Nom;SIREN\n#REF!;\n", "cell-error"),
        ("Nom;SIREN;SIRET\nÉole;552032534;00572078400646\n", "siren-siret"),
        ("Nom;SIREN\n;\n", ""),
        ("Nom;Département\nÉole;Atlantide\n", "invalid-insee"),
        ("Nom;Code commune\nÉole;99999\n", "invalid-insee"),
        ("Nom;Site web\nÉole;pas de site\n", "invalid-iri"),
        ("Nom;SIREN\nA;B;C\n", "ragged-row"),
        ("Nom;SIREN;RNA\nA;;X1\n", "invalid-rna"),
        ("Nom;SIREN\n!!!;\n", "no-letters"),
    ],
)
def test_bad_cell_rejects_its_row_with_a_reason(desk: Desk, cells: str, rule: str) -> None:
    """The reason says which column, which text, and what to write."""
    receipt = desk.take(cells)
    assert dict(receipt.reasons) == ({rule: 1} if rule else {})


def test_extra_cells_are_kept_and_come_back(desk: Desk) -> None:
    """A row with a separator in a cell is kept whole until somebody mends it."""
    desk.take("Nom;SIREN\nÉole; la belle;552032534\n")
    (row,) = desk.rows(REJECTED)
    assert (row["Nom"], row["SIREN"], row["extra cells"]) == ("Éole", " la belle", "552032534")
    again = desk.take(desk.target / REJECTED)
    assert again.reasons == {"ragged-row": 1}


def test_rejected_rows_of_another_file_are_not_lost(desk: Desk) -> None:
    """Rows that wait to be corrected are not written over by another file."""
    desk.take("Nom;SIREN\nÉole;1\n")
    path = desk.file("Structure;RNA\nDeux;1\n")
    with pytest.raises(ForeignError, match="wait to be corrected"):
        desk.graph.import_(path, desk.target, kind="organisations")
    assert len(desk.rows(REJECTED)) == 1


@pytest.mark.parametrize("place", ["elsewhere", "graph/sources", "graph/sources/facts/a"])
def test_target_is_a_folder_of_the_sources(desk: Desk, place: str) -> None:
    """Another place is refused, with what to write."""
    with pytest.raises(ForeignError, match="no folder of the sources"):
        desk.graph.import_(desk.file("Nom\nx\n"), desk.project.root / place, kind="organisations")


def test_filter_selects_while_reading(desk: Desk) -> None:
    """Rows that are not selected are counted apart, and nothing is kept of them."""
    text = "Nom;Commune\n" + "".join(f"N{i};{i % 95 + 1:02}001\n" for i in range(950))
    chosen = (parse_filter("Commune^=40|64"), parse_filter("Nom!=N39"))
    receipt = desk.take(text, filters=chosen)
    assert receipt.rows == 19
    assert receipt.outcomes["not-selected"] == 931


def test_commune_is_found_by_name_and_place(desk: Desk) -> None:
    """Names are compared without accents, Saint and St are one; what is not found is told."""
    (desk.project.sources / "territories" / "communes.csv").open("a", encoding="utf-8").write(
        "40282,Saint-Sever,40\n35314,Saint-Sever,35\n"
    )
    text = (
        "Nom;Ville;CP\nA;ST SEVER;40500\nB;Saint Sever;\nC;Atlantis;40000\nD;RENNES CEDEX 2;35000\n"
    )
    receipt = desk.take(text)
    rows = {r["name"]: r["commune"] for r in desk.rows("organisations.csv")}
    assert rows == {"A": "40282", "B": "", "C": "", "D": "35238"}
    assert (receipt.found["ambiguous-commune"], receipt.found["unknown-commune"]) == (1, 1)


def test_name_of_a_commune_alone_tells_little(desk: Desk) -> None:
    """With a few communes in the tables, a name without its place could be another commune's."""
    receipt = desk.take("Nom;Commune\nA;Tarnos\n")
    assert receipt.found["unknown-commune"] == 1
    kept = [(r["column"], r["original"], r["value"]) for r in desk.rows("originals.csv")]
    assert kept == [("commune_name", "Tarnos", "")]


def test_all_communes_with_the_districts_of_paris(desk: Desk) -> None:
    """Districts do not hide their commune; a former one and a wrong code are told, not added."""
    path = desk.project.sources / "territories" / "communes.csv"
    there = path.read_text("utf-8")
    more = [f"{n // 999 + 1:02}{n % 999 + 1:03},Lieu {n},{n // 999 + 1:02}" for n in range(34_000)]
    lines = [
        line for line in more if line[:2] not in ("20", "35", "40", "75") and line[:5] not in there
    ]
    lines += ["75111,Paris 11e Arrondissement,75", "75112,Paris 12e Arrondissement,75"]
    lines += [] if "75056" in there else ["75056,Paris,75"]
    path.write_text(there + "\n".join(lines) + "\n", "utf-8")
    text = "Nom;Code INSEE;Ville;CP\nA;;PARIS 11e;75011\nB;;Évry;91000\nC;40999;Tarnos;40220\n"
    receipt = desk.take(text + "D;40312;Dax;40220\n")
    assert [r["commune"] for r in desk.rows("organisations.csv")] == ["75056", "", "", "40312"]
    assert (receipt.found["no-such-commune"], receipt.found["commune-differs"]) == (2, 1)


def test_pole_is_found_without_the_word_pole(desk: Desk) -> None:
    """Alpha, Pôle Alpha and PTCE alpha are one; two poles of one name are not told apart."""
    for name in ("Alpha", "PTCE Alpha", "Le pôle Alpha"):
        desk.take(f"Pôle;Nom\n{name};Éole\n", "memberships", replace=True)
        assert [r["pole"] for r in desk.rows("memberships.csv")] == ["alpha"]


def test_person_with_a_title_is_left_out(desk: Desk) -> None:
    """A member who is a person is counted and not written."""
    receipt = desk.take("Nom;Ville\nMme Zoé Dupont;Dax\nM. Jean Dupont;Dax\nMonsieur Bricolage;\n")
    assert receipt.outcomes["natural-person"] == 2
    assert [r["name"] for r in desk.rows("organisations.csv")] == ["Monsieur Bricolage"]


def test_wrong_check_digit_is_told(desk: Desk) -> None:
    """The number is kept, and the receipt says that it is to be compared."""
    receipt = desk.take("Nom;SIREN\nA;552032535\nB;552032534\n")
    assert receipt.found["check-digit"] == 1


def test_rejected_row_is_not_among_the_remarks(desk: Desk) -> None:
    """What is to be looked at is counted for the rows that were taken."""
    receipt = desk.take("Nom;SIREN;Forme juridique\nA;12;Inconnue\n")
    assert (receipt.rejected, receipt.found.total()) == (1, 0)


def test_first_row_that_is_rejected_leaves_the_tables_as_they_are(desk: Desk) -> None:
    """The rows of earlier imports stay, whichever row of a new one is refused."""
    desk.take("Nom;SIREN\nÉole;\nDeux;\n")
    receipt = desk.take(desk.file("Nom;SIREN\n;552032534\nTrois;\n", "other.csv"))
    assert (receipt.accepted, receipt.rejected) == (1, 1)
    assert [r["name"] for r in desk.rows("organisations.csv")] == ["Éole", "Deux", "Trois"]


def test_membership_of_a_territory_needs_both_numbers(desk: Desk) -> None:
    """A row without the number of the group or of the member is rejected with a reason."""
    receipt = desk.take(
        "EPCI SIREN;Commune SIREN\n;214003121\n244000865;\n", "territory-memberships"
    )
    assert receipt.reasons == {"missing-value": 2}


def test_siren_in_the_column_of_sirets(desk: Desk) -> None:
    """Nine digits whose check fits are the SIREN; the file's own text is kept."""
    desk.take("Nom;SIRET\nA;552032534\n")
    (row,) = desk.rows("organisations.csv")
    assert (row["siren"], row.get("siret", "")) == ("552032534", "")
    assert ("siret", "552032534", "") in {
        (r["column"], r["original"], r["value"]) for r in desk.rows("originals.csv")
    }


def test_row_without_a_name_does_not_lean_on_a_later_one(desk: Desk) -> None:
    """An identifier alone is enough for an actor of another list, not for one of the same."""
    path = desk.file("Nom;SIREN\n;552032534\nÉole;552032534\n")
    for accepted in (1, 0):
        receipt = desk.take(path)
        assert (receipt.accepted, receipt.rejected) == (accepted, 1)
    other = desk.project.sources / "other"
    sent = desk.file("SIREN\n552032534\n", "other.csv")
    assert desk.take(sent, target=other).outcomes["known-actor"] == 1


def test_receipt_speaks_of_one_row(desk: Desk) -> None:
    """One row, une ligne; in French none is singular too."""
    receipt = desk.take("Nom\nÉole\n")
    assert receipt.describe("fr")[0] == "1 ligne = 1 acceptée + 0 fusionnée + 0 rejetée"
    assert receipt.describe("en")[0] == "1 row = 1 accepted + 0 merged + 0 rejected"
    receipt.outcomes["new"] = 21
    assert receipt.describe("fr")[0] == "21 lignes = 21 acceptées + 0 fusionnée + 0 rejetée"


def test_project_is_started_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an empty folder, two commands are enough: the poles come with the first."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.csv").write_text("Nom;Ville\nÉole nouvelle;Tarnos\n", "utf-8")
    words = [
        "import",
        "m.csv",
        "--as",
        "memberships",
        "--set",
        "pole=sud-aquitaine",
        "-o",
        "graph/sources/members/",
        "--json",
    ]
    result = CliRunner().invoke(cli.ptce, words, obj=cli.Settings())
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["accepted"] == 1
    assert CliRunner().invoke(cli.ptce, ["build"], obj=cli.Settings()).exit_code == 0
    members = Graph(tmp_path).ask("members-of-pole", pole="sud-aquitaine")
    assert "Éole nouvelle" in {row["name"].value for row in members}


def test_texts_are_in_french_and_english() -> None:
    """Every text has two languages, with the same details."""
    for catalogue in (texts.REFUSALS, texts.REASONS, texts.NOTICES, texts.RULES, texts.SUMMARY):
        for english, french in catalogue.values():
            for detail in ("{0}", "{1}", "{2}"):
                assert (detail in english) == (detail in french)


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
VALUE = st.one_of(
    CELL,
    st.sampled_from(
        [
            "Éole",
            "552032534",
            "55203253400646",
            "Tarnos",
            "W123456789",
            "31/12/2014",
            "1 234,5",
            "Total",
            "",
            "",
            "alpha",
            "member",
        ]
    ),
)


@settings(max_examples=40)
@given(st.lists(st.tuples(VALUE, VALUE, VALUE, VALUE), max_size=12), st.sampled_from(";,\t|"))
def test_no_row_is_lost_and_a_second_import_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], mark: str
) -> None:
    """Whatever the cells hold, rows in = accepted + merged + rejected + left out, twice."""
    import csv

    root = tmp_path_factory.mktemp("law")
    sources = root / "graph" / "sources"
    facts = sources / "facts"
    facts.mkdir(parents=True)
    (facts / "poles.csv").write_text("id,name,certainty,source\nalpha,Alpha,stated,x\n", "utf-8")
    path = root / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=mark, quoting=csv.QUOTE_ALL)
        writer.writerow(["Nom", "SIREN", "Rôle", "Date d'entrée"])
        writer.writerows(rows)
    request = Request(path, "memberships", sources / "list", constants={"pole": "alpha"})
    project: Project = find(root)
    try:
        first = import_table(project, request)
    except ForeignError as error:
        assert error.rule in ("nul", "twice-encoded", "unclosed-quote")
        return
    assert first.rows + first.left_out == len(rows)
    before = {p.name: p.read_bytes() for p in (sources / "list").iterdir()}
    second = import_table(project, request)
    assert (second.accepted, second.rejected) == (0, first.rejected)
    assert second.merged == first.accepted + first.merged
    assert {p.name: p.read_bytes() for p in (sources / "list").iterdir()} == before

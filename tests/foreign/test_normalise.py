"""Values are normalised as the French write them, once and for all."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_graph.errors import Invalid
from ptce_graph.foreign import legal, normalise
from ptce_graph.foreign.columns import is_private, match, private_names
from ptce_graph.foreign.kinds import KINDS
from ptce_graph.foreign.normalise import NORMALISERS


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("amount", "1 234,50 €", "1234.50"),
        ("amount", "1\u202f234\u00a0567", "1234567"),
        ("amount", "1,234.50", "1234.50"),
        ("amount", "1.234,50", "1234.50"),
        ("amount", "12,5 k€", "12500"),
        ("amount", "2,75 M€", "2750000"),
        ("amount", "0", "0"),
        ("date", "31/12/2014", "2014-12-31"),
        ("date", "1/2/2014", "2014-02-01"),
        ("date", "31-12-2014", "2014-12-31"),
        ("date", "31.12.2014", "2014-12-31"),
        ("date", "2014-12-31 00:00:00", "2014-12-31"),
        ("date", "2014-12-31T10:00:00", "2014-12-31"),
        ("date", "20141231", "2014-12-31"),
        ("date", "12/2014", "2014-12"),
        ("date", "décembre 2014", "2014-12"),
        ("date", "1er août 2014", "2014-08-01"),
        ("date", "2014", "2014"),
        ("date", "2014.0", "2014"),
        ("date", "mercredi 31 décembre 2014", "2014-12-31"),
        ("date", "le 31/12/2014", "2014-12-31"),
        ("date", "depuis 2014", "2014"),
        ("amount", "1 234.5", "1234.5"),
        ("siren", "FR 552 032 534", "552032534"),
        ("siren", "5720784", "005720784"),
        ("siren", "55203253400646", "552032534"),
        ("siret", "552.032.534 00646", "55203253400646"),
        ("rna", "w751004076", "W751004076"),
        ("commune", "1427", "01427"),
        ("departement", "Landes (40)", "40"),
        ("departement", "2a", "2A"),
        ("postcode", "40 220", "40220"),
        ("website", "Eole.example.org/a", "https://Eole.example.org/a"),
        ("readable", "SCIC L'EAU D'ICI", "Scic l'Eau d'Ici"),
    ],
)
def test_value_is_normalised(name: str, text: str, value: str) -> None:
    """What people type becomes what our tables hold."""
    assert NORMALISERS[name](normalise.clean(text)) == value


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("amount", "1.234", "ambiguous-number"),
        ("amount", "1,234", "ambiguous-number"),
        ("date", "déc-14", "ambiguous-date"),
        ("date", "2014?", "invalid-date"),
        ("siret", "3E+13", "rounded-number"),
        ("siret", "32400000000000", "no-establishment"),
        ("amount", "-5", "negative-number"),
        ("amount", "douze", "invalid-number"),
        ("amount", "1,2,3", "invalid-number"),
        ("date", "31/12/14", "ambiguous-date"),
        ("date", "31/02/2014", "invalid-date"),
        ("date", "12/31/2014", "invalid-date"),
        ("date", "41639", "counted-date"),
        ("siren", "5,52E+08", "rounded-number"),
        ("siren", "000000000", "invalid-siren"),
        ("siret", "552032535", "invalid-siret"),
        ("rna", "W12", "invalid-rna"),
        ("commune", "99999", "invalid-insee"),
        ("website", "voir facebook", "invalid-iri"),
        ("website", "javascript:alert(1)", "invalid-iri"),
    ],
)
def test_value_that_is_unclear_is_refused(name: str, text: str, rule: str) -> None:
    """What could be two things, or is none, is for a person to say."""
    with pytest.raises(Invalid) as caught:
        NORMALISERS[name](normalise.clean(text))
    assert caught.value.rule == rule


@given(st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31)), st.sampled_from("/-. "))
def test_every_day_is_read_as_the_french_write_it(day: datetime.date, mark: str) -> None:
    """Day, month, year: with zeros or without."""
    assert normalise.partial_date(day.strftime(f"%d{mark}%m{mark}%Y").rjust(10, "0")) == str(day)
    assert normalise.partial_date(f"{day.day}{mark}{day.month}{mark}{day.year}") == str(day)


@given(st.decimals(0, 10**9, places=2))
def test_every_amount_is_read_as_the_french_write_it(value: object) -> None:
    """Spaces between thousands, a comma before cents, the sign of the euro."""
    text = f"{value:,.2f}".replace(",", "\u202f").replace(".", ",") + " €"
    assert normalise.amount(normalise.clean(text)) == f"{value:.2f}"


@given(st.sampled_from(sorted(NORMALISERS)), st.text(max_size=20))
def test_normalising_twice_changes_nothing(name: str, text: str) -> None:
    """What is normalised is a fixed point, so that an import of our own tables changes nothing."""
    try:
        once = NORMALISERS[name](normalise.clean(text))
    except Invalid:
        return
    if once:
        assert NORMALISERS[name](once) == once


@pytest.mark.parametrize(
    "name",
    ["E-mail", "Tél.", "Téléphone portable", "Prénom", "Nom du contact", "Président", "Civilité",
     "prenom1UniteLegale", "nomUniteLegale", "Contact / Nom", "Référent", "dir_civilite"],
)  # fmt: skip
def test_column_about_persons_is_told_by_its_name(name: str) -> None:
    """Such a column is never matched, unless asked for."""
    assert is_private(name)
    assert match([name, "Structure"], ["name", "alt_names"]) == {"name": 1}


@pytest.mark.parametrize(
    "name",
    ["Nom de la structure", "Sigle", "Commune", "Représentation", "Mission", "Montant", "Objet",
     "denominationUniteLegale", "Télétravail", "Site web"],
)  # fmt: skip
def test_other_columns_are_not(name: str) -> None:
    """Words that only look like those of persons do not hide a column."""
    assert not is_private(name)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_field_has_a_normalisation_that_exists(kind: object) -> None:
    """What a kind refers to by name is in the registry, or depends on the tables."""
    from ptce_graph.foreign.kinds import Kind

    assert isinstance(kind, Kind)
    by_tables = {"", "in departement", "in region"}
    assert set(kind.fields.values()) <= set(NORMALISERS) | by_tables
    assert set(kind.guessed) <= set(kind.fields)
    assert {name for group in kind.needed for name in group} <= set(kind.fields)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("9220", "Association"), ("Association loi 1901", "Association"),
        ("SCIC SA", "Cooperative"),
        ("5458", "Cooperative"), ("Mutuelle", "Mutual"), ("9300", "Foundation"),
        ("7346", "LocalAuthority"), ("SARL", "CommercialCompany"), ("Mairie", "LocalAuthority"),
        ("GEIQ", "EmployerGroup"), ("CommercialCompany", "CommercialCompany"),
    ],
)  # fmt: skip
def test_kind_is_told_by_form_or_words(text: str, kind: str) -> None:
    """Legal categories and everyday words say what an actor is."""
    found = legal.by_words(text)
    assert found
    assert found.kind == kind


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("nombeneficiaire", "name"),
        ("NOM_Beneficiaire", "name"),
        ("Nom de l'organisme bénéficiaire", "name"),
        ("Nom de l'organisation membre", "name"),
        ("Identification de l'attribuant", "funder_siret"),
        ("Montant total de la subvention", "amount"),
        ("Date de la convention de subvention", "date"),
        ("Nature de la subvention", "instrument"),
        ("CP Ville", "commune_name"),
    ],
)
def test_columns_of_published_lists_are_known(name: str, wanted: str) -> None:
    """As they stand in lists that authorities publish."""
    assert match([name, "Couleur"], KINDS["grants"].guessed) == {wanted: 0}


def test_name_beside_a_first_name_is_that_of_a_person() -> None:
    """The column Nom is the organisation's, unless a column of first names stands in its group."""
    header = ["Nom", "Prénom", "Structure", "Ville"]
    assert match(header, ("name", "commune_name")) == {"name": 2, "commune_name": 3}
    assert match(["Nom", "Ville"], ("name",)) == {"name": 0}
    grouped = ["Structure / Nom", "Dirigeant / Nom", "Dirigeant / Prénom"]
    assert private_names(grouped) == set(grouped[1:])


@pytest.mark.parametrize(
    ("text", "kind", "family"),
    [
        ("Association", "Association", "association"),
        ("S.C.I.C. S.A.", "Cooperative", "cooperative"),
        ("S.A.R.L.", "CommercialCompany", ""),
        ("Coopérative", "Cooperative", "cooperative"),
        ("GIP", "PublicBody", ""),
        ("6540", "LegalPerson", ""),
    ],
)
def test_legal_form_is_read_as_it_is_written(text: str, kind: str, family: str) -> None:
    """Initials with points, a word alone: the class and the family of the ESS."""
    found = legal.by_words(text)
    assert found
    assert (found.kind, found.family) == (kind, family)


@pytest.mark.parametrize("text", ["entreprise adaptée", "Société civile", "Université populaire"])
def test_word_among_others_says_no_legal_form(text: str) -> None:
    """An adapted enterprise may be an association: nothing is guessed."""
    assert legal.by_words(text) is None


@pytest.mark.parametrize("text", ["Micro-entreprise", "Adhérent individuel", "Citoyenne", "EIRL"])
def test_natural_persons_are_known_by_their_form(text: str) -> None:
    """Whatever the list calls them; an association of inhabitants is none."""
    assert legal.is_person(text)
    assert not legal.is_person("Association d'habitants")

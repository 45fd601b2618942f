"""Identifiers and dates of French tables: what is read, what is refused, what is only doubted."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_graph import identifiers
from ptce_graph.errors import Invalid
from ptce_graph.namespaces import XSD

DIGITS = "0123456789"


def luhn(digits: str) -> bool:
    """Return whether a number has the right check digit (written apart from the code tested)."""
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("2014", "gYear"),
        ("2014-01", "gYearMonth"),
        ("2014-01-10", "date"),
        ("2016-02-29", "date"),
        ("0999", "gYear"),
    ],
)
def test_date_has_the_type_of_its_precision(text: str, datatype: str) -> None:
    """A year, a month and a day stay what they are: no day is invented."""
    assert identifiers.partial_date(text) == (text, XSD + datatype, "")


@pytest.mark.parametrize(
    "text",
    [
        *("", " 2014", "2014 ", "14", "20145", "2014-1", "2014-1-1", "2014-13", "2014-00"),
        *("2015-02-29", "2014-04-31", "2014-01-00", "10/01/2014", "2014/01/10", "2014-01-10T00:00"),
        *("0000", "٢٠١٤", "２０１４", "vers 2014", "2014-", "-2014", "2014\n"),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    """A day that no calendar has, or another way of writing it, is no date."""
    with pytest.raises(Invalid, match="invalid-date"):
        identifiers.partial_date(text)


@given(st.dates())
def test_every_day_is_read(day: datetime.date) -> None:
    """Each day of the calendar is read, and so are its month and its year."""
    text = day.isoformat()
    for length, name in ((10, "date"), (7, "gYearMonth"), (4, "gYear")):
        assert identifiers.partial_date(text[:length]) == (text[:length], XSD + name, "")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text breaks a reader: it is kept as it is, or refused by a rule."""
    for read in identifiers.DATATYPES.values():
        try:
            assert read(text)[0] == text
        except Invalid as error:
            assert error.rule.startswith("invalid-")


@pytest.mark.parametrize("text", ["552032534", "005720784", "356000000"])
def test_siren_is_kept_as_text(text: str) -> None:
    """A SIREN keeps its leading zeros and is a text."""
    assert identifiers.siren(text) == (text, XSD + "string", "")


@pytest.mark.parametrize(
    "text",
    [
        *("", "000000000", "55203253", "5520325340", "552 032 534", "552\u00a0032\u00a0534"),
        *("５５２０３２５３４", "٥٥٢٠٣٢٥٣٤", "55203253A", "552032534 ", "-52032534", "5.5203253"),
        "²52032534",
    ],
)
def test_wrong_form_of_siren_is_refused(text: str) -> None:
    """Spaces, other digits, zeros only, or another length are no SIREN."""
    with pytest.raises(Invalid, match="invalid-siren"):
        identifiers.siren(text)


@given(st.text(DIGITS, min_size=9, max_size=9).filter(int))
def test_wrong_check_digit_of_siren_is_a_warning(text: str) -> None:
    """A number of nine digits is kept, with a doubt when its check digit is wrong."""
    assert identifiers.siren(text).warning == ("" if luhn(text) else "check-digit")


@given(st.text(DIGITS, min_size=8, max_size=8), st.text(DIGITS, min_size=4, max_size=4))
def test_right_check_digits_are_not_doubted(siren: str, office: str) -> None:
    """Of the ten last digits that a number may have, one alone is not doubted."""
    good = [siren + d for d in DIGITS if int(siren + d) and luhn(siren + d)]
    for text in good:
        ends = [text + office + d for d in DIGITS]
        right = [end for end in ends if not identifiers.siret(end).warning]
        assert not identifiers.siren(text).warning
        if text != "356000000":
            assert right == [end for end in ends if luhn(end)]
            assert len(right) == 1


def test_siret_of_la_poste_is_right() -> None:
    """An establishment of La Poste that fails the usual check is not doubted."""
    assert not luhn("35600000049837")
    assert identifiers.siret("35600000049837").warning == ""
    assert identifiers.siret("35600000049838").warning == "check-digit"


@pytest.mark.parametrize(
    "text", ["", "552032534", "552032534 00646", "00000000000646", "5520325340064６", "0" * 14]
)
def test_wrong_form_of_siret_is_refused(text: str) -> None:
    """A SIREN alone, spaces, or a SIREN of zeros make no SIRET."""
    with pytest.raises(Invalid, match="invalid-siret"):
        identifiers.siret(text)


@pytest.mark.parametrize("text", ["W751004076", "W9C1000123", "0751001234", "0133000001"])
def test_both_forms_of_rna_are_read(text: str) -> None:
    """The number of an association is read in its form of today and in its old one."""
    assert identifiers.rna(text) == (text, XSD + "string", "")


@pytest.mark.parametrize(
    "text", ["", "w751004076", "W75100407", "W7510040766", "751004076", "1751001234", "W 51004076"]
)
def test_other_forms_of_rna_are_refused(text: str) -> None:
    """A small letter, a missing digit or a receipt number is no RNA number."""
    with pytest.raises(Invalid, match="invalid-rna"):
        identifiers.rna(text)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("commune", "40312 2A004 2B033 01001 97105 97302 97411 97608 98818 98735 97502 75056"),
        ("departement", "01 2A 2B 19 21 40 95 971 972 973 974 976 975 988"),
        ("region", "01 02 03 04 06 11 24 27 28 32 44 52 53 75 76 84 93 94"),
        ("region", "21 22 23 25 26 31 41 42 43 54 72 73 74 82 83 91"),
    ],
)
def test_insee_codes_are_read(kind: str, texts: str) -> None:
    """Codes of Corsica and overseas are read, and so are the regions of before 2016."""
    for text in texts.split():
        assert identifiers.DATATYPES[kind](text) == (text, XSD + "string", "")


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("commune", ["1001", "00001", "20000", "96001", "97001", "2C004", "2a004", "403 12", ""]),
        ("commune", ["99999", "４０３１２", "Tarnos", "40312 ", "974111"]),
        ("departement", ["1", "00", "20", "96", "2C", "2a", "970", "979", "040", ""]),
        ("region", ["00", "99", "5", "075", "NA", "Aquitaine", ""]),
    ],
)
def test_what_is_no_insee_code_is_refused(kind: str, texts: list[str]) -> None:
    """A code with its zero lost, a postal code of Corsica, a name: none is a code of INSEE."""
    for text in texts:
        with pytest.raises(Invalid, match="invalid-insee"):
            identifiers.DATATYPES[kind](text)


@pytest.mark.parametrize("text", ["sud-aquitaine", "A2", "AAP-2013", "x"])
def test_keys_are_read(text: str) -> None:
    """A key is letters, digits and single hyphens."""
    assert identifiers.key(text).text == text


@pytest.mark.parametrize("text", ["", "pôle", "a b", "a--b", "-a", "a-", "a_b", "a/b", "a\n"])
def test_other_keys_are_refused(text: str) -> None:
    """Accents, spaces and what an address would escape make no key."""
    with pytest.raises(Invalid, match="invalid-key"):
        identifiers.key(text)


@given(
    st.lists(
        st.text("012389AaWé-", min_size=1, max_size=9)
        | st.sampled_from(
            [
                "552032534",
                "000000000",
                "55203253",
                "a-b",
                "-a",
                "a-",
                "a--b",
                "40312",
                "2A",
                "W751234567",
            ]
        ),
        min_size=1,
        max_size=4,
    )
)
def test_texts_that_are_taken_together_are_good_each_by_itself(texts: list[str]) -> None:
    """What is asked of many texts at once is what is asked of each: no more, no less."""
    for name, are_plain in identifiers.ARE_PLAIN.items():
        good = True
        for text in texts:
            try:
                good = good and not identifiers.DATATYPES[name](text).warning
            except Invalid:
                good = False
        assert are_plain(texts) == good, name


@given(st.integers(1, 999_999_999), st.integers(1, 999_999_999))
def test_sirens_taken_together_have_right_check_digits(one: int, two: int) -> None:
    """Check digits are computed for many numbers at once."""
    texts = [f"{one:09}", f"{two:09}", "552032534"]
    assert identifiers.ARE_PLAIN["siren"](texts) == all(map(luhn, texts))

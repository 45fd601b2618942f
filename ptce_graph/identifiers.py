"""Identifiers and dates that French tables hold: what each may look like, and its RDF datatype.

DATATYPES is the registry that the metadata of tables refer to, by
`"datatype": {"@id": "https://w3id.org/ptce/datatype#NAME", "base": "string"}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from ptce_graph.errors import Invalid
from ptce_graph.namespaces import XSD


class Value(NamedTuple):
    """A cell that has been read.

    Attributes:
        text: lexical form.
        datatype: IRI of its RDF datatype.
        warning: code of the rule that it breaks without being refused, or "".
    """

    text: str
    datatype: str
    warning: str = ""


STRING = XSD + "string"
_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_RNA = re.compile(r"W[0-9][A-Z0-9][0-9]{7}|0[0-9]{3}00[0-9]{4}")
_MAINLAND = "0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]"
_OVERSEAS = "97[1-8]|98[46-9]"
_DEPARTEMENT = re.compile(f"{_MAINLAND}|{_OVERSEAS}")
_COMMUNE = re.compile(f"(?:{_MAINLAND})[0-9]{{3}}|(?:{_OVERSEAS})[0-9]{{2}}")
_REGION = re.compile(
    "0[1-46]|11|2[1-8]|3[12]|4[1-4]|5[2-4]|7[2-6]|8[2-4]|9[134]"  # now and before 2016
    "|97[578]|98[46-9]"  # collectivities overseas
)


def partial_date(text: str) -> Value:
    """Read a year, a month or a day, and give it the XSD type of its precision.

    >>> partial_date("2014-01").datatype
    'http://www.w3.org/2001/XMLSchema#gYearMonth'

    Raises:
        Invalid: it is none of these, or no day of the calendar.
    """
    match = _PARTIAL.fullmatch(text)
    try:
        if not match:
            raise ValueError
        year, month, day = match.groups()
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise Invalid("invalid-date", "2014, 2014-01, 2014-01-10") from None
    return Value(text, XSD + ("date" if day else "gYearMonth" if month else "gYear"))


def siren(text: str) -> Value:
    """Read a SIREN: nine digits; a wrong check digit is a warning.

    Raises:
        Invalid: it has not nine ASCII digits, or only zeros.
    """
    from stdnum.fr import siren as register

    return _number(text, 9, "siren", register.is_valid)


def siret(text: str) -> Value:
    """Read a SIRET: fourteen digits; a wrong check digit is a warning.

    Raises:
        Invalid: it has not fourteen ASCII digits, or its SIREN has only zeros.
    """
    from stdnum.fr import siret as register

    return _number(text, 14, "siret", register.is_valid)


def _number(text: str, length: int, name: str, is_valid: Callable[[str], bool]) -> Value:
    if len(text) != length or not text.isascii() or not text.isdigit() or not int(text[:9]):
        raise Invalid(f"invalid-{name}")
    return Value(text, STRING, "" if is_valid(text) else "check-digit")


def rna(text: str) -> Value:
    """Read a number of the national register of associations, in its new or its old form.

    Raises:
        Invalid: it has neither form.
    """
    if not _RNA.fullmatch(text):
        raise Invalid("invalid-rna")
    return Value(text, STRING)


def key(text: str) -> Value:
    """Read a key, the end of an IRI: letters without accents, digits, single hyphens.

    Raises:
        Invalid: it holds anything else.
    """
    if not _KEY.fullmatch(text):
        raise Invalid("invalid-key")
    return Value(text, STRING)


def _insee(pattern: re.Pattern[str], example: str) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        if not pattern.fullmatch(text):
            raise Invalid("invalid-insee", example)
        return Value(text, STRING)

    return read


_TRIPLETS = {f"{n:03}": n // 100 + sum(divmod(n // 10 % 10 * 2, 10)) + n % 10 for n in range(1000)}
_DOUBLED = {
    f"{n:03}": sum(divmod(n // 100 * 2, 10)) + n // 10 % 10 + sum(divmod(n % 10 * 2, 10))
    for n in range(1000)
}


def _is_siren(text: str) -> bool:
    """Return whether a text is a SIREN whose check digit (Luhn's formula) is right."""
    try:
        check = _TRIPLETS[text[:3]] + _DOUBLED[text[3:6]] + _TRIPLETS[text[6:]]
    except KeyError:
        return False
    return check % 10 == 0 and text != "000000000"


commune = _insee(_COMMUNE, "40312, 2A004")
departement = _insee(_DEPARTEMENT, "40, 2A, 974")
region = _insee(_REGION, "75, 04")

DATATYPES: dict[str, Callable[[str], Value]] = {
    "commune": commune,
    "departement": departement,
    "key": key,
    "partialDate": partial_date,
    "region": region,
    "rna": rna,
    "siren": siren,
    "siret": siret,
}

IS_PLAIN: dict[str, Callable[[str], object]] = {
    "commune": _COMMUNE.fullmatch,
    "departement": _DEPARTEMENT.fullmatch,
    "key": _KEY.fullmatch,
    "region": _REGION.fullmatch,
    "rna": _RNA.fullmatch,
    "siren": _is_siren,
}
"""Datatype → whether a text is its own value, a string of letters, digits and hyphens.

It is asked of many texts at a time; what it refuses is left to DATATYPES."""

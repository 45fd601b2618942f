"""Identifiers and dates that French tables hold: what each may look like, and its RDF datatype.

DATATYPES is the registry that the metadata of tables refer to, by
`"datatype": {"@id": "https://w3id.org/ptce/datatype#NAME", "base": "string"}`.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Collection
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


def _each(pattern: re.Pattern[str]) -> Callable[[Collection[str]], bool]:
    return lambda texts: all(map(pattern.fullmatch, texts))


def _are_keys(texts: Collection[str]) -> bool:
    """Return whether all texts are keys; one that is none puts two hyphens together, or more."""
    joined = f"-{'-'.join(texts)}-"
    return joined.isascii() and not joined.encode().translate(None, _OF_KEYS) and "--" not in joined


def _are_sirens(texts: Collection[str]) -> bool:
    """Return whether all texts are SIREN whose check digits (Luhn's formula) are right.

    The sums of all texts are made at once: a byte of a large number holds the sum of one.
    """
    joined = "".join(texts)
    if {*map(len, texts)} != {9} or not (joined.isascii() and joined.isdigit()):
        return False
    digits = joined.encode().translate(_DIGITS)
    places = (digits[i::9].translate(_DOUBLED if i % 2 else None) for i in range(9))
    sums = sum(int.from_bytes(place) for place in places).to_bytes(len(texts))
    return not sums.translate(None, _TENS) and "000000000" not in texts


_OF_KEYS = b"-" + string.ascii_letters.encode() + string.digits.encode()
_DIGITS = bytes.maketrans(string.digits.encode(), bytes(range(10)))
_DOUBLED = bytes.maketrans(bytes(range(10)), bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_TENS = bytes(range(0, 90, 10))

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

ARE_PLAIN: dict[str, Callable[[Collection[str]], bool]] = {
    "commune": _each(_COMMUNE),
    "departement": _each(_DEPARTEMENT),
    "key": _are_keys,
    "region": _each(_REGION),
    "rna": _each(_RNA),
    "siren": _are_sirens,
}
"""Datatype → whether texts are their own values, strings of letters, digits and hyphens.

It is asked of many texts at a time, none of them empty; what it refuses is left to DATATYPES."""

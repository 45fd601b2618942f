"""Values by name: how the text of a foreign cell becomes one that our tables hold.

NORMALISERS is the registry that mapping files refer to by name. Each function takes a text that is
not empty and returns the text to keep; "" means that there is nothing to keep.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from ptce_graph import identifiers
from ptce_graph.errors import Invalid
from ptce_graph.foreign.dates import partial_date

_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CELL_ERRORS = re.compile(r"#(REF!|N/A|NA|NAME\?|NOM\?|VALUE!|VALEUR!|DIV/0!|NUM!|NOMBRE!|NULL!)")
_NOTHING = {"", "-", "--", "/", "n/a", "na", "nc", "n.c.", "néant", "neant", "?", "null", "none"}
_MASKED = {"[nd]", "[non diffusible]"}
_E_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<![\d.])(?:\+33[ .]?(?:\(0\)[ .]?)?|0)[1-9](?:[ .\-]?\d{2}){4}(?!\d)")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
MAX_TEXT = 10_000


def clean(text: str) -> str:
    """Return a text on one line, without invisible characters; "" for the ways to say nothing.

    >>> clean("  Éole\\xa0 ")
    'Éole'
    """
    if text.isascii() and text.isalnum():
        return "" if text.lower() in _NOTHING else text
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    short = _SPACES.sub(" ", "".join(c if c.isprintable() else " " for c in composed)).strip()
    lower = short.lower()
    return "" if lower in _NOTHING or lower in _MASKED else short


def check_cell(text: str) -> None:
    """Refuse a text that lost a letter, that is an error of a spreadsheet, or is too long.

    Raises:
        Invalid: it is one of these.
    """
    if "\ufffd" in text:
        raise Invalid("lost-letter")
    if text.startswith("#") and _CELL_ERRORS.match(text):
        raise Invalid("cell-error")
    if len(text) > MAX_TEXT:
        raise Invalid("too-long", f"{MAX_TEXT:,}")


def without_personal(text: str) -> str:
    """Return a text without the e-mail addresses and phone numbers in it.

    >>> without_personal("Éole, eole@example.org, 05 59 00 00 00")
    'Éole'
    """
    bare = _PHONE.sub("", _E_MAIL.sub("", text))
    return text if bare == text else bare.strip(" ,;-–|/():")


def _digits(text: str, rule: str) -> str:
    if _SCIENTIFIC.fullmatch(text):
        raise Invalid("rounded-number")
    digits = unicodedata.normalize("NFKC", text).removesuffix(".0")
    digits = re.sub(r"[\s.\-_]|^(siren|siret|n°|fr)\s*:?", "", digits, flags=re.IGNORECASE)
    digits = re.sub(r"^'|'$", "", digits)
    if not digits.isascii() or not digits.isdigit():
        raise Invalid(rule)
    return digits


def siren(text: str) -> str:
    """Return a SIREN; of a SIRET, its first nine digits; zeros that a spreadsheet ate come back.

    >>> siren("552 032 534"), siren("5720784")
    ('552032534', '005720784')
    """
    digits = _digits(text, "invalid-siren")
    if len(digits) == 14:
        digits = digits[:9]
    return identifiers.siren(_padded(digits, 9)).text


def siret(text: str) -> str:
    """Return a SIRET: fourteen digits; or the SIREN that stands in its place, if its check fits.

    >>> siret("552 032 534 00646"), siret("552032534")
    ('55203253400646', '552032534')
    """
    from stdnum import luhn

    digits = _padded(_digits(text, "invalid-siret"), 14)
    if len(digits) == 9 and luhn.is_valid(digits):
        return identifiers.siren(digits).text
    if len(digits) == 14 and digits.endswith("00000"):
        raise Invalid("no-establishment")
    return identifiers.siret(digits).text


def _padded(digits: str, length: int) -> str:
    """Give back zeros at the front that a spreadsheet took, where the check digit then fits."""
    from stdnum import luhn

    padded = digits.rjust(length, "0")
    return padded if length - 3 <= len(digits) < length and luhn.is_valid(padded) else digits


def rna(text: str) -> str:
    """Return a number of the register of associations.

    >>> rna("w 751 004 076")
    'W751004076'
    """
    return identifiers.rna(re.sub(r"[\s.\-]", "", text).upper()).text


def commune(text: str) -> str:
    """Return the INSEE code of a commune; a zero that a spreadsheet took comes back.

    >>> commune("1427"), commune("2a004")
    ('01427', '2A004')
    """
    code = text.replace(" ", "").upper()
    return identifiers.commune(code.zfill(5) if code.isdigit() else code).text


def departement(text: str) -> str:
    """Return the INSEE code of a département, from "40", "Landes (40)" or "1".

    >>> departement("1"), departement("40 - Landes")
    ('01', '40')
    """
    code = text.upper()
    found = re.search(r"(?<![\dA-Z])(\d{1,3}|2[AB])(?![\dA-Z])", code)
    digits = found[1] if found else code
    return identifiers.departement(digits.zfill(2) if digits.isdigit() else digits).text


def region(text: str) -> str:
    """Return the INSEE code of a region, now or before 2016.

    >>> region("4")
    '04'
    """
    return identifiers.region(text.zfill(2) if text.isdigit() else text).text


def postcode(text: str) -> str:
    """Return a postal code of five digits.

    >>> postcode("1600"), postcode("40 220")
    ('01600', '40220')
    """
    code = text.replace(" ", "").upper().removeprefix("F-")
    if not re.fullmatch(r"\d{4,5}", code, re.ASCII):
        raise Invalid("invalid-insee", "40220")
    return code.zfill(5)


_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ .]\d{3})+(?:,\d+)?|[+-]?\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?")
_ENGLISH = re.compile(r"[+-]?\d{1,3}(?:[, ]\d{3})+\.\d+")
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


def amount(text: str) -> str:
    """Return an amount as a decimal with a point.

    >>> amount("1 234,50 €"), amount("1.234.567,8"), amount("12 k€")
    ('1234.50', '1234567.8', '12000')

    Raises:
        Invalid: it is no number, or "1.234", "1,234": a thousand for some and one for others.
    """
    bare = _SPACES.sub(" ", re.sub(r"€|euros?|EUR", "", text, flags=re.IGNORECASE)).strip()
    factor = 1
    if match := re.search(r"\s*(k|m|millions?( d.)?)$", bare, re.IGNORECASE):
        factor = 1000 if match[1].lower() == "k" else 1_000_000
        bare = bare[: match.start()].strip()
    if _UNCLEAR.fullmatch(bare) and factor == 1:
        raise Invalid("ambiguous-number")
    if _ENGLISH.fullmatch(bare):
        bare = re.sub("[, ]", "", bare)
    elif _GROUPED.fullmatch(bare):
        commas = bare.count(",") > 1
        bare = bare.replace(",", "") if commas else re.sub(r"[ .]", "", bare).replace(",", ".")
    else:
        bare = bare.replace(",", ".")
    if not _PLAIN.fullmatch(bare):
        raise Invalid("invalid-number")
    if bare.startswith("-") and bare.strip("-0."):
        raise Invalid("negative-number")
    bare = bare.lstrip("+-")
    if factor == 1:
        return bare
    from decimal import Decimal

    return format((Decimal(bare) * factor).normalize(), "f")


def website(text: str) -> str:
    """Return a web address with its scheme.

    >>> website("www.ade-coworking.net")
    'https://www.ade-coworking.net'
    """
    from ptce_graph.mapping import is_iri

    bare = text.strip("<> ").rstrip(".,;")
    if "@" in bare and "/" not in bare:
        return ""
    if not re.match(r"https?://", bare, re.IGNORECASE):
        bare = "https://" + bare.removeprefix("//")
    host = bare.split("/", 3)[2]
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+)?", host) or not is_iri(bare):
        raise Invalid("invalid-iri")
    return bare


def readable(text: str) -> str:
    """Return a name in capitals with capitals where French has them; others stay.

    >>> readable("COMITE DE BASSIN D'EMPLOI"), readable("SAINT-ANDRÉ-DE-SEIGNANX"), readable("Éole")
    ("Comite de Bassin d'Emploi", 'Saint-André-de-Seignanx', 'Éole')
    """
    if not text.isupper() or len(text) < 5:
        return text
    parts = re.split(r"([ '’\-])", text.lower())
    return "".join(
        part if number and part in _SMALL else part[:1].upper() + part[1:]
        for number, part in enumerate(parts)
    )


_SMALL = {
    *("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les"),
    *("lès", "lez", "pour", "sous", "sur"),
}


NORMALISERS: dict[str, Callable[[str], str]] = {
    "amount": amount,
    "commune": commune,
    "date": partial_date,
    "departement": departement,
    "lower": str.lower,
    "postcode": postcode,
    "readable": readable,
    "region": region,
    "rna": rna,
    "siren": siren,
    "siret": siret,
    "text": without_personal,
    "upper": str.upper,
    "website": website,
}

"""Datatypes of CSV on the Web: how the text of a cell is read, and what restricts it.

After https://www.w3.org/TR/tabular-metadata/#datatypes and
https://www.w3.org/TR/tabular-data-model/#parsing-cells . A reader gives the text in the form of XML
Schema, unchanged where it has that form already.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations
from operator import eq, ge, gt, le, lt
from typing import Any

from ptce_graph.errors import Invalid
from ptce_graph.namespaces import XSD

Limits = tuple[tuple[str, str], ...]
"""Sign and text of each limit."""

_INTEGERS: dict[str, Limits] = {"integer": (), "nonNegativeInteger": (("≥", "0"),)}
_INTEGERS |= {"positiveInteger": (("≥", "1"),), "negativeInteger": (("≤", "-1"),)}
_INTEGERS |= {"nonPositiveInteger": (("≤", "0"),)}
for _name, _bits in (("byte", 7), ("short", 15), ("int", 31), ("long", 63)):
    _INTEGERS[_name] = (("≥", str(-(2**_bits))), ("≤", str(2**_bits - 1)))
    _INTEGERS[f"unsigned{_name.title()}"] = (("≥", "0"), ("≤", str(2 ** (_bits + 1) - 1)))
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_FLOAT = _DECIMAL + "(?:[eE][+-]?[0-9]{1,3})?|NaN|-?INF"
_NUMBERS = dict.fromkeys(_INTEGERS, "[+-]?[0-9]+")
_NUMBERS |= {"decimal": _DECIMAL, "double": _FLOAT, "float": _FLOAT}

_ZONE = "(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_MONTH = "(?:0[1-9]|1[0-2])"
_MONTH_DAY = f"(?!02-3|(?:0[469]|11)-31){_MONTH}-(?:0[1-9]|[12][0-9]|3[01])"
# A year is not 0; the 29 February exists in every fourth one, of centuries in every fourth.
_ERA, _FOURTH = "-?(?=[0-9]*[1-9])", "(?:[02468][048]|[13579][26])"
_LEAP_YEAR = f"[0-9]*(?:{_FOURTH}00|[0-9]{{2}}(?!00){_FOURTH})"
_DATE = f"{_ERA}(?:[0-9]{{4,}}-(?!02-29){_MONTH_DAY}|{_LEAP_YEAR}-02-29)"
_MOMENTS = {
    "date": _DATE + _ZONE,
    "dateTime": f"{_DATE}T{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_DATE}T{_TIME}{_ZONE[:-1]}",
    "gYear": f"{_ERA}[0-9]{{4,}}{_ZONE}",
    "gYearMonth": f"{_ERA}[0-9]{{4,}}-{_MONTH}{_ZONE}",
    "time": _TIME + _ZONE,
}
_TEXTS = dict.fromkeys(("anyAtomicType", "string"), ".*") | {"normalizedString": "[^\t\n\r]*"}
_TEXTS |= dict.fromkeys(("anyURI", "token"), "(?:[^ \t\n\r]+(?: [^ \t\n\r]+)*)?")
_TEXTS["NMTOKEN"] = r"[\w.:-]+"
_LEXICAL = _NUMBERS | _MOMENTS | _TEXTS | {"boolean": "true|false|1|0"}
"""Name of a datatype → the form of its texts in XML Schema."""

_ALIASES = {"any": "anyAtomicType", "datetime": "dateTime", "number": "double"}
TERMS = {name: XSD + _ALIASES.get(name, name) for name in {*_LEXICAL, *_ALIASES}}
"""Name of a datatype → its IRI."""

_SIGNS = {"minimum": "≥", "minInclusive": "≥", "minExclusive": ">", "minLength": "≥"}
_SIGNS |= {"maximum": "≤", "maxInclusive": "≤", "maxExclusive": "<", "maxLength": "≤"}
_SIGNS |= {"length": ""}
_FITS = {"≥": ge, ">": gt, "≤": le, "<": lt, "": eq}

_TWO = "[0-9]{2}"
_TOKENS = {"yyyy": ("year", "[0-9]{4}"), "HH": ("hour", _TWO), "mm": ("minute", _TWO)}
_TOKENS |= {"ss": ("second", _TWO), "MM": ("month", _TWO), "M": ("month", "[0-9]{1,2}")}
_TOKENS |= {"dd": ("day", _TWO), "d": ("day", "[0-9]{1,2}")}
_TOKENS |= {f".{'S' * n}": ("fraction", rf"(?:\.[0-9]{{1,{n}}})?") for n in range(1, 10)}
_TOKENS |= dict.fromkeys(("X", "XX", "XXX"), ("zone", f"Z|[+-]{_TWO}(?::?{_TWO})?"))
"""What stands in a format of dates → name of the field, form of its texts."""

_TOKEN = re.compile("|".join(map(re.escape, sorted(_TOKENS, key=len, reverse=True))) + "|[-/.: T]")
_WRITTEN = {"date": "{year}-{month:0>2}-{day:0>2}"}
_WRITTEN["time"] = "{hour}:{minute}:{second:0>2}{fraction}"
_WRITTEN["dateTime"] = _WRITTEN["dateTimeStamp"] = "T".join(_WRITTEN.values())
_NUMBER_FORM = re.compile(r"[+%‰-]*([#,]*[0,]*)(?:\.(0*#*))?(E[+-]?#*0+)?[%‰]?")
_EXAMPLES = dict.fromkeys(_INTEGERS, "12") | {"decimal": "12.5", "boolean": "true / false"}
_EXAMPLES |= {"double": "1.25e3", "float": "1.25e3", "date": "2014-01-10", "time": "09:30:00"}
_EXAMPLES |= dict.fromkeys(("dateTime", "dateTimeStamp"), "2014-01-10T09:30:00Z")
_EXAMPLES |= {"gYear": "2014", "gYearMonth": "2014-01"}

Convert = Callable[[str], str | None]
"""Text → text as XML Schema writes it, None if it is none."""

Reader = Callable[[str], tuple[str, str, str]]
"""Text of a cell → (text as XML Schema writes it, IRI of its datatype, rule of a warning or "")."""

Tell = Callable[[str], None]


class MetadataError(ValueError):
    """A fault in the metadata of a table, to be told with the name of the file."""


@dataclass(frozen=True, slots=True)
class Datatype:
    """How the text of a cell is read: base type, and what restricts it.

    Attributes:
        format: as it stands in the metadata.
        title: how the expected form is named in messages, if not by an example.
    """

    base: str = "string"
    name: str = ""
    format: Any = None
    limits: Limits = ()
    title: str = ""

    @property
    def expected(self) -> str:
        """What messages say is expected: a title, else an example and the limits."""
        form, example = self.format, _EXAMPLES.get(self.base, self.base)
        if isinstance(form, dict):
            example = example.replace(".", form.get("decimalChar", "."))
        elif form and self.base in _MOMENTS:
            example = form.replace("yyyy", "2014").replace("MM", "01").replace("dd", "10")
        elif form and self.base not in _NUMBERS:
            example = form.replace("|", " / ") if self.base == "boolean" else form
        return self.title or ", ".join([example, *map(" ".join, self.limits)])


def read_datatype(name: str, known: dict[str, Any], where: str, tell: Tell) -> Datatype:
    """Return the datatype that metadata describe.

    Args:
        name: its address, if it has one.
        known: its keywords with values of the right kinds, and its title.
        where: for messages.
        tell: called with what is ignored; it may raise.

    Raises:
        MetadataError: it cannot mean anything.
    """
    base, form = known.get("base", "string"), known.get("format")
    if base not in TERMS:
        tell(f'datatype "{base}" of {where} is not supported')
        base = "string"
    base = _ALIASES.get(base, base)
    if name in TERMS.values():
        raise MetadataError(f"@id of datatype of {where}: {name} is not its own address")
    try:
        _converter(base, form)
    except (ValueError, re.error) as error:
        tell(f'keyword "format" of {where}: {error}')
        form = None
    limits = _limits(base, {key: str(known[key]) for key in _SIGNS if key in known}, where)
    return Datatype(base, name, form, limits, str(known.get("title", "")))


def _limits(base: str, limits: dict[str, str], where: str) -> Limits:
    """Check limits by keyword, and return them by sign."""
    for key, text in limits.items():
        if base not in (_TEXTS if key.lower().endswith("length") else _NUMBERS | _MOMENTS):
            raise MetadataError(f'keyword "{key}" of {where} is not supported for {base}')
        if base not in _TEXTS and not re.fullmatch(_LEXICAL[base], text):
            raise MetadataError(f'"{key}" of {where}: {text} is no {base}')
    for (key, low), (other, high) in permutations(limits.items(), 2):
        signs = _SIGNS[key], _SIGNS[other]
        if signs in (("≥", ">"), ("≤", "<")):
            raise MetadataError(f"{key} and {other} of {where}: only one may be given")
        least, most = _limit(base, low), _limit(base, high)
        empty = least > most or (least == most and not {">", "<"}.isdisjoint(signs))
        # A length, of sign "", is both a lower and an upper limit: "" is in every text.
        if signs[0] in "≥>" and signs[1] in "≤<" and empty:
            raise MetadataError(f"{key} of {where} leaves nothing below {other}")
    return tuple((_SIGNS[key], text) for key, text in limits.items())


def _limit(base: str, text: str) -> Any:
    return int(text) if base in _TEXTS else _comparable(base, text)


def _comparable(base: str, text: str) -> Any:
    """Return what the limits of a datatype hold for: the value of a text, or its length."""
    if base in _NUMBERS:
        return float(text) if base in ("double", "float") else Decimal(text)
    if base in _MOMENTS:
        moment = re.sub(f"{_ZONE}$", "", text)
        return [float(n) for n in re.findall(r"(?:^-)?[0-9.]+", moment)]
    return len(text)


def normalise(base: str, text: str) -> str:
    """Return a text with the white space that a datatype leaves in it."""
    if base in ("anyAtomicType", "string"):
        return text
    text = re.sub("[\t\n\r]", " ", text)
    return text if base == "normalizedString" else re.sub("  +", " ", text).strip(" ")


def reader(datatype: Datatype) -> Reader:
    """Compile a datatype into the function that reads a text, or raises `Invalid`."""
    base, expected = datatype.base, datatype.expected
    iri = datatype.name or TERMS[base]
    if base == "string" and not (datatype.format or datatype.limits):
        return lambda text: (text, iri, "")
    kind = "number" if base in _NUMBERS else "date" if base in _MOMENTS else ""
    shown = expected if kind else ", ".join(map(" ".join, datatype.limits)).strip()
    limits = [*datatype.limits, *_INTEGERS.get(base, ())]
    bounds = [(_FITS[sign], _limit(base, text)) for sign, text in limits]
    convert = _converter(base, datatype.format)

    def read(text: str) -> tuple[str, str, str]:
        value = convert(text)
        if value is None:
            value = convert(normalise(base, text))
            if value is None:
                raise Invalid(f"invalid-{kind or 'format'}", expected)
        if bounds:
            measure = _comparable(base, value)
            for fits, limit in bounds:
                if not fits(measure, limit):
                    raise Invalid(f"invalid-{kind or 'length'}", shown)
        return value, iri, ""

    return read


def _converter(base: str, form: Any) -> Convert:
    """Compile a format.

    Raises:
        ValueError: it is none for this datatype.
        re.error: it is no regular expression.
    """
    fullmatch = re.compile(_LEXICAL[base], re.DOTALL).fullmatch
    if form and base in _NUMBERS:
        return _number(form, fullmatch)
    if form and not isinstance(form, str):
        raise ValueError(f"not supported for {base}")
    if base == "boolean":
        return _boolean(form or "")
    if not form:
        return lambda text: text if fullmatch(text) else None
    if base in _MOMENTS:
        return _moment(base, form, fullmatch)
    fits = re.compile(form).fullmatch
    return lambda text: text if fits(text) and fullmatch(text) else None


def _boolean(form: str) -> Convert:
    if not form:
        return {"true": "true", "1": "true", "false": "false", "0": "false"}.get
    yes, _, no = form.partition("|")
    if not (yes and no) or "|" in no or yes == no:
        raise ValueError("write the two values as yes|no")
    return {yes: "true", no: "false"}.get


def _number(form: Any, fullmatch: Callable[[str], object]) -> Convert:
    form = {"pattern": form} if isinstance(form, str) else form
    if form.keys() - {"pattern", "decimalChar", "groupChar"} or not all(
        isinstance(text, str) and text for text in form.values()
    ):
        raise ValueError("only pattern, decimalChar and groupChar are supported")
    point = form.get("decimalChar", ".")
    group = form.get("groupChar", "," if "pattern" in form and point != "," else "")
    if len(point) != 1 or len(group) > 1:
        raise ValueError("decimalChar and groupChar are one character")
    fits = re.compile(_number_pattern(form.get("pattern"), point, group)).fullmatch
    signs = str.maketrans({".": " ", point: ".", "E": "e"} | ({group: ""} if group else {}))

    def convert(text: str) -> str | None:
        plain = text.translate(signs)
        number = plain.strip("%‰")
        if not (fits(text) and fullmatch(number)):
            return None
        if number != plain:
            number = f"{Decimal(number).scaleb(-2 if '%' in plain else -3):f}"
        return number

    return convert


def _number_pattern(form: str | None, point: str, group: str) -> str:
    """Return a pattern of numbers (Unicode TR 35) as a regular expression."""
    point, group = re.escape(point), re.escape(group)
    if form is None:
        return f"(?!.*{group}{group}).*" if group else ".*"
    match = _NUMBER_FORM.fullmatch(form)
    if not match:
        raise ValueError(f"{form} is no pattern of numbers")
    whole, part, power = match.groups("")
    # Sizes of groups from the right; without any, no number has so many digits.
    sizes = [len(piece) for piece in whole.split(",")[:0:-1]] or [999]
    last, other = sizes[0], sizes[-1]
    pattern = f"[+%‰-]*(?=(?:(?:{group})?[0-9]){{{whole.count('0')}}})(?:[0-9]{{0,{last}}}|"
    pattern += f"[0-9]{{1,{other}}}{group}(?:[0-9]{{{other}}}{group})*[0-9]{{{last}}})"
    if part:
        pattern += f"(?:{point}[0-9]{{{max(1, part.count('0'))},{len(part)}}})"
        pattern += "" if "0" in part else "?"
    if power:
        pattern += f"E[+-]?[0-9]{{{power.count('0')},}}"
    return pattern + "[%‰]?"


def _moment(base: str, form: str, fullmatch: Callable[[str], object]) -> Convert:
    if base not in _WRITTEN:
        raise ValueError(f"not supported for {base}")
    tokens, written = _TOKEN.findall(form), _WRITTEN[base] + "{zone}"
    pattern = "".join(
        "(?P<{}>{})".format(*_TOKENS[token]) if token in _TOKENS else re.escape(token)
        for token in tokens
    )
    fields = {*re.findall(r"{(\w+)", written)}
    for name in ("second", "fraction", "zone"):
        if name in fields and f"<{name}>" not in pattern:
            pattern += f"(?P<{name}>)"
    compiled = re.compile(pattern)
    if "".join(tokens) != form or compiled.groupindex.keys() != fields:
        raise ValueError(f"{form} is no pattern of {base}: dates are yyyy, MM and dd in any order")

    def convert(text: str) -> str | None:
        match = compiled.fullmatch(text)
        if match is None:
            return None
        fields = match.groupdict("")
        zone = fields["zone"]
        if len(zone) > 1:
            fields["zone"] = f"{zone[:3]}:{zone[3:].strip(':') or '00'}"
        text = written.format_map(fields)
        return text if fullmatch(text) else None

    return convert

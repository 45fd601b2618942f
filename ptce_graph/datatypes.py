"""Datatypes of CSV on the Web: how the text of a cell is read, and what restricts it.

After https://www.w3.org/TR/tabular-metadata/#datatypes and
https://www.w3.org/TR/tabular-data-model/#parsing-cells . A reader gives the text in the form of XML
Schema, unchanged where it has that form already.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pyoxigraph import NamedNode

from ptce_graph.errors import Invalid
from ptce_graph.namespaces import PREFIXES, XSD

_INTEGERS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name: (-(2**bits), 2**bits - 1) for name, bits in (("long", 63), ("int", 31))},
    **{name: (-(2**bits), 2**bits - 1) for name, bits in (("short", 15), ("byte", 7))},
    **{f"unsigned{name}": (0, 2**bits - 1) for name, bits in (("Long", 64), ("Int", 32))},
    **{f"unsigned{name}": (0, 2**bits - 1) for name, bits in (("Short", 16), ("Byte", 8))},
}
_FLOATS = {"double", "float", "number"}
_NUMBERS = {*_INTEGERS, "decimal", *_FLOATS}
_ZONE = r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
_YEAR, _MONTH = r"(?P<year>-?[0-9]{4,})", r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_MOMENTS = {
    "date": f"{_YEAR}-{_MONTH}-{_DAY}",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}",
    "datetime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}",
    "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}",
    "time": _TIME,
    "gDay": f"---{_DAY}",
    "gMonth": f"--{_MONTH}",
    "gMonthDay": f"--{_MONTH}-{_DAY}",
    "gYear": _YEAR,
    "gYearMonth": f"{_YEAR}-{_MONTH}",
}
_DAYS = r"(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
_DURATIONS = {
    "duration": rf"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?{_DAYS}",
    "dayTimeDuration": rf"-?P(?=.){_DAYS}",
    "yearMonthDuration": r"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?",
}
_BINARIES = {"base64Binary", "binary", "hexBinary"}
_STRINGS = {"string", "normalizedString", "token", "language", "Name", "NMTOKEN"}
_OTHERS = {"anyAtomicType", "any", "anyURI", "boolean", "QName", "xml", "html", "json"}
_LEXICAL = {
    **dict.fromkeys(_INTEGERS, r"[+-]?[0-9]+"),
    "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    **dict.fromkeys(
        _FLOATS, r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?|NaN|-?INF"
    ),
    **{name: pattern + _ZONE for name, pattern in _MOMENTS.items()},
    **_DURATIONS,
    "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
    **dict.fromkeys(("base64Binary", "binary"), r"(?:[A-Za-z0-9+/ ]{4})*[A-Za-z0-9+/= ]*"),
    "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "NMTOKEN": r"[\w.:-]+",
    "Name": r"[^\W\d][\w.:-]*",
}
BUILT_IN = _NUMBERS | {*_MOMENTS, *_DURATIONS} | _BINARIES | _STRINGS | _OTHERS
"""Names of the datatypes."""

_IRIS = {
    **{name: XSD + name for name in BUILT_IN},
    "any": XSD + "anyAtomicType",
    "binary": XSD + "base64Binary",
    "datetime": XSD + "dateTime",
    "number": XSD + "double",
    "html": PREFIXES["rdf"] + "HTML",
    "json": "http://www.w3.org/ns/csvw#JSON",
    "xml": PREFIXES["rdf"] + "XMLLiteral",
}
KEEP_SPACES = {"string", "json", "xml", "html", "anyAtomicType", "any"}
"""Datatypes whose cells are read as they stand."""

_LOWER = ("minimum", "minInclusive", "minExclusive")
_UPPER = ("maximum", "maxInclusive", "maxExclusive")
_LENGTHS = ("length", "minLength", "maxLength")
_KEYS = {
    **dict.fromkeys(("base", "@id", "@type"), (str,)),
    "format": (str, dict),
    **dict.fromkeys(_LOWER + _UPPER, (str, int, float)),
    **dict.fromkeys(_LENGTHS, (int,)),
}
_SPACE = re.compile(r"[ \t\n\r]")
_ABSOLUTE = re.compile(r"https?://[^/?#]|(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:.", re.IGNORECASE)
_EXAMPLES = {**dict.fromkeys(_FLOATS, "1.25e3"), "decimal": "12.5", "date": "2014-01-10"}
_EXAMPLES |= {"gYear": "2014", "gYearMonth": "2014-01", "time": "09:30:00"}
_EXAMPLES |= dict.fromkeys(("dateTime", "datetime", "dateTimeStamp"), "2014-01-10T09:30:00Z")
_TOKENS = {"yyyy": "year", "MM": "month", "M": "month", "dd": "day", "d": "day"}
_TOKENS |= {"HH": "hour", "mm": "minute", "ss": "second"}
_CLOCKS = ("hour minute", "hour minute second")
_MOMENT_FORMS = {
    "date": ("day month year",),
    "time": _CLOCKS,
    **dict.fromkeys(
        ("dateTime", "datetime", "dateTimeStamp"),
        ("day hour minute month year", "day hour minute month second year"),
    ),
}
_FORM = re.compile(r"yyyy|MM?|dd?|HH|mm|ss|\.S+|S+| ?[Xx]{1,3}$|[-/.: T]")
_NUMBER_FORM = re.compile(
    r"(?P<before>[+%‰-]*)(?P<whole>[#,]*[0,]*)(?:\.(?P<part>[0,]*[#,]*))?"
    r"(?:E(?P<power>[+-]?[#0]+))?(?P<after>[%‰]?)"
)
Reader = Callable[[str], tuple[str, str, str]]
"""Text of a cell → (text as XML Schema writes it, IRI of its datatype, rule of a warning or "")."""
Tell = Callable[[str], None]


class MetadataError(ValueError):
    """A fault in the metadata of a table, to be told with the name of the file."""


@dataclass(frozen=True, slots=True)
class Datatype:
    """How the text of a cell is read: base type, and what restricts it.

    Attributes:
        bounds: keyword and value of each limit.
        lengths: the least and the greatest number of characters or bytes.
        title: how the expected form is named in messages, if not by an example.
    """

    base: str = "string"
    name: str = ""
    format: Any = None
    bounds: tuple[tuple[str, str], ...] = ()
    lengths: tuple[int, int | None] = (0, None)
    title: str = ""

    @property
    def iri(self) -> str:
        """IRI of the literals."""
        return self.name or _IRIS[self.base]


def read_datatype(source: Any, where: str, tell: Tell) -> Datatype:
    """Read the description of a datatype, of which `where` says the place.

    Args:
        source: the value of the keyword, a name or an object.
        where: for messages.
        tell: called with what is ignored; it may raise.

    Raises:
        MetadataError: it cannot mean anything.
    """
    source = {"base": source} if isinstance(source, str) else source
    if not isinstance(source, dict):
        tell(f'keyword "datatype" of {where} has a value of the wrong kind')
        return Datatype()
    known: dict[str, Any] = {}
    for key, value in source.items():
        if isinstance(value, _KEYS.get(key, ())) and not isinstance(value, bool):
            known[key] = value
        elif ":" not in key:
            tell(f'keyword "{key}" of datatype of {where} is not supported, or its value is wrong')
    base, name = known.get("base", "string"), known.get("@id", "")
    if base not in BUILT_IN:
        tell(f'datatype "{base}" of {where} is not supported')
        base = "string"
    if name.startswith("_:") or name in _IRIS.values():
        raise MetadataError(f"@id of datatype of {where}: {name} is not its own address")
    if known.get("@type", "Datatype") != "Datatype":
        raise MetadataError(f"@type of datatype of {where} must be Datatype")
    form = known.get("format")
    shown = re.sub("yyyy", "2014", form) if isinstance(form, str) and base in _MOMENTS else ""
    shown = shown.replace("MM", "01").replace("dd", "10")
    try:
        compiled = None if form is None else _format(base, form)
    except ValueError as error:
        tell(f'keyword "format" of {where}: {error}')
        compiled = None
    return Datatype(
        base,
        name,
        compiled,
        _bounds(base, known, where),
        _lengths(base, known, where),
        str(source.get("dc:title", shown if compiled else "")),
    )


def _lengths(base: str, known: dict[str, Any], where: str) -> tuple[int, int | None]:
    exact, least, most = (known.get(key) for key in _LENGTHS)
    if (exact, least, most) == (None, None, None):
        return 0, None
    if base not in _STRINGS | _BINARIES | {"anyAtomicType", "any", "anyURI"}:
        raise MetadataError(f'keyword "length" of {where} is not supported for {base}')
    low, high = (exact if exact is not None else 0), exact
    low, high = max(low, least or 0), most if high is None else high
    if (high is not None and low > high) or (exact is not None and (most or exact) < exact):
        raise MetadataError(
            f"length of {where}: {low} is more than {high if most is None else most}"
        )
    return low, high


def _bounds(base: str, known: dict[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    bounds = {key: str(known[key]) for key in _LOWER + _UPPER if key in known}
    if not bounds:
        return ()
    if base not in _NUMBERS and base not in _MOMENTS:
        raise MetadataError(f'keyword "{min(bounds)}" of {where} is not supported for {base}')
    for keys in (_LOWER, _UPPER):
        if keys[2] in bounds and (keys[0] in bounds or keys[1] in bounds):
            raise MetadataError(f"{keys[1]} and {keys[2]} of {where}: only one may be given")
    try:
        values = {key: _comparable(base, text) for key, text in bounds.items()}
    except (ValueError, ArithmeticError):
        key, text = next(iter(bounds.items()))
        raise MetadataError(f'"{key}" of {where}: {text} is no {base}') from None
    for low in _LOWER:
        for high in _UPPER:
            if low in values and high in values:
                strict = low == _LOWER[2] or high == _UPPER[2]
                both = low == _LOWER[2] and high == _UPPER[2]
                if values[low] > values[high] or (
                    strict and not both and values[low] == values[high]
                ):
                    raise MetadataError(f"{low} of {where} leaves nothing below {high}")
    return tuple(bounds.items())


def _comparable(base: str, text: str) -> Any:
    """Return a value that compares as the datatype does."""
    if base in _NUMBERS:
        return float(text.replace("INF", "inf")) if base in _FLOATS else Decimal(text)
    if not re.fullmatch(_LEXICAL[base], text):
        raise ValueError(text)
    moment = re.sub(f"{_ZONE}$", "", text)
    return [float(n) for n in re.findall(r"(?:^-)?[0-9]+(?:\.[0-9]+)?", moment)]


def _format(base: str, form: Any) -> Any:
    """Compile a format.

    Raises:
        ValueError: it is none for this datatype.
    """
    if base in _NUMBERS:
        form = {"pattern": form} if isinstance(form, str) else form
        texts = all(isinstance(form[key], str) and form[key] for key in form)
        if set(form) - {"pattern", "decimalChar", "groupChar"} or not texts:
            raise ValueError("only pattern, decimalChar and groupChar are supported")
        if "pattern" in form and not _NUMBER_FORM.fullmatch(form["pattern"]):
            raise ValueError(f"{form['pattern']} is no pattern of numbers")
        return tuple(form.get(key) for key in ("pattern", "decimalChar", "groupChar"))
    if not isinstance(form, str):
        raise ValueError(f"not supported for {base}")
    if base in _MOMENTS:
        return _moment_format(base, form)
    if base == "boolean":
        yes, _, no = form.partition("|")
        if not (yes and no) or "|" in no or yes == no:
            raise ValueError("write the two values as yes|no")
        return {yes: "true", no: "false"}
    try:
        return re.compile(form)
    except re.error as error:
        raise ValueError(f"no regular expression ({error})") from error


def _moment_format(base: str, form: str) -> re.Pattern[str]:
    tokens = _FORM.findall(form)
    names = " ".join(sorted(_TOKENS[token] for token in tokens if token in _TOKENS))
    if "".join(tokens) != form or names not in _MOMENT_FORMS.get(base, ()):
        raise ValueError(f"{form} is no pattern of {base}: dates are yyyy, MM and dd in any order")
    pattern = ""
    for token in tokens:
        if token in _TOKENS:
            digits = "{1,2}" if len(token) == 1 else f"{{{len(token)}}}"
            pattern += f"(?P<{_TOKENS[token]}>[0-9]{digits})"
        elif "S" in token:
            digits = f"[0-9]{{1,{token.count('S')}}}"
            pattern += (
                rf"(?:\.(?P<fraction>{digits}))?" if token[0] == "." else f"(?P<fraction>{digits})"
            )
        elif token.strip() and token.strip()[0] in "Xx":
            space = " " if token[0] == " " else ""
            pattern += space + "(?P<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
        else:
            pattern += re.escape(token)
    return re.compile(pattern)


def is_iri(text: str) -> bool:
    """Return whether a text is a whole IRI that RDF parsers accept."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return _ABSOLUTE.match(text) is not None


def normalise(base: str, text: str) -> str:
    """Return a text with the white space that a datatype leaves in it."""
    if base in KEEP_SPACES or not _SPACE.search(text):
        return text
    text = re.sub(r"[\t\n\r]", " ", text)
    return text if base == "normalizedString" else " ".join(filter(None, text.split(" ")))


def reader(datatype: Datatype) -> Reader:
    """Compile a datatype into the function that reads a text, or raises `Invalid`."""
    base, iri = datatype.base, datatype.iri
    low, high = datatype.lengths
    convert = _converter(datatype)
    if base == "string" and datatype.format is None and datatype.lengths == (0, None):
        return lambda text: (text, iri, "")

    def read(text: str) -> tuple[str, str, str]:
        text = convert(normalise(base, text))
        if low or high is not None:
            length = len(text)
            if base in _BINARIES:
                length = length // 2 if base == "hexBinary" else len(text.rstrip("=")) * 3 // 4
            if length < low or (high is not None and length > high):
                shown = f"{low}" if low == high else f"≥ {low}" if high is None else f"{low}-{high}"
                raise Invalid("invalid-length", shown)
        return text, iri, ""

    return read


def _converter(datatype: Datatype) -> Callable[[str], str]:
    base = datatype.base
    if base in _NUMBERS or base in _MOMENTS:
        return _bounded(datatype, _number if base in _NUMBERS else _moment)
    if base == "boolean":
        values = datatype.format or {"true": "true", "1": "true", "false": "false", "0": "false"}
        return lambda text: _lookup(values, text)
    lexical = re.compile(_LEXICAL[base], re.DOTALL) if base in _LEXICAL else None
    pattern = datatype.format
    expected = datatype.title or (pattern.pattern if pattern else base)

    def convert(text: str) -> str:
        if (lexical and not lexical.fullmatch(text)) or (pattern and not pattern.fullmatch(text)):
            raise Invalid("invalid-format", expected)
        return text

    return convert


def _lookup(values: dict[str, str], text: str) -> str:
    if text not in values:
        raise Invalid("invalid-format", " / ".join(values))
    return values[text]


def _bounded(
    datatype: Datatype, compiled: Callable[[Datatype, str], Callable[[str], str]]
) -> Callable[[str], str]:
    """Return a converter whose results are between the bounds of the datatype."""
    base = datatype.base
    signs = dict(zip(_LOWER + _UPPER, "≥≥>≤≤<", strict=True))
    limits = [f"{signs[key]} {text}" for key, text in datatype.bounds]
    mark = datatype.format[1] if base in _NUMBERS and datatype.format else None
    example = _EXAMPLES.get(base, "12").replace(".", mark or ".")
    expected = datatype.title or ", ".join([example, *limits])
    convert = compiled(datatype, expected)
    if not limits:
        return convert
    rule = "invalid-number" if base in _NUMBERS else "invalid-date"
    bounds = [(signs[key], _comparable(base, text)) for key, text in datatype.bounds]

    def convert_between(text: str) -> str:
        text = convert(text)
        value = _comparable(base, text)
        for sign, limit in bounds:
            beyond = value < limit if sign in "≥>" else value > limit
            if beyond or (sign in "><" and value == limit):
                raise Invalid(rule, expected)
        return text

    return convert_between


def _number(datatype: Datatype, expected: str) -> Callable[[str], str]:
    pattern, decimal_char, group_char = datatype.format or (None, None, None)
    point = decimal_char or "."
    group = group_char or ("," if pattern and point != "," else "")
    form = _NUMBER_FORM.fullmatch(pattern) if pattern else None
    lexical = re.compile(_LEXICAL[datatype.base])
    low, high = _INTEGERS.get(datatype.base, (None, None))

    def convert(text: str) -> str:
        plain, scale = text, 0
        if form and not _fits(form, text, point, group):
            raise Invalid("invalid-number", expected)
        if group:
            if group * 2 in plain:
                raise Invalid("invalid-number", expected)
            plain = plain.replace(group, "")
        if point != ".":
            plain = plain.replace(".", " ").replace(point, ".")
        if datatype.format and plain and (plain[0] in "%‰" or plain[-1] in "%‰"):
            scale = 2 if "%" in plain else 3
            plain = plain.strip("%‰")
        plain = plain.replace("E", "e") if form else plain
        if not lexical.fullmatch(plain):
            raise Invalid("invalid-number", expected)
        if scale:
            plain = f"{Decimal(plain).scaleb(-scale):f}"
        if (low is not None and int(plain) < low) or (high is not None and int(plain) > high):
            raise Invalid("invalid-number", expected)
        return plain

    return convert


def _fits(form: re.Match[str], text: str, point: str, group: str) -> bool:
    """Return whether a number is written as its pattern says (Unicode TR 35, number patterns)."""
    body = text.strip("%‰").lstrip("+-")
    body, _, power = body.partition("E")
    whole, dot, part = body.partition(point)
    if bool(form["power"]) != bool(power) or bool(dot) != bool(part):
        return False
    if power and len(power.lstrip("+-")) < form["power"].count("0"):
        return False
    pattern = form["part"] or ""
    digits, least, most = part.replace(group, ""), pattern.count("0"), len(pattern.replace(",", ""))
    if not least <= len(digits) <= most:
        return False
    if len(whole.replace(group, "")) < form["whole"].count("0"):
        return False
    sizes = [len(piece) for piece in form["whole"].split(",")[1:]]
    if not sizes:
        wanted = whole.replace(group, "")
    else:
        wanted, rest, size = "", whole.replace(group, ""), sizes[-1]
        while len(rest) > size:
            wanted, rest = group + rest[-size:] + wanted, rest[:-size]
            size = sizes[-2] if len(sizes) > 1 else sizes[-1]
        wanted = rest + wanted
    size = len(pattern.split(",")[0]) if "," in pattern else most or 1
    return whole == wanted and part == group.join(
        digits[i : i + size] for i in range(0, len(digits), size)
    )


def _moment(datatype: Datatype, expected: str) -> Callable[[str], str]:
    lexical = re.compile(_LEXICAL[datatype.base])
    form = datatype.format

    def convert(text: str) -> str:
        if form:
            if not (match := form.fullmatch(text)):
                raise Invalid("invalid-date", expected)
            text = _written(match.groupdict())
        match = lexical.fullmatch(text)
        if not match or (datatype.base == "dateTimeStamp" and not match["zone"]):
            raise Invalid("invalid-date", expected)
        parts = match.groupdict()
        day, month, year = (int(parts.get(key) or 0) for key in ("day", "month", "year"))
        if "year" in parts and not year:
            raise Invalid("invalid-date", expected)
        if (
            day
            and month
            and day > calendar.monthrange(2000 + year % 400 if year else 2000, month)[1]
        ):
            raise Invalid("invalid-date", expected)
        return text

    return convert


def _written(parts: dict[str, str | None]) -> str:
    """Return a moment in the form of XML Schema."""
    day = "-".join(f"{parts[key]:>02}" for key in ("year", "month", "day") if parts.get(key))
    clock = ""
    if parts.get("hour"):
        clock = f"{parts['hour']}:{parts['minute']}:{parts.get('second') or '00'}"
        clock += f".{parts['fraction']}" if parts.get("fraction") else ""
    zone = parts.get("zone") or ""
    if len(zone) in (3, 5):
        zone = f"{zone[:3]}:{zone[3:] or '00'}"
    return "T".join(filter(None, (day, clock))) + zone

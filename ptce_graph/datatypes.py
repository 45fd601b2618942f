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

_INTEGERS: dict[str, tuple[int | None, int | None]] = {"integer": (None, None)}
_INTEGERS |= {"nonNegativeInteger": (0, None), "positiveInteger": (1, None)}
_INTEGERS |= {"nonPositiveInteger": (None, 0), "negativeInteger": (None, -1)}
for _name, _bits in (("byte", 7), ("short", 15), ("int", 31), ("long", 63)):
    _INTEGERS[_name] = (-(2**_bits), 2**_bits - 1)
    _INTEGERS[f"unsigned{_name.title()}"] = (0, 2 ** (_bits + 1) - 1)
_NUMBERS = {*_INTEGERS, "decimal", "double", "float"}
_ZONE = r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
_YEAR, _MONTH = r"(?P<year>-?[0-9]{4,})", r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_DATE = f"{_YEAR}-{_MONTH}-{_DAY}"
_MOMENTS = {"date": _DATE, "dateTime": f"{_DATE}T{_TIME}", "dateTimeStamp": f"{_DATE}T{_TIME}"}
_MOMENTS |= {"time": _TIME, "gYear": _YEAR, "gYearMonth": f"{_YEAR}-{_MONTH}"}
_MOMENTS |= {"gDay": f"---{_DAY}", "gMonth": f"--{_MONTH}", "gMonthDay": f"--{_MONTH}-{_DAY}"}
_MONTHS = "-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?"
_DAYS = r"(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_LEXICAL = {name: pattern + _ZONE for name, pattern in _MOMENTS.items()}
_LEXICAL["dateTimeStamp"] = _LEXICAL["dateTimeStamp"].removesuffix("?")
_LEXICAL |= dict.fromkeys(_INTEGERS, r"[+-]?[0-9]+") | {"decimal": _DECIMAL}
_LEXICAL |= dict.fromkeys(("double", "float"), _DECIMAL + r"(?:[eE][+-]?[0-9]{1,3})?|NaN|-?INF")
_LEXICAL |= {"duration": _MONTHS + _DAYS, "dayTimeDuration": f"-?P(?=.){_DAYS}"}
_LEXICAL |= {"yearMonthDuration": _MONTHS, "language": "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"}
_LEXICAL |= {"NMTOKEN": r"[\w.:-]+", "Name": r"[^\W\d][\w.:-]*"}
_LEXICAL |= {"base64Binary": "[A-Za-z0-9+/= ]*", "hexBinary": "(?:[0-9A-Fa-f]{2})*"}
_TEXTS = {"string", "normalizedString", "token", "language", "Name", "NMTOKEN", "anyURI"}
_MEASURED = _TEXTS | {"base64Binary", "hexBinary", "anyAtomicType"}
_ALIASES = {"any": "anyAtomicType", "binary": "base64Binary"}
_ALIASES |= {"datetime": "dateTime", "number": "double"}
TERMS = {name: XSD + name for name in {*_LEXICAL, *_MEASURED, "boolean", "QName"}}
TERMS |= {alias: XSD + name for alias, name in _ALIASES.items()}
TERMS |= {"html": PREFIXES["rdf"] + "HTML", "xml": PREFIXES["rdf"] + "XMLLiteral"}
TERMS["json"] = "http://www.w3.org/ns/csvw#JSON"
"""Name of a datatype → its IRI."""

KEEP_SPACES = {"string", "json", "xml", "html", "anyAtomicType"}
"""Datatypes whose cells are read as they stand."""

_LOWER = ("minimum", "minInclusive", "minExclusive")
_UPPER = ("maximum", "maxInclusive", "maxExclusive")
_KEYS = {
    **dict.fromkeys(("base", "@id", "@type"), (str,)),
    "format": (str, dict),
    **dict.fromkeys(_LOWER + _UPPER, (str, int, float)),
    **dict.fromkeys(("length", "minLength", "maxLength"), (int,)),
}
_SPACE = re.compile(r"[ \t\n\r]")
_ABSOLUTE = re.compile(r"https?://[^/?#]|(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:.", re.IGNORECASE)
_EXAMPLES = {"double": "1.25e3", "float": "1.25e3", "decimal": "12.5", "date": "2014-01-10"}
_EXAMPLES |= {"gYear": "2014", "gYearMonth": "2014-01", "time": "09:30:00"}
_EXAMPLES |= dict.fromkeys(("dateTime", "dateTimeStamp"), "2014-01-10T09:30:00Z")
_TOKENS = {"yyyy": "(?P<year>[0-9]{4})", "MM": "(?P<month>[0-9]{2})", "M": "(?P<month>[0-9]{1,2})"}
_TOKENS |= {"dd": "(?P<day>[0-9]{2})", "d": "(?P<day>[0-9]{1,2})", "HH": "(?P<hour>[0-9]{2})"}
_TOKENS |= {"mm": "(?P<minute>[0-9]{2})", "ss": "(?P<second>[0-9]{2})"}
_WRITTEN = {"date": "{year}-{month:0>2}-{day:0>2}", "time": "{hour}:{minute}:{second}"}
_WRITTEN["dateTime"] = _WRITTEN["dateTimeStamp"] = "T".join(_WRITTEN.values())
_FORM = re.compile(r"yyyy|MM?|dd?|HH|mm|ss|\.S+| ?[Xx]{1,3}$|[-/.: T]")
_NUMBER_FORM = re.compile(
    r"(?P<before>[+%‰-]*)(?P<whole>[#,]*[0,]*)(?:\.(?P<part>[0,]*[#,]*))?"
    r"(?:E(?P<power>[+-]?[#0]+))?(?P<after>[%‰]?)"
)
_MANY = 999
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
        return self.name or TERMS[self.base]


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
    if base not in TERMS:
        tell(f'datatype "{base}" of {where} is not supported')
        base = "string"
    base = _ALIASES.get(base, base)
    if name.startswith("_:") or name in TERMS.values():
        raise MetadataError(f"@id of datatype of {where}: {name} is not its own address")
    if known.get("@type", "Datatype") != "Datatype":
        raise MetadataError(f"@type of datatype of {where} must be Datatype")
    form, compiled, shown = known.get("format"), None, ""
    try:
        compiled = _format(base, form) if form is not None else None
        if compiled and base in _MOMENTS:
            shown = str(form).replace("yyyy", "2014").replace("MM", "01").replace("dd", "10")
    except (ValueError, re.error) as error:
        tell(f'keyword "format" of {where}: {error}')
    bounds, lengths = _bounds(base, known, where), _lengths(base, known, where)
    title = str(source.get("dc:title", shown))
    return Datatype(base, name, compiled, bounds, lengths, title)


def _lengths(base: str, known: dict[str, Any], where: str) -> tuple[int, int | None]:
    lows = [known[key] for key in ("length", "minLength") if key in known]
    highs = [known[key] for key in ("length", "maxLength") if key in known]
    if (lows or highs) and base not in _MEASURED:
        raise MetadataError(f'keyword "length" of {where} is not supported for {base}')
    low, high = max(lows, default=0), min(highs, default=None)
    if high is not None and low > high:
        raise MetadataError(f"length of {where}: {low} is more than {high}")
    return low, high


def _bounds(base: str, known: dict[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    bounds = {key: str(known[key]) for key in _LOWER + _UPPER if key in known}
    if bounds and base not in _NUMBERS and base not in _MOMENTS:
        raise MetadataError(f'keyword "{min(bounds)}" of {where} is not supported for {base}')
    for keys in (_LOWER, _UPPER):
        if keys[2] in bounds and len(bounds.keys() & set(keys)) > 1:
            raise MetadataError(f"{keys[1]} and {keys[2]} of {where}: only one may be given")
    limits = {}
    for key, text in bounds.items():
        try:
            limits[key] = _comparable(base, text)
        except (ValueError, ArithmeticError):
            raise MetadataError(f'"{key}" of {where}: {text} is no {base}') from None
    lows = [(limits[key], key) for key in _LOWER if key in limits]
    highs = [(limits[key], key) for key in _UPPER if key in limits]
    if lows and highs:
        (low, lower), (high, upper) = max(lows), min(highs)
        if low > high or (low == high and (lower == _LOWER[2]) != (upper == _UPPER[2])):
            raise MetadataError(f"{lower} of {where} leaves nothing below {upper}")
    return tuple(bounds.items())


def _comparable(base: str, text: str) -> Any:
    """Return a value that compares as the datatype does."""
    if base in _NUMBERS:
        return float(text.replace("INF", "inf")) if base in ("double", "float") else Decimal(text)
    if not re.fullmatch(_LEXICAL[base], text):
        raise ValueError(text)
    moment = re.sub(f"{_ZONE}$", "", text)
    return [float(n) for n in re.findall(r"(?:^-)?[0-9]+(?:\.[0-9]+)?", moment)]


def _format(base: str, form: Any) -> Any:
    """Compile a format.

    Raises:
        ValueError: it is none for this datatype.
        re.error: it is no regular expression.
    """
    if base in _NUMBERS:
        form = {"pattern": form} if isinstance(form, str) else form
        texts = all(isinstance(form[key], str) and form[key] for key in form)
        if set(form) - {"pattern", "decimalChar", "groupChar"} or not texts:
            raise ValueError("only pattern, decimalChar and groupChar are supported")
        point = form.get("decimalChar", ".")
        group = form.get("groupChar", "," if "pattern" in form and point != "," else "")
        if len(point) != 1 or len(group) > 1:
            raise ValueError("decimalChar and groupChar are one character")
        return _number_format(form.get("pattern"), point, group), point, group
    if not isinstance(form, str):
        raise ValueError(f"not supported for {base}")
    if base in _MOMENTS:
        return _moment_format(base, form)
    if base == "boolean":
        yes, _, no = form.partition("|")
        if not (yes and no) or "|" in no or yes == no:
            raise ValueError("write the two values as yes|no")
        return {yes: "true", no: "false"}
    return re.compile(form)


def _number_format(form: str | None, point: str, group: str) -> re.Pattern[str]:
    """Compile a pattern of numbers (Unicode TR 35); without one, groups may have any size."""
    separator = re.escape(group)
    if form is None:
        return re.compile(f"(?!.*(?:{separator}){{2}}).*" if group else ".*")
    match = _NUMBER_FORM.fullmatch(form)
    if not match:
        raise ValueError(f"{form} is no pattern of numbers")
    whole, part, power = (match[key] or "" for key in ("whole", "part", "power"))
    sizes = [len(piece) for piece in whole.split(",")[:0:-1]] or [_MANY]
    digit, first, rest = f"(?:{separator})?[0-9]", sizes[0], sizes[-1]
    pattern = f"[+%‰-]*(?=(?:{digit}){{{whole.count('0')}}})(?:[0-9]{{0,{first}}}|[0-9]{{1,{rest}}}"
    pattern += f"{separator}(?:[0-9]{{{rest}}}{separator})*[0-9]{{{first}}})"
    if digits := part.replace(",", ""):
        size = part.index(",") if "," in part else _MANY
        count = f"{{{max(1, digits.count('0'))},{len(digits)}}}"
        pattern += f"(?:{re.escape(point)}(?=(?:{digit}){count}(?!{digit}))"
        pattern += f"(?:[0-9]{{{size}}}{separator})*[0-9]{{1,{size}}})"
        pattern += "" if "0" in digits else "?"
    pattern += f"E[+-]?[0-9]{{{power.count('0')},}}" if power else ""
    return re.compile(pattern + "[%‰]?")


def _moment_format(base: str, form: str) -> re.Pattern[str]:
    tokens, pattern = _FORM.findall(form), ""
    for token in tokens:
        if "S" in token:
            pattern += rf"(?:\.(?P<fraction>[0-9]{{1,{len(token) - 1}}}))?"
        elif token.strip(" Xx"):
            pattern += _TOKENS.get(token) or re.escape(token)
        else:
            pattern += re.sub("[Xx]+", "(?P<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)", token)
    fields = set(re.findall(r"{(\w+)", _WRITTEN.get(base, "")))
    found = set(re.findall(r"P<(\w+)>", pattern)) - {"fraction", "zone"}
    if "".join(tokens) != form or not fields or found | fields & {"second"} != fields:
        raise ValueError(f"{form} is no pattern of {base}: dates are yyyy, MM and dd in any order")
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
    if base == "string" and datatype.format is None and datatype.lengths == (0, None):
        return lambda text: (text, iri, "")
    signs = dict(zip(_LOWER + _UPPER, "≥≥>≤≤<", strict=True))
    limits = [(signs[key], text) for key, text in datatype.bounds]
    mark = datatype.format[1] if base in _NUMBERS and datatype.format else "."
    example = _EXAMPLES.get(base, "12" if base in _NUMBERS else base).replace(".", mark)
    expected = datatype.title or ", ".join([example, *map(" ".join, limits)])
    rule = "invalid-number" if base in _NUMBERS else "invalid-date"
    own = zip("≥≤", _INTEGERS.get(base, ()), strict=False)
    limits += [(sign, str(limit)) for sign, limit in own if limit is not None]
    bounds = [(sign, _comparable(base, text)) for sign, text in limits]
    convert = _converter(datatype, expected)

    def read(text: str) -> tuple[str, str, str]:
        text = convert(normalise(base, text))
        value = _comparable(base, text) if bounds else None
        for sign, limit in bounds:
            beyond = value < limit if sign in "≥>" else value > limit
            if beyond or (sign in "><" and value == limit):
                raise Invalid(rule, expected)
        length = len(text)
        if base.endswith("Binary"):
            length = length // 2 if base == "hexBinary" else len(text.rstrip("=")) * 3 // 4
        if length < low or (high is not None and length > high):
            shown = f"{low}" if low == high else f"≥ {low}" if high is None else f"{low}-{high}"
            raise Invalid("invalid-length", shown)
        return text, iri, ""

    return read


def _converter(datatype: Datatype, expected: str) -> Callable[[str], str]:
    base, form = datatype.base, datatype.format
    lexical = re.compile(_LEXICAL.get(base, ".*"), re.DOTALL)
    if base in _NUMBERS or base in _MOMENTS:
        return (_number if base in _NUMBERS else _moment)(datatype, lexical, expected)
    if base == "boolean":
        values = form or {"true": "true", "1": "true", "false": "false", "0": "false"}
        form, expected = re.compile("|".join(map(re.escape, values))), " / ".join(values)
    else:
        values, expected = {}, datatype.title or (form.pattern if form else base)

    def convert(text: str) -> str:
        if not lexical.fullmatch(text) or (form and not form.fullmatch(text)):
            raise Invalid("invalid-format", expected)
        return str(values.get(text, text))

    return convert


def _number(datatype: Datatype, lexical: re.Pattern[str], expected: str) -> Callable[[str], str]:
    form, point, group = datatype.format or (None, ".", "")
    signs = str.maketrans({".": " ", point: ".", "E": "e"} | ({group: ""} if group else {}))

    def convert(text: str) -> str:
        plain = text.translate(signs).strip("%‰") if form else text
        if (form and not form.fullmatch(text)) or not lexical.fullmatch(plain):
            raise Invalid("invalid-number", expected)
        if form and ("%" in text or "‰" in text):
            return f"{Decimal(plain).scaleb(-2 if '%' in text else -3):f}"
        return plain

    return convert


def _moment(datatype: Datatype, lexical: re.Pattern[str], expected: str) -> Callable[[str], str]:
    form = datatype.format

    def convert(text: str) -> str:
        if form:
            written = form.fullmatch(text)
            text = _written(datatype.base, written.groupdict()) if written else ""
        match = lexical.fullmatch(text)
        parts = match.groupdict() if match else {"year": ""}
        day, month, year = (int(parts.get(key) or 0) for key in ("day", "month", "year"))
        last = calendar.monthrange(2000 + year % 400, month)[1] if month else 31
        if ("year" in parts and not year) or not match or day > last:
            raise Invalid("invalid-date", expected)
        return text

    return convert


def _written(base: str, parts: dict[str, str | None]) -> str:
    """Return a moment in the form of XML Schema."""
    filled = {"second": "00"} | {name: text for name, text in parts.items() if text}
    fraction, zone = (filled.pop(name, "") for name in ("fraction", "zone"))
    if len(zone) in (3, 5):
        zone = f"{zone[:3]}:{zone[3:] or '00'}"
    return _WRITTEN[base].format(**filled) + (f".{fraction}" if fraction else "") + zone

"""URI templates of the metadata (RFC 6570): what stands in the variables is quoted."""

from __future__ import annotations

import re
from collections.abc import Mapping

VARIABLE = re.compile(r"\{([+#]?)([A-Za-z0-9_.%]+)\}")
"""A variable as tables elsewhere may use it: of RFC 6570, the operators + and # on one name."""

_NOT_UNRESERVED = re.compile("[^A-Za-z0-9._~-]+")
_NOT_RESERVED = re.compile("[^A-Za-z0-9._~:/?#@!$&'()*+,;=%[\\]-]+")
_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def quoted(text: str, operator: str = "") -> str:
    """Return a text as it stands in an IRI, reserved characters kept if the operator says so.

    >>> quoted("l'été"), quoted("/a?b=é", "+")
    ('l%27%C3%A9t%C3%A9', '/a?b=%C3%A9')
    """
    if operator not in ("+", "#"):
        return _NOT_UNRESERVED.sub(_percent, text)
    return _NOT_RESERVED.sub(_percent, _PERCENT.sub("%25", text) if "%" in text else text)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def expand(template: str, values: Mapping[str, str | None]) -> str:
    """Return a template with the values of its variables; one without a value is left out.

    >>> expand("http://example.org/{a}{#b}", {"a": "x y", "b": "1"})
    'http://example.org/x%20y#1'
    """

    def replace(match: re.Match[str]) -> str:
        text = values.get(match[2])
        return "" if text is None else match[1].strip("+") + quoted(text, match[1])

    return VARIABLE.sub(replace, template)

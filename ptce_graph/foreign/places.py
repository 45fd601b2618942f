"""Where an actor is: communes, départements and regions by code or by name, in the tables there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from ptce_graph.errors import Invalid
from ptce_graph.foreign import normalise
from ptce_graph.foreign.columns import fold

_SAINT = re.compile(r"\b(st|ste|sts|stes)\b")
_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_NOISE = re.compile(r"\b(cedex( \d+)?|\d+ ?(er|eme|e)?( arrondissement)?)\b")
_ARTICLE = re.compile(r"^(.+) (le|la|les|l)$")
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)", re.ASCII)
_WHOLE = 30_000
_DISTRICTS = {"75": ("751", "75056"), "13": ("132", "13055"), "69": ("6938", "69123")}
"""Département → start of the codes of its districts, code of the commune that they form."""


def fold_place(name: str) -> str:
    """Return the name of a place as it is compared.

    >>> fold_place("ST-ETIENNE CEDEX 2"), fold_place("Saint-Étienne"), fold_place("Mans (Le)")
    ('saint etienne', 'saint etienne', 'le mans')
    """
    words = _NOISE.sub(" ", fold(name))
    whole = " ".join(_SAINT.sub(lambda m: _SAINTS[m[1]], words).split())
    return _ARTICLE.sub(r"\2 \1", whole)


def _is_district(code: str) -> bool:
    start, commune = _DISTRICTS.get(code[:2], ("-", ""))
    return code.startswith(start) and code != commune


def departement_of(code: str) -> str:
    """Return the département of a commune, by its INSEE code.

    >>> departement_of("2A004"), departement_of("97411")
    ('2A', '974')
    """
    return code[:3] if code[:2] in ("97", "98") else code[:2]


class Places:
    """The communes, départements and regions that the tables of the project hold."""

    def __init__(
        self,
        communes: Iterable[dict[str, str]],
        departements: Iterable[dict[str, str]],
        regions: Iterable[dict[str, str]],
    ) -> None:
        self.communes: dict[str, str] = {}
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for row in communes:
            self.add(row["code"], row["name"])
        self.departements = {row["code"]: row["name"] for row in departements}
        self.regions = {row["code"]: row["name"] for row in regions}
        self._departements = {fold(name): code for code, name in self.departements.items()}
        self._regions = {fold(name): code for code, name in self.regions.items()}

    def add(self, code: str, name: str) -> None:
        """Note a commune."""
        if code not in self.communes:
            self.communes[code] = name
            if not _is_district(code):
                self.by_name[fold_place(name)].append(code)

    def departement(self, text: str) -> str:
        """Return the code of a département given by its name or code.

        Raises:
            Invalid: it is none.
        """
        return self._departements.get(fold(text)) or normalise.departement(text)

    def region(self, text: str) -> str:
        """Return the code of a region given by its name or code.

        Raises:
            Invalid: it is none.
        """
        found = self._regions.get(fold(text))
        if found:
            return found
        code = text.zfill(2) if text.isdigit() else text
        if code not in self.regions:
            raise Invalid("invalid-insee", "75, Nouvelle-Aquitaine")
        return code

    def find(self, name: str, postcode: str, departement: str) -> tuple[str, str]:
        """Return the code of a commune by its name, and what is wrong when there is none.

        A name that several communes have is told apart by the postal code or the département; as
        long as the tables do not hold all communes, no name tells enough without one of these.
        """
        found = self.by_name.get(fold_place(name), [])
        inside = _POSTCODE.search(name)
        near = departement or _near(postcode or (inside[0] if inside else ""))
        if near:
            found = [code for code in found if departement_of(code).startswith(near)]
        if len(found) == 1 and (near or self.whole_country):
            return found[0], ""
        return "", "ambiguous-commune" if found[1:] else self.absent

    @property
    def absent(self) -> str:
        """What is to be told of a commune that is not in the tables, a key of RULES."""
        return "no-such-commune" if self.whole_country else "unknown-commune"

    def check(self, code: str) -> bool:
        """Return whether a commune is in the tables, districts of large cities included."""
        return code in self.communes

    @property
    def whole_country(self) -> bool:
        """Whether the tables hold all communes, so that a code that is not there is none."""
        return len(self.communes) > _WHOLE

    def is_called(self, code: str, name: str) -> bool:
        """Return whether a commune of the tables has a name, or one that holds it."""
        known, said = (f" {fold_place(text)} " for text in (self.communes[code], name))
        return said in known or known in said

    def whole(self, code: str) -> str:
        """Return the commune of a district of Paris, Lyon or Marseille, else the code itself."""
        start, commune = _DISTRICTS.get(code[:2], ("", ""))
        inside = start and code.startswith(start) and commune in self.communes
        return commune if inside and code not in self.communes else code


def _near(postcode: str) -> str:
    """Return the start of the département that a postal code lies in, nearly always."""
    if postcode[:2] == "20":
        return "2"
    return postcode[:3] if postcode[:2] in ("97", "98") else postcode[:2]

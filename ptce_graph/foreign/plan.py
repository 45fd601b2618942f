"""Which column of a foreign table holds what: recognised, said on the command line, or read from
a mapping file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from ptce_graph.foreign import columns
from ptce_graph.foreign.columns import REJECTED_COLUMNS, fold
from ptce_graph.foreign.kinds import KINDS, Kind
from ptce_graph.foreign.reading import Overrides
from ptce_graph.foreign.texts import ForeignError

_OPERATORS = ("!=", "^=", "=")


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on one column: `=` one of the values, `!=` none of them, `^=` starts with one.

    Columns and values are compared as texts, spaces at the ends aside.
    """

    column: str
    operator: str
    values: tuple[str, ...]

    def keeps(self, text: str) -> bool:
        """Return whether a row with this text is kept.

        >>> parse_filter("dep=40|64").keeps("40")
        True
        """
        text = text.strip()
        if self.operator == "^=":
            return text.startswith(self.values)
        return (text in self.values) == (self.operator == "=")

    def __str__(self) -> str:
        return f"{self.column}{self.operator}{'|'.join(self.values)}"


def parse_filter(text: str) -> Filter:
    """Return the condition that a text states.

    >>> parse_filter("etat!=C")
    Filter(column='etat', operator='!=', values=('C',))

    Raises:
        ForeignError: it states none.
    """
    places = [(text.find(op), -len(op), op) for op in _OPERATORS if op in text]
    if not places:
        raise ForeignError("--filter", "bad-filter", text)
    place, _, operator = min(places)
    column, values = text[:place].strip(), text[place + len(operator) :].split("|")
    if not column:
        raise ForeignError("--filter", "bad-filter", text)
    return Filter(column, operator, tuple(value.strip() for value in values))


class Selection:
    """Conditions at their places in a row, and how far the rows came through them.

    Attributes:
        unmet: the first condition that no row met, with what one that meets those before it has
            there; or None.
    """

    def __init__(self, conditions: list[tuple[int, Filter]]) -> None:
        self.conditions = conditions
        self.unmet: tuple[Filter, str] | None = None
        self._reached = -1

    def keeps(self, cells: list[str]) -> bool:
        """Return whether a row meets all conditions."""
        for number, (position, condition) in enumerate(self.conditions):
            if not condition.keeps(cells[position]):
                if number > self._reached:
                    self._reached, self.unmet = number, (condition, cells[position])
                return False
        self._reached, self.unmet = len(self.conditions), None
        return True


@dataclass(slots=True)
class Plan:
    """What an import does with each column.

    Attributes:
        columns: field → names of the columns; the first that is filled in a row counts.
        constants: field → value for all rows.
        filters: conditions that a row must meet.
        codes: field → text of the file, folded → text to take instead.
        normalise: field → names of NORMALISERS, applied after that of the field itself.
        source: title, publisher, url, date of the document.
        overrides: how the file is read.
        lenient: fields that are left blank, not the reason to reject a row, when they are wrong.
        recognise: fields that the mapping does not name are recognised by their names.
        join: `key`, the column that a row and its row in the joined file have in common.
    """

    kind: Kind
    columns: dict[str, list[str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    filters: list[Filter] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    normalise: dict[str, list[str]] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    overrides: Overrides = field(default_factory=Overrides)
    lenient: list[str] = field(default_factory=list)
    recognise: bool = False
    join: dict[str, str] = field(default_factory=dict)

    def wanted(self) -> set[str]:
        """Return the names of all the columns that are needed."""
        named = {name for names in self.columns.values() for name in names}
        return named | {f.column for f in self.filters}


def find_kind(name: str) -> Kind:
    """Return a kind of table by its name.

    Raises:
        ForeignError: there is none.
    """
    if not name:
        raise ForeignError("--as", "no-kind", " | ".join(KINDS))
    if name not in KINDS:
        raise ForeignError("--as", "unknown-kind", name, ", ".join(KINDS))
    return KINDS[name]


def check_field(kind: Kind, name: str) -> None:
    """Refuse a field that a kind does not have.

    Raises:
        ForeignError: it has none of this name.
    """
    if name not in kind.fields:
        raise ForeignError(name, "unknown-field", name, kind.name, ", ".join(kind.fields))


def parse_header(text: str) -> tuple[int, int]:
    """Return the first and the last line of a header, as in `3` or `3-4`.

    >>> parse_header("3-4")
    (3, 4)

    Raises:
        ForeignError: it is none of these.
    """
    first, _, last = text.partition("-")
    numbers = (first, last or first)
    if not all(n.isascii() and n.isdigit() and int(n) < 1000 for n in numbers):
        raise ForeignError("--header", "bad-mapping", f"“{text}”: N, N-M, 0")
    found = (int(numbers[0]), int(numbers[1]))
    if found[0] > found[1] or (found[0] == 0 and found[1]):
        raise ForeignError("--header", "bad-mapping", f"“{text}”: N, N-M, 0")
    return found


def locate(plan: Plan, header: list[str], path: object) -> dict[str, list[int]]:
    """Return for each field of a plan the places of its columns.

    Raises:
        ForeignError: a column that is named is not there.
    """
    places = {name: i for i, name in reversed(list(enumerate(header)))}
    folded = {fold(name): i for name, i in places.items()}

    def place(name: str) -> int:
        found = places.get(name, folded.get(fold(name), -1))
        if found < 0:
            near = get_close_matches(name, header, 5)
            shown = [*near, *(other for other in header if other not in near)][:60]
            raise ForeignError(path, "no-such-column", name, ", ".join(shown))
        return found

    plan.filters = [replace(f, column=header[place(f.column)]) for f in plan.filters]
    return {name: [place(n) for n in names] for name, names in plan.columns.items()}


def complete(plan: Plan, header: list[str], *, private: bool) -> None:
    """Add to a plan the columns that are recognised by their names."""
    taken = {fold(name) for names in plan.columns.values() for name in names}
    free = [
        name if fold(name) not in taken and name not in REJECTED_COLUMNS else "" for name in header
    ]
    wanted = [n for n in plan.kind.guessed if n not in plan.columns and n not in plan.constants]
    for name, position in columns.match(free, wanted, private=private).items():
        plan.columns[name] = [header[position]]

"""A second file whose rows complete those of the first: what is held of it is what is selected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ptce_graph.foreign.plan import Plan
from ptce_graph.foreign.reading import ForeignTable, Row
from ptce_graph.foreign.texts import ForeignError


@dataclass(slots=True)
class JoinedTable(ForeignTable):
    """A table each of whose rows goes on with the row of the same key of another file."""

    first: ForeignTable | None = None
    key: int = 0
    found: dict[str, list[str]] = field(default_factory=dict)

    def rows(self, used: Iterable[int] | None = None) -> Iterator[Row]:
        """Yield the rows that have one in the other file; the others are left out."""
        assert self.first  # noqa: S101 (`join` gives it)
        width = len(self.first.header)
        mine = None if used is None else [i for i in used if i < width] + [self.key]
        blank = [""] * (len(self.header) - width)
        for row in self.first.rows(mine):
            more = self.found.get(row.cells[self.key].strip())
            if row.left_out or row.fault or more is not None:
                yield row._replace(cells=row.cells + (more or blank))
            else:
                yield row._replace(cells=row.cells + blank, left_out="not-joined")


def join(table: ForeignTable, other: ForeignTable, plan: Plan) -> ForeignTable:
    """Return a table completed by another file, by the key of `[join]` in the mapping.

    Conditions on columns that only the other file has are met while it is read.

    Raises:
        ForeignError: one of the files has no such key.
    """
    key = plan.join.get("key", "siren")
    for each in (table, other):
        if key not in each.header:
            raise ForeignError(each.path, "no-join", key, each.path.name)
    wanted = plan.wanted() - set(table.header)
    names = [name for name in other.header if name in wanted]
    places = [other.header.index(name) for name in names]
    mine = [f for f in plan.filters if f.column in names]
    conditions = [(other.header.index(f.column), f) for f in mine]
    at = other.header.index(key)
    found: dict[str, list[str]] = {}
    for row in other.rows([*places, at]):
        if row.left_out or row.fault:
            continue
        if all(condition.keeps(row.cells[i]) for i, condition in conditions):
            found[row.cells[at].strip()] = [row.cells[i] for i in places]
    notices = [*table.notices, ("join", (other.path, key))]
    joined = JoinedTable(
        table.path, table.form, [*table.header, *names], notices, table.decided, table.skipped
    )
    joined.first, joined.key, joined.found = table, table.header.index(key), found
    return joined

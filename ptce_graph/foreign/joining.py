"""A second file whose rows complete those of the first: what is held of it is what is selected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ptce_graph.foreign.plan import Plan, Selection, locate
from ptce_graph.foreign.reading import STEP, ForeignTable, Progress, Row
from ptce_graph.foreign.texts import ForeignError


@dataclass(slots=True)
class JoinedTable(ForeignTable):
    """A table each of whose rows goes on with the row of the same key of another file."""

    first: ForeignTable | None = None
    key: int = 0
    keys: set[str] = field(default_factory=set)
    found: dict[str, list[str]] = field(default_factory=dict)

    def rows(self, used: Iterable[int] | None = None) -> Iterator[Row]:
        """Yield the rows; those that are selected and have none in the other file are left out."""
        assert self.first  # noqa: S101 (`join` gives it)
        width = len(self.first.header)
        mine = None if used is None else [i for i in used if i < width] + [self.key]
        blank = [""] * (len(self.header) - width)
        for row in self.first.rows(mine):
            key = row.cells[self.key].strip()
            more = self.found.get(key)
            if row.left_out or row.fault or more is not None or key not in self.keys:
                yield row._replace(cells=row.cells + (more or blank))
            else:
                yield row._replace(cells=row.cells + blank, left_out="not-joined")


def join(
    table: ForeignTable,
    other: ForeignTable,
    plan: Plan,
    progress: Progress = lambda name, rows: None,
) -> ForeignTable:
    """Return a table completed by another file, by the key of `[join]` in the mapping.

    The table is read for the keys of the rows that its conditions select; then the other file for
    the rows of these keys, by the conditions on columns that only it has.

    Raises:
        ForeignError: one of the files has no such key, or none has a column that is named.
    """
    key = plan.join.get("key", "siren")
    for each in (table, other):
        if key not in each.header:
            raise ForeignError(each.path, "no-join", key, each.path.name)
    locate(plan, [*table.header, *other.header], table.path)  # before anything long is read
    wanted = plan.wanted() - set(table.header)
    names = [name for name in other.header if name in wanted]
    places = [other.header.index(name) for name in names]
    own = Selection(
        [(table.header.index(f.column), f) for f in plan.filters if f.column not in names]
    )
    more = Selection([(other.header.index(f.column), f) for f in plan.filters if f.column in names])
    keys = {name for name, _ in _selected(table, key, own, progress)}
    found = {
        name: [cells[place] for place in places]
        for name, cells in _selected(other, key, more, progress, places)
        if name in keys
    }
    notices = [*table.notices, ("join", (other.path, key))]
    joined = JoinedTable(
        table.path, table.form, [*table.header, *names], notices, table.decided, table.skipped
    )
    joined.first, joined.key = table, table.header.index(key)
    joined.keys, joined.found, joined.unmet = keys, found, own.unmet or more.unmet
    return joined


def _selected(
    table: ForeignTable,
    key: str,
    selection: Selection,
    progress: Progress,
    places: Iterable[int] = (),
) -> Iterator[tuple[str, list[str]]]:
    """Yield the key and the cells of each row that is selected."""
    at = table.header.index(key)
    used = [at, *places, *(position for position, _ in selection.conditions)]
    for number, row in enumerate(table.rows(used), 1):
        if number % STEP == 0:
            progress(table.path.name, number)
        if not row.left_out and not row.fault and selection.keeps(row.cells):
            yield row.cells[at].strip(), row.cells

"""From tables to N-Quads lines: every row is accepted, merged or rejected, and nothing else.

Tables are read in the order of their references, one row at a time; what is kept of them is the
sets of their keys.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby

from ptce_graph import identifiers, sources
from ptce_graph.errors import CONSEQUENCES, Problem, ProjectError
from ptce_graph.mapping import Fault, RowMapping, Values, compile_mapping
from ptce_graph.namespaces import DATATYPE, ONTOLOGY, SCHEME
from ptce_graph.project import Project
from ptce_graph.receipt import Receipt, TableReceipt
from ptce_graph.sources import SourceTable

Key = tuple[str, ...]
Progress = Callable[[str, int], None]
_STEP = 5_000
_IRIS = re.compile(r"<([^>]*)>")
_LOST_ROWS = {"ragged-row", "stray-quote", "unclosed-quote"}


def load(
    project: Project,
    receipt: Receipt,
    vocabulary: frozenset[str],
    progress: Progress = lambda name, rows: None,
) -> Iterator[str]:
    """Yield the N-Quads lines of the tables of a project, and fill the receipt.

    Args:
        project: where the tables are.
        receipt: filled while lines are yielded, complete when they end.
        vocabulary: IRIs that the ontology and its schemes declare; others of their namespaces
            are unknown codes.
        progress: called with the name of a table and the number of its rows read so far.
    """
    tables = sources.find_tables(project, receipt.problems.append)
    state = _State(receipt, vocabulary, sources.read_suppressed(project), progress)
    state.offered = state.keys
    state.damaged |= {_file_name(problem.path) for problem in receipt.problems}
    _note_references(tables, state)
    for circle in _in_order_of_references(tables):
        _settle(circle, state)
        for source in circle:
            yield from _load_table(source, state)
    for iri in sorted(state.suppressed - state.mentioned):
        problem = Problem(project.suppressed.name, 0, "iri", iri, "nothing-suppressed")
        receipt.problems.append(problem)
    receipt.tables.sort(key=lambda table: table.name)
    receipt.problems.sort(key=lambda p: (p.rule in CONSEQUENCES, p.path, p.line))


Place = tuple[str, Key]
"""A table, by the name of its file, and the columns of it that others refer to."""


def _no_keys() -> dict[Place, set[Key]]:
    return defaultdict(set)


@dataclass(slots=True)
class _State:
    """What is carried from table to table."""

    receipt: Receipt
    vocabulary: frozenset[str]
    suppressed: frozenset[str]
    progress: Progress
    mentioned: set[str] = field(default_factory=set)  # what is suppressed and was found
    referenced: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[Place, set[Key]] = field(default_factory=_no_keys)
    offered: dict[Place, set[Key]] = field(default_factory=_no_keys)
    rejected_keys: dict[Place, set[Key]] = field(default_factory=_no_keys)
    suppressed_keys: dict[Place, set[Key]] = field(default_factory=_no_keys)
    damaged: set[str] = field(default_factory=set)  # tables some of whose keys are not known
    trusted: frozenset[str] = frozenset()

    def places(self, names: Iterable[str]) -> list[Place]:
        """Return what others refer to in the tables of these names."""
        return [(name, columns) for name in names for columns in self.referenced[name]]

    def mapping(self, source: SourceTable) -> RowMapping:
        """Return the metadata of a table, compiled."""
        readers = {DATATYPE + name: read for name, read in identifiers.DATATYPES.items()}
        return compile_mapping(source.table, readers, self.vocabulary, (SCHEME, ONTOLOGY))


def _file_name(resource: str) -> str:
    return resource.rpartition("/")[2]


def _targets(source: SourceTable) -> set[str]:
    """Return the names of the files that a table refers to."""
    return {_file_name(key.resource) for key in source.table.foreign_keys}


def _note_references(tables: list[SourceTable], state: _State) -> None:
    for source in tables:
        for key in source.table.foreign_keys:
            name = _file_name(key.resource)
            state.referenced[name].add(key.reference)
            for target in tables:
                if target.file_name == name and set(key.reference) - set(target.table.header):
                    column = ", ".join(key.reference)
                    raise ProjectError(f"{source.name}: foreign key to {name}: no column {column}")


def _in_order_of_references(tables: list[SourceTable]) -> list[list[SourceTable]]:
    """Return the tables after those that they refer to; those of a circle stand together.

    What a table reaches by references, itself included, is more than what its targets reach.
    """
    reached = {source.file_name: {source.file_name} for source in tables}
    for _ in reached:
        for source in tables:
            for name in _targets(source) & set(reached):
                reached[source.file_name] |= reached[name]
    order = {name: (len(names), sorted(names)) for name, names in reached.items()}
    keyed = sorted(tables, key=lambda source: (order[source.file_name], source.name))
    return [list(group) for _, group in groupby(keyed, lambda source: order[source.file_name])]


def _settle(circle: list[SourceTable], state: _State) -> None:
    """Find the keys of tables that refer to each other, before any of their rows is loaded.

    All their references are trusted at first; rows whose target falls out then fall out in turn,
    until none does.
    """
    names = frozenset(source.file_name for source in circle)
    if not any(_targets(source) & names for source in circle):
        return
    trusted, before = names, -1
    while True:
        trial = replace(
            state,
            receipt=Receipt(),
            progress=lambda name, rows: None,
            offered=_no_keys(),
            trusted=trusted,
        )
        for source in circle:
            deque(_load_table(source, trial), maxlen=0)
        state.keys.update({place: trial.offered[place] for place in state.places(names)})
        count = sum(map(len, trial.offered.values()))
        if count == before:
            return
        trusted, before = frozenset(), count


def _load_table(source: SourceTable, state: _State) -> Iterator[str]:
    counts = TableReceipt(source.name)
    state.receipt.tables.append(counts)
    found: list[Problem] = []

    def report(problem: Problem) -> None:
        found.append(problem)
        state.damaged.add(source.file_name)
        lost = problem.rule in _LOST_ROWS
        counts.rows += lost
        counts.rejected += lost

    map_row = state.mapping(source)
    checks = _Checks(source, state)
    for line, cells in sources.read_rows(source, report):
        counts.rows += 1
        if counts.rows % _STEP == 0:
            state.progress(source.name, counts.rows)
        lines, values, faults = map_row(cells)
        problems, suppressed = checks.references(line, values)
        mentioned = state.suppressed and _mentioned(lines, state.suppressed)
        if suppressed or mentioned:
            state.mentioned.update(mentioned)
            checks.note(values, state.suppressed_keys)
            counts.suppressed += 1
            counts.rejected += 1
            continue
        problems += [_problem(source, line, fault, state) for fault in faults]
        found += problems
        if not all(problem.is_warning for problem in problems):
            checks.note(values, state.rejected_keys)
            if any(values[position] is None for position in checks.primary):
                state.damaged.add(source.file_name)
            counts.rejected += 1
        elif checks.is_new(line, values):
            checks.note(values, state.offered)
            counts.accepted += 1
            counts.triples += len(lines)
            yield from lines
    merged, duplicates = checks.compare_duplicates()
    counts.merged += merged
    counts.rejected += len(duplicates)
    if duplicates:
        state.damaged.add(source.file_name)
    state.receipt.problems += found + duplicates


def _mentioned(lines: list[str], iris: frozenset[str]) -> frozenset[str]:
    return iris.intersection(iri for line in lines for iri in _IRIS.findall(line))


def _problem(source: SourceTable, line: int, fault: Fault, state: _State) -> Problem:
    name, rule, detail = source.table.header[fault.column], fault.rule, fault.detail
    if rule == "unknown-code":
        template = next(c.value or "" for c in source.table.columns if c.name == name)
        rule, detail = _find_codes(fault.value, template.partition("{")[0], state.vocabulary)
    return Problem(source.name, line, name, fault.value, rule, detail)


@lru_cache(maxsize=1000)
def _find_codes(value: str, base: str, vocabulary: frozenset[str]) -> tuple[str, str]:
    """Return the codes that look most like one that is unknown, or else the first ones."""
    codes = sorted(iri.removeprefix(base) for iri in vocabulary if iri.startswith(base))
    codes = [code for code in codes if code and "/" not in code]
    if close := difflib.get_close_matches(value, codes, 3, 0.5):
        return "unknown-code", ", ".join(close)
    return "no-such-code", ", ".join(codes[:8]) + (" …" if codes[8:] else "")


class _Checks:
    """What the rows of one table must respect beyond their own cells."""

    def __init__(self, source: SourceTable, state: _State) -> None:
        self.source, self.state = source, state
        header, table = source.table.header, source.table
        self.primary = [header.index(name) for name in table.primary_key]
        self.foreign = [
            (
                [header.index(name) for name in key.columns],
                (_file_name(key.resource), key.reference),
            )
            for key in table.foreign_keys
        ]
        self.offered = [
            (place, [header.index(name) for name in place[1]])
            for place in state.places([source.file_name])
        ]
        self.lines: dict[Key, int] = {}
        self.duplicates: list[tuple[int, int]] = []

    def references(self, line: int, values: Values) -> tuple[list[Problem], bool]:
        """Return the references of a row without target, and whether one is to a suppressed row."""
        problems, suppressed, state = [], False, self.state
        for positions, place in self.foreign:
            key = tuple(values[i] or "" for i in positions)
            if any(key) and key in state.suppressed_keys[place]:
                suppressed = True
            elif any(key) and place[0] not in state.trusted and key not in state.keys[place]:
                lost = place[0] in state.damaged or key in state.rejected_keys[place]
                rule = "rejected-reference" if lost else "dangling-reference"
                column, text = self.source.table.header[positions[0]], ", ".join(key)
                problems.append(Problem(self.source.name, line, column, text, rule, place[0]))
        return problems, suppressed

    def note(self, values: Values, keys: dict[Place, set[Key]]) -> None:
        """Note the keys by which other rows may refer to this one."""
        for place, positions in self.offered:
            keys[place].add(tuple(values[i] or "" for i in positions))

    def is_new(self, line: int, values: Values) -> bool:
        """Return whether no earlier row has the key of this one; note it down if one has."""
        if not self.primary:
            return True
        key = tuple(values[i] or "" for i in self.primary)
        first = self.lines.setdefault(key, line)
        if first != line:
            self.duplicates.append((first, line))
        return first == line

    def compare_duplicates(self) -> tuple[int, list[Problem]]:
        """Return how many rows repeat an earlier row, and those that contradict it."""
        if not self.duplicates:
            return 0, []
        wanted = {line for pair in self.duplicates for line in pair}
        rows = {
            line: cells
            for line, cells in sources.read_rows(self.source, lambda problem: None)
            if line in wanted
        }
        names = ", ".join(self.source.table.primary_key)
        problems = []
        for first, line in self.duplicates:
            if rows[first] != rows[line]:
                key = ", ".join(rows[line][i] for i in self.primary)
                found = Problem(self.source.name, line, names, key, "duplicate-key", str(first))
                problems.append(found)
        return len(self.duplicates) - len(problems), problems

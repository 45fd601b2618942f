"""From tables to N-Quads lines: every row is accepted, merged or rejected, and nothing else.

Tables are read in the order of their references, one row at a time; what is kept of them is the
sets of their keys.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from graphlib import CycleError, TopologicalSorter

from ptce_graph import identifiers, sources
from ptce_graph.errors import Problem, ProjectError
from ptce_graph.mapping import RowMapping, Values, compile_mapping
from ptce_graph.namespaces import DATATYPE, ONTOLOGY, SCHEME
from ptce_graph.project import Project
from ptce_graph.sources import SourceTable

Key = tuple[str, ...]
Progress = Callable[[str, int], None]
_STEP = 5_000
_SUBJECT = re.compile(r"<([^>]*)>")


@dataclass(slots=True)
class TableReceipt:
    """What became of the rows of one table; rows = accepted + merged + rejected.

    Attributes:
        rows: rows of the file, without its header and its empty lines.
        accepted: rows that are in the graph.
        merged: rows that say once more what an earlier row of the same key says.
        rejected: rows that are not in the graph, those in the list of suppressions included.
        suppressed: how many of the rejected are rejected by that list alone.
        triples: lines made from the accepted rows.
    """

    name: str
    rows: int = 0
    accepted: int = 0
    merged: int = 0
    rejected: int = 0
    suppressed: int = 0
    triples: int = 0


@dataclass(slots=True)
class Receipt:
    """What became of all the rows of a project, and what is wrong with them."""

    tables: list[TableReceipt] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """The problems for which a row or a table was rejected."""
        return [problem for problem in self.problems if not problem.is_warning]

    def total(self, name: str = "") -> TableReceipt:
        """Return the sums over all tables."""
        counts = [asdict(table) for table in self.tables]
        fields = ("rows", "accepted", "merged", "rejected", "suppressed", "triples")
        return TableReceipt(name, *(sum(count[key] for count in counts) for key in fields))

    def as_dict(self, language: str = "en") -> dict[str, object]:
        """Return the receipt as a value for JSON."""
        return {
            "tables": [asdict(table) for table in self.tables],
            "total": asdict(self.total("total")),
            "problems": [
                {
                    **asdict(problem),
                    "severity": "warning" if problem.is_warning else "error",
                    "text": problem.describe(language),
                }
                for problem in self.problems
            ],
        }


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
    state = _State(receipt, vocabulary, _read_suppressed(project), progress)
    for source in tables:
        for key in source.table.foreign_keys:
            state.referenced[_file_name(key.resource)].add(key.reference)
    ordered = _in_order_of_references(tables)
    for position, source in enumerate(ordered):
        later = {other.file_name for other in ordered[position:]}
        targets = {_file_name(key.resource) for key in source.table.foreign_keys} & later
        for other in ordered[position:]:
            if other.file_name in targets:
                _add_keys(other, state)
        yield from _load_table(source, state)
    receipt.tables.sort(key=lambda table: table.name)
    receipt.problems.sort(key=lambda problem: (problem.path, problem.line))


@dataclass(slots=True)
class _State:
    """What is carried from table to table."""

    receipt: Receipt
    vocabulary: frozenset[str]
    suppressed: frozenset[str]
    progress: Progress
    referenced: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[tuple[str, Key], set[Key]] = field(default_factory=lambda: defaultdict(set))
    suppressed_keys: dict[tuple[str, Key], set[Key]] = field(
        default_factory=lambda: defaultdict(set)
    )

    def mapping(self, source: SourceTable) -> RowMapping:
        """Return the compiled metadata of a table."""
        readers = {DATATYPE + name: read for name, read in identifiers.DATATYPES.items()}
        return compile_mapping(source.table, readers, self.vocabulary, (SCHEME, ONTOLOGY))


def _read_suppressed(project: Project) -> frozenset[str]:
    path = project.suppressed
    if not path.is_file():
        return frozenset()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return frozenset(row["iri"].strip() for row in csv.DictReader(file))
    except (KeyError, AttributeError, UnicodeDecodeError, csv.Error) as error:
        raise ProjectError(f"{path}: cannot be read (its first column must be iri)") from error


def _file_name(resource: str) -> str:
    return resource.rpartition("/")[2]


def _in_order_of_references(tables: list[SourceTable]) -> list[SourceTable]:
    graph = {
        source.file_name: {_file_name(key.resource) for key in source.table.foreign_keys}
        - {source.file_name}
        for source in tables
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError:
        order = sorted(graph)
    return sorted(tables, key=lambda source: (order.index(source.file_name), source.name))


def _positions(source: SourceTable, columns: Key) -> list[int]:
    return [source.table.header.index(name) for name in columns]


def _add_keys(source: SourceTable, state: _State) -> None:
    """Read the keys of a table that refers to itself, or that is in a circle of references."""
    columns = state.referenced[source.file_name]
    for _, cells in sources.read_rows(source, lambda problem: None):
        for names in columns:
            key = tuple(cells[i] for i in _positions(source, names))
            state.keys[source.file_name, names].add(key)


def _load_table(source: SourceTable, state: _State) -> Iterator[str]:
    counts = TableReceipt(source.name)
    state.receipt.tables.append(counts)
    found: list[Problem] = []
    map_row = state.mapping(source)
    checks = _Checks(source, state)
    for line, cells in sources.read_rows(source, found.append):
        counts.rows += 1
        if counts.rows % _STEP == 0:
            state.progress(source.name, counts.rows)
        lines, values, faults = map_row(cells)
        for fault in faults:
            detail = fault.detail or _closest(fault.value, state, source, fault.column)
            column = source.table.header[fault.column]
            found.append(Problem(source.name, line, column, fault.value, fault.rule, detail))
        problems, suppressed = checks.references(line, values)
        found += problems
        if suppressed or (state.suppressed and _mentions(lines, state.suppressed)):
            checks.suppress(values)
            counts.suppressed += 1
            counts.rejected += 1
        elif problems or (faults and not lines):
            counts.rejected += 1
        elif checks.is_new(line, values):
            checks.accept(values)
            counts.accepted += 1
            counts.triples += len(lines)
            yield from lines
    ragged = sum(problem.rule == "ragged-row" for problem in found)
    counts.rows += ragged
    counts.rejected += ragged
    merged, duplicates = checks.compare_duplicates()
    counts.merged += merged
    counts.rejected += len(duplicates)
    state.receipt.problems += found + duplicates


def _mentions(lines: list[str], iris: frozenset[str]) -> bool:
    return any(iri in iris for line in lines for iri in _SUBJECT.findall(line))


def _closest(value: str, state: _State, source: SourceTable, column: int) -> str:
    """Return the codes that look most like a code that is unknown, or the first ones."""
    template = next(c.value for c in source.table.columns if c.name == source.table.header[column])
    base = (template or "").partition("{")[0]
    codes = sorted(iri.removeprefix(base) for iri in state.vocabulary if iri.startswith(base))
    codes = [code for code in codes if "/" not in code]
    close = difflib.get_close_matches(value, codes, 3, 0.5) or codes[:8]
    return ", ".join(close)


class _Checks:
    """What the rows of one table must respect beyond their own cells."""

    def __init__(self, source: SourceTable, state: _State) -> None:
        self.source, self.state = source, state
        table = source.table
        self.primary = _positions(source, table.primary_key)
        self.foreign = [
            (_positions(source, key.columns), _file_name(key.resource), key.reference)
            for key in table.foreign_keys
        ]
        self.offered = [
            (names, _positions(source, names)) for names in state.referenced[source.file_name]
        ]
        self.lines: dict[Key, int] = {}
        self.duplicates: list[tuple[int, int]] = []

    def references(self, line: int, values: Values) -> tuple[list[Problem], bool]:
        """Return the references of a row without target, and whether one is to a suppressed row."""
        problems = []
        suppressed = False
        for positions, target, names in self.foreign:
            key = tuple(values[i] or "" for i in positions)
            if not any(key) or key in self.state.keys[target, names]:
                continue
            if key in self.state.suppressed_keys[target, names]:
                suppressed = True
                continue
            column = self.source.table.header[positions[0]]
            text = ", ".join(key)
            problems.append(
                Problem(self.source.name, line, column, text, "dangling-reference", target)
            )
        return problems, suppressed

    def is_new(self, line: int, values: Values) -> bool:
        """Return whether no earlier row has the key of this one; note it down if one has."""
        if not self.primary:
            return True
        key = tuple(values[i] or "" for i in self.primary)
        first = self.lines.setdefault(key, line)
        if first != line:
            self.duplicates.append((first, line))
        return first == line

    def accept(self, values: Values) -> None:
        """Offer the keys of a row to the references of other tables."""
        for names, positions in self.offered:
            key = tuple(values[i] or "" for i in positions)
            self.state.keys[self.source.file_name, names].add(key)

    def suppress(self, values: Values) -> None:
        """Note that references to this row lead to what must not be published."""
        for names, positions in self.offered:
            key = tuple(values[i] or "" for i in positions)
            self.state.suppressed_keys[self.source.file_name, names].add(key)
            self.state.keys[self.source.file_name, names].discard(key)

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
        names = [self.source.table.header[i] for i in self.primary]
        problems = [
            Problem(
                self.source.name,
                line,
                ", ".join(names),
                ", ".join(rows[line][i] for i in self.primary),
                "duplicate-key",
                str(first),
            )
            for first, line in self.duplicates
            if rows[first] != rows[line]
        ]
        return len(self.duplicates) - len(problems), problems

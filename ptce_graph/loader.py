"""From tables to N-Quads lines: every row is accepted, merged or rejected, and nothing else.

Tables are read in the order of their references, a part of a file at a time, on several cores
where there are; what is kept of them is the sets of their keys. Parts of which nothing is wrong
are taken whole, the others row by row.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import re
import sys
from bisect import bisect
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, groupby, islice
from mmap import mmap

from ptce_graph import sources
from ptce_graph.columns import Names
from ptce_graph.errors import CONSEQUENCES, Problem, ProjectError
from ptce_graph.partition import Job, Mapped, map_columns, map_rows, map_together
from ptce_graph.project import Project
from ptce_graph.receipt import Receipt, TableReceipt
from ptce_graph.sources import Irregular, Layout, Part, SourceTable

Progress = Callable[[str, int], None]
_ROWS = 1_000
_AHEAD = 4
_WORTH = 16
_TEXT = 1 << 24
"""Bytes that the text of a part may have in shared memory, which is taken as it is filled."""

_IRIS = re.compile(rb"<([^>]*)>")
_LOST_ROWS = {"ragged-row", "stray-quote", "unclosed-quote"}


def load(
    project: Project,
    receipt: Receipt,
    vocabulary: frozenset[str],
    progress: Progress = lambda name, rows: None,
    cores: int | None = None,
    engine: Engine | None = None,
    part_size: int = sources.PART,
) -> Iterator[bytes]:
    """Yield the N-Quads of the tables of a project, some lines at a time, and fill the receipt.

    Args:
        project: where the tables are.
        receipt: filled while lines are yielded, complete when they end.
        vocabulary: IRIs that the ontology and its schemes declare; others of their namespaces
            are unknown codes.
        progress: called with the name of a table and the number of its rows read so far.
        cores: how many processes to use, by default all cores where processes can be forked;
            the result does not depend on it.
        engine: what packs the parts of the tables elsewhere, in place of processes.
        part_size: bytes of a part; the result does not depend on it either.
    """
    tables = sources.find_tables(project, receipt.problems.append)
    state = _State(receipt, vocabulary, sources.read_suppressed(project), progress)
    state.offered = state.keys
    state.damaged |= {_file_name(problem.path) for problem in receipt.problems}
    _note_references(tables, state)
    circles = [
        [Described.read(source, state, part_size) for source in circle]
        for circle in _in_order_of_references(tables)
    ]
    with ExitStack() as stack:
        described = list(chain(*circles))
        packed = (
            engine(described) if engine else _pack_ahead(described, cores or usable_cores(), stack)
        )
        for circle in circles:
            _settle(circle, state)
            for table in circle:
                yield from _load_table(table, state, packed)
    for iri in sorted(state.suppressed - state.mentioned):
        problem = Problem(project.suppressed.name, 0, "iri", iri, "nothing-suppressed")
        receipt.problems.append(problem)
    receipt.tables.sort(key=lambda table: table.name)
    receipt.problems.sort(key=lambda p: (p.rule in CONSEQUENCES, p.path, p.line))


def usable_cores() -> int:
    """Return how many cores a process may use by forking."""
    if sys.platform != "linux":  # elsewhere a process starts anew, and would run the caller again
        return 1
    return len(os.sched_getaffinity(0))


Place = tuple[str, Names]
"""A table, by the name of its file, and the columns of it that others refer to."""


def _no_keys() -> dict[Place, set[str]]:
    return defaultdict(set)


@dataclass(slots=True)
class _State:
    """What is carried from table to table."""

    receipt: Receipt
    vocabulary: frozenset[str]
    suppressed: frozenset[str]
    progress: Progress
    mentioned: set[str] = field(default_factory=set)  # what is suppressed and was found
    referenced: dict[str, set[Names]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[Place, set[str]] = field(default_factory=_no_keys)
    offered: dict[Place, set[str]] = field(default_factory=_no_keys)
    rejected_keys: dict[Place, set[str]] = field(default_factory=_no_keys)
    suppressed_keys: dict[Place, set[str]] = field(default_factory=_no_keys)
    damaged: set[str] = field(default_factory=set)  # tables some of whose keys are not known
    trusted: frozenset[str] = frozenset()

    def places(self, names: Iterable[str]) -> list[Place]:
        """Return what others refer to in the tables of these names."""
        return [(name, columns) for name in names for columns in self.referenced[name]]


@dataclass(frozen=True, slots=True)
class Described:
    """A table to load: its job, how its file stands, and what was wrong with it before any row."""

    source: SourceTable
    job: Job
    layout: Layout
    problems: list[Problem]

    @classmethod
    def read(cls, source: SourceTable, state: _State, part_size: int) -> Described:
        """Look at a table, and compile its metadata."""
        offered = tuple(sorted(state.referenced[source.file_name]))
        job = Job(source.name, source.table, state.vocabulary, offered)
        job.mapping  # noqa: B018 (its errors are told before anything is written)
        problems: list[Problem] = []
        layout = sources.find_layout(source, problems.append, part_size)
        return cls(source, job, layout or Layout(0, 0, (), ()), problems)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of its file that are read, each by itself."""
        return self.layout.parts


@dataclass(frozen=True, slots=True)
class Packed:
    """A part of a table of which no row is wrong in itself: its text, and what is to be compared.

    Attributes:
        lines: for each row, its line in the file.
        text: N-Quads of all rows.
        triples: their number.
        keys: for the columns of each key of its job, the keys of all rows, none of the primary
            key standing twice.
    """

    lines: Sequence[int]
    text: bytes
    triples: int
    keys: dict[Names, set[str]]


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


Engine = Callable[[list[Described]], Iterator[Packed | Mapped | Part]]
"""What packs all parts of some tables, in their order, wherever that is done."""


def pack(table: Described, part: Part) -> Packed | Mapped | Part:
    """Map a part of a table; return its text if no row is wrong in itself, else row by row.

    Rows that cannot be read all in one are not mapped: what is returned is to be read one by one.
    """
    try:
        with _without_collection():
            lines, columns = sources.read_part(table.source, table.layout, part)
    except Irregular as error:
        return Part(part.start, None, part.line) if error.to_the_end else part
    together = map_together(table.job, lines, columns)
    if together is None:
        return map_columns(table.job, lines, columns)
    text, triples, keys = together
    primary = table.source.table.primary_key
    if primary and len(keys[primary]) < len(lines):
        return map_columns(table.job, lines, columns)
    return Packed(lines, text, triples, keys)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Make thousands of lists at a time, none of which refers to itself."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Crew:
    """What processes that pack parts share: the tables, and memory for the texts of parts."""

    tables: list[Described]
    memory: list[mmap]

    def pack(self, number: int, part: Part, place: int) -> tuple[Packed | Mapped | Part, int]:
        """Pack a part; leave its text in the memory of that place, and say how long it is."""
        made = pack(self.tables[number], part)
        if not isinstance(made, Packed) or len(made.text) > _TEXT:
            return made, 0
        self.memory[place][: len(made.text)] = made.text
        return replace(made, text=b""), len(made.text)


_crew: list[_Crew] = []
"""What is shared, in a process that packs parts."""


def _pack_job(number: int, part: Part, place: int) -> tuple[Packed | Mapped | Part, int]:
    return _crew[0].pack(number, part, place)


def _pack_ahead(
    tables: list[Described], cores: int, stack: ExitStack
) -> Iterator[Packed | Mapped | Part]:
    """Yield what becomes of each part of each table, in order, made by several processes."""
    todo = [(n, part) for n, table in enumerate(tables) for part in table.parts]
    if cores < 2 or len(todo) < len(tables) + _WORTH:
        yield from (pack(tables[number], part) for number, part in todo)
        return
    ahead = _AHEAD * cores
    crew = _Crew(tables, [mmap(-1, _TEXT) for _ in range(ahead + 1)])
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(cores, context, _crew.append, (crew,))
    stack.callback(pool.shutdown, cancel_futures=True)
    waiting: deque[Future[tuple[Packed | Mapped | Part, int]]] = deque()
    for count, job in enumerate([*todo, *[None] * ahead]):
        if job:
            waiting.append(pool.submit(_pack_job, *job, count % len(crew.memory)))
        if count >= ahead:
            first = count - ahead
            try:
                made, size = waiting.popleft().result()
            except BrokenProcessPool:  # a process was killed: its work is done here
                made, size = pack(tables[todo[first][0]], todo[first][1]), 0
            if size and isinstance(made, Packed):
                made = replace(made, text=crew.memory[first % len(crew.memory)][:size])
            yield made


def _settle(circle: list[Described], state: _State) -> None:
    """Find the keys of tables that refer to each other, before any of their rows is loaded.

    All their references are trusted at first; rows whose target falls out then fall out in turn,
    until none does.
    """
    names = frozenset(table.source.file_name for table in circle)
    if not any(_targets(table.source) & names for table in circle):
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
        for table in circle:
            packed = (pack(table, part) for part in table.parts)
            deque(_load_table(table, trial, packed), maxlen=0)
        state.keys.update({place: trial.offered[place] for place in state.places(names)})
        count = sum(map(len, trial.offered.values()))
        if count == before:
            return
        trusted, before = frozenset(), count


def _load_table(
    table: Described, state: _State, packed: Iterator[Packed | Mapped | Part]
) -> Iterator[bytes]:
    """Yield the lines of the rows that are accepted, given what became of each part."""
    loading = _Loading(table, state)
    for part in table.parts:
        made = next(packed)
        if loading.ended:
            continue
        if isinstance(made, Packed) and loading.takes(made):
            yield made.text
        elif isinstance(made, Part):
            for mapped in loading.read_one_by_one(made):
                yield loading.take_one_by_one(mapped)
        else:
            if isinstance(made, Packed):
                made = _map(table, part)
            yield loading.take_one_by_one(made)
        state.progress(table.source.name, loading.counts.rows)
    loading.end()


def _map(table: Described, part: Part) -> Mapped:
    return map_columns(table.job, *sources.read_part(table.source, table.layout, part))


class _Loading:
    """One table while it is loaded: what its rows must respect beyond their own cells."""

    def __init__(self, table: Described, state: _State) -> None:
        self.table, self.source, self.state = table, table.source, state
        self.primary = self.source.table.primary_key
        self.foreign = [
            (key.columns, (_file_name(key.resource), key.reference))
            for key in self.source.table.foreign_keys
        ]
        self.offered = state.places([self.source.file_name])
        self.counts = TableReceipt(self.source.name)
        self.found: list[Problem] = []
        self.seen: set[str] = set()
        self.lines: dict[str, int] = {}  # of rows that were taken one by one
        self.whole: list[tuple[int, int]] = []  # first and last line of parts taken whole
        self.duplicates: list[tuple[int | None, int, str]] = []
        self.ended = False
        state.receipt.tables.append(self.counts)
        for problem in table.problems:
            self.report(problem)

    def report(self, problem: Problem) -> None:
        """Note what cannot be read."""
        self.found.append(problem)
        self.state.damaged.add(self.source.file_name)
        lost = problem.rule in _LOST_ROWS
        self.counts.rows += lost
        self.counts.rejected += lost

    def read_one_by_one(self, part: Part) -> Iterator[Mapped]:
        """Map rows that cannot be read together; those that cannot be read at all are reported."""
        self.ended = part.size is None
        rows = sources.read_rows(self.source, self.report, self.table.layout, part)
        while some := list(islice(rows, _ROWS)):
            yield map_rows(self.table.job, some)

    def takes(self, packed: Packed) -> bool:
        """Accept all the rows of a part, if none is suppressed, repeated or without a target."""
        state = self.state
        for names, place in self.foreign:
            wanted = packed.keys[names]
            gone = state.suppressed_keys.get(place)
            if gone and not wanted.isdisjoint(gone):
                return False
            if place[0] not in state.trusted and not wanted <= state.keys[place]:
                missing = wanted - state.keys[place]
                if any(key.strip("\0") for key in missing):
                    return False
        if state.suppressed and mentioned_in(packed.text, state.suppressed):
            return False
        if self.primary and packed.lines:
            keys = packed.keys[self.primary]
            if not self.seen.isdisjoint(keys):
                return False
            self.seen |= keys
            self.whole.append((packed.lines[0], packed.lines[-1]))
        for place in self.offered:
            state.offered[place].update(packed.keys[place[1]])
        self.counts.rows += len(packed.lines)
        self.counts.accepted += len(packed.lines)
        self.counts.triples += packed.triples
        return True

    def take_one_by_one(self, mapped: Mapped) -> bytes:
        """Accept, merge or reject each of some rows, and return the lines of those accepted."""
        return b"".join(
            text
            for place, line in enumerate(mapped.lines)
            if (text := self._take(mapped, place, line))
        )

    def _take(self, mapped: Mapped, place: int, line: int) -> bytes:
        self.counts.rows += 1
        text = mapped.texts[place].encode()
        problems, suppressed = self._references(mapped, place, line)
        mentioned = self.state.suppressed and mentioned_in(text, self.state.suppressed)
        if suppressed or mentioned:
            self.state.mentioned.update(mentioned)
            self._note(mapped, place, self.state.suppressed_keys)
            self.counts.suppressed += 1
            self.counts.rejected += 1
            return b""
        problems += mapped.problems.get(place, [])
        self.found += problems
        if not all(problem.is_warning for problem in problems):
            self._note(mapped, place, self.state.rejected_keys)
            if self.primary and "" in mapped.keys[self.primary][place].split("\0"):
                self.state.damaged.add(self.source.file_name)
            self.counts.rejected += 1
            return b""
        if self.primary:
            key = mapped.keys[self.primary][place]
            if key in self.seen:
                self.duplicates.append((self.lines.get(key), line, key))
                return b""
            self.seen.add(key)
            self.lines[key] = line
        self._note(mapped, place, self.state.offered)
        self.counts.accepted += 1
        self.counts.triples += text.count(b"\n")
        return text

    def _references(self, mapped: Mapped, place: int, line: int) -> tuple[list[Problem], bool]:
        """Return the references of a row without target, and whether one is to a suppressed row."""
        problems, suppressed, state = [], False, self.state
        for names, target in self.foreign:
            key = mapped.keys[names][place]
            if not key.strip("\0"):
                continue
            if key in state.suppressed_keys[target]:
                suppressed = True
            elif target[0] not in state.trusted and key not in state.keys[target]:
                lost = target[0] in state.damaged or key in state.rejected_keys[target]
                rule = "rejected-reference" if lost else "dangling-reference"
                name, text = names[0], _shown(key)
                problems.append(Problem(self.source.name, line, name, text, rule, target[0]))
        return problems, suppressed

    def _note(self, mapped: Mapped, place: int, keys: dict[Place, set[str]]) -> None:
        """Note the keys by which other rows may refer to this one."""
        for target in self.offered:
            keys[target].add(mapped.keys[target[1]][place])

    def end(self) -> None:
        """Compare rows that have the key of an earlier one, and fill the receipt."""
        contradictions = self._contradictions() if self.duplicates else []
        self.counts.merged += len(self.duplicates) - len(contradictions)
        self.counts.rejected += len(contradictions)
        if contradictions:
            self.state.damaged.add(self.source.file_name)
        self.state.receipt.problems += self.found + contradictions

    def _contradictions(self) -> list[Problem]:
        wanted = {n for first, line, _ in self.duplicates for n in (first, line)}
        unknown = {key for first, _, key in self.duplicates if first is None}
        places = [self.source.table.header.index(name) for name in self.primary]
        firsts: dict[str, int] = {}
        rows: dict[int, list[str]] = {}
        ignored: list[Problem] = []
        for line, cells in sources.read_rows(self.source, ignored.append, self.table.layout):
            if line in wanted:
                rows[line] = cells
            if unknown and self._was_taken_whole(line):
                values = self.table.job.mapping(cells)[1]
                key = "\0".join(values[i] or "" for i in places)
                if key in unknown:
                    firsts[key], rows[line] = line, cells
        found = []
        for known, line, key in self.duplicates:
            first = known or firsts[key]
            if rows[first] != rows[line]:
                name, names = self.source.name, ", ".join(self.primary)
                found.append(Problem(name, line, names, _shown(key), "duplicate-key", str(first)))
        return found

    def _was_taken_whole(self, line: int) -> bool:
        place = bisect(self.whole, (line, sys.maxsize)) - 1
        return place >= 0 and line <= self.whole[place][1]


def _shown(key: str) -> str:
    return key.replace("\0", ", ")


def mentioned_in(text: bytes, iris: frozenset[str]) -> frozenset[str]:
    """Return those of some IRIs that N-Quads mention."""
    return iris.intersection(iri.decode() for iri in _IRIS.findall(text))

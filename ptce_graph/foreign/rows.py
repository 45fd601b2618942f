"""The rows of one import on their way: each accepted, merged or rejected with its reason."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import IO

from ptce_graph import identifiers
from ptce_graph.errors import Invalid
from ptce_graph.foreign import columns, legal, normalise
from ptce_graph.foreign.columns import REJECTED_COLUMNS, fold
from ptce_graph.foreign.plan import Plan, Selection
from ptce_graph.foreign.reading import STEP, ForeignTable, Progress, Row
from ptce_graph.foreign.receipt import Import
from ptce_graph.foreign.request import Request
from ptce_graph.foreign.session import Reject, Session
from ptce_graph.foreign.tables import REJECTED, Values, read_own
from ptce_graph.foreign.texts import REASONS, ForeignError, say

_NUMBERS = {9: identifiers.siren, 14: identifiers.siret}


class Rows:
    """The rows of one import on their way."""

    def __init__(
        self,
        plan: Plan,
        table: ForeignTable,
        places: dict[str, list[int]],
        session: Session,
        receipt: Import,
        request: Request,
    ) -> None:
        self.plan, self.table, self.session, self.receipt = plan, table, session, receipt
        self.request = request
        self.fields = [
            (name, plan.kind.fields[name], places[name], plan.codes.get(name, {}))
            for name in plan.columns
        ]
        header = {name: i for i, name in reversed(list(enumerate(table.header)))}
        self.selection = Selection([(header[f.column], f) for f in plan.filters])
        self.shown = self._rejected_columns()
        self.extra = header.get(REJECTED_COLUMNS[0], -1)
        self.file = header.get(REJECTED_COLUMNS[1], -1) if self._is_rejected() else -1
        self.constants = self._constants()
        self._rejected: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self.has_extra = self.leave_rejected = False

    def _is_rejected(self) -> bool:
        """Return whether it is the rejected rows of the folder that are imported."""
        path = self.session.folder.path / REJECTED
        return path.resolve() == self.table.path.resolve()

    def keep_others(self) -> None:
        """Keep the rejected rows of other files that nobody corrected yet.

        Raises:
            ForeignError: they have other columns, and there are rows to reject.
        """
        path = self.session.folder.path / REJECTED
        if not path.is_file() or self.request.replace or self._is_rejected():
            return
        extra, file, reason = REJECTED_COLUMNS
        names = [self.table.header[position] for position in self.shown]
        header, rows = read_own(path)
        if [name for name in header if name not in REJECTED_COLUMNS] != names:
            if self.receipt.rejected:
                raise ForeignError(path, "other-rejected")
            self.leave_rejected = True
            return
        for cells in rows:
            if cells.get(file) == self.table.path.name:
                continue
            self.has_extra = self.has_extra or bool(cells.get(extra))
            kept = [cells[name] for name in names]
            line = [kept, cells.get(extra, ""), cells.get(file, ""), cells.get(reason, "")]
            self._rejected.write(json.dumps(line) + "\n")

    def _rejected_columns(self) -> list[int]:
        """Return the columns of rejected.csv: without those about persons, of a mapping its own."""
        wanted = {fold(name) for name in self.plan.wanted()}
        apart = set() if self.request.personal else columns.private_names(self.table.header)
        shown = []
        for position, name in enumerate(self.table.header):
            used = fold(name) in wanted
            if used or (self.plan.recognise and name not in {*apart, *REJECTED_COLUMNS}):
                shown.append(position)
        return shown

    def _constants(self) -> Values:
        found = {}
        for name, value in self.plan.constants.items():
            read_as = self.plan.kind.fields[name]
            try:
                found[name] = self.session.normal(read_as, name, value) if read_as else value
            except Reject as error:
                text = say(REASONS, error.rule, "en", *error.details)
                french = say(REASONS, error.rule, "fr", *error.details)
                raise ForeignError("--set", "bad-value", (text, french)) from None
        return found

    def take_all(self, progress: Progress) -> None:
        """Put each row where it belongs, and count it."""
        used = {p for _, _, places, _ in self.fields for p in places}
        used |= {position for position, _ in self.selection.conditions}
        outcomes = self.receipt.outcomes
        for number, row in enumerate(self.table.rows(used), 1):
            if number % STEP == 0:
                progress(self.table.path.name, number)
            if row.left_out:
                outcomes[row.left_out] += 1
                continue
            if not row.fault and not self.selection.keeps(row.cells):
                outcomes["not-selected"] += 1
                continue
            self.session.mark()
            try:
                outcomes[self._take(row)] += 1
                self.receipt.found.update(self.session.remarks)
            except Reject as error:
                self.session.folder.undo()
                self._reject(row, error)
        self.receipt.unmet = self.table.unmet or self.selection.unmet

    def _take(self, row: Row) -> str:
        if row.fault:
            raise Reject(*row.fault)
        if self.extra >= 0 and row.cells[self.extra]:
            width = len(self.shown)
            raise Reject("ragged-row", f"> {width}", width)
        values = dict(self.constants)
        originals = []
        for name, read_as, places, codes in self.fields:
            for position in places:
                text = normalise.clean(row.cells[position])
                if text:
                    values[name] = self._read_leniently(name, read_as, codes, text, position)
                    originals.append((name, text, values[name]))
                    break
        session = self.session
        if not self.request.personal and _is_person(values):
            return "natural-person"
        session.about, session.resolved = ("", ""), {}
        outcome = self.plan.kind.take(session, values)
        for name, text, value in originals:
            found = session.resolved.get(name, value)
            if found != text and session.about[0]:
                session.keep(*session.about, name, text, found)
        return outcome

    def _read_leniently(
        self, name: str, read_as: str, codes: dict[str, str], text: str, position: int
    ) -> str:
        try:
            return self._read(name, read_as, codes, text, position)
        except Reject:
            if name not in self.plan.lenient:
                raise
            self.session.remarks.add("left-blank")
            return ""

    def _read(
        self, name: str, read_as: str, codes: dict[str, str], text: str, position: int
    ) -> str:
        header = self.table.header[position]
        try:
            normalise.check_cell(text)
        except Invalid as error:
            raise Reject(error.rule, header, text, error.detail) from None
        value = codes.get(fold(text), text) if codes else text
        if read_as and value:
            value = self.session.normal(read_as, header, value)
            if value and read_as in ("siren", "siret") and _NUMBERS[len(value)](value).warning:
                self.session.remarks.add("check-digit")
            if read_as == "text" and value != text and not codes:
                self.session.remarks.add("personal-text")
        for more in self.plan.normalise.get(name, ()):
            if value:
                value = self.session.normal(more, header, value)
        return value

    def _reject(self, row: Row, error: Reject) -> None:
        self.receipt.reasons[error.rule] += 1
        reason = say(REASONS, error.rule, self.request.language, *error.details)
        extra = self.table.decided.get("delimiter", ";")
        rest = str(extra).join(row.extra)
        if self.extra >= 0:
            rest = rest or row.cells[self.extra]
        self.has_extra = self.has_extra or bool(rest)
        cells = [row.cells[position] for position in self.shown]
        if not self.request.personal:
            cells, rest = (
                list(map(normalise.without_personal, cells)),
                normalise.without_personal(rest),
            )
        name = row.cells[self.file] if self.file >= 0 else self.table.path.name
        self._rejected.write(json.dumps([cells, rest, name, reason]) + "\n")

    def rejected_header(self) -> list[str]:
        """Return the columns of rejected.csv."""
        extra, file, reason = REJECTED_COLUMNS
        names = [self.table.header[position] for position in self.shown]
        return [*names, extra, file, reason] if self.has_extra else [*names, file, reason]

    def rejected_rows(self) -> Iterator[list[str]]:
        """Yield the rejected rows, each with its reason in the last column."""
        self._rejected.seek(0)
        for line in self._rejected:
            cells, extra, name, reason = json.loads(line)
            yield [*cells, extra, name, reason] if self.has_extra else [*cells, name, reason]

    def close(self) -> None:
        """Give the file beside back."""
        self._rejected.close()


def _is_person(values: Values) -> bool:
    """Return whether a row is about a natural person, by its legal form, its kind or its name."""
    said = [values[name] for name in ("kind", "legal_form") if values.get(name)]
    known = any(values.get(name) for name in ("siren", "siret", "rna")) or any(
        map(legal.by_words, said)
    )
    return any(map(legal.is_person, said)) or (
        not known and legal.is_person_name(values.get("name", ""))
    )

"""The receipt of an import: what was decided, what became of every row, what was written."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ptce_graph.foreign.reading import Notice
from ptce_graph.foreign.texts import NOTICES, RULES, SUMMARY, say

ACCEPTED, MERGED = ("new",), ("known-actor", "repeated")
LEFT_OUT = (
    "not-selected",
    "not-joined",
    "empty",
    "total",
    "note",
    "header-again",
    "natural-person",
    "undecided",
)


@dataclass(slots=True)
class Import:
    """What an import did; rows = accepted + merged + rejected.

    Attributes:
        notices: what was decided about the file and its columns, keys of NOTICES with details.
        outcomes: number of rows by what became of them: keys of RULES.
        reasons: number of rejected rows by key of REASONS.
        found: number of rows in which something was found, by key of RULES.
        tables: name of a table of the folder → its rows, and how many of them are new.
        changed: names of the files that were written; empty when nothing changed.
        candidates: pairs of actors that wait for a decision.
        mapping: the mapping, as TOML.
        dry: nothing was written.
        unmet: where no row was selected, the condition that none met, and what one has there.
    """

    path: str
    folder: str
    kind: str
    notices: list[Notice] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    tables: dict[str, tuple[int, int]] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    candidates: int = 0
    mapping: str = ""
    dry: bool = False
    unmet: tuple[object, str] | None = None

    @property
    def accepted(self) -> int:
        """Rows that are in the tables now and were not before."""
        return sum(self.outcomes[rule] for rule in ACCEPTED)

    @property
    def merged(self) -> int:
        """Rows that say what the tables say already."""
        return sum(self.outcomes[rule] for rule in MERGED)

    @property
    def rejected(self) -> int:
        """Rows that stand in rejected.csv with a reason."""
        return self.reasons.total()

    @property
    def rows(self) -> int:
        """Rows that were taken from the file."""
        return self.accepted + self.merged + self.rejected

    @property
    def left_out(self) -> int:
        """Rows that are no data or that a filter does not select."""
        return sum(self.outcomes[rule] for rule in LEFT_OUT)

    def decisions(self, language: str = "en") -> list[str]:
        """Return what was decided, a line each."""
        return [say(NOTICES, key, language, *details) for key, details in self.notices]

    def describe(self, language: str = "en") -> list[str]:
        """Return what became of the rows, a line each."""
        numbers = (self.rows, self.accepted, self.merged, self.rejected)
        sum_up = say(SUMMARY, "rows", language, *(_grouped(n, language) for n in numbers))
        lines = [_ONE[language == "fr"].sub(r"\1", sum_up)]
        for rule in (*ACCEPTED, *MERGED):
            lines += self._rule(rule, self.outcomes[rule], language)
        if self.left_out:
            lines.append(say(SUMMARY, "left-out", language, _grouped(self.left_out, language)))
            for rule in LEFT_OUT:
                lines += self._rule(rule, self.outcomes[rule], language)
        if self.unmet:
            lines.append(say(SUMMARY, "unmet", language, *self.unmet))
        if self.found:
            lines.append(say(SUMMARY, "remarks", language))
        for rule in sorted(self.found):
            lines += self._rule(rule, self.found[rule], language)
        lines.append(say(SUMMARY, "written", language))
        for name, (rows, new) in sorted(self.tables.items()):
            shown = (_grouped(rows, language), _grouped(new, language))
            lines.append(say(SUMMARY, "table", language, f"{self.folder}/{name}", *shown))
        if self.dry:
            lines.append(say(SUMMARY, "dry", language))
        elif not self.changed:
            lines.append(say(SUMMARY, "unchanged", language))
        if self.candidates:
            place = f"{self.folder}/candidates.csv"
            lines.append(say(SUMMARY, "candidates", language, self.candidates, place))
        if self.rejected and not self.dry:
            lines.append(say(SUMMARY, "rejected", language, f"{self.folder}/rejected.csv"))
        return lines

    @staticmethod
    def _rule(rule: str, number: int, language: str) -> list[str]:
        if not number:
            return []
        shown = (_grouped(number, language), say(RULES, rule, language))
        return [say(SUMMARY, "rule", language, *shown)]

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the receipt as a value for JSON."""
        return {
            "file": self.path,
            "folder": self.folder,
            "kind": self.kind,
            "decisions": self.decisions(language),
            "rows": self.rows,
            "accepted": self.accepted,
            "merged": self.merged,
            "rejected": self.rejected,
            "left_out": self.left_out,
            "outcomes": dict(sorted(self.outcomes.items())),
            "reasons": dict(sorted(self.reasons.items())),
            "found": dict(sorted(self.found.items())),
            "tables": {k: {"rows": r, "new": n} for k, (r, n) in sorted(self.tables.items())},
            "changed": self.changed,
            "candidates": self.candidates,
            "unmet": str(self.unmet[0]) if self.unmet else "",
            "dry_run": self.dry,
        }


_ONE = (
    re.compile(r"(?<![\d,])(1 row)s"),
    re.compile(r"(?<![\d\u202f])([01] (?:ligne|acceptée|fusionnée|rejetée))s"),
)
"""What is said in the singular: of one, and in French of none."""


def _grouped(number: int, language: str) -> str:
    return f"{number:,}".replace(",", "\u202f" if language == "fr" else ",")

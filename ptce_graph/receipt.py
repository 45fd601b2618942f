"""The receipt of a build: what became of every row, and what is wrong with the tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from ptce_graph.errors import Problem


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

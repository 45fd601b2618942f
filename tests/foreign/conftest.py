"""What the tests of imports share: a project to import into, and the two commands."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ptce_graph import Graph
from ptce_graph.foreign.delimited import unguarded
from ptce_graph.foreign.receipt import Import
from ptce_graph.project import Project


class Desk:
    """A project, and files that somebody sends."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project, self.folder = project, folder
        self.target = project.sources / "list"
        self.graph = Graph(project.root, "en")

    def file(self, content: str | bytes, name: str = "list.csv", encoding: str = "utf-8") -> Path:
        """Write a file that was sent."""
        path = self.folder / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    def take(self, sent: Path | str | bytes, kind: str = "organisations", **asked: Any) -> Import:
        """Import a file, or the text of one, and check that its receipt adds up."""
        path = sent if isinstance(sent, Path) else self.file(sent)
        receipt = self.graph.import_(path, asked.pop("target", self.target), kind=kind, **asked)
        assert receipt.rows == receipt.accepted + receipt.merged + receipt.rejected
        written = [r for r in self.rows("rejected.csv") if r["file"] == path.name]
        own = path.name == "rejected.csv"
        assert receipt.dry or receipt.rejected == len(self.rows(path.name) if own else written)
        assert receipt.describe("fr")
        return receipt

    def rows(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a file of the folder."""
        path = self.target / name
        if not path.is_file():
            return []
        mark = ";" if name in ("rejected.csv", "candidates.csv", "originals.csv") else ","
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = csv.DictReader(file, delimiter=mark)
            if mark == ",":
                return list(found)
            return [{name: unguarded(text) for name, text in row.items()} for row in found]

    def files(self) -> dict[str, bytes]:
        """Return what the folder holds."""
        return {path.name: path.read_bytes() for path in sorted(self.target.glob("*"))}


@pytest.fixture
def desk(tiny: Project, tmp_path: Path) -> Desk:
    """The small project, and a folder for files that somebody sends."""
    folder = tmp_path / "sent"
    folder.mkdir()
    return Desk(tiny, folder)


@pytest.fixture
def refused(desk: Desk) -> Callable[..., str]:
    """A function that imports what is to be refused, and returns the rule; nothing is written."""
    from ptce_graph.foreign.texts import ForeignError

    def refuse(source: Path | str | bytes, kind: str = "organisations", **asked: Any) -> str:
        path = source if isinstance(source, Path) else desk.file(source)
        with pytest.raises(ForeignError) as caught:
            desk.graph.import_(path, desk.target, kind=kind, **asked)
        assert not desk.target.exists()
        assert "\n" not in str(caught.value)
        assert caught.value.describe("fr") != str(caught.value)
        return caught.value.rule

    return refuse

"""docs/import.md takes a newcomer from a list to a picture: its commands run as they stand."""

import re
import shlex
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from ptce_graph import cli
from ptce_graph.foreign.mappings import read_plan

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def run(line: str) -> str:
    """Run a command and return what it printed."""
    result = CliRunner().invoke(cli.ptce, shlex.split(line)[1:], obj=cli.Settings())
    assert result.exit_code == 0, f"{line}\n{result.output}"
    return result.output


@pytest.mark.parametrize("name", ["import.md", "import.fr.md"])
def test_guide_leads_from_a_list_to_a_picture(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an empty folder with a list of members, each command of the guide works in its order."""
    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for row in (
        ["Adhérents 2024"],
        ["Nom de la structure", "SIRET", "Ville", "Mail"],
        ["Éole", None, "Tarnos", "x@example.org"],
        ["Foyer d'essai", None, "Tarnos", None],
        ["Foyer d'essai", None, "Tarnos", None],
        ["Mal tapé", 123, "Tarnos", None],
    ):
        sheet.append(row)
    book.save(tmp_path / "members.xlsx")
    text = (DOCS / name).read_text("utf-8")
    language = "fr" if name.endswith(".fr.md") else "en"
    lines = [
        line for kind, block in FENCE.findall(text) if kind == "sh" for line in block.split("\n")
    ]
    printed = ""
    folder = tmp_path / "graph" / "sources" / "members"
    for line in filter(None, lines):
        if "candidates.csv" in line:
            path = folder / "candidates.csv"
            filled = path.read_text("utf-8-sig").replace(";;;;", ";same;Zoé;2024-03-02;seat")
            path.write_text(filled, "utf-8")
        printed += run(f"{line} --lang {language}")
    assert "4 rows = 2 accepted" in printed or "4 lignes = 2 acceptées" in printed
    assert "Foyer d'essai" in (tmp_path / "network.html").read_text("utf-8")
    assert (folder / "identities.csv").is_file()


@pytest.mark.parametrize("name", ["import.md", "import.fr.md"])
def test_mapping_of_the_guide_is_one(name: str, tmp_path: Path) -> None:
    """The example of a mapping file is read as it stands."""
    blocks = dict(FENCE.findall((DOCS / name).read_text("utf-8")))
    path = tmp_path / "x.toml"
    path.write_text(blocks["toml"], "utf-8")
    assert read_plan(path).kind.name == "memberships"

"""What the documents promise is true: their commands run, their answers and numbers are those."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ptce_graph import export, network
from ptce_graph.project import Project

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.fr.md")
FENCE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def examples(name: str) -> list[tuple[str, str]]:
    """Return the commands of a document, each with the output shown below it, or ""."""
    blocks = FENCE.findall((ROOT / name).read_text("utf-8"))
    found = []
    for position, (kind, text) in enumerate(blocks):
        after = blocks[position + 1] if position + 1 < len(blocks) else ("", "")
        lines = [line.partition("  #")[0].strip() for line in text.splitlines()]
        commands = [line for line in lines if re.match(r"(ptce|echo) ", line)]
        if kind == "sh" and commands:
            found += [(command, "") for command in commands[:-1]]
            found.append((commands[-1], after[1] if after[0] == "text" else ""))
    return found


@pytest.mark.parametrize(
    ("command", "output"), [e for name in READMES for e in examples(name)], ids=lambda v: v[:40]
)
def test_command_of_readme_runs(away: Path, command: str, output: str) -> None:
    """Each command of the README works as it is printed, and gives what is printed below it."""
    ptce = f'"{sys.executable}" -m ptce_graph'
    line = re.sub(
        r"\bptce (?=ask|build|check|draw|export|network|path|publish|questions)",
        f"{ptce} ",
        command,
    )
    run = subprocess.run(
        line,
        shell=True,
        cwd=away,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    if output:
        assert run.stdout.rstrip() == output.rstrip()


@pytest.mark.parametrize("name", READMES)
def test_numbers_of_readme_are_those_of_the_graph(real: Project, name: str) -> None:
    """The numbers of the README are counted, not guessed."""
    graph = network.network(real)
    triples = export.export(real, "ntriples").count(b"\n")
    typed = re.compile(r"^<[^>]*/id/doc/[^>]*> <[^>]*#type>", re.MULTILINE)
    sources = len(typed.findall(real.nquads.read_text("utf-8")))
    text = re.sub(r"(?<=\d)[,\s](?=\d{3}\b)", "", (ROOT / name).read_text("utf-8"))
    text = " ".join(text.split())
    numbers = [*graph.graph["counts"].values(), sources, triples]
    for number in numbers:
        assert re.search(rf"\b{number} (p|o|l|s|t)", text), number
    assert graph.graph["date"] in text


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("*/*.md")))
def test_links_lead_somewhere(path: Path) -> None:
    """Every link to a file leads to a file."""
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_make_targets_of_readme_exist() -> None:
    """The two commands that the README begins with are targets of the Makefile."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name in READMES:
        first = FENCE.findall((ROOT / name).read_text("utf-8"))[0][1]
        assert re.findall(r"^make (\w+)", first, re.MULTILINE) == ["graph", "test"]
    assert "\ngraph:" in makefile
    assert "\ntest:" in makefile

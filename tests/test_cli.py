"""The command line: what a person types, what comes back, and with which status."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ptce_graph import catalogue, cli
from ptce_graph.project import Project

ROOT = Path(__file__).parents[1]
COMMANDS = sorted(cli.ptce.commands)


@pytest.fixture
def folder(tiny: Project) -> str:
    """A small project, built, that a test may change."""
    assert run("--project", str(tiny.root), "build").exit_code == 0
    return str(tiny.root)


def run(*words: str, stdin: str | None = None) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli.ptce, words, input=stdin, obj=cli.Settings())


def process(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ptce_graph", *words],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **variables},
        check=False,
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    """`-h` works everywhere and shows an example."""
    result = run(name, "-h")
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert f"ptce {name}" in result.output or f" {name}" in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    """Each verb stands in both READMEs."""
    for readme in ("README.md", "README.fr.md"):
        assert f"ptce {name}" in (ROOT / readme).read_text("utf-8")


def test_help_imports_nothing_heavy() -> None:
    """`ptce --help` answers at once: no store, no RDF library, no network library is loaded."""
    code = (
        "import sys; from ptce_graph import cli\n"
        "try: cli.ptce(['--help'], obj=cli.Settings())\n"
        "except SystemExit: pass\n"
        "print(sorted(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(re.findall(r"'([\w.]+)'", out.stdout))
    assert not modules & {"rdflib", "pyoxigraph", "networkx", "pyvis", "rich", "yaml", "numpy"}


def test_question_is_answered(folder: str) -> None:
    """A question gives its rows on standard output and its text beside it."""
    result = run("--project", folder, "ask", "coordinators", "--pole", "beta", "--lang", "fr")
    assert result.exit_code == 0
    assert "coordinateur successeur" in result.stdout
    assert "Arrêté d'essai" in result.stdout
    assert "Qui coordonne" in result.stderr
    assert "2 lignes" in result.stderr


def test_language_is_that_of_the_machine() -> None:
    """Labels are French where the machine speaks French, English elsewhere."""
    french = process("--project", str(ROOT), "questions", LC_ALL="fr_FR.UTF-8")
    english = process("--project", str(ROOT), "questions", LC_ALL="C.UTF-8")
    assert "Qui coordonne" in french.stdout
    assert "Who coordinates" in english.stdout


def test_questions_are_listed_by_theme() -> None:
    """Each theme has its name in the language of the reader, and each question an example."""
    french = run("--project", str(ROOT), "questions", "--lang", "fr").stdout
    english = run("--project", str(ROOT), "questions", "--lang", "en").stdout
    for language, text in (("fr", french), ("en", english)):
        names = [theme[language] for theme in catalogue.THEMES.values()]
        assert [line for line in text.splitlines() if line in names] == names
    assert "ptce ask members-of-pole --pole sud-aquitaine" in french
    assert "ptce ask network-at-date --date 2015" in english


def test_questions_are_listed_as_a_page() -> None:
    """`--markdown` prints the page of the questions, in both languages."""
    page = run("--project", str(ROOT), "questions", "--markdown").stdout
    assert page == (ROOT / "queries" / "README.md").read_text("utf-8")
    assert "## Territoires · Territories" in page


def test_addresses_of_things_are_left_out_where_there_is_a_name(folder: str) -> None:
    """A table shows names, not IRIs, also where some rows have no thing to show."""
    words = ("ask", "employer-groups", "--lang", "en")
    result = run("--project", folder, *words)
    assert "GEIQ d'essai" in result.stdout
    text = (
        "SELECT ?s ?name { VALUES (?s ?name) { (UNDEF 'x') (<https://w3id.org/ptce/id/a/b> 'y') } }"
    )
    assert "a/b" not in run("--project", folder, "ask", "-", stdin=text).stdout


def test_empty_answer_is_not_a_no(folder: str) -> None:
    """Where the graph knows nothing, it says so, and not that there is nothing."""
    result = run("--project", folder, "ask", "coordinators", "--pole", "gamma", "--lang", "en")
    assert result.exit_code == 0
    assert "does not mean that there is none" in result.stderr


@pytest.mark.parametrize(
    ("form", "start"),
    [("csv", "organisation,name"), ("tsv", "?organisation\t"), ("json", "{"), ("xml", "<?xml")],
)
def test_answer_has_the_form_asked_for(folder: str, form: str, start: str) -> None:
    """`--format` changes what is on standard output, nothing else is there."""
    result = run("--project", folder, "ask", "members-of-pole", "--pole", "alpha", "--format", form)
    assert result.stdout.startswith(start)


def test_excel_file_is_written(folder: str, tmp_path: Path) -> None:
    """`--excel -o` writes the CSV for Excel and says where."""
    target = tmp_path / "members.csv"
    words = ("ask", "members-of-pole", "--pole", "alpha", "--excel", "-o", str(target))
    result = run("--project", folder, *words)
    assert target.read_bytes().startswith(b"\xef\xbb\xbforganisation;name;role")
    assert str(target) in result.stderr


def test_any_sparql_is_answered(folder: str, tmp_path: Path) -> None:
    """A query comes from standard input or from a file."""
    text = "SELECT (COUNT(?s) AS ?n) { ?s a <https://w3id.org/ptce/ontology#Pole> }"
    file = tmp_path / "count.rq"
    file.write_text(text, "utf-8")
    for name, stdin in (("-", text), (str(file), None)):
        result = run("--project", folder, "ask", name, "--format", "csv", stdin=stdin)
        assert result.stdout == "n\n3\n", result.stderr


def test_graph_is_written_as_turtle(folder: str) -> None:
    """The answer of a CONSTRUCT can be had as Turtle."""
    text = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } ORDER BY ?s LIMIT 3"
    result = run("--project", folder, "ask", "-", "--format", "ttl", stdin=text)
    assert "@prefix org:" in result.stdout


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("ask", "member-of-pole"), 1, "did you mean members-of-pole"),
        (("ask", "members-of-pole", "--pole", "alfa"), 1, "did you mean alpha"),
        (("ask", "members-of-pole", "--city", "x"), 2, "No such option"),
        (("ask", "members-of-pole", "--format", "ttl"), 1, "choose table"),
        (("ask", "coordinators", "-o", "no-such-folder/x.csv"), 1, "its folder is not there"),
        (("ask", "members-of-pole", "--pole", "alfa", "--lang", "fr"), 1, "vouliez-vous dire"),
        (("network", "-o", "x.doc"), 2, "--format"),
        (("draw", "--territory", "Nowhere"), 1, "nothing is called"),
        (("draw", "-o", "no/such\0folder"), 1, "ptce:"),
        (("export", "-f", "docx"), 2, "docx"),
        (("--project", "/no/such/folder", "build"), 1, "no folder graph/sources"),
        (("build", "--no-such-option"), 2, "No such option"),
    ],
)
def test_failure_is_one_sentence(
    folder: str, words: tuple[str, ...], status: int, message: str
) -> None:
    """A failure says what is wrong and what to do: status 1, or 2 for wrong usage; no traceback."""
    if any("\0" in word for word in words):
        words = (*words[:-1], f"{folder}/graph/sources/facts/poles.csv/x.html")
    result = process("--project", folder, *words)
    assert result.returncode == status
    assert message in result.stderr
    assert "Traceback" not in result.stderr + result.stdout


def test_graph_that_is_not_built_is_asked_for(tiny: Project) -> None:
    """Before the first build, a question says which command to run."""
    result = process("--project", str(tiny.root), "ask", "coordinators")
    assert result.returncode == 1
    assert "run `ptce build` first" in result.stderr


def test_receipt_is_json(tiny: Project) -> None:
    """`build --json` prints the receipt of every table for a script."""
    result = run("--project", str(tiny.root), "build", "--json")
    receipt = json.loads(result.stdout)
    total = receipt["total"]
    assert receipt["built"]
    assert total["rows"] == total["accepted"] + total["merged"] + total["rejected"]
    assert {table["name"] for table in receipt["tables"]} >= {"facts/poles.csv"}


def test_export_and_network_are_written(folder: str, tmp_path: Path) -> None:
    """The verbs that write files write them."""
    for words in (
        ("export", "-f", "turtle", "-o", str(tmp_path / "a.ttl")),
        ("network", "-o", str(tmp_path / "a.gexf")),
        ("draw", "-o", str(tmp_path / "a.html")),
    ):
        result = run("--project", folder, *words)
        assert result.exit_code == 0, result.output
        assert Path(words[-1]).stat().st_size > 1000


def test_version_is_that_of_the_package() -> None:
    """`--version` says the version of pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    version = re.search(r'^version = "(.*)"', text, re.MULTILINE)
    assert version
    assert run("--version").output == f"ptce, version {version[1]}\n"


def test_columns_of_questions_have_french_names(real: Project) -> None:
    """What stands above a column is French for who reads French."""
    from ptce_graph.query import read_questions

    for question in read_questions(real).values():
        select = re.search(r"^SELECT (?:DISTINCT )?(.*)$", question.text, re.MULTILINE)
        assert select
        names = re.findall(r"AS \?(\w+)\)|(?<!\()(?<!DISTINCT )\?(\w+)", select[1])
        for name in (a or b for a, b in names):
            assert "fr" in catalogue.HEADERS.get(name, {}), f"{question.name}: {name}"

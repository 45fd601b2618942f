"""`ptce check`: what a person reads, what a script gets, and with which status."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ptce_graph import Graph, cli, findings
from ptce_graph.build import build
from ptce_graph.findings import Check, Finding
from ptce_graph.project import Project
from ptce_graph.validate import validate

TURNED = "beta-cbe-member,beta,cbe,member,2016,2015-03,,stated,gazette,\n"


def check(project: Project, *words: str) -> Result:
    """Run `ptce check` in this process, in a terminal of 110 columns."""
    words = ("--project", str(project.root), "check", *words)
    return CliRunner(env={"COLUMNS": "110"}).invoke(cli.ptce, words, obj=cli.Settings())


@pytest.fixture
def good(tiny: Project) -> Project:
    """A small project, built, without an error."""
    build(tiny)
    return tiny


@pytest.fixture
def bad(tiny: Project) -> Project:
    """A small project, built, with one error: a period turned round."""
    with (tiny.sources / "facts" / "memberships.csv").open("a", encoding="utf-8") as file:
        file.write(TURNED)
    build(tiny)
    return tiny


def test_errors_give_status_3(bad: Project) -> None:
    """Status 3 says that data are wrong."""
    assert check(bad).exit_code == 3


def test_warnings_give_status_0(good: Project) -> None:
    """Warnings and information are told, and the status is 0."""
    result = check(good, "--lang", "en")
    assert result.exit_code == 0
    assert "WARNINGS" in result.stdout
    assert re.search(r"^0 errors, \d+ warnings?, \d+ information$", result.stdout, re.MULTILINE)


def test_status_does_not_depend_on_what_is_shown(bad: Project) -> None:
    """Errors give status 3 in every form of the output."""
    for words in ((), ("--severity", "error"), ("--json",), ("--markdown",), ("--all",)):
        assert check(bad, *words).exit_code == 3


@pytest.mark.parametrize(
    ("language", "heading", "mend"),
    [
        ("fr", "ERREURS : À CORRIGER (1)", "→ Comparez les deux dates avec la source"),
        ("en", "ERRORS: TO BE MENDED (1)", "→ Compare both dates with the source"),
    ],
)
def test_error_says_what_where_and_what_to_do(
    bad: Project, language: str, heading: str, mend: str
) -> None:
    """An error comes first, with its line, the thing, the value, and how to mend it."""
    lines = check(bad, "--lang", language).stdout.splitlines()
    path = bad.sources / "facts" / "memberships.csv"
    number = path.read_text("utf-8").splitlines().index(TURNED.strip()) + 1
    assert lines[0] == heading
    assert any(mend in line for line in lines)
    (place,) = (line for line in lines if f"facts/memberships.csv:{number} " in line)
    assert "Comité de bassin d'emploi d'essai – Pôle « Bêta »" in place


def test_lines_fit_the_terminal(real: Project) -> None:
    """No line is wider than the terminal."""
    found = validate(real)
    for language in ("fr", "en"):
        for width in (60, 80, 110):
            lines = findings.report(found, language, width)
            assert max(map(len, lines)) <= max(width, 70)


def test_ten_of_each_kind_are_shown_or_all(real: Project) -> None:
    """Long lists are cut and say so; `--all` tells everything, errors are never cut."""
    found = validate(real)
    short, whole = (findings.report(found, "en", 110, whole=w) for w in (False, True))
    rows = [line for line in whole if re.match(r" {6}\w+/", line)]
    assert len(rows) == len(found)
    cut = [int(n) for line in short for n in re.findall(r"… and (\d+) more \(--all\)", line)]
    assert cut
    rows = [line for line in short if re.match(r" {6}\w+/", line)]
    assert len(rows) + sum(cut) == len(found)
    one = Check("X", "error", {"fr": "x", "en": "x"}, {"fr": "a ; b.", "en": "a; b."})
    errors = [Finding(one, f"x{n}", {"fr": "x", "en": "x"}, "", "x.csv", n) for n in range(50)]
    assert not any("more" in line for line in findings.report(errors, "en", 110))


def test_severity_keeps_what_is_as_grave(bad: Project) -> None:
    """`--severity error` tells errors alone, `--severity warning` errors and warnings."""
    expected = {"error": {"error"}, "warning": {"error", "warning"}}
    for severity, kept in expected.items():
        told = json.loads(check(bad, "--json", "--severity", severity).stdout)
        assert {finding["severity"] for finding in told["findings"]} == kept
    assert check(bad, "--severity", "fatal").exit_code == 2


def test_json_says_everything_in_both_languages(bad: Project) -> None:
    """`--json` gives counts, and each finding with its place, in French and in English."""
    told = json.loads(check(bad, "--json").stdout)
    first = told["findings"][0]
    assert told["counts"]["error"] == 1
    assert sum(told["counts"].values()) == len(told["findings"])
    assert first["check"] == "PeriodOrder"
    assert first["focus"].endswith("/membership/beta-cbe-member")
    assert (first["table"], first["value"]) == ("facts/memberships.csv", "2016 > 2015-03")
    assert first["line"] > 1
    for key in ("title", "label", "what", "mend"):
        assert set(first[key]) == {"fr", "en"}
    assert first["what"]["fr"] == "La fin est avant le début."


@pytest.mark.parametrize(
    ("numbers", "fr", "en"),
    [
        ((0, 0, 0), "0 erreur, 0 avertissement, 0 information", "0 errors, 0 warnings"),
        ((1, 1, 1), "1 erreur, 1 avertissement, 1 information", "1 error, 1 warning"),
        ((2, 2, 2), "2 erreurs, 2 avertissements, 2 informations", "2 errors, 2 warnings"),
    ],
)
def test_counts_are_in_words(numbers: tuple[int, int, int], fr: str, en: str) -> None:
    """Plurals are those of each language."""
    found = []
    for severity, number in zip(("error", "warning", "information"), numbers, strict=True):
        a_check = Check("X", severity, {}, {})
        found += [Finding(a_check, "x", {}, "", "", 0)] * number
    assert findings.count(found, "fr") == fr
    assert findings.count(found, "en") == f"{en}, {numbers[2]} information"


def test_thing_that_no_table_states_is_named_by_its_address() -> None:
    """A finding on what comes from no table leads to the thing itself."""
    a_check = Check("X", "error", {}, {})
    focus = "https://w3id.org/ptce/id/pole/x"
    assert Finding(a_check, focus, {}, "", "", 0).place == "pole/x"
    assert Finding(a_check, focus, {}, "", "a.ttl", 0).place == "a.ttl"


def test_graph_that_is_not_built_is_one_sentence(tiny: Project) -> None:
    """Before the first build, check says which command to run, with status 1."""
    result = subprocess.run(
        [sys.executable, "-m", "ptce_graph", "--project", str(tiny.root), "check"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )
    assert result.returncode == 1
    assert "run `ptce build` first" in result.stderr
    assert "Traceback" not in result.stderr


def test_python_has_the_same_verb(bad: Project) -> None:
    """`Graph.check` gives the findings as values."""
    first = Graph(bad.root).check()[0]
    assert (first.severity, first.check.name) == ("error", "PeriodOrder")
    assert Path(first.table).name == "memberships.csv"

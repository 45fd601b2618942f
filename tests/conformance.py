"""`python -m tests.conformance`: the W3C's tests of CSV on the Web, all of them, into docs/.

What is expected of each negative test stands in `conformance.toml`: it must fail for its own
reason. What does not pass stands there as well, with the reason.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import sys
import tokenize
import tomllib
from argparse import Namespace
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptce_graph import csvw

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
PAGE = ROOT / "docs" / "conformance.md"
EXPECTED = ROOT / "tests" / "conformance.toml"
UNSUPPORTED = "an address is not supported"
"""How what we refuse ends: a test that fails for this has not passed, even if it must fail."""

ENGINE = ("csvw", "metadata", "datatypes", "templates")
HEAD = """# CSV on the Web: what passes

Written by `make conformance` from a run of all the W3C's tests (csv2rdf and validation), and
checked by `make test`; the engine is `ptce_graph.csvw.convert`. The tables of a project use a
profile of it: [tables.md](tables.md).

The engine has what tables need, and leaves out what hardly anything but these tests uses. Left out
with a warning that names it: `notes`, `rowTitles`, `transformations`, `tableDirection`,
`textDirection`, `lineTerminators`, the datatypes that tables.md does not list (read as strings),
number patterns with groups in the fraction, and templates with more than `{name}`, `{+name}` and
`{#name}`. An error that names it: a `tableSchema` or a `dialect` that is an address, and
`schemaReference`. Not looked at: comments in a file, `Link` headers and `/.well-known/csvm`;
metadata are found beside the table, as `TABLE-metadata.json` or `csv-metadata.json`, or given.

"""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a test, and what was said of it."""

    test: str
    kind: str
    title: str
    passed: bool
    message: str


def is_there() -> bool:
    """Return whether the suite and its runner are there."""
    return (SHARED / "checks" / "run_csvw.py").is_file() and (SHARED / "suites" / "csvw").is_dir()


def run() -> list[Result]:
    """Run all tests of the suite."""
    path = SHARED / "checks" / "run_csvw.py"
    spec = importlib.util.spec_from_file_location("run_csvw", path)
    assert spec and spec.loader
    runner: Any = importlib.util.module_from_spec(spec)
    sys.modules["run_csvw"] = runner
    spec.loader.exec_module(runner)
    suite = runner.SUITE
    options = Namespace(suite=suite, manifest="both", only=None, derived_minimal=False)
    site = runner.Site(suite)

    class Converter:
        """Calls our engine."""

        def convert(self, test: Any, metadata: str | None) -> tuple[str, list[str]]:
            iri, url = runner.BASE + test.entry["action"], metadata and runner.BASE + metadata
            return csvw.convert(iri, mode=test.mode, metadata=url, fetch=site.fetch)

    results = []
    for test in runner.load_tests(options, site):
        outcome = runner.run_test(test, Converter(), suite)
        message = " ".join(outcome.message.replace(runner.BASE, "").split())
        name = f"{test.manifest}/{test.name}"
        passed = outcome.passed and not message.endswith(UNSUPPORTED)
        results.append(Result(name, test.kind, test.entry["name"], passed, message))
    return results


def count_lines(name: str) -> int:
    """Return the lines of code of a module: neither blank, nor comments, nor documentation."""
    text = (ROOT / "ptce_graph" / f"{name}.py").read_text("utf-8")
    documentation = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    silent = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in (*silent, tokenize.ENDMARKER)
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - documentation)


def expected() -> dict[str, dict[str, str]]:
    """Return the reasons of negative tests, and of tests that do not pass."""
    return tomllib.loads(EXPECTED.read_text("utf-8"))


def page(results: list[Result]) -> str:
    """Return the page of the results."""
    reasons = expected()["not_passed"]
    kinds = Counter((r.test.partition("/")[0], r.kind, r.passed) for r in results)
    lines = ["| tests | kind | passed | not passed |", "|---|---|---|---|"]
    for suite, kind in sorted({key[:2] for key in kinds}):
        lines.append(
            f"| {suite} | {kind} | {kinds[suite, kind, True]} | {kinds[suite, kind, False]} |"
        )
    passed = sum(result.passed for result in results)
    lines.append(f"| **all** | | **{passed}** | **{len(results) - passed}** |")
    lines += ["", "Each that does not pass:", "", "| test | title | why |", "|---|---|---|"]
    for result in results:
        if not result.passed:
            lines.append(f"| {result.test} | {result.title} | {reasons.get(result.test, '?')} |")
    counts = {name: count_lines(name) for name in ENGINE}
    sizes = ", ".join(f"`{name}` {count}" for name, count in counts.items())
    lines += [
        "",
        f"The engine has {sum(counts.values())} lines of code ({sizes}): lines that are neither",
        "blank, nor comments, nor documentation, as `tests/conformance.py` counts them.",
    ]
    return HEAD + "\n".join(lines) + "\n"


def main() -> None:
    """Run the suite and write the page."""
    if not is_there():
        sys.exit(f"{SHARED}: the W3C's tests are not there")
    results = run()
    PAGE.write_text(page(results), "utf-8", newline="\n")
    print(f"{sum(r.passed for r in results)} of {len(results)} pass: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""The scripts of the page: their types hold, and what needs no browser does what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ptce_graph import view

FOLDER = Path(__file__).parent / "page"
LONGEST = 300
"""Lines of a script."""


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def _tsc() -> str | None:
    """Return the compiler: of $TSC, of `make page`, or of the path."""
    own = FOLDER / "node_modules" / ".bin" / "tsc"
    return os.environ.get("TSC") or (str(own) if own.exists() else shutil.which("tsc"))


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_units_pass() -> None:
    """Each test of tests/page passes."""
    _run("node", "--test", *sorted(path.name for path in FOLDER.glob("*.test.mjs")))


@pytest.mark.skipif(not _tsc(), reason="no tsc: `make page` installs it, $TSC names another")
def test_types_hold() -> None:
    """TypeScript finds no fault in what the comments say of types, strictly."""
    _run(str(_tsc()), "-p", "tsconfig.json")


def test_every_script_is_in_the_page_and_short() -> None:
    """No script is left over, and none is too long to be read at one go."""
    folder = Path(view.__file__).parent / "page"
    assert {path.name for path in folder.glob("*.js")} == set(view.SCRIPTS)
    for name in view.SCRIPTS:
        assert len(view._read(name).splitlines()) < LONGEST, name

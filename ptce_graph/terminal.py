"""What people see on a terminal: texts in French and English, tables, progress."""

from __future__ import annotations

import io
import locale
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ptce_graph.catalogue import HEADERS

TEXTS = {
    "built": {
        "en": "{accepted} rows accepted, {merged} merged, {rejected} rejected "
        "(of {rows}); {triples} triples, and {inferred} inferred",
        "fr": "{accepted} lignes acceptées, {merged} fusionnées, {rejected} rejetées "
        "(sur {rows}) ; {triples} triplets, et {inferred} déduits",
    },
    "not built": {
        "en": "nothing was built: {count} errors (--keep-good builds from the good rows)",
        "fr": "rien n'a été construit : {count} erreurs (--keep-good construit avec le reste)",
    },
    "more": {
        "en": "… and {count} more (--json lists all)",
        "fr": "… et {count} autres (--json)",
    },
    "no path": {
        "en": "no path: nothing known here joins them, which does not mean that nothing does",
        "fr": "aucun chemin : rien de connu ici ne les relie, d'autres choses le font peut-être",
    },
    "row": {"en": "1 row", "fr": "1 ligne"},
    "rows": {"en": "{count} rows", "fr": "{count} lignes"},
    "no row": {
        "en": "no row: the graph does not know, which does not mean that there is none",
        "fr": "aucune ligne : le graphe ne sait pas, ce qui ne veut pas dire qu'il n'y en a pas",
    },
    "serving": {
        "en": "serving at {address} (Ctrl-C to stop)",
        "fr": "le graphe est servi à {address} (Ctrl-C pour arrêter)",
    },
    "sent": {"en": "sent: {url}", "fr": "envoyé : {url}"},
    "private": {
        "en": "not sent, as the ontology marks them private: {count} statements",
        "fr": "pas envoyés, car l'ontologie les marque privés : {count} énoncés",
    },
    "suppressed": {
        "en": "{count} of the rejected rows are suppressed (graph/suppressed.csv)",
        "fr": "{count} des lignes rejetées sont retirées (graph/suppressed.csv)",
    },
    "published": {
        "en": "{path}/: {files} files, {size} MB (open index.html, or serve the folder)",
        "fr": "{path}/ : {files} fichiers, {size} Mo (ouvrez index.html, ou servez le dossier)",
    },
    "tables": {"en": "the tables are in {path}/", "fr": "les tables sont dans {path}/"},
    "written": {"en": "written: {path}", "fr": "écrit : {path}"},
}


def text(key: str, language: str, **values: object) -> str:
    """Return a text of the catalogue in a language, its numbers written as that language does."""
    separator = "\u202f" if language == "fr" else ","
    shown = {
        name: f"{value:,}".replace(",", separator) if isinstance(value, int) else value
        for name, value in values.items()
    }
    return TEXTS[key][language].format(**shown)


def default_language() -> str:
    """Return fr where the machine speaks French, else en."""
    names = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((n for n in names if n), None) or locale.getlocale()[0] or ""
    return "fr" if name.lower().startswith("fr") else "en"


def shown(path: Path) -> str:
    """Return a path as short as it can be written from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


class progress:  # noqa: N801 (used as a function)
    """Show on a terminal that work goes on, since when, and how far it is where that is known."""

    def __enter__(self) -> Callable[[str, int], None]:
        """Return the function to call with the name of a table and a number of rows."""
        self._live: Any = None
        if not sys.stderr.isatty():
            return lambda name, rows: None
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}")
        self._live = Progress(*columns, console=Console(stderr=True), transient=True)
        task = self._live.add_task("", total=None)
        self._live.start()
        return lambda name, rows: self._live.update(task, description=f"{name}: {rows:,}")

    def __exit__(self, *_: object) -> None:
        """Take the line away."""
        if self._live:
            self._live.stop()


def table(header: list[str], body: list[list[str]], language: str) -> str:
    """Return rows as a table for people: as wide as the terminal, or as wide as needed.

    What is the same in every row is said once, above; IRIs of things are left out where there is
    something else to read.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from ptce_graph.results import is_thing, shorten

    columns = {i: [row[i] for row in body] for i, _ in enumerate(header)}
    named = {
        i: cells for i, cells in columns.items() if not all(map(is_thing, filter(None, cells)))
    }
    shown = {i: list(map(shorten, cells)) for i, cells in (named or columns).items() if any(cells)}
    titles = {i: HEADERS.get(header[i], {}).get(language, header[i]) for i in shown}
    once = {i: cells[0] for i, cells in shown.items() if len(set(cells)) == 1}
    printed = io.StringIO()
    wide = sys.stdout.isatty()
    console = Console(file=printed, width=None if wide else 10_000, force_terminal=wide)
    facts = Table.grid(padding=(0, 2))
    for i, cell in once.items():
        facts.add_row(Text(titles[i], style="bold"), Text(cell, overflow="fold"))
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    varying = [i for i in shown if i not in once]
    for i in varying:
        grid.add_column(titles[i], overflow="fold")
    for cells in zip(*(shown[i] for i in varying), strict=True):
        grid.add_row(*map(Text, cells))
    if once:
        console.print(facts)
    if once and varying:
        console.print()
    if varying:
        console.print(grid)
    return "".join(line.rstrip() + "\n" for line in printed.getvalue().splitlines())

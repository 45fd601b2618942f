"""One import: from a foreign file to the tables of a source set, whole or not at all."""

from __future__ import annotations

from ptce_graph.foreign import columns, mappings
from ptce_graph.foreign import plan as plans
from ptce_graph.foreign.columns import REJECTED_COLUMNS, fold
from ptce_graph.foreign.joining import join
from ptce_graph.foreign.plan import Plan
from ptce_graph.foreign.reading import ForeignTable, Overrides, Progress, read
from ptce_graph.foreign.receipt import Import
from ptce_graph.foreign.request import Request, find_target, make_plan, shown_path
from ptce_graph.foreign.rows import Rows
from ptce_graph.foreign.session import Session
from ptce_graph.foreign.tables import LEDGERS, REJECTED, Folder, own_form
from ptce_graph.foreign.texts import ForeignError
from ptce_graph.project import Project


def import_table(
    project: Project, request: Request, progress: Progress = lambda name, rows: None
) -> Import:
    """Import a foreign table into a folder of the sources, and return the receipt.

    Raises:
        ForeignError: the file, the mapping or the folder cannot be used; nothing was written.
    """
    project = find_target(project, request)
    plan = make_plan(project, request)
    named = plan.wanted()

    def known(names: list[str]) -> int:
        if not plan.recognise:
            return len(named & set(names))
        return len(columns.match(names, plan.kind.guessed, private=True)) + len(named & set(names))

    plan.recognise |= not request.mapping

    asked = plan.overrides
    own = request.path.name in (REJECTED, *LEDGERS) and request.path.is_file()
    if own:
        asked = asked.over(own_form(request.path))
    table = read(request.path, asked, known, own=own)
    if plan.join and not request.join:
        raise ForeignError(request.path, "needs-join", plan.join.get("key", ""))
    if request.join:
        table = join(table, read(request.join, Overrides(), known), plan, progress)
    if plan.recognise:
        plans.complete(plan, table.header, private=request.personal)
    receipt = Import(str(request.path), shown_path(request.target), plan.kind.name, dry=request.dry)
    receipt.notices = [("file", (request.path,)), *table.notices]
    places = plans.locate(plan, table.header, request.path)
    _check_needed(plan, table)
    _tell_columns(plan, table, receipt, request)
    folder = Folder(request.target, replace=request.replace)
    session = Session(project, folder)
    _add_source(session, plan, request)
    run = Rows(plan, table, places, session, receipt, request)
    try:
        run.take_all(progress)
        _finish(run, folder, session)
    finally:
        folder.close()
        run.close()
    return receipt


def _check_needed(plan: Plan, table: ForeignTable) -> None:
    for group in plan.kind.needed:
        if not any(name in plan.columns or plan.constants.get(name) for name in group):
            shown = ", ".join(table.header[:60])
            raise ForeignError(table.path, "missing-field", group[0], shown)


def _tell_columns(plan: Plan, table: ForeignTable, receipt: Import, request: Request) -> None:
    for name, names in plan.columns.items():
        receipt.notices.append(("matched", (name, " | ".join(names))))
    for name, value in plan.constants.items():
        receipt.notices.append(("constant", (name, value)))
    if plan.filters:
        receipt.notices.append(("filter", (" & ".join(map(str, plan.filters)),)))
    used = {fold(name) for name in plan.wanted()}
    rest = [n for n in table.header if fold(n) not in used and n not in REJECTED_COLUMNS]
    apart = set() if request.personal else columns.private_names(table.header)
    private = [name for name in rest if name in apart]
    ignored = [name for name in rest if name not in private]
    for key, names in (("private", private), ("ignored", ignored)):
        if names:
            receipt.notices.append((key, (", ".join(names),)))
    receipt.mapping = mappings.to_toml(plan, table.decided)


def _add_source(session: Session, plan: Plan, request: Request) -> None:
    """Add the document that states the rows, unless an earlier import did."""
    said = plan.source
    row = {
        "id": session.source,
        "title": said.get("title") or request.path.name,
        "publisher": said.get("publisher") or request.target.name,
        "url": said.get("url", ""),
        "date": said.get("date", ""),
        "kind": "dataset",
        "kind_fr": "jeu de données",
        "evidence_level": said.get("evidence_level") or "other",
    }
    session.folder.table("sources.csv").put(row)


def _finish(run: Rows, folder: Folder, session: Session) -> None:
    """Find candidates, count, and put all files in their places."""
    receipt, request = run.receipt, run.request
    receipt.candidates = session.add_candidates()
    run.keep_others()
    header = run.rejected_header()
    if not request.dry:
        receipt.changed = folder.save(header, None if run.leave_rejected else run.rejected_rows())
    receipt.tables = {
        name: (len(table), len(table) - table.before)
        for name, table in folder.tables.items()
        if len(table) and name not in LEDGERS
    }

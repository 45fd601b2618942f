"""What a person asks for: where it goes, and how the columns are read."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from ptce_graph import project as projects
from ptce_graph.foreign import mappings
from ptce_graph.foreign import plan as plans
from ptce_graph.foreign.plan import Filter, Plan
from ptce_graph.foreign.reading import Overrides
from ptce_graph.foreign.session import slug
from ptce_graph.foreign.tables import LEDGERS, REJECTED
from ptce_graph.foreign.texts import ForeignError
from ptce_graph.project import Project


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for.

    Attributes:
        path: the foreign file.
        kind: name of a kind of table; "" when the mapping says it.
        target: folder of the sources to write, `graph/sources/NAME`.
        mapping: mapping file, or the name of one of `graph/mappings/`.
        join: second file, whose row of the same key completes a row.
        overrides: how the file is read, against what would be decided.
        columns: field → name of its column.
        constants: field → value for all rows.
        filters: conditions that rows must meet.
        source: title, publisher, url, date of the document.
        personal: e-mails, phones and names of private persons may be read.
        replace: the folder is made from this file alone.
        dry: nothing is written.
        language: of the reasons in rejected.csv.
    """

    path: Path
    kind: str
    target: Path
    mapping: Path | None = None
    join: Path | None = None
    overrides: Overrides = field(default_factory=Overrides)
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    filters: tuple[Filter, ...] = ()
    source: dict[str, str] = field(default_factory=dict)
    personal: bool = False
    replace: bool = False
    dry: bool = False
    language: str = "en"


def find_target(project: Project, request: Request) -> Project:
    """Return the project that the target belongs to, started there if there was none."""
    target = request.target.resolve()
    sources = target.parent
    if sources.name != "sources" or sources.parent.name != "graph" or not slug(target.name):
        raise ForeignError(request.target, "bad-target", shown_path(project.sources))
    if any(target.glob("*-metadata.json")):
        raise ForeignError(request.target, "own-folder")
    inside = request.path.resolve().parent == target
    if inside and request.path.name not in (REJECTED, *LEDGERS):
        raise ForeignError(request.path, "own-file")
    if sources == project.sources.resolve():
        return project
    if not sources.is_dir():
        if request.dry:
            return project
        shutil.copytree(projects.installed_sources(), sources)
    return projects.find(sources.parent.parent)


def make_plan(project: Project, request: Request) -> Plan:
    """Return how the columns are read: by the mapping, and what is said beside it.

    Raises:
        ForeignError: there is no such mapping, kind or field.
    """
    if request.mapping:
        path = mappings.find_mapping(project, request.mapping)
        plan = mappings.read_plan(path, request.kind)
    else:
        plan = Plan(plans.find_kind(request.kind))
    for name, column in request.columns.items():
        plans.check_field(plan.kind, name)
        plan.columns[name] = [column]
        plan.constants.pop(name, None)
    for name, value in request.constants.items():
        plans.check_field(plan.kind, name)
        plan.constants[name] = value
        plan.columns.pop(name, None)
    plan.filters += request.filters
    plan.source |= request.source
    plan.overrides = request.overrides.over(plan.overrides)
    return plan


def shown_path(path: Path) -> str:
    """Return a path as it is told: from here, where it is below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix().rstrip("/")

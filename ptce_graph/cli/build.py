"""`ptce build`: the tables become the graph."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ptce_graph import terminal
from ptce_graph.address import read_address
from ptce_graph.cli.settings import CONTEXT, common, say, settings
from ptce_graph.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from ptce_graph.build import Build
    from ptce_graph.project import Project

SHOWN_PROBLEMS = 50
ENGINES = ("local", "spark")


@click.command(context_settings=CONTEXT)
@click.option("--keep-good", is_flag=True, help="Build from the good rows; still exits 1.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    help="What maps the tables [local]; spark makes partitions of N-Quads (docs/scale.md).",
)
@click.option("--to", metavar="URL", help="Store to which the graph is sent when it is built.")
@common
def build(keep_good: bool, as_json: bool, engine: str, to: str | None) -> None:
    """Build the graph from the tables, whole or not at all.

    \b
    Example:
      ptce build
      ptce --project my-folder build --keep-good
      ptce build --to 'https://NAME:PASSWORD@example.org/store?default'
    """
    from ptce_graph.build import FailedBuild

    graph = settings().graph
    if to and engine != ENGINES[0]:
        raise click.UsageError("--to sends what --engine local builds")
    address = read_address(to) if to else None  # told before anything is built
    made: Build | None = None
    try:
        with terminal.progress() as step:
            made = graph.build(keep_good=keep_good, engine=engine, progress=step)
        receipt = made.receipt
    except FailedBuild as error:
        receipt = error.receipt
    if as_json:
        value = receipt.as_dict(settings().language) | {"built": made is not None}
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
    else:
        _show_problems(receipt.problems)
    if made is None:
        click.echo(say("not built", count=len(receipt.errors)), err=True)
    elif not as_json:
        total = receipt.total()
        numbers = asdict(total) | {"triples": made.triples, "inferred": made.inferred}
        click.echo(say("built", **numbers))
        if total.suppressed:
            click.echo(say("suppressed", count=total.suppressed))
        for path in _made(graph.project, engine):
            click.echo(f"  {terminal.shown(path)}")
    if made and to and address:
        with terminal.progress() as step:
            hidden = graph.send(to, step)
        click.echo(say("sent", url=address.shown), err=True)
        if hidden:
            click.echo(say("private", count=hidden), err=True)
    if receipt.errors:
        sys.exit(1)


def _made(project: Project, engine: str) -> tuple[Path, ...]:
    local = engine == ENGINES[0]
    return (project.nquads, project.turtle) if local else (project.partitions,)


def _show_problems(problems: list[Problem]) -> None:
    for problem in problems[:SHOWN_PROBLEMS]:
        click.echo(problem.describe(settings().language), err=True)
    if len(problems) > SHOWN_PROBLEMS:
        click.echo(say("more", count=len(problems) - SHOWN_PROBLEMS), err=True)

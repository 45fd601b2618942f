"""The command `ptce`: the verbs of the package on the command line, and nothing else."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from ptce_graph.cli.ask import ask
from ptce_graph.cli.build import build
from ptce_graph.cli.check import check
from ptce_graph.cli.draw import draw
from ptce_graph.cli.export import export
from ptce_graph.cli.import_ import import_
from ptce_graph.cli.network import network
from ptce_graph.cli.path import path
from ptce_graph.cli.publish import publish
from ptce_graph.cli.questions import questions
from ptce_graph.cli.serve import serve
from ptce_graph.cli.settings import CONTEXT, Settings, common
from ptce_graph.errors import PtceError

VERBS = (build, ask, questions, check, network, path, draw, export, import_, publish, serve)

__all__ = ["VERBS", "Settings", "main", "ptce"]


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="ptce-graph", prog_name="ptce")
@common
def ptce() -> None:
    """Knowledge graph of the French social and solidarity economy and of its PTCE.

    \b
    Example:
      ptce build
      ptce ask coordinators --pole sud-aquitaine
      ptce draw -o network.html
    """


for _verb in VERBS:
    ptce.add_command(_verb)


def main() -> NoReturn:
    """Run the command line; a failure is one sentence and status 1."""
    run = Settings()
    try:
        ptce(obj=run)
    except PtceError as error:
        click.echo(f"ptce: {error.describe(run.language)}", err=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        click.echo(f"ptce: {name}{error.strerror or error}", err=True)
    sys.exit(1)

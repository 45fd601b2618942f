"""`ptce check`: what is wrong or missing in the graph."""

from __future__ import annotations

import json
import shutil
import sys

import click

from ptce_graph import terminal
from ptce_graph.cli.settings import CONTEXT, common, endpoint, opened, say, settings, write

SEVERITIES = ("error", "warning", "information")


@click.command(context_settings=CONTEXT)
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES),
    default="information",
    help="Tell what is as grave as this, or graver [information].",
)
@click.option("--all", "whole", is_flag=True, help="Tell every finding, not ten of each kind.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the table of graph/README.md.")
@endpoint
@common
def check(severity: str, whole: bool, as_json: bool, as_markdown: bool) -> None:
    """Check the built graph: what is wrong, which row says so, how to mend it.

    Errors give status 3; warnings and information do not.

    \b
    Example:
      ptce check
      ptce check --severity error --lang fr
    """
    from ptce_graph import findings

    found = opened().check()
    told = findings.graver(found, severity)
    language = settings().language
    if as_json:
        click.echo(json.dumps(findings.as_dict(told), ensure_ascii=False, indent=1))
    elif as_markdown:
        write(findings.to_markdown(told, language).encode(), "-")
    else:
        width = shutil.get_terminal_size((100, 24)).columns
        for line in findings.report(told, language, width, whole=whole):
            click.secho(line, bold=not line.startswith("    "))
        click.secho(findings.count(found, language), bold=True)
        click.echo(say("tables", path=terminal.shown(settings().graph.project.sources)))
    if any(finding.severity == "error" for finding in found):
        sys.exit(3)

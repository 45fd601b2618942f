"""`ptce network`: the cooperation network as a file."""

from __future__ import annotations

from pathlib import Path

import click

from ptce_graph.cli.settings import CONTEXT, common, endpoint, opened, output, settings, write

NETWORK_FORMATS = ("gexf", "graphml", "csv", "json")


@click.command(context_settings=CONTEXT)
@click.option("--format", "form", type=click.Choice(NETWORK_FORMATS), help="[default: by FILE]")
@output
@endpoint
@common
def network(form: str | None, target: str) -> None:
    """Write the cooperation network for Gephi, igraph, a spreadsheet or a program.

    \b
    Example:
      ptce network -o network.gexf
    """
    from ptce_graph import network as networks

    form = form or Path(target).suffix.lstrip(".")
    if form not in networks.FORMATS:
        raise click.UsageError(f"choose --format {'|'.join(NETWORK_FORMATS)}")
    write(networks.FORMATS[form](opened().network(), settings().language), target)

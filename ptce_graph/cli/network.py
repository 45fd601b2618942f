"""`ptce network`: the cooperation network as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ptce_graph.cli.selecting import SELECTING, selecting, wanted
from ptce_graph.cli.settings import opened, settings, write

NETWORK_FORMATS = ("gexf", "graphml", "csv", "json")


@click.command(context_settings=SELECTING)
@click.option("--format", "form", type=click.Choice(NETWORK_FORMATS), help="[default: by FILE]")
@selecting
def network(form: str | None, target: str, **selection: Any) -> None:
    """Write the network, or a part of it, for Gephi, igraph, a spreadsheet or a program.

    \b
    Example:
      ptce network -o network.gexf
      ptce network --territory "Nouvelle-Aquitaine" --as-of 2015 -o region.graphml
      ptce network --view co-membership -o members.gexf
      ptce network --ego sud-aquitaine --steps 2 --layer cooperation --format csv
    """
    from ptce_graph import network as networks

    form = form or Path(target).suffix.lstrip(".")
    if form not in networks.FORMATS:
        raise click.UsageError(f"choose --format {'|'.join(NETWORK_FORMATS)}")
    data = opened().network(**wanted(selection))
    write(networks.FORMATS[form](data, settings().language), target)

"""`ptce network`: the cooperation network as a file, or what is measured of it."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import click

from ptce_graph import terminal
from ptce_graph.cli.selecting import SELECTING, selecting, wanted
from ptce_graph.cli.settings import opened, settings, write

NETWORK_FORMATS = ("gexf", "graphml", "csv", "json")
MEASURE_FORMATS = ("table", "csv", "json", "ttl")


@click.command(context_settings=SELECTING)
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(dict.fromkeys(NETWORK_FORMATS + MEASURE_FORMATS))),
    help="[default: by FILE]",
)
@click.option("--measures", is_flag=True, help="Not the network, but what is measured of it.")
@selecting
def network(form: str | None, measures: bool, target: str, **selection: Any) -> None:
    """Write the network, or a part of it, for Gephi, igraph, a spreadsheet or a program.

    With --measures: who is central, who joins the poles and what falls apart without them, what
    the poles are made of.

    \b
    Example:
      ptce network -o network.gexf
      ptce network --territory "Nouvelle-Aquitaine" --as-of 2015 -o region.graphml
      ptce network --view co-membership -o members.gexf
      ptce network --view country -o country.gexf
      ptce network --ego sud-aquitaine --steps 2 --layer cooperation --format csv
      ptce network --measures
      ptce network --measures --view two-mode -o measures.ttl
    """
    from ptce_graph import network as networks

    gc.disable()  # a large network is millions of objects, all of them needed to the end
    form = form or Path(target).suffix.lstrip(".") or ("table" if measures else "")
    known = MEASURE_FORMATS if measures else NETWORK_FORMATS
    if form not in known:
        raise click.UsageError(f"choose --format {'|'.join(known)}")
    data = opened().network(**wanted(selection))
    if measures:
        _write_measures(data, form, target)
    else:
        write(networks.FORMATS[form](data, settings().language), target)
    gc.freeze()  # nor does Python look through them before it ends


def _write_measures(data: Any, form: str, target: str) -> None:
    from ptce_graph.network import reports

    language = settings().language
    found = reports.measured(data)
    for note in reports.notes(found.report, language):
        click.echo(note, err=True)
    if form != "table":
        write(reports.FORMATS[form](found, language), target)
        return
    blocks = [
        f"{title}\n\n{terminal.table(header, body, language)}"
        for title, header, body in reports.tables(found, language)
        if body
    ]
    write("\n".join(blocks).encode(), target)

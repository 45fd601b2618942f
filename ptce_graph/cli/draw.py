"""`ptce draw`: the network as a page."""

from __future__ import annotations

import click

from ptce_graph.cli.settings import CONTEXT, common, endpoint, opened, output, write


@click.command(context_settings=CONTEXT)
@output
@endpoint
@common
def draw(target: str) -> None:
    """Draw the network as one HTML page that needs no connection.

    \b
    Example:
      ptce draw -o network.html
    """
    write(opened().draw().encode(), target)

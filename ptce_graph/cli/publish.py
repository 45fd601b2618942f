"""`ptce publish`: the graph as a static site, for people, portals and machines."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from ptce_graph import terminal
from ptce_graph.cli.settings import CONTEXT, common, say, settings


@click.command(context_settings=CONTEXT)
@click.option("-o", "--output", "target", metavar="FOLDER", required=True, help="Folder to write.")
@click.option("--base", metavar="URL", help="Address at which the site will stand.")
@click.option("--release", metavar="VERSION", help="Version of the data.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Day of the release.")
@click.option("--since", metavar="DUMP", help="Dump of the release before, to tell changes.")
@common
def publish(
    target: str,
    base: str | None,
    release: str | None,
    date: datetime | None,
    since: str | None,
) -> None:
    """Write a static site: a page for everything, dumps, descriptions for portals.

    Who publishes, and the default of version and date, stand in graph/publication.toml.

    \b
    Example:
      ptce publish -o site/
      ptce publish -o site/ --base https://example.org/ptce/ --since old/dumps/ptce.nq.gz
    """
    with terminal.progress() as step:
        made = settings().graph.publish(
            target,
            base=base,
            version=release,
            released=date.date() if date else None,
            since=Path(since) if since else None,
            progress=step,
        )
    language = settings().language
    for check in made.warnings:
        what, mend = check.split(language)
        click.echo(f"{check.title[language]}: {what} {mend}", err=True)
    size = round(made.size / 1e6)
    click.echo(say("published", path=terminal.shown(made.folder), files=made.files, size=size))

"""`ptce path`: how two actors are linked, in sentences."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from ptce_graph.cli.settings import CONTEXT, common, endpoint, opened, say, settings, write


@click.command(context_settings=CONTEXT)
@click.argument("first", metavar="X")
@click.argument("second", metavar="Y")
@click.option("--layer", "layers", multiple=True, metavar="LAYER", help="Kind of relation.")
@click.option("--as-of", "as_of", default="", metavar="YEAR", help="What may hold at that date.")
@click.option("--count", type=click.IntRange(1, 100), default=3, help="Paths at most [default: 3].")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@endpoint
@common
def path(
    first: str, second: str, layers: tuple[str, ...], as_of: str, count: int, as_json: bool
) -> None:
    """Say how two actors are linked: the shortest meaningful paths, each link with its source.

    X and Y are keys, names or IRIs. To go through an actor that everybody is linked to counts as
    one link more.

    \b
    Example:
      ptce path scic-eole "Plaine Commune"
      ptce path labo-ess sud-aquitaine --layer membership --layer cooperation
    """
    from ptce_graph.network.paths import sentences

    graph, language = opened(), settings().language
    network, found = graph.path(first, second, layers=layers, as_of=as_of, count=count)
    if as_json:
        blocks = [
            {**asdict(way), "sentences": list(sentences(network, way, language))} for way in found
        ]
        write(json.dumps(blocks, ensure_ascii=False, indent=1).encode() + b"\n", "-")
        return
    lines = []
    for number, way in enumerate(found, 1):
        names = " – ".join(network.nodes[iri]["label"] for iri in way.actors)
        lines.append(f"{number}. {names}")
        lines += [f"   {sentence}" for sentence in sentences(network, way, language)]
        lines.append("")
    write("\n".join(lines).encode(), "-")
    if not found:
        click.echo(say("no path"), err=True)

"""`ptce serve`: the graph on the web, live and read-only."""

from __future__ import annotations

import click

from ptce_graph.cli.settings import CONTEXT, common, say, settings


@click.command(context_settings=CONTEXT)
@click.argument("target", metavar="[FILE|FOLDER]", required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 1000), help="Processes (default: 4 a core).")
@click.option("--time", type=click.FloatRange(0.1), help="Seconds of an answer (default: 30).")
@click.option("--memory", type=click.IntRange(16), help="MB of a query (default: 1024).")
@click.option("--result", type=click.IntRange(1), help="MB of an answer (default: 512).")
@click.option("--rate", type=click.FloatRange(0), help="Requests a second of a client (50).")
@click.option("--service", "services", multiple=True, metavar="URL", help="SERVICE it may ask.")
@click.option("--proxy", "proxies", multiple=True, metavar="ADDRESS", help="Proxy to believe.")
@common
def serve(
    target: str | None,
    host: str,
    port: int,
    services: tuple[str, ...],
    proxies: tuple[str, ...],
    **limits: float | None,
) -> None:
    """Serve the graph: SPARQL, each thing at its address, the questions.

    \b
    Example:
      ptce serve --port 8000
      ptce serve graph/build/ptce.trig --time 10
    """
    given = {name: value for name, value in limits.items() if value is not None}
    settings().graph.serve(
        target,
        host=host,
        port=port,
        proxies=proxies,
        ready=lambda address: click.echo(say("serving", address=address), err=True),
        services=services,
        **given,
    )

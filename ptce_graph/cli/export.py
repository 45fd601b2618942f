"""`ptce export`: the graph in an RDF format."""

from __future__ import annotations

import click

from ptce_graph.cli.settings import CONTEXT, common, output, settings, write

EXPORT_FORMATS = ("turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml", "ontology-html")


@click.command(context_settings=CONTEXT)
@click.option("-f", "--format", "form", type=click.Choice(EXPORT_FORMATS), required=True)
@output
@common
def export(form: str, target: str) -> None:
    """Write the whole graph in an RDF format, or the page that explains the ontology.

    \b
    Example:
      ptce export -f turtle -o ptce.ttl
      ptce export -f ontology-html -o ontology.html
    """
    write(settings().graph.export(form), target)

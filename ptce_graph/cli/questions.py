"""`ptce questions`: the questions that can be asked."""

from __future__ import annotations

import click

from ptce_graph.catalogue import by_theme, example, markdown, theme_label
from ptce_graph.cli.settings import CONTEXT, common, settings, write


@click.command(context_settings=CONTEXT)
@click.option("--markdown", "as_markdown", is_flag=True, help="Print queries/README.md.")
@common
def questions(as_markdown: bool) -> None:
    """List the questions by theme, each with an example.

    \b
    Example:
      ptce questions --lang en
    """
    found = settings().graph.questions().values()
    if as_markdown:
        write(markdown(found).encode(), "-")
        return
    language = settings().language
    for theme, group in by_theme(found):
        click.secho(theme_label(theme, language), bold=True)
        for question in group:
            click.echo(f"  {question.question[language]}")
            click.secho(f"    {example(question)}", dim=True)
        click.echo()

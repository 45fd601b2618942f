"""`ptce ask`: answers to the questions, and to any SPARQL query."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ptce_graph import terminal
from ptce_graph.catalogue import example
from ptce_graph.cli.settings import (
    CONTEXT,
    Settings,
    common,
    common_parameters,
    keep,
    say,
    settings,
    write,
)
from ptce_graph.errors import PtceError

if TYPE_CHECKING:
    from ptce_graph.query import Answer, Question

LONG = 1.0
"""Seconds from which the time of an answer is said."""
ASK_FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl", "jsonld", "xlsx")


class Questions(click.Group):
    """Each question is a command whose options are its parameters."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the questions."""
        return list(ctx.ensure_object(Settings).graph.questions())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the command of a question, of a file, or of standard input."""
        path = Path(cmd_name)
        if cmd_name == "-" or (path.suffix in (".rq", ".sparql") and path.is_file()):
            return sparql_command(cmd_name)
        from ptce_graph.query import find_question

        project = ctx.ensure_object(Settings).graph.project
        return question_command(find_question(project, cmd_name), ctx)


@click.group(
    cls=Questions,
    subcommand_metavar="QUESTION [PARAMETERS]",
    context_settings=CONTEXT | {"allow_interspersed_args": False},
)
@common
def ask() -> None:
    """Answer a question, or any SPARQL query from a file or from - (standard input).

    \b
    Example:
      ptce ask members-of-pole --pole sud-aquitaine
      ptce ask members-of-pole --pole sud-aquitaine --excel -o members.csv
      ptce ask members-of-pole --pole sud-aquitaine --endpoint https://example.org/sparql
      echo 'SELECT * WHERE { ?s ?p ?o } LIMIT 5' | ptce ask -
    """


def _answer_options() -> list[click.Parameter]:
    kind = click.Choice(ASK_FORMATS)
    return [
        click.Option(["--format", "form"], type=kind, default="table", help="Form of the answer."),
        click.Option(["--excel"], is_flag=True, help="CSV that a French Excel opens rightly."),
        click.Option(
            ["--endpoint"],
            metavar="URL",
            expose_value=False,
            callback=keep("endpoint"),
            help="SPARQL service to ask in place of the graph built here.",
        ),
        click.Option(["-o", "--output", "target"], metavar="FILE", default="-", help="File."),
    ]


def question_command(question: Question, ctx: click.Context) -> click.Command:
    """Return the command that asks a question, with one option per parameter."""
    language = ctx.ensure_object(Settings).language
    options: list[click.Parameter] = [
        click.Option(
            [f"--{parameter.name}", f"p_{parameter.name}"],
            metavar=parameter.type.upper(),
            help=f"{parameter.label[language]} [{parameter.default}]",
        )
        for parameter in question.parameters
        if parameter.name != "language"
    ]

    def answer(form: str, excel: bool, target: str, **arguments: str | None) -> None:
        given = {k.removeprefix("p_"): v for k, v in arguments.items() if v is not None}
        click.echo(question.question[settings().language], err=True)
        show(lambda: settings().graph.ask(question.name, **given), form, excel, target)

    summary = f"{question.question[language]}\n\n{question.description[language]}"
    help_text = f"{summary}\n\n\b\nExample:\n  {example(question)}"
    command = click.Command(
        question.name,
        callback=answer,
        params=options + _answer_options(),
        help=help_text,
        short_help=question.question[language],
        context_settings=CONTEXT,
    )
    return common_parameters(command)


def sparql_command(name: str) -> click.Command:
    """Return the command that runs the SPARQL of a file, or of standard input."""

    def answer(form: str, excel: bool, target: str) -> None:
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
        except UnicodeDecodeError as error:
            raise PtceError(
                f"{name}: not UTF-8 (save the query as UTF-8)",
                f"{name} : pas en UTF-8 (enregistrez la requête en UTF-8)",
            ) from error
        show(lambda: settings().graph.ask(text), form, excel, target)

    command = click.Command(
        name, callback=answer, params=_answer_options(), context_settings=CONTEXT
    )
    return common_parameters(command)


def show(ask: Callable[[], Answer], form: str, excel: bool, target: str) -> None:
    """Print or write an answer; on a terminal, show that it is awaited, and say a long time."""
    from ptce_graph import results

    start = time.monotonic()
    if excel or form != "table":
        with terminal.progress():
            data = (results.to_excel_csv if excel else results.FORMATS[form])(ask())
        if form == "xlsx" and not excel and target == "-" and sys.stdout.isatty():
            raise click.UsageError("xlsx is no text: name a file with -o")
        write(data, target)
    else:
        with terminal.progress():
            header, body = results.rows(ask())
        write(terminal.table(header, body, settings().language).encode(), target)
        text = say("row" if len(body) == 1 else "rows", count=len(body)) if body else say("no row")
        click.echo(text, err=True)
    took = time.monotonic() - start
    if took > LONG:
        click.echo(f"{took:.1f} s", err=True)

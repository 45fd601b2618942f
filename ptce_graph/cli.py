"""The command `ptce`: the verbs of the package on the command line, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from ptce_graph import terminal
from ptce_graph.catalogue import by_theme, example, markdown, theme_label
from ptce_graph.errors import Problem, PtceError
from ptce_graph.graph import Graph

if TYPE_CHECKING:
    from ptce_graph.build import Build
    from ptce_graph.query import Answer, Question

F = TypeVar("F", bound=Callable[..., Any])
ASK_FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl", "jsonld", "xlsx")
EXPORT_FORMATS = ("turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml", "ontology-html")
NETWORK_FORMATS = ("gexf", "graphml", "csv", "json")
SEVERITIES = ("error", "warning", "information")
SHOWN_PROBLEMS = 50


def say(key: str, **values: object) -> str:
    """Return a text for people in the language of the run."""
    return terminal.text(key, settings().language, **values)


class Settings:
    """What `--project` and `--lang` say, before or after the verb."""

    def __init__(self) -> None:
        self.language = terminal.default_language()
        self.path: str | None = None
        self.endpoint: str | None = None

    @property
    def graph(self) -> Graph:
        """The graph of the run."""
        return Graph(self.path, self.language, endpoint=self.endpoint)


def settings() -> Settings:
    """Return the settings of the run."""
    return click.get_current_context().ensure_object(Settings)


def _keep(name: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
    def callback(context: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            setattr(context.ensure_object(Settings), name, value)

    return callback


def common(command: F) -> F:
    """Add --project and --lang to a command."""
    project = click.option(
        "--project",
        metavar="FOLDER",
        expose_value=False,
        callback=_keep("path"),
        help="Folder that holds graph/ (default: here, else the installed data).",
    )
    language = click.option(
        "--lang",
        type=click.Choice(["fr", "en"]),
        expose_value=False,
        callback=_keep("language"),
        help="Language of labels and messages (default: the machine's).",
    )
    return project(language(command))


def output(command: F) -> F:
    """Add -o to a command."""
    return click.option(
        "-o", "--output", "target", metavar="FILE", default="-", help="File to write (- : stdout)."
    )(command)


CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="ptce-graph", prog_name="ptce")
@common
def ptce() -> None:
    """Knowledge graph of the French social and solidarity economy and of its PTCE.

    \b
    Example:
      ptce build
      ptce ask coordinators --pole sud-aquitaine
      ptce draw -o network.html
    """


@ptce.command()
@click.option("--keep-good", is_flag=True, help="Build from the good rows; still exits 1.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
@common
def build(keep_good: bool, as_json: bool) -> None:
    """Build the graph from the tables, whole or not at all.

    \b
    Example:
      ptce build
      ptce --project my-folder build --keep-good
    """
    from ptce_graph.build import FailedBuild

    graph = settings().graph
    made: Build | None = None
    try:
        with terminal.progress() as step:
            made = graph.build(keep_good=keep_good, progress=step)
        receipt = made.receipt
    except FailedBuild as error:
        receipt = error.receipt
    if as_json:
        value = receipt.as_dict(settings().language) | {"built": made is not None}
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
    else:
        _show_problems(receipt.problems)
    if made is None:
        click.echo(say("not built", count=len(receipt.errors)), err=True)
    elif not as_json:
        total = receipt.total()
        numbers = asdict(total) | {"triples": made.triples, "inferred": made.inferred}
        click.echo(say("built", **numbers))
        if total.suppressed:
            click.echo(say("suppressed", count=total.suppressed))
        for path in (graph.project.nquads, graph.project.turtle):
            click.echo(f"  {terminal.shown(path)}")
    if receipt.errors:
        sys.exit(1)


def _show_problems(problems: list[Problem]) -> None:
    for problem in problems[:SHOWN_PROBLEMS]:
        click.echo(problem.describe(settings().language), err=True)
    if len(problems) > SHOWN_PROBLEMS:
        click.echo(say("more", count=len(problems) - SHOWN_PROBLEMS), err=True)


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


@ptce.group(
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
            callback=_keep("endpoint"),
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
        show(settings().graph.ask(question.name, **given), form, excel, target)

    summary = f"{question.question[language]}\n\n{question.description}"
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
        show(settings().graph.ask(text), form, excel, target)

    command = click.Command(
        name, callback=answer, params=_answer_options(), context_settings=CONTEXT
    )
    return common_parameters(command)


def common_parameters(command: click.Command) -> click.Command:
    """Add --project and --lang to a command made at run time."""

    @common
    def carrier() -> None:
        pass

    command.params += reversed(carrier.__click_params__)  # type: ignore[attr-defined]
    return command


def show(answer: Answer, form: str, excel: bool, target: str) -> None:
    """Print or write an answer."""
    from ptce_graph import results

    if excel:
        write(results.to_excel_csv(answer), target)
    elif form != "table":
        data = results.FORMATS[form](answer)
        if form == "xlsx" and target == "-" and sys.stdout.isatty():
            raise click.UsageError("xlsx is no text: name a file with -o")
        write(data, target)
    else:
        header, body = results.rows(answer)
        write(terminal.table(header, body, settings().language).encode(), target)
        text = say("row" if len(body) == 1 else "rows", count=len(body)) if body else say("no row")
        click.echo(text, err=True)


def write(data: bytes, target: str) -> None:
    """Write to a file at once, or to standard output."""
    if target == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from ptce_graph.dataset import writing

    if not Path(target).parent.is_dir():
        raise PtceError(
            f"{target}: its folder is not there (make it first)",
            f"{target} : son dossier n'existe pas (créez-le d'abord)",
        )
    with writing(Path(target)) as file:
        file.write(data)
    click.echo(say("written", path=target), err=True)


@ptce.command()
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


@ptce.command()
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES),
    default="information",
    help="Tell what is as grave as this, or graver [information].",
)
@click.option("--all", "whole", is_flag=True, help="Tell every finding, not ten of each kind.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the table of graph/README.md.")
@common
def check(severity: str, whole: bool, as_json: bool, as_markdown: bool) -> None:
    """Check the built graph: what is wrong, which row says so, how to mend it.

    Errors give status 3; warnings and information do not.

    \b
    Example:
      ptce check
      ptce check --severity error --lang fr
    """
    from ptce_graph import findings

    found = settings().graph.check()
    told = findings.graver(found, severity)
    language = settings().language
    if as_json:
        click.echo(json.dumps(findings.as_dict(told), ensure_ascii=False, indent=1))
    elif as_markdown:
        write(findings.to_markdown(told, language).encode(), "-")
    else:
        width = shutil.get_terminal_size((100, 24)).columns
        for line in findings.report(told, language, width, whole=whole):
            click.secho(line, bold=not line.startswith("    "))
        click.secho(findings.count(found, language), bold=True)
        click.echo(say("tables", path=terminal.shown(settings().graph.project.sources)))
    if any(finding.severity == "error" for finding in found):
        sys.exit(3)


@ptce.command()
@click.option("--format", "form", type=click.Choice(NETWORK_FORMATS), help="[default: by FILE]")
@output
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
    write(networks.FORMATS[form](settings().graph.network(), settings().language), target)


@ptce.command()
@output
@common
def draw(target: str) -> None:
    """Draw the network as one HTML page that needs no connection.

    \b
    Example:
      ptce draw -o network.html
    """
    write(settings().graph.draw().encode(), target)


@ptce.command()
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


def main() -> NoReturn:
    """Run the command line; a failure is one sentence and status 1."""
    run = Settings()
    try:
        ptce(obj=run)
    except PtceError as error:
        click.echo(f"ptce: {error.describe(run.language)}", err=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        click.echo(f"ptce: {name}{error.strerror or error}", err=True)
    sys.exit(1)

"""The command `ptce`: the verbs of the package on the command line, and nothing else."""

from __future__ import annotations

import json
import locale
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from ptce_graph.errors import Problem, PtceError
from ptce_graph.graph import Graph

if TYPE_CHECKING:
    from ptce_graph.query import Answer, Question

F = TypeVar("F", bound=Callable[..., Any])
ASK_FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl", "jsonld", "xlsx")
EXPORT_FORMATS = ("turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml")
NETWORK_FORMATS = ("gexf", "graphml", "csv", "json")
SHOWN_PROBLEMS = 50

TEXTS = {
    "built": {
        "en": "{accepted:,} rows accepted, {merged:,} merged, {rejected:,} rejected "
        "(of {rows:,}); {lines:,} triples",
        "fr": "{accepted:,} lignes acceptées, {merged:,} fusionnées, {rejected:,} rejetées "
        "(sur {rows:,}) ; {lines:,} triplets",
    },
    "not built": {
        "en": "nothing was built: {count:,} errors (--keep-good builds from the good rows)",
        "fr": "rien n'a été construit : {count:,} erreurs (--keep-good construit avec le reste)",
    },
    "more": {
        "en": "… and {count:,} more (--json lists all)",
        "fr": "… et {count:,} autres (--json)",
    },
    "rows": {"en": "{count:,} rows", "fr": "{count:,} lignes"},
    "no row": {
        "en": "no row: the graph does not know, which does not mean that there is none",
        "fr": "aucune ligne : le graphe ne sait pas, ce qui ne veut pas dire qu'il n'y en a pas",
    },
    "written": {"en": "written: {path}", "fr": "écrit : {path}"},
}

HEADERS = {
    "address": {"fr": "adresse"},
    "answer": {"fr": "réponse"},
    "asOf": {"en": "as of", "fr": "à la date de"},
    "certainty": {"fr": "certitude"},
    "coordinator": {"fr": "coordinateur"},
    "counted": {"fr": "compte"},
    "date": {"fr": "date"},
    "document": {"fr": "document"},
    "kind": {"fr": "genre"},
    "label": {"en": "kind", "fr": "genre"},
    "measure": {"fr": "mesure"},
    "memberOf": {"en": "member of", "fr": "membre de"},
    "minimum": {"en": "at least", "fr": "au moins"},
    "name": {"fr": "nom"},
    "note": {"fr": "note"},
    "organisation": {"fr": "organisation"},
    "organisations": {"fr": "organisations"},
    "place": {"fr": "lieu"},
    "pole": {"fr": "pôle"},
    "poleName": {"en": "pole", "fr": "pôle"},
    "poles": {"fr": "pôles"},
    "publisher": {"fr": "éditeur"},
    "role": {"fr": "rôle"},
    "seen": {"en": "seen in", "fr": "observé en"},
    "since": {"fr": "depuis"},
    "source": {"fr": "source"},
    "statement": {"fr": "énoncé"},
    "thing": {"fr": "chose"},
    "until": {"fr": "jusqu'à"},
}
"""Variable of a question → what stands above its column, where that is not its name."""


def say(key: str, **values: object) -> str:
    """Return a text of the catalogue in the language of the run."""
    text = TEXTS[key][settings().language].format(**values)
    return text.replace(",", "\u202f") if settings().language == "fr" else text


def default_language() -> str:
    """Return fr where the machine speaks French, else en."""
    names = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((n for n in names if n), None) or locale.getlocale()[0] or ""
    return "fr" if name.lower().startswith("fr") else "en"


class Settings:
    """What `--project` and `--lang` say, before or after the verb."""

    def __init__(self) -> None:
        self.language = default_language()
        self.path: str | None = None

    @property
    def graph(self) -> Graph:
        """The graph of the run."""
        return Graph(self.path, self.language)


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
    try:
        with progress() as step:
            made = graph.build(keep_good=keep_good, progress=step)
        receipt, lines = made.receipt, made.lines
    except FailedBuild as error:
        receipt, lines = error.receipt, 0
    if as_json:
        value = receipt.as_dict(settings().language) | {"built": bool(lines)}
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
    else:
        _show_problems(receipt.problems)
    if not lines:
        click.echo(say("not built", count=len(receipt.errors)), err=True)
    elif not as_json:
        total = receipt.total()
        counts = {name: getattr(total, name) for name in ("rows", "accepted", "merged", "rejected")}
        click.echo(say("built", lines=lines, **counts))
        for path in (graph.project.nquads, graph.project.turtle):
            click.echo(f"  {shown(path)}")
    if receipt.errors:
        sys.exit(1)


def _show_problems(problems: list[Problem]) -> None:
    for problem in problems[:SHOWN_PROBLEMS]:
        click.echo(problem.describe(settings().language), err=True)
    if len(problems) > SHOWN_PROBLEMS:
        click.echo(say("more", count=len(problems) - SHOWN_PROBLEMS), err=True)


def shown(path: Path) -> str:
    """Return a path as short as it can be written from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


class progress:  # noqa: N801 (used as a function)
    """Show on a terminal, after a second, which table is being read and how far."""

    def __enter__(self) -> Callable[[str, int], None]:
        """Return the function to call with the name of a table and a number of rows."""
        self._live: Any = None
        if not sys.stderr.isatty():
            return lambda name, rows: None
        from rich.console import Console

        self._live = Console(stderr=True).status("…")
        self._live.start()
        return lambda name, rows: self._live.update(f"{name}: {rows:,}")

    def __exit__(self, *_: object) -> None:
        """Take the line away."""
        if self._live:
            self._live.stop()


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
      echo 'SELECT * WHERE { ?s ?p ?o } LIMIT 5' | ptce ask -
    """


def _answer_options() -> list[click.Parameter]:
    kind = click.Choice(ASK_FORMATS)
    return [
        click.Option(["--format", "form"], type=kind, default="table", help="Form of the answer."),
        click.Option(["--excel"], is_flag=True, help="CSV that a French Excel opens rightly."),
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


def example(question: Question) -> str:
    """Return a command that asks a question, with the values that stand in its file."""
    words = ["ptce ask", question.name]
    for parameter in question.parameters:
        prefix, colon, local = parameter.default.partition(":")
        if parameter.type == "iri" and colon:
            words.append(f"--{parameter.name} {local if parameter.kind else f'{prefix}/{local}'}")
        elif parameter.type == "iri":
            words.append(f"[--{parameter.name} KEY]")
    return " ".join(words)


def sparql_command(name: str) -> click.Command:
    """Return the command that runs the SPARQL of a file, or of standard input."""

    def answer(form: str, excel: bool, target: str) -> None:
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
        except UnicodeDecodeError as error:
            raise PtceError(f"{name}: not UTF-8 (save the query as UTF-8)") from error
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
        write(table(header, body).encode(), target)
        text = say("rows", count=len(body)) if body else say("no row")
        click.echo(text, err=True)


def table(header: list[str], body: list[list[str]]) -> str:
    """Return rows as a table for people: as wide as the terminal, or as wide as needed.

    What is the same in every row is said once, above; IRIs of things are left out where there is
    something else to read.
    """
    import io

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from ptce_graph.results import is_thing, shorten

    columns = {i: [row[i] for row in body] for i, _ in enumerate(header)}
    named = {i: cells for i, cells in columns.items() if not all(map(is_thing, cells))}
    shown = {i: list(map(shorten, cells)) for i, cells in (named or columns).items() if any(cells)}
    titles = {i: HEADERS.get(header[i], {}).get(settings().language, header[i]) for i in shown}
    once = {i: cells[0] for i, cells in shown.items() if len(set(cells)) == 1}
    text = io.StringIO()
    wide = sys.stdout.isatty()
    console = Console(file=text, width=None if wide else 10_000, force_terminal=wide)
    facts = Table.grid(padding=(0, 2))
    for i, cell in once.items():
        facts.add_row(Text(titles[i], style="bold"), Text(cell, overflow="fold"))
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    varying = [i for i in shown if i not in once]
    for i in varying:
        grid.add_column(titles[i], overflow="fold")
    for cells in zip(*(shown[i] for i in varying), strict=True):
        grid.add_row(*map(Text, cells))
    if once:
        console.print(facts)
    if once and varying:
        console.print()
    if varying:
        console.print(grid)
    return "".join(line.rstrip() + "\n" for line in text.getvalue().splitlines())


def write(data: bytes, target: str) -> None:
    """Write to a file at once, or to standard output."""
    if target == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from ptce_graph.dataset import writing

    with writing(Path(target)) as file:
        file.write(data)
    click.echo(say("written", path=target), err=True)


@ptce.command()
@common
def questions() -> None:
    """List the questions by theme, each with an example.

    \b
    Example:
      ptce questions --lang en
    """
    from itertools import groupby

    found = sorted(settings().graph.questions().values(), key=lambda q: (q.theme, q.name))
    for theme, group in groupby(found, key=lambda q: q.theme):
        click.secho(theme, bold=True)
        for question in group:
            click.echo(f"  {question.name}: {question.question[settings().language]}")
            click.secho(f"    {example(question)}", dim=True)


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
    """Write the whole graph in an RDF format.

    \b
    Example:
      ptce export -f turtle -o ptce.ttl
    """
    write(settings().graph.export(form), target)


def main() -> NoReturn:
    """Run the command line; a failure is one sentence and status 1."""
    try:
        ptce(obj=Settings())
    except PtceError as error:
        click.echo(f"ptce: {error}", err=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        click.echo(f"ptce: {name}{error.strerror or error}", err=True)
    sys.exit(1)

"""What all verbs of the command line share: settings, common options, where output goes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ptce_graph import terminal
from ptce_graph.errors import PtceError
from ptce_graph.graph import Graph

F = TypeVar("F", bound=Callable[..., Any])
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


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


def keep(name: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
    """Return what keeps the value of an option in the settings of the run."""

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
        callback=keep("path"),
        help="Folder that holds graph/ (default: here, else the installed data).",
    )
    language = click.option(
        "--lang",
        type=click.Choice(["fr", "en"]),
        expose_value=False,
        callback=keep("language"),
        help="Language of labels and messages (default: the machine's).",
    )
    return project(language(command))


def output(command: F) -> F:
    """Add -o to a command."""
    return click.option(
        "-o", "--output", "target", metavar="FILE", default="-", help="File to write (- : stdout)."
    )(command)


def endpoint(command: F) -> F:
    """Add --endpoint to a command."""
    return click.option(
        "--endpoint",
        metavar="URL",
        expose_value=False,
        callback=keep("endpoint"),
        help="SPARQL service to read in place of the graph built here.",
    )(command)


def opened() -> Graph:
    """Return the graph of the run; the triples of a service are read, with progress shown."""
    graph = settings().graph
    if graph.endpoint is not None:
        with terminal.progress() as step:
            graph.store(step)
    return graph


def common_parameters(command: click.Command) -> click.Command:
    """Add --project and --lang to a command made at run time."""

    @common
    def carrier() -> None:
        pass

    command.params += reversed(carrier.__click_params__)  # type: ignore[attr-defined]
    return command


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

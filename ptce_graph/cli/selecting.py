"""The options that say which part of the network is wanted, shared by the verbs that show it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ptce_graph.cli.settings import CONTEXT, common, endpoint, output
from ptce_graph.errors import PtceError

F = TypeVar("F", bound=Callable[..., Any])
NETWORK_VIEWS = ("all", "two-mode", "co-membership", "cooperation", "funding", "country")
SELECTING = CONTEXT | {"ignore_unknown_options": True, "allow_extra_args": True}
"""Settings of a command that passes the options of a question on."""

_OPTIONS = (
    click.option("--view", type=click.Choice(NETWORK_VIEWS), help="Which links [default: all]."),
    click.option("--territory", metavar="PLACE", help="Actors located there, and their links."),
    click.option("--pole", metavar="POLE", help="One pole, and who is linked to it."),
    click.option("--kind", metavar="KIND", help="Actors of a kind, such as cooperative."),
    click.option("--ego", metavar="ACTOR", help="One actor, and what is around it."),
    click.option("--steps", type=click.IntRange(0, 9), help="How far around it [default: 1]."),
    click.option("--layer", "layers", multiple=True, metavar="LAYER", help="Kind of relation."),
    click.option("--as-of", "as_of", metavar="YEAR", help="What may hold that year, month or day."),
    click.option(
        "--question",
        metavar="NAME",
        help="The answer of a question, with its options, or of a file .rq (- for stdin).",
    ),
)
_OF_A_QUESTION = ("territory", "pole", "kind", "ego")
"""Options that are those of the question where one is asked."""


def selecting(command: F) -> F:
    """Add the options of a selection, -o, --endpoint, --project and --lang to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return output(endpoint(common(command)))


def wanted(options: dict[str, Any]) -> dict[str, Any]:
    """Return what `Graph.network` is asked for, of the options of `selecting` and what follows.

    Raises:
        click.UsageError: options that nothing knows, or that do not go together.
        PtceError: the file of a question cannot be read.
    """
    given = {name: value for name, value in options.items() if value not in (None, ())}
    extra = _extra(click.get_current_context().args)
    question = given.pop("question", None)
    if question is None:
        if extra:
            raise click.UsageError(f"No such option: --{next(iter(extra))}")
        return given
    extra |= {name: given.pop(name) for name in _OF_A_QUESTION if name in given}
    if left := given.keys() - {"view"}:
        option = sorted(left)[0].replace("_", "-").replace("layers", "layer")
        raise click.UsageError(f"--question does not go with --{option}")
    return {**given, "question": _question(question), "parameters": extra}


def _extra(words: list[str]) -> dict[str, str]:
    """Return the options, with their values, that the command does not know."""
    found, rest = {}, iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if not name.startswith("--"):
            raise click.UsageError(f"Got unexpected extra argument ({word})")
        found[name[2:]] = value if equals else next(rest, "")
    return found


def _question(name: str) -> str:
    if name != "-" and not name.endswith(".rq"):
        return name
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise PtceError(
            f"{name}: not UTF-8 (save the query as UTF-8)",
            f"{name} : pas en UTF-8 (enregistrez la requête en UTF-8)",
        ) from error

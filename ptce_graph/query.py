"""Questions: SPARQL files with front matter, their parameters, and their answers.

A question is a `.rq` file that runs as it is in any SPARQL tool. Its front matter is YAML behind
`#+` (the syntax of grlc). A parameter is bound by replacing what stands in the author's own
`VALUES ?name { … }`, with a term that is checked and escaped: a value is never syntax.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import Literal, NamedNode

from ptce_graph import identifiers, labels
from ptce_graph.errors import Invalid, QueryError
from ptce_graph.namespaces import ID, XSD
from ptce_graph.project import Project

LANGUAGES = ("fr", "en")
TYPES = ("iri", "text", "integer", "date")
_KEYS = {"question", "description", "theme", "view", "parameters"}
_PARAMETER_KEYS = {"type", "label", "kind"}
_FRONT = re.compile(r"#\+ ?(.*)")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a question.

    Attributes:
        type: one of TYPES.
        label: what it is, by language.
        kind: for an IRI, the part of `https://w3id.org/ptce/id/KIND/` that keys are taken in.
        default: what stands in the file, as SPARQL.
    """

    name: str
    type: str
    label: Mapping[str, str]
    kind: str
    default: str


@dataclass(frozen=True, slots=True)
class Question:
    """One `.rq` file: a documented question in two languages."""

    name: str
    question: Mapping[str, str]
    description: Mapping[str, str]
    theme: str
    view: str
    parameters: tuple[Parameter, ...]
    text: str


def read_questions(project: Project) -> dict[str, Question]:
    """Return the questions of a project by name.

    Raises:
        QueryError: a file is badly written.
    """
    paths = sorted((project.queries / "questions").glob("*.rq"))
    return {path.stem: read_question(path) for path in paths}


def find_question(project: Project, name: str) -> Question:
    """Return the question of that name.

    Raises:
        QueryError: there is none, or its file is badly written.
    """
    path = project.queries / "questions" / f"{name}.rq"
    if _NAME.fullmatch(name) and path.is_file():
        return read_question(path)
    names = sorted(path.stem for path in path.parent.glob("*.rq"))
    close = difflib.get_close_matches(name, names, 3, 0.4) or names
    raise QueryError(
        f'no question is called "{name}" (did you mean {", ".join(close)}?)',
        f"aucune question ne s'appelle « {name} » (vouliez-vous dire {', '.join(close)} ?)",
    )


def read_question(path: Path) -> Question:
    """Read one question.

    Raises:
        QueryError: its front matter or its parameters are not as they must be.
    """
    text = path.read_text("utf-8")
    front = read_front(path.name, text)
    try:
        return _question(path.stem, front, text)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise QueryError(f"{path.name}: front matter: {error}") from error


def read_front(name: str, text: str) -> Any:
    """Return the front matter of a SPARQL file: the YAML behind `#+`, or None.

    Raises:
        QueryError: it is no YAML.
    """
    import yaml

    lines = [_FRONT.fullmatch(line) for line in text.splitlines()]
    try:
        return yaml.safe_load("\n".join(match[1] for match in lines if match))
    except yaml.YAMLError as error:
        raise QueryError(f"{name}: the front matter is no YAML ({error})") from error


def _question(name: str, front: Any, text: str) -> Question:
    _require(front, {"question", "theme", "view"}, _KEYS, "it")
    _require(front["question"], set(LANGUAGES), set(LANGUAGES), "question")
    description = front.get("description", dict.fromkeys(LANGUAGES, ""))
    _require(description, set(LANGUAGES), set(LANGUAGES), "description")
    parameters = []
    for key, value in (front.get("parameters") or {}).items():
        _require(value, {"type", "label"}, _PARAMETER_KEYS, key)
        _require(value["label"], set(LANGUAGES), set(LANGUAGES), f"label of {key}")
        if value["type"] not in TYPES:
            raise ValueError(f"type of {key} must be one of {', '.join(TYPES)}")
        blocks = {block.strip() for block in _values(key).findall(_code(text))}
        if len(blocks) != 1:
            raise ValueError(f"parameter {key} needs its VALUES ?{key} {{ … }}, always the same")
        default = blocks.pop()
        parameters.append(
            Parameter(key, value["type"], value["label"], value.get("kind", ""), default)
        )
    return Question(
        name,
        front["question"],
        description,
        front["theme"],
        front["view"],
        tuple(parameters),
        text,
    )


def _require(value: Any, required: set[str], allowed: set[str], where: str) -> None:
    if not isinstance(value, dict):
        raise TypeError(f"{where} must have {', '.join(sorted(required))}")
    if missing := required - set(value):
        raise KeyError(f"{where} lacks {', '.join(sorted(missing))}")
    if unknown := set(value) - allowed:
        raise KeyError(f"{where} has unknown keys: {', '.join(sorted(unknown))}")


def _values(name: str) -> re.Pattern[str]:
    return re.compile(rf"VALUES\s+\?{re.escape(name)}\s*\{{([^{{}}]*)\}}", re.IGNORECASE)


def _code(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def bind(
    question: Question, arguments: Mapping[str, str], store: pyoxigraph.Store, language: str = "en"
) -> str:
    """Return the SPARQL of a question with its parameters bound.

    A parameter called `language` is the language of the labels: by default `language`.

    Args:
        question: the question.
        arguments: values by name; an IRI may be given whole, by its key or by a label.
        store: where keys and labels are looked up.
        language: fr or en.

    Raises:
        QueryError: a name is not a parameter, or a value does not fit; it says what would.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    if unknown := set(arguments) - set(known):
        names = ", ".join(sorted(unknown))
        raise QueryError(
            f"{question.name} has no parameter {names}",
            f"{question.name} n'a pas de paramètre {names}",
        )
    if "language" in known:
        arguments = {"language": language, **arguments}
    text = question.text
    for name, value in arguments.items():
        block = f"VALUES ?{name} {{ {_term(known[name], value, store)} }}"
        text = block.join(_values(name).split(text)[::2])
    return text


def _term(parameter: Parameter, value: str, store: pyoxigraph.Store) -> NamedNode | Literal:
    if parameter.type == "iri":
        return _iri(parameter, value, store)
    if parameter.type == "integer":
        if not re.fullmatch(r"[+-]?[0-9]+", value, re.ASCII):
            raise QueryError(
                f'--{parameter.name}: "{value}" is no whole number',
                f"--{parameter.name} : « {value} » n'est pas un nombre entier",
            )
        return Literal(value, datatype=NamedNode(XSD + "integer"))
    if parameter.type == "date":
        try:
            text, datatype, _ = identifiers.partial_date(value)
        except Invalid as error:
            raise QueryError(
                f'--{parameter.name}: "{value}" is no date (write {error.detail})',
                f"--{parameter.name} : « {value} » n'est pas une date (écrivez {error.detail})",
            ) from error
        return Literal(text, datatype=NamedNode(datatype))
    return Literal(value)


def _iri(parameter: Parameter, value: str, store: pyoxigraph.Store) -> NamedNode:
    base, text, iri = read_iri(parameter, value)
    known = {iri} if iri and _exists(store, iri) else set()
    if not known and iri != text:
        known = set(labels.find(store, base, text))
    if len(known) == 1:
        return NamedNode(known.pop())
    if known:
        keys = ", ".join(sorted(iri.removeprefix(base) for iri in known))
        raise QueryError(
            f'--{parameter.name}: several things are called "{value}": {keys}',
            f"--{parameter.name} : plusieurs choses s'appellent « {value} » : {keys}",
        )
    close = "; ".join(labels.closest(store, base, text))
    hint = f"did you mean {close}?" if close else f"nothing here has a name under {base}"
    conseil = f"vouliez-vous dire {close} ?" if close else f"rien n'a de nom ici sous {base}"
    raise QueryError(
        f'--{parameter.name}: nothing is called "{value}" ({hint})',
        f"--{parameter.name} : rien ne s'appelle « {value} » ({conseil})",
    )


def read_iri(parameter: Parameter, value: str) -> tuple[str, str, str]:
    """Return where keys are taken, what was given, and the IRI that it is or makes as a key.

    >>> read_iri(Parameter("pole", "iri", {}, "pole", ""), "sud-aquitaine")[2]
    'https://w3id.org/ptce/id/pole/sud-aquitaine'
    """
    text = value.strip().removeprefix("<").removesuffix(">")
    base = f"{ID}{parameter.kind}/" if parameter.kind else ID
    if _IRI.fullmatch(text) and "//" in text:
        return base, text, text
    return base, text, base + text if _IRI.fullmatch(base + text) else ""


def _exists(store: pyoxigraph.Store, iri: str) -> bool:
    try:
        node = NamedNode(iri)
    except ValueError:  # characters that no IRI has
        return False
    return next(store.quads_for_pattern(node, None, None, None), None) is not None


Answer = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples


def run(store: pyoxigraph.Store, sparql: str, **options: Any) -> Answer:
    """Return the answer of a SPARQL query over the default graph and the named graphs.

    Args:
        store: what is asked.
        sparql: the query.
        options: what else `pyoxigraph.Store.query` takes, such as `base_iri` or `default_graph`.

    Raises:
        QueryError: it is no SPARQL query.
    """
    try:
        return store.query(sparql, **options)
    except SyntaxError as error:
        raise QueryError(
            f"no SPARQL query: {error} (an update is none either)",
            f"ce n'est pas une requête SPARQL : {error} (une mise à jour n'en est pas une)",
        ) from error
    except (ValueError, OSError, RuntimeError) as error:
        french = f"la requête ne peut recevoir de réponse : {error}"
        raise QueryError(f"the query cannot be answered: {error}", french) from error

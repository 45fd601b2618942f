"""Who publishes a graph, under which title and version: `graph/publication.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ptce_graph.errors import ProjectError
from ptce_graph.mapping import is_iri
from ptce_graph.namespaces import BASE
from ptce_graph.project import Project

Texts = dict[str, str]

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class SourceSet:
    """A folder of tables: where its facts come from, and its licence."""

    folder: str
    title: Texts
    licence: str
    rights: Texts
    origin: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """What a release says of itself.

    Attributes:
        publisher: name of who publishes, by language.
        kind: code of the kind of publisher, in the list of ADMS.
        contact: `mailto:…` or the address of a form, or "" as long as there is none.
        page: address of a page about the publisher, or "".
        version: version of the data.
        released: day of the release.
        base: address of the site, with a slash at its end.
    """

    publisher: Texts
    kind: str
    contact: str
    page: str
    version: str
    released: date
    title: Texts
    description: Texts
    keywords: dict[str, list[str]]
    frequency: str
    themes: tuple[str, ...]
    sources: tuple[SourceSet, ...]
    base: str = BASE

    @property
    def citation(self) -> Texts:
        """How to cite the release, by language."""
        year, address = self.released.year, BASE + "dataset"
        return {
            "fr": f"{self.publisher['fr']} ({year}). {self.title['fr']}, version {self.version} "
            f"du {self.released:%d/%m/%Y}. {address}",
            "en": f"{self.publisher['en']} ({year}). {self.title['en']}, version {self.version} "
            f"of {self.released.isoformat()}. {address}",
        }


def read(
    project: Project, *, base: str = BASE, version: str | None = None, released: date | None = None
) -> Publication:
    """Return what `graph/publication.toml` says, of the project or of the installed data.

    Args:
        project: whose graph is published.
        base: address of the site.
        version: version of the release, in place of the one in the file.
        released: its day, in place of the one in the file.

    Raises:
        ProjectError: the file cannot be read, or lacks something, or an address is none.
    """
    path = project.publication
    try:
        found = _publication(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ProjectError(
            f"{path}: cannot be read ({error.strerror})",
            f"{path} : lecture impossible ({error.strerror})",
        ) from error
    except KeyError as error:
        raise ProjectError(
            f"{path}: {error.args[0]} is missing (add it, see the comments of the file)",
            f"{path} : {error.args[0]} manque (ajoutez-le, voir les commentaires du fichier)",
        ) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ProjectError(f"{path}: {error}", f"{path} : {error}") from error
    if not is_iri(base) or not base.startswith(("https://", "http://")):
        raise ProjectError(
            f"{base}: no address (write it whole, such as https://example.org/ptce/)",
            f"{base} : ce n'est pas une adresse (écrivez-la entière : https://example.org/ptce/)",
        )
    return replace(
        found,
        base=base.rstrip("/") + "/",
        version=version or found.version,
        released=released or found.released,
    )


def _publication(found: dict[str, Any]) -> Publication:
    publisher, release, dataset = found["publisher"], found["release"], found["dataset"]
    if not isinstance(release["date"], date):
        raise TypeError("date must be written as 2026-11-23, without quotes")
    contact, page = publisher.get("contact", ""), publisher.get("page", "")
    for address in (contact, page):
        if address and not is_iri(address):
            raise ValueError(f'"{address}" is no address (write mailto:… or https://…)')
    return Publication(
        publisher=_name(publisher["name"]),
        kind=publisher["kind"],
        contact=contact,
        page=page,
        version=str(release["version"]),
        released=release["date"],
        title=_texts(dataset["title"]),
        description=_texts(dataset["description"]),
        keywords={language: list(dataset["keywords"][language]) for language in LANGUAGES},
        frequency=dataset["frequency"],
        themes=tuple(dataset["themes"]),
        sources=tuple(
            SourceSet(
                source["folder"],
                _texts(source["title"]),
                source["licence"],
                _texts(source["rights"]),
                tuple(source["origin"]),
            )
            for source in found["sources"]
        ),
    )


def _name(found: str | dict[str, str]) -> Texts:
    """Return a name in both languages; most names are the same in both."""
    return dict.fromkeys(LANGUAGES, found) if isinstance(found, str) else _texts(found)


def _texts(found: dict[str, str]) -> Texts:
    return {language: found[language] for language in LANGUAGES}

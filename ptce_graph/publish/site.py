"""The static site: a page for everything, that any web server, or a folder, can give.

Nothing reaches the site but what `release` holds. The folder is put in place when it is whole.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode

from ptce_graph import catalogue, documentation, export, query, terms, view
from ptce_graph.errors import ProjectError
from ptce_graph.findings import Check
from ptce_graph.namespaces import BASE, INFERRED, ONTOLOGY, PREFIXES, RDF_TYPE
from ptce_graph.network import network, to_gexf
from ptce_graph.project import Project
from ptce_graph.publish import (
    addresses,
    changes,
    description,
    dumps,
    hosting,
    index,
    quality,
    questions,
    release,
    search,
    sheets,
)
from ptce_graph.publish import publication as publications
from ptce_graph.publish.description import Dump
from ptce_graph.publish.pages import (
    ASSETS,
    LANGUAGES,
    LISTS,
    Pages,
    home,
    icon,
    number,
    read,
    section,
    texts,
)
from ptce_graph.publish.publication import Publication
from ptce_graph.publish.thing import Thing

Files = Iterator[tuple[str, bytes]]
Progress = Callable[[str, int], None]

_SECTIONS = (
    *("poles", "actors", "calls", "territories", "questions", "sources", "dataset", "persons"),
    *("projects", "laws", "codes", "rules", "ontology", "terms", "network"),
)
"""The sections as the home page has them: what most people look for comes first."""

_DESCRIPTIONS = {
    "catalog.ttl": {"fr": "DCAT-AP 3.0.1, pour les portails", "en": "DCAT-AP 3.0.1, for portals"},
    "void.ttl": {"fr": "VoID, pour les clients SPARQL", "en": "VoID, for SPARQL clients"},
    "ontology.ttl": {"fr": "l'ontologie, en OWL", "en": "the ontology, in OWL"},
    "shapes.ttl": {"fr": "ce que les données respectent, en SHACL", "en": "what the data respect"},
    "context.jsonld": {"fr": "contexte JSON-LD", "en": "JSON-LD context"},
    "dumps/SHA256SUMS": {"fr": "sommes de tous les fichiers", "en": "sums of all files"},
    "hosting/nginx.conf": {"fr": "pour servir ce site avec nginx", "en": "to serve it with nginx"},
    "hosting/w3id.htaccess": {
        "fr": "règles des adresses durables",
        "en": "rules of lasting addresses",
    },
}


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication made.

    Attributes:
        folder: the site.
        files: number of its files.
        size: number of their bytes.
        warnings: checks of the description that found something.
    """

    folder: Path
    files: int
    size: int
    warnings: tuple[Check, ...]


def publish(
    project: Project,
    folder: Path,
    *,
    base: str = BASE,
    version: str | None = None,
    released: date | None = None,
    since: Path | None = None,
    progress: Progress = lambda name, number: None,
) -> Published:
    """Write the site of a built graph into a folder, in place of the site that is there.

    Args:
        project: whose graph is published.
        folder: where the site goes.
        base: address at which the site will stand.
        version: version of the release; by default that of `graph/publication.toml`.
        released: its day; likewise.
        since: dump of the release before, to say what has changed.
        progress: called with the part that is written and the number of its pages so far.

    Raises:
        ProjectError: no graph is built, the folder holds something else, or cannot be written.
    """
    said = publications.read(project, base=base, version=version, released=released)
    site = Site(project, said, since)
    folder = folder.resolve()
    if folder.exists() and not _is_ours(folder):
        raise ProjectError(
            f"{folder}: holds something that is no site of ours (give a new or an empty folder)",
            f"{folder} : contient autre chose qu'un site (donnez un dossier neuf ou vide)",
        )
    new = folder.with_name(f".{folder.name}.new-{os.getpid()}")
    files = size = 0
    try:
        for path, data in site.files(progress):
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            files, size = files + 1, size + len(data)
        if folder.exists():
            shutil.rmtree(folder)
        new.rename(folder)
    except OSError as error:
        raise ProjectError(
            f"{folder}: cannot be written ({error.strerror})",
            f"{folder} : écriture impossible ({error.strerror})",
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return Published(folder, files, size, site.warnings())


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and (not any(folder.iterdir()) or (folder / "void.ttl").is_file())


class Site:
    """The files of the site of one release."""

    def __init__(self, project: Project, publication: Publication, since: Path | None) -> None:
        self.project = project
        self.publication = publication
        self.release = release.read_release(project, publication)
        self.store = self.release.store()
        self.pages = Pages(project, publication, self.store)
        reader = self.pages.reader
        self.changes = changes.compare(since, self.release, reader) if since else None
        self.measured = quality.measure(self.store)
        self.questions = query.read_questions(project)
        self.terms = terms.read(project.ontology)
        self.tables = {
            language: sheets.tables(project, self.store, language) for language in LANGUAGES
        }
        self.catalogue = b""
        self.listed: list[index.Listed] = []

    def files(self, progress: Progress, *, alive: bool = False) -> Files:
        """Yield each file of the site: its path, what it holds.

        With `alive`, the pages of things and of questions are left out: a server makes them.
        """
        progress("dumps", 0)
        whole = network(self.project, self.store)
        held = dict(dumps.rdf(self.release)) | dict(dumps.tables(self.project, self.release))
        written, described = dumps.packed(held | {"ptce.gexf": to_gexf(whole, "fr")})
        yield from written.items()
        tabled: list[Dump] = []
        for found in self.tables.values():
            files = dict(sheets.files(found, self.publication))
            tabled += sheets.dumps(files, found)
            yield from files.items()
        yield from self._descriptions([*described, *tabled])
        yield from self._things(progress, alive=alive)
        yield from self._lists()
        if not alive:
            yield from questions.files(self.pages, self.questions, progress)
        yield from self._rules()
        for language in LANGUAGES:
            progress("network", 0)
            drawn = view.page(whole, language=language, site=self.pages.site())
            yield section("network", language), drawn.encode()
            page = documentation.render(
                self.terms, language=language, home={code: home(code) for code in LANGUAGES}
            )
            yield section("ontology", language), page.encode()
            yield section("search", language), self._search_page(language)
            yield section("dataset", language), self._dataset_page(described, language)
            yield home(language), self._home(language)
        yield from self._rest()

    def warnings(self) -> tuple[Check, ...]:
        """Return the checks of the description of the dataset that find something."""
        from rdflib import SH, URIRef

        from ptce_graph import validate

        store = pyoxigraph.Store()
        store.load(self.catalogue, format=pyoxigraph.RdfFormat.TURTLE)
        shapes = validate.read_shapes(self.project)
        checks = validate.read_checks(shapes)
        ours = [URIRef(description.PREFIXES[prefix] + "Dataset") for prefix in ("dcat", "void")]
        for predicate in (SH.targetClass, SH.targetSubjectsOf, SH.target):
            for shape, target in list(shapes.subject_objects(predicate)):
                if target not in ours:
                    shapes.remove((shape, predicate, target))
        found = {row[1] for row in validate.run(store, shapes) if row[0] == description.DATASET}
        return tuple(checks[name] for name in sorted(found))

    def _render(self, template: str, here: str, language: str, **values: object) -> bytes:
        return self.pages.render(template, here, language, **values).encode()

    def _descriptions(self, described: list[Dump]) -> Files:
        counts = self.release.counts
        version = next(
            (
                quad.object.value
                for quad in self.store.quads_for_pattern(
                    NamedNode(ONTOLOGY.removesuffix("#")),
                    NamedNode(PREFIXES["owl"] + "versionIRI"),
                    None,
                )
                if isinstance(quad.object, NamedNode)
            ),
            ONTOLOGY.removesuffix("#"),
        )
        lines = description.catalogue(self.publication, counts, described, self.measured, version)
        self.catalogue = export.write(lines, "turtle", description.PREFIXES)
        lines = description.void(self.publication, counts, described)
        void = export.write(lines, "turtle", description.PREFIXES)
        yield "catalog.ttl", self.catalogue
        yield "void.ttl", void
        yield ".well-known/void", void

    def _things(self, progress: Progress, *, alive: bool) -> Files:
        """Yield the pages and the RDF of everything that has an address."""
        iris = sorted(
            {
                quad.subject.value
                for quad in self.store.quads_for_pattern(None, NamedNode(RDF_TYPE), None)
                if isinstance(quad.subject, NamedNode) and addresses.path(quad.subject.value)
            }
        )
        for place, iri in enumerate(iris, 1):
            thing = self.pages.reader.describe(iri)
            path = addresses.path(iri)
            if thing is None or path is None:
                continue
            self.listed.append(index.listed(thing))
            if not alive:
                yield from self._thing(thing, path)
            if place % 100 == 0:
                progress("pages", place)

    def _thing(self, thing: Thing, path: str) -> Files:
        jsonld = self.pages.jsonld(thing.name.iri)
        for language in LANGUAGES:
            yield f"{path}.{language}.html", self.pages.page(thing, jsonld, language).encode()
        yield f"{path}.ttl", self.pages.turtle(thing.name.iri)
        yield f"{path}.jsonld", jsonld

    def _lists(self) -> Files:
        for key in (*LISTS, "codes", "terms"):
            rows = index.of_section(self.listed, key)
            for language in LANGUAGES:
                here = section(key, language)
                yield (
                    here,
                    self._render(
                        "list.html",
                        here,
                        language,
                        key=key,
                        rows=rows,
                        kinds=len({row.name.kind.get(language) for row in rows}) > 1,
                        places=any(row.place["fr"] for row in rows),
                    ),
                )

    def _rules(self) -> Files:
        sizes: dict[str, int] = {}
        for line in self.release.inferred:
            name = line.rpartition(f"<{INFERRED}")[2].partition(">")[0]
            sizes[name] = sizes.get(name, 0) + 1
        for language in LANGUAGES:
            here = section("rules", language)
            yield here, self._render("rules.html", here, language, sizes=sizes)

    def _search_page(self, language: str) -> bytes:
        return self._render(
            "search.html",
            section("search", language),
            language,
            lists=[(key, section(key, language)) for key in (*LISTS, "codes", "terms")],
        )

    def _dataset_page(self, described: list[Dump], language: str) -> bytes:
        return self._render(
            "dataset.html",
            section("dataset", language),
            language,
            counts=self.release.counts,
            dumps=described,
            tables=sheets.links(language, self.tables[language]),
            descriptions=[(path, found[language]) for path, found in _DESCRIPTIONS.items()],
            changes=self.changes,
            documents=len(index.of_section(self.listed, "sources")),
            measured=[
                (quality.METRICS[name], number(f"{share * 100:.1f}", language))
                for name, share in self.measured.items()
            ],
        )

    def _home(self, language: str) -> bytes:
        first = [q for _, many in catalogue.by_theme(self.questions.values()) for q in many[:1]]
        return self._render(
            "home.html",
            home(language),
            language,
            sections=[
                (key, len(index.of_section(self.listed, key)))
                for key in _SECTIONS
                if key != "network"
            ],
            questions=[(questions.path(q, language), q.question[language]) for q in first],
            tables=sheets.links(language, self.tables[language]),
        )

    def _rest(self) -> Files:
        """Yield what is neither a page nor data: assets, rules of servers, maps for robots."""
        base = self.publication.base
        for name in ASSETS:
            yield f"assets/{name}", read(name).encode()
        yield "assets/index.js", search.script(self.listed, self.questions.values())
        yield "favicon.ico", icon()
        ontology = self.project.ontology
        yield "assets/logo.svg", (ontology / "logo.svg").read_bytes()
        text = (ontology / "ptce.ttl").read_bytes()
        quads = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE)
        yield "ontology.ttl", text
        yield "ontology.jsonld", export.write({f"{q.triple} .\n" for q in quads}, "jsonld")
        for name in ("shapes.ttl", "context.jsonld"):
            yield name, (ontology / name).read_bytes()
        if self.changes:
            yield "changes.rdfp", changes.patch(self.changes)
        template = self.pages.environment.get_template("404.html")
        yield (
            "404.html",
            template.render(texts=texts(), base=base, style=read("style.css")).encode(),
        )
        yield ".htaccess", hosting.site(base).encode()
        yield "hosting/nginx.conf", hosting.nginx(base).encode()
        yield "hosting/w3id.htaccess", hosting.w3id(base).encode()
        yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n".encode()
        yield "sitemap.xml", index.sitemap(self.publication, self._paths())

    def _paths(self) -> Iterator[str]:
        """Yield the path of each page."""
        for language in LANGUAGES:
            yield home(language)
            yield from (section(key, language) for key in _SECTIONS)
            yield from (questions.path(q, language) for q in self.questions.values())
            for row in self.listed:
                yield f"{addresses.path(row.name.iri)}.{language}.html"

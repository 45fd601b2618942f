"""The static site: what a folder holds, that every link of it leads somewhere, and its rules."""

import csv
import gzip
import hashlib
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph
import pytest
import rdflib
from click.testing import CliRunner
from pyoxigraph import RdfFormat

from ptce_graph import cli, dataset
from ptce_graph.build import build
from ptce_graph.errors import ProjectError
from ptce_graph.namespaces import BASE, ID, ONTOLOGY
from ptce_graph.project import Project, find
from ptce_graph.publish import hosting
from ptce_graph.publish.description import DATASET
from ptce_graph.publish.site import Published, publish
from tests.test_description import publish_check

HOME = "https://exemple.invalid/graphe/"


@pytest.fixture(scope="session")
def site(real: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the real graph."""
    folder = tmp_path_factory.mktemp("site") / "site"
    publish(real, folder, base=HOME)
    return folder


@pytest.fixture(scope="module")
def small(tiny_built: Project, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The site of the small project."""
    return publish(tiny_built, tmp_path_factory.mktemp("small") / "site")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids.add(values.get("id") or "")
        if tag == "link" and values.get("rel") in ("canonical", "alternate"):
            return
        for name in ("href", "src", "action"):
            if name in values:
                self.found.append(values[name] or "")


def links(page: Path) -> _Links:
    """Return the links and the anchors of a page."""
    parser = _Links()
    parser.feed(page.read_text("utf-8"))
    return parser


def test_every_link_leads_to_a_file(site: Path) -> None:
    """No page of the site leads nowhere: each link is relative, to a file of the folder."""
    dead, seen = [], 0
    for page in site.rglob("*.html"):
        if page.name == "404.html":
            continue
        here = page.relative_to(site).as_posix()
        for link in links(page).found:
            if link.startswith(("https:", "http:", "mailto:", "data:", "#")):
                continue
            target = urlsplit(urljoin("https://x/" + here, link)).path.lstrip("/")
            seen += 1
            if not (site / unquote(target)).is_file():
                dead.append((here, link))
    assert seen > 50_000
    assert not dead, dead[:10]


def test_everything_has_its_four_documents(site: Path, real: Project) -> None:
    """Each thing, code and term has a page in both languages, Turtle and JSON-LD."""
    store = pyoxigraph.Store()
    store.bulk_load(path=str(real.nquads), format=RdfFormat.N_QUADS)
    kinds = {"id/pole": 102, "id/org": 359, "id/call": 7, "id/doc": 219, "id/territory": 193}
    for folder, number in kinds.items():
        assert len(list((site / folder).glob("*.fr.html"))) == number
    for quad in store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph()):
        iri = quad.subject.value
        if iri.startswith((ID, ONTOLOGY)):
            path = iri.removeprefix(BASE).replace("#", "/")
            for ending in ("fr.html", "en.html", "ttl", "jsonld"):
                assert (site / f"{path}.{ending}").is_file(), iri


def test_dumps_hold_the_same_facts(site: Path) -> None:
    """Turtle, TriG, N-Quads and JSON-LD hold the same facts; what is inferred stands apart."""
    kinds = {
        "ttl": RdfFormat.TURTLE,
        "trig": RdfFormat.TRIG,
        "nq": RdfFormat.N_QUADS,
        "jsonld": RdfFormat.JSON_LD,
    }
    facts, graphs = {}, {}
    for ending, kind in kinds.items():
        quads = list(pyoxigraph.parse(path=str(site / f"dumps/ptce.{ending}"), format=kind))
        facts[ending] = {str(q.triple) for q in quads if q.graph_name == pyoxigraph.DefaultGraph()}
        graphs[ending] = len(quads) - len(facts[ending])
    assert len(facts["ttl"]) > 15_000
    assert all(found == facts["ttl"] for found in facts.values())
    assert graphs["ttl"] == graphs["jsonld"] == 0
    assert graphs["trig"] == graphs["nq"] > 2_000


def test_sums_and_packed_files(site: Path) -> None:
    """Each file has its sum; what is packed is the file beside it, without a time."""
    folder = site / "dumps"
    sums = dict(reversed(line.split("  ", 1)) for line in (folder / "SHA256SUMS").open())
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {name.strip() for name in sums} == files - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name.strip()).read_bytes()).hexdigest() == digest
    for packed in folder.glob("ptce.*.gz"):
        data = packed.read_bytes()
        assert data[4:8] == b"\0\0\0\0"
        assert gzip.decompress(data) == packed.with_suffix("").read_bytes()
    catalogue = (site / "catalog.ttl").read_text("utf-8")
    for packed in folder.glob("*.gz"):
        assert hashlib.sha256(packed.read_bytes()).hexdigest() in catalogue


def test_tables_give_the_graph_again(site: Path, real: Project, tmp_path: Path) -> None:
    """The CSV of the release, with its metadata, builds the graph that it came from."""
    with tarfile.open(site / "dumps" / "ptce-csv.tar.gz") as archive:
        assert {entry.mtime for entry in archive} == {0}
        archive.extractall(tmp_path, filter="data")
    (tmp_path / "graph").mkdir()
    (tmp_path / "ptce-csv").rename(tmp_path / "graph" / "sources")
    project = find(tmp_path)
    build(project)
    assert project.nquads.read_bytes() == real.nquads.read_bytes()


@pytest.mark.parametrize("name", ["catalog.ttl", "void.ttl", "dumps/ptce.ttl"])
def test_files_pass_the_check_of_portals(site: Path, name: str) -> None:
    """Several parsers agree, DCAT-AP's shapes of all four kinds find nothing, VoID is complete."""
    printed = publish_check(site / name, "--dcat", "--void")
    assert printed.count("conforms=True") == 4, printed


@pytest.mark.parametrize("name", ["id/pole/sud-aquitaine.jsonld", "id/org/cbe-seignanx.ttl"])
def test_rdf_of_a_thing_passes_the_check(site: Path, name: str) -> None:
    """What stands beside a page is read by every parser, with no context to fetch."""
    publish_check(site / name)


def test_same_release_same_bytes(tiny_built: Project, small: Published, tmp_path: Path) -> None:
    """Publishing again changes no byte of any file, in a process with another hash seed."""
    again = tmp_path / "again"
    code = (
        "import sys; from pathlib import Path; from ptce_graph.project import Project;"
        "from ptce_graph.publish.site import publish;"
        "publish(Project(*map(Path, sys.argv[1:3])), Path(sys.argv[3]))"
    )
    subprocess.run(
        [sys.executable, "-c", code, tiny_built.root, tiny_built.build, again],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        check=True,
        timeout=300,
    )

    def digests(folder: Path) -> dict[str, str]:
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*")
            if path.is_file()
        }

    assert digests(again) == digests(small.folder)


def test_map_robots_and_missing_page(site: Path) -> None:
    """Robots are sent to a map of pages that are all there; the 404 page links absolutely."""
    robots = (site / "robots.txt").read_text("utf-8")
    assert f"Sitemap: {HOME}sitemap.xml" in robots
    urls = re.findall(r"<loc>([^<]*)</loc>", (site / "sitemap.xml").read_text("utf-8"))
    assert len(urls) == len(set(urls)) > 4_000
    assert all((site / url.removeprefix(HOME)).is_file() for url in urls)
    missing = (site / "404.html").read_text("utf-8")
    assert "stylesheet" not in missing, "it looks the same wherever it is shown"
    assert "<style>:root" in missing
    assert f'href="{HOME}index.html"' in missing
    assert (site / ".well-known" / "void").read_bytes() == (site / "void.ttl").read_bytes()


def test_search_reads_everything_that_has_a_name(site: Path) -> None:
    """The index of the search leads to pages that are there, and holds other names too."""
    text = (site / "assets" / "index.js").read_text("utf-8")
    index = json.loads(text.removeprefix("window.ptceIndex = ").removesuffix(";\n"))
    paths = {entry[0] for entry in index["entries"]}
    assert all((site / f"{path}.fr.html").is_file() for path in paths)
    assert {"id/pole/sud-aquitaine", "scheme/role/coordinator", "ontology/Pole"} <= paths
    (pole,) = (entry for entry in index["entries"] if entry[0] == "id/pole/sud-aquitaine")
    assert "PTCE Sud Aquitaine" in pole[4]


def test_every_page_has_a_title_and_a_heading(site: Path) -> None:
    """No page is nameless in a tab, or for a reader who jumps by headings."""
    seen: dict[str, set[str]] = {}
    for page in site.rglob("*.fr.html"):
        text = page.read_text("utf-8")
        title = re.search("<title>(.+?)</title>", text)
        assert title and "<h1" in text, page
        seen.setdefault(page.parent.name, set()).add(title[1])
    assert len(seen["pole"]) == 102
    assert (site / "favicon.ico").read_bytes().startswith(b"\0\0\1\0")


def test_removal_reads_well_without_an_address(site: Path) -> None:
    """As long as nobody can be written to, the page says whom to turn to, and how it is mended."""
    page = (site / "dataset.fr.html").read_text("utf-8")
    assert "adresse durable de la fiche" in page and "graph/suppressed.csv" in page
    assert "mailto:" not in page


def test_every_page_says_how_to_be_removed(site: Path) -> None:
    """Each page that names anybody leads to what to do to be removed."""
    for page in [*(site / "id").rglob("*.html"), *site.glob("[a-mo-z]*.html")]:
        if page.name.startswith(("404", "ontology")):
            continue
        assert "dataset." in (text := page.read_text("utf-8")) and "#removal" in text, page
    assert 'id="removal"' in (site / "dataset.fr.html").read_text("utf-8")


PRIVATE = "+33 1 00 00 00 00"


def plant(project: Project) -> Path:
    """Put a phone number that the ontology marks private in each row of a table; return it."""
    shutil.copytree(find().ontology, project.root / "ontology")
    ontology = project.root / "ontology" / "ptce.ttl"
    with ontology.open("a", encoding="utf-8") as file:
        file.write('\nptce:phone a owl:DatatypeProperty ; ptce:visibility "private" ;\n')
        file.write('    rdfs:label "téléphone"@fr , "phone"@en ;\n')
        file.write('    rdfs:comment "Donne un numéro."@fr , "Gives a number."@en .\n')
    table = next(project.sources.rglob("persons.csv"), None) or next(
        project.sources.rglob("poles.csv")
    )
    beside = table.with_name(table.name + "-metadata.json")
    if not beside.is_file():
        shutil.copy(next(find().sources.rglob(beside.name)), beside)
    metadata = json.loads(beside.read_text("utf-8"))
    columns = metadata["tableSchema"]["columns"]
    real = [column for column in columns if not column.get("virtual")]
    columns.insert(len(real), {"name": "phone", "propertyUrl": ONTOLOGY + "phone"})
    beside.write_text(json.dumps(metadata), "utf-8")
    rows = list(csv.reader(table.open(encoding="utf-8")))
    planted = io.StringIO()
    csv.writer(planted).writerows([[*row, PRIVATE if n else "phone"] for n, row in enumerate(rows)])
    table.write_text(planted.getvalue(), "utf-8")
    return table


def test_nothing_private_is_published(tiny: Project, tmp_path: Path) -> None:
    """What a private property says stands in no file; the publisher's address on each page."""
    table = plant(tiny)
    rows = list(csv.reader(table.open(encoding="utf-8")))
    own = tiny.root / "graph" / "publication.toml"
    address = "mailto:graphe@exemple.invalid"
    text = re.sub(
        r"# contact = .*", f'contact = "{address}"', find().publication.read_text("utf-8")
    )
    own.write_text(text, "utf-8")
    build(tiny)
    assert PRIVATE in tiny.nquads.read_text("utf-8")
    made = publish(tiny, tmp_path / "site")
    for path in made.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            data = gzip.decompress(data) if path.suffix == ".gz" else data
            assert PRIVATE.encode() not in data, path
    (table_out,) = (made.folder / "dumps").rglob(table.name)
    assert "phone" not in table_out.read_text("utf-8")
    assert len(table_out.read_text("utf-8").splitlines()) == len(rows)
    assert not made.warnings
    for page in (made.folder / "id").rglob("*.html"):
        assert address in page.read_text("utf-8")


def test_suppressed_thing_is_nowhere(tiny: Project, tmp_path: Path) -> None:
    """What is put on the list of removals stands in no page, dump or table."""
    thing = "org/cbe"
    build(tiny)
    before = tiny.nquads.read_text("utf-8")
    found = re.search(rf"<{ID}(org/[a-z-]+)>", before)
    thing = found[1]
    path = tiny.suppressed
    path.write_text(f"iri,date,reason\n{ID}{thing},2026-11-23,asked for\n", "utf-8")
    build(tiny)
    made = publish(tiny, tmp_path / "site")
    assert not (made.folder / "id" / f"{thing}.fr.html").exists()
    for path in made.folder.rglob("*"):
        if path.is_file() and path.suffix not in (".gz", ".xlsx", ".ico"):
            assert f"{ID}{thing}>" not in path.read_text("utf-8"), path
    key = thing.partition("/")[2]
    for path in (made.folder / "dumps").rglob("*.csv"):
        assert key not in {cell for row in csv.reader(path.open(encoding="utf-8")) for cell in row}


def test_changes_since_the_release_before(
    tiny: Project, edit: Callable[[str, str, str], Path], tmp_path: Path
) -> None:
    """A release says what came, went and changed, and an RDF patch makes the old one the new."""
    build(tiny)
    old = publish(tiny, tmp_path / "old", version="1").folder / "dumps" / "ptce.nq.gz"
    edit("facts/poles.csv", "Pôle Alpha", "Pôle Alpha renommé")
    build(tiny)
    made = publish(tiny, tmp_path / "new", version="2", since=old)
    page = (made.folder / "dataset.fr.html").read_text("utf-8")
    assert "1 énoncés ajoutés et 1 retirés" in page
    assert "Pôle Alpha renommé" in page
    patch = (made.folder / "changes.rdfp").read_text("utf-8").splitlines()
    assert (patch[0], patch[-1], len(patch)) == ("TX .", "TC .", 4)
    facts = {
        line
        for line in gzip.decompress(old.read_bytes()).decode().splitlines()
        if not line.startswith(f"<{DATASET}>")
    }
    for line in patch[1:-1]:
        facts = facts - {line[2:]} if line[0] == "D" else facts | {line[2:]}
    now = (made.folder / "dumps" / "ptce.nq").read_text("utf-8").splitlines()
    assert facts == {line for line in now if not line.startswith(f"<{DATASET}>")}


@pytest.mark.parametrize("name", ["old.nq", "old.xlsx", "nowhere.ttl"])
def test_dump_that_cannot_be_compared(tiny_built: Project, tmp_path: Path, name: str) -> None:
    """A dump that is none is refused in one sentence."""
    if name != "nowhere.ttl":
        (tmp_path / name).write_text("no RDF", "utf-8")
    with pytest.raises(ProjectError, match="cannot be compared"):
        publish(tiny_built, tmp_path / "site", since=tmp_path / name)


def test_folder_of_others_is_left_alone(tiny_built: Project, tmp_path: Path) -> None:
    """A folder that holds something else is refused; a site of ours is replaced whole."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.odt").write_text("mine", "utf-8")
    with pytest.raises(ProjectError, match="no site of ours"):
        publish(tiny_built, other)
    assert [path.name for path in other.iterdir()] == ["thesis.odt"]
    folder = tmp_path / "site"
    folder.mkdir()
    for name in ("void.ttl", "stale.html"):
        (folder / name).write_text("old", "utf-8")
    publish(tiny_built, folder)
    assert not (folder / "stale.html").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"other", "site"}


def test_verb_says_what_it_wrote_and_what_is_missing(real: Project, tmp_path: Path) -> None:
    """The command line warns that nobody can write to the publisher, and says where the site is."""
    project = ["--project", str(real.root), "--lang", "fr"]
    run = CliRunner().invoke(
        cli.ptce, ["publish", "-o", str(tmp_path / "s"), "--base", "x", *project]
    )
    assert run.exit_code == 1
    assert run.exception
    assert "no address" in str(run.exception)


def test_path_of_a_base() -> None:
    """Rules of servers start where the site starts."""
    assert hosting.path("https://exemple.invalid") == "/"
    assert hosting.path(HOME) == "/graphe/"
    assert "ErrorDocument 404 /graphe/404.html" in hosting.site(HOME)


def test_question_has_its_answer_and_its_query(site: Path) -> None:
    """A question shows its answer; the query beside it is the file that runs anywhere."""
    page = (site / "questions" / "coordinators.fr.html").read_text("utf-8")
    assert "Comité de bassin d&#39;emploi du Seignanx" in page
    rows = (site / "questions" / "coordinators.fr.csv").read_text("utf-8").splitlines()
    assert f"{len(rows) - 1} lignes" in page
    assert re.search(r'<td><a href="http[^"]+">3.EVA, un PTCE en émergence</a></td>', page)
    region = (site / "questions" / "poles-of-region.fr.html").read_text("utf-8")
    assert '<a href="../territories.fr.html">Territoires</a>' in region, "others are found there"
    own = Path(find().queries / "questions" / "coordinators.rq")
    assert (site / "questions" / "coordinators.rq").read_bytes() == own.read_bytes()


def test_site_of_the_small_project(small: Published) -> None:
    """A project that is not ours is published with the same ontology and questions."""
    assert [check.name for check in small.warnings] == ["DatasetContact"]
    assert (small.folder / "id" / "pole" / "alpha.fr.html").is_file()
    graph = rdflib.Graph().parse(small.folder / "void.ttl", format="turtle")
    assert len(graph) > 100


def other_language(store: pyoxigraph.Store, language: str) -> set[str]:
    """Return the texts that a page in a language may not show: each has a twin in that language."""
    said: dict[tuple[str, str], dict[str, str]] = {}
    texts: dict[str, set[str]] = {}
    for quad in store:
        if isinstance(quad.object, pyoxigraph.Literal):
            found = quad.object.language or ""
            said.setdefault((str(quad.subject), quad.predicate.value), {})[found] = (
                quad.object.value
            )
            texts.setdefault(found, set()).add(quad.object.value)
    both = [found.values() for found in said.values() if len(found) > 1]
    alone = {text for found in said.values() if len(found) == 1 for text in found.values()}
    return {text for found in both for text in found} - texts[language] - alone - {"département"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_text_is_left_in_the_other_language(real: Project, site: Path, language: str) -> None:
    """What stands in both languages in the graph is shown in that of the page, and only so."""
    foreign = other_language(dataset.open_store(real), language)
    assert len(foreign) > 1_000
    found: dict[str, str] = {}
    for page in site.rglob(f"*.{language}.html"):
        if page.name in (
            "network.fr.html",
            "network.en.html",
            "ontology.fr.html",
            "ontology.en.html",
        ):
            continue  # these two show the language that their reader chooses
        plain = html.unescape(page.read_text("utf-8")).replace("\u00a0", " ")
        if language == "en":  # a name or a theme that is quoted in French says so
            plain = re.sub(r'<span lang="fr">[^<]*</span>', "", plain)
        for text in foreign.intersection(map(str.strip, re.split(r"<[^>]*>", plain))):
            found.setdefault(text, page.name)
    assert found == {}


def test_dates_stand_in_words_on_a_french_page(site: Path) -> None:
    """A reader sees « 10 janvier 2014 », « d'octobre 2013 »; programs find 2014-01-10 beside."""
    pole = html.unescape((site / "id" / "pole" / "sud-aquitaine.fr.html").read_text("utf-8"))
    assert '<time datetime="2014-01-10">10 janvier 2014</time>' in pole
    assert 'chiffre d\'<time datetime="2013-10">octobre 2013</time>' in pole
    assert "acteurs</a>\u202f: environ 15" in pole
    for page in (*site.rglob("id/**/*.fr.html"), *site.rglob("questions/*.fr.html")):
        body = re.sub(r"(?s)<(script|pre|title|code).*?</\1>|<[^>]*>", "|", page.read_text("utf-8"))
        assert not re.search(r"\|\s*[12]\d{3}-[01]\d(-[0-3]\d)?\s*\|", body), page.name


def test_a_page_says_by_which_rule_something_follows(site: Path) -> None:
    """« lauréat de » names its rule, which is explained in French, and links it."""
    pole = (site / "id" / "pole" / "sud-aquitaine.fr.html").read_text("utf-8")
    assert 'rules.fr.html#laureate-of">règle\xa0: Lauréat d&#39;un appel</a>' in pole
    rules = html.unescape((site / "rules.fr.html").read_text("utf-8"))
    assert "<p>Un pôle qu'une décision dit lauréat est lauréat de l'appel.</p>" in rules


def test_answers_name_each_thing_once(site: Path) -> None:
    """A pole and its name are one column, and no document is twice in the sources of a page."""
    page = (site / "questions" / "coordinators.fr.html").read_text("utf-8")
    head = re.findall(r'<th scope="col">(.*?)</th>', page)
    assert head[:3] == ["pôle", "coordinateur", "rôle"]
    for path in site.rglob("id/pole/*.fr.html"):
        part = path.read_text("utf-8").partition('<h2 id="sources">')[2].partition("</section>")[0]
        shown = re.findall(r"<li>(.*?)</li>", re.sub(r'<a href="[^"]*">|</a>', "", part))
        assert len(shown) == len(set(shown)), path.name

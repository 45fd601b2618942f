"""What the ontology marks private leaves the server by no route, from memory or from disk."""

import gzip
import io
import re
import shutil
import tarfile
import zipfile
from pathlib import Path

import pyoxigraph
import pytest

from ptce_graph import dataset
from ptce_graph.build import build
from ptce_graph.errors import GraphError
from ptce_graph.namespaces import ID, ONTOLOGY
from ptce_graph.project import Project
from ptce_graph.query import read_questions
from ptce_graph.serve import media
from ptce_graph.serve.source import Source
from tests.serve.conftest import Server, running
from tests.test_site import PRIVATE, plant

PHONE = f"<{ONTOLOGY}phone>"
SELECTS = [
    "SELECT * { ?s ?p ?o }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    f"SELECT * {{ ?s {PHONE} ?o }}",
    f"SELECT * {{ {{ ?s {PHONE}|^{PHONE} ?o }} UNION {{ ?s !<a:none> ?o }} }}",
    "SELECT (GROUP_CONCAT(STR(?o)) AS ?all) { ?s ?p ?o }",
]
GRAPHS = [
    "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "DESCRIBE ?s { ?s ?p ?o }",
]


def unpacked(data: bytes, name: str) -> bytes:
    """Return what a file says, in whatever it is packed."""
    if name.endswith(".tar.gz"):
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            files = [archive.extractfile(member) for member in archive if member.isfile()]
            return b"".join(file.read() for file in files if file)
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as sheets:
            return b"".join(map(sheets.read, sheets.namelist()))
    return gzip.decompress(data) if name.endswith(".gz") else data


def everything(server: Server, project: Project) -> dict[str, bytes]:
    """Return what each route of a server answers, by what was asked."""
    found = {}

    def get(path: str, **headers: str) -> bytes:
        answer = server.client.get(path, headers=headers)
        data = unpacked(answer.content, path)
        found[f"{path} {headers} {answer.status_code}"] = data
        return data

    for queries, kinds in ((SELECTS, media.SOLUTIONS), (GRAPHS, media.GRAPHS)):
        for query in queries:
            for kind in dict(zip(kinds.values(), kinds, strict=True)).values():
                answer = server.query(query, accept=kind)
                assert answer.status_code == 200
                found[f"{query} {kind}"] = answer.content
    ours = f"SELECT DISTINCT ?s {{ ?s a ?t FILTER(STRSTARTS(STR(?s), '{ID}')) }} LIMIT 60"
    things = server.query(ours)
    for row in things.json()["results"]["bindings"]:
        path = row["s"]["value"].removeprefix("https://w3id.org/ptce")
        for ending in ("fr.html", "en.html", "ttl", "jsonld", "rdf", "nt"):
            get(f"{path}.{ending}")
    get("/ontology/phone.ttl")
    for name in read_questions(project):
        for form in ("json", "csv", "html", "network"):
            get(f"/questions/{name}?format={form}")
    pages = ("/", "/editor.json", "/network", "/openapi.json", "/sparql", "/search.fr.html")
    for path in (*pages, "/dataset.fr.html", "/void.ttl", "/sitemap.xml", "/poles.fr.html"):
        page = get(path).decode()
        for address in re.findall(
            r'(?:href|src|data-\w+)="((?:dumps|tables|assets)/[^"?#]+)"', page
        ):
            get(f"/{address}")
    return found


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_private_statements_are_not_served(
    tiny: Project, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """A private phone number is in the graph that was built, and in no answer of any route."""
    if where == "disk":
        monkeypatch.setattr(dataset, "IN_MEMORY", 10)
    plant(tiny)
    build(tiny)
    store = dataset.open_store(tiny)
    assert len(list(dataset.private(store))) == 2
    with running(tiny.root, "--rate", "0") as server:
        found = everything(server, tiny)
        assert Source(tiny).on_disk == (where == "disk")
        assert server.client.get("/id/pole/alpha.ttl").status_code == 200
    assert len(found) > 200
    for part in ("dumps/ptce.nq.gz", ".csv", ".xlsx"):
        assert any(part in asked for asked in found) == (where == "memory")
    plain = PRIVATE.encode()
    said = [a for a, data in found.items() if plain in data or plain.replace(b" ", b"%20") in data]
    assert said == []


def test_store_that_holds_private_statements_is_refused(
    tiny: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store whose public part is missing is not served; the next build mends it."""
    monkeypatch.setattr(dataset, "IN_MEMORY", 10)
    plant(tiny)
    build(tiny)
    folder = Path(tiny.build / (tiny.build / "current").read_text("utf-8").strip())
    public = Source(tiny).open()
    quads = len(dataset.open_store(tiny))
    assert len(public) == quads - len(list(dataset.private(dataset.open_store(tiny))))
    shutil.rmtree(folder / dataset.PUBLIC)
    with pytest.raises(GraphError, match=r"private statements .* `ptce build`"):
        Source(tiny).open()
    with pytest.raises(AssertionError, match="private statements"), running(tiny.root):
        pass
    build(tiny)
    assert len(Source(tiny).open()) == len(public)


def test_store_without_private_statements_is_served_as_it_is(
    tiny: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is private there is no second store; one that is damaged is told."""
    monkeypatch.setattr(dataset, "IN_MEMORY", 10)
    build(tiny)
    folder = Path(tiny.build / (tiny.build / "current").read_text("utf-8").strip())
    assert not (folder / dataset.PUBLIC).exists()
    assert isinstance(Source(tiny).open(), pyoxigraph.Store)
    (folder / "CURRENT").write_text("nothing", "utf-8")
    with pytest.raises(GraphError, match="cannot be read"):
        Source(tiny).open()

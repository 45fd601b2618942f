"""The rules for web servers, tried in the servers themselves: an IRI answers as it is asked."""

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ptce_graph.project import Project
from ptce_graph.publish import hosting
from ptce_graph.publish.site import publish

Ask = Callable[..., tuple[int, str, str]]
SBIN = f"{os.environ['PATH']}:/usr/sbin"
NGINX, APACHE = (shutil.which(name, path=SBIN) for name in ("nginx", "apache2"))
MODULES = Path("/usr/lib/apache2/modules")


@pytest.fixture(scope="module")
def root(tiny_built: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that a server gives, with the site of the small project below `/graphe/`."""
    folder = tmp_path_factory.mktemp("www")
    publish(tiny_built, folder / "graphe", base="https://exemple.invalid/graphe/")
    (folder / "w3id" / "ptce").mkdir(parents=True)
    rules = (folder / "graphe" / "hosting" / "w3id.htaccess").read_text("utf-8")
    (folder / "w3id" / "ptce" / ".htaccess").write_text(rules, "utf-8")
    for path in (folder, *folder.parents):
        if path.is_dir() and path.stat().st_uid == os.getuid():
            path.chmod(path.stat().st_mode | 0o055)
    return folder


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def asker(port: int) -> Ask:
    """Return what asks a server on this machine: status, where it sends, type of what it gives."""
    opener = urllib.request.build_opener(_Stay)

    def ask(path: str, **headers: str) -> tuple[int, str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=named)
        try:
            answer = opener.open(request, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        place = answer.headers.get("Location", "").removeprefix(f"http://127.0.0.1:{port}")
        return answer.status, place, answer.headers.get("Content-Type", "")

    return ask


def serve(command: list[str], port: int) -> Iterator[Ask]:
    """Run a server until the tests of a module are over."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            time.sleep(0.05)
        yield asker(port)
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def nginx(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The site behind nginx."""
    if not NGINX:
        pytest.skip("nginx is not installed")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    text = hosting.nginx("https://exemple.invalid/graphe/")
    first, _, second = text.partition("# Into the block server")
    user = "user root;" if os.getuid() == 0 else ""
    paths = " ".join(
        f"{name}_temp_path {folder};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log stderr;\nevents {{}}\n"
        f"http {{ access_log off; {paths}\n{first}\n"
        f"server {{ listen 127.0.0.1:{port}; root {root};\n#{second}\n}} }}\n",
        "utf-8",
    )
    yield from serve([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], port)


@pytest.fixture(scope="module")
def apache(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The site, and what stands for w3id.org, behind Apache."""
    if not APACHE or not MODULES.is_dir():
        pytest.skip("apache2 is not installed")
    folder, port = tmp_path_factory.mktemp("apache"), free_port()
    wanted = ("mpm_event", "authz_core", "dir", "mime", "rewrite")
    loads = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in wanted)
    (folder / "httpd.conf").write_text(
        f"{loads}\nServerRoot {folder}\nServerName localhost\nListen 127.0.0.1:{port}\n"
        f"PidFile {folder}/pid\nErrorLog /dev/stderr\nTypesConfig /etc/mime.types\n"
        f"DocumentRoot {root}\nDefaultRuntimeDir {folder}\n"
        f"<Directory {root}>\nAllowOverride All\nRequire all granted\n</Directory>\n",
        "utf-8",
    )
    yield from serve([APACHE, "-f", str(folder / "httpd.conf"), "-DFOREGROUND"], port)


POLE = "/graphe/id/pole/alpha"
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
CASES = [
    (POLE, {"Accept": HTML}, 303, POLE + ".fr.html"),
    (POLE, {"Accept": HTML, "Accept_Language": "en-GB,en;q=0.9"}, 303, POLE + ".en.html"),
    (POLE, {"Accept": HTML, "Accept_Language": "fr-FR,en;q=0.5"}, 303, POLE + ".fr.html"),
    (POLE, {"Accept": "text/turtle"}, 303, POLE + ".ttl"),
    (POLE, {"Accept": "application/ld+json"}, 303, POLE + ".jsonld"),
    (POLE, {"Accept": "*/*"}, 303, POLE + ".fr.html"),
    ("/graphe/scheme/role", {"Accept": "text/turtle"}, 303, "/graphe/scheme/role.ttl"),
    ("/graphe/ontology", {"Accept": "text/turtle"}, 303, "/graphe/ontology.ttl"),
    ("/graphe/ontology/0.1.0", {"Accept": HTML}, 303, "/graphe/ontology.fr.html"),
    ("/graphe/dataset", {"Accept": "text/turtle"}, 303, "/graphe/catalog.ttl"),
    ("/graphe/dataset", {"Accept": HTML}, 303, "/graphe/dataset.fr.html"),
    ("/graphe/catalog", {"Accept": HTML}, 303, "/graphe/catalog.ttl"),
    ("/graphe/graph/inferred/member-of", {}, 303, "/graphe/rules.fr.html#member-of"),
]
FILES = [
    (POLE + ".fr.html", "text/html"),
    (POLE + ".ttl", "text/turtle"),
    (POLE + ".jsonld", "application/ld+json"),
    ("/graphe/ontology/Pole.fr.html", "text/html"),
    ("/graphe/.well-known/void", "text/turtle"),
    ("/graphe/assets/style.css", "text/css"),
    ("/graphe/dumps/ptce.nq", "application/n-quads"),
    ("/graphe/", "text/html"),
]


@pytest.mark.parametrize("server", ["nginx", "apache"])
def test_iri_is_sent_to_what_is_asked(server: str, request: pytest.FixtureRequest) -> None:
    """Each address without an ending sends to a page or data, by Accept and Accept-Language."""
    ask = request.getfixturevalue(server)
    found = [(path, headers, *ask(path, **headers)[:2]) for path, headers, _, _ in CASES]
    assert found == CASES


@pytest.mark.parametrize("server", ["nginx", "apache"])
def test_documents_have_their_types(server: str, request: pytest.FixtureRequest) -> None:
    """Each document is given as what it is."""
    ask = request.getfixturevalue(server)
    for path, kind in FILES:
        status, _, given = ask(path)
        assert (status, given.partition(";")[0]) == (200, kind), path


@pytest.mark.parametrize("server", ["nginx", "apache"])
def test_what_is_not_there_is_not_found(server: str, request: pytest.FixtureRequest) -> None:
    """A document that is not there is a 404, with our page; no folder is listed."""
    ask = request.getfixturevalue(server)
    assert ask("/graphe/id/pole/nowhere.fr.html")[0] == 404
    assert ask("/graphe/nowhere")[0] == 404
    assert ask("/graphe/assets/")[0] in (403, 404)


def test_lasting_addresses_lead_to_the_site(apache: Ask) -> None:
    """What stands at w3id.org sends each lasting address to the site, in the form asked for."""
    site = "https://exemple.invalid/graphe/"
    asked = {
        "/w3id/ptce/id/pole/alpha": "id/pole/alpha.fr.html",
        "/w3id/ptce/ontology": "ontology.fr.html",
        "/w3id/ptce/sparql": "sparql",
        "/w3id/ptce/dumps/ptce.ttl.gz": "dumps/ptce.ttl.gz",
        "/w3id/ptce/": "",
    }
    for path, place in asked.items():
        assert apache(path, Accept=HTML)[:2] == (303, site + place)
    turtle = apache("/w3id/ptce/id/pole/alpha", Accept="text/turtle")
    assert turtle[:2] == (303, site + "id/pole/alpha.ttl")

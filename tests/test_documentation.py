"""The page of the ontology: whole, in both languages, in one file, and open to all readers."""

import re
import subprocess
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

from conftest import ROOT
from ptce_graph import Graph, documentation, terms
from ptce_graph.errors import GraphError, ProjectError
from ptce_graph.project import Project
from tests.gates.vocabulary import classes, concepts, core, name, properties

CHECK = ROOT.parent / "shared" / "checks" / "html_check.py"
CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def html() -> str:
    """The page of the ontology of this repository."""
    return documentation.page(Project(ROOT, ROOT / "graph" / "build"))


def test_every_term_and_concept_is_on_the_page(html: str) -> None:
    """Each class and property has its anchor, each concept its row."""
    graph = core()
    anchors = re.findall(r'<h[34] id="(\w+)"', html)
    declared = {name(term) for term in (*classes(graph), *properties(graph))}
    assert declared <= set(anchors)
    assert len(anchors) == len(set(anchors))
    for concept in concepts(graph):
        assert f'href="{concept}"' in html


def test_every_link_within_the_page_leads_somewhere(html: str) -> None:
    """No anchor is missing, and no identifier is given twice."""
    identifiers = re.findall(r' id="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(identifiers)


def test_both_languages_stand_in_the_page(html: str) -> None:
    """Each text is there in French and in English, whatever is shown first."""
    assert 'lang="fr">Un PTCE réunit' in html
    assert 'lang="en">A PTCE brings together' in html
    assert html.count('<span lang="fr">') == html.count('<span lang="en">')


def test_every_class_has_a_topic() -> None:
    """No class is left among the others."""
    topics = terms.read(ROOT / "ontology")["topics"]
    assert "other" not in {topic["id"] for topic in topics}


def test_examples_alignments_and_changes_are_on_the_page(html: str) -> None:
    """A class shows its example and how it compares; the last version says what changed."""
    assert "a ptce:Membership ;" in html
    assert "pair:MembershipAssociation" in html
    assert "<h3>0.1.0 · 2026-11-23</h3>" in html


def test_page_runs_nothing_and_asks_for_nothing(html: str) -> None:
    """No script, no style sheet, no picture from elsewhere."""
    assert "<script" not in html
    assert not re.findall(r'<(?:link|img|iframe)\b|\bsrc="', html)


def test_page_comes_from_the_command_and_from_python(tiny: Project) -> None:
    """`ptce export -f ontology-html` writes it, in the language asked for, with nothing built."""
    text = Graph(tiny.root, language="en").export("ontology-html").decode()
    assert text.startswith("<!doctype html>")
    assert '<html lang="en">' in text


def test_faults_of_files_are_told(tmp_path: Path) -> None:
    """A file that is missing, or no Turtle, is named."""
    project = Project(tmp_path, tmp_path)
    (tmp_path / "ontology").mkdir()
    with pytest.raises(ProjectError, match=r"ptce\.ttl"):
        documentation.page(project)
    (tmp_path / "ontology" / "ptce.ttl").write_text("ptce:Pole a", "utf-8")
    with pytest.raises(GraphError, match="no Turtle"):
        documentation.page(project)


def test_texts_of_the_ontology_are_never_markup(tmp_path: Path) -> None:
    """A definition that holds markup is shown as it is written."""
    folder = tmp_path / "ontology"
    folder.mkdir()
    text = (ROOT / "ontology" / "ptce.ttl").read_text("utf-8")
    text = text.replace("A PTCE brings", "<script>alert(1)</script> A PTCE brings")
    (folder / "ptce.ttl").write_text(text, "utf-8")
    page = documentation.page(Project(tmp_path, tmp_path))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_page_passes_the_checks_of_a_browser(html: str, tmp_path: Path) -> None:
    """No request, no error, no violation of WCAG that axe-core finds."""
    if not CHECK.is_file():
        pytest.skip("../shared/checks is not there")
    if not CHROMIUM.is_file() or not find_spec("playwright"):
        pytest.skip("chromium or playwright is not installed")
    if not find_spec("axe_playwright_python"):
        pytest.skip("axe-playwright-python is not installed")
    path = tmp_path / "ontology.html"
    path.write_text(html, "utf-8")
    axe = str(files("axe_playwright_python") / "axe.min.js")
    arguments = [str(CHECK), str(path), "--axe", axe, "--single-file"]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
    assert '"axe_violations": []' in done.stdout

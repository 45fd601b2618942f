"""The package as Python users see it."""

import ast
import re
from pathlib import Path

import pytest
import rdflib

import ptce_graph
from ptce_graph import Graph, ProjectError, QueryError, cli
from ptce_graph.project import Project

ROOT = Path(__file__).parents[1]
IMPORTERS = {
    "click": {"cli"},
    "networkx": {"network", "layout", "view", "graph"},
    "pyvis": {"view"},
    "SPARQLWrapper": {"endpoint"},
    "uvicorn": {"serve"},
    "python_calamine": {"foreign"},
    "rapidfuzz": {"foreign", "labels", "serve"},
    "yaml": {"query"},
}
"""Library → the modules that may import it."""
PACKAGE = ROOT / "ptce_graph"
FILES = {
    path.relative_to(PACKAGE).as_posix().removesuffix(".py"): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "data" not in path.parts and path.name != "__main__.py"
}
MODULES = sorted(FILES)
"""The modules of the package, those of its folders too."""


def test_public_names_are_those_documented() -> None:
    """What the package exports is sorted, there, and documented."""
    names = ptce_graph.__all__
    assert names == sorted(names)
    for name in names:
        assert getattr(ptce_graph, name).__doc__
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "from ptce_graph import Graph" in readme


def test_verbs_are_those_of_the_command_line() -> None:
    """Each verb of the command line is a method of the same name; `import` is Python's own word."""
    methods = {name.removesuffix("_") for name in vars(Graph) if not name.startswith("_")}
    assert set(cli.ptce.commands) <= methods


def test_graph_is_asked_from_python(tiny: Project) -> None:
    """Python asks the same questions, by the same names."""
    graph = Graph(tiny.root, "fr")
    graph.build()
    rows = list(graph.ask("coordinators", pole="Pôle Alpha"))
    assert rows[0]["coordinator"].value == "Comité de bassin d'emploi d'essai"
    assert bool(graph.ask("ASK { ?s ?p ?o }"))
    assert len(graph.questions()) >= 8
    assert graph.network().number_of_nodes() == 15
    assert graph.export("turtle").startswith(b"@prefix")
    assert "<html" in graph.draw()
    with pytest.raises(QueryError, match="did you mean"):
        graph.ask("coordinator")


def test_graph_is_seen_by_rdflib(tiny: Project) -> None:
    """Users of rdflib find their API."""
    graph = Graph(tiny.root)
    graph.build()
    dataset = graph.rdflib()
    pole = rdflib.URIRef("https://w3id.org/ptce/id/pole/alpha")
    assert str(dataset.value(pole, rdflib.SKOS.prefLabel)) == "Pôle Alpha"
    (row,) = dataset.query(
        "SELECT (COUNT(?s) AS ?n) { ?s a <https://w3id.org/ptce/ontology#Pole> }"
    )
    assert int(row.n) == 3


def test_folder_without_tables_is_refused(tmp_path: Path) -> None:
    """A folder that is no project is refused at once."""
    with pytest.raises(ProjectError, match="no folder graph/sources"):
        Graph(tmp_path)


@pytest.mark.parametrize("name", MODULES)
def test_public_functions_have_docstrings(name: str) -> None:
    """Every module, and every public class, function and method in it, says what it is for."""
    tree = ast.parse(FILES[name].read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    top = [node for node in tree.body if isinstance(node, kinds)]
    inner = [n for c in top if isinstance(c, ast.ClassDef) for n in c.body if isinstance(n, kinds)]
    missing = [n.name for n in top + inner if n.name[0] != "_" and not ast.get_docstring(n)]
    assert ast.get_docstring(tree)
    assert not missing


@pytest.mark.parametrize("name", MODULES)
def test_base_of_the_iris_is_written_once(name: str) -> None:
    """The base of all IRIs stands in namespaces.py alone, and in examples."""
    if name == "namespaces":
        return
    tree = ast.parse(FILES[name].read_text("utf-8"))
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in texts
        if re.search(r"w3id\.org", str(node.value))
    ]
    assert not found


@pytest.mark.parametrize("name", MODULES)
def test_libraries_are_imported_where_they_belong(name: str) -> None:
    """The command line, the network, the page and the remote side each have their own library."""
    names = set()
    for node in ast.walk(ast.parse(FILES[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).partition(".")[0])
    for library, modules in IMPORTERS.items():
        assert library not in names or name.partition("/")[0] in modules

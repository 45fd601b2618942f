"""Write the list of a release: `python -m tests.gates.released > ontology/terms-released.txt`."""

from ptce_graph.namespaces import BASE
from tests.gates.vocabulary import classes, concepts, core, properties

ABOUT = """\
# Terms and concepts of the last release, one a line, below https://w3id.org/ptce/.
# Made at each release by `python -m tests.gates.released`; a line never goes away."""


def main() -> None:
    """Print the terms that the ontology has now."""
    graph = core()
    terms = [*classes(graph), *properties(graph), *concepts(graph)]
    print(ABOUT, *sorted(term.removeprefix(BASE) for term in terms), sep="\n")


if __name__ == "__main__":
    main()

"""`python -m tests.bench [PART …]`: measure beside other libraries and print it.

Each part is a module of this folder with a function `run()`; without a name, all of `PARTS` run.
"""

import importlib
import os
import platform
import sys
from importlib.metadata import version

from tests.bench.measure import LIMIT, ROUNDS, SLOW

PARTS = ("graph", "loader", "network", "page", "serve")
LIBRARIES = ("pyoxigraph", "rdflib", "networkx", "pyvis")


def main(names: list[str]) -> None:
    """Run the parts named, or all."""
    if unknown := set(names) - set(PARTS):
        sys.exit(f"{', '.join(sorted(unknown))}: no part of the benchmark ({', '.join(PARTS)})")
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    print(f"Python {platform.python_version()}, {versions}; {os.cpu_count()} cores")
    print(f"Median of {ROUNDS} fresh processes, of one above {SLOW} s; stopped after {LIMIT} s.")
    print("Ratio: their time divided by ours. MB: peak of the whole process.")
    for name in names or PARTS:
        importlib.import_module(f"tests.bench.{name}").run()


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    main(sys.argv[1:])

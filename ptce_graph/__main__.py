"""`python -m ptce_graph` is `ptce`."""

from ptce_graph.cli import main

main()

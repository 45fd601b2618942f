# `make graph` and `make test` need Python >= 3.11 and make; the rest is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help graph test slow gates conformance lint page bench bench-national clean

help:
	@echo "make graph   build the graph, ask three questions, draw graph/build/network.html"
	@echo "make test    install what the tests need and run them all"
	@echo "make slow    run the tests that take minutes"
	@echo "make gates   the figures that the ontology is held to"
	@echo "make lint    ruff, mypy --strict, import-linter"
	@echo "make page    check the types of the page's scripts and run their tests (needs node and npm)"
	@echo "make conformance  the W3C tests of CSV on the Web, into docs/conformance.md"
	@echo "make bench   measure beside other libraries"
	@echo "make bench-national   measure 100,000 to a million organisations: 40 minutes, 25 GB of disk"

.venv/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 …")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/installed-test: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

graph: .venv/installed
	$(BIN)/ptce build
	@echo
	$(BIN)/ptce ask coordinators --pole sud-aquitaine
	@echo
	$(BIN)/ptce ask laureates-of-call --call AAP-2013
	@echo
	$(BIN)/ptce ask members-by-kind
	@echo
	$(BIN)/ptce draw -o graph/build/network.html
	@echo
	@echo "graph      graph/build/ptce.ttl, graph/build/ptce.nq"
	@echo "picture    graph/build/network.html (open it in a browser)"
	@echo "questions  $(BIN)/ptce questions"

test: .venv/installed-test
	$(BIN)/python -m pytest -n auto --dist loadfile

slow: .venv/installed-test
	$(BIN)/python -m pytest -m slow -n auto --dist loadfile

gates: .venv/installed-test
	$(BIN)/python -m pytest -q tests/test_ontology.py tests/test_examples.py tests/gates

lint: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

page: .venv/installed-test
	npm install --prefix tests/page --no-package-lock --no-audit --no-fund --silent
	$(BIN)/python -m pytest -q tests/test_page_scripts.py

conformance: .venv/installed-test
	$(BIN)/python -m tests.conformance

bench: .venv/installed-test
	$(BIN)/python -m tests.bench

bench-national: .venv/installed-test
	$(BIN)/python -m tests.bench.national

clean:
	rm -rf .venv graph/build ptce-build dist

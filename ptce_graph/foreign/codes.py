"""The code lists of the ontology: the code that a word in French or English stands for."""

from __future__ import annotations

from functools import cache

import pyoxigraph

from ptce_graph.errors import Invalid
from ptce_graph.foreign.columns import fold
from ptce_graph.namespaces import PREFIXES, SCHEME
from ptce_graph.project import Project

_WORDS = {
    "role": {
        "adherent": "member",
        "membre actif": "member",
        "membre fondateur": "founder",
        "fondateur": "founder",
        "partenaire": "partner",
        "porteur": "coordinator",
        "structure porteuse": "coordinator",
        "animateur": "animator",
        "soutien": "supporter",
        "financeur": "supporter",
        "locataire": "tenant",
    },
    "funding-instrument": {
        "subvention": "grant",
        "aide en numeraire": "grant",
        "en numeraire": "grant",
        "numeraire": "grant",
        "en nature": "grant",
        "subvention de fonctionnement": "grant",
        "subvention d investissement": "grant",
        "don": "grant",
        "aide en nature": "grant",
        "aide en numeraire aide en nature": "grant",
        "pret": "loan",
        "avance remboursable": "loan",
    },
}
"""Words of everyday tables that are no label of a code: list → word, folded → code."""


class Codes:
    """The codes of each list, by code and by label."""

    def __init__(self, project: Project) -> None:
        self.folder = project.ontology / "schemes"
        self.read = cache(self._read)

    def _read(self, name: str) -> dict[str, str]:
        path = self.folder / f"{name}.ttl"
        found: dict[str, str] = {}
        labels = PREFIXES["skos"] + "prefLabel"
        base = f"{SCHEME}{name}/"
        for quad in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE):
            iri = str(getattr(quad.subject, "value", ""))
            if iri.startswith(base):
                code = iri.removeprefix(base)
                found.setdefault(fold(code), code)
                if quad.predicate.value == labels and isinstance(quad.object, pyoxigraph.Literal):
                    found.setdefault(fold(quad.object.value), code)
        return {**_WORDS.get(name, {}), **found}

    def find(self, name: str, text: str) -> str:
        """Return the code of a list that a text stands for.

        Raises:
            Invalid: none does; the detail says which there are.
        """
        codes = self.read(name)
        found = codes.get(fold(text))
        if found is None:
            raise Invalid("unknown-code", ", ".join(sorted(set(codes.values()))))
        return found

    def legal_form(self, category: str) -> str:
        """Return the code of the list that a legal category of INSEE falls under, or ""."""
        codes = self.read("legal-form")
        return next((c for c in (category, category[:2]) if c in codes), "")

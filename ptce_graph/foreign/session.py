"""What one import knows: the tables that are there, and those that it writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from ptce_graph.errors import Invalid
from ptce_graph.foreign import legal, normalise
from ptce_graph.foreign.actors import Actors
from ptce_graph.foreign.codes import Codes
from ptce_graph.foreign.columns import fold
from ptce_graph.foreign.normalise import NORMALISERS
from ptce_graph.foreign.places import Places, departement_of
from ptce_graph.foreign.tables import CANDIDATES, ORIGINALS, Folder, Values, read_csv
from ptce_graph.project import Project

_COMPARED = ("name", "commune", "departement", "siren", "siret", "rna")


class Reject(Exception):
    """A row that cannot be taken, with a key of REASONS and its details."""

    def __init__(self, rule: str, *details: object) -> None:
        super().__init__(rule)
        self.rule, self.details = rule, details


def slug(text: str) -> str:
    """Return the key that a name gives: letters without accents, digits, hyphens.

    >>> slug("Éole & Cie")
    'eole-cie'
    """
    return fold(text).replace(" ", "-")[:80].strip("-")


def _bare(name: str) -> str:
    """Return the name of a pole as it is compared, without the words that say that it is one."""
    return " ".join(_POLE.sub(" ", fold(name)).split())


_POLE = re.compile(r"\b(ptce|poles?|territorial de cooperation economique)\b")


class Session:
    """The state of one import.

    Attributes:
        source: key of the document, which is the name of the folder.
        folder: the tables that are written.
        remarks: what was found in the row that is read, keys of RULES.
        about: table and key of what the row that is read is about.
        resolved: field → value that stands for what the row says.
    """

    def __init__(self, project: Project, folder: Folder) -> None:
        self.project, self.folder = project, folder
        self.source = slug(folder.path.name)
        self.about = ("", "")
        self.resolved: Values = {}
        self.remarks: set[str] = set()
        self._elsewhere: dict[str, dict[str, Values]] = {}

    def mark(self) -> None:
        """Remember the state before a row, to come back to it."""
        self.folder.mark()
        self.remarks.clear()

    def others(self, name: str) -> Iterator[Values]:
        """Yield the rows of the tables of a name that stand in other folders of the project."""
        here = self.folder.path.resolve()
        for path in sorted(self.project.sources.rglob(name)):
            if path.parent.resolve() != here:
                yield from read_csv(path)

    @cached_property
    def actors(self) -> Actors:
        """The organisations of other folders."""
        return Actors(self.others("organisations.csv"))

    @cached_property
    def by_rna(self) -> dict[str, str]:
        """RNA number → key, for the organisations of this folder that have a SIREN too."""
        table = self.folder.table("organisations.csv")
        place, key = table.header.index("rna"), table.header.index("id")
        return {row[place]: row[key] for row in table if row[place]}

    @cached_property
    def places(self) -> Places:
        """The territories of all folders."""
        names = ("communes.csv", "departements.csv", "regions.csv")
        return Places(*([*self.others(n), *self.folder.table(n).rows()] for n in names))

    @cached_property
    def codes(self) -> Codes:
        """The code lists of the ontology."""
        return Codes(self.project)

    @cached_property
    def poles(self) -> dict[str, str]:
        """The poles of all folders: key, or folded name, whole and without “pôle” → key."""
        found: dict[str, str] = {}
        loose: dict[str, set[str]] = {}
        for row in (*self.others("poles.csv"), *self.folder.table("poles.csv").rows()):
            found[row["id"]] = row["id"]
            for name in (row["id"], row["name"], *row.get("alt_names", "").split(";")):
                found.setdefault(fold(name), row["id"])
                loose.setdefault(_bare(name), set()).add(row["id"])
        alone = {name: key for name, (key, *more) in loose.items() if name and not more}
        return alone | found

    def elsewhere(self, name: str, key: str = "id") -> dict[str, Values]:
        """Return the rows of a table in other folders, by key."""
        if name not in self._elsewhere:
            self._elsewhere[name] = {row[key]: row for row in self.others(name)}
        return self._elsewhere[name]

    def is_actor(self, key: str) -> bool:
        """Return whether an organisation of this key is in any folder."""
        own = self.folder.table("organisations.csv").places
        return key in self.actors.rows or (key,) in own

    def normal(self, name: str, column: str, text: str) -> str:
        """Return a text normalised by a function of NORMALISERS or by the tables.

        Raises:
            Reject: it is none, with the column and the text.
        """
        by_tables = {"in departement": self.places.departement, "in region": self.places.region}
        try:
            return (by_tables.get(name) or NORMALISERS[name])(text)
        except Invalid as error:
            raise Reject(error.rule, column, text, error.detail) from None

    def code(self, scheme: str, column: str, text: str) -> str:
        """Return the code of a list of the ontology that a word stands for.

        Raises:
            Reject: there is none.
        """
        try:
            return self.codes.find(scheme, text)
        except Invalid as error:
            raise Reject(error.rule, column, text, error.detail) from None

    def pole(self, text: str) -> str:
        """Return the key of a pole given by its key or one of its names.

        Raises:
            Reject: there is none.
        """
        names = (text, fold(text), _bare(text))
        found = next((self.poles[name] for name in names if name in self.poles), "")
        if not found:
            import difflib

            close = difflib.get_close_matches(fold(text), self.poles, 1, 0.6)
            near = f" ({self.poles[close[0]]}?)" if close else ""
            raise Reject("unknown-pole", text, near)
        return found

    def organisation(self, values: Values, *, named: bool = True) -> tuple[str, str]:
        """Find or add the organisation of a row: return its key, and new, known or repeated.

        Without a name it is found in other folders only: in its own, a second import of the same
        rows would otherwise find what the first did not; `named=False` looks there too.

        Raises:
            Reject: it has no name, or says otherwise than an earlier row of the same key.
        """
        values = dict(values)
        key, outcome = self._organisation(values, named=named)
        self.about = ("organisations.csv", key)
        return key, outcome

    def _organisation(self, values: Values, *, named: bool) -> tuple[str, str]:
        if siret := values.get("siret", ""):
            values["siren"] = values.get("siren") or siret[:9]
            values["siret"] = siret if len(siret) == 14 else ""
            self.resolved["siret"] = values["siret"]
        if known := self.actors.find(values):
            self.resolved |= {k: self.actors.rows[known].get(k, "") for k in _NATURE}
            self._compare(known, self.actors.rows[known], values)
            self.folder.table("organisation_sources.csv").put(
                {"organisation": known, "source": self.source}
            )
            return known, "known"
        table = self.folder.table("organisations.csv")
        if not values.get("name"):
            key = self._identified(values)
            if named or (key,) not in table.places:
                raise Reject("missing-value", NAME)
            return key, "repeated"
        row = self._row(values)
        self.resolved |= {k: row[k] for k in _NATURE}
        rna = row.get("rna", "")
        row["id"] = self.by_rna.setdefault(rna, row["id"]) if rna else row["id"]
        before = table.get((row["id"],))
        if before is None:
            table.put(row)
            if row["kind_certainty"] == "inferred":
                self.remarks.add("kind-inferred")
            return row["id"], "new"
        self._fill(before, row)
        return row["id"], "repeated"

    def _row(self, values: Values) -> Values:
        kept = {k: values[k] for k in _ORGANISATION if values.get(k) and k not in _NATURE}
        nature, certainty = self._nature(values)
        form = self.codes.legal_form(nature.category) if nature.category else ""
        if nature.category and not form:
            self.remarks.add("legal-form-unknown")
        row = {
            "kind": nature.kind,
            "kind_certainty": certainty,
            "legal_form": form,
            "ess_family": nature.family,
            **kept,
            "source": self.source,
        }
        row["id"] = self._key(row, values)
        return row

    def _nature(self, values: Values) -> tuple[legal.Nature, str]:
        form, kind = values.get("legal_form", ""), values.get("kind", "")
        by_form = legal.by_words(form) if form else None
        by_kind = legal.by_words(kind) if kind else None
        if form and not by_form:
            self.remarks.add("legal-form-unknown")
        if by_kind:
            more = by_form if by_form and by_form.kind == by_kind.kind else None
            category = (more or by_kind).category or (by_form.category if by_form else "")
            return legal.Nature(by_kind.kind, by_kind.family, category), "stated"
        if by_form:
            return by_form, "stated"
        guessed = legal.by_siren(values.get("siren", "")) or legal.by_name(values["name"])
        return guessed or legal.Nature("LegalPerson"), "inferred"

    def _identified(self, values: Values) -> str:
        """Return the key that an identifier gives, or ""."""
        if values.get("siren"):
            return f"siren-{values['siren']}"
        rna = values.get("rna", "")
        return self.by_rna.get(rna, f"rna-{rna}") if rna else ""

    def _key(self, row: Values, values: Values) -> str:
        if found := self._identified(row):
            return found
        name = slug(row["name"])
        if not name:
            raise Reject("no-letters", "name", row["name"])
        given = slug(values.get("id", ""))
        near = row.get("commune") or row.get("departement") or row.get("region") or ""
        return "-".join(filter(None, (self.source, given or name, "" if given else near)))

    def _compare(self, key: str, known: Values, values: Values) -> None:
        """Tell the values that the graph has otherwise, and keep them beside."""
        for column in _COMPARED:
            value, there = values.get(column, ""), known.get(column, "")
            if not value or fold(value) == fold(there):
                continue
            names = [there, *known.get("alt_names", "").split(";")]
            if column == "name" and fold(value) in map(fold, names):
                continue
            self.keep("organisations.csv", key, column, value, there)
            self.remarks.add("differs")

    def keep(self, table: str, key: str, column: str, original: str, value: str) -> None:
        """Keep a value that stands otherwise in the file than in the table."""
        row = {"table": table, "id": key, "column": column, "original": original, "value": value}
        self.folder.table(ORIGINALS).put(row)

    def _fill(self, before: Values, row: Values) -> None:
        """Add what an earlier row of the same actor left blank; tell or refuse what differs."""
        changed = dict(before)
        weak = row["kind_certainty"] == "inferred"
        for column in _ORGANISATION:
            value, there = row.get(column, ""), before.get(column, "")
            if not value or value == there:
                continue
            if not there:
                changed[column] = value
            elif column not in ("kind", "ess_family", "legal_form") or not weak:
                if before["kind_certainty"] == "inferred" and column in _NATURE:
                    changed[column] = value
                    changed["kind_certainty"] = "stated"
                else:
                    self.keep("organisations.csv", before["id"], column, value, there)
                    self.remarks.add("differs")
        if changed != before:
            self.folder.table("organisations.csv").change(changed)

    def place(self, values: Values) -> None:
        """Find the commune, the département and the region of a row, and keep the most precise.

        Raises:
            Reject: a code is none.
        """
        code = self.places.whole(values.get("commune", ""))
        departement, region = values.get("departement", ""), values.get("region", "")
        name = values.get("commune_name", "")
        if not code and name:
            code, fault = self.places.find(name, values.get("postcode", ""), departement)
            if fault:
                self.remarks.add(fault)
        elif code and self.places.check(code):
            if name and not self.places.is_called(code, name):
                self.remarks.add("commune-differs")
        elif code:
            if name and not self.places.whole_country:
                name = normalise.readable(name)
                self.folder.table("communes.csv").put(
                    {"code": code, "name": name, "departement": departement_of(code)}
                )
                self.places.add(code, name)
            else:
                self.remarks.add(self.places.absent)
                departement, code = departement or departement_of(code), ""
        values["commune"] = code
        self.resolved |= {"commune": code, "commune_name": self.places.communes.get(code, "")}
        values["departement"] = "" if code else departement
        values["region"] = "" if code or departement else region

    @cached_property
    def decided(self) -> set[frozenset[str]]:
        """The pairs of actors that a person decided on, in any folder."""
        own = self.folder.table("identities.csv").rows()
        return {
            frozenset((row["organisation"], row.get(other, "")))
            for row in (*self.others("identities.csv"), *own)
            for other in ("same_as", "close_to", "different_from")
            if row.get(other)
        }

    def add_candidates(self) -> int:
        """Put the actors that may be those of other folders into the ledger; return how many."""
        ledger = self.folder.table(CANDIDATES)
        organisations = self.folder.table("organisations.csv")
        for pair in [pair for pair in ledger.places if frozenset(pair) in self.decided]:
            ledger.remove(pair)
        for row in organisations.rows() if self.actors.rows else ():
            for found in self.actors.candidates(row, self.decided):
                ledger.put(
                    {
                        "organisation": row["id"],
                        "name": row["name"],
                        "place": row.get("commune") or row.get("departement", ""),
                        "candidate": found.key,
                        "candidate_name": found.name,
                        "candidate_place": found.place,
                        "score": str(found.score),
                    }
                )
        return len(ledger)


_ORGANISATION = (
    *("name", "alt_names", "kind", "legal_form", "ess_family", "commune", "departement", "region"),
    *("siren", "siret", "rna"),
)
NAME = ("the name", "le nom")
_NATURE = ("kind", "legal_form", "ess_family")

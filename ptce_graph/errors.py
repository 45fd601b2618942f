"""What can go wrong, as sentences that say where, what, and what to do.

PtceError
├── ProjectError     a folder or a file is not there
├── SourceError      rows that cannot be read, each a Problem
├── GraphError       RDF that cannot be parsed, an IRI that is none
├── QueryError       unknown question, bad front matter, bad parameter, bad SPARQL
└── EndpointError    a remote service: .url, .status
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class PtceError(Exception):
    """A failure that a user can act on; its text is one sentence.

    Attributes:
        french: the same sentence in French, or the English one.
    """

    def __init__(self, message: str, french: str = "") -> None:
        super().__init__(message)
        self.french = french or message

    def describe(self, language: str = "en") -> str:
        """Return the sentence in a language.

        >>> PtceError("no file", "aucun fichier").describe("fr")
        'aucun fichier'
        """
        return self.french if language == "fr" else str(self)


class ProjectError(PtceError):
    """A folder or a file of the project is not there or cannot be used."""


class GraphError(PtceError):
    """RDF that cannot be parsed, or an IRI that is none."""


class QueryError(PtceError):
    """A question that is unknown or badly written, or a parameter that does not fit."""


class EndpointError(PtceError):
    """A remote SPARQL service that failed.

    Attributes:
        url: address of the service.
        status: HTTP status, None when there was no answer.
    """

    def __init__(self, message: str, url: str, status: int | None = None, french: str = "") -> None:
        super().__init__(message, french)
        self.url = url
        self.status = status


class Invalid(ValueError):
    """A text that does not fit where it stands; it becomes a Problem where the place is known.

    Attributes:
        rule: key of RULES.
        detail: what completes the hint of the rule.
    """

    def __init__(self, rule: str, detail: str = "") -> None:
        super().__init__(rule)
        self.rule = rule
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one place of one table.

    Attributes:
        path: file, relative to the folder of the sources.
        line: line in the file, 1 for the header, 0 when it concerns the file as a whole.
        column: name of the column, "" when it concerns the whole row.
        value: text of the cell as it stands in the file.
        rule: code of the rule that is broken, a key of RULES.
        detail: what completes the hint, such as the values that are allowed.
    """

    path: str
    line: int
    column: str
    value: str
    rule: str
    detail: str = ""

    @property
    def is_warning(self) -> bool:
        """True when the row can be used all the same."""
        return self.rule in WARNINGS

    def describe(self, language: str = "en") -> str:
        """Return the problem as one line: `file:line: column: value: rule: hint`.

        >>> Problem("poles.csv", 3, "sector", "fod", "unknown-code", "food").describe()
        'poles.csv:3: sector: "fod": unknown code: did you mean food?'
        """
        name, hint = RULES[self.rule][language]
        parts = [f"{self.path}:{self.line}" if self.line else self.path]
        if self.column:
            parts.append(self.column)
        if self.value:
            shown = self.value if len(self.value) <= 60 else self.value[:57] + "…"
            visible = (c if c.isprintable() else _VISIBLE.get(c, "␣") for c in shown)
            parts.append('"' + "".join(visible) + '"')
        return ": ".join([*parts, name, hint.replace("{}", self.detail)])


class SourceError(PtceError):
    """Tables that cannot be read rightly.

    Attributes:
        problems: every problem of every table, in the order of the files.
    """

    def __init__(self, problems: Sequence[Problem], language: str = "en") -> None:
        super().__init__("\n".join(problem.describe(language) for problem in problems))
        self.problems = tuple(problems)


_VISIBLE = {"\n": "⏎", "\t": "⇥", "\x00": "␀"}
WARNINGS = frozenset({"check-digit", "nothing-suppressed"})
CONSEQUENCES = frozenset({"rejected-reference"})
"""Rules that are broken because another row or table is at fault; told after the others."""

RULES: dict[str, dict[str, tuple[str, str]]] = {
    "missing-file": {
        "en": ("missing file", "its metadata is there: add the table or remove the metadata"),
        "fr": ("fichier absent", "ses métadonnées sont là : ajoutez la table ou retirez-les"),
    },
    "no-metadata": {
        "en": ("table without metadata", "write {} beside it"),
        "fr": ("table sans métadonnées", "écrivez {} à côté d'elle"),
    },
    "empty-file": {
        "en": ("empty file", "the first line must hold the names of the columns: {}"),
        "fr": ("fichier vide", "la première ligne doit porter les noms des colonnes : {}"),
    },
    "unreadable-file": {
        "en": ("unreadable file", "{}"),
        "fr": ("fichier illisible", "{}"),
    },
    "wrong-encoding": {
        "en": ("not UTF-8", "it looks like {}: save the file again as CSV UTF-8"),
        "fr": ("pas en UTF-8", "cela ressemble à {} : enregistrez à nouveau en CSV UTF-8"),
    },
    "nul": {
        "en": ("NUL character", "the file is damaged or is no text: save it again as CSV UTF-8"),
        "fr": ("caractère NUL", "fichier abîmé ou non textuel : enregistrez-le en CSV UTF-8"),
    },
    "control-character": {
        "en": ("invisible character", "delete it and type the text again (code {})"),
        "fr": ("caractère invisible", "effacez-le et retapez le texte (code {})"),
    },
    "wrong-separator": {
        "en": ("wrong separator", "cells are separated by {}: save the file with commas"),
        "fr": ("mauvais séparateur", "séparées par {} : enregistrez le fichier avec des virgules"),
    },
    "unclosed-quote": {
        "en": ("unclosed quote", "close or double the quotation mark; nothing is read after it"),
        "fr": ("guillemet non fermé", "fermez ou doublez le guillemet ; la suite n'est pas lue"),
    },
    "stray-quote": {
        "en": ("stray quote", "put the whole cell in quotation marks and double those inside it"),
        "fr": ("guillemet isolé", "entourez la cellule de guillemets et doublez ceux du texte"),
    },
    "ragged-row": {
        "en": ("wrong number of cells", "{}; put quotation marks around a cell with a comma"),
        "fr": ("mauvais nombre de cellules", "{} ; entourez de guillemets ce qui a une virgule"),
    },
    "unknown-column": {
        "en": ("unknown column", "the columns are: {}"),
        "fr": ("colonne inconnue", "les colonnes sont : {}"),
    },
    "duplicate-column": {
        "en": ("duplicate column", "keep one of the two"),
        "fr": ("colonne en double", "gardez l'une des deux"),
    },
    "missing-column": {
        "en": ("missing column", "add it to the first line"),
        "fr": ("colonne absente", "ajoutez-la à la première ligne"),
    },
    "missing-value": {
        "en": ("missing value", "this column must be filled"),
        "fr": ("valeur absente", "cette colonne doit être remplie"),
    },
    "duplicate-key": {
        "en": ("duplicate key", "the same key, with other values, is on line {}"),
        "fr": ("clé en double", "la même clé, avec d'autres valeurs, est à la ligne {}"),
    },
    "dangling-reference": {
        "en": ("dangling reference", "no such row in {}"),
        "fr": ("référence sans cible", "aucune ligne de ce nom dans {}"),
    },
    "rejected-reference": {
        "en": ("reference to a rejected row", "mend {} first, then build again"),
        "fr": ("référence à une ligne rejetée", "corrigez d'abord {}, puis relancez"),
    },
    "unknown-code": {
        "en": ("unknown code", "did you mean {}?"),
        "fr": ("code inconnu", "vouliez-vous dire {} ?"),
    },
    "no-such-code": {
        "en": ("unknown code", "the codes are: {}"),
        "fr": ("code inconnu", "les codes sont : {}"),
    },
    "invalid-length": {
        "en": ("wrong length", "{} characters are expected"),
        "fr": ("longueur fausse", "{} caractères sont attendus"),
    },
    "invalid-format": {
        "en": ("invalid format", "expected {}"),
        "fr": ("format invalide", "attendu : {}"),
    },
    "invalid-key": {
        "en": ("invalid key", "letters without accents, digits and single hyphens"),
        "fr": ("clé invalide", "lettres sans accent, chiffres et tirets simples"),
    },
    "invalid-date": {
        "en": ("invalid date", "write {}"),
        "fr": ("date invalide", "écrivez {}"),
    },
    "invalid-number": {
        "en": ("invalid number", "write it like {}"),
        "fr": ("nombre invalide", "écrivez-le comme {}"),
    },
    "invalid-siren": {
        "en": ("invalid SIREN", "nine digits, as in 552032534"),
        "fr": ("SIREN invalide", "neuf chiffres, comme 552032534"),
    },
    "invalid-siret": {
        "en": ("invalid SIRET", "fourteen digits, as in 55203253400646"),
        "fr": ("SIRET invalide", "quatorze chiffres, comme 55203253400646"),
    },
    "invalid-rna": {
        "en": ("invalid RNA number", "W and nine digits, as in W751004076"),
        "fr": ("numéro RNA invalide", "W et neuf chiffres, comme W751004076"),
    },
    "invalid-insee": {
        "en": ("invalid INSEE code", "expected {}"),
        "fr": ("code INSEE invalide", "attendu : {}"),
    },
    "invalid-iri": {
        "en": ("invalid address", "a whole address without spaces, as in https://example.org/"),
        "fr": ("adresse invalide", "une adresse complète sans espace, comme https://example.org/"),
    },
    "check-digit": {
        "en": ("wrong check digit", "the number is kept; compare it with the register"),
        "fr": ("clé de contrôle fausse", "le numéro est gardé ; comparez-le au registre"),
    },
    "nothing-suppressed": {
        "en": (
            "nothing to suppress",
            "no row has or mentions this address: is it written rightly?",
        ),
        "fr": ("rien à retirer", "aucune ligne n'a ni ne cite cette adresse : est-elle juste ?"),
    },
    "suppressed": {
        "en": ("suppressed", "listed in graph/suppressed.csv"),
        "fr": ("supprimé", "inscrit dans graph/suppressed.csv"),
    },
}

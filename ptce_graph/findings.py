"""Findings on the graph, and how they are told: to people, to scripts, to a README."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ptce_graph.namespaces import ID

SEVERITIES = {"Violation": "error", "Warning": "warning", "Info": "information"}
"""Severity of SHACL → ours, gravest first."""

LANGUAGES = {"fr": " ; ", "en": "; "}
"""Language → what stands, in a message, between what is wrong and what to do."""

SHOWN = 10
"""Findings told for each check when not all are wanted; errors are all told."""

TEXTS: dict[str, dict[str, str]] = {
    "error": {"fr": "Erreurs : à corriger", "en": "Errors: to be mended"},
    "warning": {"fr": "Avertissements : à vérifier", "en": "Warnings: to be looked at"},
    "information": {"fr": "Informations : ce qui manque", "en": "Information: what is missing"},
    "counts": {
        "fr": "{error} erreur{error_s}, {warning} avertissement{warning_s}, "
        "{information} information{information_s}",
        "en": "{error} error{error_s}, {warning} warning{warning_s}, {information} information",
    },
    "more": {"fr": "… et {count} autres (--all)", "en": "… and {count} more (--all)"},
    "between": {"fr": " : ", "en": ": "},
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that data must respect.

    Attributes:
        name: end of the IRI of the shape.
        severity: error, warning or information.
        title: its subject in a few words, by language.
        message: what is wrong, then what to do, by language.
    """

    name: str
    severity: str
    title: dict[str, str]
    message: dict[str, str]

    def split(self, language: str) -> tuple[str, str]:
        """Return what is wrong, and what to do, as two sentences."""
        what, _, mend = self.message[language].partition(LANGUAGES[language])
        return what + ".", mend[:1].upper() + mend[1:]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing of the graph that does not respect a check.

    Attributes:
        check: what it does not respect.
        focus: IRI of the thing.
        label: its name, by language.
        value: what is wrong in it, "" when something is missing.
        table: file that states it, relative to the folder of the sources, "" when none does.
        line: line in that file, 0 when it is not known.
    """

    check: Check
    focus: str
    label: dict[str, str]
    value: str
    table: str
    line: int

    @property
    def severity(self) -> str:
        """How grave it is: error, warning or information."""
        return self.check.severity

    @property
    def place(self) -> str:
        """Where to mend it: `file:line`, or the end of its IRI."""
        if not self.table:
            return self.focus.removeprefix(ID)
        return f"{self.table}:{self.line}" if self.line else self.table

    def as_dict(self) -> dict[str, object]:
        """Return the finding as a value for JSON."""
        parts = {language: self.check.split(language) for language in LANGUAGES}
        return {
            "severity": self.severity,
            "check": self.check.name,
            "title": self.check.title,
            "focus": self.focus,
            "label": self.label,
            "value": self.value,
            "what": {language: what for language, (what, _) in parts.items()},
            "mend": {language: mend for language, (_, mend) in parts.items()},
            "table": self.table,
            "line": self.line,
        }


def graver(findings: Sequence[Finding], severity: str) -> list[Finding]:
    """Return the findings that are as grave as a severity, or graver."""
    kept = list(SEVERITIES.values())
    kept = kept[: kept.index(severity) + 1]
    return [finding for finding in findings if finding.severity in kept]


def report(
    findings: Sequence[Finding], language: str, width: int, *, whole: bool = False
) -> list[str]:
    """Return the findings as lines, by severity and by check.

    Args:
        findings: in the order of `validate`.
        language: fr or en.
        width: of the lines; a path is never cut.
        whole: tell all of them, not only the first ones of each check.
    """
    lines = []
    for severity, graves in groupby(findings, lambda finding: finding.severity):
        group = list(graves)
        lines += [f"{TEXTS[severity][language].upper()} ({len(group)})", ""]
        for check, alike in groupby(group, lambda finding: finding.check):
            lines += [*_tell(check, list(alike), language, width, whole=whole), ""]
    return lines


def _tell(
    check: Check, findings: list[Finding], language: str, width: int, *, whole: bool
) -> list[str]:
    what, mend = check.split(language)
    lines = [f"  {check.title[language]} ({len(findings)})"]
    for mark, text in (("    ", what), ("    → ", mend)):
        lines += _wrap(mark, text, width)
    lines.append("")
    shown = findings if whole or check.severity == "error" else findings[:SHOWN]
    places = [finding.place for finding in shown]
    column = max(map(len, places))
    for place, finding in zip(places, shown, strict=True):
        text = finding.label[language]
        if finding.value:
            text += TEXTS["between"][language] + finding.value
        lines += _wrap(f"      {place:{column}}  ", text, max(width, column + 40))
    if len(shown) < len(findings):
        lines.append("      " + TEXTS["more"][language].format(count=len(findings) - len(shown)))
    return lines


_WHOLE_WORDS = {"break_long_words": False, "break_on_hyphens": False}


def _wrap(start: str, text: str, width: int) -> list[str]:
    wrapper = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    wrapper.initial_indent, wrapper.subsequent_indent = start, " " * len(start)
    return wrapper.wrap(text)


def count(findings: Sequence[Finding], language: str) -> str:
    """Return how many findings there are of each severity, in words."""
    counts = Counter(finding.severity for finding in findings)
    numbers: dict[str, object] = {name: counts[name] for name in SEVERITIES.values()}
    many = {f"{name}_s": "s" * (_is_plural(counts[name], language)) for name in list(numbers)}
    return TEXTS["counts"][language].format(**numbers, **many)


def _is_plural(number: int, language: str) -> bool:
    return number > 1 if language == "fr" else number != 1


def as_dict(findings: Sequence[Finding]) -> dict[str, object]:
    """Return findings as a value for JSON, in both languages."""
    counts = Counter(finding.severity for finding in findings)
    return {
        "counts": {severity: counts[severity] for severity in SEVERITIES.values()},
        "findings": [finding.as_dict() for finding in findings],
    }


def to_markdown(findings: Sequence[Finding], language: str) -> str:
    """Return how many findings each check has, and what to do, as a Markdown table."""
    heads = {
        "fr": "| gravité | contrôle | nombre | que faire |",
        "en": "| severity | check | findings | what to do |",
    }
    lines = [count(findings, language) + ".", "", heads[language], "|---|---|---|---|"]
    for check, alike in groupby(findings, lambda finding: finding.check):
        what, mend = check.split(language)
        name = TEXTS[check.severity][language].partition(TEXTS["between"][language])[0].lower()
        number = len(list(alike))
        lines.append(f"| {name.rstrip('s')} | {check.title[language]} | {number} | {what} {mend} |")
    return "\n".join(lines) + "\n"

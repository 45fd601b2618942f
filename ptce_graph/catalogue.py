"""The catalogue of the questions: themes, headings of columns, examples, and the page of all.

Texts for people stand here once, in French and in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ptce_graph.query import Parameter, Question

THEMES = {
    "membership": {"fr": "Membres", "en": "Members"},
    "territory": {"fr": "Territoires", "en": "Territories"},
    "funding": {"fr": "Appels et financements", "en": "Calls and fundings"},
    "law": {"fr": "Droit", "en": "Law"},
    "activity": {"fr": "Activités", "en": "Activities"},
    "cooperation": {"fr": "Coopération", "en": "Cooperation"},
    "change": {"fr": "Évolution", "en": "Change"},
    "figures": {"fr": "Chiffres", "en": "Figures"},
    "provenance": {"fr": "Sources", "en": "Sources"},
    "completeness": {"fr": "Ce qui manque", "en": "What is missing"},
}
"""Theme of a question → what a reader sees, in the order of the list."""

HEADERS = {
    "activity": {"fr": "activité"},
    "actorName": {"en": "actor", "fr": "acteur"},
    "actors": {"en": "known actors", "fr": "acteurs connus"},
    "address": {"fr": "adresse"},
    "amount": {"en": "amount (€)", "fr": "montant (€)"},
    "announced": {"en": "results on", "fr": "résultats le"},
    "answer": {"fr": "réponse"},
    "applications": {"fr": "candidatures"},
    "area": {"fr": "territoire"},
    "asOf": {"en": "as of", "fr": "à la date de"},
    "authorities": {"en": "local authorities", "fr": "collectivités"},
    "became": {"en": "became", "fr": "devenu"},
    "bound": {"en": "exact or not", "fr": "exact ou non"},
    "budget": {"fr": "budget"},
    "call": {"fr": "appel"},
    "callName": {"en": "call", "fr": "appel"},
    "carrier": {"en": "carrier", "fr": "porteur"},
    "certainty": {"fr": "certitude"},
    "change": {"fr": "mouvement"},
    "closed": {"en": "closed on", "fr": "clos le"},
    "clue": {"fr": "indice"},
    "condition": {"fr": "condition"},
    "cooperatives": {"fr": "coopératives"},
    "coordinator": {"fr": "coordinateur"},
    "counted": {"fr": "compte"},
    "date": {"fr": "date"},
    "dateNote": {"en": "note on the date", "fr": "note sur la date"},
    "department": {"en": "département", "fr": "département"},
    "departments": {"en": "départements", "fr": "départements"},
    "document": {"fr": "document"},
    "envelope": {"en": "envelope (€)", "fr": "enveloppe (€)"},
    "event": {"fr": "événement"},
    "evidence": {"en": "who speaks", "fr": "qui parle"},
    "form": {"en": "legal form", "fr": "forme juridique"},
    "formNote": {"en": "form of the pole", "fr": "forme du pôle"},
    "found": {"fr": "trouvé"},
    "fromName": {"en": "from", "fr": "de"},
    "fundings": {"fr": "financements"},
    "how": {"fr": "comment"},
    "item": {"fr": "élément"},
    "kind": {"fr": "genre"},
    "kinds": {"en": "of three kinds", "fr": "sur trois genres"},
    "label": {"en": "kind", "fr": "genre"},
    "largest": {"en": "largest award (€)", "fr": "aide la plus haute (€)"},
    "later": {"en": "later call", "fr": "appel ultérieur"},
    "laterName": {"en": "later call", "fr": "appel ultérieur"},
    "latest": {"en": "latest source", "fr": "source la plus récente"},
    "launched": {"en": "launched on", "fr": "lancé le"},
    "laureates": {"fr": "lauréats"},
    "level": {"fr": "niveau"},
    "link": {"fr": "lien"},
    "locator": {"en": "where in it", "fr": "où dans le document"},
    "measure": {"fr": "mesure"},
    "memberOf": {"en": "member of", "fr": "membre de"},
    "members": {"fr": "membres"},
    "minimum": {"en": "at least", "fr": "au moins"},
    "missing": {"en": "things missing", "fr": "ce qui manque"},
    "model": {"fr": "modèle"},
    "modelName": {"en": "model", "fr": "modèle"},
    "name": {"fr": "nom"},
    "newName": {"en": "new name", "fr": "nouveau nom"},
    "note": {"fr": "note"},
    "office": {"fr": "fonction"},
    "old": {"en": "too old", "fr": "trop ancien"},
    "opened": {"en": "opened on", "fr": "ouvert le"},
    "organisation": {"fr": "organisation"},
    "organisations": {"fr": "organisations"},
    "organisers": {"en": "on the organisers", "fr": "sur les organisateurs"},
    "other": {"en": "other member", "fr": "autre membre"},
    "otherName": {"en": "and", "fr": "et"},
    "otherPole": {"en": "other pole", "fr": "autre pôle"},
    "outcome": {"fr": "issue"},
    "overlap": {"en": "at the same time", "fr": "en même temps"},
    "part": {"en": "part taken", "fr": "part prise"},
    "person": {"fr": "personne"},
    "personName": {"en": "person", "fr": "personne"},
    "place": {"fr": "lieu"},
    "pole": {"fr": "pôle"},
    "poleName": {"en": "pole", "fr": "pôle"},
    "poles": {"fr": "pôles"},
    "publisher": {"fr": "éditeur"},
    "rate": {"en": "chosen (%)", "fr": "retenues (%)"},
    "region": {"fr": "région"},
    "relation": {"fr": "relation"},
    "researchCentres": {"en": "research centres", "fr": "centres de recherche"},
    "result": {"fr": "résultat"},
    "role": {"fr": "rôle"},
    "sector": {"fr": "secteur"},
    "seen": {"en": "seen in", "fr": "observé en"},
    "since": {"fr": "depuis"},
    "single": {"en": "one source only", "fr": "une seule source"},
    "siren": {"en": "SIREN", "fr": "SIREN"},
    "smallest": {"en": "smallest award (€)", "fr": "aide la plus basse (€)"},
    "source": {"fr": "source"},
    "sources": {"fr": "sources"},
    "statement": {"fr": "énoncé"},
    "status": {"fr": "statut"},
    "territory": {"fr": "territoire"},
    "text": {"fr": "texte"},
    "thing": {"fr": "chose"},
    "title": {"en": "text", "fr": "texte"},
    "toName": {"en": "to", "fr": "vers"},
    "traced": {"en": "traced to poles (€)", "fr": "attribué selon une source (€)"},
    "type": {"fr": "type"},
    "until": {"fr": "jusqu'à"},
    "untraced": {"en": "not traced (€)", "fr": "sans source (€)"},
    "website": {"en": "web site", "fr": "site web"},
    "when": {"en": "date", "fr": "date"},
    "withAmount": {"en": "with a known amount", "fr": "dont le montant est connu"},
    "withoutAmount": {"en": "without a known amount", "fr": "sans montant connu"},
}
"""Variable of a question → what stands above its column, where that is not its name."""

_START = """# Questions

Each file of `questions/` is one question, in SPARQL, that runs as it is in any tool.
`ptce ask NAME` answers it; `ptce ask NAME -h` explains its parameters, shown here with the values
that stand in the file; `…` stands for any. A value is a key (`sud-aquitaine`), a name or an IRI.
This page is made by `ptce questions --markdown`.
"""


def by_theme(questions: Iterable[Question]) -> Iterator[tuple[str, list[Question]]]:
    """Yield each theme with its questions; a theme that has no texts comes last."""
    order = list(THEMES)

    def place(question: Question) -> tuple[int, str]:
        known = question.theme in THEMES
        return order.index(question.theme) if known else len(order), question.theme

    found = sorted(questions, key=lambda q: (place(q), q.name))
    for (_, theme), group in groupby(found, key=place):
        yield theme, list(group)


def theme_label(theme: str, language: str) -> str:
    """Return what a reader calls a theme.

    >>> theme_label("funding", "fr"), theme_label("my own", "fr")
    ('Appels et financements', 'my own')
    """
    return THEMES.get(theme, {}).get(language, theme)


def heading(variable: str, language: str) -> str:
    """Return what stands above the column of a variable.

    >>> heading("poleName", "fr"), heading("date", "en")
    ('pôle', 'date')
    """
    return HEADERS.get(variable, {}).get(language, variable)


def example(question: Question) -> str:
    """Return a command that asks a question, with the values that stand in its file."""
    words = ["ptce ask", question.name]
    for parameter in question.parameters:
        value = shown_default(parameter)
        if value and parameter.name != "language":
            quoted = f'"{value}"' if " " in value else value
            words.append(f"--{parameter.name} {quoted}")
        elif parameter.type == "iri":
            words.append(f"[--{parameter.name} KEY]")
    return " ".join(words)


def shown_default(parameter: Parameter) -> str:
    """Return the first value that stands in the file of a question, as one types it, or ""."""
    if parameter.default == "UNDEF":
        return ""
    if parameter.type == "iri":
        prefix, _, local = parameter.default.partition(":")
        return local if parameter.kind else f"{prefix}/{local}"
    return parameter.default.split('"')[1] if '"' in parameter.default else parameter.default


def markdown(questions: Iterable[Question]) -> str:
    """Return the page that lists the questions, a table per theme, in both languages."""
    lines = [_START]
    for theme, group in by_theme(questions):
        labels = dict.fromkeys(theme_label(theme, language) for language in ("fr", "en"))
        lines += [
            f"## {' · '.join(labels)}\n",
            "| name | question (fr) | question (en) | parameters |",
            "|---|---|---|---|",
        ]
        for question in group:
            parameters = ", ".join(
                f"`{p.name}` {shown_default(p) or '…'}"
                for p in question.parameters
                if p.name != "language"
            )
            name = f"[{question.name}](questions/{question.name}.rq)"
            cells = (name, question.question["fr"], question.question["en"], parameters)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)

"""What the search of the site reads: everything that has a name, and by what it is found.

A pole is found by its own names, and by those of its coordinator, members, territories and themes:
an entry holds the numbers of these other entries, and how they are linked, so that the names stand
once. The file is a script, because a page that is opened from a folder may read nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from ptce_graph.publish import addresses
from ptce_graph.publish.index import Listed
from ptce_graph.publish.pages import LANGUAGES, LISTS
from ptce_graph.publish.thing import Texts
from ptce_graph.query import Question

_IN_LISTS = {kind for kinds in LISTS.values() for kind in kinds}

_SAY = {
    "results": {"fr": "Suggestions", "en": "Suggestions"},
    "start": {"fr": "Écrivez un ou plusieurs mots.", "en": "Write one or more words."},
    "none": {"fr": "Rien n'est trouvé.", "en": "Nothing is found."},
    "one": {"fr": "1 résultat.", "en": "1 result."},
    "some": {"fr": "%d résultats.", "en": "%d results."},
    "cut": {"fr": "%d résultats, dont les %n premiers.", "en": "%d results: the first %n."},
    "parts": {
        "fr": "Rien n'a tous ces mots ; voici ce qui en a le plus.",
        "en": "Nothing has all of these words; here is what has most of them.",
    },
    "without": {"fr": "sans : %s", "en": "without: %s"},
    "mean": {"fr": "Vouliez-vous dire", "en": "Did you mean"},
    "all": {"fr": "Tous les résultats", "en": "All results"},
}
_IGNORED = {
    "fr": "a à au aux avec ce ces cet cette chaque comment d dans de des du elle en est et fait"
    " font il ils je l la le les leur leurs lui ma mes mon n ne nous on ont ou où par pas pour qu"
    " quand que quel quelle quelles quels qui quoi s sa se ses son sont sur un une vos votre vous",
    "en": "a an and are by did do does for from has have how in is it its me of on or s that the"
    " their there to was were what when where which who whom whose why with",
}
"""Words that say nothing of what is sought; a search made of nothing else keeps them."""


def script(rows: Iterable[Listed], questions: Iterable[Question]) -> bytes:
    """Return what the search reads, as a script that sets `ptceIndex`.

    Memberships, figures and the like have no name: they are found on the pages of their ends.

    Args:
        rows: everything that has a page.
        questions: those that have one.

    Returns:
        `entries`, each a path, a name in French and in English ("" when it is the same), the number
        of its kind, other names, and pairs of numbers: of how it is linked, and to which
        entry or text.
    """
    kinds: dict[str, int] = {}
    ways: dict[str, int] = {}
    named = [
        row
        for row in sorted(rows, key=lambda row: row.name.key)
        if not row.name.group or row.name.group in _IN_LISTS
    ]
    places = {row.name.iri: place for place, row in enumerate(named)}
    entries: list[list[object]] = []
    for row in named:
        kind = _number(kinds, row.name.kind or dict.fromkeys(LANGUAGES, ""))
        linked = [
            number
            for how, what in row.links
            if what in places or not what.startswith("https://")
            for number in (_number(ways, how), places.get(what, what))
        ]
        entries.append([addresses.path(row.name.iri), *_both(row.name.label), kind, row.also])
        entries[-1] += [linked] if linked else []
    kind = _number(kinds, dict.fromkeys(LANGUAGES, "question"))
    entries += [[f"questions/{q.name}", *_both(q.question), kind, ""] for q in questions]
    found = {
        "kinds": [json.loads(kind) for kind in kinds],
        "ways": [json.loads(way) for way in ways],
        "ignored": " ".join(_IGNORED.values()),
        "say": {lang: {key: said[lang] for key, said in _SAY.items()} for lang in LANGUAGES},
        "entries": entries,
    }
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return f"window.ptceIndex = {text};\n".encode()


def _number(numbers: dict[str, int], texts: Texts) -> int:
    return numbers.setdefault(json.dumps(texts, ensure_ascii=False), len(numbers))


def _both(label: Mapping[str, str]) -> tuple[str, str]:
    return label["fr"], "" if label["en"] == label["fr"] else label["en"]

"""What an actor is, by its legal category (INSEE, 2 to 4 figures), by words, or by its name.

Source of the families: law 2014-856, article 1, and the labels of INSEE's nomenclature of legal
categories; of the categories of public bodies: the same labels.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ptce_graph.foreign.columns import fold


class Nature(NamedTuple):
    """What is known of an actor: its class, its family of the ESS, its legal category."""

    kind: str
    family: str = ""
    category: str = ""


_COOPERATIVE = {
    *range(5191, 5197),
    *(5203, 5307, 5309, 5432, 5443, 5451, 5453, 5454, 5455, 5458, 5459, 5460, 5532, 5543, 5547),
    *(5551, 5552, 5553, 5554, 5555, 5558, 5559, 5560, 5632, 5643, 5647, 5651, 5652, 5653, 5654),
    *(5655, 5658, 5659, 5660, 6100, 6316, 6317, 6318, 6532, 6543, 6551, 6554, 6558, 6560, 6595),
    6596,
}
_MUTUAL = {6411, 8210, 8250, 8290}
_AUTHORITIES = {7343, 7344, 7346, 7348}
_COMPANIES = ("52", "53", "54", "55", "56", "57", "58")
_WORDS = {
    "association": Nature("Association", "association", "92"),
    "association loi 1901": Nature("Association", "association", "92"),
    "association declaree": Nature("Association", "association", "9220"),
    "asso": Nature("Association", "association", "92"),
    "loi 1901": Nature("Association", "association", "92"),
    "cooperative": Nature("Cooperative", "cooperative"),
    "scop": Nature("Cooperative", "cooperative"),
    "scic": Nature("Cooperative", "cooperative"),
    "cae": Nature("Cooperative", "cooperative"),
    "cuma": Nature("Cooperative", "cooperative"),
    "mutuelle": Nature("Mutual", "mutual"),
    "mutual": Nature("Mutual", "mutual"),
    "fondation": Nature("Foundation", "foundation", "9300"),
    "foundation": Nature("Foundation", "foundation", "9300"),
    "fonds de dotation": Nature("Foundation", "foundation"),
    "groupement d employeurs": Nature("EmployerGroup", "", "9223"),
    "geiq": Nature("EmployerGroup", "", "9223"),
    "sarl": Nature("CommercialCompany", "", "54"),
    "eurl": Nature("CommercialCompany", "", "54"),
    "sa": Nature("CommercialCompany", "", "55"),
    "sas": Nature("CommercialCompany", "", "57"),
    "sasu": Nature("CommercialCompany", "", "57"),
    "societe": Nature("CommercialCompany"),
    "entreprise": Nature("CommercialCompany"),
    "company": Nature("CommercialCompany"),
    "assoc": Nature("Association", "association", "92"),
    "ass": Nature("Association", "association", "92"),
    "non profit": Nature("Association", "association", "92"),
    "nonprofit": Nature("Association", "association", "92"),
    "epci": Nature("LocalAuthority"),
    "epic": Nature("PublicBody"),
    "epa": Nature("PublicBody"),
    "gip": Nature("PublicBody"),
    "syndicat mixte": Nature("PublicBody"),
    "chambre consulaire": Nature("PublicBody"),
    "sem": Nature("CommercialCompany", "", "55"),
    "spl": Nature("CommercialCompany", "", "55"),
    "snc": Nature("CommercialCompany"),
    "societe commerciale": Nature("CommercialCompany"),
    "commune": Nature("LocalAuthority", "", "7210"),
    "mairie": Nature("LocalAuthority", "", "7210"),
    "ville": Nature("LocalAuthority", "", "7210"),
    "departement": Nature("LocalAuthority", "", "7220"),
    "conseil departemental": Nature("LocalAuthority", "", "7220"),
    "region": Nature("LocalAuthority", "", "7230"),
    "conseil regional": Nature("LocalAuthority", "", "7230"),
    "collectivite": Nature("LocalAuthority"),
    "collectivite territoriale": Nature("LocalAuthority"),
    "local authority": Nature("LocalAuthority"),
    "communaute de communes": Nature("LocalAuthority", "", "7346"),
    "communaute d agglomeration": Nature("LocalAuthority", "", "7348"),
    "communaute urbaine": Nature("LocalAuthority", "", "7343"),
    "metropole": Nature("LocalAuthority", "", "7344"),
    "cc": Nature("LocalAuthority", "", "7346"),
    "ca": Nature("LocalAuthority", "", "7348"),
    "cu": Nature("LocalAuthority", "", "7343"),
    "metro": Nature("LocalAuthority", "", "7344"),
    "met69": Nature("LocalAuthority", "", "7344"),
    "etablissement public": Nature("PublicBody"),
    "organisme public": Nature("PublicBody"),
    "public body": Nature("PublicBody"),
    "etat": Nature("StateBody"),
    "state": Nature("StateBody"),
    "personne morale": Nature("LegalPerson"),
    "legal person": Nature("LegalPerson"),
}
_ALONE = {"commune", "ville", "region", "departement", "entreprise", "societe", "metropole"}
"""Words that say what an actor is when they stand alone, and little among others."""
_INITIALS = re.compile(r"\b(?:\w\.){2,}")
_KINDS = {
    *("Association", "Collaboration", "CommercialCompany", "Cooperative", "EmployerGroup"),
    *("Foundation", "LegalPerson", "LocalAuthority", "Mutual", "PublicBody", "StateBody"),
}
_BY_FOLDED_KIND = {fold(kind): kind for kind in _KINDS}
_IN_NAMES = (
    (re.compile(r"\b(association|asso)\b"), "association"),
    (re.compile(r"\b(scic|scop|cooperative|cuma)\b"), "cooperative"),
    (re.compile(r"\b(mutuelle)\b"), "mutuelle"),
    (re.compile(r"^fondation\b"), "fondation"),
    (re.compile(r"^(commune|ville|mairie) de?\b"), "commune"),
    (re.compile(r"^(communaute de communes|cc) "), "communaute de communes"),
    (re.compile(r"^communaute d agglomeration"), "communaute d agglomeration"),
    (re.compile(r"^(departement|conseil departemental|conseil general) "), "departement"),
    (re.compile(r"^(region|conseil regional) "), "region"),
    (re.compile(r"\b(sarl|eurl)\b"), "sarl"),
    (re.compile(r"\b(sas|sasu)\b"), "sas"),
)


def by_category(code: str) -> Nature | None:
    """Return what a legal category of INSEE makes of an actor; None if it is no such code.

    >>> by_category("9220").kind, by_category("5458").family, by_category("7346").kind
    ('Association', 'cooperative', 'LocalAuthority')
    """
    if not re.fullmatch(r"\d{2}(\d{2})?", code, re.ASCII):
        return None
    number = int(code) if len(code) == 4 else 0
    if code == "9223":
        return Nature("EmployerGroup", "", code)
    if number in _COOPERATIVE or code[:2] in ("51", "63"):
        return Nature("Cooperative", "cooperative", code)
    if number in _MUTUAL or code[:2] == "82":
        return Nature("Mutual", "mutual", code)
    if code[:2] == "92":
        return Nature("Association", "association", code)
    if code[:2] == "93":
        return Nature("Foundation", "foundation", code)
    if code[:2] == "72" or number in _AUTHORITIES:
        return Nature("LocalAuthority", "", code)
    if code[:2] == "71":
        return Nature("StateBody", "", code)
    if code[:2] in ("41", "73", "74"):
        return Nature("PublicBody", "", code)
    kind = "CommercialCompany" if code[:2] in _COMPANIES else "LegalPerson"
    return Nature(kind, "", code)


def is_person(text: str) -> bool:
    """Return whether a legal form or a kind is that of a natural person.

    In INSEE's nomenclature these are the legal categories that begin with 1.

    >>> is_person("1000"), is_person("Entrepreneur individuel"), is_person("Association")
    (True, True, False)
    """
    by_category = re.fullmatch(r"1(0|\d{3})", text.strip(), re.ASCII)
    return bool(by_category or _PERSONS.search(fold(text)))


_PERSONS = re.compile(
    r"\b(entrepreneurs? individuels?|entreprises? individuelles?|(auto|micro) ?entrepr[ei]\w+|eirl|"
    r"personnes? physiques?|natural persons?|individuals?|professions? liberales?|"
    r"(adherente?s?|membres?) individuel(le)?s?)\b|"
    r"^(particuliere?s?|individuel(le)?s?|independante?s?|citoyen(ne)?s?|habitante?s?|benevoles?)$"
)
_CIVILITY = re.compile(r"(m|mr|mme|mlle|mrs|ms|monsieur|madame|mademoiselle) \w+ \w+( \w+)?")


def is_person_name(name: str) -> bool:
    """Return whether a name is that of a person, with a title before it.

    >>> is_person_name("Mme Zoé Dupont"), is_person_name("Monsieur Bricolage")
    (True, False)
    """
    return bool(_CIVILITY.fullmatch(fold(name)))


def by_words(text: str) -> Nature | None:
    """Return what words make of an actor: the name of a class, of a form, or of several forms.

    >>> by_words("SCIC SARL").kind, by_words("Association loi 1901").category
    ('Cooperative', '92')
    """
    folded = fold(_INITIALS.sub(lambda m: m[0].replace(".", ""), text))
    if folded in _WORDS:
        return _WORDS[folded]
    if folded in _BY_FOLDED_KIND:
        return Nature(_BY_FOLDED_KIND[folded])
    if found := re.match(r"(\d{4}|\d{2})\b", text.strip(), re.ASCII):
        return by_category(found[1])
    for pattern, word in _IN_NAMES:
        if pattern.search(folded):
            return _WORDS.get(word)
    words = (w for w in folded.split() if w in _WORDS and w not in _ALONE)
    return next((_WORDS[w] for w in words if len(w) > 2), None)


def by_siren(siren: str) -> Nature | None:
    """Return what the SIREN of a local authority says: 21 for communes, 22 and 23 above them.

    >>> by_siren("210600045").kind
    'LocalAuthority'
    """
    return Nature("LocalAuthority") if siren[:2] in ("21", "22", "23") else None


def by_name(name: str) -> Nature | None:
    """Return what the name of an actor says that it is.

    >>> by_name("Association des amis").kind, by_name("Éole")
    ('Association', None)
    """
    folded = fold(name)
    for pattern, word in _IN_NAMES:
        if pattern.search(folded):
            found = _WORDS[word]
            return Nature(found.kind, found.family)
    return None

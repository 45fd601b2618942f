"""The names that columns go by, in French and English, accents and case aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

SYNONYMS: dict[str, str] = {
    "id": "id; identifiant; cle; key; code interne; reference interne",
    "name": "nom; name; denomination; raison sociale; structure; organisme; organisation; "
    "organization; nom de la structure; nom structure; nom organisme; nom de l organisme; "
    "nom de l organisation; nom de l association; nom association; association; entreprise; "
    "adherent; adherents; nom adherent; nom de l adherent; membre; membres; member; members; "
    "nom du membre; nom membre; etablissement; societe; company; libelle; intitule; titre; "
    "nom complet; nom usuel; partenaire; partner; coopérative; beneficiaire; nom beneficiaire; "
    "nom du beneficiaire; beneficiary; denomination sociale; nom tl; nom commercial; "
    "denominationunitelegale; structure nom; nom de la structure adherente; nom d usage; "
    "nom de l organisme beneficiaire; organisme beneficiaire; association beneficiaire; "
    "nom de l organisation membre; organisation membre; organisme membre; structure membre; "
    "structure adherente; association adherente; membre du pole; structures; organisations; "
    "organismes; associations; acteur; acteurs; nom de l acteur",
    "alt_names": "sigle; acronyme; autre nom; autres noms; alias; acronym; short name; nom court; "
    "titre court; other names; appellation; enseigne; sigleunitelegale",
    "kind": "nature; type; kind; type de structure; nature juridique; type structure; categorie; "
    "type d organisme; type d acteur; kind of organisation; famille; type organisme",
    "legal_form": "forme juridique; statut juridique; statut; legal form; categorie juridique; "
    "code categorie juridique; forme; legal status; categoriejuridiqueunitelegale",
    "siren": "siren; n siren; no siren; numero siren; code siren; siren number; num siren",
    "siret": "siret; n siret; no siret; numero siret; code siret; siret number; num siret; "
    "siret siege; siret du siege; idbeneficiaire; id beneficiaire; siret beneficiaire; "
    "identification du beneficiaire; identifiant du beneficiaire",
    "rna": "rna; n rna; numero rna; code rna; waldec; numero waldec; id rna; rnabeneficiaire; "
    "rna beneficiaire; num rna; identifiant rna",
    "commune": "code commune; code insee; insee; insee commune; code insee commune; inseecom; "
    "code geo; codgeo; code officiel geographique; com; depcom; commune insee; insee code; "
    "codecommuneetablissement; adrs codeinsee; citycode; code insee de la commune",
    "commune_name": "commune; ville; cp ville; code postal ville; code postal et ville; "
    "cp commune; city; localite; town; municipality; nom commune; nomcom; "
    "nom de la commune; libelle commune; commune du siege; siege; lieu; libellecommune",
    "postcode": "code postal; cp; postcode; postal code; zip; zip code; codepostal",
    "departement": "departement; dep; dept; dpt; code departement; department; num departement; "
    "numero departement; n departement; inseedep; code dep; no departement",
    "region": "region; reg; code region; nom region; inseereg; nom de la region",
    "website": "site web; site; web; site internet; website; url; adresse web; siteweb; "
    "page web; lien; link; homepage; adresse internet",
    "pole": "pole; ptce; nom du pole; pole ptce; nom pole; nom du ptce; pole name; nom ptce",
    "role": "role; fonction dans le pole; qualite; role dans le pole; type d adhesion; "
    "type adhesion; statut adhesion; college; type de membre; role in the pole; titre du membre",
    "valid_from": "date d adhesion; date adhesion; date d entree; adhesion; entree; depuis; debut; "
    "date de debut; date debut; since; from; start; start date; membre depuis; annee d adhesion; "
    "annee adhesion; joined; valid from; date d arrivee",
    "valid_until": "date de sortie; sortie; fin; date de fin; date fin; jusqu a; until; to; end; "
    "end date; date de depart; depart; left; valid until; radiation; date de radiation",
    "observed_in": "annee; year; millesime; exercice; observe en; observed in; date; date du jour; "
    "campagne; annee de reference; date de la liste",
    "funder_name": "financeur; nom financeur; attribuant; nomattribuant; nom attribuant; "
    "nom de l attribuant; funder; donor; nom du financeur; organisme financeur; collectivite; "
    "autorite; autorite administrative; administration",
    "funder_siret": "idattribuant; id attribuant; siret attribuant; siret financeur; "
    "siret du financeur; funder siret; siret de l attribuant; identification de l attribuant; "
    "identifiant de l attribuant",
    "amount": "montant; amount; montant attribue; montant verse; montant vote; somme; subvention; "
    "montant de la subvention; montant en euros; montant eur; montant accorde; montant total; "
    "montant total de la subvention; montant mandate; montant paye; mandate",
    "date": "date; date convention; dateconvention; date de convention; date d attribution; "
    "date decision; date de decision; date de la decision; annee; exercice; date attribution; "
    "year; date du vote; date de la convention de subvention; date de la convention",
    "reference": "reference; referencedecision; reference decision; reference de la decision; "
    "numero de dossier; n dossier; no dossier; dossier; numero convention; deliberation",
    "purpose": "objet; object; purpose; intitule du projet; projet; project; description; "
    "objet de la subvention; objet du dossier; action; nom du projet",
    "instrument": "nature; nature de la subvention; instrument; type d aide; nature de l aide; "
    "forme de l aide; kind of aid",
    "code": "code; code insee; insee; com; dep; reg; code commune; code departement; code region; "
    "codgeo; code geo",
    "level": "niveau; type; level; typecom; type de territoire",
    "chief_siren": "siren; siren commune; commune siren",
    "member_siren": "commune siren; siren commune; siren membre; siren du membre; member siren",
    "group_siren": "epci siren; siren epci; siren groupement; siren du groupement; n siren; epci; "
    "code epci; siren de l epci",
    "member_code": "commune insee; insee; code insee; insee membre; code commune",
    "organisation": "organisation; organization; organisation key; cle de l organisation",
    "candidate": "candidate; candidat",
    "decision": "decision",
    "decided_by": "decided by; decide par; par; who; qui",
    "decided_on": "decided on; decide le; date de decision; when; quand; date",
    "why": "why; pourquoi; motif; raison; justification",
}
"""Field → the names that its column goes by, folded, separated by semicolons."""

PRIVATE = re.compile(
    r"\b(e ?mails?|mails?|courriels?|mel|telephones?|tels?|phones?|portables?|mobiles?|fax|gsm|"
    r"contact|contacts|prenom\w*|first ?names?|surname|last ?name|nom de famille|civilite|"
    r"dir civilite|interlocuteur\w*|referent\w*|responsable|dirigeant\w*|president\w*|directeur|"
    r"directrice|gerant\w*|representant\w*|naissance|date de naissance|date naissance|birth\w*|"
    r"sexe\w*|gender|pseudonyme\w*|nom du contact|nom contact|correspondant\w*|iban|rib|"
    r"linkedin|facebook|twitter|nomunitelegale|nomusageunitelegale|adresse personnelle|"
    r"adrg declarant|signataires?|observations?|commentaires?|remarques?|comments?|remarks?)\b"
)
_FIRST_NAME = re.compile(r"\b(prenoms?|first ?names?)\b")
_LAST_NAMES = {"nom", "noms", "name", "nom d usage", "nom de naissance", "nom usuel"}
GROUP = " / "
"""Between the name of a group of columns and the name of a column in it."""
REASON = "reason"
_EXTRA = "extra cells"
REJECTED_COLUMNS = (_EXTRA, "file", REASON)
"""Columns that we add to rejected.csv, and never read from it."""
_NOT_ALNUM = re.compile(r"[^a-z0-9]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "ß": "ss", "ø": "o"})


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return a text without accents, case, punctuation: what names are compared by.

    >>> fold("N° SIRET (siège)"), fold("Code_Postal")
    ('n siret siege', 'code postal')
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_ALNUM.sub(" ", bare.lower()).strip()


_FOLDED = {name: [fold(text) for text in texts.split(";")] for name, texts in SYNONYMS.items()}
_IGNORED_WORDS = re.compile(r"\b(de|du|des|d|la|le|les|l|the|of|votre|vos|en)\b")
_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])")
_TRAILING = re.compile(r"\b(obligatoire|facultatif|optionnel|required|optional|format .*)\b")


def is_private(name: str) -> bool:
    """Return whether a column is about a private person, by its name.

    >>> is_private("Prénom du contact"), is_private("Nom de la structure")
    (True, False)
    """
    return bool(PRIVATE.search(fold(name)))


def private_names(header: Iterable[str]) -> set[str]:
    """Return the columns that are about private persons; beside a first name, a name is a person's.

    >>> sorted(private_names(["Nom", "Prénom", "Structure"]))
    ['Nom', 'Prénom']
    """
    names = list(header)
    persons = {n.rpartition(GROUP)[0] for n in names if _FIRST_NAME.search(fold(n))}
    groups = ((name, *name.rpartition(GROUP)[::2]) for name in names)
    apart = {n for n, group, last in groups if group in persons and fold(last) in _LAST_NAMES}
    return apart | {name for name in names if is_private(name)}


@lru_cache(maxsize=5_000)
def _forms(name: str) -> tuple[str, ...]:
    """Return the ways in which a name of a column may be compared: whole, and without trifles."""
    whole = fold(name)
    bare = fold(_TRAILING.sub("", re.sub(r"\(.*?\)|\[.*?\]", " ", name)))
    loose = " ".join(_IGNORED_WORDS.sub(" ", bare).split())
    last = fold(name.rpartition(GROUP)[2])
    words = fold(_HUMP.sub(" ", name))
    return tuple(dict.fromkeys(form for form in (whole, bare, loose, last, words) if form))


@lru_cache(maxsize=5_000)
def _rank(name: str, wanted: str) -> int:
    """Return how well a name fits a field: the place of its synonym, or a large number."""
    loose_synonyms = [" ".join(_IGNORED_WORDS.sub(" ", s).split()) for s in _FOLDED[wanted]]
    for penalty, form in enumerate(_forms(name)):
        for synonyms in (_FOLDED[wanted], loose_synonyms):
            if form in synonyms:
                return 100 * penalty + synonyms.index(form)
    run_together = [synonym.replace(" ", "") for synonym in _FOLDED[wanted]]
    folded = fold(name)
    return 900 + run_together.index(folded) if folded in run_together else 10_000


def match(header: list[str], fields: Iterable[str], *, private: bool = False) -> dict[str, int]:
    """Return for each field the column whose name fits it best, each column once.

    >>> match(["Nom", "N° SIRET", "Ville"], ["name", "siret", "commune_name"])
    {'name': 0, 'siret': 1, 'commune_name': 2}
    """
    names = list(fields)
    apart = set() if private else private_names(header)
    pairs = sorted(
        (_rank(name, wanted), order, position)
        for order, wanted in enumerate(names)
        for position, name in enumerate(header)
        if name not in apart
    )
    found: dict[str, int] = {}
    taken: set[int] = set()
    for rank, order, position in pairs:
        wanted = names[order]
        if rank < 10_000 and wanted not in found and position not in taken:
            found[wanted] = position
            taken.add(position)
    return {wanted: found[wanted] for wanted in names if wanted in found}

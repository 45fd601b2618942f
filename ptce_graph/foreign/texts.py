"""What an import says, in French and English: refusals, reasons of rejected rows, decisions."""

from __future__ import annotations

import re

from ptce_graph.errors import PtceError

REFUSALS: dict[str, tuple[str, str]] = {
    "no-file": (
        "no such file (check the name)",
        "fichier introuvable (vérifiez le nom)",
    ),
    "no-regular-file": (
        "not a file that can be read twice (save it to a file first)",
        "pas un fichier qui puisse être relu (enregistrez-le d'abord dans un fichier)",
    ),
    "empty": ("empty file (there is nothing to import)", "fichier vide (rien à importer)"),
    "foreign-format": (
        "it is {0}, not a table (open it in a spreadsheet or in the program it comes from, and "
        "save it as XLSX or CSV)",
        "c'est {0}, pas un tableau (ouvrez-le dans un tableur ou dans son logiciel, et "
        "enregistrez-le en XLSX ou CSV)",
    ),
    "uncalculated": (
        "its formulas were never calculated, so their values are not in it (open it in a "
        "spreadsheet and save it)",
        "ses formules n'ont jamais été calculées, leurs valeurs n'y sont donc pas (ouvrez-le dans "
        "un tableur et enregistrez-le)",
    ),
    "password": (
        "protected by a password (save it again without one)",
        "protégé par un mot de passe (enregistrez-le à nouveau sans)",
    ),
    "damaged": ("damaged: {0} (save it again)", "abîmé : {0} (enregistrez-le à nouveau)"),
    "wrong-encoding": (
        "line {1} is not {0}: nothing was read (save it again as CSV UTF-8, or give --encoding)",
        "la ligne {1} n'est pas en {0} : rien n'a été lu (enregistrez-le en CSV UTF-8, ou donnez "
        "--encoding)",
    ),
    "unknown-encoding": (
        "no encoding is called {0} (utf-8, utf-16, cp1252, latin-1 …)",
        "aucun encodage ne s'appelle {0} (utf-8, utf-16, cp1252, latin-1 …)",
    ),
    "twice-encoded": (
        "its accents were spoilt by an earlier save, as in “{0}” (take the original, or give "
        "--encoding utf-8 to read it as it is)",
        "ses accents ont été abîmés par un enregistrement, comme dans « {0} » (reprenez "
        "l'original, ou donnez --encoding utf-8 pour le lire tel quel)",
    ),
    "nul": (
        "it holds NUL characters: it is damaged or is no text (save it again)",
        "il contient des caractères NUL : abîmé ou non textuel (enregistrez-le à nouveau)",
    ),
    "long-line": (
        "line {0} has more than {1} characters: not a table that people made (check the file)",
        "la ligne {0} a plus de {1} caractères : ce n'est pas un tableau (vérifiez le fichier)",
    ),
    "many-columns": (
        "more than {0} columns (keep those that you need)",
        "plus de {0} colonnes (gardez celles qu'il faut)",
    ),
    "too-large": (
        "it would take more than {0} MB of memory (cut it, or save it as CSV)",
        "il prendrait plus de {0} Mo de mémoire (coupez-le, ou enregistrez-le en CSV)",
    ),
    "too-deep": (
        "its values are nested more than {0} deep (export a simple list)",
        "ses valeurs sont imbriquées sur plus de {0} niveaux (exportez une liste simple)",
    ),
    "unclosed-quote": (
        "a quotation mark that opens on line {0} is not closed rightly: nothing was read (close "
        "it, or double it)",
        "un guillemet ouvert à la ligne {0} n'est pas bien fermé : rien n'a été lu (fermez-le, ou "
        "doublez-le)",
    ),
    "no-records": (
        "no list of records is in it (expected a list of objects, or GeoJSON features)",
        "aucune liste d'enregistrements (attendu : une liste d'objets, ou un GeoJSON)",
    ),
    "bad-json": (
        "no JSON: {0}, line {1} (export it again)",
        "ce n'est pas du JSON : {0}, ligne {1} (exportez-le à nouveau)",
    ),
    "no-sheet": (
        "no sheet is called {0} (the sheets are: {1})",
        "aucune feuille ne s'appelle {0} (les feuilles sont : {1})",
    ),
    "no-header": (
        "no line holds the names of the columns (give --header N, or --header 0 if there are "
        "none and then --column name=1 …)",
        "aucune ligne ne porte les noms des colonnes (donnez --header N, ou --header 0 s'il n'y "
        "en a pas, puis --column name=1 …)",
    ),
    "short-header": (
        "it ends before line {0}, where --header says that the names of the columns are",
        "il finit avant la ligne {0}, où --header situe les noms des colonnes",
    ),
    "no-such-column": (
        "no column is called “{0}” (the columns are: {1})",
        "aucune colonne ne s'appelle « {0} » (les colonnes sont : {1})",
    ),
    "other-columns": (
        "{0} does not begin with the line that {1} begins with (unpack it, import them one by one)",
        "{0} ne commence pas par la même ligne que {1} (décompressez, importez-les un par un)",
    ),
    "missing-field": (
        "no column was found for {0} (say which: --column {0}=COLUMN, or --set {0}=VALUE; the "
        "columns are: {1})",
        "aucune colonne trouvée pour {0} (dites laquelle : --column {0}=COLONNE, ou --set "
        "{0}=VALEUR ; les colonnes sont : {1})",
    ),
    "unknown-field": (
        "{0} is nothing that {1} hold (they hold: {2})",
        "{0} n'existe pas pour {1} (existent : {2})",
    ),
    "unknown-kind": (
        "nothing is imported as {0} (known: {1})",
        "rien ne s'importe comme {0} (connus : {1})",
    ),
    "bad-mapping": (
        "bad mapping: {0} (mend it, or write a new one with --write-mapping)",
        "mauvaise table de correspondance : {0} (corrigez-la, ou refaites-la avec --write-mapping)",
    ),
    "bad-value": ("{0}", "{0}"),
    "no-mapping": (
        "no such mapping file (those of the graph are called: {0})",
        "pas de tel fichier de correspondance (ceux du graphe s'appellent : {0})",
    ),
    "needs-join": (
        "this mapping completes its rows by a second file, by their {0} (say which: --join FILE)",
        "cette correspondance complète ses lignes par un second fichier, selon {0} (dites lequel : "
        "--join FICHIER)",
    ),
    "no-join": (
        "no column {0} is in {1}, which should tell its rows from each other",
        "aucune colonne {0} dans {1}, qui devrait distinguer ses lignes",
    ),
    "bad-filter": (
        "--filter {0} is not understood (write COLUMN=VALUE, COLUMN!=VALUE or COLUMN^=START; "
        "several values are separated by |)",
        "--filter {0} n'est pas compris (écrivez COLONNE=VALEUR, COLONNE!=VALEUR ou "
        "COLONNE^=DÉBUT ; plusieurs valeurs sont séparées par |)",
    ),
    "bad-target": (
        "it is no folder of the sources (write -o {0}/NAME/)",
        "ce n'est pas un dossier des sources (écrivez -o {0}/NOM/)",
    ),
    "own-file": (
        "it is a table of the graph itself, not a foreign one (edit it)",
        "c'est une table du graphe même, pas une table étrangère (modifiez-la)",
    ),
    "own-folder": (
        "it holds tables of the graph that people edit (give the list a folder of its own with -o)",
        "il contient des tables du graphe que l'on modifie à la main (donnez à la liste un dossier "
        "à elle avec -o)",
    ),
    "no-kind": (
        "say what a row is: --as {0}",
        "dites ce qu'est une ligne : --as {0}",
    ),
    "other-rejected": (
        "it holds rows of another file that wait to be corrected (correct and import it, or "
        "remove it)",
        "il contient des lignes d'un autre fichier à corriger (corrigez-le et importez-le, ou "
        "supprimez-le)",
    ),
    "changed-table": (
        "its columns are not those of such a table (mend it, or choose another folder with -o)",
        "ses colonnes ne sont pas celles d'une telle table (corrigez-la, ou choisissez un autre "
        "dossier avec -o)",
    ),
}

REASONS: dict[str, tuple[str, str]] = {
    "ragged-row": (
        "{0} cells instead of {1}: put quotation marks around a cell that holds the separator",
        "{0} cellules au lieu de {1} : mettez entre guillemets une cellule qui contient le "
        "séparateur",
    ),
    "stray-quote": (
        "a quotation mark opens a cell and does not close it: look whether the line is cut rightly",
        "un guillemet ouvre une cellule et ne la ferme pas : regardez si la ligne est bien coupée",
    ),
    "lost-letter": (
        "{0}: a letter was lost in an earlier save (�): type it again",
        "{0} : une lettre a été perdue à un enregistrement (�) : retapez-la",
    ),
    "cell-error": (
        "{0}: “{1}” is an error of the spreadsheet: type the value",
        "{0} : « {1} » est une erreur du tableur : tapez la valeur",
    ),
    "missing-value": ("{0} is missing: fill it", "{0} manque : remplissez-le"),
    "invalid-siren": (
        "{0}: “{1}” is no SIREN: nine digits, as in 552032534",
        "{0} : « {1} » n'est pas un SIREN : neuf chiffres, comme 552032534",
    ),
    "invalid-siret": (
        "{0}: “{1}” is no SIRET: fourteen digits, as in 55203253400646",
        "{0} : « {1} » n'est pas un SIRET : quatorze chiffres, comme 55203253400646",
    ),
    "invalid-rna": (
        "{0}: “{1}” is no RNA number: W and nine digits, as in W751004076",
        "{0} : « {1} » n'est pas un numéro RNA : W et neuf chiffres, comme W751004076",
    ),
    "rounded-number": (
        "{0}: “{1}” was rounded by a spreadsheet: type the whole number again, as text",
        "{0} : « {1} » a été arrondi par un tableur : retapez le numéro entier, comme texte",
    ),
    "no-establishment": (
        "{0}: “{1}” ends in 00000, the number of no establishment (it was rounded, or is a SIREN): "
        "type the fourteen digits, as text, or the nine of the SIREN",
        "{0} : « {1} » finit par 00000, numéro d'aucun établissement (il a été arrondi, ou c'est "
        "un SIREN) : tapez les quatorze chiffres, comme texte, ou les neuf du SIREN",
    ),
    "siren-siret": (
        "the SIREN {0} and the SIRET {1} are not of the same organisation: correct one",
        "le SIREN {0} et le SIRET {1} ne sont pas de la même organisation : corrigez l'un",
    ),
    "invalid-insee": (
        "{0}: “{1}” is no INSEE code: expected {2}",
        "{0} : « {1} » n'est pas un code INSEE : attendu {2}",
    ),
    "invalid-date": (
        "{0}: “{1}” is no date: write 31/12/2014, 2014-12-31, 2014-12 or 2014",
        "{0} : « {1} » n'est pas une date : écrivez 31/12/2014, 2014-12-31, 2014-12 ou 2014",
    ),
    "counted-date": (
        "{0}: “{1}” is a date as a spreadsheet counts it, in days: give the column the format of "
        "a date and save the file again, or type 31/12/2014",
        "{0} : « {1} » est une date telle qu'un tableur la compte, en jours : donnez à la colonne "
        "le format date et enregistrez le fichier à nouveau, ou tapez 31/12/2014",
    ),
    "ambiguous-date": (
        "{0}: “{1}” has a year of two figures: write four",
        "{0} : « {1} » a une année sur deux chiffres : écrivez-en quatre",
    ),
    "invalid-number": (
        "{0}: “{1}” is no amount: write it like 1 234,50",
        "{0} : « {1} » n'est pas un montant : écrivez-le comme 1 234,50",
    ),
    "ambiguous-number": (
        "{0}: “{1}” could be a thousand or a decimal: write 1234, or 1.23 with two decimals",
        "{0} : « {1} » peut être un millier ou un décimal : écrivez 1234, ou 1,23 avec deux "
        "décimales",
    ),
    "negative-number": (
        "{0}: “{1}” is negative: a reimbursement is no funding",
        "{0} : « {1} » est négatif : un remboursement n'est pas un financement",
    ),
    "invalid-iri": (
        "{0}: “{1}” is no web address: write it like https://example.org/",
        "{0} : « {1} » n'est pas une adresse web : écrivez-la comme https://example.org/",
    ),
    "unknown-code": (
        "{0}: “{1}” is not known: expected {2}",
        "{0} : « {1} » n'est pas connu : attendu {2}",
    ),
    "unknown-pole": (
        "no pole is called “{0}”{1}: add it to a table poles.csv first",
        "aucun pôle ne s'appelle « {0} »{1} : ajoutez-le d'abord à une table poles.csv",
    ),
    "no-letters": (
        "{0}: “{1}” holds no letter nor figure",
        "{0} : « {1} » ne contient ni lettre ni chiffre",
    ),
    "too-long": (
        "{0}: more than {2} characters",
        "{0} : plus de {2} caractères",
    ),
    "other-values": (
        "{0} of {1} already says otherwise ({2}): correct one of the two",
        "{0} dit déjà autre chose de {1} ({2}) : corrigez l'un des deux",
    ),
    "unknown-actor": (
        "{0}: no organisation of the graph is called {1}",
        "{0} : aucune organisation du graphe ne s'appelle {1}",
    ),
    "bad-period": (
        "it ends ({1}) before it begins ({0}): correct one of the dates",
        "la fin ({1}) précède le début ({0}) : corrigez l'une des dates",
    ),
    "same-actor": (
        "{0} cannot be linked to itself",
        "{0} ne peut être lié à lui-même",
    ),
}
"""Why a row is rejected; the reason ends its line in rejected.csv."""

NOTICES: dict[str, tuple[str, str]] = {
    "file": ("file: {0}", "fichier : {0}"),
    "format": ("format: {0}", "format : {0}"),
    "not-its-name": (
        "its name says {0}, but it is {1}: read as {1}",
        "son nom dit {0}, mais c'est {1} : lu comme {1}",
    ),
    "encoding": ("encoding: {0} (--encoding)", "encodage : {0} (--encoding)"),
    "delimiter": ("separator: {0} (--delimiter)", "séparateur : {0} (--delimiter)"),
    "sheet": ("sheet: {0} (--sheet)", "feuille : {0} (--sheet)"),
    "other-sheets": ("sheets that are not read: {0}", "feuilles qui ne sont pas lues : {0}"),
    "cell-errors": (
        "cells that hold an error of the spreadsheet (#N/A …), read as empty: {0}",
        "cellules en erreur dans le tableur (#N/A …), lues comme vides : {0}",
    ),
    "header": (
        "names of the columns: line {0} (--header)",
        "noms des colonnes : ligne {0} (--header)",
    ),
    "duplicate": (
        "two columns are called {0}: the second is taken as “{1}”",
        "deux colonnes s'appellent {0} : la seconde est prise comme « {1} »",
    ),
    "matched": ("{0} <- {1}", "{0} <- {1}"),
    "constant": ("{0} = {1} (--set)", "{0} = {1} (--set)"),
    "private": (
        "left out, personal: {0} (--with-personal-data reads them)",
        "laissées de côté, personnelles : {0} (--with-personal-data les lit)",
    ),
    "ignored": (
        "not used: {0} (--column FIELD=COLUMN)",
        "pas utilisées : {0} (--column CHAMP=COLONNE)",
    ),
    "packed": ("read in the archive, texts: {0} ({1})", "lus dans l'archive, textes : {0} ({1})"),
    "join": ("joined by {1}: {0}", "joint par {1} : {0}"),
    "filter": ("only rows where {0}", "seulement les lignes où {0}"),
}

RULES: dict[str, tuple[str, str]] = {
    "not-selected": ("not selected by a filter", "non retenues par un filtre"),
    "not-joined": (
        "without a selected row in the joined file",
        "sans ligne retenue dans le fichier joint",
    ),
    "empty": ("empty lines", "lignes vides"),
    "total": ("totals", "totaux"),
    "natural-person": (
        "natural persons (--with-personal-data takes them)",
        "personnes physiques (--with-personal-data les prend)",
    ),
    "note": ("notes below the table", "notes sous le tableau"),
    "header-again": ("names of the columns once more", "noms des colonnes répétés"),
    "undecided": ("without a decision yet", "sans décision pour l'instant"),
    "new": ("new", "nouvelles"),
    "known-actor": (
        "about an actor that is in the graph, by its identifier",
        "sur un acteur déjà dans le graphe, par son identifiant",
    ),
    "repeated": ("said already", "déjà dites"),
    "check-digit": (
        "kept with a wrong check digit (compare them with the register)",
        "gardées avec une clé de contrôle fausse (comparez au registre)",
    ),
    "unknown-commune": (
        "whose commune is not in the tables of communes: left blank (import the communes of the "
        "year first, then this file again with --replace)",
        "dont la commune n'est pas dans les tables de communes : laissée vide (importez d'abord "
        "les communes de l'année, puis à nouveau ce fichier avec --replace)",
    ),
    "no-such-commune": (
        "whose commune is not one of the tables: left blank (a former one, or mistyped: see "
        "originals.csv)",
        "dont la commune n'est pas dans les tables : laissée vide (ancienne, ou mal écrite : voir "
        "originals.csv)",
    ),
    "commune-differs": (
        "whose commune has another name than its code says: the code counts, see originals.csv",
        "dont la commune porte un autre nom que celui de son code : le code compte, voir "
        "originals.csv",
    ),
    "ambiguous-commune": (
        "whose commune has a name that several have: left blank",
        "dont la commune porte un nom que plusieurs ont : laissée vide",
    ),
    "legal-form-unknown": (
        "whose legal form is not in the code list: left blank",
        "dont la forme juridique n'est pas dans la liste : laissée vide",
    ),
    "kind-inferred": (
        "whose kind is inferred from name or legal form",
        "dont la nature est déduite du nom ou de la forme juridique",
    ),
    "personal-text": (
        "where an e-mail or a phone number was taken out of a text",
        "où un courriel ou un téléphone a été retiré d'un texte",
    ),
    "left-blank": (
        "where a value of less weight was wrong: left blank, kept in originals.csv",
        "où une valeur de moindre importance était fausse : laissée vide, gardée dans "
        "originals.csv",
    ),
    "differs": (
        "where the graph has other values for the actor: originals.csv has both",
        "où le graphe a d'autres valeurs pour l'acteur : originals.csv a les deux",
    ),
}
"""What became of rows, and what was found in them, by rule."""

SUMMARY: dict[str, tuple[str, str]] = {
    "rows": (
        "{0} rows = {1} accepted + {2} merged + {3} rejected",
        "{0} lignes = {1} acceptées + {2} fusionnées + {3} rejetées",
    ),
    "left-out": ("left out besides: {0}", "laissées de côté en outre : {0}"),
    "unmet": (
        "no row meets {0}: compare it with the file, where one that meets the rest has “{1}”",
        "aucune ligne ne remplit {0} : comparez au fichier, où une qui remplit le reste a « {1} »",
    ),
    "remarks": ("to be looked at, rows", "à regarder, lignes"),
    "written": ("tables, with the number of rows:", "tables, avec le nombre de lignes :"),
    "rule": ("  {1}: {0}", "  {1} : {0}"),
    "table": ("  {0}: {1} ({2} new)", "  {0} : {1} ({2} de plus)"),
    "dry": (
        "nothing was written (--dry-run)",
        "rien n'a été écrit (--dry-run)",
    ),
    "rejected": (
        "correct {0} (its last column says why) and import it again",
        "corrigez {0} (sa dernière colonne dit pourquoi) et importez-le à nouveau",
    ),
    "candidates": (
        "pairs that may be one actor: {0}; decide in {1}, then import it --as identities",
        "paires qui sont peut-être un seul acteur : {0} ; décidez dans {1}, puis importez-le "
        "--as identities",
    ),
    "unchanged": ("nothing changed", "rien n'a changé"),
}

FORMATS: dict[str, tuple[str, str]] = {
    "csv": ("delimited text (CSV)", "texte délimité (CSV)"),
    "xlsx": ("XLSX spreadsheet", "classeur XLSX"),
    "xls": ("XLS spreadsheet", "classeur XLS"),
    "ods": ("ODS spreadsheet", "classeur ODS"),
    "json": ("JSON", "JSON"),
    "parquet": ("Parquet", "Parquet"),
    "pdf": ("a PDF", "un PDF"),
    "html": ("a web page", "une page web"),
    "xml": ("an XML document", "un document XML"),
    "rtf": ("an RTF text", "un texte RTF"),
    "gzip": ("a compressed file (gzip): unpack it", "un fichier compressé (gzip) : décompressez"),
    "zip": (
        "a ZIP archive without a text (.csv): unpack it",
        "une archive ZIP sans texte (.csv) : décompressez-la",
    ),
    "image": ("a picture", "une image"),
    "sqlite": ("an SQLite database", "une base SQLite"),
    "document": ("a text document", "un document de texte"),
}


def say(catalogue: dict[str, tuple[str, str]], key: str, language: str, *details: object) -> str:
    """Return a text of a catalogue in a language; a detail may be a pair, English and French.

    >>> say(RULES, "total", "fr")
    'totaux'
    """
    french = language == "fr"
    shown = (detail[french] if isinstance(detail, tuple) else detail for detail in details)
    return _BREAKS.sub(" ", catalogue[key][french].format(*shown))


_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class ForeignError(PtceError):
    """A file, a mapping or a folder that cannot be used; nothing was written.

    Attributes:
        rule: key of REFUSALS.
    """

    def __init__(self, where: object, rule: str, *details: object) -> None:
        super().__init__(
            f"{where}: {say(REFUSALS, rule, 'en', *details)}",
            f"{where} : {say(REFUSALS, rule, 'fr', *details)}",
        )
        self.rule = rule

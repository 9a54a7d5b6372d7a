"""Whether a message says that the deals of its table are to be registered, in five languages.

The reader of texts takes a sentence that only points to a file for nearly anything: what is wanted stands in the file.
"""

from __future__ import annotations

import re

# Not what is registered already: "our registered deals", "unsere registrierten Deals", "les affaires enregistrées".
_ASKS = re.compile(
    r"\b(?:pre-?)?regist(?:er(?!ed\b)|ering\b|ration)|\bdeal[- ]?reg\b|\bregistrier(?:en|ung|st|e?\b|ts\b)|"
    r"\banmeld(?:en|ung)|"
    r"\baan(?:melden|melding)|\bregistre(?:ren|er\b)|\bregistratie|\benregistre(?:r|ment|z\b|\b)|"
    r"\bd[ée]claration d['’]affaire|\bregistr(?:ar|o\b|en\b|e\b|éis\b|a\b|ame|ámel)|"
    r"\bregistrad(?:l[oa]s?|nos)?\b|\bregístr|dealregistr(?!iert)|"
    # "Bitte registriert die Deals" asks several of us; "haben wir registriert" tells what is done.
    r"\bbitte,? (?:\w+ ){0,3}?registriert\b|^\W*registriert\b|\bregistriert (?:bitte|uns|mir)\b|"
    r"\bmelde[nt]?\b[^.!?\n]{1,60}\ban\b|"
    r"\bprotect(?:ion)?\b|\bschützen\b|\bprot[ée]ger\b|\bproteger\b|\bbeschermen\b",
    re.IGNORECASE | re.MULTILINE,
)


def asks_to_register(text: str) -> bool:
    return bool(_ASKS.search(text))


_TABLE = re.compile(
    r"\b(?:files?|attach\w*|tables?|sheets?|spreadsheets?|csv|xlsx?|excel|rows|dateien|datei|tabellen?|anhang|zeilen|"
    r"fichiers?|tableaux?|pi[èe]ces? jointes?|lignes|bestand(?:en)?|tabel(?:len)?|bijlagen?|rijen|archivos?|tablas?|"
    r"hojas?|adjuntos?|filas)\b",
    re.IGNORECASE,
)
_HOW = re.compile(r"\W*(?:how|wie|comment|hoe|c[óo]mo)\b", re.IGNORECASE)


def asks_for_table(text: str) -> bool:
    """Whether it asks that the deals of a table are registered, in so many words, and not how that is done."""
    return asks_to_register(text) and bool(_TABLE.search(text)) and not _HOW.match(text)

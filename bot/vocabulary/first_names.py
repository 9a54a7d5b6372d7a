"""The name that somebody is greeted with: none for mailboxes of several people, and for what is no name of a person."""

from __future__ import annotations

import re

_TITLES = frozenset({
    "dr", "prof", "mag", "ing", "dipl", "mr", "mrs", "ms", "mx", "herr", "frau", "mme", "m", "ir", "drs", "ddr", "dhr",
    "mevr", "sr", "sra",
})  # fmt: skip
_OFFICES = frozenset({
    "accounting", "admin", "administration", "billing", "finance", "helpdesk", "info", "invoices", "invoicing", "it",
    "logistics", "mailbox", "marketing", "payables", "procurement", "purchasing", "reception", "support",
    "buchhaltung", "büro", "buero", "einkauf", "empfang", "finanzbuchhaltung", "finanzen", "kundenservice", "logistik",
    "personalabteilung", "rechnungen", "rechnungswesen", "sekretariat", "vertrieb", "vertriebsteam", "verwaltung",
    "zentrale",
    "accueil", "achats", "commercial", "commerciale", "compta", "comptabilité", "comptabilite", "direction", "équipe",
    "equipe", "facturation", "secrétariat", "secretariat", "service", "ventes",
    "administratie", "afdeling", "boekhouding", "facturatie", "facturen", "financiën", "inkoop", "receptie",
    "secretariaat", "verkoop", "verkoopteam",
    "administración", "administracion", "compras", "contabilidad", "departamento", "equipo", "facturación",
    "facturacion", "facturas", "finanzas", "recepción", "recepcion", "ventas",
})  # fmt: skip
"""Words that are nobody's name, wherever they stand in one."""
_OFFICES_IN_FRONT = _OFFICES | {
    "accounts",
    "contact",
    "office",
    "orders",
    "partner",
    "partners",
    "sales",
    "team",
    "the",
}
"""Some of them are family names as well: they tell an office where they come first."""
_LONGEST = 40


def first_name(name: str, address: str = "") -> str:
    """The name to greet with: "Lena" of "Dr. Lena Braun" and of "Braun, Lena"; "" when `name` is no person's, or that
    of a mailbox, such as one word that is the local part of its `address`.
    """
    if "@" in name or not any(c.isalpha() for c in name):
        return ""
    family, comma, given = name.partition(",")
    words = [w for w in (given if comma and given.strip() else family).split() if not _is_title(w)]
    if not words or words[0].casefold() in _OFFICES_IN_FRONT or _OFFICES & set(_WORD.findall(name.casefold())):
        return ""
    if name.strip().casefold() == address.partition("@")[0].casefold():
        return ""
    return words[0][:_LONGEST]


def _is_title(word: str) -> bool:
    return word.rstrip(".").casefold() in _TITLES


_WORD = re.compile(r"\w+")

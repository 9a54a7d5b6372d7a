"""Currencies as people write them: signs, codes and words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.builtin.mentions import Kind, Mention

# Order matters: a longer form stands before the one it contains ("US$" before "$", "francs CFA" before "francs").
_CURRENCIES: tuple[tuple[str, str], ...] = (
    ("MXN", r"mxn|mx\$|\$ ?mxn|pesos mexicanos|mexican pesos|mex\$|mdp"),
    ("AUD", r"aud|au?\$|\$ ?aud?|aussie(?: dollars?)?|australian(?: dollars?)?|dollars australiens"),
    ("CAD", r"cad|ca?\$|\$ ?cad?|cdn\$?|canadian(?: dollars?)?|(?:dollars |\$ ?)?canadiens|dólares canadienses"),
    ("NZD", r"nzd|nz\$|\$ ?nzd?|new zealand dollars?|kiwi dollars?"),
    ("HKD", r"hkd|hk\$"),
    ("TTD", r"ttd|tt\$"),
    ("JMD", r"jmd|j\$"),
    ("BBD", r"bbd|bds\$"),
    ("DOP", r"rd\$"),
    ("SGD", r"sgd|s\$"),
    ("BRL", r"brl|r\$|reais"),
    ("ARS", r"ars|ar\$|pesos argentinos"),
    ("COP", r"cop|pesos colombianos"),
    ("CLP", r"clp|pesos chilenos"),
    (
        "USD",
        r"us ?\$|u\$[sd]?|\$ ?usd?|usd|us[- ]dollars?|(?-i:US)|dolaritos|\$|dollars?|d[óo]lares|dll?s|mdd|bucks|verdes",
    ),
    ("EUR", r"€|euros?|eurs?|mde|euri|euronen|balles"),
    ("GBP", r"£|gbp|pounds?(?: sterling)?|quid|sterling|pond"),
    ("XOF", r"f? ?cfa|xof|francs? cfa"),
    ("CHF", r"chf|s?frs?\.|sfr|franken?|fränkli|stutz|francs?(?: suisses?)?|fr"),
    ("INR", r"inr|₹|rs\.?|rupees?"),
    ("NGN", r"ngn|₦|naira|(?-i:N)(?=\d|$)"),
    ("KES", r"kes|kshs?\.?"),
    ("GHS", r"ghs|gh₵|cedis?"),
    ("SEK", r"sek|kronor"),
    ("NOK", r"nok"),
    ("DKK", r"dkk"),
    ("PLN", r"pln|zł|zl|zlotys?|złoty(?:ch)?"),
    ("CZK", r"czk|kč"),
    ("HUF", r"huf|forints?"),
    ("PEN", r"pen|s/\.?|soles"),
    ("MAD", r"mad|dhs?|dirhams?"),
    ("AED", r"aed"),
    ("TND", r"tnd|dt|dinars?"),
    ("JPY", r"jpy|¥|yen"),
    ("TRY", r"₺|tl"),
    ("MYR", r"myr|rm"),
    ("ILS", r"ils|nis(?!\d)|₪|shekels?"),
    ("SAR", r"sar|riyals?"),
    ("GTQ", r"gtq|quetzales|(?-i:Q)(?= ?\d{2}|$)"),
    ("KRW", r"krw|₩|won(?= (?:for|one|a|per|year)|$)"),
    ("THB", r"thb|฿|baht"),
    ("PHP", r"php|₱"),
    ("XAF", r"xaf"),
    ("DZD", r"dzd|dinars algériens"),
    ("BOB", r"bolivianos|(?-i:Bs)\.?"),
    ("HNL", r"hnl|lempiras"),
    ("MGA", r"mga|ariary"),
    *(
        (code, code.casefold())
        for code in (
            "UGX",
            "TZS",
            "RWF",
            "NPR",
            "PKR",
            "LKR",
            "BDT",
            "IDR",
            "VND",
            "OMR",
            "QAR",
            "KWD",
            "BHD",
            "EGP",
            "JOD",
            "RON",
            "BGN",
            "UAH",
            "RSD",
            "ISK",
            "UYU",
            "PYG",
            "CRC",
            "CNY",
            "TWD",
            "ZMW",
            "BWP",
            "MUR",
        )
    ),
    ("ZAR", r"zar|rands?|r"),
)
ANY_CURRENCY = "|".join(forms for _, forms in _CURRENCIES)
_CODES = tuple((code, re.compile(forms, re.I)) for code, forms in _CURRENCIES)


def currency_of(form: str) -> str:
    """The ISO code of a written form, or "" for none."""
    return next((code for code, pattern in _CODES if pattern.fullmatch(form)), "") if form else ""


_NAMED = re.compile(rf"(?<![^\W\d_])(?P<form>{ANY_CURRENCY})(?![^\W\d_])", re.I)
_TOO_SHORT = {
    "australian", "canadian", "cop", "dh", "dollar", "dt", "fr", "franke", "ft", "mad", "nis", "pen", "php", "pond",
    "r", "rm", "rs", "s/", "sterling", "tl", "verdes", "won",
}  # fmt: skip


# Other codes alone are read in capitals only: "ils", "cad", "mur" are words.
_USUAL = {"eur", "usd", "gbp", "chf", "yen", "nzd", "aud", "inr", "brl", "mxn", "zar", "sfr", "dls", "cfa"}


def find_currency(text: str) -> Iterator[Mention]:
    """Currencies named without a sum, for the answer to a question about the currency."""
    for match in _NAMED.finditer(text):
        form = match["form"]
        word = len(form) == 3 and form.isalpha() and not form.isupper() and form.casefold() not in _USUAL
        if not word and form.casefold() not in _TOO_SHORT:
            yield Mention(Kind.CURRENCY, match.start(), match.end(), currency_of(form))

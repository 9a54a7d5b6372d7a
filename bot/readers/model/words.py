"""Words of five languages that make a figure, a date or a currency plausible; tables only."""

from __future__ import annotations

MONTHS: dict[int, tuple[str, ...]] = {
    1: ("jan", "january", "januar", "jänner", "jän", "januari", "janvier", "enero", "ene"),
    2: ("feb", "february", "februar", "februari", "février", "fevrier", "fév", "febrero"),
    3: ("mar", "march", "märz", "maerz", "mrz", "maart", "mrt", "mars", "marzo"),
    4: ("apr", "april", "avril", "avr", "abril", "abr"),
    5: ("may", "mai", "mei", "mayo"),
    6: ("jun", "june", "juni", "juin", "junio"),
    7: ("jul", "july", "juli", "juillet", "juil", "julio"),
    8: ("aug", "august", "augustus", "août", "aout", "agosto", "ago"),
    9: ("sep", "sept", "september", "septembre", "septiembre"),
    10: ("oct", "okt", "october", "oktober", "octobre", "octubre"),
    11: ("nov", "november", "novembre", "noviembre"),
    12: ("dec", "dez", "déc", "dic", "december", "dezember", "décembre", "decembre", "diciembre"),
}
"""The names of each month. As everywhere in these tables a word of four letters or more may also begin a longer one."""

NUMBERS: dict[int, tuple[str, ...]] = {
    1: ("one", "ein", "eins", "eine", "einen", "einem", "einer", "un", "une", "een", "één", "uno", "una", "an", "a"),
    2: ("two", "zwei", "deux", "twee", "dos"),
    3: ("three", "drei", "trois", "drie", "tres"),
    4: ("four", "vier", "quatre", "cuatro"),
    5: ("five", "fünf", "fuenf", "cinq", "vijf", "cinco"),
    6: ("six", "sechs", "zes", "seis"),
    7: ("seven", "sieben", "sept", "zeven", "siete"),
    8: ("eight", "acht", "huit", "ocho"),
    9: ("nine", "neun", "neuf", "negen", "nueve"),
    10: ("ten", "zehn", "dix", "tien", "diez"),
    11: ("eleven", "elf", "onze", "once"),
    12: ("twelve", "dozen", "zwölf", "zwoelf", "dutzend", "douze", "douzaine", "twaalf", "dozijn", "doce", "docena"),
    13: ("thirteen", "dreizehn", "treize", "dertien", "trece"),
    14: ("fourteen", "vierzehn", "quatorze", "veertien", "catorce"),
    15: ("fifteen", "fünfzehn", "fuenfzehn", "quinze", "quinzaine", "vijftien", "quince"),
    16: ("sixteen", "sechzehn", "seize", "zestien", "dieciséis", "dieciseis"),
    17: ("seventeen", "siebzehn", "zeventien", "diecisiete"),
    18: ("eighteen", "achtzehn", "huit", "achttien", "dieciocho"),
    19: ("nineteen", "neunzehn", "negentien", "diecinueve"),
    20: ("twenty", "zwanzig", "vingt", "vingtaine", "twintig", "veinte", "score"),
    24: ("vierundzwanzig", "vierentwintig", "veinticuatro"),
    25: ("fünfundzwanzig", "fuenfundzwanzig", "vijfentwintig", "veinticinco"),
    30: ("thirty", "dreißig", "dreissig", "trente", "trentaine", "dertig", "treinta"),
    36: ("sechsunddreißig", "sechsunddreissig", "zesendertig"),
    40: ("forty", "vierzig", "quarante", "quarantaine", "veertig", "cuarenta"),
    50: ("fifty", "fünfzig", "fuenfzig", "cinquante", "cinquantaine", "vijftig", "cincuenta"),
    60: ("sixty", "sechzig", "soixante", "soixantaine", "zestig", "sesenta"),
    70: ("seventy", "siebzig", "septante", "zeventig", "setenta"),
    80: ("eighty", "achtzig", "quatre", "tachtig", "ochenta"),
    90: ("ninety", "neunzig", "nonante", "negentig", "noventa"),
    100: ("hundred", "hundert", "cent", "centaine", "honderd", "cien", "ciento", "centenar"),
}

SCALES: dict[str, int] = {
    "k": 3,
    "t": 3,
    "tsd": 3,
    "tausend": 3,
    "thousand": 3,
    "grand": 3,
    "mille": 3,
    "duizend": 3,
    "mil": 3,
    "ke": 3,
    "keur": 3,
    "teur": 3,
    "lucas": 3,
    "lakh": 5,
    "lakhs": 5,
    "lac": 5,
    "crore": 7,
    "crores": 7,
    "cr": 7,
    "m": 6,
    "mln": 6,
    "mn": 6,
    "mm": 6,
    "mio": 6,
    "mill": 6,
    "million": 6,
    "millions": 6,
    "millionen": 6,
    "miljoen": 6,
    "millón": 6,
    "millon": 6,
    "millones": 6,
    "bn": 9,
    "mrd": 9,
    "billion": 9,
    "milliarde": 9,
    "milliarden": 9,
    "milliard": 9,
    "milliards": 9,
    "miljard": 9,
}
"""What may stand behind a figure, and the power of ten it means."""

HALF = ("half", "halbe", "halben", "halve", "demi", "medio", "quarter", "viertel", "quart", "kwart", "cuarto")

CURRENCIES: dict[str, tuple[str, ...]] = {
    "EUR": ("€", "eur", "euro", "euros", "keur", "teur", "ke"),
    "USD": ("$", "usd", "dollar", "dollars", "dólares", "dolares", "bucks"),
    "GBP": ("£", "gbp", "pound", "pounds", "sterling", "quid", "pfund", "livres", "pond", "libras"),
    "CHF": ("chf", "sfr", "fr", "franken", "francs", "franks", "stutz", "frank", "francos"),
    "JPY": ("¥", "jpy", "yen"),
    "INR": ("₹", "rs", "inr", "rupees", "lakh", "lakhs", "crore"),
    "KES": ("ksh", "kes"),
    "ZAR": ("zar", "rand", "r"),
    "BRL": ("r$", "brl", "reais"),
    "SGD": ("s$", "sgd"),
    "AUD": ("$", "a$", "aud"),
    "CAD": ("$", "c$", "cad"),
    "MXN": ("$", "mxn", "pesos"),
    "COP": ("$", "cop", "pesos"),
    "PLN": ("zł", "pln", "zloty", "złoty"),
}
"""Signs and words for a currency; any other one needs its ISO code."""

TIMES = (
    ("today", "tomorrow", "yesterday", "week", "month", "quarter", "year", "eoy", "eom", "eoq", "christmas", "days"),
    ("fortnight", "easter", "summer", "heute", "morgen", "gestern", "woche", "monat", "quartal", "jahr", "tagen"),
    ("weihnacht", "ostern", "nikolaus", "silvester", "aujourd", "demain", "hier", "semaine", "mois", "trimestre"),
    ("année", "annee", "fin", "jours", "noël", "noel", "vandaag", "gisteren", "maand", "kwartaal", "jaar", "eind"),
    ("dagen", "kerst", "oudjaar", "hoy", "mañana", "ayer", "semana", "mes", "meses", "año", "años", "días", "navidad"),
    ("nochevieja", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "montag", "dienstag"),
    ("mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi"),
    ("samedi", "dimanche", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "lunes"),
    ("martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "kw", "wk", "sem"),
    ("q1", "q2", "q3", "q4", "t1", "t2", "t3", "t4", "k1", "k2", "k3", "k4", "h1", "h2", "jahresende", "jaareinde"),
)
"""Words that place something in time, in relation to today or by the calendar."""

YEARS = (
    "year",
    "annual",
    "jahr",
    "jähr",
    "jaehr",
    "an",
    "ans",
    "année",
    "annuel",
    "jaar",
    "jarig",
    "año",
    "años",
    "anual",
)

# fmt: off
FREE_MAIL = frozenset({
    "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "yahoo.es", "hotmail.com",
    "hotmail.co.uk", "hotmail.fr", "hotmail.de", "hotmail.es", "hotmail.be", "outlook.com", "outlook.de",
    "outlook.fr", "outlook.es", "outlook.be", "live.com", "live.nl", "live.be", "live.fr", "msn.com", "icloud.com",
    "me.com", "mac.com", "aol.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de", "t-online.de",
    "freenet.de", "posteo.de", "mailbox.org", "proton.me", "protonmail.com", "orange.fr", "wanadoo.fr", "free.fr",
    "sfr.fr", "laposte.net", "bluewin.ch", "telenet.be", "skynet.be", "proximus.be", "ziggo.nl", "kpnmail.nl",
    "xs4all.nl", "hetnet.nl", "planet.nl", "telefonica.net", "yandex.com", "zoho.com", "mail.com", "btinternet.com",
    "sky.com", "comcast.net", "verizon.net", "att.net",
})
# fmt: on
"""Mail hosts of everybody: never a customer's own domain."""

"""What the rules make of sums, days, periods and telephone numbers in words and unusual forms, and what they leave."""

from __future__ import annotations

import random
import string
from datetime import date
from time import perf_counter

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.readers.builtin.amounts import find_numbers
from bot.readers.builtin.currencies import find_currency
from bot.readers.builtin.dates import find_dates
from bot.readers.builtin.document import Document, cleaned, read_document, with_names
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.number_words import parse_words
from bot.readers.builtin.periods import find_periods
from bot.readers.builtin.phones import find_phones
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.quantities import find_terms
from bot.readers.builtin.references import find_invoices

RECEIVED = date(2026, 11, 18)  # a Wednesday
PRODUCTS = ProductFinder(CATALOGUE)
_ODD_WORDS = (
    "may", "mai", "twenty", "vingt", "quatre", "mille", "million", "et", "and", "a", "half", "Q4", "2026", "31",
    "first", "last", "friday", "of", "de", "l’", "tel", "€", "T€", "invoice", "nr", "1.", "12-Feb", "29", "february",
    "Ostern", "by", "Easter", "ton", "L", "INR", "lakh", "einhalb", "0", "²", "Jahre", "ans", "½",
)  # fmt: skip


def read(text: str, language: str = "en", received: date = RECEIVED) -> Document:
    return read_document("", cleaned(text), "", language, received, PRODUCTS)


def values(text: str, kind: Kind, language: str = "en", received: date = RECEIVED) -> list[str]:
    return [m.value for m in with_names(read(text, language, received), []) if m.kind is kind]


@pytest.mark.parametrize(
    ("language", "words", "value", "used"),
    [
        ("en", "five thousand five hundred pounds", 5500, 4),
        ("en", "six and a half thousand pounds", 6500, 5),
        ("en", "thirty three and a half thousand", 33500, 6),
        ("en", "nine grand", 9000, 2),
        ("en", "two dozen", 24, 2),
        ("en", "two million and a half", 2500000, 5),
        ("de", "fünftausenddreihundertsechsundsiebzig", 5376, 1),
        ("de", "dreizehneinhalbtausend", 13500, 1),
        ("de", "fuenfunddreissig", 35, 1),
        ("de", "eine million", 1000000, 2),
        ("fr", "treize mille euros", 13000, 2),
        ("fr", "deux mille huit cent quatre vingts", 2880, 6),
        ("fr", "quatre vingt dix sept", 97, 4),
        ("fr", "soixante et onze", 71, 3),
        ("fr", "onze millions neuf cent mille", 11900000, 5),
        ("fr", "un million et demi", 1500000, 4),
        ("nl", "tweeënhalfduizend", 2500, 1),
        ("nl", "dertigtal", 30, 1),
        ("es", "noventa y ocho millones quinientos mil", 98500000, 6),
        ("es", "dieciocho mil cuatrocientos treinta y dos", 18432, 6),
        ("es", "cuarenta lucas", 40000, 2),
    ],
)
def test_large_number_words(language: str, words: str, value: int, used: int) -> None:
    assert parse_words(words.split(), language) == (value, used)


@pytest.mark.parametrize(
    ("language", "words", "value"),
    [
        ("en", "two and three", 2),
        ("en", "fourteen six", 14),
        ("en", "forty and fifty thousand", 40),
        ("es", "veintitrés diez", 23),
        ("fr", "vingt trente", 20),
    ],
)
def test_a_number_ends_where_another_begins(language: str, words: str, value: int) -> None:
    assert parse_words(words.split(), language) == (value, 1)


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "mil gracias"), ("fr", "mille mercis"), ("en", "grand hotel"), ("fr", "un cadeau"), ("nl", "één vraag")],
)
def test_words_that_count_nothing(language: str, words: str) -> None:
    assert parse_words(words.split(), language) is None


def test_number_words_do_not_run_over_marks() -> None:
    assert [m.value for m in find_numbers("all nine. Two hundred sixteen dollars", "en")] == ["9", "216"]
    assert [m.value for m in find_numbers("you count three. Four times", "en")] == ["3", "4"]


@pytest.mark.parametrize(
    ("language", "text", "value", "currency"),
    [
        ("de", "210 TEUR insgesamt", "210000", "EUR"),
        ("de", "TEUR 19,5 p.a.", "19500", "EUR"),
        ("de", "T€ 22 im Jahr", "22000", "EUR"),
        ("de", "TCHF 140 / Jahr", "140000", "CHF"),
        ("de", "eine halbe Million Euro", "500000", "EUR"),
        ("de", "rund eine Viertelmillion Euro", "250000", "EUR"),
        ("fr", "9k6 l'an", "9600", ""),
        ("fr", "quinze millions de FCFA", "15000000", "XOF"),
        ("fr", "48 000 dollars canadiens", "48000", "CAD"),
        ("nl", "1,4 ton euro over 3 jaar", "140000", "EUR"),
        ("nl", "anderhalve ton per jaar", "150000", ""),
        ("nl", "een half miljoen euro", "500000", "EUR"),
        ("es", "2 millones 700 mil CLP al año", "2700000", "CLP"),
        ("es", "medio millón de pesos mexicanos", "500000", "MXN"),
        ("es", "40 lucas verdes", "40000", "USD"),
        ("es", "$ 412,800.00 MXN", "412800", "MXN"),
        ("es", "1.85 mdp en total", "1850000", "MXN"),
        ("es", "2,5 mdd al año", "2500000", "USD"),
        ("en", "30 lakh", "3000000", ""),
        ("en", "1.2 crore", "12000000", ""),
        ("en", "order value 6.2L only (INR, yearly)", "620000", ""),
        ("en", "11 and a half thousand pounds", "11500", "GBP"),
        ("en", "PHP 55,000 per month", "55000", "PHP"),
        ("en", "$NZ 27,600", "27600", "NZD"),
        ("en", "N310 million in Naira", "310000000", "NGN"),
        ("en", "A grand a month", "1000", ""),
        ("en", "31,500 Canadian for the year", "31500", "CAD"),
        ("fr", "9 millions CFA l'an", "9000000", "XOF"),
        ("es", "como Q 40,000 anuales", "40000", "GTQ"),
        ("en", "31 thousand US for core", "31000", "USD"),
    ],
)
def test_unusual_sums(language: str, text: str, value: str, currency: str) -> None:
    found = next(m for m in read(text, language).mentions if m.kind is Kind.NUMBER)
    assert (found.value, found.currency) == (value, currency)


def test_rows_of_values_parted_by_commas() -> None:
    text = "Lodge Hotels,lodge.example,Iona Sim,iona@lodge.example,Core,70,16800,2026-12-11"
    assert values(text, Kind.NUMBER) == ["70", "16800"]
    assert values(text, Kind.DATE) == ["2026-12-11"]


def test_counts_behind_an_x() -> None:
    assert values("core x25, Insights (x28)", Kind.NUMBER) == ["25", "28"]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("nl", "een lading van 4 ton staal", "4"),
        ("fr", "la 3e année", None),
        ("nl", "Is Lumora NIS2-conform?", None),
        ("en", "a 12L bottle", "12"),
        ("fr", "12 n'importe", "12"),
    ],
)
def test_what_only_looks_like_a_sum(language: str, text: str, value: str | None) -> None:
    found = [m for m in read(text, language).mentions if m.kind is Kind.NUMBER]
    assert [(m.value, m.currency) for m in found] in ([], [(value, "")])
    assert not any(m.value == "1200000" for m in found)


@pytest.mark.parametrize(
    "text", ["oui, ils signent en mars", "cad qu'ils hésitent", "le mur est haut", "cette ars vivendi", "et pour nok?"]
)
def test_a_word_that_spells_a_currency_is_none(text: str) -> None:
    assert list(find_currency(text)) == []


def test_codes_in_capitals_and_the_usual_ones_in_any_case_are_currencies() -> None:
    assert [m.value for m in find_currency("billed in ILS, or eur if you like")] == ["ILS", "EUR"]


def test_the_years_of_the_new_currencies_are_no_words() -> None:
    assert [m.value for m in find_currency("in Swiss francs or USD, written in php")] == ["CHF", "USD"]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("de", "Abschluss Ende Jänner.\n2. Für die Präsentation", "2027-01-31"),
        ("fr", "closing fin février\n2) Clinique", "2027-02-28"),
        ("de", "unterschrift bis ende oktober\n2. git's e battlecard", "2027-10-31"),
        ("en", "end of August\n3) Ice Hockey Club", "2027-08-31"),
        ("en", "they now say week 3 of 2027. Rest unchanged", "2027-01-22"),
        ("de", "Unterschrift KW 48/2027", "2027-12-03"),
        ("es", "semana 3 de 2028", "2028-01-21"),
        ("es", "firma: a fin de enero\n28 usuarios de core", "2027-01-31"),
        ("en", "signing the eighth of january", "2027-01-08"),
        ("en", "they vote January tenth", "2027-01-10"),
        ("en", "the second of December", "2026-12-02"),
        ("fr", "le premier mars", "2027-03-01"),
        ("fr", "vingt-cinq janvier", "2027-01-25"),
        ("de", "am zehnten Dezember", "2026-12-10"),
        ("nl", "eerste maart", "2027-03-01"),
        ("es", "quince de enero", "2027-01-15"),
        ("en", "last Friday of January", "2027-01-29"),
        ("nl", "de laatste vrijdag van november", "2026-11-27"),
        ("es", "el último viernes de febrero", "2027-02-26"),
        ("en", "in two months", "2027-01-18"),
        ("en", "two weeks from today", "2026-12-02"),
        ("en", "in a fortnight", "2026-12-02"),
        ("en", "xmas eve", "2026-12-24"),
        ("en", "done by New Year's Eve", "2026-12-31"),
        ("en", "closing valentines day", "2027-02-14"),
        ("en", "by Thanksgiving", "2026-11-26"),
        ("de", "entsch. bis Nikolaus", "2026-12-06"),
        ("de", "Aufträge bis Ostern", "2027-03-26"),
        ("nl", "eind dit jaar", "2026-12-31"),
        ("en", "end of this year", "2026-12-31"),
        ("es", "decisión a final de año", "2026-12-31"),
        ("fr", "fin de l'année prochaine", "2027-12-31"),
        ("en", "next month's end", "2026-12-31"),
        ("fr", "fin du mois prochain", "2026-12-31"),
        ("de", "Mitte nächsten Monats", "2026-12-15"),
        ("de", "mit der Unterzeichnung ist im zweiten Quartal 2027 zu rechnen", "2027-06-30"),
        ("es", "Fecha: primer trimestre", "2027-03-31"),
        ("de", "in der 2. Kalenderwoche", "2027-01-15"),
        ("es", "nos vamos a marzo, día 12", "2027-03-12"),
        ("fr", "courant janvier, au plus tard le 29", "2027-01-29"),
        ("en", "first week of February, say the 5th", "2027-02-05"),
        ("es", "la firma será el viernes 27", "2026-11-27"),
        ("en", "closing 12-Feb-2027", "2027-02-12"),
        ("en", "likely 10-Dec", "2026-12-10"),
        ("nl", "ze beslissen op de 22e.", "2026-11-22"),
        ("nl", "de 1ste maart", "2027-03-01"),
        ("fr", "le 15 fev", "2027-02-15"),
        ("fr", "sous 3 semaines", "2026-12-09"),
        ("de", "sie sagt bis übermorgen", "2026-11-20"),
    ],
)
def test_days_in_words(language: str, text: str, day: str) -> None:
    assert values(text, Kind.DATE, language) == [day]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Quantity: 25. One question"),
        ("es", "Usuarios: 24. Qué: Core"),
        ("en", "I quoted 9.25 per user"),
        ("de", "1. Waldorfschule Eichgrund"),
        ("en", "first may I ask"),
        ("en", "Merry Christmas to all"),
        ("nl", "voor de 4e keer"),
        ("en", "Friday 12 people came"),
        ("fr", "vendredi, 27 600 €"),
    ],
)
def test_what_is_no_day(language: str, text: str) -> None:
    days = [
        m.value
        for m in read(text, language).mentions
        if m.kind is Kind.DATE and any(c.isdigit() for c in text[m.start : m.end])
    ]
    assert days == []
    assert not any(d.value.endswith("12-24") for d in find_dates(text, language, RECEIVED))


@pytest.mark.parametrize(
    ("language", "text", "period"),
    [
        ("de", "In der Septemberabrechnung fehlt", "2026-09"),
        ("de", "Wann kommt meine Oktober-Abrechnung?", "2026-10"),
        ("nl", "de septemberafrekening", "2026-09"),
        ("fr", "le virement du 3e trimestre", "2026-Q3"),
        ("en", "across the whole of 2026", "2026"),
        ("en", "what we were paid in 2025 altogether", "2025"),
        ("fr", "nos commissions de l'année 2026", "2026"),
        ("es", "lo abonado en todo 2026", "2026"),
        ("de", "Wieviel hab ich dieses Jahr bekommen?", "2026"),
        ("en", "what did we do in total last year", "2025"),
        ("de", "die Payouts fürs laufende Quartal", "2026-Q4"),
    ],
)
def test_periods_in_compounds_and_years(language: str, text: str, period: str) -> None:
    assert values(text, Kind.PERIOD, language) == [period]
    assert values(text, Kind.NUMBER, language) == []


def test_a_compound_of_a_month_with_another_noun_is_no_period() -> None:
    assert list(find_periods("das Oktoberfest, der Marsch, Maiglöckchen", RECEIVED)) == []


@pytest.mark.parametrize(
    "phone",
    [
        "57 55 01 20", "937 555 018", "619 44 02 17", "93 555 44 12", "55 0000 4471", "98400 55172", "905 55 012",
        "3 555 0166", "2494 55-5011", "9991 55 02 30", "5555-0172", "(62) 95555-0129", "06 5550 7731", "0121 496 0338",
    ],
)  # fmt: skip
def test_telephones_in_many_groups(phone: str) -> None:
    assert values(f"Ask for Blas, {phone}. He decides", Kind.PHONE) == [phone]
    assert values(f"his number is {phone}, call", Kind.PHONE) == [phone]


@pytest.mark.parametrize(
    "text",
    [
        "150 000 000 FCFA par an",
        "un budget de 937 555 018 €",
        "SIREN : 512 004 887",
        "orden de compra PO 4500-0918",
        "2025-2026",
        "on 12-10-2026",
        "12 10 2026",
        "10 944 €",
        "invoice 2026-0412",
    ],
)
def test_what_is_no_telephone(text: str) -> None:
    assert list(find_phones(text)) == []


def test_a_telephone_ends_before_the_next_count() -> None:
    assert [m.value for m in find_phones("02 96 00 77 21 – 40 licences")] == ["02 96 00 77 21"]
    assert [m.value for m in find_phones("02202 / 555 80 – 14 |")] == ["02202 / 555 80 – 14"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("la factura C 00003-00000127 para lo de noviembre", "C 00003-00000127"),
        ("the invoice FT 2026A/132. It", "FT 2026A/132"),
        ("invoice n. 118/FE for what", "118/FE"),
        ("Invoice No.: TBIT/EXP/26-27/033", "TBIT/EXP/26-27/033"),
        ("our invoice for S-2026-10 is LCD-INV-0778", "LCD-INV-0778"),
        ("RE-2026/88 zu S-2026-09", "RE-2026/88"),
        ("Deze hoort erbij: 2026-A-51.", "2026-A-51"),
        ("n° de facture : 0226-LF.", "0226-LF"),
        ("Rechnung VdL 08-26 zu übersenden", "VdL 08-26"),
        ("INV-5590 for nov", "INV-5590"),
    ],
)
def test_invoice_numbers_of_many_shapes(text: str, number: str) -> None:
    assert values(text, Kind.INVOICE) == [number]


@pytest.mark.parametrize(
    "text",
    ["30 licences et non 18, donc", "Seine Nummer: 0355 555 4040", "mi número es 943 000 118", "plus le numéro. 9k6"],
)
def test_what_is_no_invoice_number(text: str) -> None:
    assert [m for m in find_invoices(text) if m.sure] == []


@pytest.mark.parametrize(
    ("language", "text", "months"),
    [
        ("en", "thirty-six months", "36"),
        ("en", "a year and a half", "18"),
        ("en", "Term (months): 24", "24"),
        ("de", "zweieinhalb Jahre", "30"),
        ("de", "Laufzeit 3 J., Beschluss", "36"),
        ("de", "3-Jahresvertrag", "36"),
        ("fr", "dix-huit mois", "18"),
        ("fr", "pendant 1 an", "12"),
        ("nl", "jaarcontract", "12"),
        ("es", "año y medio", "18"),
        ("es", "tres añitos", "36"),
    ],
)
def test_terms_in_words(language: str, text: str, months: str) -> None:
    assert values(text, Kind.TERM, language) == [months]


def test_a_clock_time_before_a_german_header_is_no_term() -> None:
    assert list(find_terms("Gesendet: 30. September 2026 16:44\nAn: Pius Grabherr", "de")) == []


def test_a_raised_digit_is_no_count() -> None:
    assert values("in ² weeks", Kind.DATE) == []


@pytest.mark.parametrize("text", ["3 Aprıl 2027", "3 AprİL 2027"])
def test_a_turkish_i_in_a_month_is_read_as_ours(text: str) -> None:
    assert values(text, Kind.DATE) == ["2027-04-03"]


@pytest.mark.parametrize("text", ["by frıday 20", "the fırst monday of march", "2½ mıllion euros", "Aprıl statement"])
def test_no_turkish_i_makes_a_rule_raise(text: str) -> None:
    assert read(text).mentions or read(text).periods


def test_no_text_makes_a_rule_raise() -> None:
    chance = random.Random(7)
    signs = "0123456789 .,-/€$£kKmM\n()+:@x½ªé٣²年" + string.ascii_letters
    words = [*_ODD_WORDS, "\n", "2)"]
    for turn in range(120):
        text = (
            "".join(chance.choice(signs) for _ in range(150))
            if turn % 2
            else " ".join(chance.choice(words) for _ in range(60))
        )
        for language in ("en", "de", "fr", "nl", "es", "xx"):
            assert read(text, language, chance.choice([RECEIVED, date(2028, 2, 29), date(2027, 12, 31)])).text


@pytest.mark.parametrize("unit", ["1\u00a0", "x1 ", "twenty-", "AB-12-", "mai\n2. ", "friday 12 ", "1,2,", "k€ ", "a,"])
def test_long_repetitive_texts_are_read_in_bounded_time(unit: str) -> None:
    started = perf_counter()
    read((unit * 12_000)[:12_000])
    assert perf_counter() - started < 5

"""What the rules find in a text, and the value they give it."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.readers.builtin.amounts import find_numbers
from bot.readers.builtin.companies import same_company, trimmed_company
from bot.readers.builtin.dates import find_dates
from bot.readers.builtin.document import read_document
from bot.readers.builtin.domains import domain_of, find_domains, find_emails
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.number_words import parse_words
from bot.readers.builtin.people import trimmed_person
from bot.readers.builtin.periods import find_periods
from bot.readers.builtin.phones import find_phones
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.quantities import find_terms
from bot.readers.builtin.references import find_deal_refs, find_invoices, find_statement_refs
from bot.vocabulary.company_names import name_key

RECEIVED = date(2026, 11, 18)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "value", "currency", "basis"),
    [
        ("worth 45k€", "45000", "EUR", ""),
        ("1,2 Mio Euro", "1200000", "EUR", ""),
        ("35.700 EUR p. a.", "35700", "EUR", "annual"),
        ("$14,400/yr", "14400", "USD", "annual"),
        ("CHF 6'336.- im Jahr", "6336", "CHF", "annual"),
        ("sFr. 2'592.00 pro Jahr", "2592", "CHF", "annual"),
        ("INR 84,00,000 per annum", "8400000", "INR", "annual"),
        ("288 Euro im Monat", "288", "EUR", "monthly"),
        ("11 € pro Platz und Monat", "11", "EUR", "per_seat_month"),
        ("£24 per seat per month", "24", "GBP", "per_seat_month"),
        ("253.800 EUR, auf drei Vertragsjahre", "253800", "EUR", "total"),
        ("€ 119.808,00 (TCV)", "119808", "EUR", "total"),
        ("31 680 euros par an", "31680", "EUR", "annual"),
        ("58,800 dólares anuales", "58800", "USD", "annual"),
        ("€ 2.904,- per jaar", "2904", "EUR", "annual"),
        ("9k6 € l'an", "9600", "EUR", "annual"),
        ("10 944,50 €", "10944.5", "EUR", ""),
        ("850 000 DH par an", "850000", "MAD", "annual"),
        ("R 1.1 million a year", "1100000", "ZAR", "annual"),
    ],
)
def test_sums(text: str, value: str, currency: str, basis: str) -> None:
    found = next(iter(find_numbers(text, "en")))
    assert (found.value, found.currency, found.basis) == (value, currency, basis)


@pytest.mark.parametrize(
    ("words", "language", "value"),
    [
        ("thirty five", "en", 35),
        ("two hundred and forty", "en", 240),
        ("vierzigtausend", "de", 40000),
        ("fünfundzwanzig", "de", 25),
        ("twaalfduizend vierhonderd tachtig", "nl", 12480),
        ("quarante cinq", "fr", 45),
        ("treinta y cinco", "es", 35),
    ],
)
def test_number_words(words: str, language: str, value: int) -> None:
    read = parse_words(words.split(), language)
    assert read is not None
    assert read[0] == value


def test_an_article_alone_is_no_number() -> None:
    assert parse_words(["ein"], "de") is None
    assert parse_words(["hello"], "en") is None
    assert parse_words(["one"], "xx") is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31", "2026-12-31"),
        ("am 15.12.2026", "2026-12-15"),
        ("by 16/10/26", "2026-10-16"),
        ("15 December", "2026-12-15"),
        ("the 11th of December", "2026-12-11"),
        ("December 3, 2026", "2026-12-03"),
        ("3 March", "2027-03-03"),
        ("Ende März", "2027-03-31"),
        ("im März", "2027-03-31"),
        ("mid-March", "2027-03-15"),
        ("Anfang Februar", "2027-02-01"),
        ("fin février", "2027-02-28"),
        ("mediados de enero", "2027-01-15"),
        ("half december", "2026-12-15"),
        ("Q1", "2027-03-31"),
        ("Q4 2026", "2026-12-31"),
        ("end of year", "2026-12-31"),
        ("Jahresende", "2026-12-31"),
        ("Quartalsende", "2026-12-31"),
        ("in three weeks", "2026-12-09"),
        ("in 2 Monaten", "2027-01-18"),
        ("KW 12", "2027-03-26"),
        ("week 49", "2026-12-04"),
        ("S48", "2026-11-27"),
        ("end of the month", "2026-11-30"),
        ("Ende Jänner", "2027-01-31"),
        ("31/12/2026", "2026-12-31"),
    ],
)
def test_days(text: str, day: str) -> None:
    assert next(iter(find_dates(text, "en", RECEIVED))).value == day


def test_american_dates_are_month_first() -> None:
    (found,) = [d for d in find_dates("$14,400, closing 12/5/2026", "en", RECEIVED) if d.sure]
    assert found.value == "2026-12-05"


@pytest.mark.parametrize("text", ["31.02.2026", "Q7", "KW 77", "in 9999 weeks", "99/99/2026", "2026-13-45"])
def test_impossible_days_are_not_found(text: str) -> None:
    assert [d for d in find_dates(text, "en", RECEIVED) if d.sure] == []


def test_a_leap_day_that_does_not_come_next_year_is_no_sure_day() -> None:
    assert [d for d in find_dates("29 February", "en", date(2028, 3, 1)) if d.sure] == []


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("for October", "2026-10"),
        ("Q3", "2026-Q3"),
        ("vom dritten Quartal", "2026-Q3"),
        ("last month", "2026-10"),
        ("im Dezember", "2025-12"),
        ("2025", "2025"),
    ],
)
def test_periods_have_begun(text: str, period: str) -> None:
    assert next(iter(find_periods(text, RECEIVED))).value == period


def test_references() -> None:
    assert [m.value for m in find_deal_refs("d-1042 and D 77310, not D-12 or AD-1042")] == ["D-1042", "D-77310"]
    assert [m.value for m in find_statement_refs("S-2026-10 and s-2026-09-usd")] == ["S-2026-10", "S-2026-09-USD"]
    assert [m.value for m in find_phones("call +49 40 5550 2214 or 0375 / 5550-231")] == [
        "+49 40 5550 2214",
        "0375 / 5550-231",
    ]


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("ring 208-555-0177, he", "208-555-0177"),
        ("(617) 555-0146", "(617) 555-0146"),
        ("07700 900143. On", "07700 900143"),
        ("0511 555 03 320. 8 Leute", "0511 555 03 320"),
        ("+32.2.555.01.46", "+32.2.555.01.46"),
    ],
)
def test_telephones_end_where_the_sentence_does(text: str, phone: str) -> None:
    assert [m.value for m in find_phones(text)] == [phone]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("our invoice INV-2207 for it", "INV-2207"),
        ("Rechnung Nr. 2026-0412 anbei", "2026-0412"),
        ("facture n° FA/2026/88", "FA/2026/88"),
        ("factuur 2026-0118 voor S-2026-10", "2026-0118"),
    ],
)
def test_invoice_numbers(text: str, number: str) -> None:
    assert next(iter(find_invoices(text))).value == number


def test_terms_are_months() -> None:
    assert [m.value for m in find_terms("36 Monate", "de")] == ["36"]
    assert [m.value for m in find_terms("drei Jahre", "de")] == ["36"]
    assert [m.value for m in find_terms("two years", "en")] == ["24"]


def test_addresses() -> None:
    assert [m.value for m in find_emails("Write to J.Doe@Acme.example.")] == ["j.doe@acme.example"]
    assert [m.value for m in find_domains("https://www.Acme.example/path and acme.example")] == ["acme.example"] * 2
    assert domain_of("x@gmail.com") == ""
    assert domain_of("x@acme.example") == "acme.example"


def test_products_by_name_alias_and_other_languages() -> None:
    finder = ProductFinder(CATALOGUE)
    names = [m.value for m in finder.find("Core + Insights, the KI-Add-on, hub d'intégration, onboarding")]
    assert names == ["Lumora Core", "Lumora Insights", "Lumora Assist", "Lumora Connect", "Onboarding Package"]
    assert list(finder.find("scores and connection")) == []
    assert list(ProductFinder(()).find("Core")) == []


def test_names() -> None:
    assert name_key("Acme GmbH & Co. KG") == "acme"
    assert same_company("acme tools", "acme")
    assert not same_company("acme tools", "acme paints")
    assert trimmed_company("Firma Obexer,") == "Obexer"
    assert trimmed_company("Graag Kanaaldijk Glas") == "Kanaaldijk Glas"
    assert trimmed_company("Please Thornwick Mills") == "Thornwick Mills"
    assert trimmed_company("Graag") == "Graag"
    assert trimmed_person("Dr. Regula Ammann") == "Regula Ammann"
    assert trimmed_person("Frau Mag. Henriette Zöchbauer") == "Henriette Zöchbauer"
    assert trimmed_person("Dragan") == "Dragan"


def test_mentions_of_a_document_never_overlap_and_lie_in_order() -> None:
    text = "Core for 45 seats, 12.960 EUR p.a., 15.12.2026, a@b.example, D-1234, S-2026-10, +49 40 555022"
    document = read_document("Deal", text, "", "en", RECEIVED, ProductFinder(CATALOGUE))
    ends = 0
    for mention in document.mentions:
        assert mention.start >= ends
        ends = mention.end
    assert {Kind.PRODUCT, Kind.NUMBER, Kind.DATE, Kind.EMAIL, Kind.DEAL_REF} <= {m.kind for m in document.mentions}

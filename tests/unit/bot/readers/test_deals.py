"""Several deals of one message: which number belongs to which company, and which do not belong together."""

from __future__ import annotations

import re
from datetime import date

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.readers.builtin.companies import same_company
from bot.readers.builtin.deals import Deal, Stretches, deals_of
from bot.readers.builtin.document import Document, read_document
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.roles import Role
from bot.vocabulary.requests import Intent

UPDATE, REGISTER = Intent.UPDATE_DEAL, Intent.REGISTER_DEAL


def document(text: str, subject: str = "") -> Document:
    return read_document(subject, text, "", "en", date(2026, 11, 18), ProductFinder(CATALOGUE))


def deals(read: Document, wanted: dict[str, Intent]) -> list[Deal]:
    """The deals where each of these companies and numbers is wanted for one intent."""
    roles = [
        Role(Mention(_kind(name), *match.span(), name), {f"for:{intent.value}": 0.9})
        for name, intent in wanted.items()
        for match in re.finditer(re.escape(name), read.text)
    ]
    return deals_of(read, sorted(roles, key=lambda r: r.mention.start))


def _kind(name: str) -> Kind:
    return Kind.DEAL_REF if name.startswith("D-") else Kind.CUSTOMER


def pairs(found: list[Deal]) -> list[tuple[str, str]]:
    return [(deal.name, deal.ref) for deal in found]


def test_numbers_named_in_the_subject_belong_to_the_companies_beside_them_in_the_body() -> None:
    read = document(
        "D-5126, Penn Sardin: proposal sent.\nD-5130, Bigouden Fish: the same, 9k a year.", "D-5126 and D-5130"
    )
    found = deals(read, dict.fromkeys(("D-5126", "D-5130", "Penn Sardin", "Bigouden Fish"), UPDATE))
    assert sorted(pairs(found)) == [("Bigouden Fish", "D-5130"), ("Penn Sardin", "D-5126")]


def test_a_lost_number_is_not_that_of_a_company_to_be_registered() -> None:
    read = document("D-1190 is lost. Too bad.\n\nBut Altiport wants 16 seats, please register it.")
    assert pairs(deals(read, {"D-1190": UPDATE, "Altiport": REGISTER})) == [("", "D-1190"), ("Altiport", "")]


def test_a_number_far_from_its_company_belongs_to_it_where_the_same_is_wanted() -> None:
    read = document("Altiport has signed at last.\n\nThe number is D-1190.")
    assert pairs(deals(read, {"Altiport": UPDATE, "D-1190": UPDATE})) == [("Altiport", "D-1190")]


def test_a_number_in_the_same_sentence_belongs_to_the_company_whatever_is_wanted() -> None:
    read = document("Altiport (D-1190) has signed.")
    assert pairs(deals(read, {"Altiport": REGISTER, "D-1190": UPDATE})) == [("Altiport", "D-1190")]


def test_a_number_at_odds_with_the_company_before_it_does_not_fall_to_another_one() -> None:
    read = document("D-1190 is lost.\n\nPlease register Altiport.\n\nBrandner is our neighbour there.")
    found = deals(read, {"D-1190": UPDATE, "Altiport": REGISTER, "Brandner": UPDATE})
    assert ("", "D-1190") in pairs(found)


def test_spellings_of_one_company_are_one_deal_with_the_fullest_name() -> None:
    read = document("Hollis Creek is ready. Hollis Creek Dental Group signs in May.")
    short, full = "Hollis Creek", "Hollis Creek Dental Group"
    roles = [
        Role(Mention(Kind.CUSTOMER, start, start + len(name), name), {f"for:{REGISTER.value}": 0.9})
        for name, start in ((short, 0), (full, read.text.index(full)))
    ]
    (deal,) = deals_of(read, roles)
    assert (deal.name, len(deal.places)) == (full, 2)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("klinik eiderstedt", "kliniken eiderstedt", True),
        ("port sec ferke", "port sec ferkessedougou", True),
        ("hotel adler", "hotel amsel", False),
        ("nord bau", "nordbau sued", False),
        ("acme", "acme tools", True),
    ],
)
def test_a_company_is_the_same_whatever_the_ends_of_its_words(one: str, other: str, same: bool) -> None:
    assert same_company(one, other) is same


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("D-40211 has moved on, and D-40212 is on hold", ["D-40211 has moved on, and ", "D-40212 is on hold"]),
        ("D-40211 and D-40212 are both lost", ["D-40211 and D-40212 are both lost"]),
        ("D-40211 (Acme) and D-40212 (Beta Tools) are lost", ["D-40211 (Acme) and D-40212 (Beta Tools) are lost"]),
        ("D-40211 was won yesterday and D-40212 too", ["D-40211 was won yesterday and D-40212 too"]),
    ],
)
def test_a_sentence_falls_into_what_is_said_of_each_number(text: str, parts: list[str]) -> None:
    read = document(text)
    assert [read.text[s.start : s.end] for s in read.segments] == parts


def test_what_stands_behind_a_deals_name_speaks_of_it() -> None:
    read = document("Altiport takes 16 seats. They sign in May.\nBrandner takes four. No date yet.")
    altiport, brandner = deals(read, {"Altiport": REGISTER, "Brandner": REGISTER})
    stretches = Stretches(read, [altiport, brandner])
    assert [stretches.owner(read.text.index(said)) for said in ("16", "May", "four", "date")] == [
        altiport,
        altiport,
        brandner,
        brandner,
    ]
    assert stretches.of(altiport) == [0, 1]
    assert stretches.of(brandner) == [2, 3]


def test_the_only_deal_is_spoken_of_everywhere() -> None:
    read = document("They sign in May.\n\nAltiport takes 16 seats.")
    (deal,) = deals(read, {"Altiport": REGISTER})
    assert Stretches(read, [deal]).owner(0) is deal
    assert Stretches(read, [deal]).of(deal) == list(range(len(read.segments)))

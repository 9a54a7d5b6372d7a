"""A manager's words: what orders something does so in five languages, and whatever is not plain orders nothing."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.managers.verbs import Verb
from bot.managers.words import Said, numbers, said


@pytest.mark.parametrize(
    "text",
    [
        "approve", "Approve.", "APPROVED!", "*approve*", '"approve"', "accept", "ok", "OK, thanks", "yes please",
        "Yes.", "Approved, thanks Jonas", "please approve", "approve it", "Hi,\n\napprove", "Hello team\napprove\n",
        "go ahead", "agreed", "\u200bapprove",
        "genehmigt", "Ja", "Bitte freigeben", "einverstanden, danke", "Guten Tag,\n\nangenommen.", "ich stimme zu",
        "approuvé", "Oui, merci", "d'accord", "D’accord", "Bonjour,\nvalidé", "j'accepte",
        "goedgekeurd", "akkoord", "ja, bedankt", "Beste collega,\ngoedgekeurd",
        "aprobado", "sí", "Sí, gracias", "de acuerdo", "vale", "Hola,\nacepto",
    ],
)  # fmt: skip
def test_a_line_that_approves_and_says_nothing_else(text: str) -> None:
    assert said(text).verb is Verb.APPROVE


@pytest.mark.parametrize(
    "text",
    [
        "", "\n\n", "Yes, but ask for the price first", "ok let me check", "approve?", "Approved? Not by me.",
        "approve not", "do not approve", "not approved", "don't approve", "I would approve", "approve if they pay",
        "approve D-1234 and D-5678", "approve all", "approve everything", "no problem", "No need to approve",
        "no, approve it", "no aprobar", "nicht genehmigt", "pas d'accord", "niet akkoord", "no aprobado",
        "Thanks but check the amount", "Approved, thanks but check the amount", "okay-ish", "yesterday", "asking",
        "refused earlier ones, but approve this one, really", "refuse too small", "refuse?", "noted", "fine by me?",
        "approve the budget", "accepting", "D-1234", "who approves this?", "approval", "Ablehnung?",
        "> approve", "> refuse: no", "D-1234 approve D-5678", "protect D-1234", "protect D-1234 until tomorrow",
        "protect D-1234 until 2027-02-30", "protect until then", "attribution D-1234 influenced",
    ],
)  # fmt: skip
def test_what_is_not_plain_orders_nothing(text: str) -> None:
    assert said(text).verb is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("refuse: too small", "too small"), ("Refuse - too small.", "too small."), ("decline, too small", "too small"),
        ("reject because it is too small", "it is too small"), ("No: too small", "too small"),
        ("no, too small", "too small"), ("refuse", ""), ("No.", ""), ("refuse:\ntoo small", "too small"),
        ("refuse: too small\nfor this product\n\nBest,\nNoor", "too small for this product"),
        ("Refuse. Too small", "Too small"), ("refuse D-1234: too small", "too small"),
        ("abgelehnt: zu klein", "zu klein"), ("Nein, zu klein", "zu klein"), ("ablehnen, weil zu klein", "zu klein"),
        ("refusé : trop petit", "trop petit"), ("non, trop petit", "trop petit"),
        ("afgewezen: te klein", "te klein"), ("nee: te klein", "te klein"),
        ("rechazado: demasiado pequeño", "demasiado pequeño"), ("no, demasiado pequeño", "demasiado pequeño"),
    ],
)  # fmt: skip
def test_a_refusal_has_its_reason_behind_it(text: str, words: str) -> None:
    found = said(text)
    assert (found.verb, found.words) == (Verb.REFUSE, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ask: how many seats?", "how many seats?"), ("question: how many seats?", "how many seats?"),
        ("Ask them: how many seats?", "how many seats?"), ("ask", ""), ("ask D-1234: how many?", "how many?"),
        ("Rückfrage: wie viele Plätze?", "wie viele Plätze?"),
        ("demander : combien de postes ?", "combien de postes ?"),
        ("vraag: hoeveel plaatsen?", "hoeveel plaatsen?"), ("pregunta: ¿cuántos puestos?", "¿cuántos puestos?"),
    ],
)  # fmt: skip
def test_a_question_has_its_words_behind_it(text: str, words: str) -> None:
    found = said(text)
    assert (found.verb, found.words) == (Verb.ASK, words)


@pytest.mark.parametrize("text", ["approve D-123456", "D-123456 approve", "d-123456: approve", "D-123456 - ok"])
def test_the_number_may_stand_before_or_behind_the_verb(text: str) -> None:
    assert (said(text).verb, said(text).number) == (Verb.APPROVE, "D-123456")


@pytest.mark.parametrize(
    "text",
    ["protect D-123456 until 2027-03-01", "Protect D-123456 until 01.03.2027.", "schützen D-123456 bis 1.3.2027"],
)
def test_protection_names_number_and_day(text: str) -> None:
    assert said(text) == Said(Verb.PROTECT, "D-123456", until=date(2027, 3, 1), text=said(text).text)


def test_attribution_names_number_value_and_reason() -> None:
    found = said("attribution D-123456 Influenced: they met at our fair")
    assert (found.verb, found.number, found.value) == (Verb.ATTRIBUTE, "D-123456", "influenced")
    assert found.words == "they met at our fair"


@pytest.mark.parametrize(
    "text", ["Thanks!", "thank you", "Danke.", "Merci", "Bedankt!", "Gracias", "Hi,\n\nThanks Noor"]
)
def test_nothing_but_thanks_is_known_as_that(text: str) -> None:
    assert said(text).courtesy


@pytest.mark.parametrize("text", ["Thanks, approve", "Thanks but no", "approve", "D-1234", "", "Too small"])
def test_thanks_with_anything_else_is_more_than_that(text: str) -> None:
    assert not said(text).courtesy


def test_a_mere_yes_is_told_from_a_plain_word() -> None:
    assert not said("yes").plain
    assert not said("no: too small").plain
    assert said("approve").plain


def test_below_the_first_line_nothing_is_read_and_a_long_rest_is_told_of() -> None:
    short, long = said("approve\n\nBest,\nNoor"), said(f"approve\n\n{'and ask for the price ' * 4}")
    assert (short.verb, short.more) == (Verb.APPROVE, False)
    assert (long.verb, long.more) == (Verb.APPROVE, True)


def test_numbers_are_found_wherever_they_stand() -> None:
    assert numbers("on d-123456 and L-12345678, not on XD-999999 or D-1") == ("D-123456", "L-12345678")


@given(st.text(max_size=300) | st.sampled_from(list(Verb)).flatmap(lambda v: st.text(max_size=60).map(v.value.__add__)))
@settings(max_examples=300, deadline=None)
def test_no_text_is_too_odd_to_be_looked_at(text: str) -> None:
    found = said(text)
    assert found.verb is None or found.text


@pytest.mark.parametrize("piece", ["approve ", "a", " ", "\n", "no, ", "refuse: ", "hi ", "D-1234 ", "\u200b", ": - ,"])
def test_a_huge_text_is_looked_at_in_no_time(piece: str) -> None:
    begun = time.perf_counter()
    said(piece * (2_000_000 // len(piece)))
    assert time.perf_counter() - begun < 1.0


@pytest.mark.parametrize(
    "text",
    [
        "refuse D-1111: too small\nrefuse D-2222: Harbour has it",
        "refuse D-1111: too small\nD-2222: approve",
        "refuse D-1111: too small\n\nask D-2222: who pays?",
    ],
)
def test_the_next_order_is_no_part_of_the_reason_and_is_said_to_be_unread(text: str) -> None:
    found = said(text)
    assert (found.verb, found.number, found.words, found.more) == (Verb.REFUSE, "D-1111", "too small", True)


@pytest.mark.parametrize(
    "below", ["approve D-2222", "approve", "refuse D-2222: no", "\nprotect D-2222 until 2027-03-01"]
)
def test_of_several_orders_the_first_is_done_and_the_others_are_said_to_be_unread(below: str) -> None:
    found = said(f"approve D-1111\n{below}")
    assert (found.verb, found.number, found.more) == (Verb.APPROVE, "D-1111", True)


def test_a_reason_in_several_lines_may_speak_of_another_number() -> None:
    assert said("refuse: it is the same\nas D-2222 of last week").words == "it is the same as D-2222 of last week"


@pytest.mark.parametrize(
    ("verb", "texts"),
    [
        (Verb.REFUSE, ("decline: x", "ablehnen: x", "rejeté : x", "afgekeurd: x", "rechazado: x")),
        (Verb.POSTPONE, ("postpone: x", "Verschoben, x", "reporté : x", "uitgesteld: x", "aplazado: x")),
        (Verb.BLOCK, ("block: x", "Gesperrt: x", "bloqué : x", "geblokkeerd: x", "bloqueado: x")),
        (Verb.UPHOLD, ("uphold: x", "Es bleibt dabei: x", "maintenu : x", "gehandhaafd: x", "se mantiene: x")),
        (Verb.CORRECT, ("correct EUR 2.00: x", "korrigiert auf 2,00 EUR: x", "corrigé à 2,00 EUR : x",
                        "gecorrigeerd naar EUR 2,00: x", "corregido a 2,00 EUR: x")),
    ],
)  # fmt: skip
def test_what_is_said_of_money_has_its_words_in_five_languages(verb: Verb, texts: tuple[str, ...]) -> None:
    assert {(said(text).verb, said(text).words) for text in texts} == {(verb, "x")}


@pytest.mark.parametrize("text", ["paid 4711", "Bezahlt: 4711", "réglé 4711", "betaald, ref 4711", "pagado 4711"])
def test_a_payment_has_its_reference_behind_it(text: str) -> None:
    found = said(text)
    assert (found.verb, found.words) == (Verb.PAY, "4711")


@pytest.mark.parametrize(
    "text", ["retry", "Try again, please", "noch einmal versuchen", "réessayer", "opnieuw proberen", "reintentar"]
)
def test_another_try_is_ordered_in_every_language(text: str) -> None:
    assert said(text).verb is Verb.RETRY
    assert said(f"{text} but only the first").verb is None


@pytest.mark.parametrize("text", ["release", "Release it, please", "entsperrt", "débloqué", "vrijgegeven", "liberado"])
def test_releasing_takes_a_line_of_its_own(text: str) -> None:
    assert said(text).verb is Verb.RELEASE


@pytest.mark.parametrize(
    "text",
    [
        "release if they answer", "block them", "blocked by legal", "paid last week", "paid in full?", "unpaid 4711",
        "not paid 4711", "correct me if I am wrong", "correct, they are right", "uphold it or not?", "postponed?",
        "The payment 4711 was blocked", "I paid 4711",
    ],
)  # fmt: skip
def test_what_only_sounds_like_an_order_about_money_is_none(text: str) -> None:
    assert said(text).verb is None


@pytest.mark.parametrize(
    ("text", "partner", "words"),
    [
        ("approve S-2026-10 Quaywise Advisory", "Quaywise Advisory", ""),
        ("Approve S-2026-10-USD of Quaywise, thanks", "Quaywise", ""),
        ("decline s-2026-10 Quaywise: no VAT ID", "Quaywise", "no VAT ID"),
        ("decline S-2026-10: no VAT ID", "", "no VAT ID"),
        ("genehmigt S-2026-10 von Müller & Söhne", "Müller & Söhne", ""),
        ("paid S-2026-10 Quaywise: SEPA 4711", "Quaywise", "SEPA 4711"),
        ("paid S-2026-10 Quaywise SEPA 4711", "Quaywise SEPA 4711", ""),
        ("uphold S-2026-10 Quaywise - as agreed", "Quaywise", "as agreed"),
        ("approve S-2026-10 Coca-Cola", "Coca-Cola", ""),
    ],
)
def test_behind_the_number_of_a_statement_its_partner_stands(text: str, partner: str, words: str) -> None:
    found = said(text)
    assert found.number.startswith("S-2026-10")
    assert (found.partner, found.words) == (partner, words)


def test_a_payment_that_cannot_be_read_says_why() -> None:
    assert "the day is not plain" in said("paid 4711 on Monday").fault
    assert "colon" in said("S-2026-10: paid 4711 yesterday").fault + said("paid S-2026-10 4711").fault

"""The answer to a question of ours about money: which line, or which statement, is meant."""

from __future__ import annotations

from dataclasses import replace

from bot.readers.finer.money_details import amounts_in, deals_in, means_whole, period_in, places_in, statement_in
from bot.readers.finer.scene import MISREAD, MONEY, Scene
from bot.readers.finer.sentences import Sentence
from bot.vocabulary.requests import DisputeDetails, Intent, InvoiceFields, Reading, Request

LINE_ASKED, STATEMENT_ASKED = "dispute_line", "invoice_statement"
"""What a thread about money may wait for."""


def told(scene: Scene, reading: Reading) -> Reading | None:
    """The answer to the question which line, or which statement, is meant."""
    asked = scene.readable.thread.asked
    body = tuple(s for s in scene.sentences if s.start >= 0)
    if LINE_ASKED in asked:
        return _line_told(scene, reading, body)
    if STATEMENT_ASKED in asked and (number := _statement_told(body, scene)):
        request = Request(Intent.SUBMIT_INVOICE, InvoiceFields(number), (0, len(scene.readable.text)))
        return replace(reading, requests=(request,), answer_expected=True)
    return None


def _line_told(scene: Scene, reading: Reading, body: tuple[Sentence, ...]) -> Reading | None:
    customer = next((name for s in body if (name := scene.customer_in(s))), None)
    details = DisputeDetails(
        customer or _as_name(scene),
        statement_in(body),
        deals_in(body),
        tuple(amount for s in body for amount in amounts_in(s)),
        tuple(dict.fromkeys(place for s in body for place in places_in(s))),
        any(means_whole(s, asked=scene.short) for s in body),
    )
    other = any(r.intent not in MISREAD | MONEY for r in reading.requests) or any(s.asks for s in body)
    if other or details == DisputeDetails():
        return None
    request = Request(Intent.DISPUTE_COMMISSION, details, (0, len(scene.readable.text)), said=scene.readable.text[:300])
    return replace(reading, requests=(request,), answer_expected=True)


def _as_name(scene: Scene) -> str | None:
    """An answer that is nothing but a name."""
    said = scene.readable.text.strip(" .!\n")
    alone = len(said.split()) <= 4 and said[:1].isupper() and not any(c.isdigit() for c in said)
    return said if alone and not _names_places(scene) else None


def _names_places(scene: Scene) -> bool:
    return any(places_in(s) or means_whole(s, asked=True) for s in scene.sentences if s.start >= 0)


def _statement_told(body: tuple[Sentence, ...], scene: Scene) -> str | None:
    if number := statement_in(body):
        return number
    period = period_in(body, scene.readable.received.date())
    return f"S-{period}" if period and len(period) == 7 and period[5].isdigit() else None

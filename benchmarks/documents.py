"""How long it takes to set a statement: in words, as PDF, as CSV and JSON, for ever more lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from statistics import median

from reportlab.pdfgen.canvas import Canvas

from bot.documents.fonts import fonts
from bot.documents.paper import Strip
from bot.documents.statement_csv import statement_csv
from bot.documents.statement_json import statement_json
from bot.documents.statement_pdf import statement_pages, statement_pdf
from bot.documents.statement_sheet import StatementSheet
from bot.documents.statement_words import statement_sheet
from crm.money import Money
from crm.records import Partner, PartnerType, Payment
from knowledge.commission.account import Line
from knowledge.commission.derivation import Said, rounding, step
from knowledge.commission.statement import Statement, StatementState
from knowledge.loading import load_program
from knowledge.program import Program

LINES = (1, 30, 1_000)
USUAL = 30
ROUNDS = 5
MILLISECONDS = 150.0
"""What a statement of the usual length may take, words and PDF together."""
_PROGRAM = Path(__file__).parents[1] / "config" / "program"
_CUSTOMERS = ("Globex", "Müller & Söhne Maschinenbau GmbH", "Société Générale d'Équipements", "Initech", "Ωμέγα Α.Ε.")
_RATE, _POINTS, _WITH_TIER = Decimal("0.15"), Decimal("2.5"), Decimal("0.175")
_PARTNER = Partner("p", "Harbour Consulting GmbH", (PartnerType.REFERRAL,), "Select", country="DE",
                   address="Kai 1\n20457 Hamburg", vat_id="DE811234567", purchase_order="PO-4711")  # fmt: skip


@dataclass(frozen=True, slots=True)
class SetInType:
    """Milliseconds for a statement of so many lines; `bare` are those that reportlab alone needs for the same texts at
    the same places.
    """

    lines: int
    pages: int
    words: float
    pdf: float
    bare: float
    csv: float
    json: float
    kilobytes: float

    @property
    def whole(self) -> float:
        return self.words + self.pdf

    @property
    def ratio(self) -> float:
        return self.pdf / self.bare


def measure(step_done: Callable[[], None]) -> list[SetInType]:
    fonts()
    program = load_program(_PROGRAM)
    return [_one(program, count, step_done) for count in LINES]


def _one(program: Program, count: int, step_done: Callable[[], None]) -> SetInType:
    lines = [_line(place) for place in range(count)]
    sheet = _sheet(program, lines)
    made = statement_pages(sheet)
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, work in (
            ("words", lambda: _sheet(program, lines)),
            ("pdf", lambda: statement_pdf(sheet)),
            ("bare", lambda: _bare(made)),
            ("csv", lambda: statement_csv(sheet)),
            ("json", lambda: statement_json(sheet)),
        ):
            times.setdefault(name, []).append(_milliseconds(work))
        step_done()
    taken = {name: median(found) for name, found in times.items()}
    return SetInType(count, len(made), **taken, kilobytes=len(statement_pdf(sheet)) / 1000)


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def _bare(made: Sequence[Sequence[Strip]]) -> None:
    canvas = Canvas(BytesIO(), invariant=1)
    for strips in made:
        y = 800.0
        for strip in strips:
            y -= strip.height
            for run in strip.runs:
                canvas.setFont(run.type.font, run.type.size)
                canvas.drawString(run.x, y, run.text)
        canvas.showPage()
    canvas.save()


def _sheet(program: Program, lines: Sequence[Line]) -> StatementSheet:
    total = sum((line.amount for line in lines), Money.zero("EUR"))
    statement = Statement(
        "s", "S-2026-10", "p", "2026-10", StatementState.ISSUED, total, date(2026, 10, 31),
        tuple(line.key for line in lines), ("referral-2026@2026.1",), disputable_until=date(2026, 12, 5),
    )  # fmt: skip
    paid = {line.event: Payment(line.event, line.deal_id, "p", line.base, line.earned_on) for line in lines}
    return statement_sheet(statement, lines, program, _PARTNER, "de", issued_on=date(2026, 11, 5), happenings={**paid})


def _line(place: int) -> Line:
    base = Money(Decimal(12_000) + Decimal("137.35") * place, "EUR")
    exact = base * _WITH_TIER
    steps = (
        step("base", "collected", Said.COLLECTED, base, amount=base, collected=base, base=base),
        step("rate", "referral", Said.RATE, _RATE, rate=_RATE),
        step("tier", "tier", Said.TIER_ADDS, _WITH_TIER, tier="Select", points=_POINTS, rate=_WITH_TIER),
        rounding("referral", exact),
    )
    return Line(
        key=f"k-{place}", partner_id="p", plan_id="referral-2026", plan="Referral 2026", version="2026.1",
        series=f"deal|{place}", event=f"pay-{place}", part="first_year", earned_on=date(2026, 10, 1 + place % 28),
        amount=exact.rounded(), base=base, rate=_WITH_TIER, tier="Select", steps=steps, deal_id=f"d-{place}",
        deal_number=f"D-{10_000 + place}", customer=_CUSTOMERS[place % len(_CUSTOMERS)],
    )  # fmt: skip

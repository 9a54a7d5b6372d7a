"""Puts a statement into the words of one reader: what earned each line, how it comes about, and what holds for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, get_currency_precision

from bot.documents.derivation import sentences
from bot.documents.statement_sheet import Party, PlanTotal, SheetRow, StatementSheet, Term
from bot.texts.catalogue import Catalogue, catalogue
from bot.texts.wording import Wording, reader_locale
from bot.vocabulary.decisions import Value
from crm.money import Money
from crm.records import Channel, Milestone, MilestoneKind, Partner, Payment, PaymentKind
from knowledge.commission.account import Line
from knowledge.commission.derivation import Said
from knowledge.commission.rewards import PLAN_ID as REWARDS
from knowledge.commission.statement import Statement
from knowledge.program import Program

Happening = Payment | Milestone
"""What earns a line: money that came, or something that was reached."""


@dataclass(frozen=True, slots=True)
class Words:
    """The labels and figures of a document in one language, written as in one country."""

    wording: Wording

    @classmethod
    def of(cls, language: str, country: str, texts: Catalogue) -> Words:
        known = texts.language(language)
        return cls(Wording(texts, known, reader_locale(known, country), ZoneInfo("UTC"), Channel.EMAIL))

    @property
    def language(self) -> str:
        return self.wording.language

    def say(self, key: str, **values: Value) -> str:
        return self.wording.text(key, values)

    def month(self, period: str) -> str:
        """An ISO month with its name."""
        first = date.fromisoformat(f"{period}-01")
        return str(format_skeleton("yMMMM", first, locale=self.wording.locale))

    def day(self, day: date) -> str:
        """As short as a column needs it, and never to be mistaken for another day."""
        return str(format_date(day, "medium", locale=self.wording.locale))

    def long_day(self, day: date) -> str:
        return self.wording.value(day, "")

    def money(self, sum_: Money) -> str:
        return self.wording.value(sum_, "")

    def figure(self, sum_: Money) -> str:
        """Without the currency, where the whole column has one; to its smallest unit and never rounded away."""
        places = max(get_currency_precision(sum_.currency), -int(sum_.amount.normalize().as_tuple().exponent))
        pattern = "#,##0" + ("." + "0" * min(places, 6) if places else "")
        return str(format_decimal(sum_.amount, pattern, locale=self.wording.locale))

    def share(self, rate: Decimal) -> str:
        return self.wording.value(rate, "share")


def statement_sheet(
    statement: Statement,
    lines: Sequence[Line],
    program: Program,
    partner: Partner,
    language: str,
    *,
    issued_on: date | None,
    happenings: Mapping[str, Happening] | None = None,
    texts: Catalogue | None = None,
) -> StatementSheet:
    """The statement with these lines, in their order. `happenings` are what `Line.event` names, by id, where known;
    `texts` the vendor's own where it has any.
    """
    texts = texts or catalogue()
    words = Words.of(language, partner.country, texts)
    rules, vendor = program.statements, program.vendor
    known = happenings or {}
    sheet_lines = tuple(_row(place, line, known.get(line.event), words) for place, line in enumerate(lines, 1))
    return StatementSheet(
        number=statement.number,
        revision=statement.revision,
        period=statement.period,
        total=statement.total,
        cut_off=statement.cut_off,
        issued_on=issued_on,
        disputable_until=statement.disputable_until,
        payment_days=rules.payment_days_after_approval if rules else 0,
        invoice_to=vendor.invoices_address,
        vendor=Party(vendor.legal_name, _lines(vendor.address), vendor.vat_id, vendor.finance_address),
        partner=Party(partner.name, _lines(partner.address), partner.vat_id),
        purchase_order=partner.purchase_order,
        rows=sheet_lines,
        totals=_totals(lines, words),
        notes=tuple(_notes(statement, lines, words)),
        terms=tuple(_terms(statement, program, partner, words)),
        versions=statement.versions,
        language=words.language,
        country=partner.country,
        brand=program.brand,
        texts=texts,
    )


def _row(place: int, line: Line, happening: Happening | None, words: Words) -> SheetRow:
    plan = _plan(line, words)
    return SheetRow(place, line, plan, _earned_by(line, happening, words), sentences(line.steps, words.wording))


def _plan(line: Line, words: Words) -> str:
    """Rewards are no plan of the program, so their name is ours."""
    return words.say("sheet.rewards") if line.plan_id == REWARDS else line.plan


def _earned_by(line: Line, happening: Happening | None, words: Words) -> str:
    subject = ""
    if reached := _reached(line):
        return words.say(f"earned_by.{reached}")
    match happening:
        case Payment(amount=paid) if paid.amount < 0:
            what = "refund"
        case Payment(kind=PaymentKind.RENEWAL):
            what = "renewal"
        case Payment():
            what = "payment"
        case Milestone(kind=kind):
            what = kind.value
            subject = happening.subject if kind in _OF_SOMEBODY else ""
        case _:
            what = "correction" if line.reverses else "other"
    said = words.say(f"earned_by.{what}")
    return words.say("earned_by.with_subject", what=said, subject=subject) if subject else said


def _reached(line: Line) -> str:
    """What else than the money a payment's line waited for, where that came last: a line is earned on that day."""
    found = [
        _REACHED[s.sentence] for s in line.steps if s.sentence in _REACHED and s.values.get("on") == line.earned_on
    ]
    return found[-1] if found else ""


_REACHED = {
    Said.WENT_LIVE: MilestoneKind.GO_LIVE,
    Said.CSAT_REACHED: MilestoneKind.CSAT,
    Said.STAGE_REACHED: MilestoneKind.STAGE,
    Said.USAGE_REACHED: MilestoneKind.USAGE,
}
_OF_SOMEBODY = (MilestoneKind.CERTIFICATION, MilestoneKind.MEETING, MilestoneKind.EVENT)


def _totals(lines: Iterable[Line], words: Words) -> tuple[PlanTotal, ...]:
    """By plan and version, in the order in which the lines first name them."""
    sums: dict[tuple[str, str], list[Money]] = {}
    for line in lines:
        sums.setdefault((_plan(line, words), line.version), []).append(line.amount)
    return tuple(
        PlanTotal(plan, version, len(amounts), sum(amounts[1:], amounts[0]))
        for (plan, version), amounts in sums.items()
    )


def _notes(statement: Statement, lines: Sequence[Line], words: Words) -> Iterable[str]:
    late = sum(f"{line.earned_on:%Y-%m}" < statement.period for line in lines)
    if statement.revision > 1:
        yield words.say("sheet.revised", revision=statement.revision)
    if late:
        yield words.say("sheet.late_one") if late == 1 else words.say("sheet.late", lines=late)
    if any(line.amount.amount < 0 for line in lines):
        yield words.say("sheet.taken_back")


def _terms(statement: Statement, program: Program, partner: Partner, words: Words) -> Iterable[Term]:
    order = partner.purchase_order
    invoice = words.say(
        "sheet.invoice_order" if order else "sheet.invoice",
        total=statement.total, vendor=program.vendor.legal_name, number=statement.number, order=order,
        address=program.vendor.invoices_address,
    )  # fmt: skip
    yield Term(words.say("sheet.invoice_title"), invoice)
    if program.statements is not None:
        due = words.say("sheet.payment", days=program.statements.payment_days_after_approval)
        yield Term(words.say("sheet.payment_title"), due)
    if statement.disputable_until is not None:
        until = words.say("sheet.dispute", until=statement.disputable_until)
        yield Term(words.say("sheet.dispute_title"), until)
    yield Term(words.say("sheet.tax_title"), words.say("sheet.tax"))


def _lines(address: str) -> tuple[str, ...]:
    return tuple(line for line in map(str.strip, address.splitlines()) if line)

"""What is written when a statement goes out: to the partner's finance contact, to the vendor's, and in Slack."""

from __future__ import annotations

from collections.abc import Sequence

from bot.documents.statement_words import Words
from bot.payouts.statement_facts import plans
from bot.texts.own import worded
from bot.vocabulary.decisions import Outcome, Value
from bot.vocabulary.documents import Document
from bot.vocabulary.layout import Block, Listing, Paragraph, Row
from bot.vocabulary.reply import Reply
from crm.records import Contact, Partner
from knowledge.commission.account import Line
from knowledge.commission.statement import Statement
from knowledge.program import Program


def subject(statement: Statement, words: Words) -> str:
    key = "subject_revised" if statement.revision > 1 else "subject"
    return words.say(
        f"statement_mail.{key}", number=statement.number, period=words.month(statement.period),
        revision=statement.revision,
    )  # fmt: skip


def to_partner(statement: Statement, program: Program, partner: Partner, words: Words) -> tuple[Outcome, ...]:
    """The sum, how to invoice it and until when to disagree, with the documents attached."""
    listed: list[Value] = [
        {"text": "statement_mail.fact_number", "number": statement.number},
        {"text": "statement_mail.fact_lines", "lines": len(statement.lines)},
    ]
    if partner.purchase_order:
        listed.append({"text": "statement_mail.fact_order", "order": partner.purchase_order})
    listed.append({"text": "statement_mail.fact_total", "total": statement.total})
    said: dict[str, Value] = {"period": words.month(statement.period), "facts": tuple(listed)}
    key = "revised" if statement.revision > 1 else "sent"
    outcomes = [Outcome(f"statement_mail.{key}", said | {"revision": statement.revision}, figures=True)]
    if program.statements is not None:
        outcomes.append(_invoice(statement, program, program.statements.payment_days_after_approval))
    if statement.disputable_until is not None:
        outcomes.append(Outcome("statement_mail.dispute", {"until": statement.disputable_until}))
    return tuple(outcomes)


def _invoice(statement: Statement, program: Program, days: int) -> Outcome:
    values: dict[str, Value] = {
        "total": statement.total,
        "number": statement.number,
        "vendor": program.vendor.legal_name,
        "address": program.vendor.invoices_address,
        "days": days,
    }
    return Outcome("statement_mail.invoice", values, figures=True)


def in_channel(statement: Statement, words: Words, *, to_finance: bool) -> tuple[Outcome, ...]:
    """That it is on its way and to whom by office: no sum and no name, whoever reads the channel."""
    key = "in_channel_revised" if statement.revision > 1 else "in_channel"
    whom = words.say("statement_mail.finance_contact" if to_finance else "statement_mail.main_contact")
    return (Outcome(f"statement_mail.{key}", {"period": words.month(statement.period), "whom": whom}),)


def words_of(program: Program, partner: Partner, language: str) -> Words:
    return Words.of(language, partner.country, worded(program.texts))


def copy_subject(statement: Statement, partner: Partner) -> str:
    revised = f", revision {statement.revision}" if statement.revision > 1 else ""
    return f"Commission statement {statement.number} of {partner.name}{revised}"


def copy(
    statement: Statement,
    program: Program,
    partner: Partner,
    told: Contact | None,
    lines: Sequence[Line],
    documents: Sequence[Document],
    all_documents: Sequence[Document],
) -> Reply:
    """For the vendor's finance, in English; `told` is who at the partner got the statement."""
    words = Words.of("en", "", worded({}))
    revised = f" as revision {statement.revision}, in place of the one before" if statement.revision > 1 else ""
    begins = (
        f"This is the commission statement of {partner.name} for {words.month(statement.period)}{revised}. "
        f"The partner was asked to invoice the total; what it sends is compared with this statement before it is put "
        f"up for approval."
    )
    rows = [Row(label, (value,)) for label, value in _facts(statement, partner, told, lines, words) if value]
    left = [d.name for d in all_documents if d not in documents]
    ends = f"Too large for a mail, and kept in the console: {', '.join(left)}." if left else ""
    listed = "\n".join(f"- {row.label}: {row.values[0]}" for row in rows)
    after = [part for part in (ends, f"Partnerline, for {program.vendor.name}") if part]
    blocks: tuple[Block, ...] = (Paragraph(begins), Listing(tuple(rows)), *map(Paragraph, after))
    return Reply("\n\n".join([begins, listed, *after]), "en", blocks)


def _facts(
    statement: Statement, partner: Partner, told: Contact | None, lines: Sequence[Line], words: Words
) -> tuple[tuple[str, str], ...]:
    return (
        ("Statement", statement.number),
        ("Partner", partner.name),
        ("VAT ID", partner.vat_id),
        ("Purchase order", partner.purchase_order),
        ("Lines", str(len(statement.lines))),
        ("Total, net of VAT", words.money(statement.total)),
        ("Plans", plans(lines)),
        ("Sent to", f"{told.name} <{told.email}>" if told else "nobody yet: the partner has no contact with a mail"),
    )

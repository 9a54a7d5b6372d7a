"""What a manager decides about a statement by: its lines, the invoice that came, what is corrected or in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import disputes, invoices, lines, statements, tasks
from bot.storage.invoices import PartnerInvoice
from bot.vocabulary.money import InvoiceRead
from crm.money import Money
from crm.records import Partner
from knowledge.commission.account import Line
from knowledge.commission.statement import Dispute, DisputeState, Statement

Fact = tuple[str, str]
_HIGHEST_VAT = Decimal("0.27")  # no country that the languages here are spoken in has more
_MOST = 5  # lines, doubts and the like that are listed
COMMISSION = "commission"
"""The kind of task that says what the engine is in doubt about."""


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """`lines` are on the statement now; `came` are the partner's invoices for it, in order, and `invoice` the one that
    fits (None where a manager entered it); `doubts` are open questions about the partner's commission, `unlike` what
    does not go together with the invoice.
    """

    statement: Statement
    partner: Partner
    lines: tuple[Line, ...]
    came: tuple[PartnerInvoice, ...]
    invoice: PartnerInvoice | None
    open_disputes: tuple[Dispute, ...]
    doubts: tuple[str, ...]
    unlike: tuple[str, ...]

    @property
    def clear(self) -> bool:
        """Whether nothing speaks against paying it."""
        return self.invoice is not None and not self.doubts and not self.unlike


async def facts_of(connection: AsyncConnection, statement: Statement, partner: Partner) -> StatementFacts:
    came = await invoices.of_statement(connection, statement.id)
    fits = next((one for one in reversed(came) if one.matched), None)
    of_partner = await disputes.of_partner(connection, partner.id)
    return StatementFacts(
        statement=statement,
        partner=partner,
        lines=tuple(one.line for one in await lines.of_statement(connection, statement.id)),
        came=came,
        invoice=fits,
        open_disputes=tuple(d for d in of_partner if d.state is DisputeState.OPEN and d.statement_id == statement.id),
        doubts=await tasks.open_of_partner(connection, partner.id, COMMISSION),
        unlike=await _unlike(connection, statement, partner, fits),
    )


def approval(found: StatementFacts) -> tuple[Fact, ...]:
    """Everything to approve by."""
    statement, partner = found.statement, found.partner
    revised = f", revision {statement.revision}" if statement.revision > 1 else ""
    said = (
        ("Partner", ", ".join(part for part in (partner.name, partner.tier, partner.region) if part)),
        ("Statement", f"{statement.number}{revised}, earned up to {statement.cut_off}"),
        ("Total, net", in_words(statement.total)),
        ("Invoice", statement.invoice_number),
        *_invoiced(found),
        ("To look at", "; ".join(found.unlike)),
        ("In doubt", _listed(found.doubts)),
        ("Lines", str(len(found.lines))),
        ("Largest lines", _largest(found.lines)),
        ("Corrected earlier lines", _corrections(found.lines)),
        ("Held by disputes", f"{len(found.open_disputes)} line(s)" if found.open_disputes else ""),
        ("Invoices that did not fit", _unfitting(found.came)),
        ("Plans", plans(found.lines)),
        ("VAT ID", partner.vat_id),
    )
    return tuple((label, value) for label, value in said if value)


def payment(found: StatementFacts) -> tuple[Fact, ...]:
    """Everything to pay by."""
    statement, read = found.statement, found.invoice.read if found.invoice else None
    gross = read.total if read else None
    with_vat = f"{in_words(gross)} as invoiced, {in_words(statement.total)} net" if gross else ""
    said = (
        ("Partner", found.partner.name),
        ("To pay", with_vat or f"{in_words(statement.total)} net, and the VAT of its invoice"),
        (
            "Invoice",
            f"{statement.invoice_number} of {read.issued_on}" if read and read.issued_on else statement.invoice_number,
        ),
        ("Statement", statement.number),
        ("Approved by", statement.approved_by),
        ("Pay by", str(statement.pay_by or "")),
        ("VAT ID", found.partner.vat_id),
        ("Came back", statement.note),
    )
    return tuple((label, value) for label, value in said if value)


def in_words(amount: Money) -> str:
    """A sum as managers read it."""
    return f"{amount.currency} {amount.amount:,.2f}"


def plans(on_it: Iterable[Line]) -> str:
    """The plans that lines came about by, as people call them."""
    return ", ".join(sorted({f"{line.plan} (version {line.version})" for line in on_it}))


async def _unlike(
    connection: AsyncConnection, statement: Statement, partner: Partner, invoice: PartnerInvoice | None
) -> tuple[str, ...]:
    said = []
    if invoice is None:
        said.append("the invoice was entered by hand")
    number = statement.invoice_number
    sha256 = invoice.sha256 if invoice else ""
    before = await invoices.matched_before(connection, partner.id, number, sha256, statement.id)
    if before and (known := await statements.find(connection, before)):
        said.append(f"an invoice {number} came for {known.number} as well")
    order = invoice.read.purchase_order if invoice else ""
    if order and partner.purchase_order and order.casefold() != partner.purchase_order.casefold():
        said.append(f"it names the order {order}, and the partner's is {partner.purchase_order}")
    return (*said, *(_tax_unlike(invoice.read) if invoice else ()))


def _tax_unlike(read: InvoiceRead) -> Iterator[str]:
    """What is paid is the total with tax, and only the net sum was compared with the statement."""
    net, vat, total = read.net, read.vat, read.total
    if net is None or net.amount <= 0:
        return
    tax = vat if vat is not None else total - net if total is not None else None
    if tax is not None and total is not None and net + tax != total:
        yield f"its net sum and VAT do not come to its total of {in_words(total)}"
    if tax is not None and tax.amount > net.amount * _HIGHEST_VAT:
        yield f"its VAT of {in_words(tax)} is more than {_HIGHEST_VAT * 100:.0f} % of its net sum"


def _invoiced(found: StatementFacts) -> tuple[Fact, ...]:
    if found.invoice is None:
        total = found.statement.invoice_total
        return (("Invoiced, net", in_words(total)),) if total else ()
    read = found.invoice.read
    sums = (("net", read.net), ("VAT", read.vat), ("total", read.total))
    said = ", ".join(f"{name} {in_words(amount)}" for name, amount in sums if amount is not None)
    dated = f", of {read.issued_on}" if read.issued_on else ""
    return (("Invoiced", f"{said}{dated}"), ("Purchase order", read.purchase_order))


def _largest(found: Sequence[Line]) -> str:
    ordered = sorted(found, key=lambda line: abs(line.amount.amount), reverse=True)
    said = [f"{line.customer or line.deal_number or line.plan} {in_words(line.amount)}" for line in ordered]
    return _listed(said)


def _corrections(found: Sequence[Line]) -> str:
    """What takes back or corrects lines of before."""
    these = [line for line in found if line.reverses]
    if not these:
        return ""
    total = sum((line.amount for line in these), Money.zero(these[0].amount.currency))
    return f"{len(these)} line(s), {in_words(total)} together"


def _unfitting(came: Sequence[PartnerInvoice]) -> str:
    return _listed(
        [
            f"{one.read.number or one.read.file} {in_words(one.read.net) if one.read.net else ''}".strip()
            for one in came
            if not one.matched
        ]
    )


def _listed(said: Sequence[str]) -> str:
    more = f"; and {len(said) - _MOST} more" if len(said) > _MOST else ""
    return "; ".join(said[:_MOST]) + more

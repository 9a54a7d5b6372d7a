"""How many invoices are read exactly, field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from benchmarks.invoices.sample import Made
from bot.ports import AttachedFile, InvoiceReader
from bot.vocabulary.message import Attachment
from bot.vocabulary.money import InvoiceRead

FIELDS = ("number", "issued_on", "net", "currency", "vat", "total", "statement", "purchase_order")


def measure(reader: InvoiceReader, invoices: Iterable[Made]) -> tuple[Counter[str], list[str]]:
    """How often each field was exactly right ("all": how many invoices), and what was not."""
    right: Counter[str] = Counter()
    wrong: list[str] = []
    for one in invoices:
        read = reader.read(AttachedFile(Attachment(f"{one.name}.pdf", "application/pdf", len(one.pdf), ""), one.pdf))
        right["all"] += 1
        for field, (wanted, said) in compared(one, read).items():
            if wanted == said:
                right[field] += 1
            else:
                wrong.append(f"{one.name} {field}: {said!r}, not {wanted!r}")
    return right, wrong


def compared(one: Made, read: InvoiceRead) -> dict[str, tuple[object, object]]:
    """What the invoice really says of each field, and what was read."""
    bill = one.bill
    sums = {name: getattr(read, name) for name in ("net", "vat", "total")}
    said = {name: value.amount if value else None for name, value in sums.items()}
    return {
        "number": (bill.number, read.number),
        "issued_on": (bill.on, read.issued_on),
        "net": (bill.net, said["net"]),
        "currency": (bill.currency, read.net.currency if read.net else ""),
        "vat": (bill.vat, said["vat"]),
        "total": (bill.total, said["total"]),
        "statement": (bill.statement, read.statement),
        "purchase_order": (bill.order, read.purchase_order),
    }

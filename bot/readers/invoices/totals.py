"""The net sum, the tax and the total of an invoice, as far as its lines agree on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.readers.invoices import labels
from bot.readers.invoices.figures import Sum, currencies, percents, plain, sums
from bot.readers.invoices.labels import Of
from bot.readers.invoices.pdf_text import Lines, Piece
from crm.money import Money

_TAX_AT_MOST = Decimal("0.35")
_ONE_SIGN = (
    frozenset({"USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"}),
    frozenset({"JPY", "CNY"}),
)
"""Currencies that are written with the same sign: where a document names two of them, the sign tells neither."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Each None where the document does not say it plainly."""

    net: Money | None = None
    vat: Money | None = None
    total: Money | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    of: Of
    sum: Sum


@dataclass(frozen=True, slots=True)
class _Split:
    """How the sums of a document belong together; `of` the total that it rests on."""

    net: Decimal | None
    vat: Decimal | None
    total: Decimal | None


def totals_of(lines: Lines) -> Totals:
    found = list(_labelled(lines))
    text = [plain("  ".join(piece.text for piece in line)) for line in lines]
    rates = tuple(dict.fromkeys(p for said in text if labels.VAT.search(said) for p in percents(said)))
    split = _split(found or _only(lines), text, rates, _all(lines))
    currency = _currency(found, split, lines)
    if not currency or split == _Split(None, None, None):
        return Totals()
    net, vat, total = (None if x is None else Money(x, currency) for x in (split.net, split.vat, split.total))
    return Totals(net, vat, total, rates[0] if len(rates) == 1 else None)


def _all(lines: Lines) -> frozenset[Decimal]:
    """Every sum that the document names, whatever it says of it."""
    return frozenset(one.amount for line in lines for one in sums("  ".join(p.text for p in line)) if not one.plain)


def _only(lines: Lines) -> list[_Found]:
    """The one sum of a document that names no other."""
    found = {one.amount: one for line in lines for one in sums("  ".join(p.text for p in line)) if not one.plain}
    return [_Found(Of.TOTAL, one) for one in found.values()] if len(found) == 1 else []


def _labelled(lines: Lines) -> Iterator[_Found]:
    """Every sum with what its label says: the words before it in its line, or the head of its column above it."""
    for place, line in enumerate(lines):
        found = list(_of_line(line))
        yield from found
        if not found and place and _is_bare(line):
            yield from _below(lines[place - 1], line)


def _of_line(line: Sequence[Piece]) -> Iterator[_Found]:
    """The last sum behind each label: what stands before it is a base, a quantity or a price."""
    text = "  ".join(piece.text for piece in line)
    last: _Found | None = None
    label, end = "", 0
    for one in sums(text):
        words = plain(text[end : one.start])
        if any(c.isalpha() for c in _worded(words)):
            if last:
                yield last
            label, last = words, None
        end = one.end
        of = labels.of(label)
        if of and not (one.plain and not currencies(text)):
            last = _Found(of, one)
    if last:
        yield last


def _worded(words: str) -> str:
    """Without what only says a rate or a currency."""
    return "".join(" " if c in "%()" else c for c in words).replace("eur", "").replace("usd", "").replace("chf", "")


def _is_bare(line: Sequence[Piece]) -> bool:
    """Whether nothing stands in it but sums."""
    return bool(line) and all(sum(c.isalpha() for c in piece.text) <= 4 and any(sums(piece.text)) for piece in line)


def _below(heads: Sequence[Piece], line: Sequence[Piece]) -> Iterator[_Found]:
    for piece in line:
        one = next(sums(piece.text), None)
        above = [h for h in heads if h.left < piece.right + 3 and h.right > piece.left - 3]
        of = labels.of(plain(above[0].text)) if len(above) == 1 and not any(sums(above[0].text)) else None
        if one and of and not one.plain:
            yield _Found(of, one)


def _split(found: Sequence[_Found], text: Sequence[str], rates: Sequence[Decimal], named: frozenset[Decimal]) -> _Split:
    nets, vats, totals = _amounts(found, Of.NET), _amounts(found, Of.VAT), _totals(found)
    if agreed := _agreed(nets, vats, totals):
        return agreed
    if len(vats) == 1 and vats[0] and (agreed := _agreed(sorted(named), vats, totals)):
        return agreed  # the net sum stands in a sentence
    spared = any(labels.NO_VAT.search(line) for line in text) and not any(vats)
    included = not spared and any(labels.VAT_INCLUDED.search(line) for line in text)
    untaxed = spared or (not any(rates) and not any(vats))
    if len(totals) == 1:
        return _of_total(totals[0], nets, [v for v in vats if v], rates, untaxed and not included, included)
    if not totals and len(nets) == 1:
        vat = vats[0] if len(vats) == 1 else None
        return _Split(nets[0], vat, None)
    return _Split(None, None, None)


def _agreed(nets: Sequence[Decimal], vats: Sequence[Decimal], totals: Sequence[Decimal]) -> _Split | None:
    """Sums that add up: net and one tax, or net and all of them, make the total; of several, the largest."""
    taxes = (*vats, sum(vats, Decimal(0))) if vats else (Decimal(0),)
    fitting = [_Split(n, v, t) for t in totals for n in nets for v in taxes if n + v == t and _is_tax(v, n)]
    taxed = [s for s in fitting if s.vat] or fitting
    return max(taxed, key=lambda split: abs(split.total or Decimal(0)), default=None)


def _of_total(
    total: Decimal, nets: Sequence[Decimal], vats: Sequence[Decimal], rates: Sequence[Decimal], untaxed: bool,
    included: bool,
) -> _Split:  # fmt: skip
    """What one total comes to where no net sum fits it."""
    if untaxed and not vats:
        return _Split(total, Decimal(0), total)
    if nets:
        return _Split(None, None, total)  # they contradict each other
    if len(vats) == 1:
        return _with_tax(total, vats[0], rates, included)
    if not vats and len(rates) == 1 and included:
        net = (total / (1 + rates[0] / 100)).quantize(Decimal("0.01"))
        return _Split(net, total - net, total)
    return _Split(None, None, total)


def _with_tax(total: Decimal, vat: Decimal, rates: Sequence[Decimal], included: bool) -> _Split:
    """Whether the tax is in the total or comes on top of it is told by its rate, else by the word "including"."""
    within = [r for r in rates if _near(vat, (total - vat) * r / 100)]
    on_top = [r for r in rates if _near(vat, total * r / 100)]
    if on_top and not within:
        return _Split(total, vat, total + vat)
    if within or (included and _is_tax(vat, total - vat)):
        return _Split(total - vat, vat, total)
    return _Split(None, vat, total)


def _near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= Decimal("0.02")


def _is_tax(vat: Decimal, net: Decimal) -> bool:
    return abs(vat) <= abs(net) * _TAX_AT_MOST and vat * net >= 0


def _amounts(found: Iterable[_Found], of: Of) -> list[Decimal]:
    return list(dict.fromkeys(one.sum.amount for one in found if one.of is of))


def _totals(found: Sequence[_Found]) -> list[Decimal]:
    """The totals with tax; where none says so, those that only say total."""
    return _amounts(found, Of.GROSS) or _amounts(found, Of.TOTAL)


def _currency(found: Sequence[_Found], split: _Split, lines: Lines) -> str:
    """Beside the sums that count, else the only one that the document names."""
    counts = {split.net, split.vat, split.total}
    beside = {one.sum.currency for one in found if one.sum.amount in counts and one.sum.currency}
    named = frozenset[str]().union(*(currencies(piece.text) for line in lines for piece in line))
    if len(beside) == 1:
        return "" if any(beside <= of_sign and len(named & of_sign) > 1 for of_sign in _ONE_SIGN) else beside.pop()
    return next(iter(named)) if len(named) == 1 and not beside else ""

"""A statement as PDF, as finance takes it: who, for what, how much, on what terms; then each line and how it came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.documents.derivation import capital
from bot.documents.lettering import clean
from bot.documents.paper import INNER, Column, Facts, Group, Ink, Run, Strip, Type, beside, pages, pdf, space
from bot.documents.statement_sheet import Party, SheetRow, StatementSheet, Term
from bot.documents.statement_words import Words
from crm.money import Money
from knowledge.commission.derivation import Said

_GUTTER = 10.0
_TIMELESS = "20000101"


def statement_pdf(sheet: StatementSheet) -> bytes:
    """A4, in the brand's look; the same sheet is the same bytes."""
    setter = _setter(sheet)
    made = statement_pages(sheet)
    feet = [setter.foot(page, len(made)) for page in range(1, len(made) + 1)]
    return pdf(made, feet, setter.facts(), setter.ink)


def statement_pages(sheet: StatementSheet) -> list[list[Strip]]:
    """What stands on each page above its foot."""
    setter = _setter(sheet)
    return pages([*setter.front(), *setter.lines()])


def _setter(sheet: StatementSheet) -> _Setter:
    return _Setter(sheet, Words.of(sheet.language, sheet.country, sheet.texts), Ink.of(sheet.brand))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns of the lines begin, or end for figures; `room` is what deal and event have."""

    day: float
    deal: float
    deal_room: float
    event: float
    event_room: float
    base: float
    rate: float
    amount: float


@dataclass(frozen=True, slots=True)
class _Setter:
    sheet: StatementSheet
    words: Words
    ink: Ink

    @property
    def plain(self) -> Type:
        return Type(8.5, self.ink.text)

    @property
    def bold(self) -> Type:
        return Type(8.5, self.ink.text, bold=True)

    @property
    def label(self) -> Type:
        return Type(7.5, self.ink.quiet)

    @property
    def small(self) -> Type:
        return Type(7.0, self.ink.quiet)

    def say(self, key: str, **values: int | str) -> str:
        return clean(self.words.say(f"sheet.{key}", **values))

    def facts(self) -> Facts:
        sheet = self.sheet
        made: date | None = sheet.issued_on
        return Facts(
            title=f"{self.say('title')} {sheet.number}, {self.words.month(sheet.period)}",
            author=clean(sheet.vendor.name),
            subject=clean(sheet.partner.name),
            language=str(self.words.wording.locale).replace("_", "-"),
            made=f"{made:%Y%m%d}" if made else _TIMELESS,
        )

    def foot(self, page: int, of: int) -> tuple[Strip, ...]:
        """Small print of the brand, and which page of which statement this is."""
        said = self.sheet.brand.footer_in(self.words.language).splitlines() or [self.sheet.vendor.name]
        place = Run(
            INNER, f"{clean(self.sheet.number)} · {self.say('page', page=page, pages=of)}", self.small, right=True
        )
        room = INNER - self.small.width(place.text) - 2 * _GUTTER
        lines = [line for text in said for line in self.small.lines(clean(text), room)][:3]
        first = Strip(self.small.leading, (Run(0, lines[0], self.small), place) if lines else (place,))
        return (first, *(Strip(self.small.leading, (Run(0, line, self.small),)) for line in lines[1:]))

    def front(self) -> Iterator[Group]:
        yield Group(self._title())
        yield space(14)
        yield Group(self._parties())
        yield space(12)
        yield from self._summary()
        yield from self._notes()
        yield space(12)
        yield from self._terms()
        yield space(8)

    def _title(self) -> tuple[Strip, ...]:
        brand, big = self.sheet.brand, Type(17, self.ink.text, bold=True)
        head = Run(INNER, self.say("title"), big, right=True)
        under = Run(
            INNER, f"{clean(self.sheet.number)} · {self.words.month(self.sheet.period)}", self.label, right=True
        )
        end = (Strip(self.label.leading, (under,)), Strip(8, rule=self.ink.line))
        if brand.logo is not None:
            return (
                Strip(max(big.leading, brand.logo.height * 0.75 - self.label.leading), (head,), logo=brand.logo),
                *end,
            )
        lines = big.lines(clean(brand.name or self.sheet.vendor.name), INNER) or ("",)
        if len(lines) == 1 and big.width(lines[0]) + big.width(head.text) + _GUTTER <= INNER:
            return (Strip(big.leading, (Run(0, lines[0], big), head)), *end)
        return (*(Strip(big.leading, (Run(0, line, big),)) for line in lines), Strip(big.leading, (head,)), *end)

    def _parties(self) -> tuple[Strip, ...]:
        """Vendor, partner, and the data by which the statement is booked."""
        partner, data = INNER * 0.31, INNER * 0.62
        room = partner - _GUTTER
        labels, values = self._data(INNER - data)
        return beside(
            [
                Column(0.0, self._party("vendor", self.sheet.vendor, room)),
                Column(partner, self._party("partner", self.sheet.partner, room)),
                Column(data, labels),
                Column(INNER, values, right=True),
            ]
        )

    def _party(self, role: str, party: Party, room: float) -> list[tuple[str, Type]]:
        said = [(self.say(role), self.label)]
        said += [(line, self.bold) for line in self.bold.lines(clean(party.name), room)]
        vat = self.words.say("sheet.vat_id", vat_id=party.vat_id) if party.vat_id else ""
        for text in (*party.address, vat, party.email):
            said += self._wrapped(text, room)
        return said

    def _data(self, room: float) -> tuple[list[tuple[str, Type]], list[tuple[str, Type]]]:
        sheet = self.sheet
        pairs = [
            ("number", sheet.number),
            ("revision", str(sheet.revision) if sheet.revision > 1 else ""),
            ("period", self.words.month(sheet.period)),
            ("issued_on", self.words.long_day(sheet.issued_on) if sheet.issued_on else ""),
            ("cut_off", self.words.long_day(sheet.cut_off)),
            ("currency", sheet.currency),
            ("purchase_order", sheet.purchase_order),
        ]
        labels: list[tuple[str, Type]] = []
        values: list[tuple[str, Type]] = []
        for key, value in pairs:
            label = self.say(key)
            lines = self.plain.lines(clean(value), room - self.label.width(label) - _GUTTER)
            labels += [(label if not place else "", self.label) for place in range(len(lines))]
            values += [(line, self.plain) for line in lines]
        return labels, values

    def _summary(self) -> Iterator[Group]:
        """What each plan came to, and the one figure that the partner invoices."""
        version, lines = INNER * 0.45, INNER * 0.72
        heads = (
            Run(0, self.say("plan"), self.label),
            Run(version, self.say("version"), self.label),
            Run(lines, self.say("lines"), self.label, right=True),
            Run(INNER, self._in_currency("commission"), self.label, right=True),
        )
        yield Group((Strip(14, heads, rule=self.ink.line), Strip(2)), with_next=True)
        for plan in self.sheet.totals:
            count, figure = str(plan.lines), self.words.figure(plan.total)
            room = lines - self.plain.width(count) - version - _GUTTER
            yield Group(
                beside(
                    [
                        Column(0, self._wrapped(plan.plan, version - _GUTTER)),
                        Column(version, self._wrapped(plan.version, room)),
                        Column(lines, [(count, self.plain)], right=True),
                        Column(INNER, [(figure, self.plain)], right=True),
                    ]
                )
            )
        total = Type(10.5, self.ink.text, bold=True)
        runs = (Run(0, self.say("total"), total), Run(INNER, self.words.money(self.sheet.total), total, right=True))
        yield Group((Strip(4), Strip(24, runs, fill=self.ink.tint)))

    def _wrapped(self, text: str, room: float) -> list[tuple[str, Type]]:
        return [(line, self.plain) for line in self.plain.lines(clean(text), room)]

    def _notes(self) -> Iterator[Group]:
        lines = [line for note in self.sheet.notes for line in self.small.lines(clean(note), INNER)]
        if lines:
            yield space(6)
            yield Group(tuple(Strip(self.small.leading, (Run(0, line, self.small),)) for line in lines))

    def _terms(self) -> Iterator[Group]:
        """Two beside each other."""
        half = INNER / 2
        for place in range(0, len(self.sheet.terms), 2):
            pair = self.sheet.terms[place : place + 2]
            yield Group(beside([Column(half * at, self._term(term, half - _GUTTER)) for at, term in enumerate(pair)]))
            yield space(8)

    def _term(self, term: Term, room: float) -> list[tuple[str, Type]]:
        text = Type(7.5, self.ink.text)
        title = Type(7.5, self.ink.text, bold=True)
        return [(clean(term.title), title), *((line, text) for line in text.lines(clean(term.text), room))]

    def lines(self) -> Iterator[Group]:
        columns = self._columns()
        title = Type(10.5, self.ink.text, bold=True)
        yield Group((Strip(22, (Run(0, self.say("details"), title),)),), with_next=True)
        head = (self._line_head(columns),)
        for row in self.sheet.rows:
            last = row is self.sheet.rows[-1]
            yield Group(self._line(row, columns), head=head, with_next=last)
        runs = (
            Run(columns.day, self.say("total"), self.bold),
            Run(INNER, self.words.money(self.sheet.total), self.bold, right=True),
        )
        yield Group((Strip(20, runs, fill=self.ink.tint),), head=head)

    def _line_head(self, at: _Columns) -> Strip:
        runs = (
            Run(0, self.say("place"), self.label),
            Run(at.day, self.say("day"), self.label),
            Run(at.deal, self.say("deal"), self.label),
            Run(at.event, self.say("event"), self.label),
            Run(at.base, self._in_currency("base"), self.label, right=True),
            Run(at.rate, self.say("rate"), self.label, right=True),
            Run(at.amount, self._in_currency("commission"), self.label, right=True),
        )
        return Strip(16, runs, rule=self.ink.text)

    def _line(self, row: SheetRow, at: _Columns) -> tuple[Strip, ...]:
        """The figures, the names beside them, and below both what makes the sum."""
        line = row.line
        names = self._wrapped(line.customer or row.plan, at.deal_room)
        names += [(text, self.small) for text in self.small.lines(clean(line.deal_number), at.deal_room)]
        events = self._wrapped(capital(row.event), at.event_room)
        first, *others = beside([Column(at.deal, names), Column(at.event, events)])
        figures = (
            Run(0, str(row.place), self.label),
            Run(at.day, clean(self.words.day(line.earned_on)), self.plain),
            Run(at.base, self._base(line.base), self.plain, right=True),
            Run(at.rate, self._rate(row), self.plain, right=True),
            Run(at.amount, self.words.figure(line.amount), self.bold, right=True),
        )
        room = INNER - at.day
        why = self.small.lines(clean(" · ".join((*self._plan(row), *row.derivation))), room)
        below = (Strip(self.small.leading, (Run(at.day, text, self.small),)) for text in why)
        top = Strip(first.height, (*figures, *first.runs))
        return (Strip(4), top, *others, Strip(1.5), *below, Strip(4, rule=self.ink.line))

    def _plan(self, row: SheetRow) -> tuple[str, ...]:
        """Nothing where the derivation says both itself."""
        line = row.line
        if any(step.sentence is Said.PLAN_HOLDS for step in line.steps):
            return ()
        if not line.tier:
            return (self.words.say("sheet.plan_of_line", plan=row.plan, version=line.version),)
        return (self.words.say("sheet.tier_of_line", plan=row.plan, version=line.version, tier=line.tier),)

    def _base(self, base: Money) -> str:
        """Its currency only where it is another one than the column's."""
        return self.words.figure(base) if base.currency == self.sheet.currency else self.words.money(base)

    def _rate(self, row: SheetRow) -> str:
        line = row.line
        if line.rate is not None:
            return self.words.share(line.rate)
        return self.say("by_bands" if row.several_rates else "flat")

    def _in_currency(self, key: str) -> str:
        return f"{self.say(key)} ({self.sheet.currency})"

    def _columns(self) -> _Columns:
        """Figures and days get what the widest of them needs; the names share what is left."""
        rows = self.sheet.rows
        places = self._widest([str(len(rows))], self.say("place"))
        days = self._widest((self.words.day(row.line.earned_on) for row in rows), self.say("day"))
        bases = self._widest((self._base(row.line.base) for row in rows), self._in_currency("base"))
        rates = self._widest((self._rate(row) for row in rows), self.say("rate"))
        amounts = self._widest((self.words.figure(row.line.amount) for row in rows), self._in_currency("commission"))
        day = places + _GUTTER
        deal = day + days + _GUTTER
        base = INNER - amounts - _GUTTER - rates - _GUTTER
        names = base - bases - _GUTTER - deal
        event = deal + names * 0.64
        return _Columns(
            day=day, deal=deal, deal_room=names * 0.64 - _GUTTER, event=event, event_room=names * 0.36,
            base=base, rate=INNER - amounts - _GUTTER, amount=INNER,
        )  # fmt: skip

    def _widest(self, texts: Iterable[str], head: str) -> float:
        return max([self.label.width(head), *(self.bold.width(text) for text in texts)])

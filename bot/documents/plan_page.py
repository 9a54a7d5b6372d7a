"""One page on a commission plan: what it pays, what the words mean, when the money comes; as Markdown and as PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.documents.lettering import clean
from bot.documents.paper import INNER, Facts, Group, Ink, Run, Strip, Type, pages, pdf, space
from bot.documents.plan_sheet import Part, PlanSheet, plan_sheet
from bot.texts.own import worded
from bot.texts.wording import Wording, reader_locale
from crm.records import Channel, PartnerType
from knowledge.program import Program

_INDENT = 10.0
_SIZES = (8.6, 8.2, 7.8, 7.4, 7.0)


@dataclass(frozen=True, slots=True)
class PlanPage:
    title: str
    markdown: str


class NoPlanError(LookupError):
    """The program has no plan for these types, or no such tier."""


def plan_page(
    program: Program,
    types: Sequence[PartnerType],
    tier: str,
    language: str,
    today: date,
    country: str = "",
    plan: str = "",
) -> PlanPage:
    """The page for partners of these types at that tier ("": the lowest), in the reader's language where there are
    texts in it. `plan` is the one that was chosen for the partner, where one was. Raises `NoPlanError`.
    """
    sheet, _ = page_sheet(program, types, tier, language, today, country, plan)
    lines = [f"# {sheet.title}", "", *(f"- {fact}" for fact in sheet.facts)]
    for part in sheet.parts:
        lines += ["", f"## {part.title}", "", *_in_markdown(part)]
    return PlanPage(sheet.title, "\n".join(lines).rstrip() + "\n")


def plan_pdf(
    program: Program,
    types: Sequence[PartnerType],
    tier: str,
    language: str,
    today: date,
    country: str = "",
    plan: str = "",
) -> bytes:
    """The same as a document in the brand's look; the same program on the same day is the same bytes."""
    sheet, wording = page_sheet(program, types, tier, language, today, country, plan)
    setters = [_Setter(program, sheet, wording, Ink.of(program.brand), size) for size in _SIZES]
    sets = [(setter, pages(list(setter.groups()))) for setter in setters]
    setter, made = min(sets, key=lambda done: len(done[1]))  # the largest type of those that take the fewest pages
    feet = [setter.foot(page, len(made)) for page in range(1, len(made) + 1)]
    facts = Facts(
        clean(sheet.title), clean(program.vendor.name), clean(sheet.title),
        str(wording.locale).replace("_", "-"), f"{today:%Y%m%d}",
    )  # fmt: skip
    return pdf(made, feet, facts, setter.ink)


def page_sheet(
    program: Program, types: Sequence[PartnerType], tier: str, language: str, today: date, country: str, plan: str
) -> tuple[PlanSheet, Wording]:
    """The same in its parts, with what words it. Raises `NoPlanError`."""
    texts = worded(program.texts)
    known = texts.language(language)
    wording = Wording(texts, known, reader_locale(known, country), ZoneInfo(program.vendor.time_zone), Channel.EMAIL)
    sheet = plan_sheet(program, types, tier, today, wording, plan)
    if sheet is None:
        raise NoPlanError(f"no plan for {', '.join(types) or 'no type'} at tier {tier!r}")
    return sheet, wording


def _in_markdown(part: Part) -> Iterator[str]:
    if part.sentences:
        yield " ".join(part.sentences)
    if part.sentences and part.points:
        yield ""
    for point in part.points:
        yield f"- {point}"
    for word, meaning in part.pairs:
        yield f"- **{word}** {meaning}"
    if part.end:
        yield ""
        yield part.end


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets a sheet in type; on A4 a plan takes one page as a rule."""

    program: Program
    sheet: PlanSheet
    wording: Wording
    ink: Ink
    size: float

    @property
    def plain(self) -> Type:
        return Type(self.size, self.ink.text)

    @property
    def bold(self) -> Type:
        return Type(self.size, self.ink.text, bold=True)

    @property
    def heading(self) -> Type:
        return Type(self.size * 1.18, self.ink.accent, bold=True)

    @property
    def small(self) -> Type:
        return Type(7.0, self.ink.quiet)

    def groups(self) -> Iterator[Group]:
        yield from self.head()
        for part in self.sheet.parts:
            yield from self.part(part)

    def head(self) -> Iterator[Group]:
        brand, big = self.program.brand, Type(15, self.ink.text, bold=True)
        lines = big.lines(clean(self.sheet.title), INNER - (brand.logo.width if brand.logo else 0) - _INDENT)
        top = brand.logo.height * 0.75 if brand.logo else 0.0
        strips = [Strip(max(big.leading, top - 4), (Run(INNER, lines[0], big, right=True),), logo=brand.logo)]
        strips += [Strip(big.leading, (Run(INNER, line, big, right=True),)) for line in lines[1:]]
        facts = clean(" · ".join((self.program.vendor.name, *self.sheet.facts)))
        said = self.small.lines(facts, INNER)
        strips += [Strip(self.small.leading, (Run(INNER, line, self.small, right=True),)) for line in said]
        yield Group((*strips, Strip(6, rule=self.ink.line)))

    def part(self, part: Part) -> Iterator[Group]:
        """The heading stays with what comes first below it."""
        yield space(self.size)
        yield Group((Strip(self.heading.leading + 2, (Run(0, clean(part.title), self.heading),)),), with_next=True)
        if part.sentences:
            yield Group(self._lines(" ".join(part.sentences), 0.0))
        for point in part.points:
            yield Group(self._point(point))
        for word, meaning in part.pairs:
            yield Group(self._pair(word, meaning))
        if part.end:
            yield Group(self._lines(part.end, 0.0, self.bold))

    def foot(self, page: int, of: int) -> tuple[Strip, ...]:
        said = self.program.brand.footer_in(self.wording.language).splitlines() or [self.program.vendor.legal_name]
        number = clean(self.wording.text("plan_page.page", {"page": page, "pages": of}))
        place = Run(INNER, number, self.small, right=True)
        lines = [line for text in said for line in self.small.lines(clean(text), INNER - 80)][:3]
        first = Strip(self.small.leading, (Run(0, lines[0], self.small), place) if lines else (place,))
        return (first, *(Strip(self.small.leading, (Run(0, line, self.small),)) for line in lines[1:]))

    def _lines(self, text: str, x: float, type_: Type | None = None) -> tuple[Strip, ...]:
        used = type_ or self.plain
        return tuple(Strip(used.leading, (Run(x, line, used),)) for line in used.lines(clean(text), INNER - x))

    def _point(self, text: str) -> tuple[Strip, ...]:
        first, *rest = self._lines(text, _INDENT)
        return (Strip(first.height, (Run(0, "•", self.plain), *first.runs)), *rest)

    def _pair(self, word: str, meaning: str) -> tuple[Strip, ...]:
        """A word or a question on the line of its meaning where there is room."""
        title = clean(word)
        wide = self.bold.width(title) + 4
        if wide > INNER * 0.5:
            return (Strip(self.bold.leading, (Run(0, title, self.bold),)), *self._lines(meaning, _INDENT))
        first = self.plain.lines(clean(meaning), INNER - wide)[0]
        rest = clean(meaning)[len(first) :].strip()
        line = Strip(self.bold.leading, (Run(0, title, self.bold), Run(wide, first, self.plain)))
        return (line, *(self._lines(rest, _INDENT) if rest else ()))

"""Pages of a document: strips of text from the top down, kept together where they fit, with heads that repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bot.documents.fonts import BOLD, REGULAR, fonts
from bot.documents.lettering import visual, width, wrapped
from knowledge.brand import Brand, Logo
from knowledge.colours import mixed, readable

WIDTH, HEIGHT = A4
MARGIN = 48.0
INNER = WIDTH - 2 * MARGIN
_TOP, _BOTTOM = HEIGHT - 44.0, 62.0
_PAPER = "#ffffff"
_GAP = 0.01  # a rounding of the machine's, no point on paper


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of a brand as they can be read on white paper, each #rrggbb."""

    text: str
    accent: str
    quiet: str
    line: str
    tint: str

    @classmethod
    def of(cls, brand: Brand) -> Ink:
        text, accent = readable(brand.light.text, _PAPER), readable(brand.light.accent, _PAPER)
        quiet = readable(mixed(text, _PAPER, 0.35), _PAPER)
        return cls(text, accent, quiet, mixed(_PAPER, text, 0.18), mixed(_PAPER, accent, 0.08))


@dataclass(frozen=True, slots=True)
class Type:
    """How letters are set: sizes and the distance of lines in points."""

    size: float
    colour: str
    bold: bool = False

    @property
    def font(self) -> str:
        return BOLD if self.bold else REGULAR

    @property
    def leading(self) -> float:
        return round(self.size * 1.36, 2)

    def width(self, text: str) -> float:
        return width(text, self.font, self.size)

    def lines(self, text: str, room: float) -> tuple[str, ...]:
        return wrapped(text, self.font, self.size, room)


@dataclass(frozen=True, slots=True)
class Run:
    """A text on one line; `x` from the left margin is where it begins, or where it ends if it is `right`."""

    x: float
    text: str
    type: Type
    right: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """Lines below each other, each beginning at `x`, or ending there if it is `right`."""

    x: float
    lines: Sequence[tuple[str, Type]]
    right: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """A line across the page. `fill` lies under it, `rule` below it; `logo` stands at its left."""

    height: float
    runs: tuple[Run, ...] = ()
    fill: str = ""
    rule: str = ""
    logo: Logo | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Strips that stay on one page where a page holds them; `head` stands above them again on each page they come to.

    `with_next` keeps it on the page of the group behind it.
    """

    strips: tuple[Strip, ...]
    head: tuple[Strip, ...] = ()
    with_next: bool = False

    @property
    def height(self) -> float:
        return _height(self.strips)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of itself. `made` is its date as "YYYYMMDD"."""

    title: str
    author: str
    subject: str
    language: str
    made: str


def space(height: float) -> Group:
    return Group((Strip(height),))


def beside(columns: Sequence[Column]) -> tuple[Strip, ...]:
    """The columns side by side; a strip is as high as the highest line in it."""
    deepest = max((len(column.lines) for column in columns), default=0)
    strips = []
    for place in range(deepest):
        runs = [Run(c.x, *c.lines[place], c.right) for c in columns if place < len(c.lines)]
        strips.append(Strip(max(run.type.leading for run in runs), tuple(run for run in runs if run.text)))
    return tuple(strips)


def pages(groups: Sequence[Group], room: float = _TOP - _BOTTOM) -> list[list[Strip]]:
    """The strips of each page, with the heads that they need."""
    made: list[list[Strip]] = [[]]
    left = room
    head: tuple[Strip, ...] = ()
    for group, following in zip(groups, [*groups[1:], None], strict=True):
        wanted = group.height + (_whole(following) if group.with_next and following is not None else 0.0)
        new_head = group.head if group.head != head else ()
        fits_a_page = wanted + _height(group.head) <= room
        if made[-1] and fits_a_page and wanted + _height(new_head) > left + _GAP:
            made.append([])
            left, new_head = room, group.head
        head = group.head
        for strip in (*new_head, *group.strips):
            if strip.height > left + _GAP and made[-1]:
                made.append(list(head))
                left = room - _height(head)
            made[-1].append(strip)
            left -= strip.height
    return made


def _height(strips: Sequence[Strip]) -> float:
    return sum(strip.height for strip in strips)


def _whole(group: Group) -> float:
    return _height(group.head) + group.height


def pdf(sheets: Sequence[Sequence[Strip]], feet: Sequence[tuple[Strip, ...]], facts: Facts, ink: Ink) -> bytes:
    """The file; the same pages with the same facts are the same bytes."""
    fonts()
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, lang=facts.language, initialFontName=REGULAR)
    canvas.setTitle(facts.title)
    canvas.setAuthor(facts.author)
    canvas.setSubject(facts.subject)
    canvas.setCreator("Partnerline")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setDateFormatter(lambda *_: f"D:{facts.made}000000Z")
    for strips, foot in zip(sheets, feet, strict=True):
        canvas.setFillColor(HexColor(ink.accent))
        canvas.rect(0, HEIGHT - 6, WIDTH, 6, stroke=0, fill=1)
        _draw(canvas, strips, _TOP)
        _draw(canvas, foot, _BOTTOM - 14)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, strips: Sequence[Strip], top: float) -> None:
    y = top
    for strip in strips:
        y -= strip.height
        _draw_strip(canvas, strip, y)


def _draw_strip(canvas: Canvas, strip: Strip, y: float) -> None:
    if strip.fill:
        canvas.setFillColor(_colour(strip.fill))
        canvas.rect(MARGIN - 6, y, INNER + 12, strip.height, stroke=0, fill=1)
    if strip.logo is not None:
        _draw_logo(canvas, strip.logo, y + strip.height)
    size = max((run.type.size for run in strip.runs), default=0.0)
    for run in strip.runs:
        _draw_run(canvas, run, y + (strip.height - size) / 2 + size * 0.14)
    if strip.rule:
        canvas.setStrokeColor(_colour(strip.rule))
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN, y, MARGIN + INNER, y)


def _draw_run(canvas: Canvas, run: Run, baseline: float) -> None:
    canvas.setFillColor(_colour(run.type.colour))
    canvas.setFont(run.type.font, run.type.size)
    begin = MARGIN + run.x - (run.type.width(run.text) if run.right else 0.0)
    canvas.drawString(begin, baseline, visual(run.text))


def _draw_logo(canvas: Canvas, logo: Logo, top: float) -> None:
    wide, high = logo.width * 0.75, logo.height * 0.75  # CSS pixels are 1/96 of an inch, points 1/72
    canvas.drawImage(ImageReader(BytesIO(logo.png)), MARGIN, top - high, wide, high, mask="auto")


@lru_cache(maxsize=64)
def _colour(name: str) -> Color:
    return HexColor(name)

"""Mails in a real browser: readable light and dark, on a telephone and on a desk, in every language, with the logo."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from email.message import EmailMessage

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FloatRect, Page, Request

from bot.vocabulary.decisions import Outcome, Value
from knowledge.colours import contrast
from tests.browser.mails import announcement_mail, answer_mail, deal, decision_mail, html_of, pipeline
from tests.builders import euro

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

KINDS: dict[str, Callable[..., EmailMessage]] = {
    "answer": answer_mail,
    "decision": decision_mail,
    "announcement": announcement_mail,
}
NARROW, WIDE = 320, 1200
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2

# Each piece of text that can be seen, with its colour, the colour it stands on, and its size.
TEXTS = """() => {
    const seen = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const said = walker.currentNode.textContent.trim()
        const element = walker.currentNode.parentElement
        const style = getComputedStyle(element)
        if (!said || !element.checkVisibility() || element.closest('[style*="display:none"]')) continue
        let ground = element
        while (ground && getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement
        seen.push([said, style.color, ground ? getComputedStyle(ground).backgroundColor : 'rgb(255, 255, 255)',
                   parseFloat(style.fontSize)])
    }
    return seen
}"""

# What reaches beyond the window.
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.outerHTML.slice(0, 100))"""

Show = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def show(chromium: Browser) -> AsyncIterator[Show]:
    """Opens a mail as a mail program would, and fails the test where it asks for anything from outside."""
    pages: list[Page] = []
    asked: list[str] = []

    def hear(request: Request) -> None:
        if not request.url.startswith(("data:", "about:")):
            asked.append(request.url)

    async def opened(mail: EmailMessage, width: int, scheme: str = "light") -> Page:
        page = await chromium.new_page(
            viewport={"width": width, "height": 600}, color_scheme="dark" if scheme == "dark" else "light"
        )
        pages.append(page)
        page.on("request", hear)
        await page.set_content(html_of(mail), wait_until="load")
        return page

    yield opened
    for page in pages:
        await page.close()
    assert asked == []


def hexed(colour: str) -> str:
    red, green, blue = re.findall(r"\d+", colour)[:3]
    return f"#{int(red):02x}{int(green):02x}{int(blue):02x}"


async def faults(page: Page) -> list[str]:
    """What is beyond the window, what cannot be read, and a logo that is not there."""
    found = [f"too wide: {html}" for html in await page.evaluate(TOO_WIDE)]
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    for said, colour, ground, size in await page.evaluate(TEXTS):
        reached = contrast(hexed(colour), hexed(ground))
        if reached < 4.5 or size < 13:
            found.append(f"{said[:40]!r}: contrast {reached:.2f}, {size} px")
    if not await page.evaluate("(i => i.complete && i.naturalWidth > 0 && i.checkVisibility())(document.images[0])"):
        found.append("no logo")
    return found


@pytest.mark.parametrize(("width", "scheme"), [(NARROW, "dark"), (WIDE, "light")])
@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_mail_can_be_read_everywhere(show: Show, kind: str, scheme: str, width: int) -> None:
    page = await show(KINDS[kind](), width, scheme)
    assert await faults(page) == []
    assert len(await page.evaluate(TEXTS)) > 5


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("kind", KINDS)
async def test_it_fits_a_telephone_in_the_languages_of_long_words(show: Show, kind: str, language: str) -> None:
    page = await show(KINDS[kind](language), NARROW)
    assert await faults(page) == []
    assert await page.evaluate("document.documentElement.lang") == language


async def test_dark_readers_get_a_dark_mail_and_light_ones_a_light(show: Show) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        page = await show(answer_mail(), WIDE, scheme)
        grounds[scheme] = hexed(
            await page.evaluate("getComputedStyle(document.querySelector('.pl-sheet')).backgroundColor")
        )
    assert contrast(grounds["light"], "#000000") > 15
    assert contrast(grounds["dark"], "#ffffff") > 12


async def test_on_a_desk_lines_stay_short_and_the_mail_in_the_middle(show: Show) -> None:
    page = await show(answer_mail(), WIDE)
    box = await page.locator(".pl-sheet").bounding_box()
    assert box is not None
    assert box["width"] == 600
    assert box["x"] == (WIDE - 600) / 2


async def test_figures_stand_under_each_other_at_the_end_of_their_rows(show: Show) -> None:
    page = await show(answer_mail(), NARROW)
    ends = [
        round(
            (await cell.bounding_box() or {"x": 0, "width": 0})["x"]
            + (await cell.bounding_box() or {"width": 0})["width"]
        )
        for cell in await page.locator("td[style*=tabular-nums]:not(.pl-cell)").all()
    ]
    assert len(ends) == 3
    assert len(set(ends)) == 1


async def test_on_a_desk_deals_stand_in_columns_under_their_heads(show: Show) -> None:
    page = await show(answer_mail(outcomes=(pipeline(),)), WIDE)
    rows = [await _boxes(page, f"tbody tr:nth-child({n}) > *") for n in (1, 3, 5)]
    heads = await _boxes(page, "thead th")
    assert len(heads) == 5
    for head, *cells in zip(heads, *rows, strict=True):
        assert len({round(box["x"]) for box in (head, *cells)}) == 1
    assert len({round(box["y"]) for box in rows[0]}) == 1
    assert await page.locator("td span").filter(visible=True).all_text_contents() == ["Next step "] * 2


async def test_on_a_telephone_each_deal_is_a_list_of_what_is_known(show: Show) -> None:
    page = await show(answer_mail(outcomes=(pipeline(),)), NARROW)
    assert await page.locator("thead tr").is_hidden()
    boxes = await _boxes(page, "tbody tr:nth-child(1) > *")
    assert [box["y"] for box in boxes] == sorted({box["y"] for box in boxes})
    told = await page.locator("table[class*=pl-grid] tbody tr:nth-child(1) > *").all_inner_texts()
    assert [" ".join(text.split()) for text in told] == [
        "D-104233, Acme GmbH", "Status negotiation", "Value €30,000", "Close date 31 Jan 2027",
        "Protected until 16 Feb 2027",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [NARROW, 480, 599, 600])
@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_table_of_deals_fits_every_window(show: Show, width: int, language: str) -> None:
    assert await faults(await show(answer_mail(language, (pipeline(LONG, "W" * 119, "שלום", step=LONG),)), width)) == []
    page = await show(answer_mail(language, (pipeline(),)), width)
    await page.evaluate("document.querySelector('style').remove()")
    assert await faults(page) == []


async def _boxes(page: Page, selector: str) -> list[FloatRect]:
    boxes = [await cell.bounding_box() for cell in await page.locator(f"table[class*=pl-grid] {selector}").all()]
    return [box for box in boxes if box is not None]


async def test_a_deal_takes_the_whole_width_of_a_telephone(show: Show) -> None:
    page = await show(answer_mail(outcomes=(Outcome("status.one", {"deal": deal("Acme GmbH")}),)), NARROW)
    name = await page.locator("th.pl-over").first.bounding_box()
    parts = await page.locator("td.pl-under").first.bounding_box()
    assert name is not None
    assert parts is not None
    assert parts["y"] >= name["y"] + name["height"]


@pytest.mark.parametrize("customer", [LONG, "W" * 119, "חברת הבדיקות בע״מ (תל אביב) 123", "شركة الاختبار"])
async def test_no_name_breaks_the_page(show: Show, customer: str) -> None:
    assert await faults(await show(decision_mail(customer=customer), NARROW)) == []
    told: Value = {
        "text": "line.deal", "number": "D-104233", "customer": customer,
        "parts": (
            {"text": "deal.amount", "value": euro("123456789012.34")}, {"text": "deal.next_step", "value": customer},
        ),
    }  # fmt: skip
    page = await show(answer_mail(outcomes=(Outcome("status.one", {"deal": told}),)), NARROW)
    assert await faults(page) == []


async def test_a_text_from_right_to_left_runs_that_way_and_its_neighbours_do_not(show: Show) -> None:
    page = await show(announcement_mail(text="שלום לכולם\n\nHello everybody\n\n- פריט ראשון\n- second item"), NARROW)
    ways = "e => getComputedStyle(e).direction"
    assert await page.get_by_text("שלום לכולם").last.evaluate(ways) == "rtl"
    assert await page.get_by_text("Hello everybody").last.evaluate(ways) == "ltr"
    assert await page.get_by_text("פריט ראשון").last.evaluate(ways) == "rtl"
    assert await faults(page) == []


async def test_a_mail_program_that_turns_the_colours_round_leaves_it_readable(show: Show) -> None:
    """Gmail and Outlook on telephones invert what they show in the dark and ignore the mail's own dark colours."""
    page = await show(announcement_mail(), NARROW)
    for said, colour, ground, _ in await page.evaluate(TEXTS):
        assert contrast(_inverted(hexed(colour)), _inverted(hexed(ground))) >= 4.5, said


def _inverted(colour: str) -> str:
    """Lightness turned round and the hue kept, as those programs do it."""
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    turn = 255 - max(channels) - min(channels)
    return "#" + "".join(f"{channel + turn:02x}" for channel in channels)


async def test_without_its_style_sheet_it_still_fits_and_can_be_read(show: Show) -> None:
    """What Gmail leaves of a mail that is too long for it, or was forwarded: styles inline alone."""
    page = await show(answer_mail(), 360)
    await page.evaluate("document.querySelector('style').remove()")
    assert await faults(page) == []


async def test_without_pictures_the_logo_is_the_name(show: Show) -> None:
    page = await show(answer_mail(), NARROW)
    assert await page.get_by_alt_text("Lumora").count() == 1

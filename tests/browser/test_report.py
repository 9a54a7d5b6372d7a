"""The evaluation report opens from a file, is filtered by hand, and can be read on a phone, in light and dark."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from bot.evaluation.report import report
from tests.browser.test_layout import FAINT
from tests.unit.bot.evaluation.builders import case, evaluation, said

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

TIER: tuple[str, dict[str, str]] = ("ask_tier", {})
REGISTER = ("register_deal", {"customer": "Acme", "amount": "1200"})


async def opened(chromium: Browser, at: Path, width: int = 1100, scheme: str = "light") -> tuple[Page, list[str]]:
    """The page of a report with two readers and three wrong messages, and whatever the browser complains about."""
    cases = [case("a-1", TIER, language="de"), case("a-2", REGISTER, channel="slack"), case("a-3", TIER)]
    wrong = evaluation(cases, [said("a-1", REGISTER, text="Wie hoch " * 80), said("a-2", TIER), said("a-3", TIER)])
    other = evaluation(cases, [said("a-1", TIER), said("a-2", TIER), said("a-3", TIER)])
    file = at / "report.html"
    file.write_text(report("cases", {"builtin": wrong, "both": other}, datetime(2026, 11, 26, tzinfo=UTC)))
    context = await chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda told: problems.append(told.text))
    await page.goto(file.as_uri())
    return page, problems


async def shown(page: Page) -> list[str]:
    """Ids of the messages that are to be seen."""
    return [await part.inner_text() for part in await page.locator("article:visible header b").all()]


async def test_messages_are_filtered_by_intent_language_reader_and_words(chromium: Browser, tmp_path: Path) -> None:
    page, problems = await opened(chromium, tmp_path)
    assert await shown(page) == ["a-1", "a-2", "a-2"]
    await page.get_by_label("Language").select_option("de")
    assert await shown(page) == ["a-1"]
    assert await page.locator("output").inner_text() == "1 of 3 shown"
    await page.get_by_label("Language").select_option("")
    await page.get_by_label("Reader").select_option("both")
    assert await shown(page) == ["a-2"]
    await page.get_by_label("Reader").select_option("")
    await page.get_by_label("Words").fill("wie hoch")
    assert await shown(page) == ["a-1"]
    await page.get_by_label("Intent").select_option("register_deal")
    assert await shown(page) == ["a-1"]
    await page.get_by_label("Channel").select_option("slack")
    assert await shown(page) == []
    assert problems == []
    await page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_fits_a_phone_and_nothing_is_faint(chromium: Browser, tmp_path: Path, scheme: str) -> None:
    page, problems = await opened(chromium, tmp_path, width=360, scheme=scheme)
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert await page.evaluate(FAINT) == []
    assert problems == []
    await page.context.close()

"""Takes the picture of the agent's mails for the documentation: `python -m tests.browser.mail_picture`."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, async_playwright

from tests.browser.chromium import ARGUMENTS, WHY_NOT, executable
from tests.browser.mails import announcement_mail, answer_mail, html_of

PICTURE = Path(__file__).parents[2] / "docs" / "mail.png"

_PAGE = """<body style="margin:0;padding:28px;display:inline-flex;gap:28px;align-items:flex-start;background:#d9dee3">
<style>img {{ display: block; border-radius: 8px; box-shadow: 0 1px 8px #0004 }}</style>
<img src="data:image/png;base64,{desk}" width="660"><img src="data:image/png;base64,{hand}" width="340"></body>"""


async def take(to: Path) -> None:
    """An answer on a desk, light, beside an announcement on a telephone, dark."""
    path = executable()
    if path is None:
        raise SystemExit(WHY_NOT)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        desk = await _pictured(browser, html_of(answer_mail()), 660, "light")
        hand = await _pictured(browser, html_of(announcement_mail()), 340, "dark")
        page = await browser.new_page(viewport={"width": 1084, "height": 400})
        await page.set_content(_PAGE.format(desk=desk, hand=hand))
        await page.locator("body").screenshot(path=to)
        await browser.close()


async def _pictured(browser: Browser, html: str, width: int, scheme: Literal["light", "dark"]) -> str:
    page = await browser.new_page(viewport={"width": width, "height": 300}, color_scheme=scheme)
    await page.set_content(html)
    return base64.b64encode(await page.screenshot(full_page=True)).decode()


if __name__ == "__main__":
    asyncio.run(take(PICTURE))

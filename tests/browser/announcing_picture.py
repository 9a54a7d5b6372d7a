"""Takes the picture of the console's announcing for the documentation: `python -m tests.browser.announcing_picture`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Page, async_playwright

from bot.channels.console.app import console_app
from bot.channels.http.server import HttpServer
from tests.browser.chromium import ARGUMENTS, WHY_NOT, executable
from tests.fakes.console import InMemoryConsole

PICTURE = Path(__file__).parents[2] / "docs" / "announcing-console.png"
TOKEN = "picture"
WIDTH, HEIGHT = 1280, 1180
TEXT = """Dear partners,

we meet in **Antwerp** on 11 February: what comes in spring, and an evening by the river.

Will you come?"""


async def main() -> None:
    path = executable()
    if path is None:
        raise SystemExit(WHY_NOT)
    server = HttpServer(console_app(InMemoryConsole(), TOKEN, "production", (), "Lumora"), "127.0.0.1", 0)
    await server.start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        page = await browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        await page.goto(f"http://127.0.0.1:{server.port}/?token={TOKEN}")
        await _composed(page, f"http://127.0.0.1:{server.port}")
        await page.screenshot(path=PICTURE)
        await browser.close()
    await server.stop()


async def _composed(page: Page, address: str) -> None:
    """As it stands while it is composed, with its recipients counted."""
    await page.goto(f"{address}/desk/noor/announce")
    await page.get_by_label("Subject").fill("Partner day in Antwerp")
    await page.locator("#body-0").fill(TEXT)
    for tier in ("Select", "Elite"):
        await page.get_by_label(tier).first.check(force=True)
    await page.locator("#reach .reach-count").wait_for()
    await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


if __name__ == "__main__":
    asyncio.run(main())

"""Takes the picture of the console for the README.

`python -m tests.browser.picture LINK` uses the link that `make run` printed, so that the picture shows the product on
its demo data; without a link it shows the tests' in-memory data.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

from playwright.async_api import Page, async_playwright

from bot.channels.console.app import console_app
from bot.channels.http.server import HttpServer
from tests.browser.chromium import ARGUMENTS, WHY_NOT, executable
from tests.fakes.console import InMemoryConsole

PICTURE = Path(__file__).parents[2] / "docs" / "console.png"
WIDTH = 1280
MARGIN = 28

WHO = "Aoife Brannigan"
SUBJECT = "Marram Coffee Roasters, and our tier"
TEXT = """Hi,

please register Marram Coffee Roasters (marramcoffee.example) for us. Our contact there is Niamh Daly, \
niamh.daly@marramcoffee.example. They want 60 seats of Lumora Core, EUR 17,280 a year, and should sign by \
{close}.

And what are we still missing for Select?

Aoife"""


async def take(link: str, to: Path, thread: str = "") -> None:
    """Opens the thread, or writes as a partner and waits for the answer, and keeps the whole conversation."""
    path = executable()
    if path is None:
        raise SystemExit(WHY_NOT)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        page = await browser.new_page(viewport={"width": WIDTH, "height": 1800})
        await page.goto(link)
        if thread:
            await page.goto(urljoin(link, thread))
        else:
            await _converse(page)
        bottom = await page.locator(".message").last.evaluate("e => e.getBoundingClientRect().bottom")
        await page.set_viewport_size({"width": WIDTH, "height": round(bottom) + MARGIN})
        await page.evaluate("document.querySelector('.composer')?.remove(); scrollTo(0, 0)")
        to.parent.mkdir(exist_ok=True)
        await page.screenshot(path=to)
        await browser.close()


async def _converse(page: Page) -> None:
    close = datetime.now().astimezone() + timedelta(days=64)
    await page.locator("a[href^='/seats/']", has_text=WHO).last.click()
    await page.get_by_role("link", name="New mail").click()
    await page.get_by_label("Subject").fill(SUBJECT)
    await page.get_by_label("Text").fill(TEXT.format(close=f"{close.day} {close:%B %Y}"))
    await page.get_by_role("button", name="Send mail").click()
    await page.locator(".message.is-out").wait_for()
    # Loaded anew so that the list at the side knows the answer, and nothing is moving any more.
    await page.reload()


async def main(arguments: list[str]) -> None:
    if arguments:
        await take(arguments[0], PICTURE)
        return
    server = HttpServer(console_app(InMemoryConsole(), "picture", "demo", (), "Lumora"), "127.0.0.1", 0)
    await server.start()
    await take(f"http://127.0.0.1:{server.port}/?token=picture", PICTURE, "/seats/c1?thread=t1")
    await server.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

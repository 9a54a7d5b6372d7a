"""Takes the picture of the console for the README.

`python -m tests.browser.picture LINK` uses the link that `make run` printed, so that the picture shows the product on
its demo data; without a link it shows the tests' in-memory data.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from urllib.parse import urljoin

from playwright.async_api import async_playwright

from bot.channels.console.app import console_app
from bot.channels.http.server import HttpServer
from tests.browser.chromium import ARGUMENTS, WHY_NOT, executable
from tests.fakes.console import InMemoryConsole

PICTURE = Path(__file__).parents[2] / "docs" / "console.png"


async def take(link: str, to: Path, thread: str = "") -> None:
    """Opens the thread, or registers a deal as the first partner and waits for its answer, and keeps the screen."""
    path = executable()
    if path is None:
        raise SystemExit(WHY_NOT)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        page = await browser.new_page(viewport={"width": 1280, "height": 860}, device_scale_factor=1.5)
        await page.goto(link)
        if thread:
            await page.goto(urljoin(link, thread))
        else:
            await page.get_by_role("link", name="Register a deal by mail").click()
            await page.get_by_role("button", name="Send mail").click()
            await page.locator(".message.is-out").wait_for()
            # Loaded anew so that the list at the side knows the answer, and nothing is moving any more.
            await page.reload()
        await page.evaluate("scrollTo(0, 0)")
        to.parent.mkdir(exist_ok=True)
        await page.screenshot(path=to)
        await browser.close()


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

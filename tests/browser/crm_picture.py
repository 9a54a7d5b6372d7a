"""Takes the picture of the console's page of the CRM for docs: HubSpot is away, and refused something before."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import async_playwright

from bot.channels.console.app import console_app
from bot.channels.http.server import HttpServer
from tests.browser.chromium import ARGUMENTS, WHY_NOT, executable
from tests.fakes.console import InMemoryConsole

PICTURE = Path(__file__).parents[2] / "docs" / "crm.png"
WIDTH, TOKEN = 1200, "picture"


async def take(to: Path) -> None:
    path = executable()
    if path is None:
        raise SystemExit(WHY_NOT)
    backend = InMemoryConsole()
    await backend.retry_entry("e2")  # one that is there to be long
    server = HttpServer(console_app(backend, TOKEN, "production", (), "Lumora"), "127.0.0.1", 0)
    await server.start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        page = await browser.new_page(viewport={"width": WIDTH, "height": 900})
        await page.goto(f"http://127.0.0.1:{server.port}/?token={TOKEN}")
        await page.goto(f"http://127.0.0.1:{server.port}/crm")
        await page.screenshot(path=to, full_page=True)
        await browser.close()
    await server.stop()


if __name__ == "__main__":
    asyncio.run(take(PICTURE))

"""A console on a real socket and a real browser in front of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, async_playwright

from bot.channels.console.app import console_app
from bot.channels.http.server import HttpServer
from tests.browser.chromium import ARGUMENTS, WHY_NOT, executable
from tests.fakes.console import InMemoryConsole

TOKEN = "start-up-token"
# The browser's driver looks into every frame, and in that of a mail nothing may run, not even the driver's own script.
_DRIVERS = re.compile(
    r"Blocked script execution in '[^']*/(?:queue/kept/[^/']+/html|announcement-samples/[^/']+)'"
    r" because the document's frame is sandboxed"
)


@dataclass
class Window:
    """A page that is logged in, and what went wrong in it: script errors and refused or missing resources."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)

    def hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not _DRIVERS.match(said.text):
            self.problems.append(said.text)

    async def be_asked(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    async def open(self, path: str) -> Page:
        await self.page.goto(self.address + path)
        return self.page


OpenWindow = Callable[..., Awaitable[Window]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = executable()
    if path is None:
        pytest.skip(WHY_NOT)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_window(chromium: Browser) -> AsyncIterator[OpenWindow]:
    """Serves a backend and opens a logged-in window on it; `width` and `scheme` are the visitor's own."""
    async with AsyncExitStack() as stack:

        async def opened(
            backend: InMemoryConsole, profile: str = "demo", width: int = 1280, scheme: str = "light", path: str = "",
            *, scripts: bool = True,
        ) -> Window:  # fmt: skip
            server = HttpServer(console_app(backend, TOKEN, profile, (), "Lumora"), "127.0.0.1", 0)
            await server.start()
            stack.push_async_callback(server.stop)
            context: BrowserContext = await chromium.new_context(
                viewport={"width": width, "height": 800},
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
                java_script_enabled=scripts,
            )
            stack.push_async_callback(context.close)
            window = Window(await context.new_page(), f"http://127.0.0.1:{server.port}")
            window.page.set_default_timeout(8_000)
            window.page.on("pageerror", lambda error: window.problems.append(str(error)))
            window.page.on("console", window.hear)
            window.page.on("dialog", window.be_asked)
            await window.open(path or f"/?token={TOKEN}")
            return window

        yield opened

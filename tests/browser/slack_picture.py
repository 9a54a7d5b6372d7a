"""Takes the pictures of Slack for docs: the Slack of `make slack` with the whole agent on the demo's data.

`python -m tests.browser.slack_picture` needs a Chromium and a minute; `NAME …` takes only those of that name.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright
from pydantic import SecretStr

from config.settings import Settings
from tests.browser.chromium import ARGUMENTS, WHY_NOT, executable
from tests.fakes.slack.examples import MANAGERS, NEW, demo
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.pages.site import Site
from tests.fakes.slack.patience import wait_for
from tests.fakes.slack.world import FakeView, Post
from tests.scenarios.house import House, open_house

DOCS = Path(__file__).parents[2] / "docs"
WIDTH = 1020
PATIENCE = 60.0
CHANNEL, AOIFE, NOOR = "C0QUAYLUM", "U0QWAOIFE", "U0NOOR"
_PLAIN = """
header.top, #rooms, .composer, details.more, .head { display: none !important }
.client { display: block !important } body, .client, main, .room, .posts, aside.thread { height: auto !important }
body, .client { background: var(--paper) !important } .blocks { max-width: none !important }
main { display: block !important } main:has(.thread) .room { display: none !important }
th, td { overflow-wrap: normal !important } article, #posts { padding-right: 1.2rem !important }
"""


class Scene:
    """The people of the demo in their Slack, and a page to look at it."""

    def __init__(self, house: House, hands: Hands, page: Page) -> None:
        self.house = house
        self.hands = hands
        self.slack = hands.slack
        self.page = page

    async def asks(self, text: str, *, thread: Post | None = None, answers: int = 1) -> Post:
        """A partner writes, and the agent's answers are there."""
        thread_ts = str(thread["ts"]) if thread else ""
        before = len(self._own(CHANNEL))
        post = await self.hands.says(AOIFE, CHANNEL, text, thread_ts=thread_ts)
        await wait_for(lambda: len(self._own(CHANNEL)) >= before + answers, PATIENCE)
        await self.house.quiet()
        return post

    async def card(self, channel: str, words: str) -> Post:
        """The newest post of the agent there that has these words."""
        await wait_for(lambda: any(words in str(post) for post in self._own(channel)), PATIENCE)
        await self.house.quiet()
        return next(post for post in reversed(self._own(channel)) if words in str(post))

    async def look(self, where: str, shown: str, name: str) -> None:
        await self.page.goto(f"{self.slack.url}/as/{where}")
        await self.page.add_style_tag(content=_PLAIN)
        await _shot(self.page.locator(shown), DOCS / f"slack-{name}.png")

    def _own(self, channel: str) -> list[Post]:
        return [post for post in self.slack.channels[channel].posts if post.get("user") == self.slack.bot_user]


async def _shot(found: Locator, to: Path) -> None:
    """The element alone, grown to all that it holds."""
    await found.first.wait_for()
    await found.first.screenshot(path=to)


async def answer(scene: Scene) -> None:
    post = await scene.asks("Which of our deals are open?")
    await scene.asks("One of them is at EUR 30,000 now.", thread=post)
    await scene.look(f"{AOIFE}/{CHANNEL}?thread={post['ts']}", "#thread", "answer")


async def figures(scene: Scene) -> None:
    post = await scene.asks("What are we still missing for Select?")
    await scene.asks("And our commission on Harrow & Pine?", thread=post)
    await scene.look(f"{AOIFE}/{CHANNEL}?thread={post['ts']}", "#thread", "figures")


async def registering(scene: Scene) -> None:
    close = scene.house.app.today() + timedelta(days=70)
    await scene.asks(
        "Please register Marram Coffee Roasters, marramcoffee.example: 60 seats of Core, EUR 17,280 a year, closing "
        f"{close.day} {close:%B}. Our contact there is Niamh Daly, niamh.daly@marramcoffee.example"
    )


async def card(scene: Scene) -> None:
    await registering(scene)
    post = await scene.card(MANAGERS, "Marram")
    await scene.look(f"{NOOR}/{MANAGERS}", f'article[data-ts="{post["ts"]}"]', "card")


async def mapping(scene: Scene) -> None:
    await scene.hands.invites_bot(NOOR, NEW)
    post = await scene.card(MANAGERS, NEW)
    await scene.look(f"{NOOR}/{MANAGERS}", f'article[data-ts="{post["ts"]}"]', "mapping")


async def home(scene: Scene) -> None:
    await scene.hands.opens_home(NOOR)
    await wait_for(lambda: NOOR in scene.slack.homes, PATIENCE)
    await scene.house.quiet()
    await wait_for(lambda: "slack_file" in str(scene.slack.homes[NOOR].body), PATIENCE)
    await scene.look(f"{NOOR}/home", "#posts", "home")


async def announcing(scene: Scene) -> None:
    """Whom it reaches, and how it looks for one of them."""
    view = await _filled(scene, "announce Prices of 2027", "counter_write")
    at = scene.house.app.today() + timedelta(days=5)
    text = "From **1 January** a seat of Core costs EUR 25 a month.\n\n- Offers sent by then hold until March.\n"
    said = {
        "text": f"{text}- Questions? Just reply.",
        "language": "en",
        "tiers": ["Registered", "Select"],
        "call": "answer",
        "remind": "5",
        "day": f"{at}",
        "hour": "09:00",
    }
    assert await scene.hands.submits(view, said) == {}
    await scene.look(f"{NOOR}/{MANAGERS}", "dialog .modal", "announce")


async def announced(scene: Scene) -> None:
    """The post in a partner's channel."""
    view = await _filled(scene, "announce Partner day in Galway", "counter_write")
    day = scene.house.app.today() + timedelta(days=30)
    said = {
        "text": "Hello {first_name}, we show what comes in **2027** and listen to what you need.\n\n1. The road map, "
        "and prices from [1 January](https://www.lumora.example/prices) on\n2. Lunch\n3. Your questions\n\n> Last "
        "year's day brought us eleven of the ideas in this release.\n\nWhich day suits you?",
        "language": "en", "partners": ["Quaywise Advisory"], "call": "date", "quiet": "any", "route": "slack",
        "dates": f"{day}, {day + timedelta(days=1)}",
    }  # fmt: skip
    assert await scene.hands.submits(view, said) == {}
    assert await scene.hands.submits(view) == {}
    post = await scene.card(CHANNEL, "Partner day in Galway")
    await scene.look(f"{AOIFE}/{CHANNEL}", f'article[data-ts="{post["ts"]}"]', "announced")


async def deciding(scene: Scene) -> None:
    await registering(scene)
    post = await scene.card(MANAGERS, "Marram")
    await scene.hands.presses(NOOR, MANAGERS, str(post["ts"]), "Details …")
    await _loaded(scene, "counter_decision")
    await scene.look(f"{NOOR}/{MANAGERS}", "dialog .modal", "decide")


async def _filled(scene: Scene, words: str, callback: str) -> FakeView:
    await scene.hands.commands(NOOR, MANAGERS, words)
    return await _loaded(scene, callback)


async def _loaded(scene: Scene, callback: str) -> FakeView:
    view = await scene.hands.opened(NOOR, PATIENCE)
    await wait_for(lambda: view.body["callback_id"] == callback, PATIENCE)
    return view


PICTURES: dict[str, Callable[[Scene], Awaitable[None]]] = {
    "answer": answer,
    "figures": figures,
    "card": card,
    "mapping": mapping,
    "home": home,
    "announce": announcing,
    "announced": announced,
    "decide": deciding,
}


async def take(names: Sequence[str]) -> None:
    path = executable()
    if path is None:
        raise SystemExit(WHY_NOT)
    slack = demo()
    hands = Hands(slack, slack.sockets)
    hands.echo()
    slack.serving.routes += Site(hands).routes()
    await slack.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            async with open_house(_settings(slack.base_url, slack.token, slack.app_token, folder)) as house:
                await _pictured(house, hands, path, names)
    finally:
        await slack.stop()


async def _pictured(house: House, hands: Hands, browser_path: str, names: Sequence[str]) -> None:
    await wait_for(lambda: bool(hands.slack.sockets.live), PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        page = await browser.new_page(viewport={"width": WIDTH, "height": 1400}, device_scale_factor=1.5)
        scene = Scene(house, hands, page)
        for name in names or PICTURES:
            await PICTURES[name](scene)
        await browser.close()


def _settings(api: str, token: str, app_token: str, folder: str) -> Settings:
    return Settings(
        data_dir=Path(folder), smtp_port=0, http_port=0, console_port=0, slack_api_url=api,
        slack_bot_token=SecretStr(token), slack_app_token=SecretStr(app_token), slack_managers_channel=MANAGERS,
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(take(sys.argv[1:]))

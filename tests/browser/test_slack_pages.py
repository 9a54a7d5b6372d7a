"""The Slack stand-in in a real browser: written, pressed and filled in by hand, while an app answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.channels.slack.api.calls import call, slack_client
from tests.fakes.slack.delivering import Attempt, Kind
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.pages.site import Site
from tests.fakes.slack.web_api import TOKEN, FakeSlack

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


QUESTION = [
    {"type": "section", "text": plain("Shall we register Atlas?")},
    {"type": "actions", "elements": [{"type": "button", "action_id": "yes", "text": plain("Yes, register")}]},
]
FORM = {
    "type": "modal", "title": plain("Announce"), "submit": plain("Preview"),
    "blocks": [{
        "type": "input", "block_id": "subject", "label": plain("Subject"),
        "element": {"type": "plain_text_input", "action_id": "text"},
    }],
}  # fmt: skip


@dataclass
class Answering:
    """An app: asks under every message, says what was pressed, opens a form on a command and refuses its first try."""

    slack: FakeSlack
    submitted: list[str] = field(default_factory=list)

    async def deliver(self, payload: dict[str, Any], kind: Kind = Kind.EVENT) -> list[Attempt]:
        return [Attempt(200, {}, json.dumps(await self._answer(payload, kind)))]

    async def _answer(self, payload: dict[str, Any], kind: Kind) -> dict[str, Any] | None:
        client = slack_client(TOKEN, base_url=self.slack.base_url)
        if kind is Kind.COMMAND:
            await call(client, "views.open", {"trigger_id": payload["trigger_id"], "view": FORM})
        elif payload.get("type") == "view_submission":
            return self._taken(payload["view"]["state"]["values"]["subject"]["text"]["value"])
        elif payload.get("type") == "block_actions":
            place = payload["container"]
            said = {"channel": place["channel_id"], "ts": place["message_ts"], "text": "Atlas is registered."}
            await call(client, "chat.update", said)
        elif payload["event"]["type"] == "message":
            event = payload["event"]
            said = {"channel": event["channel"], "thread_ts": event["ts"], "text": "?", "blocks": QUESTION}
            await call(client, "chat.postMessage", said)
        return None

    def _taken(self, subject: str) -> dict[str, Any] | None:
        self.submitted.append(subject)
        if len(self.submitted) > 1:
            return None
        return {"response_action": "errors", "errors": {"subject": "Say more."}}


@dataclass
class Trial:
    page: Page
    slack: FakeSlack
    app: Answering
    problems: list[str]


@pytest_asyncio.fixture(loop_scope="session")
async def trial(chromium: Browser) -> AsyncIterator[Trial]:
    slack = FakeSlack()
    app = Answering(slack)
    slack.serving.routes += Site(Hands(slack, app)).routes()
    await slack.start()
    page = await chromium.new_page(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    page.set_default_timeout(8_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    yield Trial(page, slack, app, problems)
    await page.close()
    await slack.stop()
    assert problems == []
    assert slack.violations == []


async def test_a_partner_writes_reads_the_answer_in_the_thread_and_presses_a_button(trial: Trial) -> None:
    page = trial.page
    await page.goto(f"{trial.slack.url}/as/U0ALICE/C0PARTNER")
    await page.get_by_label("Message #ext-quaywise").fill("We have a deal: Atlas")
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="1 reply").click()
    await page.get_by_label("Thread").get_by_role("button", name="Yes, register").click()
    await expect(page.get_by_label("Thread").get_by_text("Atlas is registered.")).to_be_visible()
    await expect(page.get_by_role("button", name="Yes, register")).to_have_count(0)


async def test_what_others_write_appears_by_itself_and_what_is_being_typed_stays(trial: Trial) -> None:
    page = trial.page
    await page.goto(f"{trial.slack.url}/as/U0ALICE/C0PARTNER")
    await page.get_by_label("Message #ext-quaywise").fill("half a sent")
    Hands(trial.slack).write("U0MANAGER", "C0PARTNER", "Good morning from *Lumora*")
    await expect(page.get_by_text("Good morning from Lumora")).to_be_visible()
    await expect(page.get_by_label("Message #ext-quaywise")).to_have_value("half a sent")


async def test_a_manager_fills_in_a_form_and_mends_what_was_wrong(trial: Trial) -> None:
    page = trial.page
    await page.goto(f"{trial.slack.url}/as/U0ALICE/C0PARTNER")
    await page.get_by_label("Who you are").select_option(label="Mara Manager")
    await page.get_by_label("Message #ext-quaywise").fill("/partners announce")
    await page.keyboard.press("Enter")
    await page.get_by_role("textbox", name="Subject").fill("News")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_role("alert")).to_have_text("Say more.")
    await expect(page.get_by_role("textbox", name="Subject")).to_have_value("News")
    await page.get_by_role("textbox", name="Subject").fill("News of January")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert trial.app.submitted == ["News", "News of January"]


@pytest.mark.parametrize("width", [380, 820, 1400])
async def test_nothing_is_wider_than_the_window(trial: Trial, width: int) -> None:
    page, slack = trial.page, trial.slack
    cells = [{"type": "raw_text", "text": f"a long heading {number}"} for number in range(8)]
    Hands(slack).write(slack.bot_user, "C0PARTNER", "?", blocks=[*QUESTION, {"type": "table", "rows": [cells, cells]}])
    root = Hands(slack).write("U0ALICE", "C0PARTNER", "x" * 300)
    await page.set_viewport_size({"width": width, "height": 700})
    for path in ("C0PARTNER", f"C0PARTNER?thread={root['ts']}", "home"):
        await page.goto(f"{slack.url}/as/U0ALICE/{path}")
        over = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, path

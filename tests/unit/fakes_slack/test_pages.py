"""The pages to try it by hand: what each person sees there, and what is pressed reaches the app as his act."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest

from bot.demo.files import read_partner_files
from bot.demo.slack_people import DEMO_INSTALLATION
from config.settings import SAMPLE_PROGRAM
from knowledge.loading import load_program
from tests.fakes.mood_shares import shares
from tests.fakes.slack.__main__ import arguments, made, main
from tests.fakes.slack.by_hand import ByHand
from tests.fakes.slack.delivering import HttpTransport, Kind
from tests.fakes.slack.examples import MANAGERS, NEW, demo
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.moods import Mood
from tests.fakes.slack.pages.markup import Markings
from tests.fakes.slack.pages.site import LOOKING, Site
from tests.fakes.slack.patience import wait_for
from tests.fakes.slack.web_api import FakeSlack
from tests.unit.fakes_slack.app import App

ALICE, MANAGER = "/as/U0ALICE/C0PARTNER", "/as/U0MANAGER/C0PARTNER"
BUTTONS: list[dict[str, Any]] = [
    {"type": "button", "action_id": "yes", "text": {"type": "plain_text", "text": "Yes, please"}, "value": "1"},
    {
        "type": "static_select", "action_id": "deal", "placeholder": {"type": "plain_text", "text": "Which?"},
        "options": [{"text": {"type": "plain_text", "text": "Atlas"}, "value": "d1"}],
    },
]  # fmt: skip


class Browser:
    """Sees pages and sends their forms."""

    def __init__(self, slack: FakeSlack, session: aiohttp.ClientSession) -> None:
        self._slack, self._session = slack, session

    async def see(self, path: str, status: int = 200, *, looking: bool = False) -> str:
        headers = {LOOKING: "1"} if looking else {}
        async with self._session.get(self._slack.url + path, headers=headers) as answer:
            assert answer.status == status, path
            return await answer.text(errors="replace")

    async def send(self, path: str, form: Mapping[str, Any], origin: str = "", status: int = 303) -> str:
        """Where the browser is led to."""
        headers = {"Origin": origin or self._slack.url}
        data = aiohttp.FormData()
        for name, value in form.items():
            if isinstance(value, bytes):
                data.add_field(name, value, filename="deals.csv", content_type="text/csv")
            else:
                data.add_field(name, value)
        url = self._slack.url + path
        async with self._session.post(url, data=data, headers=headers, allow_redirects=False) as answer:
            assert answer.status == status, await answer.text()
            return answer.headers.get("Location", "")


@pytest.fixture
async def slack(app: App) -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    slack.serving.routes += Site(Hands(slack, app)).routes()
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
async def browser(slack: FakeSlack) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        yield Browser(slack, session)


def posted(slack: FakeSlack, text: str, **more: Any) -> dict[str, Any]:
    return Hands(slack).write(slack.bot_user, "C0PARTNER", text, **more)


async def test_each_sees_the_channels_he_is_in(browser: Browser) -> None:
    assert "ext-quaywise" in await browser.see(ALICE)
    assert "partner-team" in await browser.see(MANAGER)
    assert "partner-team" not in await browser.see(ALICE)
    await browser.see("/as/U0ALICE/C0INTERNAL", 404)
    await browser.see("/as/U0NOBODY/C0PARTNER", 404)
    assert "Nothing has been written" in await browser.see("/")


async def test_what_is_written_reaches_the_app_as_slacks_client_would_send_it(browser: Browser, app: App) -> None:
    where = await browser.send(f"{ALICE}/say", {"text": "@partnerline <b>10 & more</b>", "thread": ""})
    assert where == ALICE
    assert app.events[0]["text"] == "<@U0BOT> &lt;b&gt;10 &amp; more&lt;/b&gt;"
    page = await browser.see(ALICE)
    assert "&lt;b&gt;10 &amp; more&lt;/b&gt;" in page
    assert "@Partnerline</span>" in page


async def test_a_thread_stands_beside_the_channel(slack: FakeSlack, browser: Browser, app: App) -> None:
    root = posted(slack, "How can I help?")
    where = await browser.send(f"{ALICE}/say", {"text": "With a deal", "thread": root["ts"]})
    assert app.events[-1]["thread_ts"] == root["ts"]
    page = await browser.see(where)
    assert "1 reply" in page
    assert page.count('<div class="text">With a deal</div>') == 1


async def test_buttons_and_menus_are_pressed(slack: FakeSlack, browser: Browser, app: App) -> None:
    post = posted(slack, "?", blocks=[{"type": "actions", "elements": BUTTONS}])
    page = await browser.see(ALICE)
    assert "Yes, please" in page
    assert "Atlas" in page
    await browser.send(f"{ALICE}/press", {"ts": post["ts"], "name": "#0"})
    assert app.last["actions"][0]["value"] == "1"
    await browser.send(f"{ALICE}/press", {"ts": post["ts"], "name": "#1", "pick": "d1"})
    assert app.last["actions"][0]["selected_option"]["value"] == "d1"
    assert '<option value="d1" selected>' in await browser.see(ALICE)
    assert '<option value="d1" selected>' not in await browser.see(MANAGER)


async def test_a_message_is_edited_deleted_and_reacted_to(slack: FakeSlack, browser: Browser, app: App) -> None:
    post = Hands(slack).write("U0ALICE", "C0PARTNER", "10 seats")
    await browser.send(f"{ALICE}/edit", {"ts": post["ts"], "text": "12 seats"})
    assert "12 seats" in await browser.see(ALICE)
    await browser.send(f"{MANAGER}/react", {"ts": post["ts"], "name": "eyes"})
    assert 'title="eyes"' in await browser.see(ALICE)
    await browser.send(f"{ALICE}/delete", {"ts": post["ts"]})
    assert [event["subtype"] for event in app.events] == ["message_changed", "message_deleted"]


async def test_a_file_is_dropped_and_can_be_seen(slack: FakeSlack, browser: Browser, app: App) -> None:
    await browser.send(f"{ALICE}/say", {"text": "our deals", "thread": "", "file": b"a,b"})
    (file,) = slack.files.values()
    assert "deals.csv" in await browser.see(ALICE)
    assert await browser.see(f"/file/{file.id}") == "a,b"
    await browser.see("/file/F0NONE", 404)
    assert app.events[-1]["subtype"] == "file_share"


async def test_a_command_is_answered_to_the_one_who_typed_it(browser: Browser, app: App) -> None:
    app.answers = [{"text": "Three wait."}]
    await browser.send(f"{MANAGER}/say", {"text": "/partners status"})
    assert app.last["text"] == "status"
    assert "Only visible to you" in await browser.see(MANAGER)
    assert "Three wait." not in await browser.see(ALICE)
    where = await browser.send(f"{ALICE}/say", {"text": "/partners status"})
    assert "not a valid command" in await browser.see(where)


async def test_a_form_is_filled_in_and_sent_off(slack: FakeSlack, browser: Browser, app: App) -> None:
    fields: list[dict[str, Any]] = [
        {
            "type": "input", "block_id": "s", "label": {"type": "plain_text", "text": "Subject"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {"type": "actions", "elements": BUTTONS},
    ]  # fmt: skip
    plain = {"type": "plain_text", "text": "Announce"}
    view = slack.new_view("U0MANAGER", {"type": "modal", "title": plain, "submit": plain, "blocks": fields})
    where = f"/as/U0MANAGER/view/{view.id}"
    assert "<dialog open" in await browser.see(MANAGER)
    assert "<dialog open" not in await browser.see(ALICE)
    await browser.send(where, {"press": "submit", "f0": "", "has0": "1", "back": MANAGER})
    assert "Please complete this required field." in await browser.see(MANAGER)
    await browser.send(where, {"press": "1", "f0": "News", "has0": "1", "f2": "d1", "back": MANAGER})
    assert app.last["view"]["state"]["values"]["s"]["text"]["value"] == "News"
    app.answers = [{"response_action": "errors", "errors": {"s": "Too short"}}]
    await browser.send(where, {"press": "submit", "f0": "N", "has0": "1", "back": MANAGER})
    page = await browser.see(MANAGER)
    assert "Too short" in page
    assert 'value="N"' in page
    assert await browser.send(where, {"press": "submit", "f0": "News", "back": MANAGER}) == MANAGER
    assert "<dialog open" not in await browser.see(MANAGER)
    await browser.send(f"/as/U0ALICE/view/{view.id}", {"press": "submit"}, status=400)


async def test_the_home_tab_is_opened_by_looking_at_it(slack: FakeSlack, browser: Browser, app: App) -> None:
    assert "not published" in await browser.see("/as/U0MANAGER/home")
    await browser.see("/as/U0MANAGER/home", looking=True)
    assert [event["type"] for event in app.events] == ["app_home_opened"]
    body = {"type": "home", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "What waits"}}]}
    slack.homes["U0MANAGER"] = slack.new_view("U0MANAGER", body)
    assert "What waits" in await browser.see("/as/U0MANAGER/home")
    assert "Direct messages" in await browser.see("/as/U0MANAGER/dm")


async def test_a_channel_is_shared_unshared_and_left_by_the_app(slack: FakeSlack, browser: Browser, app: App) -> None:
    for what in ("share", "unshare", "remove", "invite"):
        await browser.send(f"{ALICE}/life", {"what": what, "team": "T0THIRD"})
    kinds = [event["type"] for event in app.events]
    assert kinds == ["channel_shared", "channel_unshared", "member_left_channel", "member_joined_channel"]
    where = await browser.send(f"{ALICE}/life", {"what": "change_id"})
    assert slack.channels[where.rpartition("/")[2]].name == "ext-quaywise"
    await browser.send(f"{where}/life", {"what": "archive"})
    assert "archived" in await browser.see(where)


async def test_calls_and_moods_stand_on_a_page(slack: FakeSlack, browser: Browser) -> None:
    slack.violations.append("chat.postMessage: text is missing")
    page = await browser.see("/calls")
    assert "No app has called yet" in page
    assert "text is missing" in page
    for mood in ("away", "calm", "limits", "lost_after_commit", "disconnect"):
        await browser.send("/calls/mood", {"mood": mood})
    assert slack.meter.enforced
    assert slack.moods.mood("chat.postMessage") is Mood.LOST_AFTER_COMMIT
    await browser.send("/calls/mood", {"mood": "nonsense"}, status=400)


async def test_other_pages_cannot_press_anything_and_what_is_gone_is_told(browser: Browser, app: App) -> None:
    await browser.send(f"{ALICE}/say", {"text": "hi"}, origin="https://elsewhere.example", status=403)
    await browser.send(f"{ALICE}/explode", {"text": "hi"}, status=400)
    await browser.send(f"{ALICE}/press", {"ts": "1.0", "name": "#0"}, status=400)
    assert app.heard == []
    for path in ("/page.css", "/page.js", "/changes"):
        await browser.see(path)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("*bold* _it_ ~no~ `a<b`", "<b>bold</b> <i>it</i> <s>no</s> <code>a&lt;b</code>"),
        ("<https://x.example/a?b=1&amp;c=2|a page>", '<a href="https://x.example/a?b=1&amp;c=2"'),
        ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
        ("<@U0ALICE> in <#C0PARTNER>", '@Alice Partner</span> in <span class="at">#ext-quaywise'),
        ("&lt;script&gt; 2 * 3 * 4", "&lt;script&gt; 2 * 3 * 4"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("one\n&gt; two\nthree", "one<blockquote>two</blockquote>three"),
        ("```x\n*y*```", "<pre>x\n*y*</pre>"),
        ("snake_case_name and 3*4*5", "snake_case_name and 3*4*5"),
        ("\x001\x00 `a`", "1 <code>a</code>"),
    ],
)
def test_marks_are_shown_as_slack_shows_them_and_nothing_runs(said: str, shown: str) -> None:
    assert shown in Markings(FakeSlack()).mrkdwn(said)


async def test_every_block_is_shown(slack: FakeSlack, browser: Browser) -> None:
    def plain(text: str) -> dict[str, str]:
        return {"type": "plain_text", "text": text}

    picture = slack.add_file("chart.png", b"\x89PNG", mimetype="image/png")
    posted(
        slack, "all of it",
        blocks=[
            {"type": "header", "text": plain("A header")},
            {"type": "section", "fields": [plain("a field")], "accessory": BUTTONS[0]},
            {"type": "context", "elements": [plain("small print")]},
            {"type": "divider"},
            {"type": "image", "slack_file": {"id": picture.id}, "alt_text": "a chart of deals"},
            {"type": "markdown", "text": "**strong** <script>x</script>"},
            {"type": "rich_text", "elements": [
                {"type": "rich_text_list", "style": "bullet", "elements": [
                    {"type": "rich_text_section", "elements": [
                        {"type": "text", "text": "a point", "style": {"bold": True}},
                        {"type": "link", "url": "javascript:x", "text": "trap"}, {"type": "user", "user_id": "U0ALICE"},
                    ]},
                ]},
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a quote"}]},
            ]},
            {"type": "table", "column_settings": [{"align": "right"}], "rows": [
                [{"type": "raw_text", "text": "Head"}], [{"type": "raw_text", "text": "Cell"}],
            ]},
            {"type": "context_actions", "elements": [{
                "type": "feedback_buttons", "action_id": "f",
                "positive_button": {"text": plain("Helpful"), "value": "y"},
                "negative_button": {"text": plain("Not helpful"), "value": "n"},
            }]},
        ],
    )  # fmt: skip
    page = await browser.see(ALICE)
    for words in ("A header", "a field", "small print", "a chart of deals", "<strong>strong</strong>", "a quote"):
        assert words in page
    assert '<td class="right">Cell</td>' in page
    assert "<li><div><b>a point</b>" in page
    assert "Not helpful" in page
    assert "javascript:x" not in page
    assert "<script>x" not in page


async def test_what_is_written_before_the_agent_is_there_arrives_once_it_is() -> None:
    slack = FakeSlack()
    await slack.start()
    transport = ByHand(slack.sockets, None, pauses=(0.01,) * 50)
    hands = Hands(slack, transport)
    await hands.says("U0ALICE", "C0PARTNER", "anybody there?")
    assert transport.waiting == 1
    link = f"{slack.url}/link/?ticket={slack.new_ticket()}"
    async with aiohttp.ClientSession() as session, session.ws_connect(link) as socket:
        await socket.receive_json()
        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await wait_for(lambda: transport.waiting == 0)
    await transport.stop()
    await slack.stop()
    assert envelope["payload"]["event"]["text"] == "anybody there?"
    lost = ByHand(slack.sockets, HttpTransport.to("http://127.0.0.1:9", retry_delays=()), pauses=())
    assert not (await lost.deliver({}, Kind.INTERACTIVE))[-1].acknowledged
    await lost.stop()


def test_the_examples_are_the_demos_own_people_and_channels() -> None:
    slack = demo()
    assert (slack.home, slack.bot_user) == (DEMO_INSTALLATION.team, DEMO_INSTALLATION.bot_user)
    for manager in load_program(SAMPLE_PROGRAM).managers:
        assert slack.users[manager.slack_user_id].team == slack.home
    for file in read_partner_files():
        if file.slack is not None:
            assert slack.channels[file.slack.channel].teams == {slack.home, file.slack.team}
    assert not slack.is_external(slack.channels[MANAGERS])
    assert not slack.channels[NEW].has_bot


def test_the_command_line_chooses_moods_scopes_and_limits() -> None:
    chosen = arguments(["--moods", "rate_limited=0.5,slow=0.1", "--without-scope", "files:read", "--limits"])
    slack, _ = made(chosen)
    assert slack.meter.enforced
    assert "files:read" not in slack.scopes
    assert shares("rate_limited=0.5", Mood) == {Mood.RATE_LIMITED: 0.5}
    with pytest.raises(ValueError, match="nonsense"):
        shares("nonsense=1", Mood)


async def test_a_port_that_is_taken_is_told(slack: FakeSlack, capsys: pytest.CaptureFixture[str]) -> None:
    port = slack.url.rpartition(":")[2]
    assert await asyncio.to_thread(main, ["--port", port]) == 1
    assert "cannot start" in capsys.readouterr().err


@pytest.mark.slow
async def test_it_starts_by_hand_and_ends_when_told() -> None:
    command = (sys.executable, "-m", "tests.fakes.slack", "--port", "0")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().split()[-1]
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        page = await answer.text()
    process.terminate()
    assert await process.wait() == 0
    assert "Aoife Brannigan" in page

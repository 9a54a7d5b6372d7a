"""What `partnerline slack check` and the doctor find: each thing that can be wrong in Slack, with what mends it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.setup.account import look
from bot.channels.slack.setup.places import ExpectedChannel, ExpectedManager, Places
from bot.channels.slack.setup.reached import reached
from bot.cli.app import main
from bot.cli.checks_slack import slack as check
from bot.cli.checks_slack import slack_in_short
from config.settings import Settings
from crm.findings import Finding, Health
from tests.fakes.slack.events import SECRET
from tests.fakes.slack.web_api import APP_TOKEN, AWAY, HOME, THIRD, TOKEN, FakeSlack, Mood
from tests.sockets.slack_front_door import front_door

NOW = 1_790_000_000
PARTNERS = ExpectedChannel("C0PARTNER", "ext-quaywise", "Quaywise", AWAY)


def settings(slack: FakeSlack, tmp: Any, **more: Any) -> Settings:
    given = {"slack_app_token": SecretStr(APP_TOKEN), "slack_bot_token": SecretStr(TOKEN)} | more
    return Settings(
        profile="production", trusted_authserv_id="mx.lumora.example", mail_domain="lumora.example",
        slack_api_url=slack.base_url, data_dir=tmp, **given,
    )  # fmt: skip


async def found(slack: FakeSlack, tmp: Any, **more: Any) -> list[Finding]:
    return [finding async for finding in check(settings(slack, tmp, **more))]


def wrong(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.subject, finding.said) for finding in findings if finding.health is Health.FAULT]


def said(findings: list[Finding], subject: str) -> str:
    return "; ".join(finding.said for finding in findings if finding.subject == subject)


async def places(slack: FakeSlack) -> Places:
    client = slack_client(TOKEN, base_url=slack.base_url)
    return Places(client, (await look(client)).own)


async def test_a_right_app_is_told_to_be_right(slack: FakeSlack, tmp_path: Any) -> None:
    findings = await found(slack, tmp_path)
    assert HOME in said(findings, "Slack")
    assert "all 15" in said(findings, "Scopes")
    assert "gives connections" in said(findings, "Socket Mode")
    assert said(findings, "Channels") == "none is mapped yet"
    assert slack.called("chat.postMessage") == [], "nothing is posted to find out"


async def test_without_a_token_there_is_nothing_to_find(slack: FakeSlack, tmp_path: Any) -> None:
    none = {"slack_app_token": SecretStr(""), "slack_bot_token": SecretStr("")}
    assert [finding.said for finding in await found(slack, tmp_path, **none)] == ["not configured"]
    assert slack.calls == []


async def test_each_missing_scope_is_named_with_what_it_is_for(slack: FakeSlack, tmp_path: Any) -> None:
    slack.scopes -= {"files:read", "reactions:write", "channels:join"}
    findings = [finding for finding in await found(slack, tmp_path) if finding.subject == "Scopes"]
    assert [(f.health, f.said.partition(" ")[0]) for f in findings] == [
        (Health.FAULT, "files:read"),
        (Health.HINT, "reactions:write"),
    ]
    assert "invoices and deal sheets" in findings[0].said
    assert all("Reinstall" in finding.fix for finding in findings)


async def test_a_scope_too_many_is_a_hint(slack: FakeSlack, tmp_path: Any) -> None:
    slack.scopes |= {"users:read.email"}
    findings = await found(slack, tmp_path)
    assert "users:read.email" in said(findings, "Scopes")
    assert ("Scopes", "users:read.email: not needed") not in wrong(findings)


async def test_a_token_of_another_workspace_is_a_fault(slack: FakeSlack, tmp_path: Any) -> None:
    assert wrong(await found(slack, tmp_path, slack_team_id="T0OTHER"))[0][1].startswith("the token is for T0HOME")


@pytest.mark.parametrize(
    ("error", "fix"), [("invalid_auth", "renew slack_bot_token"), ("token_revoked", "renew slack_bot_token")]
)
async def test_a_token_that_slack_does_not_take(slack: FakeSlack, tmp_path: Any, error: str, fix: str) -> None:
    slack.refuse["auth.test"] = error
    [finding] = await found(slack, tmp_path)
    assert (finding.health, error in finding.said, fix in finding.fix) == (Health.FAULT, True, True)


@pytest.mark.parametrize("mood", [Mood.SERVER_ERROR, Mood.NOT_JSON, Mood.RATE_LIMITED, Mood.LOST_BEFORE_COMMIT])
async def test_a_slack_that_is_away_is_told_and_no_traceback(slack: FakeSlack, tmp_path: Any, mood: Mood) -> None:
    slack.next_moods("auth.test", mood)
    [finding] = await found(slack, tmp_path)
    assert (finding.health, "slack_api_url" in finding.fix) == (Health.FAULT, True)


async def test_an_app_token_that_is_not_taken(slack: FakeSlack, tmp_path: Any) -> None:
    findings = await found(slack, tmp_path, slack_app_token=SecretStr("xapp-wrong"))
    assert ("Socket Mode", "Slack does not accept slack_app_token: invalid_auth") in wrong(findings)
    slack.refuse["apps.connections.open"] = "forbidden_team"
    assert wrong(await found(slack, tmp_path))[0][0] == "Socket Mode"


async def test_the_doctor_tells_what_is_fine_in_one_line(slack: FakeSlack, tmp_path: Any) -> None:
    slack.scopes -= {"files:read"}
    findings = [finding async for finding in slack_in_short(settings(slack, tmp_path))]
    assert sum(finding.health is Health.OK for finding in findings) == 1
    assert "more thing(s)" in findings[0].said
    assert any(finding.subject == "Scopes" and finding.health is Health.FAULT for finding in findings)


@pytest.mark.parametrize(
    ("user", "facts", "told"),
    [
        ("U0NOBODY", {}, "knows no such user"),
        ("U0ALICE", {}, "not yours"),
        ("U0MANAGER", {"deleted": True}, "deactivated"),
        ("U0MANAGER", {"bot": True}, "is an app"),
        ("U0MANAGER", {"team": AWAY}, "not yours"),
    ],
)
async def test_a_manager_must_be_a_person_of_the_own_workspace(
    slack: FakeSlack, user: str, facts: Mapping[str, Any], told: str
) -> None:
    for name, value in facts.items():
        setattr(slack.users[user], name, value)
    [finding] = [f async for f in (await places(slack)).managers([ExpectedManager("Noor", user)])]
    assert (finding.health, told in finding.said) == (Health.FAULT, True)


async def test_managers_without_an_id_are_a_hint_and_the_others_are_counted(slack: FakeSlack) -> None:
    expected = [ExpectedManager("Mara", "U0MANAGER"), ExpectedManager("Noor", "")]
    fine, missing = [f async for f in (await places(slack)).managers(expected)]
    assert fine.said.startswith("1 of your workspace")
    assert (missing.health, missing.said.partition(":")[0]) == (Health.HINT, "Noor")


async def test_the_managers_channel_must_be_internal_and_the_app_in_it(slack: FakeSlack) -> None:
    at = await places(slack)
    assert (await at.managers_channel("C0INTERNAL")).health is Health.OK
    assert "is shared with T0AWAY" in (await at.managers_channel("C0PARTNER")).said
    assert "cannot be seen" in (await at.managers_channel("C0NOWHERE")).said
    slack.channels["C0INTERNAL"].has_bot = False
    assert "not in" in (await at.managers_channel("C0INTERNAL")).said


async def judged(slack: FakeSlack, place: ExpectedChannel = PARTNERS) -> Finding:
    [finding] = [f async for f in (await places(slack)).channels([place])]
    return finding


async def test_a_channel_that_is_shared_as_mapped_is_fine(slack: FakeSlack) -> None:
    assert (await judged(slack)).said == "1 shared as mapped"


async def test_a_channel_that_another_company_reads_too_is_a_hint(slack: FakeSlack) -> None:
    slack.channels["C0PARTNER"].teams.add(THIRD)
    finding = await judged(slack)
    assert (finding.health, f"read by {THIRD}" in finding.said) == (Health.HINT, True)


async def test_a_channel_that_is_no_longer_shared_gone_archived_or_left_is_a_fault(slack: FakeSlack) -> None:
    channel = slack.channels["C0PARTNER"]
    channel.has_bot = False
    assert "the app is not in" in (await judged(slack)).said
    channel.has_bot, channel.archived = True, True
    assert "is archived" in (await judged(slack)).said
    channel.teams.discard(AWAY)
    assert f"not shared with {AWAY}" in (await judged(slack)).said
    del slack.channels["C0PARTNER"]
    assert "cannot be seen" in (await judged(slack)).said


async def test_a_paused_channel_is_a_fault_with_its_reason(slack: FakeSlack) -> None:
    paused = ExpectedChannel("C0PARTNER", "ext", "Quaywise", AWAY, "people of another partner read it as well")
    assert "is paused: people of another partner read it as well" in (await judged(slack, paused)).said


async def test_of_very_many_channels_some_are_drawn_and_the_paused_ones_need_no_look(slack: FakeSlack) -> None:
    at = await places(slack)
    many = [PARTNERS] * 300 + [ExpectedChannel("C0PAUSED", "ext", "Quaywise", AWAY, "it was archived")]
    paused, right, left = [f async for f in at.channels(many, most=5)]
    assert (paused.health, right.said, left.said) == (Health.FAULT, "5 shared as mapped", "295 not looked at this time")
    assert len(slack.called("conversations.info")) == 5


async def test_where_slack_has_enough_of_questions_the_rest_is_left_for_later(slack: FakeSlack) -> None:
    at = await places(slack)
    slack.next_moods("conversations.info", Mood.RATE_LIMITED)
    many = [PARTNERS] * 500
    finding, left = [f async for f in at.channels(many)]
    assert (finding.health, "the rest was not looked at" in finding.said) == (Health.HINT, True)
    assert left.said == "475 not looked at this time"
    assert len(slack.called("conversations.info")) == 1


async def reach(url: str, secret: str = SECRET) -> list[Finding]:
    return [finding async for finding in reached(url, secret, NOW)]


async def test_no_address_and_one_that_nobody_answers_at() -> None:
    assert (await reach(""))[0].health is Health.FAULT
    [finding] = await reach("http://127.0.0.1:9")
    assert (finding.health, "serve" in finding.fix) == (Health.HINT, True)


@asynccontextmanager
async def proxy(status: int, text: str = "") -> AsyncIterator[str]:
    """Something else at the address."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=text, headers={"Location": "/"} if status == 302 else {})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "text", "told"),
    [
        (200, "hello", "takes what is not signed"),
        (302, "", "answers 302"),
        (404, "", "buttons and forms do not arrive"),
        (502, "<h1>Bad gateway</h1>", "answers 502"),
        (401, "", "another signing secret"),
    ],
)
async def test_what_answers_otherwise_than_the_agent_is_a_fault(status: int, text: str, told: str) -> None:
    async with proxy(status, text) as url:
        findings = await reach(url)
    assert told in "; ".join(finding.said for finding in findings if finding.health is Health.FAULT)


async def test_the_agents_own_address_answers_what_is_signed_and_nothing_else() -> None:
    async with front_door() as door:
        findings = [finding async for finding in reached(door.url, SECRET, int(time.time()))]
        assert findings[0].health is Health.OK, findings
        wrong_secret = [finding async for finding in reached(door.url, "x" * 32, int(time.time()))]
        assert "turns a signed call away" in wrong_secret[0].said
        assert door.inbox.seen == []


def typed(*words: str) -> int | str | None:
    """The exit code of a command, run in a thread of its own while Slack answers."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    return ended.value.code


async def test_the_command_shows_the_findings_and_its_exit_code_tells_of_a_fault(
    slack: FakeSlack, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = {
        "SLACK_API_URL": slack.base_url, "SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": APP_TOKEN,
        "DATA_DIR": str(tmp_path), "SLACK_MANAGERS_CHANNEL": "C0INTERNAL",
    }  # fmt: skip
    for name, value in here.items():
        monkeypatch.setenv(f"PARTNERLINE_{name}", value)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    slack.add_user("U0NOOR", HOME, "Noor")
    slack.add_user("U0JONAS", HOME, "Jonas")
    assert await asyncio.to_thread(typed, "slack", "check") == 0
    assert "0 fault(s)" in capsys.readouterr().out
    slack.scopes -= {"files:read"}
    assert await asyncio.to_thread(typed, "slack", "setup") == 1
    out = capsys.readouterr().out
    assert "socket_mode_enabled: true" in out, "the way is the one that the settings choose"
    assert "files:read is missing" in out
    assert TOKEN not in out

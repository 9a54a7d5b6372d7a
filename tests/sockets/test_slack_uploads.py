"""A picture is put into the vendor's Slack in three steps, and its bytes go to Slack and to nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.errors import SlackError, SlackRateLimited, SlackRefused, SlackUnavailable
from bot.channels.slack.api.uploads import upload
from tests.fakes.slack.web_api import TOKEN, FakeSlack, Mood

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 500


class Elsewhere:
    """Slack's API, where the place to send files to is another one; `answers` is the status there."""

    def __init__(self) -> None:
        self.place = ""
        self.answers = 200
        self.sent: list[dict[str, str]] = []
        self.url = ""

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/api/files.getUploadURLExternal", self._named)
        app.router.add_post("/api/files.completeUploadExternal", self._completed)
        app.router.add_post("/upload", self._taken)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _named(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "file_id": "F1", "upload_url": self.place or f"{self.url}/upload"})

    async def _completed(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "files": [{"id": "F1"}]})

    async def _taken(self, request: web.Request) -> web.Response:
        self.sent.append(dict(request.headers))
        return web.Response(status=self.answers, headers={"Retry-After": "9", "Location": "https://evil.example/"})


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    made = Elsewhere()
    runner = await made.start()
    yield made
    await runner.cleanup()


async def test_a_file_is_there_with_its_bytes_and_what_it_shows_in_words(slack: FakeSlack) -> None:
    file_id = await upload(slack_client(TOKEN, base_url=slack.base_url), "chart.png", PNG, "Ten came." + "." * 2_000)
    assert slack.files[file_id].content == PNG
    [asked] = slack.called("files.getUploadURLExternal")
    assert asked["length"] == str(len(PNG))
    assert asked["alt_txt"].startswith("Ten came.")
    assert len(asked["alt_txt"]) == 1_000
    assert "channel_id" not in slack.called("files.completeUploadExternal")[0]


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("mood", [Mood.RATE_LIMITED, Mood.SERVER_ERROR, Mood.NOT_JSON, Mood.LOST_AFTER_COMMIT])
async def test_a_step_that_fails_is_a_reason_to_wait(slack: FakeSlack, method: str, mood: Mood) -> None:
    slack.next_moods(method, mood)
    with pytest.raises(SlackUnavailable):
        await upload(slack_client(TOKEN, base_url=slack.base_url), "chart.png", PNG, "")


async def test_a_workspace_that_takes_no_files_says_so(slack: FakeSlack) -> None:
    slack.refuse["files.getUploadURLExternal"] = "file_uploads_disabled"
    with pytest.raises(SlackRefused, match="file_uploads_disabled"):
        await upload(slack_client(TOKEN, base_url=slack.base_url), "chart.png", PNG, "")


@pytest.mark.parametrize(
    "place",
    [
        "http://evil.example/upload", "https://127.0.0.1/upload", "http://127.0.0.1:1/upload", "file:///etc/passwd",
        "http://127.0.0.1:99999/upload", "not an address", "http://slack.com@evil.example/",
    ],
)  # fmt: skip
async def test_the_bytes_go_to_no_place_that_is_not_slacks(elsewhere: Elsewhere, place: str) -> None:
    elsewhere.place = place
    with pytest.raises(SlackUnavailable, match="no place of its own"):
        await upload(slack_client(TOKEN, base_url=f"{elsewhere.url}/api/"), "chart.png", PNG, "")
    assert elsewhere.sent == []


async def test_the_bots_token_does_not_go_with_the_bytes(elsewhere: Elsewhere) -> None:
    await upload(slack_client(TOKEN, base_url=f"{elsewhere.url}/api/"), "chart.png", PNG, "")
    [headers] = elsewhere.sent
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    ("status", "kind"), [(429, SlackRateLimited), (500, SlackUnavailable), (302, SlackRefused), (403, SlackRefused)]
)
async def test_what_the_place_says_is_told(elsewhere: Elsewhere, status: int, kind: type[SlackError]) -> None:
    elsewhere.answers = status
    with pytest.raises(kind) as caught:
        await upload(slack_client(TOKEN, base_url=f"{elsewhere.url}/api/"), "chart.png", PNG, "")
    if isinstance(caught.value, SlackRateLimited):
        assert caught.value.retry_after == 9.0

"""Files shared in Slack come over a real socket, from Slack's own host alone, and are judged as those of a mail are."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.files.downloads import Downloads
from bot.channels.slack.files.source import SlackFiles
from bot.ports import FoundFiles, InletUnavailable, RawMessage, Unreadable
from bot.vocabulary.message import Attachment
from mail_ingest.attachments import FileLimits
from mail_ingest.limits import MB
from tests.fakes.slack.web_api import TOKEN

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"
CSV = b"Customer;Domain\nKilbride;kilbride.example\n"
LIMITS = FileLimits(file=2000, mail=5000, files=4)


class FilesHost:
    """`files.info`, and files at addresses beside it. `pages` answer instead of a file, by its id."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, Any]] = {}
        self.contents: dict[str, bytes] = {}
        self.errors: dict[str, str] = {}
        self.pages: dict[str, Callable[[], web.Response]] = {}
        self.asked: list[str] = []
        self.fetched: list[str] = []
        self.tokens: set[str] = set()
        self.port = 0

    def add(self, file_id: str, name: str, content: bytes = PDF, **facts: Any) -> dict[str, Any]:
        self.contents[file_id] = content
        self.known[file_id] = {
            "id": file_id, "name": name, "mimetype": "application/octet-stream", "size": len(content),
            "mode": "hosted", "url_private_download": self.url(file_id), **facts,
        }  # fmt: skip
        return self.known[file_id]

    def url(self, file_id: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/files-pri/{file_id}"

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_route("*", "/api/files.info", self._info)
        app.router.add_get("/files-pri/{id}", self._file)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        return runner

    async def _info(self, request: web.Request) -> web.StreamResponse:
        file_id = str((await request.post()).get("file", ""))
        self.asked.append(file_id)
        if error := self.errors.get(file_id):
            status = 429 if error == "ratelimited" else 200
            return web.json_response({"ok": False, "error": error}, status=status, headers={"Retry-After": "9"})
        if file_id not in self.known:
            return web.json_response({"ok": False, "error": "file_not_found"})
        return web.json_response({"ok": True, "file": self.known[file_id]})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file_id = request.match_info["id"]
        self.fetched.append(file_id)
        self.tokens.add(request.headers.get("Authorization", ""))
        if file_id in self.pages:
            return self.pages[file_id]()
        return web.Response(body=self.contents[file_id], content_type="application/octet-stream")


@pytest.fixture
async def host() -> AsyncIterator[FilesHost]:
    host = FilesHost()
    runner = await host.start()
    yield host
    await runner.cleanup()


def source(host: FilesHost, *, later: timedelta = timedelta(0), limits: FileLimits = LIMITS) -> SlackFiles:
    client = slack_client(TOKEN, base_url=host.api)
    return SlackFiles(client, Downloads(TOKEN, host.api, seconds=5.0), lambda: NOW + later, limits=limits)


async def taken(host: FilesHost, *files: object, **how: Any) -> FoundFiles:
    return await source(host, **how).files(raw(*files))


def raw(*files: object, **event: Any) -> RawMessage:
    payload = {"event": {"type": "message", "subtype": "file_share", "files": list(files), **event}}
    return RawMessage("in-1", json.dumps(payload).encode(), {}, NOW)


def outside(file_id: str) -> dict[str, str]:
    """All that an event says of a partner's file."""
    return {"id": file_id, "mode": "file_access", "file_access": "check_file_info"}


def why(found: FoundFiles) -> dict[str, str]:
    return {file.name: file.kind or file.refused for file in found.attachments}


async def test_a_partners_file_is_asked_about_fetched_with_the_token_and_known_by_its_content(host: FilesHost) -> None:
    host.add("F1", "invoice.pdf", mimetype="application/pdf")
    host.add("F2", "deals.csv", CSV, mimetype="text/csv")
    found = await taken(host, outside("F1"), outside("F2"))
    assert why(found) == {"invoice.pdf": "pdf", "deals.csv": "csv"}
    assert [file.content for file in found.kept] == [PDF, CSV]
    assert found.kept[0].attachment.sha256 == hashlib.sha256(PDF).hexdigest()
    assert found.kept[0].attachment in found.attachments
    assert host.tokens == {f"Bearer {TOKEN}"}


async def test_what_the_event_describes_whole_is_not_asked_about(host: FilesHost) -> None:
    found = await taken(host, host.add("F1", "invoice.pdf"))
    assert (why(found), host.asked) == ({"invoice.pdf": "pdf"}, [])


async def test_a_message_without_files_and_one_with_the_same_twice(host: FilesHost) -> None:
    assert await taken(host) == FoundFiles()
    file = host.add("F1", "invoice.pdf")
    assert len((await taken(host, file, file)).kept) == 1


async def test_a_file_that_stands_above_in_the_thread_is_asked_about_by_its_id(host: FilesHost) -> None:
    host.add("F1", "deals.csv", CSV)
    host.add("F2", "invoice.pdf")
    above = [Attachment("F1", "text/csv", 0, "", file_id="F1"), Attachment("mail.pdf", "application/pdf", 0, "")]
    assert why(await source(host).files(raw(), above)) == {"deals.csv": "csv"}
    own = await source(host).files(raw(outside("F2")), [Attachment("F2", "", 0, "", file_id="F2")])
    assert why(own) == {"invoice.pdf": "pdf"}


async def test_an_edited_message_shares_what_it_shares_now(host: FilesHost) -> None:
    message = {"files": [host.add("F2", "new.pdf")]}
    edited = raw(host.add("F1", "old.pdf"), subtype="message_changed", message=message)
    assert why(await source(host).files(edited)) == {"new.pdf": "pdf"}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("file_not_found", "gone"),
        ("file_deleted", "gone"),
        ("access_denied", "not_shown"),
        ("not_visible", "not_shown"),
        ("slack_connect_file_link_sharing_blocked", "not_shown"),
        ("missing_scope", "not_shown"),
    ],
)
async def test_a_file_that_slack_does_not_give_is_named_and_the_others_come(
    host: FilesHost, error: str, told: str
) -> None:
    host.errors["F1"] = error
    host.add("F2", "invoice.pdf")
    found = await taken(host, outside("F1"), outside("F2"))
    assert why(found) == {"F1": told, "invoice.pdf": "pdf"}


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"mode": "tombstone"}, "gone"),
        ({"mode": "hidden_by_limit"}, "not_shown"),
        ({"mode": "external", "is_external": True}, "elsewhere"),
        ({"url_private_download": ""}, "not_shown"),
        ({"size": 2001}, "too_large"),
    ],
)
async def test_what_need_not_be_fetched_is_not(host: FilesHost, facts: dict[str, Any], told: str) -> None:
    host.add("F1", "invoice.pdf", **facts)
    assert why(await taken(host, outside("F1"))) == {"invoice.pdf": told}
    assert host.fetched == []


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/files-pri/F1",
        "http://files.evil.example/F1",
        "http://127.0.0.1/files-pri/F1",
        "https://127.0.0.1:{port}/files-pri/F1",
        "http://127.0.0.1:{port}@evil.example/F1",
        "http://evil.example@127.0.0.1:{port}/files-pri/F1",
        "http://127.0.0.1.evil.example:{port}/F1",
        "file:///etc/passwd",
        "//127.0.0.1:{port}/files-pri/F1",
        "http://[::1",
    ],
)
async def test_the_token_goes_to_no_other_address(host: FilesHost, url: str) -> None:
    host.add("F1", "invoice.pdf", url_private_download=url.format(port=host.port))
    assert why(await taken(host, outside("F1"))) == {"invoice.pdf": "not_shown"}
    assert host.fetched == []


async def test_where_slack_is_reached_by_a_proxy_so_are_its_files(host: FilesHost) -> None:
    """The proxy here is a host that answers to any address that it is asked for."""
    host.contents["F1"] = PDF
    by_proxy = Downloads(TOKEN, "http://slack.test/api/", proxy=f"http://127.0.0.1:{host.port}")
    assert await by_proxy.fetch("http://files.slack.test/files-pri/F1", most=1000) == PDF


async def test_an_address_that_leads_elsewhere_is_not_followed(host: FilesHost) -> None:
    other = FilesHost()
    runner = await other.start()
    try:
        other.add("F1", "invoice.pdf")
        host.add("F1", "invoice.pdf")
        host.pages["F1"] = lambda: web.Response(status=302, headers={"Location": other.url("F1")})
        assert why(await taken(host, outside("F1"))) == {"invoice.pdf": "not_shown"}
        assert other.fetched == []
    finally:
        await runner.cleanup()


async def test_an_address_that_leads_on_within_slack_is_followed_for_a_while(host: FilesHost) -> None:
    host.add("F1", "invoice.pdf")
    host.add("F2", "circle.pdf")
    host.pages["F1"] = lambda: web.Response(status=302, headers={"Location": "/files-pri/F9"})
    host.pages["F2"] = lambda: web.Response(status=302, headers={"Location": "/files-pri/F2"})
    host.contents["F9"] = PDF
    assert why(await taken(host, outside("F1"), outside("F2"))) == {"invoice.pdf": "pdf", "circle.pdf": "not_shown"}
    assert host.fetched.count("F2") == 3


@pytest.mark.parametrize(
    ("status", "told"), [(401, "not_shown"), (403, "not_shown"), (404, "gone"), (410, "gone"), (418, "not_shown")]
)
async def test_a_host_that_says_no_is_believed(host: FilesHost, status: int, told: str) -> None:
    host.add("F1", "invoice.pdf")
    host.pages["F1"] = lambda: web.Response(status=status)
    assert why(await taken(host, outside("F1"))) == {"invoice.pdf": told}


async def test_a_page_to_log_in_is_not_taken_for_the_file(host: FilesHost) -> None:
    host.add("F1", "invoice.pdf")
    host.pages["F1"] = lambda: web.Response(text="<html>Sign in to Slack</html>", content_type="text/html")
    assert why(await taken(host, outside("F1"))) == {"invoice.pdf": "not_shown"}


async def test_a_file_that_is_larger_than_slack_said_is_left_in_the_middle(host: FilesHost) -> None:
    host.add("F1", "declared.pdf", PDF + b"x" * 5000, size=10)
    host.add("F2", "streamed.pdf", size=10)
    host.pages["F2"] = lambda: _stream(b"x" * 50_000)
    found = await taken(host, outside("F1"), outside("F2"))
    assert why(found) == {"declared.pdf": "too_large", "streamed.pdf": "too_large"}


def _stream(content: bytes) -> web.Response:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]

    return web.Response(body=pieces())


async def test_the_same_is_refused_as_in_a_mail(host: FilesHost) -> None:
    host.add("F1", "setup.exe", b"MZ\x90\x00")
    host.add("F2", "invoice.pdf.exe", PDF)
    host.add("F3", "invoice.pdf", b"MZ\x90\x00\x03")
    host.add("F4", "\u202egpj.exe", PDF)
    host.add("F5", "../../etc/passwd.pdf", PDF)
    found = await taken(host, *map(outside, ("F1", "F2", "F3", "F4", "F5")), limits=FileLimits())
    assert [file.refused or file.kind for file in found.attachments] == [
        "program", "program", "program", "program", "pdf",
    ]  # fmt: skip
    assert found.kept[0].attachment.name == "passwd.pdf"
    assert host.fetched == ["F3", "F5"], "what its name forbids is not fetched"


async def test_of_very_many_files_no_more_are_fetched_than_may_be_kept(host: FilesHost) -> None:
    files = [outside(str(host.add(f"F{n}", f"{n}.pdf", PDF + str(n).encode())["id"])) for n in range(60)]
    found = await taken(host, *files)
    assert len(found.kept) == LIMITS.files == len(host.fetched) == len(host.asked)
    assert len(found.attachments) == 50
    assert {file.refused for file in found.attachments[LIMITS.files :]} == {"too_many"}


async def test_a_message_that_has_to_wait_in_the_middle_asks_about_each_file_once(host: FilesHost) -> None:
    for n in range(3):
        host.add(f"F{n}", f"{n}.pdf", PDF + str(n).encode())
    host.errors["F2"] = "ratelimited"
    slack = source(host)
    with pytest.raises(InletUnavailable):
        await slack.files(raw(*(outside(f"F{n}") for n in range(3))))
    del host.errors["F2"]
    found = await slack.files(raw(*(outside(f"F{n}") for n in range(3))))
    assert len(found.kept) == 3
    assert host.asked == ["F0", "F1", "F2", "F2"]


async def test_together_they_may_not_be_too_large(host: FilesHost) -> None:
    for n in range(4):
        host.add(f"F{n}", f"{n}.pdf", PDF + b"x" * 1800)
    found = await taken(host, *(outside(f"F{n}") for n in range(4)))
    assert [file.refused for file in found.attachments] == ["", "", "too_many", "too_many"]


@pytest.mark.parametrize("error", ["ratelimited", "internal_error", "service_unavailable", "invalid_auth"])
async def test_while_slack_is_away_the_message_waits_and_in_the_end_goes_on_without_the_file(
    host: FilesHost, error: str
) -> None:
    host.errors["F1"] = error
    with pytest.raises(InletUnavailable):
        await taken(host, outside("F1"))
    assert why(await taken(host, outside("F1"), later=timedelta(hours=2))) == {"F1": "unreached"}


@pytest.mark.parametrize(("status", "after"), [(503, 30.0), (429, 12.0)])
async def test_a_host_of_files_that_is_away_is_waited_for_as_long_as_it_says(
    host: FilesHost, status: int, after: float
) -> None:
    host.add("F1", "invoice.pdf")
    host.pages["F1"] = lambda: web.Response(status=status, headers={"Retry-After": "12"})
    with pytest.raises(InletUnavailable) as waits:
        await taken(host, outside("F1"))
    assert waits.value.retry_after == after


async def test_nobody_there_and_nobody_who_answers_are_waited_for(host: FilesHost) -> None:
    file = host.add("F1", "invoice.pdf")
    gone = FilesHost()
    await (await gone.start()).cleanup()
    client, downloads = slack_client(TOKEN, base_url=gone.api), Downloads(TOKEN, gone.api)
    with pytest.raises(InletUnavailable):
        await SlackFiles(client, downloads, lambda: NOW).files(raw(file | {"url_private_download": gone.url("F1")}))

    async def silent() -> AsyncIterator[bytes]:
        await asyncio.sleep(5)
        yield b""

    host.pages["F1"] = lambda: web.Response(body=silent())
    slow = Downloads(TOKEN, host.api, seconds=0.1)
    with pytest.raises(InletUnavailable):
        await SlackFiles(slack_client(TOKEN, base_url=host.api), slow, lambda: NOW).files(raw(file))


async def test_an_answer_about_another_file_is_not_taken(host: FilesHost) -> None:
    host.known["F1"] = host.add("F2", "theirs.pdf")
    assert why(await taken(host, outside("F1"))) == {"F1": "not_shown"}


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b'{"event": []}', b"\xff", b"[" * 100_000])
async def test_what_is_no_event_is_unreadable(host: FilesHost, body: bytes) -> None:
    with pytest.raises(Unreadable):
        await source(host).files(RawMessage("in-1", body, {}, NOW))


def test_slacks_own_file_host_is_known_by_the_apis_address() -> None:
    real = Downloads("xoxb-1")
    assert real._is_slacks("https://files.slack.com/files-pri/T1-F1/download/a.pdf")
    assert not real._is_slacks("http://files.slack.com/files-pri/T1-F1/a.pdf")
    assert not real._is_slacks("https://files.slack.com.evil.example/a.pdf")
    assert "xoxb" not in repr(real)
    assert FileLimits().file == 10 * MB

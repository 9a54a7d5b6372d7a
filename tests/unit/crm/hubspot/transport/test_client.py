"""The client over real HTTP, on a server that answers as the test wishes."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import Answer, HubSpot
from crm.adapters.hubspot.transport.faults import NotThere, TokenRefused
from crm.adapters.hubspot.transport.wire import Upload
from crm.errors import CrmError, CrmOutcomeUnknown, CrmRejected, CrmUnavailable
from tests.fakes.scripted_http import Reply, ScriptedHttp, scripted_http
from tests.fakes.waiting import Waiting

TOKEN = "pat-eu1-5ec2e7"
AT = {"type": "deals", "id": "417"}
FOUND = Reply(200, {"id": "417", "properties": {}})
TORN = Reply(200, FOUND.body, torn=5)
HUNG_UP = Reply(torn=-1)
TOO_MANY = {"message": "You have reached your ten_secondly_rolling limit.", "policyName": "TEN_SECONDLY_ROLLING"}


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@asynccontextmanager
async def hubspot(unlimited: AsyncEngine, waiting: Waiting, url: str, token: str = TOKEN) -> AsyncIterator[HubSpot]:
    client = HubSpot(
        unlimited, HubSpotOptions(token, url=url, threads=4), sleep=waiting.sleep, now=waiting.now, clock=waiting.now
    )
    try:
        yield client
    finally:
        await client.aclose()


@asynccontextmanager
async def talk(
    unlimited: AsyncEngine, waiting: Waiting, *replies: Reply, always: Reply | None = None
) -> AsyncIterator[tuple[HubSpot, ScriptedHttp]]:
    async with scripted_http(*replies, always=always) as server, hubspot(unlimited, waiting, server.url) as client:
        yield client, server


async def create(client: HubSpot) -> Answer:
    return await client.call(calls.CREATE, at={"type": "notes"}, body={"properties": {"hs_note_body": "Grüße"}})


async def read(client: HubSpot) -> Answer:
    return await client.call(calls.READ, at=AT)


async def test_a_call_has_the_token_the_version_and_json(unlimited: AsyncEngine, waiting: Waiting) -> None:
    async with talk(unlimited, waiting, always=FOUND) as (client, server):
        answer = await client.call(calls.READ, at=AT, query=[("properties", "amount,dealname"), ("idProperty", "a&b")])
        await create(client)
    assert answer == Answer(200, {"id": "417", "properties": {}})
    asked, created = server.heard
    assert (asked.method, asked.path) == (
        "GET",
        "/crm/objects/2026-03/deals/417?properties=amount%2Cdealname&idProperty=a%26b",
    )
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert json.loads(created.body) == {"properties": {"hs_note_body": "Grüße"}}
    assert created.headers["content-type"] == "application/json"


async def test_connections_are_kept(unlimited: AsyncEngine, waiting: Waiting) -> None:
    async with talk(unlimited, waiting, Reply(400, {"message": "no"}), Reply(404, {}), always=FOUND) as (
        client,
        server,
    ):
        for _ in range(2):
            with pytest.raises(CrmRejected):
                await read(client)
        for _ in range(10):
            await read(client)
    assert {heard.connection for heard in server.heard} == {1}


async def test_a_connection_that_the_server_closed_meanwhile_is_not_used(
    unlimited: AsyncEngine, waiting: Waiting
) -> None:
    closing = Reply(200, {}, {"Connection": "close"}, torn=2)
    async with talk(unlimited, waiting, closing, always=FOUND) as (client, server):
        await read(client)
        await create(client)
    assert len(server.heard) == 2


async def test_a_file_goes_as_a_form(unlimited: AsyncEngine, waiting: Waiting) -> None:
    upload = Upload("Angebot für Ahlström.pdf", "application/pdf", b"%PDF\x00\xff", {"options": '{"access":"PRIVATE"}'})
    async with talk(unlimited, waiting, always=Reply(201, {"id": "9"})) as (client, server):
        assert (await client.call(calls.UPLOAD_FILE, body=upload)).body == {"id": "9"}
    (heard,) = server.heard
    assert heard.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b"%PDF\x00\xff" in heard.body
    assert 'filename="Angebot für Ahlström.pdf"'.encode() in heard.body
    assert b'{"access":"PRIVATE"}' in heard.body
    assert "%PDF" not in repr(upload)


async def test_half_characters_do_not_stop_a_call(unlimited: AsyncEngine, waiting: Waiting) -> None:
    async with talk(unlimited, waiting, always=FOUND) as (client, server):
        await client.call(calls.CREATE, at=AT, query=[("q", "\ud83d")], body={"name": "a\ud83d"})
    assert json.loads(server.heard[0].body) == {"name": "a?"}


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (Reply(204, b""), {}),
        (Reply(200, b""), {}),
        (Reply(200, [{"id": "1"}]), {"results": [{"id": "1"}]}),
        (Reply(200, gzip.compress(b'{"id": "1"}'), {"Content-Encoding": "gzip"}), {"id": "1"}),
    ],
)
async def test_every_kind_of_answer_is_read(
    unlimited: AsyncEngine, waiting: Waiting, reply: Reply, body: dict[str, Any]
) -> None:
    async with talk(unlimited, waiting, reply) as (client, _):
        assert (await read(client)).body == body


async def test_a_batch_that_is_refused_in_part_says_both(unlimited: AsyncEngine, waiting: Waiting) -> None:
    body = {"results": [{"id": "1"}, "odd"], "errors": [{"message": "no such option"}]}
    async with talk(unlimited, waiting, Reply(207, body)) as (client, _):
        answer = await client.call(calls.BATCH_UPSERT, at=AT, body={"inputs": []})
    assert answer.results == [{"id": "1"}]
    assert answer.errors == [{"message": "no such option"}]


async def test_pages_are_read_to_their_end(unlimited: AsyncEngine, waiting: Waiting) -> None:
    first = {"results": [{"id": "1"}, {"id": "2"}], "paging": {"next": {"after": "2"}}}
    async with talk(unlimited, waiting, Reply(200, first), Reply(200, {"results": [{"id": "3"}]})) as (client, server):
        pages = [page async for page in client.pages(calls.LIST, at={"type": "deals"}, query=[("limit", "2")])]
    assert pages == [[{"id": "1"}, {"id": "2"}], [{"id": "3"}]]
    assert [heard.path.partition("?")[2] for heard in server.heard] == ["limit=2", "limit=2&after=2"]


async def test_a_page_that_leads_to_itself_ends(unlimited: AsyncEngine, waiting: Waiting) -> None:
    same = Reply(200, {"results": [{"id": "1"}], "paging": {"next": {"after": "2"}}})
    async with talk(unlimited, waiting, always=same) as (client, _):
        assert len([page async for page in client.pages(calls.LIST, at={"type": "deals"})]) == 2


UNREADABLE = [
    Reply(200, b"<html>"),
    Reply(200, b"\xff\xfe"),
    Reply(200, b'"text"'),
    Reply(200, b'{"id": '),
    Reply(200, b"[" * 200_000),
    Reply(200, b"{}", {"Content-Encoding": "gzip"}),
    Reply(404, b"<html>no such page</html>"),
]


@pytest.mark.parametrize("reply", [TORN, HUNG_UP, Reply(500, b"\xff"), Reply(502, b"<html>"), *UNREADABLE])
async def test_a_lost_answer_of_a_read_is_asked_for_again(
    unlimited: AsyncEngine, waiting: Waiting, reply: Reply
) -> None:
    async with talk(unlimited, waiting, reply, FOUND) as (client, server):
        assert (await read(client)).body == FOUND.body
    assert len(server.heard) == 2


@pytest.mark.parametrize("reply", [TORN, HUNG_UP, *(Reply(status, {}) for status in (500, 502, 503, 504, 524))])
async def test_a_lost_answer_of_a_create_is_never_sent_again(
    unlimited: AsyncEngine, waiting: Waiting, reply: Reply
) -> None:
    async with talk(unlimited, waiting, reply) as (client, server):
        with pytest.raises(CrmOutcomeUnknown):
            await create(client)
    assert len(server.heard) == 1


@pytest.mark.parametrize("reply", UNREADABLE)
async def test_an_answer_to_a_create_that_cannot_be_read_leaves_it_open(
    unlimited: AsyncEngine, waiting: Waiting, reply: Reply
) -> None:
    async with talk(unlimited, waiting, reply) as (client, server):
        with pytest.raises(CrmOutcomeUnknown):
            await create(client)
    assert len(server.heard) == 1


async def test_three_tries_and_then_somebody_has_to_come_back(unlimited: AsyncEngine, waiting: Waiting) -> None:
    async with talk(unlimited, waiting, always=Reply(503, {"correlationId": "c0-ffee"})) as (client, server):
        with pytest.raises(CrmUnavailable, match="c0-ffee") as refused:
            await read(client)
    assert len(server.heard) == 3
    assert refused.value.retry_after == 30
    assert 0.6 <= sum(waiting.slept) <= 0.75


async def test_a_limit_is_waited_for_and_the_create_goes_out_after_all(
    unlimited: AsyncEngine, waiting: Waiting
) -> None:
    async with talk(unlimited, waiting, Reply(429, TOO_MANY, {"Retry-After": "3"}), always=FOUND) as (client, server):
        await create(client)
    assert len(server.heard) == 2
    assert sum(waiting.slept) >= 3


async def test_a_limit_without_a_word_on_how_long_is_waited_for_ten_seconds(
    unlimited: AsyncEngine, waiting: Waiting
) -> None:
    async with talk(unlimited, waiting, Reply(429, TOO_MANY), always=Reply(429, TOO_MANY)) as (client, server):
        with pytest.raises(CrmUnavailable) as refused:
            await create(client)
    assert len(server.heard) == 2
    assert 10 <= sum(waiting.slept) < 12
    assert refused.value.retry_after == 20


async def test_a_search_waits_a_second(unlimited: AsyncEngine, waiting: Waiting) -> None:
    secondly = Reply(429, {"policyName": "SECONDLY"})
    async with talk(unlimited, waiting, secondly, always=Reply(200, {"results": []})) as (client, _):
        await client.call(calls.SEARCH, at={"type": "deals"}, body={})
        assert sum(waiting.slept) == pytest.approx(1.25)


async def test_a_day_that_is_used_up_is_over_for_everybody_until_midnight(
    unlimited: AsyncEngine, waiting: Waiting
) -> None:
    async with talk(unlimited, waiting, Reply(429, {"policyName": "DAILY"}), always=FOUND) as (client, server):
        with pytest.raises(CrmUnavailable) as refused:
            await read(client)
        assert refused.value.retry_after == 12 * 3600
        async with hubspot(unlimited, waiting, server.url) as other:
            with pytest.raises(CrmUnavailable, match="of this day are used up"):
                await read(other)
            assert len(server.heard) == 1
            assert [name for name, _, _ in (await other.used()).closed] == ["daily"]
            waiting.pass_by(12 * 3600)
            assert (await read(other)).body == FOUND.body


async def test_a_locked_record_is_waited_for(unlimited: AsyncEngine, waiting: Waiting) -> None:
    async with talk(unlimited, waiting, Reply(423, {}), always=FOUND) as (client, _):
        await create(client)
    assert 2 <= sum(waiting.slept) <= 2.5


async def test_an_account_that_is_being_moved_is_left_alone_as_long_as_it_says(
    unlimited: AsyncEngine, waiting: Waiting
) -> None:
    async with talk(unlimited, waiting, always=Reply(477, {}, {"Retry-After": "2400"})) as (client, server):
        with pytest.raises(CrmUnavailable) as refused:
            await create(client)
    assert len(server.heard) == 1
    assert refused.value.retry_after == 2400


async def test_no_redirect_is_followed(unlimited: AsyncEngine, waiting: Waiting) -> None:
    async with scripted_http() as elsewhere:
        away = Reply(302, {}, {"Location": f"{elsewhere.url}/steal"})
        async with talk(unlimited, waiting, always=away) as (client, _):
            with pytest.raises(CrmUnavailable, match="elsewhere"):
                await read(client)
    assert elsewhere.heard == []


async def test_nobody_there_is_nothing_sent_even_for_a_create(unlimited: AsyncEngine, waiting: Waiting) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with hubspot(unlimited, waiting, f"http://127.0.0.1:{taken.getsockname()[1]}") as client:
            with pytest.raises(CrmUnavailable, match="refused"):
                await create(client)


async def test_http_that_is_none_is_a_lost_answer(unlimited: AsyncEngine, waiting: Waiting) -> None:
    async def nonsense(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 smtp.example.com ESMTP\r\n")
        writer.close()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    async with server, hubspot(unlimited, waiting, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as client:
        with pytest.raises(CrmOutcomeUnknown):
            await create(client)


@pytest.mark.parametrize("place", ["", ".", ".."])
async def test_an_id_that_would_lead_elsewhere_is_nothing(unlimited: AsyncEngine, waiting: Waiting, place: str) -> None:
    async with talk(unlimited, waiting) as (client, server):
        with pytest.raises(NotThere):
            await client.call(calls.READ, at={"type": "deals", "id": place})
    assert server.heard == []


@pytest.mark.parametrize("token", ["", "  ", "pat\nX-Other: 1", "pät", "pat\x00"])
async def test_a_token_that_cannot_be_one_is_refused_without_showing_it(
    unlimited: AsyncEngine, waiting: Waiting, token: str
) -> None:
    async with scripted_http() as server, hubspot(unlimited, waiting, server.url, token) as client:
        with pytest.raises(TokenRefused) as refused:
            await read(client)
    assert server.heard == []
    assert "pat" not in str(refused.value)


async def test_the_token_stands_nowhere(
    unlimited: AsyncEngine, waiting: Waiting, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[str] = []
    echoing = {"message": f"The token {TOKEN} is unknown", "correlationId": TOKEN, "category": f"X {TOKEN}"}
    replies = [Reply(status, echoing) for status in (400, 401, 403, 404, 409, 423, 429, 477, 500)]
    with caplog.at_level(logging.DEBUG):
        for reply in [*replies, TORN, HUNG_UP, Reply(200, b"no json")]:
            async with talk(unlimited, waiting, always=reply) as (client, _):
                with pytest.raises(CrmError) as refused:
                    await create(client)
                said += [repr(refused.value), repr(refused.value.__cause__), repr(client), repr(client.options)]
            waiting.pass_by(24 * 3600)
    assert TOKEN not in caplog.text
    assert not [words for words in said if TOKEN in words]


async def test_a_refusal_is_logged_in_a_line_with_its_correlation_id(
    unlimited: AsyncEngine, waiting: Waiting, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = {"message": "ada@example.com is taken", "category": "VALIDATION_ERROR", "correlationId": "c0-ffee"}
    async with talk(unlimited, waiting, always=Reply(400, refusal)) as (client, _):
        with pytest.raises(CrmRejected, match="c0-ffee"):
            await create(client)
    (line,) = [record.getMessage() for record in caplog.records if record.name.startswith("crm")]
    assert line == "HubSpot answered 400 (create an object): VALIDATION_ERROR (correlation id c0-ffee)"


async def test_nothing_that_comes_makes_a_second_line_in_the_log(
    unlimited: AsyncEngine, waiting: Waiting, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = {"message": "no", "category": "A\nWARNING all is lost\u2028" + "x" * 5_000, "correlationId": "b\r\nc"}
    async with talk(unlimited, waiting, always=Reply(400, refusal)) as (client, _):
        with pytest.raises(CrmRejected):
            await create(client)
    (line,) = [record.getMessage() for record in caplog.records if record.name.startswith("crm")]
    assert line.splitlines() == [line]
    assert len(line) < 300


async def test_after_its_end_a_client_is_away(unlimited: AsyncEngine, waiting: Waiting) -> None:
    async with talk(unlimited, waiting, always=FOUND) as (client, server):
        await client.aclose()
        await client.aclose()
        with pytest.raises(CrmUnavailable):
            await create(client)
    assert server.heard == []


async def test_many_at_once_share_the_threads(unlimited: AsyncEngine, waiting: Waiting) -> None:
    async with talk(unlimited, waiting, always=Reply(200, {}, pause=0.01)) as (client, server):
        await asyncio.gather(*(read(client) for _ in range(40)))
    assert len(server.heard) == 40
    assert server.connections <= 4

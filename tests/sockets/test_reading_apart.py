"""A large mail is read in a process of its own: with the same result, within its limits, whatever becomes of it."""

from __future__ import annotations

import asyncio
import base64
import pickle
import time
from collections.abc import AsyncIterator

import psutil
import pytest

from mail_ingest.apart import ReaderApart
from mail_ingest.errors import MailRefused, ReaderBusy
from mail_ingest.limits import MB
from mail_ingest.parse import ParsedMail, parse
from mail_ingest.read_pickle import unpickled
from tests.mails import mail

HEAD = "From: Zoë <a@b.example>\r\nTo: c@d.example\r\nSubject: x\r\nMessage-ID: <1@b.example>\r\n".encode()
LARGE = (
    HEAD
    + b"Date: Thu, 26 Nov 2026 10:00:00 +0100\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n"
    + b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n"
    + b"x" * 200_000
    + b"\r\n--b--\r\n"
)
# Within every limit, and seconds of work.
SLOW = (
    HEAD
    + b"In-Reply-To: <q@d.example>\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n"
    + b"On 1 aaaaaaaaaaaaaaa\n" * 49_000
    + b"\r\n--b\r\nContent-Type: text/html\r\n\r\n"
    + b"<font><b><i><p>" * 300
    + b"<p>x" * 480_000
    + b"\r\n--b--\r\n"
)


_others: set[int] = set()


@pytest.fixture(autouse=True)
def _not_of_this_test() -> None:
    """An agent that another test keeps running in this process may have a reading process of its own."""
    _others.clear()
    _others.update(child.pid for child in children())


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.pid not in _others and _reads(child)]


def _reads(child: psutil.Process) -> bool:
    try:
        return "mail_ingest.apart_process" in child.cmdline()
    except psutil.NoSuchProcess:  # gone, or not yet fetched by its parent
        return False


@pytest.fixture
async def reader() -> AsyncIterator[ReaderApart]:
    reader = ReaderApart()
    yield reader
    await reader.aclose()
    assert children() == []


async def test_a_large_mail_is_read_as_it_would_be_here(reader: ReaderApart) -> None:
    read = await reader.parse(LARGE, envelope_sender="a@b.example", own_addresses={"c@d.example"})
    assert read == parse(LARGE, envelope_sender="a@b.example", own_addresses={"c@d.example"})
    assert read.attachments[0].size >= 200_000


async def test_a_large_report_of_failed_delivery_comes_back_whole(reader: ReaderApart) -> None:
    bounce = mail("bounce").replace(b"Hello", b"Hello " * 20_000)
    read = await reader.parse(bounce, envelope_sender="")
    assert read.report == parse(bounce, envelope_sender="").report
    assert read.report is not None


async def test_one_process_is_kept_and_an_ordinary_mail_needs_none(reader: ReaderApart) -> None:
    await reader.parse(HEAD + b"\r\nhello")
    assert children() == []
    await reader.parse(LARGE)
    (first,) = children()
    for _ in range(3):
        await reader.parse(LARGE)
    assert children() == [first]


async def test_a_second_process_reads_beside_the_first_and_who_comes_after_those_that_wait_is_sent_away() -> None:
    reader = ReaderApart(processes=2, waiting=1)
    await reader.parse(LARGE)
    reading = [asyncio.create_task(reader.parse(LARGE)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(ReaderBusy):
        await reader.parse(LARGE)
    assert (await reader.parse(HEAD + b"\r\nhello")).visible == "hello"
    assert [mail.visible for mail in await asyncio.gather(*reading)] == ["hello"] * 3
    assert len(children()) == 2
    assert (await reader.parse(LARGE)).visible == "hello"
    await reader.aclose()


async def test_a_mail_beyond_the_limits_is_refused_with_its_reason(reader: ReaderApart) -> None:
    with pytest.raises(MailRefused, match="more than 600000 lines"):
        await reader.parse(HEAD + b"\r\n" + b"\n" * 700_000)


@pytest.mark.parametrize(("seconds", "patience"), [(0.1, 1.0), (0.1, 1_000.0)])
async def test_what_takes_too_long_is_refused_and_the_next_mail_is_read(seconds: float, patience: float) -> None:
    """By the clock on the wall; and by the processor time alone."""
    reader = ReaderApart(seconds=seconds, patience=patience)
    with pytest.raises(MailRefused, match="took too long"):
        await reader.parse(SLOW)
    with pytest.raises(MailRefused, match="more than 600000 lines"):
        await reader.parse(HEAD + b"\r\n" + b"\n" * 700_000)
    await reader.aclose()


async def test_a_process_that_was_killed_is_replaced(reader: ReaderApart) -> None:
    await reader.parse(LARGE)
    for child in children():
        child.kill()
    assert (await reader.parse(LARGE)).visible == "hello"


async def test_more_memory_than_allowed_refuses_the_mail_and_not_the_next(reader: ReaderApart) -> None:
    small = ReaderApart(memory=60 * MB)
    with pytest.raises(MailRefused, match=r"memory|ended the process"):
        await small.parse(HEAD + b"\r\n" + b"x" * (24 * MB))
    assert (await small.parse(LARGE)).visible == "hello"
    await small.aclose()


async def test_a_mail_at_the_limit_of_size_costs_no_process_more_than_it_may_have(reader: ReaderApart) -> None:
    await reader.parse(LARGE)
    (child,) = children()
    file = base64.encodebytes(b"\x00\xff\x10" * (6 * MB)).replace(b"\n", b"\r\n")
    large = HEAD + b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + file
    before = psutil.Process().memory_info().rss
    for _ in range(3):
        read = await reader.parse(large)
    assert read.attachments[0].size == 18 * MB
    assert children() == [child]
    assert child.memory_info().rss < 300 * MB
    assert psutil.Process().memory_info().rss - before < 50 * MB


async def test_twenty_hostile_mails_do_not_hold_up_an_ordinary_one(reader: ReaderApart) -> None:
    """Those that find no place come again later, as the worker has it; nobody takes the small one's turn."""
    hostile = [asyncio.create_task(reader.parse(SLOW)) for _ in range(20)]
    await asyncio.sleep(0.1)
    began = time.monotonic()
    assert (await reader.parse(HEAD + b"\r\nhello")).visible == "hello"
    assert time.monotonic() - began < 20
    ended = await asyncio.gather(*hostile, return_exceptions=True)
    assert sum(isinstance(end, ReaderBusy) for end in ended) == 16
    assert all(isinstance(end, ReaderBusy | MailRefused | ParsedMail) for end in ended)


async def test_who_stops_waiting_leaves_no_busy_process_behind(reader: ReaderApart) -> None:
    await reader.parse(LARGE)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await reader.parse(SLOW)
    assert (await reader.parse(LARGE)).visible == "hello"


@pytest.mark.parametrize("answer", [b"", b"nonsense", pickle.dumps("text"), pickle.dumps(print), b"c__main__\nx\n."])
def test_an_answer_that_is_no_mail_is_refused(answer: bytes) -> None:
    with pytest.raises(MailRefused, match="no mail"):
        unpickled(answer)

"""Mails for tests of the jobs, with headers a test may choose; from this machine they are proven, else not."""

from __future__ import annotations

from bot.storage.inbox import Arrival
from crm.records import Channel
from tests.builders import NOW
from tests.unit.bot.worker.assembled import Assembled

HERE, ELSEWHERE = "127.0.0.1", "198.51.100.7"
SARA = "sara@brightpath.example"


async def letter(
    house: Assembled,
    message_id: str,
    text: str = "How long is a deal protected?",
    *,
    sender: str = SARA,
    to: str = "partners@lumora.example",
    peer: str = HERE,
    date: str = "Thu, 26 Nov 2026 10:00:00 +0100",
    **headers: str,
) -> Arrival:
    """Accepted, and not yet read."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    raw = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: Hello\r\nMessage-ID: {message_id}\r\nDate: {date}\r\n{more}"
        f"\r\n{text}\r\n"
    )
    address = sender.rpartition("<")[2].rstrip(">")
    envelope = {"mail_from": address, "rcpt_tos": [to], "peer": peer, "helo": "test"}
    arrival = Arrival(Channel.EMAIL, raw.encode(), envelope, NOW, lock=address)
    await house.inbox.accept([arrival])
    return arrival


async def read(house: Assembled, *arrivals: Arrival) -> list[str]:
    """The thread of each, once it is read; "" for none."""
    for arrival in arrivals:
        await house.jobs.read(arrival.id, 0)
    found = [await house.value("select thread_id from inbox where id = :id", id=a.id) for a in arrivals]
    return [str(thread or "") for thread in found]


async def handled(house: Assembled, *arrivals: Arrival) -> list[str]:
    """The state of each, once it is read and handled."""
    for arrival in arrivals:
        await house.jobs.read(arrival.id, 0)
        await house.jobs.handle(arrival.id, 0)
    return [await house.state(arrival) for arrival in arrivals]

"""A message that fails by itself is set aside after three attempts: seen, answered, replayable, in nobody's way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.ports import FoundFiles, Incoming, InletUnavailable, RawMessage
from bot.storage.inbox import Arrival
from bot.storage.queue import HANDLE
from bot.vocabulary.message import Attachment
from bot.worker.housekeeping import replay
from tests.unit.bot.worker.assembled import Assembled, assembled, mail
from tests.unit.bot.worker.readers import FailsOn

_OPEN = "select count(*) from inbox where state in ('received', 'read')"
_SHUNTED_REPLY = "select payload ->> 'text' from outbox where key = 'shunted:' || :id"


class Broken:
    """An inlet with a fault."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault
        self.tries = 0

    async def read(self, raw: RawMessage) -> Incoming:
        self.tries += 1
        raise self.fault


@pytest.mark.slow
async def test_a_message_that_always_fails_is_shunted_and_the_next_of_its_partner_is_handled(database: str) -> None:
    reader = FailsOn("poison")
    async with assembled(database, reader=reader) as house:
        bad = await house.arrives("this is poison", message_id="<1@x>")
        good = await house.arrives("how long is a deal protected?", message_id="<2@x>")
        house.worker.start()
        await house.worked(_OPEN)
        await house.worked("select count(*) from outbox where state = 'pending'")
        await house.worker.stop()

        assert reader.tries == 3
        assert (await house.state(bad), await house.state(good)) == ("shunted", "handled")
        reference = bad.reference
        assert reference in await house.value(_SHUNTED_REPLY, id=bad.id)
        assert reference in await house.value("select summary from tasks where kind = 'shunted'")
        assert await house.value("select count(*) from ledger where kind = 'shunted'") == 1
        assert "cannot read poison" in await house.value("select error from inbox where id = :id", id=bad.id)


@pytest.mark.slow
async def test_an_apology_is_an_answer_like_others_and_not_sent_over_the_cap(database: str) -> None:
    async with assembled(database, reader=FailsOn("poison"), caps={"proven_per_hour": 1}) as house:
        bad = [await house.arrives(f"poison {n}", message_id=f"<{n}@x>") for n in range(3)]
        house.worker.start()
        await house.worked(_OPEN)
        await house.worker.stop()
        assert [await house.state(one) for one in bad] == ["shunted"] * 3
        assert await house.value("select count(*) from outbox where key like 'shunted:%'") == 1
        assert await house.value("select count(*) from tasks where kind = 'shunted'") == 3


@pytest.mark.slow
async def test_a_shunted_message_is_handled_when_it_is_replayed_after_the_fault_was_mended(database: str) -> None:
    reader = FailsOn("poison")
    async with assembled(database, reader=reader) as house:
        bad = await house.arrives("this is poison", message_id="<1@x>")
        house.worker.start()
        await house.worked(_OPEN)
        reader.mended = True
        assert await replay(house.database, house.queue, bad.id)
        await house.worked(_OPEN)
        await house.worker.stop()

        assert await house.state(bad) == "handled"
        assert await house.value("select count(*) from outbox where key = 'reply:' || :id", id=bad.id) == 1
        assert await house.value("select count(*) from ledger where kind = 'message_in'") == 1
        assert not await replay(house.database, house.queue, bad.id)


class FilesLater:
    """Files that cannot be taken out for some time."""

    def __init__(self, away: int) -> None:
        self.away = away

    async def files(self, raw: RawMessage, named: Sequence[Attachment] = ()) -> FoundFiles:
        self.away -= 1
        if self.away >= 0:
            raise InletUnavailable("no place to read it", 0.1)
        return FoundFiles()


@pytest.mark.slow
async def test_a_message_whose_files_cannot_be_read_just_now_waits_for_them_however_long(database: str) -> None:
    source = FilesLater(5)
    async with assembled(database, files=source) as house:
        sent = with_file("how long is a deal protected?")
        await house.inbox.accept([sent])
        house.worker.start()
        await house.worked(_OPEN, within=60)
        await house.worker.stop()
        assert source.away == -1
        assert await house.state(sent) == "handled"
        assert await house.value("select count(*) from tasks where kind = 'shunted'") == 0


def with_file(body: str) -> Arrival:
    plain = mail(body, message_id="<1@x>")
    head, _, said = plain.raw.decode().partition("\r\n\r\n")
    text = f"--b\r\nContent-Type: text/plain\r\n\r\n{said}\r\n"
    table = (
        "--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=seats.csv\r\n\r\nseats\r\n12\r\n"
    )
    kind = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b"
    return replace(plain, raw=f"{head}\r\n{kind}\r\n\r\n{text}{table}--b--\r\n".encode())


async def test_a_mail_that_breaks_the_reading_is_shunted_and_not_lost(database: str) -> None:
    inlet = Broken(RecursionError("too deep"))
    async with assembled(database, inlet=inlet) as house:
        bad = await house.arrives("whatever", message_id="<1@x>")
        for attempt in range(2):
            with pytest.raises(RecursionError):
                await house.jobs.read(bad.id, attempt)
        await house.jobs.read(bad.id, 2)
        assert await house.state(bad) == "shunted"
        assert bad.reference in await house.value("select summary from tasks where kind = 'shunted'")


async def test_the_same_mail_from_two_routes_is_handled_once(database: str) -> None:
    async with assembled(database) as house:
        first = await house.arrives("how long is a deal protected?", message_id="<1@x>")
        second = await house.arrives("how long is a deal protected?", message_id="<1@x>")
        await _worked_off(house, first, second)
        assert sorted([await house.state(first), await house.state(second)]) == ["duplicate", "handled"]
        assert await house.value("select count(*) from outbox where kind = 'reply'") == 1


async def test_another_mail_under_a_known_message_id_is_read_as_well(database: str) -> None:
    async with assembled(database) as house:
        first = await house.arrives("how long is a deal protected?", message_id="<1@x>")
        second = await house.arrives("which tiers are there?", message_id="<1@x>")
        await _worked_off(house, first, second)
        assert [await house.state(first), await house.state(second)] == ["handled", "handled"]


async def test_jobs_that_run_twice_change_nothing_the_second_time(database: str) -> None:
    async with assembled(database) as house:
        arrival = await house.arrives("how long is a deal protected?", message_id="<1@x>")
        await _worked_off(house, arrival)
        before = await house.rows("select key, attempts from outbox order by key")
        await _worked_off(house, arrival)
        assert await house.rows("select key, attempts from outbox order by key") == before
        assert await house.value("select count(*) from ledger where kind = 'message_in'") == 1
        # The read job deferred the handle job once.
        assert await house.value("select count(*) from procrastinate_jobs where task_name = :name", name=HANDLE) == 1


async def _worked_off(house: Assembled, *arrivals: Arrival) -> None:
    for arrival in arrivals:
        await house.jobs.read(arrival.id, 0)
        await house.jobs.handle(arrival.id, 0)

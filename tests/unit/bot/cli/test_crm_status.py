"""How the agent stands with its CRM, by command line, and another try for what the CRM refused."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import crm_writes, outbox, parking, registrations
from bot.storage.outbox import OutboxState
from crm.records import RegistrationState
from tests.builders import registration
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import on

NUMBERS = ("D-300001", "D-300002")
WORDS = "cost_centre is required (correlation id 1f0c)"


@pytest.fixture
def refused(on_database: str) -> list[str]:
    """The ids of two registrations that the CRM refused a while ago."""

    async def refuse(connection: AsyncConnection) -> list[str]:
        ids = []
        for number in NUMBERS:
            made = registration(number=number, partner_id="p-1", state=RegistrationState.SUBMITTED)
            row = crm_writes.registration_row(made, "message")
            await registrations.save(connection, made)
            await outbox.put(connection, [row])
            await outbox.settle(connection, row.id, OutboxState.REFUSED, error=WORDS)
            ids.append(row.id)
        return ids

    return on(on_database, refuse)


def states(url: str) -> list[str]:
    async def read(connection: AsyncConnection) -> list[str]:
        return list(await connection.scalars(text("select state from outbox order by seq")))

    return on(url, read)


def test_where_all_is_well_it_says_so(partnerline: Partnerline, on_database: str) -> None:
    shown = partnerline("crm", "status")
    assert shown.code == 0, shown.err
    lines = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert "Waits to be written nothing" in lines
    assert "Refused nothing" in lines


def test_what_waits_is_shown_with_since_when_and_why(partnerline: Partnerline, on_database: str) -> None:
    async def go_away(connection: AsyncConnection) -> None:
        await outbox.put(connection, [crm_writes.registration_row(registration(), "message")])
        await parking.park(connection, "crm", 600, "HubSpot answered 502")

    on(on_database, go_away)
    shown = partnerline("crm", "status").out
    assert "away since" in shown
    assert "HubSpot answered 502" in shown
    assert "1, the oldest since" in shown
    assert "registrations" in shown


def test_what_was_refused_is_listed_in_the_crms_words_and_tried_again(
    partnerline: Partnerline, refused: list[str], on_database: str
) -> None:
    shown = partnerline("crm", "status").out
    assert all(number in shown for number in NUMBERS)
    assert WORDS in shown
    again = partnerline("crm", "retry", NUMBERS[0].lower())
    assert again.code == 0, again.err
    assert "D-300001" in again.out
    assert "no worker runs now" in again.out
    assert states(on_database) == ["pending", "refused"]


def test_the_beginning_of_an_id_is_enough(partnerline: Partnerline, refused: list[str], on_database: str) -> None:
    assert partnerline("crm", "retry", refused[1][:8]).code == 0
    assert states(on_database) == ["refused", "pending"]


def test_all_of_them_go_with_one_command(partnerline: Partnerline, refused: list[str], on_database: str) -> None:
    assert "2 entries are tried again" in partnerline("crm", "retry", "--all").out
    assert states(on_database) == ["pending", "pending"]
    nothing = partnerline("crm", "retry", "--all")
    assert nothing.code == 1
    assert "refused" in nothing.err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [((), 2, "say what"), (("D-1", "--all"), 2, "say what"), (("D-999999",), 1, "nothing about D-999999")],
)
def test_what_cannot_be_tried_again_is_said(
    partnerline: Partnerline, on_database: str, words: tuple[str, ...], code: int, says: str
) -> None:
    shown = partnerline("crm", "retry", *words)
    assert shown.code == code
    assert says in shown.err

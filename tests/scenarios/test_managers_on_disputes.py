"""A line that a partner disputes: decided from both views, by a word or a tap, and seen on the next statement."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import URL

from crm.money import Money
from knowledge.commission.statement import DisputeState, LineState
from tests.builders import euro
from tests.scenarios.deciding import JONAS, NOOR, U_JONAS, U_NOOR, Asked, Office, office
from tests.scenarios.payday import Client, client
from tests.scenarios.relayed import words

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("managers on disputes")]

OPEN, UPHELD, CORRECTED = DisputeState.OPEN, DisputeState.UPHELD, DisputeState.CORRECTED


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    async with office(postgres_server, partners_template, tmp_path_factory.mktemp("disputes")) as opened:
        yield opened


async def disputed(desk: Office, region: str = "UK & Ireland", *paid: str) -> tuple[Client, Asked]:
    """A partner that disputes the first of its lines, and the brief about it."""
    made = await client(desk, *(paid or ("6000", "12000")), region=region)
    await made.disputes(made.deals[0], "we expected EUR 1,080.00, because 12 seats are missing")
    assert (await made.dispute()).state is OPEN
    return made, await made.asked("disputes", NOOR)


async def next_statement(desk: Office, made: Client) -> list[Money]:
    """The sums on the statement of the month in which the dispute was decided, in its order."""
    today = desk.house.app.today()
    await desk.house.pass_time(timedelta(days=35 - today.day))
    await made.run(today)
    statement = await made.statement(f"S-{today:%Y-%m}")
    amounts = {one.line.key: one.line.amount for one in await made.lines()}
    return [amounts[key] for key in statement.lines]


async def test_the_manager_gets_both_views(desk: Office) -> None:
    made, asked = await disputed(desk)
    for said in (words(asked.mail), str(asked.card["blocks"])):
        for fact in (
            "we expected EUR 1,080.00, because 12 seats are missing", "Rate of the plan: 15%",
            "a payment of EUR 6,000.00", "the same sum", "Suggested: uphold",
        ):  # fmt: skip
            assert fact in said
    assert "EUR 1,800.00 without the line" in words(asked.mail)
    assert made.partner.name in asked.card["text"]


async def test_a_correction_by_mail_is_reversal_and_new_line_on_the_next_statement(desk: Office) -> None:
    made, asked = await disputed(desk)
    await desk.mail(NOOR, "correct EUR 1,080.00: 12 seats were missing", asked)
    assert (await made.dispute()).state is CORRECTED
    assert "corrected to EUR 1,080.00" in desk.told(NOOR)[-1]
    assert "12 seats were missing" in await made.told()
    assert await next_statement(desk, made) == [euro("900.00"), euro("-900.00"), euro("1080.00")]


async def test_an_upheld_line_is_on_the_next_statement_as_it_was(desk: Office) -> None:
    made, asked = await disputed(desk)
    await desk.press(U_NOOR, asked, "uphold")
    assert "Reply here with the reason" in desk.thread(asked)[-1]
    await desk.says(U_NOOR, "The seats came in November and count then.", asked)
    assert (await made.dispute()).state is UPHELD
    assert "The seats came in November and count then." in await made.told()
    assert "upheld by Noor Haddad" in desk.card(asked)["text"]
    assert await next_statement(desk, made) == [euro("900.00")]


async def test_a_button_asks_for_sum_and_reason(desk: Office) -> None:
    made, asked = await disputed(desk)
    await desk.press(U_NOOR, asked, "correct")
    assert "the right sum and the reason" in desk.thread(asked)[-1]
    await desk.says(U_NOOR, "1080: seats", asked)
    assert (await made.dispute()).state is OPEN
    assert "currency" in desk.thread(asked)[-1]
    await desk.press(U_NOOR, asked, "correct")
    await desk.says(U_NOOR, "EUR 1080.00: 12 seats were missing", asked)
    assert (await made.dispute()).state is CORRECTED


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("correct USD 1,080.00: seats", "line is in EUR"),
        ("correct EUR 1.080: seats", "more than one way"),
        ("correct 1080: seats", "currency"),
        ("correct EUR 1080.00", "reason"),
        ("correct EUR 900.00: as it was", "already"),
        ("korrigiert auf 1.080,005 EUR: Plaetze", "more than one way"),
        ("uphold", "the reason"),
        ("approve", "nothing that can be done here"),
        ("yes", "nothing that can be done here"),
        ("The partner is right", "no order that I know"),
    ],
)
async def test_what_is_not_plain_decides_nothing(desk: Office, text: str, why: str) -> None:
    made, asked = await disputed(desk)
    await desk.mail(NOOR, text, asked)
    assert (await made.dispute()).state is OPEN
    assert why in desk.told(NOOR)[-1]


async def test_a_word_apart_names_statement_and_partner(desk: Office) -> None:
    made, _ = await disputed(desk)
    number = (await made.statement()).number
    await desk.mail(NOOR, f"maintenu {number} {made.partner.name} : le calcul est juste")
    assert (await made.dispute()).state is UPHELD
    await desk.mail(NOOR, f"uphold {number} {made.partner.name}: again")
    assert "has no open dispute" in desk.told(NOOR)[-1]


async def test_two_managers_at_once_decide_once(desk: Office) -> None:
    made, asked = await disputed(desk, "DACH")
    await asyncio.gather(
        desk.mail(NOOR, "uphold: it is right", asked), desk.says(U_JONAS, "correct EUR 1080.00: seats", asked)
    )
    await desk.house.quiet()
    state, told = (await made.dispute()).state, await made.told()
    assert state in (UPHELD, CORRECTED)
    assert ("it is right" in told) is (state is UPHELD)
    corrections = [one for one in await made.lines() if one.line.reverses]
    assert len(corrections) == (2 if state is CORRECTED else 0)


async def test_nobody_corrects_beyond_his_limit(desk: Office) -> None:
    made, asked = await disputed(desk, "DACH")
    await desk.says(U_JONAS, "correct EUR 250,000.00: seats", asked)
    assert "decides up to EUR 100,000" in (told := desk.thread(asked)[-1])
    assert "Noor Haddad may" in told
    await desk.mail(JONAS, f"correct {(await made.statement()).number} {made.partner.name}: EUR 250000.00, seats")
    assert "decides up to EUR 100,000" in desk.told(JONAS)[-1]
    assert (await made.dispute()).state is OPEN


async def test_the_partner_cannot_decide_its_own_dispute(desk: Office) -> None:
    made, asked = await disputed(desk)
    await desk.mail(made.contact.email, "correct EUR 1,080.00: 12 seats were missing", asked)
    await desk.mail(f"Noor Haddad <{made.contact.email}>", "correct EUR 1,080.00: 12 seats", asked)
    await desk.mail(NOOR, "correct EUR 1,080.00: 12 seats", asked, proven=False)
    assert (await made.dispute()).state is OPEN
    assert {one.state for one in await made.lines() if one.line.amount == euro("900.00")} == {LineState.DISPUTED}

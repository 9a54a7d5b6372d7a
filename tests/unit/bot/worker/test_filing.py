"""Which thread a mail belongs to: by our key or any id of the thread, for its own partner, never by the subject."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.storage import threads
from crm.records import Channel
from tests.builders import contact, partner
from tests.unit.bot.worker.assembled import Assembled, assembled
from tests.unit.bot.worker.letters import ELSEWHERE, SARA, letter, read

pytestmark = pytest.mark.slow

OTHER = replace(partner(), id="p-2", name="Quillstone", manager_email="noor@lumora.example")
WEN = "wen@quillstone.example"
TOM = "tom@brightpath.example"
CONTACTS = (
    contact(),
    replace(contact(), id="c-2", name="Tom Berg", email=TOM, main=False),
    replace(contact(), id="c-3", partner_id="p-2", name="Wen Ostrander", email=WEN),
)
_NOTICES = "select manager_email, partner_id, summary from tasks where kind = 'notice'"


@pytest.fixture
async def house(database: str) -> AsyncIterator[Assembled]:
    async with assembled(database, partners=(partner(), OTHER), contacts=CONTACTS) as made:
        yield made


async def thread(house: Assembled, partner_id: str = "p-1", address: str = SARA) -> tuple[str, str]:
    """A thread of ours with a partner, and the address that this person answers to."""
    async with house.database.begin() as connection:
        made = await threads.open_thread(connection, Channel.EMAIL, "Partner day", partner_id=partner_id)
        key = await threads.reply_key(connection, made, address)
        for n in range(8):
            await threads.join(connection, made, f"<ours-{n}@lumora.example>")
    return made, f"reply+{key}@lumora.example"


async def test_the_key_finds_the_thread_without_any_id(house: Assembled) -> None:
    known, key = await thread(house)
    assert await read(house, await letter(house, "<1@x>", to=key)) == [known]


@pytest.mark.parametrize(
    "header", ["Delivered_To", "X_Original_To", "X_Forwarded_To", "Envelope_To", "X_Gm_Original_To", "Resent_To", "Cc"]
)
async def test_the_key_is_found_behind_a_server_that_rewrote_the_recipient(house: Assembled, header: str) -> None:
    known, key = await thread(house)
    assert await read(house, await letter(house, "<1@x>", **{header: key})) == [known]


async def test_a_colleague_who_answers_belongs_to_the_thread_as_well(house: Assembled) -> None:
    known, key = await thread(house)
    by_key = await letter(house, "<1@x>", sender=TOM, to=key)
    by_id = await letter(house, "<2@x>", sender=TOM, In_Reply_To="<ours-3@lumora.example>")
    assert await read(house, by_key, by_id) == [known, known]


@pytest.mark.parametrize("place", [0, 4, 7])
async def test_any_id_of_the_thread_finds_it_the_oldest_too(house: Assembled, place: int) -> None:
    known, _ = await thread(house)
    references = " ".join([f"<ours-{place}@lumora.example>", *(f"<{n}@elsewhere.example>" for n in range(400))])
    assert await read(house, await letter(house, "<1@x>", References=references)) == [known]
    between = " ".join([*(f"<{n}@a.example>" for n in range(9)), references])
    assert await read(house, await letter(house, "<2@x>", References=between)) != [known]


async def test_their_own_mails_find_the_thread_as_well(house: Assembled) -> None:
    first = await letter(house, "<theirs@x>")
    second = await letter(house, "<second@x>", sender=TOM, In_Reply_To="<theirs@x>")
    third = await letter(house, "<third@x>", References="<theirs@x> <second@x>")
    found = await read(house, first, second, third)
    assert len(set(found)) == 1


async def test_the_subject_alone_finds_nothing(house: Assembled) -> None:
    first, second = await letter(house, "<1@x>"), await letter(house, "<2@x>")
    found = await read(house, first, second)
    assert found[0] != found[1]


async def test_a_mail_that_comes_after_its_answer_joins_it(house: Assembled) -> None:
    answer = await letter(house, "<answer@x>", In_Reply_To="<late@x>", sender=TOM)
    late = await letter(house, "<late@x>")
    found = await read(house, answer, late)
    assert found[0] == found[1]


async def test_our_key_counts_more_than_ids_that_are_quoted_along(house: Assembled) -> None:
    (known, key), (other, other_key) = await thread(house), await thread(house)
    async with house.database.begin() as connection:
        await threads.join(connection, other, "<only-other@lumora.example>")
    mixed = await letter(house, "<1@x>", to=key, In_Reply_To="<only-other@lumora.example>")
    unknown_first = await letter(
        house, "<2@x>", to=f"reply+{'0' * 32}@lumora.example", Cc=other_key, References="<ours-1@lumora.example>"
    )
    assert await read(house, mixed, unknown_first) == [known, other]


async def test_another_partner_with_a_valid_key_and_id_stands_outside_and_the_manager_is_told_once(
    house: Assembled,
) -> None:
    known, key = await thread(house)
    mails = [
        await letter(house, f"<{n}@x>", sender=WEN, to=key, In_Reply_To="<ours-0@lumora.example>") for n in range(3)
    ]
    assert known not in await read(house, *mails)
    ((manager, partner_id, summary),) = await house.rows(_NOTICES)
    assert (manager, partner_id) == (partner().manager_email, "p-1")
    assert "wen@quillstone.example answered in a thread with Brightpath" in summary


@pytest.mark.parametrize("sender", ["eve@evil.example", '"sara@brightpath.example" <eve@evil.example>', SARA])
async def test_who_is_not_proven_finds_nothing_by_a_key(house: Assembled, sender: str) -> None:
    known, key = await thread(house)
    mail = await letter(house, "<1@x>", sender=sender, to=key, peer=ELSEWHERE, In_Reply_To="<ours-0@lumora.example>")
    assert await read(house, mail) != [known]
    joined = await house.value(
        "select count(*) from thread_messages where thread_id = :t and message_id = '<1@x>'", t=known
    )
    assert joined == 0

"""A contact is forgotten: no text of the database holds it any more, and the ledger still verifies."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import forgetting, forgotten, ledger, mirror, outbox, registrations, tasks
from bot.storage.codec import to_doc
from bot.storage.crm_writes import contact_row, interaction_row
from bot.storage.forgetting import Forgotten, StillWaits
from bot.storage.outbox import Destination
from bot.storage.traces import Traces
from bot.storage.verifying import verify
from crm.adapters.embedded import EmbeddedCrm
from crm.adapters.hubspot.forgetting import forget_copies
from crm.records import Channel, Contact, Direction, Interaction
from tests.builders import NOW, contact, partner, registration
from tests.unit.bot.worker.assembled import Assembled, assembled
from tests.unit.bot.worker.letters import handled, letter

NOOR = "noor@lumora.example"
COLLEAGUE = contact(id="c-colleague", name="Otto Vance", email="otto@brightpath.example")
A_FEW = settings(
    max_examples=5,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßéèñøłç"
WORDS = st.text(LETTERS, min_size=3, max_size=9)
NAMES = st.builds("{} {}".format, WORDS.map(str.title), WORDS.map(str.title))
ADDRESSES = st.from_regex(r"[a-z0-9][a-z0-9.+_-]{3,9}[a-z0-9]@brightpath\.example", fullmatch=True)
TEXTS = st.lists(WORDS | st.just('"quoted"') | st.just("C:\\path"), min_size=9, max_size=14, unique=True).map(" ".join)


@dataclass(frozen=True)
class Person:
    name: str
    address: str
    said: str

    @property
    def contact(self) -> Contact:
        return Contact("c-9", "p-1", self.name, self.address, "+32 470 12 34 56", slack_user_id="U0PERSON9")


PEOPLE = st.builds(Person, NAMES, ADDRESSES, TEXTS)


async def lives(house: Assembled, person: Person, place: str) -> None:
    """Everything that leaves traces: mails, a colleague who quotes, records, tasks, what went to the CRM."""
    await house.crm.save_contact(person.contact)
    async with house.database.begin() as connection:
        await forgotten.known_again(connection, ["c-9"])
        await mirror.store(connection, [person.contact, COLLEAGUE])
        await ledger.append(connection, "contact", "email", {"contact": to_doc(person.contact)}, partner_id="p-1")
        await outbox.put(connection, [contact_row(person.contact, place)])
    assert await handled(house, await letter(house, f"<{place}-1@x>", person.said, sender=person.address)) == [
        "handled"
    ]
    quoted = f"I agree.\r\n\r\nOn Thursday {person.name} <{person.address.upper()}> wrote:\r\n> {person.said}"
    assert await handled(house, await letter(house, f"<{place}-2@x>", quoted, sender=COLLEAGUE.email)) == ["handled"]
    number = f"D-{place}"
    about = registration(number=number, contact_id="c-9", reason=f"agreed with {person.name}", notes="for finance")
    async with house.database.begin() as connection:
        await registrations.save(connection, about)
        await ledger.append(connection, "registration", NOOR, {"registration": to_doc(about)}, partner_id="p-1")
        await tasks.open_task(connection, f"{place}-task", "notice", f"read this: {person.said[:90]}", partner_id="p-1")
        await connection.execute(_COPY, _copy(person, place))
        await connection.execute(_MAPPED, {"seen": json.dumps({"email": person.address}), "place": place})
        await connection.execute(_DEAL, {"seen": json.dumps({"description": f"ask {person.name}"}), "place": place})
    own = EmbeddedCrm(house.database.engine)
    await own.save_partner(partner())
    await own.save_contact(person.contact)
    await own.log_interaction(interaction(person, place))
    await house.jobs.deliver(Destination.CRM)


def interaction(person: Person, place: str) -> Interaction:
    return Interaction(
        f"in:{place}", "p-1", "c-9", (), Channel.EMAIL, Direction.IN, NOW, person.said[:40], f"<{place}@x>", "logged",
        person.said, "Hello", person.address,
    )  # fmt: skip


def _copy(person: Person, place: str) -> dict[str, Any]:
    return {"place": place, "doc": json.dumps(to_doc(interaction(person, place)))}


_COPY = text(
    "insert into hubspot.interactions (key, marker, partner_id, contact_id, deal_numbers, at, doc)"
    " values (:place, :place, 'p-1', 'c-9', '{}', now(), cast(:doc as jsonb))"
)
_MAPPED = text(
    "insert into hubspot.objects (object_type, hubspot_id, kind, record_id, seen, linked, seen_at)"
    " values ('contacts', :place, 'contact', 'c-9', cast(:seen as jsonb), '{}', now())"
    " on conflict (object_type, hubspot_id) do nothing"
)


_DEAL = text(
    "insert into hubspot.objects (object_type, hubspot_id, kind, record_id, partner_id, seen, linked, seen_at)"
    " values ('deals', :place, 'deal', :place, 'p-1', cast(:seen as jsonb), '{}', now())"
)


async def everything(connection: AsyncConnection) -> list[tuple[str, str]]:
    """Every row of the database, as text, with the name of its table; bytes as what they say."""
    tables = await connection.execute(
        text("select schemaname || '.' || tablename from pg_tables where schemaname in ('public', 'crm', 'hubspot')")
    )
    found = []
    for (name,) in tables.all():
        for row in (await connection.execute(text(f"select * from {name}"))).all():
            said = " ".join(_said(value) for value in row)
            found.append((name, said))
    return found


def _said(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return " ".join(_strings(value)) if isinstance(value, dict | list) else str(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    else:
        yield str(value)


def holding(rows: list[tuple[str, str]], *wanted: str) -> list[str]:
    """Tables that hold one of the texts, however its lines are broken."""
    patterns = [re.compile(r"\W+".join(map(re.escape, re.findall(r"\w+", one))), re.IGNORECASE) for one in wanted]
    return sorted({name for name, said in rows if any(pattern.search(said) for pattern in patterns)})


async def forget(house: Assembled, who: Contact, **options: Any) -> Forgotten | StillWaits:
    async with house.database.begin() as connection:
        done = await forgetting.forget(connection, who, NOOR, f"asked by {who.name}", **options)
    await house.crm.forget_copies(who.id)
    await forget_copies(house.database.engine, who.id)
    await EmbeddedCrm(house.database.engine).forget_copies(who.id)
    return done


@A_FEW
@given(PEOPLE)
def test_no_text_of_the_database_holds_a_forgotten_person_and_the_chain_verifies(database: str, person: Person) -> None:
    asyncio.run(_forgotten(database, person))


async def _forgotten(url: str, person: Person) -> None:
    place = uuid4().hex[:12]
    async with assembled(url, contacts=(contact(), COLLEAGUE)) as house:
        await lives(house, person, place)
        async with house.database.begin() as connection:
            before = holding(await everything(connection), person.address, person.name)
        assert {"public.inbox", "public.ledger", "public.outbox", "crm.interactions", "hubspot.interactions"} <= set(
            before
        )
        done = await forget(house, person.contact)
        assert isinstance(done, Forgotten)
        async with house.database.begin() as connection:
            rows = await everything(connection)
            assert holding(rows, person.address, person.name, person.said, person.said[:90], "U0PERSON9") == []
            assert (await verify(connection)).broken is None
            kept = await registrations.find(connection, f"D-{place}")
            assert kept is not None
            assert (kept.registration.reason, kept.registration.notes) == ("agreed with [erased]", "for finance")
            assert await mirror.one(connection, Contact, COLLEAGUE.id) == COLLEAGUE
            assert holding(rows, COLLEAGUE.name) != []


@pytest.fixture
def person() -> Person:
    return Person(
        "Ines Marchetti", "ines@brightpath.example", "Could we have the protection of Vega Foods made longer please"
    )


async def test_what_still_waits_for_the_crm_stops_it_unless_it_is_given_up(database: str, person: Person) -> None:
    async with assembled(database) as house:
        await lives(house, person, "1")
        async with house.database.begin() as connection:
            await outbox.put(connection, [interaction_row(interaction(person, "2"))])
        assert await forget(house, person.contact) == StillWaits(1)
        async with house.database.begin() as connection:
            assert await mirror.one(connection, Contact, "c-9") == person.contact
        assert isinstance(await forget(house, person.contact, drop_waiting=True), Forgotten)
        assert (
            await house.value("select count(*) from outbox where state = 'pending' and kind = 'log_interaction'") == 0
        )


async def test_the_crm_does_not_bring_a_forgotten_contact_back_and_a_manager_does(
    database: str, person: Person
) -> None:
    async with assembled(database) as house:
        await lives(house, person, "1")
        await forget(house, person.contact)
        async with house.database.begin() as connection:
            await mirror.store(connection, [person.contact, COLLEAGUE])
            assert await mirror.one(connection, Contact, "c-9") is None
            await forgotten.known_again(connection, ["c-9"])
            await mirror.store(connection, [person.contact])
            assert await mirror.one(connection, Contact, "c-9") == person.contact


async def test_the_proof_names_who_erased_what_and_nobody_erased(database: str, person: Person) -> None:
    async with assembled(database) as house:
        await lives(house, person, "1")
        await forget(house, person.contact)
        row = (await house.rows("select actor, body from ledger where kind = 'erased'"))[0]
        assert row.actor == NOOR
        assert (row.body["contact"], row.body["reason"]) == ("c-9", "asked by [erased]")
        assert row.body["tables"]["inbox"] >= 2
        assert row.body["rows"]


async def test_states_of_registrations_stay_in_their_history(database: str, person: Person) -> None:
    async with assembled(database) as house:
        await lives(house, person, "1")
        await forget(house, person.contact)
        async with house.database.begin() as connection:
            history = await ledger.of_registration(connection, "p-1", "D-1")
        assert [step.state for step in history] == ["submitted"]


SAID = "Please extend the protection of our deal with Vega Foods until March"
TRACES = Traces(
    "c-9", "p-1", frozenset({"ann@x.example"}), frozenset({"Ann Lee", "Ann"}), frozenset({"+32 1 23 45 67", "42"}),
    written=(SAID, "Yes please do"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("mail ANN@x.example, please", "mail [erased], please"),
        ("joann@x.example", "joann@x.example"),
        ("ann@x.example.org", "ann@x.example.org"),
        ("(ann@x.example).", "([erased])."),
        ("Ann Lee called +32 1 23 45 67", "[erased] called [erased]"),
        ("signed: Ann\nLee", "signed: [erased]"),
        ("Ann called 42 times", "Ann called 42 times"),
        ("Joann Lee", "Joann Lee"),
        (f"> {SAID.upper()}", "[erased]"),
        ("extend the\n> protection of our deal with\n> Vega Foods until", "[erased]"),
        ("the protection of our deal", "the protection of our deal"),
        ("yes, please do!", "[erased]"),
        ("yes please do it", "yes please do it"),
        ({"a": ["ann@x.example"], "ann@x.example": 1}, {"a": ["[erased]"], "[erased]": 1}),
    ],
)
def test_a_text_loses_what_points_to_the_person_and_nothing_else(said: Any, left: Any) -> None:
    assert TRACES.without(said, named=True, words=True) == left


def test_what_holds_nothing_of_the_person_is_the_very_same() -> None:
    said = {"a": ["b", {"c": None, "d": 1.5}], "e": "Ann"}
    assert TRACES.without(said, named=True, words=True) is said
    assert replace(TRACES, written=()).without(SAID, named=True, words=True) is SAID

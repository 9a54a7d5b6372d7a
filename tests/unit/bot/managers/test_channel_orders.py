"""Orders about channels: what is read in a manager's words, and what a card's button does, whatever is sent with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.slack.blocks.mapping import MODE, PARTNER, TEAM
from bot.channels.slack.people.audience import Audience
from bot.desk.slack_channels.cards import ChannelCards
from bot.desk.slack_channels.desk import ChannelDesk
from bot.managers.channel_orders import ChannelOrders
from bot.storage import mirror, outbox, slack_buttons, slack_channels
from bot.storage.database import Database
from bot.storage.outbox import Destination, Outgoing
from bot.storage.queue import Queue
from bot.storage.slack_buttons import Button, ButtonKind
from bot.storage.slack_channels import Mode, Paused, SlackChannel
from bot.vocabulary.message import Click
from bot.vocabulary.results import Done, NotDone
from knowledge.program import Manager
from tests.builders import NOW, partner, program
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

NOOR = Manager("Noor Haddad", "noor@lumora.example", slack_user_id="U0NOOR")
CHANNEL, THEIRS, PLACE = "C0BRIGHT", "T0BRIGHT", "C0MANAGERS"
READ = Audience(confirmed=True, teams=frozenset({THEIRS}), name="ext-bright")
PARTNERS = (
    partner(), partner(id="p-2", name="Acme, Inc."), partner(id="p-3", name="Acme Cloud"),
    partner(id="p-4", name="Agent"),
)  # fmt: skip


class Slack:
    """Implements `SlackChannels`: one channel, read by whom a test says."""

    def __init__(self) -> None:
        self.audience_ = READ

    async def audience(self, channel: str) -> Audience:
        return self.audience_


class Desk:
    def __init__(self, storage: Database, queue: Queue) -> None:
        self.storage, self.slack = storage, Slack()
        desk = ChannelDesk(storage, queue, "T0HOME", lambda: NOW, self.slack)
        self.orders = ChannelOrders(storage, desk, ChannelCards(program(), PLACE, lambda: NOW))

    async def mapped(self, channel: str = CHANNEL) -> SlackChannel | None:
        async with self.storage.begin() as connection:
            return await slack_channels.find(connection, channel)

    async def button(self, **doc: object) -> str:
        known = {"channel": CHANNEL, "partners": ["p-1", "p-2"], "teams": [THEIRS], "name": "ext-bright"}
        async with self.storage.begin() as connection:
            return await slack_buttons.make(connection, Button(ButtonKind.MAP, known | doc, channel=PLACE), NOW)

    async def press(self, act: str, value: str, place: str = PLACE, **form: str) -> Done | NotDone | None:
        fields = {"partner": PARTNER, "team": TEAM, "mode": MODE}
        click = Click(f"map:{act}", value, tuple((fields[name], chosen) for name, chosen in form.items()))
        return await self.orders.pressed(click, NOOR, (place, NOOR.slack_user_id))


@pytest.fixture
async def desk(storage: Database, queue: Queue) -> Desk:
    async with storage.begin() as connection:
        await mirror.store(connection, PARTNERS)
    return Desk(storage, queue)


WORDS = [
    ("map C0BRIGHT to Brightpath", "p-1", Mode.AGENT),
    ("Map C0BRIGHT to brightpath, team T0BRIGHT, mention", "p-1", Mode.MENTION),
    ("please map #C0BRIGHT to Bright, mention.", "p-1", Mode.MENTION),
    ("map C0BRIGHT: p-1, agent", "p-1", Mode.AGENT),
    ('map C0BRIGHT to "Acme, Inc.", mention, team T0BRIGHT', "p-2", Mode.MENTION),
    ("map C0BRIGHT to Acme, Inc.", "p-2", Mode.AGENT),
    ("map C0BRIGHT to Inc.", "p-2", Mode.AGENT),
    ("Bitte zuordnen C0BRIGHT zu Brightpath", "p-1", Mode.AGENT),
    ("associer C0BRIGHT à Brightpath", "p-1", Mode.AGENT),
]


async def test_words_map_a_channel(desk: Desk) -> None:
    for words, partner_id, mode in WORDS:
        assert isinstance(await desk.orders.written(words, NOOR), Done), words
        mapped = await desk.mapped()
        assert mapped is not None
        assert (mapped.partner_id, mapped.partner_team_id, mapped.mode) == (partner_id, THEIRS, mode)
        await desk.orders.written(f"forget {CHANNEL}", NOOR)


async def test_what_is_not_clear_or_not_so_maps_nothing_and_says_why(desk: Desk) -> None:
    for words in (
        "map C0BRIGHT to Acme", "map C0BRIGHT to Nobody", "map C0BRIGHT to Brightpath, team T0WRONG",
        "map C0BRIGHT to Brightpath, team T0HOME", "map C0BRIGHT to , mention",
    ):  # fmt: skip
        assert isinstance(await desk.orders.written(words, NOOR), NotDone), words
    assert await desk.mapped() is None


@pytest.mark.parametrize(
    "words",
    ["", "\n", "approve", "what does the map of C0BRIGHT show?", "map it to Brightpath", "mode C0BRIGHT", "resume"],
)
async def test_other_words_are_no_orders_about_channels(desk: Desk, words: str) -> None:
    assert await desk.orders.written(words, NOOR) is None


READERS = [
    Audience(confirmed=False),
    Audience(confirmed=True),
    replace(READ, archived=True),
    replace(READ, teams=frozenset({"T0OTHER"})),
    replace(READ, teams=frozenset({THEIRS, "T0SECOND"})),
]


async def test_a_channel_that_is_not_the_partners_is_mapped_by_nobody(desk: Desk) -> None:
    async with desk.storage.begin() as connection:
        await slack_channels.save(connection, SlackChannel("T0HOME", "C0SECOND", "x", "p-2", "T0SECOND"))
    for audience in READERS:
        desk.slack.audience_ = audience
        words = f"map {CHANNEL} to Brightpath, team {THEIRS}"
        assert isinstance(await desk.orders.written(words, NOOR), NotDone)
        assert isinstance(await desk.press("map", await desk.button(), partner="0"), NotDone)
        assert await desk.mapped() is None


async def test_the_button_maps_what_was_chosen_once(desk: Desk) -> None:
    button = await desk.button()
    assert isinstance(await desk.press("map", button, partner="1", mode="1"), Done)
    mapped = await desk.mapped()
    assert mapped is not None
    assert (mapped.partner_id, mapped.mode, mapped.name) == ("p-2", Mode.MENTION, "ext-bright")
    assert isinstance(await desk.press("map", button, partner="0"), NotDone)
    assert (await desk.mapped()) == mapped


async def test_a_choice_that_was_never_offered_maps_nothing(desk: Desk) -> None:
    for chosen in ("", "7", "-1", "p-1", "1e1", "²", "0 ", "99999999999999999999", "True"):
        assert isinstance(await desk.press("map", await desk.button(), partner=chosen), NotDone), chosen
    assert await desk.mapped() is None


@pytest.mark.parametrize(
    "value", ["", "b-1", "00000000-0000-0000-0000-000000000000", CHANNEL, "'; drop table briefs; --"]
)
async def test_a_button_that_was_never_made_does_nothing(desk: Desk, value: str) -> None:
    for act in ("map", "none", "resume", "forget"):
        assert isinstance(await desk.press(act, value, partner="0"), NotDone)


async def test_a_button_counts_only_where_it_was_posted(desk: Desk) -> None:
    assert isinstance(await desk.press("map", await desk.button(), place="C0ELSEWHERE", partner="0"), NotDone)
    assert await desk.mapped() is None


async def test_a_button_of_another_kind_maps_nothing(desk: Desk) -> None:
    async with desk.storage.begin() as connection:
        other = Button(ButtonKind.SAY, {"channel": CHANNEL, "partners": ["p-1"]}, channel=PLACE)
        value = await slack_buttons.make(connection, other, NOW)
    assert isinstance(await desk.press("map", value, partner="0"), NotDone)
    assert await desk.mapped() is None


async def test_a_choice_alone_does_nothing_yet(desk: Desk) -> None:
    for act in ("partner", "mode", "team", "", "MAP", "map:map"):
        assert await desk.press(act, await desk.button(), partner="0") is None
    assert await desk.mapped() is None


async def test_of_several_workspaces_the_partners_has_to_be_chosen(desk: Desk) -> None:
    desk.slack.audience_ = replace(READ, teams=frozenset({THEIRS, "T0AGENCY"}))
    button = await desk.button(teams=["T0AGENCY", THEIRS])
    assert isinstance(await desk.press("map", button, partner="0"), NotDone)
    assert isinstance(await desk.press("map", button, partner="0", team="1"), Done)
    mapped = await desk.mapped()
    assert mapped is not None
    assert mapped.partner_team_id == THEIRS


async def test_a_paused_channel_is_resumed_by_words_and_by_its_button_and_only_where_it_may_be(desk: Desk) -> None:
    await desk.orders.written(f"map {CHANNEL} to p-1", NOOR)
    for by_words in (True, False):
        async with desk.storage.begin() as connection:
            await slack_channels.pause(connection, CHANNEL, Paused.UNSHARED)
        button = await desk.button()
        for audience, kind in ((Audience(confirmed=True), NotDone), (READ, Done)):
            desk.slack.audience_ = audience
            words = f"resume {CHANNEL}"
            done = await (desk.orders.written(words, NOOR) if by_words else desk.press("resume", button))
            assert isinstance(done, kind)
        mapped = await desk.mapped()
        assert mapped is not None
        assert mapped.paused == ""


async def test_a_channel_is_forgotten_by_words(desk: Desk) -> None:
    await desk.orders.written(f"map {CHANNEL} to p-1", NOOR)
    assert isinstance(await desk.orders.written(f"forget {CHANNEL}", NOOR), Done)
    assert await desk.mapped() is None
    assert isinstance(await desk.orders.written(f"forget {CHANNEL}", NOOR), NotDone)


async def test_what_is_done_in_words_settles_the_cards_that_asked_for_it(desk: Desk) -> None:
    buttons = [await desk.button() for _ in range(2)]
    other = await desk.button(channel="C0OTHER")
    await desk.orders.written(f"map {CHANNEL} to p-1", NOOR)
    for button in buttons:
        assert await desk.press("map", button, partner="1") == NotDone("this is decided already")
    assert await desk.press("none", other) == Done("C0OTHER is no partner's channel; nothing is said there")


@pytest.mark.parametrize("order", [f"forget {CHANNEL}", f"map {CHANNEL} to Acme, Inc., team T0ACME"])
async def test_what_waits_to_be_said_to_a_partner_is_not_said_where_it_no_longer_is(desk: Desk, order: str) -> None:
    """Nor to whoever asked there: it may have been mapped to the wrong partner."""
    theirs = SlackChannel("T0HOME", CHANNEL, "ext-bright", "p-1", THEIRS)
    asked = {"channel": "U0BEA", "in_confidence": {"to": {"slack_channel": CHANNEL}}}
    waiting = {
        "here": post("here", CHANNEL), "alone": replace(post("alone", "U0BEA"), payload=asked),
        "elsewhere": post("elsewhere", "C0OTHER"), "another's": replace(post("another's", CHANNEL), partner_id="p-2"),
    }  # fmt: skip
    async with desk.storage.begin() as connection:
        await slack_channels.save(connection, theirs)
        await outbox.put(connection, list(waiting.values()))
    desk.slack.audience_ = replace(READ, teams=frozenset({"T0ACME"}))
    assert isinstance(await desk.orders.written(order, NOOR), Done)
    async with desk.storage.reading() as connection:
        due = await outbox.due(connection, Destination.SLACK, 10)
    assert {row.id for row in due} == {waiting["elsewhere"].id, waiting["another's"].id}


def post(key: str, channel: str) -> Outgoing:
    payload = {"channel": channel, "thread_ts": "", "text": "€1"}
    return Outgoing(key, Destination.SLACK, "reply", payload, ordering=f"{channel}:{key}", partner_id="p-1")

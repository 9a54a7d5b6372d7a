"""Who counts as a manager in Slack: one whom Slack itself says to be ours, in a channel that is no partner's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.ports import MappedChannel
from bot.steps.identify import identify
from bot.vocabulary.identity import Trust
from bot.vocabulary.message import Message, Sender
from crm.records import Channel, Contact, Partner
from knowledge.program import Manager
from tests.builders import NOW, contact, partner

HOME, AWAY = "T0HOME", "T0AWAY"
NOOR = Manager("Noor Haddad", "noor@lumora.example", slack_user_id="U0NOOR")
OURS = Sender(
    slack_team=HOME, slack_user="U0NOOR", slack_channel="C0MANAGERS", proof="slack", slack_home=True
)  # fmt: skip


class People:
    """A directory with one partner's channel, and perhaps somebody in it."""

    def __init__(self, member: Contact | None = None) -> None:
        self.member = member

    async def by_address(self, address: str) -> tuple[Partner, Contact] | None:
        return None

    async def by_channel(self, channel_id: str) -> MappedChannel | None:
        paused = {"C0PARTNER": "", "C0PAUSED": "second_partner"}
        return MappedChannel(partner(), AWAY, HOME, paused=paused[channel_id]) if channel_id in paused else None

    async def by_slack_team(self, team: str) -> MappedChannel | None:
        return MappedChannel(partner(), AWAY, HOME) if team == AWAY else None

    async def by_slack_user(self, partner_id: str, slack_user_id: str) -> Contact | None:
        return self.member


def message(sender: Sender) -> Message:
    return Message("in-1", Channel.SLACK, "C:1", NOW, sender, "", "approve")


async def test_a_manager_among_his_own_people_is_proven() -> None:
    found = await identify(message(OURS), People(), [NOOR])
    assert (found.trust, found.manager, found.proven_partner_id) == (Trust.PROVEN, NOOR, None)


@pytest.mark.parametrize(
    "sender",
    [
        replace(OURS, slack_home=False),
        replace(OURS, slack_home=False, slack_team="T0OTHER"),
        replace(OURS, proof=""),
        replace(OURS, slack_user="U0OTHER"),
        replace(OURS, slack_user=""),
        replace(OURS, slack_user="", name="Noor Haddad", address="noor@lumora.example"),
    ],
)
async def test_whoever_else_brings_a_managers_id_or_name_is_nobody(sender: Sender) -> None:
    nameless = Manager("Jonas Weber", "jonas@lumora.example")
    found = await identify(message(sender), People(), [nameless, NOOR])
    assert (found.trust, found.manager) == (Trust.UNKNOWN, None)


async def test_in_a_partners_channel_he_asks_as_a_manager_and_as_no_contact_of_the_partners() -> None:
    found = await identify(message(replace(OURS, slack_channel="C0PARTNER")), People(), [NOOR])
    assert (found.manager, found.proven_partner_id, found.contact) == (NOOR, "p-1", None)


async def test_any_other_of_the_vendors_people_is_told_nothing_there() -> None:
    found = await identify(message(replace(OURS, slack_channel="C0PARTNER", slack_user="U0OTHER")), People(), [NOOR])
    assert (found.trust, found.may_be_told) == (Trust.UNKNOWN, False)


@pytest.mark.parametrize("sender", [OURS, replace(OURS, slack_team=AWAY, slack_user="U0SARA", slack_home=False)])
async def test_in_a_channel_that_is_paused_nobody_is_told_anything(sender: Sender) -> None:
    found = await identify(message(replace(sender, slack_channel="C0PAUSED")), People(contact()), [NOOR])
    assert (found.trust, found.may_be_told, found.paused) == (Trust.UNKNOWN, False, "second_partner")


async def test_a_member_whose_contact_is_closed_stands_for_nobody() -> None:
    theirs = Sender(slack_team=AWAY, slack_user="U0SARA", slack_channel="C0PARTNER", proof="slack")
    active = await identify(message(theirs), People(contact()), [])
    closed = await identify(message(theirs), People(contact(active=False)), [])
    assert active.proven_partner_id == "p-1"
    assert (closed.trust, closed.partner, closed.contact) == (Trust.UNKNOWN, None, None)

"""The managers' counter under attack: whoever comes by whatever way acts on nothing, and learns nothing of anybody."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from bot.storage.announcement_tables import announcements
from crm.records import RegistrationState
from tests.fakes.slack.delivering import HttpTransport, Kind
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.patience import wait_for
from tests.fakes.slack.web_api import AWAY, HOME, THIRD
from tests.fakes.slack.world import FakeView
from tests.scenarios.deciding import MANAGERS, U_COLLEAGUE, U_NOOR, U_PARTNER, Asked, Office
from tests.scenarios.seats import take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("counter attacked")]

STRANGERS = {
    "a partner's member": (U_PARTNER, AWAY),
    "a partner's member who names our team": (U_PARTNER, HOME),
    "somebody of a third company": ("U0THIRD", THIRD),
    "nobody that Slack knows": ("U0NOBODY", HOME),
    "a colleague who is no manager": (U_COLLEAGUE, HOME),
    "our own bot": ("U0BOT", HOME),
}


@dataclass
class Target:
    """A registration that waits, a manager's open form for it, and a preview of an announcement."""

    desk: Office
    asked: Asked
    form: FakeView
    preview: FakeView

    @property
    def hands(self) -> Hands:
        return self.desk.hands

    async def attack(self, payload: dict[str, Any], kind: Kind = Kind.INTERACTIVE) -> str:
        """All that the attacker gets to see: the answer, and the forms that were opened for him."""
        before = set(self.desk.slack.views)
        attempts = await self.hands.send(payload, kind)
        seen = [self.desk.slack.views[view].body for view in set(self.desk.slack.views) - before]
        return json.dumps([attempts[-1].answer, seen])

    def command(self, user: str, team: str, words: str) -> dict[str, str]:
        known = user if user in self.desk.slack.users else U_COLLEAGUE
        made = self.hands.interactions.command(known, self.desk.slack.channels[MANAGERS], "/partners", words)
        return made | {"user_id": user, "team_id": team}

    def sent_off(self, view: FakeView, user: str, team: str) -> dict[str, Any]:
        return _by(self.hands.interactions.submission(view), user, team)

    def pressed(self, user: str, team: str, name: str, value: str = "") -> dict[str, Any]:
        channel = self.desk.slack.channels[MANAGERS]
        made = self.hands.interactions.press(U_NOOR, channel, self.desk.card(self.asked), "Details …")
        action = made["actions"][0] | {"action_id": name, "value": value or self.asked.button}
        return _by(made | {"actions": [action]}, user, team)

    async def announced(self) -> int:
        async with self.desk.house.app.database.reading() as connection:
            return int(await connection.scalar(select(func.count()).select_from(announcements)) or 0)


def _by(payload: dict[str, Any], user: str, team: str) -> dict[str, Any]:
    return payload | {"user": {**payload["user"], "id": user, "team_id": team}, "team": {"id": team, "domain": "x"}}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def target(desk: Office) -> Target:
    desk.slack.add_user("U0THIRD", THIRD, "Theo Third")
    asked = await desk.asked(await take_seat(desk.house, "quaywise"))
    form = await _filled(desk, f"decide {asked.number}", "counter_decision")
    desk.hands.fills(form, {"act": "approve"})
    preview = await _filled(desk, "announce Secret plans", "counter_write")
    await desk.hands.submits(preview, {"text": "Nobody knows yet."})
    return Target(desk, asked, form, preview)


async def _filled(desk: Office, words: str, callback: str) -> FakeView:
    await desk.hands.commands(U_NOOR, MANAGERS, words)
    view = await desk.hands.opened(U_NOOR)
    await wait_for(lambda: view.body["callback_id"] == callback, 5.0)
    return view


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def untouched(target: Target) -> AsyncIterator[None]:
    before, mails = await target.announced(), len(target.desk.scene.relay.taken)
    yield
    await target.desk.house.quiet()
    assert await target.desk.state(target.asked.number) is RegistrationState.SUBMITTED
    assert await target.announced() == before
    assert len(target.desk.scene.relay.taken) == mails


def learns_nothing(target: Target, seen: str) -> None:
    for known in ("Kilbride", "Quaywise", "quaywise", "Secret plans", "Nobody knows", "Lumora Insights", "jan@vega"):
        assert known not in seen


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize(
    "words",
    [
        "approve {0}", "refuse {0}: no", "status", "status {0}", "status Quaywise Advisory", "decide {0}", "announce",
        "scheduled", "map C0PARTNER to Quaywise Advisory, team T0THIRD",
    ],
)  # fmt: skip
async def test_a_strangers_command(target: Target, who: str, words: str) -> None:
    user, team = STRANGERS[who]
    seen = await target.attack(target.command(user, team, words.format(target.asked.number)), Kind.COMMAND)
    assert "for managers" in seen
    learns_nothing(target, seen)


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("form", ["form", "preview"])
async def test_a_managers_form_sent_off_by_another(target: Target, who: str, form: str) -> None:
    user, team = STRANGERS[who]
    seen = await target.attack(target.sent_off(getattr(target, form), user, team))
    learns_nothing(target, seen)


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("action", ["counter:decide", "counter:announce", "counter:scheduled", "counter:cancel"])
async def test_a_strangers_press(target: Target, who: str, action: str) -> None:
    user, team = STRANGERS[who]
    learns_nothing(target, await target.attack(target.pressed(user, team, action)))


@pytest.mark.parametrize("who", STRANGERS)
async def test_a_strangers_shortcut(target: Target, who: str) -> None:
    user, team = STRANGERS[who]
    post = target.desk.card(target.asked)
    made = target.hands.interactions.message_shortcut(
        U_NOOR, target.desk.slack.channels[MANAGERS], post, "announce_this"
    )
    learns_nothing(target, await target.attack(_by(made, user, team)))


FORGED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another workspace's app": lambda view: view | {"app_installed_team_id": THIRD},
    "an id that nobody gave": lambda view: view | {"private_metadata": "00000000-0000-4000-8000-000000000000"},
    "no id": lambda view: view | {"private_metadata": ""},
    "orders for an id": lambda view: view | {"private_metadata": "' or 1=1; approve everything"},
    "another form's name": lambda view: view | {"callback_id": "counter_confirm"},
    "no form of ours": lambda view: view | {"callback_id": "brief:approve"},
    "a choice that was not offered": lambda view: view | {"state": _state("pay", "SEPA 1")},
    "an act that there is not": lambda view: view | {"state": _state("approve\napprove", "")},
    "nothing chosen": lambda view: view | {"state": {"values": {}}},
}


def _state(act: str, words: str) -> dict[str, Any]:
    chosen = {"type": "radio_buttons", "selected_option": {"value": act, "text": {"type": "plain_text", "text": "x"}}}
    written = {"type": "plain_text_input", "value": words}
    return {"values": {"act": {"act": chosen}, "words": {"words": written}}}


@pytest.mark.parametrize("how", FORGED)
async def test_a_managers_form_with_forged_insides(target: Target, how: str) -> None:
    payload = target.hands.interactions.submission(target.form)
    await target.attack(payload | {"view": FORGED[how](payload["view"])})


@pytest.mark.parametrize("headers", [{"X-Slack-Signature": "v0=0"}, {"X-Slack-Request-Timestamp": "1"}])
@pytest.mark.parametrize("kind", [Kind.COMMAND, Kind.INTERACTIVE])
async def test_what_slack_did_not_sign(target: Target, headers: dict[str, str], kind: Kind) -> None:
    transport = target.hands.transport
    assert isinstance(transport, HttpTransport)
    approve = f"command=/partners&user_id={U_NOOR}&channel_id={MANAGERS}&text=approve+{target.asked.number}"
    form = "application/x-www-form-urlencoded"
    attempt = await transport.post(approve.encode(), headers, kind=kind, content_type=form)
    assert attempt.status == 401


async def test_a_manager_in_a_partners_channel_shows_nothing_there(target: Target) -> None:
    """He asks there; what he reads goes to him alone."""
    seat = await take_seat(target.desk.house, "quaywise")
    channel = target.desk.slack.add_channel(seat.channel.channel_id, {HOME, seat.channel.partner_team_id})
    answer = await target.hands.commands(U_NOOR, channel.id, f"status {target.asked.number}")
    learns_nothing(target, json.dumps(answer))
    assert channel.posts == []

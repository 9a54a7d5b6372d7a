"""Plays a dialogue through one channel of the running agent and checks what each step came to."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.scenarios.acts import Acts
from tests.scenarios.checks import Checks, spaced
from tests.scenarios.dialogue import Dialogue, Step
from tests.scenarios.doors import Doors
from tests.scenarios.house import Came, House, Told
from tests.scenarios.seats import take_seat
from tests.scenarios.sides import Before, Side


class Play:
    def __init__(self, house: House, dialogue: Dialogue, channel: str, sides: dict[str, Side]) -> None:
        self.house = house
        self.dialogue = dialogue
        self.channel = channel
        self.sides = sides
        self.acts = Acts(house, sides["own"], channel)

    def move(self, house: House) -> None:
        """Go on in the agent that was started anew on the same database."""
        self.house = self.acts.house = house
        for side in self.sides.values():
            side.house = house

    async def steps(self, first: int, end: int | None = None) -> None:
        for number, step in list(enumerate(self.dialogue.step))[first:end]:
            try:
                await self.step(step)
            except AssertionError as fault:
                raise AssertionError(f"step {number}: {fault}") from fault

    async def say(self, step: Step, again: str = "") -> str:
        """The key of a message that nobody waits for. `again` is that of one which is delivered once more."""
        return await self._says(step, self.sides[step.side], self._channel(step), again)

    async def at_once(self, *steps: Step) -> list[Came]:
        """Messages that come at the same moment, and what became of each."""
        keys = await asyncio.gather(*map(self.say, steps))
        await self.house.quiet()
        return [await self.house.one(key) for key in keys]

    async def step(self, step: Step) -> None:
        side = self.sides[step.side]
        before = await side.before()
        told = ""
        if step.does:
            await self.acts(step, side)
        elif step.stranger:
            told = await self._strangers(step, side)
        else:
            told = await self._says(step, side, self._channel(step))
        await self.house.quiet()
        came = await self.house.one(told) if told else None
        # A statement for each currency: several mails, of which none is an answer.
        answer = await self._answer(came, before, side) if step.does != "states" else None
        if not (step.intrudes or step.stranger):
            await side.heard(answer)
        if came is not None:
            _as_read(step, came)
        others = self._others(side) | (self._own_words(side) if step.stranger else frozenset())
        checks = Checks(self.house, self.dialogue, self._channel(step), side, others)
        await checks(step, answer, before, self.acts.announcement_id)
        self._remember(spaced(answer.text) if answer else "", "\n".join(side.later))

    def _channel(self, step: Step) -> str:
        return {"mail": "slack", "slack": "mail"}[self.channel] if step.elsewhere else self.channel

    def _remember(self, answer: str, later: str) -> None:
        """With both sides, so that a step can be compared with any before it."""
        for side in self.sides.values():
            side.answers.append(answer)
            side.laters.append(later)

    def _own_words(self, side: Side) -> frozenset[str]:
        """What a stranger must not learn of the partner in whose name or channel it writes."""
        return frozenset({side.seat.partner.name, side.number, *side.seat.numbers, *side.seat.brought} - {""})

    def _others(self, side: Side) -> frozenset[str]:
        """What only others may read: names and numbers of the other side, too."""
        theirs = [other for other in self.sides.values() if other is not side]
        own = {"", *side.leads.values()}  # a lead may have gone on from the other
        return side.seat.outsiders_words.union(*({o.seat.partner.name, o.number, o.lead} - own for o in theirs))

    async def _says(self, step: Step, side: Side, channel: str, again: str = "") -> str:
        doors, contact = Doors(self.house), side.seat.person(await side.filled(step.who))
        text = await side.filled(step.says)
        where = next(o for o in self.sides.values() if o is not side) if step.intrudes else side
        if channel == "slack":
            thread = where.thread_ts if step.thread == "same" else ""
            mention = not thread if step.mention is None else step.mention
            key = await doors.slack(
                where.seat.channel, contact.slack_user_id, text, thread_ts=thread, mention=mention,
                team=side.seat.channel.partner_team_id, again=again.partition(":")[2],
            )  # fmt: skip
            where.thread_ts = thread or key.partition(":")[2]
            return key
        return await self._mailed(f"{contact.name} <{contact.email}>", text, step, where, again)

    async def _strangers(self, step: Step, side: Side) -> str:
        """In Slack, of a workspace that is neither the partner's nor the vendor's."""
        text = await side.filled(step.says)
        if self.channel == "mail":
            return await self._mailed(step.stranger, text, step, side)
        thread = side.thread_ts if step.thread == "same" else ""
        return await Doors(self.house).slack(
            side.seat.channel, "U0STRANGER", text, thread_ts=thread, mention=True, team="T0STRANGER"
        )

    async def _mailed(self, sender: str, text: str, step: Step, where: Side, again: str = "") -> str:
        earlier = where.last_mail if step.thread == "same" else ""
        subject = f"Re: {step.subject or self.dialogue.title}" if earlier else step.subject
        return await Doors(self.house).mail(
            sender, text, subject, in_reply_to=earlier, to=where.reply_to if earlier else "", headers=step.headers,
            again=again,
        )  # fmt: skip

    async def _answer(self, came: Came | None, before: Before, side: Side) -> Told | None:
        """The one answer to a message; what anything else tells the main contact or the channel."""
        seat = side.seat
        fresh = [t for t in await self.house.told(seat.partner.id) if t.id not in before.told]
        if came is not None:
            found = await self.house.answers(came.id)
        else:
            found = [t for t in fresh if t.to in (seat.contacts[seat.main].email, seat.channel.channel_id)]
        if came is None and len({t.destination for t in found}) > 1:  # told by mail and in the channel
            found = [t for t in found if t.destination == self.channel]
        assert len(found) <= 1, [told.text for told in found]
        side.later = [spaced(t.text) for t in fresh if not found or t.id != found[0].id]
        return found[0] if found else None


def _as_read(step: Step, came: Came) -> None:
    then = step.then
    assert then.state in ("", came.state), came
    assert then.intents is None or sorted(came.intents) == sorted(then.intents), came.reading
    assert then.outcome is None or came.outcome == then.outcome, came


async def play(house: House, dialogue: Dialogue, channel: str) -> None:
    stage = await set_stage(house, dialogue, channel)
    try:
        await stage.steps(0)
    finally:
        await stage.acts.clear_up()


async def set_stage(house: House, dialogue: Dialogue, channel: str) -> Play:
    """Everybody in place, at the real time, and nothing said yet."""
    house.clock.ahead = timedelta()
    sides = {"own": await _side(house, dialogue, dialogue.partner)}
    if dialogue.rival:
        sides["rival"] = await _side(house, dialogue, dialogue.rival)
        sides["own"].other, sides["rival"].other = sides["rival"], sides["own"]
    return Play(house, dialogue, channel, sides)


async def _side(house: House, dialogue: Dialogue, key: str) -> Side:
    seat = await take_seat(house, key, dialogue.region)
    return Side(house, seat, dialogue.language, dialogue.region)

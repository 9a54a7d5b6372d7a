"""What a step came to: the words of the answer, our records, the CRM's, the managers' desk."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from bot.storage import mirror
from bot.storage.announcing import tallied
from crm.records import Contact, Deal, Direction, Interaction, Lead, Registration
from tests.scenarios.dialogue import Dialogue, Line, Step, Then
from tests.scenarios.house import House, Told
from tests.scenarios.sides import Before, Side

_CHANNELS = {"mail": "email", "slack": "slack"}


class Checks:
    """Checks one step as its side sees it; `others` are the words that no answer to it may hold."""

    def __init__(self, house: House, dialogue: Dialogue, channel: str, side: Side, others: frozenset[str]) -> None:
        self.house = house
        self.dialogue = dialogue
        self.channel = channel
        self.side = side
        self.others = others

    async def __call__(self, step: Step, answer: Told | None, before: Before, announcement_id: str) -> None:
        await self._words(step, spaced(answer.text) if answer else "")
        await self._records(step.then, before)
        await self._crm(step.then)
        await self._timeline(step.then, before)
        await self._tasks(step.then, before)
        await self._briefs(step.then, before)
        await self._announcement(step.then, announcement_id)

    async def _words(self, step: Step, text: str) -> None:
        then, side = step.then, self.side
        assert bool(text) is then.answered, f"answered: {text!r}"
        for part in then.has:
            wanted = await side.filled(part)
            assert wanted in text, f"{wanted!r} is not in:\n{text}"
        for part in then.lacks:
            assert await side.filled(part) not in text, f"{part!r} is in:\n{text}"
        for part in then.once:
            assert text.count(await side.filled(part)) == 1, f"{part!r} is not once in:\n{text}"
        for part in then.later:
            wanted = await side.filled(part)
            assert any(wanted in told for told in side.later), f"{wanted!r} is in none of {side.later}"
        said = await side.filled(step.says)
        everything = "\n".join((text, *side.later))
        leaked = [word for word in self.others if _names(everything, word) and word not in said]
        assert not leaked, f"{leaked} of other partners in:\n{everything}"
        if then.same_as_step is not None:
            await self._alike(step, text, then.same_as_step, side.answers)
        if then.later_same_as_step is not None:
            await self._alike(step, "\n".join(side.later), then.later_same_as_step, side.laters)

    async def _alike(self, step: Step, text: str, index: int, earlier: list[str]) -> None:
        told, other = await self.side.filled(step.told), await self.side.filled(self.dialogue.step[index].told)
        here, there = (
            said.replace(word, "…") if word else said for said, word in ((text, told), (earlier[index], other))
        )
        assert here == there
        assert here

    async def _records(self, then: Then, before: Before) -> None:
        saved = await self.side.new_registrations()
        if then.new_registrations is not None:
            assert len(saved) - before.registrations == then.new_registrations, saved
        if then.registration is not None:
            named = then.registration.get("customer")
            held = next(r for r in saved if (r["customer"] == named if named else r["number"] == self.side.number))
            in_crm = await self._in_crm("registrations", held["number"])
            for name, value in then.registration.items():
                wanted = await self.side.filled(value)
                assert _plain(held[name]) == wanted, f"{name}: {held}"
                assert _plain(in_crm[name]) == wanted, f"{name} in the CRM: {in_crm}"

    async def _crm(self, then: Then) -> None:
        """Deals, leads and people, which only the CRM holds."""
        if then.deal is not None:
            number = await self.side.filled(then.deal.get("number", "{number}"))
            await self._same("deals", number, then.deal)
        if then.lead is not None:
            await self._same("leads", await self.side.filled(then.lead.get("number", "{lead}")), then.lead)
        for key, wanted in then.contact.items():
            person = self.side.seat.contacts.get(key)
            await self._same("contacts", person.email if person else await self.side.filled(key), wanted)
        if then.history is not None:
            told = await self.house.app.attribution_desk.history(self.side.number)
            assert [f"{c.was} -> {c.becomes}: {c.reason}" for c in told] == list(then.history)

    async def _same(self, kind: str, key: str, wanted: dict[str, str]) -> None:
        in_crm = await self._in_crm(kind, key)
        for name, value in wanted.items():
            filled = await self.side.filled(value)
            assert _plain(in_crm[name]) == filled, f"{name} of {key} in the CRM: {in_crm}"

    async def _in_crm(self, kind: str, key: str) -> dict[str, Any]:
        """A record as the CRM has it at this moment, by its number or address."""
        crm, partner_id = self.house.app.crm, self.side.seat.partner.id
        found: Deal | Registration | Lead | Contact | None
        if kind == "contacts":
            found = await crm.contact(await self._contact_id(key))
        elif kind == "leads":
            found = await crm.lead(key)
        elif kind == "deals":
            found = await crm.deal(partner_id, key)
        else:
            found = await crm.registration(partner_id, key)
        assert found is not None, f"the CRM has none of its {kind} as {key}"
        return {name: getattr(found, name) for name in found.__dataclass_fields__}

    async def _contact_id(self, address: str) -> str:
        async with self.house.app.database.begin() as connection:
            known = await mirror.of_partner(connection, Contact, self.side.seat.partner.id)
        return next((contact.id for contact in known if contact.email == address), "")

    async def _timeline(self, then: Then, before: Before) -> None:
        rows = (await self.house.timeline(self.side.seat.partner.id))[before.timeline :]
        for line in then.timeline:
            has = await self.side.filled(line.has)
            found = [row for row in rows if _matches(row, line, has)]
            assert found, f"{line} is not among {[(r.direction.value, r.outcome, r.summary) for r in rows]}"
            assert found[0].channel.value == _CHANNELS[self.channel]
            if line.deal:
                on_deal = await self.house.timeline(self.side.seat.partner.id, self.side.number)
                assert found[0].key in {row.key for row in on_deal}

    async def _tasks(self, then: Then, before: Before) -> None:
        rows = await self.house.tasks(partner_id=self.side.seat.partner.id)
        fresh = [task for task in rows if task["id"] not in before.tasks]
        if not then.more_tasks:
            assert sorted(task["kind"] for task in fresh) == sorted(w.kind for w in then.tasks), fresh
        for wanted in then.tasks:
            has = await self.side.filled(wanted.has)
            found = [t for t in fresh if t["kind"] == wanted.kind and has in t["summary"]]
            assert found, f"{wanted} is not among {fresh}"
            assert not wanted.manager or found[0]["manager_email"] == wanted.manager

    async def _briefs(self, then: Then, before: Before) -> None:
        if then.briefs or then.manager:
            await self.house.pass_time(timedelta())  # what is due now, without waiting for the clock
        fresh = await self.house.briefs(known=before.briefs)
        for part in then.briefs:
            wanted = await self.side.filled(part)
            assert any(wanted in spaced(brief.text) for brief in fresh), f"{wanted!r} is in none of {fresh}"
        said = await self.house.said_to_managers(known=before.said)
        for part in then.manager:
            wanted = await self.side.filled(part)
            assert any(wanted in spaced(told.text) for told in said), f"{wanted!r} is in none of {said}"

    async def _announcement(self, then: Then, announcement_id: str) -> None:
        async with self.house.app.database.begin() as connection:
            if then.answers is not None:
                tally = (await tallied.tallies(connection, announcement_id))[0]
                assert {name: getattr(tally, name) for name in then.answers} == then.answers
            if then.opted_out is not None:
                seat = self.side.seat
                contact = await mirror.one(connection, Contact, seat.contacts[seat.main].id)
                assert contact is not None
                assert contact.opted_out is then.opted_out


def spaced(text: str) -> str:
    """With plain spaces where figures are held together by others, so that a dialogue can be typed."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _names(text: str, word: str) -> bool:
    """Whether the text holds the name or number; a longer number that begins with it is another one."""
    return re.search(rf"{re.escape(word)}(?!\d)", text) is not None


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(str(v) for v in value)
    return "" if value is None else str(value)


def _matches(row: Interaction, line: Line, has: str) -> bool:
    same = row.direction is Direction(line.direction) and row.outcome == line.outcome
    return same and (has in row.summary or has in row.body)

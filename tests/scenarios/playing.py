"""Plays a dialogue through one channel of the running agent and checks what each step came to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date

from bot.announcements.segment import parse_segment
from bot.storage import announcements, mirror
from bot.texts.wording import reader_locale
from bot.vocabulary.results import Done
from bot.vocabulary.segment import Announced
from crm.records import Contact, Direction, Interaction
from tests.scenarios.dialogue import Dialogue, Line, Step, Then
from tests.scenarios.doors import Doors
from tests.scenarios.house import Came, House, Told
from tests.scenarios.seats import Seat, take_seat

_PLACE = re.compile(r"\{(?P<name>[a-z_]+)(?:(?P<days>[+-]\d+)|:(?P<of>[^}]+))?\}")


@dataclass
class _Before:
    """What was there before a step."""

    registrations: int
    timeline: int
    tasks: set[str]
    told: set[str]


@dataclass
class Play:
    house: House
    dialogue: Dialogue
    channel: str
    seat: Seat
    answers: list[str] = field(default_factory=list)
    last_mail: str = ""
    reply_to: str = ""
    thread_ts: str = ""
    number: str = ""
    announcement_id: str = ""
    opt_out_token: str = ""

    async def step(self, step: Step) -> None:
        before = await self._before()
        told = await (self._acts(step) if step.does else self._says(step))
        await self.house.quiet()
        came = await self.house.one(told) if told else None
        answer = await self._answer(came, before)
        await self._remember(answer)
        await self._check(step, came, answer, before)
        self.answers.append(_spaced(answer.text) if answer else "")

    async def _says(self, step: Step) -> str:
        doors, contact = Doors(self.house), self.seat.contacts[step.who or self.seat.main]
        text = await self._filled(step.says)
        if self.channel == "slack":
            thread = self.thread_ts if step.thread == "same" else ""
            mention = not thread if step.mention is None else step.mention
            key = await doors.slack(self.seat.channel, contact.slack_user_id, text, thread_ts=thread, mention=mention)
            self.thread_ts = thread or key.partition(":")[2]
            return key
        earlier = self.last_mail if step.thread == "same" else ""
        subject = f"Re: {step.subject or self.dialogue.title}" if earlier else step.subject
        return await doors.mail(
            f"{contact.name} <{contact.email}>", text, subject, in_reply_to=earlier,
            to=self.reply_to if earlier else "",
        )  # fmt: skip

    async def _acts(self, step: Step) -> str:
        match step.does:
            case "approve":
                done = await self.house.app.registration_desk.approve(self.number, step.manager)
                assert isinstance(done, Done), done
            case "refuse":
                done = await self.house.app.registration_desk.refuse(self.number, step.manager, step.reason)
                assert isinstance(done, Done), done
            case "announce":
                await self._announce(step)
            case "unsubscribe":
                assert await Doors(self.house).post(f"/unsubscribe/{self.opt_out_token}", {}) == 200
        return ""

    async def _announce(self, step: Step) -> None:
        desk = self.house.app.announcement_desk
        segment = parse_segment(step.segment, await desk.choices())
        announced = await desk.announce(step.manager, segment, step.subject, step.says, dry_run=False)
        assert isinstance(announced, Announced), announced
        self.announcement_id = announced.announcement_id

    async def _answer(self, came: Came | None, before: _Before) -> Told | None:
        """The one answer to a message; what a manager's act tells the main contact."""
        if came is not None:
            found = await self.house.answers(came.id)
        else:
            main = self.seat.contacts[self.seat.main]
            fresh = [t for t in await self.house.told(self.seat.partner.id) if t.id not in before.told]
            found = [t for t in fresh if t.to in (main.email, self.seat.channel.channel_id)]
        assert len(found) <= 1, [told.text for told in found]
        return found[0] if found else None

    async def _remember(self, answer: Told | None) -> None:
        if answer is not None and answer.destination == "mail":
            self.last_mail = self.house.message_id(answer)
            self.reply_to = f"reply+{answer.payload['reply_key']}@{self.house.app.own.domain}"
        if answer is not None:
            self.opt_out_token = str(answer.payload.get("opt_out_token") or self.opt_out_token)
        if saved := await self._new_registrations():
            self.number = saved[-1]["number"]

    async def _new_registrations(self) -> list[dict[str, Any]]:
        known = set(self.seat.numbers.values())
        return [r for r in await self.house.registrations(self.seat.partner.id) if r["number"] not in known]

    async def _before(self) -> _Before:
        partner = self.seat.partner.id
        return _Before(
            registrations=len(await self._new_registrations()),
            timeline=len(await self.house.timeline(partner)),
            tasks={task["id"] for task in await self.house.tasks(partner_id=partner)},
            told={told.id for told in await self.house.told(partner)},
        )

    async def _check(self, step: Step, came: Came | None, answer: Told | None, before: _Before) -> None:
        then = step.then
        if came is not None:
            assert came.state == then.state, came
            assert then.intents is None or sorted(came.intents) == sorted(then.intents), came.reading
            assert then.outcome is None or came.outcome == then.outcome
        await self._check_words(step, _spaced(answer.text) if answer else "")
        await self._check_records(then, before)
        await self._check_timeline(then, before)
        await self._check_tasks(then, before)
        await self._check_announcement(then)

    async def _check_words(self, step: Step, text: str) -> None:
        then = step.then
        assert bool(text) is then.answered, f"answered: {text!r}"
        for part in then.has:
            wanted = await self._filled(part)
            assert wanted in text, f"{wanted!r} is not in:\n{text}"
        for part in then.lacks:
            assert await self._filled(part) not in text, f"{part!r} is in:\n{text}"
        for part in then.once:
            assert text.count(await self._filled(part)) == 1, f"{part!r} is not once in:\n{text}"
        said = await self._filled(step.says)
        leaked = [word for word in self.seat.outsiders_words if _names(text, word) and word not in said]
        assert not leaked, f"{leaked} of other partners in:\n{text}"
        if then.same_as_step is not None:
            other = self.dialogue.step[then.same_as_step]
            here = text.replace(await self._filled(step.told), "…")
            there = self.answers[then.same_as_step].replace(await self._filled(other.told), "…")
            assert here == there

    async def _check_records(self, then: Then, before: _Before) -> None:
        saved = await self._new_registrations()
        if then.new_registrations is not None:
            assert len(saved) - before.registrations == then.new_registrations, saved
        if then.registration is not None:
            named = then.registration.get("customer")
            held = next(r for r in saved if (r["customer"] == named if named else r["number"] == self.number))
            in_crm = await self._in_crm(held["number"])
            for name, value in then.registration.items():
                wanted = await self._filled(value)
                assert _plain(held[name]) == wanted, f"{name}: {held}"
                assert _plain(in_crm[name]) == wanted, f"{name} in the CRM: {in_crm}"

    async def _in_crm(self, number: str) -> dict[str, Any]:
        """The registration as the CRM has it, whatever page of its changes it stands on."""
        cursor = ""
        while True:
            page = await self.house.app.crm.changes(cursor)
            for found in page.registrations:
                if found.number == number:
                    return {name: getattr(found, name) for name in found.__dataclass_fields__}
            if not page.more:
                raise AssertionError(f"the CRM knows no registration {number}")
            cursor = page.cursor

    async def _check_timeline(self, then: Then, before: _Before) -> None:
        rows = (await self.house.timeline(self.seat.partner.id))[before.timeline :]
        channel = {"mail": "email", "slack": "slack"}[self.channel]
        for line in then.timeline:
            found = [row for row in rows if _matches(row, line, await self._filled(line.has))]
            assert found, f"{line} is not among {[(r.direction.value, r.outcome, r.summary) for r in rows]}"
            assert found[0].channel.value == channel
            if line.deal:
                on_deal = await self.house.timeline(self.seat.partner.id, self.number)
                assert found[0].key in {row.key for row in on_deal}

    async def _check_tasks(self, then: Then, before: _Before) -> None:
        rows = await self.house.tasks(partner_id=self.seat.partner.id)
        fresh = [task for task in rows if task["id"] not in before.tasks]
        if not then.more_tasks:
            assert sorted(task["kind"] for task in fresh) == sorted(w.kind for w in then.tasks), fresh
        for wanted in then.tasks:
            has = await self._filled(wanted.has)
            found = [t for t in fresh if t["kind"] == wanted.kind and has in t["summary"]]
            assert found, f"{wanted} is not among {fresh}"
            assert not wanted.manager or found[0]["manager_email"] == wanted.manager

    async def _check_announcement(self, then: Then) -> None:
        async with self.house.app.database.begin() as connection:
            if then.answers is not None:
                tally = (await announcements.tallies(connection, self.announcement_id))[0]
                assert {name: getattr(tally, name) for name in then.answers} == then.answers
            if then.opted_out is not None:
                contact = await mirror.one(connection, Contact, self.seat.contacts[self.seat.main].id)
                assert contact is not None
                assert contact.opted_out is then.opted_out

    async def _filled(self, text: str) -> str:
        """Places like {date+60}, {iso+60}, {number}, {number:Customer}, {decide_by} and {protected_until}."""
        if "{" not in text:
            return text
        held = next((r for r in await self._new_registrations() if r["number"] == self.number), {})
        return _PLACE.sub(lambda place: self._place(place, held), text)

    def _place(self, place: re.Match[str], held: dict[str, Any]) -> str:
        name, of = place["name"], place["of"]
        if name in ("date", "iso"):
            day = self.house.app.today() + timedelta(days=int(place["days"]))
            return day.isoformat() if name == "iso" else self._day(day.isoformat())
        if name == "number":
            return self.seat.numbers[of] if of else self.number
        if name in ("decide_by", "protected_until"):
            return self._day(held[name])
        return {
            "region": self.dialogue.region,
            "email": self.seat.contacts[self.seat.main].email,
            "foreign_number": self.seat.foreign.number,
            "foreign_customer": self.seat.foreign.customer,
        }[name]

    def _day(self, iso: str) -> str:
        locale = reader_locale(self.dialogue.language, self.seat.partner.country)
        day = format_date(date.fromisoformat(iso), "long", locale=locale)
        return re.sub(r"^1(?= )", "1er", day) if self.dialogue.language == "fr" else day


def _names(text: str, word: str) -> bool:
    """Whether the text holds the name or number; a longer number that begins with it is another one."""
    return re.search(rf"{re.escape(word)}(?!\d)", text) is not None


def _spaced(text: str) -> str:
    """With plain spaces where figures are held together by others, so that a dialogue can be typed."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(str(v) for v in value)
    return "" if value is None else str(value)


def _matches(row: Interaction, line: Line, has: str) -> bool:
    same = row.direction is Direction(line.direction) and row.outcome == line.outcome
    return same and (has in row.summary or has in row.body)


async def play(house: House, dialogue: Dialogue, channel: str) -> None:
    seat = await take_seat(house, dialogue.partner, dialogue.region)
    stage = Play(house, dialogue, channel, seat)
    for number, step in enumerate(dialogue.step):
        try:
            await stage.step(step)
        except AssertionError as fault:
            raise AssertionError(f"step {number}: {fault}") from fault

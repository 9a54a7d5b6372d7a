"""What every console backend promises; a subclass gives the fixtures `backend` and `patience` on a program at work.

The program has partners with contacts, one of them without a shared channel, registrations that wait, a hand-over and a
message that could not be read, and a second manager who may decide and announce less than the first.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import uuid4

import pytest

from bot.channels.console.ports import ConsoleBackend
from bot.channels.console.views import (
    ConversationThread,
    ManagerSeat,
    PartnerSeat,
    RegistrationView,
    ThreadMessage,
    Urgency,
    Waiting,
)
from bot.vocabulary.announcing import Announcement, AnnouncementState, AnnouncementText, Composed, Preview
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import Segment
from crm.records import Channel, Direction, RegistrationState

NOBODY = ("nobody", "", "' or 1=1 --", "../partners", "x" * 5_000, "株式会社", "nul\0", "half \ud800")
IDS = frozenset({"id", "number", "partner_id", "deal_number"})


class ConsoleContract:
    # --- seats

    async def test_the_seats_are_partners_people_and_managers(self, backend: ConsoleBackend) -> None:
        seats = await backend.seats()
        assert len({seat.id for seat in seats.partners}) == len(seats.partners) > 1
        assert len({seat.id for seat in seats.managers}) == len(seats.managers) > 1
        partners = {row.record.id for row in await backend.partners()}
        assert all(seat.partner_id in partners and seat.name and "@" in seat.email for seat in seats.partners)

    # --- conversations

    async def test_a_mail_is_found_again_by_its_reference_and_gets_an_answer(
        self, backend: ConsoleBackend, patience: float
    ) -> None:
        seat = await _seat(backend)
        done = await backend.write_mail(seat.id, "Our tier", "Which tier are we in?", None)
        assert isinstance(done, Done)
        asked, thread = await _answered(backend, seat, done.reference, patience)
        assert (asked.direction, asked.author, asked.text) == (Direction.IN, seat.name, "Which tier are we in?")
        assert (thread.channel, thread.subject) == (Channel.EMAIL, "Our tier")
        assert asked.read
        assert thread.messages[-1].direction is Direction.OUT
        assert thread.messages[-1].text

    async def test_a_reply_stands_in_the_thread_it_answers(self, backend: ConsoleBackend, patience: float) -> None:
        seat = await _seat(backend)
        first = await backend.write_mail(seat.id, "A question", "Which tier are we in?", None)
        assert isinstance(first, Done)
        _, thread = await _answered(backend, seat, first.reference, patience)
        reply = await backend.write_mail(seat.id, "Re: A question", "And what is missing?", thread.reply_reference)
        assert isinstance(reply, Done)
        _, later = await _answered(backend, seat, reply.reference, patience)
        assert later.id == thread.id
        assert [m.reference for m in later.messages][:2] == [m.reference for m in thread.messages][:2]

    async def test_a_post_is_found_again_by_its_reference_and_answered_in_its_thread(
        self, backend: ConsoleBackend, patience: float
    ) -> None:
        seat = next(s for s in (await backend.seats()).partners if s.slack_channel)
        first = await backend.write_slack(seat.id, "Which tier are we in?", None)
        assert isinstance(first, Done)
        _, thread = await _answered(backend, seat, first.reference, patience)
        assert thread.channel is Channel.SLACK
        reply = await backend.write_slack(seat.id, "And what is missing for the next?", thread.reply_reference)
        assert isinstance(reply, Done)
        _, later = await _answered(backend, seat, reply.reference, patience)
        assert later.id == thread.id

    async def test_conversations_come_newest_first_and_their_messages_oldest_first(
        self, backend: ConsoleBackend, patience: float
    ) -> None:
        seat = await _seat(backend)
        for subject in ("One", "Two"):
            done = await backend.write_mail(seat.id, subject, "Which tier are we in?", None)
            assert isinstance(done, Done)
            await _answered(backend, seat, done.reference, patience)
        threads = await backend.conversation(seat.id)
        newest = [thread.messages[-1].at for thread in threads]
        assert newest == sorted(newest, reverse=True)
        for thread in threads:
            assert [m.at for m in thread.messages] == sorted(m.at for m in thread.messages)
        references = [m.reference for thread in threads for m in thread.messages]
        assert len(references) == len(set(references))

    async def test_nobody_writes_from_a_seat_that_is_not_there(self, backend: ConsoleBackend) -> None:
        assert isinstance(await backend.write_mail("nobody", "Hi", "Hello", None), NotDone)
        assert isinstance(await backend.write_slack("nobody", "Hello", None), NotDone)
        assert await backend.conversation("nobody") == ()

    async def test_without_a_shared_channel_there_is_no_post(self, backend: ConsoleBackend) -> None:
        seat = next(s for s in (await backend.seats()).partners if not s.slack_channel)
        assert isinstance(await backend.write_slack(seat.id, "Hello", None), NotDone)

    # --- registrations

    async def test_what_waits_comes_first_and_most_urgent_first(self, backend: ConsoleBackend) -> None:
        rows = await backend.registrations()
        waits = [row.record.state is RegistrationState.SUBMITTED for row in rows]
        assert waits == sorted(waits, reverse=True)
        urgency = [list(Urgency).index(row.urgency) for row in rows if row.urgency]
        assert urgency == sorted(urgency)
        assert all((row.urgency is not None) <= waiting for row, waiting in zip(rows, waits, strict=True))

    @pytest.mark.parametrize("state", RegistrationState)
    async def test_those_of_one_state_are_those_among_all(
        self, backend: ConsoleBackend, state: RegistrationState
    ) -> None:
        every = {row.record.number for row in await backend.registrations() if row.record.state is state}
        assert {row.record.number for row in await backend.registrations(state)} == every

    async def test_an_accepted_registration_is_protected_and_cannot_be_decided_again(
        self, backend: ConsoleBackend
    ) -> None:
        number, manager = await _waiting(backend)
        assert isinstance(await backend.approve(number, manager.id), Done)
        accepted = await _record(backend, number)
        assert accepted.record.state is RegistrationState.APPROVED
        assert accepted.record.decided_by == manager.id
        assert accepted.record.decided_at
        assert accepted.record.protected_until
        assert accepted.urgency is None
        assert number not in [row.record.number for row in (await backend.waiting(manager.id)).registrations]
        for again in (
            await backend.approve(number, manager.id),
            await backend.refuse(number, manager.id, "Changed my mind"),
        ):
            assert isinstance(again, NotDone)
            assert again.text
        assert await _record(backend, number) == accepted

    async def test_a_refusal_keeps_its_reason_in_these_words(self, backend: ConsoleBackend) -> None:
        number, manager = await _waiting(backend)
        assert isinstance(await backend.refuse(number, manager.id, "The customer is ours already."), Done)
        refused = await _record(backend, number)
        assert refused.record.state is RegistrationState.DECLINED
        assert refused.record.reason == "The customer is ours already."
        assert isinstance(await backend.approve(number, manager.id), NotDone)

    @pytest.mark.parametrize("reason", ["", "  \n\t "])
    async def test_without_a_reason_nothing_is_refused(self, backend: ConsoleBackend, reason: str) -> None:
        number, manager = await _waiting(backend)
        assert isinstance(await backend.refuse(number, manager.id, reason), NotDone)
        assert (await _record(backend, number)).record.state is RegistrationState.SUBMITTED

    async def test_who_may_not_decide_it_does_not_and_is_not_asked_to(self, backend: ConsoleBackend) -> None:
        boss, limited = await _managers(backend)
        his = {row.record.number for row in (await backend.waiting(limited.id)).registrations}
        theirs = [row.record.number for row in (await backend.waiting(boss.id)).registrations]
        number = next(number for number in theirs if number not in his)
        for no in (
            await backend.approve(number, limited.id),
            await backend.refuse(number, limited.id, "No"),
            await backend.approve(number, "nobody"),
            await backend.approve(number, ""),
        ):
            assert isinstance(no, NotDone)
        assert (await _record(backend, number)).record.state is RegistrationState.SUBMITTED

    async def test_a_draft_is_not_decided(self, backend: ConsoleBackend) -> None:
        boss, _ = await _managers(backend)
        draft = (await backend.registrations(RegistrationState.DRAFT))[0].record.number
        assert isinstance(await backend.approve(draft, boss.id), NotDone)
        assert (await _record(backend, draft)).record.state is RegistrationState.DRAFT

    # --- announcements

    async def test_a_draft_is_kept_looked_at_and_sent_once_to_as_many_as_were_shown(
        self, backend: ConsoleBackend
    ) -> None:
        boss, _ = await _managers(backend)
        announcing, draft, name = backend.announcing, _announcement("Partner day"), str(uuid4())
        kept = await announcing.keep(boss.email, draft, name)
        assert isinstance(kept, Announcement)
        assert (kept.id, kept.state, kept.subject) == (name, AnnouncementState.DRAFT, "Partner day")
        seen = await announcing.preview(boss.email, draft)
        assert isinstance(seen, Preview)
        reached = await announcing.reached(draft.segment)
        assert seen.contacts == reached.count > 1
        assert len(seen.samples) == min(3, reached.count)
        anew = await announcing.confirm(boss.email, name, seen.contacts + 1)
        assert isinstance(anew, Preview)
        assert anew.contacts == seen.contacts
        for _ in range(2):
            sent = await announcing.confirm(boss.email, name, seen.contacts)
            assert isinstance(sent, Announcement)
            assert sent.state is not AnnouncementState.DRAFT
        assert name in [row.announcement.id for row in await announcing.listed()]

    async def test_a_segment_is_what_its_words_say_and_narrows(self, backend: ConsoleBackend) -> None:
        announcing = backend.announcing
        everyone = await announcing.reached(Segment())
        choices = await announcing.choices()
        for name in ("tiers", "types", "regions", "languages"):
            for value in getattr(choices, name):
                segment = Segment(**{name: (value,)})
                assert await announcing.segment_of(str(segment)) == segment
                some = await announcing.reached(segment)
                assert some.count + len(some.left_out) > 0
                assert set(some.recipients) <= set(everyone.recipients)
        assert isinstance(await announcing.segment_of("tier=No such tier"), NotDone)
        assert (await announcing.reached(Segment(tiers=("No such tier",)))).count == 0

    async def test_who_does_not_announce_keeps_no_draft(self, backend: ConsoleBackend) -> None:
        for manager in (await backend.seats()).managers:
            kept = await backend.announcing.keep(manager.email, _announcement("Prices"), str(uuid4()))
            assert isinstance(kept, Announcement) == manager.announces

    async def test_a_segment_is_saved_and_deleted_by_its_name(self, backend: ConsoleBackend) -> None:
        boss, _ = await _managers(backend)
        announcing, segment = backend.announcing, Segment(languages=("en",))
        assert isinstance(await announcing.save_segment(boss.email, "English", segment), Done)
        assert {one.name: one.segment for one in (await announcing.choices()).saved}["English"] == segment
        assert isinstance(await announcing.delete_segment(boss.email, "English"), Done)
        assert "English" not in [one.name for one in (await announcing.choices()).saved]
        assert isinstance(await announcing.save_segment(boss.email, "", segment), NotDone)

    @pytest.mark.parametrize("name", NOBODY)
    async def test_what_is_no_announcement_is_none(self, backend: ConsoleBackend, name: str) -> None:
        announcing = backend.announcing
        boss, _ = await _managers(backend)
        for nothing in (
            await announcing.find(name), await announcing.progress(name), await announcing.sign_ups(name),
            await announcing.report(name), await announcing.report_csv(name), await announcing.chart(name),
            await announcing.awaiting(name), await announcing.sign_ups_csv(name),
        ):  # fmt: skip
            assert nothing is None
        for act in (announcing.pause, announcing.resume, announcing.cancel):
            assert isinstance(await act(boss.email, name), NotDone)
        assert isinstance(await announcing.confirm(boss.email, name, 1), NotDone)

    # --- a manager's desk

    async def test_a_hand_over_is_closed_once(self, backend: ConsoleBackend) -> None:
        boss, _ = await _managers(backend)
        task = (await backend.waiting(boss.id)).tasks[0]
        assert isinstance(await backend.close_task(task.id, boss.id), Done)
        assert task.id not in [t.id for t in (await backend.waiting(boss.id)).tasks]
        assert isinstance(await backend.close_task(task.id, boss.id), NotDone)

    async def test_nothing_waits_for_nobody(self, backend: ConsoleBackend) -> None:
        assert await backend.waiting("nobody") == Waiting()

    # --- records

    async def test_partners_come_by_name_and_each_has_a_page(self, backend: ConsoleBackend) -> None:
        rows = await backend.partners()
        names = [row.record.name for row in rows]
        assert names == sorted(names, key=str.casefold)
        for row in rows:
            view = await backend.partner(row.record.id)
            assert view is not None
            assert view.record == row.record
            assert len(view.contacts) == row.contacts
            assert sum(deal.stage.open for deal in view.deals) == row.open_deals
            assert {c.partner_id for c in view.contacts} | {d.partner_id for d in view.deals} <= {row.record.id}
            said = [interaction.at for interaction in view.timeline]
            assert said == sorted(said, reverse=True)

    async def test_a_deal_has_a_page_at_its_own_partner_only(self, backend: ConsoleBackend) -> None:
        views = [await backend.partner(row.record.id) for row in await backend.partners()]
        owner = next(view for view in views if view and view.deals)
        other = next(view for view in views if view and view.record.id != owner.record.id)
        number = owner.deals[0].number
        deal = await backend.deal(owner.record.id, number)
        assert deal is not None
        assert (deal.deal, deal.partner_name) == (owner.deals[0], owner.record.name)
        assert await backend.deal(other.record.id, number) is None

    # --- the machinery

    async def test_a_message_that_could_not_be_read_is_shown_with_its_source_and_tried_again(
        self, backend: ConsoleBackend
    ) -> None:
        failed = (await backend.queue()).shunted[0]
        assert failed.error
        assert failed.text == ""
        whole = await backend.shunted(failed.id)
        assert whole is not None
        assert whole.text
        source = await backend.shunted_source(failed.id)
        assert source is not None
        assert source.decode("utf-8", "replace").startswith(whole.text[:100])
        assert isinstance(await backend.replay(failed.id), Done)
        assert await backend.shunted_source(failed.id) is None

    async def test_what_is_not_shunted_is_not_tried_again(self, backend: ConsoleBackend) -> None:
        boss, _ = await _managers(backend)
        others = [task.id for task in (await backend.waiting(boss.id)).tasks]
        others += [mail.id for mail in (await backend.queue()).kept]
        for message_id in (*others, *NOBODY):
            assert isinstance(await backend.replay(message_id), NotDone)

    async def test_a_kept_mail_is_shown_as_the_relay_would_have_got_it(
        self, backend: ConsoleBackend, patience: float
    ) -> None:
        seat = await _seat(backend)
        done = await backend.write_mail(seat.id, "Our tier", "Which tier are we in?", None)
        assert isinstance(done, Done)
        await _answered(backend, seat, done.reference, patience)
        listed = (await backend.queue()).kept[0]
        assert listed.text == ""
        whole = await backend.kept_mail(listed.id)
        assert whole is not None
        assert (whole.to, whole.subject, whole.at) == (listed.to, listed.subject, listed.at)
        assert whole.text
        assert {"From"} <= {name for name, _ in whole.headers}

    # --- everywhere

    @pytest.mark.parametrize("nobody", NOBODY, ids=range(len(NOBODY)))
    async def test_what_does_not_exist_is_none_or_a_plain_no(self, backend: ConsoleBackend, nobody: str) -> None:
        boss, _ = await _managers(backend)
        partner = (await backend.partners())[0].record.id
        assert await backend.registration(nobody) is None
        assert await backend.partner(nobody) is None
        assert await backend.deal(partner, nobody) is None
        assert await backend.deal(nobody, "D-1") is None
        assert await backend.shunted(nobody) is None
        assert await backend.shunted_source(nobody) is None
        assert await backend.kept_mail(nobody) is None
        assert await backend.conversation(nobody) == ()
        assert isinstance(await backend.approve(nobody, boss.id), NotDone)
        assert isinstance(await backend.refuse(nobody, boss.id, "No"), NotDone)
        assert isinstance(await backend.close_task(nobody, boss.id), NotDone)

    async def test_ids_fit_into_a_path_and_moments_are_aware(self, backend: ConsoleBackend, patience: float) -> None:
        seat = await _seat(backend)
        done = await backend.write_mail(seat.id, "Our tier", "Which tier are we in?", None)
        assert isinstance(done, Done)
        await _answered(backend, seat, done.reference, patience)
        boss, _ = await _managers(backend)
        partner = await backend.partner(seat.partner_id)
        shown = [
            await backend.seats(), await backend.conversation(seat.id), await backend.registrations(),
            await backend.announcing.listed(), await backend.waiting(boss.id), await backend.partners(), partner,
            await backend.queue(), await backend.crm_standing(),
        ]  # fmt: skip
        for name, value in _values(shown):
            if name in IDS:
                assert "/" not in value
            if isinstance(value, datetime):
                assert value.tzinfo is not None

    async def test_the_crm_is_named_and_what_waits_for_it_adds_up(self, backend: ConsoleBackend) -> None:
        crm = await backend.crm_standing()
        assert crm.name
        assert crm.waiting == sum(entry.count for entry in crm.kinds)
        assert len(crm.refused) <= crm.refused_count
        assert (crm.since is None) == (crm.waiting == 0)

    async def test_what_the_crm_never_refused_is_not_tried_again(self, backend: ConsoleBackend) -> None:
        for name in ("nobody", "D-999999", "\0", "x" * 5_000):
            assert isinstance(await backend.retry_entry(name), NotDone)


async def _seat(backend: ConsoleBackend) -> PartnerSeat:
    return next(seat for seat in (await backend.seats()).partners if seat.language == "en")


def _announcement(subject: str) -> Composed:
    return Composed((AnnouncementText("en", subject, "Will you come?"),), Segment(languages=("en",)))


async def _managers(backend: ConsoleBackend) -> tuple[ManagerSeat, ManagerSeat]:
    """One who may decide and announce everything, and one who decides for some regions only."""
    managers = (await backend.seats()).managers
    boss = next(m for m in managers if m.approves and m.announces and not m.regions and m.approves_up_to is None)
    return boss, next(m for m in managers if m.regions)


async def _waiting(backend: ConsoleBackend) -> tuple[str, ManagerSeat]:
    """A registration that waits, and who may decide it."""
    boss, _ = await _managers(backend)
    return (await backend.waiting(boss.id)).registrations[-1].record.number, boss


async def _record(backend: ConsoleBackend, number: str) -> RegistrationView:
    found = await backend.registration(number)
    assert found is not None
    return found


async def _answered(
    backend: ConsoleBackend, seat: PartnerSeat, reference: str, patience: float
) -> tuple[ThreadMessage, ConversationThread]:
    """The message written, and its thread once an answer stands below it."""
    until = time.monotonic() + patience
    while time.monotonic() <= until:
        for thread in await backend.conversation(seat.id):
            asked = next((m for m in thread.messages if m.reference == reference), None)
            if asked and not asked.answer_expected and thread.messages[-1].direction is Direction.OUT:
                return asked, thread
        await asyncio.sleep(0.02)
    raise AssertionError(f"{reference} was not answered within {patience:.0f} seconds")


def _values(shown: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in a view with the name of its field."""
    if is_dataclass(shown) and not isinstance(shown, type):
        for field in fields(shown):
            yield from _values(getattr(shown, field.name), field.name)
    elif isinstance(shown, Mapping):
        yield from _values(list(shown.values()), name)
    elif isinstance(shown, Sequence) and not isinstance(shown, str | Enum):
        for item in shown:
            yield from _values(item, name)
    else:
        yield name, shown

"""What is recorded of an answer to an announcement, and the days that may be chosen."""

from __future__ import annotations

from datetime import date
from typing import Literal

from bot.intents.phrases import text
from bot.vocabulary.announcing import Said
from bot.vocabulary.decisions import Decision, HandOver, Offer, Outcome, RecordAnswer
from bot.vocabulary.facts import AnnouncementFact, Facts
from bot.vocabulary.requests import DayFields, DaySaid, Finer, Intent, Request
from crm.records import Channel
from knowledge.program import Manager


def announced(facts: Facts) -> AnnouncementFact | None:
    """The announcement of the thread, where it can be told who answers it: a contact, or somebody in Slack."""
    known = facts.contact is not None or facts.channel is Channel.SLACK
    return facts.announcement if known else None


def recorded(
    announcement: AnnouncementFact,
    facts: Facts,
    answer: Literal["yes", "no", "maybe", ""] = "",
    *,
    day: date | None = None,
    said: Said | None = None,
) -> RecordAnswer:
    return RecordAnswer(announcement.id, facts.contact.id if facts.contact else "", answer, day, said)


def plainly(answer: Literal["yes", "no", "maybe"], announcement: AnnouncementFact, facts: Facts) -> Decision:
    command = recorded(announcement, facts, answer)
    return Decision((command,), (Outcome(f"announcement.{answer}", {"subject": announcement.subject}),), answer)


def on_day(chosen: date, announcement: AnnouncementFact, facts: Facts) -> Decision:
    told = Outcome("announcement.day", {"subject": announcement.subject, "day": chosen})
    return Decision((recorded(announcement, facts, day=chosen),), (told,), f"day {chosen.isoformat()}")


def which_day(announcement: AnnouncementFact, *, commands: tuple[RecordAnswer, ...] = ()) -> Decision:
    """Asks for one of the days; what was said all the same is recorded."""
    days = announcement.call.dates
    asked = Outcome("announcement.which_day", {"subject": announcement.subject, "days": days}, offers=_of_days(days))
    return Decision(commands, (asked,), "day_asked")


def passed_on(facts: Facts, announcement: AnnouncementFact, summary: str, intent: Intent = Intent.OTHER) -> HandOver:
    """To the manager who announced it, while he is one; else to the partner's own."""
    who = announcer(facts, announcement)
    return HandOver(intent, " ".join(summary.split())[:1000], to=who.email if who else "")


def announcer(facts: Facts, announcement: AnnouncementFact) -> Manager | None:
    return facts.program.manager(announcement.by) if announcement.by else None


def _of_days(days: tuple[date, ...]) -> tuple[Offer, ...]:
    return tuple(_day(day) for day in days)


def _day(day: date) -> Offer:
    said = DaySaid(day=day.day, month=day.month, year=day.year)
    request = Request(Intent.ANSWER_ANNOUNCEMENT, DayFields(days=(said,)), finer=Finer.DAY, said=day.isoformat())
    return Offer(text("announcement.press_day", day=day), text("announcement.say_day", day=day), (request,))

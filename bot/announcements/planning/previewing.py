"""What a manager sees before he confirms: how many it reaches, who is left out and why, and what some of them read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.announcements.composing.letters import letter
from bot.announcements.composing.personal import OPEN_DEALS, Reader, filled, used
from bot.announcements.planning.copies import Copy, Plan
from bot.channels.email.markdown import to_html, to_text
from bot.vocabulary.announcing import AnnouncementText, Composed, Preview, Sample
from crm.records import Partner, language_of
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail as its reader sees it."""

    text: str
    html: str = ""


Looks = Callable[[Mapping[str, Any]], Seen]
"""Writes a mail from what the outbox would keep of it."""


def plain_looks(mail: Mapping[str, Any]) -> Seen:
    """The text alone, with nothing around it."""
    markdown = str(mail["text"])
    return Seen(to_text(markdown), to_html(markdown))


def preview_of(
    composed: Composed, plan: Plan, chosen: tuple[Copy, ...], deals: Mapping[str, int], program: Program, looks: Looks,
    step: timedelta,
) -> Preview:  # fmt: skip
    """`chosen` are the samples, `deals` how many open deals their partners have; `step` lies between two mails to one
    domain.
    """
    languages = Counter(copy.text.language for copy in plan.copies)
    return Preview(
        partners=plan.partners,
        contacts=len(plan.copies),
        channels=len(plan.posts),
        mails=len(plan.mails),
        segment=str(composed.segment),
        left_out=plan.left_out,
        samples=tuple(_sample(composed, plan, copy, deals, program, looks) for copy in chosen),
        first_at=plan.first_at(),
        last_at=plan.last_at(step),
        languages=tuple(sorted(languages.items(), key=lambda one: (-one[1], one[0]))),
    )


def differing(plan: Plan, count: int) -> tuple[Copy, ...]:
    """So many copies, as different as there are: in language, in the way they go, and in their partner."""
    return tuple(_differing(plan, count))


def _differing(plan: Plan, count: int) -> Iterator[Copy]:
    left = list(plan.copies)
    languages: set[str] = set()
    ways: set[tuple[bool, bool]] = set()
    partners: set[str] = set()
    for _ in range(min(count, len(left))):
        best = max(
            range(len(left)),
            key=lambda place: (
                (left[place].text.language not in languages)
                + ((left[place].by_mail, left[place].by_slack) not in ways)
                + (left[place].partner.id not in partners),
                -place,
            ),
        )
        copy = left.pop(best)
        languages.add(copy.text.language)
        ways.add((copy.by_mail, copy.by_slack))
        partners.add(copy.partner.id)
        yield copy


def _sample(
    composed: Composed, plan: Plan, copy: Copy, deals: Mapping[str, int], program: Program, looks: Looks
) -> Sample:
    text = copy.text
    reader = Reader(copy.partner, copy.contact, deals.get(copy.partner.id, 0))
    text = filled(text, reader, program)
    seen = Seen("")
    if copy.by_mail:
        language = language_of(copy.contact, copy.partner)
        seen = looks(letter(composed, text, copy.contact.email, language))
    posted = next((post.text for post in plan.posts if post.partner.id == copy.partner.id), None)
    slack = in_channel(posted, copy.partner, program) if copy.by_slack and posted is not None else ""
    return Sample(copy.contact.name, copy.partner.name, text.language, text.subject, seen.text, seen.html, slack)


def in_channel(text: AnnouncementText, partner: Partner, program: Program) -> str:
    """What stands in the partner's channel, without its marks."""
    said = filled(text, Reader(partner), program)
    return f"{said.subject}\n\n{to_text(said.body)}"


def says_deals(composed: Composed) -> bool:
    return any(OPEN_DEALS in used(text) for text in composed.texts)

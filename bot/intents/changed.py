"""A message that was changed or taken back after it was acted on: what is done anew, asked, or stands; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.intents import withdraw
from bot.intents.offers import with_yes_or_no
from bot.intents.which_deal import named
from bot.vocabulary.changed import DELETED, EDITED_LATE, EDITED_NOTED, EDITED_SAME, Before
from bot.vocabulary.decisions import AwaitFields, Command, Decision, Outcome, SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Reading, labelled
from crm.records import Registration, RegistrationState

_STANDS = Decision((), (Outcome("edited.stands"),), EDITED_LATE)

Decide = Callable[[Reading, Facts], tuple[Decision, ...]]


def only_noted(reading: Reading, before: Before, *, deleted: bool) -> str:
    """What comes of a change that nobody has to hear of, "" where somebody has."""
    if deleted:
        return "" if before.drafts else DELETED
    if says_the_same(reading, before):
        return EDITED_SAME
    return EDITED_NOTED if before.stands and before.told else ""


def weighed(decide: Decide, before: Before, *, deleted: bool) -> Decide:
    """How the new form is decided: as if the first had not been there, where that can still be."""

    def weigh(reading: Reading, facts: Facts) -> tuple[Decision, ...]:
        if deleted:
            return taken_back(facts, before)
        if before.stands:
            return (_STANDS,)
        return anew(decide(reading, unsaid(facts, before)), facts, before)

    return weigh


def says_the_same(reading: Reading, before: Before) -> bool:
    """Whether nothing that is wanted has changed: a slip of the pen was mended."""
    return _plain([labelled(request) for request in reading.requests]) == _plain(before.requests)


def unsaid(facts: Facts, before: Before) -> Facts:
    """The facts as if the drafts of the first form had never been there; their numbers are free to be used again."""
    if not before.drafts:
        return facts
    registrations = tuple(r for r in facts.registrations if r.number not in before.drafts)
    thread = facts.thread
    if thread.subject_ref in before.drafts or not thread.subject_ref:
        thread = replace(thread, kind=None, asked=(), subject_ref="", proposal="")
    return replace(
        facts,
        registrations=registrations,
        fresh_numbers=(*before.drafts, *(n for n in facts.fresh_numbers if n not in before.drafts)),
        thread=thread,
    )


def anew(decisions: Sequence[Decision], facts: Facts, before: Before) -> tuple[Decision, ...]:
    """The answer to the new form, which says that it is one; a draft that has no place in it any more is dropped.

    `facts` are those from before anything was unsaid.
    """
    saved = {c.registration.number for d in decisions for c in d.commands if isinstance(c, SaveRegistration)}
    left = [r for r in facts.registrations if r.number in before.drafts and r.number not in saved]
    dropped = [_dropped(registration, facts) for registration in left]
    if not dropped and any(decision.outcomes for decision in decisions):
        return (Decision((), (Outcome("edited.anew"),), "edited"), *decisions)
    return (*dropped, *decisions)


def taken_back(facts: Facts, before: Before) -> tuple[Decision, ...]:
    """Nothing is undone in silence: whether the drafts of a deleted message are to go is asked, of one at a time."""
    drafts = [r for r in facts.registrations if r.number in before.drafts and r.state is RegistrationState.DRAFT]
    if not drafts:
        return ()
    return with_yes_or_no((Decision((), (Outcome("deleted.draft"),), "deleted"), withdraw.asked(drafts[0], facts)))


def _dropped(registration: Registration, facts: Facts) -> Decision:
    ended = replace(registration, state=RegistrationState.WITHDRAWN, reason=withdraw.REASON, decided_at=facts.now)
    commands: tuple[Command, ...] = (SaveRegistration(ended), AwaitFields(registration.number, ()))
    told = Outcome("edited.dropped", {"deal": named(registration.number, registration.customer)})
    return Decision(commands, (told,), "draft_dropped", (registration.number,))


def _plain(requests: Sequence[Mapping[str, object]]) -> list[tuple[str, tuple[tuple[str, str], ...], bool]]:
    """Comparable, whatever JSON made of it."""
    found = []
    for request in requests:
        fields = request.get("fields")
        pairs = tuple(sorted((str(k), str(v)) for k, v in fields.items())) if isinstance(fields, Mapping) else ()
        found.append((str(request.get("intent")), pairs, bool(request.get("ask"))))
    return sorted(found)

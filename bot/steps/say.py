"""Say: one answer in words for everything one message wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.texts.catalogue import Catalogue, catalogue
from bot.texts.layout import layout
from bot.texts.wording import Wording, reader_locale
from bot.vocabulary import wish
from bot.vocabulary.decisions import Decision, Offer, Outcome
from bot.vocabulary.first_names import first_name
from bot.vocabulary.layout import Paragraph
from bot.vocabulary.reply import Choice, Choices, Reply
from crm.records import Channel

_IN_FULL = {"commission.quote_short": "commission.quote", "commission.quote_won_short": "commission.quote_won"}
_MOST_CHOICES = 10
"""Below one answer: whoever needs more of them types."""
_HOW_TO_ANSWER = frozenset({"update.yes_or_no", "register.say_yes"})
"""Said once for all that a message asks, behind the last of it."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is answered, and how: `language` as read from the message, `name` as on file ("" for none),
    `vendor` the name that signs, `country` ISO 3166 and `time_zone` IANA of the reader ("" for unknown), `texts` the
    ones that the vendor answers with. `judges` where the reader may say whether the answer helped.
    """

    language: str
    channel: Channel
    name: str
    vendor: str
    country: str = ""
    time_zone: str = ""
    texts: Catalogue = field(default_factory=catalogue, repr=False, compare=False)
    judges: bool = False


def say(decisions: Sequence[Decision], listener: Listener) -> Reply | None:
    """One reply for all decisions of a message, what is said twice said once; None when nothing is to be said."""
    wording = _wording(listener)
    outcomes: dict[str, Outcome] = {}
    for outcome in (_in_full(o, listener.channel) for d in decisions for o in d.outcomes):
        said = wording.text(outcome.text, outcome.values)
        if outcome.text in _HOW_TO_ANSWER:
            outcomes.pop(said, None)
        outcomes.setdefault(said, outcome)
    if not outcomes:
        return None
    greeting = _greeting(wording, listener.name)
    paragraphs = [greeting, *outcomes]
    blocks = (block for o in outcomes.values() for block in layout(wording, o.text, o.values))
    laid_out = (Paragraph(greeting), *blocks)
    if listener.channel is Channel.SLACK:
        choices = _choices(wording, tuple(outcomes.values()))
        judged = _judged(wording) if listener.judges and not any(group.answers for group in choices) else ()
        return Reply("\n\n".join(paragraphs), wording.language, laid_out, choices, judged)
    ending = wording.text("letter.close", {"vendor": listener.vendor})
    return Reply("\n\n".join([*paragraphs, ending]), wording.language, (*laid_out, Paragraph(ending)))


def _judged(wording: Wording) -> tuple[str, str]:
    return wording.text("pressed.helpful", {}), wording.text("pressed.not_helpful", {})


def _choices(wording: Wording, outcomes: Sequence[Outcome]) -> tuple[Choices, ...]:
    """What each outcome offers, and last the answers to the one open question: what it asks for, then yes and no."""
    groups = [found for outcome in outcomes if (found := [o for o in outcome.offers if not o.answers])][:_MOST_CHOICES]
    if len(groups) == 1 and len(groups[0]) == 1:
        groups = [[replace(only, label=only.alone or only.label) for only in groups[0]]]
    answers: dict[str, list[Offer]] = {}
    for offer in (offer for outcome in outcomes for offer in outcome.offers if offer.answers):
        answers.setdefault(offer.prompt, []).append(offer)
    return tuple(_group(wording, group) for group in (*groups, *answers.values()))


def _group(wording: Wording, offers: Sequence[Offer]) -> Choices:
    first = offers[0]
    return Choices(_worded(wording, offers), wording.text(first.prompt, {}), answers=first.answers)


def _worded(wording: Wording, offers: Sequence[Offer]) -> tuple[Choice, ...]:
    said = ((wording.value(offer.label, ""), wording.value(offer.words, ""), offer) for offer in offers)
    return tuple(
        Choice(label, words, wish.write(offer.requests, wording.language) if offer.requests else "", offer.style)
        for label, words, offer in said
    )


def _in_full(outcome: Outcome, channel: Channel) -> Outcome:
    """Where nothing can be pressed, how a figure comes about is said with it."""
    key = _IN_FULL.get(outcome.text) if channel is not Channel.SLACK else None
    return replace(outcome, text=key, offers=()) if key else outcome


def heading(key: str, listener: Listener) -> str:
    """A subject of our own for a new mail."""
    return _wording(listener).text(key, {"vendor": listener.vendor})


def _wording(listener: Listener) -> Wording:
    texts = listener.texts
    language = texts.language(listener.language)
    locale = reader_locale(language, listener.country)
    return Wording(texts, language, locale, _zone(listener.time_zone), listener.channel)


def _greeting(wording: Wording, name: str) -> str:
    first = first_name(name)
    return wording.text("letter.greet", {"first": first}) if first else wording.text("letter.greet_nobody", {})


def _zone(name: str) -> ZoneInfo:
    """UTC where the CRM holds no zone or one nobody knows; answers show a zone's name with every time."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")

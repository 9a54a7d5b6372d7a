"""From a manager's words, and what they answer, to one order: pure. What is not plain becomes an explanation."""

from __future__ import annotations

from dataclasses import dataclass

from bot.managers.acts import Deeds, Order
from bot.managers.words import LONGEST, Said, Verb
from bot.storage.briefs import SentBrief
from bot.vocabulary.briefs import BriefKind

UNCLEAR = "unclear"
"""The word for the records where an answer was no order."""
_KINDS = {"D": BriefKind.REGISTRATION, "L": BriefKind.LEAD}
_ABOUT = {
    BriefKind.REGISTRATION: "about {}",
    BriefKind.LEAD: "about {}",
    BriefKind.CONTACT: "about this contact",
    BriefKind.NOTICE: "about this",
}
_REPLIED = {Verb.APPROVE: "approve", Verb.REFUSE: "refuse: reason", Verb.ASK: "ask: question"}
_TYPED = {
    Verb.APPROVE: "approve D-123456",
    Verb.REFUSE: "refuse D-123456: reason",
    Verb.ASK: "ask D-123456: question",
    Verb.PROTECT: "protect D-123456 until 2027-03-01",
    Verb.ATTRIBUTE: "attribution D-123456 influenced: reason",
}


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is done and nobody is answered: colleagues talk to each other, or somebody says thanks."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Nothing is done; `text` says why and what to write instead. `log` is a word for the records."""

    text: str
    log: str


@dataclass(frozen=True, slots=True)
class WordsWanted:
    """Nothing is done before the manager has given `wants` ("the reason"). `here` asks for them as the next message,
    `at_once` for verb, number and words together, where nothing could be answered.
    """

    subject: str
    verb: Verb
    wants: str

    @property
    def here(self) -> str:
        return f"Reply here with {self.wants} for {self.subject}; the partner reads it as you write it."

    @property
    def at_once(self) -> str:
        return f'Nothing was done: {self.wants} is missing. Write "{self.verb} {self.subject}: ..." in one message.'


Understood = Order | WordsWanted | Explanation | Silence


@dataclass(frozen=True, slots=True)
class Heard:
    """What a manager said, and in answer to what. `expected` is the verb whose words he was asked for; `addressed`
    False where the words stand among colleagues.
    """

    said: Said
    by: str
    brief: SentBrief | None = None
    expected: Verb | None = None
    addressed: bool = True


def understood(heard: Heard, deeds: Deeds) -> Understood:
    if _needs_no_answer(heard):
        return Silence()
    said, brief = _as_expected(heard), heard.brief
    if brief is None or brief.kind is BriefKind.NOTICE:
        return _of_its_own(said, heard.by, deeds)
    if said.verb is not None and said.number not in ("", brief.subject):
        named = _about(brief.kind, brief.subject)
        text = f"Your message answers the one {named} and names {said.number}, so nothing was done."
        return Explanation(f"{text} Send the order for {said.number} as a message of its own.", "other_subject")
    return _ordered(said, brief.kind, brief.subject, heard.by, deeds)


def _needs_no_answer(heard: Heard) -> bool:
    """Colleagues who talk to each other, thanks, and an "ok" to what asks for nothing."""
    said, brief = heard.said, heard.brief
    among_colleagues = not heard.addressed and heard.expected is None and (said.verb is None or not said.plain)
    taken_note = brief is not None and brief.kind is BriefKind.NOTICE and _is_mere(said)
    return among_colleagues or said.courtesy or taken_note


def _of_its_own(said: Said, by: str, deeds: Deeds) -> Understood:
    """A message that answers nothing which waits for an order."""
    if said.number and said.verb is not None:
        return _ordered(said, _KINDS[said.number[0]], said.number, by, deeds)
    if said.verb not in (None, Verb.CANCEL):
        which = f'Name its number: "{said.verb} D-123456".'
        return Explanation(f"Nothing was done: I cannot tell which one you mean. {which}", "no_number")
    return Explanation(_help(deeds), "no_order")


def _is_mere(said: Said) -> bool:
    """An "ok" without a number: where nothing is asked it is no order."""
    return said.verb is not None and not said.plain and not said.number


def _as_expected(heard: Heard) -> Said:
    """Words without a verb are what was asked for; a mere yes or no is neither an order nor a reason then."""
    said, expected = heard.said, heard.expected
    if expected is None:
        return said
    if said.verb is None:
        return Said(expected, words=said.text, text=said.text)
    mere_refusal = said.verb is Verb.REFUSE is expected and bool(said.words)
    return said if said.plain or mere_refusal else Said(expected, text=said.text)


def _ordered(said: Said, kind: BriefKind, subject: str, by: str, deeds: Deeds) -> Understood:
    if said.verb is Verb.CANCEL:
        return Explanation(f"Nothing was done {_about(kind, subject)}.", "cancelled")
    if said.verb is None:
        what = f"Nothing was done {_about(kind, subject)}: your first line is no order that I know."
        return Explanation(f"{what} Write {_choices(kind, deeds)}.", UNCLEAR)
    deed = deeds.get((kind, said.verb))
    if deed is None:
        what = f"{said.verb.capitalize()} is nothing that can be done here, so nothing was."
        choices = _choices(kind, deeds)
        return Explanation(f"{what} Write {choices}." if choices else what, "not_possible")
    if len(said.words) > LONGEST:
        what = f"Nothing was done: the partner reads these words, and {len(said.words):,} characters are too many."
        return Explanation(f"{what} Use at most {LONGEST:,}.", "too_long")
    if deed.wants and not said.words:
        return WordsWanted(subject, said.verb, deed.wants)
    return Order(kind, said.verb, subject, by, said.words, said.until, said.value)


def _choices(kind: BriefKind, deeds: Deeds) -> str:
    """`"approve" or "refuse: reason"`, of what can be replied about this kind of thing."""
    known = [(text, deeds.get((kind, verb))) for verb, text in _REPLIED.items()]
    shown = [f'"{text if deed.wants else text.partition(":")[0]}"' for text, deed in known if deed is not None]
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _about(kind: BriefKind, subject: str) -> str:
    return _ABOUT[kind].format(subject)


def _help(deeds: Deeds) -> str:
    examples = [f"- {text}" for verb, text in _TYPED.items() if (BriefKind.REGISTRATION, verb) in deeds]
    lines = [
        "Nothing was done with your message: its first line is no order that I know. I take these, with the number,",
        "or without it in answer to what I ask you:",
    ]
    return "\n".join([" ".join(lines), *examples])

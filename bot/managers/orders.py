"""From a manager's words, and what they answer, to one order: pure. What is not plain becomes an explanation."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.managers.acts import Deeds, Order
from bot.managers.verbs import Verb
from bot.managers.words import LONGEST, Said, with_sum
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
    BriefKind.STATEMENT: "about {}",
    BriefKind.DISPUTE: "about {}",
    BriefKind.ENTRY: "about {}",
}
_REPLIED = {
    Verb.APPROVE: "approve", Verb.REFUSE: "refuse: reason", Verb.ASK: "ask: question", Verb.PAY: "paid REFERENCE",
    Verb.POSTPONE: "postpone: reason", Verb.BLOCK: "block: reason", Verb.RELEASE: "release",
    Verb.UPHOLD: "uphold: reason", Verb.CORRECT: "correct EUR 1234.50: reason",
    Verb.RETRY: "retry",
}  # fmt: skip
_TYPED = {
    (BriefKind.REGISTRATION, Verb.APPROVE): "approve D-123456",
    (BriefKind.REGISTRATION, Verb.REFUSE): "refuse D-123456: reason",
    (BriefKind.REGISTRATION, Verb.ASK): "ask D-123456: question",
    (BriefKind.REGISTRATION, Verb.PROTECT): "protect D-123456 until 2027-03-01",
    (BriefKind.REGISTRATION, Verb.ATTRIBUTE): "attribution D-123456 influenced: reason",
    (BriefKind.REGISTRATION, Verb.RETRY): "retry D-123456 (an entry that the CRM refused)",
    (BriefKind.STATEMENT, Verb.APPROVE): "approve S-2026-10 Partner",
    (BriefKind.STATEMENT, Verb.REFUSE): "decline S-2026-10 Partner: reason (and postpone, block, release)",
    (BriefKind.STATEMENT, Verb.PAY): "paid S-2026-10 Partner: SEPA 4711 on 2026-11-30",
    (BriefKind.DISPUTE, Verb.UPHOLD): "uphold S-2026-10 Partner: reason",
    (BriefKind.DISPUTE, Verb.CORRECT): "correct S-2026-10 Partner: EUR 1234.50, reason",
}
_DECIDING = {
    BriefKind.STATEMENT: frozenset({Verb.APPROVE, Verb.REFUSE}),
    BriefKind.DISPUTE: frozenset({Verb.UPHOLD, Verb.CORRECT}),
    BriefKind.ENTRY: frozenset({Verb.RETRY}),
}
_DECIDES = frozenset({Verb.APPROVE, Verb.REFUSE, Verb.ASK})


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
    `at_once` for verb, number and words together, where nothing could be answered. `named` is what people call the
    subject, `such_as` how one writes what is wanted.
    """

    subject: str
    verb: Verb
    wants: str
    named: str = ""
    such_as: str = ""

    @property
    def here(self) -> str:
        such_as = f", such as {self.such_as}" if self.such_as else ""
        wanted = f"{self.wants} for {self.named or self.subject}{such_as}"
        return f"Reply here with {wanted}; the partner reads it as you write it."

    @property
    def at_once(self) -> str:
        named = (self.named or self.subject).replace(" of ", " ", 1)
        verb = f'"{self.verb} {named}: ..."'
        return f"Nothing was done: {self.wants} is missing. Write {verb} in one message."


Understood = Order | WordsWanted | Explanation | Silence


@dataclass(frozen=True, slots=True)
class Meant:
    """A statement or a dispute, by its id and as people call it."""

    kind: BriefKind
    subject: str
    named: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a manager said, and in answer to what. `expected` is the verb whose words he was asked for; `addressed`
    False where the words stand among colleagues. `meant` is what the number of a statement stands for.
    """

    said: Said
    by: str
    brief: SentBrief | None = None
    expected: Verb | None = None
    addressed: bool = True
    meant: Meant | None = None


def understood(heard: Heard, deeds: Deeds) -> Understood:
    if _needs_no_answer(heard):
        return Silence()
    said, brief = _as_expected(heard, deeds), heard.brief
    if brief is None or brief.kind is BriefKind.NOTICE:
        return _of_its_own(said, heard, deeds)
    if said.verb is not None and _names_another(said, heard.meant, brief):
        named = _about(brief.kind, brief.named)
        text = f"Your message answers the one {named} and names {said.number}, so nothing was done."
        return Explanation(f"{text} Send the order for {said.number} as a message of its own.", "other_subject")
    return ordered(said, Meant(brief.kind, brief.subject, brief.named), heard.by, deeds)


def decides(kind: BriefKind, verb: Verb) -> bool:
    """Whether this is what a brief of that kind asks for, so that it is too late once the brief is settled."""
    return verb in _DECIDING.get(kind, _DECIDES)


def _names_another(said: Said, meant: Meant | None, brief: SentBrief) -> bool:
    """Whether the number in the message is not that of what it answers."""
    if not said.number:
        return False
    if meant is None:
        return said.number != brief.subject
    return (meant.kind, meant.subject) != (brief.kind, brief.subject)


def _needs_no_answer(heard: Heard) -> bool:
    """Colleagues who talk to each other, thanks, and an "ok" to what asks for nothing."""
    said, brief = heard.said, heard.brief
    among_colleagues = not heard.addressed and heard.expected is None and (said.verb is None or not said.plain)
    taken_note = brief is not None and brief.kind is BriefKind.NOTICE and _is_mere(said)
    return among_colleagues or said.courtesy or taken_note


def _of_its_own(said: Said, heard: Heard, deeds: Deeds) -> Understood:
    """A message that answers nothing which waits for an order."""
    if said.number and said.verb is not None:
        meant = heard.meant or Meant(_KINDS[said.number[0]], said.number, said.number)
        return ordered(said, meant, heard.by, deeds)
    if said.fault:
        return Explanation(f"Nothing was done: {said.fault}.", UNCLEAR)
    if said.verb not in (None, Verb.CANCEL):
        which = _TYPED.get((BriefKind.DISPUTE, said.verb)) or f"{said.verb} D-123456"
        which = _TYPED[BriefKind.STATEMENT, said.verb] if said.verb is Verb.PAY else which
        text = f'Nothing was done: I cannot tell which one you mean. Name its number: "{which}".'
        return Explanation(text, "no_number")
    return Explanation(_help(deeds), "no_order")


def _is_mere(said: Said) -> bool:
    """An "ok" without a number: where nothing is asked it is no order."""
    return said.verb is not None and not said.plain and not said.number


def _as_expected(heard: Heard, deeds: Deeds) -> Said:
    """Words without a verb are what was asked for, and so are those that begin with one which has no place here; a mere
    yes or no is neither an order nor a reason then.
    """
    said, expected = heard.said, heard.expected
    if expected is None:
        return said
    if said.verb is None or _has_no_place(said.verb, heard.brief, deeds):
        return _with_expected(Said(expected, text=said.text))
    mere_refusal = said.verb is Verb.REFUSE is expected and bool(said.words)
    return said if said.plain or mere_refusal else Said(expected, text=said.text)


def _has_no_place(verb: Verb, brief: SentBrief | None, deeds: Deeds) -> bool:
    return verb is not Verb.CANCEL and brief is not None and (brief.kind, verb) not in deeds


def _with_expected(order: Said) -> Said:
    if order.verb in (Verb.PAY, Verb.CORRECT):
        return with_sum(order, order.text)
    return replace(order, words=order.text)


def ordered(said: Said, meant: Meant, by: str, deeds: Deeds) -> Understood:
    """Plain words about a known thing."""
    deed = deeds.get((meant.kind, said.verb)) if said.verb else None
    if said.verb is None or deed is None:
        return _no_order(said, meant, deeds)
    if len(said.words) > LONGEST:
        what = f"Nothing was done: the partner reads these words, and {len(said.words):,} characters are too many."
        return Explanation(f"{what} Use at most {LONGEST:,}.", "too_long")
    if deed.wants and not said.words:
        return WordsWanted(meant.subject, said.verb, deed.wants, _named(meant), deed.such_as)
    return Order(meant.kind, said.verb, meant.subject, by, said.words, said.until, said.value, said.on, said.amount)


def _no_order(said: Said, meant: Meant, deeds: Deeds) -> Explanation:
    about, choices = _about(meant.kind, meant.named), _choices(meant.kind, deeds)
    if said.verb is Verb.CANCEL:
        return Explanation(f"Nothing was done {about}.", "cancelled")
    if said.fault:
        return Explanation(f"Nothing was done {about}: {said.fault}.", UNCLEAR)
    if said.verb is None:
        what = f"Nothing was done {about}: your first line is no order that I know."
        return Explanation(f"{what} Write {choices}.", UNCLEAR)
    what = f"{said.verb.capitalize()} is nothing that can be done here, so nothing was."
    return Explanation(f"{what} Write {choices}." if choices else what, "not_possible")


def _named(meant: Meant) -> str:
    return meant.named if meant.named != meant.subject else ""


def _choices(kind: BriefKind, deeds: Deeds) -> str:
    """`"approve" or "refuse: reason"`, of what can be replied about this kind of thing."""
    replied = [verb for verb in _REPLIED if verb is not Verb.RETRY or kind is BriefKind.ENTRY]
    known = [(_said_for(kind, verb), deeds.get((kind, verb))) for verb in replied]
    shown = [f'"{text if deed.wants else text.partition(":")[0]}"' for text, deed in known if deed is not None]
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _said_for(kind: BriefKind, verb: Verb) -> str:
    """As the briefs of that kind say it."""
    return "decline: reason" if (kind, verb) == (BriefKind.STATEMENT, Verb.REFUSE) else _REPLIED[verb]


def _about(kind: BriefKind, subject: str) -> str:
    return _ABOUT[kind].format(subject)


_ALONE = (
    "- digest (what is late, waits too long or ends soon)",
    "To announce something to partners, write to the announcement address, or /partners announce in Slack.",
)
"""What takes no number."""


def _help(deeds: Deeds) -> str:
    examples = [f"- {text}" for order, text in _TYPED.items() if order in deeds]
    lines = [
        "Nothing was done with your message: its first line is no order that I know. I take these, with the number,",
        "or without it in answer to what I ask you:",
    ]
    return "\n".join([" ".join(lines), *examples, *_ALONE])

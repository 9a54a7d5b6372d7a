"""What a manager chose in a form, as the order it is: the same desks, and the same words that are wanted, as typed."""

from __future__ import annotations

from bot.managers.acts import Deeds
from bot.managers.orders import Explanation, Meant, Understood, WordsWanted, ordered
from bot.managers.verbs import Verb
from bot.managers.words import Said, with_sum
from bot.vocabulary.briefs import Act, BriefKind

VERBS = {
    Act.APPROVE: Verb.APPROVE, Act.ACCEPT: Verb.APPROVE, Act.REFUSE: Verb.REFUSE, Act.REJECT: Verb.REFUSE,
    Act.ASK: Verb.ASK, Act.DECLINE: Verb.REFUSE, Act.POSTPONE: Verb.POSTPONE, Act.BLOCK: Verb.BLOCK,
    Act.RELEASE: Verb.RELEASE, Act.PAY: Verb.PAY, Act.UPHOLD: Verb.UPHOLD, Act.CORRECT: Verb.CORRECT,
    Act.RETRY: Verb.RETRY,
}  # fmt: skip
"""What each button and each choice orders."""
_WORDLESS = frozenset({Verb.APPROVE, Verb.RELEASE, Verb.RETRY})


def chosen(act: Act, words: str) -> Said:
    """`words` are the reason or the question, the reference of a payment, or the right sum with its reason."""
    verb = VERBS[act]
    said = " ".join(words.split())
    if verb in _WORDLESS:
        return Said(verb)
    return with_sum(Said(verb), said) if verb in (Verb.PAY, Verb.CORRECT) else Said(verb, words=said)


def of_form(act: Act, words: str, meant: Meant, by: str, deeds: Deeds) -> Understood:
    """`by` is the manager's address."""
    return ordered(chosen(act, words), meant, by, deeds)


def lacking(kind: BriefKind, act: Act, words: str, deeds: Deeds) -> str:
    """Why the words will not do, in a sentence; "" where they will."""
    match of_form(act, words, Meant(kind, "it", "it"), "", deeds):
        case WordsWanted() as wanted:
            such_as = f", such as {wanted.such_as}" if wanted.such_as else ""
            return f"Write {wanted.wants}{such_as}."
        case Explanation():
            return chosen(act, words).fault or "This cannot be done about it, or the words are too many."
        case _:
            return ""

"""Called into: what a message wants that calls the agent into a thread, and what the partner said above it; pure.

"Can you register this?" says little by itself. What the sender's colleagues wrote above it is theirs to hand over; what
the vendor's people and other apps wrote there is not, so they are not read. Nothing is done on it without a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace

from bot.vocabulary.message import SaidEarlier, Side
from bot.vocabulary.requests import ACTING, Intent, Reading, Request

_LONGEST = 6_000  # characters of what stands above, the newest
_FEW_WORDS = 6
_MOST_WORDS = 40  # a message with more says itself what it is about

_HAND_OVER = re.compile(
    r"(?<!\w)(?:register\w*|log|book|protect|file|submit|put (?:it|this|that) in|take (?:it|this|that|over|care)\w*|"
    r"handle|sort (?:it|this) out|do (?:it|this|that)|help|"
    r"registrier\w*|anmeld\w*|meld\w*|eintrag\w*|schütz\w*|sicher\w*|vormerk\w*|übern[ei]\w*|kümmer\w*|mach\w*|"
    r"erledig\w*|enregistr\w*|prot[ée]g\w*|d[ée]clar\w*|occup\w*|charge\w*|"
    r"registreer\w*|registrer\w*|aanmeld\w*|bescherm\w*|vastleg\w*|oppak\w*|regel\w*|"
    r"reg[íi]str\w*|prot[ée]g\w*|encarg\w*|inscrib\w*|apunt\w*)(?!\w)",
    re.I,
)
_HOW = re.compile(
    r"^\W*(?:how|when|where|why|wie|wann|wo|warum|comment|quand|où|hoe|wanneer|waar|c[óo]mo|cu[áa]ndo)\b", re.I
)
_PROGRAM = frozenset(
    {Intent.ASK_PROGRAM, Intent.OTHER, Intent.THANKS, Intent.PROVIDE_FIELD, Intent.ANSWER_ANNOUNCEMENT}
)


def words_above(earlier: Sequence[SaidEarlier]) -> str:
    """What the partner's own people wrote above, oldest first; "" for nothing."""
    said = "\n".join(post.text for post in earlier if post.by is Side.PARTNER and post.text)
    return said[-_LONGEST:].strip()


def needs_thread(reading: Reading, text: str) -> bool:
    """Whether a message of these words may be about what stands above it: it names no deal of its own."""
    named = any(getattr(r.fields, name, None) for r in reading.requests for name in ("customer", "deal_ref"))
    return not named and len(text.split()) <= _MOST_WORDS


def with_thread(alone: Reading, together: Reading, text: str) -> Reading:
    """The reading of the message with what the words above add; `together` is that of both.

    A question gets its subject from above. What is to be done is taken from there only where the message hands it over,
    and asked about.
    """
    wishes = list(alone.requests)
    deeds = _deeds(together)
    if deeds and _hands_over(alone, text):
        kept = [w for w in wishes if w.intent not in _PROGRAM and w.intent not in ACTING]
        asked = tuple(replace(one, ask=True, span=(0, len(text))) for one in deeds)
        return replace(alone, requests=(*asked, *kept), answer_expected=True, language=_spoken(alone, together, text))
    filled = tuple(_filled(wish, together) for wish in wishes)
    return replace(alone, requests=filled, language=_spoken(alone, together, text))


def _spoken(alone: Reading, together: Reading, text: str) -> str:
    """A few words do not tell a language; what stands above them does."""
    return together.language if together.language and len(text.split()) <= _FEW_WORDS else alone.language


def _hands_over(alone: Reading, text: str) -> bool:
    wanted = {request.intent for request in alone.requests}
    return (
        bool(_HAND_OVER.search(text)) and not _HOW.match(text) and wanted <= _PROGRAM | ACTING | {Intent.REQUEST_HUMAN}
    )


def _deeds(together: Reading) -> tuple[Request, ...]:
    wanted = (Intent.REGISTER_DEAL, Intent.REFER_LEAD, Intent.UPDATE_DEAL)
    return tuple(request for request in together.requests if request.intent in wanted)


def _filled(wish: Request, together: Reading) -> Request:
    """The wish with those details that it lacks and that the words above give."""
    same = next((r for r in together.requests if r.intent is wish.intent and type(r.fields) is type(wish.fields)), None)
    if same is None or wish.intent in _PROGRAM:
        return wish
    lacking = {
        field.name: getattr(same.fields, field.name)
        for field in fields(wish.fields)
        if getattr(wish.fields, field.name) in (None, ())
    }
    ask = wish.ask or (wish.intent in ACTING and any(value not in (None, ()) for value in lacking.values()))
    return replace(wish, fields=replace(wish.fields, **lacking), ask=ask)

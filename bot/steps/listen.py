"""Listen: whether a message of a channel is meant for the agent, before and after it is read; pure.

Two companies talk to each other in a shared channel. What is theirs gets no answer, and nothing of it is looked up.
"""

from __future__ import annotations

import re
from enum import StrEnum

from bot.intents.overheard import concerns_agent
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Message, ThreadContext
from bot.vocabulary.requests import Reading
from crm.records import Channel
from knowledge.program import Program


class Meant(StrEnum):
    """For whom a message is: IN_DOUBT is for whom it may turn out to be once it is read."""

    AGENT = "agent"
    PEOPLE = "people"
    IN_DOUBT = "in_doubt"


def meant_for(message: Message, identity: Identity, thread: ThreadContext, program: Program) -> Meant:
    """What can be told from the outside. A mention and a direct message are for the agent whatever they say.

    In the agent's own thread it needs no mention until one of the vendor's people joins in; an answer in a thread of
    people always needs one.
    """
    if message.channel is not Channel.SLACK or message.addressed or message.click is not None:
        return Meant.AGENT
    if message.named or message.sender.slack_home or _calls_by_name(message.text, program):
        return Meant.PEOPLE
    if thread.agent_took_part and not thread.person_spoke:
        return Meant.AGENT
    known = identity.proven_partner_id is not None or bool(identity.paused)
    if identity.mentions_only or not known or (_answers_in_thread(message) and not thread.agent_took_part):
        return Meant.PEOPLE
    return Meant.IN_DOUBT


def turns_out(message: Message, thread: ThreadContext, reading: Reading, program: Program) -> Meant:
    """What was in doubt, once it is read."""
    concerned = concerns_agent(
        reading, message.text, names=_names(program), attached=message.attachments, asked=thread.asked
    )
    return Meant.AGENT if concerned else Meant.PEOPLE


def _names(program: Program) -> tuple[str, ...]:
    """Single words that name the vendor or one of its products."""
    names = (program.vendor.name, *(product.name for product in program.products))
    return tuple(dict.fromkeys(word for name in names for word in name.split() if len(word) > 2))


def _answers_in_thread(message: Message) -> bool:
    to = message.reply_to
    return to is not None and message.message_id.split(":")[1:2] != [to.slack_thread_ts]


_GREETED = re.compile(
    r"\W*(?:hi|hello|hey|hallo|moin|servus|guten (?:morgen|tag|abend)|good (?:morning|afternoon|evening)|morning|"
    r"liebe[rs]?|dear|salut|bonjour|bonsoir|coucou|cher|ch[èe]re|hoi|dag|beste|goede(?:morgen|middag)|hola|"
    r"buen(?:os|as) (?:d[ií]as|tardes)|buenas|estimad[oa]),? +(?P<name>[^\W\d_]{2,30})\s*[,!:–—-]",
    re.I,
)
_CALLED = re.compile(r"\W*(?P<name>[^\W\d_]{2,30})\s*[,:–—]\s")
_CALLED_LAST = re.compile(r",\s*(?P<name>[^\W\d_]{2,30})\s*[?!.…]*\s*\Z")
_OF_EVERYBODY = frozenset({
    "all", "everyone", "everybody", "team", "there", "folks", "both", "guys", "people", "again", "quick", "zusammen",
    "alle", "allerseits", "leute", "ihr", "nochmal", "kurz", "kurze", "tous", "toutes", "tout", "équipe", "equipe",
    "rapide", "petite", "allemaal", "iedereen", "mensen", "collega", "todos", "todas", "equipo", "chicos", "gente",
    "partnerline", "agent", "bot", "robot", "assistant",
})  # fmt: skip


def _calls_by_name(text: str, program: Program) -> bool:
    """Whether it begins with a person's name: of one of the vendor's people, or of anybody who is greeted by it; or
    ends with that of one of the vendor's, set off by a comma.
    """
    greeted, called, last = _GREETED.match(text), _CALLED.match(text), _CALLED_LAST.search(text[-60:])
    known = {part.casefold() for manager in program.managers for part in manager.name.split()}
    if any(found and found["name"].casefold() in known for found in (called, last)):
        return True
    if greeted is None:
        return False
    name = greeted["name"]
    ours = {word.casefold() for word in _names(program)}
    return name[:1].isupper() and name.casefold() not in _OF_EVERYBODY | ours

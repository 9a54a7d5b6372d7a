"""What a person is known by in what we keep, and how text that holds any of it is told from other text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from bot.storage import mirror
from crm.records import Contact, Partner

MARK = "[erased]"
_RUN = 8  # words in a row that nobody else writes by chance
_FEW = 3  # words that a whole value must have to be recognised as a repetition
_DIGITS = 6  # of a telephone number; a shorter one may be anything
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Traces:
    """Of one contact: `addresses`, `names`, `phones` and `slack_users` as they ever were; `messages` are the ids of
    what the person wrote, `written` the texts of it.
    """

    contact_id: str
    partner_id: str
    addresses: frozenset[str]
    names: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    slack_users: frozenset[str] = frozenset()
    messages: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    written: tuple[str, ...] = field(default=(), repr=False)

    @cached_property
    def everywhere(self) -> tuple[str, ...]:
        """What points to this person whoever's row it stands in."""
        phones = {phone for phone in self.phones if sum(sign.isdigit() for sign in phone) >= _DIGITS}
        return tuple(sorted(_filled(self.addresses) | phones | _filled(self.slack_users)))

    @cached_property
    def at_home(self) -> tuple[str, ...]:
        """What points to this person in rows of its partner, where others elsewhere may be called the same."""
        return tuple(sorted(name for name in _filled(self.names) if len(_WORD.findall(name)) > 1))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _any_of(self.everywhere)

    @cached_property
    def _named(self) -> re.Pattern[str]:
        return _any_of((*self.everywhere, *self.at_home))

    @cached_property
    def _runs(self) -> frozenset[tuple[str, ...]]:
        return frozenset(run for said in self.written for run in _runs(_words(said)))

    @cached_property
    def _short(self) -> frozenset[tuple[str, ...]]:
        return frozenset(words for said in self.written if len(words := _words(said)) >= _FEW)

    def without(self, value: Any, *, named: bool, words: bool) -> Any:
        """The value less what points to this person: `named` its name too, `words` every text that repeats what it
        wrote. The very same value where there is nothing of it.
        """
        if isinstance(value, str):
            return self._without(value, named=named, words=words)
        if isinstance(value, list):
            made = [self.without(one, named=named, words=words) for one in value]
            return made if any(new is not old for new, old in zip(made, value, strict=True)) else value
        if isinstance(value, dict):
            return self._without_in(value, named=named, words=words)
        return value

    def _without_in(self, value: dict[str, Any], *, named: bool, words: bool) -> dict[str, Any]:
        made: dict[str, Any] = {}
        same = True
        for name, one in value.items():
            key, new = self._without(name, named=named, words=False), self.without(one, named=named, words=words)
            same = same and key is name and new is one
            made[key] = new
        return value if same else made

    def _without(self, said: str, *, named: bool, words: bool) -> str:
        if words and self._repeats(said):
            return MARK
        left = (self._named if named else self._pattern).sub(MARK, said)
        return said if left == said else left

    def _repeats(self, said: str) -> bool:
        if not self._short and not self._runs:
            return False
        found = _words(said)
        return found in self._short or any(run in self._runs for run in _runs(found))


def _filled(said: Iterable[str]) -> set[str]:
    return {one for one in said if one.strip()}


def _any_of(said: Iterable[str]) -> re.Pattern[str]:
    """Any of them as a whole: what is part of a longer address or word is somebody else's."""
    longest_first = sorted({r"\s+".join(map(re.escape, one.split())) for one in said}, key=len, reverse=True)
    if not longest_first:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<![\w.+%-])(?:{'|'.join(longest_first)})(?![\w-]|\.\w)", re.IGNORECASE)


def _words(said: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(said.casefold()))


def _runs(words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    return (words[start : start + _RUN] for start in range(len(words) - _RUN + 1))


async def find(connection: AsyncConnection, contact: Contact) -> Traces:
    """All that is known of this contact, addresses and names of earlier days too."""
    every = [contact, *await _earlier(connection, contact.id)]
    addresses = frozenset(one.email.strip().lower() for one in every)
    slack_users = frozenset(one.slack_user_id for one in every)
    asked = {
        "contact": contact.id, "addresses": sorted(_filled(addresses)), "slack": sorted(_filled(slack_users)),
    }  # fmt: skip
    rows = (await connection.execute(_WROTE, asked)).all()
    partner = await mirror.one(connection, Partner, contact.partner_id)
    company = partner.name.casefold() if partner else ""  # some have the company's name for a person's
    return Traces(
        contact.id,
        contact.partner_id,
        addresses,
        frozenset(name for one in every if (name := " ".join(one.name.split())).casefold() != company),
        frozenset(one.phone.strip() for one in every),
        slack_users,
        tuple(str(row.id) for row in rows),
        tuple(sorted({str(row.thread_id) for row in rows if row.thread_id})),
        tuple(said for row in rows for said in (row.said, row.subject) if said),
    )


async def _earlier(connection: AsyncConnection, contact_id: str) -> list[Contact]:
    """As the ledger and what went to the CRM say it was."""
    docs = (await connection.execute(_EARLIER, {"contact": contact_id})).scalars()
    return [
        Contact(contact_id, "", doc.get("name") or "", doc.get("email") or "", doc.get("phone") or "",
                slack_user_id=doc.get("slack_user_id") or "")
        for doc in docs
    ]  # fmt: skip


async def contact_meant(connection: AsyncConnection, said: str) -> list[Contact]:
    """Contacts with that id or address."""
    wanted = said.strip().casefold()
    everyone = await mirror.everyone(connection, Contact)
    return [one for one in everyone if wanted and wanted in (one.id.casefold(), one.email.casefold())]


_EARLIER = text(
    "select body -> 'contact' from ledger where jsonb_typeof(body -> 'contact') = 'object'"
    " and body -> 'contact' ->> 'id' = :contact"
    " union all select payload -> 'record' from outbox"
    " where kind = 'save_contact' and payload -> 'record' ->> 'id' = :contact"
)
_WROTE = text(
    "select id, thread_id, message ->> 'text' as said, message ->> 'subject' as subject from inbox"
    " where contact_id = :contact or lower(sender) = any(:addresses)"
    " or lower(envelope ->> 'mail_from') = any(:addresses)"
    " or lower(message -> 'sender' ->> 'address') = any(:addresses)"
    " or envelope ->> 'slack_user' = any(:slack) or message -> 'sender' ->> 'slack_user' = any(:slack)"
).bindparams(bindparam("addresses", type_=ARRAY(Text)), bindparam("slack", type_=ARRAY(Text)))

"""Logs interactions in HubSpot, each exactly once: entered in our own log first, and read back wherever an answer was
lost before anything is sent again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from crm.adapters.hubspot.account.facts import FactName
from crm.adapters.hubspot.account.portal import Portal, pages
from crm.adapters.hubspot.logging.batches import Batches, Created
from crm.adapters.hubspot.logging.book import Book, Row, State
from crm.adapters.hubspot.logging.engagements import EMAILS, NOTES, Engagement, is_mail, properties_of
from crm.adapters.hubspot.logging.markers import marker_of
from crm.adapters.hubspot.logging.places import Place, Places
from crm.adapters.hubspot.logging.reading_back import Look, ReadingBack
from crm.adapters.hubspot.logging.uploads import Uploads
from crm.adapters.hubspot.logging.wording import worded
from crm.adapters.hubspot.records.codec import kept
from crm.adapters.hubspot.transport.faults import MissingScope, NotInPlan
from crm.errors import CrmOutcomeUnknown, CrmRejected, CrmUnavailable
from crm.ports import Contents
from crm.records import Interaction

_LOG = logging.getLogger(__name__)

MOST = 100
LOCK = "interactions"
_MAILS_AGAIN = timedelta(hours=1)
"""How often a token that may not log e-mails is tried again."""
_UNTIL_A_PERSON_ACTS = 300.0
_TOGETHER = (MOST, 25, 5)
"""How many go in one call that were never sent, that were sent once, and twice; the others go alone."""


class Desk:
    def __init__(self, portal: Portal, contents: Contents | None) -> None:
        self._portal = portal
        self.book = Book(portal.objects.engine)
        self.places = Places(portal.objects)
        self.reading_back = ReadingBack(portal, self.book)
        self._batches = Batches(portal)
        self._uploads = Uploads(portal, contents)

    async def log(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        """What was refused, by key with the words. Raises CrmUnavailable; CrmOutcomeUnknown with the keys of those that
        are to be given again, while everything else is done.
        """
        refused: dict[str, str] = {}
        wanted = once(interactions, refused)
        async with self._portal.locks.of(LOCK):
            rows = await self.book.rows(wanted)
            begun = [row for row in rows.values() if row.state is State.BEGUN]
            unknown = await self._settle(begun)
            done = {key for key, row in rows.items() if row.state in (State.LOGGED, State.KEPT)}
            left = {row.key for row in begun} - unknown
            done |= {key for key, row in (await self.book.rows(left)).items() if row.state is State.LOGGED}
            send = [one for key, one in wanted.items() if key not in done and key not in unknown]
            unknown |= await self._send(send, refused, {key: row.attempts for key, row in rows.items()})
        if unknown:
            raise CrmOutcomeUnknown(
                f"HubSpot's answer was lost; {len(unknown)} interactions are looked for again", unknown, refused
            )
        return refused

    # --- what was begun

    async def _settle(self, begun: Sequence[Row]) -> set[str]:
        """Of what was sent and not answered: the keys of what may still turn up. What is there is noted; what was not
        there at two looks, long enough apart for HubSpot to be done with it, is taken not to have been written.
        """
        now, settling = self._portal.now(), timedelta(seconds=self._portal.options.settling)
        early = {row.key for row in begun if row.missed_at is not None and now - row.missed_at < settling}
        rows = [row for row in begun if row.key not in early]
        if not rows:
            return early
        look = await self._look(rows)
        await self.book.logged(look.found)
        missed = [row for row in rows if row.marker not in look.found]
        first = [row.key for row in missed if row.missed_at is None]
        await self.book.missed(first, now)
        again = [row for row in missed if row.missed_at is not None]
        await self.book.mark([row.key for row in again if row.marker in look.absent], State.WAITING)
        return early | set(first) | {row.key for row in again if row.marker not in look.absent}

    async def _look(self, rows: Sequence[Row]) -> Look:
        try:
            return await self.reading_back.of(rows)
        except (MissingScope, NotInPlan) as fault:
            # What may not be read can neither be taken as written nor as not written.
            _LOG.warning("interactions cannot be looked for in HubSpot: %s", fault)
            return Look()

    # --- what is new

    async def _send(
        self, interactions: Sequence[Interaction], refused: dict[str, str], attempts: Mapping[str, int]
    ) -> set[str]:
        """The keys of what may or may not be there, or has to wait for its files."""
        places = await self.places.of(interactions)
        put, alone = _sorted_by_place(interactions, places, refused)
        await self.book.enter([one for one in interactions if one.key in refused], State.REFUSED)
        await self.book.enter(alone, State.KEPT)
        if not put:
            return set()
        files, unknown = await self._uploads.of(put)
        put = [one for one in put if one.key not in unknown]
        as_mails = await self._may_log_mails()
        mails = [one for one in put if as_mails and is_mail(one)]
        notes = [one for one in put if one not in mails]
        for object_type, those in ((EMAILS, mails), (NOTES, notes)):
            for page in _apart(those, attempts):
                unknown |= await self._create(object_type, page, places, files, refused)
        return unknown

    async def _create(
        self,
        object_type: str,
        said: Sequence[Interaction],
        places: Mapping[str, Place],
        files: Mapping[str, Sequence[str]],
        refused: dict[str, str],
    ) -> set[str]:
        if not said:
            return set()
        engagements = [self.engagement(one, object_type, places[one.key], files.get(one.key, ())) for one in said]
        await self.book.enter(said, State.BEGUN, object_type, {one.key: one.linked for one in engagements})
        try:
            created = await self._batches.create(engagements)
        except (MissingScope, NotInPlan) as fault:
            await self.book.unsent([one.key for one in said])
            if object_type == NOTES:
                raise CrmUnavailable(str(fault), _UNTIL_A_PERSON_ACTS) from fault
            await self._remember_no_mails(fault)
            return await self._create(NOTES, said, places, files, refused)
        if object_type == EMAILS and created.there:
            await self._mails_are_taken()
        return await self._note(engagements, created, refused)

    async def _note(self, engagements: Sequence[Engagement], created: Created, refused: dict[str, str]) -> set[str]:
        """Into our log. Raises CrmUnavailable once all that HubSpot answered is noted."""
        key_of = {one.marker: one.key for one in engagements}
        await self.book.put_on({key_of[marker]: linked for marker, linked in created.put_on.items()})
        await self.book.logged(created.there)
        refused |= {key_of[marker]: words for marker, words in created.refused.items()}
        await self.book.mark([key_of[marker] for marker in created.refused], State.REFUSED)
        said = created.there.keys() | created.refused.keys() | created.unknown
        await self.book.unsent([one.key for one in engagements if one.marker not in said])
        unknown = await self._settle(list((await self.book.rows([key_of[m] for m in created.unknown])).values()))
        if created.away is not None:
            raise created.away
        return unknown

    def engagement(self, said: Interaction, object_type: str, place: Place, files: Sequence[str] = ()) -> Engagement:
        marker = marker_of(said.key)
        wording = worded(said, marker, place.who, as_mail=object_type == EMAILS)
        return Engagement(said.key, marker, object_type, properties_of(said, object_type, wording, files), place.linked)

    # --- mails as e-mails, or as notes

    async def _may_log_mails(self) -> bool:
        known = await self._portal.account.facts.get(FactName.MAILS)
        return known is None or self._portal.now() - known.read_at >= _MAILS_AGAIN

    async def _remember_no_mails(self, fault: MissingScope | NotInPlan) -> None:
        scopes = fault.scopes if isinstance(fault, MissingScope) else ()
        _LOG.warning("mails are logged as notes: %s", fault)
        said = {"as": NOTES, "scope": ", ".join(scopes) or "sales-email-read"}
        await self._portal.account.facts.keep(FactName.MAILS, said, self._portal.now())

    async def _mails_are_taken(self) -> None:
        if await self._portal.account.facts.get(FactName.MAILS) is not None:
            await self._portal.account.facts.forget(FactName.MAILS)


def _apart(interactions: Sequence[Interaction], attempts: Mapping[str, int]) -> Iterator[list[Interaction]]:
    """What goes in one call. Whatever was sent in vain goes with fewer, and at last alone: one that HubSpot fails at
    does not take the others with it.
    """
    for tried in sorted({attempts.get(one.key, 0) for one in interactions}):
        size = _TOGETHER[tried] if tried < len(_TOGETHER) else 1
        yield from pages([one for one in interactions if attempts.get(one.key, 0) == tried], size)


def once(interactions: Sequence[Interaction], refused: dict[str, str]) -> dict[str, Interaction]:
    """By key, as they are kept: each deal named once. What cannot be kept is refused."""
    wanted: dict[str, Interaction] = {}
    for one in interactions:
        try:
            said = kept(one)
        except CrmRejected as fault:
            refused[one.key] = str(fault)
        else:
            wanted.setdefault(said.key, replace(said, deal_numbers=tuple(dict.fromkeys(said.deal_numbers))))
    return wanted


def _sorted_by_place(
    interactions: Sequence[Interaction], places: Mapping[str, Place], refused: dict[str, str]
) -> tuple[list[Interaction], list[Interaction]]:
    """(to be put on records of HubSpot, kept here alone): what names a partner has to stand somewhere."""
    put, alone = [], []
    for one in interactions:
        place = places[one.key]
        if place.linked:
            put.append(one)
        elif one.partner_id:
            refused[one.key] = f"the interaction's partner {one.partner_id} is not in HubSpot"
        else:
            alone.append(one)
    return put, alone

"""Translations: a model proposes the languages that an announcement lacks, and a person approves each or writes it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol

from bot.announcements.composing.faults import announcer
from bot.announcements.translations.holding import LANGUAGE_NAMES, faults_of
from bot.readers.builtin.language import language_of
from bot.readers.proposing import NoReading, Reason
from bot.vocabulary.announcing import Announcement, AnnouncementState, AnnouncementText, Composed
from bot.vocabulary.results import NotDone
from knowledge.program import Program

_WHY: dict[Reason, str] = {
    Reason.NOTHING_TO_READ: "the text is empty",
    Reason.TOO_LONG: "the text is too long for the model",
    Reason.BUDGET_USED_UP: "today's calls to the model are used up (model_daily_budget)",
    Reason.PAUSED: "the model failed several times just now and is left alone for a minute",
    Reason.TIMEOUT: "the model did not answer in time (model_timeout_s)",
    Reason.BUSY: "the model is busy",
    Reason.UNAVAILABLE: "the model cannot be reached",
    Reason.REJECTED: "the model's server refused the call; `partnerline doctor` tries it",
    Reason.REFUSED: "the model refused to translate this text",
    Reason.MALFORMED: "the model's answer was not of the agreed form",
    Reason.EMPTY: "the model's answer was empty",
}
_OPEN = (AnnouncementState.DRAFT, AnnouncementState.SCHEDULED)
_NONE_SUCH = NotDone("there is no such announcement", "`partnerline announcements list` shows all")


class Translator(Protocol):
    """What proposes translations. It may be asked in several threads, and may take its time."""

    def translate(self, text: AnnouncementText, into: str) -> AnnouncementText:
        """In the language `into` (ISO 639-1), with approved=False and by="". Raises NoReading, and nothing else."""
        ...


class Drafts(Protocol):
    """Where announcements are kept: `AnnouncementDesk`."""

    async def find(self, announcement_id: str) -> Announcement | None: ...

    async def keep(self, by: str, composed: Composed, announcement_id: str | None = None) -> Announcement | NotDone: ...


@dataclass(frozen=True, slots=True)
class Proposed(Announcement):
    """The announcement with the proposals that hold; `not_shown` is (language, why) of those that do not."""

    not_shown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Translating:
    """`translator` is None where no model is configured; then people can still write and approve texts."""

    drafts: Drafts
    program: Program
    translator: Translator | None

    async def propose(self, by: str, announcement_id: str, languages: Sequence[str]) -> Proposed | NotDone:
        """What the model makes of the text that others fall back on, kept unapproved beside it: it reaches nobody until
        it is approved. What does not say the same as the original is not kept, and NotDone where none is.
        """
        if self.translator is None:
            return NotDone("no model is configured, so nothing can be proposed", "set model_url and model_name")
        found = await self._open(by, announcement_id)
        if isinstance(found, NotDone):
            return found
        wanted = tuple(dict.fromkeys(language.strip().lower() for language in languages if language.strip()))
        original = _original(found.composed)
        if fault := _cannot(found.composed, original, wanted):
            return fault
        tried = await asyncio.gather(*(self._tried(self.translator, original, language) for language in wanted))
        good = [one for one in tried if isinstance(one, AnnouncementText)]
        bad = tuple((wanted[place], one) for place, one in enumerate(tried) if isinstance(one, str))
        if not good:
            return NotDone(
                "; ".join(f"{_name(language)}: {why}" for language, why in bad), "write it, or try once more"
            )
        return await self._kept(by, announcement_id, good, bad)

    async def approve(
        self, by: str, announcement_id: str, language: str, subject: str, body: str
    ) -> Announcement | NotDone:
        """What that language's readers get, as the manager leaves it: the proposal, changed or not, or a text of his
        own.
        """
        found = await self._open(by, announcement_id)
        if isinstance(found, NotDone):
            return found
        text = AnnouncementText(language.strip().lower(), subject, body, approved=True, by=by)
        return await self.drafts.keep(by, _with(found.composed, [text]), announcement_id)

    async def _open(self, by: str, announcement_id: str) -> Announcement | NotDone:
        """Where a manager may still change it."""
        if isinstance(refused := announcer(self.program, by), NotDone):
            return refused
        found = await self.drafts.find(announcement_id)
        if found is None:
            return _NONE_SUCH
        if found.state not in _OPEN:
            return NotDone(f"“{found.subject}” is {found.state}, so its texts stay as they are", "announce it anew")
        return found

    async def _tried(self, translator: Translator, original: AnnouncementText, language: str) -> AnnouncementText | str:
        """The proposal, or why there is none to show."""
        try:
            said = await asyncio.to_thread(translator.translate, original, language)
        except NoReading as failure:
            return _WHY[failure.reason]
        proposed = replace(said, language=language, approved=False, by="")
        faults = faults_of(original, proposed)
        return "; ".join(faults) if faults else proposed

    async def _kept(
        self, by: str, announcement_id: str, good: Sequence[AnnouncementText], bad: tuple[tuple[str, str], ...]
    ) -> Proposed | NotDone:
        """Looked at once more: while the model thought, somebody may have written or sent it."""
        found = await self._open(by, announcement_id)
        if isinstance(found, NotDone):
            return found
        written = _approved(found.composed)
        late = tuple((text.language, "somebody has written it meanwhile") for text in good if text.language in written)
        composed = _with(found.composed, [text for text in good if text.language not in written])
        kept = await self.drafts.keep(by, composed, announcement_id)
        if isinstance(kept, NotDone):
            return kept
        return Proposed(**{field.name: getattr(kept, field.name) for field in fields(kept)}, not_shown=(*bad, *late))


def proposals(composed: Composed) -> tuple[AnnouncementText, ...]:
    """The texts that wait for a person."""
    return tuple(text for text in composed.texts if not text.approved)


def missing(composed: Composed) -> tuple[str, ...]:
    """The languages in which nobody has written it, of those in which a translation can be checked."""
    written = _approved(composed) | {_original(composed).language}
    return tuple(language for language in LANGUAGE_NAMES if language not in written)


def _approved(composed: Composed) -> set[str]:
    return {text.language for text in composed.texts if text.approved}


def _original(composed: Composed) -> AnnouncementText:
    text = composed.text_for("")
    return text if text.language else replace(text, language=language_of(f"{text.subject}\n{text.body}"))


def _cannot(composed: Composed, original: AnnouncementText, wanted: Collection[str]) -> NotDone | None:
    can = ", ".join(missing(composed)) or "none"
    if not wanted:
        return NotDone("no language is named", f"name one of those that it lacks: {can}")
    if unknown := [language for language in wanted if language not in LANGUAGE_NAMES]:
        return NotDone(f"nothing here can check a text in {', '.join(unknown)}", f"it can be proposed in {can}")
    if written := [language for language in wanted if language not in missing(composed)]:
        return NotDone(f"there is a text in {', '.join(written)} already", f"it can be proposed in {can}")
    if not original.approved:
        return NotDone("nobody has approved a text yet", "approve one; translations are made from it")
    return None


def _with(composed: Composed, texts: Sequence[AnnouncementText]) -> Composed:
    """Each in the place of that in its language, or behind all others."""
    new = {text.language: text for text in texts}
    had = [new.pop(text.language, text) for text in composed.texts]
    return replace(composed, texts=(*had, *new.values()))


def _name(language: str) -> str:
    return LANGUAGE_NAMES.get(language, language)

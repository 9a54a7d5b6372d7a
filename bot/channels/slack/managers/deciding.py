"""Deciding at the counter: everything to decide by in a form, and what is chosen there becomes an order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.channels.slack.edge.interactions import Answer, Person, Submission, ViewPress
from bot.channels.slack.managers.actions import CHOSEN
from bot.channels.slack.managers.decide_views import ACT, TITLE, WORDS, decide_view, settled_view
from bot.channels.slack.managers.frames import View, errors, instead, told
from bot.channels.slack.managers.orders import ManagerOrder
from bot.channels.slack.managers.ports import Cases, CaseShown, Forms, Orders
from bot.channels.slack.managers.windows import Windows
from bot.vocabulary.briefs import Act, BriefKind
from bot.vocabulary.results import NotDone
from knowledge.program import Manager

_CLOSED = "This form is not open any more, so nothing was done. Open it anew."
_NO_NUMBER = "Name what it is about: /partners decide D-123456, or /partners decide S-2026-10 Quaywise."
_TAKEN = "On it. I write to you directly what came of it."


@dataclass(frozen=True, slots=True)
class Deciding:
    forms: Forms
    cases: Cases
    orders: Orders
    windows: Windows

    async def named(self, who: Manager, by: Person, trigger: str, words: str) -> str:
        """Why there is no form, "" where there is one."""
        if not words:
            return _NO_NUMBER
        return await self._open(by, trigger, lambda: self.cases.named(words, who.email))

    async def behind(self, who: Manager, press: ViewPress) -> None:
        await self._open(press.by, press.trigger, lambda: self.cases.behind(press.value, who.email))

    async def decided(self, submission: Submission) -> Answer:
        """The order is committed when this returns; whether it may be carried out is looked up then."""
        doc = await self.forms.find(submission.meta, submission.by.user)
        if doc is None or "acts" not in doc:
            return instead(told(TITLE, _CLOSED))
        act, words = submission.filled.get(ACT, ""), submission.filled.get(WORDS, "").strip()
        if act not in doc["acts"]:
            return errors(**{ACT: "Choose what is to be done."})
        if fault := self.cases.fault(BriefKind(doc["kind"]), Act(act), words):
            return errors(**{WORDS: fault})
        await self.orders.take(
            ManagerOrder(
                submission.by.user, submission.by.team, submission.key, action=f"{CHOSEN}{act}",
                value=submission.meta, filled=((WORDS, words),),
            )
        )  # fmt: skip
        return instead(told(TITLE, f"{doc['named']}: {act}.", _TAKEN))

    async def _open(self, by: Person, trigger: str, look: Callable[[], Awaitable[CaseShown | NotDone]]) -> str:
        async def content() -> View:
            found = await look()
            if isinstance(found, NotDone):
                return told(TITLE, f"{found.text[:1].upper()}{found.text[1:].rstrip('.')}.", found.fix)
            if not found.acts:
                return settled_view(found)
            return decide_view(await self.forms.open(by.user, _doc(found)), found)

        return await self.windows.open(trigger, TITLE, content)


def _doc(found: CaseShown) -> dict[str, object]:
    acts = [act.value for act in found.acts]
    return {"kind": found.kind.value, "subject": found.subject, "named": found.named, "acts": acts}

"""The page on which a draft is looked at before it goes: whom it reaches, what they will see, and the one button."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.console.announcing.people import manager_at
from bot.channels.console.announcing.ports import Announcing
from bot.channels.console.console import Console, console_of, found
from bot.channels.console.forms import Fields, fields_of
from bot.channels.console.guard import FRAMED
from bot.channels.console.notices import Notice
from bot.channels.console.views import ManagerSeat
from bot.channels.console.words import segment
from bot.vocabulary.announcing import Announcement, AnnouncementState, AnnouncementText, Preview
from bot.vocabulary.results import Done, NotDone

_OPEN = (AnnouncementState.DRAFT, AnnouncementState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Look:
    """A draft on a manager's desk."""

    console: Console
    request: Request
    manager: ManagerSeat
    draft: Announcement

    @property
    def announcing(self) -> Announcing:
        return self.console.backend.announcing

    @property
    def here(self) -> str:
        return f"/desk/{segment(self.manager.id)}/announce/{segment(self.draft.id)}"

    def again(self, result: Done | NotDone) -> Response:
        return self.console.notices.redirect(self.here, Notice.of(result))

    async def page(
        self, seen: Preview | NotDone, notice: Notice | None = None, status: int = 200,
        typed: AnnouncementText | None = None,
    ) -> Response:  # fmt: skip
        """`typed` is an approval that was not taken, given back as it was typed."""
        samples = seen.samples if isinstance(seen, Preview) else ()
        composed = self.draft.composed
        proposals = tuple(text for text in composed.texts if not text.approved)
        proposed = {text.language for text in proposals}
        missing = self.announcing.missing_languages(composed) if self.announcing.can_propose else ()
        return self.console.pages.page(
            self.request,
            "announcing/preview.html",
            "announcements",
            status,
            manager=self.manager,
            draft=self.draft,
            seen=seen,
            frames=[self.console.frames.keep(one.html) if one.html else "" for one in samples],
            proposals=proposals,
            missing=[language for language in missing if language not in proposed],
            typed=typed,
            notice=notice,
        )


async def preview_page(request: Request) -> Response:
    look = await _look(request)
    if look.draft.state not in _OPEN:
        return RedirectResponse(f"/announcements/{segment(look.draft.id)}", 303)
    return await look.page(await look.announcing.preview(look.manager.email, look.draft.composed))


async def act(request: Request) -> Response:
    """`action` is test, confirm, propose or approve."""
    look, form = await _look(request), await fields_of(request)
    by, name = look.manager.email, look.draft.id
    match form.raw("action"):
        case "confirm":
            return await _confirm(look, form)
        case "propose":
            return look.again(await look.announcing.propose(by, name, form.many("language")))
        case "approve":
            return await _approve(look, form)
        case "test":
            return look.again(await look.announcing.test(by, look.draft.composed))
        case _:
            return look.again(NotDone("Nothing was done.", "Use one of the buttons of this page."))


async def sample(request: Request) -> Response:
    """A mail in its frame: nothing in it runs or loads."""
    html = found(console_of(request).frames.find(request.path_params["key"]), "sample any more; look at it anew")
    return HTMLResponse(html, headers=FRAMED)


async def _confirm(look: Look, form: Fields) -> Response:
    said = form.raw("count")
    count = int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else -1
    done = await look.announcing.confirm(look.manager.email, look.draft.id, count, form.raw("seen") or "nothing")
    if isinstance(done, NotDone):
        seen = await look.announcing.preview(look.manager.email, look.draft.composed)
        return await look.page(seen, Notice.of(done), 422)
    if isinstance(done, Preview):
        people = "1 person" if done.contacts == 1 else f"{done.contacts:,} people"
        changed = Notice(
            f"Nothing was sent: it reaches {people} by now{f', not {count:,}' if count >= 0 else ''}.",
            "Look at the new preview, then confirm it.",
            error=True,
        )
        return await look.page(done, changed, 409)
    to = f"/announcements/{segment(done.id)}"
    return look.console.notices.redirect(to, Notice(f"“{done.subject}” is confirmed, for {_people(count)}."))


async def _approve(look: Look, form: Fields) -> Response:
    text = AnnouncementText(form.line("language", 10), form.line("subject"), form.text("body", 100_001))
    done = await look.announcing.approve(look.manager.email, look.draft.id, text.language, text.subject, text.body)
    if isinstance(done, NotDone):
        seen = await look.announcing.preview(look.manager.email, look.draft.composed)
        return await look.page(seen, Notice.of(done), 422, text)
    return look.again(Done("The text is approved: those who read that language get it."))


async def _look(request: Request) -> Look:
    console = console_of(request)
    manager = await manager_at(console, request)
    draft = await console.backend.announcing.find(request.path_params["announcement"])
    return Look(console, request, manager, found(draft, "announcement"))


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"

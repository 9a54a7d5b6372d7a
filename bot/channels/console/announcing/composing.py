"""The page on which an announcement is composed; every button of it sends the whole form, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.console.announcing.people import manager_at
from bot.channels.console.announcing.ports import Announcing
from bot.channels.console.announcing.typed import (
    MOST_FILES,
    Typed,
    composed_of,
    document_field,
    typed_again,
    typed_of,
    with_text,
    without_text,
)
from bot.channels.console.announcing.views import Faults, Reached
from bot.channels.console.console import Console, console_of, found
from bot.channels.console.forms import Fields, fields_of
from bot.channels.console.notices import Notice
from bot.channels.console.views import ManagerSeat
from bot.channels.console.words import segment
from bot.vocabulary.announcing import Announcement, AnnouncementState, AnnouncementText
from bot.vocabulary.documents import MOST_BYTES, Document
from bot.vocabulary.results import Done, NotDone

PARTIAL = "x-partial"
_OPEN = (AnnouncementState.DRAFT, AnnouncementState.SCHEDULED)
_MOST_FIELDS = 3_000
_LONGEST_FILE = 200_000  # bytes of a text in the form of files


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form while it is worked on: what stands in it, what is wrong with it, and what there is to say."""

    console: Console
    manager: ManagerSeat
    form: Fields
    typed: Typed
    faults: Faults = field(default_factory=Faults)
    notice: Notice | None = None
    reached: Reached | None = None

    @property
    def announcing(self) -> Announcing:
        return self.console.backend.announcing

    def at(self, name: str, fault: NotDone) -> Sheet:
        return replace(self, faults=self.faults.and_at(name, fault))

    def says(self, result: Done | NotDone) -> Sheet:
        return replace(self, notice=Notice.of(result))


async def compose_page(request: Request) -> Response:
    """A new one; `?draft=` opens one that is kept, `?from=` begins with the text of another, `?segment=` with whom."""
    console, asked = console_of(request), request.query_params
    sheet = Sheet(console, await manager_at(console, request), Fields.empty(), Typed(str(uuid4())))
    if name := asked.get("draft") or asked.get("from"):
        kept = found(await sheet.announcing.find(name), "announcement")
        own = kept.id if "draft" in asked and kept.state in _OPEN else str(uuid4())
        sheet = replace(sheet, typed=typed_again(own, kept.composed))
    elif name := asked.get("segment"):
        sheet = await _with_saved(sheet, name)
    return await _page(request, sheet)


async def compose(request: Request) -> Response:
    """`action` is the button: its name, and behind a colon the place that it stands at."""
    form = await fields_of(request, MOST_FILES + 2, _MOST_FIELDS)
    try:
        return await _composed(request, form)
    finally:
        await request.close()


async def _composed(request: Request, form: Fields) -> Response:
    console = console_of(request)
    sheet = Sheet(console, await manager_at(console, request), form, typed_of(form))
    action, _, place = form.raw("action").partition(":")
    sheet = await _checked_segment(await _with_files(sheet))
    if request.headers.get(PARTIAL):
        sheet = await _counted(sheet)
        fault = sheet.faults.at("segment") or sheet.faults.at("words")
        text = console.pages.fragment("announcing/_reach.html", reached=sheet.reached, wrong=fault)
        return Response(text, media_type="text/html")
    if action in _LEAVES:
        return await _LEAVES[action](request, sheet)
    return await _page(request, await _counted(await _STAYS.get(action, _as_it_is)(sheet, place)))


async def _as_it_is(sheet: Sheet, _: str) -> Sheet:
    return sheet


async def _language_added(sheet: Sheet, _: str) -> Sheet:
    language = sheet.form.line("new_language", 10).lower()
    return replace(sheet, typed=with_text(sheet.typed, AnnouncementText(language, "", "")))


async def _language_removed(sheet: Sheet, place: str) -> Sheet:
    return replace(sheet, typed=without_text(sheet.typed, _number(place)))


async def _put_back(sheet: Sheet, _: str) -> Sheet:
    typed = sheet.typed
    return sheet if typed.aside is None else replace(sheet, typed=replace(with_text(typed, typed.aside), aside=None))


async def _file_removed(sheet: Sheet, place: str) -> Sheet:
    left = tuple(one for at, one in enumerate(sheet.typed.documents) if at != _number(place))
    return replace(sheet, typed=replace(sheet.typed, documents=left))


async def _saved_used(sheet: Sheet, _: str) -> Sheet:
    return await _with_saved(sheet, sheet.form.raw("saved"))


async def _segment_saved(sheet: Sheet, _: str) -> Sheet:
    if sheet.faults.at("segment") or sheet.faults.at("words"):
        return sheet
    typed = sheet.typed
    done = await sheet.announcing.save_segment(sheet.manager.email, typed.segment_name, typed.segment)
    if isinstance(done, NotDone):
        return sheet.at("segment_name", done)
    return replace(sheet, typed=replace(typed, segment_name="")).says(done)


async def _text_read(sheet: Sheet, _: str) -> Sheet:
    """A whole text in place of what stands in the form; its files stay."""
    chosen = sheet.form.files("whole")
    if not chosen:
        return sheet.at("whole", NotDone("No file is chosen.", "Choose a Markdown file, then read it."))
    content = await chosen[0].read(_LONGEST_FILE + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return sheet.at("whole", NotDone("This is no text in UTF-8.", "Save it as UTF-8, then choose it again."))
    read = await sheet.announcing.read_text(text)
    if isinstance(read, NotDone):
        return sheet.at("whole", read)
    again = replace(typed_again(sheet.typed.draft, read), documents=sheet.typed.documents)
    return replace(sheet, typed=again, notice=Notice("The file stands in the form; nothing is sent."))


async def _save(request: Request, sheet: Sheet) -> Response:
    kept = await _kept(sheet)
    if isinstance(kept, Sheet):
        return await _page(request, kept)
    to = f"/desk/{segment(sheet.manager.id)}/announce?draft={segment(kept.id)}"
    return sheet.console.notices.redirect(to, Notice(f"“{kept.subject}” is kept as a draft; nothing is sent."))


async def _preview(request: Request, sheet: Sheet) -> Response:
    kept = await _kept(sheet)
    if isinstance(kept, Sheet):
        return await _page(request, kept)
    to = f"/desk/{segment(sheet.manager.id)}/announce/{segment(kept.id)}"
    return RedirectResponse(to, 303)


async def _copy(request: Request, sheet: Sheet) -> Response:
    return await _save(request, replace(sheet, typed=replace(sheet.typed, draft=str(uuid4()))))


_STAYS: dict[str, Callable[[Sheet, str], Awaitable[Sheet]]] = {
    "look": _as_it_is,
    "add-language": _language_added,
    "remove-language": _language_removed,
    "put-back": _put_back,
    "remove-file": _file_removed,
    "use-saved": _saved_used,
    "save-segment": _segment_saved,
    "read-text": _text_read,
}
"""Buttons after which the form stands there again; any other word does as "look" does."""
_LEAVES: dict[str, Callable[[Request, Sheet], Awaitable[Response]]] = {
    "save": _save,
    "preview": _preview,
    "copy": _copy,
}


async def _kept(sheet: Sheet) -> Announcement | Sheet:
    """As a draft, or the form with what is wrong at its fields."""
    composed, found_here = composed_of(sheet.typed)
    faults = replace(sheet.faults, by_field={**found_here.by_field, **sheet.faults.by_field})
    places = [place for place, text in enumerate(sheet.typed.texts) if text in composed.texts]
    for one in sheet.announcing.faults(composed):
        kind, _, place = one.part.partition("-")
        name = f"body-{places[int(place)]}" if kind == "text" else one.part
        told_already = kind == "text" and f"subject-{places[int(place)]}" in faults.by_field
        if not told_already and name not in faults.by_field:
            faults = faults.and_at(name, one.fault)
    if faults:
        fault = NotDone("Nothing was kept or sent: look at what is marked below.")
        return replace(sheet, faults=faults).says(fault)
    kept = await sheet.announcing.keep(sheet.manager.email, composed, sheet.typed.draft)
    return sheet.says(kept) if isinstance(kept, NotDone) else kept


async def _checked_segment(sheet: Sheet) -> Sheet:
    """Words replace what is chosen; what is chosen is held against what there is."""
    typed = sheet.typed
    meant = await sheet.announcing.segment_of(typed.words or str(typed.segment))
    if isinstance(meant, NotDone):
        return sheet.at("words" if typed.words else "segment", meant)
    return replace(sheet, typed=replace(typed, segment=meant, words=""))


async def _with_saved(sheet: Sheet, name: str) -> Sheet:
    saved = {one.name: one.segment for one in (await sheet.announcing.choices()).saved}
    if name not in saved:
        return sheet.at("saved", NotDone("This segment is not saved any more.", "Choose another one."))
    return replace(sheet, typed=replace(sheet.typed, segment=saved[name], words=""))


async def _counted(sheet: Sheet) -> Sheet:
    if sheet.faults.at("segment") or sheet.faults.at("words"):
        return sheet
    return replace(sheet, reached=await sheet.announcing.reached(sheet.typed.segment))


async def _with_files(sheet: Sheet) -> Sheet:
    """What was chosen is kept at once, and stays with the form; of the same name the newer one counts."""
    documents, refused = list(sheet.typed.documents), []
    for file in sheet.form.files("file"):
        name = file.filename or ""
        content = await file.read(MOST_BYTES + 1)
        kept = await sheet.announcing.keep_file(name, content, file.content_type or "")
        if isinstance(kept, Document):
            documents = [*(one for one in documents if one.name != kept.name), kept]
        else:
            refused.append(f"{name[:200]}: {kept.text}")
    sheet = replace(sheet, typed=replace(sheet.typed, documents=tuple(documents[:MOST_FILES])))
    if len(documents) > MOST_FILES:
        refused.append(f"more than {MOST_FILES} files do not go with an announcement")
    if sum(one.size for one in documents) > MOST_BYTES:
        refused.append(f"the files weigh more than {MOST_BYTES // 1_000_000} MB: take one out, and link to it instead")
    return sheet.at("files", NotDone("; ".join(refused))) if refused else sheet


async def _page(request: Request, sheet: Sheet) -> Response:
    known = await sheet.announcing.find(sheet.typed.draft)
    return sheet.console.pages.page(
        request,
        "announcing/compose.html",
        "announcements",
        422 if sheet.faults or (sheet.notice and sheet.notice.error) else 200,
        manager=sheet.manager,
        typed=sheet.typed,
        faults=sheet.faults,
        choices=await sheet.announcing.choices(),
        reached=sheet.reached,
        document_field=document_field,
        known=known,
        notice=sheet.notice,
    )


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else -1

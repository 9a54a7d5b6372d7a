"""A partner's seat, in the demo profile only: write as a contact by mail or in the channel, see the answer arrive."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.console.console import Console, console_of, found
from bot.channels.console.examples import EXAMPLES
from bot.channels.console.forms import fields_of
from bot.channels.console.notices import Notice
from bot.channels.console.views import ConversationThread, PartnerSeat
from bot.channels.console.words import segment
from bot.vocabulary.results import Done, NotDone
from crm.records import Direction


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in a composer: a new message, or one that could not be sent and is given back."""

    channel: str = "mail"
    subject: str = ""
    text: str = ""


async def seat_page(request: Request) -> Response:
    console = console_of(request)
    seat = await _seat(console, request)
    threads = await console.backend.conversation(seat.id)
    chosen, reference = _chosen(threads, request)
    composing = request.query_params.get("compose", "")
    if not composing and not chosen and not reference and not threads:
        composing = "mail"
    draft = _draft(console, seat, composing, request.query_params.get("example", ""))
    return _show(request, seat, threads, chosen=chosen, draft=draft, reference=reference)


async def thread_fragment(request: Request) -> Response:
    """The open thread alone, asked for again and again while an answer is awaited."""
    console = console_of(request)
    seat = await _seat(console, request)
    threads = await console.backend.conversation(seat.id)
    chosen, reference = _chosen(threads, request)
    return HTMLResponse(_thread(console, chosen, reference))


async def write_mail(request: Request) -> Response:
    console, form = console_of(request), await fields_of(request)
    seat = await _seat(console, request)
    subject, text, reply_to = form.line("subject"), form.text("text"), form.raw("in_reply_to") or None
    if not text or not (subject or reply_to):
        result: Done | NotDone = NotDone("A mail needs a subject and a text.", "Fill in both and send again.")
    else:
        result = await console.backend.write_mail(seat.id, subject, text, reply_to)
    return await _after(request, seat, result, Draft("mail", subject, text), form.raw("thread"))


async def write_slack(request: Request) -> Response:
    console, form = console_of(request), await fields_of(request)
    seat = await _seat(console, request)
    text, reply_to = form.text("text"), form.raw("thread_ts") or None
    if not seat.slack_channel:
        result: Done | NotDone = NotDone("This partner has no shared channel.", "Write a mail instead.")
    elif not text:
        result = NotDone("The message is empty.", "Type a text and send again.")
    else:
        result = await console.backend.write_slack(seat.id, text, reply_to)
    return await _after(request, seat, result, Draft("slack", "", text), form.raw("thread"))


def seat_routes() -> list[BaseRoute]:
    return [
        Route("/seats/{seat}", seat_page),
        Route("/seats/{seat}/thread", thread_fragment),
        Route("/seats/{seat}/mail", write_mail, methods=["POST"]),
        Route("/seats/{seat}/slack", write_slack, methods=["POST"]),
    ]


async def _seat(console: Console, request: Request) -> PartnerSeat:
    seats = await console.backend.seats()
    return found(next((s for s in seats.partners if s.id == request.path_params["seat"]), None), "seat")


def _chosen(threads: tuple[ConversationThread, ...], request: Request) -> tuple[ConversationThread | None, str]:
    """The thread a link names, by its id or a message in it; and the reference of a message in no thread yet."""
    thread_id, reference = request.query_params.get("thread", ""), request.query_params.get("message", "")
    for thread in threads:
        if thread.id == thread_id or (reference and any(m.reference == reference for m in thread.messages)):
            return thread, ""
    return None, reference


def _draft(console: Console, seat: PartnerSeat, composing: str, example: str) -> Draft | None:
    if composing not in ("mail", "slack"):
        return None
    channel = "slack" if composing == "slack" and seat.slack_channel else "mail"
    if example in EXAMPLES:
        start = EXAMPLES[example]
        return Draft(channel, start.subject, start.text(console.clock().date()))
    return Draft(channel)


async def _after(request: Request, seat: PartnerSeat, result: Done | NotDone, draft: Draft, thread_id: str) -> Response:
    if isinstance(result, NotDone):
        console = console_of(request)
        threads = await console.backend.conversation(seat.id)
        chosen = next((t for t in threads if t.id == thread_id), None)
        return _show(request, seat, threads, chosen=chosen, draft=draft, notice=Notice.of(result))
    return RedirectResponse(f"/seats/{segment(seat.id)}?message={segment(result.reference)}", 303)


def _show(
    request: Request,
    seat: PartnerSeat,
    threads: tuple[ConversationThread, ...],
    *,
    chosen: ConversationThread | None,
    draft: Draft | None,
    reference: str = "",
    notice: Notice | None = None,
) -> Response:
    console = console_of(request)
    return console.pages.page(
        request,
        "seat.html",
        "start",
        422 if notice else 200,
        seat=seat,
        threads=threads,
        chosen=chosen,
        reference=reference,
        draft=draft,
        thread_html=_thread(console, chosen, reference),
        notice=notice,
    )


def _thread(console: Console, chosen: ConversationThread | None, reference: str) -> Markup:
    """The thread as HTML; `data-version` changes with every word of it, `data-waiting` asks the page to look again."""
    inner = console.pages.fragment("_messages.html", thread=chosen, reference=reference)
    return console.pages.fragment(
        "_thread.html",
        inner=inner,
        version=hashlib.sha256(inner.encode("utf-8", "replace")).hexdigest()[:16],
        thread=chosen,
        waiting=bool(reference) or (chosen is not None and any(m.answer_expected for m in chosen.messages)),
        answers=0 if chosen is None else sum(m.direction is Direction.OUT for m in chosen.messages),
    )

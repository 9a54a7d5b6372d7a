"""The state of the work: jobs, outbox, what is parked or shunted, mails kept here; and the same as metrics."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.console.console import console_of, found
from bot.channels.console.crm_views import CrmView
from bot.channels.console.guard import FRAMED
from bot.channels.console.notices import Notice
from bot.channels.console.views import QueueView

Sample = tuple[dict[str, str], int]
Family = tuple[str, str, list[Sample]]
_AS_FILE = {"Content-Disposition": 'attachment; filename="message.txt"', "Cache-Control": "no-store"}


async def queue_page(request: Request) -> Response:
    console = console_of(request)
    return console.pages.page(request, "queue.html", "queue", queue=await console.backend.queue())


async def shunted(request: Request) -> Response:
    console = console_of(request)
    message = found(await console.backend.shunted(request.path_params["message"]), "shunted message")
    return console.pages.page(request, "shunted.html", "queue", message=message)


async def shunted_source(request: Request) -> Response:
    """The message as it came, to be kept as a file: a browser shows none of it and runs none of it."""
    message_id = request.path_params["message"]
    source = found(await console_of(request).backend.shunted_source(message_id), "shunted message")
    return Response(source, media_type="text/plain", headers=_AS_FILE)


async def replay(request: Request) -> Response:
    console, message = console_of(request), request.path_params["message"]
    return console.notices.redirect("/queue", Notice.of(await console.backend.replay(message)))


async def kept_mail(request: Request) -> Response:
    console = console_of(request)
    mail = found(await console.backend.kept_mail(request.path_params["mail"]), "kept mail")
    return console.pages.page(request, "kept.html", "queue", mail=mail)


async def kept_html(request: Request) -> Response:
    """The mail as its reader would see it, for the frame on its page: nothing runs in it, and nothing is loaded."""
    mail = found(await console_of(request).backend.kept_mail(request.path_params["mail"]), "kept mail")
    return HTMLResponse(mail.html, headers=FRAMED)


async def metrics(request: Request) -> Response:
    console = console_of(request)
    text = exposition(await console.backend.queue(), await console.backend.crm_standing(), console.clock())
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def exposition(queue: QueueView, crm: CrmView, now: datetime) -> str:
    """Prometheus' text format, version 0.0.4."""
    families: tuple[Family, ...] = (
        (
            "partnerline_jobs",
            "Jobs by task and state.",
            [({"task": j.kind, "state": j.state}, j.count) for j in queue.jobs],
        ),
        (
            "partnerline_outbox",
            "Outgoing messages by destination and state.",
            [({"destination": o.destination, "state": o.state}, o.count) for o in queue.outbox],
        ),
        (
            "partnerline_parked",
            "Work that waits for a dependency.",
            [({"dependency": p.dependency}, p.count) for p in queue.parked],
        ),
        ("partnerline_shunted", "Messages that failed by themselves.", [({}, len(queue.shunted))]),
        ("partnerline_kept_mails", "Mails kept because no relay is set up.", [({}, len(queue.kept))]),
        *_of_crm(crm, now),
    )
    return "".join(line for name, text, samples in families for line in _family(name, text, samples))


def _of_crm(crm: CrmView, now: datetime) -> tuple[Family, ...]:
    """How far behind the CRM is, and how old the copy kept here."""
    behind: list[Sample] = [({}, max(0, int((now - crm.since).total_seconds())) if crm.since else 0)]
    looked: list[Sample] = [({}, max(0, int((now - crm.looked).total_seconds())))] if crm.looked else []
    away: list[Sample] = [
        ({"way": "writing"}, int(crm.writing is not None)),
        ({"way": "reading"}, int(crm.reading is not None)),
    ]
    return (
        ("partnerline_crm_waiting", "Entries on their way.", [({"what": k.what}, k.count) for k in crm.kinds]),
        ("partnerline_crm_behind_seconds", "Since when the oldest entry waits.", behind),
        (
            "partnerline_crm_refused",
            "Entries that the CRM refused and that wait for a person.",
            [({}, crm.refused_count)],
        ),
        ("partnerline_crm_away", "1 while the CRM does not answer.", away),
        ("partnerline_crm_looked_seconds", "Since the CRM last told what changed there.", looked),
    )


def queue_routes() -> list[BaseRoute]:
    return [
        Route("/queue", queue_page),
        Route("/queue/shunted/{message}", shunted),
        Route("/queue/shunted/{message}/source", shunted_source),
        Route("/queue/shunted/{message}/replay", replay, methods=["POST"]),
        Route("/queue/kept/{mail}", kept_mail),
        Route("/queue/kept/{mail}/html", kept_html),
        Route("/metrics", metrics),
    ]


def _family(name: str, text: str, samples: Iterable[Sample]) -> Iterable[str]:
    yield f"# HELP {name} {text}\n# TYPE {name} gauge\n"
    for labels, value in samples:
        said = ",".join(f'{key}="{_escaped(label)}"' for key, label in labels.items())
        yield f"{name}{{{said}}} {value}\n" if said else f"{name} {value}\n"


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

"""The state of the work: jobs, outbox, what is parked or shunted, mails kept here; and the same as metrics."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.console.console import console_of, found
from bot.channels.console.guard import FRAMED
from bot.channels.console.notices import Notice
from bot.channels.console.views import QueueView

Sample = tuple[dict[str, str], int]
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
    text = exposition(await console_of(request).backend.queue())
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def exposition(queue: QueueView) -> str:
    """Prometheus' text format, version 0.0.4."""
    families: tuple[tuple[str, str, list[Sample]], ...] = (
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
    )
    return "".join(line for name, text, samples in families for line in _family(name, text, samples))


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

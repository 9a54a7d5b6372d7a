"""Where the announcements' pages stand."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from bot.channels.console.announcing import composing, following, looking, segments


def announcing_routes() -> list[BaseRoute]:
    return [
        Route("/announcements", following.announcements),
        Route("/announcements/{announcement}", following.announcement, methods=["GET"]),
        Route("/announcements/{announcement}", following.act, methods=["POST"]),
        Route("/announcements/{announcement}/{file}", following.file),
        Route("/announcement-samples/{key}", looking.sample),
        Route("/desk/{manager}/announce", composing.compose_page, methods=["GET"]),
        Route("/desk/{manager}/announce", composing.compose, methods=["POST"]),
        Route("/desk/{manager}/announce/{announcement}", looking.preview_page, methods=["GET"]),
        Route("/desk/{manager}/announce/{announcement}", looking.act, methods=["POST"]),
        Route("/desk/{manager}/segments", segments.segments, methods=["GET"]),
        Route("/desk/{manager}/segments", segments.delete, methods=["POST"]),
    ]

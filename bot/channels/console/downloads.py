"""Files to keep, as browsers save them under their own names."""

from __future__ import annotations

from email.message import Message

from starlette.responses import Response


def download(name: str, content: bytes, content_type: str) -> Response:
    headers = {"Content-Disposition": disposition(name), "Cache-Control": "no-store"}
    return Response(content, media_type=content_type, headers=headers)


def disposition(name: str) -> str:
    header = Message()
    header.add_header("Content-Disposition", "attachment", filename=name if name.isascii() else ("utf-8", "", name))
    return str(header["Content-Disposition"])

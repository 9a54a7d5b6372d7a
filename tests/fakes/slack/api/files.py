"""Files: what is told of one, and the app's own uploads in three steps."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.api.asking import Answer, Ask, No
from tests.fakes.slack.api.chat import bots
from tests.fakes.slack.world import FakeFile, World

TYPES = {"application/pdf": "pdf", "text/csv": "csv", "image/png": "png", "text/plain": "text"}


def info(ask: Ask) -> Answer:
    file = ask.world.files.get(ask.needed("file"))
    if file is None or not file.uploaded:
        raise No("file_not_found")
    if file.state:
        raise No(file.state)
    seen = any(one in ask.world.channels and ask.world.channels[one].has_bot for one in file.shared)
    if file.user != ask.world.bot_user and not seen:
        raise No("file_not_found")
    return {"ok": True, "file": shown(ask.world, file), "comments": [], "response_metadata": {"next_cursor": ""}}


def upload_url(ask: Ask) -> Answer:
    name, length = ask.needed("filename"), ask.needed("length")
    if not length.isdecimal() or int(length) < 1:
        raise No("invalid_arguments")
    file = ask.world.add_file(name, b"", user=ask.world.bot_user, uploaded=False, external=length)
    return {"ok": True, "upload_url": f"{ask.world.url}/upload/v1/{file.id}", "file_id": file.id}


def complete(ask: Ask) -> Answer:
    """The files are there now; with a channel they are shown in it."""
    given = ask.nested("files")
    if not isinstance(given, list) or not given:
        raise No("invalid_arguments")
    found: list[FakeFile] = []
    for one in given:
        file = ask.world.files.get(str(one.get("id")))
        if file is None or not file.content:
            raise No("file_not_found")
        file.uploaded, file.title = True, str(one.get("title") or file.name)
        found.append(file)
    if ask.text("channel_id"):
        _shown_in_channel(ask, found)
    return {"ok": True, "files": [shown(ask.world, file) for file in found]}


def _shown_in_channel(ask: Ask, files: list[FakeFile]) -> None:
    channel = ask.open_channel("channel_id")
    for file in files:
        file.shared.add(channel.id)
    post = {**bots(ask.world), "ts": ask.world.next_ts(), "text": ask.text("initial_comment"), "subtype": "file_share"}
    post |= {"files": [shown(ask.world, file) for file in files]}
    channel.posts.append(post | ({"thread_ts": ask.text("thread_ts")} if ask.text("thread_ts") else {}))


def shown(world: World, file: FakeFile) -> dict[str, Any]:
    """As `files.info` tells it."""
    address = f"{world.url}/files-pri/{file.team}-{file.id}"
    kind = TYPES.get(file.mimetype, file.name.rpartition(".")[2].lower() or "binary")
    return {
        "id": file.id, "created": 1_760_000_000, "timestamp": 1_760_000_000, "name": file.name,
        "title": file.title or file.name, "mimetype": file.mimetype, "filetype": kind, "pretty_type": kind.upper(),
        "user": file.user, "user_team": file.team, "editable": False, "size": len(file.content), "mode": "hosted",
        "is_external": False, "external_type": "", "is_public": True, "public_url_shared": False,
        "url_private": f"{address}/{file.name}", "url_private_download": f"{address}/download/{file.name}",
        "channels": sorted(file.shared), "groups": [], "ims": [], "file_access": "visible",
    }  # fmt: skip


def told(world: World, file: FakeFile, *, outsider: bool) -> dict[str, Any]:
    """As an event tells it: of a file from outside it says only where to ask."""
    if not outsider:
        places = ("channels", "groups", "ims")
        return {name: value for name, value in shown(world, file).items() if name not in places}
    known = {"id": file.id, "created": 1_760_000_000, "timestamp": 1_760_000_000, "user": file.user}
    return {**known, "user_team": file.team, "mode": "file_access", "file_access": "check_file_info"}

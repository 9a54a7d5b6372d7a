"""`/files/…/files`: attachments."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.hubspot.api.asking import Ask, Reply
from tests.fakes.hubspot.faults import invalid, no_such_resource

ACCESS = {"PRIVATE", "PUBLIC_INDEXABLE", "PUBLIC_NOT_INDEXABLE", "HIDDEN_PRIVATE"}


def upload(ask: Ask) -> Reply:
    """A form with `file`, `options` as JSON (with `access`) and a folder."""
    given = ask.upload
    content = given.get("file")
    if not isinstance(content, dict):
        raise invalid("file is required")
    if not given.get("folderPath") and not given.get("folderId"):
        raise invalid("One of folderId and folderPath is required")
    options = _options(str(given.get("options") or ""))
    file_id = ask.portal.records.next_id()
    whole = str(given.get("fileName") or content["name"])
    stem, _dot, ending = whole.rpartition(".")
    path = f"{str(given.get('folderPath') or '').rstrip('/')}/{whole}"
    now = ask.portal.stamp()
    made = {
        "id": file_id,
        "createdAt": now,
        "updatedAt": now,
        "archived": False,
        "parentFolderId": given.get("folderId"),
        "name": stem or whole,
        "path": path,
        "size": len(content["content"]),
        "type": "DOCUMENT",
        "extension": ending,
        "access": options["access"],
        "isUsableInContent": False,
        "url": f"https://{ask.portal.id}.fs1.hubspotusercontent.example/hubfs{path}",
    }
    ask.portal.files[file_id] = made
    ask.portal.contents[file_id] = content["content"]
    return Reply(201, made)


def _options(text: str) -> dict[str, Any]:
    try:
        options = json.loads(text)
    except json.JSONDecodeError:
        options = None
    if not isinstance(options, dict) or options.get("access") not in ACCESS:
        raise invalid(f"options must be JSON with an access of {sorted(ACCESS)}")
    return options


def read(ask: Ask) -> Reply:
    found = ask.portal.files.get(ask.at["id"])
    if found is None:
        raise no_such_resource()
    return Reply(200, found)


def archive(ask: Ask) -> Reply:
    if ask.portal.files.pop(ask.at["id"], None) is None:
        raise no_such_resource()
    ask.portal.contents.pop(ask.at["id"], None)
    return Reply(204)

"""Attachments in HubSpot's files: each content once, whatever number of interactions it goes with."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ARRAY, Text, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.records.codec import storable
from crm.adapters.hubspot.records.store import connected, transaction
from crm.adapters.hubspot.tables import uploads
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.faults import MissingScope, NotInPlan
from crm.adapters.hubspot.transport.wire import Upload
from crm.errors import CrmRejected, CrmUnavailable
from crm.ports import Contents
from crm.records import Interaction, LoggedFile

_LOG = logging.getLogger(__name__)

FOLDER = "/Partnerline"
MOST_BYTES = 25_000_000
_TRIES, _PATIENCE = 3, timedelta(minutes=10)
"""How often and how long HubSpot may fail at a file before the interaction goes without it."""
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,80}/[a-z0-9][a-z0-9.+-]{0,80}", re.IGNORECASE | re.ASCII)
_AGAIN = timedelta(hours=1)
"""How often a token that may not upload files is tried again."""
_OPTIONS = json.dumps(
    {
        "access": "PRIVATE",
        "duplicateValidationStrategy": "RETURN_EXISTING",
        "duplicateValidationScope": "EXACT_FOLDER",
    }
)
"""Nobody outside the account opens it; and what was uploaded, but its answer lost, is given back the next time."""


class Uploads:
    def __init__(self, portal: Portal, contents: Contents | None) -> None:
        self._portal = portal
        self._contents = contents
        self._barred_until: datetime | None = None
        self._failed: dict[str, tuple[datetime, int]] = {}

    async def of(self, interactions: Sequence[Interaction]) -> tuple[dict[str, list[str]], set[str]]:
        """HubSpot's file ids by the key of the interaction, and the keys of those that are to wait for a file.

        A file that HubSpot does not take, or whose bytes are no longer kept, is left out: its name and hash stand in
        the text. So is one at which HubSpot has failed for long. Raises CrmUnavailable, for the database.
        """
        wanted = {file.sha256: file for one in interactions for file in one.files}
        if not wanted or self._contents is None:
            return {}, set()
        known = await self._known(wanted)
        for sha256 in wanted.keys() - known.keys():
            file_id = await self._tried(self._contents, wanted[sha256])
            if file_id is not None:
                known[sha256] = file_id
        waiting = {one.key for one in interactions if any(file.sha256 not in known for file in one.files)}
        ids = {
            one.key: [known[f.sha256] for f in one.files if known[f.sha256]]
            for one in interactions
            if one.files and one.key not in waiting
        }
        return {key: list(dict.fromkeys(those)) for key, those in ids.items() if those}, waiting

    async def _tried(self, contents: Contents, file: LoggedFile) -> str | None:
        """None where it is to be tried again."""
        try:
            file_id = await self._upload(contents, file)
        except CrmUnavailable as fault:
            now = self._portal.now()
            since, times = self._failed.get(file.sha256, (now, 0))
            self._failed[file.sha256] = (since, times + 1)
            if times + 1 < _TRIES or now - since < _PATIENCE:
                return None
            _LOG.warning("%s is left out, HubSpot fails at it since %s: %s", file.sha256[:12], since, fault)
            return ""
        self._failed.pop(file.sha256, None)
        return file_id

    async def _known(self, hashes: Iterable[str]) -> dict[str, str]:
        query = select(uploads.c.sha256, uploads.c.file_id).where(
            uploads.c.sha256 == func.any(cast(list(hashes), ARRAY(Text))), uploads.c.file_id != ""
        )
        async with connected(self._portal.objects.engine) as connection:
            return {row.sha256: row.file_id for row in (await connection.execute(query)).all()}

    async def _upload(self, contents: Contents, file: LoggedFile) -> str:
        barred = self._barred_until is not None and self._portal.now() < self._barred_until
        content = None if barred or file.size > MOST_BYTES else await contents.content(file.sha256)
        if content is None:
            return ""
        name = _name(file)
        fields = {"folderPath": FOLDER, "fileName": name, "options": _OPTIONS}
        body = Upload(name, _content_type(file), content, fields)
        try:
            answer = await self._portal.hub.call(calls.UPLOAD_FILE, body=body)
        except CrmRejected as fault:
            if isinstance(fault, MissingScope | NotInPlan):
                self._barred_until = self._portal.now() + _AGAIN
            _LOG.warning("HubSpot does not take %s of %d bytes: %s", file.sha256[:12], file.size, fault)
            return ""
        file_id = str(answer.body.get("id") or "")
        if file_id:
            row = insert(uploads).values(sha256=file.sha256, file_id=file_id)
            kept = row.on_conflict_do_update(index_elements=["sha256"], set_={"file_id": file_id})
            async with transaction(self._portal.objects.engine) as connection:
                await connection.execute(kept)
        return file_id


def _content_type(file: LoggedFile) -> str:
    """As the sender says, as long as it is one: it stands in a header of the upload."""
    return file.content_type if _TYPE.fullmatch(file.content_type) else "application/octet-stream"


def _name(file: LoggedFile) -> str:
    """One name for one content, which still says what it is: `offer-98ea6e4f216f2fb4.pdf`. HubSpot gives back what has
    the name already, so that nobody must be able to make a content of the same one.
    """
    stem, dot, ending = "".join(c if c.isalnum() or c in " ._-" else "_" for c in storable(file.name)).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    return f"{stem.strip()[:80] or 'file'}-{file.sha256[:16]}{dot}{ending[:10]}"

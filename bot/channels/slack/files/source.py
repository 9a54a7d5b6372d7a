"""Slack's source of files: what a message shares is asked about, fetched and judged once its sender is proven."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackRefused, SlackUnauthorised, SlackUnavailable
from bot.channels.slack.files.downloads import Downloads
from bot.channels.slack.files.shared import MAX_FILES, SharedFile, files_of, to_file
from bot.channels.slack.files.unfetched import NotFetched, Unfetched
from bot.ports import AttachedFile, FoundFiles, InletUnavailable, RawMessage, Unreadable
from bot.vocabulary.message import Attachment
from mail_ingest.attachments import DEFAULT_FILES, FileJudge, FileLimits, judge_file
from mail_ingest.file_kinds import Refusal
from mail_ingest.file_names import clean_name

log = logging.getLogger(__name__)

_REMEMBERED = 1000
_GONE = frozenset({"file_deleted", "file_not_found"})
# Of a file they mean that this one is not for us; of anything else, that the token is not good.
_THIS_ONE = frozenset({"access_denied", "missing_scope", "no_permission", "team_access_not_granted"})


class SlackFiles:
    """Implements `bot.ports.FileSource`. While Slack is away a message waits for its files for `patience`; then it is
    handled without those that did not come, and says so.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        downloads: Downloads,
        now: Callable[[], datetime],
        *,
        limits: FileLimits = DEFAULT_FILES,
        patience: timedelta = timedelta(hours=1),
    ) -> None:
        self._client = client
        self._downloads = downloads
        self._now = now
        self._limits = limits
        self._patience = patience
        # What was told once is not asked again: a message that has to wait in the middle of its files gets on.
        self._told: OrderedDict[str, SharedFile] = OrderedDict()

    async def files(self, raw: RawMessage, named: Sequence[Attachment] = ()) -> FoundFiles:
        waits = self._now() - raw.received_at < self._patience
        fetching = _Fetching(self._client, self._downloads, self._limits, self._told, waits=waits)
        for file in _wanted(raw.raw, named)[:MAX_FILES]:
            try:
                await fetching.take(file)
            except SlackUnavailable as fault:
                raise InletUnavailable(str(fault), fault.retry_after, only_this=True) from fault
            finally:
                self._forget()
        return FoundFiles(tuple(fetching.attachments), tuple(fetching.kept))

    def _forget(self) -> None:
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)


@dataclass
class _Fetching:
    """The files of one message, taken one after the other."""

    client: AsyncWebClient
    downloads: Downloads
    limits: FileLimits
    told: OrderedDict[str, SharedFile]
    waits: bool
    judge: FileJudge = field(init=False)
    tried: int = 0
    attachments: list[Attachment] = field(default_factory=list)
    kept: list[AttachedFile] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.judge = FileJudge(self.limits)

    async def take(self, file: SharedFile) -> None:
        """Raises `SlackUnavailable` where the message had better wait."""
        try:
            self._only_so_many()
            file = await self._asked(file) if file.ask and not file.gone else file
            await self._fetch(file)
        except NotFetched as fault:
            log.info("file %s did not come: %s", file.id, fault)
            self._lacks(file, fault.why.value)
        except SlackUnavailable as fault:
            if self.waits:
                raise
            log.warning("file %s is done without: %s", file.id, fault)
            self._lacks(file, Unfetched.UNREACHED.value)

    async def _fetch(self, file: SharedFile) -> None:
        _check(file)
        if refused := _by_name(file, self.limits):
            self._lacks(file, refused.value)
            return
        if file.size > self.limits.file:
            raise NotFetched(Unfetched.TOO_LARGE, f"{file.size} bytes")
        data = await self._content(file)
        judged = await asyncio.to_thread(self.judge.judge, file.name, file.content_type, data)
        sha256 = hashlib.sha256(data).hexdigest()
        kind, refused_as = judged.kind.value if judged.kind else "", judged.refused.value if judged.refused else ""
        one = Attachment(judged.name, file.content_type, len(data), sha256, kind, refused_as)
        self.attachments.append(one)
        if kind:
            self.kept.append(AttachedFile(one, data))

    def _lacks(self, file: SharedFile, refused: str) -> None:
        name = clean_name(file.name)
        self.attachments.append(Attachment(name, file.content_type, file.size, "", refused=refused))

    def _only_so_many(self) -> None:
        """Before anything is asked about or fetched that could not be kept anyway."""
        if self.tried >= self.limits.files or sum(len(file.content) for file in self.kept) >= self.limits.mail:
            raise NotFetched(Unfetched.TOO_MANY, f"{self.tried} files came before it")
        self.tried += 1

    async def _asked(self, file: SharedFile) -> SharedFile:
        if (told := self.told.get(file.id)) is not None:
            return told
        try:
            answer = await call(self.client, "files.info", {"file": file.id})
        except SlackRefused as fault:
            why = Unfetched.GONE if fault.error in _GONE else Unfetched.NOT_SHOWN
            raise NotFetched(why, fault.error) from fault
        except SlackUnauthorised as fault:
            raise _not_shown(fault) from fault
        described = answer.get("file")
        known = to_file(described) if isinstance(described, dict) else file
        self.told[file.id] = known = known if known.id == file.id else file
        return known

    async def _content(self, file: SharedFile) -> bytes:
        try:
            page = file.content_type.startswith("text/html")
            return await self.downloads.fetch(file.url, most=self.limits.file, page=page)
        except SlackUnauthorised as fault:
            raise _not_shown(fault) from fault


def _not_shown(fault: SlackUnauthorised) -> Exception:
    """What is to be raised instead: the message need not wait where only files are not for us."""
    if fault.error not in _THIS_ONE:
        return fault
    if fault.error == "missing_scope":
        log.warning("Slack shows no files: the app lacks the scope files:read; reinstall it from its manifest")
    return NotFetched(Unfetched.NOT_SHOWN, fault.error)


def _check(file: SharedFile) -> None:
    """Raises where Slack says that there is nothing to fetch."""
    if file.gone:
        raise NotFetched(Unfetched.GONE, "its owner deleted it")
    if file.elsewhere:
        raise NotFetched(Unfetched.ELSEWHERE, "it is only linked to")
    if file.hidden or not file.url:
        raise NotFetched(Unfetched.NOT_SHOWN, "Slack names no address of its content")


def _by_name(file: SharedFile, limits: FileLimits) -> Refusal | None:
    """What its name and type forbid already need not be fetched."""
    judged = judge_file(file.name, file.content_type, b"", limits)
    return judged.refused if judged.refused is not Refusal.EMPTY else None


def _wanted(raw: bytes, named: Sequence[Attachment]) -> Sequence[SharedFile]:
    """What the message shares itself, and what stands above it in its thread, of which only the id is known."""
    shared = _shared(raw)
    known = {file.id for file in shared}
    above = [file for file in named if file.file_id and file.file_id not in known]
    return [*shared, *(SharedFile(file.file_id, file.name, file.content_type, ask=True) for file in above)]


def _shared(raw: bytes) -> Sequence[SharedFile]:
    """Of a message that was edited, the files that it shares now."""
    try:
        event = json.loads(raw)["event"]
        edited = event.get("message") if event.get("subtype") == "message_changed" else None
        return _once(files_of(edited if isinstance(edited, dict) else event))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise Unreadable(f"not a Slack message event: {type(fault).__name__}") from fault


def _once(files: Iterable[SharedFile]) -> Sequence[SharedFile]:
    return list({file.id: file for file in files}.values())

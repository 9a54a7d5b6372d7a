"""`partnerline files`: kept files are listed, and one is saved where nothing is overwritten."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import AttachedFile
from bot.storage import files
from bot.storage.tables import inbox
from bot.vocabulary.message import Attachment
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import on

CONTENT = b"%PDF-1.7"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
INBOX = "6f1f9a52-7a63-4c0e-9a5d-0d6f2f3f5a01"


async def keep(connection: AsyncConnection) -> None:
    message = {"id": INBOX, "channel": "email", "envelope": {}, "raw": b"", "reference": "M-1"}
    await connection.execute(insert(inbox).values(message))
    attachment = Attachment("invoice.pdf", "application/pdf", len(CONTENT), DIGEST, "pdf")
    await files.keep(connection, INBOX, [AttachedFile(attachment, CONTENT)])


def test_kept_files_are_listed_and_one_is_saved(partnerline: Partnerline, on_database: str, tmp_path: Path) -> None:
    assert "no file was kept" in partnerline("files", "list").out
    on(on_database, keep)
    assert "invoice.pdf" in partnerline("files", "list").out
    target = tmp_path / "saved.pdf"
    assert partnerline("files", "save", DIGEST[:8], target).code == 0
    assert target.read_bytes() == CONTENT
    again = partnerline("files", "save", DIGEST[:8], target)
    assert again.code == 1
    assert "cannot be written" in again.err


@pytest.mark.usefixtures("on_database")
@pytest.mark.parametrize("wanted", ["abcdef12", "%%%%%%%%", "ab", "\x00" * 8])
def test_a_file_that_is_not_there_is_a_plain_fault(partnerline: Partnerline, tmp_path: Path, wanted: str) -> None:
    shown = partnerline("files", "save", wanted, tmp_path / "x")
    assert shown.code == 1
    assert not (tmp_path / "x").exists()

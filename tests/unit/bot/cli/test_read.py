"""`partnerline read`: JSON of what was read, without a database."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.bot.cli.conftest import Partnerline

MAIL = """\
From: Aoife Brannigan <aoife@quaywise.example>
To: partners@lumora.example
Subject: Deal registration
Message-ID: <one@quaywise.example>
Date: Thu, 26 Nov 2026 09:00:00 +0000

Hi,

we would like to register a deal: Northwind Bakeries (northwind-bakeries.example), contact Ida Holm,
ida.holm@northwind-bakeries.example. They need 60 seats of Lumora Core, about EUR 17,280 a year, and should sign by
31 January.

Thank you!

On Wed, 25 Nov 2026 at 10:00, Noor Haddad <noor@lumora.example> wrote:
> Please send the details.
"""


def test_a_mail_becomes_json_with_its_requests(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text(MAIL)
    shown = partnerline("read", "mail.eml")
    read = json.loads(shown.out)
    assert shown.code == 0
    assert read["sender"] == "aoife@quaywise.example"
    assert read["subject"] == "Deal registration"
    assert read["language"] == "en"
    assert read["automatic"] == ""
    assert read["answer_expected"] is True
    assert read["cut_off"] is True
    assert "Please send the details" not in read["visible_text"]
    fields = registration(read)
    assert fields["amount"] == "17280"
    assert fields["close_date"] == "2027-01-31"


def registration(read: dict[str, Any]) -> dict[str, str]:
    """The fields of the one registration that was read."""
    (found,) = [request["fields"] for request in read["requests"] if request["intent"] == "register_deal"]
    assert isinstance(found, dict)
    return found


def test_days_are_counted_from_the_time_given(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text(MAIL)
    shown = partnerline("read", "mail.eml", "--received", "2027-06-01T08:00+02:00")
    assert registration(json.loads(shown.out))["close_date"] == "2028-01-31"


def test_standard_input_is_read_for_a_dash(partnerline: Partnerline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(MAIL.encode())))
    assert json.loads(partnerline("read", "-").out)["sender"] == "aoife@quaywise.example"


def test_a_machines_mail_is_called_automatic(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text("Auto-Submitted: auto-replied\n" + MAIL)
    read = json.loads(partnerline("read", "mail.eml").out)
    assert read["automatic"]
    assert read["answer_expected"] is False
    assert [request["intent"] for request in read["requests"]] == ["auto_reply"]


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read"), (b" \n", "is empty")], ids=["not there", "empty"]
)
def test_a_file_without_a_mail_is_a_plain_fault(
    partnerline: Partnerline, tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "mail.eml").write_bytes(content)
    shown = partnerline("read", "mail.eml")
    assert shown.code == 1
    assert said in shown.err


@pytest.mark.parametrize("raw", [b"\x00\xff\xfe\x80" * 2_000, b"From: [red]x[/red]\n\n[bold]y", b"A" * 300_000])
def test_hostile_bytes_are_read_or_refused_in_words(partnerline: Partnerline, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "mail.eml").write_bytes(raw)
    shown = partnerline("read", "mail.eml")
    assert shown.code in (0, 1)
    assert shown.code == 1 or json.loads(shown.out)["requests"]


def test_a_time_that_is_none_is_a_fault_of_usage(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text(MAIL)
    shown = partnerline("read", "mail.eml", "--received", "yesterday")
    assert shown.code == 2
    assert "2026-11-26T09:30+01:00" in shown.err

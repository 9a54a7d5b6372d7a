"""Announcing by command line: a file becomes an announcement, and what is done with it afterwards."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from tests.unit.bot.cli.conftest import Partnerline, Result
from tests.unit.bot.cli.records import write_partners

NEWS = """Segment: all
Call: yes/no

# New price list

Hello {first_name}, will you join on 3 December?
"""
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def partners(partnerline: Partnerline, on_database: str, tmp_path: Path) -> Path:
    """A database with two partners, and a folder with a text."""
    assert partnerline("partners", "import", write_partners(tmp_path)).code == 0
    (tmp_path / "news.md").write_text(NEWS)
    return tmp_path


def id_in(said: Result) -> str:
    found = re.search(r"announcements \w+ ([0-9a-f]{8})", said.out)
    assert found, said
    return found[1]


def test_a_preview_says_whom_it_reaches_and_who_is_left_out_and_shows_it_and_sends_nothing(
    partnerline: Partnerline, partners: Path
) -> None:
    (partners / "news.de.md").write_text("# Neue Preisliste\n\nHallo {first_name}!\n")
    shown = partnerline("announce", "news.md", "--preview")
    assert shown.code == 0
    for words in ("New price list: 2 people at 2 partners in everyone", "2 mails, 0 Slack channels", "opted out",
                  "yes, no or maybe", "Hello ", "nothing was sent"):  # fmt: skip
        assert words in shown.out
    assert "nothing was announced yet" in partnerline("announcements", "list").out
    assert partnerline("announce", "news.md", "--dry-run", "--segment", "tier=elite").out.startswith(
        "New price list: 1 person at 1 partner"
    )


def test_it_is_sent_once_it_is_agreed_and_may_be_followed(
    partnerline: Partnerline, partners: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert "nothing was sent" in partnerline("announce", "news.md").out
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    unanswered = partnerline("announce", "news.md")
    assert unanswered.code == 2
    assert "--yes" in unanswered.err
    assert "nothing was announced yet" in partnerline("announcements", "list").out
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    sent = partnerline("announce", "news.md", "--remind-after", "5")
    assert "“New price list” goes out to 2 people now" in sent.out
    assert "no worker runs now" in sent.out
    name = id_in(sent)
    assert "New price list" in partnerline("announcements", "list").out
    assert "waits for its time" in partnerline("announcements", "progress", name, "--once").out
    shown = partnerline("announcements", "show", "new price list").out
    assert "Remind: 5 days" in shown
    assert "confirmed by noor@lumora.example" in shown
    again = partnerline("announce", "news.md", "--remind-after", "5", "--yes")
    assert again.code == 1
    assert "announced exactly this" in again.err


def test_a_draft_is_kept_tried_changed_and_sent_at_its_time_or_cancelled(
    partnerline: Partnerline, partners: Path
) -> None:
    (partners / "prices.pdf").write_bytes(PDF)
    order = ("announce", "news.md", "--draft", "--attach", "prices.pdf", "--at", "2099-06-01 09:00")
    name = id_in(partnerline(*order, "--zone", "partner"))
    assert "attached: prices.pdf (1 kB)" in partnerline("announcements", "preview", name).out
    assert "noor@lumora.example" in partnerline("announcements", "test", name).out
    sent = partnerline("announcements", "send", name, "--yes", "--by", "jonas@lumora.example")
    assert "goes out to 2 people on 2099-06-01 at 09:00 (each partner's time)" in sent.out
    exported = partners / "again"
    exported.mkdir()
    assert partnerline("announcements", "export", name, "--out", "again/news.md").code == 0
    assert (exported / "prices.pdf").read_bytes() == PDF
    assert (
        partnerline("announce", "again/news.md", "--preview").out.splitlines()[:5]
        == (partnerline("announcements", "preview", name).out.splitlines()[:5])
    )
    assert "is not sent" in partnerline("announcements", "cancel", name).out
    assert "cancelled" in partnerline("announcements", "list").out
    for order_ in ("pause", "resume", "remind"):
        assert partnerline("announcements", order_, name).code == 1
    assert partnerline("announcements", "send", name, "--yes").code == 1


def test_everything_that_is_wrong_with_a_text_is_said_at_once_by_file_and_line(
    partnerline: Partnerline, partners: Path
) -> None:
    (partners / "bad.md").write_text("Segment: tier=Gold\nRoute: pigeon\nAttach: none.pdf\n\n# News\n\nHi {nick}\n")
    (partners / "bad.fr.md").write_text("Bonjour\n")
    shown = partnerline("announce", "bad.md", "--yes")
    assert shown.code == 2
    for words in ("bad.md, line 1: Segment: ", "bad.md, line 2: Route: ", "bad.md, line 7: there is no field {nick}",
                  "bad.fr.md, line 1: the text in [fr] has no subject"):  # fmt: skip
        assert words in shown.err
    (partners / "bad.fr.md").unlink()
    (partners / "bad.md").write_text("Attach: none.pdf\n# News\nText\n")
    gone = partnerline("announce", "bad.md", "--segment", "all", "--yes")
    assert "line 1: " in gone.err
    assert "none.pdf cannot be read" in gone.err
    (partners / "tool.exe").write_bytes(b"MZ\x90\x00")
    refused = partnerline("announce", "news.md", "--attach", "tool.exe", "--yes")
    assert "tool.exe: programs and scripts are not accepted" in refused.err
    for options, said in (
        (("--segment", "colour=red"), "Segment: "), (("--segment", ""), "Segment: "),
        (("--at", "tomorrow"), "is no time"), (("--at", "2020-01-01 09:00"), "past"),
        (("--by", "eve@elsewhere.example"), "may not announce"),
        (("--segment", "tier=Elite; language=en"), "nobody is in"),
    ):  # fmt: skip
        wrong = partnerline("announce", "news.md", *options, "--yes")
        assert (wrong.code != 0, said in wrong.err) == (True, True), wrong


def test_an_announcement_is_named_by_its_id_or_subject_or_not_at_all(partnerline: Partnerline, partners: Path) -> None:
    for name in ("7e0f", "Nothing", " "):
        wrong = partnerline("announcements", "show", name)
        assert wrong.code != 0
        assert "announcements list" in wrong.err
    for _ in range(2):
        partnerline("announce", "news.md", "--draft")
    assert "2 announcements are called" in partnerline("announcements", "cancel", "New price list").err

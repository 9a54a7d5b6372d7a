"""Other languages of a draft by command line: proposed by a model, read, and approved by a person."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.model_endpoint import FakeModel, fake_model
from tests.unit.bot.announcements.translations.translated import told_in
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import write_partners

ENGLISH, GERMAN = told_in("en"), told_in("de")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeModel]:
    with fake_model() as model:
        monkeypatch.setenv("PARTNERLINE_MODEL_URL", model.url)
        monkeypatch.setenv("PARTNERLINE_MODEL_NAME", "small")
        model.answer = {"subject": GERMAN.subject, "body": GERMAN.body}
        yield model


def test_a_translation_is_proposed_read_and_approved(
    partnerline: Partnerline, on_database: str, tmp_path: Path, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert partnerline("partners", "import", write_partners(tmp_path)).code == 0
    (tmp_path / "day.md").write_text(f"Segment: all\n\n# {ENGLISH.subject}\n\n{ENGLISH.body}\n", encoding="utf-8")
    kept = partnerline("announce", "day.md", "--draft")
    assert kept.code == 0, kept.err
    name = ENGLISH.subject
    assert "nothing is proposed in German" in partnerline("announcements", "approve", name, "de", "--yes").err

    proposed = partnerline("announcements", "translate", name, "--into", "de,fr")
    assert proposed.code == 0, proposed.err
    assert "Ab dem 1. Januar 2027 kostet Lumora Core 24,50 EUR" in proposed.out
    assert "not shown: French: it is in German and not in French" in proposed.out
    assert "Mareike" not in model.sent
    assert "Lindgrün" not in model.sent
    seen = partnerline("announcements", "preview", name).out
    assert "Guten Tag Mareike" not in seen

    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert "it stays as it was" in partnerline("announcements", "approve", name, "de").out
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert partnerline("announcements", "approve", name, "de").code == 2
    approved = partnerline("announcements", "approve", name, "DE", "--yes")
    assert approved.code == 0, approved.err
    assert "whoever reads German gets it in German" in approved.out
    assert "Guten Tag Mareike" in partnerline("announcements", "preview", name).out

    (tmp_path / "own.md").write_text("# Notre journée\n\nBonjour {first_name}, venez !\n", encoding="utf-8")
    own = partnerline("announcements", "approve", name, "fr", "--file", "own.md", "--yes")
    assert own.code == 0, own.err
    assert "there is a text in de already" in partnerline("announcements", "translate", name, "--into", "de").err


def test_without_a_model_a_command_says_what_is_missing(
    partnerline: Partnerline, on_database: str, tmp_path: Path
) -> None:
    (tmp_path / "day.md").write_text("Segment: all\n\n# Day\n\nCome on 3 December.\n", encoding="utf-8")
    assert partnerline("announce", "day.md", "--draft").code == 0
    refused = partnerline("announcements", "translate", "Day")
    assert refused.code == 1
    assert "set model_url and model_name" in refused.err

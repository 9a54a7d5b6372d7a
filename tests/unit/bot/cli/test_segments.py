"""Segments by command line: what they may name, whom they reach, and what is saved."""

from __future__ import annotations

from pathlib import Path

from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import write_partners

NOOR = "noor@lumora.example"


def test_a_segment_is_shown_saved_narrowed_and_deleted(
    partnerline: Partnerline, on_database: str, tmp_path: Path
) -> None:
    assert partnerline("partners", "import", write_partners(tmp_path)).code == 0
    values = partnerline("segments", "values").out
    assert "valid, none, expiring, expired" in values
    assert "Lumora Core" in values

    shown = partnerline("segments", "show", "region=dach; pipeline=none")
    assert shown.code == 0, shown.err
    assert "region=DACH; pipeline=none: 1 person at 1 partner\n" in shown.out
    assert "Lindgrün" in shown.out

    wrong = partnerline("segments", "show", "regoin=DACH")
    assert wrong.code == 2
    assert "did you mean 'region'?" in wrong.err

    saved = partnerline("segments", "save", "Quiet in DACH", "region=dach; pipeline=none", "--by", NOOR)
    assert saved.code == 0, saved.err
    assert "region=DACH; pipeline=none" in partnerline("segments", "list").out
    assert "0 people at 0 partners" in partnerline("segments", "show", "saved=Quiet in DACH; pipeline!=none").out
    refused = partnerline("segments", "delete", "Quiet in DACH", "--by", "mallory@evil.example")
    assert (refused.code, "may not announce" in refused.err) == (1, True)
    assert "is deleted" in partnerline("segments", "delete", "quiet in dach", "--by", NOOR).out
    assert partnerline("segments", "show", "quiet in dach").code == 1

"""`partnerline rates`: what a person sees of exchange rates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.unit.bot.cli.conftest import Partnerline


def write(folder: Path, *rows: str) -> Path:
    file = folder / "rates.csv"
    file.write_text("\n".join(("day,currency,rate", *rows)), encoding="utf-8")
    return file


def test_rates_are_stored_once_and_shown(partnerline: Partnerline, on_database: str, tmp_path: Path) -> None:
    assert "no rate is stored yet" in partnerline("rates", "show").out
    file = write(tmp_path, "2026-11-25,USD,0.93", "2026-11-26,USD,0.9217")
    assert "2 new, 0 stored already" in partnerline("rates", "import", file).out
    assert "0 new, 2 stored already" in partnerline("rates", "import", file).out
    assert "0.9217" in partnerline("rates", "show").out
    assert "0.93" in partnerline("rates", "show", "--currency", "usd").out


def test_a_stored_rate_changes_only_when_meant(partnerline: Partnerline, on_database: str, tmp_path: Path) -> None:
    partnerline("rates", "import", write(tmp_path, "2026-11-26,USD,0.9217"))
    other = write(tmp_path, "2026-11-26,USD,0.95", "2026-11-26,GBP,1.2")
    refused = partnerline("rates", "import", other)
    assert refused.code == 1
    assert "USD of 2026-11-26 is 0.9217, not 0.95" in refused.err
    assert "GBP" not in partnerline("rates", "show").out.split("no rate of the last")[0]
    assert "replaced: USD of 2026-11-26 is 0.9217, not 0.95" in partnerline("rates", "import", "--replace", other).out


def test_a_faulty_file_stores_nothing(partnerline: Partnerline, on_database: str, tmp_path: Path) -> None:
    refused = partnerline("rates", "import", write(tmp_path, "2026-11-26,USD,1", "2026-11-26,XXX,1", "x,USD,1"))
    assert refused.code == 1
    assert "line 3" in refused.err
    assert "line 4" in refused.err
    assert "no rate is stored yet" in partnerline("rates", "show").out
    assert partnerline("rates", "import", tmp_path / "none.csv").code == 1


def test_doctor_hints_at_currencies_without_recent_rates(
    partnerline: Partnerline, on_database: str, tmp_path: Path
) -> None:
    partnerline("rates", "show")
    assert "none of the last ten days for USD, GBP, CHF" in partnerline("doctor").out
    today = date.today().isoformat()  # noqa: DTZ011 - the doctor's own day
    partnerline("rates", "import", write(tmp_path, *(f"{today},{c},1" for c in ("USD", "GBP", "CHF"))))
    assert "recent for every currency" in partnerline("doctor").out

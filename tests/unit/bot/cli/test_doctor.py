"""`partnerline doctor`: a fault has a fix and exit code 1, a hint has not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import ledger
from config.settings import SAMPLE_PROGRAM
from tests.certificates import DAY, written
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import on, shunt

pytestmark = pytest.mark.slow


def row(out: str, subject: str) -> str:
    return next(line for line in out.splitlines() if f"│ {subject} " in line)


def test_a_fresh_installation_has_no_fault_and_nothing_is_made(partnerline: Partnerline, tmp_path: Path) -> None:
    shown = partnerline("--data-dir", tmp_path / "data", "doctor")
    assert shown.code == 0
    assert "`partnerline serve` makes them" in row(shown.out, "Database")
    assert not (tmp_path / "data").exists()


def test_an_empty_database_is_a_hint(
    partnerline: Partnerline, monkeypatch: pytest.MonkeyPatch, empty_database: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database)
    shown = partnerline("doctor")
    assert shown.code == 0
    assert "hint" in row(shown.out, "Migrations")


def test_a_database_at_work_is_fine_but_for_the_worker(partnerline: Partnerline, on_database: str) -> None:
    partnerline("partners", "list")
    shown = partnerline("doctor")
    assert shown.code == 0
    for subject in ("Migrations", "Clock", "Ledger", "Queue", "Parked", "Shunted"):
        assert "│ ok " in row(shown.out, subject)
    assert "none is alive" in row(shown.out, "Workers")


def test_a_changed_ledger_and_shunted_messages_are_faults(partnerline: Partnerline, on_database: str) -> None:
    async def forge(connection: AsyncConnection) -> None:
        await ledger.append(connection, "registration", "noor@lumora.example", {"number": "D-1"})
        await ledger.seal(connection)
        await connection.execute(text("alter table ledger disable trigger user"))
        await connection.execute(text("""update ledger set body = '{"number": "D-2"}'"""))

    on(on_database, forge)
    shunt(on_database, "beyond the limits")
    shown = partnerline("doctor")
    assert shown.code == 1
    assert "not what was written" in row(shown.out, "Ledger")
    assert "partnerline shunted list" in row(shown.out, "Shunted")


def test_a_parked_relay_and_a_lost_job_are_faults(partnerline: Partnerline, on_database: str) -> None:
    async def stall(connection: AsyncConnection) -> None:
        await connection.execute(
            text("insert into parked (dependency, until, reason) values ('mail', now(), 'no answer')")
        )
        await connection.execute(
            text("insert into procrastinate_jobs (queue_name, task_name, status) values ('default', 'read', 'doing')")
        )

    on(on_database, stall)
    shown = partnerline("doctor")
    assert shown.code == 1
    assert "no answer" in row(shown.out, "Parked")
    assert "lost worker" in row(shown.out, "Queue")


def test_what_is_configured_and_does_not_answer_is_a_fault(
    partnerline: Partnerline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = {
        "PROFILE": "production", "MAIL_DOMAIN": "lumora.example", "RELAY_HOST": "127.0.0.1", "RELAY_PORT": "1",
        "RELAY_TLS": "none", "SLACK_BOT_TOKEN": "xoxb-secret-word", "SLACK_SIGNING_SECRET": "signing-secret-word",
        "SLACK_API_URL": "http://127.0.0.1:1/api/", "READER": "both", "MODEL_URL": "http://127.0.0.1:1/v1",
        "MODEL_NAME": "small", "TRUSTED_AUTHSERV_ID": "mx.lumora.example", "DATA_DIR": str(tmp_path / "data"),
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(f"PARTNERLINE_{name}", value)
    shown = partnerline("doctor")
    assert shown.code == 1
    for subject in ("Relay", "Slack", "Model"):
        assert "│ fault " in row(shown.out, subject)
    assert "secret-word" not in shown.out + shown.err


def test_what_proves_senders_is_told_and_a_dns_that_does_not_answer_is_a_fault(
    partnerline: Partnerline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "trusts mail from this machine" in row(partnerline("--data-dir", tmp_path / "data", "doctor").out, "Senders")
    settings = {"PROFILE": "production", "MAIL_DOMAIN": "lumora.example", "DATA_DIR": str(tmp_path / "data")}
    for name, value in settings.items():
        monkeypatch.setenv(f"PARTNERLINE_{name}", value)
    monkeypatch.setenv("PARTNERLINE_TRUSTED_AUTHSERV_ID", "mx.lumora.example")
    assert "verdict of mx.lumora.example" in row(partnerline("doctor").out, "Senders")
    monkeypatch.delenv("PARTNERLINE_TRUSTED_AUTHSERV_ID")
    monkeypatch.setenv("PARTNERLINE_SENDER_CHECK", "own")
    monkeypatch.setenv("PARTNERLINE_DNS_SERVERS", "127.0.0.1:1")
    shown = partnerline("doctor")
    assert shown.code == 1
    assert "│ fault " in row(shown.out, "Senders")


def test_a_broken_program_does_not_hide_the_rest(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "program.toml").write_text("not = [toml")
    shown = partnerline("--program-dir", tmp_path, "--data-dir", tmp_path / "data", "doctor")
    assert shown.code == 1
    assert "│ fault " in row(shown.out, "Program")
    assert row(shown.out, "Relay")


def test_the_certificate_of_incoming_mail_is_looked_at_before_it_ends(
    partnerline: Partnerline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "off" in row(partnerline("doctor").out, "Incoming TLS")
    now = datetime.now(UTC)
    files = written(tmp_path, expires=now + 60 * DAY)
    monkeypatch.setenv("PARTNERLINE_SMTP_TLS", "offered")
    monkeypatch.setenv("PARTNERLINE_SMTP_TLS_CERT", str(files.chain))
    monkeypatch.setenv("PARTNERLINE_SMTP_TLS_KEY", str(files.key))
    assert "│ ok " in row(partnerline("doctor").out, "Incoming TLS")
    written(tmp_path, expires=now + 7 * DAY)
    assert "│ hint " in row(partnerline("doctor").out, "Incoming TLS")
    written(tmp_path, begins=now - 9 * DAY, expires=now - DAY)
    shown = partnerline("doctor")
    assert shown.code == 1
    assert "│ fault " in row(shown.out, "Incoming TLS")


@pytest.mark.parametrize(("days", "told"), [(5, True), (40, False)])
def test_a_version_that_holds_soon_is_a_hint_to_start_again(
    partnerline: Partnerline, tmp_path: Path, days: int, told: bool
) -> None:
    folder = tmp_path / "own"
    copytree(SAMPLE_PROGRAM, folder)
    (folder / "versions").mkdir()
    since = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
    head = f'[program]\nversion = "next"\nvalid_from = {since}'
    whole = re.sub(r"\[program\]\nversion = .*\nvalid_from = .*", head, (folder / "program.toml").read_text())
    (folder / "versions/next.toml").write_text(whole)
    shown = partnerline("--data-dir", tmp_path / "data", "--program-dir", folder, "doctor")
    assert shown.code == 0
    assert (f"version next holds from {since}" in shown.out) is told

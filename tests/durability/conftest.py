"""A production profile with a relay, on a database with the demo's partners in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.bootstrap import application
from bot.demo.seed import demo_records, seed
from bot.worker.mirroring import MirrorJob
from config.loading import load_settings
from crm.records import Contact
from tests.builders import TODAY, program
from tests.durability.evidence import Evidence
from tests.durability.figures import FIGURES
from tests.durability.mails import AUTHSERV
from tests.durability.processes import free_port
from tests.fakes.relay import FakeRelay


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was measured, wherever it ran."""
    reports = [*terminalreporter.stats.get("passed", ()), *terminalreporter.stats.get("failed", ())]
    said = [str(value) for report in reports for name, value in report.user_properties if name == FIGURES]
    if said:
        terminalreporter.section("durability in figures")
        for line in said:
            terminalreporter.write_line(line)


@dataclass(frozen=True, slots=True)
class House:
    """What the agent's processes are started with, and who may write to it."""

    environment: dict[str, str]
    smtp_port: int
    relay: FakeRelay
    evidence: Evidence
    contacts: tuple[Contact, ...]


@pytest.fixture
async def relay() -> AsyncIterator[FakeRelay]:
    relay = FakeRelay()
    await relay.start()
    yield relay
    await relay.stop()


@pytest.fixture
async def house(database: str, engine: AsyncEngine, relay: FakeRelay, tmp_path: Path) -> House:
    smtp_port = free_port()
    environment = {
        "DATABASE_URL": database.replace("postgresql+psycopg", "postgresql"),
        "PARTNERLINE_PROFILE": "production",
        "PARTNERLINE_DATA_DIR": str(tmp_path),
        "PARTNERLINE_MAIL_DOMAIN": "lumora.example",
        "PARTNERLINE_TRUSTED_AUTHSERV_ID": AUTHSERV,
        "PARTNERLINE_SMTP_PORT": str(smtp_port),
        "PARTNERLINE_HTTP_PORT": "0",
        "PARTNERLINE_CONSOLE_PORT": "0",
        "PARTNERLINE_RELAY_HOST": relay.host,
        "PARTNERLINE_RELAY_PORT": str(relay.port),
        "PARTNERLINE_RELAY_TLS": "none",
    }
    records = demo_records(TODAY, program())
    async with application(load_settings(environ=environment)) as app:
        await seed(app.crm, records)
        await MirrorJob(app.database, app.crm)()
    contacts = tuple(contact for contact in records.contacts if contact.active)
    return House(environment, smtp_port, relay, Evidence(engine), contacts)

"""The console's fake and the real one keep the same contract: in memory, and over a whole agent on the demo's data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import URL

from bot.demo.writing import DemoWriter
from bot.operations.backend import Operations
from bot.storage import slack_channels
from bot.storage.slack_channels import SlackChannel
from tests.contract.console_contract import ConsoleContract
from tests.database import create_database, drop_database
from tests.fakes.console import InMemoryConsole
from tests.scenarios.doors import Doors
from tests.scenarios.house import House, demo_settings, open_house

UNREADABLE = b"Subject: none\r\n" * 5_000 + b"\r\nHello\r\n"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def at_work(
    postgres_server: URL, demo_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Operations]:
    """One agent for all tests: none needs what another left untouched."""
    url = create_database(postgres_server, demo_template)
    settings = demo_settings(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("console"))
    async with open_house(settings) as house:
        await _at_work(house)
        yield _operations(house)
    drop_database(postgres_server, url)


class TestInMemoryConsole(ConsoleContract):
    @pytest.fixture
    def patience(self) -> float:
        return 2.0

    @pytest.fixture
    def backend(self) -> InMemoryConsole:
        return InMemoryConsole()


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")
class TestOperations(ConsoleContract):
    @pytest.fixture
    def patience(self) -> float:
        return 30.0

    @pytest.fixture
    def backend(self, at_work: Operations) -> Operations:
        return at_work


async def _at_work(house: House) -> None:
    """Something waits that the demo does not come with: a hand-over, and a message that cannot be read."""
    doors = Doors(house)
    await doors.raw_mail(UNREADABLE, "odd@elsewhere.example", house.app.own.author.address)
    await doors.mail(
        "Declan Moyne <declan@quaywise.example>", "Please let somebody call me about co-marketing.", "Call"
    )
    await house.quiet()


def _operations(house: House) -> Operations:
    app, ports = house.app, house.ports
    assert app.slack is not None

    async def channel_of(partner_id: str) -> SlackChannel | None:
        async with app.database.begin() as connection:
            channels = await slack_channels.every(connection)
        return next((channel for channel in channels if channel.partner_id == partner_id), None)

    def compose(_id: str, _kind: str, payload: dict[str, Any]) -> tuple[tuple[tuple[str, str], ...], str, str]:
        return (("From", app.own.author.address), ("To", str(payload["to"]))), str(payload["text"]), ""

    writer = DemoWriter(
        app.own.author.address, lambda: ports.smtp, lambda: ports.http, app.slack.own, app.slack.signing_secret,
        channel_of,
    )  # fmt: skip
    return Operations(
        app.database, app.queue, app.crm, app.program, app.registration_desk, app.announcing_in_console,
        app.entry_desk, app.today, app.own.domain, compose, writer,
    )  # fmt: skip

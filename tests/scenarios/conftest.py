"""One agent for all dialogues that a test process plays."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import URL

from tests.database import create_database, drop_database
from tests.fakes.hubspot import Hub, running_hubspot
from tests.scenarios.at_work import desk, pytest_asyncio_loop_factories
from tests.scenarios.doors import Doors
from tests.scenarios.house import HUBSPOT_BURST, HUBSPOT_SEARCHES, House, demo_settings, hubspot_settings, open_house
from tests.scenarios.matrix import CELL, Cell, table
from tests.scenarios.slack_here import SlackHouse, slack_house

__all__ = ["desk", "pytest_asyncio_loop_factories"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(
    postgres_server: URL, demo_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    url = create_database(postgres_server, demo_template)
    settings = demo_settings(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("house"))
    async with open_house(settings) as opened:
        yield opened
    drop_database(postgres_server, url)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def slack_at(
    postgres_server: URL, demo_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[SlackHouse]:
    """An agent with a Slack on this machine, as the demo has it."""
    url = create_database(postgres_server, demo_template)
    async with slack_house(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("slack")) as opened:
        yield opened
    assert opened.slack.violations == []
    drop_database(postgres_server, url)


@pytest.fixture(scope="session")
def hub() -> Iterator[Hub]:
    """A HubSpot account on this machine."""
    with running_hubspot() as running:
        running.portal.index.lag = 0.0
        running.moods.enforce(burst=HUBSPOT_BURST, searches=HUBSPOT_SEARCHES)
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def on_hubspot(
    postgres_server: URL, migrated_template: str, tmp_path_factory: pytest.TempPathFactory, hub: Hub
) -> AsyncIterator[House]:
    """An agent whose CRM that account is; it knows no partner yet."""
    url = create_database(postgres_server, migrated_template)
    settings = hubspot_settings(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("hubspot"), hub)
    async with open_house(settings, seeded=False) as opened:
        yield opened
    drop_database(postgres_server, url)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The matrix of the deal desk, wherever its dialogues were played."""
    passed, failed = (_cells(terminalreporter.stats.get(outcome, ())) for outcome in ("passed", "failed"))
    if passed or failed:
        terminalreporter.section("the deal desk by line, channel and kind: dialogues that hold")
        for row in table(passed, failed):
            terminalreporter.write_line(row)


def _cells(reports: Iterable[pytest.TestReport]) -> list[Cell]:
    found: list[Any] = [value for report in reports for name, value in report.user_properties if name == CELL]
    return [(int(line), str(kind), str(channel)) for line, kind, channel in found]


@pytest.fixture
def doors(house: House) -> Doors:
    return Doors(house)

"""Dialogues with HubSpot as the CRM: what partners are answered, and what HubSpot then holds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from sqlalchemy import URL

from tests.database import create_database, drop_database
from tests.fakes.hubspot import Hub, running_hubspot
from tests.scenarios.dialogue import FOLDER, read_dialogue
from tests.scenarios.house import House, hubspot_settings, open_house
from tests.scenarios.playing import play

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("on-hubspot")]

DIALOGUES = (
    ("register_missing_in_slack", "slack"),
    ("decision_by_manager", "mail"),
    ("update_deal", "mail"),
    ("lead_referred", "mail"),
)


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with running_hubspot() as running:
        running.portal.index.lag = 0.0
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def on_hubspot(
    postgres_server: URL, migrated_template: str, tmp_path_factory: pytest.TempPathFactory, hub: Hub
) -> AsyncIterator[House]:
    url = create_database(postgres_server, migrated_template)
    settings = hubspot_settings(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("hubspot"), hub)
    async with open_house(settings, seeded=False) as opened:
        yield opened
    drop_database(postgres_server, url)


@pytest.mark.parametrize(("name", "channel"), DIALOGUES)
async def test_dialogue(on_hubspot: House, name: str, channel: str) -> None:
    await play(on_hubspot, read_dialogue(FOLDER / f"{name}.toml", channel), channel)

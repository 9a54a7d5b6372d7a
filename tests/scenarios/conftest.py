"""One agent for all dialogues that a test process plays."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import URL

from tests.database import create_database, drop_database
from tests.scenarios.doors import Doors
from tests.scenarios.house import House, demo_settings, open_house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(
    postgres_server: URL, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    url = create_database(postgres_server, migrated_template)
    settings = demo_settings(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("house"))
    async with open_house(settings) as opened:
        yield opened
    drop_database(postgres_server, url)


@pytest.fixture
def doors(house: House) -> Doors:
    return Doors(house)

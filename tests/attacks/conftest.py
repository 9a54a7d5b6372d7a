"""An agent of its own for each module of attacks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import URL

from tests.scenarios.deciding import Office, office


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    async with office(postgres_server, partners_template, tmp_path_factory.mktemp("desk")) as opened:
        yield opened

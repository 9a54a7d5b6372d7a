"""One running fake for all of these tests, new for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.hubspot import Hub, running_hubspot
from tests.unit.fakes_hubspot.api import Api


@pytest.fixture(scope="session")
def server() -> Iterator[Hub]:
    with running_hubspot() as hub:
        yield hub


@pytest.fixture
def hub(server: Hub) -> Hub:
    server.reset()
    return server


@pytest.fixture
def api(hub: Hub) -> Iterator[Api]:
    api = Api(hub)
    yield api
    api.pool.clear()

"""A console over the in-memory backend, and a browser's worth of client that is logged in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from bot.channels.console.app import console_app
from tests.fakes.console import InMemoryConsole

ADDRESS = "http://127.0.0.1:8081"
TOKEN = "start-up-token"


def client_of(backend: InMemoryConsole, profile: str = "demo", *, logged_in: bool = True) -> TestClient:
    app = console_app(backend, TOKEN, profile, ("console.lumora.example",), "Lumora")
    client = TestClient(app, base_url=ADDRESS, headers={"origin": ADDRESS}, raise_server_exceptions=False)
    if logged_in:
        client.get("/", params={"token": TOKEN})
    return client


@pytest.fixture
def backend() -> InMemoryConsole:
    return InMemoryConsole()


@pytest.fixture
def console(backend: InMemoryConsole) -> Iterator[TestClient]:
    with client_of(backend) as client:
        yield client


@pytest.fixture
def production(backend: InMemoryConsole) -> Iterator[TestClient]:
    with client_of(backend, "production") as client:
        yield client


@pytest.fixture
def stranger(backend: InMemoryConsole) -> Iterator[TestClient]:
    with client_of(backend, logged_in=False) as client:
        yield client

"""Attacks run on what the plays run on."""

from tests.scenarios.at_work import desk, pytest_asyncio_loop_factories

__all__ = ["desk", "pytest_asyncio_loop_factories"]

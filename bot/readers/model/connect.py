"""Puts the model reader together; importing this module needs the extra `model`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from bot.readers.model.cache import ReadingCache
from bot.readers.model.endpoint import Endpoint
from bot.readers.model.limits import DailyBudget, Pause
from bot.readers.model.reader import ModelReader
from bot.readers.model.settings import ModelSettings
from knowledge.program import Product


def connect_model(
    settings: ModelSettings,
    catalogue: tuple[Product, ...],
    today: Callable[[], date],
    monotonic: Callable[[], float] = time.monotonic,
) -> ModelReader:
    """A reader that asks the endpoint of `settings`; nothing is sent yet. `today` dates the budget."""
    budget = DailyBudget(settings.calls_per_day, today)
    endpoint = Endpoint(settings, allowed=budget.take)
    return ModelReader(endpoint, catalogue, ReadingCache(settings.remembered), Pause(monotonic))

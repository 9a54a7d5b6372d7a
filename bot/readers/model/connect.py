"""Puts together what asks a model; importing this module needs the extra `model`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.readers.model.cache import ReadingCache
from bot.readers.model.endpoint import Endpoint
from bot.readers.model.limits import DailyBudget, Pause
from bot.readers.model.reader import ModelReader
from bot.readers.model.schema import ProposedReading
from bot.readers.model.settings import ModelSettings
from bot.readers.model.translating import ModelTranslator, ProposedTranslation
from knowledge.program import Product


@dataclass(frozen=True, slots=True)
class ModelConnection:
    """One endpoint for everything that asks it, within one budget. Each pauses by itself: a long text that takes the
    model too long to translate is no reason to read messages without it.
    """

    settings: ModelSettings
    budget: DailyBudget
    monotonic: Callable[[], float] = time.monotonic

    def reader(self, catalogue: tuple[Product, ...]) -> ModelReader:
        endpoint = Endpoint(self.settings, self.budget.take, ProposedReading)
        return ModelReader(endpoint, catalogue, ReadingCache(self.settings.remembered), Pause(self.monotonic))

    def translator(self) -> ModelTranslator:
        return ModelTranslator(Endpoint(self.settings, self.budget.take, ProposedTranslation), Pause(self.monotonic))


def connection_to(
    settings: ModelSettings, today: Callable[[], date], monotonic: Callable[[], float] = time.monotonic
) -> ModelConnection:
    """The endpoint of `settings`; nothing is sent yet. `today` dates the budget."""
    return ModelConnection(settings, DailyBudget(settings.calls_per_day, today), monotonic)


def connect_model(
    settings: ModelSettings,
    catalogue: tuple[Product, ...],
    today: Callable[[], date],
    monotonic: Callable[[], float] = time.monotonic,
) -> ModelReader:
    """A reader with an endpoint of its own."""
    return connection_to(settings, today, monotonic).reader(catalogue)

"""Readings of texts seen before, so that a repeated or replayed message costs no call."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from bot.vocabulary.requests import Reading


class ReadingCache:
    """Keeps the `size` readings used last, by content key. Holds no text, only what was read."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._readings: OrderedDict[str, Reading] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Reading | None:
        with self._lock:
            reading = self._readings.get(key)
            if reading is not None:
                self._readings.move_to_end(key)
            return reading

    def put(self, key: str, reading: Reading) -> None:
        with self._lock:
            self._readings[key] = reading
            self._readings.move_to_end(key)
            while len(self._readings) > self._size:
                self._readings.popitem(last=False)

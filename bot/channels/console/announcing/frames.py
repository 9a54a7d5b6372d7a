"""Mails as their readers will see them: kept here for the frames of the page that shows them, not for long."""

from __future__ import annotations

import secrets
from collections import OrderedDict

KEPT = 60


class Frames:
    """Each under a random key: what is in a frame belongs to nobody's page but the one that it was made for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()

    def keep(self, html: str) -> str:
        """The key by which it is found."""
        key = secrets.token_urlsafe(12)
        self._kept[key] = html
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return key

    def find(self, key: str) -> str | None:
        return self._kept.get(key)

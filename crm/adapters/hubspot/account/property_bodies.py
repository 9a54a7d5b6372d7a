"""The options of a property in the words of HubSpot's API, which takes them as a whole list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def options_body(options: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {"value": value, "label": label, "displayOrder": place, "hidden": False}
        for place, (value, label) in enumerate(options)
    ]


def with_options(found: Mapping[str, Any], lacking: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """HubSpot replaces a property's options as a whole: those that are there go along as they are."""
    options = [*found.get("options", ()), *options_body(lacking)]
    return {"options": [{**option, "displayOrder": place} for place, option in enumerate(options)]}

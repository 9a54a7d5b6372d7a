"""A manifest as YAML, for Slack's own editor and for people to read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.channels.slack.setup.manifest import EXAMPLE, manifest

_HEAD = """\
# The Slack app of Partnerline: api.slack.com/apps > Create New App > From a manifest.
"""
_EXAMPLE_HEAD = f"""\
# {EXAMPLE} stands for the public address of your installation;
# `partnerline slack manifest` prints this file with your own.
"""
# What YAML reads as a text wherever it stands; everything else is quoted.
_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_/.:-]*[A-Za-z0-9_/-](?: [A-Za-z0-9_.,-]+)*\Z|[A-Za-z]\Z")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def as_yaml(address: str = EXAMPLE, *, socket: bool = False) -> str:
    head = _HEAD if socket or address.rstrip("/") != EXAMPLE else _HEAD + _EXAMPLE_HEAD
    return head + "".join(f"{line}\n" for line in _lines(manifest(address, socket=socket)))


def as_json(address: str = EXAMPLE, *, socket: bool = False) -> str:
    return json.dumps(manifest(address, socket=socket), indent=2, ensure_ascii=False) + "\n"


def _lines(value: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            yield f"{indent}{name}:"
            yield from _lines(inner, f"{indent}  ")
        elif isinstance(inner, list):
            yield f"{indent}{name}:"
            yield from _items(inner, f"{indent}  ")
        else:
            yield f"{indent}{name}: {_scalar(inner)}"


def _items(values: list[Any], indent: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping):
            first, *rest = _lines(value, f"{indent}  ")
            yield f"{indent}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{indent}- {_scalar(value)}"


def _scalar(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = _PLAIN.match(value) and ": " not in value and value.lower() not in _WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)

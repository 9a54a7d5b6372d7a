"""Renders every setting with its default and meaning: the example file, and the table of the documentation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from config.loading import FILE_NAME, FILE_VARIABLE, PREFIX
from config.settings import Settings

_INTRODUCTION = f"""\
# Configuration

Settings come from the environment, from a TOML file, and from the defaults below, in this order. In the environment a
setting is written in capitals behind `{PREFIX}` (`smtp_port` is `{PREFIX}SMTP_PORT`); `DATABASE_URL` is read too. The
file is the one named on the command line or by `{FILE_VARIABLE}`, else `{FILE_NAME}` in the working directory;
`config/partnerline.example.toml` shows one with every default. An empty environment variable counts as not set.

Everything that is wrong is reported at once, and nothing starts until it is mended. A setting that does not exist is
wrong as well.

| setting | default | meaning |
| --- | --- | --- |
"""


def render_example() -> str:
    """A settings file in which every option stands at its default, commented out."""
    head = f"# Settings of Partnerline. Copy to {FILE_NAME}, and take the # from a line to change it.\n"
    return head + "".join(f"\n{block}" for block in _blocks())


def render_table() -> str:
    """The page `docs/configuration.md`."""
    rows = (f"| `{name}` | {_shown(info)} | {_described(info)} |\n" for name, info in Settings.model_fields.items())
    return _INTRODUCTION + "".join(rows)


def _blocks() -> Iterator[str]:
    for name, info in Settings.model_fields.items():
        yield f"# {_described(info)}\n# {name} = {_toml(info)}\n"


def _described(info: FieldInfo) -> str:
    choices = _choices(info)
    return f"{info.description} Choices: {', '.join(choices)}." if len(choices) > 1 else str(info.description)


def _choices(info: FieldInfo) -> tuple[str, ...]:
    return get_args(info.annotation) if get_origin(info.annotation) is Literal else ()


def _shown(info: FieldInfo) -> str:
    if info.default_factory is not None:
        return "the platform's data folder"
    text = _toml(info)
    return "empty" if text == '""' else f"`{text}`"


def _toml(info: FieldInfo) -> str:
    """The default as TOML; a computed one (the data folder) as the empty text, since it differs by machine."""
    if info.default_factory is not None or isinstance(info.default, SecretStr):
        return '""'
    return json.dumps(info.default)

"""Gathers settings from overrides, environment, file and defaults, and reports every fault in one error."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from config.checks import cross_faults
from config.errors import ConfigError
from config.settings import Settings

PREFIX = "PARTNERLINE_"
FILE_NAME = "partnerline.toml"
FILE_VARIABLE = "PARTNERLINE_CONFIG"
_PLAIN = {"DATABASE_URL": "database_url"}  # names that hosts set by themselves
_LARGEST_FILE = 1_000_000  # bytes; a settings file is a page long


@dataclass(frozen=True, slots=True)
class _Given:
    """A value, and where the operator would have to change it."""

    value: object
    place: str


def load_settings(
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Settings:
    """The settings in force: `overrides`, then the environment, then the file, then defaults.

    The file is `file`, else the one `PARTNERLINE_CONFIG` names, else `partnerline.toml` in the working directory where
    it exists. Names in a file or `overrides` are those of `Settings`. An empty environment variable counts as not set.
    Raises `ConfigError` with every fault found.
    """
    environ = os.environ if environ is None else environ
    faults: list[str] = []
    given: dict[str, _Given] = {}
    for source in (_from_file(file, environ, faults), _from_environ(environ), _from_overrides(overrides or {})):
        given.update(source)
    faults += _unknown(given)
    known = {name: item for name, item in given.items() if name in Settings.model_fields}
    settings = _validated(known, faults)
    faults += cross_faults(settings)
    if faults:
        raise ConfigError(tuple(faults))
    return settings


def _validated(given: Mapping[str, _Given], faults: list[str]) -> Settings:
    """The settings with each unusable value told in `faults` and replaced by its default, so that checks can go on."""
    values: dict[str, Any] = {name: item.value for name, item in given.items()}
    try:
        return Settings(**values)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            name = str(detail["loc"][0])
            if values.pop(name, None) is not None:
                faults.append(f"{name} ({given[name].place}): {_wording(name, detail)}")
        return Settings(**values)


def _wording(name: str, detail: ErrorDetails) -> str:
    """What is wrong and what would be right; never the value itself, which may be a secret."""
    if name == "crm":
        return "this version writes to the embedded CRM only; use `embedded`"
    context = detail.get("ctx", {})
    match detail["type"]:
        case "literal_error":
            return f"it is none of the choices; use {context['expected'].replace(chr(39), '`')}"
        case "int_parsing" | "int_type" | "int_from_float" | "float_parsing" | "float_type":
            return "it is not a number; write digits, such as 8080"
        case "greater_than_equal" | "less_than_equal" | "greater_than":
            return f"it is out of range; {_range(context)}"
        case _:
            return f"it is not usable; {detail['msg'].lower()}"


def _range(context: Mapping[str, Any]) -> str:
    words = {"ge": "use {} or more", "le": "use {} or less", "gt": "use more than {}"}
    return ", ".join(text.format(context[key]) for key, text in words.items() if key in context)


def _from_file(file: Path | None, environ: Mapping[str, str], faults: list[str]) -> dict[str, _Given]:
    chosen = file or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    path = chosen or Path(FILE_NAME)
    if chosen is None and not path.is_file():
        return {}
    try:
        return {name: _Given(value, str(path)) for name, value in _read(path).items()}
    except OSError as error:
        faults.append(f"{path}: the file cannot be read ({error.strerror or 'it is too large'}); name one that can be")
    except UnicodeDecodeError:
        faults.append(f"{path}: the file is not UTF-8 text; save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{path}: the file is not valid TOML ({_place(error)}); write lines such as smtp_port = 2525")
    return {}


def _read(path: Path) -> dict[str, object]:
    with path.open("rb") as stream:
        text = stream.read(_LARGEST_FILE + 1)
    if len(text) > _LARGEST_FILE:
        raise OSError
    return tomllib.loads(text.decode())


def _place(error: tomllib.TOMLDecodeError) -> str:
    """Only where the fault is: the message may quote a secret's first letters."""
    message = str(error)
    return message[message.rfind("(") + 1 : -1] if message.endswith(")") else "somewhere"


def _from_environ(environ: Mapping[str, str]) -> dict[str, _Given]:
    given = {name: _Given(environ[key], f"environment {key}") for key, name in _PLAIN.items() if environ.get(key)}
    for key, value in environ.items():
        if key.startswith(PREFIX) and key != FILE_VARIABLE and value:
            given[key.removeprefix(PREFIX).lower()] = _Given(value, f"environment {key}")
    return given


def _from_overrides(overrides: Mapping[str, object]) -> dict[str, _Given]:
    return {name: _Given(_opened(value), "argument") for name, value in overrides.items() if value is not None}


def _opened(value: object) -> object:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _unknown(given: Mapping[str, _Given]) -> Iterator[str]:
    for name, item in given.items():
        if name not in Settings.model_fields:
            near = difflib.get_close_matches(name.lower(), Settings.model_fields, n=1, cutoff=0.5)
            advice = f"did you mean {near[0]}?" if near else "remove it"
            yield f"{name[:80]} ({item.place[:120]}): there is no such setting; {advice}"

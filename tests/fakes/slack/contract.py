"""Checks requests to Slack against Slack's own description of its methods and blocks, where that is at hand."""

from __future__ import annotations

import functools
import json
from typing import Any

import jsonschema
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.shared_folder import shared


def faults(method: str, arguments: dict[str, Any]) -> list[str]:
    """What is wrong with a form-encoded request; nothing where the contract is not at hand."""
    found = block_faults(json.loads(arguments.get("blocks") or "[]"))
    description = _description("methods", method)
    if description is None:
        return found
    schema = description["args"]
    known = schema["properties"]
    found += [f"unknown argument {name}" for name in arguments if name not in known]
    # The token travels in a header.
    required = [name for name in schema.get("required", ()) if name != "token"]
    found += [f"{name} is missing" for name in required if name not in arguments]
    for name, value in arguments.items():
        if name in known and not _fits(value, known[name]):
            found.append(f"{name} is {value[:80]!r}")
    if "metadata" in arguments:
        found += _schema_faults("MessageMetadata.schema", json.loads(arguments["metadata"]))
    return found


def block_faults(blocks: list[dict[str, Any]]) -> list[str]:
    """What is wrong with the blocks of one message."""
    found: list[str] = [] if len(blocks) <= 50 else [f"{len(blocks)} blocks"]
    for block in blocks:
        found += _schema_faults("KnownBlock.schema", block)
        try:
            parsed = Block.parse(block)
            if parsed is None:
                found.append(f"unknown block {block.get('type')}")
            else:
                parsed.validate_json()
        except SlackObjectFormationError as error:
            found.append(str(error))
    return found


def _schema_faults(name: str, value: Any) -> list[str]:
    schema = _description("block-kit", name)
    if schema is None:
        return []
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(value)]


def _fits(value: str, schema: dict[str, Any]) -> bool:
    """Whether a form value can be read as its type; a string fits what may be a string."""
    kinds = {schema.get("type")} | {option.get("type") for option in schema.get("anyOf", ())}
    if kinds & {"string", None}:
        return True
    if "boolean" in kinds:
        return value in {"true", "false", "1", "0"}
    if kinds & {"number", "integer"}:
        return value.replace(".", "", 1).isdecimal()
    return True


@functools.cache
def _description(folder: str, name: str) -> dict[str, Any] | None:
    root = shared()
    file = root / "contracts" / "slack" / folder / f"{name}.json" if root else None
    if file is None or not file.is_file():
        return None
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found

"""Checks requests to Slack against Slack's own description of its methods and blocks, where that is at hand."""

from __future__ import annotations

import functools
import json
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, DividerBlock
from slack_sdk.models.views import View

from tests.fakes.slack.lengths import length_faults
from tests.shared_folder import shared

VIEW_BLOCKS = 100
_VIEW_LENGTHS = {
    "title": 24,
    "submit": 24,
    "close": 24,
    "private_metadata": 3000,
    "callback_id": 255,
    "external_id": 255,
}


def faults(method: str, arguments: dict[str, Any]) -> list[str]:
    """What is wrong with a form-encoded request; nothing where the contract is not at hand."""
    found = block_faults(_json(arguments.get("blocks")) or [])
    if "view" in arguments:
        found += view_faults(_json(arguments["view"]) or {})
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
        found += _schema_faults("MessageMetadata.schema", _json(arguments["metadata"]))
    return found


def block_faults(blocks: list[dict[str, Any]], most: int = 50) -> list[str]:
    """What is wrong with the blocks of one message, or of a view that may have `most` of them."""
    found: list[str] = [] if len(blocks) <= most else [f"{len(blocks)} blocks"]
    ids = [str(block["block_id"]) for block in blocks if block.get("block_id")]
    found += [f"block_id {one} is there twice" for one in dict.fromkeys(ids) if ids.count(one) > 1]
    found += length_faults(blocks)
    for block in blocks:
        found += _schema_faults("KnownBlock.schema", block)
        try:
            parsed = Block.parse(block)
            if parsed is None:
                found.append(f"unknown block {block.get('type')}")
            else:
                parsed.validate_json()
        except (SlackObjectFormationError, TypeError) as error:
            # TypeError is how the SDK says that something is missing.
            found.append(str(error))
    return found


def view_faults(view: dict[str, Any]) -> list[str]:
    """What is wrong with a form or a Home tab: its schema, lengths, and ids that are there twice."""
    home = view.get("type") == "home"
    found = _schema_faults("HomeView.schema" if home else "ModalView.schema", view)
    blocks = view.get("blocks") or []
    if not blocks:
        found.append("a view without blocks")
    found += block_faults(blocks, VIEW_BLOCKS)
    found += [f"{name} of a view is too long" for name, most in _VIEW_LENGTHS.items() if len(_words(view, name)) > most]
    if not home and "submit" not in view and any(block.get("type") == "input" for block in blocks):
        found.append("a form with fields has no submit")
    try:
        # The blocks were looked at above; the SDK wants some to be there.
        View(**{**view, "blocks": [DividerBlock()]}).validate_json()
    except (SlackObjectFormationError, TypeError) as error:
        found.append(str(error))
    return found


def _words(view: dict[str, Any], name: str) -> str:
    value = view.get(name) or ""
    return str(value.get("text") or "") if isinstance(value, dict) else str(value)


def _json(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return None


def _schema_faults(name: str, value: Any) -> list[str]:
    schema = _description("block-kit", name)
    if schema is None or find_spec("jsonschema") is None:
        return []
    # It is installed for tests; who tries this Slack by hand does without.
    validator = import_module("jsonschema").Draft7Validator(schema)
    return [error.message for error in validator.iter_errors(value)]


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

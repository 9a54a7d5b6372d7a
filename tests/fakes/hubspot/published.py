"""Compares what the fake answers with HubSpot's published OpenAPI files, where somebody has put them on this machine.

The files are not free to pass on, so none is here. They need cleaning before they are JSON Schema: `nullable`,
`example: null`, references into `components`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for


@dataclass(frozen=True)
class Published:
    """The operations of all files by method and path, each path as a pattern."""

    operations: tuple[tuple[str, re.Pattern[str], dict[str, Any], dict[str, Any]], ...]

    def complaints(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What an answer has that the files do not allow; nothing where no file knows the path or the status."""
        for known, pattern, operation, document in self.operations:
            if known != method or not pattern.fullmatch(path):
                continue
            schema = _schema(operation, status)
            if schema is not None:
                return list(_faults(schema, document, body))
        return []

    def knows(self, method: str, path: str) -> bool:
        return any(known == method and pattern.fullmatch(path) for known, pattern, _one, _all in self.operations)


def published(folder: Path) -> Published:
    """All OpenAPI files of a folder and those below it; files that are something else are left out."""
    found = []
    for file in sorted(folder.rglob("*.json")):
        document = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(document, dict) or "paths" not in document:
            continue
        for path, operations in document["paths"].items():
            pattern = re.compile(re.sub(r"\\\{[^/]*?\\\}", "[^/]+", re.escape(path)) + "/?")
            for method, operation in operations.items():
                if isinstance(operation, dict):
                    found.append((method.upper(), pattern, operation, document))
    # The most exact path first: /deals/search before /deals/{id}.
    return Published(tuple(sorted(found, key=lambda one: one[1].pattern.count("[^/]+"))))


def _schema(operation: dict[str, Any], status: int) -> dict[str, Any] | None:
    responses = operation.get("responses", {})
    content = responses.get(str(status), responses.get("default", {})).get("content", {})
    return next((one["schema"] for one in content.values() if "schema" in one), None)


def _faults(schema: dict[str, Any], document: dict[str, Any], body: Any) -> Iterator[str]:
    whole = _cleaned({**schema, "components": document.get("components", {})})
    validator = validator_for(whole, default=Draft202012Validator)(whole)
    for fault in validator.iter_errors(body):
        yield f"{'/'.join(map(str, fault.absolute_path)) or 'the answer'}: {fault.message}"


def _cleaned(part: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema."""
    if isinstance(part, list):
        return [_cleaned(one) for one in part]
    if not isinstance(part, dict):
        return part
    cleaned = {name: _cleaned(value) for name, value in part.items() if name not in {"nullable", "example"}}
    if part.get("nullable") is True and isinstance(part.get("type"), str):
        cleaned["type"] = [part["type"], "null"]
    return cleaned

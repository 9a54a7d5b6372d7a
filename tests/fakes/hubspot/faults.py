"""The refusals of HubSpot's API: status, category and the words that the real one uses."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any


class Fault(Exception):
    """An answer that is an error; `body()` is what goes over the wire."""

    def __init__(
        self,
        status: int,
        category: str,
        message: str,
        *,
        errors: Iterable[Mapping[str, Any]] = (),
        context: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.category = category
        self.message = message
        self.errors = [dict(error) for error in errors]
        self.context = dict(context or {})
        self.more = more

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "status": "error",
            "message": self.message,
            "correlationId": str(uuid.uuid4()),
        }
        if self.category:
            body["category"] = self.category
        if self.errors:
            body["errors"] = self.errors
        if self.context:
            body["context"] = self.context
        return {**body, **self.more}

    def part(self, **context: list[str]) -> dict[str, Any]:
        """As one of the errors of a 207."""
        return {"status": "error", "category": self.category, "message": self.message, "context": context} | (
            {"errors": self.errors} if self.errors else {}
        )


def property_faults(faults: list[tuple[str, str, str]], portal_id: int) -> Fault:
    """One 400 for everything that is wrong with a record's values, each as (property, code, words)."""
    listed = [
        {
            "isValid": False,
            "message": words,
            "error": code,
            "name": name,
            "localizedErrorMessage": words,
            "portalId": portal_id,
        }
        for name, code, words in faults
    ]
    errors = [{"message": words, "code": code, "context": {"propertyName": [name]}} for name, code, words in faults]
    return Fault(400, "VALIDATION_ERROR", f"Property values were not valid: {json.dumps(listed)}", errors=errors)


def invalid(message: str, **more: Any) -> Fault:
    return Fault(400, "VALIDATION_ERROR", message, **more)


def malformed(message: str = "Invalid input JSON on line 1, column 1") -> Fault:
    return invalid(f"Invalid input JSON: {message}")


def not_found(what: str = "Object not found.  objectId are usually numeric.") -> Fault:
    return Fault(404, "OBJECT_NOT_FOUND", what)


def no_such_resource() -> Fault:
    return Fault(404, "OBJECT_NOT_FOUND", "resource not found")


def conflict(message: str, **more: Any) -> Fault:
    return Fault(409, "CONFLICT", message, **more)


def unauthenticated() -> Fault:
    return Fault(
        401,
        "INVALID_AUTHENTICATION",
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more "
        "details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
    )


def missing_scopes(scopes: Iterable[str]) -> Fault:
    return Fault(
        403,
        "MISSING_SCOPES",
        "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: "
        "https://developers.hubspot.com/scopes.",
        errors=[
            {
                "message": "One or more of the following scopes are required.",
                "context": {"requiredGranularScopes": sorted(scopes)},
            }
        ],
        links={"scopes": "https://developers.hubspot.com/scopes"},
    )


def not_in_plan(message: str) -> Fault:
    return Fault(403, "FORBIDDEN", message)

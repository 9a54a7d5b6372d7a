"""What an operator says about the model: where it is, what it may cost, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Any endpoint that speaks OpenAI's chat completions.

    `base_url` ends where `/chat/completions` begins (`https://host/v1`); `key` may be empty for a local server.
    `seconds` bounds one reading, its one retry included. `calls_per_day` counts requests on the wire; 0 allows none.
    `remembered` readings are kept for repeated text. `method` is `function_calling` for servers without JSON schema
    output; `temperature` is None for models that accept no choice of it.
    """

    base_url: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 8.0
    calls_per_day: int = 2000
    remembered: int = 512
    method: Literal["json_schema", "function_calling"] = "json_schema"
    temperature: float | None = 0.0

    def __post_init__(self) -> None:
        """ValueError names the setting that cannot work."""
        if not self.base_url.startswith(("http://", "https://")):
            raise ValueError(f"model base_url {self.base_url!r} is no http address, such as https://host/v1")
        if not self.model.strip():
            raise ValueError("model is empty: name the model that the endpoint should use")
        if self.seconds <= 0:
            raise ValueError(f"model seconds {self.seconds} leaves no time for an answer")
        if self.calls_per_day < 0 or self.remembered < 0:
            raise ValueError("model calls_per_day and remembered cannot be negative")

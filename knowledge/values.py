"""Checked values in program files: sums with their currency, percentages, points."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Self, get_args

from babel.numbers import is_currency
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ErrorType

from crm.money import Money
from knowledge.nearest import meant

_LARGEST = Decimal(10) ** 15  # beyond it a sum is a slip of the pen


def _money(value: object) -> Money:
    """A sum written as "EUR 1200.50"."""
    if isinstance(value, Money):
        return value
    currency, _, number = str(value).partition(" ")
    try:
        amount = Decimal(number)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not isinstance(value, str) or not amount.is_finite():
        raise ValueError('write a sum with its currency, such as "EUR 1200.50"')
    if not is_currency(currency):
        raise ValueError(f"{currency[:20]!r} is not a currency; use an ISO 4217 code such as EUR")
    if amount < 0:
        raise ValueError("a sum cannot be negative here")
    if amount >= _LARGEST:
        raise ValueError(f"a sum has at most {_LARGEST.adjusted()} digits before its point")
    return Money(amount, currency)


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("write a number, such as 2.5")  # noqa: TRY004 - pydantic reports ValueError only
    return value


Sum = Annotated[Money, BeforeValidator(_money)]
Number = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=10**15)]
Percent = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]


class Checked(BaseModel):
    """Base of every shape read from a program file: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="wrap")
    @classmethod
    def _keys_that_were_meant(cls, value: object, read: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return read(value)
        except ValidationError as error:
            details = [_told(detail, cls) for detail in error.errors(include_url=False)]
            raise ValidationError.from_exception_data(error.title, details) from None


_TYPES = frozenset(get_args(ErrorType))
"""Those of pydantic itself; a fault of another type keeps its words only."""


def _told(detail: ErrorDetails, shape: type[BaseModel]) -> InitErrorDetails:
    """The same fault; an unknown key of this shape with the one that was probably meant."""
    kind: str | PydanticCustomError = detail["type"]
    if kind == "extra_forbidden" and len(detail["loc"]) == 1:
        words = f"there is no such key; {meant(str(detail['loc'][0]), shape.model_fields)}"
        kind = PydanticCustomError("unknown_key", "{words}", {"words": words})
    elif kind not in _TYPES:
        kind = PydanticCustomError("told", "{words}", {"words": detail["msg"]})
    return InitErrorDetails(type=kind, loc=detail["loc"], input=detail["input"], ctx=detail.get("ctx", {}))


def share(percent: Decimal) -> Decimal:
    """15 -> 0.15, exactly."""
    return percent / 100

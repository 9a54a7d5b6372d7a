"""What is wrong with a table is told in words that say what would be right."""

from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from knowledge.faults import table_faults
from knowledge.nearest import meant
from knowledge.program_file import DealRulesTable, ManagerTable, ProductTable, VendorTable, VersionTable
from knowledge.values import Checked, Percent


class Inner(Checked):
    colour: Literal["red", "green"] = "red"


def _even(value: object) -> object:
    if value != 2:
        raise PydanticCustomError("odd", "write an {even} number", {"even": "even"})
    return value


class Picky(Checked):
    count: Annotated[int, PlainValidator(_even)] = 2
    inner: Annotated[Inner, PlainValidator(Inner.model_validate)] = Inner()


class Outer(Checked):
    inner: tuple[Inner, ...] = ()
    share: Percent = Decimal(0)
    names: Annotated[tuple[str, ...], Field(max_length=1)] = ()


def _told(shape: type[Checked], raw: Any, *start: str | int) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        shape.model_validate(raw)
    return list(table_faults(caught.value, *start))


@pytest.mark.parametrize(
    ("shape", "raw", "told"),
    [
        (Outer, {"inner": [{"colr": "red"}]}, "t.inner[0].colr: there is no such key; did you mean 'colour'?"),
        (Outer, {"zzz": 1}, "t.zzz: there is no such key; use one of inner, share, names"),
        (Outer, {"inner": [{"colour": "gren"}]}, "t.inner[0].colour: 'gren' is not known here; did you mean 'green'?"),
        (Outer, {"inner": [{"colour": 7}]}, "t.inner[0].colour: 7 is not known here; use one of red, green"),
        (Outer, {"share": 101}, "t.share: 101 is too much; at most 100"),
        (Outer, {"share": "2"}, "t.share: write a number, such as 2.5"),
        (Outer, {"names": ["a", "b"]}, "t.names: name at most 1, not 2"),
        (Outer, {"names": "a"}, "t.names: write a list in square brackets"),
        (Picky, {"count": 3}, "t.count: write an even number"),
        (Picky, {"inner": {"colr": "red"}}, "t.inner.colr: there is no such key; did you mean 'colour'?"),
        (ManagerTable, {"name": "A"}, "t.email: the key is missing"),
        (ManagerTable, {"name": "", "email": "a@b.c"}, "t.name: it may not be empty"),
        (ManagerTable, {"name": 3, "email": "a@b.c"}, "t.name: write a text in quotation marks, not 3"),
        (ManagerTable, {"name": "A", "email": "a"}, "t.email: 'a' is not of this form; write an e-mail address"),
        (ManagerTable, {"name": "A", "email": "a@b.c", "announces": "maybe"}, "t.announces: write true or false"),
        (VersionTable, {"valid_from": "soon"}, "t.valid_from: write a day without quotation marks"),
        (VendorTable, {"quiet_from": "25:61"}, 't.quiet_from: write a time of day, such as "19:00"'),
        (
            VendorTable,
            {"currency": "euro"},
            "t.currency: 'euro' is not of this form; write a currency as three capitals",
        ),
        (DealRulesTable, {"protection_days": 1.5}, "t.protection_days: write a whole number, not 1.5"),
        (ProductTable, {"list_price": 24}, 't.list_price: write a sum with its currency, such as "EUR 1200.50"'),
    ],
)
def test_each_fault_says_what_would_be_right(shape: type[Checked], raw: dict[str, Any], told: str) -> None:
    assert any(fault.startswith(told) for fault in _told(shape, raw, "t")), _told(shape, raw, "t")


def test_all_faults_of_nested_tables_are_told() -> None:
    found = _told(Outer, {"inner": [{"colour": "blu"}, {"size": 1}, 5], "share": -1, "nams": []}, "rows", 2)
    assert [fault.split(": ")[0] for fault in found] == [
        "rows[2].inner[0].colour",
        "rows[2].inner[1].size",
        "rows[2].inner[2]",
        "rows[2].share",
        "rows[2].nams",
    ]


def test_a_word_is_guessed_in_any_case_and_long_lists_are_cut() -> None:
    assert meant("elit", ["Registered", "Elite"]) == "did you mean 'Elite'?"
    assert meant("q", [f"tier {n}" for n in range(40)]).endswith("tier 10, tier 11 …")
    assert meant("x", []) == "there is none to choose from"

"""Choosing a CRM by its name."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from crm.connect import KNOWN, connect

ENGINE = create_async_engine("postgresql+psycopg:///")


@pytest.mark.parametrize("name", ["embedded", "Embedded", " embedded "])
def test_a_known_name_makes_its_adapter(name: str) -> None:
    assert connect(name, ENGINE).name == "embedded"


@pytest.mark.parametrize("name", ["", "hubspott", "../embedded"])
def test_an_unknown_name_is_told_the_known_ones(name: str) -> None:
    with pytest.raises(ValueError, match=r"known are: .*embedded"):
        connect(name, ENGINE)


def test_each_adapter_carries_the_name_it_is_known_by() -> None:
    assert all(make(ENGINE).name == name for name, make in KNOWN.items())

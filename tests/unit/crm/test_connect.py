"""Choosing a CRM by its name."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from crm.adapters.hubspot.options import HubSpotOptions
from crm.connect import KNOWN, Surroundings, connect

AROUND = Surroundings(create_async_engine("postgresql+psycopg:///"), hubspot=HubSpotOptions("token"))


@pytest.mark.parametrize("name", ["embedded", "Embedded", " embedded "])
def test_a_known_name_makes_its_adapter(name: str) -> None:
    assert connect(name, AROUND).name == "embedded"


@pytest.mark.parametrize("name", ["", "hubspott", "../embedded"])
def test_an_unknown_name_is_told_the_known_ones(name: str) -> None:
    with pytest.raises(ValueError, match=r"known are: .*embedded"):
        connect(name, AROUND)


def test_each_adapter_carries_the_name_it_is_known_by() -> None:
    assert all(make(AROUND).name == name for name, make in KNOWN.items())

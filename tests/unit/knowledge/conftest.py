"""The sample program, read once, and a partner of it."""

from collections.abc import Callable
from typing import Any

import pytest

from config.settings import SAMPLE_PROGRAM
from crm.records import Partner, PartnerType
from knowledge.loading import load_program
from knowledge.program import Program


@pytest.fixture(scope="session")
def program() -> Program:
    return load_program(SAMPLE_PROGRAM)


@pytest.fixture(scope="session")
def partner() -> Callable[..., Partner]:
    def make(tier: str = "Registered", *types: PartnerType, **more: Any) -> Partner:
        return Partner("p1", "Brightwater", types or (PartnerType.REFERRAL,), tier, **more)

    return make

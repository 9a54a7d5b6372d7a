"""Managers ask for adoption and order onboarding in a word of their own; anything else is left alone."""

from __future__ import annotations

from dataclasses import replace

from bot.onboarding.asked import OnboardingAsked
from knowledge.programs import Programs
from tests.builders import program
from tests.unit.bot.onboarding.world import NEW, OLD, SARA, World

_NOOR = program().managers[0]


def _asked(world: World) -> OnboardingAsked:
    return OnboardingAsked(world.storage, Programs((program(),)), world.desk, 60, world.clock)


async def test_adoption_is_told_and_a_partner_onboarded_and_left_alone_again(world: World) -> None:
    await world.enter(OLD, NEW, SARA)
    await world.look()
    asked = _asked(world)
    logged, said = await asked("Adoption, please\n\nNoor", _NOOR) or ("", "")
    assert (logged, said.splitlines()[1]) == (
        "adoption_told", "2 partners in all: 0 wrote (0%), 0 registered (0%), 0 won (0%); 2 silent",
    )  # fmt: skip
    assert await asked("onboard brightpath", _NOOR) == (
        "onboarding_ordered", "Brightpath is welcomed as soon as people work there, within minutes if they do now.",
    )  # fmt: skip
    assert await world.state(NEW.id) == "invited"
    assert await asked("stop onboarding Brightpath.", _NOOR) == (
        "onboarding_ordered", "Brightpath is asked after no more.",
    )  # fmt: skip
    assert await world.state(NEW.id) == "ended"


async def test_nobody_orders_it_who_may_not_announce_or_names_nobody(world: World) -> None:
    await world.enter(NEW, SARA)
    await world.look()
    _, said = await _asked(world)("onboard Brightpath", replace(_NOOR, announces=False)) or ("", "")
    assert "you may not" in said
    _, said = await _asked(world)("onboard Nobody Ltd", _NOOR) or ("", "")
    assert said.startswith("No partner is called 'Nobody Ltd'")
    assert await world.state(NEW.id) == "known"


async def test_what_only_speaks_of_it_is_left_alone(world: World) -> None:
    for said in ("", "approve D-123456", "adoption of D-1 is late", "the onboarding", "onboard", "x" * 9_999):
        assert await _asked(world)(said, _NOOR) is None

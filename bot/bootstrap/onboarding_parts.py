"""Onboarding, put together: the clock's part, and the desk of managers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.unasked import Letters
from bot.onboarding.asked import OnboardingAsked
from bot.onboarding.desk import OnboardingDesk
from bot.onboarding.letters import NewPartnersLetters
from bot.onboarding.rules import OnboardingRules, Welcomed
from bot.onboarding.welcoming import Onboarding
from bot.storage.database import Database
from bot.storage.queue import Queue
from config.settings import Settings
from knowledge.programs import Programs


@dataclass(frozen=True, slots=True)
class OnboardingParts:
    clock: Onboarding
    desk: OnboardingDesk
    asked: OnboardingAsked


def onboarding_parts(
    settings: Settings,
    database: Database,
    queue: Queue,
    programs: Programs,
    clock: Callable[[], datetime],
    mail_domain: str,
) -> OnboardingParts:
    """`mail_domain` is that of our Message-IDs."""
    rules = OnboardingRules(Welcomed(settings.onboarding))
    letters = NewPartnersLetters(Letters(mail_domain, clock))
    desk = OnboardingDesk(database, rules, clock)
    asked = OnboardingAsked(database, programs, desk, settings.silent_days, clock)
    return OnboardingParts(Onboarding(database, queue, programs, rules, clock, letters), desk, asked)

"""What managers do about onboarding: begin it for a partner, stop it, and look how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.onboarding.rules import OnboardingRules
from bot.storage import ledger, mirror, onboarding
from bot.storage.database import Database
from bot.vocabulary.results import Done, NotDone
from crm.records import Partner

_OFF = "`onboarding` is off in the settings; set it to main_contacts or all_contacts"


@dataclass(frozen=True, slots=True)
class OnboardingDesk:
    """Each act by a manager (`by`, an address)."""

    database: Database
    rules: OnboardingRules
    now: Callable[[], datetime]

    async def start(self, partner: Partner, by: str) -> Done | NotDone:
        """For one that was known before, or whose onboarding ended: from the beginning. Written at the next tick."""
        if not self.rules.on:
            return NotDone("nobody is welcomed", _OFF)
        async with self.database.begin() as connection:
            if not await onboarding.begin(connection, partner.id, self.now()):
                return NotDone(
                    f"{partner.name} is being onboarded already", f"`partnerline onboarding show {partner.id}` says how"
                )
            await ledger.append(connection, "onboarding", by, {"what": "started"}, partner_id=partner.id)
        return Done(
            f"{partner.name} is welcomed as soon as people work there, within minutes if they do now", partner.id
        )

    async def start_held_back(self, by: str) -> Done | NotDone:
        """All that came many at once."""
        async with self.database.reading() as connection:
            ids = await onboarding.held_back(connection)
            waiting = await mirror.some(connection, Partner, ids)
        done = [one for one in [await self.start(partner, by) for partner in waiting] if isinstance(one, Done)]
        if not done:
            return (
                NotDone("no partner is held back", "name the one that is to be welcomed")
                if self.rules.on
                else NotDone("nobody is welcomed", _OFF)
            )
        return Done(f"{len(done)} partners are welcomed as soon as people work there")

    async def stop(self, partner: Partner, by: str) -> Done | NotDone:
        """Nobody there is asked after any more."""
        async with self.database.begin() as connection:
            if not await onboarding.end(connection, partner.id):
                return NotDone(
                    f"{partner.name} is not being onboarded", "`partnerline onboarding list` shows those that are"
                )
            await ledger.append(connection, "onboarding", by, {"what": "stopped"}, partner_id=partner.id)
        return Done(f"{partner.name} is asked after no more", partner.id)


def in_words(kept: onboarding.Onboarded | None) -> Sequence[tuple[str, str]]:
    """How far one is, line by line; `None` for a partner that was never looked at."""
    if kept is None:
        return (("State", "not looked at yet"),)
    steps = kept.steps
    lines = [("State", _STATES[kept.state])]
    if kept.began_at is not None:
        lines.append(("Began", f"{kept.began_at:%Y-%m-%d}"))
    for name, label in (("welcomed", "Welcomed"), ("posted", "Welcomed in Slack"), ("nobody", "Nobody to write to")):
        if name in steps:
            lines.append((label, str(steps[name])[:10]))
    if "held_back" in steps:
        lines.append(("Held back", f"since {str(steps['held_back'])[:10]}: it came with many others"))
    if "checked" in steps:
        lines.append(("Last check-in", f"day {steps['checked']}"))
    if steps.get("told"):
        lines.append(("Told about", ", ".join(str(one).replace("_", " ") for one in steps["told"])))
    return tuple(lines)


_STATES = {
    onboarding.State.KNOWN: "known, not being onboarded",
    onboarding.State.INVITED: "being onboarded",
    onboarding.State.ENDED: "ended",
}

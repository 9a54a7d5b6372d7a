"""The CRM as the console's backend in memory shows it: HubSpot away, entries that wait, and two that it refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.console.crm_views import CrmView, MirroredView, Outage, RefusedView, WaitingEntries
from bot.vocabulary.results import Done, NotDone

WORDS = (
    'Property values were not valid: [{"isValid":false,"message":"cost_centre is required","error":'
    '"REQUIRED_FIELD","name":"cost_centre"}] (correlation id 4d1f7a0e-6c1b-4b43-9a52-0c0f3f1d2a77)'
)


class CrmInMemory:
    """`well` True where HubSpot answers and nothing waits."""

    now: Callable[[], datetime]

    def __init__(self) -> None:
        self.well = False
        self.tried: list[str] = []

    async def crm_standing(self) -> CrmView:
        now = self.now()
        refused = tuple(entry for entry in _refused(now) if entry.id not in self.tried)
        facts = (("Account", "12345678, DEVELOPER_TEST"), ("Calls today", "1,204 of 240,000"))
        well = CrmView("HubSpot", "https://api.hubapi.com", facts, looked=now, mirrored=_mirrored(now))
        if self.well:
            return well
        away = Outage(
            now - timedelta(minutes=48), now + timedelta(minutes=7), "HubSpot answered 502 (no correlation id)"
        )
        return CrmView(
            well.name, well.where, facts, away, away, now - timedelta(minutes=49), 214, _kinds(now), _partners(now),
            refused, len(refused), well.mirrored,
        )  # fmt: skip

    async def retry_entry(self, name: str) -> Done | NotDone:
        if name not in [entry.id for entry in _refused(self.now())] or name in self.tried:
            return NotDone(f"nothing about {name} waits for another try", "`partnerline crm status` lists what does")
        self.tried.append(name)
        return Done("registration D-48213 is tried again; if HubSpot still refuses it, you are told", name)

    async def retry_entries(self) -> Done | NotDone:
        left = [entry.id for entry in _refused(self.now()) if entry.id not in self.tried]
        self.tried += left
        return (
            Done(f"{len(left)} entries are tried again") if left else NotDone("there is nothing that HubSpot refused")
        )


def _refused(now: datetime) -> tuple[RefusedView, ...]:
    return (
        RefusedView("e1", "registration D-48213 (Castle Row Hotels)", WORDS, now, "p1", "Northwind Partners", older=2),
        RefusedView(
            "e2", f"interaction “{'W' * 80}”", "no answer came", now - timedelta(days=2), "p2", "Harbour", unknown=True
        ),
    )


def _kinds(now: datetime) -> tuple[WaitingEntries, ...]:
    return (
        WaitingEntries("registrations", 3, now - timedelta(minutes=47)),
        WaitingEntries("interactions", 211, now - timedelta(minutes=46)),
    )


def _partners(now: datetime) -> tuple[WaitingEntries, ...]:
    return (
        WaitingEntries("Northwind Partners", 210, now - timedelta(minutes=47), "p1"),
        WaitingEntries("No partner", 4, now - timedelta(minutes=20)),
    )


def _mirrored(now: datetime) -> tuple[MirroredView, ...]:
    return (MirroredView("deals", 412, now - timedelta(hours=1)), MirroredView("partners", 9, now - timedelta(days=3)))

"""In whose name something is announced: the manager whose desk it is, as the console has no other sign-in."""

from __future__ import annotations

from starlette.requests import Request

from bot.channels.console.console import Console, found
from bot.channels.console.views import ManagerSeat


async def manager_at(console: Console, request: Request) -> ManagerSeat:
    """The one whose desk the address names."""
    managers = (await console.backend.seats()).managers
    return found(next((m for m in managers if m.id == request.path_params["manager"]), None), "desk")


async def announcers(console: Console) -> tuple[ManagerSeat, ...]:
    return tuple(m for m in (await console.backend.seats()).managers if m.announces)

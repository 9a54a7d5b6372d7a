"""Partners as people name them: by id or by name in any case, or by some words of the name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror
from bot.vocabulary.results import NotDone
from crm.records import Partner


async def partner_named(connection: AsyncConnection, name: str) -> Partner | NotDone:
    """The one of that id or whole name."""
    wanted = name.strip().casefold()
    everyone = await mirror.everyone(connection, Partner)
    found = [p for p in everyone if wanted in (p.id.casefold(), p.name.casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        return NotDone(f"{len(found)} partners are called {name!r}", "name it by its id in the CRM")
    return NotDone(f"no partner is called {name!r}", "`partnerline partners list` shows them")


def fitting(words: str, partners: Iterable[Partner]) -> list[Partner]:
    """Those of exactly that name, else whose name begins so, else whose name has these words."""
    wanted, known = _plain(words), [(p, _plain(p.name)) for p in partners]
    if not wanted:
        return []
    exact = [p for p, name in known if wanted in (name, _plain(p.id))]
    begun = [p for p, name in known if name.startswith(wanted)]
    return exact or begun or [p for p, name in known if f" {wanted} " in f" {name} "]


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))

"""Exchange rates as they are kept: by day, with their source, and never changed under money that was computed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.payout_tables import exchange_rates
from knowledge.commission.exchange import ExchangeRate, RateTable

_AT_ONCE = 2_000  # rows of one statement
_LOCK = 0x5261_7465
_C = exchange_rates.c
_COLUMNS = (_C.currency, _C.day, _C.rate, _C.source)


@dataclass(frozen=True, slots=True)
class Differing:
    """A rate that is kept for that day, and the other one that was to be stored."""

    kept: ExchangeRate
    other: ExchangeRate


@dataclass(frozen=True, slots=True)
class Storing:
    """What storing came to. Where `refused`, nothing at all was written, for `differing` rates are kept already."""

    added: int
    same: int
    differing: tuple[Differing, ...] = ()
    refused: bool = False


async def store(connection: AsyncConnection, rates: Iterable[ExchangeRate], *, replace: bool = False) -> Storing:
    """Keep rates of days that have none yet. A different rate of a day that has one is refused together with all the
    others, except where `replace` says that it is meant: then it is what later lines are computed with, while posted
    lines keep the rate that they name.
    """
    given = _by_day(rates)
    await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    kept = _by_day(await _kept(connection, {c for c, _ in given}))
    new = [rate for key, rate in given.items() if key not in kept]
    differing = tuple(Differing(kept[k], r) for k, r in given.items() if k in kept and kept[k].rate != r.rate)
    same = len(given) - len(new) - len(differing)
    if differing and not replace:
        return Storing(0, same, differing, refused=True)
    await _write(connection, [*new, *(one.other for one in differing)])
    return Storing(len(new), same, differing)


async def table(
    connection: AsyncConnection, base: str, since: date | None = None, longer: Mapping[str, date] = MappingProxyType({})
) -> RateTable:
    """The stored rates against `base`, the program's currency: all of them, or those of every currency `since` a day
    and of the currencies in `longer` since theirs.
    """
    query = select(*_COLUMNS)
    if since is not None:
        of_some = (and_(_C.currency == currency, _C.day >= day) for currency, day in sorted(longer.items()))
        query = query.where(or_(_C.day >= since, *of_some))
    return RateTable.of(base, (_rate(row) for row in (await connection.execute(query)).all()))


async def latest(connection: AsyncConnection) -> tuple[ExchangeRate, ...]:
    """The newest rate of each currency."""
    query = select(*_COLUMNS).ext(distinct_on(_C.currency)).order_by(_C.currency, _C.day.desc())
    return tuple(_rate(row) for row in (await connection.execute(query)).all())


async def of_currency(connection: AsyncConnection, currency: str, limit: int) -> tuple[ExchangeRate, ...]:
    """The newest rates of one currency, the latest first."""
    query = select(*_COLUMNS).where(_C.currency == currency).order_by(_C.day.desc()).limit(limit)
    return tuple(_rate(row) for row in (await connection.execute(query)).all())


async def _kept(connection: AsyncConnection, currencies: Collection[str]) -> list[ExchangeRate]:
    query = select(*_COLUMNS).where(_C.currency.in_(sorted(currencies)))
    return [_rate(row) for row in (await connection.execute(query)).all()]


async def _write(connection: AsyncConnection, rates: Sequence[ExchangeRate]) -> None:
    for start in range(0, len(rates), _AT_ONCE):
        rows = [
            {"currency": rate.currency, "day": rate.day, "rate": rate.rate, "source": rate.source}
            for rate in rates[start : start + _AT_ONCE]
        ]
        made = insert(exchange_rates).values(rows)
        said = {"rate": made.excluded.rate, "source": made.excluded.source, "stored_at": func.now()}
        await connection.execute(made.on_conflict_do_update(index_elements=["currency", "day"], set_=said))


def _by_day(rates: Iterable[ExchangeRate]) -> dict[tuple[str, date], ExchangeRate]:
    return {(rate.currency, rate.day): rate for rate in rates}


def _rate(row: Row[*tuple[Any, ...]]) -> ExchangeRate:
    return ExchangeRate(row.currency, row.day, row.rate, row.source)

"""What managers read of adoption: how many partners were invited, wrote, registered, won, how soon, and who is silent.

Pure: from what the storage counted to figures, words and rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from bot.documents.safe_csv import safe_csv
from bot.storage.adoption import Adopted

_COLUMNS = (
    "partner", "id", "tier", "types", "region", "invited", "days since", "first message", "first registration",
    "first won deal", "last word", "silent", "slack channel",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many of `partners` wrote, registered and won, and are silent by now. Medians are days from the invitation to
    the first of each, None where nobody was invited or got there.
    """

    label: str
    partners: int
    wrote: int
    registered: int
    won: int
    silent: int
    to_message: float | None = None
    to_registration: float | None = None
    to_win: float | None = None

    def share(self, count: int) -> float:
        return count / self.partners if self.partners else 0.0


@dataclass(frozen=True, slots=True)
class Adoption:
    """`invited` are partners that were welcomed, `everyone` all of them; each also by tier, type and region."""

    day: date
    silent_days: int
    partners: tuple[Adopted, ...]
    invited: Funnel
    everyone: Funnel
    by_tier: tuple[Funnel, ...]
    by_type: tuple[Funnel, ...]
    by_region: tuple[Funnel, ...]

    def is_silent(self, one: Adopted) -> bool:
        return is_silent(one, self.day, self.silent_days)


def adoption(partners: Sequence[Adopted], day: date, silent_days: int) -> Adoption:
    """`day` is the one on which it was counted; a partner is silent after so many days without a word."""
    invited = [one for one in partners if one.invited_on is not None]
    slices = _Slices(partners, day, silent_days)
    return Adoption(
        day,
        silent_days,
        tuple(partners),
        _funnel("Invited", invited, day, silent_days),
        _funnel("All partners", partners, day, silent_days),
        slices.by(lambda one: (one.tier,)),
        slices.by(lambda one: one.types),
        slices.by(lambda one: (one.region,)),
    )


def is_silent(one: Adopted, day: date, silent_days: int) -> bool:
    """Whether nothing was heard of it for so long, since its last word or, before any, since it was invited. One that
    was known before and never wrote is silent.
    """
    since = one.heard_on or one.invited_on
    return since is None or (day - since).days >= silent_days


def days_to(one: Adopted, on: date | None) -> int | None:
    """From its invitation to that day; None where one of them is not known."""
    return None if one.invited_on is None or on is None else max((on - one.invited_on).days, 0)


@dataclass(frozen=True, slots=True)
class _Slices:
    partners: Sequence[Adopted]
    day: date
    silent_days: int

    def by(self, labels: Callable[[Adopted], Iterable[str]]) -> tuple[Funnel, ...]:
        """The largest first; one partner may stand in several."""
        groups: dict[str, list[Adopted]] = {}
        for one in self.partners:
            for label in labels(one):
                groups.setdefault(label or "not known", []).append(one)
        found = [_funnel(label, those, self.day, self.silent_days) for label, those in groups.items()]
        return tuple(sorted(found, key=lambda funnel: (-funnel.partners, funnel.label)))


def _funnel(label: str, those: Sequence[Adopted], day: date, silent_days: int) -> Funnel:
    return Funnel(
        label,
        len(those),
        sum(one.wrote_on is not None for one in those),
        sum(one.registered_on is not None for one in those),
        sum(one.won_on is not None for one in those),
        sum(is_silent(one, day, silent_days) for one in those),
        _median(days_to(one, one.wrote_on) for one in those),
        _median(days_to(one, one.registered_on) for one in those),
        _median(days_to(one, one.won_on) for one in those),
    )


def _median(days: Iterable[int | None]) -> float | None:
    known = [one for one in days if one is not None]
    return float(median(known)) if known else None


def in_words(found: Adoption) -> tuple[str, ...]:
    """The funnel in a few lines."""
    new, all_of_them = found.invited, found.everyone
    lines = []
    if new.partners:
        soon = [
            f"{label} after {days:g} {'day' if days == 1 else 'days'}"
            for label, days in (
                ("first message", new.to_message),
                ("first registration", new.to_registration),
                ("first won deal", new.to_win),
            )
            if days is not None
        ]
        lines.append(f"{new.partners} invited: {_counts(new)}")
        lines += [f"In the middle: {', '.join(soon)}"] if soon else []
    else:
        lines.append("Nobody was invited yet: new partners are, from the day on which the agent knows this CRM")
    partners = "1 partner" if all_of_them.partners == 1 else f"{all_of_them.partners} partners"
    lines.append(f"{partners} in all: {_counts(all_of_them)}")
    return tuple(lines)


def _counts(funnel: Funnel) -> str:
    counted = (("wrote", funnel.wrote), ("registered", funnel.registered), ("won", funnel.won))
    steps = ", ".join(f"{count} {label} ({funnel.share(count):.0%})" for label, count in counted)
    return f"{steps}; {funnel.silent} silent"


def as_csv(found: Adoption) -> bytes:
    """A row for each partner."""
    return safe_csv(_COLUMNS, (_cells(found, one) for one in found.partners))


def _cells(found: Adoption, one: Adopted) -> tuple[object, ...]:
    since = (found.day - one.invited_on).days if one.invited_on else None
    return (
        one.name, one.partner_id, one.tier, ", ".join(one.types), one.region, one.invited_on or "known before", since,
        one.wrote_on, one.registered_on, one.won_on, one.heard_on, "yes" if found.is_silent(one) else "no",
        "yes" if one.in_slack else "no",
    )  # fmt: skip

"""What the picture of adoption shows: how far partners come, how soon, and how it differs by tier, type and region."""

from __future__ import annotations

from collections.abc import Sequence

from bot.documents.announcement_chart import AnnouncementChart, CountBar, CountPanel, png
from bot.onboarding.adoption import Adoption, Funnel
from knowledge.brand import Colours


def chart_png(found: Adoption, colours: Colours) -> bytes:
    """A PNG of always the same size. Takes a second of computing."""
    return png(chart(found), colours)


def chart(found: Adoption) -> AnnouncementChart:
    day, new = found.day, found.invited
    return AnnouncementChart(
        "How partners adopt the agent",
        f"{new.partners:,} invited of {found.everyone.partners:,} partners · as of {day.day} {day:%B %Y}",
        (
            CountPanel("Invited partners", _steps("invited", new), nothing="nobody was invited yet"),
            CountPanel("All partners", _steps("partners", found.everyone)),
            CountPanel("Median days to the first", _days(new), nothing="nobody got there yet"),
            _shares("Wrote, by tier", found.by_tier),
            _shares("Wrote, by type", found.by_type),
            _shares("Wrote, by region", found.by_region),
        ),
        f"Silent: nothing heard for {found.silent_days} days. Of invited partners the first message, registration and "
        "win after the invitation count.",
    )


def _steps(first: str, funnel: Funnel) -> tuple[CountBar, ...]:
    if not funnel.partners:
        return ()
    steps = (("wrote", funnel.wrote), ("registered", funnel.registered), ("won", funnel.won))
    bars = [CountBar(label, count, f"{count:,} ({funnel.share(count):.0%})", strong=True) for label, count in steps]
    silent = CountBar("silent", funnel.silent, f"{funnel.silent:,} ({funnel.share(funnel.silent):.0%})")
    return (CountBar(first, funnel.partners, strong=True), *bars, silent)


def _days(funnel: Funnel) -> tuple[CountBar, ...]:
    found = (
        ("message", funnel.to_message), ("registration", funnel.to_registration), ("won deal", funnel.to_win),
    )  # fmt: skip
    return tuple(CountBar(label, days, f"{days:g} d") for label, days in found if days is not None)


def _shares(title: str, slices: Sequence[Funnel]) -> CountPanel:
    bars = tuple(
        CountBar(one.label, one.share(one.wrote), f"{one.share(one.wrote):.0%} of {one.partners:,}", strong=True)
        for one in slices
    )
    return CountPanel(title, bars, most=1.0)

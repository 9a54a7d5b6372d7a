"""Asking managers whose channel it is that the agent was invited to; in their own places, never in that channel."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from bot.channels.slack.blocks.mapping import MODE, MODES, MOST, PARTNER, TEAM, Menu
from bot.channels.slack.people.audience import Audience
from bot.channels.slack.people.teams import SlackTeams
from bot.desk.slack_channels.cards import ChannelCards
from bot.storage import ended, mirror, slack_channels
from bot.storage.database import Database
from bot.storage.slack_channels import Mode, SlackChannel
from crm.records import Partner

_ALIKE = 0.6  # of 1: how much of a name has to be found in another for a suggestion
_LONG = 4  # characters of a word that may stand for a name
_TEAMS = 20  # workspaces of one channel that are asked for their names


class ChannelAsking:
    """`managers_channel` is never asked about: it is the managers' own."""

    def __init__(
        self, database: Database, cards: ChannelCards, teams: SlackTeams, managers_channel: str, mode: Mode
    ) -> None:
        self._database = database
        self._cards = cards
        self._teams = teams
        self._managers_channel = managers_channel
        self._mode = mode

    async def ask(self, key: str, channel: str, audience: Audience, inviter: str = "") -> None:
        """Once for each event (`key`); nothing where nobody from outside reads the channel, nor is invited to."""
        outside = audience.confirmed and (audience.readers or audience.unnamed)
        if channel == self._managers_channel or not outside:
            return
        teams = sorted(audience.readers)
        names = {team: await self._teams.name(team) for team in teams[:_TEAMS]}
        async with self._database.begin() as connection:
            partners = list(await mirror.everyone(connection, Partner))
            served = [p for p in partners if not await ended.has_ended(connection, p.id)]
            mapped = await slack_channels.every(connection)
            known = [one for one in mapped if one.partner_team_id in audience.readers]
            offered = _offered(served, audience, names, known)
            likely = [p for p in offered if _likeness(p, audience, names, known) >= _ALIKE]
            elsewhere = _elsewhere(likely, mapped, known)
            doc = {"channel": channel, "name": audience.name, "teams": teams, "partners": [p.id for p in offered]}
            told = (*_told(channel, audience, names), *_warned(known, partners), *elsewhere)
            title = f"Whose channel is #{audience.name}?" if audience.name else "Whose channel is this?"
            menus = self._menus(offered, teams, names, suggested=bool(likely) and not elsewhere)
            await self._cards.ask(connection, f"slack-map:{key}", doc, title, told, menus, inviter)

    def _menus(
        self, offered: Sequence[Partner], teams: Sequence[str], names: dict[str, str], *, suggested: bool
    ) -> tuple[Menu, ...]:
        modes = tuple(words for _, words in MODES)
        chosen = next(place for place, (mode, _) in enumerate(MODES) if mode == self._mode.value)
        which = tuple(_called(team, names.get(team, "")) for team in teams)
        several = (Menu(TEAM, "The partner's workspace", which),) if len(teams) > 1 else ()
        partners = Menu(PARTNER, "Partner", tuple(p.name for p in offered), 0 if suggested else None)
        return (partners, *several, Menu(MODE, "What is answered", modes, chosen)) if offered else ()


def _offered(
    partners: Sequence[Partner], audience: Audience, names: dict[str, str], known: Sequence[SlackChannel]
) -> list[Partner]:
    """The likeliest first, then by name; as many as a menu takes."""
    by_likeness = sorted(partners, key=lambda p: p.name.casefold())
    by_likeness.sort(key=lambda p: _likeness(p, audience, names, known), reverse=True)
    likely, others = by_likeness[:1], by_likeness[1:]
    return [*likely, *sorted(others[: MOST - 1], key=lambda p: p.name.casefold())]


def _likeness(partner: Partner, audience: Audience, names: dict[str, str], known: Sequence[SlackChannel]) -> float:
    """From 0 to 1; a workspace that is the partner's in another channel is as sure as a suggestion gets."""
    if any(channel.partner_id == partner.id for channel in known):
        return 1.0
    said = (audience.name, *names.values())
    return max((_alike(partner.name, one) for one in said if one), default=0.0)


def _alike(partner: str, said: str) -> float:
    """A word of the partner's name in the channel's says as much as half of the name does."""
    theirs, here = _words(partner), _words(said)
    longest = max(theirs, key=len, default="")
    if len(longest) >= _LONG and longest in here:
        return 0.9
    return SequenceMatcher(None, "".join(theirs), "".join(here)).ratio()


def _words(name: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in name.casefold()).split()


def _told(channel: str, audience: Audience, names: dict[str, str]) -> tuple[str, ...]:
    who = [_called(team, name) for team, name in names.items() if team in audience.teams]
    invited = [_called(team, name) for team, name in names.items() if team in audience.pending]
    lines = [f"@partnerline was invited to {f'#{audience.name} ' if audience.name else ''}({channel})."]
    lines += [f"It is read by your people and by {', '.join(who)}."] if who else []
    lines += [f"Invited, and not there yet: {', '.join(invited)}."] if invited else []
    lines += ["Somebody else is invited of whom Slack does not say who it is."] if audience.unnamed else []
    return (*lines, "Nothing of a partner is said there until it is mapped.")


def _warned(known: Sequence[SlackChannel], partners: Sequence[Partner]) -> tuple[str, ...]:
    """Where several partners would read along, mapping it is refused: say so at once."""
    names = {partner.id: partner.name for partner in partners}
    several = sorted({names.get(channel.partner_id, channel.partner_id) for channel in known})
    if len(several) < 2:
        return ()
    return (f"People of several partners read it ({', '.join(several)}), so it cannot be mapped.",)


def _elsewhere(
    likely: Sequence[Partner], mapped: Sequence[SlackChannel], known: Sequence[SlackChannel]
) -> tuple[str, ...]:
    """Anybody may give a channel and a workspace the name of a partner, whose people are of another one by all we know:
    then nothing is chosen for the manager, and he is told.
    """
    ids = {partner.id for partner in likely}
    teams = sorted({one.partner_team_id for one in mapped if one.partner_id in ids})
    if not teams or any(one.partner_id in ids for one in known):
        return ()
    said = f"It is called like {likely[0].name}, whose people were of {', '.join(teams)} so far"
    return (f"{said}, and that does not read it: ask them before you map it.",)


def _called(team: str, name: str) -> str:
    return f"{name} ({team})" if name else team

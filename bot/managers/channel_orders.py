"""What managers order about partners' Slack channels: in words, or by the buttons of the cards that ask them."""

from __future__ import annotations

import re
from collections.abc import Mapping as Fields
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.slack.blocks.mapping import MAP, MODE, MODES, PARTNER, TEAM, MapAct, act_of
from bot.desk.partners_named import fitting
from bot.desk.slack_channels.cards import ChannelCards
from bot.desk.slack_channels.desk import ChannelDesk, Mapping
from bot.storage import mirror, slack_buttons
from bot.storage.database import Database
from bot.storage.slack_buttons import Button, ButtonKind
from bot.storage.slack_channels import Mode
from bot.vocabulary.message import Click
from bot.vocabulary.results import Done, NotDone
from crm.records import Partner
from knowledge.program import Manager

_CHANNEL = r"#?(?P<channel>[CG][A-Z0-9]{2,30})"
_PLEASE = r"\s*(?i:please |bitte )?"
_MAPS = re.compile(
    rf"{_PLEASE}(?i:map|zuordnen|ordne|associer|associez|koppel|koppelen|asignar|asigna)\s+{_CHANNEL}"
    r"(?:\s*:|\s+(?i:to|zu|à|aan|a))\s+(?P<rest>[^\n]{1,300})"
)
_OPTIONS = re.compile(
    r"[\s,;]+(?:(?i:team|workspace)\s+(?P<team>[TE][A-Z0-9]{2,30})|(?P<mode>(?i:agent|mention)))\W*\Z"
)
_SETS = re.compile(rf"{_PLEASE}(?i:mode)\s+{_CHANNEL}\s+(?P<mode>(?i:agent|mention))\W*\Z")
_RESUMES = re.compile(rf"{_PLEASE}(?i:resume)\s+{_CHANNEL}\W*\Z")
_FORGETS = re.compile(rf"{_PLEASE}(?i:forget|unmap)\s+{_CHANNEL}\W*\Z")
_NEAR = 5  # names that are shown where none is meant for sure
_GONE = NotDone("this card is not current any more; nothing was done")

Result = Done | NotDone


@dataclass(frozen=True, slots=True)
class ChannelOrders:
    """Only for who is proven to be a manager, among the vendor's own people; the caller sees to that."""

    database: Database
    desk: ChannelDesk
    cards: ChannelCards

    async def written(self, text: str, who: Manager) -> Result | None:
        """None where the words order nothing about a channel."""
        line = text.strip().splitlines()[0] if text.strip() else ""
        if found := _MAPS.match(line):
            return await self._settled(await self._map(found["channel"], found["rest"], who), found["channel"], who)
        if found := _SETS.match(line):
            return await self.desk.set_mode(found["channel"], Mode(found["mode"].lower()), who.email)
        if found := _RESUMES.match(line):
            return await self._settled(await self.desk.resume(found["channel"], who.email), found["channel"], who)
        if found := _FORGETS.match(line):
            return await self._settled(await self.desk.forget(found["channel"], who.email), found["channel"], who)
        return None

    async def _settled(self, result: Result, channel: str, who: Manager) -> Result:
        """Every card that still asks about the channel says what was done, and by whom."""
        if isinstance(result, Done):
            async with self.database.begin() as connection:
                for button in await slack_buttons.open_about(connection, channel, self.desk.now()):
                    await slack_buttons.use(connection, button.id, who.slack_user_id)
                    await self.cards.settle(connection, button, f"{result.text} ({who.name})")
        return result

    async def pressed(self, click: Click, who: Manager, here: Sequence[str]) -> Result | None:
        """None where a choice was made that does nothing yet. `here` are the places where it was pressed."""
        act = act_of(click.action)
        async with self.database.reading() as connection:
            button = await slack_buttons.find(connection, click.value, self.desk.now()) if act else None
        if act is None:
            return None
        if button is None or button.kind is not ButtonKind.MAP or button.channel not in here:
            return _GONE
        if button.used:
            return NotDone("this is decided already")
        result = await self._carry_out(act, button, dict(click.form), who)
        return await self._settled(result, str(button.doc.get("channel") or ""), who)

    async def _carry_out(self, act: MapAct, button: Button, form: Fields[str, str], who: Manager) -> Result:
        channel = str(button.doc.get("channel") or "")
        match act:
            case MapAct.MAP:
                return await self._map_chosen(channel, button.doc, form, who)
            case MapAct.NOT_A_PARTNERS:
                return Done(f"{channel} is no partner's channel; nothing is said there")
            case MapAct.RESUME:
                return await self.desk.resume(channel, who.email)
            case MapAct.FORGET:
                return await self.desk.forget(channel, who.email)

    async def _map_chosen(self, channel: str, doc: Fields[str, object], form: Fields[str, str], who: Manager) -> Result:
        partner = _chosen(doc.get("partners"), form.get(PARTNER, ""))
        if not partner:
            return NotDone("choose the partner first", f"or write: map {channel} to NAME")
        teams = doc.get("teams")
        several = isinstance(teams, list) and len(teams) > 1
        # The card said who reads the channel: whoever has come instead since is not mapped by it.
        team = _chosen(teams, form.get(TEAM, "") if several else "0")
        if not team and several:
            return NotDone("several workspaces read it; choose the partner's first")
        mode = _chosen([name for name, _ in MODES], form.get(MODE, ""))
        wanted = Mapping(channel, partner, team, Mode(mode) if mode else None, str(doc.get("name") or ""))
        return await self.desk.map(wanted, who.email)

    async def _map(self, channel: str, rest: str, who: Manager) -> Result:
        team, mode, name = "", None, rest.strip()
        while found := _OPTIONS.search(name):
            team, mode = found["team"] or team, Mode(found["mode"].lower()) if found["mode"] else mode
            name = name[: found.start()].strip()
        partner = await self._partner(name.strip("\"'“”„«» "))
        if isinstance(partner, NotDone):
            return partner
        return await self.desk.map(Mapping(channel, partner.id, team, mode), who.email)

    async def _partner(self, name: str) -> Partner | NotDone:
        async with self.database.reading() as connection:
            found = fitting(name, await mirror.everyone(connection, Partner))
        if len(found) == 1:
            return found[0]
        several = ", ".join(sorted(p.name for p in found)[:_NEAR])
        return NotDone(f"{name} may be {several}" if found else f"there is no partner {name}", "write its whole name")


def is_about_channels(click: Click) -> bool:
    return click.action.startswith(MAP)


def _chosen(options: object, place: str) -> str:
    """The option at that place of the list that our row holds; "" for none, whatever was sent."""
    if not isinstance(options, list) or not place.isdecimal() or len(place) > 4:
        return ""
    return str(options[int(place)]) if int(place) < len(options) else ""

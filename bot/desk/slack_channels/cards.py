"""Cards about partners' channels: in the managers' channel, else to managers alone, never where a partner reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.slack.blocks import mapping
from bot.channels.slack.blocks.cards import settled
from bot.channels.slack.outbound.outlet import CARD, UPDATE
from bot.desk.managers_of import looking_after
from bot.storage import outbox, slack_buttons
from bot.storage.codec import storable
from bot.storage.outbox import Destination, Outgoing
from bot.storage.slack_buttons import Button, ButtonKind
from bot.storage.slack_channels import SlackChannel
from crm.records import Partner
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class ChannelCards:
    """Writes in the caller's transaction. `managers_channel` "" sends cards to the managers themselves."""

    program: Program
    managers_channel: str
    now: Callable[[], datetime]

    async def ask(
        self,
        connection: AsyncConnection,
        key: str,
        doc: Mapping[str, Any],
        title: str,
        told: Sequence[str],
        menus: Sequence[mapping.Menu],
        inviter: str = "",
    ) -> None:
        """Whose channel is this: once for each `key` and place. `inviter` is asked himself where he is a manager and
        managers have no channel.
        """
        channel = str(doc["channel"])
        how = f'Or write here: "map {channel} to NAME OF THE PARTNER, agent", or "mention" instead of "agent".'
        for place in self._places(None, inviter):
            await self._card(
                connection, key, place, title, doc, lambda button: mapping.asking(title, told, menus, button, how)
            )

    async def paused(
        self, connection: AsyncConnection, mapped: SlackChannel, said: str, partner: Partner | None
    ) -> None:
        key = f"slack-paused:{mapped.channel_id}:{self.now().isoformat()}"
        how = f'Or write here: "resume {mapped.channel_id}".'
        title, doc = "A partner's channel is paused", {"channel": mapped.channel_id}
        for place in self._places(partner):
            await self._card(
                connection, key, place, title, doc, lambda button: mapping.paused(title, (said,), button, how)
            )

    async def settle(self, connection: AsyncConnection, button: Button, result: str) -> None:
        """The card of this button says what was done, and has no buttons any more."""
        card = await outbox.find(connection, button.outbox_id) if button.outbox_id else None
        if card is None:
            return
        payload = {
            "channel": card.payload["channel"],
            "update_of": card.id,
            "text": storable(f"{card.payload['text']} - {result}"),
            "blocks": settled(card.payload["blocks"], storable(result)),
        }
        row = Outgoing(f"map-settled:{button.id}", Destination.SLACK, UPDATE, payload, ordering=card.ordering)
        await outbox.put(connection, [row])

    def _places(self, partner: Partner | None, inviter: str = "") -> tuple[str, ...]:
        if self.managers_channel:
            return (self.managers_channel,)
        known = {m.slack_user_id for m in self.program.managers if m.slack_user_id}
        if inviter in known:
            return (inviter,)
        asked = looking_after(self.program, partner) if partner else self.program.managers
        return tuple(dict.fromkeys(m.slack_user_id for m in asked if m.slack_user_id))

    async def _card(
        self,
        connection: AsyncConnection,
        key: str,
        place: str,
        title: str,
        doc: Mapping[str, Any],
        blocks: Callable[[str], mapping.Blocks],
    ) -> None:
        payload: dict[str, Any] = {"channel": place, "thread_ts": "", "text": title}
        row = Outgoing(f"{key}:{place}", Destination.SLACK, CARD, payload, ordering=place)
        if await outbox.is_written(connection, row.key):
            return
        made = Button(ButtonKind.MAP, storable(dict(doc)), channel=place, outbox_id=row.id)
        payload["blocks"] = storable(blocks(await slack_buttons.make(connection, made, self.now())))
        await outbox.put(connection, [row])

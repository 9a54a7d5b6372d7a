"""The answer of one handled message: whether one may go, where to, and what of it is for the asker alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import outbox, slack_channels
from bot.storage.answers import REPLY, put_answer
from bot.storage.asking import ask_owner
from bot.storage.caps import Answering
from bot.storage.confirmations import Answered
from bot.storage.in_confidence import Confided, confide
from bot.storage.outbox import Outgoing
from bot.storage.silence import silence
from bot.storage.to_managers import ToManagers
from bot.vocabulary.documents import Document
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Message, ReplyAddress, ThreadContext, is_direct
from bot.vocabulary.reply import InConfidence, Reply

_VOUCHED = tuple(answered.value for answered in Answered if answered.vouches)


class Replying:
    """Writes in the transaction of the message."""

    def __init__(
        self,
        connection: AsyncConnection,
        answering: Answering,
        message: Message,
        identity: Identity,
        thread: ThreadContext,
        to_managers: ToManagers,
    ) -> None:
        self._connection = connection
        self._answering = answering
        self._message = message
        self._identity = identity
        self._thread = thread
        self._to_managers = to_managers

    @property
    def key(self) -> str:
        """One answer for a message, and another where somebody vouched for it later: the first told its sender no."""
        proof = self._message.sender.proof
        return f"reply:{self._message.inbox_id}" + (f":{proof}" if proof in _VOUCHED else "")

    async def answer(
        self, reply: Reply, confided: InConfidence | None, documents: Sequence[Document]
    ) -> Outgoing | None:
        """What was put into the outbox; None where no answer may go, of which a manager is told where that matters."""
        to = self._message.reply_to
        if to is None:
            return None
        why = await silence(
            self._connection, self._answering, self._message, self._identity, self._thread.id, to, datetime.now(UTC)
        )
        if why is not None:
            if why.words:
                await self._to_managers.task("notice", why.words, key=why.key)
            return None
        alone = self._confided(to, confided)
        only_here = alone is not None and not alone.said.at_once
        sent = await put_answer(
            self._connection,
            self.key,
            REPLY,
            to,
            reply,
            mail_domain=self._answering.mail_domain,
            thread_id=self._thread.id,
            partner_id=self._identity.proven_partner_id,
            inbox_id=self._message.inbox_id,
            documents=documents,
            only_team=to.slack_team if only_here and to.slack_team else None,
            with_post=alone.with_post if alone is not None and only_here else {},
        )
        if alone is not None and not only_here:
            await confide(self._connection, alone)
        return sent

    async def excuse(self, reply: Reply) -> Outgoing | None:
        """Once for each pause of the channel; None where it was said."""
        to = self._message.reply_to
        paused = await slack_channels.paused_since(self._connection, to.slack_channel) if to else None
        if to is None or paused is None:
            return None
        key = f"paused:{to.slack_channel}:{paused.isoformat()}"
        if await outbox.is_written(self._connection, key):
            return None
        return await put_answer(
            self._connection, key, REPLY, to, reply, mail_domain=self._answering.mail_domain, thread_id=None,
            partner_id=None, inbox_id=self._message.inbox_id, with_post={"while_paused": True},
        )  # fmt: skip

    async def ask_to_confirm(self, question: Reply, subject: str) -> Outgoing | None:
        return await ask_owner(
            self._connection, self._answering, self._message, self._identity, question, subject, datetime.now(UTC)
        )

    def _confided(self, to: ReplyAddress, said: InConfidence | None) -> Confided | None:
        """None where nothing is confidential, or where nobody but the asker reads the answer anyway."""
        partner, contact = self._identity.partner, self._identity.contact
        if said is None or partner is None or not to.slack_channel or is_direct(to.slack_channel):
            return None
        who = self._message.sender.name or to.slack_user
        task = (
            f"{who} of {partner.name} asked in Slack ({to.slack_channel}) for figures that not everybody there may "
            "read, and neither a direct message nor a mail reaches who asked; please send them"
        )
        return Confided(
            self.key, to, said, partner.id, contact.id if contact else None, self._thread.id, self._message.inbox_id,
            self._answering.mail_domain, task,
        )  # fmt: skip

"""A wish to withdraw in a conversation that waits for something else."""

from __future__ import annotations

from bot.vocabulary.requests import Finer, Intent, Request, UpdateFields
from tests.builders import complete_deal, request
from tests.unit.bot.conversation import Conversation, texts


def test_who_withdraws_what_we_asked_about_is_not_told_that_details_were_unread() -> None:
    talk = Conversation()
    talk.say(complete_deal(close_date=None))
    withdrawal = Request(Intent.UPDATE_DEAL, UpdateFields(), finer=Finer.WITHDRAW)
    decision = talk.say(request(Intent.PROVIDE_FIELD), withdrawal)
    assert texts(decision) == ["withdraw.done_draft"]

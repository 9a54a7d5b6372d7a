"""Where nothing can be attached, the page on a partner's plan is told as text, whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.documents.plan_page import plan_page
from bot.intents import send_document
from bot.vocabulary.requests import Finer, Intent
from crm.records import Channel
from tests.builders import request
from tests.unit.bot.intents.money_world import told, world

LANGUAGES = ("en", "de", "fr", "nl", "es")
WISH = replace(request(Intent.ASK_COMMISSION), finer=Finer.SEND_PLAN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_slack_the_whole_page_on_the_plan_is_told(language: str) -> None:
    made = world(channel=Channel.SLACK, language=language)
    decision = send_document.plan(WISH, made)
    said = told(decision, language, Channel.SLACK)
    partner = made.partner
    page = plan_page(made.program, partner.types, partner.tier, language, made.now.date(), partner.country)
    assert decision.commands == ()
    assert decision.log == "plan_told"
    words = [line.lstrip("#- ").replace("*", "") for line in page.markdown.splitlines()]
    plain = said.replace("*", "")
    assert [line for line in words if " ".join(line.split()) not in " ".join(plain.split())] == []


def test_where_outsiders_read_in_slack_the_page_is_not_told() -> None:
    decision = send_document.plan(WISH, world(channel=Channel.SLACK, outsiders_read=True))
    assert decision.log == "document_not_sent"
    assert "15" not in told(decision, channel=Channel.SLACK).split("PDF")[0]

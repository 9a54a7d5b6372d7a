"""Conversations for the console's tests and its picture: one by mail, one in a shared channel."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.console.views import ConversationThread, MessageState, ThreadMessage, WishRead
from crm.records import Channel, Direction


def threads(now: datetime) -> dict[str, list[ConversationThread]]:
    went = now - timedelta(days=2)
    read = (
        WishRead(
            "register_deal",
            (
                ("customer", "Castle Row Hotels"),
                ("amount", "EUR 42,000 annual"),
                ("quantity", "145"),
                ("close date", "29 Jan 2027"),
                ("product", "Lumora Core"),
            ),
        ),
        WishRead("ask_tier"),
    )
    return {
        "c1": [
            ConversationThread(
                "t1",
                Channel.EMAIL,
                "Castle Row Hotels",
                (
                    ThreadMessage(
                        "<m1@brightwater.example>",
                        Direction.IN,
                        went,
                        "Priya Nair",
                        "Hello,\n\nplease register Castle Row Hotels (castlerow.example) for us. Marta Lind, "
                        "marta@castlerow.example, is our contact. 145 seats of Core, EUR 42,000 a year, "
                        "signing by 29 January.\n\nAnd what are we missing for Elite?\n\nPriya",
                        MessageState.HANDLED,
                        "Castle Row Hotels",
                        read,
                    ),
                    ThreadMessage(
                        "<m2@lumora.example>",
                        Direction.OUT,
                        went + timedelta(seconds=8),
                        "Lumora partner team",
                        "Hello Priya,\n\nwe received your registration of Castle Row Hotels. "
                        "Its number is D-48213, "
                        "and you will have a decision by 26 November 2026.\n\n"
                        "You are Select. For Elite you need:\n"
                        "  – EUR 400,000 won and collected in four quarters; you have EUR 271,300\n"
                        "  – an average CSAT of 4.3; yours is 4.4\n"
                        "  – 3 certified people; you have 2\n\nYour Lumora partner team",
                        MessageState.KEPT,
                        "Re: Castle Row Hotels",
                    ),
                ),
                "<m2@lumora.example>",
            ),
        ],
        "c7": [
            ConversationThread(
                "1764.1",
                Channel.SLACK,
                "",
                (
                    ThreadMessage(
                        "1764.1",
                        Direction.IN,
                        now - timedelta(hours=3),
                        "Owen Pryce",
                        "Is Quayside still protected?",
                        MessageState.HANDLED,
                        read=(WishRead("ask_deal_status", (("customer", "Quayside"),)),),
                    ),
                    ThreadMessage(
                        "1764.2",
                        Direction.OUT,
                        now - timedelta(hours=3),
                        "Lumora",
                        "Yes: D-3306, Quayside Foods, is at proposal and protected until 16 February 2027.",
                        MessageState.PENDING,
                        note="Slack is down; it goes out by itself when Slack is back.",
                    ),
                ),
                "1764.1",
            ),
        ],
    }

"""Slack's mrkdwn becomes the text a person sees."""

from __future__ import annotations

import time

import pytest

from bot.channels.slack.inbound.text import mentions, plain_text


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("see <https://acme.example|acme.example> now", "see acme.example now"),
        ("see <https://www.acme.example|acme.example>", "see acme.example"),
        ("see <https://acme.example>", "see https://acme.example"),
        ("<https://acme.example/x|our site>", "our site https://acme.example/x"),
        ("<mailto:a@acme.example|a@acme.example>", "a@acme.example"),
        ("<mailto:a@acme.example|Anna>", "Anna a@acme.example"),
        ("<tel:+4940555|040 555>", "040 555"),
        ("hi <@U0BOT>", "hi @U0BOT"),
        ("hi <@U0BOT|agent>", "hi @agent"),
        ("in <#C012AB|deals>", "in #deals"),
        ("<!here> won :tada:", "@here won"),
        ("*Acme* _GmbH_ ~old~", "Acme GmbH old"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("```\nx: 1\n```", "x: 1"),
        ("at 10:30:15 sharp", "at 10:30:15 sharp"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("", ""),
        ("<@", "<@"),
    ],
)
def test_plain_text(written: str, seen: str) -> None:
    assert plain_text(written) == seen


def test_mentions_are_listed_once_in_order() -> None:
    assert mentions("<@U2> and <@U1|x>, <@U2>") == ("U2", "U1")
    assert mentions("@U2 &lt;@U1&gt;") == ()


@pytest.mark.parametrize("unit", ["<@U1", "*a ", ":a", "<https://", "&amp;", "_*~"])
def test_long_hostile_text_is_handled_in_bounded_time(unit: str) -> None:
    began = time.perf_counter()
    plain_text(unit * 20_000)
    assert time.perf_counter() - began < 20

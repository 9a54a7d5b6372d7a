"""Slack's mrkdwn as plain text, and the people it mentions."""

from __future__ import annotations

import html
import re

_LINK = re.compile(r"<(?P<target>(?:https?://|mailto:|tel:)[^|<>\s]+)(?:\|(?P<label>[^<>]*))?>")
_USER = re.compile(r"<@(?P<id>[UW][A-Z0-9]{1,20})(?:\|(?P<label>[^<>]*))?>")
_CHANNEL = re.compile(r"<#(?P<id>[CG][A-Z0-9]{1,20})(?:\|(?P<label>[^<>]*))?>")
_SPECIAL = re.compile(r"<!(?P<name>[^|<>]+)(?:\|(?P<label>[^<>]*))?>")
_EMOJI = re.compile(r"(?<![\w:/]):[a-z0-9_+'-]{2,40}:(?![\w/])")
_MARKS = re.compile(r"(?<![\w*_~])(?P<mark>[*_~])(?=\S)(?P<inside>[^*_~\n]{1,300}?)(?<=\S)(?P=mark)(?![\w*_~])")


def mentions(text: str) -> tuple[str, ...]:
    """The Slack user ids mentioned, in order, each once."""
    return tuple(dict.fromkeys(match["id"] for match in _USER.finditer(text)))


def plain_text(text: str) -> str:
    """The text as a person sees it: links by their address, people by @label or @id, no emphasis, and emoji codes only
    where nothing else is said.
    """
    text = _LINK.sub(_link, text)
    text = _USER.sub(lambda m: f"@{m['label'] or m['id']}", text)
    text = _CHANNEL.sub(lambda m: f"#{m['label'] or m['id']}", text)
    text = _SPECIAL.sub(lambda m: m["label"] or f"@{m['name'].split('^')[0]}", text)
    text = text.replace("```", "\n")
    text = _EMOJI.sub("", text) if _EMOJI.sub("", text).strip() else text
    text = _MARKS.sub(lambda m: m["inside"], text)
    text = html.unescape(text)
    return re.sub(r"[ \t]{2,}(?=\S)(?<=\S)", " ", text).strip()


def _link(match: re.Match[str]) -> str:
    target, label = match["target"], match["label"]
    bare = re.sub(r"^(?:mailto:|tel:)", "", target)
    if not label or label == target:
        return bare
    if target.startswith(("mailto:", "tel:")):
        return label if bare.casefold() in label.casefold() or target.startswith("tel:") else f"{label} {bare}"
    shown = re.sub(r"^https?://", "", label).rstrip("/").casefold()
    return label if shown and shown in target.casefold() else f"{label} {target}"

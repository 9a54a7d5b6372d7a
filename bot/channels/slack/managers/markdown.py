"""Slack's mrkdwn as Markdown: what somebody wrote in Slack, as the text of a mail to partners."""

from __future__ import annotations

import html
import re

_CODE = re.compile(r"```(?P<block>.+?)```|`(?P<inline>[^`\n]+)`", re.DOTALL)
_LINK = re.compile(r"<(?P<target>(?:https?://|mailto:|tel:)[^|<>\s]+)(?:\|(?P<label>[^<>]*))?>")
_NAMED = re.compile(r"<[@#!](?P<id>[^|<>]{1,80})(?:\|(?P<label>[^<>]*))?>")
_EMOJI = re.compile(r"(?<![\w:/]):[a-z0-9_+'-]{2,40}:(?:[ \t]|(?![\w/]))")
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)(?P<inside>[^*\n]{1,500}?)(?<=\S)\*(?![\w*])")
_STRUCK = re.compile(r"(?<![\w~])~(?=\S)(?P<inside>[^~\n]{1,500}?)(?<=\S)~(?![\w~])")
_BULLET = re.compile(r"^(?P<indent>[ \t]*)[•◦▪][ \t]*", re.MULTILINE)
_HEAD = re.compile(r"\A\s*(?:#{1,3}[ ]+(?P<hashed>[^\n]+)|\*\*(?P<bold>[^*\n]+)\*\*)[ \t]*(?:\n+|\Z)")
_KEPT = "\ue000{}\ue001"  # private use: stands for code while the rest is looked at
_AT = re.compile("\ue000(\\d+)\ue001")


def to_markdown(text: str) -> str:
    """Bold, struck out, links, lists and code stay what they are; people and channels are named, emoji codes dropped.

    Never raises, whatever it is given; nothing in it can call anybody any more.
    """
    code: list[str] = []

    def kept(match: re.Match[str]) -> str:
        block = match["block"]
        code.append(f"```\n{block.strip(chr(10))}\n```" if block is not None else f"`{match['inline']}`")
        return _KEPT.format(len(code) - 1)

    text = re.sub("[\ue000\ue001]", "", text)
    text = _CODE.sub(kept, text)
    text = _LINK.sub(_link, text)
    text = _NAMED.sub(_name, text)
    text = _EMOJI.sub("", text)
    text = _BOLD.sub(lambda m: f"**{m['inside']}**", text)
    text = _STRUCK.sub(lambda m: f"~~{m['inside']}~~", text)
    text = _BULLET.sub(lambda m: f"{m['indent']}- ", text)
    text = _AT.sub(lambda m: code[int(m[1])], text)
    return html.unescape(text).strip()


def headed(markdown: str) -> tuple[str, str]:
    """(subject, text): a first line that is a heading, or bold from end to end, is the subject."""
    found = _HEAD.match(markdown)
    if found is None:
        return "", markdown
    return (found["hashed"] or found["bold"]).strip(), markdown[found.end() :].strip()


def _link(match: re.Match[str]) -> str:
    target, label = match["target"], match["label"]
    bare = re.sub(r"^(?:mailto:|tel:)", "", target)
    if not label or label in (target, bare):
        return bare
    return f"[{re.sub(r'[][]', '', label)}]({target.replace(')', '%29').replace('(', '%28')})"


def _name(match: re.Match[str]) -> str:
    if match["label"]:
        return match["label"].lstrip("@#")
    said = match["id"].split("^")[0]
    return said if said in ("here", "channel", "everyone") else ""

"""Text that somebody else wrote, made harmless before it stands in an answer of ours."""

from __future__ import annotations

import re
import unicodedata

from crm.records import Channel

LINE_LIMIT = 120
PASSAGE_LIMIT = 1500
_SLACK_MARKS = str.maketrans({"*": "∗", "~": "∼", "`": "'"})


def one_line(text: str, channel: Channel, limit: int = LINE_LIMIT) -> str:
    """`text` on one line, without control characters or working links, at most `limit` characters."""
    flat = " ".join("".join(_visible(c) for c in text[: limit * 4]).split())
    short = flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"
    return _for_channel(_unlinked(short), channel)


def passage(text: str, channel: Channel) -> str:
    """Several lines of the program's own pages, shortened at a word and kept in their lines."""
    lines = [" ".join("".join(_visible(c) for c in line).split()) for line in text.strip().splitlines()]
    whole = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    if len(whole) > PASSAGE_LIMIT:
        whole = whole[:PASSAGE_LIMIT].rsplit(None, 1)[0] + " …"
    return _for_channel(whole, channel)


def _visible(char: str) -> str:
    """Control, format (bidi overrides, zero-width) and unassigned characters carry no name; they become a space."""
    return " " if unicodedata.category(char) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} else char


def _unlinked(text: str) -> str:
    """A partner's words must not put a clickable address into a mail that carries our name."""
    return re.sub(r"(?i)\b[a-z][a-z0-9+.-]*://", "", text)


def _for_channel(text: str, channel: Channel) -> str:
    """Without marks in Slack. What Slack takes for a mention or a link is escaped by whoever posts, once for all."""
    if channel is not Channel.SLACK:
        return text
    plain = re.sub(r"(?<!\w)_|_(?!\w)", "‗", text.translate(_SLACK_MARKS))
    return re.sub(r"@(?=(channel|here|everyone)\b)", "@\u2060", plain, flags=re.IGNORECASE)

"""Slack's ways to mark text, as HTML that is safe to show: mrkdwn, rich text, Markdown and plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from tests.fakes.slack.world import World

EMOJI = {
    "eyes": "👀", "white_check_mark": "✅", "heavy_check_mark": "✔️", "thumbsup": "👍", "+1": "👍", "thumbsdown": "👎",
    "-1": "👎", "tada": "🎉", "warning": "⚠️", "hourglass_flowing_sand": "⏳", "hourglass": "⌛", "bell": "🔔",
    "large_green_circle": "🟢", "red_circle": "🔴", "calendar": "📆", "moneybag": "💰", "page_facing_up": "📄",
    "chart_with_upwards_trend": "📈", "bar_chart": "📊", "wave": "👋", "x": "❌", "question": "❓", "lock": "🔒",
    "mega": "📣", "memo": "📝", "handshake": "🤝", "clipboard": "📋", "trophy": "🏆", "raised_hands": "🙌",
    "pray": "🙏",
}  # fmt: skip

_THUMB = "M6.5 9 9 3.4c1.4-.5 2.3.5 2 2L10.6 8h4.2c1 0 1.7.9 1.5 1.9l-1 4.6c-.2.9-1 1.5-1.9 1.5H6.5zM3.5 9h3v7h-3z"
_LINE = 'fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"'
_DRAWN = {
    "thumbsup": Markup(f'<path {_LINE} d="{_THUMB}"/>'),
    "thumbsdown": Markup(f'<path {_LINE} transform="rotate(180 10 10)" d="{_THUMB}"/>'),
    "eyes": Markup(
        f'<g {_LINE}><ellipse cx="6" cy="10" rx="3.6" ry="5"/><ellipse cx="14" cy="10" rx="3.6" ry="5"/></g>'
        '<circle cx="7.2" cy="11" r="1.7"/><circle cx="15.2" cy="11" r="1.7"/>'
    ),
    "white_check_mark": Markup(
        '<rect x="2" y="2" width="16" height="16" rx="4" fill="#2f9e5b"/>'
        '<path d="m5.5 10.2 3 3 6-6.4" fill="none" stroke="#fff" stroke-width="2.2"/>'
    ),
}

_TOKEN = re.compile(r"<([^<>\n]*)>")
_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_MARKS = (("*", "b"), ("_", "i"), ("~", "s"))
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")


class Markings:
    """`world` knows the names of people and channels."""

    def __init__(self, world: World) -> None:
        self._world = world

    def text(self, said: Any) -> Markup:
        """A text object of a block."""
        if not isinstance(said, Mapping):
            return Markup("")
        if said.get("type") == "mrkdwn":
            return self.mrkdwn(str(said.get("text") or ""))
        return self.plain(str(said.get("text") or ""))

    def plain(self, text: str) -> Markup:
        return Markup(_emoji(str(escape(text))).replace("\n", "<br>"))

    def mrkdwn(self, text: str) -> Markup:
        """What stands between < and > is a link or a mention; & < > come escaped."""
        kept: list[str] = []

        def keep(shown: str) -> str:
            kept.append(shown)
            return f"\0{len(kept) - 1}\0"

        text = text.replace("\0", "")
        text = _CODE.sub(lambda found: keep(_code(found)), text)
        text = _TOKEN.sub(lambda found: keep(self._token(found[1])), text)
        shown = _emoji(str(escape(html.unescape(text))))
        for mark, tag in _MARKS:
            inside = re.escape(mark)
            pattern = rf"(?<![\w{inside}]){inside}(?=\S)([^{inside}\n]+?)(?<=\S){inside}(?![\w{inside}])"
            shown = re.sub(pattern, rf"<{tag}>\1</{tag}>", shown)
        shown = _quotes(shown)
        return Markup(re.sub("\0(\\d+)\0", lambda found: kept[int(found[1])], shown))

    def markdown(self, text: str) -> Markup:
        return Markup(nh3.clean(_MARKDOWN.render(text), link_rel="noopener noreferrer"))

    def rich(self, elements: Sequence[Mapping[str, Any]]) -> Markup:
        """The parts of a `rich_text` block."""
        return Markup("").join(self._rich_part(part) for part in elements)

    def cell(self, cell: Mapping[str, Any]) -> Markup:
        """Of a table."""
        if cell.get("type") == "rich_text":
            return self.rich(cell.get("elements") or [])
        return self.plain(str(cell.get("text") or cell.get("value") or ""))

    def sign(self, name: str) -> Markup:
        """An emoji by its name; those that the app uses most are drawn, since not every machine has a font for them."""
        drawn = _DRAWN.get(name)
        if drawn is None:
            return Markup(_emoji(f":{escape(name)}:"))
        return Markup('<svg class="sign" viewBox="0 0 20 20" role="img" aria-label="{}">{}</svg>').format(name, drawn)

    def name(self, user_id: str) -> str:
        if user_id == self._world.bot_user:
            return self._world.app_name
        user = self._world.users.get(user_id)
        return user.name if user else user_id

    def _rich_part(self, part: Mapping[str, Any]) -> Markup:
        inside = part.get("elements") or []
        kind = part.get("type")
        if kind == "rich_text_list":
            items = Markup("").join(Markup("<li>{}</li>").format(self._rich_part(one)) for one in inside)
            return Markup("<ol>{}</ol>" if part.get("style") == "ordered" else "<ul>{}</ul>").format(items)
        said = Markup("").join(self._rich_piece(one) for one in inside)
        tags = {"rich_text_quote": "<blockquote>{}</blockquote>", "rich_text_preformatted": "<pre>{}</pre>"}
        return Markup(tags.get(str(kind), "<div>{}</div>")).format(said)

    def _rich_piece(self, piece: Mapping[str, Any]) -> Markup:
        kind = piece.get("type")
        shown = Markup(_emoji(str(escape(piece.get("text") or piece.get("fallback") or "")))).replace(
            "\n", Markup("<br>")
        )
        if kind == "link":
            shown = Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(
                _web(str(piece.get("url"))), piece.get("text") or piece.get("url")
            )
        elif kind == "user":
            shown = Markup('<span class="at">@{}</span>').format(self.name(str(piece.get("user_id"))))
        elif kind == "emoji":
            shown = Markup(EMOJI.get(str(piece.get("name")), f":{escape(piece.get('name') or '')}:"))
        style = piece.get("style") or {}
        for name, tag in (("bold", "b"), ("italic", "i"), ("strike", "s"), ("code", "code")):
            if style.get(name):
                shown = Markup(f"<{tag}>{{}}</{tag}>").format(shown)
        return shown

    def _token(self, token: str) -> str:
        target, _, label = token.partition("|")
        if target.startswith("@"):
            return f'<span class="at">@{escape(label or self.name(target[1:]))}</span>'
        if target.startswith("#"):
            channel = self._world.channels.get(target[1:])
            return f'<span class="at">#{escape(label or (channel.name if channel else target[1:]))}</span>'
        if target.startswith("!"):
            return f'<span class="at">{escape(label or "@" + target[1:])}</span>'
        if _web(target) != "#":
            shown = escape(html.unescape(label or target))
            return f'<a href="{escape(html.unescape(target))}" rel="noopener noreferrer">{shown}</a>'
        return str(escape(html.unescape(f"<{token}>")))


def _web(url: str) -> str:
    return url if url.startswith(("https://", "http://", "mailto:")) else "#"


def _code(found: re.Match[str]) -> str:
    if found[1] is not None:
        return f"<pre>{escape(html.unescape(found[1].strip(chr(10))))}</pre>"
    return f"<code>{escape(html.unescape(found[2]))}</code>"


def _emoji(text: str) -> str:
    return re.sub(r":([a-z0-9_+-]+):", lambda found: EMOJI.get(found[1], found[0]), text)


def _quotes(text: str) -> str:
    """Lines that begin with > are a quotation."""
    shown, quoted = [], False
    for line in text.split("\n"):
        is_quote = line.startswith("&gt;")
        if is_quote != quoted:
            shown.append("<blockquote>" if is_quote else "</blockquote>")
        elif shown:
            shown.append("<br>")
        shown.append(line.removeprefix("&gt;").lstrip() if is_quote else line)
        quoted = is_quote
    return "".join([*shown, "</blockquote>" if quoted else ""])

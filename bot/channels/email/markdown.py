"""An announcement's Markdown, as HTML for most readers and as plain text that reads well alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from bot.channels.email.html_body import clean

_UNDERLINE = {"h1": "=", "h2": "=", "h3": "-"}


def to_html(markdown: str) -> str:
    """Bare HTML. HTML in the Markdown is shown as it was typed; a picture becomes a link to it: none is ever loaded."""
    tokens = _parser().parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            # The subject is the mail's one heading of the first order.
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"
        elif token.type in ("th_open", "td_open") and token.attrs.pop("style", "") == "text-align:right":
            token.attrs["align"] = "right"
    return clean(str(_parser().renderer.render(tokens, _parser().options, {})))


def to_text(markdown: str) -> str:
    """Plain text: headings underlined, lists with their marks, the address of each link behind its words."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_Plain().lines(_parser().parse(markdown)))).strip("\n")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _picture)
    return parser


def _picture(_renderer: RendererHTML, tokens: Sequence[Token], place: int, _options: OptionsDict, _env: EnvType) -> str:
    source, words = _escaped(str(tokens[place].attrs.get("src", ""))), _escaped(tokens[place].content)
    return f'<a href="{source}">{words or source}</a>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


class _Plain:
    """Walks the tokens of one text and remembers how deep it is in lists and quotations."""

    def __init__(self) -> None:
        self._before: list[str] = []  # what stands before each line: "> ", or the room of a list item
        self._marks: list[str] = []  # the mark of the next item of each open list
        self._mark = ""  # of an item whose first line is still to come
        self._cells: list[str] | None = None  # of the table row that is open
        self._heading = ""

    def lines(self, tokens: Sequence[Token]) -> Iterator[str]:
        for token in tokens:
            self._enter(token)
            yield from self._said(token)
            self._leave(token)

    def _said(self, token: Token) -> Iterator[str]:
        match token.type:
            case "inline":
                yield from self._text(_inline(token.children or []))
            case "fence" | "code_block":
                yield from self._placed("\n".join(f"    {line}" for line in token.content.rstrip("\n").split("\n")))
                yield ""
            case "hr":
                yield from (*self._placed("-" * 40), "")
            case "tr_close":
                yield from self._placed("  |  ".join(self._cells or ()))
            case "paragraph_close" if not token.hidden:
                yield ""
            case "bullet_list_close" | "ordered_list_close" if not self._marks:
                yield ""
            case "heading_close" | "table_close":
                yield ""

    def _text(self, said: str) -> Iterator[str]:
        if self._cells is not None:
            self._cells.append(" ".join(said.split()))
            return
        yield from self._placed(said)
        if self._heading:
            yield from self._placed(_UNDERLINE.get(self._heading, "-") * min(len(said), 60))

    def _placed(self, said: str) -> Iterator[str]:
        for line in said.split("\n"):
            before = "".join(self._before)
            if self._mark:
                before = before[: len(before) - len(self._mark)] + self._mark
                self._mark = ""
            yield (before + line).rstrip()

    def _enter(self, token: Token) -> None:
        match token.type:
            case "blockquote_open":
                self._before.append("> ")
            case "bullet_list_open":
                self._marks.append("-")
            case "ordered_list_open":
                self._marks.append(str(token.attrs.get("start", 1)))
            case "list_item_open":
                self._open_item()
            case "bullet_list_close" | "ordered_list_close":
                self._marks.pop()
            case "tr_open":
                self._cells = []
            case "heading_open":
                self._heading = token.tag

    def _open_item(self) -> None:
        mark = self._marks[-1]
        self._mark = "- " if mark == "-" else f"{mark}. "
        self._before.append(" " * len(self._mark))
        if mark != "-":
            self._marks[-1] = str(int(mark) + 1)

    def _leave(self, token: Token) -> None:
        match token.type:
            case "blockquote_close" | "list_item_close":
                self._before.pop()
            case "tr_close":
                self._cells = None
            case "heading_close":
                self._heading = ""


def _inline(tokens: Sequence[Token]) -> str:
    """Words without their emphasis; a link's address follows its words unless they are the address."""
    said: list[str] = []
    links: list[tuple[int, str]] = []
    for token in tokens:
        match token.type:
            case "softbreak" | "hardbreak":
                said.append("\n")
            case "link_open":
                links.append((len(said), str(token.attrs.get("href", ""))))
            case "link_close" if links:
                start, address = links.pop()
                words = "".join(said[start:])
                if address.removeprefix("mailto:") != words.removeprefix("mailto:"):
                    said.append(f" ({address})")
            case "image":
                said.append(f"{token.content} ({token.attrs.get('src', '')})".strip())
            case _:
                said.append(token.content)
    return "".join(said)

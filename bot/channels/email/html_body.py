"""The HTML twin of a plain text answer: paragraphs, lists and links, made safe by an allow-list."""

from __future__ import annotations

import html
import re

import nh3

_TAGS = {"p", "br", "ul", "li", "a", "div"}
_URL = re.compile(r"https?://[^\s<>\"']{3,1000}[^\s<>\"'.,;:!?)]")
_ITEM = re.compile(r"^\s*[-*•]\s+")
_LANGUAGE = re.compile(r"[a-z]{2}")


def to_html(text: str, language: str = "en") -> str:
    """A whole HTML document of a plain text; nothing in the text can become markup."""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip("\n")) if block.strip()]
    body = nh3.clean(
        "".join(_block(block) for block in blocks),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
    lang = language if _LANGUAGE.fullmatch(language) else "en"
    return f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"></head><body>\n{body}\n</body></html>\n'


def _block(block: str) -> str:
    """Lines of a paragraph; runs of `- ` lines in it become a list."""
    parts: list[str] = []
    items: list[str] = []
    lines: list[str] = []
    for line in block.split("\n"):
        if _ITEM.match(line):
            _close_lines(parts, lines)
            items.append(f"<li>{_inline(_ITEM.sub('', line))}</li>")
        else:
            _close_items(parts, items)
            lines.append(_inline(line))
    _close_lines(parts, lines)
    _close_items(parts, items)
    return "\n".join(parts) + "\n"


def _close_lines(parts: list[str], lines: list[str]) -> None:
    if lines:
        parts.append(f"<p>{'<br>'.join(lines)}</p>")
        lines.clear()


def _close_items(parts: list[str], items: list[str]) -> None:
    if items:
        parts.append(f"<ul>{''.join(items)}</ul>")
        items.clear()


def _inline(line: str) -> str:
    pieces: list[str] = []
    at = 0
    for found in _URL.finditer(line):
        url = html.escape(found[0], quote=True)
        pieces += [html.escape(line[at : found.start()], quote=False), f'<a href="{url}">{url}</a>']
        at = found.end()
    return "".join([*pieces, html.escape(line[at:], quote=False)])

"""Words of a Markdown text as elements of Slack's rich text: emphasis, code, links; nothing in them calls anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from markdown_it.tree import SyntaxTreeNode

from bot.channels.slack.blocks import rich
from bot.vocabulary.portions import weight

Element = dict[str, Any]
_STYLES = {"strong": "bold", "em": "italic", "s": "strike"}
_ADDRESS = 2_500  # characters of a link: Slack takes 3,000
_LINKED = frozenset({"http", "https", "mailto"})


def words(nodes: Sequence[SyntaxTreeNode], *styles: str) -> list[Element]:
    """Elements of what stands in a line of Markdown; [] for nothing."""
    return joined([element for node in nodes for element in _of(node, styles)])


def joined(elements: Sequence[Element]) -> list[Element]:
    """Words side by side that look the same are one element."""
    made: list[Element] = []
    for one in elements:
        alike = made and one["type"] == made[-1]["type"] == "text" and one.get("style") == made[-1].get("style")
        if alike:
            made[-1] = made[-1] | {"text": made[-1]["text"] + one["text"]}
        else:
            made.append(one)
    return made


def plain(nodes: Sequence[SyntaxTreeNode]) -> str:
    """The words alone."""
    return said(words(nodes))


def said(elements: Sequence[Element]) -> str:
    """What elements say, the address of a link where it has no words."""
    return "".join(str(one.get("text") or one.get("url") or "") for one in elements)


def text(words_: str, *styles: str) -> list[Element]:
    """Words as they are, in these styles; [] for nothing."""
    return [{"type": "text", "text": words_} | _styled(styles)] if words_ else []


def weighs(elements: Sequence[Element]) -> int:
    """Characters on the way, with those of addresses."""
    return sum(weight(str(one.get("text") or "")) + weight(str(one.get("url") or "")) for one in elements)


def split(elements: Sequence[Element], most: int) -> list[list[Element]]:
    """Parts of at most `most` characters each, cut at white space where there is some."""
    parts: list[list[Element]] = [[]]
    used = 0
    for element in elements:
        for piece in _pieces(element, most):
            more = weighs([piece])
            if parts[-1] and used + more > most:
                parts.append([])
                used = 0
            parts[-1].append(piece)
            used += more
    return [part for part in parts if said(part).strip()]


def _pieces(element: Element, most: int) -> Iterator[Element]:
    if weighs([element]) <= most:
        yield element
        return
    if element["type"] == "link":
        element = {name: value for name, value in element.items() if name != "url"} | {"type": "text"}
    rest = str(element.get("text") or "")
    while rest:
        end = _end(rest, most)
        yield element | {"text": rest[:end]}
        rest = rest[end:]


def _end(rest: str, most: int) -> int:
    if weight(rest) <= most:
        return len(rest)
    full, used = 0, 0
    while full < len(rest) and (used := used + weight(rest[full])) <= most:
        full += 1
    full = max(full, 1)
    at = max(rest.rfind("\n", full // 2, full), rest.rfind(" ", full // 2, full))
    return at + 1 if at > 0 else full


def _of(node: SyntaxTreeNode, styles: tuple[str, ...]) -> Iterator[Element]:
    match node.type:
        case "text":
            yield from _linked(node.content, styles)
        case "softbreak" | "hardbreak":
            yield {"type": "text", "text": "\n"}
        case "code_inline":
            yield from text(node.content, *styles, "code")
        case "link":
            yield from _link(str(node.attrs.get("href", "")), plain(node.children), styles)
        case "image":
            yield from _link(str(node.attrs.get("src", "")), plain(node.children), styles)
        case kind if kind in _STYLES:
            yield from words(node.children, *dict.fromkeys((*styles, _STYLES[kind])))
        case _:
            yield from words(node.children, *styles) if node.children else text(node.content, *styles)


def _linked(content: str, styles: tuple[str, ...]) -> Iterator[Element]:
    """Addresses that are written out lead somewhere too."""
    for one in rich.said(content) if content else ():
        yield from _link(one["url"], "", styles) if one["type"] == "link" else text(str(one["text"]), *styles)


def _link(address: str, label: str, styles: tuple[str, ...]) -> Iterator[Element]:
    """An address that Slack would not take is written out."""
    if not _leads(address):
        yield from text(f"{label} ({address})" if label and address else label or address, *styles)
    elif label and label != address:
        yield {"type": "link", "url": address, "text": label} | _styled(styles)
    else:
        yield {"type": "link", "url": address} | _styled(styles)


def _leads(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if len(address) > _ADDRESS or parts.scheme not in _LINKED or any(char.isspace() for char in address):
        return False
    return bool(parts.path if parts.scheme == "mailto" else parts.hostname)


def _styled(styles: Sequence[str]) -> dict[str, Any]:
    return {"style": dict.fromkeys(styles, True)} if styles else {}

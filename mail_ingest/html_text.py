"""HTML bodies as marked lines: what mail programs wrap in quote and signature elements is known from its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mail_ingest.html_marks import Marker
from mail_ingest.limits import DEFAULT, Limits
from mail_ingest.lines import Line, Mark, cleaned

_BLOCK_TAGS = """
address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li
main nav ol p pre section table tbody thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_SPACED = frozenset({"p", "blockquote", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
_SKIPPED_TAGS = "head style script title template noscript object iframe svg select textarea meta link"
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_LEADS = {"td": " ", "th": " ", "li": "- "}
_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class _Frame:
    node: LexborNode
    mark: Mark
    ends_line: bool


class _Writer:
    """Collects text into lines; white space collapses as in a browser."""

    def __init__(self, limits: Limits) -> None:
        self.lines: list[Line] = []
        self.marker = Marker()
        self._line: list[str] = []
        self._line_mark = Mark.OWN
        self._left = limits.text
        self._most_lines = limits.text_lines
        self._links = limits.links

    @property
    def full(self) -> bool:
        return self._left <= 0 or self._links <= 0 or len(self.lines) >= self._most_lines

    def text(self, text: str, mark: Mark, *, verbatim: bool) -> None:
        self._left -= len(text)
        if verbatim:
            *whole, last = text.split("\n")
            for line in whole:
                self.text(line, mark, verbatim=False)
                self.end_line(mark)
            text = last
        held = not self._line and "\u00a0" in text
        text = _SPACE.sub(" ", cleaned(text))
        if not text or (text == " " and not self._line and not held):
            return
        if not self._line:
            self._line_mark = mark
        self._line.append(text)

    def end_line(self, mark: Mark, *, always: bool = True) -> None:
        if self._line or always:
            text = _SPACE.sub(" ", "".join(self._line)).strip()
            self.lines.append(Line(text, self._line_mark if text else mark))
            self._line = []

    def gap(self, mark: Mark) -> None:
        if self.lines and not self.lines[-1].blank:
            self.lines.append(Line("", mark))

    def link(self) -> None:
        self._links -= 1


def html_lines(html: str, limits: Limits = DEFAULT) -> tuple[list[Line], bool]:
    """The lines, and whether anything was marked as quote or signature. Never fails; reads up to the limits."""
    writer = _Writer(limits)
    root = LexborHTMLParser(html[: limits.html].replace("\0", "")).body
    if root is not None:
        _walk(root, writer)
    writer.end_line(Mark.OWN, always=False)
    return writer.lines, writer.marker.found


def _walk(root: LexborNode, writer: _Writer) -> None:
    """Depth first without recursion: a hostile mail nests as deep as it likes."""
    stack: list[_Frame] = []
    node: LexborNode | None = root
    mark = Mark.OWN
    while node is not None and not writer.full:
        child = _enter(node, mark, writer, stack)
        if child is not None:
            mark = stack[-1].mark
            node = child
            continue
        node = node.next
        while node is None and stack:
            frame = stack.pop()
            _leave(frame, writer)
            mark = stack[-1].mark if stack else Mark.OWN
            node = frame.node.next if stack else None


def _enter(node: LexborNode, mark: Mark, writer: _Writer, stack: list[_Frame]) -> LexborNode | None:
    """Write one node; its first child where it is to be walked, with a frame pushed for it."""
    tag = node.tag or ""
    if tag == "-text":
        verbatim = bool(stack) and stack[-1].node.tag == "pre"
        writer.text(node.text_content or "", writer.marker.within(mark), verbatim=verbatim)
        return None
    if tag == "br":
        writer.end_line(writer.marker.mark_of(node, tag, mark))
        return None
    if tag in _SKIPPED or not tag or tag.startswith("-"):
        return None
    mark = writer.marker.mark_of(node, tag, mark)
    _open(node, tag, mark, writer)
    child = node.child
    if child is not None:
        stack.append(_Frame(node, mark, tag in _BLOCKS))
    return child


def _open(node: LexborNode, tag: str, mark: Mark, writer: _Writer) -> None:
    """What an element puts before its text."""
    if tag in _BLOCKS:
        writer.end_line(mark, always=False)
    if tag in _SPACED and not _is_tight(node):
        writer.gap(mark)
    if tag in _LEADS:
        writer.text(_LEADS[tag], mark, verbatim=False)
    if tag == "hr":
        writer.lines.append(Line("________________", mark))
    if tag == "a":
        writer.link()


def _leave(frame: _Frame, writer: _Writer) -> None:
    if frame.ends_line:
        writer.end_line(frame.mark, always=False)
    if frame.node.tag in _SPACED and not _is_tight(frame.node):
        writer.gap(frame.mark)


def _is_tight(node: LexborNode) -> bool:
    """Word writes every line as a paragraph without a margin, and blank lines as paragraphs of their own."""
    return node.tag == "p" and "mso" in ((node.attributes or {}).get("class") or "").lower()

"""What an HTML element says about the text in it: quoted history, a signature, or nothing.

Mail programs name the elements they wrap quotes and signatures in; Outlook puts `x_` and Yahoo `ydp…` before the names
when it passes them on. Where people are known to type into such an element, the mark says so.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from mail_ingest.lines import Mark

_PASSED_ON = re.compile(r"^(?:x_|ydp[0-9a-f]*?(?=yahoo|gmail))+")
_QUOTES = frozenset(
    [
        "moz-cite-prefix",
        "yahoo_quoted",
        "zmail_extra",
        "protonmail_quote",
        "tutanota_quote",
        "skiff_quote",
        "gmx_quote",
        "outlookmessageheader",
        "ms-outlook-mobile-reference-message",
    ]
)
_QUOTE_IDS = frozenset(["olk_src_body_section", "mail-editor-reference-message-container", "isreplycontent"])
_ENDS_OWN = frozenset(["appendonsend", "divrplyfwdmsg", "stopspelling", "reply-intro", "replysplit"])
_SIGNATURES = frozenset(
    [
        "gmail_signature",
        "gmail_signature_prefix",
        "moz-signature",
        "protonmail_signature_block",
        "applemailsignature",
    ]
)
_LIKELY_SIGNATURES = frozenset(["signature", "applemailsignature", "ms-outlook-mobile-signature"])
_SIGNATURE_BREAK = "linebreakatbeginningofsignature"
_QUOTE_SEARCHES = 50


class Marker:
    """Marks the elements of one mail in their order; some of them say something of all that follows."""

    def __init__(self) -> None:
        self.found = False
        self._rest = Mark.OWN
        self._searches = _QUOTE_SEARCHES

    def within(self, mark: Mark) -> Mark:
        """The mark of a text or element that stands in one marked `mark`."""
        return self._rest if mark is Mark.OWN else mark

    def mark_of(self, node: LexborNode, tag: str, mark: Mark) -> Mark:
        """The element's own mark where its class, id or tag says one, else that of what it stands in."""
        mark = self.within(mark)
        if mark is Mark.QUOTE:
            return mark
        attributes = node.attributes or {}
        name = _plain(attributes.get("id"))
        found = self._named(node, tag, name, attributes)
        if name in _ENDS_OWN:
            self._rest = Mark.QUOTE
        elif name == _SIGNATURE_BREAK:
            self._rest = Mark.LIKELY_SIGNATURE
        elif found in (Mark.QUOTE, Mark.INDENTED) and self._rest is Mark.LIKELY_SIGNATURE:
            # Below a quote begins what may be an answer.
            self._rest = Mark.OWN
        mark = mark if found is Mark.OWN else found
        self.found = self.found or mark is not Mark.OWN
        return mark

    def _named(self, node: LexborNode, tag: str, name: str, attributes: dict[str, str | None]) -> Mark:
        classes = {_plain(word) for word in (attributes.get("class") or "").split()}
        if name in _ENDS_OWN or name in _QUOTE_IDS or classes & _QUOTES or attributes.get("name") == "quote":
            return Mark.QUOTE
        if tag == "blockquote":
            return _mark_of_blockquote(attributes, classes)
        if "gmail_quote" in classes and self._may_search() and node.css_first("blockquote") is None:
            # A Gmail quote with blockquotes may hold answers between them; one without holds history only.
            return Mark.QUOTE
        if classes & _SIGNATURES:
            return Mark.SIGNATURE
        if name in _LIKELY_SIGNATURES or "data-signatureblock" in attributes:
            return Mark.LIKELY_SIGNATURE
        return Mark.OWN

    def _may_search(self) -> bool:
        """Looking below an element costs its size, so a mail has a budget of such looks."""
        self._searches -= 1
        return self._searches >= 0


def _plain(name: str | None) -> str:
    return _PASSED_ON.sub("", (name or "").lower())


def _mark_of_blockquote(attributes: dict[str, str | None], classes: set[str]) -> Mark:
    """Programs mark the blockquote of a quote by type, class or border; Gmail and others also indent with one."""
    style = (attributes.get("style") or "").replace(" ", "").lower()
    if attributes.get("type") or attributes.get("cite") or classes or "border-left:" in style:
        return Mark.OWN if "margin:00040px" in style and "border:none" in style else Mark.QUOTE
    return Mark.OWN if "margin:00040px" in style and "border:none" in style else Mark.INDENTED

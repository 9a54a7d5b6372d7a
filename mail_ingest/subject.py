"""Subjects: what a reply or a forwarded mail puts in front of them."""

from __future__ import annotations

import re

_REPLY = r"re|aw|antw|antwort|sv|rif|odp|vs|r|resp|respuesta|réponse|ynt"
_FORWARD = (
    r"fwd?|wg|tr|rv|i|enc|doorst|doorsturen|doorgest(?:uurd)?|weitergeleitet|weiterleitung|reenv|transf(?:ert)?"
    r"|vb|fs|pd"
)
_PREFIX = re.compile(
    rf"^\s*(?:\[[^\]]{{1,40}}\]\s*)?(?P<word>{_REPLY}|{_FORWARD})\s*(?:\[\d+\]|\(\d+\))?\s*:\s*", re.IGNORECASE
)
_IS_FORWARD = re.compile(rf"(?:{_FORWARD})", re.IGNORECASE)


def is_reply(subject: str) -> bool:
    """Whether the subject says that the mail answers or passes on another one (`Re:`, `AW:`, `Fwd:`, `TR:` …)."""
    return bool(_PREFIX.match(subject))


def is_forward(subject: str) -> bool:
    found = _PREFIX.match(subject)
    return bool(found and _IS_FORWARD.fullmatch(found["word"]))


def bare(subject: str) -> str:
    """The subject without any number of prefixes."""
    while found := _PREFIX.match(subject):
        subject = subject[found.end() :]
    return subject.strip()

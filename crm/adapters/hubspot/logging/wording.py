"""An interaction as people read it in a timeline of HubSpot: a heading, its text in paragraphs, and what came of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from crm.adapters.hubspot.logging.markers import ref, without_markers
from crm.adapters.hubspot.records.codec import LONGEST, storable
from crm.records import Channel, Direction, Interaction

_CUT = "… (the rest stands in Partnerline's own log)"
_THREAD, _SLACK, _OPEN = "Thread: ", "https://slack.com/", "open in Slack"
_ROOM = 2_000  # characters for what stands around the text
_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"(?i)<br\s*/?>|</p>|</div>|</li>")
_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Wording:
    """The same words as plain text and as HTML; both end with the marker and fit into a property of HubSpot."""

    text: str
    html: str


def worded(said: Interaction, marker: str, who: str, *, as_mail: bool) -> Wording:
    """`who` is the contact's name, or the partner's. HubSpot shows a mail's subject and addresses by itself."""
    head = "" if as_mail else heading(said, who)
    lead, body = _lead(said), _fitting(without_markers(storable(said.body or said.summary)).strip())
    foot = [*_foot(said, as_mail=as_mail)]
    text = "\n\n".join(filter(None, (head, lead, body, "\n".join([*foot, ref(marker)]))))
    parts = [
        f"<p><strong>{_escaped(head)}</strong></p>" if head else "",
        f"<p><strong>{_escaped(lead)}</strong></p>" if lead else "",
        *(f"<p>{_escaped(part)}</p>" for part in _PARAGRAPHS.split(body) if part.strip()),
        "<hr>",
        f"<p>{'<br>'.join([*map(_line, foot), ref(marker)])}</p>",
    ]
    return Wording(text, "".join(parts))


def heading(said: Interaction, who: str) -> str:
    """For what HubSpot knows as a note alone."""
    came = said.direction is Direction.IN
    if said.channel is Channel.SLACK:
        return f"Slack message {'from' if came else 'to'} {who}" if who else "Slack message"
    if said.channel is Channel.EMAIL and (said.sender or said.recipients):
        way = f"from {said.sender}" if came else f"to {', '.join(said.recipients)}"
        return f"E-mail {way}: {said.subject or 'no subject'}"
    return f"Partnerline: {who}" if who else "Partnerline"


def plain(body: str) -> str:
    """What people read of a text in HTML, all on one line; of plain text itself."""
    return " ".join(html.unescape(_TAG.sub(" ", _BREAK.sub(" ", body))).split())


def says(body: str, said: Interaction) -> bool:
    """Whether a text that HubSpot has still contains the words of the interaction."""
    words = without_markers(storable(said.body or said.summary)).strip()
    wanted = plain(_escaped(_fitting(words)))
    return wanted in plain(body)


def _lead(said: Interaction) -> str:
    """What it is about, where the text does not begin with it and nobody wrote it."""
    if said.sender or said.channel is Channel.SLACK or not said.body:
        return ""
    summary = " ".join(said.summary.split())
    return "" if " ".join(said.body.split()).startswith(summary.rstrip("…")) else without_markers(storable(summary))


def _foot(said: Interaction, *, as_mail: bool) -> Iterator[str]:
    outcome = f"Outcome: {_clean(said.outcome.replace('_', ' '))}" if said.outcome else ""
    about = f"About: {_clean(', '.join(said.deal_numbers[:20]))}" if said.deal_numbers else ""
    if outcome or about:
        yield " · ".join(filter(None, (outcome, about)))
    if said.link.startswith("https://"):
        yield f"{_THREAD}{_clean(said.link)}"
    elif said.link.startswith("mid:"):
        yield f"{'Message-ID' if as_mail else 'Mail'}: {_clean(said.link.removeprefix('mid:'))}"


def _clean(text: str, longest: int = 400) -> str:
    line = " ".join(without_markers(storable(text)).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _line(line: str) -> str:
    if not line.startswith(_THREAD):
        return _escaped(line)
    link = html.escape(line.removeprefix(_THREAD))
    return f'{_THREAD}<a href="{link}">{_OPEN if link.startswith(_SLACK) else link}</a>'


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\r\n", "\n").replace("\n", "<br>")


def _fitting(text: str) -> str:
    """Cut where its HTML would be too long: a character may take five there, a line four."""
    room = LONGEST - _ROOM
    if len(text) * 8 <= room or _length(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _length(text[:middle]) <= room - len(_CUT) else (low, middle - 1)
    return text[:low].rstrip() + _CUT


def _length(text: str) -> int:
    """Of its HTML in UTF-16, as HubSpot's own language counts."""
    paragraphs = _PARAGRAPHS.split(text)
    return sum(len(_escaped(part).encode("utf-16-le")) // 2 + len("<p></p>") for part in paragraphs)

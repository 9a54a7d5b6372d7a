"""The Home tab: what waits for a manager, soonest first, with a button for each; and what others see there.

Pure: from what was looked up to Slack's view. Nothing of a partner is on any page but a manager's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.channels.slack.blocks.texts import cut, escaped, marked, plain
from bot.channels.slack.managers import actions
from bot.channels.slack.managers.frames import Block, View, button, buttons, heading, said, small
from bot.vocabulary.briefs import BriefKind

HOME = "managers_home"
"""`callback_id` of a manager's page."""

_BLOCKS, _FIELDS = 100, 10  # Slack's limits
_TITLE, _TEXT = 150, 400  # characters of a row: it is to be taken in at a glance
_ALT = 2_000
_ROWS = 6  # of a group
_GROUPS = 11


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that waits: what it is, a line about it, and the id that its button carries ("" for none). `link` leads
    to where it was said or asked, in Slack.

    `decides` is what that button is about, where it is one of the tab's own and has to be there before it is pressed.
    """

    title: str
    text: str = ""
    button: str = ""
    pressing: bool = False
    decides: tuple[BriefKind, str] | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind; `total` is how many there are in all, `more` where the others are found, in a sentence."""

    title: str
    rows: tuple[Row, ...]
    total: int
    more: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart by Slack's id of its file; `alt` says in words what it shows, with its numbers."""

    file_id: str
    title: str
    alt: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a manager sees. `groups` are in the order of their urgency; those without a row are not shown."""

    vendor: str
    name: str
    day: str
    groups: tuple[Group, ...]
    answers: tuple[Row, ...] = ()
    picture: Picture | None = None
    may_announce: bool = False


def page_view(page: Page, at: str) -> View:
    """`at` says when it was looked up, and is the only thing that changes by itself."""
    waiting = [group for group in page.groups if group.total][:_GROUPS]
    blocks = [
        heading(cut(f"What waits for you, {page.name}" if waiting else f"Nothing waits for you, {page.name}", _TITLE)),
        small(f"{page.vendor} partner program · {page.day}, {at}"),
        *_to_do(page),
        *_counted(waiting),
        *(block for group in waiting for block in _group(group)),
        *_answers(page.answers),
        *_picture(page.picture),
    ]
    return _home(blocks, HOME)


def own_buttons(page: Page) -> tuple[tuple[BriefKind, str], ...]:
    """What the buttons that are shown are about, where they are the tab's own."""
    rows = (row for group in page.groups for row in group.rows[:_ROWS])
    return tuple(row.decides for row in rows if row.decides is not None)


def colleague_view(vendor: str) -> View:
    """For one of the vendor's people who is no manager of the program."""
    return _home(
        [
            heading("Partnerline"),
            said(
                f"Partnerline answers the channel partners of {vendor}: it takes deal registrations, and tells them"
                " about tiers, commissions and payouts, in the channels that are shared with them and by mail."
            ),
            said(
                "Managers of the partner program see here what waits for them. If you should be one of them, ask"
                " whoever runs Partnerline to add you to its program."
            ),
        ],
        "colleagues_home",
    )


def anyones_view() -> View:
    """For everybody else, and for whom Slack does not tell: it says nothing of anybody."""
    return _home(
        [
            heading("Partnerline"),
            said("There is nothing to see here. In the channel of your partner program, just write what you need."),
        ],
        "anyones_home",
    )


def without_picture(page: Page) -> Page:
    """The same where Slack does not show the picture; its numbers are said instead."""
    if page.picture is None:
        return page
    told = Row(page.picture.title, page.picture.alt)
    return Page(page.vendor, page.name, page.day, page.groups, (*page.answers, told), None, page.may_announce)


def _home(blocks: Iterable[Block], callback: str) -> View:
    shown = list(blocks)
    if len(shown) > _BLOCKS:
        shown = [*shown[: _BLOCKS - 1], small("… and more. /partners status lists it.")]
    return {"type": "home", "callback_id": callback, "blocks": shown}


def _to_do(page: Page) -> list[Block]:
    if not page.may_announce:
        return []
    return [
        buttons(
            button(actions.ANNOUNCE, "Announce …", style="primary"), button(actions.SCHEDULED, "Announced for later")
        )
    ]


def _counted(groups: Sequence[Group]) -> list[Block]:
    """How much of each there is, side by side."""
    fields = [marked(f"{escaped(cut(group.title, _TITLE))}: *{group.total}*") for group in groups]
    return [{"type": "section", "fields": fields[start : start + _FIELDS]} for start in range(0, len(fields), _FIELDS)]


def _group(group: Group) -> list[Block]:
    shown = group.rows[:_ROWS]
    left = group.total - len(shown)
    rest = [small(f"… and {left} more. {group.more}".rstrip())] if left > 0 else []
    return [{"type": "divider"}, _titled(group.title), *(_row(row) for row in shown), *rest]


def _row(row: Row) -> Block:
    mark = ":red_circle: " if row.pressing else ""
    title, text = escaped(cut(row.title, _TITLE)), escaped(cut(" ".join(row.text.split()), _TEXT))
    led = f"\n<{row.link}|Open it in Slack>" if row.link else ""
    block: Block = {"type": "section", "text": marked(f"{mark}*{_unstarred(title)}*\n{text}".rstrip() + led)}
    return block | ({"accessory": button(actions.DECIDE, "Decide", row.button)} if row.button else {})


def _answers(rows: Sequence[Row]) -> list[Block]:
    if not rows:
        return []
    return [{"type": "divider"}, _titled("Answers to announcements"), *(_row(row) for row in rows[:_ROWS])]


def _picture(picture: Picture | None) -> list[Block]:
    if picture is None:
        return []
    shown: Block = {
        "type": "image",
        "slack_file": {"id": picture.file_id},
        "alt_text": cut(picture.alt, _ALT) or "-",
        "title": plain(picture.title, _TITLE),
    }
    return [{"type": "divider"}, shown]


def _titled(title: str) -> Block:
    return {"type": "section", "text": marked(f"*{_unstarred(escaped(cut(title, _TITLE)))}*")}


def _unstarred(text: str) -> str:
    """A star or a line break inside would end what is bold."""
    return " ".join(text.replace("*", "\u2217").split()) or "-"

"""All announcements, and what may be done with each: drafts, those that wait, those on their way, and those sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from bot.channels.slack.blocks.texts import cut
from bot.channels.slack.managers import actions
from bot.channels.slack.managers.announcements.preview_view import planned
from bot.channels.slack.managers.frames import Block, View, button, buttons, said, small, told, window
from bot.channels.slack.managers.ports import Listed
from bot.vocabulary.announcing import AnnouncementState

TITLE = "Announcements"
_SHOWN = 40
_BUTTONS = {
    AnnouncementState.DRAFT: (actions.OPEN, actions.CANCEL),
    AnnouncementState.SCHEDULED: (actions.OPEN, actions.CANCEL),
    AnnouncementState.SENDING: (actions.PAUSE, actions.CANCEL, actions.REPORT),
    AnnouncementState.PAUSED: (actions.RESUME, actions.CANCEL, actions.REPORT),
    AnnouncementState.SENT: (actions.REPORT, actions.REMIND),
    AnnouncementState.CANCELLED: (actions.REPORT,),
}
_LABELS = {
    actions.OPEN: "Open", actions.CANCEL: "Cancel it", actions.PAUSE: "Pause", actions.RESUME: "Resume",
    actions.REPORT: "Report", actions.REMIND: "Remind",
}  # fmt: skip


def list_view(
    found: Sequence[Listed], zone: ZoneInfo, result: str = "", empty: str = "Nothing was announced yet."
) -> View:
    if not found:
        return told(TITLE, result, empty)
    blocks: list[Block] = [said(result)] if result else []
    for one in found[:_SHOWN]:
        blocks += [said(_line(one, zone)), acts(one.announcement.id, one.announcement.state, one.announcement.subject)]
    if len(found) > _SHOWN:
        blocks.append(small(f"and {len(found) - _SHOWN} more: `partnerline announcements list` shows all"))
    return window(TITLE, blocks, callback=actions.TOLD)


def acts(announcement_id: str, state: AnnouncementState, subject: str) -> Block:
    """What may be done with it while it stands like this."""
    return buttons(*_acts(announcement_id, state, subject))


def _acts(announcement_id: str, state: AnnouncementState, subject: str) -> Iterator[Block]:
    on_its_way = state in (AnnouncementState.SENDING, AnnouncementState.PAUSED)
    named = f"“{cut(subject, 100)}”"
    sure = {
        actions.CANCEL: f"{named}: what has not gone yet never will." if on_its_way else f"{named} will not be sent.",
        actions.REMIND: f"Everyone who has not answered {named} hears of it once more, now.",
    }
    for act in _BUTTONS[state]:
        style = "danger" if act == actions.CANCEL else ""
        yield button(act, _LABELS[act], announcement_id, style=style, sure=sure.get(act, ""))


def _line(one: Listed, zone: ZoneInfo) -> str:
    announcement = one.announcement
    head = f"“{cut(announcement.subject, 200)}”\n"
    whom = f"{announcement.confirmed_by or announcement.created_by}, to {cut(str(announcement.composed.segment), 400)}"
    match announcement.state:
        case AnnouncementState.DRAFT:
            return f"{head}Draft of {whom}"
        case AnnouncementState.SCHEDULED:
            return f"{planned(announcement, zone)}: {head}{whom}"
        case state:
            sent = f"{one.sent:,} of {one.total:,} {_have(one.total)}" if one.total else ""
            return f"{head}{state.value.capitalize()}: {', '.join(filter(None, (whom, sent, one.answers)))}"


def _have(people: int) -> str:
    return "person has it" if people == 1 else "people have it"

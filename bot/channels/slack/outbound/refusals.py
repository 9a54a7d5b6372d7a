"""Slack's final no to a post, in words that say who can mend it: for the vendor's people, who know no error codes."""

from __future__ import annotations

from collections.abc import Mapping

_PARTNERS_ADMIN = "Ask the partner's Slack administrator"
_RULES = "the rules of a workspace do not let the app post there"
_LOCKED = f"{_RULES}. {_PARTNERS_ADMIN}, or your own, who may post in this channel or thread, and allow the app"

MEANING: Mapping[str, str] = {
    "app_access_restricted": (
        "the partner's workspace does not let its people use apps of other organisations."
        f" {_PARTNERS_ADMIN} to allow this app in Slack Connect channels"
    ),
    "cannot_reply_to_message": "Slack takes no replies to that message. Answer the partner yourself",
    "cannot_dm_bot": "the one who asked is an app. Nobody has to be answered",
    "channel_not_found": (
        "Slack does not show the app that channel: it was deleted, or the app was taken out of it."
        " Invite the app again, or map the partner's new channel"
    ),
    "ekm_access_denied": "an administrator switched off posts in that channel. Ask your own Slack administrator",
    "file_not_kept": "the file is kept no longer. Send it yourself",
    "is_archived": "the channel is archived. Open it again in Slack, or map another channel of the partner",
    "is_inactive": "the channel is frozen. Open it again in Slack, or map another channel of the partner",
    "message_limit_exceeded": "the workspace has used up the messages of its Slack plan. Ask your Slack administrator",
    "messages_tab_disabled": (
        "direct messages to the app are switched off. Switch on the app's Messages tab, as in the app manifest"
    ),
    "msg_too_long": "it was longer than Slack takes. Send it yourself, in parts",
    "not_in_channel": "the app is no member of the channel. Invite it there: /invite @ and its name",
    "restricted_action": _LOCKED,
    "restricted_action_non_threadable_channel": "no threads are allowed in that channel. Answer the partner yourself",
    "restricted_action_read_only_channel": _LOCKED,
    "restricted_action_thread_locked": "the thread was locked by an administrator. Answer the partner elsewhere",
    "restricted_action_thread_only_channel": "only replies in threads are allowed in that channel. Tell it yourself",
    "slack_connect_canvas_sharing_blocked": (
        f"the partner's workspace takes no canvases from others. {_PARTNERS_ADMIN}, or send it by mail"
    ),
    "slack_connect_file_link_sharing_blocked": (
        f"the partner's workspace takes no files and links to files from others. {_PARTNERS_ADMIN} to allow files in"
        " Slack Connect channels, or send it by mail"
    ),
    "slack_connect_lists_sharing_blocked": (
        f"the partner's workspace takes no lists from others. {_PARTNERS_ADMIN}, or send it by mail"
    ),
    "team_not_found": "that workspace does not know the app any more. Install it again",
    "user_disabled": "the one to be written to has no account any more. Write to somebody else",
    "user_not_found": "Slack does not know the one to be written to. Write by mail",
    "user_not_visible": "the app shares no channel with the one to be written to. Write by mail",
}
"""Slack's code -> what happened. And what to do: nothing in here is mended by trying again."""


def plainly(error: str) -> str:
    """In words, with Slack's own code for whoever looks it up; the code alone where it says nothing to a person."""
    meaning = MEANING.get(error)
    return f"{meaning} (Slack says: {error})" if meaning else f"Slack refused it: {error}"

"""Every method: who carries it out, how often it may be called, and which scopes it needs (any of them)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.slack.api import chat, conversations, files, people, sockets, views
from tests.fakes.slack.api.asking import Handler

_READ = ("channels:read", "groups:read", "im:read")
_HISTORY = ("channels:history", "groups:history", "im:history")


@dataclass(frozen=True)
class Method:
    """`tier` as Slack names it; "" for none. `app` is True where the app-level token is asked for."""

    handler: Handler
    tier: str = ""
    scopes: tuple[str, ...] = ()
    app: bool = False
    writes: bool = False


METHODS = {
    "apps.connections.open": Method(sockets.connections_open, "t3", app=True),
    "assistant.threads.setStatus": Method(chat.set_status, "t4", ("chat:write",), writes=True),
    "auth.test": Method(people.auth_test),
    "bots.info": Method(people.bots_info, "t3", ("users:read",)),
    "chat.delete": Method(chat.delete, "t3", ("chat:write",), writes=True),
    "chat.getPermalink": Method(chat.permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, "t4", ("chat:write",), writes=True),
    "chat.postMessage": Method(chat.post_message, "", ("chat:write",), writes=True),
    "chat.update": Method(chat.update, "t3", ("chat:write",), writes=True),
    "conversations.history": Method(conversations.history, "t3", _HISTORY),
    "conversations.info": Method(conversations.info, "t3", _READ),
    "conversations.join": Method(conversations.join, "t3", ("channels:join",), writes=True),
    "conversations.list": Method(conversations.listed, "t2", _READ),
    "conversations.members": Method(conversations.members, "t4", _READ),
    "conversations.open": Method(conversations.opened, "t3", ("im:write",), writes=True),
    "conversations.replies": Method(conversations.replies, "t3", _HISTORY),
    "files.completeUploadExternal": Method(files.complete, "t4", ("files:write",), writes=True),
    "files.getUploadURLExternal": Method(files.upload_url, "t4", ("files:write",)),
    "files.info": Method(files.info, "t4", ("files:read",)),
    "reactions.add": Method(chat.react, "t3", ("reactions:write",), writes=True),
    "reactions.remove": Method(chat.unreact, "t2", ("reactions:write",), writes=True),
    "team.info": Method(people.team_info, "t3", ("team:read",)),
    "users.info": Method(people.users_info, "t4", ("users:read",)),
    "users.list": Method(people.users_list, "t2", ("users:read",)),
    "users.lookupByEmail": Method(people.users_lookup, "t3", ("users:read.email",)),
    "views.open": Method(views.opened, "t4", writes=True),
    "views.publish": Method(views.published, "t4", writes=True),
    "views.push": Method(views.pushed, "t4", writes=True),
    "views.update": Method(views.updated, "t4", writes=True),
}

SCOPES = frozenset(
    {scope for method in METHODS.values() for scope in method.scopes} - {"users:read.email"}
    | {"app_mentions:read", "commands"}
)
"""What a token has unless a test takes something away."""

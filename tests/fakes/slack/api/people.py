"""Who somebody is: `auth.test`, `users.*`, `team.info`, `bots.info`."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.api.asking import Answer, Ask, No, paged
from tests.fakes.slack.world import FakeUser, World


def auth_test(ask: Ask) -> Answer:
    world = ask.world
    team = world.teams.get(world.home)
    found = {
        "ok": True, "team_id": world.home, "user_id": world.bot_user, "bot_id": world.bot_id, "user": "partnerline",
        "team": team.name if team else world.home, "url": f"https://{team.domain if team else 'home'}.example/",
        "is_enterprise_install": False,
    }  # fmt: skip
    return found | ({"enterprise_id": team.enterprise} if team and team.enterprise else {})


def users_info(ask: Ask) -> Answer:
    return {"ok": True, "user": shown(ask.world, ask.user())}


def users_list(ask: Ask) -> Answer:
    """Our own people alone: it lists no outsiders."""
    world = ask.world
    ours = [shown(world, user) for user in world.users.values() if user.team == world.home]
    return paged(ours, "members", ask, 1000)


def users_lookup(ask: Ask) -> Answer:
    raise No("users_not_found")


def team_info(ask: Ask) -> Answer:
    """Our own workspace, and those that share a channel with us where Slack shows them."""
    world = ask.world
    team = world.teams.get(ask.text("team") or world.home)
    known = {one for channel in world.channels.values() for one in channel.teams} | {world.home}
    if team is None or not team.visible or team.id not in known:
        raise No("team_not_found")
    found = {"id": team.id, "name": team.name, "domain": team.domain, "icon": {}}
    return {"ok": True, "team": found | ({"enterprise_id": team.enterprise} if team.enterprise else {})}


def bots_info(ask: Ask) -> Answer:
    world = ask.world
    if ask.text("bot") not in {"", world.bot_id}:
        raise No("bot_not_found")
    bot = {"id": world.bot_id, "app_id": world.app_id, "user_id": world.bot_user, "name": "partnerline"}
    return {"ok": True, "bot": bot | {"deleted": False}}


def shown(world: World, user: FakeUser) -> dict[str, Any]:
    """As `users.info` tells somebody: with a shared channel an outsider is no stranger, and has no locale or mail."""
    ours = user.team == world.home
    shares = any(user.team in channel.teams and world.home in channel.teams for channel in world.channels.values())
    found: dict[str, Any] = {
        "id": user.id, "team_id": user.team, "name": user.name.lower().replace(" ", "."), "deleted": user.deleted,
        "real_name": user.name, "profile": {"real_name": user.name, "display_name": "", "team": user.team},
        "is_stranger": not ours and not shares, "is_bot": user.bot, "is_app_user": False,
        "is_restricted": user.guest, "is_ultra_restricted": False, "tz": user.zone, "updated": 1_700_000_000,
    }  # fmt: skip
    if ours:
        found |= {"is_admin": False, "is_owner": False, "is_email_confirmed": True}
    if user.enterprise:
        teams = [*(user.teams or (user.team,))]
        found["enterprise_user"] = {
            "id": user.id, "enterprise_id": user.enterprise, "teams": teams, "is_admin": False, "is_owner": False,
        }  # fmt: skip
    return found

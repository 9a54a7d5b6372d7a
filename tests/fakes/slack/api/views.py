"""Forms and Home tabs: opened with a key that holds three seconds and once, changed, stacked, published."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.slack.api.asking import Answer, Ask, No, unknown_files
from tests.fakes.slack.world import FakeView, World

LARGEST = 250_000
STACKED = 3


def opened(ask: Ask) -> Answer:
    body, (user, _) = _body(ask), _exchanged(ask)
    for view in ask.world.views.values():
        # A person looks at one stack of forms; a new one takes the place of what was open.
        view.open = view.open and view.user != user
    return _told(ask.world, ask.world.new_view(user, body))


def pushed(ask: Ask) -> Answer:
    body, (user, under) = _body(ask), _exchanged(ask)
    below = ask.world.views.get(under)
    if below is None or not below.open:
        raise No("not_found")
    if depth(ask.world, below) >= STACKED:
        raise No("push_limit_reached")
    return _told(ask.world, ask.world.new_view(user, body, under))


def updated(ask: Ask) -> Answer:
    body = _body(ask)
    view = _view(ask)
    if view is None or not view.open:
        raise No("not_found")
    _same(view, ask.text("hash"))
    changed(ask.world, view, body)
    return _told(ask.world, view)


def published(ask: Ask) -> Answer:
    """The Home tab of one person."""
    body, user = _body(ask), ask.user("user_id")
    if body.get("type") != "home":
        raise No("invalid_arguments")
    known = ask.world.homes.get(user.id)
    if known is None:
        if ask.text("hash"):
            raise No("hash_conflict")
        known = ask.world.homes[user.id] = FakeView(ask.world.new_id("V"), user.id, body, "")
    else:
        _same(known, ask.text("hash"))
    changed(ask.world, known, body)
    return _told(ask.world, known)


def changed(world: World, view: FakeView, body: dict[str, Any]) -> None:
    """What stands there now; what was typed is kept where the field is the same."""
    view.body, view.hash = body, world.new_hash()


def depth(world: World, view: FakeView | None) -> int:
    number = 0
    while view is not None:
        number, view = number + 1, world.views.get(view.under)
    return number


def _told(world: World, view: FakeView) -> Answer:
    return {"ok": True, "view": world.shown_view(view)}


def _same(view: FakeView, expected: str) -> None:
    if expected and expected != view.hash:
        raise No("hash_conflict")


def _view(ask: Ask) -> FakeView | None:
    if ask.text("view_id"):
        return ask.world.views.get(ask.text("view_id"))
    name = ask.needed("external_id")
    return next((one for one in ask.world.views.values() if one.body.get("external_id") == name), None)


def _body(ask: Ask) -> dict[str, Any]:
    body = ask.nested("view")
    if not isinstance(body, dict) or body.get("type") not in {"modal", "home"}:
        raise No("invalid_arguments")
    if len(json.dumps(body)) > LARGEST:
        raise No("view_too_large")
    if unknown_files(ask.world, body):
        raise No("invalid_arguments", response_metadata={"messages": ["[ERROR] invalid slack file"]})
    return body


def _exchanged(ask: Ask) -> tuple[str, str]:
    """Whose the key is, and the form it was given out in. It is good for three seconds, and once."""
    trigger = ask.world.triggers.get(ask.needed("trigger_id"))
    if trigger is None:
        raise No("invalid_trigger_id")
    if trigger.used:
        raise No("exchanged_trigger_id")
    if ask.world.clock() - trigger.made_at > ask.world.trigger_lifetime:
        raise No("expired_trigger_id")
    trigger.used = True
    return trigger.user, trigger.view

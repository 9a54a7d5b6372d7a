"""`apps.connections.open`: an address for one WebSocket, good once and for a short while."""

from __future__ import annotations

from tests.fakes.slack.api.asking import Answer, Ask


def connections_open(ask: Ask) -> Answer:
    address = ask.world.url.replace("http://", "ws://", 1)
    ticket = ask.world.new_ticket()
    return {"ok": True, "url": f"{address}/link/?ticket={ticket}&app_id={ask.world.app_id}"}

"""`python -m tests.fakes.hubspot`: a HubSpot account on this machine, to look at and to point the agent at."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace

from tests.fakes.hubspot.examples import fill
from tests.fakes.hubspot.moods import Mood
from tests.fakes.hubspot.plans import Plan
from tests.fakes.hubspot.portal import TOKEN, Portal
from tests.fakes.hubspot.server import Hub
from tests.fakes.hubspot.webhooks import SECRET
from tests.fakes.mood_shares import shares

EPILOG = """\
Open the address in a browser to see companies, contacts, deals and what is logged on them; edit a property or move a
stage there as a colleague would. Everything is kept in memory and is gone when this ends.

  make hubspot
  . docs/examples/hubspot-here.env && make run

Moods are names with the share of calls that they befall: %s.
"""


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fakes.hubspot",
        description="A stateful HubSpot for trying out: its API and a page with what it holds.",
        epilog=EPILOG % ", ".join(mood.value for mood in Mood),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s)")
    parser.add_argument("--port", type=int, default=8090, help="port to listen at (%(default)s)")
    parser.add_argument("--token", default=TOKEN, help="the access token that is accepted (%(default)s)")
    parser.add_argument("--plan", type=Plan, choices=list(Plan), default=Plan.ENTERPRISE, help="(%(default)s)")
    parser.add_argument("--currencies", default="EUR,USD,GBP,CHF", help="of the account, its own first (%(default)s)")
    parser.add_argument("--without-scope", action="append", default=[], help="a scope that the token lacks")
    parser.add_argument("--lag", type=float, default=2.0, help="seconds until a search finds a change (%(default)s)")
    parser.add_argument("--moods", default="", metavar="MOOD=SHARE,…", help="for example 503=0.01,lost=0.02")
    parser.add_argument("--calls", type=int, metavar="N", help="allowed in ten seconds (as in the plan)")
    parser.add_argument("--searches", type=int, metavar="N", help="allowed in a second (as in the plan)")
    parser.add_argument("--limits", action="store_true", help="enforce the limits of the plan with 429")
    parser.add_argument("--auto-companies", action="store_true", help="make companies from contacts' mail domains")
    parser.add_argument("--webhook-url", default="", help="where changes are told, signed")
    parser.add_argument("--webhook-secret", default=SECRET, help="(%(default)s)")
    parser.add_argument("--example", action="store_true", help="start with a few companies, contacts and deals")
    return parser.parse_args(given)


def hub_for(chosen: argparse.Namespace) -> Hub:
    """As the command line says, not started yet."""
    portal = Portal(plan=chosen.plan, token=chosen.token, currencies=chosen.currencies.upper().split(","))
    portal.scopes -= set(chosen.without_scope)
    portal.auto_companies = chosen.auto_companies
    if chosen.example:
        fill(portal)
    portal.index.lag = chosen.lag
    given = {"burst": chosen.calls, "searches": chosen.searches}
    portal.allowance_of = replace(portal.allowance, **{name: n for name, n in given.items() if n})
    hub = Hub(portal, host=chosen.host, port=chosen.port)
    for mood, share in shares(chosen.moods, Mood).items():
        hub.moods.share(mood, share)
    if chosen.limits:
        hub.moods.enforce(silent_share=0.5)
    if chosen.webhook_url:
        hub.webhooks.take()
        hub.webhooks.follow(chosen.webhook_url, chosen.webhook_secret)
    return hub


def main(given: Sequence[str]) -> int:
    chosen = arguments(given)
    try:
        hub = hub_for(chosen)
        hub.start()
    except (ValueError, OSError) as fault:
        sys.stderr.write(f"The HubSpot fake cannot start: {fault}\n")
        return 1
    sys.stdout.write(f"A HubSpot account ({chosen.plan}) is at {hub.url}\nIts token is {hub.token}. Ctrl+C ends it.\n")
    sys.stdout.flush()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    hub.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

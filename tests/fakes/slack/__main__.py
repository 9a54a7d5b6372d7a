"""`python -m tests.fakes.slack`: a Slack on this machine, to write in by hand and to point the agent at."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from tests.fakes.mood_shares import shares
from tests.fakes.slack.by_hand import ByHand
from tests.fakes.slack.delivering import SECRET, HttpTransport
from tests.fakes.slack.examples import demo
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.moods import Mood
from tests.fakes.slack.pages.site import Site
from tests.fakes.slack.web_api import APP_TOKEN, TOKEN, FakeSlack

EPILOG = """\
Open the address in a browser, choose who you are, and write: as a partner's people in the channels they share with the
vendor, or as a manager in the vendor's own. Everything is kept in memory and is gone when this ends.

  make slack
  . docs/examples/slack-here.env && make run

The agent may connect over Socket Mode, or take signed requests at --url. Moods are names with the share of calls that
they befall: %s.
"""


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fakes.slack",
        description="A stateful Slack for trying out: workspaces with people, its Web API, and pages to write in.",
        epilog=EPILOG % ", ".join(mood.value for mood in Mood),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s)")
    parser.add_argument("--port", type=int, default=8091, help="port to listen at (%(default)s)")
    parser.add_argument("--token", default=TOKEN, help="the bot token that is accepted (%(default)s)")
    parser.add_argument("--app-token", default=APP_TOKEN, help="the app-level token of Socket Mode (%(default)s)")
    parser.add_argument("--url", default="", help="the agent's public address, for signed requests (Socket Mode only)")
    parser.add_argument("--secret", default=SECRET, help="signs requests (%(default)s)")
    parser.add_argument("--without-scope", action="append", default=[], help="a scope that the token lacks")
    parser.add_argument("--moods", default="", metavar="MOOD=SHARE,…", help="for example rate_limited=0.05")
    parser.add_argument("--limits", action="store_true", help="enforce Slack's limits with 429")
    return parser.parse_args(given)


def made(chosen: argparse.Namespace) -> tuple[FakeSlack, ByHand]:
    """As the command line says, not started yet."""
    slack = demo()
    slack.token, slack.app_token = chosen.token, chosen.app_token
    slack.scopes -= set(chosen.without_scope)
    for mood, share in shares(chosen.moods, Mood).items():
        slack.moods.share(mood, share)
    if chosen.limits:
        slack.meter.enforce()
    http = HttpTransport.to(chosen.url.rstrip("/"), secret=chosen.secret, retry_delays=()) if chosen.url else None
    slack.sockets.retry_delays = ()
    transport = ByHand(slack.sockets, http)
    hands = Hands(slack, transport)
    hands.echo()
    slack.serving.routes += Site(hands, lambda: transport.waiting).routes()
    return slack, transport


async def serve(chosen: argparse.Namespace) -> int:
    try:
        slack, transport = made(chosen)
        await slack.start(chosen.host, chosen.port)
    except (ValueError, OSError) as fault:
        sys.stderr.write(f"The Slack fake cannot start: {fault}\n")
        return 1
    sys.stdout.write(f"A Slack is at {slack.url}\nIts API is {slack.base_url}, the tokens are {slack.token} and ")
    sys.stdout.write(f"{slack.app_token}. Ctrl+C ends it.\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await transport.stop()
    await slack.stop()
    return 0


def main(given: Sequence[str]) -> int:
    return asyncio.run(serve(arguments(given)))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

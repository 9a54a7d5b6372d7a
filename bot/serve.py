"""Runs the whole agent in one process: SMTP, public HTTP, operator console, one worker and the clock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from starlette.applications import Starlette

from bot.arrivals import Arrivals
from bot.bootstrap import Application, smtp_edge
from bot.bootstrap.counter import counter_of
from bot.bootstrap.slack import slack_sockets
from bot.channels.console.app import console_app
from bot.channels.email.shown import shown
from bot.channels.http.crm_events import CrmEventCalls
from bot.channels.http.invoices import InvoiceCalls, TakerAway
from bot.channels.http.public import Endpoint, public_app
from bot.channels.http.server import HttpServer
from bot.channels.slack.edge.endpoints import event_endpoint, form_endpoint
from bot.channels.slack.edge.front import Front
from bot.channels.slack.edge.sockets import Sockets
from bot.clock import EVERY, Clock
from bot.demo.writing import DemoWriter
from bot.listening import port_taken
from bot.operations.backend import Operations, Writer
from bot.storage import instance, slack_channels
from bot.storage.acceptor import Acceptor
from bot.storage.database import StorageUnavailable
from bot.storage.slack_channels import SlackChannel
from bot.vocabulary.billing import InvoiceEvent, Taken
from mail_ingest.edge import SmtpEdge

log = logging.getLogger(__name__)

_SOCKETS_WITHIN = 3.0  # seconds that a start waits for Slack's first connection
_CONSOLE_TOKEN = "console_token"  # noqa: S105 - the name it is kept under


@dataclass(slots=True)
class Ports:
    """The ports really listened on."""

    smtp: int = 0
    http: int = 0
    console: int = 0


@dataclass(frozen=True, slots=True)
class Running:
    """The agent at work; `console_link` opens the console, `sockets` are Slack's where it comes over Socket Mode."""

    app: Application
    ports: Ports
    console_link: str
    sockets: Sockets | None = None


@asynccontextmanager
async def running(app: Application, *, with_worker: bool = True) -> AsyncIterator[Running]:
    """Everything started in order; stopped in the reverse one, so that nothing is accepted that nobody would commit."""
    ports = Ports()
    settings = app.settings
    token = await console_token(app)
    arrivals = Arrivals(Acceptor(app.inbox.accept), app.database, app.now, app.queue)
    async with AsyncExitStack() as stack:
        if with_worker:
            await stack.enter_async_context(working(app))
        counter = counter_of(app, app.home)
        if counter is not None:
            stack.push_async_callback(counter.close)
        front = Front(app.slack.own, arrivals, app.now, counter) if app.slack is not None else None
        sockets = slack_sockets(app.slack, settings.slack_api_url, front) if app.slack and front else None
        public = HttpServer(_public(app, front, sockets), settings.http_host, settings.http_port)
        ports.http = await _listen(stack, public, "http_port", settings.http_host, settings.http_port)
        console = HttpServer(_console(app, ports, token), settings.console_host, settings.console_port)
        ports.console = await _listen(stack, console, "console_port", settings.console_host, settings.console_port)
        smtp = smtp_edge(settings, arrivals.mail, app.own)
        ports.smtp = await _listen(stack, smtp, "smtp_port", settings.smtp_host, settings.smtp_port)
        if sockets is not None:
            await _open(stack, sockets)
        yield Running(app, ports, f"http://{settings.console_host}:{ports.console}/?token={token}", sockets)


@asynccontextmanager
async def working(app: Application, every: Mapping[str, float] = EVERY) -> AsyncIterator[None]:
    """A worker and a clock, for as many processes and machines as are wanted; `every` are the clock's seconds."""
    app.worker.start()
    clock = Clock(app.queue, every)
    clock.start()
    try:
        yield
    finally:
        clock.stop()
        await app.worker.stop()


async def console_token(app: Application) -> str:
    """The configured one, else one drawn at the first start and kept."""
    if given := app.settings.console_token.get_secret_value():
        return given
    async with app.database.begin() as connection:
        return await instance.drawn(connection, _CONSOLE_TOKEN)


async def _listen(stack: AsyncExitStack, listener: HttpServer | SmtpEdge, setting: str, host: str, port: int) -> int:
    try:
        await listener.start()
    except OSError as fault:
        raise port_taken(setting, host, port, fault) from fault
    stack.push_async_callback(listener.stop)
    return listener.port


async def _open(stack: AsyncExitStack, sockets: Sockets) -> None:
    """Where Slack does not answer the rest is at work all the same, and connects as soon as it does."""
    sockets.start()
    stack.push_async_callback(sockets.stop)
    if not await sockets.stands(_SOCKETS_WITHIN):
        log.warning("no connection to Slack stands yet: %s", sockets.state.fault or "it does not answer")


def _public(app: Application, front: Front | None, sockets: Sockets | None) -> Starlette:
    slack: Endpoint | None = None
    forms: Endpoint | None = None
    # An empty secret would let anybody sign; with an app token alone nothing is taken over HTTP.
    if front is not None and app.slack is not None and app.slack.signing_secret:
        slack = event_endpoint(front, app.slack.signing_secret)
        forms = form_endpoint(front, app.slack.signing_secret)

    async def health() -> Mapping[str, Any]:
        # What Slack does not bring now it brings later: a start anew would mend nothing.
        connected = {"slack": sockets.state.in_words} if sockets is not None else {}
        try:
            async with asyncio.timeout(3):
                async with app.database.begin() as connection:
                    await connection.execute(text("select 1"))
        except (StorageUnavailable, TimeoutError):
            return {"ok": False, "database": "does not answer"} | connected
        return {"ok": True, "database": "answers"} | connected

    return public_app(
        health=health,
        unsubscribe=app.opting_out,
        slack=slack,
        slack_forms=forms,
        invoices=_invoices(app),
        crm_events=_crm_events(app),
    )


def _crm_events(app: Application) -> tuple[str, Endpoint] | None:
    """Where the CRM's own calls go; None for a CRM that makes none."""
    events = app.crm.events
    if events is None:
        return None

    async def follow() -> None:
        try:
            await app.queue.refresh()
        except StorageUnavailable as fault:
            log.warning("the mirror looks at the CRM with the clock's next tick: %s", fault)

    return events.path, CrmEventCalls(events, follow, app.now).receive


def _invoices(app: Application) -> Endpoint | None:
    """Where a billing system's calls go; None without a secret."""
    secrets = app.settings.invoice_webhook_secrets
    if not secrets:
        return None

    async def take(event: InvoiceEvent) -> Taken:
        try:
            return await app.billing.take(event)
        except StorageUnavailable as fault:
            raise TakerAway from fault

    return InvoiceCalls(secrets, take, ZoneInfo(app.program.vendor.time_zone), app.now).receive


def _console(app: Application, ports: Ports, token: str) -> Starlette:
    operations = Operations(
        database=app.database,
        queue_=app.queue,
        crm=app.crm,
        program=app.program,
        desk=app.registration_desk,
        announcing=app.announcing_in_console,
        entries=app.entry_desk,
        today=app.today,
        mail_domain=app.own.domain,
        compose=_compose(app),
        writer=_demo_writer(app, ports),
        plays_slack=app.settings.plays_slack,
    )
    hosts = tuple(dict.fromkeys(("127.0.0.1", "localhost", "[::1]", app.settings.console_host)))
    return console_app(operations, token, app.settings.profile, hosts, app.program.vendor.name)


def _compose(app: Application) -> Callable[[str, str, dict[str, Any]], tuple[tuple[tuple[str, str], ...], str, str]]:
    def compose(outbox_id: str, kind: str, payload: dict[str, Any]) -> tuple[tuple[tuple[str, str], ...], str, str]:
        """Headers, plain text and HTML of a kept mail, as the relay would have got it."""
        mail = shown(app.writer.write(outbox_id, kind, payload, app.now()))
        return mail.headers, mail.text, mail.html

    return compose


def _demo_writer(app: Application, ports: Ports) -> Writer | None:
    if app.settings.profile != "demo" or app.slack is None:
        return None
    return DemoWriter(
        app.own.author.address,
        lambda: ports.smtp,
        lambda: ports.http,
        app.slack.own,
        app.slack.signing_secret,
        _channel_finder(app),
    )


def _channel_finder(app: Application) -> Callable[[str], Awaitable[SlackChannel | None]]:
    async def channel_of(partner_id: str) -> SlackChannel | None:
        async with app.database.begin() as connection:
            channels = await slack_channels.every(connection)
        return next((channel for channel in channels if channel.partner_id == partner_id), None)

    return channel_of

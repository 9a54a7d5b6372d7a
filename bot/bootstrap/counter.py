"""The managers' counter in Slack, put together; None where there is no Slack to open a form in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.bootstrap.application import Application
from bot.bootstrap.deal_desk import orders_of
from bot.bootstrap.slack_web import paced_client
from bot.channels.slack.managers.announcements.running import Running
from bot.channels.slack.managers.announcements.writing import Writing
from bot.channels.slack.managers.counter import SlackCounter
from bot.channels.slack.managers.deciding import Deciding
from bot.channels.slack.managers.gate import Gate
from bot.channels.slack.managers.ports import Home
from bot.channels.slack.managers.windows import Windows
from bot.channels.slack.people.audience import WebSlackChannels
from bot.operations.counter.announcement_reports import AnnouncementReports
from bot.operations.counter.announcing import CounterAnnouncements
from bot.operations.counter.cases import StoredCases
from bot.operations.counter.forms import StoredForms
from bot.operations.counter.orders import StoredOrders
from bot.operations.counter.reports import StoredReports
from bot.payouts.manager_briefs import ManagerBriefs
from bot.readers.builtin.language import language_of


def counter_of(app: Application, home: Home | None = None) -> SlackCounter | None:
    """`home` sees to the Home tab."""
    if app.slack is None or app.slack_users is None:
        return None
    client, database = paced_client(app.settings, app.database), app.database
    windows, forms = Windows(client), StoredForms(database, app.now)
    zone = ZoneInfo(app.program.vendor.time_zone)
    orders = StoredOrders(database, app.queue, app.inbox, app.slack.own, app.now)
    announcements = _announcements(app)
    writing = Writing(forms, announcements, windows, zone, app.now)
    asks = ManagerBriefs(app.programs, app.desk.briefing, app.now)
    cases = StoredCases(database, app.program, app.desk.cases, asks, orders_of(app.desk), app.now)
    return SlackCounter(
        gate=Gate(app.slack.own, app.slack_users, app.program.managers),
        windows=windows,
        writing=writing,
        running=Running(announcements, windows, writing, zone),
        deciding=Deciding(forms, cases, orders, windows),
        reports=StoredReports(database, app.program, cases, app.today, zone),
        orders=orders,
        channels=WebSlackChannels(client, app.slack.own),
        home=home,
    )


def _announcements(app: Application) -> CounterAnnouncements:
    after = app.following_up
    return CounterAnnouncements(
        app.announcement_desk, after.reminding, AnnouncementReports(after.reporting), language_of
    )

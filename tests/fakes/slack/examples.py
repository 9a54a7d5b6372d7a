"""The demo's own workspaces: the vendor's with its managers, each partner's with its people, shared channels."""

from __future__ import annotations

from bot.demo.files import PartnerFile, read_partner_files
from bot.demo.slack_people import DEMO_INSTALLATION
from config.settings import SAMPLE_PROGRAM
from knowledge.loading import load_program
from tests.fakes.slack.web_api import FakeSlack

MANAGERS = "C0MANAGERS"
NEW = "C0HALVLUM"
"""A channel that is shared with a partner already, but in which the agent is not yet."""


def demo() -> FakeSlack:
    """Not started yet. The ids are those that the demo's data name."""
    slack = FakeSlack(empty=True)
    slack.home, slack.bot_user = DEMO_INSTALLATION.team, DEMO_INSTALLATION.bot_user
    program = load_program(SAMPLE_PROGRAM)
    slack.add_team(slack.home, program.vendor.name, domain="lumora")
    for manager in program.managers:
        slack.add_user(manager.slack_user_id, slack.home, manager.name, zone=program.vendor.time_zone)
    slack.add_user("U0PELLE", slack.home, "Pelle Lund", zone=program.vendor.time_zone)
    slack.add_channel(MANAGERS, {slack.home}, name="partner-desk")
    for file in read_partner_files():
        _partner(slack, file)
    _newcomer(slack)
    return slack


def _partner(slack: FakeSlack, file: PartnerFile) -> None:
    if file.slack is None:
        return
    slack.add_team(file.slack.team, file.partner.name, domain=file.partner.key)
    for contact in file.contacts:
        if contact.slack:
            slack.add_user(contact.slack, file.slack.team, contact.name, zone=file.partner.time_zone)
    slack.add_channel(file.slack.channel, {slack.home, file.slack.team}, name=file.slack.name)


def _newcomer(slack: FakeSlack) -> None:
    """A partner of the program that so far only wrote mails, and somebody from nowhere."""
    slack.add_team("T0HALVEMN", "Halvemaan Consult", domain="halvemaan")
    slack.add_user("U0HMJOOST", "T0HALVEMN", "Joost van Wieringen", zone="Europe/Amsterdam")
    slack.add_channel(NEW, {slack.home, "T0HALVEMN"}, name="ext-lumora-halvemaan", has_bot=False)
    slack.add_team("T0STRANGE", "Passing Strangers", domain="strangers")
    slack.add_user("U0STRANGE", "T0STRANGE", "Sam Strange")

"""The world around the evaluation's messages: their senders as imported contacts, their channels, and their threads."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from bot.storage import registrations, slack_channels, threads
from bot.storage.slack_channels import SlackChannel
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.segment import Segment
from crm.import_csv import Allowed, read_partners
from crm.records import Channel, Contact, Partner, Registration, RegistrationState
from tests.scenarios.announced import announced
from tests.scenarios.doors import Doors
from tests.scenarios.house import House

ASKED = {"product": "products"}  # the evaluation's name of a field, and ours


@dataclass(frozen=True)
class Case:
    """One labelled message; `number` makes its Slack ids."""

    number: int
    id: str
    channel: str
    sender: str
    language: str
    text: str
    mail: bytes
    in_reply_to: str | None
    asked: str | None
    intents: tuple[str, ...]
    answer_expected: bool

    @property
    def machine(self) -> bool:
        return "auto_reply" in self.intents

    @property
    def slack_channel(self) -> str:
        return f"C0EVAL{self.number:04}"

    @property
    def slack_user(self) -> str:
        return f"U0EVAL{self.number:04}"

    @property
    def slack_team(self) -> str:
        return f"T0EVAL{self.number:04}"

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


def read_cases(folder: Path) -> list[Case]:
    rows = [json.loads(line) for line in (folder / "cases.jsonl").read_text("utf-8").splitlines()]
    return [_case(number, row, folder) for number, row in enumerate(rows, 1)]


def _case(number: int, row: dict[str, Any], folder: Path) -> Case:
    gold = row["gold"]
    return Case(
        number, row["id"], row["channel"], row["sender"], row["language"], row["text"] or "",
        (folder / row["mail"]).read_bytes() if row["mail"] else b"", row["in_reply_to"], row["asked"],
        tuple(request["intent"] for request in gold["requests"]), gold["answer_expected"],
    )  # fmt: skip


async def import_senders(house: House, cases: Sequence[Case]) -> dict[str, tuple[Partner, Contact]]:
    """One partner for each sender's domain, from a CSV file as an operator has it; by the sender's address."""
    program = house.app.program
    allowed = Allowed(tuple(t.name for t in program.tiers), tuple(p.id for p in program.plans), program.vendor.currency)
    imported = read_partners(_file(cases), allowed)
    assert imported.faults == ()
    for partner in imported.partners:
        await house.app.crm.save_partner(partner)
    for contact in imported.contacts:
        await house.app.crm.save_contact(contact)
    await house.mirror()
    partners = {partner.id: partner for partner in imported.partners}
    known = {contact.email: (partners[contact.partner_id], contact) for contact in imported.contacts}
    await _map_channels(house, cases, known)
    return known


def _file(cases: Sequence[Case]) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(
        ["partner", "types", "tier", "region", "language", "domains", "contact_name", "contact_email",
         "contact_language", "contact_slack_user_id"]
    )  # fmt: skip
    for case in cases:
        name = case.sender.partition("@")[0].replace(".", " ").title()
        slack = case.slack_user if case.channel == "slack" else ""
        rows.writerow(
            [case.domain, "referral", "Select", f"Region {case.number}", case.language, case.domain, name,
             case.sender, case.language, slack]
        )  # fmt: skip
    return out.getvalue().encode()


async def _map_channels(house: House, cases: Sequence[Case], known: dict[str, tuple[Partner, Contact]]) -> None:
    assert house.app.slack is not None
    home = house.app.slack.own.team
    async with house.app.database.begin() as connection:
        for case in cases:
            if case.channel == "slack":
                partner, _ = known[case.sender]
                await slack_channels.save(
                    connection, SlackChannel(home, case.slack_channel, case.id, partner.id, case.slack_team)
                )


@dataclass(frozen=True)
class Begun:
    """A thread the case answers in: the reply address of a mail, or the first post's ts in Slack."""

    address: str = ""
    ts: str = ""


async def begin(house: House, case: Case, partner: Partner, contact: Contact) -> Begun:
    """What the agent said before: an announcement, a statement, or a question for a missing field."""
    values: dict[str, Any] = {"kind": case.in_reply_to, "agent_took_part": True}
    if case.in_reply_to == ThreadKind.ANNOUNCEMENT:
        values["announcement_id"] = await _announced(house, partner)
    if case.in_reply_to == ThreadKind.STATEMENT:
        values["subject_ref"] = "S-2026-10"
    if case.in_reply_to == ThreadKind.QUESTION:
        draft = _draft(house, case, partner, contact)
        async with house.app.database.begin() as connection:
            await registrations.save(connection, draft)
        values |= {"asked": [ASKED.get(case.asked or "", case.asked)], "subject_ref": draft.number}
    return await (_in_slack if case.channel == "slack" else _by_mail)(house, case, partner, values)


async def _by_mail(house: House, case: Case, partner: Partner, values: dict[str, Any]) -> Begun:
    async with house.app.database.begin() as connection:
        thread_id = await threads.open_thread(connection, Channel.EMAIL, "before", partner_id=partner.id, **values)
        for message_id in _answered_ids(case.mail):
            await threads.join(connection, thread_id, message_id)
        key = await threads.reply_key(connection, thread_id, case.sender)
    return Begun(address=f"reply+{key}@{house.app.own.domain}")


async def _in_slack(house: House, case: Case, partner: Partner, values: dict[str, Any]) -> Begun:
    """The thread is opened by a word of the sender that wants nothing."""
    ts = await _post(house, case, "Thanks!")
    await house.quiet()
    came = await house.one(f"{case.slack_channel}:{ts}")
    async with house.app.database.begin() as connection:
        await threads.remember(connection, str(came.thread_id), **values)
    return Begun(ts=ts)


async def _announced(house: House, partner: Partner) -> str:
    segment = Segment(regions=(partner.region,))
    return await announced(house, "noor@lumora.example", segment, "Partner day in Ghent", "Will you come?")


def _draft(house: House, case: Case, partner: Partner, contact: Contact) -> Registration:
    """All there but for the field that was asked for."""
    whole: dict[str, Any] = {
        "customer": "Brambleford Mills",
        "customer_domain": "brambleford.example",
        "contact_name": "Ida Brant",
        "contact_email": "ida@brambleford.example",
        "amount": Decimal(20_000),
        "currency": "EUR",
        "close_date": house.app.today() + timedelta(days=60),
        "products": ("Lumora Core",),
    }
    gaps = {"amount", "currency"} if case.asked == "amount" else {ASKED.get(case.asked or "", case.asked)}
    said = {name: value for name, value in whole.items() if name not in gaps}
    return Registration(f"D-{99_000 + case.number}", partner.id, contact.id, RegistrationState.DRAFT, **said)


def _answered_ids(mail: bytes) -> list[str]:
    """The ids that the mail says it answers."""
    if not mail:
        return []
    parsed = message_from_bytes(mail, policy=default)
    named = f"{parsed.get('In-Reply-To', '')} {parsed.get('References', '')}"
    return re.findall(r"<[^<>\s]+>", named)


async def deliver(house: House, case: Case, begun: Begun | None) -> str:
    """By its own door; the key by which the message is found again."""
    if case.channel == "email":
        await Doors(house).raw_mail(case.mail, case.sender, begun.address if begun else house.app.own.author.address)
        return str(message_from_bytes(case.mail, policy=default)["Message-ID"]).strip()
    ts = await _post(house, case, case.text, begun.ts if begun else "")
    return f"{case.slack_channel}:{ts}"


async def _post(house: House, case: Case, text: str, thread_ts: str = "") -> str:
    """The ts of a post in the case's channel."""
    assert house.app.slack is not None
    doors, bot = Doors(house), house.app.slack.own.bot_user
    ts = doors.new_ts()
    event = {
        "type": "message", "channel": case.slack_channel, "channel_type": "channel", "user": case.slack_user,
        "team": case.slack_team, "text": text.replace("<@U0BOT>", f"<@{bot}>"), "ts": ts,
    } | ({"thread_ts": thread_ts} if thread_ts else {})  # fmt: skip
    await doors.event(event)
    return ts

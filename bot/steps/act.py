"""Act: each command of the decisions is carried out in the one transaction of its message."""

from __future__ import annotations

from collections.abc import Iterable

from bot.ports import UnitOfWork
from bot.vocabulary.decisions import (
    AnnouncementCommand,
    AwaitFields,
    ChangeDeal,
    Command,
    Decision,
    DeclineLead,
    HandOver,
    MoneyCommand,
    NoteAbsence,
    OpenDispute,
    OptIn,
    OptOut,
    Prefer,
    RecordAnswer,
    RecordChange,
    SaveContact,
    SaveLead,
    SaveRegistration,
    SendDocument,
    TakeInvoice,
    WithdrawDispute,
)


async def act(decisions: Iterable[Decision], unit: UnitOfWork) -> None:
    for decision in decisions:
        for command in decision.commands:
            await _carry_out(command, unit)


async def _carry_out(command: Command, unit: UnitOfWork) -> None:
    match command:
        case AwaitFields(number, fields, proposal):
            await unit.await_fields(number, fields, proposal)
        case RecordAnswer() | OptOut() | OptIn() | Prefer():
            await _about_announcements(command, unit)
        case NoteAbsence():
            await unit.note_absence(command)
        case HandOver():
            await unit.hand_over(command)
        case TakeInvoice() | OpenDispute() | WithdrawDispute() | SendDocument():
            await _about_money(command, unit)
        case _:
            await _write(command, unit)


async def _write(command: RecordChange, unit: UnitOfWork) -> None:
    match command:
        case SaveRegistration(registration):
            await unit.save_registration(registration)
        case ChangeDeal():
            await unit.change_deal(command)
        case SaveLead(lead):
            await unit.save_lead(lead)
        case DeclineLead(lead_number):
            await unit.decline_lead(lead_number)
        case SaveContact(contact):
            await unit.save_contact(contact)


async def _about_announcements(command: AnnouncementCommand, unit: UnitOfWork) -> None:
    match command:
        case RecordAnswer():
            await unit.record_answer(command)
        case OptOut(contact_id):
            await unit.opt_out(contact_id)
        case OptIn(contact):
            await unit.opt_in(contact)
        case Prefer():
            await unit.prefer(command)


async def _about_money(command: MoneyCommand, unit: UnitOfWork) -> None:
    match command:
        case TakeInvoice():
            await unit.take_invoice(command)
        case OpenDispute():
            await unit.open_dispute(command)
        case WithdrawDispute():
            await unit.withdraw_dispute(command)
        case SendDocument():
            await unit.send_document(command)

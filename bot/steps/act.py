"""Act: each command of the decisions is carried out in the one transaction of its message."""

from __future__ import annotations

from collections.abc import Iterable

from bot.ports import UnitOfWork
from bot.vocabulary.decisions import (
    AwaitFields,
    Command,
    Decision,
    HandOver,
    NoteAbsence,
    OptOut,
    RecordAnswer,
    SaveRegistration,
)


async def act(decisions: Iterable[Decision], unit: UnitOfWork) -> None:
    for decision in decisions:
        for command in decision.commands:
            await _carry_out(command, unit)


async def _carry_out(command: Command, unit: UnitOfWork) -> None:
    match command:
        case SaveRegistration(registration):
            await unit.save_registration(registration)
        case AwaitFields(number, fields):
            await unit.await_fields(number, fields)
        case RecordAnswer(announcement_id, contact_id, answer):
            await unit.record_answer(announcement_id, contact_id, answer)
        case OptOut(contact_id):
            await unit.opt_out(contact_id)
        case NoteAbsence():
            await unit.note_absence(command)
        case HandOver():
            await unit.hand_over(command)

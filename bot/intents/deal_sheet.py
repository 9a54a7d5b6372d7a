"""Deals in an attached table: each row is registered as a deal in a text is, and gets one line of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import cast

from bot.intents import register_deal, rights
from bot.intents.customer import same_customer
from bot.intents.draft import check
from bot.intents.offers import register_rows
from bot.intents.phrases import field_names, text
from bot.vocabulary.decisions import AwaitFields, Command, Decision, HandOver, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import YES_OR_NO
from bot.vocabulary.requests import (
    DealFields,
    DealSheet,
    Fields,
    Intent,
    Reading,
    Request,
    SheetNote,
    SheetRow,
    TopicFields,
)
from crm.records import ContactRight

MOST_ROWS = 200
"""Rows registered of one message, whatever the number of its files."""

_ELSEWHERE = frozenset(
    {
        Intent.UPDATE_DEAL,
        Intent.REFER_LEAD,
        Intent.ASK_DEAL_STATUS,
        Intent.ASK_COMMISSION,
        Intent.ASK_PAYOUT,
        Intent.SUBMIT_INVOICE,
        Intent.DISPUTE_COMMISSION,
        Intent.UNSUBSCRIBE,
    }
)
"""Wishes beside which a table is more likely about what is wanted than new deals."""

_NO_TABLE = (SheetNote.BROKEN, SheetNote.TOO_LARGE, SheetNote.NO_HEADINGS)
_SURE = 0.7  # from here on a wish of the text counts beside what is said of a table
_SUMMARY = 1000
_RESULTS = "sheet.results"


def with_sheets(reading: Reading, sheets: Sequence[DealSheet], *, asked: bool) -> Reading:
    """The reading with the rows of its tables as requests, where the message wants deals registered: `asked` says
    whether its words do. What its text says only in general is then no request of its own.
    """
    wanted = {request.intent for request in reading.requests}
    tables = [sheet for sheet in sheets if sheet.note not in _NO_TABLE]
    if Intent.AUTO_REPLY in wanted or not sheets:
        return reading
    elsewhere = any(request.intent in _ELSEWHERE and _is_sure(request) for request in reading.requests)
    registers = Intent.REGISTER_DEAL in wanted or (asked and not elsewhere)
    if not tables:
        return _without_tables(reading, sheets) if registers else reading
    if not registers:
        aside = tuple(DealSheet(sheet.file, sheet.requests, SheetNote.NOT_ASKED_FOR) for sheet in tables)
        return replace(reading, sheets=aside)
    tables = _within_limit(tables)
    rows = [request for sheet in tables for request in sheet.requests]
    said = [request for request in reading.requests if not _is_about(request, rows)]
    return replace(reading, requests=(*rows, *said), answer_expected=True, sheets=tuple(tables))


def decide(request: Request, facts: Facts) -> Decision:
    """One row: through the very decision of a deal in a text, which its results are then read off."""
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    row, deal = cast("SheetRow", request.row), cast("DealFields", request.fields)
    if why := _unusable(row, deal, facts):
        return Decision((), (_line(row, deal, (why,)),), "row_not_used")
    # What this conversation waits for is another deal's.
    apart = replace(facts, thread=replace(facts.thread, asked=(), subject_ref=""))
    decided = register_deal.decide(replace(request, row=None), apart)
    commands = tuple(c for c in decided.commands if not (_awaits_nothing(c) and facts.thread.asked))
    return replace(decided, commands=commands, outcomes=(_line(row, deal, _results(row, decided)),))


def gathered(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions with the lines of each table in one outcome, and what is for the manager of all rows in one."""
    decisions = list(decisions)
    lines: dict[str, list[Value]] = {}
    notes: list[HandOver] = []
    for decision in decisions:
        for outcome in decision.outcomes:
            if outcome.text == _RESULTS:
                lines.setdefault(str(outcome.values["file"]), []).append(outcome.values["rows"])
                notes += [c for c in decision.commands if isinstance(c, HandOver)]
    return [_with_all(decision, lines, notes) for decision in decisions]


def told(sheets: Iterable[DealSheet]) -> tuple[Decision, ...]:
    """What there is to say of the tables beside their rows."""
    noted = [sheet for sheet in sheets if sheet.note is not None]
    aside = next((sheet for sheet in noted if sheet.note is SheetNote.NOT_ASKED_FOR), None)
    return tuple(Decision((), (_note(sheet, offered=sheet is aside),), "sheet_note") for sheet in noted)


def _note(sheet: DealSheet, *, offered: bool) -> Outcome:
    """`offered` where the rows of all tables may be registered by one press."""
    values: dict[str, Value] = {"file": sheet.file, "count": len(sheet.requests)}
    return Outcome(f"sheet.{sheet.note}", values, offers=(register_rows(),) if offered else ())


def _without_tables(reading: Reading, sheets: Sequence[DealSheet]) -> Reading:
    """No deals in the files, which are yet what the message speaks of."""
    kept = tuple(request for request in reading.requests if not _is_about(request, ()))
    return replace(reading, requests=kept, answer_expected=True, sheets=tuple(sheets))


def _is_sure(request: Request) -> bool:
    return request.confidence >= _SURE and not request.ask


def _is_about(request: Request, rows: Sequence[Request]) -> bool:
    """Whether a request of the text only points to the table: what is said of it in general is taken for nearly any
    wish, though never surely, and names nothing; or it names a deal that stands there too.
    """
    said = request.fields
    if request.intent in (Intent.OTHER, Intent.THANKS):
        return True
    if request.intent is not Intent.REGISTER_DEAL or not isinstance(said, DealFields):
        return not _is_sure(request) and _names_nothing(said)
    return not (said.customer or said.customer_domain) or any(_adds_nothing(said, row.fields) for row in rows)


def _names_nothing(said: Fields) -> bool:
    return isinstance(said, TopicFields) or all(getattr(said, f.name) in (None, ()) for f in fields(said))


def _adds_nothing(said: DealFields, row: object) -> bool:
    """Whether a row is of the same customer and says all of it as well."""
    if not isinstance(row, DealFields):
        return False
    names = (said.customer or "", said.customer_domain or "", row.customer or "", row.customer_domain or "")
    more = (f.name for f in fields(said) if f.name not in ("customer", "customer_domain"))
    return same_customer(*names) and all(getattr(said, n) in (None, (), getattr(row, n)) for n in more)


def _within_limit(tables: Sequence[DealSheet]) -> list[DealSheet]:
    left, kept = MOST_ROWS, []
    for sheet in tables:
        taken = sheet.requests[:left]
        left -= len(taken)
        note = sheet.note if len(taken) == len(sheet.requests) else SheetNote.TOO_MANY_ROWS
        kept.append(DealSheet(sheet.file, taken, note))
    return kept


def _unusable(row: SheetRow, deal: DealFields, facts: Facts) -> Value | None:
    """Why nothing is done for a row. One that names nobody would be another draft each time the table is sent."""
    if row.formulas:
        return text("sheet.formula", fields=field_names(row.formulas))
    checked = check(deal, facts)
    if not (checked.said.get("customer") or checked.domain):
        return text("sheet.no_customer")
    said = [f.name for f in fields(deal) if getattr(deal, f.name) is not None]
    return text("sheet.only_name") if said == ["customer"] and not row.unread else None


def _results(row: SheetRow, decided: Decision) -> tuple[Value, ...]:
    number = next(iter(decided.deal_numbers), "")
    wrong = [o.text.removeprefix("problem.") for o in decided.outcomes if o.text.startswith("problem.")]
    unread = tuple(dict.fromkeys((*row.unread, *wrong)))
    results: list[Value] = []
    match decided.log:
        case "registration_submitted":
            results.append(text("sheet.registered", number=number))
        case "fields_asked":
            results.append(text("sheet.draft", number=number))
            lacking = [
                n
                for c in decided.commands
                if isinstance(c, AwaitFields)
                for n in c.fields
                if n not in (*unread, *YES_OR_NO)
            ]
            results += [text("sheet.missing", fields=field_names(lacking))] if lacking else []
        case "own_duplicate":
            results.append(text("sheet.exists", number=number))
            results += [text("sheet.noted")] if any(isinstance(c, HandOver) for c in decided.commands) else []
        case _:
            results.append(text("sheet.handed_over"))
    return (*results, *((text("sheet.unread", fields=field_names(unread)),) if unread else ()))


def _line(row: SheetRow, deal: DealFields, results: tuple[Value, ...]) -> Outcome:
    name = deal.customer or deal.customer_domain or ""
    key = "sheet.row_of" if name else "sheet.row"
    line = text(key, row=str(row.number), customer=name, results=results)
    return Outcome(_RESULTS, {"file": row.file, "rows": line}, figures=True)


def _with_all(decision: Decision, lines: dict[str, list[Value]], notes: list[HandOver]) -> Decision:
    """The first decision of each table says all of it; the others say nothing."""
    outcomes: list[Outcome] = []
    commands = list(decision.commands)
    for outcome in decision.outcomes:
        if outcome.text != _RESULTS:
            outcomes.append(outcome)
            continue
        commands = [c for c in commands if not isinstance(c, HandOver)]
        file = str(outcome.values["file"])
        if rows := lines.pop(file, None):
            outcomes.append(replace(outcome, values={"file": file, "rows": tuple(rows)}))
        if notes:
            commands.append(_one(notes))
            notes.clear()
    return replace(decision, commands=tuple(commands), outcomes=tuple(outcomes))


def _one(notes: Sequence[HandOver]) -> HandOver:
    """All that managers are told of a table's rows, so that a long one opens one task."""
    if len(notes) == 1:
        return notes[0]
    summary = f"{len(notes)} rows of a table: " + " | ".join(note.summary for note in notes)
    return HandOver(notes[0].intent, summary if len(summary) <= _SUMMARY else summary[: _SUMMARY - 1] + "…")


def _awaits_nothing(command: Command) -> bool:
    return isinstance(command, AwaitFields) and not command.fields

"""An invoice's PDF goes to the manager; a mail without one is answered by asking for it."""

from __future__ import annotations

from bot.intents.submit_invoice import decide
from bot.vocabulary.decisions import Decision, HandOver
from bot.vocabulary.message import Attachment
from bot.vocabulary.requests import Intent
from crm.records import Channel
from tests.builders import facts, request

PDF = Attachment("invoice 7.pdf", "application/pdf", 900, "ab" * 32, kind="pdf")
SCAN = Attachment("scan.png", "image/png", 900, "cd" * 32, kind="image")
REFUSED = Attachment("invoice.exe", "application/pdf", 900, "ef" * 32, refused="program")
WISH = request(Intent.SUBMIT_INVOICE, statement_ref="S-2026-10", invoice_number="RE-7")


def texts(decision: Decision) -> list[str]:
    return [outcome.text for outcome in decision.outcomes]


def test_a_pdf_is_received_and_passed_on() -> None:
    decision = decide(WISH, facts(attachments=(PDF, SCAN)))
    assert texts(decision) == ["invoice.received", "handed_over.to_manager"]
    assert decision.outcomes[0].values["files"] == ("invoice 7.pdf",)
    [task] = decision.commands
    assert isinstance(task, HandOver)
    assert "RE-7" in task.summary


def test_without_a_file_the_pdf_is_asked_for_and_nobody_is_troubled() -> None:
    decision = decide(WISH, facts())
    assert (texts(decision), decision.commands) == (["invoice.send_pdf"], ())


def test_a_refused_file_is_no_invoice() -> None:
    assert texts(decide(WISH, facts(attachments=(REFUSED,)))) == ["invoice.send_pdf"]


def test_another_file_goes_to_the_manager_and_the_pdf_is_asked_for() -> None:
    decision = decide(WISH, facts(attachments=(SCAN,)))
    assert texts(decision) == ["handed_over.to_manager", "invoice.send_pdf"]
    assert len(decision.commands) == 1


def test_where_it_is_not_sure_that_it_is_an_invoice_a_person_looks_at_it() -> None:
    unsure = request(Intent.SUBMIT_INVOICE, ask=True)
    assert texts(decide(unsure, facts(attachments=(PDF,)))) == ["invoice.received", "handed_over.to_manager"]


def test_who_may_have_forgotten_the_file_is_not_told_that_an_invoice_has_come() -> None:
    decision = decide(request(Intent.SUBMIT_INVOICE, ask=True), facts())
    assert texts(decision) == ["handed_over.to_manager", "invoice.no_pdf"]
    assert decision.outcomes[0].values["matter"] == {"text": "matter.other"}
    assert len(decision.commands) == 1


def test_in_slack_the_name_tells() -> None:
    named = Attachment("Invoice.PDF", "", 900, "")
    assert texts(decide(WISH, facts(channel=Channel.SLACK, attachments=(named,))))[0] == "invoice.received"

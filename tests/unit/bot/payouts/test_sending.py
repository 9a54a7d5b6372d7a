"""A statement goes out once: to the partner's finance contact, to the vendor's finance, and to Slack without a sum."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import func, select

from bot.desk.telling import Telling
from bot.payouts import statement_mail
from bot.payouts.sending import StatementDocuments
from bot.storage import lines, mirror, slack_channels, statements, tables, threads
from bot.storage.documents import StoredDocuments
from bot.storage.slack_channels import SlackChannel
from bot.storage.statements import StatementFile
from bot.vocabulary.documents import JSON, PDF, Document, fitting, from_payload
from bot.vocabulary.message import ThreadKind
from crm.records import Contact, Partner
from knowledge.commission.account import Line
from knowledge.commission.statement import Statement, StatementState
from tests.builders import NOW, contact, partner, program
from tests.unit.bot.payouts.books import Books
from tests.unit.bot.payouts.made import line, statement

SARA = contact(id="c-1", name="Sara Lind", email="sara@brightpath.example", main=True)
FINN = contact(id="c-9", name="Finn Ance", email="accounts@brightpath.example", main=False, language="de")
BRIGHTPATH = partner(
    id="p-1", name="Brightpath", language="en", finance_contact_id="c-9", purchase_order="PO-4711", vat_id="BE0123"
)
LINES = (line("k-1", "900.00", customer="Globex"), line("k-2", "150.50", customer="Initech"))
CHANNEL = SlackChannel("T-V", "C-BRIGHT", "partner-brightpath", "p-1", "T-B")
ACCOUNTS, FINANCE = "accounts@brightpath.example", "finance@lumora.example"


class Office:
    """One partner with one statement of two lines, and the job that sends it."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.storage = books.storage
        self.statement = statement(*LINES)
        telling = Telling(program(), "lumora.example", lambda: NOW)
        self.job = StatementDocuments(books.storage, books.queue, books.programs, telling)

    async def holds(
        self, *, of: Partner = BRIGHTPATH, people: tuple[Contact, ...] = (SARA, FINN), posted: tuple[Line, ...] = LINES
    ) -> None:
        async with self.storage.begin() as connection:
            await mirror.store(connection, [of, *people])
            await lines.insert_new(connection, posted)
            await statements.issue(connection, self.statement)

    async def mapped(self) -> None:
        async with self.storage.begin() as connection:
            await slack_channels.save(connection, CHANNEL)

    async def becomes(self, **changes: Any) -> Statement:
        async with self.storage.begin() as connection:
            now = await statements.find(connection, self.statement.id)
            assert now is not None
            await statements.save(connection, replace(now, **changes))
        return now

    async def sends(self, revision: int = 1) -> None:
        await self.job(self.statement.id, revision)

    async def out(self, destination: str = "mail") -> list[dict[str, Any]]:
        query = select(tables.outbox.c.payload).where(tables.outbox.c.destination == destination)
        async with self.storage.reading() as connection:
            return list(await connection.scalars(query.order_by(tables.outbox.c.seq)))

    async def mail_to(self, address: str) -> dict[str, Any]:
        (found,) = [payload for payload in await self.out() if payload["to"] == address]
        return found

    async def files(self, revision: int = 1) -> tuple[StatementFile, ...]:
        async with self.storage.reading() as connection:
            return await statements.files_of(connection, self.statement.id, revision)

    async def stands(self) -> Statement:
        async with self.storage.reading() as connection:
            found = await statements.find(connection, self.statement.id)
        assert found is not None
        return found

    async def content(self, payload: dict[str, Any], ending: str) -> bytes:
        (document,) = [d for d in attached(payload) if d.name.endswith(ending)]
        content = await StoredDocuments(self.storage).load(document)
        assert content is not None
        return content


def attached(payload: dict[str, Any]) -> tuple[Document, ...]:
    return from_payload(payload.get("documents"))


def names(payload: dict[str, Any]) -> list[str]:
    return [document.name for document in attached(payload)]


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    said = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(said.split())


@pytest.fixture
def office(books: Books) -> Office:
    return Office(books)


async def test_the_finance_contact_gets_it_in_his_own_language_with_pdf_and_csv(office: Office) -> None:
    await office.holds()
    await office.sends()
    mail = await office.mail_to(ACCOUNTS)
    assert names(mail) == ["S-2026-10.pdf", "S-2026-10.csv"]
    assert mail["subject"] == "Provisionsabrechnung S-2026-10 für Oktober 2026"
    assert mail["language"] == "de"
    for part in ("Guten Tag Finn", "1.050,50 €", "Positionen: 2", "PO-4711", "invoices@lumora.example", "30 Tage"):
        assert part in mail["text"].replace("\xa0", " ")
    assert not [payload for payload in await office.out() if payload["to"] == SARA.email]


async def test_the_pdf_says_what_the_statement_says(office: Office) -> None:
    await office.holds()
    await office.sends()
    said = words_of(await office.content(await office.mail_to(ACCOUNTS), ".pdf")).replace("\xa0", " ")
    for part in ("S-2026-10", "Brightpath", "Lumora B.V.", "Globex", "900,00", "Initech", "150,50", "1.050,50 €"):
        assert part in said


async def test_its_hash_is_kept_with_the_statement(office: Office) -> None:
    await office.holds()
    await office.sends()
    files = {file.kind: file for file in await office.files()}
    assert set(files) == {"pdf", "csv", "json"}
    assert (await office.stands()).pdf == hashlib.sha256(files["pdf"].content).hexdigest()


async def test_the_vendors_finance_gets_a_copy_of_its_own_without_the_partners_key(office: Office) -> None:
    await office.holds()
    await office.sends()
    copy, partners = await office.mail_to(FINANCE), await office.mail_to(ACCOUNTS)
    assert names(copy) == ["S-2026-10.pdf", "S-2026-10.csv", "S-2026-10.json"]
    assert "Brightpath" in copy["subject"]
    assert "accounts@brightpath.example" in copy["text"]
    assert partners["reply_key"]
    assert "reply_key" not in copy
    assert json.loads(await office.content(copy, ".json"))["total"] == {"amount": "1050.50", "currency": "EUR"}


async def test_an_answer_to_it_is_known_as_one_about_this_statement(office: Office) -> None:
    await office.holds()
    await office.sends()
    key = (await office.mail_to(ACCOUNTS))["reply_key"]
    async with office.storage.reading() as connection:
        thread = await threads.find(connection, "p-1", reply_key=key)
        sent_in = await statements.thread_of(connection, office.statement.id)
    assert thread is not None
    assert (thread.context.kind, thread.context.subject_ref) == (ThreadKind.STATEMENT, "S-2026-10")
    assert thread.context.id == sent_in


async def test_slack_hears_that_it_went_and_no_sum_and_no_name(office: Office) -> None:
    await office.holds()
    await office.mapped()
    await office.sends()
    (post,) = await office.out("slack")
    assert post["text"].endswith("Your commission statement for October 2026 has gone by mail to your finance contact.")
    assert "only_team" not in post
    for secret in ("1,050", "1.050", "Finn", "accounts@", "documents"):
        assert secret not in json.dumps(post)


async def test_without_a_channel_nothing_is_posted(office: Office) -> None:
    await office.holds()
    await office.sends()
    assert await office.out("slack") == []


async def test_without_a_finance_contact_the_main_contact_gets_it(office: Office) -> None:
    await office.holds(of=replace(BRIGHTPATH, finance_contact_id=None))
    await office.mapped()
    await office.sends()
    assert names(await office.mail_to(SARA.email))
    (post,) = await office.out("slack")
    assert "your main contact" in post["text"]


async def test_a_finance_contact_who_left_is_passed_over(office: Office) -> None:
    await office.holds(people=(SARA, replace(FINN, active=False)))
    await office.sends()
    assert names(await office.mail_to(SARA.email))


async def test_where_nobody_can_be_told_a_manager_has_a_task_and_finance_its_copy(office: Office) -> None:
    await office.holds(people=(replace(SARA, active=False),))
    await office.sends()
    assert [payload["to"] for payload in await office.out()] == [FINANCE]
    assert "nobody yet" in (await office.mail_to(FINANCE))["text"]
    (task,) = await office.books.tasks()
    assert "S-2026-10" in task


async def test_running_again_or_twice_at_once_sends_nothing_more(office: Office) -> None:
    await office.holds()
    await office.mapped()
    await asyncio.gather(*(office.sends() for _ in range(3)))
    await office.sends()
    assert len(await office.out()) == 2
    assert len(await office.out("slack")) == 1
    assert len(await office.out("crm")) == 2
    async with office.storage.reading() as connection:
        entries = select(func.count()).select_from(tables.ledger).where(tables.ledger.c.kind == "statement_sent")
        assert await connection.scalar(entries) == 1


async def test_the_timeline_shows_what_was_sent_with_its_hash(office: Office) -> None:
    await office.holds()
    await office.sends()
    (row,) = await office.out("crm")
    assert row["record"]["outcome"] == "statement_sent"
    sizes = {file.kind: len(file.content) for file in await office.files()}
    said = f"Attached: S-2026-10.pdf ({sizes['pdf']} bytes, sha256 {(await office.stands()).pdf})"
    assert said in row["record"]["body"]


async def test_a_revision_says_so_in_the_same_thread_and_the_first_stays_kept(office: Office) -> None:
    await office.holds()
    await office.sends()
    first = await office.mail_to(ACCOUNTS)
    async with office.storage.begin() as connection:
        await statements.take_off(connection, office.statement.id, ["k-2"])
    await office.becomes(revision=2, total=LINES[0].amount, pdf="")
    await office.sends(2)
    second = [payload for payload in await office.out() if payload["to"] == ACCOUNTS][-1]
    assert names(second) == ["S-2026-10-r2.pdf", "S-2026-10-r2.csv"]
    assert second["reply_key"] == first["reply_key"]
    assert second["in_reply_to"]
    assert "Fassung 2" in second["text"]
    assert "900,00" in second["text"]
    assert await office.content(first, ".pdf") == {f.kind: f.content for f in await office.files(1)}["pdf"]
    assert (await office.stands()).pdf == {f.kind: f.sha256 for f in await office.files(2)}["pdf"]


async def test_a_revision_goes_to_the_finance_contact_whoever_wrote_last(office: Office) -> None:
    await office.holds()
    await office.sends()
    async with office.storage.begin() as connection:
        thread_id = await statements.thread_of(connection, office.statement.id)
        assert thread_id
        await threads.reply_key(connection, thread_id, SARA.email)
    await office.becomes(revision=2)
    await office.sends(2)
    assert not [payload for payload in await office.out() if payload["to"] == SARA.email]


@pytest.mark.parametrize("changes", [{"revision": 2}, {"state": StatementState.VOID}])
async def test_what_was_overtaken_or_withdrawn_is_not_sent(office: Office, changes: dict[str, Any]) -> None:
    await office.holds()
    await office.becomes(**changes)
    await office.sends(1)
    assert await office.out() == []
    assert await office.files() == ()


async def test_a_statement_that_is_not_there_is_nothing_to_send(office: Office) -> None:
    await office.job("7c9e6679-7425-40de-944b-e07fc1f90ae7", 1)
    assert await office.out() == []


async def test_hostile_names_reach_nobody_as_markup_or_formula(office: Office) -> None:
    nasty = line("k-1", "900.00", customer='=HYPERLINK("http://evil.example")\r\nBcc: x@evil.example <b>\0\u202e')
    office.statement = statement(nasty)
    await office.holds(posted=(nasty,))
    await office.sends()
    mail = await office.mail_to(ACCOUNTS)
    table = (await office.content(mail, ".csv")).decode("utf-8-sig")
    assert "'=HYPERLINK" in table
    assert len(table.strip().split("\r\n")) == 2


async def test_what_fails_to_the_last_becomes_a_managers_task(office: Office) -> None:
    broken = line("k-1", "900.00", currency="USD")
    office.statement = statement(broken, total=LINES[0].amount, period="no month")
    await office.holds(posted=(broken,))
    with pytest.raises(ValueError, match="isoformat"):
        await office.job(office.statement.id, 1, attempt=0)
    await office.job(office.statement.id, 1, attempt=4)
    (task,) = await office.books.tasks()
    assert "S-2026-10 of Brightpath could not be sent (ValueError; the log says more)" in task
    assert 'partnerline statements send S-2026-10 --partner "Brightpath"' in task


async def test_each_line_says_what_earned_it(office: Office) -> None:
    await office.holds()
    await office.books.pay("pay-k-1", "6000")
    await office.books.pay("pay-k-2", "-100")
    await office.sends()
    table = (await office.content(await office.mail_to(ACCOUNTS), ".csv")).decode("utf-8-sig").split("\r\n")
    assert "Globex,Kundenzahlung" in table[1]
    assert "Initech,Erstattung" in table[2]


async def test_the_vendors_copy_names_plans_as_people_call_them(office: Office) -> None:
    other = replace(LINES[1], plan_id="services-2026", plan="Services 2026", version="2026.2")
    await office.holds(posted=(LINES[0], other))
    await office.sends()
    said = (await office.mail_to(FINANCE))["text"]
    assert "Plans: Referral 2026 (version 2026.1), Services 2026 (version 2026.2)" in said
    assert "services-2026" not in said


async def test_the_vendors_copy_names_what_was_too_large_for_a_mail(office: Office) -> None:
    small, large = (
        Document("a.pdf", PDF, 9, "ab" * 32, "page/ab"),
        Document("a.json", JSON, 10**8, "ab" * 32, "page/ab"),
    )
    both = [small, large]
    reply = statement_mail.copy(office.statement, program(), BRIGHTPATH, None, LINES, fitting(both), both)
    assert "Too large for a mail, and kept in the console: a.json." in reply.text
    assert "a.pdf" not in reply.text

"""`partnerline ledger` as operators meet it: verified, shown, compared with the CRM, replayed, exported, erased."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import ledger, mirror, outbox, tables
from bot.storage.crm_writes import interaction_row
from crm.records import Channel, Contact, Direction, Interaction, Partner
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import on, submit, write_partners

DOC = Path(__file__).parents[4] / "docs" / "ledger.md"
AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
AOIFE = "aoife@quaywise.example"
MESSAGE = "06a07806-6cc4-4e1c-9190-d990c045087"  # and one digit more


@pytest.fixture(autouse=True)
def _nobody_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))


@pytest.fixture
def imported(partnerline: Partnerline, on_database: str, tmp_path: Path) -> str:
    assert partnerline("partners", "import", write_partners(tmp_path)).code == 0
    return on_database


def do(url: str, *statements: str) -> None:
    async def change(connection: AsyncConnection) -> None:
        await connection.execute(text("alter table ledger disable trigger user"))
        for statement in statements:
            await connection.execute(text(statement))

    on(url, change)


def rows(url: str, query: str) -> list[Any]:
    async def read(connection: AsyncConnection) -> list[Any]:
        return list((await connection.execute(text(query))).all())

    return on(url, read)


async def quaywise(connection: AsyncConnection) -> Partner:
    return next(p for p in await mirror.everyone(connection, Partner) if p.name.startswith("Quaywise"))


def note(url: str, *bodies: dict[str, Any], ours: bool = True) -> None:
    async def append(connection: AsyncConnection) -> None:
        whose = (await quaywise(connection)).id if ours else "p-other"
        for body in bodies:
            await ledger.append(connection, "decision", "noor@lumora.example", body, partner_id=whose)

    on(url, append)


def told_crm(url: str, key: str, state: str = "sent") -> None:
    """The CRM took it, as the outbox remembers."""

    async def put(connection: AsyncConnection) -> None:
        owner = await quaywise(connection)
        said = Interaction(
            key, owner.id, None, (), Channel.EMAIL, Direction.IN, AT, "asks", f"<{key}@x>", "logged", "How?"
        )
        await outbox.put(connection, [interaction_row(said)])
        await connection.execute(
            text("update outbox set state = :state where kind = 'log_interaction'"), {"state": state}
        )

    on(url, put)


def test_an_untouched_ledger_verifies_and_its_head_proves_it_later(partnerline: Partnerline, imported: str) -> None:
    note(imported, {"number": "D-1"})
    head = partnerline("ledger", "head").out.strip()
    note(imported, {"number": "D-2"})
    shown = partnerline("ledger", "verify", "--anchor", head)
    assert shown.code == 0
    assert "as they were written" in shown.out
    assert "1 anchor(s) fit" in shown.out
    assert "1 row(s) are not sealed yet" in shown.out


def test_a_changed_row_is_named_with_exit_code_1(partnerline: Partnerline, imported: str) -> None:
    note(imported, {"number": "D-1"}, {"number": "D-2"})
    partnerline("ledger", "head")
    do(imported, "update ledger set actor = 'nobody' where body ->> 'number' = 'D-2'")
    shown = partnerline("ledger", "verify")
    assert shown.code == 1
    assert "it was changed" in shown.err


def test_a_chain_that_was_sealed_anew_is_found_by_an_anchor(partnerline: Partnerline, imported: str) -> None:
    note(imported, {"number": "D-1"}, {"number": "D-2"})
    head = partnerline("ledger", "head").out.strip()
    do(
        imported,
        "delete from ledger where body ->> 'number' = 'D-1'",
        "update ledger set chain = null, position = null",
    )
    partnerline("ledger", "head")
    assert partnerline("ledger", "verify").code == 0
    assert partnerline("ledger", "verify", "--anchor", head).code == 1


def test_what_is_no_anchor_cannot_be_used(partnerline: Partnerline, on_database: str) -> None:
    shown = partnerline("ledger", "verify", "--anchor", "yesterday")
    assert shown.code == 2
    assert "ledger head" in shown.err


def test_rows_are_shown_by_what_they_are_about(partnerline: Partnerline, imported: str) -> None:
    note(imported, {"number": "D-104822", "outcome": "[red]approved"}, {"number": "D-7"})
    shown = partnerline("ledger", "show", "--about", "d-104822")
    assert "[red]approved" in shown.out
    assert "D-7" not in shown.out
    assert "Quaywise Advisory" in shown.out
    lines = partnerline(
        "ledger", "show", "--kind", "decision", "--partner", "quaywise advisory", "--json"
    ).out.splitlines()
    assert [json.loads(line)["body"]["number"] for line in lines] == ["D-104822", "D-7"]


def test_what_a_partner_wrote_is_shown_with_the_deal_that_came_of_it(partnerline: Partnerline, imported: str) -> None:
    async def append(connection: AsyncConnection) -> None:
        words = {"7": "Please register Hollister Freight.", "8": "Something else"}
        for end, said in words.items():
            values = {"id": MESSAGE + end, "channel": "email", "envelope": {}, "raw": b"raw", "reference": f"M-{end}"}
            await connection.execute(insert(tables.inbox).values(**values))
            await ledger.append(connection, "message_in", "email", {"text": said}, inbox_id=MESSAGE + end)
        await ledger.append(connection, "decision", "email", {"deals": ["D-917722"]}, inbox_id=f"{MESSAGE}7")

    on(imported, append)
    shown = partnerline("ledger", "show", "--about", "D-917722").out
    assert "Hollister Freight" in shown
    assert "Something else" not in shown


def test_a_command_that_changes_something_is_noted_with_how_it_ended(partnerline: Partnerline, imported: str) -> None:
    partnerline("contacts", "close", AOIFE)
    partnerline("contacts", "close", AOIFE, "--by", "noor@lumora.example")
    [first, *_, last] = [row[0] for row in rows(imported, "select body from ledger where kind = 'command' order by id")]
    assert first["command"] == "partners import"
    assert last["command"] == "contacts close"
    assert last["given"]["address"] == AOIFE
    assert last["outcome"].startswith("refused: ") or last["outcome"] == "ended"


def test_commands_that_only_look_are_not_noted(partnerline: Partnerline, imported: str) -> None:
    before = len(rows(imported, "select id from ledger"))
    partnerline("contacts", "list")
    partnerline("ledger", "show")
    partnerline("ledger", "diff")
    partnerline("ledger", "replay", "--dry-run")
    assert len(rows(imported, "select id from ledger")) == before


def test_where_nothing_was_written_there_is_nothing_to_compare(partnerline: Partnerline, imported: str) -> None:
    shown = partnerline("ledger", "diff")
    assert (shown.code, "nothing was written to the CRM" in shown.out) == (0, True)


def test_what_the_crm_lacks_is_shown_and_written_again(partnerline: Partnerline, imported: str) -> None:
    told_crm(imported, "in:1")
    shown = partnerline("ledger", "diff", "--partner", "Quaywise Advisory")
    assert shown.code == 1
    assert "1 missing, 0 said differently" in shown.out
    assert partnerline("ledger", "replay").code == 2  # nobody there to ask
    assert partnerline("ledger", "replay", "--yes", "--by", "noor@lumora.example").code == 0
    assert rows(imported, "select count(*) from outbox where kind = 'log_again' and state = 'pending'")[0][0] == 1
    assert partnerline("ledger", "diff").code == 0  # it is on its way
    assert rows(imported, "select actor from ledger where kind = 'crm_replay'")[0][0] == "noor@lumora.example"


def test_a_registration_that_the_crm_says_otherwise_stays_the_crms(partnerline: Partnerline, imported: str) -> None:
    submit(imported)
    partnerline("registrations", "refuse", "D-10482", "--reason", "not now")
    do(imported, "update outbox set state = 'sent' where destination = 'crm'")
    shown = partnerline("ledger", "diff")
    assert (shown.code, "registration" in shown.out) == (1, True)
    assert "would be written again" in partnerline("ledger", "replay", "--dry-run").out


def exported(partnerline: Partnerline, url: str, file: Path, *options: str) -> Path:
    note(url, {"number": "D-1", "text": "ours"})
    note(url, {"number": "D-9", "text": "a secret of others"}, ours=False)
    note(url, {"number": "D-2", "deal": {"customer": "Vega", "amount": "10.00"}})
    shown = partnerline("ledger", "export", file, "--partner", "Quaywise Advisory", *options)
    assert (shown.code, "SHA-256" in shown.out) == (0, True)
    return file


def checked(tmp_path: Path, file: Path) -> subprocess.CompletedProcess[str]:
    """By the program that stands in the documentation, and nothing of ours."""
    program = DOC.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    script = tmp_path / "check.py"
    script.write_text(program, encoding="utf-8")
    return subprocess.run([sys.executable, "-I", script, file], capture_output=True, text=True, check=False)


def test_an_export_proves_itself_to_others_and_shows_nobody_else(
    partnerline: Partnerline, imported: str, tmp_path: Path
) -> None:
    file = exported(partnerline, imported, tmp_path / "part.jsonl")
    done = checked(tmp_path, file)
    assert (done.returncode, done.stderr) == (0, "")
    assert partnerline("ledger", "head").out.strip() != ""
    assert "a secret of others" not in file.read_text(encoding="utf-8")
    assert "p-other" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("was", "becomes"),
    [('"ours"', '"theirs"'), ('"D-2"', '"D-3"'), ("noor@lumora.example", "noor@lumora.exampl3"), ('"Vega"', '"Wega"')],
)
def test_an_export_that_was_changed_does_not_prove_itself(
    partnerline: Partnerline, imported: str, tmp_path: Path, was: str, becomes: str
) -> None:
    file = exported(partnerline, imported, tmp_path / "part.jsonl")
    file.write_text(file.read_text(encoding="utf-8").replace(was, becomes), encoding="utf-8")
    assert checked(tmp_path, file).returncode != 0


def test_an_export_as_csv_has_the_same_rows(partnerline: Partnerline, imported: str, tmp_path: Path) -> None:
    file = exported(partnerline, imported, tmp_path / "part.csv", "--format", "csv")
    with file.open(encoding="utf-8", newline="") as opened:
        found = list(csv.DictReader(opened))
    assert [json.loads(row["body"])["number"] for row in found if row["body"]] == ["D-1", "D-2"]
    assert all(row["chain"] for row in found)
    assert any(row["row_hash"] and not row["id"] for row in found)


def test_an_export_overwrites_nothing(partnerline: Partnerline, imported: str, tmp_path: Path) -> None:
    file = exported(partnerline, imported, tmp_path / "part.jsonl")
    assert partnerline("ledger", "export", file, "--partner", "Quaywise Advisory").code == 1
    assert partnerline("ledger", "export", tmp_path / "x", "--partner", "Nobody").code == 1
    assert partnerline("ledger", "export", tmp_path / "x", "--partner", "Nobody", "--format", "xml").code == 2


def test_a_person_is_forgotten_after_a_yes_and_stays_unknown(partnerline: Partnerline, imported: str) -> None:
    note(imported, {"text": f"call Aoife Brannigan at {AOIFE}"})
    shown = partnerline("ledger", "forget", "--contact", AOIFE)
    assert (shown.code, "nobody answered" in shown.err) == (2, True)
    assert AOIFE in partnerline("contacts", "list").out
    done = partnerline("ledger", "forget", "--contact", AOIFE, "--reason", "request 17", "--yes")
    assert (done.code, "the ledger has the proof" in done.out) == (0, True)
    assert AOIFE not in partnerline("contacts", "list").out
    assert rows(imported, f"select count(*) from crm.contacts where email = '{AOIFE}'")[0][0] == 0
    assert rows(imported, f"select count(*) from ledger where body::text ilike '%{AOIFE}%'")[0][0] == 0
    assert partnerline("ledger", "verify").code == 0
    again = rows(imported, "select contact_id from forgotten")[0][0]
    assert "forgotten before" in partnerline("ledger", "forget", "--contact", again).out


def test_a_forgotten_person_can_be_opened_anew(partnerline: Partnerline, imported: str) -> None:
    partnerline("ledger", "forget", "--contact", AOIFE, "--yes")
    opened = partnerline("contacts", "add", "Quaywise Advisory", "Aoife Brannigan", AOIFE)
    assert opened.code == 0
    assert AOIFE in partnerline("contacts", "list").out


def test_a_stranger_is_forgotten_by_the_address_and_a_name_is_not_enough(
    partnerline: Partnerline, imported: str
) -> None:
    note(imported, {"text": "x@stranger.example wrote"})
    assert partnerline("ledger", "forget", "--contact", "x@stranger.example", "--yes").code == 0
    assert rows(imported, "select count(*) from ledger where body::text like '%x@stranger%'")[0][0] == 0
    assert partnerline("ledger", "forget", "--contact", "Aoife", "--yes").code == 2


def test_managers_and_the_agent_are_not_forgotten(partnerline: Partnerline, imported: str) -> None:
    for address in ("noor@lumora.example", "partners@lumora.example"):
        shown = partnerline("ledger", "forget", "--contact", address, "--yes")
        assert (shown.code, "address of this program" in shown.err) == (2, True)


def test_nobody_is_left_out_of_the_import_of_partners(partnerline: Partnerline, imported: str, tmp_path: Path) -> None:
    partnerline("ledger", "forget", "--contact", AOIFE, "--yes")
    assert partnerline("partners", "import", write_partners(tmp_path)).code == 0

    async def people(connection: AsyncConnection) -> list[str]:
        return [one.email for one in await mirror.everyone(connection, Contact)]

    assert AOIFE in on(imported, people)

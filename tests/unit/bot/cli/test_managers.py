"""What managers do by command line: decide registrations, map channels, replay what was shunted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import hold, on, shunt, submit, write_partners


@pytest.fixture
def partners(partnerline: Partnerline, on_database: str, tmp_path: Path) -> str:
    """A database with two partners; its URL."""
    assert partnerline("partners", "import", write_partners(tmp_path)).code == 0
    return on_database


def test_a_registration_is_listed_accepted_once_and_told_to_wait_for_a_worker(
    partnerline: Partnerline, partners: str
) -> None:
    submit(partners)
    listed = partnerline("registrations", "list")
    assert "D-10482" in listed.out
    assert "Harbour [red]Foods" in listed.out  # what a partner wrote is text, not markup
    accepted = partnerline("registrations", "approve", "d-10482")
    assert accepted.code == 0
    assert "D-10482 accepted by Noor Haddad" in accepted.out
    assert "no worker runs now" in accepted.out
    again = partnerline("registrations", "approve", "D-10482")
    assert again.code == 1
    assert "already by noor@lumora.example" in again.err
    assert "no registration waits" in partnerline("registrations", "list").out
    assert "approved" in partnerline("registrations", "list", "--all").out


def test_a_refusal_carries_its_reason_and_needs_one(partnerline: Partnerline, partners: str) -> None:
    submit(partners)
    assert partnerline("registrations", "refuse", "D-10482").code == 2
    blank = partnerline("registrations", "refuse", "D-10482", "--reason", "  ")
    assert blank.code == 1
    assert "needs a reason" in blank.err
    refused = partnerline("registrations", "refuse", "D-10482", "--reason", "Ours since May.")
    assert "D-10482 refused by Noor Haddad" in refused.out


def test_a_registration_is_shown_with_all_that_a_manager_decides_by(partnerline: Partnerline, partners: str) -> None:
    submit(partners)
    shown = partnerline("registrations", "show", "d-10482")
    assert shown.code == 0
    for words in ("Harbour [red]Foods", "EUR 17,280.00", "Noor Haddad", "approve: Complete; no older open deal"):
        assert words in shown.out
    partnerline("registrations", "approve", "D-10482")
    after = partnerline("registrations", "show", "D-10482").out
    assert "Protected until" in after
    assert "approved by noor@lumora.example" in after
    assert partnerline("registrations", "show", "D-99999").code == 1


def test_a_partner_is_asked_back_and_a_protection_gets_another_end(partnerline: Partnerline, partners: str) -> None:
    submit(partners)
    asked = partnerline("registrations", "ask", "D-10482", "--question", "Which department buys?")
    assert "went back to the partner" in asked.out
    assert "when the partner has answered" in partnerline("registrations", "list").out
    assert "Which department buys?" in partnerline("registrations", "show", "D-10482").out
    early = partnerline("registrations", "protect", "D-10482", "--until", "2100-01-31")
    assert early.code == 1
    assert "only an accepted registration is protected" in early.err
    partnerline("registrations", "approve", "D-10482")
    longer = partnerline("registrations", "protect", "D-10482", "--until", "2100-01-31")
    assert "set the protection to end on 2100-01-31" in longer.out
    assert partnerline("registrations", "protect", "D-10482", "--until", "soon").code == 2


def test_who_may_not_decide_is_told_why(partnerline: Partnerline, partners: str) -> None:
    submit(partners, amount=Decimal(900_000))
    shown = partnerline("registrations", "approve", "D-10482", "--by", "jonas@lumora.example")
    assert shown.code == 1
    assert "DACH" in shown.err
    stranger = partnerline("registrations", "approve", "D-10482", "--by", "eve@elsewhere.example")
    assert "no manager of this program" in stranger.err


@pytest.mark.usefixtures("partners")
def test_a_channel_is_mapped_to_a_partner_by_its_name(partnerline: Partnerline) -> None:
    mapped = partnerline("channels", "map", "C0QUAY123", "--partner", "quaywise advisory", "--team", "T0QUAYWSE")
    assert mapped.code == 0
    listed = partnerline("channels", "list").out
    assert "C0QUAY123" in listed
    assert "Quaywise Advisory" in listed
    assert "T0QUAYWSE" in listed


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("general", "--partner", "Quaywise Advisory", "--team", "T0QUAYWSE"), 2),
        (("C0QUAY123", "--partner", "Quaywise Advisory", "--team", "quaywise"), 2),
        (("C0QUAY123", "--partner", "Quaywise Advisory", "--team", "T0LUMORA"), 1),
        (("C0QUAY123", "--partner", "Nobody", "--team", "T0QUAYWSE"), 1),
    ],
    ids=["no channel id", "no team id", "our own workspace", "no such partner"],
)
@pytest.mark.usefixtures("partners")
def test_a_wrong_mapping_is_refused(partnerline: Partnerline, words: tuple[str, ...], code: int) -> None:
    assert partnerline("channels", "map", *words).code == code
    assert "no channel is mapped yet" in partnerline("channels", "list").out


@pytest.mark.usefixtures("partners")
def test_what_is_answered_in_a_channel_is_said_and_shown_and_it_is_mapped_no_more(partnerline: Partnerline) -> None:
    partnerline("channels", "map", "C0QUAY123", "--partner", "quaywise advisory", "--team", "T0QUAYWSE")
    assert partnerline("channels", "mode", "C0QUAY123", "mention").code == 0
    listed = partnerline("channels", "list").out
    assert "mention" in listed
    assert "open" in listed
    again = partnerline("channels", "resume", "C0QUAY123")
    assert (again.code, "is not paused" in again.err) == (1, True)
    assert partnerline("channels", "forget", "C0QUAY123").code == 0
    assert partnerline("channels", "forget", "C0QUAY123").code == 1
    assert partnerline("channels", "mode", "C0QUAY123", "loud").code == 2
    assert "no channel is mapped yet" in partnerline("channels", "list").out


@pytest.mark.usefixtures("partners")
def test_a_workspace_that_is_one_partners_is_mapped_to_no_other(partnerline: Partnerline) -> None:
    partnerline("channels", "map", "C0QUAY123", "--partner", "quaywise advisory", "--team", "T0QUAYWSE")
    other = partnerline("channels", "map", "C0WATER12", "--partner", "Lindgrün", "--team", "T0QUAYWSE")
    assert other.code == 1
    assert "speaks for one partner alone" in other.err
    assert "C0WATER12" not in partnerline("channels", "list").out


def test_a_shunted_message_is_shown_and_tried_again_once(partnerline: Partnerline, partners: str) -> None:
    message_id = shunt(partners, "beyond the limits")
    assert "beyond the limits" in partnerline("shunted", "list").out
    assert "x@y.example" in partnerline("shunted", "show", message_id[:8]).out
    assert f"{message_id} is tried again" in partnerline("shunted", "replay", message_id[:8]).out
    again = partnerline("shunted", "replay", message_id)
    assert again.code == 1
    assert "no message is shunted" in partnerline("shunted", "list").out

    async def jobs(connection: AsyncConnection) -> int:
        return int(
            await connection.scalar(text("select count(*) from procrastinate_jobs where task_name = 'read'")) or 0
        )

    assert on(partners, jobs) == 1


def test_a_held_message_is_shown_and_released_once(partnerline: Partnerline, partners: str) -> None:
    message_id = hold(partners, "aoife@quaywise.example", "Our [red]deals\x1b[2J")
    listed = partnerline("held", "list")
    assert "Our [red]deals" in listed.out
    assert "\x1b" not in listed.out  # what a stranger wrote gives a terminal no orders
    assert "Where do our deals stand?" in partnerline("held", "show", message_id[:8]).out
    released = partnerline("held", "release", message_id[:8], "--by", "noor@lumora.example")
    assert released.code == 0
    assert "handled as a message of Aoife Brannigan" in released.out
    assert "no worker runs now" in released.out
    again = partnerline("held", "release", message_id)
    assert again.code == 1
    assert "no message is held" in partnerline("held", "list").out


def test_a_held_message_is_discarded_and_a_strangers_is_not_released(partnerline: Partnerline, partners: str) -> None:
    message_id = hold(partners, "eve@rival.example", "Hello")
    refused = partnerline("held", "release", message_id)
    assert refused.code == 1
    assert "names nobody on file" in refused.err
    assert "no manager of this program" in partnerline("held", "discard", message_id, "--by", "eve@rival.example").err
    assert "is discarded" in partnerline("held", "discard", message_id).out
    assert "no message is held" in partnerline("held", "list").out
    assert partnerline("held", "show", " ").code == 1


def test_what_strangers_wrote_gives_a_terminal_no_orders(partnerline: Partnerline, partners: str) -> None:
    message_id = shunt(partners, "beyond the limits", sender="x\x1b]0;owned\x07\x9b2J@y.example")
    shown = partnerline("shunted", "list").out + partnerline("shunted", "show", message_id[:8]).out
    assert "@y.example" in shown
    assert not set(shown) & set("\x1b\x07\x9b")

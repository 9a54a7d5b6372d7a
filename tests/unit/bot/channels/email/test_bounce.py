"""Bounce addresses: each names its outbox row, nobody else can make one, and a relay's upper case changes nothing."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.email.bounce import BounceAddresses
from bot.channels.email.own import own_addresses
from mail_ingest.address import normalised
from tests.builders import program

ROW = "6f1c2e9a-0000-4000-8000-000000000001"
BOUNCES = BounceAddresses("lumora.example", "a secret of this installation")


@given(st.uuids())
def test_an_address_leads_back_to_its_row(row: UUID) -> None:
    address = BOUNCES.bounce_address(str(row))
    assert BOUNCES.row_of(address) == str(row)
    assert BOUNCES.row_of(f"<{address.upper()}>") == str(row)
    assert len(address.partition("@")[0]) <= 64
    assert normalised(address) == address


def test_it_is_the_same_every_time() -> None:
    assert BOUNCES.bounce_address(ROW) == BOUNCES.bounce_address(ROW)
    assert BOUNCES.bounce_address(ROW) != BOUNCES.bounce_address(str(uuid4()))


def test_an_address_of_another_secret_or_domain_is_nobodys() -> None:
    assert BOUNCES.row_of(BounceAddresses("lumora.example", "guessed").bounce_address(ROW)) is None
    assert BounceAddresses("other.example", BOUNCES.secret).row_of(BOUNCES.bounce_address(ROW)) is None


def test_one_changed_letter_makes_it_nobodys() -> None:
    address = BOUNCES.bounce_address(ROW)
    for place in range(len("bounce+"), address.index("@")):
        other = "b" if address[place] != "b" else "c"
        changed = f"{address[:place]}{other}{address[place + 1 :]}"
        # The last letter holds a bit that means nothing.
        assert BOUNCES.row_of(changed) is None or place == address.index("@") - 1


@given(st.text(max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    assert BOUNCES.row_of(text) is None
    assert BOUNCES.row_of(f"bounce+{text}@lumora.example") is None


@pytest.mark.parametrize("row", ["", "7", "x" * 36])
def test_what_is_no_row_gets_no_address(row: str) -> None:
    with pytest.raises(ValueError, match="UUID"):
        BOUNCES.bounce_address(row)


def test_bounces_are_taken_at_the_edge() -> None:
    own = own_addresses(program().vendor, "")
    assert own.takes(BOUNCES.bounce_address(ROW).upper())
    assert not own.takes("bounce+short@lumora.example")
    assert not own.takes(BOUNCES.bounce_address(ROW).replace("lumora", "other"))

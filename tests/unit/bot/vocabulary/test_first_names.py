"""Whom a name greets: a person by the first name, and a mailbox of several people by none."""

from __future__ import annotations

import pytest

from bot.vocabulary.first_names import first_name


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Lena Braun", "Lena"),
        ("Braun, Lena", "Lena"),
        ("Dr. Lena Braun", "Lena"),
        ("Prof. Dr. Lena Braun", "Lena"),
        ("Lena", "Lena"),
        ("Jean-Luc Petit", "Jean-Luc"),
        ("lena@nova.example", ""),
        ("", ""),
        ("  ", ""),
        ("---", ""),
        ("Dr.", ""),
        ("Braun,", "Braun"),
        ("Buchhaltung Lindgrün", ""),
        ("Comptabilité Cassin", ""),
        ("Accounts Payable", ""),
        ("Administración", ""),
        ("Madonna", "Madonna"),
        ("Frau Müller", "Müller"),
        ("Boekhouding", ""),
        ("Sales team", ""),
        ("Maria Sales", "Maria"),
        ("Lindgrün Einkauf", ""),
        ("Équipe commerciale", ""),
        ("Dpto. de Compras", ""),
    ],
)
def test_people_are_greeted_by_their_first_name_and_mailboxes_by_none(name: str, first: str) -> None:
    assert first_name(name) == first


def test_a_single_word_that_only_repeats_the_address_is_no_name() -> None:
    assert first_name("dispo", "dispo@nova.example") == ""
    assert first_name("Lena", "lena.braun@nova.example") == "Lena"

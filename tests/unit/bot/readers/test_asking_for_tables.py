"""Whether a message without a table speaks of one that came before."""

from __future__ import annotations

import pytest

from bot.readers.sheets.asking import asks_for_table
from bot.texts.catalogue import LANGUAGES, catalogue


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_the_answer_and_its_button_suggest_do(language: str) -> None:
    words = catalogue().template(language, "say.register_rows")
    assert asks_for_table(words)
    assert words.rstrip(".") in catalogue().template(language, "sheet.not_asked_for")


@pytest.mark.parametrize(
    "text",
    ["register the rows please", "Kannst du die Deals aus der Tabelle registrieren?",
     "Können Sie den Anhang registrieren?", "merci d'enregistrer le fichier ci-dessus",
     "kun je de tabel registreren?", "registrad las filas, por favor"],
)  # fmt: skip
def test_other_words_do_as_well(text: str) -> None:
    assert asks_for_table(text)


@pytest.mark.parametrize(
    "text",
    ["How do I register deals from a file?", "Wie registriere ich eine Datei?", "Comment enregistrer un fichier ?",
     "please register Kilbride Pharma, kilbride.example", "thanks for the file", "we registered the file last week",
     ""],
)  # fmt: skip
def test_a_question_how_and_a_wish_of_its_own_do_not(text: str) -> None:
    assert not asks_for_table(text)

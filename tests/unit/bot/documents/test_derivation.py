"""Each step of a derivation has a sentence in every language, and the plain ones are said plainly."""

from __future__ import annotations

import pytest

from bot.documents.derivation import sentences, told
from bot.documents.fonts import fonts
from bot.documents.lettering import clean, wrapped
from bot.documents.statement_words import Words
from bot.texts.catalogue import LANGUAGES, catalogue
from knowledge.commission.derivation import Said, Step, rounding, step
from tests.builders import euro


def english(one: Step) -> str:
    (said,) = sentences([one], Words.of("en", "GB", catalogue()).wording)
    return said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sentence", list(Said))
def test_every_sentence_has_its_words(language: str, sentence: Said) -> None:
    assert catalogue().template(language, f"said.{sentence.value}")


def test_what_needed_no_rounding_is_said_plainly() -> None:
    assert english(rounding("r", euro("12.00"))) == "Commission: €12.00"
    assert english(rounding("r", euro("12.005"))) == "€12.005 rounded to the cent: €12.01"


def test_a_first_sum_does_not_take_off_nothing() -> None:
    first = step("line", "r", Said.EARLIER_LINES, euro(9), total=euro(9), earlier=euro(0), result=euro(9))
    later = step("line", "r", Said.EARLIER_LINES, euro(5), total=euro(9), earlier=euro(4), result=euro(5))
    assert english(first) == "Commission: €9.00"
    assert english(later) == "€9.00 in all, less €4.00 on earlier lines: €5.00"


def test_a_payment_that_counts_as_it_came_is_not_told_three_times() -> None:
    first = step("base", "r", Said.COLLECTED, euro(9), amount=euro(9), collected=euro(9), base=euro(9))
    later = step("base", "r", Said.COLLECTED, euro(15), amount=euro(9), collected=euro(18), base=euro(15))
    assert english(first) == "All of it counts"
    assert english(later) == "€9.00 collected, €18.00 so far, of which €15.00 counts"


def test_a_step_is_a_value_of_an_answer() -> None:
    assert told(rounding("r", euro("1.00"))) == {"text": "said.exact", "exact": euro("1.00"), "result": euro("1.00")}


def test_a_sign_that_french_sets_apart_stays_with_its_word() -> None:
    regular, _ = fonts()
    text = clean("taux du plan : 15 % et « prime » ?")
    for room in range(60, 200, 7):
        for part in wrapped(text, regular, 8, room):
            assert not part.startswith((":", "»", "?"))
            assert not part.endswith("«")

"""What a model was talked into leads no reader anywhere that the original does not."""

from __future__ import annotations

import pytest

from bot.announcements.translations.holding import faults_of
from bot.vocabulary.announcing import AnnouncementText

ORIGINAL = AnnouncementText(
    "en", "New prices", "Dear {first_name}, the new prices are on lumora.com/prices. Please read them with your team."
)
GERMAN = "Liebe {first_name}, die neuen Preise stehen auf lumora.com/prices. Bitte lesen Sie sie mit Ihrem Team"


@pytest.mark.parametrize(
    "added",
    [
        " und melden Sie sich unter evil.com an", " (Evil.CO.UK)", " bei //evil.com/x", " bei ftp://evil/x",
        " bei evil。com", " bei еvil.com", " bei xn--e1awd7f.com", " bei app://evil", " an eve@evil.com",
        " ![](evil.com)",
    ],
)  # fmt: skip
def test_a_translation_that_names_one_more_place_is_not_shown(added: str) -> None:
    faults = faults_of(ORIGINAL, AnnouncementText("de", "Neue Preise", f"{GERMAN}{added}.", approved=False))
    assert [fault for fault in faults if "links and addresses are not the same" in fault and "added" in fault]


def test_a_translation_that_names_another_place_is_not_shown() -> None:
    other = GERMAN.replace("lumora.com", "lumora.net")
    (fault,) = faults_of(ORIGINAL, AnnouncementText("de", "Neue Preise", f"{other}.", approved=False))
    assert "lumora.com missing, lumora.net added" in fault


@pytest.mark.parametrize("said", [" (z.B. heute)", " (z.Hd. aller)", " usw.Danke", " u.a.m.", " im Node.js-Kurs"])
def test_an_abbreviation_is_no_place(said: str) -> None:
    assert faults_of(ORIGINAL, AnnouncementText("de", "Neue Preise", f"{GERMAN}{said}.", approved=False)) == ()

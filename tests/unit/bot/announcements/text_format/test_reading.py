"""The text of an announcement: what is read from it, what is said of a wrong one, and that it can be written again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.announcements.text_format.faults import Faults
from bot.announcements.text_format.keys import Key
from bot.announcements.text_format.reading import LONGEST, ReadText, Surroundings, read_text
from bot.announcements.text_format.revising import revised, says_something, titled
from bot.announcements.text_format.writing import as_text
from bot.vocabulary.announcing import AnnouncementText, Call, CallKind, Composed, Route, Timing, Zone
from bot.vocabulary.segment import Segment

LAUNCH = """\ufeffSegment: tier=Select,
  Elite; region=DACH
Call: yes/no Will you join us?
at: 2026-12-01 09:00
Zone: partner
Route: mail
Remind: 1 week
Fallback: en

# Insight 3 is here

Hello {first_name},

> "The best so far"

- one
- two

[de]

# Insight 3 ist da

Hallo {first_name},

\\[en]
"""
TODAY = date(2026, 11, 27)


def segment_of(words: str) -> Segment:
    """As far as these tests name some."""
    if words in ("all", "everyone"):
        return Segment()
    if "Gold" in words:
        raise ValueError("no tier 'Gold'; there are Select, Elite")
    parts = dict(part.strip().split("=") for part in words.split(";"))
    return Segment(**{f"{name}s": tuple(v.strip() for v in value.split(",")) for name, value in parts.items()})


def read(text: str, *, folder: bool = False, said: Mapping[Key, str] | None = None) -> ReadText | Faults:
    language = lambda words: "de" if " der " in f" {words} " else "en"  # noqa: E731
    return read_text(text, Surroundings(segment_of, language, said or {}, folder, TODAY))


def well(text: str) -> Composed:
    found = read(text)
    assert isinstance(found, ReadText), found
    return found.composed


def wrong(text: str) -> list[str]:
    found = read(text)
    assert isinstance(found, Faults)
    return [str(fault) for fault in found.faults]


def test_all_that_a_text_may_say_is_read() -> None:
    assert well(LAUNCH) == Composed(
        texts=(
            AnnouncementText("en", "Insight 3 is here", 'Hello {first_name},\n\n> "The best so far"\n\n- one\n- two'),
            AnnouncementText("de", "Insight 3 ist da", "Hallo {first_name},\n\n[en]"),
        ),
        segment=Segment(tiers=("Select", "Elite"), regions=("DACH",)),
        call=Call(CallKind.ANSWER, question="Will you join us?"),
        timing=Timing(datetime(2026, 12, 1, 9), Zone.PARTNER),  # noqa: DTZ001 - what clocks show
        route=Route.MAIL,
        fallback="en",
        remind_after=7,
    )


def test_line_ends_of_any_kind_say_the_same() -> None:
    assert well(LAUNCH.replace("\n", "\r\n")) == well(LAUNCH.replace("\n", "\r")) == well(LAUNCH)


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("Call: yes/no/maybe", Call(CallKind.ANSWER)),
        ("Call: question: What do you miss most?", Call(CallKind.QUESTION, question="What do you miss most?")),
        ("Dates: 2026-12-03, 2026-12-10", Call(CallKind.DATE, (date(2026, 12, 3), date(2026, 12, 10)))),
        ("Dates: 2026-12-03,\nCall: date Which day?", Call(CallKind.DATE, (date(2026, 12, 3),), "Which day?")),
        ("Call: none", Call()),
        ("", Call()),
    ],
)
def test_a_call_asks_for_an_answer_a_day_or_words(line: str, call: Call) -> None:
    assert well(f"Segment: all\n{line}\n# News\nText").call == call


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "Segmnt: all",
            "line 2: there is no head line “Segmnt”; write it as “Segment: tier=Select,Elite; region=DACH”",
        ),
        ("Call: perhaps", "line 2: Call: there is no call 'perhaps'; write yes/no, date or question"),
        ("Call: date", "line 2: no days stand there to choose from; add a line: “Dates: 2026-12-03, 2026-12-10”"),
        ("Dates: 3 December", "line 2: Dates: '3' is no day; write it as 2026-12-03"),
        ("Dates: 2026-11-03", "line 2: Dates: 2026-11-03 is over; name days to come"),
        ("Dates: " + ", ".join(f"2027-01-{n:02}" for n in range(1, 22)), "line 2: Dates: 21 days are more than"),
        ("At: tomorrow", "line 2: At: 'tomorrow' is no time; write day and time as 2026-12-01 09:00"),
        ("At: 2026-12-01", "line 2: At: '2026-12-01' says no time of the day"),
        ("At: 2026-12-01T09:00+01:00", "line 2: At: '2026-12-01T09:00+01:00' names a zone"),
        ("Zone: Berlin", "line 2: Zone: there is no 'Berlin' here; write vendor or partner"),
        ("Route: pigeon", "line 2: Route: there is no 'pigeon' here; write preferred, mail, slack or both"),
        ("Remind: 400 days", "line 2: Remind: '400 days' is not between one day and 90; write it as 5 days"),
        ("Fallback: German", "line 2: Fallback: 'German' is no language; write its two letters"),
        ("Fallback: it\n[fr]\n# Nouvelle\nTexte\n[de]", "line 2: there is no text in 'it' to fall back to"),
        ("Attach: prices.pdf", "line 2: “Attach” is for files on a disk; attach the file to the mail itself"),
        ("Segment: all", "line 2: “Segment” stands in line 1 already; leave one of them away"),
        ("Call: yes/no\nDates: 2026-12-03", "line 3: days to sign up for and another call exclude each other"),
        ("Hello all", "line 2: the text has no subject; begin it with a heading: “# Subject”"),
        ("# News\nHi {firstname}, \\{x}", "line 3: there is no field {firstname}; there are {first_name}, {name}, "),
        ("[xx]", "line 2: there is no language [xx]; languages have two letters, like [de]"),
        ("[de]\n# Neu\n\n[de]\n# Neuer\nText\n[fr]", "line 3: the text in [de] has only a subject"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_what_would_be_right(line: str, said: str) -> None:
    assert [fault for fault in wrong(f"Segment: all\n{line}\n# News\nText") if fault.startswith(said)]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = wrong("Segment: tier=Gold\nAt: soon\nRoute: pigeon\n\n[de]\nHallo\n\n[de]\n# B\nText")
    assert [words.partition(":")[0] for words in said] == ["line 1", "line 2", "line 3", "line 6", "line 9"]
    assert said[0] == "line 1: Segment: no tier 'Gold'; there are Select, Elite"


@pytest.mark.parametrize("text", ["", "\n \n", "Segment: all", "\0"])
def test_without_a_text_nothing_is_announced(text: str) -> None:
    assert any("there is no text" in said for said in wrong(text))


def test_who_names_nobody_is_told_how_to() -> None:
    assert wrong("# News\nText")[0].startswith("nothing says whom it goes to; add a line above the subject")
    (mistyped,) = wrong("Segmnt: all\n# News\nText")
    assert mistyped.startswith("line 1: there is no head line “Segmnt”")


def test_what_is_too_long_is_not_read_at_all() -> None:
    assert wrong("Segment: all\n# News\n" + "x" * LONGEST) == [
        "the text has 100,020 characters; use at most 100,000, and link to more"
    ]
    codes = [f"{a}{b}" for a in "abcdefghijklmnop" for b in "abcdefghijklmnop"]
    many = "\n".join(f"[{code}]\n# News\nText" for code in codes)
    assert any("languages are too many" in said for said in wrong(f"Segment: all\n{many}"))


def test_a_text_without_a_mark_is_in_the_language_it_is_written_in() -> None:
    assert well("Segment: all\n# Neu\nDas ist der Text").texts[0].language == "de"
    assert well("Segment: all\nFallback: nl\n# Neu\nDas ist der Text").texts[0].language == "nl"
    assert [t.language for t in well("Segment: all\n# Neu\nDas ist der Text\n[de]\n# B\nText").texts] == ["en", "de"]


def test_what_is_given_beside_the_text_counts_instead() -> None:
    found = read("Segment: tier=Gold\nRoute: mail\n# News\nText", said={Key.SEGMENT: "all", Key.ROUTE: "both"})
    assert isinstance(found, ReadText)
    assert (found.composed.segment, found.composed.route) == (Segment(), Route.BOTH)
    no = read("# News\nText", said={Key.SEGMENT: "tier=Gold"})
    assert isinstance(no, Faults)
    assert str(no.faults[0]).startswith("Segment: no tier 'Gold'")


def test_files_are_named_by_a_text_that_lies_beside_them() -> None:
    found = read("Segment: all\nAttach: a.pdf, b.csv\nAttach: c.pdf\n# News\nText", folder=True)
    assert isinstance(found, ReadText)
    assert found.files == ((2, "a.pdf"), (2, "b.csv"), (3, "c.pdf"))


def test_a_body_may_look_like_anything() -> None:
    body = "Segment: of one\n\n# Not the subject\n\n[link]: https://x.example\n\n    [de] code\n\n[1]"
    assert well(f"Segment: all\n# News\n\n{body}").texts[0].body == body


LANGUAGES = st.lists(st.sampled_from(["en", "de", "fr", "nl", "es", "pl"]), min_size=1, max_size=4, unique=True)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="#{"), min_size=1)
LINES = st.one_of(
    WORDS, st.sampled_from(["[de]", "\\[de]", "\\\\[EN] ", "# x", "Segment: all", "", "> a", "- b", "\t"])
)
BODIES = st.builds(lambda first, rest: "\n".join([first, *rest, "end"]), WORDS, st.lists(LINES, max_size=6))
TEXTS = LANGUAGES.flatmap(lambda ls: st.tuples(*(st.builds(AnnouncementText, st.just(n), WORDS, BODIES) for n in ls)))
DAYS = st.dates(TODAY, date(2099, 12, 31))
CALLS = st.one_of(
    st.just(Call()),
    st.builds(Call, st.just(CallKind.ANSWER), question=st.sampled_from(["", "Will you come, all of you?"])),
    st.builds(Call, st.just(CallKind.DATE), st.lists(DAYS, min_size=1, max_size=5, unique=True).map(tuple)),
    st.builds(Call, st.just(CallKind.QUESTION), question=st.sampled_from(["", "What is missing?"])),
)
TIMES = st.datetimes(datetime(2026, 11, 27), datetime(2099, 1, 1)).map(lambda t: t.replace(second=0, microsecond=0))  # noqa: DTZ001
COMPOSED = st.builds(
    Composed,
    texts=TEXTS,
    segment=st.sampled_from(
        [Segment(), Segment(tiers=("Select", "Elite"), regions=("DACH",)), Segment(partners=("A",))]
    ),
    call=CALLS,
    timing=st.builds(Timing, st.none() | TIMES, st.sampled_from(Zone), st.booleans()),
    route=st.sampled_from(Route),
    remind_after=st.none() | st.integers(1, 90),
)


@settings(max_examples=60, deadline=None)
@given(COMPOSED, st.booleans())
def test_what_was_written_is_read_as_the_same(composed: Composed, chosen: bool) -> None:
    given_ = Composed(**{**{name: getattr(composed, name) for name in composed.__slots__},
                         "fallback": composed.texts[-1].language if chosen else ""})  # fmt: skip
    assert well(as_text(given_)) == given_


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("[]de#: \nSegmntCalDtsA,;/0123456789-\\\0\r"), max_size=200))
def test_no_text_is_beyond_reading(text: str) -> None:
    found = read(text)
    assert isinstance(found, ReadText) or found.faults


def test_a_newer_version_says_what_changes() -> None:
    route = well(revised(LAUNCH, "Route: both\n\nBest, Jonas")).route
    assert route is Route.BOTH
    assert well(revised(LAUNCH, "Route: both")).texts == well(LAUNCH).texts
    newer = well(revised(LAUNCH, "# Insight 3 is late\n\nSorry."))
    assert newer.texts == (AnnouncementText("en", "Insight 3 is late", "Sorry."),)
    assert newer.segment == well(LAUNCH).segment


@pytest.mark.parametrize("text", ["Route: mail", "# Subject", "[de]\n# Neu"])
def test_a_version_is_told_from_talk(text: str) -> None:
    assert says_something(text)


@pytest.mark.parametrize("text", ["", "Thanks, looks good!", "what: is this?", "send it to all"])
def test_talk_is_no_version(text: str) -> None:
    assert not says_something(text)


def test_a_mails_subject_is_the_heading_of_a_text_that_has_none() -> None:
    assert well(titled("Segment: all\n\nHello all", "News  of\n today")).subject == "News of today"
    assert well(titled("Segment: all\n# Own\nHello", "Other")).subject == "Own"
    assert titled("[de]\n# Neu\nText", "Other") == "[de]\n# Neu\nText"


def test_the_examples_of_the_documentation_are_well_written() -> None:
    docs = Path(__file__).parents[5] / "docs"
    shown = (docs / "announcing.md").read_text(encoding="utf-8").partition("```\n")[2].partition("```")[0]
    for text in (shown, (docs / "examples" / "announcement.md").read_text(encoding="utf-8")):
        found = read(text, folder=True)
        assert isinstance(found, ReadText), found
        assert [one.language for one in found.composed.texts] == ["en", "de"]

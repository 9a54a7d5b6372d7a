"""Translations are proposed, shown where they hold, and reach nobody before a person approves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from bot.announcements.text_format.writing import as_text
from bot.announcements.translations.translating import Proposed, Translating, Translator, missing, proposals
from bot.readers.proposing import NoReading, Reason
from bot.vocabulary.announcing import Announcement, AnnouncementState, AnnouncementText, Composed
from bot.vocabulary.results import NotDone
from tests.builders import program
from tests.unit.bot.announcements.translations.translated import told_in

BY = next(manager.email for manager in program().managers if manager.announces)
ENGLISH = replace(told_in("en"), by=BY)
AT = datetime(2026, 11, 26, tzinfo=UTC)
DRAFT = Announcement("a-1", Composed((ENGLISH,)), AnnouncementState.DRAFT, BY, AT)


@dataclass
class Model:
    """Says for each language what it is told to say, and raises what it is told to raise."""

    says: Mapping[str, AnnouncementText | Reason]
    asked: list[tuple[AnnouncementText, str]] = field(default_factory=list)

    def translate(self, text: AnnouncementText, into: str) -> AnnouncementText:
        self.asked.append((text, into))
        said = self.says[into]
        if isinstance(said, Reason):
            raise NoReading(said)
        return said


@dataclass
class Kept:
    """One announcement, as a desk keeps it."""

    one: Announcement = DRAFT

    async def find(self, announcement_id: str) -> Announcement | None:
        return self.one if announcement_id == self.one.id else None

    async def keep(self, by: str, composed: Composed, announcement_id: str | None = None) -> Announcement | NotDone:
        assert (by, announcement_id) == (BY, self.one.id)
        self.one = replace(self.one, composed=composed)
        return self.one


def desk(kept: Kept, translator: Translator | None) -> Translating:
    return Translating(kept, program(), translator)


async def test_a_proposal_that_holds_is_kept_and_reaches_nobody_before_somebody_approves_it() -> None:
    kept, model = Kept(), Model({"de": told_in("de"), "fr": told_in("fr")})
    proposed = await desk(kept, model).propose(BY, "a-1", ["de", " FR ", "de"])
    assert isinstance(proposed, Proposed)
    assert (proposed.not_shown, [into for _, into in model.asked]) == ((), ["de", "fr"])
    assert [(text.language, text.approved, text.by) for text in proposals(kept.one.composed)] == [
        ("de", False, ""),
        ("fr", False, ""),
    ]
    assert kept.one.composed.text_for("de") == ENGLISH

    approved = await desk(kept, None).approve(BY, "a-1", "de", "Partnertag", "Wir sehen uns.")
    assert approved == kept.one
    said = kept.one.composed.text_for("de")
    assert (said.subject, said.body, said.approved, said.by) == ("Partnertag", "Wir sehen uns.", True, BY)
    assert kept.one.composed.text_for("fr") == ENGLISH
    assert missing(kept.one.composed) == ("fr", "nl", "es")


async def test_what_does_not_hold_is_not_kept_and_it_is_said_why() -> None:
    wrong = replace(told_in("fr"), body=told_in("fr").body.replace("24,50", "42,50"))
    model = Model({"de": told_in("de"), "fr": wrong, "nl": Reason.TIMEOUT, "es": told_in("nl")})
    kept = Kept()
    proposed = await desk(kept, model).propose(BY, "a-1", ["de", "fr", "nl", "es"])
    assert isinstance(proposed, Proposed)
    assert [text.language for text in proposed.composed.texts] == ["en", "de"]
    assert dict(proposed.not_shown) == {
        "fr": "its figures are not the same: 24.5 EUR missing, 42.5 EUR added",
        "nl": "the model did not answer in time (model_timeout_s)",
        "es": "it is in Dutch and not in Spanish",
    }
    before = kept.one
    none = await desk(kept, model).propose(BY, "a-1", ["nl", "fr"])
    assert isinstance(none, NotDone)
    assert none.text.startswith("Dutch: the model did not answer in time (model_timeout_s); French: its figures are")
    assert kept.one == before


async def test_every_failure_of_a_model_has_its_words() -> None:
    for reason in Reason:
        refused = await desk(Kept(), Model({"de": reason})).propose(BY, "a-1", ["de"])
        assert isinstance(refused, NotDone)
        assert len(refused.text) > len("German: ")


async def test_what_somebody_wrote_while_the_model_thought_stays() -> None:
    kept = Kept()
    written = AnnouncementText("de", "Partnertag", "Von mir.", by=BY)

    class Slow(Model):
        def translate(self, text: AnnouncementText, into: str) -> AnnouncementText:
            kept.one = replace(kept.one, composed=Composed((ENGLISH, written)))
            return super().translate(text, into)

    proposed = await desk(kept, Slow({"de": told_in("de")})).propose(BY, "a-1", ["de"])
    assert isinstance(proposed, Proposed)
    assert proposed.not_shown == (("de", "somebody has written it meanwhile"),)
    assert kept.one.composed.texts == (ENGLISH, written)


async def test_an_older_proposal_gives_way_to_a_newer_one() -> None:
    old = AnnouncementText("de", "Alt", "Alt.", approved=False)
    kept = Kept(replace(DRAFT, composed=Composed((old, ENGLISH))))
    await desk(kept, Model({"de": told_in("de")})).propose(BY, "a-1", ["de"])
    assert [(text.language, text.subject) for text in kept.one.composed.texts] == [
        ("de", told_in("de").subject),
        ("en", ENGLISH.subject),
    ]


@pytest.mark.parametrize(
    ("by", "name", "languages", "why"),
    [
        ("mallory@evil.example", "a-1", ["de"], "mallory@evil.example may not announce"),
        (BY, "a-2", ["de"], "there is no such announcement"),
        (BY, "a-1", [], "no language is named"),
        (BY, "a-1", ["it"], "nothing here can check a text in it"),
        (BY, "a-1", ["en", "de"], "there is a text in en already"),
    ],
    ids=lambda said: "by" if said == BY else None,
)
async def test_what_cannot_be_proposed_asks_no_model(by: str, name: str, languages: list[str], why: str) -> None:
    model = Model({})
    refused = await desk(Kept(), model).propose(by, name, languages)
    assert isinstance(refused, NotDone)
    assert (refused.text, model.asked) == (why, [])


async def test_without_a_model_nothing_is_proposed_and_what_has_gone_out_stays_as_it_is() -> None:
    refused = await desk(Kept(), None).propose(BY, "a-1", ["de"])
    assert refused == NotDone("no model is configured, so nothing can be proposed", "set model_url and model_name")
    gone = Kept(replace(DRAFT, state=AnnouncementState.SENDING))
    for never in (
        await desk(gone, Model({})).propose(BY, "a-1", ["de"]),
        await desk(gone, None).approve(BY, "a-1", "de", "Zu", "spät"),
        await desk(Kept(), None).approve("mallory@evil.example", "a-1", "de", "Sie", "haben gewonnen"),
    ):
        assert isinstance(never, NotDone)


def test_an_announcement_as_text_approves_nothing_in_passing() -> None:
    written = as_text(Composed((ENGLISH, told_in("de", approved=False), told_in("fr"))))
    assert (ENGLISH.subject in written, told_in("de").subject in written, told_in("fr").subject in written) == (
        True,
        False,
        True,
    )

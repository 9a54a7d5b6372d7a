"""After an announcement: who has not answered is reminded in the same thread, and the report counts what came back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import EmailMessage, Message
from email.utils import make_msgid

import pytest
import pytest_asyncio
from sqlalchemy import URL

from bot.vocabulary.announcing import Announcement, AnnouncementText, Call, CallKind, Composed, Preview, Route, Timing
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import Segment
from tests.scenarios.relayed import Scene, passed, relayed_scene, words
from tests.scenarios.seats import take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("announcement followed up")]

NOOR = "noor@lumora.example"
TEXTS = (
    AnnouncementText("en", "Partner day", "Will you **come**, {first_name}?"),
    AnnouncementText("de", "Partnertag", "Kommen Sie, {first_name}?"),
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    async with relayed_scene(postgres_server, partners_template, tmp_path_factory.mktemp("followed")) as opened:
        yield opened


async def announced(scene: Scene, region: str) -> str:
    """The id of an announcement that has gone out."""
    desk = scene.house.app.announcement_desk
    composed = Composed(
        TEXTS, Segment(regions=(region,)), Call(CallKind.ANSWER), timing=Timing(keep_quiet=False), route=Route.MAIL
    )
    kept, preview = await desk.keep(NOOR, composed), await desk.preview(NOOR, composed)
    assert isinstance(kept, Announcement)
    assert isinstance(preview, Preview)
    assert isinstance(await desk.confirm(NOOR, kept.id, preview.contacts), Announcement)
    await scene.house.pass_time(scene.house.clock.ahead)
    await scene.house.app.jobs.housekeeping("announce")
    await scene.house.quiet()
    return kept.id


async def answers(scene: Scene, address: str, to: Message, text: str) -> None:
    mail, key = EmailMessage(), str(to["Reply-To"]).rpartition("<")[2].rstrip(">")
    mail["From"], mail["To"], mail["Subject"] = address, key, f"Re: {to['Subject']}"
    mail["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    mail["In-Reply-To"] = mail["References"] = str(to["Message-ID"])
    mail["Authentication-Results"] = passed(address)
    mail.set_content(text)
    await scene.doors.raw_mail(bytes(mail), address, key)
    await scene.house.quiet()


async def test_who_has_not_answered_is_reminded_in_the_thread_and_counted_with_what_he_answers_then(
    scene: Scene,
) -> None:
    english, german = [await take_seat(scene.house, key, "Followland") for key in ("quaywise", "lindgruen")]
    quick, slow = (seat.contacts[seat.main].email for seat in (english, german))
    announcement_id = await announced(scene, "Followland")
    after = scene.house.app.following_up
    (first,) = scene.to(quick)
    await answers(scene, quick, first, "Yes, count us in.")

    waited = await after.reminding.awaited(announcement_id)
    assert waited is not None
    reminded = await after.remind(NOOR, announcement_id)
    assert isinstance(reminded, Done), reminded
    assert isinstance(await after.remind(NOOR, announcement_id), NotDone)
    await scene.house.pass_time(scene.house.clock.ahead)
    assert [str(mail["Subject"]) for mail in scene.to(quick)].count("Re: Partner day") == 1, "the answer to his yes"
    copy, reminder = scene.to(slow)
    assert reminder["In-Reply-To"] == copy["Message-ID"]
    assert reminder["Reply-To"] == copy["Reply-To"]
    assert reminder["List-Unsubscribe"]
    assert str(reminder["Subject"]) == "Re: Partnertag"
    assert words(reminder).startswith("Eine kurze Erinnerung")
    assert "Kommen Sie, " in words(reminder)

    await answers(scene, slow, reminder, "Leider nein, wir können nicht.")
    found = await after.reporting.report(announcement_id)
    assert found is not None
    assert (found.people.yes, found.people.no, found.reminded) == (1, 1, waited.people)
    assert found.after_reminder == 1
    assert isinstance(await after.reporting.send(NOOR, announcement_id), Done)
    await scene.house.quiet()
    report = next(mail for mail in scene.to(NOOR) if str(mail["Subject"]) == "Report: Partner day")
    assert "whether the announcement led to a deal is not known" in words(report)
    files = [str(part.get_filename()).rpartition(".")[2] for part in report.walk() if part.get_filename()]
    assert {"csv", "png"} <= set(files)

"""Who is told: the proven sender alone, whoever else a mail names, looks like or claims to be; over the real edge."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from email.utils import make_msgid

import pytest
import pytest_asyncio
from sqlalchemy import URL

from crm.records import Contact
from tests.scenarios.relayed import STATUS, Scene, passed, relayed_scene, words
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("who receives")]

EVE = "eve@rival.example"
FIGURES = ("Pelican", "D-", "€")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    async with relayed_scene(postgres_server, partners_template, tmp_path_factory.mktemp("receives")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def seat(scene: Scene) -> Seat:
    return await take_seat(scene.house, "quaywise")


@pytest.fixture
def ann(seat: Seat) -> Contact:
    return seat.contacts[seat.main]


def reached(scene: Scene, since: int) -> set[str]:
    """Every address that was sent a mail since so many were."""
    return {address for taken in scene.relay.taken[since:] for address in taken.to}


@pytest.mark.parametrize(
    "named",
    [
        {"Reply_To": EVE},
        {"Reply_To": "ann.private@gmail.com"},
        {"Reply_To": f"{{ann}}, {EVE}"},
        {"Reply_To": f"team: {{ann}}, {EVE};"},
        {"Reply_To": f'"{{ann}}" <{EVE}>'},
        {"Reply_To": "eve@{domain}.rival.example"},
        {"Reply_To": "partners@lumora.example"},
        {"Cc": EVE},
        {"Cc": f"{EVE}, ann.private@gmail.com"},
        {"Sender": EVE},
        {"Return_Path": f"<{EVE}>"},
        {"Mail_Followup_To": EVE},
        {"Disposition_Notification_To": EVE},
        {"Errors_To": EVE},
        {"X_Original_From": EVE},
        {"Resent_From": EVE},
    ],
)  # fmt: skip
async def test_whoever_else_a_proven_mail_names_the_sender_alone_is_answered(
    scene: Scene, ann: Contact, named: dict[str, str]
) -> None:
    since, domain = len(scene.relay.taken), ann.email.partition("@")[2]
    headers = {name: value.format(ann=ann.email, domain=domain) for name, value in named.items()}
    await scene.proven(ann, STATUS, "Deals", **headers)
    assert reached(scene, since) == {ann.email}
    answer = scene.to(ann.email)[-1]
    assert answer["Cc"] is None
    assert answer["To"] == ann.email
    assert "Pelican" in words(answer)


async def test_an_address_of_the_same_organisation_that_nobody_registered_gets_no_figures(
    scene: Scene, seat: Seat, ann: Contact
) -> None:
    desk = f"desk@{ann.email.partition('@')[2]}"
    wish = f"Please register Kilbride Pharma (kilbride.example), Lumora Core, EUR 18,000 a year. {STATUS}"
    await scene.proven(ann, wish, "Deals", Reply_To=desk)
    (answer,) = scene.to(desk)
    assert scene.to(ann.email) == []
    assert "an address that is not registered with us" in words(answer)
    for figure in ("Pelican", "€"):
        assert figure not in words(answer)
    assert "Kilbride Pharma" in [r["customer"] for r in await scene.house.registrations(seat.partner.id)]


async def test_a_registered_colleague_may_be_named_to_be_answered(scene: Scene, seat: Seat, ann: Contact) -> None:
    colleague = next(c for c in seat.contacts.values() if c.id != ann.id)
    await scene.proven(ann, STATUS, "Deals", Reply_To=f"Colleague <{colleague.email}>")
    assert "Pelican" in words(scene.to(colleague.email)[-1])


async def test_a_contact_of_another_partner_is_an_outsider_though_he_is_registered(
    scene: Scene, seat: Seat, ann: Contact
) -> None:
    other = await take_seat(scene.house, "waterkant")
    stranger = other.contacts[other.main]
    moved = replace(stranger, email=f"spy@{ann.email.partition('@')[2]}")
    await scene.house.app.crm.save_contact(moved)
    await scene.house.mirror()
    await scene.proven(ann, STATUS, "Deals", Reply_To=moved.email)
    for figure in FIGURES:
        assert figure not in words(scene.to(moved.email)[-1])


@pytest.mark.parametrize(
    "sender",
    [
        f'"{{ann}}" <{EVE}>',
        f'"Aoife Brannigan <{{ann}}>" <{EVE}>',
        f"=?utf-8?q?{{ann}}?= <{EVE}>",
        f"Aoife Brannigan <{EVE}>",
        f"({{ann}}) {EVE}",
        "aoife@{domain}.rival.example",
        "aoife@rival-{domain}",
        "aoife@xn--{domain}",
        "aoife+x@{domain}",
        '"aoife"@{domain}',
        "aoife@sub.{domain}",
    ],
)  # fmt: skip
async def test_who_only_looks_like_a_contact_is_a_stranger_however_well_proven(
    scene: Scene, ann: Contact, sender: str
) -> None:
    shown = sender.format(ann=ann.email, domain=ann.email.partition("@")[2])
    box = shown.rpartition("<")[2].rstrip(">").rpartition(" ")[2]
    key = make_msgid(domain="rival.example")
    raw = (
        f"Authentication-Results: {passed(box)}\r\nFrom: {shown}\r\nTo: partners@lumora.example\r\nSubject: Deals\r\n"
        f"Message-ID: {key}\r\nDate: Fri, 27 Nov 2026 09:00:00 +0100\r\n\r\n{STATUS}\r\n"
    )
    since = len(scene.relay.taken)
    await scene.doors.raw_mail(raw.encode(), EVE, "partners@lumora.example")
    await scene.house.quiet()
    (came,) = await scene.house.came(key)
    assert (came.trust, came.partner_id) == ("unknown", None)
    assert ann.email not in reached(scene, since)
    for taken in scene.relay.taken[since:]:
        assert not any(secret in words(taken.mail) for secret in FIGURES)


@pytest.mark.parametrize(
    "senders", ["From: {ann}\r\nFrom: {eve}", "From: {ann}, {eve}", "From: us: {ann};", "From: {eve}, {ann}"]
)
async def test_more_than_one_sender_is_none(scene: Scene, ann: Contact, senders: str) -> None:
    since = len(scene.relay.taken)
    key = make_msgid(domain="rival.example")
    raw = (
        f"Authentication-Results: {passed(ann.email)}\r\n{senders.format(ann=ann.email, eve=EVE)}\r\n"
        f"To: partners@lumora.example\r\nSubject: Deals\r\nMessage-ID: {key}\r\n\r\n{STATUS}\r\n"
    )
    await scene.doors.raw_mail(raw.encode(), EVE, "partners@lumora.example")
    await scene.house.quiet()
    assert (await scene.house.one(key)).trust == "unknown"
    assert reached(scene, since) == set()


async def test_a_list_that_wrote_itself_into_from_speaks_for_nobody(scene: Scene, ann: Contact) -> None:
    since = len(scene.relay.taken)
    key = await scene.doors.mail(
        f"{ann.name} via Partners <partners@lists.example>", STATUS, "Deals",
        headers={
            "Authentication-Results": passed("partners@lists.example"), "List-Id": "<partners.lists.example>",
            "Reply-To": ann.email, "X-Original-From": ann.email,
        },
    )  # fmt: skip
    await scene.house.quiet()
    came = await scene.house.one(key)
    assert (came.trust, came.partner_id) == ("unknown", None)
    assert reached(scene, since) == set()


async def test_one_partner_in_anothers_thread_with_its_key_and_ids_learns_and_changes_nothing(
    scene: Scene, seat: Seat, ann: Contact
) -> None:
    await scene.proven(ann, "Please register a new deal: Corrib Foundry, Lumora Core.", "New deal")
    (question,) = scene.to(ann.email)
    other = await take_seat(scene.house, "waterkant")
    rival = other.contacts[other.main]
    key = await scene.doors.mail(
        f"{rival.name} <{rival.email}>", "The value is EUR 5 a year. Where does Corrib Foundry stand?", "Re: New deal",
        in_reply_to=str(question["Message-ID"]), to=str(question["Reply-To"]).rpartition("<")[2].rstrip(">"),
        headers={"Authentication-Results": passed(rival.email)},
    )  # fmt: skip
    await scene.house.quiet()
    came = await scene.house.one(key)
    assert (came.trust, came.partner_id) == ("proven", other.partner.id)
    assert came.thread_id != (await scene.house.thread_of(str(question["Message-ID"])))["id"]
    draft = next(r for r in await scene.house.registrations(seat.partner.id) if r["customer"] == "Corrib Foundry")
    assert draft["amount"] is None
    answer = words(scene.to(rival.email)[-1])
    for secret in (draft["number"], seat.partner.name, "Pelican"):
        assert secret not in answer
    assert any(rival.email in summary for summary in await scene.notices(seat))


async def test_a_colleague_who_left_is_a_stranger_with_all_his_keys(scene: Scene, ann: Contact) -> None:
    await scene.proven(ann, STATUS, "Deals")
    (answer,) = scene.to(ann.email)
    await scene.house.app.crm.save_contact(replace(ann, active=False))
    await scene.house.mirror()
    key = await scene.doors.mail(
        ann.email, "And which tier are we in?", "Re: Deals", in_reply_to=str(answer["Message-ID"]),
        to=str(answer["Reply-To"]).rpartition("<")[2].rstrip(">"),
        headers={"Authentication-Results": passed(ann.email)},
    )  # fmt: skip
    await scene.house.quiet()
    came = await scene.house.one(key)
    assert (came.trust, came.partner_id, came.state) == ("unknown", None, "held")
    for secret in ("Registered.", "Pelican", "Quaywise"):
        assert secret not in words(scene.to(ann.email)[-1])


async def test_nobody_has_his_words_sent_to_a_stranger_by_putting_her_into_from(scene: Scene) -> None:
    """An answer of ours carries our name and our signature: a subject of the forger's would be his advertisement."""
    victim = "victim@elsewhere.example"
    bait = "You have won, see https://rival.example/prize"
    named = {"References": "<her-own-thread@elsewhere.example>", "In-Reply-To": "<her-own-thread@elsewhere.example>"}
    key = await scene.doors.mail(f"{bait} <{victim}>", f"{STATUS} {bait}", bait, headers=named)
    await scene.house.quiet()
    (told,) = scene.to(victim)
    assert "won" not in f"{told['Subject']} {words(told)}"
    assert "rival" not in told.as_string()
    assert "her-own-thread" not in told.as_string()
    assert told["Subject"] == "Re: Your message to Lumora"
    assert told["References"] == key

"""A managers' digest from a made world: what is an exception, what is none, the worst first, and whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import text

from bot.digests.contents import SHOWN
from bot.digests.engaged import standings
from bot.digests.noticing import Gathered, Noticing, local
from bot.digests.rules import DigestRules
from bot.digests.telling_managers import as_report, as_text
from bot.storage import onboarding
from bot.storage.parking import Outage
from crm.records import RegistrationState
from knowledge.commission.statement import Dispute, DisputeState
from tests.builders import NOW, program
from tests.unit.bot.digests.world import FIRST, JONAS, NOOR, TODAY, World, certified, won


async def test_every_kind_of_exception_is_told_with_its_age_and_the_word_that_decides_it(world: World) -> None:
    await world.register("D-100001", decide_by=date(2026, 11, 23), amount=None)
    await world.register("D-100002", decide_by=date(2026, 12, 4))  # time enough
    await world.register(
        "D-100003", state=RegistrationState.DRAFT, opened_at=NOW - timedelta(days=9), submitted_at=None, decide_by=None
    )
    await world.register("D-100004", state=RegistrationState.APPROVED, protected_until=TODAY + timedelta(days=8))
    await world.register("D-100005", state=RegistrationState.APPROVED, protected_until=TODAY + timedelta(days=15))
    await world.register("D-100006", state=RegistrationState.APPROVED, protected_until=TODAY + timedelta(days=3))
    await world.enter(won("D-100006", "p-1", TODAY - timedelta(days=2)))  # nothing to protect any more
    await world.state("p-1", days=10)
    await world.task("held", "held", "nothing proves who wrote", days=0)
    await world.task("asked", "answer_announcement", "Brightpath: Sara asks about the hotel", days=4)
    await world.task("human", "request_human", "Brightpath: wants to talk", days=3)
    await world.task("just now", "request_human", "Brightpath: came this minute", days=0)
    await world.enter(certified("Sara Lind", date(2026, 1, 10)), certified("Tom", date(2025, 11, 1)))
    assert await world.lines(NOOR) == {
        "Noor Haddad: Registrations near or past their promised day (1)": (
            "D-100001 of Brightpath for Vega Foods BV, value not said, 3 days late → approve D-100001",
        ),
        "Noor Haddad: Statements that wait for approval too long (1)": (
            "S-2026-10 of Brightpath, EUR 1,200.00, invoiced 10 days ago → approve S-2026-10 Brightpath",
        ),
        "Noor Haddad: Answers to announcements that wait for a person (1)": (
            "Brightpath: Sara asks about the hotel, 4 days old → the console's page Waiting",
        ),
        "Noor Haddad: Requests that wait for a person (1)": (
            "Brightpath: wants to talk, 3 days old → the console's page Waiting",
        ),
        "Noor Haddad: Messages held or failed (1)": (
            "Brightpath: nothing proves who wrote, 0 days old → partnerline held list",
        ),
        "Noor Haddad: Stale drafts (1)": (
            "D-100003 of Brightpath for Vega Foods BV, a draft for 9 days → /partners status D-100003",
        ),
        "Noor Haddad: Protections that end within 14 days (1)": (
            "D-100004 of Brightpath for Vega Foods BV, ends Fri 4 Dec, in 8 days → protect D-100004 until 2027-01-03",
        ),
        "Noor Haddad: Certificates that end within 60 days (1)": (
            "Sara Lind of Brightpath, ends Sun 10 Jan, in 45 days → /partners status Brightpath",
        ),
    }


def test_a_dispute_what_is_down_and_what_the_crm_refused_are_told_with_their_age() -> None:
    argued = Dispute(
        "1", "2", "S-2026-10", "line", "p-1", None, "EUR 300\nare missing", DisputeState.OPEN, NOW - timedelta(days=12)
    )
    down = Outage("crm_changes", NOW - timedelta(hours=3), "it does not answer")
    known = Gathered({"p-1": FIRST}, disputes=[argued], outages=[down], refused=[("p-1", "D-100001")])
    assert [item.line for item in Noticing(program(), DigestRules(), NOW)(known)] == [
        "S-2026-10 of Brightpath, open for 12 days: EUR 300 are missing → uphold S-2026-10 Brightpath: reason",
        "crm changes for 3 hours: it does not answer → partnerline crm status",
        "D-100001 of Brightpath → retry D-100001",
    ]


async def test_a_manager_reads_of_his_own_partners_and_the_head_of_all_by_manager(world: World) -> None:
    await world.register("D-100001", decide_by=TODAY)
    await world.register("D-200001", "p-2", decide_by=TODAY)
    await world.task("nobody's", "shunted", "a stranger's mail failed", partner_id=None)
    jonas, noor = await world.lines(JONAS), await world.lines(NOOR)
    assert list(jonas) == ["Registrations near or past their promised day (1)"]
    assert "D-200001 of Harbour" in str(jonas)
    assert "Brightpath" not in str(jonas)
    assert list(noor) == [
        "Noor Haddad: Registrations near or past their promised day (1)",
        "Jonas Weber: Registrations near or past their promised day (1)",
        "No partner in particular: Messages held or failed (1)",
    ]


async def test_a_question_about_an_announcement_waits_with_whoever_announced_it(world: World) -> None:
    message = await world.answered()
    said = "Brightpath: asks about the hotel"
    await world.task("asked", "other", said, inbox_id=message, manager_email=JONAS.email)
    assert list(await world.lines(JONAS)) == ["Answers to announcements that wait for a person (1)"]
    assert list(await world.lines(NOOR)) == ["Jonas Weber: Answers to announcements that wait for a person (1)"]


async def test_the_worst_come_first_ten_are_named_and_the_rest_is_counted(world: World) -> None:
    for late in range(SHOWN + 3):
        await world.register(f"D-1000{late:02}", "p-2", decide_by=TODAY - timedelta(days=late))
    (lines,) = (await world.lines(JONAS)).values()
    assert [line.split(" ")[0] for line in lines[:3]] == ["D-100012", "D-100011", "D-100010"]
    assert (len(lines), lines[-1]) == (SHOWN + 1, "and 3 more")


async def test_who_did_business_and_is_not_heard_any_more_is_silent_and_a_newcomer_is_not(world: World) -> None:
    await world.enter(won("D-100001", "p-1", TODAY - timedelta(days=300)))
    await world.wrote("p-1", 95, 400)
    await world.wrote("p-1", 2, message={"automatic": "absence"})  # a machine's word
    silent = "Noor Haddad: Silent partners that did business before (1)"
    assert (await world.lines(NOOR))[silent][0].startswith(
        "Brightpath, nothing heard for 95 days; registered or won once before"
    )
    await world.wrote("p-1", 3)
    assert silent not in await world.lines(NOOR)


async def test_where_nothing_is_wrong_one_line_says_so(world: World) -> None:
    digest = await world.managers.of(JONAS)
    assert as_text(digest) == (
        "Partner digest of 26 November: all is well\n\n"
        "Nothing is late, nothing waits and nothing ends soon with your partners."
    )
    assert as_report(digest).groups == (("Exceptions", (digest.first,)),)


async def test_the_biggest_falls_and_rises_of_engagement_are_told(world: World) -> None:
    await world.wrote("p-1", 40, 41, 42, 100, 101)  # not heard since
    await world.wrote("p-2", 1, 1, 1, 2, 2, 3, 50)
    moved = (await world.managers.of(NOOR)).moved
    assert [line.split(":")[0] for line in moved] == ["Brightpath", "Harbour"]
    assert [line.rsplit("(", 1)[1][0] for line in moved] == ["-", "+"]


async def test_the_figures_of_a_score_are_those_of_the_days_that_count(world: World) -> None:
    await world.announced("yes", "", "no", "")
    await world.announced("yes", days=120)  # too long ago
    await world.wrote("p-1", 1, 2, 300)
    await world.wrote("p-1", 1, trust="claimed")  # nobody proves who wrote
    await world.register("D-100001", submitted_at=NOW - timedelta(days=10))
    await world.register("D-100002", submitted_at=NOW - timedelta(days=200))
    await world.enter(won("D-100003", "p-1", TODAY - timedelta(days=30)), replace(FIRST, certified_people=2))
    async with world.storage.reading() as connection:
        found = (await standings(connection, program(), local(NOW, program())))["p-1"]
    assert [part.figure for part in found.score.parts] == [
        "2 of 4 in 90 days", "2 in 90 days", "1 in 180 days", "1 in 365 days", "2 of 3 for the highest tier",
        "heard 1 day ago",
    ]  # fmt: skip


async def test_every_partner_of_three_thousand_has_a_score(world: World) -> None:
    async with world.storage.begin() as connection:
        await connection.execute(
            text(
                "insert into mirror (kind, id, partner_id, key, doc) select 'partner', 'q-' || n, 'q-' || n, 'Q' || n,"
                " jsonb_set(jsonb_set(doc, '{id}', to_jsonb('q-' || n)), '{name}', to_jsonb('Q' || n))"
                " from mirror, generate_series(1, 3000) n where kind = 'partner' and id = 'p-1'"
            )
        )
        found = await standings(connection, program(), local(NOW, program()))
    assert len(found) == 3_002


async def test_it_says_how_new_partners_do_and_names_those_of_which_nothing_came(world: World) -> None:
    async with world.storage.begin() as connection:
        for partner_id, days in (("p-1", 20), ("p-2", 30)):
            await onboarding.begin(connection, partner_id, world.now - timedelta(days=days))
    await world.wrote("p-2", 3)
    assert (await world.lines(NOOR))["New partners"] == (
        "2 invited in 60 days: 1 wrote, 0 registered, 0 won",
        "nothing yet of Brightpath → /partners status Brightpath",
    )
    assert (await world.lines(JONAS))["New partners"] == ("1 invited in 60 days: 1 wrote, 0 registered, 0 won",)

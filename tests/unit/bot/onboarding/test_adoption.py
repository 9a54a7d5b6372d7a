"""Adoption is counted as one would by hand: from the invitation on for who was invited, of all times for the others."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from sqlalchemy import update

from bot.onboarding.adoption import Adoption, adoption, as_csv, in_words
from bot.onboarding.adoption_chart import chart, chart_png
from bot.storage.adoption import Adopted, adopted
from bot.storage.announcement_tables import onboarding
from crm.records import RegistrationState, Stage
from tests.builders import TODAY, contact, deal, partner, program
from tests.unit.bot.onboarding.world import NEW, OLD, SARA, World

_TWO = partner(id="p-2", name="=Two()", region="DACH", tier="Elite")
_DAY = timedelta(days=1)


async def _world(world: World) -> Adoption:
    """Brightpath wrote after 2 days, registered after 5, won after 20; Two wrote after 4; Harbour was there before."""
    await world.wrote(OLD.id)
    start = world.now
    await world.begin(NEW, SARA, _TWO, contact(id="c-2", partner_id="p-2", email="two@two.example"))
    for partner_id, days in (("p-1", 2), ("p-1", 6), ("p-2", 4)):
        world.now = start + days * _DAY
        await world.wrote(partner_id)
    await world.register("D-1", state=RegistrationState.APPROVED, submitted_at=start + 5 * _DAY)
    await world.register("D-0", state=RegistrationState.EXPIRED, submitted_at=start - 90 * _DAY)
    await world.enter(deal(number="D-1", stage=Stage.WON, won_on=(start + 20 * _DAY).date()))
    await world.channel("p-1")
    world.now = start + 65 * _DAY
    async with world.storage.reading() as connection:
        found = await adopted(connection, world.now, program().vendor.time_zone)
    return adoption(found, world.now.date(), 60)


async def test_figures_equal_what_happened(world: World) -> None:
    found = await _world(world)
    invited, everyone = found.invited, found.everyone
    assert (invited.partners, invited.wrote, invited.registered, invited.won, invited.silent) == (2, 2, 1, 1, 1)
    assert (invited.to_message, invited.to_registration, invited.to_win) == (3.0, 5.0, 20.0)
    assert (everyone.partners, everyone.wrote, everyone.silent) == (3, 3, 2)
    assert [(one.label, one.partners, one.wrote) for one in found.by_tier] == [("Select", 2, 2), ("Elite", 1, 1)]
    by_id = {one.partner_id: one for one in found.partners}
    assert by_id["p-1"].registered_on == TODAY + 5 * _DAY  # not what it had registered before it was invited
    assert (by_id["p-1"].heard_on, by_id["p-1"].in_slack) == (TODAY + 6 * _DAY, True)
    assert (by_id[OLD.id].invited_on, by_id[OLD.id].wrote_on) == (None, TODAY)
    medians = "first message after 3 days, first registration after 5 days, first won deal after 20 days"
    assert in_words(found)[1] == f"In the middle: {medians}"


async def test_the_table_has_every_partner_and_no_formula_and_the_picture_shows_the_same(world: World) -> None:
    found = await _world(world)
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(as_csv(found).decode("utf-8-sig")))}
    assert rows["p-2"]["partner"] == "'=Two()"
    assert (rows[OLD.id]["invited"], rows["p-1"]["days since"], rows["p-1"]["silent"]) == ("known before", "65", "no")
    shown = {bar.label: bar.note for bar in chart(found).panels[0].bars}
    assert shown == {"invited": "", "wrote": "2 (100%)", "registered": "1 (50%)", "won": "1 (50%)", "silent": "1 (50%)"}
    assert chart_png(found, program().brand.light).startswith(b"\x89PNG")


async def test_where_nobody_was_invited_it_says_so(world: World) -> None:
    await world.enter(OLD)
    await world.look()
    async with world.storage.begin() as connection:
        await connection.execute(update(onboarding).values(steps={}))
        found = adoption(await adopted(connection, world.now, "UTC"), TODAY, 60)
    assert in_words(found)[0].startswith("Nobody was invited yet")
    assert in_words(found)[1] == "1 partner in all: 0 wrote (0%), 0 registered (0%), 0 won (0%); 1 silent"
    assert isinstance(found.partners[0], Adopted)

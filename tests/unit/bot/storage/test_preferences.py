"""How each contact wants to be written to: a word counts more than what the answers show, and both can change."""

from __future__ import annotations

from bot.storage import preferences
from bot.storage.database import Database
from bot.vocabulary.announcing import Route
from crm.records import Channel
from tests.builders import contact

SARA, MIA = contact(id="c-1"), contact(id="c-2")
BOTH = ("c-1", "c-2", "c-3")
PROOF = {"inbox": "in-1", "channel": "email", "at": "2026-11-27T10:00:00+00:00"}


async def test_only_three_answers_in_a_row_in_one_place_show_where_somebody_reads(storage: Database) -> None:
    async with storage.begin() as connection:
        for channel in (Channel.EMAIL, Channel.SLACK, Channel.SLACK):
            await preferences.learn(connection, "c-1", "p-1", channel)
        assert await preferences.routes(connection, BOTH) == {}
        await preferences.learn(connection, "c-1", "p-1", Channel.SLACK)
        assert await preferences.routes(connection, BOTH) == {"c-1": Route.SLACK}
        await preferences.learn(connection, "c-1", "p-1", Channel.EMAIL)
        assert await preferences.routes(connection, BOTH) == {}


async def test_a_word_counts_more_than_the_answers_until_it_is_taken_back(storage: Database) -> None:
    async with storage.begin() as connection:
        for _ in range(3):
            await preferences.learn(connection, "c-1", "p-1", Channel.EMAIL)
        await preferences.say(connection, SARA, route=Route.SLACK, proof=PROOF)
        assert await preferences.routes(connection, BOTH) == {"c-1": Route.SLACK}
        await preferences.say(connection, SARA, route=Route.PREFERRED, proof=PROOF)
        assert await preferences.routes(connection, BOTH) == {"c-1": Route.MAIL}


async def test_the_digest_is_known_of_those_alone_who_said_so_and_each_word_keeps_its_proof(storage: Database) -> None:
    later = PROOF | {"inbox": "in-2"}
    async with storage.begin() as connection:
        await preferences.say(connection, SARA, route=Route.BOTH, proof=PROOF)
        await preferences.say(connection, SARA, digest=False, proof=later)
        await preferences.say(connection, MIA, digest=True, proof=PROOF)
        await preferences.prove(connection, SARA, "opted_out", later)
        assert await preferences.wants_digest(connection, BOTH) == {"c-1": False, "c-2": True}
        assert await preferences.routes(connection, BOTH) == {"c-1": Route.BOTH}
        kept = (await preferences.proofs(connection, ["c-1"]))["c-1"]
    assert kept == {"route": PROOF | {"said": "both"}, "digest": later | {"said": "no"}, "opted_out": later}


async def test_nobody_is_asked_about_where_nobody_is_named(storage: Database) -> None:
    async with storage.begin() as connection:
        assert await preferences.routes(connection, []) == {}
        assert await preferences.wants_digest(connection, []) == {}

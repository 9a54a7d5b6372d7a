"""A version of the program that begins while the agent runs holds from that day, without a restart."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.pipeline import Agent
from knowledge.programs import Programs
from tests.builders import program
from tests.unit.bot.desk.talking import Reads


def test_the_agent_answers_from_the_version_of_the_day() -> None:
    now = [datetime(2026, 12, 31, 22, 59, tzinfo=UTC)]
    later = replace(program(), version="2027.1", valid_from=date(2027, 1, 1))
    unused = object()
    agent = Agent(Programs((program(), later)), Reads(()), unused, unused, unused, lambda: now[0])  # type: ignore[arg-type]
    assert agent.program().version == "2026.1"
    now[0] = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert agent.program().version == "2027.1"

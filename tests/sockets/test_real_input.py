"""All messages of the evaluation folder through the running agent: nothing is lost, and no machine is answered."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.database import create_database, drop_database
from tests.scenarios.house import Came, House, Told, demo_settings, open_house
from tests.shared_folder import shared
from tests.sockets.evaluation_world import Case, begin, deliver, import_senders, read_cases

FOLDER = (shared() or Path("nowhere")) / "eval"


pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared evaluation folder is not here"),
]


@dataclass(frozen=True)
class Ended:
    """What became of a case. `left` says that a registration or a question came of it."""

    case: Case
    came: Came
    ledger: list[str]
    answers: list[Told]
    tasks: list[str]
    left: bool

    @property
    def with_a_person(self) -> bool:
        return bool(self.tasks)

    @property
    def wrote(self) -> str:
        return f"{self.case.id}: {self.came}"


async def test_every_message_of_the_evaluation_goes_through_the_agent(
    postgres_server: URL, migrated_template: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = read_cases(FOLDER)
    url = create_database(postgres_server, migrated_template)
    async with open_house(demo_settings(url.render_as_string(hide_password=False), tmp_path), seeded=False) as house:
        started = time.monotonic()
        ended = await _all(house, cases)
        seconds = time.monotonic() - started
    drop_database(postgres_server, url)
    with capsys.disabled():
        print(_table(ended, seconds))  # noqa: T201 - the figures are what the run is for

    assert len(ended) == len(cases)
    assert [e.wrote for e in ended if e.came.state not in ("handled", "held")] == []
    assert [e.wrote for e in ended if {"message_in", "overheard"}.isdisjoint(e.ledger)] == []
    assert [e.wrote for e in ended if e.case.machine and e.answers] == []
    assert [e.wrote for e in ended if len(e.answers) > 1] == []
    assert [e.wrote for e in ended if e.came.trust != "proven"] == []
    wanted = [e for e in ended if "register_deal" in e.case.intents]

    assert [e.wrote for e in wanted if not e.left] == []
    assert [e.wrote for e in ended if e.case.answer_expected and not e.answers] == []


async def _all(house: House, cases: list[Case]) -> list[Ended]:
    known = await import_senders(house, cases)
    sent = []
    for case in cases:
        begun = await begin(house, case, *known[case.sender]) if case.in_reply_to else None
        sent.append((case, await deliver(house, case, begun)))
    await house.quiet()
    return [await _ended(house, case, key) for case, key in sent]


async def _ended(house: House, case: Case, key: str) -> Ended:
    came = await house.one(key)
    answers = await house.answers(came.id)
    registered = await house.registrations(came.partner_id or "")
    asked = any("?" in told.text or "we still need" in told.text for told in answers)
    tasks = [str(task["kind"]) for task in await house.tasks(inbox_id=came.id)]
    return Ended(case, came, await house.ledger(came.id), answers, tasks, bool(registered) or asked)


def _table(ended: list[Ended], seconds: float) -> str:
    outcomes = Counter(part for e in ended for part in e.came.outcome.split(", "))
    kinds = {
        "messages": len(ended),
        "answered": sum(bool(e.answers) for e in ended),
        "answer expected": sum(e.case.answer_expected for e in ended),
        "of these answered": sum(e.case.answer_expected and bool(e.answers) for e in ended),
        "machines answered": sum(e.case.machine and bool(e.answers) for e in ended),
        "asked back": sum("asked" in e.came.outcome for e in ended),
        "handed over": sum("handed_over" in e.came.outcome for e in ended),
        "register_deal": sum("register_deal" in e.case.intents for e in ended),
        "of these left something": sum("register_deal" in e.case.intents and e.left for e in ended),
        "seconds": round(seconds, 1),
    }
    rows = [f"  {name:<26}{value:>7}" for name, value in kinds.items()]
    rows += ["  outcomes"] + [f"    {name:<24}{count:>7}" for name, count in outcomes.most_common()]
    return "\n".join(["", "Real input through the running agent", *rows])

"""Labelled messages are added whole, once, and by several people at a time."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.evaluation.cases import CasesError, Wanted, load_cases, readable_of
from bot.evaluation.folder import Candidate, LabelFolder
from bot.evaluation.mails import mail_text

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
TEXT = Candidate("email", AT, "aoife@quaywise.example", text="What is our tier?", language="en")
RAW = b"From: aoife@quaywise.example\r\nSubject: Tier\r\nMessage-ID: <1@q.example>\r\n\r\nWhat is our tier?\r\n"
MAIL = Candidate("email", AT, "aoife@quaywise.example", raw=RAW, language="en")
SLACK = Candidate("slack", AT, "U1", text="tier &amp; more?", addressed=True, language="en")
TIER = (Wanted("ask_tier", {}),)


def opened(at: Path) -> LabelFolder:
    return LabelFolder(at, mail_text)


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Whatever is made without saying so is open to everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def permissions(*paths: Path) -> set[str]:
    return {oct(stat.S_IMODE(path.stat().st_mode)) for path in paths}


@pytest.mark.usefixtures("open_umask")
def test_partners_words_are_open_to_the_account_that_labels_alone(tmp_path: Path) -> None:
    made = tmp_path / "ours"
    folder = opened(made)
    for candidate in (MAIL, SLACK):
        folder.add(candidate, TIER, answer_expected=True)
    assert permissions(made, made / "mail") == {"0o700"}
    assert permissions(*(path for path in made.rglob("*") if path.is_file())) == {"0o600"}
    assert sorted(path.suffix for path in made.rglob("*") if path.is_file()) == ["", ".eml", ".jsonl"]


@pytest.mark.usefixtures("open_umask")
def test_a_list_that_others_may_read_is_closed_when_it_grows(tmp_path: Path) -> None:
    opened(tmp_path).add(TEXT, TIER, answer_expected=True)
    (tmp_path / "cases.jsonl").chmod(0o644)
    left_behind = tmp_path / f".cases.jsonl.{os.getpid()}"
    left_behind.touch(0o666)
    opened(tmp_path).add(SLACK, TIER, answer_expected=True)
    assert permissions(tmp_path / "cases.jsonl") == {"0o600"}
    assert not left_behind.exists()


def test_what_was_added_is_loaded_as_a_case(tmp_path: Path) -> None:
    wanted = (Wanted("register_deal", {"customer": "Lindgrün", "amount": "45000"}),)
    asked = replace(TEXT, in_reply_to="question", asked=("amount",))
    name = opened(tmp_path / "new").add(asked, wanted, answer_expected=True)
    (case,) = load_cases(tmp_path / "new")
    assert (case.id, case.requests, case.answer_expected) == (name, wanted, True)
    assert (case.in_reply_to, case.asked, case.sender, case.received) == ("question", ("amount",), TEXT.sender, AT)
    assert case.visible_text == "What is our tier?"


def test_a_mail_is_kept_as_it_came(tmp_path: Path) -> None:
    name = opened(tmp_path).add(MAIL, TIER, answer_expected=True)
    assert (tmp_path / "mail" / f"{name}.eml").read_bytes() == RAW
    (case,) = load_cases(tmp_path)
    assert readable_of(case, mail_text).subject == "Tier"
    assert case.visible_text == "What is our tier?"


def test_a_direct_slack_message_stays_addressed(tmp_path: Path) -> None:
    opened(tmp_path).add(SLACK, TIER, answer_expected=True)
    (case,) = load_cases(tmp_path)
    readable = readable_of(case, mail_text)
    assert readable.addressed
    assert readable.text == "tier & more?"


@pytest.mark.parametrize("candidate", [TEXT, MAIL, SLACK], ids=["text", "mail", "slack"])
def test_the_same_message_is_added_once(tmp_path: Path, candidate: Candidate) -> None:
    assert opened(tmp_path).add(candidate, TIER, answer_expected=True)
    again = opened(tmp_path)
    later = replace(candidate, received=AT.replace(day=27))
    assert again.name_of(later) == load_cases(tmp_path)[0].id
    assert again.add(later, TIER, answer_expected=True) is None
    assert len(load_cases(tmp_path)) == 1


def test_the_same_words_elsewhere_are_another_message(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    others = [replace(TEXT, sender="x@y.example"), replace(TEXT, in_reply_to="statement"), replace(TEXT, text="Tier?")]
    names = {folder.add(each, TIER, answer_expected=True) for each in (TEXT, *others)}
    assert len(names) == 4
    assert None not in names


def test_messages_are_known_under_any_id(tmp_path: Path) -> None:
    opened(tmp_path).add(TEXT, TIER, answer_expected=True)
    listed = tmp_path / "cases.jsonl"
    listed.write_text(json.dumps({**json.loads(listed.read_text()), "id": "renamed-1"}) + "\n")
    assert opened(tmp_path).name_of(TEXT) == "renamed-1"


def test_a_last_line_without_an_end_is_not_joined(tmp_path: Path) -> None:
    opened(tmp_path).add(TEXT, TIER, answer_expected=True)
    listed = tmp_path / "cases.jsonl"
    listed.write_bytes(listed.read_bytes().rstrip(b"\n"))
    opened(tmp_path).add(SLACK, TIER, answer_expected=True)
    assert len(load_cases(tmp_path)) == 2


def test_signs_that_some_take_for_line_ends_stay_inside_their_line(tmp_path: Path) -> None:
    odd = "one\u2028two\x85three\x0bfour\rfive\ud800"
    folder = opened(tmp_path)
    folder.add(replace(TEXT, text=odd), TIER, answer_expected=True)
    assert len((tmp_path / "cases.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    assert "three" in (load_cases(tmp_path)[0].text or "")
    folder.add(SLACK, TIER, answer_expected=True)


def test_a_broken_folder_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text("{half a li")
    with pytest.raises(CasesError, match=r"cases\.jsonl:1"):
        opened(tmp_path)
    assert (tmp_path / "cases.jsonl").read_text() == "{half a li"


def test_an_odd_language_makes_no_odd_file_name(tmp_path: Path) -> None:
    name = opened(tmp_path).add(replace(MAIL, language="../../x"), TIER, answer_expected=True)
    assert name is not None
    assert name.startswith("xx-")


def test_several_people_add_at_a_time_and_nothing_is_lost(tmp_path: Path) -> None:
    def add(who: int) -> None:
        folder = opened(tmp_path)
        for n in range(5):
            folder.add(replace(TEXT, text=f"question {n}", sender=f"p{who}@x.example"), TIER, answer_expected=True)
        folder.add(TEXT, TIER, answer_expected=True)  # everybody finds this one

    people = [threading.Thread(target=add, args=(who,)) for who in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    cases = load_cases(tmp_path)
    assert len(cases) == len({case.id for case in cases}) == 4 * 5 + 1


_ADD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bot.evaluation.cases import Wanted
from bot.evaluation.folder import Candidate, LabelFolder
from bot.evaluation.mails import mail_text
folder = LabelFolder(Path(sys.argv[1]), mail_text)
print("ready", flush=True)
sys.stdin.readline()
for n in range(20):
    text = Candidate("email", datetime.now(UTC), "x@y.example", text=f"{n} of {sys.argv[2]}", language="en")
    folder.add(text, (Wanted("ask_tier", {}),), answer_expected=True)
same = Candidate("email", datetime.now(UTC), "x@y.example", text="both", language="en")
folder.add(same, (Wanted("ask_tier", {}),), answer_expected=True)
"""


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    two = [
        subprocess.Popen(
            [sys.executable, "-c", _ADD, str(tmp_path), who],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )
        for who in ("one", "two")
    ]  # fmt: skip
    for process in two:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in two:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in two:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert len(load_cases(tmp_path)) == 2 * 20 + 1

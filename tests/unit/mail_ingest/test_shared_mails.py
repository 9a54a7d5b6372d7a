"""Measured on the labelled mails and reply texts, where they are present."""

from __future__ import annotations

import json
import re
import runpy
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mail_ingest.parse import parse
from mail_ingest.reply_text import reply_text
from tests.shared_folder import shared

FOLDER = shared()
pytestmark = [pytest.mark.shared, pytest.mark.skipif(FOLDER is None, reason="the shared folder is not present")]


def cases(name: str) -> Iterator[tuple[dict[str, Any], bytes]]:
    folder = Path(str(FOLDER)) / name
    for line in (folder / "cases.jsonl").read_text().splitlines():
        case = json.loads(line)
        if case["channel"] == "email":
            yield case, (folder / case["mail"]).read_bytes()


def is_machine(case: dict[str, Any]) -> bool:
    return any(request["intent"] == "auto_reply" for request in case["gold"]["requests"])


@pytest.fixture(scope="module")
def normal() -> Callable[[str], str]:
    """The scorer's own comparison; it is a script, so it is run once on nothing."""
    kept = sys.argv
    sys.argv = ["score.py", str(FOLDER) + "/eval", "/dev/null", "--json"]
    try:
        names = runpy.run_path(str(Path(str(FOLDER)) / "eval" / "score.py"))
    finally:
        sys.argv = kept
    normalise: Callable[[str], str] = names["text"]
    return normalise


@pytest.mark.parametrize(("name", "share"), [("eval", 0.97), ("train", 0.95)])
def test_the_visible_text_is_found(name: str, share: float, normal: Callable[[str], str]) -> None:
    people = [(case, parse(raw)) for case, raw in cases(name) if not is_machine(case)]
    right = sum(normal(case["gold"]["visible_text"]) == normal(read.visible) for case, read in people)
    assert right / len(people) >= share


@pytest.mark.parametrize("name", ["eval", "train"])
def test_machines_and_only_machines_are_automatic(name: str) -> None:
    wrong = [case["id"] for case, raw in cases(name) if bool(parse(raw).automatic) != is_machine(case)]
    assert wrong == []


def test_reply_texts_of_other_parsers_fixtures() -> None:
    lines = (Path(str(FOLDER)) / "corpora" / "replies" / "cases.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]

    def plain(text: str) -> str:
        return re.sub(r"\s+", " ", text).strip()

    right = sum(
        plain(reply_text(row["text"]).visible) in {plain(t) for t in (row["expected"], *row["alternatives"])}
        for row in rows
    )
    assert right / len(rows) >= 0.8


def test_ordinary_mails_are_read_fast() -> None:
    raws = [raw for _, raw in cases("eval")]
    began = time.process_time()
    for raw in raws:
        parse(raw)
    assert len(raws) / (time.process_time() - began) >= 300

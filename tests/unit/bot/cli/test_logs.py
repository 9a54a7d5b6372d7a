"""Logging as the settings ask for it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from bot.cli.logs import set_up_logging
from config import load_settings


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root, queue = logging.getLogger(), logging.getLogger("procrastinate")
    handlers, levels = list(root.handlers), (root.level, queue.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    queue.setLevel(levels[1])


def test_json_lines_hold_level_logger_message_and_trace(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(load_settings(environ={}, overrides={"log_format": "json"}))
    try:
        int("seven\nor so")
    except ValueError:
        logging.getLogger("bot.worker").exception("it failed for %s", "Aßmuth")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"]) == ("error", "bot.worker", "it failed for Aßmuth")
    assert "ValueError: invalid literal" in said["trace"]
    assert said["at"].endswith("+00:00")


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_the_queues_chatter_is_left_out_and_ours_is_not(capsys: pytest.CaptureFixture[str], log_format: str) -> None:
    set_up_logging(load_settings(environ={}, overrides={"log_format": log_format}))
    logging.getLogger("procrastinate.worker").info("Starting job")
    logging.getLogger("procrastinate.worker").warning("a warning [of] the queue")
    logging.getLogger("bot.clock").info("ours")
    said = capsys.readouterr().err
    assert "Starting job" not in said
    assert "a warning [of] the queue" in said
    assert "ours" in said


def test_debug_shows_the_libraries_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(load_settings(environ={}, overrides={"log_level": "debug"}))
    logging.getLogger("procrastinate.worker").info("Starting job")
    assert "Starting job" in capsys.readouterr().err

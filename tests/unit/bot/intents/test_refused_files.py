"""Files that are not kept are named to their sender with the reason; one that never came also to the manager."""

from __future__ import annotations

import pytest

from bot.channels.slack.files.unfetched import Unfetched
from bot.intents import refused_files
from bot.texts.catalogue import LANGUAGES, catalogue
from bot.vocabulary.decisions import HandOver
from bot.vocabulary.message import Attachment
from mail_ingest.file_kinds import Refusal


def refused(why: str, name: str = "invoice.pdf") -> Attachment:
    return Attachment(name, "application/pdf", 0, "", refused=why)


@pytest.mark.parametrize("why", ["gone", "not_shown", "elsewhere", "unreached"])
def test_the_manager_learns_of_a_file_that_nobody_could_look_into(why: str) -> None:
    [told] = refused_files.told((refused(why), refused("program", "setup.exe")))
    [command] = told.commands
    assert isinstance(command, HandOver)
    assert "invoice.pdf" in command.summary
    assert "setup.exe" not in command.summary


def test_of_a_file_that_was_refused_for_what_it_is_only_the_sender_learns() -> None:
    [told] = refused_files.told((refused("program", "setup.exe"),))
    assert told.commands == ()
    assert [outcome.text for outcome in told.outcomes] == ["file.not_kept"]


def test_very_many_and_very_long_names_stay_short() -> None:
    [told] = refused_files.told(tuple(refused("gone", f"{n}{'x' * 500}.pdf") for n in range(60)))
    [command] = told.commands
    assert isinstance(command, HandOver)
    assert len(command.summary) <= 1000


@pytest.mark.parametrize("why", sorted({*map(str, Refusal), *map(str, Unfetched)}))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words_in_every_language(language: str, why: str) -> None:
    assert catalogue().texts[language][f"file.{why}"]

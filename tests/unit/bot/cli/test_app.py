"""The command as a whole: help that teaches, and faults as one message with an exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.given import Given
from bot.cli.table import COMMANDS
from tests.unit.bot.cli.conftest import Partnerline

GROUPS = {
    "statements": (
        "run",
        "list",
        "show",
        "invoice",
        "approve",
        "schedule",
        "pay",
        "decline",
        "postpone",
        "block",
        "fail",
        "release",
        "cancel",
        "export",
    ),
    "partners": ("list", "import"),
    "registrations": ("list", "show", "approve", "refuse", "ask", "protect"),
    "deals": ("attribution", "history"),
    "leads": ("list", "show", "share", "withdraw"),
    "contacts": ("list", "add", "close", "rights", "accept", "refuse"),
    "announcements": ("list", "translate", "approve"),
    "segments": ("list", "values", "show", "save", "rename", "delete"),
    "channels": ("list", "map", "mode", "resume", "forget"),
    "files": ("list", "save"),
    "payments": ("import", "show"),
    "milestones": ("import", "add"),
    "rates": ("import", "show"),
    "program": ("check", "show", "diff", "init", "page", "texts"),
    "tiers": ("review", "history", "set"),
    "report": ("attribution",),
    "disputes": ("list", "show", "uphold", "correct"),
    "held": ("list", "show", "release", "discard"),
    "ledger": ("verify", "head", "show", "diff", "replay", "export", "forget"),
    "shunted": ("list", "show", "replay"),
    "crm": ("status", "retry"),
    "slack": ("manifest", "setup", "check"),
}


def test_the_overview_names_every_command(partnerline: Partnerline) -> None:
    shown = partnerline("--help")
    assert shown.code == 0
    for name in COMMANDS:
        assert f" {name} " in shown.out


def test_without_a_command_the_overview_is_shown(partnerline: Partnerline) -> None:
    shown = partnerline()
    assert "partnerline serve" in shown.out + shown.err


LEAVES = [(name,) for name in COMMANDS if name not in GROUPS] + [
    (group, name) for group, names in GROUPS.items() for name in names
]


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_each_commands_help_teaches_with_an_example(partnerline: Partnerline, words: tuple[str, ...]) -> None:
    shown = partnerline(*words, "--help")
    assert shown.code == 0
    assert "Example" in shown.out
    assert f"Usage: partnerline {' '.join(words)}" in " ".join(shown.out.split())


def test_an_unknown_command_is_a_fault_of_usage(partnerline: Partnerline) -> None:
    shown = partnerline("regstrations")
    assert shown.code == 2
    assert "registrations" in shown.err


def test_all_faults_of_the_configuration_are_told_at_once(
    partnerline: Partnerline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERLINE_SMTP_PORT", "many")
    monkeypatch.setenv("PARTNERLINE_SMPT_HOST", "127.0.0.1")
    shown = partnerline("registrations", "list")
    assert shown.code == 2
    assert "smtp_port" in shown.err
    assert "did you mean smtp_host" in shown.err
    assert "fix: " in shown.err
    assert not shown.out


@pytest.mark.parametrize("name", ["serve", "worker", "doctor", "reset"])
def test_demo_beside_a_relay_is_refused_by_every_command(
    partnerline: Partnerline, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PARTNERLINE_RELAY_HOST", "mail.example.com")
    shown = partnerline(name)
    assert shown.code == 2
    assert "relay_host: the demo profile takes no outside service" in shown.err


def test_a_settings_file_that_is_not_there_is_named(partnerline: Partnerline) -> None:
    shown = partnerline("--config", "nowhere.toml", "registrations", "list")
    assert shown.code == 2
    assert "nowhere.toml" in shown.err


@pytest.mark.parametrize("name", ["serve", "worker"])
def test_a_data_folder_that_cannot_be_made_is_told_with_the_setting(
    partnerline: Partnerline, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    shown = partnerline("--data-dir", tmp_path / "file" / "data", name)
    assert shown.code == 1
    assert "PARTNERLINE_DATA_DIR" in shown.err


def test_a_database_that_does_not_answer_is_named_without_its_password(
    partnerline: Partnerline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://agent:hidden-word@127.0.0.1:1/partners")
    shown = partnerline("partners", "list")
    assert shown.code == 1
    assert "the database partners on 127.0.0.1 does not answer" in shown.err
    assert "hidden-word" not in shown.err


def test_a_broken_program_is_told_with_its_file(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "program.toml").write_text("not = [toml")
    shown = partnerline("--program-dir", tmp_path, "worker")
    assert shown.code == 2
    assert "program.toml" in shown.err


def test_the_version_is_printed(partnerline: Partnerline) -> None:
    assert partnerline("version").out.startswith("partnerline ")


def test_further_commands_are_shown_with_the_options_of_this_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "partnerline").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    given = Given(None, {"data_dir": "/var/lib/my data", "profile": None})
    assert given.command("doctor") == "partnerline --data-dir '/var/lib/my data' doctor"


def test_further_commands_can_be_typed_where_the_command_is_not_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    program = Given().command("version").split()[0]
    assert Path(program).exists()


@pytest.mark.parametrize("group", ["statements", "program", "partners", "report"])
def test_a_groups_help_offers_only_what_belongs_to_it(partnerline: Partnerline, group: str) -> None:
    assert "completion" not in partnerline(group, "--help").out

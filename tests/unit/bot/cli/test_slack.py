"""`partnerline slack`: the manifest filled in, the steps, and words where something is missing."""

from __future__ import annotations

import json

import pytest
import yaml  # type: ignore[import-untyped]

from bot.channels.slack.setup.manifest import manifest
from tests.unit.bot.cli.conftest import Partnerline

ADDRESS = "https://partners.acme.example"


def test_the_manifest_is_printed_with_the_address_and_nothing_beside_it(partnerline: Partnerline) -> None:
    done = partnerline("slack", "manifest", "--url", ADDRESS)
    assert (done.code, done.err) == (0, "")
    assert yaml.safe_load(done.out) == manifest(ADDRESS)
    assert json.loads(partnerline("slack", "manifest", "--url", ADDRESS, "--json").out) == manifest(ADDRESS)


def test_the_address_of_the_settings_is_taken(partnerline: Partnerline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERLINE_PUBLIC_URL", ADDRESS + "/")
    assert yaml.safe_load(partnerline("slack", "manifest").out) == manifest(ADDRESS)


def test_socket_mode_needs_no_address(partnerline: Partnerline) -> None:
    assert yaml.safe_load(partnerline("slack", "manifest", "--socket").out) == manifest(socket=True)
    done = partnerline("slack", "manifest", "--socket", "--url", ADDRESS)
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize(
    "url",
    ["http://partners.acme.example", "partners.acme.example", "https://", "https://a@b.example", "https://[::1",
     "https://a.example/?x=1", "https://a.example/#x", "ftp://a.example"],
)  # fmt: skip
def test_an_address_that_slack_would_not_call_is_refused(partnerline: Partnerline, url: str) -> None:
    done = partnerline("slack", "manifest", "--url", url)
    assert (done.code, done.out) == (2, "")
    assert "https://" in done.err


def test_without_any_address_both_ways_are_named(partnerline: Partnerline) -> None:
    done = partnerline("slack", "manifest")
    assert done.code == 2
    assert "--url" in done.err
    assert "--socket" in done.err


@pytest.mark.parametrize(("way", "second"), [("--socket", "APP_TOKEN"), (f"--url={ADDRESS}", "SIGNING_SECRET")])
def test_setup_tells_the_steps_and_exactly_two_settings(partnerline: Partnerline, way: str, second: str) -> None:
    done = partnerline("slack", "setup", way)
    assert done.code == 0
    assert "PARTNERLINE_SLACK_BOT_TOKEN" in done.out
    assert f"PARTNERLINE_SLACK_{second}" in done.out
    assert done.out.count("PARTNERLINE_") == 2
    assert "run this once more" in done.out


def test_a_check_without_a_token_says_where_to_begin(partnerline: Partnerline) -> None:
    done = partnerline("slack", "check")
    assert done.code == 2
    assert "slack setup" in done.err

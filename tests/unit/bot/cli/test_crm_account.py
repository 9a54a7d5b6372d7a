"""`partnerline crm setup`, `check` and `import` as an operator types them, on a HubSpot of this machine."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

import pytest

from tests.fakes.hubspot import Hub, Plan, running_hubspot
from tests.unit.bot.cli.conftest import Partnerline


@pytest.fixture(scope="module")
def running() -> Iterator[Hub]:
    with running_hubspot() as hub:
        yield hub


@pytest.fixture
def hub(running: Hub, monkeypatch: pytest.MonkeyPatch, on_database: str) -> Hub:
    """The settings name it as the CRM."""
    running.reset()
    for name, value in {
        "CRM": "hubspot",
        "HUBSPOT_URL": running.url,
        "HUBSPOT_TOKEN": running.token,
        "HUBSPOT_CALLS_PER_10S": "1000",
    }.items():
        monkeypatch.setenv(f"PARTNERLINE_{name}", value)
    return running


def company(hub: Hub, name: str, **values: str) -> str:
    return str(hub.portal.person_creates("companies", name=name, **values).id)


def test_setup_shows_makes_and_the_second_time_finds_everything(partnerline: Partnerline, hub: Hub) -> None:
    first = partnerline("crm", "setup", "--yes")
    assert first.code == 0
    assert "HubSpot account 50000001 (DEVELOPER_TEST)" in first.out
    assert " properties: “Partner deal number” (Single-line text, unique), “" in first.out
    assert "pipeline “Partner requests” with 14 stages" in first.out
    assert "thing(s) made in HubSpot" in first.out
    changes = len(hub.calls.of(method="POST"))
    second = partnerline("crm", "setup", "--yes")
    assert (second.code, "everything that is needed" in second.out) == (0, True)
    assert "made in HubSpot" not in second.out
    assert len(hub.calls.of(method="POST")) == changes


def test_setup_asks_and_without_a_yes_makes_nothing(
    partnerline: Partnerline, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    shown = partnerline("crm", "setup")
    assert shown.code == 2
    assert "nobody answered; nothing was made in HubSpot" in shown.err
    assert "--yes" in shown.err
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    shown = partnerline("crm", "setup")
    assert (shown.code, "nothing was made in HubSpot" in shown.out) == (0, True)
    assert hub.calls.of(method="POST") == []


def test_a_plan_without_labels_is_told_with_the_way_that_remains(
    partnerline: Partnerline, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.portal.plan = Plan.STARTER
    monkeypatch.setenv("PARTNERLINE_HUBSPOT_ATTRIBUTION", "labels")
    shown = partnerline("crm", "setup", "--yes")
    assert shown.code == 1
    assert "not possible: labelled associations with the partner's company" in shown.out
    assert "remains: properties of the deal" in shown.out
    assert "set PARTNERLINE_HUBSPOT_ATTRIBUTION=property" in shown.err
    monkeypatch.setenv("PARTNERLINE_HUBSPOT_ATTRIBUTION", "property")
    assert partnerline("crm", "setup", "--yes").code == 0


def test_another_way_of_attribution_is_carried_over_to_after_a_question(
    partnerline: Partnerline, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    partnerline("crm", "setup", "--yes")
    company(hub, "Nordlicht", type="PARTNER")
    assert partnerline("crm", "import", "--type", "referral", "--tier", "registered", "--yes").code == 0
    monkeypatch.setenv("PARTNERLINE_HUBSPOT_ATTRIBUTION", "labels")
    assert "was `property` until now, and is `labels`" in partnerline("crm", "check").out
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\nn\n"))
    waits = partnerline("crm", "setup")
    assert waits.code == 1
    assert "who brought a deal was said by properties of the deal (`property`) until now" in waits.out
    assert "set PARTNERLINE_HUBSPOT_ATTRIBUTION=property again" in waits.err
    done = partnerline("crm", "setup", "--yes")
    assert done.code == 0
    assert "deals are attributed by labelled associations with the partner's company now" in done.out
    assert partnerline("crm", "check").code == 0


def test_what_must_be_mended_by_hand_is_a_table_of_its_own(partnerline: Partnerline, hub: Hub) -> None:
    partnerline("crm", "setup", "--yes")
    held = hub.portal.definitions["0-3"]["partnerline_number"]
    object.__setattr__(held, "unique", False)
    shown = partnerline("crm", "setup", "--yes")
    assert shown.code == 1
    assert "To be mended by hand" in shown.out
    assert "does not demand unique values" in shown.out
    assert "1 thing(s) in HubSpot must be mended by hand" in shown.err


def test_check_is_a_table_with_a_sum_and_fails_where_there_is_a_fault(partnerline: Partnerline, hub: Hub) -> None:
    missing = partnerline("crm", "check")
    assert missing.code == 1
    assert "`partnerline crm setup` shows what is missing" in missing.out
    partnerline("crm", "setup", "--yes")
    fine = partnerline("crm", "check", "--try-note")
    assert fine.code == 0
    assert "0 fault(s), 1 hint(s)" in fine.out
    assert "written, and removed again" in fine.out
    assert fine.err.strip() == ""


def test_the_doctor_looks_over_hubspot_too(partnerline: Partnerline, hub: Hub) -> None:
    assert "`partnerline crm setup` shows what is missing" in " ".join(partnerline("doctor").out.split())
    partnerline("crm", "setup", "--yes")
    hub.portal.scopes -= {"crm.objects.deals.write"}
    shown = partnerline("doctor")
    assert "portal 50000001" in shown.out
    assert "crm.objects.deals.write is missing" in shown.out
    assert shown.code == 1


def test_import_shows_who_would_be_taken_and_takes_them(partnerline: Partnerline, hub: Hub) -> None:
    early = partnerline("crm", "import", "--dry-run")
    assert "HubSpot lacks" in early.err
    partnerline("crm", "setup", "--yes")
    id_ = company(hub, "Nordlicht", type="PARTNER", domain="nordlicht.example")
    person = hub.portal.person_creates("contacts", email="lena@nordlicht.example", firstname="Lena", lastname="Voss")
    hub.portal.person_associates("contacts", person.id, "companies", id_)
    assert "not taken: “Partner type” is empty" in partnerline("crm", "import", "--dry-run").out
    options = ("--type", "referral", "--tier", "registered")
    dry = partnerline("crm", "import", *options, "--dry-run")
    assert "1 partner(s), 1 of them new, and 1 contact(s) would be taken" in dry.out
    assert "partnerline_partner_id" not in {k for k, v in hub.portal.one("companies").values.items() if v}
    taken = partnerline("crm", "import", *options, "--yes")
    assert (taken.code, taken.err.strip()) == (0, "")
    assert "1 partner(s) and 1 contact(s) are the agent's now" in taken.out
    assert "Nordlicht" in partnerline("partners", "list").out


def test_import_says_for_which_partner_nobody_could_write(partnerline: Partnerline, hub: Hub) -> None:
    partnerline("crm", "setup", "--yes")
    company(hub, "Harbour", type="RESELLER")
    shown = partnerline("crm", "import", "--tier", "Registered", "--dry-run")
    assert "nobody can write for it yet: enter “Partner mail domains” in HubSpot" in " ".join(shown.out.split())


def test_a_tier_that_the_program_has_not_is_a_plain_fault(partnerline: Partnerline, hub: Hub) -> None:
    shown = partnerline("crm", "import", "--tier", "Gold", "--dry-run")
    assert shown.code == 1
    assert "the program has no tier 'Gold'" in shown.err
    assert "give one of Registered, Select, Elite" in shown.err


@pytest.mark.parametrize("command", ["setup", "import"])
def test_a_token_that_hubspot_does_not_take_says_which_setting(
    partnerline: Partnerline, hub: Hub, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("PARTNERLINE_HUBSPOT_TOKEN", "pat-of-yesterday")
    shown = partnerline("crm", command, "--yes")
    assert shown.code == 1
    assert "HubSpot does not accept the token" in shown.err
    assert "PARTNERLINE_HUBSPOT_TOKEN" in shown.err


@pytest.mark.parametrize("command", ["setup", "check", "import"])
def test_the_embedded_crm_needs_nothing_of_this(partnerline: Partnerline, command: str) -> None:
    shown = partnerline("crm", command)
    assert shown.code == 2
    assert "the CRM is the embedded one, which needs nothing of this" in shown.err
    assert "PARTNERLINE_CRM=hubspot" in shown.err


@pytest.mark.parametrize("command", ["setup", "check", "import"])
def test_help_teaches_with_an_example(partnerline: Partnerline, command: str) -> None:
    shown = partnerline("crm", command, "--help")
    assert "Example" in shown.out
    assert f"partnerline crm {command}" in shown.out

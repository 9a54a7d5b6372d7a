"""The page for people: what it shows, and what is pressed there reaches the account as a person's act."""

from __future__ import annotations

import sys
import urllib.parse
from subprocess import PIPE, Popen

import pytest
import urllib3

from tests.fakes.hubspot import Hub, Mood
from tests.fakes.hubspot.__main__ import arguments, hub_for, main
from tests.fakes.mood_shares import shares
from tests.unit.fakes_hubspot.api import Api, bound


def see(api: Api, path: str) -> str:
    answer = api.pool.request("GET", api.hub.url + path)
    assert answer.status == 200
    return str(answer.data.decode())


def press(api: Api, path: str, *fields: tuple[str, str], origin: str | None = None) -> urllib3.BaseHTTPResponse:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin or api.hub.url}
    body = urllib.parse.urlencode(fields)
    return api.pool.request("POST", api.hub.url + path, body=body, headers=headers, redirect=False)


@pytest.fixture
def deal(api: Api, hub: Hub) -> str:
    company = api.made("companies", name="Nord <AG>")
    deal = api.made("deals", dealname="Atlas", amount="18400", deal_currency_code="EUR")
    api("PUT", f"/crm/objects/deals/{deal}/associations/default/companies/{company}")
    note = {"hs_timestamp": "2026-11-27T10:00:00Z", "hs_note_body": "<b>Hello</b><script>bad()</script>"}
    api.post("/crm/objects/notes", {"properties": note, "associations": [bound(214, deal)]})
    hub.webhooks.take()
    return deal


def test_the_board_shows_deals_in_their_stage(api: Api, deal: str) -> None:
    page = see(api, "/")
    assert "Atlas" in page
    assert "18,400 EUR" in page
    assert "Nord &lt;AG&gt;" in page


def test_a_record_shows_its_notes_and_companies_and_no_script_of_a_note(api: Api, deal: str) -> None:
    page = see(api, f"/deals/{deal}")
    assert "<b>Hello</b>" in page
    assert "bad()" not in page
    assert "Primary" in page
    assert "Closed Won" in page


def test_a_stage_is_moved_as_a_person_and_told(api: Api, hub: Hub, deal: str) -> None:
    answer = press(api, f"/deals/{deal}/move", ("pipeline", "default"), ("stage", "closedwon"))
    assert (answer.status, answer.headers["Location"]) == (303, f"/deals/{deal}")
    assert hub.portal.one("deals").values["dealstage"] == "closedwon"
    told = {event["propertyName"]: event["changeSource"] for event in hub.webhooks.take()}
    assert told["dealstage"] == "CRM_UI"
    assert "Deal stage set to Closed Won by a colleague" in see(api, f"/deals/{deal}")


def test_a_property_is_edited_and_a_refusal_shown_in_hubspots_words(api: Api, hub: Hub, deal: str) -> None:
    press(api, f"/deals/{deal}/edit", ("name", "amount"), ("value", "20000"))
    assert hub.portal.one("deals").values["amount"] == "20000"
    refused = press(api, f"/deals/{deal}/edit", ("name", "amount"), ("value", "much"))
    assert "much was not a valid number." in see(api, refused.headers["Location"])
    assert hub.portal.one("deals").values["amount"] == "20000"


def test_ticked_options_are_kept_together(api: Api, hub: Hub, deal: str) -> None:
    options = [{"label": one.upper(), "value": one} for one in "abc"]
    words = {"name": "ways", "label": "Ways", "type": "enumeration", "fieldType": "checkbox"}
    api.post("/crm/properties/deals", {**words, "groupName": "dealinformation", "options": options})
    press(api, f"/deals/{deal}/edit", ("name", "ways"), ("value", "a"), ("value", "c"))
    assert hub.portal.one("deals").values["ways"] == "a;c"
    press(api, f"/deals/{deal}/edit", ("name", "ways"))
    assert hub.portal.one("deals").values["ways"] == ""


def test_a_colleague_makes_a_deal_associates_parts_and_deletes_it(api: Api, hub: Hub, deal: str) -> None:
    made = press(api, "/deals/create", ("dealname", "Beacon"), ("amount", "5"), ("dealstage", "contractsent"))
    beacon = hub.portal.one("deals", dealname="Beacon")
    assert made.headers["Location"] == f"/deals/{beacon.id}"
    company = hub.portal.one("companies").id
    press(api, f"/deals/{beacon.id}/associate", ("kind", "companies"), ("to", company), ("label", "Primary"))
    assert hub.portal.labels("deals", beacon.id, "companies") == {company: ("Primary",)}
    press(api, f"/deals/{beacon.id}/part", ("kind", "companies"), ("to", company))
    assert hub.portal.labels("deals", beacon.id, "companies") == {}
    press(api, f"/deals/{beacon.id}/delete")
    assert [one.id for one in hub.portal.all("deals")] == [deal]


def test_other_pages_cannot_press_anything(api: Api, hub: Hub, deal: str) -> None:
    answer = press(api, f"/deals/{deal}/delete", origin="https://elsewhere.example")
    assert answer.status == 403
    assert len(hub.portal.all("deals")) == 1


def test_an_outage_is_ordered_and_ended_on_the_page_of_calls(api: Api, hub: Hub) -> None:
    press(api, "/mood", ("mood", "outage"))
    assert api.get("/crm/objects/deals").status == 503
    assert "answers no API calls" in see(api, "/calls")
    press(api, "/mood", ("mood", "calm"))
    assert api.get("/crm/objects/deals").status == 200


def test_what_is_not_there_is_told(api: Api, deal: str) -> None:
    for path in ("/deals/12", "/nonsense", "/deals/1/2/3"):
        assert api.pool.request("GET", api.hub.url + path).status == 404
    assert press(api, f"/deals/{deal}/edit").status in {303, 400}
    assert press(api, "/deals/12/edit", ("name", "amount"), ("value", "1")).status == 303


@pytest.mark.parametrize("path", ["/companies", "/contacts", "/calls", "/deals?q=atl", "/page.css", "/changes"])
def test_every_list_can_be_seen(api: Api, deal: str, path: str) -> None:
    api.made("contacts", email="ana@nord.example", firstname="Ana")
    see(api, path)


def test_the_command_line_chooses_plan_moods_and_examples() -> None:
    chosen = arguments(["--plan", "starter", "--moods", "503=0.5,lost=0.1", "--example", "--without-scope", "files"])
    hub = hub_for(chosen)
    assert hub.portal.plan == "starter"
    assert "files" not in hub.portal.scopes
    assert len(hub.portal.all("deals")) == 2
    assert shares("503=0.5,lost=0.1", Mood) == {Mood.UNAVAILABLE: 0.5, Mood.LOST: 0.1}
    with pytest.raises(ValueError, match="nonsense"):
        shares("nonsense=1", Mood)


def test_a_port_that_is_taken_is_told(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", hub.url.rpartition(":")[2]]) == 1
    assert "cannot start" in capsys.readouterr().err


def test_it_starts_by_hand_and_ends_when_told() -> None:
    command = [sys.executable, "-m", "tests.fakes.hubspot", "--port", "0"]
    with Popen(command, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        url = first.split()[-1]
        answer = urllib3.request("GET", f"{url}/crm/owners/2026-03", headers={"Authorization": "Bearer pat-fake-0000"})
        process.terminate()
        assert process.wait(10) == 0
    assert answer.status == 200

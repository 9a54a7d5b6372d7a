"""Where an interaction stands: on its deals, its contact and its partner's company, whatever became of them since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm.adapters.hubspot.logging.markers import marker_of, own_marker
from crm.adapters.hubspot.records.store import Known
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.calls import Call
from crm.adapters.hubspot.transport.client import Answer, HubSpot
from crm.errors import CrmRejected, CrmUnavailable
from crm.records import Channel, LoggedFile
from tests.fakes.hubspot import Mood
from tests.unit.crm.hubspot.timelines.conftest import House, posted, said

OFFER = LoggedFile("offer.pdf", "application/pdf", 5, "ab" * 32)


async def test_it_stands_on_deal_contact_and_company_and_nowhere_else(house: House) -> None:
    await house.agent().log([said(1, deal_numbers=("D-1", "D-2")), posted(2)])
    for kind, name in (("deals", "D-1"), ("contacts", "c-1"), ("companies", "p-1")):
        assert len(house.on(kind, name)) == 2
    assert len(house.on("deals", "D-2")) == 1
    assert house.on("contacts", "c-2") == house.on("companies", "p-2") == []


async def test_a_mail_is_an_email_with_its_time_direction_subject_and_addresses(house: House) -> None:
    await house.agent().log([said(1)])
    [mail] = house.hub.portal.all("emails")
    assert mail.values["hs_timestamp"] in {"1795683660000", "2026-11-26T09:01:00.000Z"}
    assert mail.values["hs_email_direction"] == "INCOMING_EMAIL"
    assert mail.values["hs_email_subject"] == "Question 1"
    assert mail.values["hs_email_from_email"] == "sara@brightpath.example"
    assert mail.values["hs_email_to_email"] == "partners@lumora.example"


async def test_what_was_no_mail_is_a_note(house: House) -> None:
    await house.agent().log([posted(1), said(2, sender="", recipients=()), said(3, channel=Channel.CLI)])
    assert house.hub.portal.all("emails") == []
    assert len(house.hub.portal.all("notes")) == 3


# --- records that changed in HubSpot


async def test_a_deal_that_a_colleague_deleted_leaves_contact_and_company(house: House) -> None:
    house.hub.portal.person_deletes("deals", house.ids["D-1"])
    wanted = [said(1), said(2, deal_numbers=("D-2",))]
    assert await house.agent().log(wanted) == {}
    assert len(house.on("contacts", "c-1")) == 2
    assert len(house.on("deals", "D-2")) == 1
    house.hub.calls.clear()
    await house.agent().log([said(3)])
    assert house.hub.calls.count() == 1  # it is known by now


async def test_a_contact_that_was_merged_into_another_is_that_one(house: House) -> None:
    house.hub.portal.person_merges("contacts", house.ids["c-2"], house.ids["c-1"])
    assert await house.agent().log([said(1)]) == {}
    assert len(house.on("contacts", "c-2")) == 1
    assert len(house.on("deals", "D-1")) == 1


async def test_what_is_about_nothing_that_is_left_is_refused_alone(house: House) -> None:
    for kind, name in (("deals", "D-1"), ("contacts", "c-1"), ("companies", "p-1")):
        house.hub.portal.person_deletes(kind, house.ids[name])
    theirs = [said(n, partner_id="p-2", contact_id="c-2", deal_numbers=("D-2",)) for n in range(2, 101)]
    refused = await house.agent().log([said(1), *theirs])
    assert refused == {"in:1": "the records that it is about are no longer in HubSpot"}
    assert len(house.on("deals", "D-2")) == 99
    assert house.hub.calls.count("batch/create") == 1


async def test_a_record_that_went_between_the_try_and_the_look_proves_nothing(house: House) -> None:
    """The deal is gone, so its associations are: that the interaction is there is seen on the contact."""
    portal = house.hub.portal
    house.hub.moods.next(Mood.LOST, on="batch/create")
    house.hub.moods.after("batch/create", lambda: portal.person_deletes("deals", house.ids["D-1"]))
    assert await house.agent().log([said(1)]) == {}
    assert len(portal.all("emails")) == 1
    assert house.hub.calls.count("batch/create") == 1


async def test_a_partner_nobody_knows_is_refused_and_named(house: House) -> None:
    with pytest.raises(CrmRejected, match="partner nobody is not in HubSpot"):
        await house.agent().log_one(said(1, partner_id="nobody", contact_id=None, deal_numbers=()))


class Strict(HubSpot):
    """Refuses a batch as a whole for the sake of one input, as HubSpot does where it cannot tell them apart."""

    unwanted = marker_of("in:5")

    async def call(self, call: Call, **given: Any) -> Answer:
        inputs = (given.get("body") or {}).get("inputs", ())
        if call is calls.BATCH_CREATE and self.unwanted in {one["objectWriteTraceId"] for one in inputs}:
            raise CrmRejected("HubSpot refused to create objects: one of them is not right")
        return await super().call(call, **given)


async def test_a_batch_that_hubspot_refuses_as_a_whole_is_taken_apart(house: House) -> None:
    strict = Strict(house.engine, house.options)
    refused = await house.agent(strict).log([posted(n) for n in range(16)])
    assert refused == {"in:5": "HubSpot refused to create objects: one of them is not right"}
    assert len(house.on("deals", "D-1")) == 15
    assert house.hub.calls.count("batch/create") <= 5


# --- deals that come later


async def test_what_was_said_before_hubspot_had_the_deal_is_put_on_it_afterwards(house: House) -> None:
    agent = house.agent()
    await agent.log([said(1, deal_numbers=("D-9",)), posted(2, deal_numbers=("D-9", "D-1"))])
    deal = house.hub.portal.person_creates("deals", dealname="Late")
    house.ids["D-9"] = deal.id
    await house.portals[0].objects.remember([Known("deals", deal.id, "registration", "D-9", number="D-9")])
    await agent.attach("D-9")
    assert len(house.on("deals", "D-9")) == 2
    house.hub.calls.clear()
    await agent.attach("D-9")
    await agent.attach("D-404")
    assert house.hub.calls.count() == 0


# --- scopes


async def test_without_the_scope_mails_are_notes_and_the_operator_is_told(house: House) -> None:
    house.hub.portal.scopes.discard("sales-email-read")
    agent = house.agent()
    assert await agent.log([said(1), posted(2)]) == {}
    assert len(house.hub.portal.all("notes")) == 2
    assert "E-mail from sara@brightpath.example: Question 1" in house.hub.portal.all("notes")[0].values["hs_note_body"]
    house.hub.calls.clear()
    await agent.log([said(3)])
    assert house.hub.calls.count("emails") == 0
    assert "sales-email-read" in dict(await agent.facts())["mails are logged"]


async def test_a_scope_that_is_withdrawn_while_running_and_given_again(house: House) -> None:
    agent = house.agent()
    await agent.log([said(1)])
    house.hub.portal.scopes.discard("sales-email-read")
    await agent.log([said(2)])
    house.hub.portal.scopes.add("sales-email-read")
    await agent.log([said(3)])
    house.later(3_700)
    await agent.log([said(4)])
    assert len(house.hub.portal.all("emails")) == 2
    assert len(house.hub.portal.all("notes")) == 2
    assert dict(await agent.facts())["mails are logged"] == "as e-mails"


async def test_without_the_right_to_write_anything_it_waits_for_a_person(house: House) -> None:
    house.hub.portal.scopes.discard("crm.objects.contacts.write")
    agent = house.agent()
    with pytest.raises(CrmUnavailable, match=r"crm\.objects\.contacts\.write"):
        await agent.log([posted(1)])
    house.hub.portal.scopes.add("crm.objects.contacts.write")
    assert await agent.log([posted(1)]) == {}
    assert len(house.on("deals", "D-1")) == 1


# --- attachments


async def test_a_file_is_uploaded_once_and_hangs_on_everything_it_went_with(house: House) -> None:
    house.shelf.kept[OFFER.sha256] = b"%PDF-"
    agent = house.agent()
    await agent.log([said(1, files=(OFFER,)), posted(2, files=(OFFER,))])
    await agent.log([said(3, files=(replace(OFFER, name="again.pdf"),))])
    [file_id] = house.hub.portal.files
    assert {one.values["hs_attachment_ids"] for one in house.engagements()} == {file_id}
    assert house.hub.portal.files[file_id]["access"] == "PRIVATE"
    assert house.hub.calls.count("/files/") == 1


async def test_a_file_that_cannot_be_uploaded_holds_up_nothing(house: House) -> None:
    house.hub.portal.scopes.discard("files")
    house.shelf.kept[OFFER.sha256] = b"%PDF-"
    gone = replace(OFFER, sha256="cd" * 32)
    agent = house.agent()
    assert await agent.log([said(1, files=(OFFER, gone))]) == {}
    assert await agent.log([said(2, files=(OFFER,))]) == {}
    assert not any(mail.values.get("hs_attachment_ids") for mail in house.hub.portal.all("emails"))
    assert house.hub.calls.count("/files/") == 1
    house.hub.portal.scopes.add("files")
    house.later(3_700)
    await agent.log([said(3, files=(OFFER,))])
    assert len(house.hub.portal.files) == 1


# --- what the ledger asks


async def test_what_hubspot_lacks_or_says_otherwise_is_named_and_made_right(house: House) -> None:
    agent = house.agent()
    wanted = [said(1), posted(2), said(3), posted(4)]
    await agent.log(wanted[:3])
    portal = house.hub.portal
    [one, three] = sorted(portal.all("emails"), key=lambda mail: mail.values["hs_email_subject"])
    [two] = portal.all("notes")
    portal.person_edits("notes", two.id, hs_note_body="<p>something else</p>")
    portal.person_disassociates("emails", one.id, "deals", house.ids["D-1"])
    portal.person_deletes("emails", three.id)
    wrong = await agent.lacking(wanted)
    assert wrong == {
        "in:1": "it is not on all its deals", "in:2": "its text differs", "in:3": "it is not in the CRM",
        "in:4": "it is not in the CRM",
    }  # fmt: skip
    assert await agent.log_again(wanted) == {}
    assert await agent.lacking(wanted) == {}
    assert len(house.on("deals", "D-1")) == 4
    bodies = [record.values.get("hs_email_html") or record.values["hs_note_body"] for record in house.engagements()]
    assert len({own_marker(body) for body in bodies}) == 4


async def test_a_hundred_are_compared_in_a_handful_of_calls(house: House) -> None:
    agent = house.agent()
    wanted = [said(n) for n in range(100)]
    await agent.log(wanted)
    house.hub.calls.clear()
    assert await agent.lacking(wanted) == {}
    assert house.hub.calls.count() == 4

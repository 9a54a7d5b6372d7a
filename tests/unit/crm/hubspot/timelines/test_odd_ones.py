"""One interaction or file that HubSpot fails at, whatever is wrong with it, does not take the others with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.calls import Call
from crm.adapters.hubspot.transport.client import NOTHING, Answer, HubSpot
from crm.errors import CrmOutcomeUnknown, CrmUnavailable
from crm.records import LoggedFile
from tests.unit.crm.hubspot.timelines.conftest import House, said

EVIL = LoggedFile("evil.pdf", "application/pdf", 4, "e" * 64)
GOOD = LoggedFile("good.pdf", "application/pdf", 4, "9" * 64)


class FailingHubSpot(HubSpot):
    """Fails, as a server does that stumbles over it, at whatever has the word “evil” in it."""

    fails = True

    async def call(
        self,
        call: Call,
        *,
        at: Mapping[str, str] = NOTHING,
        query: Sequence[tuple[str, str]] = (),
        body: object = None,
    ) -> Answer:
        if self.fails and call is calls.BATCH_CREATE and "evil" in json.dumps(body):
            raise CrmOutcomeUnknown("status 500")
        if self.fails and call is calls.UPLOAD_FILE and "evil" in repr(body):
            raise CrmUnavailable("status 500")
        return await super().call(call, at=at, query=query, body=body)


async def _given_again(house: House, hub: HubSpot, times: int) -> set[str]:
    """As the outbox does, to the keys that remain unknown."""
    agent = house.agent(hub)
    left = [said(n) for n in range(1, 40)] + [said(40, body="evil")]
    for _ in range(times):
        try:
            await agent.log(left)
        except CrmOutcomeUnknown as fault:
            left = [one for one in left if one.key in fault.keys]
        house.later(31)
    return {one.key for one in left}


async def test_an_interaction_that_hubspot_fails_at_takes_no_others_with_it(house: House) -> None:
    # Sent; looked for; looked for again and sent with fewer; looked for … until it is sent alone.
    assert await _given_again(house, FailingHubSpot(house.engine, house.options), 8) == {"in:40"}
    assert len(house.engagements()) == 39


async def test_a_file_that_hubspot_fails_at_holds_up_only_what_it_goes_with(house: House) -> None:
    hub = FailingHubSpot(house.engine, house.options)
    house.shelf.kept = {EVIL.sha256: b"evil", GOOD.sha256: b"good"}
    agent = house.agent(hub)
    evil = said(1, files=(EVIL, GOOD))
    with pytest.raises(CrmOutcomeUnknown) as fault:
        await agent.log([evil, said(2, files=(GOOD,)), said(3)])
    assert fault.value.keys == {evil.key}
    assert len(house.engagements()) == 2
    # HubSpot was only away for a while: the file comes along.
    hub.fails = False
    assert await agent.log([evil]) == {}
    [made] = [one for one in house.engagements() if "question 1." in one.values["hs_email_html"]]
    assert len(made.values["hs_attachment_ids"].split(";")) == 2


@pytest.mark.parametrize(
    "odd", ["text/html\r\nX-Header: 1\r\n\r\n<script>", "", "pdf", "a/b/c", "\u202e/\u202e", "a" * 9_999]
)
async def test_a_type_that_is_none_stands_in_no_header_of_an_upload(house: House, odd: str) -> None:
    house.shelf.kept = {GOOD.sha256: b"good"}
    name = "../..\\\u202egood\r\n.pdf"
    assert await house.agent().log([said(1, files=(replace(GOOD, name=name, content_type=odd),))]) == {}
    assert list(house.hub.portal.contents.values()) == [b"good"]
    [file] = house.hub.portal.files.values()
    assert "/" not in file["name"]
    assert file["name"].isprintable()


async def test_what_goes_with_a_file_that_hubspot_never_takes_goes_without_it_at_last(house: House) -> None:
    house.shelf.kept = {EVIL.sha256: b"evil"}
    agent = house.agent(FailingHubSpot(house.engine, house.options))
    for _ in range(4):
        with pytest.raises(CrmOutcomeUnknown):
            await agent.log([said(1, files=(EVIL,))])
        house.later(120)
    house.later(300)
    assert await agent.log([said(1, files=(EVIL,))]) == {}
    [made] = house.engagements()
    assert "hs_attachment_ids" not in made.values

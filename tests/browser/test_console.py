"""The console in a real browser: what an operator does, from the printed link to the decision."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.async_api import expect

from crm.records import RegistrationState
from tests.browser.conftest import TOKEN, OpenWindow
from tests.fakes.console import InMemoryConsole

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_the_printed_link_logs_in_and_the_token_leaves_the_address(open_window: OpenWindow) -> None:
    window = await open_window(InMemoryConsole())
    assert window.page.url == f"{window.address}/"
    await expect(window.page.get_by_role("heading", level=1)).to_have_text("Sit in any seat, and write.")
    assert await window.page.evaluate("document.cookie") == ""
    assert window.problems == []


async def test_a_wrong_link_explains_where_the_right_one_is(open_window: OpenWindow) -> None:
    window = await open_window(InMemoryConsole(), path=f"/?token={TOKEN}-old")
    await expect(window.page.get_by_role("heading", level=1)).to_have_text("That link is no longer valid")
    await expect(window.page.get_by_text("in the terminal where Partnerline runs")).to_be_visible()


async def test_a_mail_is_written_and_its_answer_arrives_without_reloading(open_window: OpenWindow) -> None:
    window = await open_window(InMemoryConsole(answer_after=2.0))
    page = window.page
    await page.get_by_role("link", name="Register a deal by mail").click()
    await expect(page.get_by_label("Subject")).to_have_value(re.compile("Northwind"))
    await page.get_by_role("button", name="Send mail").click()
    await expect(page.get_by_text("Lumora is reading")).to_be_visible()
    await page.evaluate("window.same = true")
    answer = page.locator(".message.is-out")
    await expect(answer).to_contain_text("we read: Hi,")
    await expect(page.locator("#announcer")).to_contain_text("Answer from Lumora partner team")
    await expect(page.get_by_label("What was read")).to_contain_text("Register deal")
    assert await page.evaluate("window.same")
    assert window.problems == []


async def test_what_is_typed_meanwhile_survives_the_answers_arrival(open_window: OpenWindow) -> None:
    window = await open_window(InMemoryConsole(answer_after=2.0))
    page = await window.open("/seats/c7?compose=slack&example=tier")
    await page.get_by_label("Message as Owen Pryce").press("Control+Enter")
    reply = page.get_by_label("Reply in the thread as Owen Pryce")
    await reply.fill("And one more")
    await expect(page.locator(".message.is-out")).to_be_visible()
    await expect(reply).to_have_value("And one more")
    await expect(reply).to_be_focused()


async def test_a_reply_follows_its_message_into_the_thread_it_was_found_to_be_in(open_window: OpenWindow) -> None:
    backend = InMemoryConsole(answer_after=3600)
    window = await open_window(backend)
    page = await window.open("/seats/c7?compose=slack&example=tier")
    await page.get_by_role("button", name="Post to the channel").click()
    reply = page.get_by_label("Reply in the thread as Owen Pryce")
    await reply.fill("And one more")
    backend.threads["c7"][-1] = replace(backend.threads["c7"][-1], id="found", reply_reference="1700.1")
    await expect(page).to_have_url(f"{window.address}/seats/c7?thread=found")
    await expect(reply).to_have_value("And one more")
    await page.get_by_role("button", name="Reply").click()
    await expect(page.locator(".message.is-in")).to_have_count(2)
    assert backend.calls[-1] == ("slack", "c7", "And one more", "1700.1")


async def test_a_console_that_went_away_is_told_and_its_return_is_noticed(open_window: OpenWindow) -> None:
    window = await open_window(InMemoryConsole(answer_after=3600))
    page = await window.open("/seats/c7?compose=slack&example=tier")
    await page.get_by_role("button", name="Post to the channel").click()
    await expect(page.get_by_label("Reply in the thread as Owen Pryce")).to_be_visible()
    await page.route("**/thread?**", lambda route: route.abort())
    await expect(page.get_by_role("alert")).to_contain_text("open its new link", timeout=30_000)
    await page.unroute("**/thread?**")
    await expect(page.get_by_role("alert")).to_have_count(0, timeout=30_000)


async def test_a_manager_accepts(open_window: OpenWindow) -> None:
    backend = InMemoryConsole()
    window = await open_window(backend)
    page = await window.open("/desk")
    await page.get_by_role("button", name="Accept D-48213").click()
    await expect(page.get_by_role("status")).to_contain_text("D-48213 is approved")
    await expect(page.get_by_text("Castle Row Hotels")).to_have_count(0)
    assert backend.records["D-48213"].state is RegistrationState.APPROVED
    await page.wait_for_load_state()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("status")).to_have_count(0)


async def test_refusing_asks_for_a_reason_first(open_window: OpenWindow) -> None:
    backend = InMemoryConsole()
    window = await open_window(backend)
    page = await window.open("/desk/noor")
    card = page.locator("#D-48213")
    await card.get_by_text("Refuse…").click()
    refuse = card.get_by_role("button", name="Refuse D-48213")
    await refuse.click()
    assert backend.calls == []
    await card.get_by_label("Reason").fill("The customer has an open deal with us.")
    await refuse.click()
    await expect(page.get_by_role("status")).to_contain_text("D-48213 is declined")
    assert backend.records["D-48213"].reason == "The customer has an open deal with us."


async def test_the_decision_is_reached_with_the_keyboard_alone(open_window: OpenWindow) -> None:
    backend = InMemoryConsole()
    window = await open_window(backend)
    page = await window.open("/desk/noor")
    for _ in range(40):
        await page.keyboard.press("Tab")
        name = await page.evaluate("document.activeElement.textContent.trim()")
        ring = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring != "none", name
        if name.startswith("Accept D-48213") or ("D-48213" in name and name.startswith("Accept")):
            break
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("D-48213 is approved")


async def test_an_announcement_is_counted_before_it_is_sent_and_its_progress_seen(open_window: OpenWindow) -> None:
    backend = InMemoryConsole()
    window = await open_window(backend)
    page = await window.open("/desk/noor/announce")
    await page.get_by_label("Subject").fill("Summit")
    await page.locator("#body-0").fill("Will you come?")
    await page.get_by_label("Elite").first.check(force=True)
    await expect(page.locator("#reach")).to_contain_text("2 people")
    await page.get_by_label("German").first.check(force=True)
    await expect(page.locator("#reach")).to_contain_text("1 person")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.frame_locator("iframe.mail").first.locator("p")).to_contain_text("Will you come?")
    assert [call[0] for call in backend.calls] == ["keep"]
    await page.get_by_role("button", name="Send to 1 person").click()
    await expect(page.get_by_role("status")).to_contain_text("is confirmed, for 1 person")
    await expect(page.locator(".progress")).to_contain_text(re.compile("[1-4] of 4 copies"))
    assert window.problems == []


async def test_without_scripts_a_language_is_added_and_everything_is_kept(open_window: OpenWindow) -> None:
    backend = InMemoryConsole()
    window = await open_window(backend, scripts=False)
    page = await window.open("/desk/noor/announce")
    await page.get_by_label("Subject").fill("Summit")
    await page.locator("#body-0").fill("Will you come?")
    await page.locator("#body-0").press("Tab")
    await page.locator("#new-language").select_option("de")
    await page.get_by_role("button", name="Add its text").press("Enter")
    await page.locator("#subject-1").fill("Gipfel")
    await page.locator("#subject-1").press("Enter")
    await expect(page.locator("#subject-1")).to_have_value("Gipfel")
    await expect(page.locator("#body-0")).to_have_value("Will you come?")
    await page.locator("#body-1").fill("Kommen Sie?")
    await page.get_by_role("button", name="Preview").press("Enter")
    await expect(page.get_by_role("button", name=re.compile("Send to"))).to_be_visible()
    draft = list(backend.announcing.kept.values())[-1]
    assert [(text.language, text.subject) for text in draft.composed.texts] == [("en", "Summit"), ("de", "Gipfel")]


ATTACKS = (
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<svg onload='window.hit = 1'>",
    "<a href='javascript:window.hit = 1'>press</a> javascript:window.hit=1",
    "</textarea><iframe srcdoc='<script>parent.hit = 1</script>'>",
)


async def test_what_a_partner_writes_is_inert(open_window: OpenWindow) -> None:
    window = await open_window(InMemoryConsole(answer_after=0.5))
    for text in ATTACKS:
        page = await window.open("/seats/c1?compose=mail")
        await page.get_by_label("Subject").fill(text)
        await page.get_by_label("Text").fill(text)
        await page.get_by_role("button", name="Send mail").click()
        # The page builds the first message, its script sets in the answer: both ways must leave it a text.
        await expect(page.locator(".message.is-in .said")).to_have_text(text)
        await expect(page.locator(".message.is-out .said")).to_contain_text(text)
        assert await page.evaluate("window.hit") is None
        assert await page.locator("main img, main iframe, main script, main a[href^='javascript:']").count() == 0
    assert window.problems == []


async def test_production_has_no_way_to_write(open_window: OpenWindow) -> None:
    window = await open_window(InMemoryConsole(), "production")
    assert await window.page.locator("a[href^='/seats']").count() == 0
    await expect(window.page.get_by_text("Production")).to_be_visible()
    await window.open("/seats/c1")
    await expect(window.page.get_by_role("heading", level=1)).to_have_text("This page is not here")


async def test_a_kept_mail_is_shown_as_its_reader_sees_it_and_runs_nothing(open_window: OpenWindow) -> None:
    window = await open_window(InMemoryConsole())
    page = await window.open("/queue/kept/k77")
    frame = page.frame_locator("iframe.mail")
    await expect(frame.get_by_text("we received your registration")).to_be_visible()
    await expect(frame.locator("body")).to_have_css("color", "rgb(18, 52, 86)")
    assert await page.evaluate("window.hit") is None
    await page.get_by_text("As plain text").click()
    await expect(page.locator("details .said")).to_contain_text("we received your registration")


async def test_a_statement_is_found_its_line_unfolded_and_its_document_kept(open_window: OpenWindow) -> None:
    window = await open_window(InMemoryConsole())
    page = window.page
    await page.get_by_role("link", name="Statements").click()
    await page.get_by_role("navigation", name="State").get_by_role("link", name="Issued").click()
    await page.get_by_role("link", name="S-2026-10").click()
    why = page.get_by_text("which makes 17.5 %").first
    await expect(why).not_to_be_visible()
    await page.get_by_text("How it comes about").first.click()
    await expect(why).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="S-2026-10.pdf").click()
    assert (await download.value).suggested_filename == "S-2026-10.pdf"
    assert window.problems == []


async def test_what_the_crm_refused_is_tried_again_with_a_press(open_window: OpenWindow) -> None:
    backend = InMemoryConsole()
    window = await open_window(backend)
    page = window.page
    await page.get_by_role("link", name="CRM", exact=True).click()
    await expect(page.get_by_role("heading", name="HubSpot does not answer")).to_be_visible()
    await page.get_by_role("button", name="Try again registration D-48213").click()
    await expect(page.get_by_role("status")).to_contain_text("is tried again")
    await expect(page.get_by_text("cost_centre is required")).to_have_count(0)
    assert backend.tried == ["e1"]
    assert window.problems == []

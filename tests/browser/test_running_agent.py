"""The whole agent in a real browser: a partner writes, a manager decides, and what was said stands in the CRM."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from sqlalchemy import URL

from bot.bootstrap import application
from bot.demo.first_start import seed_once
from bot.serve import Running, running
from bot.worker.mirroring import MirrorJob
from tests.browser.conftest import Window
from tests.database import create_database, drop_database
from tests.scenarios.house import demo_settings

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

SOON = 20_000  # milliseconds in which an answer arrives on a loaded machine
REASON = "The customer is a direct account of ours since March."

Enter = Callable[[], Awaitable[Window]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def agent(
    chromium: Browser,
    postgres_server: URL,
    demo_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Running]:
    """The agent as `partnerline serve` starts it, on free ports and the demo's data; none without a browser."""
    url = create_database(postgres_server, demo_template)
    settings = demo_settings(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("agent"))
    async with application(settings) as app:
        assert app.slack is not None
        await seed_once(
            app.database, app.crm, MirrorJob(app.database, app.crm), app.programs, app.slack.own, app.today()
        )
        async with running(app) as started:
            yield started
    drop_database(postgres_server, url)


@pytest_asyncio.fixture(loop_scope="session")
async def enter(chromium: Browser, agent: Running) -> AsyncIterator[Enter]:
    """Opens the printed link in a browser of its own."""
    windows: list[Window] = []

    async def opened() -> Window:
        context = await chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        window = Window(await context.new_page(), agent.console_link.partition("/?")[0])
        window.page.set_default_timeout(SOON)
        window.page.on("pageerror", lambda error: window.problems.append(str(error)))
        window.page.on("console", window.hear)
        windows.append(window)
        await window.page.goto(agent.console_link)
        return window

    yield opened
    for window in windows:
        await window.page.context.close()
        assert window.problems == []


async def test_a_registration_in_bits_is_accepted_and_the_partner_hears_of_it(enter: Enter, agent: Running) -> None:
    window = await enter()
    page = window.page
    await expect(page).to_have_url(f"{window.address}/")
    await take_seat(page, window, "Aoife Brannigan")
    await mail(page, "Deal registration", "Hello,\n\nplease register Thistledown Mills (thistledown.example) for us.")
    asked = answer(page, 1)
    await expect(asked).to_contain_text("we still need", timeout=SOON)
    await expect(page.get_by_label("What was read").first).to_contain_text("Thistledown Mills")
    thread = page.url

    close = agent.app.today() + timedelta(days=80)
    await reply(
        page,
        "The contact is Bríd Kehoe, brid.kehoe@thistledown.example. 70 seats of Lumora Core, EUR 20,160 a year, "
        f"and they should sign by {close.day} {close:%B %Y}.",
    )
    received = answer(page, 2)
    await expect(received).to_contain_text(re.compile("decision by", re.IGNORECASE), timeout=SOON)
    number = await number_in(received)

    await page.goto(f"{window.address}/desk")
    card = page.locator(f"#{number}")
    await expect(card).to_contain_text("Thistledown Mills")
    await card.get_by_role("button", name=f"Accept {number}").click()
    await expect(page.get_by_role("status")).to_contain_text("accepted")
    await expect(page.locator(f"#{number}")).to_have_count(0)

    await page.goto(thread)
    accepted = answer(page, 3)
    await expect(accepted).to_contain_text(number, timeout=SOON)
    await expect(accepted).to_contain_text("protected")
    await expect(page.locator(".message.is-in")).to_have_count(2)


async def test_a_refusal_is_told_in_the_managers_words(enter: Enter, agent: Running) -> None:
    window = await enter()
    page = window.page
    await take_seat(page, window, "Priya Oakeshott")
    await mail(page, "Deal registration", complete(agent.app.today(), "Harrowgate Looms", "harrowgate.example"))
    number = await number_in(answer(page, 1))
    thread = page.url
    await page.goto(f"{window.address}/desk/noor%40lumora.example")
    card = page.locator(f"#{number}")
    await card.get_by_text("Refuse…").click()
    await card.get_by_label("Reason").fill(REASON)
    await card.get_by_role("button", name=f"Refuse {number}").click()
    await expect(page.get_by_role("status")).to_contain_text("refused")
    await page.goto(thread)
    await expect(answer(page, 2)).to_contain_text(REASON, timeout=SOON)


async def test_a_question_in_the_shared_channel_is_answered_in_its_thread(enter: Enter) -> None:
    window = await enter()
    page = window.page
    await take_seat(page, window, "Declan Moyne")
    await page.get_by_role("link", name="In the channel").click()
    await page.get_by_label("Message as Declan Moyne").fill("Which tier are we in, and what is missing for the next?")
    await page.get_by_role("button", name="Post to the channel").click()
    await expect(answer(page, 1)).to_contain_text("Select", timeout=SOON)
    await expect(answer(page, 1)).to_contain_text("€")


async def test_an_announcement_is_composed_tested_sent_followed_and_reported_on(enter: Enter) -> None:
    window = await enter()
    page = window.page
    await page.goto(f"{window.address}/desk/noor%40lumora.example/announce")
    await page.get_by_label("Subject").fill("Partner day in Antwerp")
    await page.locator("#body-0").fill("We meet on **11 February**, {first_name}.\n\nWill you come?")
    await page.get_by_label("UK & Ireland").first.check(force=True)
    await page.get_by_label("Yes, no or maybe").check(force=True)
    await page.get_by_label("Quiet hours").select_option("ignore")
    await page.get_by_label("Where", exact=True).select_option("mail")
    await expect(page.locator("#reach")).to_contain_text(re.compile(r"\d+ people"))
    await page.get_by_role("button", name="Preview").click()
    await expect(page.frame_locator("iframe.mail").first.locator("strong")).to_have_text("11 February")
    await page.get_by_role("button", name="Send a test to me").click()
    await expect(page.get_by_role("status")).to_contain_text("The test goes to noor@lumora.example")
    send = page.get_by_role("button", name="Send to")
    people = (await send.inner_text()).removeprefix("Send to ")
    await send.click()
    await expect(page.get_by_role("status")).to_contain_text(f"is confirmed, for {people}")
    progress = page.locator(".progress")
    await expect(progress.locator(".state")).to_have_text("Sent", timeout=SOON)
    count = people.partition(" ")[0]
    await expect(progress).to_contain_text(f"{count} of {count} copies")
    told = page.url

    await take_seat(page, window, "Priya Oakeshott")
    await page.get_by_role("link", name="Partner day in Antwerp").click()
    await expect(answer(page, 1)).to_contain_text("Will you come?")
    await reply(page, "Yes, gladly!")
    await expect(page.get_by_label("What was read")).to_contain_text("Answer announcement", timeout=SOON)

    await page.goto(f"{window.address}/announcements")
    await expect(page.locator(".announcements li", has_text="Partner day in Antwerp")).to_contain_text("1 yes")
    await page.goto(told)
    await expect(page.get_by_role("row", name="Priya Oakeshott")).to_contain_text("Yes")
    chart = page.locator("img.chart")
    assert await chart.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 400
    async with page.expect_download() as sheet:
        await page.get_by_role("link", name="All answers as CSV").click()
    assert "Priya Oakeshott" in (await (await sheet.value).path()).read_text(encoding="utf-8-sig")


async def test_what_came_and_what_went_stands_on_the_partners_timeline(enter: Enter, agent: Running) -> None:
    window = await enter()
    page = window.page
    await take_seat(page, window, "Priya Oakeshott")
    await mail(page, "Deal registration", complete(agent.app.today(), "Ravenscar Kilns", "ravenscar.example"))
    number = await number_in(answer(page, 1))
    await page.get_by_role("link", name="Northgate Foundry").first.click()
    about = page.locator(".timeline li", has_text=number)
    await settled(page, about, 2)
    await expect(about.locator(".way:visible").filter(has_text="From")).to_have_count(1)
    await expect(about.locator(".way:visible").filter(has_text="To Priya")).to_have_count(1)


async def take_seat(page: Page, window: Window, name: str) -> None:
    await page.goto(window.address)
    await page.locator("a[href^='/seats/']", has_text=name).last.click()
    await expect(page.locator("#who")).to_have_text(name)


async def mail(page: Page, subject: str, text: str) -> None:
    new = page.get_by_role("link", name="New mail")
    await new.click()
    await page.get_by_label("Subject").fill(subject)
    await page.get_by_label("Text").fill(text)
    await page.get_by_role("button", name="Send mail").click()


async def reply(page: Page, text: str) -> None:
    """Written once the page stands still: while it still looks for an answer its thread may be opened anew."""
    box = page.locator("textarea#reply")
    await box.wait_for()
    await box.fill(text)
    await page.get_by_role("button", name="Reply").click()


def answer(page: Page, number: int) -> Locator:
    return page.locator(".message.is-out").nth(number - 1)


async def number_in(said: Locator) -> str:
    await expect(said).to_contain_text(re.compile(r"D-\d{5,6}"), timeout=SOON)
    found = re.search(r"D-\d{5,6}", await said.inner_text())
    assert found
    return found[0]


async def settled(page: Page, rows: Locator, count: int) -> None:
    """The CRM is written a moment after the answer; the page is loaded anew until it shows that."""
    for _ in range(20):
        if await rows.count() >= count:
            return
        await page.wait_for_timeout(250)
        await page.reload()
    await expect(rows).to_have_count(count)


def complete(today: date, customer: str, domain: str) -> str:
    close = today + timedelta(days=80)
    return (
        f"Hello,\n\nplease register {customer} ({domain}) for us. The contact is Ida Holm, ida.holm@{domain}. "
        f"60 seats of Lumora Core, EUR 17,280 a year, signing by {close.day} {close:%B %Y}.\n\nPriya"
    )

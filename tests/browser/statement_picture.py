"""Takes the picture of a statement for the documentation: `python -m tests.browser.statement_picture`.

The PDF as it is sent, beside the console's page on it.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdfium2
from playwright.async_api import Browser, async_playwright

from bot.channels.console.app import console_app
from bot.channels.http.server import HttpServer
from bot.documents.statement_pdf import statement_pdf
from bot.documents.statement_sheet import StatementSheet
from crm.money import Money
from knowledge.commission.account import Line
from knowledge.commission.derivation import Said, Step, step
from tests.browser.chromium import ARGUMENTS, WHY_NOT, executable
from tests.builders import euro
from tests.fakes.console import InMemoryConsole
from tests.unit.bot.documents.made import HARBOUR, payments, sheet
from tests.unit.bot.payouts.made import line

PICTURE = Path(__file__).parents[2] / "docs" / "statement.png"

_PAGE = """<body style="margin:0;padding:28px;display:inline-flex;gap:28px;align-items:flex-start;background:#d9dee3">
<style>img {{ display: block; border-radius: 8px; box-shadow: 0 1px 8px #0004 }}</style>
<img src="data:image/png;base64,{paper}" width="640"><img src="data:image/png;base64,{console}" width="760"></body>"""
_RATE, _POINTS, _WITH_TIER = Decimal("0.15"), Decimal("2.5"), Decimal("0.175")
_PAID: Mapping[str, tuple[str, str, date]] = {
    "Castle Row Hotels": ("D-48213", "17856", date(2026, 10, 2)),
    "Fenwick Print": ("D-20461", "3456", date(2026, 10, 9)),
    "Marram Coffee Roasters": ("D-73150", "12960", date(2026, 10, 16)),
    "Harrow & Sons Joinery": ("D-5518", "-1728", date(2026, 10, 21)),
    "Tidewell Insurance": ("D-22973", "8052", date(2026, 9, 29)),
}


def sample() -> StatementSheet:
    """A month as a partner at tier Select may have it: payments, one refund, one line of the month before."""
    lines = [_line(customer, *paid) for customer, paid in _PAID.items()]
    partner = replace(HARBOUR, name="Brightwater Systems", country="GB", address="4 Mill Quay\nBristol BS1 6WE",
                      vat_id="GB 123 4567 89")  # fmt: skip
    return sheet(*lines, whose=partner, happenings=payments(lines), disputable_until=date(2026, 12, 5))


def _line(customer: str, number: str, amount: str, day: date) -> Line:
    base = euro(amount)
    earned = (base * _WITH_TIER).rounded()
    return line(
        f"k-{number}", str(earned.amount), customer=customer, deal_number=number, earned_on=day, base=base,
        rate=_WITH_TIER, tier="Select", steps=_steps(base, earned),
    )  # fmt: skip


def _steps(base: Money, earned: Money) -> tuple[Step, ...]:
    return (
        step("base", "collected", Said.COLLECTED, base, amount=base, collected=base, base=base),
        step("rate", "referral", Said.RATE, _RATE, rate=_RATE),
        step("tier", "added_points", Said.TIER_ADDS, _WITH_TIER, tier="Select", points=_POINTS, rate=_WITH_TIER),
        step("line", "referral", Said.EARLIER_LINES, earned, total=earned, earlier=euro(0), result=earned),
    )


async def take(to: Path) -> None:
    path = executable()
    if path is None:
        raise SystemExit(WHY_NOT)
    server = HttpServer(console_app(InMemoryConsole(), "picture", "demo", (), "Lumora"), "127.0.0.1", 0)
    await server.start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        console = await _console(browser, f"http://127.0.0.1:{server.port}")
        page = await browser.new_page(viewport={"width": 1484, "height": 400})
        await page.set_content(_PAGE.format(paper=_paper(sample()), console=console))
        await page.locator("body").screenshot(path=to)
        await browser.close()
    await server.stop()


async def _console(browser: Browser, address: str) -> str:
    page = await browser.new_page(viewport={"width": 1100, "height": 900})
    await page.goto(f"{address}/?token=picture")
    await page.goto(f"{address}/statements/s-waiting")
    await page.locator("details summary").first.click()
    return base64.b64encode(await page.screenshot(full_page=True)).decode()


def _paper(made: StatementSheet) -> str:
    document = pypdfium2.PdfDocument(statement_pdf(made))
    out = BytesIO()
    document[0].render(scale=2.15).to_pil().save(out, "PNG", optimize=True)
    document.close()
    return base64.b64encode(out.getvalue()).decode()


if __name__ == "__main__":
    asyncio.run(take(PICTURE))

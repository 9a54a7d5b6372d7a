"""Every page fits a phone and a desktop, can be read in light and dark, and names its fields."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.browser.conftest import OpenWindow
from tests.fakes.console import InMemoryConsole

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

PAGES = (
    "/", "/seats/c1", "/seats/c1?thread=t1", "/seats/c7?thread=1764.1", "/seats/c1?compose=mail&example=register",
    "/desk/noor", "/desk/noor/announce", "/registrations", "/registrations/D-48213", "/partners", "/partners/p1",
    "/partners/p1/deals/D-48213", "/announcements", "/announcements/a1", "/desk/noor/segments",
    "/desk/noor/announce?draft=d1", "/desk/noor/announce/d1", "/statements", "/statements/s-waiting", "/queue", "/crm",
    "/queue/shunted/s1", "/queue/kept/k77",
)  # fmt: skip

# Contrast as WCAG 2 counts it, of every visible text against the nearest opaque ground behind it.
FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => {
    const part = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 200) return colour;
    }
    return rgba(getComputedStyle(document.body).backgroundColor);
  };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const text = walk.currentNode.textContent.trim();
    if (!text || !element.checkVisibility() || element.closest(".sr, .skip, script, noscript")) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(rgba(style.color)), light(ground(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(`${text.slice(0, 40)}: ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
  }
  return faint;
}"""

UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), textarea, select, button, a")]
  .filter((e) => e.checkVisibility() && !(e.labels && e.labels.length) && !e.textContent.trim()
    && !e.getAttribute("aria-label"))
  .map((e) => e.outerHTML.slice(0, 120))"""


async def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [360, 768, 900, 1440])
async def test_no_page_scrolls_sideways(open_window: OpenWindow, width: int) -> None:
    window = await open_window(InMemoryConsole(), width=width)
    assert {path: await sideways(await window.open(path)) for path in PAGES} == dict.fromkeys(PAGES, 0)


async def test_a_word_without_end_does_not_widen_a_phones_page(open_window: OpenWindow) -> None:
    window = await open_window(InMemoryConsole(), width=360)
    page = await window.open("/seats/c1?compose=mail")
    await page.get_by_label("Subject").fill("W" * 200)
    await page.get_by_label("Text").fill("W" * 3000)
    await page.get_by_role("button", name="Send mail").click()
    await page.locator(".message.is-out").wait_for()
    assert await sideways(page) == 0
    assert await sideways(await window.open("/seats/c1")) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_stands_out_enough_to_be_read(open_window: OpenWindow, scheme: str) -> None:
    window = await open_window(InMemoryConsole(), scheme=scheme)
    assert {path: await (await window.open(path)).evaluate(FAINT) for path in PAGES} == {path: [] for path in PAGES}


async def test_every_field_and_link_has_a_name(open_window: OpenWindow) -> None:
    window = await open_window(InMemoryConsole())
    assert {path: await (await window.open(path)).evaluate(UNNAMED) for path in PAGES} == {path: [] for path in PAGES}
    assert window.problems == []

"""What went wrong is told in words, and the page that shows it holds nothing but text from partners."""

from __future__ import annotations

from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser as HTMLParser

from bot.evaluation.figures import as_json, figures
from bot.evaluation.report import report
from bot.evaluation.wrong import EXCERPT, wrong_messages
from tests.unit.bot.evaluation.builders import case, evaluation, said

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
REGISTER = ("register_deal", {"customer": "Acme GmbH", "amount": "1200"})
TIER: tuple[str, dict[str, str]] = ("ask_tier", {})


def test_a_message_that_is_right_is_not_listed() -> None:
    assert wrong_messages(evaluation([case("a", REGISTER)], [said("a", REGISTER)])) == ()


def test_differences_are_told_in_words() -> None:
    given = ("register_deal", {"customer": "Acme", "amount": "12", "quantity": "5"})
    (message,) = wrong_messages(evaluation([case("a", REGISTER, TIER)], [said("a", given, answer=False)]))
    assert message.wanted == ("register_deal customer=Acme GmbH amount=1200", "ask_tier")
    assert message.said == ("register_deal customer=Acme amount=12 quantity=5",)
    assert message.faults == (
        "missed ask_tier", "amount: wrong value", "quantity: invented", "no answer where one is due",
    )  # fmt: skip
    assert message.acted_wrongly


def test_what_was_acted_on_wrongly_comes_first() -> None:
    cases = [case("harmless", TIER), case("grave", TIER)]
    result = evaluation(cases, [said("harmless", ("ask_payout", {})), said("grave", REGISTER)])
    assert [message.id for message in wrong_messages(result)] == ["grave", "harmless"]


def test_a_long_message_is_cut() -> None:
    (message,) = wrong_messages(evaluation([case("a", TIER)], [said("a", text="x" * 5_000)]))
    assert len(message.excerpt) <= EXCERPT


def test_the_page_shows_each_wrong_message_with_both_sides() -> None:
    result = evaluation([case("a-1", TIER, language="de"), case("a-2", TIER)], [said("a-1"), said("a-2", TIER)])
    page = HTMLParser(report("cases", {"builtin": result}, AT))
    (shown,) = page.css("article")
    assert (shown.attributes["data-language"], shown.attributes["data-intent"]) == ("de", "ask_tier")
    assert "ask_tier" in shown.text()
    assert "nothing" in shown.text()


def test_nothing_that_a_partner_wrote_becomes_markup() -> None:
    evil = '</div><script>alert(1)</script>"onclick="x'
    hostile = case("<img src=x>", ("register_deal", {"customer": evil}), text=evil, language='"><b>')
    page = report('"><i>', {"builtin": evaluation([hostile], [said("<img src=x>", ("<u>", {}), text=evil)])}, AT)
    tree = HTMLParser(page)
    assert len(tree.css("script")) == 1  # the page's own filter
    assert not tree.css("img, i, u, article b b")
    assert evil in tree.css("article .said")[0].text()


def test_the_page_loads_nothing() -> None:
    page = report("cases", {"builtin": evaluation([case("a", TIER)], [said("a")])}, AT)
    assert "http://" not in page
    assert "https://" not in page
    assert not HTMLParser(page).css("[src], link, [href]")


def test_an_empty_folder_makes_a_page_as_well() -> None:
    assert "0 messages" in report("empty", {"builtin": evaluation([], [])}, AT)


def test_readers_are_compared_figure_by_figure() -> None:
    cases = [case("a", TIER), case("b", TIER)]
    worse = evaluation(cases, [said("a", TIER), said("b", REGISTER)])
    better = evaluation(cases, [said("a", TIER), said("b", TIER)])
    shown = {figure.name: figure for figure in figures([worse.scores, better.scores])}
    assert shown["intent_exact"].difference(1) == "+0.500"
    assert shown["intent_exact"].better(1) is True
    assert shown["wrong_actions"].difference(1) == "-0.500"
    assert shown["wrong_actions"].better(1) is True  # fewer of them
    assert shown["text_exact"].better(1) is None
    page = HTMLParser(report("cases", {"builtin": worse, "both": better}, AT))
    assert "(+0.500)" in page.body.text() if page.body else False
    assert [a.attributes["data-reader"] for a in page.css("article")] == ["builtin"]


def test_json_of_one_reader_is_flat_and_of_several_by_name() -> None:
    right = evaluation([case("a", TIER)], [said("a", TIER)])
    wrong = evaluation([case("a", TIER)], [said("a")])
    assert as_json({"builtin": wrong})["wrong"] == ["a"]
    assert as_json({"builtin": wrong})["confusion"]["all"]["messages"] == 1
    both = as_json({"builtin": wrong, "model": right})
    assert both["compared_with"] == "builtin"
    assert both["difference"]["model"]["intent_exact"] == 1.0
    assert set(both["readers"]) == {"builtin", "model"}

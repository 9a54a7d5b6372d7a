"""`partnerline program`: every fault at once with its line, tables, what a change means, a page on each plan."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pypdfium2
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror
from config.settings import SAMPLE_PROGRAM
from crm.money import Money
from crm.records import AmountBasis, Deal, Partner, Stage
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import on, write_partners

Own = Callable[..., Path]


@pytest.fixture
def own(tmp_path: Path) -> Own:
    """A copy of the sample program, and where replacements are given a later version with them."""

    def make(*replacements: tuple[str, str], later: bool = False) -> Path:
        folder = tmp_path / "own"
        if not folder.exists():
            copytree(SAMPLE_PROGRAM, folder)
        text = (SAMPLE_PROGRAM / "program.toml").read_text()
        if later:
            replacements = (('"2026.1"\nvalid_from = 2026-01-01', '"2027.1"\nvalid_from = 2027-01-01'), *replacements)
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        (folder / "versions").mkdir(exist_ok=True)
        (folder / ("versions/later.toml" if later else "program.toml")).write_text(text)
        return folder

    return make


def test_a_right_program_says_which_version_holds_from_when(partnerline: Partnerline, own: Own) -> None:
    folder = own()
    own(later=True)
    found = partnerline("program", "check", folder)
    assert found.code == 0
    assert "2026-12-31" in found.out
    assert "2027-01-01" in found.out
    assert "own is right: 5 products, 3 tiers, 4 plans, 2 managers" in found.out


def test_every_fault_of_every_file_is_told_with_its_line(partnerline: Partnerline, own: Own) -> None:
    folder = own(('list_price = "EUR 24"', 'list_price = "24"'), ("protection_days = 90", "protection_day = 90"))
    own(
        ("clawback_days = 90", "clawback_days = -1"),
        ('robin"]\ntiers = ["Elite"]', 'robin"]\ntiers = ["Elit"]'),
        later=True,
    )
    (folder / "texts").mkdir()
    (folder / "texts/de.toml").write_text('"letter.clos" = "x"\n')
    (folder / "pages/en/tiers.md").write_text("no title")
    found = partnerline("program", "check", folder)
    assert found.code == 2
    for told in (
        "products[0].list_price: write a sum with its currency",
        "deal_rules.protection_day: there is no such key; did you mean 'protection_days'?",
        "deal_rules.protection_days: the key is missing",
        "commission.clawback_days: -1 is too little",
        "lead_rules.tiers: no tier 'Elit'; did you mean 'Elite'?",
        "texts/de.toml:1: letter.clos: there is no such text; did you mean 'letter.close'?",
        "pages/en/tiers.md:1: the first line must be the page's title",
    ):
        assert told in found.err, told
    assert "own has 7 faults" in found.err
    assert found.out == ""
    lines = (folder / "program.toml").read_text().splitlines()
    (place,) = [int(line.split(":")[1]) for line in found.err.splitlines() if "protection_day:" in line]
    assert lines[place - 1] == "protection_day = 90"


def test_a_folder_that_is_not_there_is_a_fault_in_words(partnerline: Partnerline) -> None:
    found = partnerline("program", "check", "nowhere")
    assert found.code == 2
    assert "cannot be read" in found.err


def test_the_program_is_shown_as_it_is_on_a_day(partnerline: Partnerline, own: Own) -> None:
    folder = own()
    own(('name = "Elite"', 'name = "Top"'), ('robin"]\ntiers = ["Elite"]', 'robin"]\ntiers = ["Top"]'), later=True)
    today = partnerline("--program-dir", folder, "program", "show")
    later = partnerline("--program-dir", folder, "program", "show", "--on", "2027-05-01")
    assert today.code == later.code == 0
    for told in ("Elite", "Lumora Core", "EUR 24 per seat and month", "Jonas Weber", "up to EUR 100,000", "90 days"):
        assert told in today.out, told
    assert "version 2027.1 on 2027-05-01" in later.out
    assert "Top" in later.out


def test_only_what_is_for_one_type_is_shown_at_a_tier(partnerline: Partnerline) -> None:
    shown = partnerline("program", "show", "--type", "referral", "--tier", "select")
    assert shown.code == 0
    assert "17.5% of the first year's recurring revenue" in shown.out
    assert "Growth 2026" in shown.out
    assert "Reseller 2026" not in shown.out
    wrong = partnerline("program", "show", "--tier", "Selct")
    assert wrong.code == 2
    assert "did you mean 'Select'?" in wrong.err


def test_a_change_is_told_in_words_and_as_json(partnerline: Partnerline, own: Own) -> None:
    folder = own()
    own(("protection_days = 90", "protection_days = 120"), ("added_points = 5", "added_points = 4"), later=True)
    told = partnerline("--program-dir", folder, "program", "diff", "2026.1", "2027.1")
    assert told.code == 0
    for words in ("protection days", "90 days", "120 days", "+30", "Elite", "added points", "-1"):
        assert words in told.out, words
    read = json.loads(partnerline("--program-dir", folder, "program", "diff", "2026.1", "2027.1", "--json").out)
    (days,) = [change for change in read["changes"] if change["key"] == "protection_days"]
    assert days == {"table": "deal_rules", "of": "", "key": "protection_days", "before": "90 days", "after": "120 days"}
    assert "effect" not in read


def test_folders_and_their_versions_may_be_compared(partnerline: Partnerline, own: Own) -> None:
    folder = own()
    own(("protection_days = 90", "protection_days = 120"), later=True)
    assert "the two say the same" in partnerline("program", "diff", SAMPLE_PROGRAM, f"{folder}@2026.1").out
    assert "120 days" in partnerline("program", "diff", SAMPLE_PROGRAM, folder).out
    unknown = partnerline("--program-dir", folder, "program", "diff", "2026.1", "2027.2")
    assert unknown.code == 2
    assert "no version of the program" in unknown.err


@pytest.fixture
def with_deals(partnerline: Partnerline, on_database: str, tmp_path: Path) -> None:
    """Quaywise has an open deal of a known sum and one without."""
    assert partnerline("partners", "import", write_partners(tmp_path)).code == 0

    async def put(connection: AsyncConnection) -> None:
        partners = await mirror.everyone(connection, Partner)
        partner = next(p for p in partners if p.name.startswith("Quaywise"))
        known = Money(Decimal(10_000), "EUR")
        deals = [
            Deal(
                f"d-{number}", number, partner.id, customer, f"{customer.lower()}.example", ("Lumora Core",), amount,
                AmountBasis.ANNUAL, Stage.PROPOSAL, date(2027, 1, 15), date(2026, 11, 2),
            )
            for number, customer, amount in (("D-1001", "Globex", known), ("D-1002", "Initech", None))
        ]  # fmt: skip
        await mirror.store(connection, deals)

    on(on_database, put)


@pytest.mark.usefixtures("with_deals")
def test_what_a_change_would_do_to_open_deals_is_computed_before_it_holds(partnerline: Partnerline, own: Own) -> None:
    folder = own()
    own(("added_points = 0", "added_points = 1"), later=True)
    told = partnerline("--program-dir", folder, "program", "diff", "2026.1", "2027.1", "--effect", "--deals")
    assert told.code == 0, told.err
    for words in ("Globex", "EUR 1,500.00", "EUR 1,600.00", "EUR 100.00", "no amount", "2 (1 without a figure)"):
        assert words in told.out, words
    assert "EUR: 1,500.00 before, 1,600.00 after, +100.00" in told.out
    assert "deals registered before 2027-01-01 keep the version of their registration" in told.out
    as_json = partnerline("--program-dir", folder, "program", "diff", "2026.1", "2027.1", "--effect", "--json")
    effect = json.loads(as_json.out)["effect"]
    assert (effect["before"], effect["after"]) == ({"EUR": "1500.00"}, {"EUR": "1600.00"})
    (quaywise,) = [partner for partner in effect["partners"] if partner["deals"]]
    assert quaywise["deals"][1]["after"] == {"none": "no_amount"}


def test_a_plan_is_explained_on_one_page_as_markdown_and_as_pdf(partnerline: Partnerline, tmp_path: Path) -> None:
    page = partnerline("program", "page", "--type", "referral", "--language", "de", "--tier", "Elite")
    assert page.code == 0
    assert page.out.startswith("# Provisionsplan: Referral 2026\n")
    assert "20 % vom wiederkehrenden Umsatz des ersten Jahres" in page.out.replace("\u00a0", " ")
    file = tmp_path / "plan.pdf"
    assert partnerline("program", "page", "--type", "services", "--pdf", file).code == 0
    document = pypdfium2.PdfDocument(file)
    assert len(document) == 1
    document.close()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--language", "it"), "there are no texts in 'it'"),
        (("--tier", "Gold"), "no tier 'Gold'"),
        (("--pdf", "no/such/folder.pdf"), "cannot be written"),
    ],
)
def test_a_page_that_cannot_be_made_says_why(partnerline: Partnerline, words: tuple[str, str], told: str) -> None:
    found = partnerline("program", "page", "--type", "referral", *words)
    assert found.code == 2
    assert told in found.err


def test_a_type_without_a_plan_has_no_page(partnerline: Partnerline, own: Own) -> None:
    sample = (SAMPLE_PROGRAM / "program.toml").read_text()
    start = sample.index('[[partner_types]]\ntype = "distributor"')
    row = sample[start : sample.index("\n\n", start)]
    folder = own((row, ""), ('types = ["reseller", "distributor"]', 'types = ["reseller"]'))
    found = partnerline("--program-dir", folder, "program", "page", "--type", "distributor")
    assert found.code == 1
    assert "no plan for distributor" in found.err


def test_texts_are_listed_with_those_of_the_vendors_own(partnerline: Partnerline, own: Own) -> None:
    folder = own()
    (folder / "texts").mkdir()
    (folder / "texts/en.toml").write_text('"letter.greet_nobody" = "Good day,"\n')
    listed = partnerline("--program-dir", folder, "program", "texts", "letter.greet")
    assert listed.code == 0
    assert "letter.greet_nobody (yours): Good day," in listed.out
    assert "letter.greet: Hello {first}," in listed.out
    assert "letter.close" not in listed.out


ANSWERS = """
vendor = "Acme"
domain = "acme.example"
country = "DE"
manager_name = "Ann Lee"
manager_email = "ann@acme.example"
types = ["referral", "services"]
products = [{ name = "Core", list_price = 24 }, { name = "Setup", billing = "one_off", list_price = 900 }]
"""


def test_a_program_of_ones_own_begins_with_a_file_of_answers(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text(ANSWERS)
    made = partnerline("program", "init", "mine", "--answers", "answers.toml")
    assert made.code == 0, made.err
    assert "mine/program.toml is written" in made.out
    assert partnerline("program", "check", "mine").code == 0
    page = partnerline("--program-dir", "mine", "program", "page", "--type", "referral")
    assert page.out.startswith("# Commission plan: Referral\n")
    again = partnerline("program", "init", "mine", "--answers", "answers.toml")
    assert again.code == 2
    assert "nothing is ever overwritten" in again.err


def test_a_program_of_ones_own_begins_with_questions_that_are_asked_until_they_fit(
    partnerline: Partnerline, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = ["Acme", "", "acme.example", "zz", "de", "", "usd", "", "", "Ann Lee", "ann", "ann@acme.example", "referal"]
    typed += ["referral", "Core", "Core; subscription; 24,5", "Base; 0; 0 | Top; 90000; 3", "17,5", *[""] * 9]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(typed) + "\n"))
    made = partnerline("program", "init", "mine")
    assert made.code == 0, made.err
    for told in ("no calendar of holidays for 'ZZ'", "did you mean 'referral'?", "write name; billing; list price"):
        assert told in made.err, told
    shown = partnerline("--program-dir", "mine", "program", "show")
    for told in ("EUR 24.5 per seat and month", "EUR 90,000", "17.5%", "Ann Lee"):
        assert told in shown.out, told


def test_faults_of_a_file_of_answers_are_told_together_and_nothing_is_written(
    partnerline: Partnerline, tmp_path: Path
) -> None:
    wrong = ANSWERS.replace('"DE"', '"QQ"').replace("manager_email", "manager_mail")
    (tmp_path / "answers.toml").write_text(wrong)
    made = partnerline("program", "init", "mine", "--answers", "answers.toml")
    assert made.code == 2
    assert "answers.toml:4: country: there is no calendar of holidays for 'QQ'" in made.err
    assert "answers.toml:6: manager_mail: there is no such key; did you mean 'manager_email'?" in made.err
    assert not (tmp_path / "mine").exists()


def test_answers_that_contradict_each_other_are_told_before_anything_is_written(
    partnerline: Partnerline, tmp_path: Path
) -> None:
    (tmp_path / "answers.toml").write_text(ANSWERS.replace('"Setup"', '"Core"'))
    made = partnerline("program", "init", "mine", "--answers", "answers.toml")
    assert made.code == 2
    assert "'core' names two products" in made.err
    assert not (tmp_path / "mine").exists()
